//! Places: each with the town, the code and the country that the words give.
//!
//! The value is a list of `{lieu, commune, code_postal, departement, pays, en_ligne}`, each key only where the
//! words say it (domain reference, 3.5). There is no gazetteer here: a name in capitals is taken for a town,
//! unless it holds a word of an institution, a street or a region.

mod known;

pub(super) use known::says_france;

use std::collections::BTreeMap;

use super::token::{HARD_SIGNS, Tokens, items_of};
use super::{Reading, Why, sign, too_many};
use crate::table::Plain;
use crate::text::fold;

/// Reads all places of a cell.
pub fn places(words: &str) -> Reading {
    let mut cell = Cell::default();
    for item in items_of(words, &HARD_SIGNS) {
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
        let part = trimmed(part);
        let folded = fold(part);
        if !sign::has_words(part) {
            return;
        }
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
            set(&mut item, "lieu", name);
            set(&mut item, "departement", code);
        } else if known::is_department_code(name) {
            set(&mut item, "departement", &name.to_uppercase());
        } else if !self.address(name, &mut item) {
            set(&mut item, "lieu", name);
            self.doubts.push((Why::PlaceInWords, name.to_owned()));
        }
        if item.contains_key("lieu") && known::says_france(name) {
            set(&mut item, "pays", "FR");
        }
        if let Some(remark) = remark
            && self.take_parenthesis((part, name, remark), &mut item)
        {
            return;
        }
        self.items.push(item);
    }

    /// A town with or without its code and street; false where it may be anything.
    fn address(&mut self, name: &str, item: &mut Item) -> bool {
        let tokens = Tokens::of(name);
        if let Some((at, code, next)) = postal_code(&tokens) {
            let before = trimmed(tokens.slice(0, at));
            let behind = trimmed(tokens.slice(next, tokens.len()));
            let (place, town) = match (before, behind) {
                (before, "") => before.rsplit_once(',').unwrap_or(("", before)),
                ("", behind) => behind.rsplit_once(',').unwrap_or(("", behind)),
                both => both,
            };
            let (place, town) = (trimmed(place), trimmed(town));
            if !town.is_empty() && !is_town(town) {
                set(item, "lieu", name);
                self.doubts.push((Why::PlaceInWords, name.to_owned()));
                return true;
            }
            set(item, "code_postal", &code);
            for (key, words) in [("lieu", place), ("commune", town)] {
                if !words.is_empty() {
                    set(item, key, words);
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

    /// Takes what stands in parentheses behind a name; true where it made items of its own.
    fn take_parenthesis(
        &mut self,
        (part, name, remark): (&str, &str, &str),
        item: &mut Item,
    ) -> bool {
        let folded = fold(remark);
        let digits: String = remark.chars().filter(|c| !c.is_whitespace()).collect();
        if known::is_department_code(&digits) {
            set(item, "departement", &digits.to_uppercase());
        } else if digits.len() == 5 && digits.bytes().all(|it| it.is_ascii_digit()) {
            set(item, "code_postal", &digits);
        } else if let Some(country) = known::country(&folded) {
            set(item, "pays", country);
            // Over there, what stands before the province may be a region.
            if country == "CA" && item.contains_key("lieu") && item.remove("commune").is_some() {
                set(item, "lieu", name);
                self.doubts.push((Why::PlaceInWords, name.to_owned()));
            }
        } else if let Some(code) = known::department(&folded) {
            set(item, "departement", code);
        } else if let Some(departments) = departments(remark) {
            for (name, code) in departments {
                let mut one = item.clone();
                set(&mut one, "departement", code);
                if !item.contains_key("commune") {
                    set(&mut one, "lieu", name);
                }
                self.items.push(one);
            }
            return true;
        } else if let Some((Why::PlaceInWords, told)) = self.doubts.last_mut()
            && told.as_str() == name
            && item.get("lieu") == Some(&name.into())
        {
            part.clone_into(told);
            set(item, "lieu", part);
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
        if self.items.is_empty() && self.also.is_empty() && self.doubts.is_empty() {
            return Reading::unread(words, Why::UnknownWords);
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

/// The parts of an item: around strokes, then around commas, `et` and `ou` where all parts can stand alone.
fn parts_of(item: &str) -> Vec<&str> {
    let item = unwrapped(item);
    let tokens = Tokens::of(item);
    let is_stroke = |at: usize| {
        let between_words =
            tokens.digits(at.saturating_sub(1)).is_empty() && tokens.digits(at + 1).is_empty();
        matches!(tokens.mark(at), "/" | "+") && between_words
    };
    let parts = parted(&tokens, is_stroke).into_iter().map(|(from, to)| tokens.slice(from, to));
    parts.flat_map(soft_parts_of).collect()
}

fn soft_parts_of(part: &str) -> Vec<&str> {
    let part = unwrapped(part);
    let tokens = Tokens::of(part);
    let joins = |at: usize| matches!(tokens.word(at), "et" | "ou");
    let mut pieces = Vec::new();
    for (from, to) in parted(&tokens, |at| tokens.mark(at) == "," || joins(at)) {
        pieces.extend([(from, to)].into_iter().filter(|(from, to)| from < to));
        pieces.extend([(to, to + 1)].into_iter().filter(|_| joins(to)));
    }
    let said = |&(from, to): &(usize, usize)| tokens.slice(from, to);
    let alone = |piece: &(usize, usize)| {
        joins(piece.0) && piece.1 == piece.0 + 1 || stands_alone(said(piece))
    };
    if pieces.iter().all(alone) { pieces.iter().map(said).collect() } else { vec![part] }
}

/// The words without the parentheses around all of them.
fn unwrapped(words: &str) -> &str {
    let words = trimmed(words);
    let tokens = Tokens::of(words);
    let around =
        |at: &usize| tokens.closing(*at).is_some_and(|close| close + at + 1 == tokens.len());
    match (0..tokens.len()).take_while(around).count() {
        0 => words,
        depth => trimmed(tokens.slice(depth, tokens.len() - depth)),
    }
}

/// The stretches between signs, outside parentheses.
fn parted(tokens: &Tokens<'_>, is_sign: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let (mut stretches, mut from, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        if let Some(close) = tokens.closing(at) {
            at = close;
        } else if is_sign(at) {
            stretches.push((from, at));
            from = at + 1;
        }
        at += 1;
    }
    stretches.push((from, tokens.len()));
    stretches
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

/// Several departments, by their names and codes.
fn departments(words: &str) -> Option<Vec<(&str, &'static str)>> {
    let names = words.split(',').map(str::trim);
    let known = names.map(|name| known::department(&fold(name)).map(|code| (name, code)));
    known.collect::<Option<Vec<_>>>().filter(|known| known.len() > 1)
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
    words.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | '-' | '–' | ':' | '+' | '/' | '.')
    })
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
    // `Saint-Pierre-et-Miquelon` is one, `Lyon et Lille` are two.
    let joins = |at: usize| matches!(tokens.word(at), "et" | "ou") && !tokens.touches(at);
    starts_with_capital(words.trim())
        && only_letters
        && (1..=8).contains(&count)
        && names().all(capital)
        && !names().any(joins)
        && !names().any(|at| {
            known::is_institution(tokens.word(at)) || is_acronym(tokens.slice(at, at + 1), count)
        })
}

/// `FJEP` in `FJEP Passy`; a town alone may be in capitals throughout.
fn is_acronym(word: &str, words: usize) -> bool {
    words > 1 && word.chars().count() > 2 && word.chars().all(char::is_uppercase)
}
