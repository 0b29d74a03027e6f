//! Who looks at what: in memory, never stored, forgotten when nobody gives a sign.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tablee_domain::ids::{PersonId, Timestamp};
use tokio::sync::watch;

/// How long a page that was loaded counts as being looked at, where no script says more.
const PAGE: i64 = 120_000;
/// How long a page counts whose script was heard.
const SCRIPT: i64 = 25_000;

/// Knows who looks at what.
#[derive(Clone)]
pub struct Presence {
    known: Arc<Mutex<BTreeMap<String, BTreeMap<PersonId, Sign>>>>,
    changes: Arc<watch::Sender<u64>>,
}

/// A sign of somebody.
#[derive(Debug, Clone)]
struct Sign {
    name: String,
    until: Timestamp,
}

/// By what somebody shows that they look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Through {
    /// They loaded the page.
    Page,
    /// Its script asks who else is there.
    Script,
}

impl Default for Presence {
    fn default() -> Self {
        let (changes, _) = watch::channel(0);
        Self { known: Arc::default(), changes: Arc::new(changes) }
    }
}

impl Presence {
    /// Somebody looks at a thing.
    pub fn looks(&self, thing: &str, who: (PersonId, &str), through: Through, now: Timestamp) {
        let (person, name) = who;
        let lasts = if through == Through::Page { PAGE } else { SCRIPT };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, people| {
            people.retain(|_, sign| sign.until > now);
            !people.is_empty()
        });
        let people = known.entry(thing.to_owned()).or_default();
        let until = Timestamp(now.get() + lasts);
        let is_fresh = people.insert(person, Sign { name: name.to_owned(), until }).is_none();
        drop(known);
        if is_fresh {
            self.changed();
        }
    }

    /// Somebody went away.
    pub fn leaves(&self, thing: &str, person: PersonId) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let was = known.get_mut(thing).and_then(|people| people.remove(&person)).is_some();
        drop(known);
        if was {
            self.changed();
        }
    }

    /// Who else looks at it, by name.
    pub fn others(&self, thing: &str, but: PersonId, now: Timestamp) -> Vec<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let people = known.get(thing).into_iter().flatten();
        let there = people.filter(|(person, sign)| **person != but && sign.until > now);
        there.map(|(_, sign)| sign.name.clone()).collect()
    }

    /// Something changed: whoever waits looks again.
    pub fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// To be told of changes.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEA: PersonId = PersonId(1);
    const NOUR: PersonId = PersonId(2);

    #[test]
    fn each_sees_the_others_and_not_oneself() {
        let presence = Presence::default();
        presence.looks("p3", (LEA, "Léa"), Through::Page, Timestamp(0));
        presence.looks("p3", (NOUR, "Nour"), Through::Script, Timestamp(0));

        assert_eq!(presence.others("p3", NOUR, Timestamp(1)), ["Léa"]);
        assert_eq!(presence.others("p3", LEA, Timestamp(1)), ["Nour"]);
        assert_eq!(presence.others("p4", LEA, Timestamp(1)), Vec::<String>::new());
    }

    #[test]
    fn whoever_gives_no_sign_any_more_is_forgotten() {
        let presence = Presence::default();
        presence.looks("p3", (LEA, "Léa"), Through::Script, Timestamp(0));

        assert_eq!(presence.others("p3", NOUR, Timestamp(SCRIPT)), Vec::<String>::new());
        presence.looks("p4", (NOUR, "Nour"), Through::Page, Timestamp(SCRIPT));
        assert_eq!(presence.known.lock().unwrap().len(), 1);
    }

    #[test]
    fn whoever_comes_or_goes_is_news_and_a_second_sign_is_none() {
        let presence = Presence::default();
        let mut news = presence.watch();

        presence.looks("p3", (LEA, "Léa"), Through::Page, Timestamp(0));
        assert!(news.has_changed().unwrap());
        news.mark_unchanged();
        presence.looks("p3", (LEA, "Léa"), Through::Script, Timestamp(1));
        assert!(!news.has_changed().unwrap());
        presence.leaves("p3", LEA);
        assert!(news.has_changed().unwrap());
    }
}
