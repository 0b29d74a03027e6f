//! News that wait for the next digest of a person.

use tablee_domain::ids::{PersonId, ProposalId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// A piece of news for somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// Its number; 0 for one that is to be added.
    pub id: i64,
    /// Who it is for.
    pub person: PersonId,
    /// What it is about, as preferences call it.
    pub topic: String,
    /// The proposal it is about.
    pub proposal: Option<ProposalId>,
    /// Of all that wait for this person with this key the first is the only one.
    pub dedupe_key: Option<String>,
    /// What it says, as whoever makes the digest keeps it.
    pub words: String,
    /// When it came in.
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    person_id: i64,
    topic: String,
    proposal_id: Option<i64>,
    dedupe_key: Option<String>,
    words: String,
    made_at: i64,
}

impl From<Line> for News {
    fn from(line: Line) -> Self {
        Self {
            id: line.id,
            person: PersonId(line.person_id),
            topic: line.topic,
            proposal: line.proposal_id.map(ProposalId),
            dedupe_key: line.dedupe_key,
            words: line.words,
            at: Timestamp(line.made_at),
        }
    }
}

/// Keeps a piece of news until the next digest; false where one with the same key waits already.
pub async fn add(tx: &mut Tx, news: &News) -> Result<bool, StoreError> {
    const ADD: &str = "insert into mail_news
        (person_id, topic, proposal_id, dedupe_key, words, made_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing";

    let topic = storable(&news.topic, "mail_news.topic")?;
    let words = storable(&news.words, "mail_news.words")?;
    let key =
        news.dedupe_key.as_deref().map(|it| storable(it, "mail_news.dedupe_key")).transpose()?;
    let added = on_engine!(tx, conn => sqlx::query(ADD)
        .bind(news.person.get()).bind(topic).bind(news.proposal.map(ProposalId::get)).bind(key)
        .bind(words).bind(news.at.get())
        .execute(&mut **conn).await?.rows_affected());
    Ok(added == 1)
}

/// All news that came in before this moment, person by person, oldest first.
pub async fn waiting(tx: &mut Tx, before: Timestamp) -> Result<Vec<News>, StoreError> {
    const WAITING: &str = "select id, person_id, topic, proposal_id, dedupe_key, words, made_at
        from mail_news
        where made_at < $1
        order by person_id, id";

    let lines: Vec<Line> = on_engine!(tx, conn =>
        sqlx::query_as(WAITING).bind(before.get()).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(News::from).collect())
}

/// Drops a piece of news: it was told, or is none any more. False where it is gone.
pub async fn remove(tx: &mut Tx, id: i64) -> Result<bool, StoreError> {
    const REMOVE: &str = "delete from mail_news where id = $1";

    let gone = on_engine!(tx, conn =>
        sqlx::query(REMOVE).bind(id).execute(&mut **conn).await?.rows_affected());
    Ok(gone == 1)
}

/// Drops what nobody was told yet under this key. Says how many.
pub async fn drop_by_key(tx: &mut Tx, dedupe_key: &str) -> Result<u64, StoreError> {
    const DROP: &str = "delete from mail_news where dedupe_key = $1";

    let key = storable(dedupe_key, "mail_news.dedupe_key")?;
    Ok(on_engine!(tx, conn =>
        sqlx::query(DROP).bind(key).execute(&mut **conn).await?.rows_affected()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, people};
    use tablee_domain::people::Role;

    fn news(person: PersonId, key: Option<&str>, at: i64) -> News {
        News {
            id: 0,
            person,
            topic: "desk".into(),
            proposal: Some(ProposalId(3)),
            dedupe_key: key.map(str::to_owned),
            words: r#"{"été":"🌞"}"#.into(),
            at: Timestamp(NOON.0 + at),
        }
    }

    both_engines! {
        async fn news_wait_person_by_person_until_they_are_told(db: TestDb) {
            let mut tx = db.begin().await;
            let lea = people::add(&mut tx, "lea@exemple.fr", "Léa", Role::Pilot, NOON).await.unwrap();
            let nour = people::add(&mut tx, "nour@exemple.fr", "Nour", Role::Pilot, NOON).await.unwrap();

            assert_eq!(add(&mut tx, &news(nour, Some("k"), 0)).await, Ok(true));
            assert_eq!(add(&mut tx, &news(lea, Some("k"), 1)).await, Ok(true));
            assert_eq!(add(&mut tx, &news(nour, Some("k"), 2)).await, Ok(false));
            assert_eq!(add(&mut tx, &news(nour, None, 3)).await, Ok(true));
            assert_eq!(add(&mut tx, &news(nour, None, 9)).await, Ok(true));

            let told = waiting(&mut tx, Timestamp(NOON.0 + 4)).await.unwrap();
            let whose: Vec<_> = told.iter().map(|one| (one.person, one.at.0 - NOON.0)).collect();
            assert_eq!(whose, [(lea, 1), (nour, 0), (nour, 3)]);
            assert_eq!(News { id: 0, ..told[0].clone() }, news(lea, Some("k"), 1));
            assert_eq!(remove(&mut tx, told[1].id).await, Ok(true));
            assert_eq!(remove(&mut tx, told[1].id).await, Ok(false));
            assert_eq!(add(&mut tx, &news(nour, Some("k"), 2)).await, Ok(true), "it was told");
            assert_eq!(drop_by_key(&mut tx, "k").await, Ok(2));
        }
    }
}
