//! What happened to a proposal, in its order, with the words that its author and the pilots exchanged.

use tablee_domain::ids::{PersonId, ProposalId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// Who did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// Whoever proposed it.
    Author,
    /// A pilot.
    Pilot(PersonId),
    /// The program.
    Program,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It came in.
    Received,
    /// A visitor said by mail that it is theirs.
    Confirmed,
    /// A pilot looks after it.
    Taken,
    /// A pilot asked its author.
    Asked(String),
    /// Its author answered.
    Answered(String),
    /// Its author wrote it anew.
    Edited,
    /// It stands in the table.
    Accepted {
        /// A pilot changed something in it.
        retouched: bool,
    },
    /// A pilot said no.
    Refused {
        /// Why, in words for its author.
        reason: String,
    },
    /// A decision was taken back.
    Undone,
    /// Its author took it back.
    Withdrawn,
    /// A pilot noted something for the pilots: its author never reads it.
    Noted(String),
}

impl Event {
    /// Its word, and the words it carries.
    fn words(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Received => ("received", None),
            Self::Confirmed => ("confirmed", None),
            Self::Taken => ("taken", None),
            Self::Asked(words) => ("asked", Some(words)),
            Self::Answered(words) => ("answered", Some(words)),
            Self::Edited => ("edited", None),
            Self::Accepted { retouched: false } => ("accepted", None),
            Self::Accepted { retouched: true } => ("retouched", None),
            Self::Refused { reason } => ("refused", Some(reason)),
            Self::Undone => ("undone", None),
            Self::Withdrawn => ("withdrawn", None),
            Self::Noted(words) => ("noted", Some(words)),
        }
    }

    fn of(word: &str, words: Option<String>) -> Option<Self> {
        Some(match (word, words) {
            ("received", None) => Self::Received,
            ("confirmed", None) => Self::Confirmed,
            ("taken", None) => Self::Taken,
            ("asked", Some(words)) => Self::Asked(words),
            ("answered", Some(words)) => Self::Answered(words),
            ("edited", None) => Self::Edited,
            ("accepted", None) => Self::Accepted { retouched: false },
            ("retouched", None) => Self::Accepted { retouched: true },
            ("refused", Some(reason)) => Self::Refused { reason },
            ("undone", None) => Self::Undone,
            ("withdrawn", None) => Self::Withdrawn,
            ("noted", Some(words)) => Self::Noted(words),
            _ => return None,
        })
    }

    /// Whether only pilots may read it.
    pub fn is_private(&self) -> bool {
        matches!(self, Self::Noted(_))
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// Its number: later ones have larger ones.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: By,
    /// What.
    pub event: Event,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    made_at: i64,
    actor: String,
    person_id: Option<i64>,
    what: String,
    words: Option<String>,
}

impl TryFrom<Line> for Happened {
    type Error = StoreError;

    fn try_from(line: Line) -> Result<Self, StoreError> {
        let corrupt = |column: &str| StoreError::corrupt("proposal_events", &line.id, column);
        let by = match (line.actor.as_str(), line.person_id) {
            ("author", None) => By::Author,
            ("pilot", Some(person)) => By::Pilot(PersonId(person)),
            ("program", None) => By::Program,
            _ => return Err(corrupt("actor")),
        };
        let event = Event::of(&line.what, line.words).ok_or_else(|| corrupt("what"))?;
        Ok(Self { id: line.id, at: Timestamp(line.made_at), by, event })
    }
}

/// Notes what happened, in the transaction in which it does.
pub async fn add(
    tx: &mut Tx,
    id: ProposalId,
    at: Timestamp,
    by: By,
    event: &Event,
) -> Result<(), StoreError> {
    const ADD: &str = "insert into proposal_events
        (proposal_id, made_at, actor, person_id, what, words)
        values ($1, $2, $3, $4, $5, $6)";

    let (actor, person) = match by {
        By::Author => ("author", None),
        By::Pilot(person) => ("pilot", Some(person.get())),
        By::Program => ("program", None),
    };
    let (what, words) = event.words();
    let words = words.map(|words| storable(words, "proposal_events.words")).transpose()?;
    on_engine!(tx, conn => {
        sqlx::query(ADD)
            .bind(id.get()).bind(at.get()).bind(actor).bind(person).bind(what).bind(words)
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// All that happened to a proposal, oldest first. What [`Event::is_private`] says is for pilots only.
pub async fn of(tx: &mut Tx, id: ProposalId) -> Result<Vec<Happened>, StoreError> {
    const OF: &str = "select id, made_at, actor, person_id, what, words
        from proposal_events
        where proposal_id = $1
        order by id";

    let lines: Vec<Line> = on_engine!(tx, conn =>
        sqlx::query_as(OF).bind(id.get()).fetch_all(&mut **conn).await?);
    lines.into_iter().map(Happened::try_from).collect()
}

/// What happened to any proposal after the entry `after`, oldest first, at most `limit`: what a digest tells.
pub async fn since(
    tx: &mut Tx,
    after: i64,
    limit: u32,
) -> Result<Vec<(ProposalId, Happened)>, StoreError> {
    const SINCE: &str = "select proposal_id, id, made_at, actor, person_id, what, words
        from proposal_events
        where id > $1
        order by id
        limit $2";

    #[derive(sqlx::FromRow)]
    struct Of {
        proposal_id: i64,
        #[sqlx(flatten)]
        line: Line,
    }
    let lines: Vec<Of> = on_engine!(tx, conn => sqlx::query_as(SINCE)
        .bind(after).bind(i64::from(limit)).fetch_all(&mut **conn).await?);
    lines
        .into_iter()
        .map(|Of { proposal_id, line }| Ok((ProposalId(proposal_id), Happened::try_from(line)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proposals::{Kind, NewProposal};
    use crate::testing::NOON;
    use crate::{both_engines, proposals, tables};
    use tablee_domain::ids::Epoch;

    const NOUR: By = By::Pilot(PersonId(2));

    /// The numbers of two proposals.
    async fn two(tx: &mut Tx) -> [ProposalId; 2] {
        let table = tables::create(tx, "formations", Epoch(1), NOON).await.unwrap().id;
        let asked = ["a", "b"].map(|key| NewProposal::of_person(Kind::New, PersonId(1), key, "{}"));
        let stored = proposals::add(tx, table, &asked, NOON).await.unwrap();
        [stored[0].id, stored[1].id]
    }

    both_engines! {
        async fn everything_that_happened_is_told_in_its_order(db: TestDb) {
            let mut tx = db.begin().await;
            let [id, other] = two(&mut tx).await;
            let all = [
                (By::Author, Event::Received),
                (By::Author, Event::Confirmed),
                (NOUR, Event::Taken),
                (NOUR, Event::Asked("Quel prix « 🌞 » ?".into())),
                (By::Author, Event::Answered("120 €".into())),
                (By::Author, Event::Edited),
                (NOUR, Event::Noted("à vérifier".into())),
                (NOUR, Event::Refused { reason: "doublon".into() }),
                (NOUR, Event::Undone),
                (NOUR, Event::Accepted { retouched: false }),
                (NOUR, Event::Accepted { retouched: true }),
                (By::Program, Event::Withdrawn),
            ];

            for (number, (by, event)) in (0..).zip(&all) {
                let at = Timestamp(NOON.0 + number);
                add(&mut tx, id, at, *by, event).await.unwrap();
                add(&mut tx, other, at, By::Author, &Event::Edited).await.unwrap();
            }

            let told = of(&mut tx, id).await.unwrap();
            let kept: Vec<_> = told.iter().map(|one| (one.by, one.event.clone())).collect();
            assert_eq!(kept, all);
            assert_eq!(told[3].at, Timestamp(NOON.0 + 3));
            let private: Vec<_> = all.iter().filter(|(_, event)| event.is_private()).collect();
            assert_eq!(private, [&all[6]]);
        }

        async fn what_a_digest_tells_goes_on_where_the_last_one_ended(db: TestDb) {
            let mut tx = db.begin().await;
            let [id, other] = two(&mut tx).await;
            for of in [id, other, id] {
                add(&mut tx, of, NOON, By::Author, &Event::Edited).await.unwrap();
            }

            let first = since(&mut tx, 0, 2).await.unwrap();
            let rest = since(&mut tx, first[1].1.id, 2).await.unwrap();

            let whose: Vec<_> = first.iter().chain(&rest).map(|(of, _)| *of).collect();
            assert_eq!(whose, [id, other, id]);
        }

        async fn an_event_that_nobody_wrote_is_corrupt_not_guessed(db: TestDb) {
            let mut tx = db.begin().await;
            let [id, _] = two(&mut tx).await;
            add(&mut tx, id, NOON, NOUR, &Event::Taken).await.unwrap();
            for (column, value) in [("what", "'?'"), ("actor", "'author'")] {
                let text = format!("update proposal_events set {column} = {value}");
                on_engine!(tx, conn => {
                    sqlx::query(sqlx::AssertSqlSafe(text)).execute(&mut **conn).await.unwrap();
                });

                let told = of(&mut tx, id).await;

                assert!(matches!(told, Err(StoreError::Corrupt { .. })), "{column}: {told:?}");
            }
        }

        async fn words_that_cannot_be_stored_are_refused(db: TestDb) {
            let mut tx = db.begin().await;
            let [id, _] = two(&mut tx).await;

            let added = add(&mut tx, id, NOON, NOUR, &Event::Asked("\0".into())).await;

            assert_eq!(added, Err(StoreError::NotStorable { column: "proposal_events.words" }));
            assert_eq!(of(&mut tx, id).await.unwrap(), []);
        }
    }
}
