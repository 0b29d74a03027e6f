//! Watches over the logins behind open sockets, and ends those whose login or role ended.
//!
//! Who signs out in this process is told at once. What another process does (`tablee person role`, another
//! node) is noticed through one line of the settings, looked at twice a second while sockets are open: whoever
//! changes roles or logins calls [`announce`] in the same transaction. A slow look at everything is the net.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tablee_domain::ids::{PersonId, Timestamp};
use tablee_domain::people::Role;
use tablee_live::Farewell;
use tablee_storage::{Store, StoreError, Tx, logins, people, settings, sign_in};
use tokio::sync::watch;

use crate::app::{SharedClock, Tasks};
use crate::web::logins::LoginKey;

/// How often the line of the settings is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// After so many looks all logins are checked, whatever the line says.
const LOOKS_PER_CHECK: u32 = 120;
/// After so many looks what has expired is forgotten.
const LOOKS_PER_CLEANING: u32 = 7_200;
/// The line.
const CHANGED: &str = "logins_changed";

/// Tells every process that a role or a login may have ended. Belongs in the transaction that ended it.
///
/// Until that transaction ends, whoever else announces something waits, and then counts on from here.
pub async fn announce(tx: &mut Tx) -> Result<(), StoreError> {
    settings::hold(tx, CHANGED).await?;
    let last = settings::get(tx, CHANGED).await?.and_then(|text| text.parse::<u64>().ok());
    let next = last.unwrap_or_default().wrapping_add(1);
    settings::set(tx, CHANGED, &next.to_string()).await
}

/// All logins that a socket stands on.
#[derive(Clone)]
pub struct LoginWatch(Arc<Inner>);

struct Inner {
    store: Store,
    clock: SharedClock,
    watched: Mutex<HashMap<u64, Watched>>,
    numbers: AtomicU64,
}

#[derive(Clone)]
struct Watched {
    login: LoginKey,
    person: PersonId,
    role: Role,
    ended: watch::Sender<Option<Farewell>>,
}

/// Holds a place in the watch; dropping it leaves.
pub struct Watching {
    inner: Arc<Inner>,
    number: u64,
    /// Set when the login or the role ended.
    pub ended: watch::Receiver<Option<Farewell>>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.inner.watched().remove(&self.number);
    }
}

impl Inner {
    fn watched(&self) -> MutexGuard<'_, HashMap<u64, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this login still is what the socket was opened with.
    async fn state(&self, tx: &mut Tx, watched: &Watched) -> Result<Option<Farewell>, StoreError> {
        let login = logins::load(tx, &watched.login, self.clock.now()).await?;
        if login.is_none_or(|login| login.person != Some(watched.person)) {
            return Ok(Some(Farewell::LoginEnded));
        }
        Ok(match people::find(tx, watched.person).await? {
            None => Some(Farewell::LoginEnded),
            Some(person) if person.role != Some(watched.role) => Some(Farewell::RoleChanged),
            Some(_) => None,
        })
    }

    async fn check_all(&self) -> Result<(), StoreError> {
        let all: Vec<Watched> = self.watched().values().cloned().collect();
        if all.is_empty() {
            return Ok(());
        }
        let mut tx = self.store.read().await?;
        for watched in all {
            if let Some(farewell) = self.state(&mut tx, &watched).await? {
                watched.ended.send_replace(Some(farewell));
            }
        }
        Ok(())
    }

    async fn line(&self) -> Result<Option<String>, StoreError> {
        settings::get(&mut self.store.read().await?, CHANGED).await
    }

    async fn forget_expired(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        logins::expire(&mut tx, now).await?;
        sign_in::forget(&mut tx, Timestamp(now.get() - KEEP_LINKS)).await?;
        tx.commit().await
    }
}

/// Links are kept a day after their end: they are how we count mails to one address.
const KEEP_LINKS: i64 = 86_400_000;

impl LoginWatch {
    /// Starts watching, until the program stops.
    pub fn start(store: Store, clock: SharedClock, tasks: &Tasks) -> Self {
        let inner =
            Arc::new(Inner { store, clock, watched: Mutex::default(), numbers: AtomicU64::new(0) });
        let (watcher, stopping) = (Arc::clone(&inner), tasks.clone());
        tasks.spawn(async move {
            tokio::select! {
                () = stopping.stopping() => {}
                () = watch(&watcher) => {}
            }
        });
        Self(inner)
    }

    /// Takes a socket in. `None` when its login ended while it was being opened.
    pub async fn over(
        &self,
        login: LoginKey,
        person: PersonId,
        role: Role,
    ) -> Result<Option<Watching>, StoreError> {
        let (ended, receiver) = watch::channel(None);
        let watched = Watched { login, person, role, ended };
        let number = self.0.numbers.fetch_add(1, Ordering::Relaxed);
        self.0.watched().insert(number, watched.clone());
        // From here on whatever ends is noticed; what ended before is seen now.
        let watching = Watching { inner: Arc::clone(&self.0), number, ended: receiver };
        let mut tx = self.0.store.read().await?;
        let farewell = self.0.state(&mut tx, &watched).await?;
        Ok(farewell.is_none().then_some(watching))
    }

    /// Ends the sockets of a login at once.
    pub fn login_ended(&self, login: &LoginKey) {
        for watched in self.0.watched().values().filter(|watched| watched.login == *login) {
            watched.ended.send_replace(Some(Farewell::LoginEnded));
        }
    }
}

async fn watch(inner: &Inner) {
    let mut seen = inner.line().await.ok();
    let mut looks: u32 = 0;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        looks = looks.wrapping_add(1);
        if looks.is_multiple_of(LOOKS_PER_CLEANING)
            && let Err(error) = inner.forget_expired().await
        {
            tracing::warn!(%error, "expired logins were not forgotten");
        }
        if inner.watched().is_empty() {
            continue;
        }
        let line = inner.line().await.ok();
        if line.is_none() || line != seen || looks.is_multiple_of(LOOKS_PER_CHECK) {
            match inner.check_all().await {
                Ok(()) => seen = line,
                Err(error) => tracing::warn!(%error, "logins could not be looked at"),
            }
        }
    }
}
