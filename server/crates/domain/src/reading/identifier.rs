//! Codes of registers: texts, never numbers.

use std::sync::LazyLock;

use regex::Regex;

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
    /// The eleven digits of a declared training body.
    Nda,
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
            "nda" => Self::Nda,
            _ => Self::Other,
        }
    }
}

/// Reads a code. The words are kept where they are more than the code.
pub fn code(code: Code, words: &str) -> Reading {
    static ROUNDED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)^\d([.,]\d+)?e\+\d+$").expect("a fixed pattern"));
    if code != Code::Other && ROUNDED.is_match(words) {
        return Reading::unread(words, Why::RoundedCode);
    }
    match code {
        Code::Rncp => with_letters("RNCP", 6, words),
        Code::Rs => with_letters("RS", 5, words),
        Code::Siret => siret(words),
        Code::Nda => digits_only(words, 11),
        Code::Other => Reading::sure(words),
    }
}

fn with_letters(letters: &str, most: usize, words: &str) -> Reading {
    let shape =
        format!(r"(?i)^\s*(?:{letters})?[\s.:_\u{{a0}}-]*(?:n[°ºo]\s*)?(\d{{1,{most}}})\s*$");
    let shape = Regex::new(&shape).expect("letters and a length");
    let Some(found) = shape.captures(words) else { return Reading::unread(words, Why::NotACode) };
    let code = format!("{letters}{}", &found[1]);
    let reading = Reading::sure(code.as_str());
    if code == words { reading } else { reading.keeping(words) }
}

fn digits_only(words: &str, length: usize) -> Reading {
    let separators = |c: char| c.is_whitespace() || matches!(c, '.' | '-');
    let digits: String = words.chars().filter(|c| !separators(*c)).collect();
    if digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Reading::sure(digits.as_str())
    } else {
        Reading::unread(words, Why::NotACode)
    }
}

fn siret(words: &str) -> Reading {
    let reading = digits_only(words, 14);
    match reading.value.as_text() {
        Some(digits) if !has_good_check_digit(digits) => {
            let doubted = words.to_owned();
            reading.doubting(Why::WrongCheckDigit, &doubted)
        }
        _ => reading,
    }
}

/// Luhn's check; the branches of the post office count their own way.
fn has_good_check_digit(siret: &str) -> bool {
    let digits: Vec<u32> = siret.chars().filter_map(|c| c.to_digit(10)).collect();
    if siret.starts_with("356000000") && digits.iter().sum::<u32>().is_multiple_of(5) {
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
