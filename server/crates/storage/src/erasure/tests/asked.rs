//! What an erasure takes out of proposals, of what was written about them, and of mails.

use super::*;
use crate::follow_links::{self, Scope};
use crate::mail_news::{self, News};
use crate::mails::{self, NewMail};
use crate::merges::{self, NewMerge};
use crate::proposal_events::{self, By, Event};
use crate::proposals::{Change, Proposal, State};
use crate::{confirmations, not_duplicates, people, saved_reasons};
use tablee_domain::ids::{ProposalId, Timestamp};
use tablee_domain::people::Role;
use tablee_domain::proposal::Payload;

const NOUR: PersonId = PersonId(2);

fn a_form(author: NewProposal, about: Option<&str>) -> NewProposal {
    NewProposal { row: about.map(row), ..author }
}

fn mail_about(proposal: Option<ProposalId>, to: &str, said: &str) -> NewMail {
    NewMail {
        to: to.into(),
        person: None,
        proposal,
        topic: "decision".into(),
        subject: format!("Objet {said}"),
        text: format!("Bonjour,\n{said} est lu."),
        html: format!("<p>{said}</p>"),
        not_before: NOON,
        dedupe_key: None,
        expires_at: None,
        secret: false,
    }
}

/// What a visitor called Zoe Ferrand asks about row `r1`, decided and told; what Léa asks about row `r2`.
async fn a_desk(tx: &mut Tx) -> (TableId, [ProposalId; 2]) {
    let table = tables::create(tx, "formations", FIRST, NOON).await.unwrap().id;
    let payload = |row: &str| {
        format!(
            r#"{{"kind":"correction","row":"{row}","cells":{{"prix":12,"lieux":{{"x1":"Lyon de {row}"}}}},"base":{{"prix":10}},"reason":"parce que {row}"}}"#
        )
    };
    let visitor = NewProposal {
        author_name: Some(NAME.into()),
        private: Some(r#"{"contact":"Zoe Ferrand","remark":"pressant r1"}"#.into()),
        ..NewProposal::of_visitor(Kind::Correction, "zoe@exemple.fr", "v", &payload("r1"))
    };
    let lea = NewProposal {
        private: Some(r#"{"remark":"tranquille r2"}"#.into()),
        ..NewProposal::of_person(Kind::Correction, LEA, "l", &payload("r2"))
    };
    let asked = [a_form(visitor, Some("r1")), a_form(lea, Some("r2"))];
    let stored = proposals::add(tx, table, &asked, NOON).await.unwrap();
    let ids = [stored[0].id, stored[1].id];
    for (id, about) in ids.into_iter().zip(["r1", "r2"]) {
        let pilot = By::Pilot(NOUR);
        let asked = Event::Asked(format!("Et demander à Zoe Ferrand ? {about}"));
        proposal_events::add(tx, id, NOON, pilot, &asked).await.unwrap();
        let decide = Change {
            reason: Some(format!("motif {about}")),
            decision: Some(format!(
                r#"{{"cells":{{"prix":12}},"fields":[{{"key":"lieux/x1","value":"Lyon"}},{{"key":"url","value":"garde {about}"}}]}}"#
            )),
            ..Change::by(Some(NOUR), NOON)
        };
        let version = 1;
        let done =
            proposals::transition(tx, id, version, &State::ALL, State::Refused, &decide).await;
        assert_eq!(done, Ok(true));
        let hash = about.as_bytes();
        follow_links::issue(tx, id, hash, Scope::Follow, Timestamp(NOON.0 + 1)).await.unwrap();
        let waits = mail_about(Some(id), "nour@exemple.fr", &format!("attend {about}"));
        mails::enqueue(tx, &waits, NOON).await.unwrap();
        let left = mail_about(Some(id), "nour@exemple.fr", &format!("parti {about}"));
        let left = mails::enqueue(tx, &left, NOON).await.unwrap().unwrap();
        mails::claim(tx, left, 1, NOON, NOON).await.unwrap();
        mails::sent(tx, left, 1, NOON).await.unwrap();
        confirmations::add(tx, table, &row(about), Some(LEA), NOON).await.unwrap();
    }
    let to_zoe = mail_about(None, "zoe@exemple.fr", "un mot");
    mails::enqueue(tx, &to_zoe, NOON).await.unwrap();
    let of_zoe = mail_about(None, "nour@exemple.fr", "l'avis de Zoe\nFerrand");
    mails::enqueue(tx, &of_zoe, NOON).await.unwrap();
    let cells = r#"{"prix":"12 chez Zoe Ferrand","lieux":"Lyon fusion"}"#;
    let (keep, gone) = (&row("r1"), &row("r9"));
    let merge = NewMerge { keep, gone, revision: Revision(1), by: None, cells };
    merges::add(tx, table, &merge, NOON).await.unwrap();
    not_duplicates::add(tx, table, &row("r1"), &row("r2"), None, NOON).await.unwrap();
    not_duplicates::add(tx, table, &row("r2"), &row("r3"), None, NOON).await.unwrap();
    let reason = ("fr", "refuse", "Voir avec Zoe Ferrand.");
    saved_reasons::set(tx, None, reason, None, NOON).await.unwrap();
    (table, ids)
}

async fn kept(tx: &mut Tx, id: ProposalId) -> Proposal {
    proposals::find(tx, id).await.unwrap().unwrap()
}

/// What is asked for still is what a form asks for.
fn payload_of(proposal: &Proposal) -> Payload {
    serde_json::from_str(&proposal.payload).unwrap()
}

async fn said(tx: &mut Tx, id: ProposalId) -> Vec<Event> {
    let told = proposal_events::of(tx, id).await.unwrap();
    told.into_iter().map(|one| one.event).collect()
}

async fn subjects(tx: &mut Tx) -> Vec<String> {
    let log = mails::log(tx, 99, None).await.unwrap();
    log.into_iter().rev().map(|logged| logged.subject).collect()
}

both_engines! {
    async fn words_go_out_of_proposals_threads_mails_and_merges(db: TestDb) {
        let mut tx = db.begin().await;
        let (table, [of_zoe, of_lea]) = a_desk(&mut tx).await;

        let seen = places(&mut tx, table, &words("zoe ferrand")).await.unwrap();
        let gone = redact(&mut tx, table, &words("zoe ferrand")).await.unwrap();

        assert_eq!(found(&seen), [("proposals", 1), ("threads", 3), ("mails", 1), ("merges", 1)]);
        assert_eq!(gone, seen);
        let proposal = kept(&mut tx, of_zoe).await;
        assert_eq!(proposal.author_name, None);
        assert_eq!(proposal.author_email.as_deref(), Some("zoe@exemple.fr"), "another word");
        let private = proposal.private.as_deref();
        assert_eq!(private, Some(r#"{"contact":"[effacé]","remark":"pressant r1"}"#));
        assert_eq!((proposal.version, payload_of(&proposal).cells.len()), (3, 2));
        assert_eq!(kept(&mut tx, of_lea).await.version, 2, "nothing of it went");
        let asked = Event::Asked("Et demander à [effacé] ? r2".into());
        assert_eq!(said(&mut tx, of_lea).await, [asked]);
        let due = mails::due(&mut tx, NOON, 99).await.unwrap();
        let mail = due.iter().find(|mail| mail.subject.contains("avis")).unwrap();
        assert_eq!((mail.subject.as_str(), mail.text.as_str(), mail.html.as_str()),
            ("Objet l'avis de [effacé]", "Bonjour,\nl'avis de [effacé] est lu.", ""));
        let reasons = saved_reasons::list(&mut tx).await.unwrap();
        assert_eq!(reasons[0].words, "Voir avec [effacé].");
        let merge = merges::list(&mut tx, table, 9).await.unwrap().remove(0);
        assert_eq!(merge.cells, r#"{"lieux":"Lyon fusion","prix":"12 chez [effacé]"}"#);
    }

    async fn an_address_goes_with_its_mails_and_its_follow_up(db: TestDb) {
        let mut tx = db.begin().await;
        let (table, [of_zoe, of_lea]) = a_desk(&mut tx).await;

        let seen = places(&mut tx, table, &words("Zoe@exemple.fr")).await.unwrap();
        let gone = redact(&mut tx, table, &words("Zoe@exemple.fr")).await.unwrap();

        assert_eq!(found(&seen), [("proposals", 1), ("follow-links", 1), ("mails", 1)]);
        assert_eq!(gone, seen);
        assert_eq!(kept(&mut tx, of_zoe).await.author_email, None);
        assert_eq!(follow_links::find(&mut tx, b"r1", NOON).await, Ok(None));
        let others = follow_links::find(&mut tx, b"r2", NOON).await.unwrap();
        assert_eq!(others.map(|link| link.proposal), Some(of_lea));
        assert!(!subjects(&mut tx).await.contains(&"Objet un mot".to_owned()));
    }

    async fn a_row_goes_from_all_that_was_asked_about_it_and_its_neighbour_stays(db: TestDb) {
        let mut tx = db.begin().await;
        let (table, [of_zoe, of_lea]) = a_desk(&mut tx).await;
        let neighbour = kept(&mut tx, of_lea).await;

        let seen = places(&mut tx, table, &whole_row("r1")).await.unwrap();
        let gone = redact(&mut tx, table, &whole_row("r1")).await.unwrap();

        let expected =
            [("proposals", 1), ("threads", 1), ("follow-links", 1), ("mails", 2), ("merges", 2), ("owners", 1)];
        assert_eq!(found(&seen), expected);
        assert_eq!(gone, seen);
        let proposal = kept(&mut tx, of_zoe).await;
        let payload = payload_of(&proposal);
        assert_eq!((payload.kind, payload.row, payload.reason), (Kind::Correction, Some(row("r1")), None));
        assert!(payload.cells.is_empty() && payload.base.is_empty(), "{}", proposal.payload);
        assert_eq!((proposal.author_email, proposal.author_name), (None, None));
        assert_eq!((proposal.private, proposal.decision), (None, None));
        assert_eq!((proposal.state, proposal.reason.as_deref()), (State::Refused, Some("[effacé]")));
        assert_eq!(said(&mut tx, of_zoe).await, [Event::Asked("[effacé]".into())]);
        assert_eq!(kept(&mut tx, of_lea).await, neighbour);
        let left = subjects(&mut tx).await;
        assert_eq!(left, ["[effacé]", "Objet attend r2", "Objet parti r2", "Objet un mot", "Objet l'avis de Zoe\nFerrand"]);
        assert_eq!(merges::list(&mut tx, table, 9).await.unwrap()[0].cells, "{}");
        assert_eq!(merges::redirect_of(&mut tx, table, &row("r9")).await, Ok(Some(row("r1"))));
        let apart = not_duplicates::all(&mut tx, table).await.unwrap();
        assert_eq!(apart, [(row("r2"), row("r3"))].into());
        assert_eq!(confirmations::latest(&mut tx, table, &row("r1")).await, Ok(None));
        let again = redact(&mut tx, table, &whole_row("r1")).await.unwrap();
        assert_eq!(found(&again), []);
    }

    async fn a_cell_goes_from_what_is_asked_and_decided_about_it(db: TestDb) {
        let mut tx = db.begin().await;
        let (table, [of_zoe, _]) = a_desk(&mut tx).await;

        let gone = redact(&mut tx, table, &one_cell("r1", "lieux")).await.unwrap();

        assert_eq!(found(&gone), [("proposals", 1), ("merges", 1)]);
        let proposal = kept(&mut tx, of_zoe).await;
        let payload = payload_of(&proposal);
        assert_eq!(payload.cells.keys().collect::<Vec<_>>(), ["prix"]);
        assert_eq!(payload.reason.as_deref(), Some("parce que r1"));
        let decision = proposal.decision.unwrap();
        assert!(!decision.contains("Lyon") && decision.contains("garde r1"), "{decision}");
        let merge = merges::list(&mut tx, table, 9).await.unwrap().remove(0);
        assert_eq!(merge.cells, r#"{"prix":"12 chez Zoe Ferrand"}"#);
    }

    async fn what_an_erasure_leaves_can_still_be_read_whatever_the_word(db: TestDb) {
        let mut tx = db.begin().await;
        let (table, ids) = a_desk(&mut tx).await;

        let keys = |proposal: &Proposal| -> Vec<String> {
            let decision: serde_json::Value =
                serde_json::from_str(proposal.decision.as_deref().unwrap()).unwrap();
            let fields = decision["fields"].as_array().unwrap();
            fields.iter().map(|field| field["key"].as_str().unwrap().to_owned()).collect()
        };

        for word in ["correction", "r1", "prix", "cells", "lieux", "e"] {
            redact(&mut tx, table, &words(word)).await.unwrap();
        }

        for id in ids {
            let proposal = kept(&mut tx, id).await;
            assert_eq!(payload_of(&proposal).kind, Kind::Correction);
            assert_eq!(keys(&proposal), ["lieux/x1", "url"]);
            said(&mut tx, id).await;
        }
        merges::list(&mut tx, table, 9).await.unwrap();
    }

    async fn news_of_a_row_that_goes_are_told_to_nobody(db: TestDb) {
        let mut tx = db.begin().await;
        let (table, [of_zoe, of_lea]) = a_desk(&mut tx).await;
        let nour = people::add(&mut tx, "nour@exemple.fr", "Nour", Role::Pilot, NOON).await.unwrap();
        for (id, words) in [(of_zoe, "une"), (of_lea, "deux"), (of_lea, "de Zoe Ferrand")] {
            let news = News {
                id: 0,
                person: nour,
                topic: "desk".into(),
                proposal: Some(id),
                dedupe_key: None,
                words: words.into(),
                at: NOON,
            };
            mail_news::add(&mut tx, &news).await.unwrap();
        }

        redact(&mut tx, table, &whole_row("r1")).await.unwrap();
        redact(&mut tx, table, &words(NAME)).await.unwrap();

        let left = mail_news::waiting(&mut tx, Timestamp(NOON.0 + 1)).await.unwrap();
        assert_eq!(left.into_iter().map(|news| news.words).collect::<Vec<_>>(), ["deux"]);
    }
}
