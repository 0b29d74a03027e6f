//! Numbers with a decimal comma; yes and no.

use std::sync::LazyLock;

use regex::Regex;

use super::{Reading, Why};
use crate::table::Plain;
use crate::text::fold;

/// Reads a number as French hands write it. Words after it are kept and said.
pub fn number(words: &str) -> Reading {
    static LEADING: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^([+-]?[\d .,]*\d)\s*(\D*)$").expect("a fixed pattern"));
    let spaced = fold(words);
    let Some(found) = LEADING.captures(&spaced) else {
        return Reading::unread(words, Why::NotANumber);
    };
    let rest = found[2].trim();
    let Some((value, doubtful)) = value_of(&found[1]) else {
        return Reading::unread(words, Why::AmbiguousNumber);
    };
    let reading = Reading::sure(value);
    let reading = if rest.is_empty() {
        reading
    } else {
        reading.doubting(Why::UnknownWords, rest).keeping(words)
    };
    if doubtful { reading.doubting(Why::AmbiguousNumber, words).keeping(words) } else { reading }
}

/// The number, and whether another reading is possible; none where no reading is likely.
fn value_of(digits: &str) -> Option<(f64, bool)> {
    static SHAPES: LazyLock<[(Regex, bool); 5]> = LazyLock::new(|| {
        let shape = |pattern: &str| Regex::new(pattern).expect("a fixed pattern");
        [
            (shape(r"^[+-]?\d+(,\d+)?$"), false),
            (shape(r"^[+-]?\d{1,3}( \d{3})+(,\d+)?$"), false),
            (shape(r"^[+-]?\d{1,3}(\.\d{3})+,\d+$"), false),
            // The point of English hands, unless it could part thousands.
            (shape(r"^[+-]?(\d+\.\d{1,2}|\d+\.\d{4,}|0\.\d+|\d{4,}\.\d+)$"), true),
            (shape(r"^[+-]?\d{1,3}( \d{3})+\.\d{1,2}$"), true),
        ]
    });
    let (_, english) = SHAPES.iter().find(|(shape, _)| shape.is_match(digits))?;
    let plain: String = digits.chars().filter(|c| *c != ' ').collect();
    let plain = if *english { plain } else { plain.replace('.', "").replace(',', ".") };
    let value: f64 = plain.parse().ok()?;
    // Nobody writes a number of offers or hours beyond what a double holds to the unit.
    value.is_finite().then_some((value, *english))
}

/// Reads yes or no.
pub fn boolean(words: &str) -> Reading {
    let value = match fold(words).as_str() {
        "oui" | "o" | "x" | "✓" | "✔" | "☑" | "vrai" | "true" | "1" | "yes" => true,
        "non" | "n" | "✗" | "✘" | "☐" | "faux" | "false" | "0" | "no" => false,
        _ => return Reading::unread(words, Why::NotYesOrNo),
    };
    let reading = Reading::sure(Plain::Bool(value));
    let plain = if value { "oui" } else { "non" };
    if words.to_lowercase() == plain { reading } else { reading.keeping(words) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::offer::display;

    #[test]
    fn french_numbers_are_read() {
        for (words, value) in [
            ("12", 12.0),
            ("2,5", 2.5),
            ("1 200", 1200.0),
            ("1\u{202f}234,50", 1234.5),
            ("1.200,00", 1200.0),
            ("-3", -3.0),
        ] {
            assert_eq!(number(words), Reading::sure(value), "{words}");
        }
    }

    #[test]
    fn an_english_point_is_read_and_said_and_a_doubtful_one_is_not() {
        assert_eq!(number("18.5").value, 18.5.into());
        assert_eq!(number("18.5").doubts[0].why, Why::AmbiguousNumber);
        assert_eq!(number("1.200"), Reading::unread("1.200", Why::AmbiguousNumber));
    }

    #[test]
    fn a_range_is_no_number_and_a_unit_is_kept() {
        assert_eq!(number("12–18").value, Plain::Null);
        assert_eq!(number("15 personnes").value, 15.0.into());
        assert_eq!(number("15 personnes").words, "15 personnes");
        assert_eq!(number("environ 15").value, Plain::Null);
    }

    #[test]
    fn yes_and_no_have_many_faces() {
        assert!(["Oui", "x", "VRAI", "✓"].iter().all(|word| boolean(word).value == true.into()));
        assert!(["non", "FAUX", "0"].iter().all(|word| boolean(word).value == false.into()));
        assert_eq!(boolean("peut-être").value, Plain::Null);
    }

    proptest! {
        #[test]
        fn a_number_that_we_print_is_read_back(value in -1e12..1e12f64, whole in any::<bool>()) {
            let value = if whole { value.trunc() + 0.0 } else { value };
            prop_assert_eq!(number(&display::number(value)), Reading::sure(value));
        }

        #[test]
        fn reading_never_fails(words in "\\PC*|[0-9., +-]*") {
            number(&words);
            boolean(&words);
        }
    }
}
