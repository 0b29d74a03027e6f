//! The lines that answer a question about history, with the names and titles of today.
//!
//! History keeps numbers of people and of rows. A person who left is "a former member", a row that was erased
//! has no title any more: both go without history being written anew.

use std::collections::{BTreeMap, BTreeSet};

use tablee_domain::ids::{PersonId, ProposalId, RowId};
use tablee_domain::table::Origin;
use tablee_live::Visible;
use tablee_storage::history::{self, Entry};
use tablee_storage::{Tx, people, proposals};

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
    /// The proposal that was accepted, where it came through one.
    pub proposed: Option<Proposed>,
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

/// A proposal of history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Its number.
    pub id: ProposalId,
    /// Who asked for it; none for somebody who had not signed in.
    pub by: Option<By>,
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
    let authors = authors(tx, &entries).await?;
    let names = names(tx, &entries, authors.values().flatten()).await?;
    let wanted: BTreeSet<&RowId> = entries.iter().map(|entry| &entry.edit.row).collect();
    let rows = visible.values.rows.iter().filter(|row| wanted.contains(&row.id));
    let rows: BTreeMap<RowId, (String, bool)> =
        rows.map(|row| (row.id.clone(), (row.text("intitule").to_owned(), row.deleted))).collect();
    let line = |entry: Entry| {
        let (title, is_binned) = rows.get(&entry.edit.row).cloned().unzip();
        let named = |id: PersonId| By { id, name: names.get(&id).cloned() };
        let by = entry.edit.actor.map(named);
        let proposed = proposal_of(&entry)
            .map(|id| Proposed { id, by: authors.get(&id).copied().flatten().map(named) });
        Line { entry, by, proposed, title, is_binned: is_binned.unwrap_or_default() }
    };
    Ok(entries.into_iter().map(line).collect())
}

fn proposal_of(entry: &Entry) -> Option<ProposalId> {
    if let Origin::Proposal(id) = entry.edit.origin { Some(id) } else { None }
}

/// Who asked for the proposals that entries came through.
async fn authors(
    tx: &mut Tx,
    entries: &[Entry],
) -> WebResult<BTreeMap<ProposalId, Option<PersonId>>> {
    let mut authors = BTreeMap::new();
    for id in entries.iter().filter_map(proposal_of).collect::<BTreeSet<_>>() {
        authors.insert(id, proposals::author_of(tx, id).await?.flatten());
    }
    Ok(authors)
}

async fn names(
    tx: &mut Tx,
    entries: &[Entry],
    authors: impl Iterator<Item = &PersonId>,
) -> WebResult<BTreeMap<PersonId, String>> {
    let actors = entries.iter().filter_map(|entry| entry.edit.actor);
    let mut names = BTreeMap::new();
    for id in actors.chain(authors.copied()).collect::<BTreeSet<_>>() {
        if let Some(person) = people::find(tx, id).await? {
            names.insert(id, person.name);
        }
    }
    Ok(names)
}
