//! The mails to many people at once: what became of them, and how they go.

use sqlx::AssertSqlSafe;
use tablee_domain::ids::PersonId;

use super::{LogLine, Logged, logged};
use crate::chunks::{chunks, parameters};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// What became of the mails of a topic to these people, oldest first for each of them.
pub async fn log_of_people(
    tx: &mut Tx,
    topic: &str,
    people: &[PersonId],
) -> Result<Vec<Logged>, StoreError> {
    const LOG: &str = logged!("topic = $1 and person_id in ");

    let topic = storable(topic, "mails.topic")?;
    let mut found = Vec::new();
    for chunk in chunks(people) {
        let text = format!("{LOG}{} order by id", parameters(2, chunk.len()));
        let lines: Vec<LogLine> = on_engine!(tx, conn => {
            let query = sqlx::query_as(AssertSqlSafe(text)).bind(topic);
            let query = chunk.iter().fold(query, |query, id| query.bind(id.get()));
            query.fetch_all(&mut **conn).await?
        });
        for line in lines {
            found.push(Logged::try_from(line)?);
        }
    }
    Ok(found)
}

/// Drops all mails to these people, however far they are. Says how many.
pub async fn drop_of_people(tx: &mut Tx, people: &[PersonId]) -> Result<u64, StoreError> {
    const DROP: &str = "delete from mails where person_id in ";

    let mut gone = 0;
    for chunk in chunks(people) {
        let text = format!("{DROP}{}", parameters(1, chunk.len()));
        gone += on_engine!(tx, conn => {
            let query = sqlx::query(AssertSqlSafe(text));
            let query = chunk.iter().fold(query, |query, id| query.bind(id.get()));
            query.execute(&mut **conn).await?.rows_affected()
        });
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    use tablee_domain::ids::Timestamp;

    use super::super::{NewMail, claim, enqueue, log, sent, tests};
    use super::*;
    use crate::both_engines;
    use crate::testing::NOON;

    fn mail(person: i64, topic: &str) -> NewMail {
        NewMail {
            person: Some(PersonId(person)),
            topic: topic.to_owned(),
            ..tests::mail(&format!("p{person}@exemple.fr"))
        }
    }

    both_engines! {
        async fn the_mails_to_some_people_are_told_by_topic_and_dropped_in_all(db: TestDb) {
            let mut tx = db.begin().await;
            let asked = [(1, "welcome"), (2, "rows"), (1, "welcome"), (3, "welcome"), (2, "welcome")];
            let mut ids = Vec::new();
            for (person, topic) in asked {
                ids.push(enqueue(&mut tx, &mail(person, topic), NOON).await.unwrap().unwrap());
            }
            let until = Timestamp(NOON.0 + 60_000);
            assert!(claim(&mut tx, ids[0], 1, NOON, until).await.unwrap());
            assert!(sent(&mut tx, ids[0], 1, until).await.unwrap());

            let told = log_of_people(&mut tx, "welcome", &[PersonId(1), PersonId(2)]).await.unwrap();
            let mut told: Vec<_> = told.into_iter().map(|it| (it.id, it.ended_at)).collect();
            told.sort_unstable_by_key(|(id, _)| *id);
            assert_eq!(told, [(ids[0], Some(until)), (ids[2], None), (ids[4], None)]);
            assert_eq!(log_of_people(&mut tx, "welcome", &[]).await, Ok(Vec::new()));

            assert_eq!(drop_of_people(&mut tx, &[PersonId(1), PersonId(2)]).await, Ok(4));
            assert_eq!(drop_of_people(&mut tx, &[]).await, Ok(0));
            let left = log(&mut tx, 9, None).await.unwrap();
            assert_eq!(left.iter().map(|it| it.id).collect::<Vec<_>>(), [ids[3]]);
        }
    }
}
