//! The pilots' desk: what waits for a decision, and deciding it.
//!
//! A decision is fixed in the database first, on the version that its pilot saw; then the row is written through
//! everybody's door; then it is done, and its mail waits for ten minutes. Whoever comes second hears who was
//! faster. A program that stops in between goes on at its next start: what history names of a proposal since it was
//! fixed is written, and is not written again.
//!
//! - [`case`]: what one proposal, or somebody's suggestions about one row, would do to the row as it stands.
//! - [`deciding`], [`writing`]: fixing a decision; carrying it out, once.
//! - [`merging`]: two rows become one, and two again.
//! - [`found`]: what a machine sees in the rows: which to check, alike, stale, incomplete.
//! - [`list`]: all of it by urgency. [`presence`]: who looks at what.

pub mod case;
pub mod deciding;
pub mod found;
pub mod list;
pub mod merging;
mod own;
pub mod presence;
pub mod reasons;
pub mod rows;
mod writing;

use std::sync::Arc;

use tablee_domain::ids::{PersonId, ProposalId, TableId, Timestamp};
use tablee_domain::people::{Actor, Role};
use tablee_live::{RoomError, RoomHandle, Rooms};
use tablee_storage::proposals::Proposal;
use tablee_storage::{Store, StoreError};
use tokio::sync::{Mutex, oneshot};

use crate::app::{SharedChance, SharedClock, Tasks};
use crate::catalogue::TABLE;
use crate::mail::MailRoom;
use crate::site::Site;

use found::Finder;
use presence::Presence;

/// For how long a decision can be undone: its mail waits as long.
pub const UNDO: i64 = 10 * 60 * 1_000;

/// Where pilots decide.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

struct Inner {
    store: Store,
    rooms: Rooms,
    clock: SharedClock,
    chance: SharedChance,
    mails: MailRoom,
    site: Site,
    finder: Finder,
    presence: Presence,
    /// One decision is carried out at a time: whoever finds one that was left under way does not meet whoever
    /// is still at it.
    turn: Mutex<()>,
    tasks: Tasks,
}

/// A pilot who decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// The person.
    pub id: PersonId,
    /// What they may do.
    pub role: Role,
}

impl By {
    /// The pilot, as rules and logs know actors.
    pub fn actor(self) -> Actor {
        Actor::Person(self.id, self.role)
    }
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The table did not do it.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// There is no such thing.
    #[error("there is no such thing on the desk")]
    Unknown,
    /// Somebody changed or decided it since it was shown: this is how it stands now.
    #[error("somebody was faster")]
    Faster(Box<Proposal>),
    /// Cells that changed since they were shown.
    #[error("cells have changed: {0:?}")]
    Moved(Vec<String>),
    /// The row is not there, or in the bin.
    #[error("the row is gone")]
    RowGone,
    /// It can no longer be undone.
    #[error("it is too late to undo this")]
    TooLate,
    /// More than is decided at once: no page shows as many.
    #[error("too much at once")]
    TooMany,
    /// Somebody worked in what would be taken back.
    #[error("somebody worked in the row since")]
    WorkedIn,
}

/// What came of a decision.
pub type DeskResult<T = ()> = Result<T, DeskError>;

impl Desk {
    /// A desk over the tables and the database of this process.
    pub fn new(
        (store, rooms): (Store, Rooms),
        (clock, chance): (SharedClock, SharedChance),
        (mails, site): (MailRoom, Site),
        tasks: Tasks,
    ) -> Self {
        let (finder, presence) = (Finder::default(), Presence::default());
        let turn = Mutex::default();
        let inner =
            Inner { store, rooms, clock, chance, mails, site, finder, presence, turn, tasks };
        Self(Arc::new(inner))
    }

    /// Who looks at what.
    pub fn presence(&self) -> &Presence {
        &self.0.presence
    }

    /// Runs work to its end, whatever becomes of whoever waits for it: a browser that hangs up ends the request
    /// that served it, and what was fixed is written all the same. A stop waits for it.
    async fn apart<T: Send + 'static>(
        &self,
        work: impl Future<Output = DeskResult<T>> + Send + 'static,
    ) -> DeskResult<T> {
        let (reply, answer) = oneshot::channel();
        self.0.tasks.spawn(async move {
            // Whoever asked may have left; the work is done all the same.
            let _ = reply.send(work.await);
        });
        // It panicked: what is known of it is in the log, and what it left is carried out when somebody looks.
        answer.await.unwrap_or_else(|_| Err(RoomError::Closed.into()))
    }

    fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The room of the table that the desk looks after.
    async fn room(&self) -> DeskResult<RoomHandle> {
        Ok(self.0.rooms.open(TABLE).await?)
    }

    async fn table(&self) -> DeskResult<TableId> {
        Ok(self.room().await?.table())
    }
}

/// What a page says it saw: proposals and their versions, as `3.1-4.2`.
pub fn versions(words: &str) -> Vec<(ProposalId, i64)> {
    let one = |word: &str| {
        let (id, version) = word.split_once('.')?;
        Some((ProposalId(id.parse().ok()?), version.parse().ok()?))
    };
    words.split('-').filter_map(one).collect()
}

/// The same for a page to send.
pub fn versions_of<'p>(proposals: impl IntoIterator<Item = &'p Proposal>) -> String {
    let words = proposals.into_iter().map(|it| format!("{}.{}", it.id.get(), it.version));
    words.collect::<Vec<_>>().join("-")
}
