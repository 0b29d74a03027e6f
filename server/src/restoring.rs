//! Something earlier, written again: who may ask for it, and what is asked of the room.
//!
//! A cell may be restored by whoever may edit it, rows, imports and moments by pilots; whoever restored cells
//! may take that back. Every restore is an ordinary edit of today, so that it can itself be taken back.

use tablee_document::layout::parse_key;
use tablee_document::restore::Restored;
use tablee_domain::ids::{Revision, RowId};
use tablee_domain::people::{MembersEdit, RowFacts, allows};
use tablee_domain::table::{Action, Change, Edit, Origin, Place, Plain, Row};
use tablee_live::{Done, Restore, RoomHandle, Visible};
use tablee_storage::{Tx, history, owners};

use crate::app::App;
use crate::web::error::{WebError, WebResult};
use crate::web::extract::Somebody;

/// What somebody wants back.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// One place of a row says this again.
    Value {
        /// The row.
        row: RowId,
        /// Its key.
        key: String,
        /// What it shall say.
        value: Plain,
    },
    /// A row, an import, a moment, or what a restore did.
    Whole(Restore),
}

/// A way to restore for one person.
pub struct Restorer<'a> {
    /// The program.
    pub app: &'a App,
    /// The table.
    pub room: &'a RoomHandle,
    /// Who asks.
    pub by: &'a Somebody,
}

impl Restorer<'_> {
    /// Does what is wanted, or with `dry_run` only says what it would do. 403 where the person may not.
    pub async fn restore(&self, wanted: Wanted, dry_run: bool) -> WebResult<Done> {
        let what = match wanted {
            Wanted::Value { row, key, value } => {
                return self.set(row, key, value, dry_run).await;
            }
            Wanted::Whole(Restore::TakeBack { from, to }) => {
                self.must_be_theirs(from, to).await?;
                Restore::TakeBack { from, to }
            }
            Wanted::Whole(what) => {
                self.must_curate()?;
                what
            }
        };
        Ok(self.room.restore(self.by.actor(), what, dry_run).await?)
    }

    /// Whether the person may put this value into this place.
    pub async fn may_set(
        &self,
        tx: &mut Tx,
        visible: &Visible,
        (row, key, value): (&RowId, &str, &Plain),
    ) -> WebResult<bool> {
        let Some(place) = parse_key(key) else { return Ok(false) };
        let Some(found) = visible.values.rows.iter().find(|known| known.id == *row) else {
            return Ok(false);
        };
        // What happens to a row as a whole is no value.
        if matches!(place, Place::Row | Place::Base | Place::Deleted) || found.deleted {
            return Ok(false);
        }
        let members_edit = MembersEdit::from(self.app.config.people.members_edit);
        // Only this rule asks whose a row is, and only of members.
        let owner = if members_edit == MembersEdit::Own && !self.by.role.can_curate() {
            owners::of(tx, self.room.table(), row).await?
        } else {
            None
        };
        let facts = RowFacts { owner, binned_by: None };
        let action = Action::Set(value.clone());
        let change = Change { row: row.clone(), place, action, in_new_row: false };
        let who = (self.by.id, self.by.role);
        Ok(allows(who, members_edit, &visible.values.columns, facts, &change).is_ok())
    }

    /// Whether the person may take back what was done between these revisions.
    pub async fn may_take_back(
        &self,
        tx: &mut Tx,
        visible: &Visible,
        edits: &[Edit],
    ) -> WebResult<bool> {
        if self.by.role.can_curate() {
            return Ok(true);
        }
        for edit in edits {
            let is_own_restore =
                edit.actor == Some(self.by.id) && matches!(edit.origin, Origin::Restore);
            let back = (&edit.row, edit.key.as_str(), &edit.before);
            if !is_own_restore || !self.may_set(tx, visible, back).await? {
                return Ok(false);
            }
        }
        Ok(!edits.is_empty())
    }

    async fn set(&self, row: RowId, key: String, value: Plain, dry_run: bool) -> WebResult<Done> {
        let visible = self.room.values().await?;
        let mut tx = self.app.store.read().await?;
        if !self.may_set(&mut tx, &visible, (&row, &key, &value)).await? {
            return Err(WebError::Forbidden);
        }
        drop(tx);
        if dry_run {
            let is_there = standing(&visible, &row, &key);
            let changed = is_there != value && !(is_there.is_empty() && value.is_empty());
            return Ok(Done { revision: visible.revision, restored: one(row, changed) });
        }
        let written = row.clone();
        let work =
            move |writing: &mut tablee_document::Writing<'_>| writing.set(&written, &key, value);
        let (changed, revision) = self.room.write(self.by.actor(), Origin::Restore, work).await?;
        Ok(Done { revision, restored: one(row, changed) })
    }

    fn must_curate(&self) -> WebResult<()> {
        if self.by.role.can_curate() { Ok(()) } else { Err(WebError::Forbidden) }
    }

    async fn must_be_theirs(&self, from: Revision, to: Revision) -> WebResult<()> {
        if self.by.role.can_curate() {
            return Ok(());
        }
        let visible = self.room.values().await?;
        let mut tx = self.app.store.read().await?;
        let edits = history::of_revisions(&mut tx, self.room.table(), from, to).await?;
        if self.may_take_back(&mut tx, &visible, &edits).await? {
            Ok(())
        } else {
            Err(WebError::Forbidden)
        }
    }
}

fn one(row: RowId, changed: bool) -> Restored {
    let mut restored = Restored { changed: usize::from(changed), ..Restored::default() };
    if changed {
        restored.rows.insert(row.clone());
        restored.written.insert(row);
    }
    restored
}

/// What stands in a place of a row now.
pub fn standing(visible: &Visible, row: &RowId, key: &str) -> Plain {
    let found = visible.values.rows.iter().find(|known| known.id == *row);
    found.and_then(|row| value_in(row, key)).unwrap_or_default()
}

fn value_in(row: &Row, key: &str) -> Option<Plain> {
    match parse_key(key)? {
        Place::Cell(column) => row.cells.get(&column).cloned(),
        Place::Item(column, item) => row.cells.get(&column)?.as_map()?.get(item.as_str()).cloned(),
        Place::Said(column) => row.said.get(&column).cloned().map(Plain::Text),
        Place::Order => Some(Plain::text(row.order.as_str())),
        Place::Row | Place::Base | Place::Deleted => None,
    }
}
