//! Contacts. The table is public, so words beside an address or a number are never kept: they tend to name
//! a person. They are told to the pilots instead.

use std::sync::LazyLock;

use regex::Regex;

use super::{Reading, Why};
use crate::table::Plain;

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    let local = r"[a-z0-9](?:[a-z0-9._%+'-]*[a-z0-9_+-])?";
    Regex::new(&format!(r"(?i){local}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{{2,}}"))
        .expect("a fixed pattern")
});

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\+|00)[1-9](?:[\s.\u{a0}\u{202f}()-]*\d){7,14}|0[1-9](?:[\s.\u{a0}\u{202f}-]*\d{2}){4}")
        .expect("a fixed pattern")
});

/// Reads an e-mail address; its domain in small letters.
pub fn email(words: &str) -> Reading {
    let words = words.trim();
    let open = words.replace("[at]", "@").replace("(at)", "@").replace("[@]", "@");
    let open = open.replace(" @ ", "@").replace("mailto:", "").replace("MAILTO:", "");
    let Some(found) = EMAIL.find(&open) else { return not_kept(words, Why::NotAnEmail) };
    let (name, domain) = found.as_str().rsplit_once('@').expect("the pattern has one");
    let rest = format!("{} {}", &open[..found.start()], &open[found.end()..]);
    beside(Reading::sure(format!("{name}@{}", domain.to_lowercase()).as_str()), &rest)
}

/// Reads a telephone number as `+33612345678`.
pub fn phone(words: &str) -> Reading {
    let words = words.trim();
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == words.len() && digits.len() == 9 && !digits.starts_with('0') {
        let restored = Reading::sure(format!("+33{digits}").as_str());
        return restored.doubting(Why::ZeroRestored, words);
    }
    let Some(found) = PHONE.find(words) else { return not_kept(words, Why::NotAPhone) };
    let number = international(found.as_str());
    let rest = format!("{} {}", &words[..found.start()], &words[found.end()..]);
    beside(Reading::sure(number.as_str()), &rest)
}

/// The e-mail address and the telephone number of one cell, and the words beside them.
pub fn both(words: &str) -> (Reading, Reading) {
    let (mut email, mut phone) = (email(words), phone(words));
    let found = [&email, &phone].map(|reading| !reading.value.is_empty());
    match found {
        [true, true] => {
            let number = PHONE.find(words).map_or("", |found| found.as_str());
            for doubt in &mut email.doubts {
                doubt.words = tidy(&doubt.words.replace(number, " "));
            }
            email.doubts.retain(|doubt| !doubt.words.is_empty());
            phone.doubts.clear();
        }
        [false, true] => email = Reading::nothing(),
        [_, false] => phone = Reading::nothing(),
    }
    (email, phone)
}

fn international(number: &str) -> String {
    let plus = number.starts_with('+');
    let without_zero = number.replace("(0)", "");
    let digits: String = without_zero.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("00") {
        _ if plus => format!("+{digits}"),
        Some(rest) => format!("+{rest}"),
        None => format!("+33{}", &digits[1..]),
    }
}

/// Nothing is kept in the table; the pilots are told the words.
fn not_kept(words: &str, why: Why) -> Reading {
    Reading { value: Plain::Null, ..Reading::unread(words, why) }.keeping("")
}

fn beside(reading: Reading, rest: &str) -> Reading {
    let rest = tidy(rest);
    if rest.is_empty() { reading } else { reading.doubting(Why::BesideContact, &rest) }
}

/// The rest without the marks and small words that only join.
fn tidy(rest: &str) -> String {
    let words = rest.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    let joined = words.collect::<Vec<_>>().join(" ");
    if matches!(joined.as_str(), "ou" | "et" | "tel" | "tél" | "mail") {
        String::new()
    } else {
        joined
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn e_mail_addresses_are_found_in_their_usual_disguises() {
        for words in
            ["formation@x.fr", "mailto:formation@x.fr", "formation [at] x.fr", " formation@X.FR "]
        {
            let tight = words.replace(" [at] ", "[at]");
            assert_eq!(email(&tight).value, "formation@x.fr".into(), "{words}");
        }
        assert_eq!(email("sans arobase").value, Plain::Null);
    }

    #[test]
    fn telephone_numbers_have_one_form() {
        for words in [
            "06.12.34.56.78",
            "06 12 34 56 78",
            "+33 6 12 34 56 78",
            "+33 (0)6 12 34 56 78",
            "0033612345678",
        ] {
            assert_eq!(phone(words), Reading::sure("+33612345678"), "{words}");
        }
        assert_eq!(phone("+41 21 654 32 10").value, "+41216543210".into());
        assert_eq!(phone("612345678").doubts[0].why, Why::ZeroRestored);
        assert_eq!(phone("3949").value, Plain::Null);
    }

    #[test]
    fn the_name_beside_a_contact_is_told_and_never_kept() {
        let (email, phone) = both("formation@x.org ou 01 23 45 67 89 (Marie D.)");

        assert_eq!(email.value, "formation@x.org".into());
        assert_eq!(phone.value, "+33123456789".into());
        assert!(email.doubts.iter().any(|doubt| doubt.words.contains("Marie")));
        assert!(email.words.is_empty() && phone.words.is_empty());
    }

    proptest! {
        #[test]
        fn no_words_are_ever_kept_beside_a_contact(words in "\\PC*|[a-z0-9@. +()-]*") {
            let (email, phone) = both(&words);

            prop_assert!(email.words.is_empty() && phone.words.is_empty());
        }
    }
}
