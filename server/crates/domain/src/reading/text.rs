//! Texts: trimmed, spoilt accents restored, nothing else touched.

use super::Reading;
use super::token::Tokens;
use crate::table::Plain;
use crate::text::fold;

/// One line: breaks become spaces.
pub fn line(written: &str) -> Reading {
    of(one_line(written))
}

/// Several lines: breaks that separate something are kept.
pub fn long(written: &str) -> Reading {
    of(several_lines(written))
}

fn of(text: String) -> Reading {
    if text.is_empty() { Reading::nothing() } else { Reading::sure(Plain::Text(text)) }
}

/// The words on one line, single spaces between them. A lone no-break space stays: it is good typography.
pub fn one_line(text: &str) -> String {
    if is_one_line(text) {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    let mut gap: Option<char> = None;
    for c in without_marks(text).chars() {
        if c.is_whitespace() || c.is_control() {
            let plain = if c.is_whitespace() && !c.is_control() { c } else { ' ' };
            gap = Some(if gap.is_some() { ' ' } else { plain });
        } else {
            if let Some(space) = gap.take().filter(|_| !line.is_empty()) {
                line.push(space);
            }
            line.push(c);
        }
    }
    line
}

/// Whether [`one_line`] would change nothing, as of most words.
fn is_one_line(text: &str) -> bool {
    let mut gap = true;
    let is_good = text.chars().all(|c| {
        let second_gap = gap;
        gap = c.is_whitespace();
        !(gap && second_gap || is_unseen(c) || c.is_control())
    });
    is_good && (!gap || text.is_empty())
}

/// The lines of a text, each as [`one_line`], at most one empty line between two.
pub fn several_lines(text: &str) -> String {
    if is_one_line(text) && !text.contains(['\u{2028}', '\u{2029}']) {
        return text.to_owned();
    }
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().map(one_line) {
        let second_gap = line.is_empty() && lines.last().is_none_or(String::is_empty);
        if !second_gap {
            lines.push(line);
        }
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n")
}

/// Without characters that nobody sees and no one typed on purpose.
pub fn without_marks(text: &str) -> String {
    if !text.chars().any(is_unseen) {
        return text.to_owned();
    }
    text.chars().filter(|c| !is_unseen(*c)).collect()
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
        || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Whether the words are a sign for "nothing is known".
pub fn says_nothing(words: &str) -> bool {
    /// Folding keeps each plain letter, and no such sign has more of them.
    const LETTERS: usize = 3;
    if words.bytes().filter(u8::is_ascii_alphanumeric).count() > LETTERS {
        return false;
    }
    let folded = fold(words);
    let sign = !folded.is_empty()
        && folded.chars().all(|c| matches!(c, '-' | '?' | '/' | '.' | '_' | ' '));
    sign || matches!(
        folded.as_str(),
        "nc" | "n.c." | "n.c" | "n/a" | "na" | "nr" | "n.r." | "tbd" | "xxx"
    )
}

/// The code of a catalogue before a title, and the title without it: `C4_Ingénierie`, `C_17 Découverte`,
/// `25 - La participation` (domain reference, variant 79). A column of titles keeps its words; this is for
/// comparing them.
pub fn catalogue_code(title: &str) -> Option<(&str, &str)> {
    let tokens = Tokens::of(title);
    let letters = tokens.word(0);
    let lettered = usize::from(!letters.is_empty());
    if lettered == 1
        && (letters.chars().count() > 3 || !tokens.slice(0, 1).starts_with(char::is_uppercase))
    {
        return None;
    }
    let sign =
        usize::from(lettered == 1 && matches!(tokens.mark(1), "_" | "-") && tokens.touches(1));
    let digits = lettered + sign;
    let joined = digits == 0 || tokens.touches(digits);
    if tokens.digits(digits).is_empty() || tokens.digits(digits).len() > 3 || !joined {
        return None;
    }
    let parted = matches!(tokens.mark(digits + 1), "_" | "-" | ":" | ".");
    let behind = digits + 1 + usize::from(parted);
    // `10 ans de concertation` and `M2 politiques` start with words, not with a code.
    let is_code = sign == 1 || parted && (lettered == 1 || !tokens.touches(digits + 1));
    let rest = tokens.slice(behind, tokens.len());
    (is_code && !tokens.word(behind).is_empty()).then(|| (tokens.slice(0, digits + 1), rest))
}

/// Restores accents that an earlier passage through another encoding had spoilt: `DurĂ©e`, `cĹ“ur`, `Ã©`.
///
/// Only sequences that no French text holds are touched.
pub fn repaired(text: &str) -> String {
    let mut text = without_marks(text);
    // Some texts went through it twice.
    for _ in 0..3 {
        let better = repaired_once(&text);
        if better == text {
            break;
        }
        text = better;
    }
    text
}

fn repaired_once(text: &str) -> String {
    if !text.contains(['Â', 'Ã', 'Ă', 'Å', 'Ĺ', 'â']) {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        if let Some((letter, length)) = spoilt_letter(&chars[at..]) {
            out.push(letter);
            at += length;
        } else {
            out.push(chars[at]);
            at += 1;
        }
    }
    out
}

/// The letter whose UTF-8 bytes were shown one by one, and how many characters they took.
fn spoilt_letter(chars: &[char]) -> Option<(char, usize)> {
    let (lead, length) = match chars.first()? {
        'Â' => (0xC2, 2),
        'Ã' | 'Ă' => (0xC3, 2),
        'Å' | 'Ĺ' => (0xC5, 2),
        'â' => (0xE2, 3),
        _ => return None,
    };
    let rest: Option<Vec<u8>> = chars.get(1..length)?.iter().map(|c| byte_of(*c)).collect();
    let mut bytes = vec![lead];
    bytes.extend(rest?);
    let letter = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    is_french(letter).then_some((letter, length))
}

/// Letters and signs of French, the signs of the first Latin page, and the leads themselves: the last two
/// are what a second passage spoils again.
fn is_french(c: char) -> bool {
    ('\u{a0}'..='\u{bf}').contains(&c)
        || "ÃÅàâäçéèêëîïôöùûüÿÀÂÄÇÉÈÊËÎÏÔÖÙÛÜœŒŸ‘’“”–—…•‧€\u{202f}".contains(c)
}

/// The byte that windows-1252 or windows-1250 shows as this character.
fn byte_of(c: char) -> Option<u8> {
    const WESTERN: &[(char, u8)] = &[
        ('€', 0x80),
        ('‚', 0x82),
        ('ƒ', 0x83),
        ('„', 0x84),
        ('…', 0x85),
        ('†', 0x86),
        ('‡', 0x87),
        ('ˆ', 0x88),
        ('‰', 0x89),
        ('Š', 0x8A),
        ('‹', 0x8B),
        ('Œ', 0x8C),
        ('Ž', 0x8E),
        ('‘', 0x91),
        ('’', 0x92),
        ('“', 0x93),
        ('”', 0x94),
        ('•', 0x95),
        ('–', 0x96),
        ('—', 0x97),
        ('˜', 0x98),
        ('™', 0x99),
        ('š', 0x9A),
        ('›', 0x9B),
        ('œ', 0x9C),
        ('ž', 0x9E),
        ('Ÿ', 0x9F),
    ];
    const CENTRAL: &[(char, u8)] = &[
        ('Ś', 0x8C),
        ('Ť', 0x8D),
        ('Ź', 0x8F),
        ('ś', 0x9C),
        ('ť', 0x9D),
        ('ź', 0x9F),
        ('ˇ', 0xA1),
        ('˘', 0xA2),
        ('Ł', 0xA3),
        ('Ą', 0xA5),
        ('Ş', 0xAA),
        ('Ż', 0xAF),
        ('˛', 0xB2),
        ('ł', 0xB3),
        ('ą', 0xB9),
        ('ş', 0xBA),
        ('Ľ', 0xBC),
        ('˝', 0xBD),
        ('ľ', 0xBE),
        ('ż', 0xBF),
    ];
    let listed = WESTERN.iter().chain(CENTRAL).find(|(shown, _)| *shown == c);
    if let Some((_, byte)) = listed {
        return Some(*byte);
    }
    let code = u32::from(c);
    u8::try_from(code).ok().filter(|byte| (0x80..=0xBF).contains(byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spoilt_accents_are_restored() {
        for (spoilt, whole) in [
            ("DurĂ©e", "Durée"),
            ("cĹ“ur", "cœur"),
            ("Ã©ducation Ã  lâ€™environnement", "éducation à l’environnement"),
            ("crÃªperie dÃ©jÃ\u{a0} vue", "crêperie déjà vue"),
            ("ÃƒÂ©lus", "élus"),
            ("12 500Â\u{a0}â‚¬", "12 500\u{a0}€"),
        ] {
            // The space of `Ã ` may have become an ordinary one on its way.
            let read = repaired(spoilt);
            if spoilt.contains("Ã ") {
                assert!(read.starts_with("éducation"), "{read}");
            } else {
                assert_eq!(read, whole);
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_one_line_is_kept_letter_by_letter(
            text in "[a é\u{a0}\u{202f}\u{2028}\n\t\r\u{1}\u{200b}\u{ad}-]{0,8}",
        ) {
            let slow = {
                let seen: String = text.chars().filter(|c| !is_unseen(*c)).collect();
                let mut words: Vec<String> = Vec::new();
                let mut gaps: Vec<String> = Vec::new();
                for run in seen.chars().collect::<Vec<_>>().chunk_by(|a, b| is_gap(*a) == is_gap(*b)) {
                    let list = if is_gap(run[0]) { &mut gaps } else { &mut words };
                    list.push(run.iter().collect());
                    if words.is_empty() {
                        gaps.clear();
                    }
                }
                let mut line = String::new();
                for (at, word) in words.iter().enumerate() {
                    if let Some(gap) = at.checked_sub(1).map(|before| gaps[before].as_str()) {
                        let single = gap.chars().count() == 1 && !gap.contains(char::is_control);
                        line.push_str(if single { gap } else { " " });
                    }
                    line.push_str(word);
                }
                line
            };

            prop_assert_eq!(one_line(&text), slow);
        }
    }

    fn is_gap(c: char) -> bool {
        c.is_whitespace() || c.is_control()
    }

    #[test]
    fn good_french_is_left_alone() {
        for text in [
            "Île-de-France",
            "«\u{a0}CAFÉ\u{a0}»",
            "À l’œuvre…",
            "âge",
            "Ålesund",
            "ARRA²",
            "forêt",
        ] {
            assert_eq!(repaired(text), text);
        }
    }

    #[test]
    fn spaces_are_tidied_and_typography_stays() {
        assert_eq!(one_line("  Lien\u{a0}:  ici \n là\u{200b} "), "Lien\u{a0}: ici là");
        assert_eq!(several_lines("\n a \r\n\r\n\n b\t\n"), "a\n\nb");
    }

    #[test]
    fn signs_for_nothing_are_known_and_aucun_is_not_one() {
        assert!(["-", "?", "??", "NC", "n.c.", "/", "…"].iter().all(|sign| says_nothing(sign)));
        assert!(!["aucun", "0", "non", "a"].iter().any(|word| says_nothing(word)));
    }

    proptest! {
        #[test]
        fn what_was_spoilt_once_comes_back(text in "[ a-zàâçéèêëîïôùûœ’]{0,40}") {
            // As windows-1252 shows them; the few bytes that it does not know are left out below.
            let spoilt: String = text.bytes().map(|byte| match byte {
                0x80 => '€',
                0x93 => '“',
                0x99 => '™',
                0x9C => 'œ',
                0x81..=0x9F => '?',
                other => char::from(other),
            }).collect();
            prop_assume!(!spoilt.contains('?'));
            prop_assert_eq!(repaired(&spoilt), text);
        }

        #[test]
        fn tidying_twice_changes_nothing(text in ".*") {
            prop_assert_eq!(one_line(&one_line(&text)), one_line(&text));
            prop_assert_eq!(several_lines(&several_lines(&text)), several_lines(&text));
            prop_assert_eq!(repaired(&repaired(&text)), repaired(&text));
        }
    }
}
