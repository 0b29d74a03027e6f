//! What somebody asks for, until a pilot decides.
//!
//! A refused edit that its author offers to the pilots is a suggestion: a device sends it until it hears the
//! receipt, and what it sent twice is one.

use tablee_domain::ids::{PersonId, ProposalId, RowId, TableId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An edit that its author may not make.
    Suggestion,
}

impl Kind {
    /// Its word, in the database and elsewhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Suggestion => "suggestion",
        }
    }

    fn of(word: &str) -> Option<Self> {
        (word == Self::Suggestion.as_str()).then_some(Self::Suggestion)
    }
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It came in; nobody has decided.
    Received,
}

impl State {
    /// Its word, in the database and elsewhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
        }
    }

    fn of(word: &str) -> Option<Self> {
        (word == Self::Received.as_str()).then_some(Self::Received)
    }
}

/// A proposal that comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewProposal {
    /// What is asked for.
    pub kind: Kind,
    /// The row it is about; none for one that is to be added.
    pub row: Option<RowId>,
    /// What the asking device calls it.
    pub key_of_client: String,
    /// What is asked, as JSON.
    pub payload: String,
}

/// That a proposal is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its number.
    pub id: i64,
    /// The word by which its author can ask for it. It tells its number: whoever shows a proposal checks who asks.
    pub receipt: String,
    /// It was not there before.
    pub new: bool,
}

/// A proposal as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its number.
    pub id: i64,
    /// The table it is about.
    pub table: TableId,
    /// The word by which its author can ask for it.
    pub receipt: String,
    /// What is asked for.
    pub kind: Kind,
    /// What became of it.
    pub state: State,
    /// Who asks; none where nobody had signed in.
    pub author: Option<PersonId>,
    /// What the asking device calls it.
    pub key_of_client: String,
    /// The row it is about.
    pub row: Option<RowId>,
    /// What is asked, as JSON.
    pub payload: String,
    /// When it came in.
    pub at: Timestamp,
    /// When it changed last.
    pub changed_at: Timestamp,
    /// Who decided, and when.
    pub decided: Option<(Option<PersonId>, Timestamp)>,
    /// Why it was decided so.
    pub reason: Option<String>,
    /// How often it changed: whoever decides says which one they saw.
    pub version: i64,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    table_id: i64,
    kind: String,
    state: String,
    author: Option<i64>,
    key_of_client: String,
    row_id: Option<String>,
    payload: String,
    made_at: i64,
    changed_at: i64,
    decided_by: Option<i64>,
    decided_at: Option<i64>,
    reason: Option<String>,
    version: i64,
}

impl TryFrom<Line> for Proposal {
    type Error = StoreError;

    fn try_from(line: Line) -> Result<Self, StoreError> {
        let corrupt = |column: &str| StoreError::corrupt("proposals", &line.id, column);
        let row = line.row_id.as_deref().map(RowId::new).transpose();
        Ok(Self {
            id: line.id,
            table: TableId(line.table_id),
            receipt: receipt_of(line.id),
            kind: Kind::of(&line.kind).ok_or_else(|| corrupt("kind"))?,
            state: State::of(&line.state).ok_or_else(|| corrupt("state"))?,
            author: line.author.map(PersonId),
            row: row.map_err(|_| corrupt("row_id"))?,
            at: Timestamp(line.made_at),
            changed_at: Timestamp(line.changed_at),
            decided: line.decided_at.map(|at| (line.decided_by.map(PersonId), Timestamp(at))),
            key_of_client: line.key_of_client,
            payload: line.payload,
            reason: line.reason,
            version: line.version,
        })
    }
}

/// Keeps proposals of one person, in their order. One that the same device sent before stays as it came first,
/// and says its receipt again.
pub async fn add(
    tx: &mut Tx,
    table: TableId,
    author: PersonId,
    proposals: &[NewProposal],
    at: Timestamp,
) -> Result<Vec<Stored>, StoreError> {
    for proposal in proposals {
        storable(&proposal.key_of_client, "proposals.key_of_client")?;
        storable(&proposal.payload, "proposals.payload")?;
    }
    let mut stored = Vec::with_capacity(proposals.len());
    for proposal in proposals {
        stored.push(add_one(tx, table, author, proposal, at).await?);
    }
    Ok(stored)
}

async fn add_one(
    tx: &mut Tx,
    table: TableId,
    author: PersonId,
    proposal: &NewProposal,
    at: Timestamp,
) -> Result<Stored, StoreError> {
    const ADD: &str = "insert into proposals
        (table_id, kind, state, author, key_of_client, row_id, payload, made_at, changed_at, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1)
        on conflict (table_id, author, key_of_client) do nothing
        returning id";
    const THERE: &str = "select id
        from proposals
        where table_id = $1
        and author = $2
        and key_of_client = $3";

    let added: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(ADD)
        .bind(table.get()).bind(proposal.kind.as_str()).bind(State::Received.as_str())
        .bind(author.get()).bind(&proposal.key_of_client)
        .bind(proposal.row.as_ref().map(RowId::as_str)).bind(&proposal.payload).bind(at.get())
        .fetch_optional(&mut **conn).await?);
    let id: i64 = match added {
        Some(id) => id,
        None => on_engine!(tx, conn => sqlx::query_scalar(THERE)
            .bind(table.get()).bind(author.get()).bind(&proposal.key_of_client)
            .fetch_one(&mut **conn).await?),
    };
    Ok(Stored { id, receipt: receipt_of(id), new: added.is_some() })
}

fn receipt_of(id: i64) -> String {
    format!("P-{id}")
}

/// What a person proposed, newest first.
pub async fn of_author(
    tx: &mut Tx,
    table: TableId,
    author: PersonId,
    limit: u32,
) -> Result<Vec<Proposal>, StoreError> {
    const OF_AUTHOR: &str =
        "select id, table_id, kind, state, author, key_of_client, row_id, payload,
            made_at, changed_at, decided_by, decided_at, reason, version
        from proposals
        where table_id = $1
        and author = $2
        order by id desc
        limit $3";

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(OF_AUTHOR)
        .bind(table.get()).bind(author.get()).bind(i64::from(limit))
        .fetch_all(&mut **conn).await?);
    lines.into_iter().map(Proposal::try_from).collect()
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

/// The proposal with this receipt.
pub async fn find_by_receipt(tx: &mut Tx, receipt: &str) -> Result<Option<Proposal>, StoreError> {
    const FIND: &str = "select id, table_id, kind, state, author, key_of_client, row_id, payload,
            made_at, changed_at, decided_by, decided_at, reason, version
        from proposals
        where id = $1";

    let number = receipt.strip_prefix("P-").and_then(|number| number.parse::<i64>().ok());
    let Some(id) = number.filter(|id| receipt_of(*id) == receipt) else { return Ok(None) };
    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(FIND).bind(id).fetch_optional(&mut **conn).await?);
    line.map(Proposal::try_from).transpose()
}

/// How many proposals of a table wait for a decision.
pub async fn count_open(tx: &mut Tx, table: TableId) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*) from proposals where table_id = $1 and state = $2";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(table.get()).bind(State::Received.as_str()).fetch_one(&mut **conn).await?))
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
        and state = $3";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(table.get()).bind(author.get()).bind(State::Received.as_str())
        .fetch_one(&mut **conn).await?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};
    use tablee_domain::ids::Epoch;

    const LEA: PersonId = PersonId(1);
    const NOUR: PersonId = PersonId(2);

    async fn a_table(tx: &mut Tx) -> TableId {
        tables::create(tx, "formations", Epoch(1), NOON).await.unwrap().id
    }

    fn proposal(key: &str, payload: &str) -> NewProposal {
        NewProposal {
            kind: Kind::Suggestion,
            row: Some(RowId::new("r1").unwrap()),
            key_of_client: key.into(),
            payload: payload.into(),
        }
    }

    both_engines! {
        async fn a_proposal_is_kept_with_all_that_it_says(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let without_row = NewProposal { row: None, ..proposal("b", r#"{"été":"🌞"}"#) };

            let asked = [proposal("a", "{}"), without_row];
            let stored = add(&mut tx, table, LEA, &asked, NOON).await.unwrap();

            let kept = of_author(&mut tx, table, LEA, 9).await.unwrap();
            let newest = Proposal {
                id: stored[1].id,
                table,
                receipt: stored[1].receipt.clone(),
                kind: Kind::Suggestion,
                state: State::Received,
                author: Some(LEA),
                key_of_client: "b".into(),
                row: None,
                payload: r#"{"été":"🌞"}"#.into(),
                at: NOON,
                changed_at: NOON,
                decided: None,
                reason: None,
                version: 1,
            };
            assert_eq!((kept.len(), &kept[0]), (2, &newest));
            assert_eq!(kept[1].row, Some(RowId::new("r1").unwrap()));
            let found = find_by_receipt(&mut tx, &stored[1].receipt).await.unwrap();
            assert_eq!(found, Some(newest));
        }

        async fn what_a_device_sends_twice_is_one_with_one_receipt(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let first = add(&mut tx, table, LEA, &[proposal("a", "1")], NOON).await.unwrap();

            let later = Timestamp(NOON.0 + 1);
            let twice = [proposal("a", "2"), proposal("b", "3"), proposal("b", "4")];
            let again = add(&mut tx, table, LEA, &twice, later).await.unwrap();

            assert_eq!(again[0], Stored { new: false, ..first[0].clone() });
            assert_eq!((again[1].new, again[2].new), (true, false));
            assert_eq!(again[1].receipt, again[2].receipt);
            assert_ne!(again[0].receipt, again[1].receipt);
            let kept = of_author(&mut tx, table, LEA, 9).await.unwrap();
            let kept: Vec<&str> = kept.iter().map(|kept| kept.payload.as_str()).collect();
            assert_eq!(kept, ["3", "1"]);
        }

        async fn two_people_may_use_the_same_key(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;

            for (table, author) in [(table, LEA), (table, NOUR), (other, LEA)] {
                let stored = add(&mut tx, table, author, &[proposal("a", "{}")], NOON).await;
                assert!(stored.unwrap()[0].new);
            }

            assert_eq!(count_open(&mut tx, table).await, Ok(2));
            assert_eq!(count_open(&mut tx, other).await, Ok(1));
            assert_eq!(of_author(&mut tx, table, NOUR, 9).await.unwrap().len(), 1);
        }

        async fn of_two_devices_that_send_at_once_each_hears_the_same_receipt(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            tx.commit().await.unwrap();

            let sent: Vec<_> = (0..4)
                .map(|_| {
                    let store = db.store().clone();
                    tokio::spawn(async move {
                        let mut tx = store.begin().await?;
                        let stored = add(&mut tx, table, LEA, &[proposal("a", "{}")], NOON).await?;
                        tx.commit().await?;
                        Ok::<_, StoreError>(stored[0].clone())
                    })
                })
                .collect();
            let mut heard = Vec::new();
            for one in sent {
                heard.push(one.await.unwrap().unwrap());
            }

            assert_eq!(heard.iter().filter(|stored| stored.new).count(), 1);
            assert!(heard.iter().all(|stored| stored.receipt == heard[0].receipt), "{heard:?}");
        }

        async fn a_word_that_is_no_receipt_finds_nothing(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let stored = add(&mut tx, table, LEA, &[proposal("a", "{}")], NOON).await.unwrap();
            let number = stored[0].id;

            for word in ["", "P-", "P-0", "p-1", "1", "P-x", "P-1\0", "P--1", "P-99999999999999999999"] {
                assert_eq!(find_by_receipt(&mut tx, word).await, Ok(None), "{word}");
            }
            assert_eq!(find_by_receipt(&mut tx, &format!("P-0{number}")).await, Ok(None));
            assert_eq!(find_by_receipt(&mut tx, &format!("P-+{number}")).await, Ok(None));
        }

        async fn what_cannot_be_stored_is_refused_before_anything_is(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;

            for (bad, column) in [
                (proposal("a\0", "{}"), "proposals.key_of_client"),
                (proposal("a", "\0"), "proposals.payload"),
            ] {
                let added = add(&mut tx, table, LEA, &[proposal("good", "{}"), bad], NOON).await;
                assert_eq!(added, Err(StoreError::NotStorable { column }));
            }
            assert_eq!(count_open(&mut tx, table).await, Ok(0));
        }

        async fn what_waits_of_one_person_is_counted_apart(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            add(&mut tx, table, LEA, &[proposal("a", "{}"), proposal("b", "{}")], NOON).await.unwrap();
            add(&mut tx, table, NOUR, &[proposal("a", "{}")], NOON).await.unwrap();

            assert_eq!(count_open_of(&mut tx, table, LEA).await, Ok(2));
            assert_eq!(count_open_of(&mut tx, table, NOUR).await, Ok(1));
            assert_eq!(count_open_of(&mut tx, table, PersonId(3)).await, Ok(0));
        }

        async fn a_state_that_nobody_wrote_is_corrupt_not_guessed(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let stored = add(&mut tx, table, LEA, &[proposal("a", "{}")], NOON).await.unwrap();
            for column in ["state", "kind", "row_id"] {
                let text = sqlx::AssertSqlSafe(format!("update proposals set {column} = '?'"));
                on_engine!(tx, conn => {
                    sqlx::query(text).execute(&mut **conn).await.unwrap();
                });
            }

            let found = find_by_receipt(&mut tx, &stored[0].receipt).await;

            assert_eq!(found, Err(StoreError::corrupt("proposals", &stored[0].id, "kind")));
        }
    }
}
