//! Proposals as their authors know them: sent, confirmed, followed, answered, changed, taken back.
//!
//! - [`submit`]: a form that was sent. A visitor's waits until the button behind a mailed link is pressed.
//! - [`confirm`], [`follow`]: links that open by looking and change nothing but by a button.
//! - [`lost`]: links that were lost. Whoever asks gets the same answer at the same pace, known or not.
//! - [`mine`]: what members do with their own offers; the program writes it in their name.
//! - [`robots`], [`alike`]: signs of robots; offers that are there already.
//!
//! What is private stands beside the payload, never in it, and never in an address or a log.

pub mod alike;
pub mod confirm;
pub mod follow;
pub mod lost;
pub mod mine;
pub mod robots;
pub mod submit;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tablee_domain::ids::{ProposalId, TableId, Timestamp};
use tablee_domain::table::{Columns, defaults};
use tablee_live::{Rooms, Visible};
use tablee_storage::follow_links::{self, Scope};
use tablee_storage::{Store, StoreError, Tx, proposals, tables};

use crate::app::{SharedChance, SharedClock, Tasks};
use crate::catalogue::TABLE;
use crate::mail::MailRoom;
use crate::sign_in::{token, token_hash};
use crate::site::Site;
use crate::web::error::WebError;
use alike::Nearby;
pub use follow::{Followed, Holder};
pub use submit::{Submission, Submitted, TooMany};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// How long a visitor may take to confirm.
pub const CONFIRM_WITHIN: i64 = 7 * DAY;
/// How long a follow-up link is good after the end of what it follows.
pub const FOLLOWED_FOR: i64 = 365 * DAY;
/// How long it is good while nothing ends.
const FOLLOWED_AT_MOST: i64 = 5 * FOLLOWED_FOR;
/// How often what nobody confirmed is forgotten.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// Takes proposals in, and shows their authors what becomes of them. Cheap to clone.
#[derive(Clone)]
pub struct Proposing(Arc<Inner>);

struct Inner {
    parts: Parts,
    nearby: Nearby,
    /// The columns as they were seen last: the form can be shown while the database is away.
    columns: RwLock<Option<Arc<Columns>>>,
    lost: lost::Counter,
}

/// What it works with.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The tables that are open.
    pub rooms: Rooms,
    /// The time.
    pub clock: SharedClock,
    /// Chance.
    pub chance: SharedChance,
    /// Where letters are posted.
    pub mails: MailRoom,
    /// What administrators set.
    pub site: Site,
}

impl Proposing {
    /// Begins; what nobody confirmed is forgotten from now on, and lost links are sent, until the program stops.
    pub fn start(parts: Parts, tasks: &Tasks) -> Self {
        let lost = lost::Counter::open(&parts, tasks);
        let nearby = Nearby::new(parts.rooms.clone());
        let proposing = Self(Arc::new(Inner { parts, nearby, columns: RwLock::default(), lost }));
        proposing.keep_forgetting(tasks);
        proposing
    }

    /// Offers like one that is being typed.
    pub fn nearby(&self) -> &Nearby {
        &self.0.nearby
    }

    /// The columns of the table, and what is in it; where the database is away, the columns as they were seen
    /// last.
    pub async fn table(&self) -> (Arc<Columns>, Result<Arc<Visible>, WebError>) {
        match self.parts().rooms.values(TABLE).await {
            Ok(visible) => {
                let columns = Arc::new(visible.values.columns.clone());
                let mut kept = self.0.columns.write().unwrap_or_else(PoisonError::into_inner);
                *kept = Some(Arc::clone(&columns));
                (columns, Ok(visible))
            }
            Err(error) => {
                let kept = self.0.columns.read().unwrap_or_else(PoisonError::into_inner).clone();
                let columns =
                    kept.unwrap_or_else(|| Arc::new(Columns::new(defaults::formations())));
                (columns, Err(error.into()))
            }
        }
    }

    /// Forgets what no visitor confirmed in time, links that ended, and where proposals came from.
    pub async fn forget(&self) -> Result<u64, StoreError> {
        let now = self.now();
        let mut tx = self.parts().store.begin().await?;
        let forgotten = proposals::forget_unconfirmed(&mut tx, before(now, CONFIRM_WITHIN)).await?;
        proposals::forget_places(&mut tx, before(now, 2 * DAY)).await?;
        follow_links::forget(&mut tx, now).await?;
        tx.commit().await?;
        Ok(forgotten)
    }

    fn keep_forgetting(&self, tasks: &Tasks) {
        let (proposing, stopping) = (self.clone(), tasks.clone());
        tasks.spawn(async move {
            loop {
                match proposing.forget().await {
                    Ok(0) => {}
                    Ok(many) => {
                        tracing::info!(proposals = many, "unconfirmed proposals were forgotten");
                    }
                    Err(error) => {
                        tracing::warn!(%error, "unconfirmed proposals were not forgotten");
                    }
                }
                tokio::select! {
                    () = stopping.stopping() => return,
                    () = tokio::time::sleep(SWEEP_EVERY) => {}
                }
            }
        });
    }

    fn parts(&self) -> &Parts {
        &self.0.parts
    }

    fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }
}

impl Parts {
    /// A link that opens what it is good for.
    async fn link(
        &self,
        tx: &mut Tx,
        proposal: ProposalId,
        scope: Scope,
    ) -> Result<String, StoreError> {
        issue_link(tx, (&self.clock, &self.chance), proposal, scope).await
    }
}

/// The secret of a link that opens a proposal for what it is good for. Only its hash is kept.
pub async fn issue_link(
    tx: &mut Tx,
    (clock, chance): (&SharedClock, &SharedChance),
    proposal: ProposalId,
    scope: Scope,
) -> Result<String, StoreError> {
    let secret = token(chance);
    let lasts = match scope {
        Scope::Confirm => CONFIRM_WITHIN,
        Scope::Follow => FOLLOWED_AT_MOST,
    };
    let until = Timestamp(clock.now().get() + lasts);
    follow_links::issue(tx, proposal, &token_hash(&secret), scope, until).await?;
    Ok(secret)
}

async fn table_of(tx: &mut Tx) -> Result<TableId, WebError> {
    let table = tables::find(tx, TABLE).await?;
    Ok(table.ok_or(WebError::NotFound)?.id)
}

fn before(now: Timestamp, long: i64) -> Timestamp {
    Timestamp(now.get() - long)
}
