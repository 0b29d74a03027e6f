//! How many mails there are, and of how many a process that died had hold.

use std::collections::BTreeMap;

use tablee_domain::ids::Timestamp;

use super::State;
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::people::normal_email;
use crate::words::storable;

/// How many mails of a topic were made at this moment or later, in all.
pub async fn count_since(tx: &mut Tx, topic: &str, since: Timestamp) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*) from mails where topic = $1 and made_at >= $2";

    let topic = storable(topic, "mails.topic")?;
    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(topic).bind(since.get()).fetch_one(&mut **conn).await?))
}

/// How many of them for one address, however it is written.
pub async fn count_to_since(
    tx: &mut Tx,
    to: &str,
    topic: &str,
    since: Timestamp,
) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*)
        from mails
        where recipient = $1
        and topic = $2
        and made_at >= $3";

    let to = normal_email(storable(to, "mails.recipient")?);
    let topic = storable(topic, "mails.topic")?;
    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(to).bind(topic).bind(since.get()).fetch_one(&mut **conn).await?))
}

/// How many mails there are in each state.
pub async fn counts(tx: &mut Tx) -> Result<BTreeMap<State, i64>, StoreError> {
    const COUNTS: &str = "select state, count(*) from mails group by state";

    let lines: Vec<(String, i64)> =
        on_engine!(tx, conn => sqlx::query_as(COUNTS).fetch_all(&mut **conn).await?);
    let of = |(word, count): (String, i64)| {
        let state = word.parse().map_err(|_| StoreError::corrupt("mails", &word, "state"))?;
        Ok((state, count))
    };
    lines.into_iter().map(of).collect()
}

/// Ends all claims at once: only where no other process can have one. The attempts count.
pub async fn end_claims(tx: &mut Tx, at: Timestamp) -> Result<u64, StoreError> {
    const END: &str =
        "update mails set not_before = $1 where state = 'claimed' and not_before > $1";

    Ok(on_engine!(tx, conn =>
        sqlx::query(END).bind(at.get()).execute(&mut **conn).await?.rows_affected()))
}

/// Tries a mail at once that waits for its next attempt; false where it does not wait for one.
pub async fn hurry(
    tx: &mut Tx,
    id: tablee_domain::ids::MailId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const HURRY: &str = "update mails
        set not_before = $2
        where id = $1
        and state = 'waiting'
        and error is not null";

    let changed = on_engine!(tx, conn => sqlx::query(HURRY)
        .bind(id.get()).bind(at.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

#[cfg(test)]
mod tests {
    use super::super::{NewMail, claim, due, enqueue, failed, log, tests};
    use super::*;
    use crate::both_engines;
    use crate::testing::NOON;

    fn mail(to: &str, topic: &str) -> NewMail {
        NewMail { topic: topic.to_owned(), ..tests::mail(to) }
    }

    const LATER: Timestamp = Timestamp(NOON.0 + 1);

    both_engines! {
        async fn mails_are_counted_by_address_topic_time_and_state(db: TestDb) {
            let mut tx = db.begin().await;
            for (to, topic, at) in [
                ("lea@exemple.fr", "confirmation", NOON),
                ("Lea@Exemple.fr ", "confirmation", LATER),
                ("lea@exemple.fr", "queue", LATER),
                ("nour@exemple.fr", "confirmation", LATER),
            ] {
                enqueue(&mut tx, &mail(to, topic), at).await.unwrap();
            }

            let to = count_to_since(&mut tx, "LEA@exemple.fr", "confirmation", NOON).await;
            let later = count_to_since(&mut tx, "lea@exemple.fr", "confirmation", LATER).await;
            let all = count_since(&mut tx, "confirmation", LATER).await;

            assert_eq!((to, later, all), (Ok(2), Ok(1), Ok(2)));
            assert_eq!(counts(&mut tx).await, Ok(BTreeMap::from([(State::Waiting, 4)])));
        }

        async fn a_claim_that_is_ended_leaves_its_mail_due_and_its_attempt_counted(db: TestDb) {
            let mut tx = db.begin().await;
            let id = enqueue(&mut tx, &mail("a@b.fr", "queue"), NOON).await.unwrap().unwrap();
            let until = Timestamp(NOON.0 + 60_000);
            assert!(claim(&mut tx, id, 1, NOON, until).await.unwrap());
            assert_eq!(due(&mut tx, LATER, 9).await.unwrap(), []);

            assert_eq!(end_claims(&mut tx, LATER).await, Ok(1));

            let again = due(&mut tx, LATER, 9).await.unwrap();
            assert_eq!(again.iter().map(|mail| mail.attempt).collect::<Vec<_>>(), [2]);
            assert_eq!(end_claims(&mut tx, LATER).await, Ok(0));
        }

        async fn only_a_mail_that_failed_and_waits_can_be_hurried(db: TestDb) {
            let mut tx = db.begin().await;
            let id = enqueue(&mut tx, &mail("a@b.fr", "queue"), NOON).await.unwrap().unwrap();
            assert_eq!(hurry(&mut tx, id, NOON).await, Ok(false));
            let until = Timestamp(NOON.0 + 60_000);
            assert!(claim(&mut tx, id, 1, NOON, until).await.unwrap());
            assert_eq!(hurry(&mut tx, id, NOON).await, Ok(false));
            assert!(failed(&mut tx, id, 1, "away", until).await.unwrap());

            assert_eq!(hurry(&mut tx, id, LATER).await, Ok(true));

            assert_eq!(due(&mut tx, LATER, 9).await.unwrap().len(), 1);
            assert_eq!(log(&mut tx, 9, None).await.unwrap()[0].not_before, LATER);
        }
    }
}
