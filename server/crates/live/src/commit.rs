//! What one commit holds, and how it reaches the disk: one transaction, or nothing.

use std::sync::Arc;

use tablee_document::{Applied, CellEdit, TableDocument};
use tablee_domain::ids::{Epoch, PersonId, Revision, RowId, TableId, Timestamp, Writer};
use tablee_domain::table::{Edit, Origin};
use tablee_storage::snapshots::Snapshot;
use tablee_storage::{Store, StoreError, history, owners, revisions, snapshots, writers};

use crate::presence::PeerNumber;
use crate::room::Visible;

/// An update that the private document has taken in and nobody has seen yet.
pub(crate) struct Pending {
    /// The peer that sent it; none for the server's own.
    pub author: Option<PeerNumber>,
    pub actor: Option<PersonId>,
    pub origin: Origin,
    pub at: Timestamp,
    pub applied: Applied,
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

/// Writes updates, their edits, claims and owners in one transaction and says the new head.
pub(crate) async fn write_down(
    store: &Store,
    target: Target,
    updates: &[Pending],
    claims: &[(Writer, Option<PersonId>)],
    now: Timestamp,
) -> Result<Revision, StoreError> {
    let Target { table, epoch, head } = target;
    let mut tx = store.begin().await?;
    for (writer, owner) in claims {
        writers::claim(&mut tx, table, epoch, *writer, *owner, now).await?;
    }
    let mut last = head;
    if !updates.is_empty() {
        let entries: Vec<_> = updates.iter().map(entry).collect();
        last = revisions::append(&mut tx, table, epoch, head, &entries).await?;
        history::add(&mut tx, table, &edits(head, updates)).await?;
        for (row, person) in made_rows(updates) {
            owners::set(&mut tx, table, row, person).await?;
        }
    }
    tx.commit().await?;
    Ok(last)
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
    snapshot: Snapshot,
    shown: Arc<Visible>,
) -> Result<(), String> {
    let read_back = tokio::task::spawn_blocking(move || {
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
        snapshots::save(&mut tx, table, &snapshot).await?;
        tx.commit().await
    };
    keep.await.map_err(|error: StoreError| error.to_string())
}
