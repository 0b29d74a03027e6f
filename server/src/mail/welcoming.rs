//! Welcomes: somebody who was added is told so once, and may be told again where they never came.
//!
//! A welcome holds no secret and nothing that ends. It waits like a decision of the desk, and goes with its reader
//! when they are removed meanwhile; it is written anew as it leaves, for the role that they have then.

use std::collections::{BTreeMap, BTreeSet};

use tablee_domain::ids::{PersonId, Timestamp};
use tablee_storage::mails::{self, Logged, State};
use tablee_storage::people::Person;
use tablee_storage::{StoreError, Tx};

use super::letter::{Letter, LetterKind, Recipient, Topic};
use super::room::MailRoom;
use super::writing::Written;

/// For how long a welcome waits, so that whoever was added by mistake can be removed.
pub const WAITS: i64 = 10 * 60_000;
/// One person is welcomed by hand at most once in so long.
const AGAIN_AFTER: i64 = 24 * 60 * 60_000;

/// The last welcome of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Welcome {
    /// When it was written.
    pub at: Timestamp,
    /// What became of it.
    pub now: Became,
}

/// What became of a welcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    /// It waits for this moment.
    Waits(Timestamp),
    /// It is carried, or tried again.
    OnItsWay,
    /// It left at this moment.
    Left(Timestamp),
    /// It could not leave.
    GivenUp,
}

impl Welcome {
    /// When somebody may be welcomed again by hand.
    pub fn again_from(self) -> Timestamp {
        Timestamp(self.at.get() + AGAIN_AFTER)
    }

    fn of(mail: &Logged, now: Timestamp) -> Self {
        let became = match mail.state {
            State::Waiting if mail.error.is_none() && mail.not_before > now => {
                Became::Waits(mail.not_before)
            }
            State::Waiting | State::Claimed => Became::OnItsWay,
            State::Sent => Became::Left(mail.ended_at.unwrap_or(mail.not_before)),
            State::GivenUp => Became::GivenUp,
        };
        Self { at: mail.made_at, now: became }
    }
}

/// Of all welcomes to one person the first is the only one, unless another is asked for by hand.
fn key(person: PersonId) -> String {
    format!("welcome {person}")
}

impl MailRoom {
    /// When the welcome of somebody who is added now leaves.
    pub fn welcomes_leave(&self) -> Timestamp {
        Timestamp(self.now().get() + WAITS)
    }

    /// Welcomes people, in the transaction that adds them or later: whoever has no role, or was welcomed, is not.
    pub async fn welcome(
        &self,
        tx: &mut Tx,
        people: &[Person],
        leaves: Timestamp,
    ) -> Result<(), StoreError> {
        let english = self.who_reads_english(tx).await?;
        for person in people {
            let Some(kind) = kind(person) else { continue };
            let to = Self::addressee(person, Self::locale_of(english.contains(&person.id)));
            let letter = Letter::new(Recipient::Person(person.id), kind)
                .under_key(key(person.id))
                .not_before(leaves);
            self.enqueue(tx, &to, &letter).await?;
        }
        self.wake();
        Ok(())
    }

    /// Welcomes somebody once more, now: at most once a day. Says which welcome stands against it.
    pub async fn welcome_again(
        &self,
        tx: &mut Tx,
        person: &Person,
    ) -> Result<Result<(), Welcome>, StoreError> {
        let last = self.welcomed(tx, &[person.id]).await?.remove(&person.id);
        if let Some(last) = last.filter(|last| self.now() < last.again_from()) {
            return Ok(Err(last));
        }
        self.free_key(tx, &key(person.id)).await?;
        self.welcome(tx, std::slice::from_ref(person), self.now()).await?;
        Ok(Ok(()))
    }

    /// The last welcomes of these people, as far as there are any.
    pub async fn welcomed(
        &self,
        tx: &mut Tx,
        people: &[PersonId],
    ) -> Result<BTreeMap<PersonId, Welcome>, StoreError> {
        let log = mails::log_of_people(tx, Topic::Welcome.as_str(), people).await?;
        let now = self.now();
        let of = |mail: &Logged| Some((mail.person?, Welcome::of(mail, now)));
        Ok(log.iter().filter_map(of).collect())
    }

    /// Those of these people who were sent an invitation.
    pub async fn invited(
        &self,
        tx: &mut Tx,
        people: &[PersonId],
    ) -> Result<BTreeSet<PersonId>, StoreError> {
        let log = mails::log_of_people(tx, Topic::Confirmation.as_str(), people).await?;
        Ok(log.into_iter().filter_map(|mail| mail.person).collect())
    }

    /// The words of a welcome that is about to leave; none where its reader may not come in any more.
    pub(super) async fn welcome_by_now(
        &self,
        tx: &mut Tx,
        person: &Person,
    ) -> Result<Option<Written>, StoreError> {
        let Some(kind) = kind(person) else { return Ok(None) };
        let to = Self::addressee(person, self.language(tx, person.id).await?);
        Ok(Some(self.written(&to, &kind)))
    }
}

fn kind(person: &Person) -> Option<LetterKind> {
    Some(LetterKind::Welcome { role: person.role?, address: person.email.clone() })
}
