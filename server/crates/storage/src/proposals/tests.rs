//! What the promises of proposals are.

use super::*;
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::testing::NOON;
use crate::{both_engines, follow_links, mails, people, proposal_events, tables};
use tablee_domain::ids::Epoch;
use tablee_domain::people::Role;

const LEA: PersonId = PersonId(1);
const NOUR: PersonId = PersonId(2);

async fn a_table(tx: &mut Tx) -> TableId {
    tables::create(tx, "formations", Epoch(1), NOON).await.unwrap().id
}

fn row(id: &str) -> RowId {
    RowId::new(id).unwrap()
}

/// What Léa suggests about row `r1`.
fn proposal(key: &str, payload: &str) -> NewProposal {
    NewProposal {
        row: Some(row("r1")),
        ..NewProposal::of_person(Kind::Suggestion, LEA, key, payload)
    }
}

fn by_nour(new: NewProposal) -> NewProposal {
    NewProposal { author: Some(NOUR), ..new }
}

fn by_visitor(key: &str) -> NewProposal {
    NewProposal {
        author_name: Some("Zoé".into()),
        private: Some(r#"{"remark":"merci"}"#.into()),
        place_hash: Some(vec![7; 32]),
        score: 0.25,
        language: "en".into(),
        ..NewProposal::of_visitor(Kind::New, " Zoé@Exemple.FR", key, "{}")
    }
}

fn later(hours: i64) -> Timestamp {
    Timestamp(NOON.0 + hours * 3_600_000)
}

/// The number of one proposal of Léa's that just came in.
async fn one(tx: &mut Tx, table: TableId) -> ProposalId {
    add(tx, table, &[proposal("a", "{}")], NOON).await.unwrap()[0].id
}

async fn found(tx: &mut Tx, id: ProposalId) -> Proposal {
    find(tx, id).await.unwrap().unwrap()
}

both_engines! {
    async fn a_proposal_is_kept_with_all_that_it_says(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let without_row = NewProposal { row: None, ..proposal("b", r#"{"été":"🌞"}"#) };

        let asked = [proposal("a", "{}"), without_row];
        let stored = add(&mut tx, table, &asked, NOON).await.unwrap();

        let kept = of_author(&mut tx, table, LEA, 9).await.unwrap();
        let newest = Proposal {
            id: stored[1].id,
            table,
            receipt: stored[1].receipt.clone(),
            kind: Kind::Suggestion,
            state: State::Received,
            author: Some(LEA),
            author_email: None,
            author_name: None,
            private: None,
            language: "fr".into(),
            key_of_client: "b".into(),
            row: None,
            payload: r#"{"été":"🌞"}"#.into(),
            score: 0.0,
            at: NOON,
            changed_at: NOON,
            taken: None,
            decided: None,
            reason: None,
            decision: None,
            not_before: None,
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
        let first = add(&mut tx, table, &[proposal("a", "1")], NOON).await.unwrap();

        let twice = [proposal("a", "2"), proposal("b", "3"), proposal("b", "4")];
        let again = add(&mut tx, table, &twice, later(1)).await.unwrap();

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

        for (table, asked) in [
            (table, proposal("a", "{}")),
            (table, by_nour(proposal("a", "{}"))),
            (table, by_visitor("a")),
            (other, proposal("a", "{}")),
        ] {
            let stored = add(&mut tx, table, &[asked], NOON).await;
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
                    let stored = add(&mut tx, table, &[proposal("a", "{}")], NOON).await?;
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

    async fn a_receipt_is_understood_however_people_write_it(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let stored = add(&mut tx, table, &[proposal("a", "{}")], NOON).await.unwrap();
        let receipt = &stored[0].receipt;

        let spoken = receipt.to_lowercase().replace('-', " ");
        let apart = format!(" {}-{} ", &receipt[..receipt.len() - 2], &receipt[receipt.len() - 2..]);

        for word in [receipt.clone(), spoken, apart] {
            let found = find_by_receipt(&mut tx, &word).await.unwrap().map(|found| found.id);
            assert_eq!(found, Some(stored[0].id), "{word}");
        }
    }

    async fn a_word_that_is_no_receipt_finds_nothing(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let stored = add(&mut tx, table, &[proposal("a", "{}")], NOON).await.unwrap();
        let (number, letters) = (stored[0].id, stored[0].receipt[3..].to_owned());

        for word in ["", "P-", "P-0", "p-1", "P-1", "1", "P-x", "P-1\0", "P--1", "P-99999999999999999999", "Pé"] {
            assert_eq!(find_by_receipt(&mut tx, word).await, Ok(None), "{word}");
        }
        assert_eq!(find_by_receipt(&mut tx, &format!("P-0{number}{letters}")).await, Ok(None));
        assert_eq!(find_by_receipt(&mut tx, &format!("P-+{number}{letters}")).await, Ok(None));
        assert_eq!(find_by_receipt(&mut tx, &format!("P-{number}{letters}A")).await, Ok(None));
    }

    async fn what_cannot_be_stored_is_refused_before_anything_is(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;

        for (bad, column) in [
            (proposal("a\0", "{}"), "proposals.key_of_client"),
            (proposal("a", "\0"), "proposals.payload"),
            (NewProposal { private: Some("\0".into()), ..by_visitor("a") }, "proposals.private"),
            (NewProposal { author_name: Some("\0".into()), ..by_visitor("a") }, "proposals.author_name"),
            (NewProposal { author_email: Some("\0".into()), ..by_visitor("a") }, "proposals.author_email"),
        ] {
            let added = add(&mut tx, table, &[proposal("good", "{}"), bad], NOON).await;
            assert_eq!(added, Err(StoreError::NotStorable { column }));
        }
        assert_eq!(count_open(&mut tx, table).await, Ok(0));
    }

    async fn what_waits_of_one_person_is_counted_apart(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        add(&mut tx, table, &[proposal("a", "{}"), proposal("b", "{}")], NOON).await.unwrap();
        add(&mut tx, table, &[by_nour(proposal("a", "{}"))], NOON).await.unwrap();

        assert_eq!(count_open_of(&mut tx, table, LEA).await, Ok(2));
        assert_eq!(count_open_of(&mut tx, table, NOUR).await, Ok(1));
        assert_eq!(count_open_of(&mut tx, table, PersonId(3)).await, Ok(0));
    }

    async fn a_state_that_nobody_wrote_is_corrupt_not_guessed(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let stored = add(&mut tx, table, &[proposal("a", "{}")], NOON).await.unwrap();
        for column in ["state", "kind", "row_id"] {
            let text = sqlx::AssertSqlSafe(format!("update proposals set {column} = '?'"));
            on_engine!(tx, conn => {
                sqlx::query(text).execute(&mut **conn).await.unwrap();
            });
        }

        let found = find_by_receipt(&mut tx, &stored[0].receipt).await;

        assert_eq!(found, Err(StoreError::corrupt("proposals", &stored[0].id, "kind")));
    }

    async fn a_visitor_is_kept_apart_from_what_they_ask(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;

        let stored = add(&mut tx, table, &[by_visitor("a"), by_visitor("a")], NOON).await.unwrap();

        assert_eq!((stored[0].new, stored[1].new), (true, false), "a double click is one");
        assert_eq!(stored[0].receipt, stored[1].receipt);
        let kept = found(&mut tx, stored[0].id).await;
        assert_eq!((kept.state, kept.author, kept.version), (State::Unconfirmed, None, 1));
        assert_eq!(kept.author_email.as_deref(), Some("zoé@exemple.fr"));
        assert_eq!(kept.author_name.as_deref(), Some("Zoé"));
        assert_eq!(kept.private.as_deref(), Some(r#"{"remark":"merci"}"#));
        assert_eq!((kept.language.as_str(), kept.score), ("en", 0.25));
        assert_eq!(kept.payload, "{}");
        let of_address = of_address(&mut tx, "ZOÉ@exemple.fr", 9).await.unwrap();
        assert_eq!(of_address, [kept]);
        assert_eq!(of_author(&mut tx, table, PersonId(0), 9).await.unwrap(), []);
    }

    async fn what_nobody_confirmed_waits_for_no_pilot(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let asked = [by_visitor("a"), proposal("a", "{}"), proposal("b", "{}"), by_visitor("b")];
        let ids: Vec<_> =
            add(&mut tx, table, &asked, NOON).await.unwrap().into_iter().map(|it| it.id).collect();
        let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
        add(&mut tx, other, &[proposal("a", "{}")], NOON).await.unwrap();

        let listed = list(&mut tx, table, &State::OPEN, 9, None).await.unwrap();

        let numbers = |list: &[Proposal]| list.iter().map(|it| it.id).collect::<Vec<_>>();
        assert_eq!(numbers(&listed), ids[1..3]);
        let outlined = outlines(&mut tx, table, &State::OPEN).await.unwrap();
        let told: Vec<_> = outlined.iter().map(|it| (it.id, it.author, it.row.clone())).collect();
        let expected = listed.iter().map(|it| (it.id, it.author, it.row.clone()));
        assert_eq!(told, expected.collect::<Vec<_>>());
        assert_eq!(outlines(&mut tx, table, &[]).await.unwrap(), []);
        let asked_for = [ids[2], ProposalId(9_999), ids[1]];
        assert_eq!(those(&mut tx, &asked_for).await.unwrap(), listed);
        let next = list(&mut tx, table, &State::ALL, 2, Some(ids[1])).await.unwrap();
        assert_eq!(numbers(&next), ids[2..4]);
        assert_eq!(list(&mut tx, table, &[], 9, None).await.unwrap(), []);
        let counted = counts(&mut tx, table).await.unwrap();
        assert_eq!(counted, [(State::Unconfirmed, 2), (State::Received, 2)].into());
        assert_eq!(count_open(&mut tx, table).await, Ok(2));
        assert_eq!(numbers(&in_state(&mut tx, State::Unconfirmed).await.unwrap()), [ids[0], ids[3]]);
        let of_row = of_row(&mut tx, table, &row("r1"), 1).await.unwrap();
        assert_eq!(numbers(&of_row), [ids[2]]);
    }

    async fn a_step_says_who_took_it_and_what_they_decided(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let id = one(&mut tx, table).await;

        let take = Change::by(Some(NOUR), later(1));
        assert!(transition(&mut tx, id, 1, &[State::Received], State::Taken, &take).await.unwrap());
        let decide = Change {
            decision: Some("{}".into()),
            not_before: Some(later(9)),
            row: Some(row("r9")),
            ..Change::by(Some(NOUR), later(2))
        };
        let from = [State::Received, State::Taken];
        assert!(transition(&mut tx, id, 2, &from, State::Accepting, &decide).await.unwrap());
        let end = Change::by(None, later(3));
        let from = [State::Accepting];
        assert!(transition(&mut tx, id, 3, &from, State::Accepted, &end).await.unwrap());

        let kept = found(&mut tx, id).await;
        assert_eq!((kept.state, kept.version, kept.changed_at), (State::Accepted, 4, later(3)));
        assert_eq!(kept.taken, Some((Some(NOUR), later(1))));
        assert_eq!(kept.decided, Some((Some(NOUR), later(3))));
        assert_eq!(kept.decision.as_deref(), Some("{}"));
        assert_eq!((kept.not_before, kept.row), (Some(later(9)), Some(row("r9"))));
    }

    async fn a_decision_taken_back_is_as_if_it_had_never_been(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let id = one(&mut tx, table).await;
        let refuse = Change { reason: Some("doublon".into()), ..Change::by(Some(NOUR), later(1)) };
        assert!(transition(&mut tx, id, 1, &State::OPEN, State::Refused, &refuse).await.unwrap());
        assert_eq!(found(&mut tx, id).await.reason.as_deref(), Some("doublon"));

        let back = Change::by(Some(NOUR), later(2));
        assert!(transition(&mut tx, id, 2, &[State::Refused], State::Taken, &back).await.unwrap());

        let kept = found(&mut tx, id).await;
        assert_eq!((kept.state, kept.decided, kept.reason, kept.decision), (State::Taken, None, None, None));
        assert_eq!((kept.taken, kept.row), (Some((Some(NOUR), later(2))), Some(row("r1"))));
        let free = Change::by(None, later(3));
        assert!(transition(&mut tx, id, 3, &[State::Taken], State::Received, &free).await.unwrap());
        assert_eq!(found(&mut tx, id).await.taken, None);
    }

    async fn whoever_saw_an_older_one_hears_that_somebody_was_faster(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let id = one(&mut tx, table).await;
        let take = Change::by(Some(NOUR), later(1));
        assert!(transition(&mut tx, id, 1, &[State::Received], State::Taken, &take).await.unwrap());
        let before = found(&mut tx, id).await;

        let too_late = [
            transition(&mut tx, id, 1, &State::OPEN, State::Refused, &take).await,
            transition(&mut tx, id, 2, &[State::Received], State::Refused, &take).await,
            transition(&mut tx, id, 2, &[], State::Refused, &take).await,
            transition(&mut tx, ProposalId(404), 1, &State::OPEN, State::Refused, &take).await,
        ];

        assert_eq!(too_late, [Ok(false), Ok(false), Ok(false), Ok(false)]);
        assert_eq!(found(&mut tx, id).await, before);
    }

    async fn of_two_pilots_who_decide_at_once_one_does(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let id = one(&mut tx, table).await;
        tx.commit().await.unwrap();

        let both = [(LEA, State::Refused), (NOUR, State::Accepting)].map(|(pilot, to)| {
            let store = db.store().clone();
            tokio::spawn(async move {
                let mut tx = store.begin().await?;
                let change = Change::by(Some(pilot), NOON);
                let done = transition(&mut tx, id, 1, &State::OPEN, to, &change).await?;
                tx.commit().await?;
                Ok::<_, StoreError>(done)
            })
        });
        let mut done = 0;
        for one in both {
            done += usize::from(one.await.unwrap().unwrap());
        }

        assert_eq!(done, 1);
        assert_eq!(found(&mut db.begin().await, id).await.version, 2);
    }

    async fn its_author_writes_it_anew_until_a_pilot_looks_after_it(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let id = add(&mut tx, table, &[by_visitor("a")], NOON).await.unwrap()[0].id;
        let anew = |payload, private| Rewritten { payload, private };

        assert!(set_payload(&mut tx, id, 1, anew("[1]", None), later(1)).await.unwrap());
        assert!(!set_payload(&mut tx, id, 1, anew("[2]", None), later(1)).await.unwrap());
        let kept = found(&mut tx, id).await;
        assert_eq!((kept.payload.as_str(), kept.version), ("[1]", 2));
        assert_eq!(kept.private.as_deref(), Some(r#"{"remark":"merci"}"#));
        assert!(set_payload(&mut tx, id, 2, anew("[3]", Some("{}")), later(2)).await.unwrap());
        let take = Change::by(Some(NOUR), later(3));
        transition(&mut tx, id, 3, &State::ALL, State::Taken, &take).await.unwrap();
        assert!(!set_payload(&mut tx, id, 4, anew("[4]", None), later(4)).await.unwrap());

        let kept = found(&mut tx, id).await;
        assert_eq!((kept.payload.as_str(), kept.private.as_deref()), ("[3]", Some("{}")));
    }

    async fn what_nobody_confirms_is_forgotten_with_all_that_hangs_on_it(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let asked = [by_visitor("a"), proposal("a", "{}")];
        let stored = add(&mut tx, table, &asked, NOON).await.unwrap();
        let young = add(&mut tx, table, &[by_visitor("b")], later(1)).await.unwrap()[0].id;
        let id = stored[0].id;
        let by = proposal_events::By::Author;
        proposal_events::add(&mut tx, id, NOON, by, &proposal_events::Event::Received).await.unwrap();
        follow_links::issue(&mut tx, id, b"t", follow_links::Scope::Confirm, later(99)).await.unwrap();
        let mail = mails::NewMail {
            proposal: Some(id), ..mails::tests::mail("zoe@exemple.fr")
        };
        mails::enqueue(&mut tx, &mail, NOON).await.unwrap();

        assert_eq!(forget_unconfirmed(&mut tx, later(1)).await, Ok(1));

        assert_eq!(find(&mut tx, id).await, Ok(None));
        assert!(find(&mut tx, young).await.unwrap().is_some());
        assert!(find(&mut tx, stored[1].id).await.unwrap().is_some());
        assert_eq!(proposal_events::of(&mut tx, id).await.unwrap(), []);
        assert_eq!(follow_links::find(&mut tx, b"t", NOON).await, Ok(None));
        assert_eq!(mails::log(&mut tx, 9, None).await.unwrap(), []);
    }

    async fn what_comes_from_one_place_is_counted_as_long_as_a_limit_asks(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        add(&mut tx, table, &[by_visitor("a"), proposal("a", "{}")], NOON).await.unwrap();
        let elsewhere = NewProposal { place_hash: Some(vec![8; 32]), ..by_visitor("b") };
        add(&mut tx, table, &[elsewhere, by_visitor("c")], later(1)).await.unwrap();

        assert_eq!(count_from_place(&mut tx, &[7; 32], NOON).await, Ok(2));
        assert_eq!(count_from_place(&mut tx, &[7; 32], later(1)).await, Ok(1));
        assert_eq!(count_of_visitors(&mut tx, NOON).await, Ok(3));
        assert_eq!(forget_places(&mut tx, later(1)).await, Ok(1));
        assert_eq!(count_from_place(&mut tx, &[7; 32], NOON).await, Ok(1));
    }

    async fn pilots_see_who_has_a_proposal_open(db: TestDb) {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        let id = one(&mut tx, table).await;
        let lea = people::add(&mut tx, "lea@exemple.fr", "Léa", Role::Pilot, NOON).await.unwrap();
        let nour = people::add(&mut tx, "nour@exemple.fr", "Nour", Role::Pilot, NOON).await.unwrap();

        set_viewing(&mut tx, id, lea, NOON).await.unwrap();
        set_viewing(&mut tx, id, nour, later(1)).await.unwrap();
        set_viewing(&mut tx, id, lea, later(2)).await.unwrap();

        let now = viewers(&mut tx, id, NOON).await.unwrap();
        assert_eq!(now, [(lea, later(2)), (nour, later(1))]);
        assert_eq!(viewers(&mut tx, id, later(2)).await.unwrap(), [(lea, later(2))]);
        stop_viewing(&mut tx, id, lea).await.unwrap();
        people::remove(&mut tx, nour).await.unwrap();
        assert_eq!(viewers(&mut tx, id, NOON).await.unwrap(), []);
    }
}

#[test]
fn a_wrong_figure_or_two_swapped_ones_are_no_receipt() {
    for id in [1, 9, 10, 12, 107, 4_712, 90_210] {
        let (digits, receipt) = (format!("{id}"), receipt_of(ProposalId(id)));
        let letters = &receipt[2 + digits.len()..];
        assert_eq!(of_receipt(&receipt), Some(ProposalId(id)));
        assert!(letters.len() == 2 && letters.chars().all(|letter| letter.is_ascii_uppercase()));
        for at in 0..digits.len() {
            for figure in '0'..='9' {
                let mut wrong: Vec<char> = digits.chars().collect();
                wrong[at] = figure;
                let wrong: String = wrong.into_iter().collect();
                let is_same = wrong == digits;
                assert_eq!(
                    of_receipt(&format!("P-{wrong}{letters}")).is_some(),
                    is_same,
                    "{wrong}"
                );
            }
            let mut swapped: Vec<char> = digits.chars().collect();
            if at + 1 < swapped.len() && swapped[at] != swapped[at + 1] {
                swapped.swap(at, at + 1);
                let swapped: String = swapped.into_iter().collect();
                assert_eq!(of_receipt(&format!("P-{swapped}{letters}")), None, "{swapped}");
            }
        }
    }
}
