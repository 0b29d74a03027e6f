//! What a pilot does to a row from the desk: publish, confirm, archive, put aside.

use tablee_domain::ids::{RowId, Timestamp};
use tablee_domain::offer::Status;
use tablee_domain::offer::session::Day;
use tablee_domain::table::{Origin, Plain};
use tablee_storage::{confirmations, desk_items};

use super::{By, Desk, DeskError, DeskResult};

/// The column that says when somebody last checked an offer.
pub const CHECKED: &str = "verifie_le";
/// For how long something is put aside.
pub const ASIDE: i64 = 7 * 86_400_000;

/// The day of a moment, as a cell holds it.
pub fn today(at: Timestamp) -> Plain {
    Plain::Text(Day::of(at).iso())
}

impl Desk {
    /// Gives a row another state, where it still has the one that was seen. What is published was looked at.
    pub async fn set_status(&self, by: By, row: &RowId, seen: &str, to: Status) -> DeskResult {
        let at = self.now();
        let (id, seen) = (row.clone(), seen.to_owned());
        let room = self.room().await?;
        let work = move |writing: &mut tablee_document::Writing<'_>| {
            let Some(found) = writing.row(&id).filter(|row| !row.deleted) else {
                return Err(DeskError::RowGone);
            };
            if found.text(Status::COLUMN) != seen {
                return Err(DeskError::Moved(vec![Status::COLUMN.to_owned()]));
            }
            writing.set(&id, Status::COLUMN, to.into());
            if to == Status::Published {
                writing.set(&id, CHECKED, today(at));
            }
            Ok(())
        };
        let (done, _) = room.write(by.actor(), Origin::Table, work).await?;
        done?;
        self.0.presence.changed();
        Ok(())
    }

    /// Says that a row is still right. What is known to be stale is published again.
    pub async fn confirm(&self, by: By, row: &RowId, seen: &str) -> DeskResult {
        let (desk, row, seen) = (self.clone(), row.clone(), seen.to_owned());
        self.apart(async move { desk.confirm_now(by, &row, seen).await }).await
    }

    async fn confirm_now(&self, by: By, row: &RowId, seen: String) -> DeskResult {
        let (at, id) = (self.now(), row.clone());
        let room = self.room().await?;
        let work = move |writing: &mut tablee_document::Writing<'_>| {
            let Some(found) = writing.row(&id).filter(|row| !row.deleted) else {
                return Err(DeskError::RowGone);
            };
            if found.text(Status::COLUMN) != seen {
                return Err(DeskError::Moved(vec![Status::COLUMN.to_owned()]));
            }
            writing.set(&id, CHECKED, today(at));
            if Status::of(&found) == Status::ToUpdate {
                writing.set(&id, Status::COLUMN, Status::Published.into());
            }
            Ok(())
        };
        let (done, _) = room.write(by.actor(), Origin::Table, work).await?;
        done?;
        let mut tx = self.0.store.begin().await?;
        confirmations::add(&mut tx, room.table(), row, Some(by.id), at).await?;
        tx.commit().await?;
        self.0.presence.changed();
        Ok(())
    }

    /// Puts something aside for a week.
    pub async fn put_aside(&self, by: By, thing: &str) -> DeskResult {
        let (at, table) = (self.now(), self.table().await?);
        let mut tx = self.0.store.begin().await?;
        let until = Timestamp(at.get() + ASIDE);
        desk_items::snooze(&mut tx, table, thing, until, Some(by.id), at).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Puts it back.
    pub async fn put_back(&self, thing: &str) -> DeskResult {
        let table = self.table().await?;
        let mut tx = self.0.store.begin().await?;
        desk_items::wake(&mut tx, table, thing).await?;
        tx.commit().await?;
        Ok(())
    }
}
