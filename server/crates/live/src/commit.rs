//! What one commit holds, and how it reaches the disk: one transaction, or nothing.

use std::sync::Arc;
use std::time::Duration;

use tablee_document::{Applied, CellEdit, TableDocument};
use tablee_domain::ids::{Epoch, PersonId, Revision, RowId, TableId, Timestamp, Writer};
use tablee_domain::table::column_work::{Both, ColumnWork, NewColumn};
use tablee_domain::table::{Edit, Origin};
use tablee_storage::column_changes::NewChange;
use tablee_storage::day_values::DayValues;
use tablee_storage::snapshots::Snapshot;
use tablee_storage::{
    Store, StoreError, Tx, column_changes, day_values, erasures, history, owners, revisions,
    snapshots, tables, writers,
};

use crate::erasing::{self, Erased, Erasure};
use crate::presence::PeerNumber;
use crate::room::{ColumnNote, Visible};
use crate::{RoomConfig, days, verify};

/// An update that the private document has taken in and nobody has seen yet.
pub(crate) struct Pending {
    /// The peer that sent it; none for the server's own.
    pub author: Option<PeerNumber>,
    pub actor: Option<PersonId>,
    pub origin: Origin,
    pub at: Timestamp,
    pub applied: Applied,
    /// What was asked, where columns were.
    pub note: Option<ColumnNote>,
}

/// Where a commit goes.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub table: TableId,
    pub epoch: Epoch,
    /// The last revision that this room knows. Another one in the log means that somebody else wrote: the
    /// commit fails, and the room reads the log anew.
    pub head: Revision,
}

/// What one round of the queue brings to the disk.
pub(crate) struct Commit<'c> {
    pub target: Target,
    pub updates: &'c [Pending],
    pub claims: &'c [(Writer, Option<PersonId>)],
    pub now: Timestamp,
    /// What stood when the last day ended, with the first commit of a new one.
    pub evening: Option<Arc<Visible>>,
    pub config: &'c RoomConfig,
}

/// Writes updates, their edits, claims and owners in one transaction and says the new head.
pub(crate) async fn write_down(store: &Store, commit: Commit<'_>) -> Result<Revision, StoreError> {
    let Commit { target, updates, claims, now, evening, config } = commit;
    let Target { table, epoch, head } = target;
    let evening = pack(evening).await;
    let mut tx = store.begin().await?;
    claim(&mut tx, target, claims, now).await?;
    let entries: Vec<_> = updates.iter().map(entry).collect();
    let last = revisions::append(&mut tx, table, epoch, head, &entries).await?;
    history::add(&mut tx, table, &edits(head, updates)).await?;
    for (pending, number) in updates.iter().zip(head.get() + 1..) {
        for change in column_changes_of(pending) {
            let when = (Revision(number), pending.at);
            column_changes::add(&mut tx, table, when, &change).await?;
        }
    }
    for (row, person) in made_rows(updates) {
        owners::set(&mut tx, table, row, person).await?;
    }
    if let Some(evening) = evening {
        day_values::keep(&mut tx, table, &evening).await?;
        forget(&mut tx, table, config, now).await?;
    }
    tx.commit().await?;
    Ok(last)
}

/// Writes who reserved which writer, and nothing else.
pub(crate) async fn write_claims(
    store: &Store,
    target: Target,
    claims: &[(Writer, Option<PersonId>)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    claim(&mut tx, target, claims, now).await?;
    tx.commit().await
}

async fn claim(
    tx: &mut Tx,
    Target { table, epoch, .. }: Target,
    claims: &[(Writer, Option<PersonId>)],
    now: Timestamp,
) -> Result<(), StoreError> {
    for (writer, owner) in claims {
        writers::claim(tx, table, epoch, *writer, *owner, now).await?;
    }
    Ok(())
}

/// Away from the threads that serve sockets: a large table takes its time.
async fn pack(evening: Option<Arc<Visible>>) -> Option<DayValues> {
    let evening = evening?;
    let packing = tokio::task::spawn_blocking(move || DayValues {
        day: days::day_of(evening.at),
        epoch: evening.epoch,
        revision: evening.revision,
        at: evening.at,
        payload: days::pack(&evening.values),
    });
    packing.await.ok()
}

/// Once a day: logs of epochs that ended long ago, and days of long ago.
async fn forget(
    tx: &mut Tx,
    table: TableId,
    config: &RoomConfig,
    now: Timestamp,
) -> Result<(), StoreError> {
    let ago = |length: Duration| Timestamp(now.get() - length.as_millis() as i64);
    snapshots::drop_epochs_ended_before(tx, table, ago(config.keep_log)).await?;
    revisions::drop_epochs_ended_before(tx, table, ago(config.keep_log)).await?;
    day_values::forget_before(tx, table, &days::day_of(ago(config.keep_days))).await?;
    Ok(())
}

/// A new epoch on its way to the disk.
pub(crate) struct NewEpoch<'e> {
    /// Where the old one ends.
    pub target: Target,
    /// Claims of the old one that no commit carried yet: nobody may use those writers again.
    pub claims: &'e [(Writer, Option<PersonId>)],
    /// The server's writer in the new one.
    pub server: Writer,
    /// All of the new document.
    pub update: &'e [u8],
    pub now: Timestamp,
    /// What stood when the last day ended, if this is a new one.
    pub evening: Option<Arc<Visible>>,
    /// What must go from every other place, and who says so.
    pub erasure: Option<&'e Erasure>,
}

/// Ends an epoch and begins the next, in one transaction.
pub(crate) async fn begin_epoch(store: &Store, new: NewEpoch<'_>) -> Result<Erased, StoreError> {
    let Target { table, epoch: old, head } = new.target;
    let (now, evening) = (new.now, pack(new.evening).await);
    let mut tx = store.begin().await?;
    if let Some(evening) = evening {
        day_values::keep(&mut tx, table, &evening).await?;
    }
    claim(&mut tx, new.target, new.claims, now).await?;
    let epoch = tables::start_epoch(&mut tx, table, old).await?;
    writers::claim(&mut tx, table, epoch, new.server, None, now).await?;
    let actor = new.erasure.and_then(|erasure| erasure.asked_by);
    let origin = Origin::Program;
    let whole = revisions::LogEntry { actor, origin, at: now, update: new.update };
    revisions::append(&mut tx, table, epoch, head, &[whole]).await?;
    // Moments are told by the log; nobody opens an epoch that has ended.
    let mut places = Vec::new();
    if let Some(erasure) = new.erasure {
        places = erasing::everywhere(&mut tx, table, epoch, erasure).await?;
        let Erasure { journal, asked_by, .. } = erasure;
        erasures::record(&mut tx, table, journal, &places, *asked_by, now).await?;
        erasing::owe_rubbing_out(&mut tx).await?;
    } else {
        snapshots::drop_epochs_before(&mut tx, table, epoch).await?;
    }
    tx.commit().await?;
    let journal = new.erasure.map(|erasure| erasure.journal.clone()).unwrap_or_default();
    Ok(Erased { epoch, places, journal, at: now })
}

fn entry(pending: &Pending) -> revisions::LogEntry<'_> {
    revisions::LogEntry {
        actor: pending.actor,
        origin: pending.origin,
        at: pending.at,
        update: &pending.applied.update,
    }
}

/// Revisions have no gaps, so each update's is known before it is written.
fn edits(head: Revision, updates: &[Pending]) -> Vec<Edit> {
    let numbered = updates.iter().zip(head.get() + 1..);
    numbered
        .flat_map(|(pending, number)| {
            pending.applied.edits.iter().map(move |edit| to_edit(pending, Revision(number), edit))
        })
        .collect()
}

fn to_edit(pending: &Pending, revision: Revision, edit: &CellEdit) -> Edit {
    Edit {
        revision,
        row: edit.row.clone(),
        key: edit.key.clone(),
        before: edit.before.clone(),
        after: edit.after.clone(),
        actor: pending.actor,
        origin: pending.origin,
        at: pending.at,
        lost: edit.lost,
    }
}

/// The lines that tell what an update did to columns: one of what a person asked, or one for each column that
/// an import made and that its undo retired.
fn column_changes_of(pending: &Pending) -> Vec<NewChange> {
    let columns = &pending.applied.columns;
    let import = if let Origin::Import(import) = pending.origin { Some(import) } else { None };
    let line = |note: &ColumnNote, columns: &[Both]| NewChange {
        actor: pending.actor,
        import,
        undoes: note.undoes,
        cells: note.cells as i64,
        work: note.work.clone(),
        columns: serde_json::to_string(columns).expect("columns have a JSON"),
    };
    match &pending.note {
        _ if columns.is_empty() => Vec::new(),
        Some(note) => vec![line(note, columns)],
        None => {
            let each = columns.iter().filter_map(|both| Some((both, work_of(both)?)));
            each.map(|(both, work)| line(&ColumnNote::of(&work), std::slice::from_ref(both)))
                .collect()
        }
    }
}

fn work_of(Both { before, after }: &Both) -> Option<ColumnWork> {
    let column = after.id.clone();
    match before {
        None => {
            let (id, label, kind) = (column, after.label.fr.clone(), after.kind);
            Some(ColumnWork::Add(NewColumn { id, label, kind }))
        }
        Some(before) if before.archived == after.archived => None,
        Some(_) if after.archived => Some(ColumnWork::Retire { column }),
        Some(_) => Some(ColumnWork::Unretire { column }),
    }
}

/// Rows that people made, with their owner. What an import brings belongs to nobody.
pub(crate) fn made_rows(updates: &[Pending]) -> impl Iterator<Item = (&RowId, PersonId)> {
    updates
        .iter()
        .filter(|pending| matches!(pending.origin, Origin::Table))
        .filter_map(|pending| pending.actor.map(|person| (pending, person)))
        .flat_map(|(pending, person)| {
            pending.applied.made_rows.iter().map(move |row| (row, person))
        })
}

/// Reads a snapshot back, compares it with what the room shows, and only then keeps it.
pub(crate) async fn keep_snapshot(
    store: &Store,
    table: TableId,
    mut snapshot: Snapshot,
    shown: Arc<Visible>,
) -> Result<(), String> {
    let read_back = tokio::task::spawn_blocking(move || {
        snapshot.sha256 = verify::sha256(&snapshot.bytes).to_vec();
        // The writer is never used: nothing is written into this copy.
        let copy = TableDocument::load(snapshot.epoch, Writer(1), Some(&snapshot.bytes), [])
            .map_err(|error| error.to_string())?;
        if copy.values() == shown.values {
            Ok(snapshot)
        } else {
            Err("it reads differently".to_owned())
        }
    });
    let snapshot = read_back.await.map_err(|error| error.to_string())??;
    let keep = async {
        let mut tx = store.begin().await?;
        // Another room may have begun a new epoch meanwhile, without what must go: this one would hold it.
        let found = tables::lock(&mut tx, table).await?;
        if found.is_some_and(|found| found.epoch == snapshot.epoch) {
            snapshots::save(&mut tx, table, &snapshot).await?;
        }
        tx.commit().await
    };
    keep.await.map_err(|error: StoreError| error.to_string())
}
