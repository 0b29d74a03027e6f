//! Work at columns: by whom, what it asks first, what it does, and how it is taken back.

use axum::http::Method;
use serde_json::{Value, json};
use tablee_domain::people::Role;
use tablee_domain::table::Column;
use tablee_domain::table::column_work::fingerprint;

use crate::history::{WATER, changes, two_offers};
use crate::support::{Answer, Browser, TestApp};

const PAGE: &str = "/reglages/colonnes";
const API: &str = "/api/v1/tables/formations/columns";

async fn asks(browser: &mut Browser, body: &Value) -> Answer {
    let origin = browser.origin().to_owned();
    let headers = [("content-type", "application/json"), ("origin", origin.as_str())];
    browser.send(Method::POST, API, &headers, body.to_string()).await
}

async fn does(browser: &mut Browser, work: Value) -> Value {
    let answer = asks(browser, &json!({ "work": work })).await;
    assert_eq!(answer.status, 200, "{work}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

async fn columns(app: &TestApp) -> Vec<Column> {
    app.app.rooms.values("formations").await.unwrap().values.columns.iter().cloned().collect()
}

async fn the(app: &TestApp, id: &str) -> Column {
    columns(app).await.into_iter().find(|column| column.id.as_str() == id).unwrap()
}

fn to_number(new_id: &str) -> Value {
    json!({ "what": "change-kind", "column": "rythme", "to": "number", "new_id": new_id })
}

fn rename(label: &str) -> Value {
    json!({ "what": "rename", "column": "rythme", "label": { "fr": label, "en": "" } })
}

#[tokio::test]
async fn columns_are_the_pilots_and_nobody_else_finds_the_door() {
    let (app, mut nour, mut lea) = two_offers().await;
    let mut admin = app.person("Inès", Role::Admin).await;
    let mut visitor = app.visitor();
    let fields = [("quoi", "add"), ("nom", "Note"), ("type", "text")];
    let before = columns(&app).await;

    for (browser, status) in [(&mut visitor, 401), (&mut nour, 403)] {
        assert_eq!(browser.get(PAGE).await.status, status);
        assert_eq!(browser.get(&format!("{PAGE}/themes")).await.status, status);
        assert_eq!(browser.post(PAGE, &fields).await.status, status);
        assert_eq!(asks(browser, &json!({ "work": rename("Cadence") })).await.status, status);
        assert!(!browser.get("/").await.body.contains(PAGE), "no link leads there");
    }
    assert_eq!(columns(&app).await, before);

    for browser in [&mut lea, &mut admin] {
        let page = browser.get(PAGE).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("id=\"colonne-contenu\"") && page.body.contains("Durée"));
        let link = format!("href=\"{PAGE}\"");
        let from = [browser.get("/").await.body, browser.get("/reglages").await.body];
        assert!(from.iter().any(|page| page.contains(&link)));
        assert_eq!(browser.get(&format!("{PAGE}/themes")).await.status, 200);
        assert_eq!(browser.get(&format!("{PAGE}/jamais_vue")).await.status, 404);
    }
    assert_eq!(lea.post(PAGE, &fields).await.status, 303);
    app.end().await;
}

#[tokio::test]
async fn a_form_of_another_site_changes_no_column() {
    let (app, _, mut lea) = two_offers().await;
    let before = columns(&app).await;

    let headers =
        [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://evil.example")];
    let body = "quoi=retire&colonne=rythme&confirme=oui".to_owned();
    let foreign = lea.send(Method::POST, PAGE, &headers, body).await;

    assert_eq!(foreign.status, 403);
    assert_eq!(columns(&app).await, before);
    app.end().await;
}

#[tokio::test]
async fn a_pilot_adds_renames_moves_and_describes_without_script_and_each_is_told() {
    let (app, _, mut lea) = two_offers().await;

    let fields = [("quoi", "add"), ("nom", "Note de l'équipe"), ("type", "long_text")];
    let added = lea.post(PAGE, &fields).await;
    let new = columns(&app).await.into_iter().find(|it| it.label.fr == "Note de l'équipe").unwrap();
    let id = new.id.as_str();
    assert!(added.header("location").contains(&format!("#colonne-{id}")));
    assert!(!new.public && new.shown);
    let told = lea.get(added.header("location").split('#').next().unwrap()).await;
    assert!(told.body.contains("colonne «\u{a0}Note de l’équipe\u{a0}» ajoutée"), "{}", told.body);

    let seen = fingerprint(&new);
    let fields =
        [("quoi", "rename"), ("colonne", id), ("nom", "Notes"), ("nom_en", "Notes"), ("vu", &seen)];
    assert_eq!(lea.post(PAGE, &fields).await.status, 303);
    let fields = [("quoi", "move"), ("colonne", id), ("avant", "intitule")];
    assert_eq!(lea.post(PAGE, &fields).await.status, 303);
    let seen = fingerprint(&the(&app, id).await);
    let fields = [
        ("quoi", "describe"),
        ("colonne", id),
        ("aide", "Entre nous."),
        ("rubrique", "suivi"),
        ("public", "oui"),
        ("vu", &seen),
    ];
    assert_eq!(lea.post(PAGE, &fields).await.status, 303);

    let now = columns(&app).await;
    assert_eq!(now[0].id.as_str(), id, "first of all");
    assert_eq!((now[0].label.fr.as_str(), now[0].help.fr.as_str()), ("Notes", "Entre nous."));
    assert!(now[0].public && !now[0].shown && now[0].section == "suivi");
    let page = lea.get(PAGE).await.body;
    for told in ["ajoutée", "s’appelle maintenant", "déplacée", "réglages de"] {
        assert!(page.contains(told), "{told}");
    }
    app.end().await;
}

#[tokio::test]
async fn what_hides_or_converts_asks_first_and_asking_writes_nothing() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Léa", WATER, "rythme", "selon les groupes").await;
    let revision = app.app.rooms.values("formations").await.unwrap().revision;
    let seen = fingerprint(&the(&app, "rythme").await);
    let kind = [("quoi", "change-kind"), ("colonne", "rythme"), ("type", "number"), ("vu", &*seen)];
    let retire = [("quoi", "retire"), ("colonne", "rythme"), ("vu", &*seen)];

    let asked = lea.post(PAGE, &kind).await;
    let hides = lea.post(PAGE, &retire).await;
    let dry = asks(&mut lea, &json!({ "work": to_number("c_nouvelle"), "dry_run": true })).await;

    assert_eq!((asked.status, hides.status, dry.status), (200, 200, 200));
    assert!(
        asked.body.contains("selon les groupes") && asked.body.contains("1 case à regarder"),
        "{}",
        asked.body
    );
    assert!(hides.body.contains("1 case remplie ne sera plus montrée"), "{}", hides.body);
    let dry: Value = serde_json::from_str(&dry.body).unwrap();
    assert_eq!(
        (&dry["change"], &dry["doubts"][0]["words"]),
        (&Value::Null, &json!("selon les groupes"))
    );
    assert_eq!(app.app.rooms.values("formations").await.unwrap().revision, revision);

    let sure = [&kind[..], &[("confirme", "oui")]].concat();
    assert_eq!(lea.post(PAGE, &sure).await.status, 303);
    assert!(the(&app, "rythme").await.archived);
    let page = lea.get(PAGE).await.body;
    assert!(page.contains("Nombre") && page.contains("Colonnes retirées"));
    app.end().await;
}

#[tokio::test]
async fn a_column_that_becomes_a_choice_offers_what_its_cells_say() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Léa", WATER, "rythme", "Le soir").await;
    let fields = [("quoi", "change-kind"), ("colonne", "rythme"), ("type", "choice")];

    let asked = lea.post(PAGE, &fields).await;
    assert!(asked.body.contains(">Le soir</textarea>"), "{}", asked.body);
    assert!(asked.body.contains("aucun doute"));
    let none = [&fields[..], &[("options", "Le matin")]].concat();
    assert!(lea.post(PAGE, &none).await.body.contains("1 case à regarder"));
    let sure = [&fields[..], &[("options", "Le matin\r\nLe soir"), ("confirme", "oui")]].concat();
    assert_eq!(lea.post(PAGE, &sure).await.status, 303);

    let new = columns(&app).await.into_iter().find(|it| it.label.fr == "Rythme" && !it.archived);
    let new = new.unwrap();
    let soir = new.options.iter().find(|it| it.label.fr == "Le soir").unwrap();
    let cell = crate::history::cell(&app, WATER, new.id.as_str()).await;
    assert_eq!((new.options.len(), cell), (2, soir.id.as_str().into()));
    app.end().await;
}

#[tokio::test]
async fn options_are_merged_and_that_is_taken_back_after_a_look() {
    let (app, _, mut lea) = two_offers().await;
    let before = app.app.rooms.values("formations").await.unwrap().values.clone();
    let merge = [
        ("quoi", "merge-options"),
        ("colonne", "niveau"),
        ("choix", "initiation"),
        ("vers", "expert"),
        ("confirme", "oui"),
    ];
    changes(&app, "Léa", WATER, "niveau", "initiation").await;
    let done = lea.post(PAGE, &merge).await;
    assert_eq!(done.status, 303);
    assert_eq!(crate::history::cell(&app, WATER, "niveau").await, "expert".into());
    let page = lea.get(done.header("location")).await.body;
    assert!(page.contains("fusionné dans"), "{page}");

    let change = done.header("location").split("fait=").nth(1).unwrap().to_owned();
    let undo = [("quoi", "undo"), ("changement", change.as_str())];
    let asked = lea.post(PAGE, &undo).await;
    assert!(
        asked.body.contains("Annuler :") || asked.body.contains("Annuler\u{a0}:"),
        "{}",
        asked.body
    );
    assert_eq!(crate::history::cell(&app, WATER, "niveau").await, "expert".into(), "it only asked");
    let sure = [undo[0], undo[1], ("confirme", "oui")];
    assert_eq!(lea.post(PAGE, &sure).await.status, 303);

    assert_eq!(crate::history::cell(&app, WATER, "niveau").await, "initiation".into());
    assert_eq!(app.app.rooms.values("formations").await.unwrap().values.columns, before.columns);
    assert!(lea.get(PAGE).await.body.contains("annulé"));
    assert_eq!(lea.post(PAGE, &sure).await.status, 422, "nothing is left to take back");
    app.end().await;
}

#[tokio::test]
async fn of_two_pilots_at_once_the_second_sees_what_the_first_did() {
    let (app, _, mut lea) = two_offers().await;
    let mut paul = app.pilot("Paul").await;
    let seen = fingerprint(&the(&app, "rythme").await);
    let fields = |name| [("quoi", "rename"), ("colonne", "rythme"), ("nom", name), ("vu", &*seen)];

    let first = lea.post(PAGE, &fields("Fréquence")).await;
    let second = paul.post(PAGE, &fields("Cadence")).await;
    let third = asks(&mut paul, &json!({ "work": rename("Cadence"), "seen": seen })).await;

    assert_eq!((first.status, second.status, third.status), (303, 409, 409));
    assert!(second.body.contains("Quelqu’un vient de changer cette colonne"));
    assert!(second.body.contains("value=\"Fréquence\""), "as it is now");
    let third: Value = serde_json::from_str(&third.body).unwrap();
    assert_eq!(third["error"]["key"], "moved");
    assert_eq!(the(&app, "rythme").await.label.fr, "Fréquence");
    app.end().await;
}

#[tokio::test]
async fn programs_are_told_why_in_the_shape_of_every_failure() {
    let (app, _, mut lea) = two_offers().await;
    let refused = [
        (json!({ "what": "retire", "column": "intitule" }), 422, "needed"),
        (json!({ "what": "retire", "column": "jamais" }), 404, "unknown-column"),
        (json!({ "what": "undo", "change": 404 }), 404, "unknown-change"),
        (
            json!({ "what": "add", "id": "c1", "label": "Durée", "kind": "text" }),
            422,
            "label-taken",
        ),
        (
            json!({ "what": "change-kind", "column": "themes", "to": "text", "new_id": "c1" }),
            422,
            "keeps-its-kind",
        ),
        (
            json!({ "what": "retire-option", "column": "etat", "option": "publiee" }),
            422,
            "keeps-its-options",
        ),
    ];
    for (work, status, key) in refused {
        let answer = asks(&mut lea, &json!({ "work": work })).await;
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!((answer.status, &told["error"]["key"]), (status, &json!(key)), "{work}");
        assert!(told["error"]["message"].as_str().unwrap().ends_with('.'));
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    for body in [
        json!({}),
        json!({ "work": { "what": "drop" } }),
        json!({ "work": rename("x"), "force": true }),
    ] {
        assert_eq!(asks(&mut lea, &body).await.status, 422, "{body}");
    }
    let done = does(&mut lea, rename("Cadence")).await;
    let undone = does(&mut lea, json!({ "what": "undo", "change": done["change"] })).await;
    assert!(undone["revision"].as_i64() > done["revision"].as_i64());
    assert_eq!(the(&app, "rythme").await.label.fr, "Rythme");
    app.end().await;
}

#[tokio::test]
async fn a_retired_column_is_in_no_page_no_export_and_no_proposal_of_an_import() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Léa", WATER, "rythme", "un mardi sur deux").await;
    let mut visitor = app.visitor();
    let with = visitor.get("/exports/formations.json").await.body;
    assert!(with.contains("un mardi sur deux"));

    does(&mut lea, json!({ "what": "retire", "column": "rythme" })).await;

    for path in ["/exports/formations.json", "/exports/formations.csv", "/", "/table"] {
        let page = visitor.get(path).await.body;
        assert!(!page.contains("un mardi sur deux") && !page.contains("Rythme"), "{path}");
    }
    assert_eq!(crate::history::cell(&app, WATER, "rythme").await, "un mardi sur deux".into());
    let values = app.app.rooms.values("formations").await.unwrap().values.clone();
    assert!(values.columns.in_use().all(|column| column.id.as_str() != "rythme"));
    app.end().await;
}

#[tokio::test]
async fn history_says_that_a_cell_changed_by_work_at_its_column() {
    let (app, mut nour, mut lea) = two_offers().await;
    changes(&app, "Léa", WATER, "rythme", "12").await;
    does(&mut lea, to_number("c_nouvelle")).await;

    let told = crate::history::history(&mut nour, "origin=columns").await;
    assert_eq!(
        (&told["entries"][0]["origin"], &told["entries"][0]["after"]),
        (&json!("columns"), &json!(12.0))
    );
    let page = nour.get("/historique?origin=columns").await.body;
    assert!(page.contains("travail sur une colonne"), "{page}");
    app.end().await;
}
