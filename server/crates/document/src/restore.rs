//! Something earlier, written again: always as ordinary edits of today, never by turning the log back.
//!
//! What people wrote elsewhere meanwhile stays, and a restore can itself be taken back: [`take_back`] undoes
//! edits where nobody has written since, and names the places where somebody has.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tablee_domain::ids::{ColumnId, RowId, Timestamp};
use tablee_domain::table::{Edit, Plain, Row, TableValues};

use crate::Writing;
use crate::layout::{DELETED, ORDER, SAID};

/// What a restore changed, and what it left alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Restored {
    /// Places whose value is another one now.
    pub changed: usize,
    /// Rows that hold them.
    pub rows: BTreeSet<RowId>,
    /// Places left as they are: somebody wrote there since, or the row is gone for good.
    pub kept: Vec<(RowId, String)>,
}

impl Restored {
    fn note(&mut self, row: &RowId, changed: bool) {
        if changed {
            self.changed += 1;
            self.rows.insert(row.clone());
        }
    }
}

/// Makes a row say what it said then, bin and place in the table included. A row that was not there then
/// goes to the bin, marked with `at`.
pub fn row(
    writing: &mut Writing<'_>,
    (id, then): (&RowId, Option<&Row>),
    at: Timestamp,
) -> Restored {
    let mut done = Restored::default();
    let Some(now) = writing.row(id) else {
        done.kept.push((id.clone(), String::new()));
        return done;
    };
    bring_back(writing, &now, then, at, &mut done);
    done
}

/// Makes the whole table say what it said then, in this one transaction: columns stay as they are, rows made
/// since go to the bin. A row that was there then and is gone for good (erased) is not made again: it is
/// named in [`Restored::kept`].
pub fn table(writing: &mut Writing<'_>, then: &TableValues, at: Timestamp) -> Restored {
    let before: HashMap<&RowId, &Row> = then.rows.iter().map(|row| (&row.id, row)).collect();
    let mut done = Restored::default();
    let here = writing.rows();
    for now in &here {
        bring_back(writing, now, before.get(&now.id).copied(), at, &mut done);
    }
    let here: BTreeSet<&RowId> = here.iter().map(|row| &row.id).collect();
    let gone = then.rows.iter().filter(|row| !here.contains(&row.id));
    done.kept.extend(gone.map(|row| (row.id.clone(), String::new())));
    done
}

fn bring_back(
    writing: &mut Writing<'_>,
    now: &Row,
    then: Option<&Row>,
    at: Timestamp,
    done: &mut Restored,
) {
    let Some(then) = then else {
        done.note(&now.id, writing.set_deleted(&now.id, Some(at)));
        return;
    };
    let columns: BTreeSet<&ColumnId> = now.cells.keys().chain(then.cells.keys()).collect();
    for column in columns {
        let value = then.cell(column.as_str());
        if now.cell(column.as_str()) != value {
            done.note(&now.id, writing.set(&now.id, column.as_str(), value.clone()));
        }
    }
    let spoken: BTreeSet<&ColumnId> = now.said.keys().chain(then.said.keys()).collect();
    for column in spoken {
        let words = then.said.get(column).cloned().map(Plain::Text).unwrap_or_default();
        done.note(&now.id, writing.set(&now.id, &format!("{column}{SAID}"), words));
    }
    if now.order != then.order {
        done.note(&now.id, writing.set(&now.id, ORDER, Plain::text(then.order.as_str())));
    }
    let mark = then.deleted.then_some(at);
    done.note(&now.id, writing.set_deleted(&now.id, mark));
}

/// Takes edits back where their last value still stands, given in the order in which they were done. A row
/// that they made goes to the bin, unless `touched` says that somebody worked in it since.
pub fn take_back(
    writing: &mut Writing<'_>,
    edits: &[Edit],
    at: Timestamp,
    touched: impl Fn(&RowId) -> bool,
) -> Restored {
    let mut done = Restored::default();
    for ((row, key), (first, last)) in spans(edits) {
        let stands = if key.is_empty() {
            writing.row(row).is_some() && !touched(row)
        } else {
            same(&writing.cell(row, key), last)
        };
        if !stands {
            done.kept.push((row.clone(), key.to_owned()));
            continue;
        }
        let changed = match key {
            "" => writing.set_deleted(row, Some(at)),
            DELETED => writing.set_deleted(row, (!first.is_empty()).then_some(at)),
            key => writing.set(row, key, first.clone()),
        };
        done.note(row, changed);
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
