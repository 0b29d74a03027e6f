//! What the promises of the outbox are.

use super::*;
use crate::both_engines;
use crate::testing::NOON;

/// A mail that may leave at noon.
pub(crate) fn mail(to: &str) -> NewMail {
    NewMail {
        to: to.to_owned(),
        person: None,
        proposal: None,
        topic: "received".to_owned(),
        subject: "Bien reçu".to_owned(),
        text: "Merci « 🌞 ».".to_owned(),
        html: "<p>Merci</p>".to_owned(),
        not_before: NOON,
        dedupe_key: None,
        expires_at: None,
        secret: false,
    }
}

fn later(minutes: i64) -> Timestamp {
    Timestamp(NOON.0 + minutes * 60_000)
}

async fn one(tx: &mut Tx, new: NewMail) -> MailId {
    enqueue(tx, &new, NOON).await.unwrap().unwrap()
}

async fn due_at(tx: &mut Tx, at: Timestamp) -> Vec<MailId> {
    due(tx, at, 9).await.unwrap().into_iter().map(|mail| mail.id).collect()
}

async fn told(tx: &mut Tx, id: MailId) -> Logged {
    log(tx, 9, None).await.unwrap().into_iter().find(|logged| logged.id == id).unwrap()
}

both_engines! {
    async fn a_mail_waits_with_all_that_it_says(db: TestDb) {
        let mut tx = db.begin().await;
        let new = NewMail {
            person: Some(PersonId(7)),
            expires_at: Some(later(60)),
            ..mail(" Zoé@Exemple.FR ")
        };

        let id = one(&mut tx, new.clone()).await;

        let waiting = Mail {
            id,
            to: "zoé@exemple.fr".into(),
            person: Some(PersonId(7)),
            topic: new.topic,
            subject: new.subject,
            text: new.text,
            html: new.html,
            attempt: 1,
            expires_at: Some(later(60)),
        };
        assert_eq!(due(&mut tx, NOON, 9).await.unwrap(), [waiting]);
        assert_eq!(count_waiting(&mut tx).await, Ok(1));
    }

    async fn a_mail_leaves_when_its_time_has_come_and_not_before(db: TestDb) {
        let mut tx = db.begin().await;
        let second = one(&mut tx, NewMail { not_before: later(10), ..mail("a@x.fr") }).await;
        let first = one(&mut tx, NewMail { not_before: later(5), ..mail("b@x.fr") }).await;

        assert_eq!(next_due(&mut tx).await, Ok(Some(later(5))));
        assert_eq!(due_at(&mut tx, later(4)).await, []);
        assert_eq!(due_at(&mut tx, later(5)).await, [first]);
        assert_eq!(due_at(&mut tx, later(10)).await, [first, second]);
        assert_eq!(due(&mut tx, later(10), 1).await.unwrap().len(), 1);
    }

    async fn what_is_said_twice_under_one_key_is_one_mail(db: TestDb) {
        let mut tx = db.begin().await;
        let keyed = |key: &str| NewMail { dedupe_key: Some(key.into()), ..mail("a@x.fr") };

        let first = enqueue(&mut tx, &keyed("k"), NOON).await.unwrap();
        let again = enqueue(&mut tx, &keyed("k"), NOON).await.unwrap();
        let other = enqueue(&mut tx, &keyed("l"), NOON).await.unwrap();

        assert!(first.is_some() && other.is_some());
        assert_eq!(again, None);
        claim(&mut tx, first.unwrap(), 1, NOON, later(1)).await.unwrap();
        sent(&mut tx, first.unwrap(), 1, NOON).await.unwrap();
        assert_eq!(enqueue(&mut tx, &keyed("k"), NOON).await, Ok(None), "it was sent");
    }

    async fn a_mail_that_has_not_left_can_be_dropped(db: TestDb) {
        let mut tx = db.begin().await;
        let keyed = NewMail { dedupe_key: Some("k".into()), not_before: later(10), ..mail("a@x.fr") };
        one(&mut tx, keyed.clone()).await;

        assert_eq!(drop_by_key(&mut tx, "k").await, Ok(true));
        assert_eq!(drop_by_key(&mut tx, "k").await, Ok(false));
        assert_eq!(due_at(&mut tx, later(10)).await, []);
        let id = one(&mut tx, keyed).await;
        claim(&mut tx, id, 1, later(10), later(11)).await.unwrap();
        assert_eq!(drop_by_key(&mut tx, "k").await, Ok(false), "a carrier has it");
    }

    async fn a_key_that_was_freed_is_that_of_the_next_mail(db: TestDb) {
        let mut tx = db.begin().await;
        let keyed = NewMail { dedupe_key: Some("k".into()), ..mail("a@x.fr") };
        let left = one(&mut tx, keyed.clone()).await;
        claim(&mut tx, left, 1, NOON, later(1)).await.unwrap();
        sent(&mut tx, left, 1, NOON).await.unwrap();

        free_key(&mut tx, "k").await.unwrap();
        let waits = one(&mut tx, keyed.clone()).await;
        free_key(&mut tx, "k").await.unwrap();
        let last = one(&mut tx, keyed).await;

        let told: Vec<_> = log(&mut tx, 9, None).await.unwrap().iter().map(|it| it.id).collect();
        assert_eq!(told, [last, left], "what left stays in the log, what waited is gone");
        assert_ne!(waits, last);
    }

    async fn a_mail_that_left_keeps_no_words(db: TestDb) {
        let mut tx = db.begin().await;
        let id = one(&mut tx, mail("a@x.fr")).await;

        assert_eq!(sent(&mut tx, id, 1, NOON).await, Ok(false), "nobody has it");
        assert_eq!(claim(&mut tx, id, 1, NOON, later(1)).await, Ok(true));
        assert_eq!(sent(&mut tx, id, 1, later(1)).await, Ok(true));

        let logged = told(&mut tx, id).await;
        assert_eq!((logged.state, logged.ended_at, logged.has_words), (State::Sent, Some(later(1)), false));
        assert_eq!((logged.attempts, logged.error), (1, None));
        assert_eq!(due_at(&mut tx, later(99)).await, []);
        assert_eq!(count_waiting(&mut tx).await, Ok(0));
        assert_eq!(resend(&mut tx, id, NOON).await, Ok(false));
    }

    async fn of_two_carriers_one_has_a_mail(db: TestDb) {
        let mut tx = db.begin().await;
        let id = one(&mut tx, mail("a@x.fr")).await;
        tx.commit().await.unwrap();

        let both: Vec<_> = (0..2).map(|_| {
            let store = db.store().clone();
            tokio::spawn(async move {
                let mut tx = store.begin().await?;
                let has = claim(&mut tx, id, 1, NOON, later(1)).await?;
                tx.commit().await?;
                Ok::<_, StoreError>(has)
            })
        }).collect();
        let mut has = 0;
        for one in both {
            has += usize::from(one.await.unwrap().unwrap());
        }

        assert_eq!(has, 1);
    }

    async fn nobody_takes_a_mail_whose_time_has_not_come_however_early_they_saw_it(db: TestDb) {
        let mut tx = db.begin().await;
        let id = one(&mut tx, NewMail { not_before: later(10), ..mail("a@x.fr") }).await;

        assert_eq!(claim(&mut tx, id, 1, later(9), later(11)).await, Ok(false));
        assert_eq!(claim(&mut tx, id, 1, later(10), later(12)).await, Ok(true));
    }

    async fn a_mail_whose_carrier_never_came_back_is_due_again(db: TestDb) {
        let mut tx = db.begin().await;
        let id = one(&mut tx, mail("a@x.fr")).await;
        claim(&mut tx, id, 1, NOON, later(2)).await.unwrap();

        assert_eq!(due_at(&mut tx, later(1)).await, []);
        assert_eq!(next_due(&mut tx).await, Ok(Some(later(2))));
        let again = due(&mut tx, later(2), 9).await.unwrap();
        assert_eq!((again[0].id, again[0].attempt), (id, 2));
        assert_eq!(claim(&mut tx, id, 2, later(2), later(4)).await, Ok(true));
        assert_eq!(sent(&mut tx, id, 1, later(3)).await, Ok(false), "the first came too late");
        assert_eq!(told(&mut tx, id).await.state, State::Claimed);
    }

    async fn a_failed_attempt_is_tried_again_later(db: TestDb) {
        let mut tx = db.begin().await;
        let id = one(&mut tx, mail("a@x.fr")).await;
        claim(&mut tx, id, 1, NOON, later(1)).await.unwrap();

        assert_eq!(failed(&mut tx, id, 1, "refused", later(5)).await, Ok(true));

        let logged = told(&mut tx, id).await;
        assert_eq!((logged.state, logged.error.as_deref()), (State::Waiting, Some("refused")));
        assert_eq!((logged.not_before, logged.has_words), (later(5), true));
        assert_eq!(due_at(&mut tx, later(4)).await, []);
        assert_eq!(due(&mut tx, later(5), 9).await.unwrap()[0].attempt, 2);
    }

    async fn a_mail_given_up_can_be_sent_again_unless_it_is_secret(db: TestDb) {
        let mut tx = db.begin().await;
        let plain = one(&mut tx, mail("a@x.fr")).await;
        let secret = one(&mut tx, NewMail { secret: true, ..mail("b@x.fr") }).await;
        for id in [plain, secret] {
            claim(&mut tx, id, 1, NOON, later(1)).await.unwrap();
            assert_eq!(given_up(&mut tx, id, 1, "no-such-address", later(1)).await, Ok(true));
        }
        let logged = told(&mut tx, plain).await;
        assert_eq!((logged.state, logged.has_words), (State::GivenUp, true));
        assert!(!told(&mut tx, secret).await.has_words);

        assert_eq!(resend(&mut tx, plain, later(2)).await, Ok(true));
        assert_eq!(resend(&mut tx, secret, later(2)).await, Ok(false));

        let again = due(&mut tx, later(2), 9).await.unwrap();
        assert_eq!((again.len(), again[0].id, again[0].attempt), (1, plain, 1));
        assert_eq!(told(&mut tx, plain).await.ended_at, None);
    }

    async fn what_is_of_no_use_any_more_is_not_sent(db: TestDb) {
        let mut tx = db.begin().await;
        let short = one(&mut tx, NewMail { expires_at: Some(later(10)), ..mail("a@x.fr") }).await;
        let long = one(&mut tx, NewMail { expires_at: Some(later(99)), ..mail("b@x.fr") }).await;

        assert_eq!(expire(&mut tx, later(9)).await, Ok(0));
        assert_eq!(expire(&mut tx, later(10)).await, Ok(1));

        let logged = told(&mut tx, short).await;
        assert_eq!((logged.state, logged.has_words), (State::GivenUp, false));
        assert_eq!(logged.error.as_deref(), Some("expired"));
        assert_eq!(due_at(&mut tx, later(10)).await, [long]);
    }

    async fn the_log_goes_from_the_newest_to_the_oldest_and_is_forgotten(db: TestDb) {
        let mut tx = db.begin().await;
        let mut ids = Vec::new();
        for to in ["a@x.fr", "b@x.fr", "c@x.fr"] {
            ids.push(one(&mut tx, mail(to)).await);
        }
        claim(&mut tx, ids[0], 1, NOON, later(1)).await.unwrap();
        sent(&mut tx, ids[0], 1, later(1)).await.unwrap();

        let newest = log(&mut tx, 2, None).await.unwrap();
        let older = log(&mut tx, 2, Some(newest[1].id)).await.unwrap();
        let seen: Vec<_> = newest.iter().chain(&older).map(|logged| logged.id).collect();
        assert_eq!(seen, [ids[2], ids[1], ids[0]]);
        assert_eq!(forget(&mut tx, later(1)).await, Ok(0));
        assert_eq!(forget(&mut tx, later(2)).await, Ok(1), "those that wait are not forgotten");
        assert_eq!(log(&mut tx, 9, None).await.unwrap().len(), 2);
    }

    async fn what_cannot_be_stored_is_refused(db: TestDb) {
        let mut tx = db.begin().await;
        for (bad, column) in [
            (mail("a\0@x.fr"), "mails.recipient"),
            (NewMail { subject: "\0".into(), ..mail("a@x.fr") }, "mails.subject"),
            (NewMail { text: "\0".into(), ..mail("a@x.fr") }, "mails.body_text"),
            (NewMail { html: "\0".into(), ..mail("a@x.fr") }, "mails.body_html"),
        ] {
            assert_eq!(enqueue(&mut tx, &bad, NOON).await, Err(StoreError::NotStorable { column }));
        }
        assert_eq!(count_waiting(&mut tx).await, Ok(0));
    }
}
