//! What must go for good: rows, cells, or words wherever they stand.
//!
//! One judge for every place that holds a copy (the live values, history, the values kept per day, what an
//! import remembers, proposals), so that none of them can disagree about what is erased.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Plain;
use crate::ids::{ColumnId, RowId};

/// Stands where words stood.
pub const ERASED: &str = "[effacé]";

/// What a person asked to erase.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ToErase {
    /// Whole rows: nothing of them stays but that there was one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowId>,
    /// Single cells, with the contributor's own words beside them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<(RowId, ColumnId)>,
    /// Words, wherever they stand, whatever their case, their spaces, apostrophes and dashes, and whichever way
    /// their accents are written. Accents themselves count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

impl ToErase {
    /// Whether nothing is asked. Empty words ask nothing: they would stand everywhere.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.cells.is_empty() && self.spoken().next().is_none()
    }

    /// Whether the whole row goes.
    pub fn takes_row(&self, row: &RowId) -> bool {
        self.rows.contains(row)
    }

    /// Whether all that stands under `key` of a row goes: with its row, or as a cell that is named.
    pub fn takes_cell(&self, row: &RowId, key: &str) -> bool {
        let column = key.split(['/', '~']).next().unwrap_or_default();
        let is_named = |(of, name): &(RowId, ColumnId)| of == row && name.as_str() == column;
        self.takes_row(row) || self.cells.iter().any(is_named)
    }

    /// What stays of a value under `key` of a row (`intitule`, `lieux/x1`, `duree~said`…); none where it
    /// stays as it is.
    pub fn redacted(&self, row: &RowId, key: &str, value: &Plain) -> Option<Plain> {
        if value.is_empty() {
            return None;
        }
        if self.takes_cell(row, key) {
            return Some(Plain::Null);
        }
        self.without_words(value)
    }

    /// What stays of a text that belongs to no cell; none where it stays as it is.
    pub fn redacted_text(&self, text: &str) -> Option<String> {
        let mut rest = text.to_owned();
        for words in self.spoken() {
            if let Some(shorter) = replaced(&rest, words) {
                rest = shorter;
            }
        }
        (rest != text).then_some(rest)
    }

    fn spoken(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|words| words.trim()).filter(|words| !words.is_empty())
    }

    fn without_words(&self, value: &Plain) -> Option<Plain> {
        match value {
            Plain::Text(text) => self.redacted_text(text).map(Plain::Text),
            Plain::List(list) => {
                let shorter: Vec<_> = list.iter().map(|one| self.without_words(one)).collect();
                shorter.iter().any(Option::is_some).then(|| {
                    let pairs = list.iter().zip(shorter);
                    Plain::List(
                        pairs.map(|(old, new)| new.unwrap_or_else(|| old.clone())).collect(),
                    )
                })
            }
            Plain::Map(map) => {
                let shorter: BTreeMap<_, _> = map
                    .iter()
                    .filter_map(|(key, one)| Some((key.clone(), self.without_words(one)?)))
                    .collect();
                (!shorter.is_empty()).then(|| {
                    let mut whole = map.clone();
                    whole.extend(shorter);
                    Plain::Map(whole)
                })
            }
            Plain::Null | Plain::Bool(_) | Plain::Number(_) => None,
        }
    }
}

/// The text with each occurrence of `words` replaced; none where there is none.
fn replaced(text: &str, words: &str) -> Option<String> {
    let mut wanted: Vec<char> = words.chars().flat_map(plainly).collect();
    wanted.dedup_by(|next, before| *next == ' ' && *before == ' ');
    if wanted.is_empty() {
        return None;
    }
    let mut left = String::with_capacity(text.len());
    let mut found = false;
    let mut at = 0;
    while let Some(next) = text[at..].chars().next() {
        // Most letters need no longer look.
        let may_begin = !next.is_ascii_alphanumeric() || next.to_ascii_lowercase() == wanted[0];
        let length = may_begin.then(|| starts_with(&text[at..], &wanted)).flatten();
        if let Some(length) = length {
            left.push_str(ERASED);
            at += length;
            found = true;
        } else {
            left.push(next);
            at += next.len_utf8();
        }
    }
    found.then_some(left)
}

/// How many bytes of the text the wanted letters take, where it begins with them.
fn starts_with(text: &str, wanted: &[char]) -> Option<usize> {
    let mut wanted = wanted.iter();
    let mut in_gap = false;
    for (at, letter) in text.char_indices() {
        if wanted.len() == 0 {
            // An accent that stands alone belongs to the letter before it, which is another one with it.
            return (!is_combining_mark(letter)).then_some(at);
        }
        for plain in plainly(letter) {
            if in_gap && plain == ' ' {
                continue;
            }
            in_gap = plain == ' ';
            if wanted.next() != Some(&plain) {
                return None;
            }
        }
    }
    (wanted.len() == 0).then_some(text.len())
}

/// A letter as words are compared: without its case, an accent as a letter of its own, one kind of space, of
/// apostrophe and of dash, and nothing of what nobody sees.
fn plainly(letter: char) -> impl Iterator<Item = char> {
    let letters = std::iter::once(letter).nfd().flat_map(char::to_lowercase).nfd();
    letters.filter_map(|letter| match letter {
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => None,
        '’' | '‘' | 'ʼ' | '´' | '`' | '′' => Some('\''),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => Some('-'),
        space if space.is_whitespace() => Some(' '),
        letter => Some(letter),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &str) -> ToErase {
        ToErase { words: vec![words.to_owned()], ..ToErase::default() }
    }

    fn row(id: &str) -> RowId {
        RowId::new(id).unwrap()
    }

    #[test]
    fn words_go_wherever_they_stand_whatever_their_case() {
        let erase = words("Zoé Ferrand");
        let places = Plain::Map(BTreeMap::from([
            ("texte".to_owned(), Plain::text("demander ZOÉ FERRAND, ou zoé ferrand")),
            ("en_ligne".to_owned(), Plain::Bool(true)),
        ]));

        let left = erase.redacted(&row("r1"), "lieux/x1", &places).unwrap();

        let texts = left.as_map().unwrap();
        assert_eq!(texts["texte"], Plain::text("demander [effacé], ou [effacé]"));
        assert_eq!(texts["en_ligne"], Plain::Bool(true));
    }

    #[test]
    fn a_cell_goes_with_its_items_and_own_words_and_no_other_cell_does() {
        let cell = (row("r1"), ColumnId::new("prix").unwrap());
        let erase = ToErase { cells: vec![cell], ..ToErase::default() };
        let value = Plain::text("120 €");

        for key in ["prix", "prix/a1", "prix~said"] {
            assert_eq!(erase.redacted(&row("r1"), key, &value), Some(Plain::Null), "{key}");
        }
        assert_eq!(erase.redacted(&row("r2"), "prix", &value), None);
        assert_eq!(erase.redacted(&row("r1"), "prix_texte", &value), None);
    }

    #[test]
    fn words_go_however_they_were_typed() {
        for (wanted, text) in [
            ("Zoé Ferrand", "demander Zoé\u{a0}Ferrand, vite"),
            ("Zoé Ferrand", "demander Zoé \n Ferrand, vite"),
            ("Zoé  Ferrand", "demander Zoé\u{202f}Ferrand, vite"),
            ("Zoé Ferrand", "demander Zoe\u{301} FERRAND, vite"),
            ("Zoe\u{301} Ferrand", "demander ZOÉ Ferrand, vite"),
            ("Zoé Ferrand", "demander Zo\u{ad}é Fer\u{200b}rand, vite"),
            ("d'Aubigné", "demander D’Aubigné, vite"),
            ("Le-Goff", "demander Le‑Goff, vite"),
        ] {
            let left = words(wanted).redacted_text(text);
            assert_eq!(left.as_deref(), Some("demander [effacé], vite"), "{wanted:?} {text:?}");
        }
    }

    #[test]
    fn other_words_stay() {
        for (wanted, text) in [
            ("Zoé", "zoe"),
            ("zoe", "Zoé"),
            ("zoe", "Zoe\u{301}"),
            ("Zoé Ferrand", "ZoéFerrand"),
            ("\u{200b}", "Zoé"),
        ] {
            assert_eq!(words(wanted).redacted_text(text), None, "{wanted:?} {text:?}");
        }
    }

    #[test]
    fn empty_words_ask_for_nothing() {
        let erase = words("  ");

        assert!(erase.is_empty());
        assert_eq!(erase.redacted(&row("r1"), "intitule", &Plain::text("Eau")), None);
    }
}
