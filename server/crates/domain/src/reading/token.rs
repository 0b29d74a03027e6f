//! Words, digits and marks of a text, in order, with the places where they stand.
//!
//! All grammars of this folder walk over tokens from left to right, so that reading takes a time
//! proportional to the length of the words. The same file exists in the client; both must cut alike.

use std::collections::HashMap;

use crate::text::fold;

/// What a token is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Letters, folded.
    Word,
    /// The digits `0` to `9`.
    Digits,
    /// Any other sign; kinds of dashes, quotes and crosses folded into one.
    Mark,
}

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// What it is made of.
    pub sort: Sort,
    /// Its text, folded.
    pub text: String,
    /// Where it starts in the words.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// White space stands before it.
    pub spaced: bool,
}

/// A text cut into tokens.
#[derive(Debug, Clone)]
pub struct Tokens<'w> {
    words: &'w str,
    list: Vec<Token>,
    /// The closing place of each opening parenthesis.
    closing: HashMap<usize, usize>,
}

impl<'w> Tokens<'w> {
    /// Cuts a text.
    pub fn of(words: &'w str) -> Self {
        let mut list: Vec<Token> = Vec::new();
        let mut spaced = false;
        for (at, c) in words.char_indices() {
            if c.is_whitespace() || c.is_control() {
                spaced = true;
                continue;
            }
            let sort = sort_of(c);
            let to = at + c.len_utf8();
            match list.last_mut() {
                Some(last) if !spaced && sort != Sort::Mark && last.sort == sort => last.to = to,
                _ => list.push(Token { sort, text: String::new(), from: at, to, spaced }),
            }
            spaced = false;
        }
        for token in &mut list {
            let raw = &words[token.from..token.to];
            token.text = match token.sort {
                Sort::Digits => raw.to_owned(),
                Sort::Word => fold(raw),
                Sort::Mark => mark_of(raw),
            };
        }
        let closing = closing(&list);
        Self { words, list, closing }
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The token at a place.
    pub fn get(&self, at: usize) -> Option<&Token> {
        self.list.get(at)
    }

    /// The folded word at a place; empty where there is none.
    pub fn word(&self, at: usize) -> &str {
        self.of_sort(at, Sort::Word)
    }

    /// The digits at a place; empty where there are none.
    pub fn digits(&self, at: usize) -> &str {
        self.of_sort(at, Sort::Digits)
    }

    /// The mark at a place; empty where there is none.
    pub fn mark(&self, at: usize) -> &str {
        self.of_sort(at, Sort::Mark)
    }

    fn of_sort(&self, at: usize, sort: Sort) -> &str {
        self.list.get(at).filter(|token| token.sort == sort).map_or("", |token| token.text.as_str())
    }

    /// Whether the token at a place touches the one before it.
    pub fn touches(&self, at: usize) -> bool {
        at > 0 && self.list.get(at).is_some_and(|token| !token.spaced)
    }

    /// The words as written from one place up to another, which is left out.
    pub fn slice(&self, from: usize, to: usize) -> &'w str {
        match (self.list.get(from), to.checked_sub(1).and_then(|last| self.list.get(last))) {
            (Some(first), Some(last)) if first.from <= last.to && from < to => {
                &self.words[first.from..last.to]
            }
            _ => "",
        }
    }

    /// The place behind a phrase (folded texts between spaces) that stands here; none where it does not.
    pub fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut place = at;
        for text in phrase.split(' ') {
            if self.list.get(place)?.text != text {
                return None;
            }
            place += 1;
        }
        Some(place)
    }

    /// The place behind the longest of these phrases that stands here.
    pub fn phrase_of(&self, at: usize, phrases: &[&str]) -> Option<usize> {
        phrases.iter().filter_map(|phrase| self.phrase(at, phrase)).max()
    }

    /// Whether one of these phrases stands anywhere.
    pub fn says(&self, phrases: &[&str]) -> bool {
        (0..self.len()).any(|at| self.phrase_of(at, phrases).is_some())
    }

    /// The parenthesis that closes the one at this place.
    pub fn closing(&self, at: usize) -> Option<usize> {
        self.closing.get(&at).copied()
    }
}

fn sort_of(c: char) -> Sort {
    match c {
        '0'..='9' => Sort::Digits,
        '½' | '¼' | '¾' => Sort::Mark,
        c if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => Sort::Word,
        _ => Sort::Mark,
    }
}

fn mark_of(raw: &str) -> String {
    match raw {
        "½" | "¼" | "¾" | "€" => raw.to_owned(),
        "×" | "✕" | "✖" | "*" => "*".to_owned(),
        "→" | "➔" | "➜" => "-".to_owned(),
        "≈" | "∼" | "～" => "~".to_owned(),
        "[" => "(".to_owned(),
        "]" => ")".to_owned(),
        "⁄" | "∕" => "/".to_owned(),
        _ => fold(raw),
    }
}

/// Parentheses that have a partner.
fn closing(list: &[Token]) -> HashMap<usize, usize> {
    let (mut open, mut pairs) = (Vec::new(), HashMap::new());
    for (at, token) in list.iter().enumerate().filter(|(_, token)| token.sort == Sort::Mark) {
        match token.text.as_str() {
            "(" => open.push(at),
            ")" => {
                if let Some(from) = open.pop() {
                    pairs.insert(from, at);
                }
            }
            _ => {}
        }
    }
    pairs
}

/// The signs that part the items of a cell.
pub const HARD_SIGNS: [&str; 4] = [";", "\n", "•", "|"];

/// Cuts a cell into the items that these signs part, outside parentheses; empty ones are left out.
pub fn items_of<'w>(words: &'w str, signs: &[&str]) -> Vec<&'w str> {
    let pairs = pairs_within_lines(words);
    let (mut items, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(c) = words[at..].chars().next() {
        if let Some(close) = pairs.get(&at) {
            at = *close;
        } else if let Some(sign) = signs.iter().find(|sign| words[at..].starts_with(**sign)) {
            items.push(&words[from..at]);
            from = at + sign.len();
            at = from;
        } else {
            at += c.len_utf8();
        }
    }
    items.push(&words[from..]);
    items.into_iter().map(str::trim).filter(|item| !item.is_empty()).collect()
}

/// Where the parentheses of one line open and close. One without a partner holds nothing.
fn pairs_within_lines(words: &str) -> HashMap<usize, usize> {
    let (mut open, mut pairs) = (Vec::new(), HashMap::new());
    for (at, byte) in words.bytes().enumerate() {
        match byte {
            b'(' => open.push(at),
            b'\n' => open.clear(),
            b')' => {
                if let Some(from) = open.pop() {
                    pairs.insert(from, at);
                }
            }
            _ => {}
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(words: &str) -> Vec<String> {
        Tokens::of(words).list.into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn words_digits_and_marks_come_apart() {
        assert_eq!(cut("Élus : 12\u{202f}500€"), ["elus", ":", "12", "500", "€"]);
        assert_eq!(cut("3h30 × 2 – ½ j"), ["3", "h", "30", "*", "2", "-", "½", "j"]);
        assert_eq!(cut("de\u{301}but"), ["debut"]);
    }

    #[test]
    fn items_are_parted_outside_parentheses_only() {
        assert_eq!(items_of("a ; b (c ; d)\n• e ; ", &HARD_SIGNS), ["a", "b (c ; d)", "e"]);
        assert_eq!(items_of("a (b ; c (d)", &HARD_SIGNS), ["a (b", "c (d)"]);
    }

    #[test]
    fn a_slice_gives_the_words_back_as_they_were() {
        let tokens = Tokens::of("Petit  groupe : 3 €");

        assert_eq!(tokens.slice(0, 2), "Petit  groupe");
        assert_eq!(tokens.slice(2, 2), "");
        assert_eq!(tokens.phrase(0, "petit groupe"), Some(2));
    }
}
