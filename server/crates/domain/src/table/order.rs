//! Fractional keys: where a row stands, so that moving it touches no other.
//!
//! A key is a whole number and a fraction, written so that keys compare as plain ASCII texts. The first
//! letter says how many digits the whole number has (`a0` … `az`, then `b00` …; below zero `Z0`, `Y00` …),
//! so a table that grows at its end has short keys. The fraction never ends in `0`.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const FIRST: &str = "a0";

/// A key after `low` and before `high`; an absent bound is an open end.
///
/// Bounds that are no keys of ours (any tab may write any text here), or that are not in order, still give
/// a key, after `low` wherever one exists.
pub fn between(low: Option<&str>, high: Option<&str>) -> String {
    match (low, high) {
        (None, None) => FIRST.to_owned(),
        (Some(low), Some(high)) if low >= high => format!("{low}V"),
        _ if low.is_none_or(is_key) && high.is_none_or(is_key) => among_keys(low, high),
        (Some(low), Some(high)) => {
            // Another hand's bounds: the shortest text that happens to fit.
            let tails = ["V", "1", "0V", "01", "00V"];
            let guess = tails.map(|tail| format!("{low}{tail}")).into_iter().find(|g| **g < *high);
            guess.unwrap_or_else(|| low.to_owned())
        }
        (Some(low), None) => format!("{low}V"),
        (None, Some(_)) => "A0".to_owned(),
    }
}

/// Keys for `count` rows in order, for a table that is filled at once.
pub fn first_keys(count: usize) -> Vec<String> {
    keys_after(None, count)
}

/// Keys for `count` rows in order, all after `last`.
pub fn keys_after(last: Option<&str>, count: usize) -> Vec<String> {
    let step = |previous: &Option<String>| Some(between(previous.as_deref(), None));
    let mut previous = last.map(str::to_owned);
    (0..count)
        .filter_map(|_| {
            previous = step(&previous);
            previous.clone()
        })
        .collect()
}

fn among_keys(low: Option<&str>, high: Option<&str>) -> String {
    match (low.map(split), high.map(split)) {
        (None, None) => FIRST.to_owned(),
        (Some((whole, fraction)), None) => match next(whole) {
            Some(next) => next,
            None => format!("{whole}{}", middle(fraction, None)),
        },
        (None, Some((whole, fraction))) => {
            if !fraction.is_empty() {
                return whole.to_owned();
            }
            previous(whole).unwrap_or_else(|| format!("{whole}{}", middle("", Some(fraction))))
        }
        (Some((whole, fraction)), Some((high_whole, high_fraction))) => {
            if whole == high_whole {
                return format!("{whole}{}", middle(fraction, Some(high_fraction)));
            }
            match next(whole) {
                Some(next) if Some(next.as_str()) < high => next,
                _ => format!("{whole}{}", middle(fraction, None)),
            }
        }
    }
}

/// Whether a text is a key of ours.
fn is_key(text: &str) -> bool {
    let Some(length) = text.bytes().next().and_then(whole_length) else { return false };
    let digits = text.bytes().all(|byte| DIGITS.contains(&byte));
    // The smallest whole number has nothing before it, so it is not handed out.
    digits
        && text.len() >= length
        && (text.len() == length || !text.ends_with('0'))
        && text != format!("A{}", "0".repeat(26))
}

/// The length of the whole number with its first letter.
fn whole_length(first: u8) -> Option<usize> {
    match first {
        b'a'..=b'z' => Some(usize::from(first - b'a') + 2),
        b'A'..=b'Z' => Some(usize::from(b'Z' - first) + 2),
        _ => None,
    }
}

fn split(key: &str) -> (&str, &str) {
    let length = key.bytes().next().and_then(whole_length).unwrap_or(key.len());
    key.split_at(length.min(key.len()))
}

fn rank(digit: u8) -> usize {
    DIGITS.iter().position(|known| *known == digit).unwrap_or_default()
}

/// The whole number after this one; none after the greatest.
fn next(whole: &str) -> Option<String> {
    let mut bytes = whole.as_bytes().to_vec();
    for at in (1..bytes.len()).rev() {
        let rank = rank(bytes[at]) + 1;
        if rank < DIGITS.len() {
            bytes[at] = DIGITS[rank];
            return String::from_utf8(bytes).ok();
        }
        bytes[at] = DIGITS[0];
    }
    match bytes[0] {
        b'z' => None,
        b'Z' => Some(FIRST.to_owned()),
        first => {
            let zeros = whole_length(first + 1)? - 1;
            Some(format!("{}{}", char::from(first + 1), "0".repeat(zeros)))
        }
    }
}

/// The whole number before this one; none before the smallest.
fn previous(whole: &str) -> Option<String> {
    let mut bytes = whole.as_bytes().to_vec();
    for at in (1..bytes.len()).rev() {
        let rank = rank(bytes[at]);
        if rank > 0 {
            bytes[at] = DIGITS[rank - 1];
            return String::from_utf8(bytes).ok();
        }
        bytes[at] = DIGITS[DIGITS.len() - 1];
    }
    match bytes[0] {
        b'A' => None,
        b'a' => Some("Zz".to_owned()),
        first => {
            let nines = whole_length(first - 1)? - 1;
            Some(format!("{}{}", char::from(first - 1), "z".repeat(nines)))
        }
    }
}

/// A fraction between two, `high` absent for one. Neither ends in `0`, and `low < high`.
fn middle(low: &str, high: Option<&str>) -> String {
    let (mut low, mut high) = (low.as_bytes(), high.map(str::as_bytes));
    let mut out = Vec::new();
    loop {
        let below = low.first().map_or(0, |digit| rank(*digit));
        let above = match high {
            Some(high) => high.first().map_or(0, |digit| rank(*digit)),
            None => DIGITS.len(),
        };
        if above > below + 1 {
            out.push(DIGITS[usize::midpoint(below, above)]);
            return String::from_utf8(out).expect("digits are ASCII");
        }
        out.push(DIGITS[below]);
        // Once our digit is smaller than theirs, anything that follows stays below.
        high =
            if above > below { None } else { high.map(|high| high.get(1..).unwrap_or_default()) };
        low = low.get(1..).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_table_filled_at_once_has_short_keys_in_order() {
        let keys = first_keys(5_000);

        assert!(keys.is_sorted());
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(keys.iter().all(|key| key.len() <= 4));
    }

    #[test]
    fn a_thousand_rows_put_at_the_top_one_by_one_keep_short_keys() {
        let mut top = first_keys(1).remove(0);

        for _ in 0..1_000 {
            let above = between(None, Some(&top));
            assert!(above < top && above.len() <= 4, "{above} above {top}");
            top = above;
        }
    }

    #[test]
    fn a_text_that_is_no_key_still_lets_a_row_be_put_after_it() {
        assert!(between(Some("très loin"), None).as_str() > "très loin");
        assert!(between(Some("é"), Some("ê")).as_str() > "é");
        assert!(between(Some("b"), Some("a")).as_str() > "b");
    }

    proptest! {
        #[test]
        fn a_row_put_anywhere_stands_there(moves in prop::collection::vec(any::<prop::sample::Index>(), 1..300)) {
            let mut keys = first_keys(3);
            for place in moves {
                let at = place.index(keys.len() + 1);
                let low = at.checked_sub(1).map(|below| keys[below].clone());
                let high = keys.get(at).cloned();

                let key = between(low.as_deref(), high.as_deref());

                prop_assert!(is_key(&key), "`{}` is no key", key);
                prop_assert!(low.is_none_or(|low| low < key));
                prop_assert!(high.is_none_or(|high| key < high));
                keys.insert(at, key);
            }
        }

        #[test]
        fn no_bounds_whatever_make_it_panic(low in ".*", high in ".*") {
            between(Some(&low), Some(&high));
            between(Some(&low), None);
            between(None, Some(&high));
        }

        #[test]
        fn a_hundred_rows_squeezed_into_one_place_still_fit(above in any::<bool>()) {
            let mut low = first_keys(2).remove(0);
            let mut high = first_keys(2).remove(1);
            for _ in 0..100 {
                let key = between(Some(&low), Some(&high));
                prop_assert!(low < key && key < high);
                if above { low = key } else { high = key }
            }
        }
    }
}
