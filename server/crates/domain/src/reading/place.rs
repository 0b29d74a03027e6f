//! Places: each with the town, the code and the country that the words give.
//!
//! The value is a list of `{lieu, commune, code_postal, departement, pays, en_ligne}`, each key only where the
//! words say it (domain reference, 3.5). There is no gazetteer here: a name in capitals is taken for a town,
//! unless it holds a word of an institution, a street or a region.

mod known;

use std::collections::BTreeMap;

use super::token::{Tokens, items_of};
use super::{Reading, Why, too_many};
use crate::table::Plain;
use crate::text::fold;

/// Reads all places of a cell.
pub fn places(words: &str) -> Reading {
    let mut cell = Cell::default();
    for item in items_of(words) {
        for part in parts_of(item) {
            cell.read(part);
        }
    }
    cell.settle(words)
}

type Item = BTreeMap<String, Plain>;

#[derive(Default)]
struct Cell {
    items: Vec<Item>,
    doubts: Vec<(Why, String)>,
    also: BTreeMap<String, Plain>,
    /// `ou` stands before a way of being remote, or behind it.
    either: bool,
}

fn set(item: &mut Item, key: &str, value: &str) {
    item.insert(key.to_owned(), value.into());
}

impl Cell {
    fn read(&mut self, part: &str) {
        let folded = fold(part);
        if matches!(folded.as_str(), "ou" | "et") {
            self.either |= folded == "ou";
            return;
        }
        if let Some(format) = known::remote(&folded) {
            self.also.insert("modalite".to_owned(), format.into());
            self.items.push([("en_ligne".to_owned(), true.into())].into());
        } else if known::in_room(&folded) {
            self.also.entry("modalite".to_owned()).or_insert_with(|| "presentiel".into());
        } else {
            self.read_place(part);
        }
    }

    fn read_place(&mut self, part: &str) {
        let (name, remark) = with_parenthesis(part);
        let folded = fold(name);
        let mut item = Item::new();
        if let Some(country) = known::country(&folded) {
            set(&mut item, "pays", country);
            if known::is_province(&folded) {
                set(&mut item, "lieu", name);
            }
        } else if known::is_everywhere(&folded) || known::is_region(&folded) {
            set(&mut item, "lieu", name);
        } else if let Some(code) = known::department(&folded) {
            set(&mut item, "departement", code);
        } else if known::is_department_code(name) {
            set(&mut item, "departement", &name.to_uppercase());
        } else if !self.address(name, &mut item) {
            set(&mut item, "lieu", name);
            self.doubts.push((Why::PlaceInWords, name.to_owned()));
        }
        if let Some(remark) = remark
            && self.take_parenthesis(remark, &mut item)
        {
            return;
        }
        self.items.push(item);
    }

    /// A town with or without its code and street; false where it may be anything.
    fn address(&mut self, name: &str, item: &mut Item) -> bool {
        let tokens = Tokens::of(name);
        if let Some((at, code, next)) = postal_code(&tokens) {
            set(item, "code_postal", &code);
            let (before, behind) =
                (trimmed(tokens.slice(0, at)), trimmed(tokens.slice(next, tokens.len())));
            match (before, behind) {
                ("", "") => {}
                (town, "") if is_town(town) => set(item, "commune", town),
                (place, "") => self.split_at_comma(place, item),
                ("", town) => self.split_at_comma(town, item),
                (street, town) if is_town(town) => {
                    set(item, "lieu", street);
                    set(item, "commune", town);
                }
                _ => {
                    set(item, "lieu", name);
                    self.doubts.push((Why::PlaceInWords, name.to_owned()));
                }
            }
            return true;
        }
        if is_town(name) {
            set(item, "commune", name);
            return true;
        }
        let Some((place, town)) = name.rsplit_once(',') else { return false };
        let (place, town) = (trimmed(place), trimmed(town));
        if place.is_empty() || !is_town(town) && known::country(&fold(town)).is_none() {
            return false;
        }
        self.split_at_comma(name, item);
        true
    }

    /// `Centre social les Amarres, Brest`: what stands before the last comma is the place in the town.
    fn split_at_comma(&mut self, name: &str, item: &mut Item) {
        let (place, town) = name.rsplit_once(',').unwrap_or(("", name));
        let (place, town) = (trimmed(place), trimmed(town));
        if let Some(country) = known::country(&fold(town)) {
            set(item, "pays", country);
            set(item, if is_town(place) { "commune" } else { "lieu" }, place);
            if !is_town(place) {
                self.doubts.push((Why::PlaceInWords, place.to_owned()));
            }
            return;
        }
        let (key, words) = if is_town(town) { ("commune", town) } else { ("lieu", name) };
        set(item, key, words);
        if key == "lieu" {
            self.doubts.push((Why::PlaceInWords, words.to_owned()));
        } else if !place.is_empty() {
            set(item, "lieu", place);
        }
    }

    /// Takes what stands in parentheses; true where it made items of its own.
    fn take_parenthesis(&mut self, remark: &str, item: &mut Item) -> bool {
        let folded = fold(remark);
        let digits: String = remark.chars().filter(|c| !c.is_whitespace()).collect();
        if known::is_department_code(&digits) {
            set(item, "departement", &digits.to_uppercase());
        } else if digits.len() == 5 && digits.bytes().all(|it| it.is_ascii_digit()) {
            set(item, "code_postal", &digits);
        } else if let Some(country) = known::country(&folded) {
            set(item, "pays", country);
        } else if let Some(code) = known::department(&folded) {
            set(item, "departement", code);
        } else if let Some(codes) = departments(remark) {
            for code in codes {
                let mut one = item.clone();
                set(&mut one, "departement", code);
                self.items.push(one);
            }
            return true;
        } else if item.contains_key("commune")
            && !item.contains_key("lieu")
            && starts_with_capital(remark)
        {
            set(item, "lieu", remark);
        } else {
            self.doubts.push((Why::RemarkKept, remark.to_owned()));
        }
        false
    }

    fn settle(mut self, words: &str) -> Reading {
        let remote = self.items.iter().any(|item| item.contains_key("en_ligne"));
        let in_room = self.items.iter().any(|item| !item.contains_key("en_ligne"));
        if remote && in_room {
            if self.either {
                self.also.remove("modalite");
                self.doubts.push((Why::EitherFormat, words.to_owned()));
            } else {
                self.also.insert("modalite".to_owned(), "hybride".into());
            }
        }
        let items: Vec<Plain> = self.items.into_iter().map(Plain::Map).collect();
        let reading = Reading { also: self.also, ..Reading::default() }.keeping(words);
        if too_many(&items) {
            return reading.doubting(Why::TooManyItems, words);
        }
        let value = if items.is_empty() { Plain::Null } else { Plain::List(items) };
        let doubts = self.doubts.into_iter();
        doubts.fold(Reading { value, ..reading }, |reading, (why, words)| {
            reading.doubting(why, &words)
        })
    }
}

/// The parts of an item: around strokes, and around commas, `et` and `ou` where all parts can stand alone.
fn parts_of(item: &str) -> Vec<&str> {
    let tokens = Tokens::of(item);
    let (mut parts, mut from, mut at) = (Vec::new(), 0, 0);
    let mut soft = Vec::new();
    while at < tokens.len() {
        at = tokens.closing(at).unwrap_or(at);
        let between_words =
            tokens.digits(at.saturating_sub(1)).is_empty() && tokens.digits(at + 1).is_empty();
        if matches!(tokens.mark(at), "/" | "+") && between_words {
            parts.push(tokens.slice(from, at));
            from = at + 1;
        } else if tokens.mark(at) == "," || matches!(tokens.word(at), "et" | "ou") {
            soft.push(at);
        }
        at += 1;
    }
    parts.push(tokens.slice(from, tokens.len()));
    parts.retain(|part| !part.is_empty());
    if parts.len() > 1 || soft.is_empty() {
        return parts;
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    for at in soft {
        pieces.push(tokens.slice(from, at));
        if !tokens.word(at).is_empty() {
            pieces.push(tokens.slice(at, at + 1));
        }
        from = at + 1;
    }
    pieces.push(tokens.slice(from, tokens.len()));
    let joins = |piece: &str| matches!(fold(piece).as_str(), "ou" | "et");
    if pieces.iter().all(|piece| joins(piece) || stands_alone(piece)) { pieces } else { parts }
}

fn stands_alone(part: &str) -> bool {
    let (name, _) = with_parenthesis(part);
    let folded = fold(name);
    let remote = known::remote(&folded).is_some() || known::in_room(&folded);
    // A country behind a comma belongs to the town before it.
    remote
        || is_town(name) && known::country(&folded).is_none()
        || known::department(&folded).is_some()
}

/// `Grenoble (38)` as its name and what its last parenthesis holds.
fn with_parenthesis(part: &str) -> (&str, Option<&str>) {
    let tokens = Tokens::of(part);
    let open = (0..tokens.len()).find(|at| tokens.closing(*at) == Some(tokens.len() - 1));
    match open {
        Some(0) => (tokens.slice(1, tokens.len() - 1), None),
        Some(open) => (tokens.slice(0, open), Some(tokens.slice(open + 1, tokens.len() - 1))),
        None => (trimmed(part), None),
    }
}

fn departments(words: &str) -> Option<Vec<&'static str>> {
    let codes: Option<Vec<&str>> =
        words.split(',').map(|name| known::department(&fold(name.trim()))).collect();
    codes.filter(|codes| codes.len() > 1)
}

/// Five digits, together or parted as in `64 390`: first token, code, token behind.
fn postal_code(tokens: &Tokens<'_>) -> Option<(usize, String, usize)> {
    (0..tokens.len()).find_map(|at| {
        let (first, second) = (tokens.digits(at), tokens.digits(at + 1));
        match (first.len(), second.len()) {
            (5, _) => Some((at, first.to_owned(), at + 1)),
            (2, 3) if !tokens.touches(at + 1) => Some((at, format!("{first}{second}"), at + 2)),
            _ => None,
        }
    })
}

fn trimmed(words: &str) -> &str {
    words.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '–' | ':'))
}

fn starts_with_capital(words: &str) -> bool {
    words.starts_with(char::is_uppercase)
}

/// Whether the words have the form of a town's name, and no word of something else.
fn is_town(words: &str) -> bool {
    let tokens = Tokens::of(words);
    let names = || (0..tokens.len()).filter(|at| !tokens.word(*at).is_empty());
    let only_letters = (0..tokens.len())
        .all(|at| !tokens.word(at).is_empty() || matches!(tokens.mark(at), "-" | "'"));
    let capital = |at: usize| {
        let small = known::is_small(tokens.word(at));
        small || starts_with_capital(tokens.slice(at, at + 1))
    };
    let count = names().count();
    starts_with_capital(words.trim())
        && only_letters
        && (1..=8).contains(&count)
        && names().all(capital)
        && !names().any(|at| {
            known::is_institution(tokens.word(at)) || is_acronym(tokens.slice(at, at + 1), count)
        })
}

/// `FJEP` in `FJEP Passy`; a town alone may be in capitals throughout.
fn is_acronym(word: &str, words: usize) -> bool {
    words > 1 && word.chars().count() > 2 && word.chars().all(char::is_uppercase)
}
