//! Who works on what, and how far it is: for whoever waits.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tablee_domain::ids::PlanId;
use tablee_storage::import_plans::State;
use tokio::sync::watch;

/// How far the work on a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is done with it.
    pub state: State,
    /// Rows that are written.
    pub done: i64,
    /// Rows that will be.
    pub total: i64,
}

impl Progress {
    /// The beginning of something.
    pub fn at(state: State) -> Self {
        Self { state, done: 0, total: 0 }
    }
}

/// The plans on which this process works.
#[derive(Default)]
pub(super) struct UnderWay(Mutex<HashMap<PlanId, watch::Sender<Progress>>>);

impl UnderWay {
    /// Notes that work begins; false where it is under way already.
    pub fn begin(&self, id: &PlanId, progress: Progress) -> bool {
        let mut all = self.all();
        if all.contains_key(id) {
            return false;
        }
        all.insert(id.clone(), watch::Sender::new(progress));
        true
    }

    /// Tells how many rows are written.
    pub fn tell(&self, id: &PlanId, progress: Progress) {
        if let Some(told) = self.all().get(id) {
            told.send_replace(progress);
        }
    }

    /// Notes that the work ended, and in which state if anybody knows.
    pub fn end(&self, id: &PlanId, state: Option<State>) {
        let told = self.all().remove(id);
        if let (Some(told), Some(state)) = (told, state) {
            told.send_modify(|progress| {
                progress.state = state;
                if state == State::Applied {
                    progress.done = progress.total;
                }
            });
        }
    }

    /// A way to hear of it.
    pub fn watch(&self, id: &PlanId) -> Option<watch::Receiver<Progress>> {
        self.all().get(id).map(watch::Sender::subscribe)
    }

    /// One of those that are under way.
    pub fn any(&self) -> Option<PlanId> {
        self.all().keys().next().cloned()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<PlanId, watch::Sender<Progress>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
