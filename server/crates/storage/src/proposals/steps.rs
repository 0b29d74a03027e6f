//! How proposals come in, and go from one state to the next.
//!
//! Every step says from which states it may be taken and which version it was decided on, in the same statement
//! that takes it: of two people only one succeeds, and the other hears it.

use sqlx::AssertSqlSafe;
use tablee_domain::ids::{PersonId, ProposalId, RowId, TableId, Timestamp};

use super::{NewProposal, State, Stored, receipt_of, word_of};
use crate::chunks::parameters;
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::people::normal_email;
use crate::words::storable;

/// Keeps proposals, in their order. One that the same author sent before under the same key stays as it came
/// first, and says its receipt again.
pub async fn add(
    tx: &mut Tx,
    table: TableId,
    proposals: &[NewProposal],
    at: Timestamp,
) -> Result<Vec<Stored>, StoreError> {
    for proposal in proposals {
        are_storable(proposal)?;
    }
    let mut stored = Vec::with_capacity(proposals.len());
    for proposal in proposals {
        stored.push(add_one(tx, table, proposal, at).await?);
    }
    Ok(stored)
}

fn are_storable(proposal: &NewProposal) -> Result<(), StoreError> {
    let texts = [
        (Some(&proposal.key_of_client), "proposals.key_of_client"),
        (Some(&proposal.payload), "proposals.payload"),
        (proposal.author_email.as_ref(), "proposals.author_email"),
        (proposal.author_name.as_ref(), "proposals.author_name"),
        (proposal.private.as_ref(), "proposals.private"),
        (Some(&proposal.language), "proposals.language"),
    ];
    for (text, column) in texts {
        if let Some(text) = text {
            storable(text, column)?;
        }
    }
    Ok(())
}

async fn add_one(
    tx: &mut Tx,
    table: TableId,
    new: &NewProposal,
    at: Timestamp,
) -> Result<Stored, StoreError> {
    const ADD: &str = "insert into proposals
        (table_id, kind, state, author, key_of_client, row_id, payload, made_at, changed_at, version,
        author_email, author_name, private, language, place_hash, spam_score)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1, $9, $10, $11, $12, $13, $14)
        on conflict do nothing
        returning id";
    const THERE: &str = "select id
        from proposals
        where table_id = $1
        and coalesce(author, 0) = $2
        and key_of_client = $3";

    let author = new.author.map(PersonId::get);
    let added: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(ADD)
        .bind(table.get()).bind(word_of(new.kind)).bind(new.state.as_str())
        .bind(author).bind(&new.key_of_client)
        .bind(new.row.as_ref().map(RowId::as_str)).bind(&new.payload).bind(at.get())
        .bind(new.author_email.as_deref().map(normal_email)).bind(&new.author_name)
        .bind(&new.private).bind(&new.language).bind(&new.place_hash).bind(new.score)
        .fetch_optional(&mut **conn).await?);
    let id: i64 = match added {
        Some(id) => id,
        None => on_engine!(tx, conn => sqlx::query_scalar(THERE)
            .bind(table.get()).bind(author.unwrap_or_default()).bind(&new.key_of_client)
            .fetch_one(&mut **conn).await?),
    };
    let id = ProposalId(id);
    Ok(Stored { id, receipt: receipt_of(id), new: added.is_some() })
}

/// What a step brings with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Who takes the step; none for its author who has no login, and for the program.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// Why, in words for its author.
    pub reason: Option<String>,
    /// What was decided, field by field, as JSON.
    pub decision: Option<String>,
    /// Until when it can be undone and nobody is told.
    pub not_before: Option<Timestamp>,
    /// The row that comes of it, or came of it.
    pub row: Option<RowId>,
}

impl Change {
    /// A step that brings nothing but who takes it, and when.
    pub fn by(by: Option<PersonId>, at: Timestamp) -> Self {
        Self { by, at, reason: None, decision: None, not_before: None, row: None }
    }
}

/// Takes a proposal that was seen at `version` from one of these states to another; false where somebody was
/// faster, or it is in none of them.
///
/// - To [`State::Received`]: nobody looks after it any more.
/// - To [`State::Taken`] or [`State::Asked`]: whoever takes the step looks after it, and an earlier decision is
///   as if it had never been.
/// - To [`State::Accepting`], [`State::Accepted`], [`State::Refused`], [`State::Withdrawn`]: whoever takes the
///   step decided it. What the step does not bring stays as an earlier one brought it.
pub async fn transition(
    tx: &mut Tx,
    id: ProposalId,
    version: i64,
    from: &[State],
    to: State,
    change: &Change,
) -> Result<bool, StoreError> {
    const RECEIVE: &str = "taken_by = null, taken_at = null,
        decided_by = null, decided_at = null, reason = $6, decision = $7, not_before = $8";
    const TAKE: &str = "taken_by = coalesce($4, taken_by), taken_at = coalesce(taken_at, $5),
        decided_by = null, decided_at = null, reason = $6, decision = $7, not_before = $8";
    const DECIDE: &str = "decided_by = coalesce($4, decided_by), decided_at = $5,
        reason = coalesce($6, reason), decision = coalesce($7, decision),
        not_before = coalesce($8, not_before)";

    if from.is_empty() {
        return Ok(false);
    }
    let set = match to {
        State::Unconfirmed | State::Received => RECEIVE,
        State::Taken | State::Asked => TAKE,
        State::Accepting | State::Accepted | State::Refused | State::Withdrawn => DECIDE,
    };
    let text = format!(
        "update proposals
        set state = $1, version = version + 1, changed_at = $5, row_id = coalesce($9, row_id), {set}
        where id = $2
        and version = $3
        and state in {}",
        parameters(10, from.len())
    );
    let reason = change.reason.as_deref().map(|it| storable(it, "proposals.reason")).transpose()?;
    let decision =
        change.decision.as_deref().map(|it| storable(it, "proposals.decision")).transpose()?;
    let changed = on_engine!(tx, conn => {
        let query = sqlx::query(AssertSqlSafe(text))
            .bind(to.as_str()).bind(id.get()).bind(version).bind(change.by.map(PersonId::get))
            .bind(change.at.get()).bind(reason).bind(decision)
            .bind(change.not_before.map(Timestamp::get))
            .bind(change.row.as_ref().map(RowId::as_str));
        let query = from.iter().fold(query, |query, state| query.bind(state.as_str()));
        query.execute(&mut **conn).await?.rows_affected()
    });
    Ok(changed == 1)
}

/// What an author writes anew while nobody looks after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewritten<'a> {
    /// What is asked now, as JSON.
    pub payload: &'a str,
    /// What only pilots read, as JSON; none leaves it as it is.
    pub private: Option<&'a str>,
}

/// Keeps what its author wrote anew on `version`; false where somebody was faster, or a pilot looks after it.
pub async fn set_payload(
    tx: &mut Tx,
    id: ProposalId,
    version: i64,
    words: Rewritten<'_>,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const SET: &str = "update proposals
        set payload = $3, private = coalesce($4, private), changed_at = $5, version = version + 1
        where id = $1
        and version = $2
        and state in ('unconfirmed', 'received')";

    let payload = storable(words.payload, "proposals.payload")?;
    let private = words.private.map(|it| storable(it, "proposals.private")).transpose()?;
    let changed = on_engine!(tx, conn => sqlx::query(SET)
        .bind(id.get()).bind(version).bind(payload).bind(private).bind(at.get())
        .execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Notes that a pilot has a proposal open.
pub async fn set_viewing(
    tx: &mut Tx,
    id: ProposalId,
    person: PersonId,
    at: Timestamp,
) -> Result<(), StoreError> {
    const SET: &str = "insert into proposal_viewers (proposal_id, person_id, seen_at)
        values ($1, $2, $3)
        on conflict (proposal_id, person_id) do update set seen_at = excluded.seen_at";

    on_engine!(tx, conn => {
        sqlx::query(SET).bind(id.get()).bind(person.get()).bind(at.get())
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// Notes that a pilot has closed it.
pub async fn stop_viewing(tx: &mut Tx, id: ProposalId, person: PersonId) -> Result<(), StoreError> {
    const STOP: &str = "delete from proposal_viewers where proposal_id = $1 and person_id = $2";

    on_engine!(tx, conn => {
        sqlx::query(STOP).bind(id.get()).bind(person.get()).execute(&mut **conn).await?;
    });
    Ok(())
}

/// Forgets what no visitor said to be theirs since, with its links and the mails about it. Says how many.
pub async fn forget_unconfirmed(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    const MAILS: &str = "delete from mails
        where proposal_id in (
            select id from proposals where state = 'unconfirmed' and made_at < $1
        )";
    const FORGET: &str = "delete from proposals where state = 'unconfirmed' and made_at < $1";

    Ok(on_engine!(tx, conn => {
        sqlx::query(MAILS).bind(before.get()).execute(&mut **conn).await?;
        sqlx::query(FORGET).bind(before.get()).execute(&mut **conn).await?.rows_affected()
    }))
}

/// Forgets where visitors' proposals came from, once they are so old that no limit asks.
pub async fn forget_places(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    const FORGET: &str = "update proposals
        set place_hash = null
        where place_hash is not null
        and made_at < $1";

    Ok(on_engine!(tx, conn => sqlx::query(FORGET)
        .bind(before.get()).execute(&mut **conn).await?.rows_affected()))
}
