//! How the queue is carried: what is due leaves in order, what fails is tried again later.
//!
//! A mail is claimed, carried, and only then noted as sent. A process that dies in between leaves its claim, which
//! ends by itself: the mail leaves once more then, under the same number, and is never lost.

use std::time::Duration;

use tablee_domain::ids::Timestamp;
use tablee_storage::{Engine, StoreError, Tx, mail_preferences, mails, people};

use super::leaving::{Leaving, Reader, address_hash};
use super::letter::Topic;
use super::message::Mail;
use super::postman::Undelivered;
use super::room::MailRoom;
use super::writing::Written;
use crate::app::Tasks;
use crate::digest;
use crate::i18n::Locale;
use crate::seal::{Purpose, Seal};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// How long after its first, second, … attempt a mail is tried again.
const PAUSES: [i64; 5] = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 8 * HOUR];
/// How long a carrier may have hold of a mail: longer than any postman takes.
const CLAIM: i64 = 2 * MINUTE;
/// A mail server that does not answer is left alone for so long, whatever waits.
const REST: i64 = MINUTE;
/// Mails that are looked at in one go.
const AT_ONCE: u32 = 20;
/// The clock may be set, and other processes post too: a look at least this often.
const LONGEST_SLEEP: Duration = Duration::from_mins(1);
/// After news of a letter whose transaction may not have ended yet.
const ECHO: Duration = Duration::from_secs(1);
/// How long a stop waits for the mail that is on its way.
const LAST_MAIL: Duration = Duration::from_secs(3);
/// What is known of the mails of the past: who wrote to whom is not kept for ever.
const KEPT: i64 = 180 * 24 * HOUR;

/// What the carrier remembers between rounds.
#[derive(Default)]
pub struct Carrier {
    /// Nobody answered: nothing is tried before.
    rests_until: Option<Timestamp>,
}

/// What a round did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// Mails that left.
    pub sent: usize,
    /// Mails that did not.
    pub failed: usize,
    /// When there may be something to do again.
    pub next: Option<Timestamp>,
}

impl MailRoom {
    /// Carries until the program stops. Belongs after erasures were caught up with: none of what must go may leave.
    pub async fn start(&self, tasks: &Tasks) -> Result<(), StoreError> {
        let store = &self.parts().store;
        // On SQLite nobody else has this database: what is claimed belongs to a process that died.
        if store.engine() == Engine::Sqlite {
            let mut tx = store.begin().await?;
            if mails::end_claims(&mut tx, self.now()).await? > 0 {
                tx.commit().await?;
            }
        }
        digest::begin(self).await?;
        let (room, stopping) = (self.clone(), tasks.clone());
        tasks.spawn(async move { room.keep_carrying(&stopping).await });
        Ok(())
    }

    async fn keep_carrying(&self, tasks: &Tasks) {
        let mut is_echo = false;
        loop {
            let next = match self.round(tasks).await {
                Ok(round) => round.next,
                Err(error) => {
                    tracing::error!(%error, "mails could not be looked at");
                    None
                }
            };
            let sleep = if is_echo { ECHO } else { self.until(next) };
            is_echo = tokio::select! {
                () = tasks.stopping() => return,
                () = self.posted().notified() => true,
                () = tokio::time::sleep(sleep) => false,
            };
        }
    }

    fn until(&self, next: Option<Timestamp>) -> Duration {
        let Some(next) = next else { return LONGEST_SLEEP };
        let left = u64::try_from(next.get() - self.now().get()).unwrap_or_default();
        // Never at once: a moment that has come was dealt with, or could not be.
        Duration::from_millis(left).clamp(Duration::from_millis(50), LONGEST_SLEEP)
    }

    /// Carries all that is due now, and says when there is more.
    pub async fn round(&self, tasks: &Tasks) -> Result<Round, StoreError> {
        let mut carrier = self.carrier().lock().await;
        if self.is_hurried() {
            carrier.rests_until = None;
        }
        let morning = digest::round(self).await?;
        let mut round = Round::default();
        if carrier.rests_until.is_none_or(|until| until <= self.now()) {
            carrier.rests_until = None;
            self.carry_due(tasks, &mut carrier, &mut round).await?;
        }
        let next = mails::next_due(&mut self.parts().store.read().await?).await?;
        let next = match carrier.rests_until {
            Some(until) => next.map(|next| next.max(until)),
            None => next,
        };
        round.next = next.into_iter().chain(morning).min();
        Ok(round)
    }

    /// What an administrator wants to be tried now is tried, even if nobody answered a moment ago.
    pub fn rest_no_longer(&self) {
        self.hurry();
        self.wake();
    }

    async fn carry_due(
        &self,
        tasks: &Tasks,
        carrier: &mut Carrier,
        round: &mut Round,
    ) -> Result<(), StoreError> {
        loop {
            // It waits for the transaction that posted last, and sees what that decided.
            let mut tx = self.parts().store.begin().await?;
            if mails::due(&mut tx, self.now(), 1).await?.is_empty() {
                return Ok(());
            }
            mails::expire(&mut tx, self.now()).await?;
            let due = mails::due(&mut tx, self.now(), AT_ONCE).await?;
            tx.commit().await?;
            for mail in due {
                if tasks.are_stopping() {
                    return Ok(());
                }
                match self.deal_with(tasks, mail).await? {
                    Ok(()) => round.sent += 1,
                    Err(why) => {
                        round.failed += 1;
                        if why == Some(Undelivered::Away) {
                            carrier.rests_until = Some(Timestamp(self.now().get() + REST));
                            return Ok(());
                        }
                    }
                }
            }
        }
    }

    /// One mail: claimed, carried, noted. An error says that it did not leave, and why where it was tried.
    async fn deal_with(
        &self,
        tasks: &Tasks,
        mail: mails::Mail,
    ) -> Result<Result<(), Option<Undelivered>>, StoreError> {
        let (id, attempt, now) = (mail.id, mail.attempt, self.now());
        let mut tx = self.parts().store.begin().await?;
        if !mails::claim(&mut tx, id, attempt, now, Timestamp(now.get() + CLAIM)).await? {
            // Another node was faster.
            return Ok(Err(None));
        }
        let ready = self.ready(&mut tx, &mail).await?;
        let is_too_late = usize::try_from(attempt).unwrap_or(usize::MAX) > PAUSES.len() + 1;
        let why_not = ready.as_ref().err().copied().or(is_too_late.then_some("cut-off"));
        if let Some(why) = why_not {
            mails::given_up(&mut tx, id, attempt, why, now).await?;
            tx.commit().await?;
            return Ok(Err(None));
        }
        tx.commit().await?;
        let Ok(ready) = ready else { return Ok(Err(None)) };
        let carried = tokio::select! {
            carried = self.parts().postman.carry(ready) => carried,
            () = soon_after_stop(tasks) => Err(Undelivered::CutOff),
        };
        let mut tx = self.parts().store.begin().await?;
        let now = self.now();
        match &carried {
            Ok(()) => {
                mails::sent(&mut tx, id, attempt, now).await?;
                tracing::info!(mail.id = id.get(), attempt, "a mail left");
            }
            Err(why) => {
                let pause = PAUSES.get(usize::try_from(attempt - 1).unwrap_or_default());
                if let Some(pause) = pause.filter(|_| why.may_pass()) {
                    let pause = if *why == Undelivered::CutOff { 0 } else { *pause };
                    let again = Timestamp(now.get() + pause);
                    mails::failed(&mut tx, id, attempt, &why.word(), again).await?;
                    tracing::warn!(mail.id = id.get(), attempt, %why, "a mail did not leave");
                } else {
                    mails::given_up(&mut tx, id, attempt, &why.word(), now).await?;
                    tracing::error!(mail.id = id.get(), attempt, %why, "a mail was given up");
                }
            }
        }
        tx.commit().await?;
        Ok(carried.map_err(Some))
    }

    /// The mail as it leaves: its reader may have left, moved, or wanted no more of them since.
    async fn ready(
        &self,
        tx: &mut Tx,
        mail: &mails::Mail,
    ) -> Result<Result<Mail, &'static str>, StoreError> {
        let Some(topic) = Topic::from_word(&mail.topic) else { return Ok(Err("not-wanted")) };
        let seal = &self.parts().seal;
        let mut written = Written {
            subject: mail.subject.clone(),
            text: mail.text.clone(),
            html: mail.html.clone(),
        };
        let (to, reader) = if let Some(person) = mail.person {
            let Some(person) = people::find(tx, person).await? else { return Ok(Err("gone")) };
            if self.channel(tx, &person, topic).await? == mail_preferences::Channel::None {
                return Ok(Err("not-wanted"));
            }
            if topic == Topic::Welcome {
                let by_now = self.welcome_by_now(tx, &person).await?;
                let Some(by_now) = by_now else { return Ok(Err("gone")) };
                written = by_now;
            }
            (person.email, Reader::Person(person.id))
        } else {
            let hash = address_hash(seal, &mail.to);
            if self.is_muted(tx, &hash, topic).await? {
                return Ok(Err("not-wanted"));
            }
            (mail.to.clone(), Reader::Address(hash))
        };
        // The page speaks both languages; a program that presses its button reads neither.
        let leaving = Leaving { who: reader, topic };
        let unsubscribe = topic.is_chosen().then(|| self.leaving_url(leaving, Locale::Fr));
        Ok(Ok(Mail {
            from: self.parts().from.clone(),
            to,
            subject: written.subject,
            body: written.text,
            html: written.html,
            id: self.parts().public_url.message_id(&mark(seal, mail)),
            at: self.now(),
            unsubscribe,
        }))
    }

    /// Forgets who was written to half a year ago.
    pub(crate) async fn forget_old(&self, tx: &mut Tx) -> Result<(), StoreError> {
        mails::forget(tx, Timestamp(self.now().get() - KEPT)).await?;
        Ok(())
    }
}

/// The same for each attempt at one mail, and unlike that of any other server's.
fn mark(seal: &Seal, mail: &mails::Mail) -> String {
    let words = format!("message {}", mail.id.get());
    format!("{}.{}", mail.id.get(), &seal.on(Purpose::Mails, words.as_bytes())[..16])
}

async fn soon_after_stop(tasks: &Tasks) {
    tasks.stopping().await;
    tokio::time::sleep(LAST_MAIL).await;
}
