//! The log, replayed, is the live state: what `tablee verify` checks, and what a room checks when it opens.

use sha2::{Digest, Sha256};
use tablee_document::TableDocument;
use tablee_domain::ids::{Epoch, Revision, TableId, Writer};
use tablee_storage::snapshots::Snapshot;
use tablee_storage::{Store, StoreError, Tx, revisions, snapshots, tables, writers};

use crate::RoomError;

/// What was found to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The last update.
    pub head: Revision,
    /// Updates replayed.
    pub updates: usize,
    /// The revision of the snapshot that agrees with them, if there is one.
    pub snapshot: Option<Revision>,
    /// Rows, those in the bin too.
    pub rows: usize,
}

/// Reads a table in both ways, from nothing and from its snapshot, and compares.
///
/// Fails with [`RoomError::Unreadable`] on a gap, on bytes that are not those that were written, and where the
/// two readings differ.
pub async fn verify(store: &Store, name: &str) -> Result<Verified, RoomError> {
    let mut tx = store.read().await?;
    let record = tables::find(&mut tx, name).await?;
    let record = record.ok_or_else(|| RoomError::UnknownTable(name.to_owned()))?;
    let (table, epoch) = (record.id, record.epoch);
    let log = log_since(&mut tx, table, epoch, Revision(0)).await?;
    let snapshot = snapshots::latest(&mut tx, table, epoch).await?;
    let claims = writers::all(&mut tx, table, epoch).await?;
    drop(tx);

    let unreadable = |cause: String| RoomError::Unreadable { table: name.to_owned(), cause };
    let first = log.first().map_or(record.head.get(), |entry| entry.revision.get() - 1);
    no_gap(Revision(first), record.head, &log).map_err(&unreadable)?;
    let server = claims.iter().find(|(_, owner)| owner.is_none()).map(|(writer, _)| *writer);
    let load = |snapshot: Option<&[u8]>, after: Revision| {
        let tail = log.iter().filter(|entry| entry.revision > after);
        let tail = tail.map(|entry| entry.update.as_slice());
        TableDocument::load(epoch, server.unwrap_or(Writer(1)), snapshot, tail)
            .map_err(|error| error.to_string())
    };
    let replayed = load(None, Revision(0)).map_err(&unreadable)?;
    if let Some(snapshot) = &snapshot {
        let bytes = intact(snapshot).map_err(&unreadable)?;
        let shortened = load(Some(bytes), snapshot.revision).map_err(&unreadable)?;
        if shortened.values() != replayed.values() {
            return Err(unreadable("the snapshot and the log tell different tables".to_owned()));
        }
    }
    Ok(Verified {
        head: record.head,
        updates: log.len(),
        snapshot: snapshot.map(|snapshot| snapshot.revision),
        rows: replayed.values().rows.len(),
    })
}

/// The log of an epoch after a revision, asked for in pieces.
pub(crate) async fn log_since(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
    after: Revision,
) -> Result<Vec<revisions::StoredRevision>, StoreError> {
    const PIECE: u32 = 1_000;
    let (mut log, mut last) = (Vec::new(), after);
    loop {
        let piece = revisions::since(tx, table, epoch, last, PIECE).await?;
        match piece.last() {
            Some(entry) => last = entry.revision,
            None => return Ok(log),
        }
        log.extend(piece);
    }
}

/// The revision before the log of an epoch. The first epoch begins with the first revision; a later one begins
/// where the one before it ended, and its document says itself whether its beginning is there.
pub(crate) fn before(epoch: Epoch, log: &[revisions::StoredRevision]) -> Revision {
    let first = log.first().filter(|_| epoch > Epoch(1));
    first.map_or(Revision(0), |first| Revision(first.revision.get() - 1))
}

/// That a log runs from just after `after` to `head`, one by one.
pub(crate) fn no_gap(
    after: Revision,
    head: Revision,
    log: &[revisions::StoredRevision],
) -> Result<(), String> {
    let expected = after.get() + 1..=head.get();
    if expected.clone().eq(log.iter().map(|entry| entry.revision.get())) {
        return Ok(());
    }
    let missing = expected.zip(log).find(|(number, entry)| entry.revision.get() != *number);
    let place = missing.map_or(after.get() + log.len() as i64 + 1, |(number, _)| number);
    Err(format!("update {place} is missing from the log"))
}

/// The bytes of a snapshot, if they are those that were written.
pub(crate) fn intact(snapshot: &Snapshot) -> Result<&[u8], String> {
    if sha256(&snapshot.bytes)[..] == snapshot.sha256[..] {
        Ok(&snapshot.bytes)
    } else {
        Err(format!("the snapshot of update {} is damaged", snapshot.revision))
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
