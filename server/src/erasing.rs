//! What must go for good: asked for by an administrator or the operator, done by the room, noted outside the
//! database.
//!
//! A backup that is put back brings back what was erased since it was made. So each erasure is also a line of
//! a [`journal`] beside the database, and a start does again what its database does not know, before the
//! doors open. The journal holds places, never words: where words stood, the whole cell goes the second time.

pub mod journal;

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Context;
use tablee_domain::ids::{ColumnId, RowId};
use tablee_domain::people::Actor;
use tablee_domain::table::{Row, TableValues, ToErase};
use tablee_live::erasing::Place;
use tablee_live::{RoomError, Rooms};
use tablee_storage::erasures::{self, Erasure};
use tablee_storage::history::{self, Filter};
use tablee_storage::{Store, StoreError, tables};
use tokio::sync::Mutex;

use journal::{Journal, Line};

/// Erases, one erasure at a time.
#[derive(Clone)]
pub struct Eraser {
    store: Store,
    rooms: Rooms,
    journal: Arc<Mutex<Journal>>,
}

/// Why an erasure was not done, or not noted.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The table did not take it.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is done, and the journal could not be written: the next start tries again.
    #[error("it is erased, but the journal of erasures could not be written")]
    NotNoted(#[source] anyhow::Error),
}

impl Eraser {
    /// An eraser whose journal stands in this folder.
    pub fn new(store: Store, rooms: Rooms, folder: &std::path::Path) -> Self {
        let journal = Arc::new(Mutex::new(Journal::in_folder(folder)));
        Self { store, rooms, journal }
    }

    /// Where the erasure would find something. Changes nothing.
    pub async fn places(&self, table: &str, what: &ToErase) -> Result<Vec<Place>, RoomError> {
        self.rooms.erase_places(table, what).await
    }

    /// Erases, and notes it in the journal. Gives the receipt.
    pub async fn erase(
        &self,
        by: Actor,
        table: &str,
        what: &ToErase,
    ) -> Result<Erasure, EraseError> {
        let journal = self.journal.lock().await;
        let stood = self.cells_of_words(table, what).await?;
        let erasure = self.in_the_room(by, table, what).await?;
        let line = Line::of(table, &erasure, stood);
        journal.append(line).await.map_err(EraseError::NotNoted)?;
        Ok(erasure)
    }

    /// Does again what the journal knows and the database does not, and notes what only the database knows.
    /// Says how many erasures were done again.
    pub async fn catch_up(&self) -> anyhow::Result<usize> {
        let journal = self.journal.lock().await;
        let lines = journal.read().await?;
        let mut done = 0;
        let tables = tables::all(&mut self.store.read().await?).await?;
        for table in tables {
            let name = table.name.as_str();
            let mut known = erasures::all(&mut self.store.read().await?, table.id).await?;
            for line in lines.iter().filter(|line| line.table == name) {
                if known.iter().any(|erasure| line.is_done_by(erasure)) {
                    continue;
                }
                let what = line.to_erase();
                let again = self.in_the_room(Actor::Program, name, &what).await;
                let again = again.context("an erasure of the journal could not be done again")?;
                tracing::warn!(table = name, erasure.at = %line.at, epoch = %again.id,
                    "an older database was put back: an erasure was done again");
                known.push(again);
                done += 1;
            }
            for erasure in &known {
                if !lines.iter().any(|line| line.table == name && line.tells_of(erasure)) {
                    journal.append(Line::of(name, erasure, BTreeSet::new())).await?;
                }
            }
        }
        Ok(done)
    }

    async fn in_the_room(
        &self,
        by: Actor,
        table: &str,
        what: &ToErase,
    ) -> Result<Erasure, EraseError> {
        let room = self.rooms.open(table).await?;
        let id = room.table();
        let erased = room.erase(by, what).await?;
        let all = erasures::all(&mut self.store.read().await?, id).await?;
        let erasure = all.into_iter().next_back();
        let erasure = erasure.ok_or(RoomError::Closed)?;
        tracing::info!(table, erasure.id = erasure.id, epoch = %erased.epoch, "something was erased");
        Ok(erasure)
    }

    /// The cells in which the words stand, now or in history.
    async fn cells_of_words(
        &self,
        table: &str,
        what: &ToErase,
    ) -> Result<BTreeSet<(RowId, ColumnId)>, EraseError> {
        let words = ToErase { words: what.words.clone(), ..ToErase::default() };
        if words.is_empty() {
            return Ok(BTreeSet::new());
        }
        let visible = self.rooms.values(table).await?;
        let mut cells = cells_in(&visible.values, &words);
        drop(visible);
        let id = self.rooms.open(table).await?.table();
        let mut before = None;
        loop {
            let mut tx = self.store.read().await?;
            let page = history::page(&mut tx, id, &Filter::default(), before, AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(cells) };
            before = Some(last.id);
            let edits = page.into_iter().map(|entry| entry.edit);
            cells.extend(edits.filter_map(|edit| {
                let holds = |value| words.redacted(&edit.row, &edit.key, value).is_some();
                let column = column_of(&edit.key)?;
                (holds(&edit.before) || holds(&edit.after)).then_some((edit.row, column))
            }));
        }
    }
}

/// Lines of history read at once.
const AT_ONCE: u32 = 2_000;

fn cells_in(values: &TableValues, words: &ToErase) -> BTreeSet<(RowId, ColumnId)> {
    values.rows.iter().flat_map(|row| columns_of_words(row, words)).collect()
}

fn columns_of_words<'r>(
    row: &'r Row,
    words: &'r ToErase,
) -> impl Iterator<Item = (RowId, ColumnId)> + 'r {
    let cells = row
        .cells
        .iter()
        .filter(|(column, value)| words.redacted(&row.id, column.as_str(), value).is_some());
    let said = row.said.iter().filter(|(_, text)| words.redacted_text(text).is_some());
    let columns = cells.map(|(column, _)| column).chain(said.map(|(column, _)| column));
    columns.map(|column| (row.id.clone(), column.clone()))
}

/// The column of a key; none for the row's own.
fn column_of(key: &str) -> Option<ColumnId> {
    ColumnId::new(key.split(['/', '~']).next().unwrap_or_default()).ok()
}
