//! Something earlier, written again: always as ordinary edits of today, never by turning the log back.
//!
//! What people wrote elsewhere meanwhile stays, and a restore can itself be taken back: [`take_back`] undoes
//! edits where nobody has written since, and names the places where somebody has.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tablee_domain::ids::{ColumnId, RowId, Timestamp};
use tablee_domain::table::{Columns, Edit, Plain, Row, TableValues};

use crate::Writing;
use crate::layout::{DELETED, ORDER, SAID};

/// What a restore changed, and what it left alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Restored {
    /// Places whose value is another one now; a list is one place.
    pub changed: usize,
    /// Rows that hold them.
    pub rows: BTreeSet<RowId>,
    /// Those of the rows that went to the bin: one place each.
    pub binned: BTreeSet<RowId>,
    /// Those of the rows that came out of it: one place each.
    pub unbinned: BTreeSet<RowId>,
    /// Those of the rows whose cells say something else now.
    pub written: BTreeSet<RowId>,
    /// Places left as they are: somebody wrote there since, the row is gone for good, or its column is not
    /// what it was. The empty key is the row itself.
    pub kept: Vec<(RowId, String)>,
}

impl Restored {
    fn changed(&mut self, row: &RowId) {
        self.changed += 1;
        self.rows.insert(row.clone());
    }

    fn kept(&mut self, row: &RowId, key: &str) {
        self.kept.push((row.clone(), key.to_owned()));
    }

    /// Writes a value over another one.
    fn set(&mut self, writing: &mut Writing<'_>, (row, key): (&RowId, &str), value: Plain) {
        if writing.set(row, key, value) {
            self.changed(row);
            self.written.insert(row.clone());
        } else {
            self.kept(row, key);
        }
    }

    fn set_deleted(&mut self, writing: &mut Writing<'_>, row: &RowId, at: Option<Timestamp>) {
        if writing.set_deleted(row, at) {
            self.changed(row);
            let rows = if at.is_some() { &mut self.binned } else { &mut self.unbinned };
            rows.insert(row.clone());
        }
    }

    /// Cells whose value is another one now; rows that went to the bin or came out of it are none.
    pub fn cells(&self) -> usize {
        self.changed.saturating_sub(self.binned.len() + self.unbinned.len())
    }
}

/// Makes a row say what it said then, bin and place in the table included. A row that was not there then
/// goes to the bin, marked with `at`.
///
/// `columns` are those of then: one that was not there said nothing, and keeps what it says: one that has changed its kind since
/// would be emptied otherwise.
pub fn row(
    writing: &mut Writing<'_>,
    (id, then): (&RowId, Option<&Row>),
    columns: &Columns,
    at: Timestamp,
) -> Restored {
    let mut done = Restored::default();
    match writing.row(id) {
        Some(now) => bring_back(writing, &now, (then, columns), at, &mut done),
        None => done.kept(id, ""),
    }
    done
}

/// Makes the whole table say what it said then, in this one transaction: columns stay as they are, rows made
/// since go to the bin. A row that was there then and is gone for good (erased) is not made again: it is
/// named in [`Restored::kept`].
pub fn table(writing: &mut Writing<'_>, then: &TableValues, at: Timestamp) -> Restored {
    let mut before: HashMap<&RowId, &Row> = then.rows.iter().map(|row| (&row.id, row)).collect();
    let mut done = Restored::default();
    for now in writing.rows() {
        let before = before.remove(&now.id);
        bring_back(writing, &now, (before, &then.columns), at, &mut done);
    }
    let gone = then.rows.iter().filter(|row| before.contains_key(&row.id));
    gone.for_each(|row| done.kept(&row.id, ""));
    done
}

fn bring_back(
    writing: &mut Writing<'_>,
    now: &Row,
    (then, columns): (Option<&Row>, &Columns),
    at: Timestamp,
    done: &mut Restored,
) {
    let was_there = |column: &&ColumnId| columns.get(column.as_str()).is_some();
    let Some(then) = then else { return done.set_deleted(writing, &now.id, Some(at)) };
    let cells = now.cells.keys().filter(was_there).chain(then.cells.keys());
    for column in cells.collect::<BTreeSet<_>>() {
        let value = then.cell(column.as_str());
        if now.cell(column.as_str()) != value {
            done.set(writing, (&now.id, column.as_str()), value.clone());
        }
    }
    let said = now.said.keys().filter(was_there).chain(then.said.keys());
    for column in said.collect::<BTreeSet<_>>() {
        let words = then.said.get(column);
        if now.said.get(column) != words {
            let words = words.map(|words| Plain::text(words.as_str())).unwrap_or_default();
            done.set(writing, (&now.id, &format!("{column}{SAID}")), words);
        }
    }
    if now.order != then.order {
        done.set(writing, (&now.id, ORDER), Plain::text(then.order.as_str()));
    }
    done.set_deleted(writing, &now.id, then.deleted.then_some(at));
}

/// Takes edits back where their last value still stands, given in the order in which they were done.
///
/// A row that they made goes to the bin as it is, unless `touched` says that somebody worked in it since:
/// then it stays as it is, with what the edits put there.
pub fn take_back(
    writing: &mut Writing<'_>,
    edits: &[Edit],
    at: Timestamp,
    touched: impl Fn(&RowId) -> bool,
) -> Restored {
    let mut done = Restored::default();
    let made = edits.iter().filter(|edit| edit.key.is_empty() && !edit.lost);
    let made: BTreeSet<&RowId> = made.map(|edit| &edit.row).collect();
    for row in &made {
        if writing.row(row).is_none() || touched(row) {
            done.kept(row, "");
        } else {
            done.set_deleted(writing, row, Some(at));
        }
    }
    for ((row, key), (first, last)) in spans(edits) {
        if made.contains(row) || same(first, last) {
            continue;
        }
        if !same(&writing.cell(row, key), last) {
            done.kept(row, key);
        } else if key == DELETED {
            done.set_deleted(writing, row, (!first.is_empty()).then_some(at));
        } else {
            done.set(writing, (row, key), first.clone());
        }
    }
    done
}

/// The value before the first and after the last edit of each place.
fn spans(edits: &[Edit]) -> BTreeMap<(&RowId, &str), (&Plain, &Plain)> {
    let mut spans = BTreeMap::new();
    for edit in edits.iter().filter(|edit| !edit.lost) {
        let place = (&edit.row, edit.key.as_str());
        let (_, last) = spans.entry(place).or_insert((&edit.before, &edit.after));
        *last = &edit.after;
    }
    spans
}

/// A text that was emptied is as empty as one that never was.
fn same(here: &Plain, there: &Plain) -> bool {
    here == there || here.is_empty() && there.is_empty()
}
