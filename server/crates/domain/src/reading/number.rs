//! Numbers with a decimal comma; yes and no.

use super::token::Tokens;
use super::{Reading, Why};
use crate::table::Plain;
use crate::text::fold;

/// In which hand a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// `1 200`, `2,5`, `1.200,00`: one reading only.
    French,
    /// `18.5`: a decimal point.
    Point,
    /// `1,200.00`: commas between thousands.
    English,
    /// `1.200`: a thousand and more, or little more than one.
    Unclear,
}

/// A number inside a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    /// The number, as its hand writes it; of an unclear one nothing can be said.
    pub value: f64,
    /// In which hand.
    pub hand: Hand,
    /// Digits after the comma.
    pub decimals: usize,
    /// The place of the token behind it.
    pub next: usize,
}

/// The number whose digits start at a place. Thousands are parted by white space, by points before a comma,
/// or by commas before a point (domain reference, variants 22 and 23).
pub fn at(tokens: &Tokens<'_>, at: usize) -> Option<Amount> {
    let first = tokens.digits(at);
    if first.is_empty() {
        return None;
    }
    let mut whole = first.to_owned();
    let mut next = at + 1;
    let parts_thousands = first.len() <= 3 && !first.starts_with('0');
    let group = |place: usize| Some(tokens.digits(place)).filter(|it| it.len() == 3);
    while parts_thousands && !tokens.touches(next) {
        let Some(three) = group(next) else { break };
        whole.push_str(three);
        next += 1;
    }
    let spaced = next > at + 1;
    let tight = |place: usize| tokens.touches(place) && tokens.touches(place + 1);
    let sign = |place: usize| Some(tokens.mark(place)).filter(|it| matches!(*it, "," | "."));
    let Some(sign_here) = sign(next).filter(|_| tight(next) && !tokens.digits(next + 1).is_empty())
    else {
        return amount(&whole, "", Hand::French, next);
    };
    // `1.200,00` and `1,200.00`: groups of three under one sign, then the other.
    let mut behind = next;
    let mut grouped = whole.clone();
    while parts_thousands && !spaced && tokens.mark(behind) == sign_here && tight(behind) {
        let Some(three) = group(behind + 1) else { break };
        grouped.push_str(three);
        behind += 2;
    }
    let other = sign(behind).filter(|it| *it != sign_here && tight(behind));
    let decimals = tokens.digits(behind + 1);
    if behind > next && other.is_some() && !decimals.is_empty() {
        let hand = if sign_here == "." { Hand::French } else { Hand::English };
        return amount(&grouped, decimals, hand, behind + 2);
    }
    let many_groups = behind > next + 2;
    let doubtful = many_groups || sign_here == "." && behind > next && !spaced;
    if doubtful {
        return amount(&grouped, "", Hand::Unclear, behind);
    }
    let hand = if sign_here == "," { Hand::French } else { Hand::Point };
    amount(&whole, tokens.digits(next + 1), hand, next + 2)
}

fn amount(whole: &str, decimals: &str, hand: Hand, next: usize) -> Option<Amount> {
    // Beyond fifteen digits a double no longer holds each unit.
    let hand = if whole.len() > 15 { Hand::Unclear } else { hand };
    let value = format!("{whole}.{decimals}0").parse().ok().filter(|it: &f64| it.is_finite())?;
    Some(Amount { value, hand, decimals: decimals.len(), next })
}

/// The number that a folded word names, up to twelve.
pub fn named(word: &str) -> Option<f64> {
    const NAMES: [&str; 12] = [
        "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze",
        "douze",
    ];
    let word = if word == "une" { "un" } else { word };
    NAMES.iter().position(|name| *name == word).map(|place| (place + 1) as f64)
}

/// Whether a folded word says `about`.
pub fn is_about(text: &str) -> bool {
    matches!(text, "environ" | "env" | "~" | "approximativement" | "approx" | "autour")
}

/// Which end a bound gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// `au moins`.
    Least,
    /// `au plus`.
    Most,
}

/// The bound that is said here, and the place behind it.
pub fn bound(tokens: &Tokens<'_>, at: usize) -> Option<(End, usize)> {
    const LEAST: [&str; 6] = ["au moins", "au minimum", "minimum", "mini", "min .", "min"];
    const MOST: [&str; 10] = [
        "au plus",
        "au maximum",
        "maximum",
        "maxi",
        "max .",
        "max",
        "jusqu ' a",
        "jusqu a",
        "moins de",
        "jusque",
    ];
    let least = tokens.phrase_of(at, &LEAST).map(|next| (End::Least, next));
    least.or_else(|| tokens.phrase_of(at, &MOST).map(|next| (End::Most, next)))
}

/// Reads a number as French hands write it. Words around it are kept and said.
pub fn number(words: &str) -> Reading {
    let tokens = Tokens::of(words);
    let mut doubts: Vec<(Why, &str)> = Vec::new();
    let mut place = 0;
    loop {
        if is_about(tokens.get(place).map_or("", |token| &token.text)) {
            place +=
                1 + usize::from(tokens.mark(place + 1) == "." || tokens.word(place + 1) == "de");
            doubts.push((Why::Approximate, words));
        } else if let Some((_, next)) = bound(&tokens, place) {
            place = next;
            doubts.push((Why::Bound, words));
        } else if matches!(tokens.word(place), "de" | "entre") {
            place += 1;
        } else {
            break;
        }
    }
    let negative = tokens.mark(place) == "-" && tokens.touches(place + 1);
    let signed = negative || tokens.mark(place) == "+" && tokens.touches(place + 1);
    let found = read_at(&tokens, place + usize::from(signed));
    let Some(found) = found else { return Reading::unread(words, Why::NotANumber) };
    if found.hand == Hand::Unclear {
        return Reading::unread(words, Why::AmbiguousNumber);
    }
    let mut place = found.next;
    if matches!(tokens.get(place).map_or("", |token| &token.text), "-" | "a" | "/" | "ou" | "et")
        && read_at(&tokens, place + 1).is_some()
    {
        return Reading::unread(words, Why::Range);
    }
    if let Some((_, next)) = bound(&tokens, place) {
        place = next;
        doubts.push((Why::Bound, words));
    }
    if found.hand != Hand::French {
        doubts.push((Why::AmbiguousNumber, words));
    }
    let rest = tokens.slice(place, tokens.len());
    if rest.contains(|c: char| c.is_numeric()) {
        return Reading::unread(words, Why::AmbiguousNumber);
    }
    let value = if negative { 0.0 - found.value } else { found.value };
    let reading = Reading::sure(value);
    let reading = if rest.is_empty() { reading } else { reading.doubting(Why::UnknownWords, rest) };
    let reading = doubts.into_iter().fold(reading, |it, (why, words)| it.doubting(why, words));
    let plain = reading.doubts.is_empty() && tokens.word(0).is_empty();
    if plain { reading } else { reading.keeping(words) }
}

fn read_at(tokens: &Tokens<'_>, place: usize) -> Option<Amount> {
    let in_letters = named(tokens.word(place));
    let in_letters =
        in_letters.map(|value| Amount { value, hand: Hand::French, decimals: 0, next: place + 1 });
    at(tokens, place).or(in_letters)
}

/// Reads yes or no. A remark behind either is kept and said.
pub fn boolean(words: &str) -> Reading {
    if let Some(value) = yes_or_no(&fold(words)) {
        let reading = Reading::sure(Plain::Bool(value));
        let plain = if value { "oui" } else { "non" };
        return if words.to_lowercase() == plain { reading } else { reading.keeping(words) };
    }
    let tokens = Tokens::of(words);
    let value = match (tokens.word(0), tokens.mark(1)) {
        ("oui", "(" | "," | ":" | "-") => true,
        ("non", "(" | "," | ":" | "-") => false,
        _ => return Reading::unread(words, Why::NotYesOrNo),
    };
    let remark = tokens.slice(1, tokens.len());
    Reading::sure(Plain::Bool(value)).doubting(Why::RemarkKept, remark).keeping(words)
}

fn yes_or_no(folded: &str) -> Option<bool> {
    match folded {
        "oui" | "o" | "x" | "✓" | "✔" | "☑" | "vrai" | "true" | "1" | "yes" => Some(true),
        "non" | "n" | "✗" | "✘" | "☐" | "faux" | "false" | "0" | "no" => Some(false),
        _ => None,
    }
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
        assert_eq!(number("environ 15").value, 15.0.into());
        assert_eq!(number("environ 15").doubts[0].why, Why::Approximate);
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
