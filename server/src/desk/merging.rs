//! Two rows become one, and two again.
//!
//! What is chosen is kept first, then both rows are written in one update; a program that stops in between writes
//! it at its next start. The row that goes stays in the archive or in the bin, and its address leads to the other.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tablee_document::Writing;
use tablee_domain::ids::{PersonId, Revision, RowId};
use tablee_domain::offer::Status;
use tablee_domain::people::{Actor, Role};
use tablee_domain::table::{Origin, Plain, Row};
use tablee_live::{Restore, RoomHandle};
use tablee_storage::history::{self, Filter};
use tablee_storage::merges::{self, Merge, NewMerge};
use tablee_storage::{StoreError, not_duplicates};

use super::case::standing;
use super::deciding::Cell;
use super::found::ordered;
use super::{By, Desk, DeskError, DeskResult};
use crate::catalogue::TABLE;
use crate::sign_in::hex;

/// Entries of a row's history in which a merge is looked for.
const ENTRIES: u32 = 500;
/// The revision of a merge that is not written yet.
const NOT_YET: Revision = Revision(0);

/// Where the row goes that does not stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goes {
    /// To the archive.
    Archive,
    /// To the bin.
    Bin,
}

/// Two rows that a pilot makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Merging {
    /// The row that stays.
    pub keep: RowId,
    /// The row that goes.
    pub gone: RowId,
    /// Where it goes.
    pub goes: Goes,
    /// What changes in the row that stays.
    pub cells: Vec<Cell>,
    /// What both said when the pilot saw them: see [`fingerprint`].
    pub seen: [String; 2],
}

/// What is kept of a merge for whoever writes it.
#[derive(Debug, Serialize, Deserialize)]
struct Chosen {
    goes: Goes,
    cells: Vec<Cell>,
    after: Revision,
}

/// What was parted again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parted {
    /// The merge.
    pub merge: Merge,
    /// Places in which somebody wrote since: they stay.
    pub kept: Vec<(RowId, String)>,
}

/// What a row says, in a few letters: another one says something else.
pub fn fingerprint(row: &Row) -> String {
    let said =
        serde_json::to_vec(&(&row.cells, &row.said, row.deleted)).expect("values have a JSON");
    hex(&Sha256::digest(&said)[..8])
}

impl Desk {
    /// Makes two rows one. Gives the number of the merge.
    pub async fn merge(&self, by: By, merging: Merging) -> DeskResult<i64> {
        let desk = self.clone();
        self.apart(async move { desk.merge_now(by, merging).await }).await
    }

    async fn merge_now(&self, by: By, merging: Merging) -> DeskResult<i64> {
        let room = self.room().await?;
        let visible = room.values().await?;
        let row = |id: &RowId| visible.values.present().find(|row| row.id == *id);
        let (Some(keep), Some(gone)) = (row(&merging.keep), row(&merging.gone)) else {
            return Err(DeskError::RowGone);
        };
        if keep.id == gone.id {
            return Err(DeskError::Unknown);
        }
        if [fingerprint(keep), fingerprint(gone)] != merging.seen {
            return Err(DeskError::Moved(Vec::new()));
        }
        let Merging { keep, gone, goes, cells, .. } = merging;
        let chosen = Chosen { goes, cells, after: visible.revision };
        let words = serde_json::to_string(&chosen).expect("choices have a JSON");
        let (revision, by) = (NOT_YET, Some(by.id));
        let new = NewMerge { keep: &keep, gone: &gone, revision, by, cells: &words };
        let mut tx = self.0.store.begin().await?;
        let id = match merges::add(&mut tx, room.table(), &new, self.now()).await {
            Ok(id) => id,
            Err(StoreError::Conflict(_)) => {
                tx.rollback().await?;
                return self.carry_out_kept(&room, &keep, &gone).await;
            }
            Err(error) => return Err(error.into()),
        };
        tx.commit().await?;
        self.write_merge(id).await?;
        self.0.presence.changed();
        Ok(id)
    }

    /// The row that would go is to go already, and what was kept of that may not be written yet: it is now.
    /// Whoever asks for the same two is given that merge; whoever asks for others hears that it is done.
    async fn carry_out_kept(
        &self,
        room: &RoomHandle,
        keep: &RowId,
        gone: &RowId,
    ) -> DeskResult<i64> {
        let left = merges::unwritten(&mut self.0.store.read().await?, room.table()).await?;
        let kept = left.into_iter().find(|it| it.gone == *gone).ok_or(DeskError::RowGone)?;
        self.write_merge(kept.id).await?;
        self.0.presence.changed();
        if kept.keep == *keep { Ok(kept.id) } else { Err(DeskError::RowGone) }
    }

    /// Writes merges that were kept and are not in the rows: whoever asked for them may be gone.
    pub(super) async fn settle_merges(&self) -> DeskResult {
        let table = self.table().await?;
        let left = merges::unwritten(&mut self.0.store.read().await?, table).await?;
        for merge in left {
            match self.write_merge(merge.id).await {
                Ok(()) | Err(DeskError::Moved(_) | DeskError::RowGone) => {
                    tracing::info!(merge.id, "a merge that was left under way was carried out");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn write_merge(&self, id: i64) -> DeskResult {
        let _turn = self.0.turn.lock().await;
        // The room first: an erasure closes it, and what must not come back is not written through it.
        let room = self.0.rooms.open(TABLE).await?;
        let table = room.table();
        let mut tx = self.0.store.read().await?;
        let found = merges::find(&mut tx, table, id).await?.ok_or(DeskError::Unknown)?;
        if found.revision != NOT_YET || found.undone.is_some() {
            return Ok(());
        }
        let chosen: Option<Chosen> = serde_json::from_str(&found.cells).ok();
        let after = chosen.as_ref().map_or(NOT_YET, |chosen| chosen.after);
        let of_gone = Filter::of_row(&found.gone);
        let entries = history::page(&mut tx, table, &of_gone, None, ENTRIES).await?;
        drop(tx);
        let is_ours = |edit: &&tablee_domain::table::Edit| {
            edit.origin == Origin::Merge && edit.revision > after
        };
        let earlier = entries.iter().map(|entry| &entry.edit).find(is_ours);
        let written = match (earlier, chosen) {
            (Some(edit), _) => Ok(edit.revision),
            (None, Some(chosen)) => self.write_both(&room, &found, chosen).await?,
            // Its words were erased: there is nothing left to write.
            (None, None) => Err(DeskError::RowGone),
        };
        let mut tx = self.0.store.begin().await?;
        let done = match written {
            Ok(revision) => {
                merges::written(&mut tx, table, id, revision).await?;
                Ok(())
            }
            Err(error) => {
                merges::undo(&mut tx, table, id, found.by, self.now()).await?;
                Err(error)
            }
        };
        tx.commit().await?;
        done
    }

    async fn write_both(
        &self,
        room: &RoomHandle,
        found: &Merge,
        chosen: Chosen,
    ) -> DeskResult<Result<Revision, DeskError>> {
        let at = self.now();
        let (keep, gone) = (found.keep.clone(), found.gone.clone());
        let work = move |writing: &mut Writing<'_>| {
            let rows = (writing.row(&keep), writing.row(&gone));
            let (Some(kept), Some(went)) = rows else { return Err(DeskError::RowGone) };
            if kept.deleted || went.deleted {
                return Err(DeskError::RowGone);
            }
            let same =
                |one: &Plain, other: &Plain| one == other || one.is_empty() && other.is_empty();
            let moved = chosen.cells.iter().filter(|cell| {
                let now = standing(&kept, &cell.key);
                !same(&now, &cell.seen) && !same(&now, &cell.result)
            });
            let moved: Vec<String> = moved.map(|cell| cell.key.clone()).collect();
            if !moved.is_empty() {
                return Err(DeskError::Moved(moved));
            }
            for cell in chosen.cells {
                writing.set(&keep, &cell.key, cell.result);
            }
            match chosen.goes {
                Goes::Archive => writing.set(&gone, Status::COLUMN, Status::Archived.into()),
                Goes::Bin => writing.set_deleted(&gone, Some(at)),
            };
            Ok(())
        };
        let (done, revision) = room.write(actor(found.by), Origin::Merge, work).await?;
        Ok(done.map(|()| revision))
    }

    /// Parts two rows again, where nobody wrote since.
    pub async fn unmerge(&self, by: By, id: i64) -> DeskResult<Parted> {
        let desk = self.clone();
        self.apart(async move { desk.unmerge_now(by, id).await }).await
    }

    async fn unmerge_now(&self, by: By, id: i64) -> DeskResult<Parted> {
        let room = self.room().await?;
        let table = room.table();
        let found = merges::find(&mut self.0.store.read().await?, table, id).await?;
        let merge = found.filter(|it| it.undone.is_none() && it.revision != NOT_YET);
        let merge = merge.ok_or(DeskError::Unknown)?;
        let what = Restore::TakeBack { from: merge.revision, to: merge.revision };
        let done = room.restore(by.actor(), what, false).await?;
        let mut tx = self.0.store.begin().await?;
        merges::undo(&mut tx, table, id, Some(by.id), self.now()).await?;
        tx.commit().await?;
        self.0.presence.changed();
        Ok(Parted { merge, kept: done.restored.kept })
    }

    /// The merge of this number.
    pub async fn merge_of(&self, id: i64) -> DeskResult<Merge> {
        let table = self.table().await?;
        let found = merges::find(&mut self.0.store.read().await?, table, id).await?;
        found.ok_or(DeskError::Unknown)
    }

    /// Remembers that two rows are not one: nobody is asked again.
    pub async fn not_duplicate(&self, by: By, one: &RowId, other: &RowId) -> DeskResult {
        let (at, table) = (self.now(), self.table().await?);
        let (one, other) = ordered(one.clone(), other.clone());
        let mut tx = self.0.store.begin().await?;
        not_duplicates::add(&mut tx, table, &one, &other, Some(by.id), at).await?;
        tx.commit().await?;
        self.0.presence.changed();
        Ok(())
    }

    /// Forgets that two rows are not one: they are asked about again, where they still resemble each other.
    pub async fn maybe_duplicate(&self, one: &RowId, other: &RowId) -> DeskResult {
        let table = self.table().await?;
        let mut tx = self.0.store.begin().await?;
        not_duplicates::remove(&mut tx, table, one, other).await?;
        tx.commit().await?;
        self.0.presence.changed();
        Ok(())
    }
}

/// Whoever merged could; their role may have ended since.
fn actor(by: Option<PersonId>) -> Actor {
    by.map_or(Actor::Program, |person| Actor::Person(person, Role::Pilot))
}
