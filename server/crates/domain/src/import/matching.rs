//! Which row of the table a row of the file is.
//!
//! From the surest sign to the weakest: what a person says, the identifier that our own extracts carry, the key
//! under which an import remembered it, who gives it and what it is called and where its page is, who and what
//! alone if only one has them. Whatever fits more than one row is left to a person.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::decisions::Is;
use super::memory::{Memory, Remembered, key_of, who_and_what, without_ordinal};
use super::offer::ReadOffer;
use crate::ids::RowId;
use crate::table::{Plain, Row, TableValues};

/// A row of the file that looks for its row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Its key, as [`match_key`] gives it.
    pub key: &'a str,
    /// What the file says of it.
    pub offer: &'a ReadOffer,
    /// The identifier that the file gives it.
    pub id: Option<&'a str>,
    /// What a person said.
    pub is: Option<&'a Is>,
}

/// A row of the table that a row of the file is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match<'a> {
    /// The row.
    pub row: &'a Row,
    /// What an import remembers of it; none for a row that people made.
    pub memory: Option<&'a Memory>,
}

/// What was found for a row of the file.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'a> {
    /// It is none of the table's.
    New,
    /// It is this one.
    Row(Match<'a>),
    /// It could be each of these: a person decides.
    Undecided(Vec<&'a Row>),
}

/// Finds the rows of the table that the rows of a file are. Each row is found once at most. `agrees` says
/// whether the file says of a row what the table says.
pub fn match_all<'a>(
    wanted: &[Wanted<'_>],
    existing: &'a TableValues,
    remembered: &'a [Remembered],
    agrees: impl Fn(usize, Match<'a>) -> bool,
) -> Vec<Found<'a>> {
    let rows: HashMap<&RowId, &Row> = existing.rows.iter().map(|row| (&row.id, row)).collect();
    let known = remembered.iter();
    let known: Vec<(&str, Match<'_>)> = known
        .filter_map(|it| {
            let row = *rows.get(&it.row)?;
            Some((it.match_key.as_str(), Match { row, memory: Some(&it.memory) }))
        })
        .collect();
    let mut memories: HashMap<&RowId, Vec<&Memory>> = HashMap::new();
    for memory in remembered {
        memories.entry(&memory.row).or_default().push(&memory.memory);
    }
    let found = vec![None; wanted.len()];
    let mut matcher = Matcher { wanted, rows, memories, found, taken: HashSet::new() };
    matcher.by_person();
    matcher.by_id();
    matcher.by_remembered_key(&known);
    matcher.by_own_key(existing, &agrees);
    matcher.by_who_and_what(existing, &known);
    matcher.found.into_iter().map(|found| found.unwrap_or(Found::New)).collect()
}

struct Matcher<'w, 'a> {
    wanted: &'w [Wanted<'w>],
    rows: HashMap<&'a RowId, &'a Row>,
    memories: HashMap<&'a RowId, Vec<&'a Memory>>,
    found: Vec<Option<Found<'a>>>,
    taken: HashSet<&'a RowId>,
}

impl<'w, 'a> Matcher<'w, 'a> {
    fn take(&mut self, place: usize, found: Match<'a>) {
        if self.taken.insert(&found.row.id) {
            self.found[place] = Some(Found::Row(found));
        } else {
            self.found[place] = Some(Found::Undecided(vec![found.row]));
        }
    }

    fn is_open(&self, place: usize) -> bool {
        self.found[place].is_none()
    }

    fn open(&self) -> Vec<usize> {
        (0..self.wanted.len()).filter(|place| self.is_open(*place)).collect()
    }

    /// A row with what is remembered of it; of several memories, the one that has most in common.
    fn with_memory(&self, place: usize, row: &'a Row) -> Match<'a> {
        let words = &self.wanted[place].offer.words;
        let in_common = |memory: &&&Memory| {
            memory.words.iter().filter(|(key, told)| words.get(*key) == Some(told)).count()
        };
        let memories = self.memories.get(&row.id);
        let memory = memories.and_then(|it| it.iter().max_by_key(in_common).copied());
        Match { row, memory }
    }

    /// What a person says goes first; of two rows that they say to be one, the second is asked about again.
    fn by_person(&mut self) {
        for place in 0..self.wanted.len() {
            match self.wanted[place].is {
                Some(Is::New) => self.found[place] = Some(Found::New),
                Some(Is::Row(id)) => {
                    if let Some(row) = self.rows.get(id).copied() {
                        self.take(place, self.with_memory(place, row));
                    }
                }
                None => {}
            }
        }
    }

    fn by_id(&mut self) {
        for place in self.open() {
            let id = self.wanted[place].id.and_then(|id| RowId::new(id).ok());
            if let Some(row) = id.and_then(|id| self.rows.get(&id).copied()) {
                self.take(place, self.with_memory(place, row));
            }
        }
    }

    /// The open places of each key, in the order of the file.
    fn open_by_key(&self) -> Vec<(&'w str, Vec<usize>)> {
        let mut order = Vec::new();
        let mut by_key: HashMap<&str, Vec<usize>> = HashMap::new();
        for place in self.open() {
            let key = self.wanted[place].key;
            let places = by_key.entry(key).or_default();
            if places.is_empty() {
                order.push(key);
            }
            places.push(place);
        }
        let places = |key: &'w str| (key, by_key.remove(key).unwrap_or_default());
        order.into_iter().map(places).collect()
    }

    /// Copies of one offer in one sheet are told apart by their words, then by their order.
    fn by_remembered_key(&mut self, known: &[(&str, Match<'a>)]) {
        let groups = self.open_by_key();
        let asked: HashSet<&str> = groups.iter().map(|(key, _)| *key).collect();
        let mut candidates: HashMap<&str, Vec<(usize, Match<'a>)>> = HashMap::new();
        for (key, found) in known {
            let (base, ordinal) = without_ordinal(key);
            // An address may end in what looks like an ordinal.
            let (base, ordinal) = if asked.contains(key) { (*key, 1) } else { (base, ordinal) };
            if asked.contains(base) {
                candidates.entry(base).or_default().push((ordinal, *found));
            }
        }
        for (key, places) in groups {
            let mut rows = candidates.remove(key).unwrap_or_default();
            rows.sort_by_key(|(ordinal, _)| *ordinal);
            let rows = self.free(rows.into_iter().map(|(_, found)| found));
            let wanted = self.wanted;
            let same_words = |place: usize, found: Match<'a>| {
                found.memory.is_some_and(|memory| memory.words == wanted[place].offer.words)
            };
            let (places, rows) = self.pair(places, rows, &same_words);
            if places.len() == rows.len() {
                places.into_iter().zip(rows).for_each(|(place, row)| self.take(place, row));
            } else if !rows.is_empty() {
                self.leave(&places, &rows);
            }
        }
    }

    /// Rows that have this key today: those that people made, and those that they changed.
    fn by_own_key(
        &mut self,
        existing: &'a TableValues,
        agrees: &impl Fn(usize, Match<'a>) -> bool,
    ) {
        let groups = self.open_by_key();
        if groups.is_empty() {
            return;
        }
        let mut candidates: HashMap<String, Vec<&'a Row>> = HashMap::new();
        for row in existing.rows.iter().filter(|row| !self.taken.contains(&row.id)) {
            candidates.entry(key_of(|column| row.text(column))).or_default().push(row);
        }
        // Who, what and where are all unknown: that is no key.
        let told = |key: &str| key.contains(|c| c != '|');
        for (key, places) in groups.into_iter().filter(|(key, _)| told(key)) {
            let mut rows = candidates.remove(key).unwrap_or_default();
            if rows.iter().any(|row| !row.deleted) {
                rows.retain(|row| !row.deleted);
            }
            let place = places[0];
            let rows: Vec<Match<'a>> =
                rows.into_iter().map(|row| self.with_memory(place, row)).collect();
            let (places, rows) = match (places.len(), rows.len()) {
                (1, 1) => (places, rows),
                _ => self.pair(places, rows, agrees),
            };
            if let ([place], [row]) = (places.as_slice(), rows.as_slice()) {
                self.take(*place, *row);
            } else if !rows.is_empty() {
                self.leave(&places, &rows);
            }
        }
    }

    /// A page that moved, was added or dropped: who and what still say which offer it is, if only one does.
    fn by_who_and_what(&mut self, existing: &'a TableValues, known: &[(&str, Match<'a>)]) {
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for place in self.open() {
            let values = &self.wanted[place].offer.values;
            let text = |key: &str| values.get(key).and_then(Plain::as_text).unwrap_or_default();
            if let Some(key) = who_and_what(text) {
                places.entry(key).or_default().push(place);
            }
        }
        places.retain(|_, places| places.len() == 1);
        if places.is_empty() {
            return;
        }
        let mut rows: HashMap<String, Vec<&'a Row>> = HashMap::new();
        let mut add = |key: Option<String>, row: &'a Row| {
            let Some(key) = key.filter(|key| places.contains_key(key)) else { return };
            let rows = rows.entry(key).or_default();
            if !rows.iter().any(|known| known.id == row.id) {
                rows.push(row);
            }
        };
        for (_, found) in known.iter().filter(|(_, it)| !self.taken.contains(&it.row.id)) {
            let values = found.memory.map(|memory| &memory.values);
            let text = |key: &str| values.and_then(|it| it.get(key)?.as_text()).unwrap_or_default();
            add(who_and_what(text), found.row);
        }
        for row in existing.present().filter(|row| !self.taken.contains(&row.id)) {
            add(who_and_what(|column| row.text(column)), row);
        }
        for (key, places) in places {
            if let (Some([row]), [place]) = (rows.get(&key).map(Vec::as_slice), places.as_slice()) {
                let found = self.with_memory(*place, row);
                if !self.taken.contains(&row.id) {
                    self.take(*place, found);
                }
            }
        }
    }

    /// The candidates that nobody has, each row once.
    fn free(&self, rows: impl Iterator<Item = Match<'a>>) -> Vec<Match<'a>> {
        let mut seen = HashSet::new();
        rows.filter(|it| !self.taken.contains(&it.row.id) && seen.insert(&it.row.id)).collect()
    }

    /// Takes the pairs that agree; gives what is left of both.
    fn pair(
        &mut self,
        places: Vec<usize>,
        mut rows: Vec<Match<'a>>,
        agree: &impl Fn(usize, Match<'a>) -> bool,
    ) -> (Vec<usize>, Vec<Match<'a>>) {
        /// Copies beyond this are not compared one by one: a person decides.
        const MOST_PAIRS: usize = 10_000;
        if places.len() * rows.len() > MOST_PAIRS {
            return (places, rows);
        }
        let mut left = Vec::new();
        for place in places {
            match rows.iter().position(|row| agree(place, *row)) {
                Some(at) => {
                    let row = rows.remove(at);
                    self.take(place, row);
                }
                None => left.push(place),
            }
        }
        (left, rows)
    }

    fn leave(&mut self, places: &[usize], rows: &[Match<'a>]) {
        /// More rows than this help nobody to decide.
        const MOST: usize = 20;
        for place in places {
            let rows = rows.iter().take(MOST).map(|it| it.row).collect();
            self.found[*place] = Some(Found::Undecided(rows));
        }
    }
}
