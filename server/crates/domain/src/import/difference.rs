//! What of a row of the table a row of the file changes, and where the two disagree.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::matching::Match;
use super::memory::Memory;
use super::names::said_key;
use super::offer::{ReadOffer, text_column_beside};
use super::plan::ConflictWhy;
use crate::offer::{Status, display};
use crate::reading::{sign, text};
use crate::table::{Columns, Kind, Plain, Row};

/// One cell that an import would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellChange {
    /// The key in the row: a column, its own words, or one item of a list (`themes/eau`).
    pub key: String,
    /// What stands there; null where nothing does.
    pub old: Plain,
    /// What the file says; null clears.
    pub new: Plain,
}

/// What became of the cells of a row that the table already has.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Difference {
    /// Cells that still stand as they were imported, or are empty: they follow the file.
    pub changes: Vec<CellChange>,
    /// Cells that both the file and people changed: they stay, and are said.
    pub conflicts: Vec<(CellChange, ConflictWhy)>,
}

/// What a sheet has columns for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SheetTells {
    /// The columns of the table that have a header.
    pub mapped: BTreeSet<String>,
    /// Those of them that an empty cell empties.
    pub cleared: BTreeSet<String>,
    /// The sheet is an extract of this table.
    pub own_extract: bool,
}

impl Difference {
    /// Whether the file says what the table says.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.conflicts.is_empty()
    }
}

/// Compares an offer of the file with the row that it is.
///
/// A file that says what it said before changes nothing, whatever people did since. An empty cell says nothing,
/// unless its column is cleared by empty cells; a column that the file lost says nothing.
pub fn difference(
    offer: &ReadOffer,
    found: Match<'_>,
    tells: &SheetTells,
    columns: &Columns,
) -> Difference {
    let nothing = Memory::default();
    let comparison = Comparison {
        offer,
        row: found.row,
        memory: found.memory.unwrap_or(&nothing),
        was_imported: found.memory.is_some(),
        tells,
        as_shown: as_shown(offer, found.row, tells, columns),
    };
    let mut difference = comparison.of_all(columns);
    if found.row.deleted {
        // Someone put it in the bin: the file does not bring it back.
        let changes = difference.changes.drain(..).map(|cell| (cell, ConflictWhy::InBin));
        let conflicts = difference.conflicts.drain(..).map(|(cell, _)| (cell, ConflictWhy::InBin));
        difference.conflicts = conflicts.chain(changes).collect();
    }
    difference
}

struct Comparison<'a> {
    offer: &'a ReadOffer,
    row: &'a Row,
    memory: &'a Memory,
    was_imported: bool,
    tells: &'a SheetTells,
    /// The keys of which an extract of ours has the very words that it prints today.
    as_shown: BTreeSet<&'a str>,
}

/// What a key has to say, after all that was never said is left out.
enum Says {
    Nothing,
    Empty,
    Something,
}

impl Comparison<'_> {
    fn of_all(&self, columns: &Columns) -> Difference {
        let mut difference = Difference::default();
        let cleared = self.tells.cleared.iter().flat_map(|column| {
            let said = said_key(column);
            let has_said = self.row.said.contains_key(column.as_str());
            std::iter::once(column.clone()).chain(has_said.then_some(said))
        });
        let told = self.offer.values.keys().chain(self.memory.values.keys()).cloned();
        let keys: BTreeSet<String> = told.chain(cleared).collect();
        for key in &keys {
            // The state of a row that the table has is the pilots'.
            if column_of(key) == Status::COLUMN {
                continue;
            }
            let new = match self.says(key) {
                Says::Nothing => continue,
                Says::Empty => &Plain::Null,
                Says::Something => self.offer.values.get(key).unwrap_or(&Plain::Null),
            };
            let kind = columns.get(key).map(|column| column.kind);
            match kind {
                Some(Kind::Choices) => self.of_options(key, new, &mut difference),
                Some(kind) if kind.is_list() => self.of_items(key, new, &mut difference),
                _ => self.of_value(key, new, &mut difference),
            }
        }
        difference
    }

    fn says(&self, key: &str) -> Says {
        let sources = sources(key);
        let same = |source: &String| self.offer.words.get(source) == self.memory.words.get(source);
        if self.was_imported && sources.iter().all(same) {
            return Says::Nothing;
        }
        let is_filled = |source: &&String| {
            let words = self.offer.words.get(source.as_str());
            words.is_some_and(|words| !sign::says_nothing(words))
        };
        let is_mapped = |source: &String| self.tells.mapped.contains(column_of(source));
        // Its own column speaks for it, where the sheet has one; the cells that may tell it too are the others.
        let (own, others) = sources.split_at(2);
        let cells = if is_mapped(&own[0]) { own } else { others };
        if self.offer.values.contains_key(key) || cells.iter().any(|it| is_filled(&it)) {
            let mut spoken = sources.iter().filter(is_filled);
            let printed =
                self.tells.own_extract && spoken.all(|it| self.as_shown.contains(it.as_str()));
            return if printed { Says::Nothing } else { Says::Something };
        }
        if cells.iter().any(is_mapped) {
            let clears = cells.iter().any(|it| self.tells.cleared.contains(column_of(it)));
            return if clears { Says::Empty } else { Says::Nothing };
        }
        if self.lost_its_source(key) { Says::Empty } else { Says::Nothing }
    }

    /// Whether the cell of another column, which once told this value in passing, now tells something else.
    fn lost_its_source(&self, key: &str) -> bool {
        let (Some(words), false) = (self.memory.words.get(key), self.tells.own_extract) else {
            return false;
        };
        let in_passing = self.memory.in_passing.contains(key);
        let mut cells = self.memory.words.iter().filter(|(other, told)| {
            let is_mapped = self.tells.mapped.contains(column_of(other));
            is_mapped && (words == *told || words.split('\n').any(|it| it == *told))
        });
        in_passing && cells.any(|(other, _)| self.offer.words.contains_key(other))
    }

    fn was(&self, key: &str) -> &Plain {
        self.memory.values.get(key).unwrap_or(&Plain::Null)
    }

    fn of_value(&self, key: &str, new: &Plain, difference: &mut Difference) {
        let (current, was) = (current(self.row, key), self.was(key));
        let said_before = self.was_imported && new == was;
        if *new == current || said_before || new.is_empty() && current.is_empty() {
            return;
        }
        let untouched = current == *was || current.is_empty() && was.is_empty();
        let cell = CellChange { key: key.to_owned(), old: current, new: new.clone() };
        let by_hand = was.is_empty();
        let why = if by_hand { ConflictWhy::ByHand } else { ConflictWhy::BothChanged };
        difference.put(cell, untouched, why);
    }

    /// What the file added is added, what it dropped is dropped, the rest is people's.
    fn of_options(&self, key: &str, new: &Plain, difference: &mut Difference) {
        let (current, was, new) = (map(self.row.cell(key)), map(self.was(key)), map(new));
        let cell = |id: &str, old: &Plain, new: &Plain| CellChange {
            key: format!("{key}/{id}"),
            old: old.clone(),
            new: new.clone(),
        };
        for (id, item) in &new {
            if !was.contains_key(id) && !current.contains_key(id) {
                difference.changes.push(cell(id, &Plain::Null, item));
            }
        }
        for id in was.keys().filter(|id| !new.contains_key(*id)) {
            if let Some(item) = current.get(id) {
                difference.changes.push(cell(id, item, &Plain::Null));
            }
        }
        self.clear_by_hand(key, (&current, &was), &new, difference);
    }

    /// The same for items, which are what they say: their ids only say a place.
    fn of_items(&self, key: &str, new: &Plain, difference: &mut Difference) {
        let (current, was, new) = (map(self.row.cell(key)), map(self.was(key)), map(new));
        let (gone, mut came) = (without(&was, &new), without(&new, &was));
        came.retain(|(_, item)| !current.values().any(|it| it == *item));
        let mut used: BTreeSet<String> = current.keys().cloned().collect();
        for (id, item) in gone {
            let instead = came.iter().position(|(place, _)| *place == id).map(|at| came.remove(at));
            let new = instead.map_or(Plain::Null, |(_, item)| item.clone());
            let here = current.get(id).filter(|it| *it == item).map(|_| id);
            let here = here.or_else(|| current.iter().find(|(_, it)| *it == item).map(|it| it.0));
            let (id, old, untouched) = match (here, current.get(id)) {
                (Some(here), _) => (here, item.clone(), true),
                (None, Some(other)) => (id, other.clone(), false),
                // People took it out, and the file no longer has it or has something else.
                (None, None) if new.is_empty() => continue,
                (None, None) => (id, Plain::Null, false),
            };
            used.insert(id.clone());
            let cell = CellChange { key: format!("{key}/{id}"), old, new };
            difference.put(cell, untouched, ConflictWhy::BothChanged);
        }
        for (_, item) in came {
            let id = free_id(&used);
            let (key, new) = (format!("{key}/{id}"), item.clone());
            difference.changes.push(CellChange { key, old: Plain::Null, new });
            used.insert(id);
        }
        self.clear_by_hand(key, (&current, &was), &new, difference);
    }

    /// Where an empty cell is to empty a list, what people wrote in it stays, and is said.
    fn clear_by_hand(
        &self,
        key: &str,
        (current, was): (&BTreeMap<String, Plain>, &BTreeMap<String, Plain>),
        new: &BTreeMap<String, Plain>,
        difference: &mut Difference,
    ) {
        if !new.is_empty() || !self.tells.cleared.contains(key) {
            return;
        }
        for (id, item) in current {
            let key = format!("{key}/{id}");
            let known =
                was.contains_key(id) || was.values().any(|it| it == item && it.as_map().is_some());
            let told = || {
                let conflicts = difference.conflicts.iter().map(|(cell, _)| cell);
                difference.changes.iter().chain(conflicts).any(|cell| cell.key == key)
            };
            if !known && !told() {
                let cell = CellChange { key, old: item.clone(), new: Plain::Null };
                difference.conflicts.push((cell, ConflictWhy::ByHand));
            }
        }
    }
}

impl Difference {
    fn put(&mut self, cell: CellChange, untouched: bool, why: ConflictWhy) {
        if untouched { self.changes.push(cell) } else { self.conflicts.push((cell, why)) }
    }
}

/// The column of a key: `themes` of `themes~said`.
pub(super) fn column_of(key: &str) -> &str {
    key.split('~').next().unwrap_or(key)
}

/// The keys of the cells from which a value may come.
pub(super) fn sources(key: &str) -> Vec<String> {
    const BESIDE: [&str; 5] = ["publics", "tarif_type", "tarifs", "duree_heures", "duree_jours"];
    let column = column_of(key);
    let mut sources = vec![column.to_owned(), said_key(column)];
    let beside = BESIDE.into_iter().filter(|it| text_column_beside(it) == Some(column));
    sources.extend(beside.map(str::to_owned));
    // The number of a shared contact cell and the page behind a title have no words of their own.
    match column {
        "contact_tel" => sources.push("contact_courriel".to_owned()),
        "url" => sources.push("intitule".to_owned()),
        _ => {}
    }
    sources
}

fn current(row: &Row, key: &str) -> Plain {
    match key.strip_suffix("~said") {
        Some(column) => row.said.get(column).map_or(Plain::Null, |said| Plain::text(said.as_str())),
        None => row.cell(key).clone(),
    }
}

fn map(list: &Plain) -> BTreeMap<String, Plain> {
    list.as_map().cloned().unwrap_or_default()
}

/// The items of a list that another one has not, each counted as often as it stands there.
fn without<'l>(
    list: &'l BTreeMap<String, Plain>,
    other: &BTreeMap<String, Plain>,
) -> Vec<(&'l String, &'l Plain)> {
    let mut left: Vec<&Plain> = other.values().collect();
    let mut kept = Vec::new();
    for (id, item) in list {
        match left.iter().position(|it| *it == item) {
            Some(at) => drop(left.swap_remove(at)),
            None => kept.push((id, item)),
        }
    }
    kept
}

fn free_id(used: &BTreeSet<String>) -> String {
    let ids = (1_u32..).map(|number| format!("i{number:02}"));
    ids.into_iter().find(|id| !used.contains(id)).expect("numbers do not end")
}

/// The keys of which an extract of ours has the words that the table shows: nothing was changed in them, even if
/// they were read otherwise. What such a cell tells of an empty one in passing is no change either.
fn as_shown<'o>(
    offer: &'o ReadOffer,
    row: &Row,
    tells: &SheetTells,
    columns: &Columns,
) -> BTreeSet<&'o str> {
    if !tells.own_extract {
        return BTreeSet::new();
    }
    let mut same: BTreeSet<&str> = BTreeSet::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut empty: Vec<(&str, &str)> = Vec::new();
    for (key, words) in &offer.words {
        let Some(column) = columns.get(column_of(key)) else { continue };
        let shown = match key.strip_suffix("~said") {
            Some(_) => display::said(row, column).to_owned(),
            None => display::cell(row, column),
        };
        let shown = text::several_lines(&shown);
        if shown.is_empty() {
            empty.push((key, words));
        } else if is_cut_of(words, &shown) {
            same.insert(key);
            told.extend(words.split('\n'));
        }
    }
    let in_passing =
        empty.into_iter().filter(|(_, words)| words.split('\n').all(|it| told.contains(it)));
    same.extend(in_passing.map(|(key, _)| key));
    same
}

/// Whether words are those that an extract shows; spreadsheets cut the longest ones.
fn is_cut_of(words: &str, shown: &str) -> bool {
    const CUT: &str = "… [coupé]";
    words == shown || words.strip_suffix(CUT).is_some_and(|kept| shown.starts_with(kept.trim_end()))
}
