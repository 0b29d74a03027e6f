//! Contacts. The table is public, so words beside an address or a number are never kept: they tend to name
//! a person. They are told to the pilots instead.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{Reading, Why};
use crate::table::Plain;

static PHONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:\+|00)[1-9](?:[\s.\u{a0}\u{202f}()-]*[0-9]){7,14}",
        r"|0[1-9](?:[\s.\u{a0}\u{202f}-]*[0-9]{2}){4}"
    ))
    .expect("a fixed pattern")
});

/// Reads an e-mail address; its domain in small letters.
pub fn email(words: &str) -> Reading {
    let words = words.trim();
    let open = undisguised(words);
    let Some(found) = address_in(&open) else { return not_kept(words, Why::NotAnEmail) };
    let (name, domain) = open[found.clone()].rsplit_once('@').expect("an address has one");
    let value = format!("{name}@{}", domain.to_ascii_lowercase());
    let rest = format!("{} {}", &open[..found.start], &open[found.end..]);
    beside(Reading::sure(value.as_str()), &rest)
}

/// `formation [at] x.fr`, `mailto:` (domain reference, variant 77).
fn undisguised(words: &str) -> String {
    const AT: [&str; 6] = ["[at]", "(at)", "[@]", "[AT]", "(AT)", " arobase "];
    let open = AT.iter().fold(words.to_owned(), |open, sign| open.replace(sign, "@"));
    open.replace(" @ ", "@").replace("mailto:", "").replace("MAILTO:", "")
}

/// Where the first address stands: a local part, and a domain of at least two labels.
fn address_in(words: &str) -> Option<Range<usize>> {
    let mut from = 0;
    for at in words.bytes().enumerate().filter(|(_, byte)| *byte == b'@').map(|(at, _)| at) {
        let local = local_part(&words.as_bytes()[from..at]);
        let domain = domain(&words.as_bytes()[at + 1..]);
        if let (Some(local), Some(domain)) = (local, domain) {
            return Some(at - local..at + 1 + domain);
        }
        from = at + 1;
    }
    None
}

/// How many bytes at the end can stand before the `@`.
fn local_part(before: &[u8]) -> Option<usize> {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+'-".contains(byte);
    let run = before.iter().rev().take_while(|byte| inside(byte)).count();
    let run = &before[before.len() - run..];
    let start = run.iter().position(u8::is_ascii_alphanumeric)?;
    let last = run.last().filter(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(byte));
    last.map(|_| run.len() - start)
}

/// How many bytes at the start are a domain.
fn domain(behind: &[u8]) -> Option<usize> {
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let run = &behind[..behind.iter().take_while(|byte| inside(byte)).count()];
    let (mut end, mut from, mut best) = (0, 0, None);
    for (place, label) in run.split(|byte| *byte == b'.').enumerate() {
        let letters = label.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        if place > 0 && letters >= 2 {
            best = Some(from + letters);
        }
        end = from + label.len();
        from = end + 1;
        let good = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        if !good(label.first()) || !good(label.last()) {
            break;
        }
    }
    best.filter(|best| *best <= end)
}

/// Reads a telephone number as `+33612345678`.
pub fn phone(words: &str) -> Reading {
    let words = words.trim();
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == words.len() && digits.len() == 9 && !digits.starts_with('0') {
        let restored = Reading::sure(format!("+33{digits}").as_str());
        return restored.doubting(Why::ZeroRestored, words);
    }
    let found = number_in(words).map(|found| (international(&words[found.clone()]), found));
    let Some((Some(number), found)) = found else { return not_kept(words, Why::NotAPhone) };
    let rest = format!("{} {}", &words[..found.start], &words[found.end..]);
    beside(Reading::sure(number.as_str()), &rest)
}

/// Where the first number stands. A longer row of digits, such as a SIRET, holds none.
fn number_in(words: &str) -> Option<Range<usize>> {
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let bytes = words.as_bytes();
    let alone = |found: &regex::Match<'_>| {
        let before = found.start().checked_sub(1).and_then(|at| bytes.get(at));
        !digit(before) && !digit(bytes.get(found.end()))
    };
    PHONE.find_iter(words).find(alone).map(|found| found.range())
}

/// The e-mail address and the telephone number of one cell, and the words beside them.
pub fn both(words: &str) -> (Reading, Reading) {
    let (mut email, mut phone) = (email(words), phone(words));
    let found = [&email, &phone].map(|reading| !reading.value.is_empty());
    match found {
        [true, true] => {
            let number = number_in(words).map_or("", |found| &words[found]);
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

/// The number with its country; none for a French one that has not nine digits behind its zero.
fn international(number: &str) -> Option<String> {
    let plus = number.starts_with('+');
    let without_zero = number.replace("(0)", "");
    let digits: String = without_zero.chars().filter(char::is_ascii_digit).collect();
    let digits = match digits.strip_prefix("00") {
        _ if plus => digits,
        Some(rest) => rest.to_owned(),
        None => format!("33{}", digits.get(1..)?),
    };
    let french = digits.strip_prefix("33");
    let good = french.is_none_or(|rest| rest.len() == 9 && !rest.starts_with('0'));
    good.then(|| format!("+{digits}"))
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
    if matches!(
        joined.as_str(),
        "ou" | "et"
            | "tel"
            | "tél"
            | "mail"
            | "Tel"
            | "Tél"
            | "Mail"
            | "Tél."
            | "tél."
            | "Tel."
            | "tel."
    ) {
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
