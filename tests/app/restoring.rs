//! Something earlier, written again: by whom, what it changes, and how it is taken back.

use axum::http::Method;
use serde_json::{Value, json};
use tablee_domain::ids::ImportId;
use tablee_domain::people::Actor;
use tablee_domain::table::{Origin, Plain};

use crate::history::{MUD, WATER, cell, changes, history, row, two_offers};
use crate::support::{Answer, Browser, TestApp};

async fn asks(browser: &mut Browser, body: &Value) -> Answer {
    let origin = browser.origin().to_owned();
    let headers = [("content-type", "application/json"), ("origin", origin.as_str())];
    let path = "/api/v1/tables/formations/restore";
    browser.send(Method::POST, path, &headers, body.to_string()).await
}

async fn restores(browser: &mut Browser, body: Value) -> Value {
    let answer = asks(browser, &body).await;
    assert_eq!(answer.status, 200, "{body}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// The number of the newest change.
async fn newest(browser: &mut Browser, query: &str) -> String {
    history(browser, query).await["entries"][0]["id"].to_string()
}

async fn is_binned(app: &TestApp, id: &str) -> bool {
    let visible = app.app.rooms.values("formations").await.unwrap();
    visible.values.rows.iter().any(|row| row.id.as_str() == id && row.deleted)
}

#[tokio::test]
async fn a_member_brings_back_what_a_cell_said_and_it_is_theirs_in_history() {
    let (app, mut nour, _) = two_offers().await;
    changes(&app, "Léa", WATER, "organisme", "Une erreur").await;
    let entry = newest(&mut nour, "column=organisme").await;
    let fields = [("entree", entry.as_str()), ("quoi", "value")];

    let asked = nour.post("/historique/retablir", &fields).await;
    assert_eq!((asked.status, cell(&app, WATER, "organisme").await), (200, "Une erreur".into()));
    let sure = [fields[0], fields[1], ("confirme", "oui")];
    let done = nour.post("/historique/retablir", &sure).await;
    let receipt = nour.get(done.header("location")).await;

    assert!(asked.body.contains("Une erreur") && asked.body.contains("Scop L&#39;Orage"));
    assert!(asked.body.contains("1 champ changera, dans 1 ligne."), "{}", asked.body);
    assert_eq!((done.status, cell(&app, WATER, "organisme").await), (303, "Scop L'Orage".into()));
    assert!(
        receipt.body.contains("C’est rétabli")
            && receipt.body.contains("Annuler cette restauration")
    );
    let told = history(&mut nour, "origin=restore").await;
    assert_eq!(
        (&told["entries"][0]["by"]["name"], &told["entries"][0]["after"]),
        (&"Nour".into(), &"Scop L'Orage".into())
    );
    let again = nour.post("/historique/retablir", &sure).await;
    assert!(again.body.contains("Il n’y a rien à changer"), "{}", again.body);
    app.end().await;
}

#[tokio::test]
async fn a_member_takes_their_own_restore_back_and_nobody_elses() {
    let (app, mut nour, mut lea) = two_offers().await;
    changes(&app, "Léa", WATER, "organisme", "Autre").await;
    let entry = newest(&mut nour, "column=organisme").await;
    let sure = [("entree", entry.as_str()), ("quoi", "value"), ("confirme", "oui")];
    let done = nour.post("/historique/retablir", &sure).await;
    let own = done.header("location").rsplit('=').next().unwrap().to_owned();

    let undo = [("quoi", "undo"), ("revision", own.as_str()), ("confirme", "oui")];
    let back = nour.post("/historique/retablir", &undo).await;

    assert_eq!((back.status, cell(&app, WATER, "organisme").await), (303, "Autre".into()));
    changes(&app, "Nour", WATER, "organisme", "Encore").await;
    let entry = newest(&mut lea, "column=organisme").await;
    let sure = [("entree", entry.as_str()), ("quoi", "value"), ("confirme", "oui")];
    let done = lea.post("/historique/retablir", &sure).await;
    let leas = done.header("location").to_owned();
    let seen = nour.get(&leas).await.body;
    let undo =
        [("quoi", "undo"), ("revision", leas.rsplit('=').next().unwrap()), ("confirme", "oui")];
    assert!(!seen.contains("Annuler cette restauration"));
    assert_eq!(nour.post("/historique/retablir", &undo).await.status, 403);
    app.end().await;
}

#[tokio::test]
async fn members_restore_no_row_no_import_no_moment_and_no_state() {
    let (app, mut nour, _) = two_offers().await;
    changes(&app, "Léa", WATER, "etat", "archivee").await;
    let entry = newest(&mut nour, "column=etat").await;

    let page = nour.get("/historique?column=etat").await.body;
    assert!(!page.contains("<details class=\"restores"), "nothing is offered that is refused");
    assert!(!page.contains("Rétablir toute la table"));
    for what in ["value", "row", "moment"] {
        let fields = [("entree", entry.as_str()), ("quoi", what), ("confirme", "oui")];
        assert_eq!(nour.post("/historique/retablir", &fields).await.status, 403, "{what}");
    }
    let at = [("quoi", "at"), ("quand", "2026-11-23T12:00"), ("confirme", "oui")];
    assert_eq!(nour.post("/historique/retablir", &at).await.status, 403);
    for body in [
        json!({ "what": "row", "row": WATER, "revision": 2 }),
        json!({ "what": "from-bin", "row": WATER }),
        json!({ "what": "import", "import": 1 }),
        json!({ "what": "moment", "at": 0 }),
        json!({ "what": "take-back", "from": 1, "to": 9 }),
    ] {
        assert_eq!(asks(&mut nour, &body).await.status, 403, "{body}");
        assert_eq!(asks(&mut app.visitor(), &body).await.status, 401, "{body}");
    }
    assert_eq!(cell(&app, WATER, "etat").await, "archivee".into());
    app.end().await;
}

#[tokio::test]
async fn a_member_who_changes_only_own_rows_restores_only_in_them() {
    let app = TestApp::start_with(|config| {
        config.people.members_edit = tablee::config::WhoseRows::Own;
    })
    .await;
    let cells = crate::pages::published("Une offre");
    crate::pages::db_rows(&app, &[(WATER, &cells)]).await;
    let (mut nour, mut lea) = (app.member("Nour").await, app.pilot("Léa").await);
    changes(&app, "Léa", WATER, "organisme", "Autre").await;
    let entry = newest(&mut lea, "column=organisme").await;
    let sure = [("entree", entry.as_str()), ("quoi", "value"), ("confirme", "oui")];

    assert_eq!(nour.post("/historique/retablir", &sure).await.status, 403);
    assert_eq!(lea.post("/historique/retablir", &sure).await.status, 303);
    app.end().await;
}

#[tokio::test]
async fn a_pilot_restores_a_row_and_only_after_having_seen_what_changes() {
    let (app, _, mut lea) = two_offers().await;
    let good = changes(&app, "Nour", WATER, "resume", "Un résumé").await;
    changes(&app, "Nour", WATER, "resume", "").await;
    changes(&app, "Nour", WATER, "intitule", "Gâché").await;
    let what = json!({ "what": "row", "row": WATER, "revision": good });
    let mut dry = what.clone();
    dry["dry_run"] = true.into();

    let seen = restores(&mut lea, dry).await;
    assert_eq!((&seen["cells"], &seen["rows"]), (&2.into(), &1.into()));
    assert_eq!(cell(&app, WATER, "intitule").await, "Gâché".into());
    let done = restores(&mut lea, what).await;
    assert_eq!(cell(&app, WATER, "intitule").await, "Dialoguer autour de l'eau".into());
    assert_eq!(cell(&app, WATER, "resume").await, "Un résumé".into());
    let back = json!({ "what": "take-back", "from": done["revision"], "to": done["revision"] });
    restores(&mut lea, back).await;

    assert_eq!(cell(&app, WATER, "intitule").await, "Gâché".into());
    assert_eq!(cell(&app, WATER, "resume").await, Plain::Null);
    app.end().await;
}

#[tokio::test]
async fn a_pilot_takes_a_row_out_of_the_bin_from_its_history() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Léa", MUD, "~deleted", true).await;
    assert!(is_binned(&app, MUD).await);
    let page = lea.get(&format!("/historique?row={MUD}")).await.body;
    let entry = newest(&mut lea, &format!("row={MUD}")).await;

    let sure = [("entree", entry.as_str()), ("quoi", "bin"), ("confirme", "oui")];
    let done = lea.post("/historique/retablir", &sure).await;

    assert!(page.contains("Ligne mise à la corbeille") && page.contains("(dans la corbeille)"));
    assert_eq!(done.status, 303);
    assert!(!is_binned(&app, MUD).await);
    app.end().await;
}

#[tokio::test]
async fn a_pilot_takes_an_import_back_but_for_what_somebody_wrote_since() {
    let (app, _, mut lea) = two_offers().await;
    let room = app.app.rooms.open("formations").await.unwrap();
    let work = |writing: &mut tablee_document::Writing<'_>| {
        writing.set(&row(WATER), "organisme", "Du fichier".into());
        writing.set(&row(MUD), "organisme", "Du fichier".into());
    };
    room.write(Actor::Program, Origin::Import(ImportId(5)), work).await.unwrap();
    changes(&app, "Léa", MUD, "organisme", "De Léa").await;
    let entry = newest(&mut lea, "import=5").await;
    let fields = [("entree", entry.as_str()), ("quoi", "import")];

    let page = lea.get("/historique?import=5").await.body;
    let asked = lea.post("/historique/retablir", &fields).await.body;
    let done = lea.post("/historique/retablir", &[fields[0], fields[1], ("confirme", "oui")]).await;

    assert!(
        page.contains("import nº 5") && page.contains("Tout cet import\u{a0}: le défaire"),
        "{page}"
    );
    assert!(asked.contains("1 champ changera, dans 1 ligne."), "{asked}");
    assert!(
        asked.contains("1 champ restera comme il est") && asked.contains("Parler de la boue · ")
    );
    assert_eq!(done.status, 303);
    assert_eq!(cell(&app, WATER, "organisme").await, "Scop L'Orage".into());
    assert_eq!(cell(&app, MUD, "organisme").await, "De Léa".into());
    app.end().await;
}

#[tokio::test]
async fn a_pilot_brings_the_whole_table_back_to_an_hour_on_the_wall() {
    let (app, _, mut lea) = two_offers().await;
    app.clock.minutes_pass(60);
    changes(&app, "Nour", WATER, "intitule", "Gâché").await;
    changes(&app, "Nour", MUD, "intitule", "Gâché aussi").await;
    // 14:00 in Paris is when it was spoilt.
    let fields = [("quoi", "at"), ("quand", "2026-11-23T13:30")];

    let asked = lea.post("/historique/retablir", &fields).await.body;
    let done = lea.post("/historique/retablir", &[fields[0], fields[1], ("confirme", "oui")]).await;
    let receipt = lea.get(done.header("location")).await.body;

    assert!(asked.contains("2 champs changeront, dans 2 lignes."), "{asked}");
    assert!(asked.contains("23 novembre 2026 à 13\u{a0}h\u{a0}30"));
    assert!(receipt.contains("2 champs ont changé, dans 2 lignes."), "{receipt}");
    assert_eq!(cell(&app, MUD, "intitule").await, "Parler de la boue".into());
    let entry = newest(&mut lea, "origin=table").await;
    let before = [("entree", entry.as_str()), ("quoi", "moment")];
    let asked = lea.post("/historique/retablir", &before).await.body;
    assert!(
        asked.contains("1 champ changera"),
        "only the first of the two changes stands: {asked}"
    );
    app.end().await;
}

#[tokio::test]
async fn a_moment_of_which_nothing_is_kept_is_told_so() {
    let (app, _, mut lea) = two_offers().await;

    let api = asks(&mut lea, &json!({ "what": "moment", "at": 1_000 })).await;
    let page =
        lea.post("/historique/retablir", &[("quoi", "at"), ("quand", "1999-01-01T00:00")]).await;

    assert_eq!((api.status, page.status), (410, 410));
    assert!(api.body.contains("\"key\":\"no-such-moment\""), "{}", api.body);
    assert!(page.body.contains("Ce moment n’est plus gardé"));
    app.end().await;
}

#[tokio::test]
async fn what_is_not_understood_restores_nothing() {
    let (app, _, mut lea) = two_offers().await;

    for body in
        [json!({}), json!({ "what": "all" }), json!({ "what": "row", "row": "<b>" }), json!([1])]
    {
        assert_eq!(asks(&mut lea, &body).await.status, 422, "{body}");
    }
    for (fields, status) in [
        (&[("quoi", "")][..], 422),
        (&[("quoi", "tout")], 422),
        (&[("quoi", "value"), ("entree", "x")], 422),
        (&[("quoi", "value"), ("entree", "999999")], 404),
        (&[("quoi", "at"), ("quand", "demain")], 422),
        (&[("quoi", "undo"), ("revision", "")], 422),
    ] {
        assert_eq!(lea.post("/historique/retablir", fields).await.status, status, "{fields:?}");
    }
    assert_eq!(lea.get("/historique/retabli?revision=1").await.status, 404, "it was no restore");
    assert_eq!(lea.get("/historique/retabli").await.status, 400);
    app.end().await;
}
