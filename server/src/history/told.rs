//! The lines that answer a question about history, with the names and titles of today.
//!
//! History keeps numbers of people and of rows. A person who left is "a former member", a row that was erased
//! has no title any more: both go without history being written anew.

use std::collections::{BTreeMap, BTreeSet};

use tablee_domain::ids::{PersonId, RowId};
use tablee_live::Visible;
use tablee_storage::history::{self, Entry};
use tablee_storage::{Tx, people};

use super::Asked;
use crate::web::error::WebResult;
use tablee_domain::ids::TableId;

/// What history answers.
#[derive(Debug)]
pub struct Told {
    /// The lines, newest first.
    pub lines: Vec<Line>,
    /// Where to go on; none at the end.
    pub next: Option<i64>,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The edit, or the run of edits.
    pub entry: Entry,
    /// Who, as they are called today; none for the program.
    pub by: Option<By>,
    /// The title of its row, which may be empty; none where the row is gone for good.
    pub title: Option<String>,
    /// Whether its row is in the bin.
    pub is_binned: bool,
}

/// A person of history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Their number.
    pub id: PersonId,
    /// Their name; none for somebody who is no longer one of us.
    pub name: Option<String>,
}

/// Asks history. `visible` is the table as it stands, for the titles.
pub async fn told(
    tx: &mut Tx,
    table: TableId,
    visible: &Visible,
    asked: &Asked,
) -> WebResult<Told> {
    let entries = history::page(tx, table, &asked.filter, asked.before, asked.limit).await?;
    // A page of long texts is shorter than asked: only another look says whether it is the last.
    let last = entries.last().map(|entry| entry.id);
    let next = match last {
        Some(last) => {
            let older = history::page(tx, table, &asked.filter, Some(last), 1).await?;
            (!older.is_empty()).then_some(last)
        }
        None => None,
    };
    let lines = lines(tx, visible, entries).await?;
    Ok(Told { lines, next })
}

/// Entries with their names and titles.
pub async fn lines(tx: &mut Tx, visible: &Visible, entries: Vec<Entry>) -> WebResult<Vec<Line>> {
    let names = names(tx, &entries).await?;
    let wanted: BTreeSet<&RowId> = entries.iter().map(|entry| &entry.edit.row).collect();
    let rows = visible.values.rows.iter().filter(|row| wanted.contains(&row.id));
    let rows: BTreeMap<RowId, (String, bool)> =
        rows.map(|row| (row.id.clone(), (row.text("intitule").to_owned(), row.deleted))).collect();
    let line = |entry: Entry| {
        let (title, is_binned) = rows.get(&entry.edit.row).cloned().unzip();
        let by = entry.edit.actor.map(|id| By { id, name: names.get(&id).cloned() });
        Line { entry, by, title, is_binned: is_binned.unwrap_or_default() }
    };
    Ok(entries.into_iter().map(line).collect())
}

async fn names(tx: &mut Tx, entries: &[Entry]) -> WebResult<BTreeMap<PersonId, String>> {
    let actors: BTreeSet<PersonId> = entries.iter().filter_map(|entry| entry.edit.actor).collect();
    let mut names = BTreeMap::new();
    for id in actors {
        if let Some(person) = people::find(tx, id).await? {
            names.insert(id, person.name);
        }
    }
    Ok(names)
}
