//! Signing in by mail: a link, and a code for the browser that asked.
//!
//! Only hashes come here. A link signs in once; a code is tried five times. A transaction that tried a code
//! must be committed whatever came out, or the try is not counted.

use tablee_domain::ids::{PersonId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::{Conflict, StoreError};

/// How often a code may be tried.
pub const TRIES: i64 = 5;

/// What is sent in one mail.
#[derive(Debug, Clone, Copy)]
pub struct Invitation<'a> {
    /// Whom it signs in.
    pub person: PersonId,
    /// Hash of the secret in the link.
    pub token_hash: &'a [u8],
    /// Hash of the code beside it.
    pub code_hash: Option<&'a [u8]>,
    /// Hash of the cookie of the browser that asked: the code works in no other. None for a link that an
    /// operator made.
    pub asked_by: Option<&'a [u8]>,
    /// When it is made.
    pub made_at: Timestamp,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
}

/// A link that is still good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLink {
    /// Whom it signs in.
    pub person: PersonId,
    /// Hash of the cookie of the browser that asked.
    pub asked_by: Option<Vec<u8>>,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
}

/// What came out of trying a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeOutcome {
    /// The code is right, and used up together with its link.
    Good(PersonId),
    /// The code is wrong.
    Wrong {
        /// How often this browser may still try.
        left: u32,
    },
    /// No code waits in this browser: none was asked for, or it is used up, too old or tried too often.
    None,
}

/// Keeps what a mail is about to carry.
pub async fn issue(tx: &mut Tx, invitation: Invitation<'_>) -> Result<(), StoreError> {
    const ISSUE: &str = "insert into sign_in_links
        (token_hash, person_id, code_hash, asked_by, tries, made_at, expires_at)
        values ($1, $2, $3, $4, 0, $5, $6)";

    on_engine!(tx, conn => {
        sqlx::query(ISSUE)
            .bind(invitation.token_hash).bind(invitation.person.get()).bind(invitation.code_hash)
            .bind(invitation.asked_by.unwrap_or_default())
            .bind(invitation.made_at.get()).bind(invitation.expires_at.get())
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// Whether a link is still good, and for whom; looking does not use it.
pub async fn peek(
    tx: &mut Tx,
    token_hash: &[u8],
    at: Timestamp,
) -> Result<Option<OpenLink>, StoreError> {
    const PEEK: &str = "select person_id, asked_by, expires_at
        from sign_in_links
        where token_hash = $1
        and used_at is null
        and expires_at > $2";

    let line: Option<(i64, Vec<u8>, i64)> = on_engine!(tx, conn => sqlx::query_as(PEEK)
        .bind(token_hash).bind(at.get()).fetch_optional(&mut **conn).await?);
    Ok(line.map(|(person, asked_by, expires_at)| OpenLink {
        person: PersonId(person),
        asked_by: Some(asked_by).filter(|hash| !hash.is_empty()),
        expires_at: Timestamp(expires_at),
    }))
}

/// Uses a link up, together with its code; none if it was no longer good. However many try at once, one
/// gets in.
pub async fn redeem(
    tx: &mut Tx,
    token_hash: &[u8],
    at: Timestamp,
) -> Result<Option<PersonId>, StoreError> {
    const REDEEM: &str = "update sign_in_links
        set used_at = $1
        where token_hash = $2
        and used_at is null
        and expires_at > $1
        returning person_id";

    let person: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(REDEEM)
        .bind(at.get()).bind(token_hash).fetch_optional(&mut **conn).await?);
    Ok(person.map(PersonId))
}

/// Tries a code that a person typed in the browser `asked_by`; a right one uses up its link too.
///
/// Every code that this browser waits for is tried at once, so asking twice does not give twice the tries
/// for one guess, and a stranger's tries in another browser cost the person none. Commit in every case.
pub async fn redeem_code(
    tx: &mut Tx,
    person: PersonId,
    asked_by: Option<&[u8]>,
    code_hash: &[u8],
    at: Timestamp,
) -> Result<CodeOutcome, StoreError> {
    const TRY: &str = "update sign_in_links
        set tries = tries + 1
        where person_id = $1
        and asked_by = $2
        and code_hash is not null
        and used_at is null
        and expires_at > $3
        and tries < $4
        returning token_hash, code_hash, tries";

    let tried: Vec<(Vec<u8>, Vec<u8>, i64)> = on_engine!(tx, conn => sqlx::query_as(TRY)
        .bind(person.get()).bind(asked_by.unwrap_or_default()).bind(at.get()).bind(TRIES)
        .fetch_all(&mut **conn).await?);
    let left = tried.iter().map(|(_, _, tries)| TRIES - tries).max();
    let Some(left) = left else { return Ok(CodeOutcome::None) };
    match tried.into_iter().find(|(_, kept, _)| kept == code_hash) {
        None => Ok(CodeOutcome::Wrong { left: u32::try_from(left).unwrap_or(0) }),
        Some((token_hash, ..)) => match redeem(tx, &token_hash, at).await? {
            Some(person) => Ok(CodeOutcome::Good(person)),
            None => Err(Conflict::Raced.into()),
        },
    }
}

/// How many mails were made for a person since a moment, that moment included.
pub async fn count_since(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*)
        from sign_in_links
        where person_id = $1
        and made_at >= $2";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(person.get()).bind(at.get()).fetch_one(&mut **conn).await?))
}

/// Forgets what was worth nothing before a moment; says how many.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    const FORGET: &str = "delete from sign_in_links where expires_at < $1";

    Ok(on_engine!(tx, conn =>
        sqlx::query(FORGET).bind(before.get()).execute(&mut **conn).await?.rows_affected()))
}
