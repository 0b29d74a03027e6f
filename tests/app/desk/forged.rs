//! What no page of ours would send: decisions about things that do not hang together, or that are not there.

use super::*;
use crate::history::MUD;

async fn of_zoe(app: &TestApp, key: &str) -> ProposalId {
    let (zoe, _) = db_who(app, "Zoé").await;
    let body = json!({
        "row": WATER, "reason": "pilots-only", "at": 1, "what": "set", "key": key, "value": "Aucun",
        "before": null,
    });
    let new = NewProposal::of_person(Kind::Suggestion, zoe, key, &body.to_string());
    db_adds(app, new).await
}

fn set(key: &str) -> Value {
    json!({ "what": "set", "key": key, "value": "Aucun", "before": null })
}

#[tokio::test]
async fn suggestions_of_two_people_are_never_decided_in_one() {
    let (app, _, mut lea) = two_offers().await;
    app.member("Zoé").await;
    let (hers, anothers) =
        (a_suggestion(&app, set("prerequis")).await, of_zoe(&app, "acces").await);
    let version = format!("{}.1-{}.1", hers.get(), anothers.get());

    for (action, more) in [("refuser", ("motif-mots", "Non.")), ("accepter", ("note", ""))] {
        let fields = [("version", version.as_str()), ("action", action), more];
        assert_eq!(lea.post(&path(hers), &fields).await.status, 404, "{action}");
    }

    let states = [state(&app, hers).await, state(&app, anothers).await];
    assert_eq!(states, [State::Received, State::Received]);
    app.end().await;
}

#[tokio::test]
async fn the_page_of_another_proposal_does_not_lead_to_one_that_nobody_confirmed() {
    let (app, _, mut lea) = two_offers().await;
    let open = a_new_offer(&app, "Une offre").await;
    let body = payload("new", None, &[("intitule", "", "Une offre jamais confirmée")]);
    let hidden =
        db_adds(&app, NewProposal::of_visitor(Kind::New, "x@exemple.fr", "a", &body)).await;
    let version = format!("{}.1", hidden.get());

    for (action, more) in [
        ("publier", ("note", "")),
        ("refuser", ("motif-mots", "Non.")),
        ("demander", ("question", "Quand ?")),
    ] {
        let fields = [("version", version.as_str()), ("action", action), more];
        let answer = lea.post(&path(open), &fields).await;

        assert_eq!(answer.status, 404, "{action}");
        assert!(!answer.body.contains("jamais confirmée"), "{action}: {}", answer.body);
    }
    assert_eq!(state(&app, hidden).await, State::Unconfirmed);
    app.end().await;
}

#[tokio::test]
async fn a_page_shows_what_its_author_still_suggests_about_its_row_and_nothing_else() {
    let (app, _, mut lea) = two_offers().await;
    let refused = a_suggestion(&app, set("acces")).await;
    decides(&mut lea, refused, "refuser", &[("motif-mots", "Non.")]).await;
    let waits = a_suggestion(&app, set("prerequis")).await;
    let mut elsewhere = set("methodes");
    elsewhere["row"] = MUD.into();
    a_suggestion(&app, elsewhere).await;

    let form = opens(&mut lea, &path(waits)).await;

    let shown: Vec<&str> = form
        .iter()
        .filter(|(name, _)| name.starts_with("cle-"))
        .map(|(_, key)| key.as_str())
        .collect();
    assert_eq!(shown, ["prerequis"]);
    app.end().await;
}

#[tokio::test]
async fn a_question_that_waits_for_its_author_is_not_given_back_as_if_nobody_had_asked() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;
    decides(&mut lea, id, "demander", &[("question", "À quelles dates ?")]).await;
    let version = format!("{}.{}", id.get(), found(&app, id).await.version);

    let answer = lea.post(&path(id), &[("version", &version), ("action", "rendre")]).await;

    assert_eq!((answer.status, state(&app, id).await), (409, State::Asked));
    assert!(mail_waits(&app, id).await);
    app.end().await;
}

#[tokio::test]
async fn nothing_is_written_in_a_row_that_went_to_the_bin_meanwhile() {
    let (app, _, mut lea) = two_offers().await;
    let title = ("intitule", "Parler de la boue", "Parler de boue");
    let body = payload("correction", Some(MUD), &[title]);
    let correction = db_sends(&app, Kind::Correction, Some(MUD), &body).await;
    let body = json!({ "kind": "removal", "row": MUD, "reason": "closed" }).to_string();
    let removal = db_sends(&app, Kind::Removal, Some(MUD), &body).await;
    let decisions = [(correction, "accepter"), (removal, "archiver"), (removal, "corbeille")];
    let mut forms = Vec::new();
    for (id, _) in decisions {
        forms.push(opens(&mut lea, &path(id)).await);
    }
    changes(&app, "Nour", MUD, "~deleted", true).await;

    for ((id, action), form) in decisions.into_iter().zip(&forms) {
        let answer = presses(&mut lea, &path(id), form, action, &[]).await;

        assert_eq!(answer.status, 409, "{action}");
        assert!(answer.body.contains("elle est à la corbeille"), "{action}: {}", answer.body);
        assert!(State::OPEN.contains(&state(&app, id).await), "{action}");
    }
    assert_eq!(cell(&app, MUD, "intitule").await, "Parler de la boue".into());
    assert_eq!(cell(&app, MUD, "etat").await, "publiee".into());
    app.end().await;
}
