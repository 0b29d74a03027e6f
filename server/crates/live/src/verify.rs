//! The log, replayed, is the live state: what `tablee verify` checks, and what a room checks when it opens.

use sha2::{Digest, Sha256};
use tablee_document::TableDocument;
use tablee_domain::ids::{Epoch, Revision, TableId, Writer};
use tablee_domain::table::TableValues;
use tablee_storage::snapshots::Snapshot;
use tablee_storage::{Store, StoreError, Tx, revisions, snapshots, tables};

use crate::RoomError;

/// What was found to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The last update.
    pub head: Revision,
    /// Updates of the epoch in which the table lives, replayed.
    pub updates: usize,
    /// The revision of the last snapshot that agrees with them, if there is one.
    pub snapshot: Option<Revision>,
    /// Rows, those in the bin too.
    pub rows: usize,
    /// The epochs whose log is kept, oldest first; the last is the one in which the table lives.
    pub epochs: Vec<VerifiedEpoch>,
}

/// An epoch whose log was replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifiedEpoch {
    /// Which.
    pub epoch: Epoch,
    /// Its first update.
    pub first: Revision,
    /// Its last update.
    pub last: Revision,
    /// How many it has.
    pub updates: usize,
    /// The revision of the last snapshot that agrees with them, if there is one.
    pub snapshot: Option<Revision>,
}

/// Reads every epoch that is kept in both ways, from nothing and from its snapshots, and compares.
///
/// Fails with [`RoomError::Unreadable`] on a gap, on bytes that are not those that were written, and where two
/// readings differ: log and snapshot, or the end of an epoch and the beginning of the next.
pub async fn verify(store: &Store, name: &str) -> Result<Verified, RoomError> {
    let mut tx = store.read().await?;
    let record = tables::find(&mut tx, name).await?;
    let record = record.ok_or_else(|| RoomError::UnknownTable(name.to_owned()))?;
    let unreadable = |cause: String| RoomError::Unreadable { table: name.to_owned(), cause };
    let kept = revisions::epochs(&mut tx, record.id).await?;
    let mut epochs: Vec<VerifiedEpoch> = Vec::new();
    let mut ended: Option<TableValues> = None;
    for epoch in kept.into_iter().map(|kept| kept.epoch) {
        let log = log_since(&mut tx, record.id, epoch, Revision(0)).await?;
        let snapshots = snapshots::kept(&mut tx, record.id, epoch).await?;
        let before = epochs.last().map_or_else(|| before(epoch, &log), |earlier| earlier.last);
        let replaying =
            tokio::task::spawn_blocking(move || replay(epoch, before, &log, &snapshots));
        let replayed = replaying.await.map_err(|panic| unreadable(panic.to_string()))?;
        let replayed = replayed.map_err(&unreadable)?;
        if ended.is_some_and(|ended| ended != replayed.began) {
            return Err(unreadable(format!("epoch {epoch} did not begin as the last one ended")));
        }
        ended = Some(replayed.ended);
        epochs.push(replayed.found);
    }
    let live = epochs.last().filter(|live| live.epoch == record.epoch && live.last == record.head);
    let Some(VerifiedEpoch { updates, snapshot, .. }) = live.copied() else {
        return Err(unreadable(format!("the log does not end with update {}", record.head)));
    };
    let rows = ended.map_or(0, |values| values.rows.len());
    Ok(Verified { head: record.head, updates, snapshot, rows, epochs })
}

/// An epoch with what the table said after its first and after its last update.
struct Replayed {
    found: VerifiedEpoch,
    began: TableValues,
    ended: TableValues,
}

fn replay(
    epoch: Epoch,
    before: Revision,
    log: &[revisions::StoredRevision],
    snapshots: &[Snapshot],
) -> Result<Replayed, String> {
    let (first, last) = (Revision(before.get() + 1), Revision(before.get() + log.len() as i64));
    no_gap(before, last, log)?;
    let load = |snapshot: Option<&[u8]>, after: Revision, upto: Revision| {
        let tail = log.iter().filter(|entry| after < entry.revision && entry.revision <= upto);
        let tail = tail.map(|entry| entry.update.as_slice());
        // The writer is never used: nothing is written into this copy.
        let document = TableDocument::load(epoch, Writer(1), snapshot, tail);
        document.map(|document| document.values()).map_err(|error| error.to_string())
    };
    let (began, ended) = (load(None, before, first)?, load(None, before, last)?);
    for snapshot in snapshots {
        if load(Some(intact(snapshot)?), snapshot.revision, last)? != ended {
            return Err("the snapshot and the log tell different tables".to_owned());
        }
    }
    let snapshot = snapshots.first().map(|snapshot| snapshot.revision);
    let found = VerifiedEpoch { epoch, first, last, updates: log.len(), snapshot };
    Ok(Replayed { found, began, ended })
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
