//! A new text as the smallest change to the old one.

/// What to do to a text, in UTF-16 units, never inside a surrogate pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange<'n> {
    /// Where.
    pub at: u32,
    /// How many units go.
    pub remove: u32,
    /// What comes in their place.
    pub insert: &'n str,
}

/// The one replacement that makes `new` of `old`; none where they are equal.
///
/// Letters common to both ends stay, so that two people who change different words of a text both keep
/// their change. Whole characters are compared: half a pair is never taken for a letter.
pub fn smallest_change<'n>(old: &str, new: &'n str) -> Option<TextChange<'n>> {
    if old == new {
        return None;
    }
    let start = common_prefix(old, new);
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = common_suffix(old_rest, new_rest);
    let gone = &old_rest[..old_rest.len() - end];
    let insert = &new_rest[..new_rest.len() - end];
    Some(TextChange { at: units(&old[..start]), remove: units(gone), insert })
}

/// How many UTF-16 units a text has.
pub fn units(text: &str) -> u32 {
    text.chars().map(|c| c.len_utf16() as u32).sum()
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    let pairs = a.chars().rev().zip(b.chars().rev());
    pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(old: &str, new: &str) -> Option<(u32, u32, String)> {
        smallest_change(old, new).map(|c| (c.at, c.remove, c.insert.to_owned()))
    }

    #[test]
    fn letters_common_to_both_ends_stay() {
        assert_eq!(
            change("réunion publique", "réunion très publique"),
            Some((8, 0, "très ".into()))
        );
        assert_eq!(change("abc", "ac"), Some((1, 1, String::new())));
        assert_eq!(change("aaa", "aa"), Some((2, 1, String::new())));
        assert_eq!(change("", "x"), Some((0, 0, "x".into())));
        assert_eq!(change("x", "x"), None);
    }

    #[test]
    fn a_surrogate_pair_is_replaced_whole() {
        // 🎉 and 🎈 share their first UTF-16 unit.
        assert_eq!(change("a🎉b", "a🎈b"), Some((1, 2, "🎈".into())));
    }
}
