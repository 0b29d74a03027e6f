//! Codes of registers: texts, never numbers.
//!
//! Sources of the forms: France compétences (RNCP, RS), INSEE (SIREN, SIRET and their key; geographic codes),
//! the labour code (declaration of training bodies), La Poste (postal codes).

use std::sync::LazyLock;

use regex::Regex;

use super::token::Tokens;
use super::{Reading, Why};

/// What a code must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// `RNCP` and up to six digits.
    Rncp,
    /// `RS` and up to five digits.
    Rs,
    /// Fourteen digits, the last of which checks the others.
    Siret,
    /// Nine digits, the last of which checks the others.
    Siren,
    /// The eleven digits of a declared training body.
    Nda,
    /// The five digits of a French postal code, the four of some others.
    Postal,
    /// The five signs of a commune.
    Commune,
    /// Any text.
    Other,
}

impl Code {
    /// The code that a column holds, by its id.
    pub fn of_column(column: &str) -> Self {
        match column {
            "code_rncp" => Self::Rncp,
            "code_rs" => Self::Rs,
            "siret" => Self::Siret,
            "siren" => Self::Siren,
            "nda" => Self::Nda,
            "code_postal" => Self::Postal,
            "code_insee" => Self::Commune,
            _ => Self::Other,
        }
    }
}

/// Reads a code. The words are kept where they are more than the code.
pub fn code(code: Code, words: &str) -> Reading {
    static ROUNDED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^[0-9]([.,][0-9]+)?e\+[0-9]+$").expect("a fixed pattern")
    });
    if code != Code::Other && ROUNDED.is_match(words) {
        return Reading::unread(words, Why::RoundedCode);
    }
    match code {
        Code::Rncp => with_letters("RNCP", words),
        Code::Rs => with_letters("RS", words),
        Code::Siret => checked(14, words),
        Code::Siren => checked(9, words),
        Code::Nda => digits_only(11, words),
        Code::Postal => postal(words),
        Code::Commune => commune(words),
        Code::Other => Reading::sure(words),
    }
}

/// `RNCP25266`, `rncp n° 25266`, or the digits alone. The other register's code beside it goes to its column.
fn with_letters(letters: &str, words: &str) -> Reading {
    let tokens = Tokens::of(words);
    let (mut ours, mut theirs, mut only) = (Vec::new(), Vec::new(), true);
    let mut at = 0;
    while at < tokens.len() {
        if let Some((register, digits, next)) = registered(&tokens, at) {
            let list = if register == letters { &mut ours } else { &mut theirs };
            list.push(format!("{register}{digits}"));
            at = next;
        } else {
            only &= tokens.word(at).is_empty() && tokens.digits(at).is_empty();
            at += 1;
        }
    }
    if tokens.len() == 1 && (1..=most(letters)).contains(&tokens.digits(0).len()) {
        (ours, only) = (vec![format!("{letters}{}", tokens.digits(0))], true);
    }
    let other = if letters == "RNCP" { "code_rs" } else { "code_rncp" };
    let also =
        theirs.into_iter().next().map(|code| (other.to_owned(), code.into())).into_iter().collect();
    let reading = match ours.as_slice() {
        [] => Reading::unread(words, Why::NotACode),
        [code] if code == words => Reading::sure(code.as_str()),
        [code] => Reading::sure(code.as_str()).keeping(words),
        _ => Reading::unread(words, Why::SeveralForOne),
    };
    let reading = Reading { also, ..reading };
    let beside = !only && !reading.value.is_empty();
    if beside { reading.doubting(Why::UnknownWords, words) } else { reading }
}

fn most(letters: &str) -> usize {
    if letters == "RNCP" { 6 } else { 5 }
}

/// A register's letters and digits: `RNCP 25266`, `RS n°5080`.
fn registered<'t>(tokens: &'t Tokens<'_>, at: usize) -> Option<(&'static str, &'t str, usize)> {
    let register = match tokens.word(at) {
        "rncp" => "RNCP",
        "rs" => "RS",
        _ => return None,
    };
    let joins = |place: &usize| {
        matches!(
            tokens.get(*place).map_or("", |it| &it.text),
            "n" | "no" | "°" | "º" | "." | ":" | "-" | "_" | "№"
        )
    };
    let place = (at + 1..at + 5).find(|place| !joins(place))?;
    let digits = tokens.digits(place);
    (1..=most(register)).contains(&digits.len()).then_some((register, digits, place + 1))
}

fn digits_only(length: usize, words: &str) -> Reading {
    let separators = |c: char| c.is_whitespace() || matches!(c, '.' | '-');
    let digits: String = words.chars().filter(|c| !separators(*c)).collect();
    if digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Reading::sure(digits.as_str())
    } else {
        Reading::unread(words, Why::NotACode)
    }
}

fn checked(length: usize, words: &str) -> Reading {
    let reading = digits_only(length, words);
    match reading.value.as_text() {
        Some(digits) if !has_good_check_digit(digits) => {
            let doubted = words.to_owned();
            reading.doubting(Why::WrongCheckDigit, &doubted)
        }
        _ => reading,
    }
}

/// Luhn's check; the branches of the post office count their own way.
fn has_good_check_digit(code: &str) -> bool {
    let digits: Vec<u32> = code.chars().filter_map(|c| c.to_digit(10)).collect();
    if code.len() == 14
        && code.starts_with("356000000")
        && digits.iter().sum::<u32>().is_multiple_of(5)
    {
        return true;
    }
    let doubled =
        digits.iter().rev().enumerate().map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, twice) if twice > 9 => twice - 9,
            (_, twice) => twice,
        });
    doubled.sum::<u32>().is_multiple_of(10)
}

fn postal(words: &str) -> Reading {
    let five = digits_only(5, words);
    if !five.value.is_empty() {
        return five;
    }
    let four = digits_only(4, words);
    if four.value.is_empty() { four } else { four.doubting(Why::ZeroPerhapsLost, words) }
}

/// `38185`, `2A004`.
fn commune(words: &str) -> Reading {
    let code: String =
        words.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let digits = code.strip_prefix("2A").or_else(|| code.strip_prefix("2B")).map_or(5, |_| 3);
    let tail = code.len().checked_sub(digits).and_then(|from| code.get(from..)).unwrap_or_default();
    let good =
        code.len() == 5 && tail.len() == digits && tail.bytes().all(|byte| byte.is_ascii_digit());
    if good { Reading::sure(code.as_str()) } else { Reading::unread(words, Why::NotACode) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn register_codes_have_one_form() {
        for words in ["RNCP25266", "rncp 25266", "RNCP n°25266", "25266"] {
            assert_eq!(code(Code::Rncp, words).value, "RNCP25266".into(), "{words}");
        }
        assert_eq!(code(Code::Rs, "RS5080"), Reading::sure("RS5080"));
        assert_eq!(code(Code::Rncp, "en cours").doubts[0].why, Why::NotACode);
    }

    #[test]
    fn digits_lost_by_a_spreadsheet_are_not_guessed() {
        for kind in [Code::Siret, Code::Nda, Code::Rncp] {
            assert_eq!(code(kind, "1.19217E+10"), Reading::unread("1.19217E+10", Why::RoundedCode));
        }
    }

    #[test]
    fn a_siret_is_fourteen_digits_and_checked() {
        assert_eq!(code(Code::Siret, "732 829 320 00074"), Reading::sure("73282932000074"));
        assert_eq!(code(Code::Siret, "73282932000075").doubts[0].why, Why::WrongCheckDigit);
        let post_office = ["35600000000048", "35600000049837"];
        assert!(post_office.iter().all(|siret| code(Code::Siret, siret).doubts.is_empty()));
        assert_eq!(code(Code::Nda, "11 92 17159 92"), Reading::sure("11921715992"));
    }
}
