//! Something earlier, written again: read from the log or from history, then written through everybody's door.

use std::collections::{HashMap, HashSet};

use tablee_document::columns;
use tablee_document::restore::{self, Restored};
use tablee_document::{TableDocument, Writing};
use tablee_domain::ids::{ColumnId, ImportId, Revision, RowId, Timestamp, Writer};
use tablee_domain::people::Actor;
use tablee_domain::table::column_work::Both;
use tablee_domain::table::{Edit, Origin};
use tablee_storage::column_changes::{self, ColumnChange};
use tablee_storage::{history, import_plans, people};

use crate::protocol::Notice;
use crate::{RoomError, RoomHandle, moments};

/// The key of the sentence that everybody is told.
const RESTORED: &str = "restored";

/// What shall be as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restore {
    /// A row says what it said after that update; one that was not there yet goes to the bin.
    Row {
        /// The row.
        row: RowId,
        /// The update.
        to: Revision,
    },
    /// A row comes out of the bin.
    RowFromBin {
        /// The row.
        row: RowId,
    },
    /// All that an import did is taken back, where nobody wrote since.
    Import(ImportId),
    /// The whole table says what it said after that update.
    Moment(Revision),
    /// The whole table says what it said at that time, as nearly as anything is kept of it.
    MomentAt(Timestamp),
    /// What these updates did is taken back, where nobody wrote since: also how a restore is undone.
    TakeBack {
        /// The first.
        from: Revision,
        /// The last.
        to: Revision,
    },
}

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The update that did it; of a dry run, the last update that it saw.
    pub revision: Revision,
    /// What changed, and what was left alone.
    pub restored: Restored,
}

/// A restore that knows all it needs: what is left is to compare it with what stands.
type Work = Box<dyn FnOnce(&mut Writing<'_>) -> Restored + Send>;

impl RoomHandle {
    /// Restores in one transaction, as ordinary edits of today that can be taken back, and tells everybody.
    ///
    /// A dry run says what would change and changes nothing.
    pub async fn restore(
        &self,
        actor: Actor,
        what: Restore,
        dry_run: bool,
    ) -> Result<Done, RoomError> {
        let at = self.parts.clock.now();
        let work = self.prepare(what, at).await?;
        if dry_run {
            let (restored, revision) = self.rehearse(work).await?;
            return Ok(Done { revision, restored });
        }
        let (restored, revision) = self.write(actor, Origin::Restore, work).await?;
        if restored.changed > 0 {
            // Done is done: whoever asked hears so, even where the name of the notice cannot be read.
            let by = self.name_of(actor).await.unwrap_or_default();
            let notice = Notice {
                key: RESTORED.to_owned(),
                by,
                cells: Some(restored.changed),
                at: Some(at),
                ..Notice::default()
            };
            // A room that closed meanwhile has nobody to tell.
            let _ = self.announce(notice).await;
        }
        Ok(Done { revision, restored })
    }

    /// Reads what the restore needs to know of the past.
    async fn prepare(&self, what: Restore, at: Timestamp) -> Result<Work, RoomError> {
        let store = &self.parts.store;
        Ok(match what {
            Restore::Row { row, to } => {
                let then = moments::at_revision(store, self.name(), to).await?.values;
                Box::new(move |writing| {
                    let before = then.rows.iter().find(|found| found.id == row);
                    restore::row(writing, (&row, before), &then.columns, at)
                })
            }
            Restore::RowFromBin { row } => Box::new(move |writing| out_of_the_bin(writing, &row)),
            Restore::Moment(to) => {
                let then = moments::at_revision(store, self.name(), to).await?.values;
                Box::new(move |writing| restore::table(writing, &then, at))
            }
            Restore::MomentAt(then) => {
                let then = moments::at_time(store, self.name(), then).await?.values;
                Box::new(move |writing| restore::table(writing, &then, at))
            }
            Restore::Import(import) => {
                let mut tx = store.read().await?;
                let plan = import_plans::of_import(&mut tx, import).await?;
                if plan.is_some_and(|plan| plan.state == import_plans::State::Applying) {
                    return Err(RoomError::UnderWay);
                }
                let edits = history::of_import(&mut tx, import).await?;
                let made = column_changes::of_import(&mut tx, import).await?;
                drop(tx);
                let take_back = self.take_back(edits, at).await?;
                let made: Vec<ColumnId> = made.iter().flat_map(made_columns).collect();
                Box::new(move |writing| {
                    let done = take_back(writing);
                    columns::retire_empty(writing, &made);
                    done
                })
            }
            Restore::TakeBack { from, to } => {
                let mut tx = store.read().await?;
                let edits = history::of_revisions(&mut tx, self.table(), from, to).await?;
                drop(tx);
                self.take_back(edits, at).await?
            }
        })
    }

    /// Takes edits back, and leaves rows that they made where somebody worked in them since.
    async fn take_back(&self, edits: Vec<Edit>, at: Timestamp) -> Result<Work, RoomError> {
        let made: HashSet<&RowId> =
            edits.iter().filter(|edit| edit.key.is_empty()).map(|edit| &edit.row).collect();
        let last = edits.iter().map(|edit| edit.revision).max().unwrap_or(Revision(0));
        // The values are read before history, and history before the room takes its turn: what somebody does
        // in between is in history, or makes the row another one than it was seen.
        let seen = self.values().await?;
        let mut tx = self.parts.store.read().await?;
        let mut untouched = HashMap::new();
        for row in seen.values.rows.iter().filter(|row| made.contains(&row.id)) {
            if !history::since_revision(&mut tx, self.table(), &row.id, last).await? {
                untouched.insert(row.id.clone(), row.clone());
            }
        }
        Ok(Box::new(move |writing| {
            untouched.retain(|id, seen| writing.row(id).as_ref() == Some(seen));
            restore::take_back(writing, &edits, at, |row| !untouched.contains_key(row))
        }))
    }

    /// Does the work on a copy of what is durable.
    pub(crate) async fn rehearse<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> R + Send + 'static,
    ) -> Result<(R, Revision), RoomError> {
        let copy = self.copy().await?;
        let unreadable =
            |cause: String| RoomError::Unreadable { table: self.name().to_owned(), cause };
        let trying = tokio::task::spawn_blocking(move || {
            let bytes = Some(copy.bytes.as_slice());
            let mut document = TableDocument::load(copy.epoch, Writer(1), bytes, [])
                .map_err(|error| error.to_string())?;
            let (done, _) = document.write(work).map_err(|error| error.to_string())?;
            Ok((done, copy.revision))
        });
        trying.await.map_err(|panic| unreadable(panic.to_string()))?.map_err(unreadable)
    }

    pub(crate) async fn name_of(&self, actor: Actor) -> Result<Option<String>, RoomError> {
        let Some(person) = actor.person() else { return Ok(None) };
        let found = people::find(&mut self.parts.store.read().await?, person).await?;
        Ok(found.map(|person| person.name))
    }
}

/// The columns that a change made.
fn made_columns(change: &ColumnChange) -> Vec<ColumnId> {
    let columns: Vec<Both> = serde_json::from_str(&change.change.columns).unwrap_or_default();
    let made = columns.into_iter().filter(|both| both.before.is_none());
    made.map(|both| both.after.id).collect()
}

fn out_of_the_bin(writing: &mut Writing<'_>, row: &RowId) -> Restored {
    let mut done = Restored::default();
    if writing.row(row).is_none() {
        done.kept.push((row.clone(), String::new()));
    } else if writing.set_deleted(row, None) {
        done.changed = 1;
        done.rows.insert(row.clone());
    }
    done
}
