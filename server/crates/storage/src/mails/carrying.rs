//! How mails are carried.

use tablee_domain::ids::{MailId, PersonId, Timestamp};

use super::Mail;
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    recipient: String,
    person_id: Option<i64>,
    topic: String,
    subject: String,
    body_text: Option<String>,
    body_html: Option<String>,
    attempt: i64,
    expires_at: Option<i64>,
}

impl From<Line> for Mail {
    fn from(line: Line) -> Self {
        Self {
            id: MailId(line.id),
            to: line.recipient,
            person: line.person_id.map(PersonId),
            topic: line.topic,
            subject: line.subject,
            text: line.body_text.unwrap_or_default(),
            html: line.body_html.unwrap_or_default(),
            attempt: line.attempt + 1,
            expires_at: line.expires_at.map(Timestamp),
        }
    }
}

/// Mails whose time has come, the longest due first: those that wait, and those whose carrier never came back.
pub async fn due(tx: &mut Tx, at: Timestamp, limit: u32) -> Result<Vec<Mail>, StoreError> {
    const DUE: &str =
        "select id, recipient, person_id, topic, subject, body_text, body_html, attempt,
            expires_at
        from mails
        where state in ('waiting', 'claimed')
        and not_before <= $1
        order by not_before, id
        limit $2";

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(DUE)
        .bind(at.get()).bind(i64::from(limit)).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(Mail::from).collect())
}

/// When the next mail is due; none where none waits.
pub async fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    const NEXT: &str = "select min(not_before) from mails where state in ('waiting', 'claimed')";

    let next: Option<i64> =
        on_engine!(tx, conn => sqlx::query_scalar(NEXT).fetch_one(&mut **conn).await?);
    Ok(next.map(Timestamp))
}

/// Takes a mail for its attempt, until `until`: false where another carrier was faster.
pub async fn claim(
    tx: &mut Tx,
    id: MailId,
    attempt: i64,
    at: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    const CLAIM: &str = "update mails
        set state = 'claimed', attempt = $2, not_before = $4
        where id = $1
        and attempt = $2 - 1
        and state in ('waiting', 'claimed')
        and not_before <= $3";

    let changed = on_engine!(tx, conn => sqlx::query(CLAIM)
        .bind(id.get()).bind(attempt).bind(at.get()).bind(until.get())
        .execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Notes that a mail left, and drops its words. False where another attempt has it now.
pub async fn sent(
    tx: &mut Tx,
    id: MailId,
    attempt: i64,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const SENT: &str = "update mails
        set state = 'sent', ended_at = $3, error = null, body_text = null, body_html = null
        where id = $1
        and attempt = $2
        and state = 'claimed'";

    let changed = on_engine!(tx, conn => sqlx::query(SENT)
        .bind(id.get()).bind(attempt).bind(at.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Notes why an attempt failed, and when the next one is.
pub async fn failed(
    tx: &mut Tx,
    id: MailId,
    attempt: i64,
    error: &str,
    again_at: Timestamp,
) -> Result<bool, StoreError> {
    const FAILED: &str = "update mails
        set state = 'waiting', error = $3, not_before = $4
        where id = $1
        and attempt = $2
        and state = 'claimed'";

    let error = storable(error, "mails.error")?;
    let changed = on_engine!(tx, conn => sqlx::query(FAILED)
        .bind(id.get()).bind(attempt).bind(error).bind(again_at.get())
        .execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Gives a mail up. Its words stay, so that somebody can send it again, unless they are secret.
pub async fn given_up(
    tx: &mut Tx,
    id: MailId,
    attempt: i64,
    error: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const GIVE_UP: &str = "update mails
        set state = 'given-up', error = $3, ended_at = $4,
            body_text = case when secret = 1 then null else body_text end,
            body_html = case when secret = 1 then null else body_html end
        where id = $1
        and attempt = $2
        and state = 'claimed'";

    let error = storable(error, "mails.error")?;
    let changed = on_engine!(tx, conn => sqlx::query(GIVE_UP)
        .bind(id.get()).bind(attempt).bind(error).bind(at.get())
        .execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Gives up what would be of no use any more, with its words. Says how many.
pub async fn expire(tx: &mut Tx, at: Timestamp) -> Result<u64, StoreError> {
    const EXPIRE: &str = "update mails
        set state = 'given-up', error = 'expired', ended_at = $1, body_text = null, body_html = null
        where state in ('waiting', 'claimed')
        and not_before <= $1
        and expires_at <= $1";

    Ok(on_engine!(tx, conn =>
        sqlx::query(EXPIRE).bind(at.get()).execute(&mut **conn).await?.rows_affected()))
}

/// Sends a mail again that was given up, with all its attempts before it; false where its words are gone, or it was not.
pub async fn resend(tx: &mut Tx, id: MailId, at: Timestamp) -> Result<bool, StoreError> {
    const RESEND: &str = "update mails
        set state = 'waiting', attempt = 0, not_before = $2, ended_at = null, expires_at = null
        where id = $1
        and state = 'given-up'
        and body_text is not null";

    let changed = on_engine!(tx, conn => sqlx::query(RESEND)
        .bind(id.get()).bind(at.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}
