//! What members do with their own offers: keeping sessions current, saying that all is still right, publishing,
//! archiving. The program writes it in their name.

use std::collections::BTreeMap;

use tablee_domain::ids::{PersonId, RowId, Timestamp};
use tablee_domain::offer::session::Day;
use tablee_domain::offer::{Missing, Status, missing};
use tablee_domain::people::Actor;
use tablee_domain::proposal::{FieldsOf, Filled, Outcome, merge, read};
use tablee_domain::table::{Columns, Origin, Plain, Row};
use tablee_live::Visible;
use tablee_storage::proposals::Proposal;
use tablee_storage::{StoreError, confirmations, owners, proposals};

use super::{Proposing, table_of};
use crate::catalogue::TABLE;
use crate::site::MembersPublish;
use crate::web::error::WebError;
use crate::web::extract::Somebody;

/// The column that members keep current by the small form.
pub const SESSIONS: &str = "sessions";

/// The column that says when somebody last looked.
const CHECKED_ON: &str = "verifie_le";

/// Proposals of one person that are read at most.
const MOST: u32 = 2_000;

/// What became of something that a member asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Kept {
    /// It is done.
    Done,
    /// Nothing was different.
    Same,
    /// Lines are not understood, or wrong.
    Wrong(Box<Filled>),
    /// Others changed the same meanwhile.
    Moved,
    /// It lacks something, and cannot be published.
    Lacks(Vec<Missing>),
    /// Members do not publish at once here.
    AfterReview,
}

/// An offer of a member, and when it was last said to be right.
#[derive(Debug, Clone)]
pub struct Own {
    /// The row.
    pub row: Row,
    /// When somebody said so.
    pub confirmed: Option<Timestamp>,
}

impl Proposing {
    /// The offers that a person looks after, those in the bin left out, in the order of the table.
    pub async fn own(&self, person: PersonId, visible: &Visible) -> Result<Vec<Own>, WebError> {
        let mut tx = self.parts().store.read().await?;
        let table = table_of(&mut tx).await?;
        let theirs = owners::all(&mut tx, table).await?.into_iter();
        let theirs: BTreeMap<RowId, PersonId> = theirs.filter(|(_, of)| *of == person).collect();
        if theirs.is_empty() {
            return Ok(Vec::new());
        }
        let confirmed = confirmations::latest_of_all(&mut tx, table).await?;
        let rows = visible.values.present().filter(|row| theirs.contains_key(&row.id));
        Ok(rows
            .map(|row| Own { row: row.clone(), confirmed: confirmed.get(&row.id).copied() })
            .collect())
    }

    /// What a person proposed, newest first.
    pub async fn of_person(&self, person: PersonId) -> Result<Vec<Proposal>, WebError> {
        let mut tx = self.parts().store.read().await?;
        let table = table_of(&mut tx).await?;
        Ok(proposals::of_author(&mut tx, table, person, MOST).await?)
    }

    /// Notes that an offer is still right.
    pub async fn still_right(&self, by: &Somebody, row: &RowId) -> Result<Kept, WebError> {
        self.check_own(by, row).await?;
        let mut tx = self.parts().store.begin().await?;
        let table = table_of(&mut tx).await?;
        confirmations::add(&mut tx, table, row, Some(by.id), self.now()).await?;
        tx.commit().await?;
        let (id, today) = (row.clone(), Plain::from(Day::of(self.now()).iso()));
        let room = self.parts().rooms.open(TABLE).await?;
        let work = move |writing: &mut tablee_document::Writing<'_>| {
            writing.set(&id, CHECKED_ON, today);
        };
        room.write(by.actor(), Origin::Table, work).await?;
        Ok(Kept::Done)
    }

    /// Publishes an offer, where members do so without waiting for a pilot.
    pub async fn publish_own(&self, by: &Somebody, row: &RowId) -> Result<Kept, WebError> {
        self.check_own(by, row).await?;
        if self.parts().site.get().members_publish != MembersPublish::AtOnce {
            return Ok(Kept::AfterReview);
        }
        self.set_status(by, row, |row| match Status::of(row) {
            Status::Published => Err(Kept::Same),
            // What a pilot or a member put away comes back by a pilot only.
            Status::Archived => Err(Kept::AfterReview),
            Status::Draft | Status::ToCheck | Status::ToUpdate => match missing(row) {
                lacks if lacks.is_empty() => Ok(Status::Published),
                lacks => Err(Kept::Lacks(lacks)),
            },
        })
        .await
    }

    /// Takes an offer out of the catalogue.
    pub async fn archive_own(&self, by: &Somebody, row: &RowId) -> Result<Kept, WebError> {
        self.check_own(by, row).await?;
        self.set_status(by, row, |row| match Status::of(row) {
            Status::Archived => Err(Kept::Same),
            _ => Ok(Status::Archived),
        })
        .await
    }

    /// Keeps the sessions of an offer as lines say them; `before` is the row as the form showed it.
    pub async fn set_sessions(
        &self,
        by: &Somebody,
        before: &Row,
        lines: &(dyn FieldsOf + Sync),
    ) -> Result<Kept, WebError> {
        self.check_own(by, &before.id).await?;
        let (columns, visible) = self.table().await;
        visible?;
        let columns = sessions_alone(&columns);
        let filled = read(&columns, lines, Some(before));
        if !filled.errors.is_empty() {
            return Ok(Kept::Wrong(Box::new(filled)));
        }
        if filled.is_empty() {
            return Ok(Kept::Same);
        }
        let id = before.id.clone();
        let room = self.parts().rooms.open(TABLE).await?;
        let work = move |writing: &mut tablee_document::Writing<'_>| {
            let Some(now) = writing.row(&id).filter(|row| !row.deleted) else { return Kept::Moved };
            let Some(news) = news(&columns, &filled, &now) else { return Kept::Moved };
            let mut kept = Kept::Same;
            for (key, value) in news {
                if writing.set(&id, &key, value) {
                    kept = Kept::Done;
                }
            }
            kept
        };
        let (kept, _) = room.write(by.actor(), Origin::Table, work).await?;
        Ok(kept)
    }

    /// Whether an offer is a person's, and there.
    pub async fn check_own(&self, by: &Somebody, row: &RowId) -> Result<Row, WebError> {
        let (_, visible) = self.table().await;
        let visible = visible?;
        let found = visible.values.present().find(|it| it.id == *row).cloned();
        let found = found.ok_or(WebError::NotFound)?;
        let mut tx = self.parts().store.read().await?;
        let table = table_of(&mut tx).await?;
        let owner = owners::of(&mut tx, table, row).await?;
        if owner == Some(by.id) { Ok(found) } else { Err(WebError::Forbidden) }
    }

    async fn set_status(
        &self,
        by: &Somebody,
        row: &RowId,
        next: impl Fn(&Row) -> Result<Status, Kept> + Send + 'static,
    ) -> Result<Kept, WebError> {
        let (id, actor): (RowId, Actor) = (row.clone(), by.actor());
        let room = self.parts().rooms.open(TABLE).await?;
        let work = move |writing: &mut tablee_document::Writing<'_>| {
            let Some(now) = writing.row(&id).filter(|row| !row.deleted) else { return Kept::Moved };
            match next(&now) {
                Ok(status) => {
                    writing.set(&id, Status::COLUMN, status.into());
                    Kept::Done
                }
                Err(kept) => kept,
            }
        };
        let (kept, _) = room.write(actor, Origin::Table, work).await?;
        Ok(kept)
    }

    /// When it was last said of an offer that it is right.
    pub async fn confirmed(&self, row: &RowId) -> Result<Option<Timestamp>, StoreError> {
        let mut tx = self.parts().store.read().await?;
        let Ok(table) = table_of(&mut tx).await else { return Ok(None) };
        Ok(confirmations::latest(&mut tx, table, row).await?.map(|said| said.at))
    }
}

/// The column of sessions and no other.
pub fn sessions_alone(columns: &Columns) -> Columns {
    let alone = columns.iter().filter(|column| column.id.as_str() == SESSIONS);
    Columns::new(alone.cloned().collect())
}

/// What is to be written, item by item; nothing where others changed the same.
fn news(columns: &Columns, filled: &Filled, now: &Row) -> Option<Vec<(String, Plain)>> {
    let mut news = Vec::new();
    for (key, proposed) in &filled.cells {
        let base = filled.base.get(key).cloned().unwrap_or_default();
        let stands = tablee_domain::proposal::read::held(now, key).unwrap_or_default();
        let wanted = match merge::at(columns, key, &base, &stands, proposed) {
            Outcome::Same => continue,
            Outcome::Take(value) | Outcome::Merged(value) => value,
            Outcome::Conflict { .. } => return None,
        };
        news.push((key.clone(), wanted));
    }
    Some(news)
}
