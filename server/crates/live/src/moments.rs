//! What the table said then: the log of that epoch, replayed; where it is gone, the values of a day.

use tablee_document::{LoadError, TableDocument};
use tablee_domain::ids::{Epoch, Revision, TableId, Timestamp, Writer};
use tablee_domain::table::TableValues;
use tablee_storage::revisions::{EpochExtent, StoredRevision};
use tablee_storage::{Store, Tx, day_values, revisions, tables};

use crate::{RoomError, days, verify};

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

/// The table just after an update.
///
/// Exact, since only the log is asked: [`RoomError::NoSuchMoment`] where that is gone.
pub async fn at_revision(
    store: &Store,
    table: &str,
    revision: Revision,
) -> Result<Moment, RoomError> {
    let mut tx = store.read().await?;
    let id = table_of(&mut tx, table).await?;
    let epochs = revisions::epochs(&mut tx, id).await?;
    let holds = |epoch: &&EpochExtent| epoch.first <= revision && revision <= epoch.last;
    let epoch = epochs.iter().find(holds).ok_or(RoomError::NoSuchMoment)?.epoch;
    let log = verify::log_since(&mut tx, id, epoch, Revision(0)).await?;
    drop(tx);
    replay(table, epoch, log, |entry| entry.revision <= revision).await
}

/// The table at a time: the last update made by then, and all before it.
///
/// Where the log of that time is gone, the values of the day before: not exact.
pub async fn at_time(store: &Store, table: &str, at: Timestamp) -> Result<Moment, RoomError> {
    let mut tx = store.read().await?;
    let id = table_of(&mut tx, table).await?;
    let epochs = revisions::epochs(&mut tx, id).await?;
    if let Some(epoch) = epochs.iter().rfind(|epoch| epoch.began_at <= at) {
        let log = verify::log_since(&mut tx, id, epoch.epoch, Revision(0)).await?;
        drop(tx);
        return replay(table, epoch.epoch, log, |entry| entry.at <= at).await;
    }
    let kept = day_values::latest_before(&mut tx, id, at).await?;
    drop(tx);
    let kept = kept.ok_or(RoomError::NoSuchMoment)?;
    let values = days::unpack(&kept.payload).map_err(|cause| {
        let cause = format!("the values of {}: {cause}", kept.day);
        RoomError::Unreadable { table: table.to_owned(), cause }
    })?;
    let (revision, epoch, at) = (kept.revision, kept.epoch, kept.at);
    Ok(Moment { revision, epoch, at, values, exact: false })
}

async fn table_of(tx: &mut Tx, table: &str) -> Result<TableId, RoomError> {
    let record = tables::find(tx, table).await?;
    Ok(record.ok_or_else(|| RoomError::UnknownTable(table.to_owned()))?.id)
}

/// The document that the log tells up to its last line of `upto`.
async fn replay(
    table: &str,
    epoch: Epoch,
    mut log: Vec<StoredRevision>,
    upto: impl Fn(&StoredRevision) -> bool,
) -> Result<Moment, RoomError> {
    let end = log.iter().rposition(upto).ok_or(RoomError::NoSuchMoment)?;
    log.truncate(end + 1);
    let replaying = tokio::task::spawn_blocking(move || {
        let updates = log.iter().map(|entry| entry.update.as_slice());
        // The writer is never used: nothing is written into this copy.
        let document = TableDocument::load(epoch, Writer(1), None, updates)?;
        let (revision, at) = (log[end].revision, log[end].at);
        Ok(Moment { revision, epoch, at, values: document.values(), exact: true })
    });
    let unreadable = |cause: String| RoomError::Unreadable { table: table.to_owned(), cause };
    let replayed = replaying.await.map_err(|panic| unreadable(panic.to_string()))?;
    replayed.map_err(|error: LoadError| unreadable(error.to_string()))
}
