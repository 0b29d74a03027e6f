//! Mails that wait to be sent, and what became of those that were.
//!
//! A mail is put here in the transaction of what it tells, so it leaves only if that was kept. A carrier claims
//! what is due for a while, and says what became of it: when the program dies in between, the claim ends and the
//! mail is due again. What became of a mail is kept without its words.

mod carrying;
mod counting;
mod of_people;

use std::fmt;
use std::str::FromStr;

use tablee_domain::ids::{MailId, PersonId, ProposalId, Timestamp};

pub use carrying::*;
pub use counting::*;
pub use of_people::*;

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::people::normal_email;
use crate::words::storable;

/// How far a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// It is to be sent.
    Waiting,
    /// A carrier has it, until its claim ends.
    Claimed,
    /// The server of its recipient, or the next one, took it.
    Sent,
    /// It will not be tried again.
    GivenUp,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Claimed, Self::Sent, Self::GivenUp];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Claimed => "claimed",
            Self::Sent => "sent",
            Self::GivenUp => "given-up",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no state of a mail")]
pub struct NoState;

impl FromStr for State {
    type Err = NoState;

    fn from_str(word: &str) -> Result<Self, NoState> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or(NoState)
    }
}

/// A mail that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    /// The address.
    pub to: String,
    /// Who it is for, where they have a login: it goes with them when they leave.
    pub person: Option<PersonId>,
    /// The proposal it is about: what is erased there is erased here.
    pub proposal: Option<ProposalId>,
    /// What it is about, as preferences call it.
    pub topic: String,
    /// Its subject: admins read it in the log.
    pub subject: String,
    /// Its words.
    pub text: String,
    /// The same for readers of HTML.
    pub html: String,
    /// Not to be sent before this moment.
    pub not_before: Timestamp,
    /// Of all mails with this key the first is the only one, as long as it is remembered.
    pub dedupe_key: Option<String>,
    /// After this moment it would be of no use, and is given up.
    pub expires_at: Option<Timestamp>,
    /// It holds a link or a code that opens something.
    pub secret: bool,
}

/// A mail as a carrier gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its number.
    pub id: MailId,
    /// The address.
    pub to: String,
    /// Who it is for, where they have a login.
    pub person: Option<PersonId>,
    /// What it is about.
    pub topic: String,
    /// Its subject.
    pub subject: String,
    /// Its words.
    pub text: String,
    /// The same for readers of HTML.
    pub html: String,
    /// Which attempt this would be: 1 for the first.
    pub attempt: i64,
    /// After this moment it would be of no use.
    pub expires_at: Option<Timestamp>,
}

/// A mail as the log shows it: without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its number.
    pub id: MailId,
    /// The address.
    pub to: String,
    /// Who it is for, where they have a login.
    pub person: Option<PersonId>,
    /// What it is about.
    pub topic: String,
    /// Its subject.
    pub subject: String,
    /// How far it is.
    pub state: State,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last attempt failed: a word, never what a server said.
    pub error: Option<String>,
    /// When it was put here.
    pub made_at: Timestamp,
    /// When it is tried next, or was to be.
    pub not_before: Timestamp,
    /// When it was sent or given up.
    pub ended_at: Option<Timestamp>,
    /// Its words are still here, so it can be sent again.
    pub has_words: bool,
}

/// Puts a mail where the carrier finds it, in the transaction of what it tells. None where one with the same key
/// is here already, whatever became of it.
pub async fn enqueue(
    tx: &mut Tx,
    mail: &NewMail,
    at: Timestamp,
) -> Result<Option<MailId>, StoreError> {
    const ENQUEUE: &str = "insert into mails
        (recipient, person_id, proposal_id, topic, subject, body_text, body_html, secret, dedupe_key,
        state, attempt, made_at, not_before, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', 0, $10, $11, $12)
        on conflict (dedupe_key) do nothing
        returning id";

    let to = normal_email(storable(&mail.to, "mails.recipient")?);
    let topic = storable(&mail.topic, "mails.topic")?;
    let subject = storable(&mail.subject, "mails.subject")?;
    let text = storable(&mail.text, "mails.body_text")?;
    let html = storable(&mail.html, "mails.body_html")?;
    let key = mail.dedupe_key.as_deref().map(|it| storable(it, "mails.dedupe_key")).transpose()?;
    let id: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(ENQUEUE)
        .bind(to).bind(mail.person.map(PersonId::get)).bind(mail.proposal.map(ProposalId::get))
        .bind(topic).bind(subject).bind(text).bind(html).bind(i64::from(mail.secret)).bind(key)
        .bind(at.get()).bind(mail.not_before.get()).bind(mail.expires_at.map(Timestamp::get))
        .fetch_optional(&mut **conn).await?);
    Ok(id.map(MailId))
}

/// Drops a mail that has not left; its key is free again. False where it has, or there is none.
pub async fn drop_by_key(tx: &mut Tx, dedupe_key: &str) -> Result<bool, StoreError> {
    const DROP: &str = "delete from mails where dedupe_key = $1 and state = 'waiting'";

    let key = storable(dedupe_key, "mails.dedupe_key")?;
    let gone = on_engine!(tx, conn =>
        sqlx::query(DROP).bind(key).execute(&mut **conn).await?.rows_affected());
    Ok(gone == 1)
}

/// Frees a key for the next mail under it: one that has not left is dropped, others keep their place in the log.
pub async fn free_key(tx: &mut Tx, dedupe_key: &str) -> Result<(), StoreError> {
    const FREE: &str = "update mails set dedupe_key = null where dedupe_key = $1";

    drop_by_key(tx, dedupe_key).await?;
    let key = storable(dedupe_key, "mails.dedupe_key")?;
    on_engine!(tx, conn => { sqlx::query(FREE).bind(key).execute(&mut **conn).await?; });
    Ok(())
}

#[derive(sqlx::FromRow)]
struct LogLine {
    id: i64,
    recipient: String,
    person_id: Option<i64>,
    topic: String,
    subject: String,
    state: String,
    attempt: i64,
    error: Option<String>,
    made_at: i64,
    not_before: i64,
    ended_at: Option<i64>,
    has_words: i64,
}

impl TryFrom<LogLine> for Logged {
    type Error = StoreError;

    fn try_from(line: LogLine) -> Result<Self, StoreError> {
        let corrupt = |column: &str| StoreError::corrupt("mails", &line.id, column);
        Ok(Self {
            id: MailId(line.id),
            state: line.state.parse().map_err(|_| corrupt("state"))?,
            to: line.recipient,
            person: line.person_id.map(PersonId),
            topic: line.topic,
            subject: line.subject,
            attempts: line.attempt,
            error: line.error,
            made_at: Timestamp(line.made_at),
            not_before: Timestamp(line.not_before),
            ended_at: line.ended_at.map(Timestamp),
            has_words: line.has_words != 0,
        })
    }
}

/// The one list of what is told of mails, before whatever is asked.
macro_rules! logged {
    ($asked:literal) => {
        concat!(
            "select id, recipient, person_id, topic, subject, state, attempt, error, made_at,
                not_before, ended_at,
                cast(case when body_text is null then 0 else 1 end as bigint) as has_words
            from mails
            where ",
            $asked
        )
    };
}
use logged;

/// What became of mails, newest first: at most `limit`, those older than the one given.
pub async fn log(
    tx: &mut Tx,
    limit: u32,
    before: Option<MailId>,
) -> Result<Vec<Logged>, StoreError> {
    const LOG: &str = logged!("id < $1 order by id desc limit $2");

    let before = before.map_or(i64::MAX, MailId::get);
    let lines: Vec<LogLine> = on_engine!(tx, conn => sqlx::query_as(LOG)
        .bind(before).bind(i64::from(limit)).fetch_all(&mut **conn).await?);
    lines.into_iter().map(Logged::try_from).collect()
}

/// How many mails are to be sent.
pub async fn count_waiting(tx: &mut Tx) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*) from mails where state in ('waiting', 'claimed')";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT).fetch_one(&mut **conn).await?))
}

/// Forgets mails that were sent or given up before this moment. Says how many.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    const FORGET: &str = "delete from mails where ended_at < $1";

    Ok(on_engine!(tx, conn =>
        sqlx::query(FORGET).bind(before.get()).execute(&mut **conn).await?.rows_affected()))
}

#[cfg(test)]
pub(crate) mod tests;
