//! Proposals as they are looked up and counted.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;
use tablee_domain::ids::{PersonId, ProposalId, RowId, TableId, Timestamp};

use super::{Kind, Proposal, State, kind_of, of_receipt, receipt_of};
use crate::chunks::{chunks, parameters};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    table_id: i64,
    kind: String,
    state: String,
    author: Option<i64>,
    author_email: Option<String>,
    author_name: Option<String>,
    private: Option<String>,
    language: String,
    key_of_client: String,
    row_id: Option<String>,
    payload: String,
    spam_score: f64,
    made_at: i64,
    changed_at: i64,
    taken_by: Option<i64>,
    taken_at: Option<i64>,
    decided_by: Option<i64>,
    decided_at: Option<i64>,
    reason: Option<String>,
    decision: Option<String>,
    not_before: Option<i64>,
    version: i64,
}

impl TryFrom<Line> for Proposal {
    type Error = StoreError;

    fn try_from(line: Line) -> Result<Self, StoreError> {
        let corrupt = |column: &str| StoreError::corrupt("proposals", &line.id, column);
        let row = line.row_id.as_deref().map(RowId::new).transpose();
        let moment =
            |by: Option<i64>, at: Option<i64>| at.map(|at| (by.map(PersonId), Timestamp(at)));
        Ok(Self {
            id: ProposalId(line.id),
            table: TableId(line.table_id),
            receipt: receipt_of(ProposalId(line.id)),
            kind: kind_of(&line.kind).ok_or_else(|| corrupt("kind"))?,
            state: line.state.parse().map_err(|_| corrupt("state"))?,
            author: line.author.map(PersonId),
            row: row.map_err(|_| corrupt("row_id"))?,
            at: Timestamp(line.made_at),
            changed_at: Timestamp(line.changed_at),
            taken: moment(line.taken_by, line.taken_at),
            decided: moment(line.decided_by, line.decided_at),
            not_before: line.not_before.map(Timestamp),
            author_email: line.author_email,
            author_name: line.author_name,
            private: line.private,
            language: line.language,
            key_of_client: line.key_of_client,
            payload: line.payload,
            score: line.spam_score,
            reason: line.reason,
            decision: line.decision,
            version: line.version,
        })
    }
}

/// The one list of columns, before whatever is asked.
macro_rules! select {
    ($asked:literal) => {
        concat!(
            "select id, table_id, kind, state, author, author_email, author_name, private, language,
                key_of_client, row_id, payload, spam_score, made_at, changed_at, taken_by, taken_at,
                decided_by, decided_at, reason, decision, not_before, version
            from proposals
            ",
            $asked
        )
    };
}

/// The proposal of this number.
pub async fn find(tx: &mut Tx, id: ProposalId) -> Result<Option<Proposal>, StoreError> {
    const FIND: &str = select!("where id = $1");

    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(FIND).bind(id.get()).fetch_optional(&mut **conn).await?);
    line.map(Proposal::try_from).transpose()
}

/// The proposal with this receipt, however people write it.
pub async fn find_by_receipt(tx: &mut Tx, receipt: &str) -> Result<Option<Proposal>, StoreError> {
    match of_receipt(receipt) {
        Some(id) => find(tx, id).await,
        None => Ok(None),
    }
}

/// Who asked for a proposal: none where it is not known, and nobody where nobody had signed in.
pub async fn author_of(
    tx: &mut Tx,
    id: ProposalId,
) -> Result<Option<Option<PersonId>>, StoreError> {
    const AUTHOR: &str = "select author from proposals where id = $1";

    let found: Option<Option<i64>> = on_engine!(tx, conn =>
        sqlx::query_scalar(AUTHOR).bind(id.get()).fetch_optional(&mut **conn).await?);
    Ok(found.map(|author| author.map(PersonId)))
}

/// Proposals of a table in any of these states, oldest first: at most `limit` after the one given. Ask again
/// after the last one; none means the end.
pub async fn list(
    tx: &mut Tx,
    table: TableId,
    states: &[State],
    limit: u32,
    after: Option<ProposalId>,
) -> Result<Vec<Proposal>, StoreError> {
    const LIST: &str = select!("where table_id = $1 and id > $2 and state in ");

    if states.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!("{LIST}{} order by id limit $3", parameters(4, states.len()));
    let after = after.map_or(0, ProposalId::get);
    let lines: Vec<Line> = on_engine!(tx, conn => {
        let query = sqlx::query_as(AssertSqlSafe(text))
            .bind(table.get()).bind(after).bind(i64::from(limit));
        let query = states.iter().fold(query, |query, state| query.bind(state.as_str()));
        query.fetch_all(&mut **conn).await?
    });
    lines.into_iter().map(Proposal::try_from).collect()
}

/// A proposal as a list tells it: without what it asks, which may be long.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Its number.
    pub id: ProposalId,
    /// What is asked for.
    pub kind: Kind,
    /// What became of it.
    pub state: State,
    /// Who asks; none where nobody had signed in, or whoever did has left.
    pub author: Option<PersonId>,
    /// The row it is about; none for one that is to be added.
    pub row: Option<RowId>,
    /// How much it looks like what machines send.
    pub score: f64,
    /// When it came in.
    pub at: Timestamp,
    /// Who looks after it.
    pub taken_by: Option<PersonId>,
}

#[derive(sqlx::FromRow)]
struct OutlineLine {
    id: i64,
    kind: String,
    state: String,
    author: Option<i64>,
    row_id: Option<String>,
    spam_score: f64,
    made_at: i64,
    taken_by: Option<i64>,
}

impl TryFrom<OutlineLine> for Outline {
    type Error = StoreError;

    fn try_from(line: OutlineLine) -> Result<Self, StoreError> {
        let corrupt = |column: &str| StoreError::corrupt("proposals", &line.id, column);
        let row = line.row_id.as_deref().map(RowId::new).transpose();
        Ok(Self {
            id: ProposalId(line.id),
            kind: kind_of(&line.kind).ok_or_else(|| corrupt("kind"))?,
            state: line.state.parse().map_err(|_| corrupt("state"))?,
            author: line.author.map(PersonId),
            row: row.map_err(|_| corrupt("row_id"))?,
            score: line.spam_score,
            at: Timestamp(line.made_at),
            taken_by: line.taken_by.map(PersonId),
        })
    }
}

/// All proposals of a table in any of these states, oldest first, without what they ask.
pub async fn outlines(
    tx: &mut Tx,
    table: TableId,
    states: &[State],
) -> Result<Vec<Outline>, StoreError> {
    const OUTLINES: &str = "select id, kind, state, author, row_id, spam_score, made_at, taken_by
        from proposals
        where table_id = $1
        and state in ";

    if states.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!("{OUTLINES}{} order by id", parameters(2, states.len()));
    let lines: Vec<OutlineLine> = on_engine!(tx, conn => {
        let query = sqlx::query_as(AssertSqlSafe(text)).bind(table.get());
        let query = states.iter().fold(query, |query, state| query.bind(state.as_str()));
        query.fetch_all(&mut **conn).await?
    });
    lines.into_iter().map(Outline::try_from).collect()
}

/// The proposals of these numbers, in the order of their numbers; those that are not there are left out.
pub async fn those(tx: &mut Tx, ids: &[ProposalId]) -> Result<Vec<Proposal>, StoreError> {
    const THOSE: &str = select!("where id in ");

    let mut found = Vec::new();
    for chunk in chunks(ids) {
        let text = format!("{THOSE}{} order by id", parameters(1, chunk.len()));
        let lines: Vec<Line> = on_engine!(tx, conn => {
            let query = sqlx::query_as(AssertSqlSafe(text));
            let query = chunk.iter().fold(query, |query, id| query.bind(id.get()));
            query.fetch_all(&mut **conn).await?
        });
        for line in lines {
            found.push(Proposal::try_from(line)?);
        }
    }
    found.sort_by_key(|it| it.id);
    Ok(found)
}

/// All proposals in a state, in every table: what a start has to take up again.
pub async fn in_state(tx: &mut Tx, state: State) -> Result<Vec<Proposal>, StoreError> {
    const IN_STATE: &str = select!("where state = $1 order by id");

    let lines: Vec<Line> = on_engine!(tx, conn =>
        sqlx::query_as(IN_STATE).bind(state.as_str()).fetch_all(&mut **conn).await?);
    lines.into_iter().map(Proposal::try_from).collect()
}

/// What a person proposed, newest first.
pub async fn of_author(
    tx: &mut Tx,
    table: TableId,
    author: PersonId,
    limit: u32,
) -> Result<Vec<Proposal>, StoreError> {
    const OF_AUTHOR: &str =
        select!("where table_id = $1 and author = $2 order by id desc limit $3");

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(OF_AUTHOR)
        .bind(table.get()).bind(author.get()).bind(i64::from(limit))
        .fetch_all(&mut **conn).await?);
    lines.into_iter().map(Proposal::try_from).collect()
}

/// What was proposed about a row, newest first; the proposal it came from is among them.
pub async fn of_row(
    tx: &mut Tx,
    table: TableId,
    row: &RowId,
    limit: u32,
) -> Result<Vec<Proposal>, StoreError> {
    const OF_ROW: &str = select!("where table_id = $1 and row_id = $2 order by id desc limit $3");

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(OF_ROW)
        .bind(table.get()).bind(row.as_str()).bind(i64::from(limit))
        .fetch_all(&mut **conn).await?);
    lines.into_iter().map(Proposal::try_from).collect()
}

/// How many proposals of a table are in each state; a state without any is not told.
pub async fn counts(tx: &mut Tx, table: TableId) -> Result<BTreeMap<State, i64>, StoreError> {
    const COUNTS: &str = "select state, count(*) from proposals where table_id = $1 group by state";

    let lines: Vec<(String, i64)> = on_engine!(tx, conn =>
        sqlx::query_as(COUNTS).bind(table.get()).fetch_all(&mut **conn).await?);
    let of = |(word, count): (String, i64)| {
        let state = word.parse().map_err(|_| StoreError::corrupt("proposals", &word, "state"))?;
        Ok((state, count))
    };
    lines.into_iter().map(of).collect()
}

/// How many proposals of a table wait for a decision.
pub async fn count_open(tx: &mut Tx, table: TableId) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*)
        from proposals
        where table_id = $1
        and state in ('received', 'taken', 'asked')";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(table.get()).fetch_one(&mut **conn).await?))
}

/// How many of a person's wait for a decision.
pub async fn count_open_of(
    tx: &mut Tx,
    table: TableId,
    author: PersonId,
) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*)
        from proposals
        where table_id = $1
        and author = $2
        and state in ('received', 'taken', 'asked')";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(table.get()).bind(author.get()).fetch_one(&mut **conn).await?))
}

/// How many proposals came from a place, as its hash says, at this moment or later.
pub async fn count_from_place(
    tx: &mut Tx,
    place_hash: &[u8],
    since: Timestamp,
) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*) from proposals where place_hash = $1 and made_at >= $2";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(place_hash).bind(since.get()).fetch_one(&mut **conn).await?))
}

/// How many proposals came from visitors, wherever they were, at this moment or later.
pub async fn count_of_visitors(tx: &mut Tx, since: Timestamp) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*)
        from proposals
        where place_hash is not null
        and made_at >= $1";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(since.get()).fetch_one(&mut **conn).await?))
}

/// What a visitor proposed with this address, newest first: only for whoever proved that it is theirs.
pub async fn of_address(tx: &mut Tx, email: &str, limit: u32) -> Result<Vec<Proposal>, StoreError> {
    const OF_ADDRESS: &str = select!("where author_email = $1 order by id desc limit $2");

    let email = crate::people::normal_email(storable(email, "proposals.author_email")?);
    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(OF_ADDRESS)
        .bind(&email).bind(i64::from(limit)).fetch_all(&mut **conn).await?);
    lines.into_iter().map(Proposal::try_from).collect()
}

/// Which pilots have a proposal open and gave a sign at this moment or later, with their last sign.
pub async fn viewers(
    tx: &mut Tx,
    id: ProposalId,
    since: Timestamp,
) -> Result<Vec<(PersonId, Timestamp)>, StoreError> {
    const VIEWERS: &str = "select person_id, seen_at
        from proposal_viewers
        where proposal_id = $1
        and seen_at >= $2
        order by person_id";

    let lines: Vec<(i64, i64)> = on_engine!(tx, conn => sqlx::query_as(VIEWERS)
        .bind(id.get()).bind(since.get()).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(|(person, at)| (PersonId(person), Timestamp(at))).collect())
}
