//! What the table said then: the log of that epoch, replayed.

use tablee_document::TableDocument;
use tablee_domain::ids::{Epoch, Revision, TableId, Timestamp, Writer};
use tablee_domain::table::TableValues;
use tablee_storage::revisions::StoredRevision;
use tablee_storage::{Store, Tx, tables};

use crate::{RoomError, verify};

/// The table as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The last update in it.
    pub revision: Revision,
    /// The life of the document then.
    pub epoch: Epoch,
    /// When that update was made.
    pub at: Timestamp,
    /// The values, rows in the bin too.
    pub values: TableValues,
    /// Whether it is that very moment; else the nearest one before it of which something is kept.
    pub exact: bool,
}

/// The table just after an update. Only from the log, so always exact.
pub async fn at_revision(
    store: &Store,
    table: &str,
    revision: Revision,
) -> Result<Moment, RoomError> {
    let upto = |entry: &StoredRevision| entry.revision <= revision;
    let moment = replayed(store, table, upto).await?;
    if moment.revision == revision { Ok(moment) } else { Err(RoomError::NoSuchMoment) }
}

/// The table at a time: the last update made by then and all before it.
pub async fn at_time(store: &Store, table: &str, at: Timestamp) -> Result<Moment, RoomError> {
    replayed(store, table, |entry: &StoredRevision| entry.at <= at).await
}

async fn replayed(
    store: &Store,
    table: &str,
    upto: impl Fn(&StoredRevision) -> bool,
) -> Result<Moment, RoomError> {
    let mut tx = store.read().await?;
    let record = tables::find(&mut tx, table).await?;
    let record = record.ok_or_else(|| RoomError::UnknownTable(table.to_owned()))?;
    let log = log_of(&mut tx, record.id, record.epoch).await?;
    drop(tx);
    let end = log.iter().rposition(upto).ok_or(RoomError::NoSuchMoment)?;
    replay(table, record.epoch, log, end).await
}

async fn log_of(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
) -> Result<Vec<StoredRevision>, RoomError> {
    Ok(verify::log_since(tx, table, epoch, Revision(0)).await?)
}

/// The document that the log tells up to its line `end`.
async fn replay(
    table: &str,
    epoch: Epoch,
    mut log: Vec<StoredRevision>,
    end: usize,
) -> Result<Moment, RoomError> {
    log.truncate(end + 1);
    let replaying = tokio::task::spawn_blocking(move || {
        let updates = log.iter().map(|entry| entry.update.as_slice());
        // The writer is never used: nothing is written into this copy.
        let document = TableDocument::load(epoch, Writer(1), None, updates)?;
        let last = &log[end];
        let (revision, at) = (last.revision, last.at);
        Ok(Moment { revision, epoch, at, values: document.values(), exact: true })
    });
    let unreadable = |cause: String| RoomError::Unreadable { table: table.to_owned(), cause };
    replaying
        .await
        .map_err(|panic| unreadable(panic.to_string()))?
        .map_err(|error: tablee_document::LoadError| unreadable(error.to_string()))
}
