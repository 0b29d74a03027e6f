//! Work at columns: one transaction of the room, its line in the database, and a word to everybody.

use tablee_document::Writing;
use tablee_document::columns::{Changed, Undoing, change, undo};
use tablee_domain::ids::Revision;
use tablee_domain::people::Actor;
use tablee_domain::table::Origin;
use tablee_domain::table::column_work::{Both, ColumnError, ColumnWork};
use tablee_storage::{StoreError, Tx, column_changes, history};
use tokio::sync::oneshot;

use crate::protocol::Notice;
use crate::room::{ColumnNote, ColumnRequest, Request};
use crate::{RoomError, RoomHandle};

/// The key of the sentence that everybody is told.
const COLUMNS: &str = "columns";
/// Undos of undos that are followed: nobody goes back and forth more often.
const DEEPEST: usize = 1_000;

/// What a pilot asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedColumns {
    /// The work.
    pub work: ColumnWork,
    /// The column as the person saw it
    /// ([`fingerprint`](tablee_domain::table::column_work::fingerprint)): where it is another one now, nothing
    /// is done.
    pub seen: Option<String>,
}

impl From<ColumnWork> for AskedColumns {
    fn from(work: ColumnWork) -> Self {
        Self { work, seen: None }
    }
}

/// What was done, or would be.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnsDone {
    /// The number of the change, to take it back; none of a dry run.
    pub change: Option<i64>,
    /// The update that did it; of a dry run, the last one that it saw.
    pub revision: Revision,
    /// What changed.
    pub changed: Changed,
}

/// Why nothing was done to the columns.
#[derive(Debug, thiserror::Error)]
pub enum ColumnsError {
    /// It cannot be done: the person is told why.
    #[error(transparent)]
    Column(#[from] ColumnError),
    /// The room or the database did not do it.
    #[error(transparent)]
    Room(#[from] RoomError),
}

impl From<StoreError> for ColumnsError {
    fn from(error: StoreError) -> Self {
        Self::Room(error.into())
    }
}

/// Work that knows all it needs.
pub(crate) type ColumnJob =
    Box<dyn FnOnce(&mut Writing<'_>) -> Result<Changed, ColumnError> + Send>;

impl RoomHandle {
    /// Changes columns in one transaction, with their cells, and tells everybody. Who may ask is up to the
    /// caller.
    ///
    /// A dry run says what would change and changes nothing.
    pub async fn change_columns(
        &self,
        actor: Actor,
        asked: impl Into<AskedColumns>,
        dry_run: bool,
    ) -> Result<ColumnsDone, ColumnsError> {
        let AskedColumns { work, seen } = asked.into();
        let note = ColumnNote::of(&work);
        let job = self.job(work, seen).await?;
        if dry_run {
            let (changed, revision) = self.rehearse(job).await?;
            return Ok(ColumnsDone { change: None, revision, changed: changed? });
        }
        let (reply, answer) = oneshot::channel();
        let request = ColumnRequest { actor, note, work: job, reply };
        self.ask(Request::Columns(Box::new(request))).await?;
        let (changed, revision) = answer.await.map_err(|_| RoomError::Closed)?;
        let changed = changed?;
        // Done is done, even where its number or a name cannot be read.
        let change = self.number_of(revision).await.unwrap_or_default();
        self.tell_of_columns(actor, changed.cells).await;
        Ok(ColumnsDone { change, revision, changed })
    }

    async fn job(&self, work: ColumnWork, seen: Option<String>) -> Result<ColumnJob, ColumnsError> {
        let ColumnWork::Undo { change: id } = work else {
            return Ok(Box::new(move |writing| change(writing, &work, seen.as_deref())));
        };
        let mut tx = self.parts.store.read().await?;
        let undoing = self.undoing(&mut tx, id).await?;
        let at = self.parts.clock.now();
        Ok(Box::new(move |writing| undo(writing, &undoing, at)))
    }

    /// What is known of a change that shall be taken back.
    async fn undoing(&self, tx: &mut Tx, id: i64) -> Result<Undoing, ColumnsError> {
        let found = column_changes::find(tx, self.table(), id).await?;
        let found = found.ok_or(ColumnError::UnknownChange)?;
        let columns: Vec<Both> = self.read(&found.change.columns)?;
        let mut edits =
            history::of_revisions(tx, self.table(), found.revision, found.revision).await?;
        edits.retain(|edit| edit.origin == Origin::Columns);
        let mut work: ColumnWork = self.read(&found.change.work)?;
        let mut forward = false;
        for _ in 0..DEEPEST {
            let ColumnWork::Undo { change: earlier } = work else {
                return Ok(Undoing { columns, edits, again: forward.then_some(work) });
            };
            forward = !forward;
            let earlier = column_changes::find(tx, self.table(), earlier).await?;
            let earlier = earlier.ok_or(ColumnError::UnknownChange)?;
            work = self.read(&earlier.change.work)?;
        }
        Err(ColumnError::UnknownChange.into())
    }

    async fn number_of(&self, revision: Revision) -> Result<Option<i64>, StoreError> {
        let mut tx = self.parts.store.read().await?;
        let found = column_changes::of_revision(&mut tx, self.table(), revision).await?;
        Ok(found.map(|change| change.id))
    }

    async fn tell_of_columns(&self, actor: Actor, cells: usize) {
        let notice = Notice {
            key: COLUMNS.to_owned(),
            by: self.name_of(actor).await.unwrap_or_default(),
            cells: Some(cells),
            at: Some(self.parts.clock.now()),
            ..Notice::default()
        };
        // A room that closed meanwhile has nobody to tell.
        let _ = self.announce(notice).await;
    }
}

impl RoomHandle {
    fn read<T: serde::de::DeserializeOwned>(&self, json: &str) -> Result<T, RoomError> {
        serde_json::from_str(json).map_err(|error| RoomError::Unreadable {
            table: self.name().to_owned(),
            cause: format!("a change of its columns: {error}"),
        })
    }
}
