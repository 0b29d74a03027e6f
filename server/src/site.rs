//! What administrators set without a developer: facts about the association, settings, texts of pages and mails.
//!
//! [`Site`] holds all of it in memory, so that a page or a mail asks without waiting. A change is written first,
//! and shown from then on; other processes look every few seconds. Each thing that can be changed has a version:
//! whoever saves a form that was filled from an older one is told, and nobody's words are lost.
//!
//! To add a setting: a field of [`SiteSettings`] with its default, and its line in `/reglages/site`.
//! To add a text: its key in [`texts::PAGES`], its words in both languages of the interface; the page asks
//! [`Site::text`] instead of the interface. Texts of mails are found by their keys.

pub mod kept;
pub mod prose;
pub mod settings;
pub mod texts;

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tablee_domain::ids::{PersonId, Timestamp};
use tablee_storage::{Store, StoreError};

use crate::app::Tasks;
use crate::i18n::{self, Locale, t};
use crate::templates::prose::Prose;
pub use kept::{Change, Edition, KeptText};
pub use settings::{MembersPublish, SiteSettings};

/// How often another process is looked for that changed something.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Settings and texts as they are now.
#[derive(Clone)]
pub struct Site(Arc<Inner>);

struct Inner {
    store: Store,
    now: RwLock<Arc<Edition>>,
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Site(..)")
    }
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is kept, and shown.
    Done,
    /// Nothing was different.
    Same,
    /// Somebody changed the same thing since the form was shown; nothing was done.
    Moved,
}

impl Site {
    /// Settings and texts of a database.
    pub async fn of(store: &Store) -> Result<Self, StoreError> {
        let edition = kept::load(&mut store.read().await?).await?;
        Ok(Self(Arc::new(Inner { store: store.clone(), now: RwLock::new(Arc::new(edition)) })))
    }

    /// The settings.
    pub fn get(&self) -> Arc<SiteSettings> {
        Arc::clone(&self.edition().settings)
    }

    /// All that was changed, with versions.
    pub fn edition(&self) -> Arc<Edition> {
        Arc::clone(&self.0.now.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A text of a page or a mail: what an administrator wrote, or that of the interface under the same key.
    pub fn text(&self, key: &str, locale: Locale) -> String {
        self.told(key, locale).into_owned()
    }

    /// The same with arguments put in.
    pub fn text_with(&self, key: &str, locale: Locale, args: &[(&str, &str)]) -> String {
        i18n::fill(&self.told(key, locale), args)
    }

    /// A text as a page shows it, with the facts about the association put in.
    pub fn prose(&self, key: &str, locale: Locale) -> Prose {
        let facts = self.get().facts(locale);
        Prose { locale, blocks: prose::read(&self.told(key, locale), &facts) }
    }

    fn told(&self, key: &str, locale: Locale) -> Cow<'static, str> {
        self.edition().text(key, locale).map_or_else(|| t(locale, key, &[]), Cow::Owned)
    }

    /// Sets the settings, unless somebody did since `version`.
    pub async fn set(
        &self,
        (by, at): (PersonId, Timestamp),
        version: i64,
        to: SiteSettings,
    ) -> Result<Outcome, StoreError> {
        let mut tx = self.0.store.begin().await?;
        let outcome = kept::set(&mut tx, (by, at), version, to).await?;
        self.end(tx, outcome).await
    }

    /// Writes a text, or goes back to that of the interface, unless somebody did since `version`.
    pub async fn set_text(
        &self,
        (by, at): (PersonId, Timestamp),
        (key, locale): (&str, Locale),
        version: i64,
        to: Option<&str>,
    ) -> Result<Outcome, StoreError> {
        let mut tx = self.0.store.begin().await?;
        let outcome = kept::set_text(&mut tx, (by, at), (key, locale), version, to).await?;
        self.end(tx, outcome).await
    }

    async fn end(&self, tx: tablee_storage::Tx, outcome: Outcome) -> Result<Outcome, StoreError> {
        if outcome == Outcome::Done {
            tx.commit().await?;
            self.look_again().await?;
        }
        Ok(outcome)
    }

    /// Reads anew what may have been changed.
    pub async fn look_again(&self) -> Result<(), StoreError> {
        let edition = Arc::new(kept::load(&mut self.0.store.read().await?).await?);
        let mut now = self.0.now.write().unwrap_or_else(PoisonError::into_inner);
        // Two that read at once may end in any order.
        if edition.version >= now.version {
            *now = edition;
        }
        Ok(())
    }

    /// Notices what other processes change, until the program stops.
    pub fn keep_looking(&self, tasks: &Tasks) {
        let (site, stopping) = (self.clone(), tasks.clone());
        tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = stopping.stopping() => return,
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
                if let Err(error) = site.look_if_changed().await {
                    tracing::warn!(%error, "settings of the site could not be looked at");
                }
            }
        });
    }

    async fn look_if_changed(&self) -> Result<(), StoreError> {
        let version = kept::version(&mut self.0.store.read().await?).await?;
        if version == self.edition().version { Ok(()) } else { self.look_again().await }
    }
}
