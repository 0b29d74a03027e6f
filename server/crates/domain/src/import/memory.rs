//! What is remembered of the rows that imports brought, and the keys by which they are found again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::difference::{SheetTells, column_of, sources};
use super::offer::ReadOffer;
use crate::ids::RowId;
use crate::reading::{link, sign};
use crate::table::Plain;
use crate::text::fold;

/// What is remembered of a row that an import brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Remembered {
    /// By which it is found again.
    pub match_key: String,
    /// The row it became.
    pub row: RowId,
    /// What the file said.
    pub memory: Memory,
}

/// What a file said of one offer: its words, and what they were read as.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Memory {
    /// The words by key.
    pub words: BTreeMap<String, String>,
    /// The values by key.
    pub values: BTreeMap<String, Plain>,
    /// The keys of values that had no column of their own: another cell told them in passing.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub in_passing: BTreeSet<String>,
    /// The sheet that said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<SheetMark>,
}

/// By which a sheet is known again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SheetMark {
    /// Its name.
    pub name: String,
    /// The fingerprint of its header.
    pub fingerprint: String,
}

impl Memory {
    /// What is worth remembering of an offer.
    pub fn of(offer: &ReadOffer) -> Self {
        let (words, values) = (offer.words.clone(), offer.values.clone());
        Self { words, values, ..Self::default() }
    }

    /// Where the cells of a sheet say nothing, what was said before stays remembered.
    pub(super) fn keep_where_nothing_is_said(&mut self, before: &Self, tells: &SheetTells) {
        let is_silent = |key: &str| {
            let said = self.words.get(key).is_some_and(|words| !sign::says_nothing(words));
            let column = column_of(key);
            !said && tells.mapped.contains(column) && !tells.cleared.contains(column)
        };
        let silent = before.words.iter().filter(|(key, _)| is_silent(key));
        let silent: BTreeMap<String, String> =
            silent.map(|(key, words)| (key.clone(), words.clone())).collect();
        for (key, value) in &before.values {
            if sources(key).iter().any(|source| silent.contains_key(source)) {
                self.values.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        self.words.extend(silent);
    }
}

/// The key of an offer: who gives it, what it is called, where its page is.
pub fn match_key(values: &BTreeMap<String, Plain>) -> String {
    key_of(|column| values.get(column).and_then(Plain::as_text).unwrap_or_default())
}

pub(super) fn key_of<'t>(text: impl Fn(&str) -> &'t str) -> String {
    let (who, what) = (fold(text("organisme")), fold(text("intitule")));
    format!("{who}|{what}|{}", link::match_key(text("url")))
}

/// Who gives it and what it is called; none where one of the two is not known.
pub(super) fn who_and_what<'t>(text: impl Fn(&str) -> &'t str) -> Option<String> {
    let (who, what) = (fold(text("organisme")), fold(text("intitule")));
    (!who.is_empty() && !what.is_empty()).then(|| format!("{who}|{what}"))
}

/// Tells the copies of one offer in one file apart: the second is `…#2`.
#[derive(Debug, Default)]
pub struct Ordinals(HashMap<String, usize>);

impl Ordinals {
    /// The key of the next offer with this key, and whether there was one before.
    pub fn next(&mut self, key: String) -> (String, bool) {
        let count = self.0.entry(key.clone()).or_default();
        *count += 1;
        if *count == 1 { (key, false) } else { (format!("{key}#{count}"), true) }
    }
}

/// A key without its ordinal, and the ordinal.
pub(super) fn without_ordinal(key: &str) -> (&str, usize) {
    let parts = key.rsplit_once('#');
    let parts = parts.and_then(|(base, ordinal)| Some((base, ordinal.parse().ok()?)));
    parts.unwrap_or((key, 1))
}
