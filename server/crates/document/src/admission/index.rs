//! Where every element of the document stands: the memory of admission.
//!
//! A block of an update names its place only by its neighbours or its parent. The engine keeps what that
//! needs to itself, so this index keeps the place of each element ever inserted, beside the document: runs
//! of elements with one place are one segment, keys are numbers, and nothing is kept of contents.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use tablee_domain::ids::RowId;
use tablee_domain::table::Place;

use super::landing::{Followers, Pieces, Run};
use super::reader::Id;
use super::resolve::Additions;
use crate::layout;

/// A place in the document as two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Spot {
    /// Number of the row, from 1; 0 outside the rows.
    pub(crate) row: u32,
    /// Number of the key, from 1; 0 for the row's own entry.
    pub(crate) key: u32,
}

impl Spot {
    /// Nowhere: collected with its parent.
    pub(crate) const NOWHERE: Self = Self { row: 0, key: 0 };
    /// Somewhere in root `columns`.
    pub(crate) const COLUMNS: Self = Self { row: 0, key: 1 };
    /// Somewhere in root `meta`.
    pub(crate) const META: Self = Self { row: 0, key: 2 };

    /// The own entry of a row.
    pub(crate) fn entry(row: u32) -> Self {
        Self { row, key: 0 }
    }

    /// Whether it is outside the rows, where only the server writes.
    pub(crate) fn is_servers(self) -> bool {
        self.row == 0 && self.key != 0
    }

    /// Whether it is a row's own entry.
    pub(crate) fn is_entry(self) -> bool {
        self.row != 0 && self.key == 0
    }
}

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A value of a map, or what is left of a deleted one.
    Value,
    /// The map of a row.
    Row,
    /// A text.
    Text,
    /// Letters of a text.
    Letters,
    /// Collected with its parent.
    Garbage,
}

/// Elements of one writer that stand in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) spot: Spot,
    pub(crate) kind: Kind,
}

/// The segment of a sorted run that holds this clock.
pub(crate) fn segment_at(segments: &[Segment], clock: u32) -> Option<Segment> {
    let at = segments.partition_point(|segment| segment.end <= clock);
    segments.get(at).filter(|segment| segment.start <= clock).copied()
}

/// Adds a segment after the others, as part of the last one where both are alike.
pub(crate) fn push_segment(segments: &mut Vec<Segment>, next: Segment) {
    // A row or a text is named by its one element: such segments stay single.
    let joins = matches!(next.kind, Kind::Value | Kind::Letters | Kind::Garbage);
    match segments.last_mut() {
        Some(last)
            if joins
                && last.end == next.start
                && (last.spot, last.kind) == (next.spot, next.kind) =>
        {
            last.end = next.end;
        }
        _ => segments.push(next),
    }
}

/// A key of rows, parsed once.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    pub(crate) name: Arc<str>,
    /// None outside the grammar.
    pub(crate) place: Option<Place>,
}

impl Key {
    pub(crate) fn new(name: &str) -> Self {
        let place = layout::parse_key(name).filter(|place| *place != Place::Row);
        Self { name: Arc::from(name), place }
    }
}

#[derive(Debug)]
struct KnownRow {
    id: RowId,
    /// Its entry that was not deleted.
    entry: Option<Id>,
    /// How many keys it ever had.
    keys: u32,
}

#[derive(Debug, Default)]
struct Written {
    segments: Vec<Segment>,
    deleted: Ranges,
}

/// Where every element of the document stands.
#[derive(Debug, Default)]
pub(crate) struct Index {
    writers: HashMap<u64, Written>,
    rows: Vec<KnownRow>,
    row_numbers: HashMap<RowId, u32>,
    keys: Vec<Key>,
    key_numbers: HashMap<Arc<str>, u32>,
    /// Texts are made once; so these are never removed.
    texts: HashMap<Spot, Id>,
    /// What the engine may have to walk over in each cell.
    pieces: HashMap<Spot, Pieces>,
    followers: Followers,
}

impl Index {
    /// The clock that a writer's next element must have.
    pub(crate) fn next_clock(&self, writer: u64) -> u32 {
        self.writers
            .get(&writer)
            .and_then(|written| written.segments.last())
            .map_or(0, |segment| segment.end)
    }

    pub(crate) fn find(&self, id: Id) -> Option<Segment> {
        segment_at(&self.writers.get(&id.writer)?.segments, id.clock)
    }

    pub(crate) fn is_deleted(&self, id: Id) -> bool {
        self.writers.get(&id.writer).is_some_and(|written| written.deleted.contains(id.clock))
    }

    /// How many elements of a range are not deleted yet.
    pub(crate) fn present_in(&self, writer: u64, range: &Range<u32>) -> u32 {
        let gone = self.writers.get(&writer).map_or(0, |written| written.deleted.count_in(range));
        range.end - range.start - gone
    }

    pub(crate) fn row_number(&self, id: &str) -> Option<u32> {
        self.row_numbers.get(id).copied()
    }

    pub(crate) fn key_number(&self, name: &str) -> Option<u32> {
        self.key_numbers.get(name).copied()
    }

    pub(crate) fn row_count(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn key_count(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn row_id(&self, number: u32) -> Option<&RowId> {
        self.rows.get(number as usize - 1).map(|row| &row.id)
    }

    pub(crate) fn key(&self, number: u32) -> Option<&Key> {
        self.keys.get(number as usize - 1)
    }

    /// The entry of a row, unless it was deleted.
    pub(crate) fn live_entry(&self, row: u32) -> Option<Id> {
        self.rows.get((row as usize).checked_sub(1)?)?.entry
    }

    /// How many keys a row ever had.
    pub(crate) fn keys_of_row(&self, row: u32) -> u32 {
        (row as usize).checked_sub(1).and_then(|at| self.rows.get(at)).map_or(0, |row| row.keys)
    }

    /// How many pieces the engine may walk over in a cell; none under a key that was never there.
    pub(crate) fn pieces_in(&self, spot: Spot) -> u64 {
        self.pieces.get(&spot).map_or(0, |pieces| pieces.count.into())
    }

    /// What stands right of the letters of all texts.
    pub(crate) fn followers(&self) -> &Followers {
        &self.followers
    }

    /// The text that was made in a place.
    pub(crate) fn text(&self, spot: Spot) -> Option<Id> {
        self.texts.get(&spot).copied()
    }

    /// Whether a text was made in this cell.
    pub(crate) fn has_text(&self, row: &str, key: &str) -> bool {
        let spot = self.row_number(row).zip(self.key_number(key));
        spot.is_some_and(|(row, key)| self.texts.contains_key(&Spot { row, key }))
    }

    /// The greatest writer that wrote anything.
    pub(crate) fn greatest_writer(&self) -> u64 {
        self.writers.keys().copied().max().unwrap_or_default()
    }

    /// Elements that are only remembered as deleted.
    pub(crate) fn tombstones(&self) -> u64 {
        self.writers.values().map(|written| written.deleted.count()).sum()
    }

    /// How many segments it holds: its size.
    pub(crate) fn segments(&self) -> usize {
        self.writers.values().map(|written| written.segments.len()).sum()
    }

    /// Learns what an update added, once the engine took it, and what it deleted there.
    pub(crate) fn learn(&mut self, additions: Additions, deleted: &yrs::IdSet) {
        let Additions { segments, rows, keys, entries, texts, runs } = additions;
        for id in rows {
            self.rows.push(KnownRow { id: id.clone(), entry: None, keys: 0 });
            self.row_numbers.insert(id, self.rows.len() as u32);
        }
        for key in keys {
            self.keys.push(key.clone());
            self.key_numbers.insert(key.name, self.keys.len() as u32);
        }
        for (writer, fresh) in segments {
            let known = &mut self.writers.entry(writer).or_default().segments;
            for segment in fresh {
                push_segment(known, segment);
            }
        }
        self.texts.extend(texts);
        self.learn_runs(&runs);
        for (writer, ranges) in deleted.iter() {
            let written = self.writers.entry(writer.get()).or_default();
            for range in ranges.iter() {
                written.deleted.insert(range.clone());
            }
        }
        self.learn_deletions(deleted);
        self.learn_entries(entries);
    }

    fn learn_runs(&mut self, runs: &[Run]) {
        for run in runs {
            let pieces = self.pieces.entry(run.spot).or_default();
            if pieces.count == 0 {
                self.rows[run.spot.row as usize - 1].keys += 1;
            }
            pieces.add(run);
            if run.is_letters {
                let Self { writers, followers, .. } = self;
                let find = |id: Id| segment_at(&writers.get(&id.writer)?.segments, id.clock);
                followers.place(run, None, find);
            }
        }
    }

    /// What deletions do beside marking elements: entries of rows go, and a piece of letters becomes three.
    fn learn_deletions(&mut self, deleted: &yrs::IdSet) {
        for (writer, ranges) in deleted.iter() {
            let writer = writer.get();
            let Some(written) = self.writers.get(&writer) else { continue };
            for range in ranges.iter() {
                let from = written.segments.partition_point(|segment| segment.end <= range.start);
                let touched = &written.segments[from..];
                for segment in touched.iter().take_while(|segment| segment.start < range.end) {
                    match segment.kind {
                        Kind::Row => {
                            let entry = &mut self.rows[segment.spot.row as usize - 1].entry;
                            entry.take_if(|id| *id == Id { writer, clock: segment.start });
                        }
                        Kind::Letters => self.pieces.entry(segment.spot).or_default().cut(),
                        Kind::Value | Kind::Text | Kind::Garbage => {}
                    }
                }
            }
        }
    }

    fn learn_entries(&mut self, made: Vec<(u32, Id)>) {
        for (row, id) in made {
            // It may have lost to another entry of the same row.
            if !self.is_deleted(id) {
                self.rows[row as usize - 1].entry = Some(id);
            }
        }
    }
}

/// Clocks as ranges that do not touch.
#[derive(Debug, Default)]
struct Ranges(BTreeMap<u32, u32>);

impl Ranges {
    fn insert(&mut self, range: Range<u32>) {
        let Range { mut start, mut end } = range;
        while let Some((&from, &to)) = self.0.range(..=end).next_back() {
            if to < start {
                break;
            }
            start = start.min(from);
            end = end.max(to);
            self.0.remove(&from);
        }
        self.0.insert(start, end);
    }

    fn contains(&self, clock: u32) -> bool {
        self.0.range(..=clock).next_back().is_some_and(|(_, end)| clock < *end)
    }

    fn count_in(&self, range: &Range<u32>) -> u32 {
        let before = self.0.range(..range.start).next_back();
        let overlap =
            |start: u32, end: u32| end.min(range.end).saturating_sub(start.max(range.start));
        before.map_or(0, |(start, end)| overlap(*start, *end))
            + self.0.range(range.clone()).map(|(start, end)| overlap(*start, *end)).sum::<u32>()
    }

    fn count(&self) -> u64 {
        self.0.iter().map(|(start, end)| u64::from(end - start)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletions_are_kept_as_ranges_that_do_not_touch() {
        let mut ranges = Ranges::default();

        for range in [5..7, 9..10, 7..8, 0..1, 8..9, 3..4, 2..11] {
            ranges.insert(range);
        }

        assert_eq!(ranges.0, BTreeMap::from([(0, 1), (2, 11)]));
        assert!(ranges.contains(0) && !ranges.contains(1) && ranges.contains(10));
        assert!(!ranges.contains(11));
        assert_eq!(ranges.count_in(&(0..20)), 10);
        assert_eq!(ranges.count_in(&(4..6)), 2);
        assert_eq!(ranges.count_in(&(11..12)), 0);
        assert_eq!(ranges.count(), 10);
    }
}
