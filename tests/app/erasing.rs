//! What must go for good is gone from everywhere, and does not come back with an older copy.

use std::path::Path;

use axum::http::Method;
use tablee_domain::ids::{Revision, Timestamp};
use tablee_domain::people::Role;
use tablee_live::moments;
use tablee_storage::{erasures, tables};

use crate::history::{MUD, WATER, cell, changes, two_offers};
use crate::support::{Browser, Folder, TestApp, log};

const CANARY: &str = "Zoé Ferrandelle";

/// Puts the word into a cell, into history only, into the bin, into the values of a day, into a suggestion.
async fn spills(app: &TestApp, nour: &mut Browser) {
    changes(app, "Nour", WATER, "resume", format!("Demandez {CANARY}, ou ZOÉ FERRANDELLE.")).await;
    changes(app, "Nour", WATER, "intitule", CANARY).await;
    app.clock.minutes_pass(10);
    changes(app, "Nour", WATER, "intitule", "Dialoguer autour de l'eau").await;
    changes(app, "Nour", MUD, "lieux~said", format!("chez {CANARY}")).await;
    changes(app, "Léa", MUD, "~deleted", true).await;
    app.clock.days_pass(1);
    changes(app, "Nour", WATER, "duree_heures", 7.0).await;
    let body = serde_json::json!({ "suggestions": [{
        "id": "s1", "row": WATER, "what": "set", "key": "etat", "value": CANARY, "reason": "x", "at": 1,
    }] });
    let headers = [("content-type", "application/json")];
    let path = "/api/v1/tables/formations/suggestions";
    let left = nour.send(Method::POST, path, &headers, body.to_string()).await;
    assert_eq!(left.status, 200, "{}", left.body);
}

fn holds(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).to_lowercase();
    text.contains("ferrandelle")
}

/// The files of a data folder that hold the word.
fn files_that_hold(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| holds(&std::fs::read(path).unwrap()))
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

/// What anybody can read, by door.
async fn doors_that_show(browsers: &mut [(&str, Browser)]) -> Vec<String> {
    let paths = [
        "/",
        "/table",
        "/formations/dialoguer-autour-de-l-eau-eau0000000000000",
        "/formations/parler-de-la-boue-boue000000000000",
        "/exports/formations.csv",
        "/exports/formations.json",
        "/historique",
        "/historique?row=eau0000000000000",
        "/reglages/effacement",
        "/api/v1/tables/formations/history?limit=200",
    ];
    let mut found = Vec::new();
    for (who, browser) in browsers {
        for path in paths {
            if holds(browser.get(path).await.body.as_bytes()) {
                found.push(format!("{who} {path}"));
            }
        }
    }
    found
}

async fn revision_of(app: &TestApp) -> Revision {
    app.app.rooms.values("formations").await.unwrap().revision
}

#[tokio::test]
async fn only_administrators_erase() {
    let (app, mut nour, mut lea) = two_offers().await;
    let mut ines = app.person("Inès", Role::Admin).await;
    let fields = [("lignes", WATER), ("etape", "effacer")];
    let before = revision_of(&app).await;

    let path = "/reglages/effacement";
    assert_eq!(app.visitor().get(path).await.status, 401);
    assert_eq!(app.visitor().post(path, &fields).await.status, 401);
    for browser in [&mut nour, &mut lea] {
        assert_eq!(browser.get(path).await.status, 403);
        assert_eq!(browser.post(path, &fields).await.status, 403);
        assert!(!browser.get("/historique").await.body.contains("href=\"/reglages/effacement\""));
    }
    let page = ines.get(path).await;
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    assert!(ines.get("/reglages").await.body.contains("href=\"/reglages/effacement\""));
    assert_eq!(revision_of(&app).await, before);
    app.end().await;
}

#[tokio::test]
async fn words_are_looked_for_first_and_then_gone_from_every_door_and_every_file() {
    let (app, mut nour, lea) = two_offers().await;
    let mut ines = app.person("Inès", Role::Admin).await;
    spills(&app, &mut nour).await;
    let mut all =
        [("nour", nour), ("léa", lea), ("inès", ines.clone()), ("visitor", app.visitor())];
    let shown = doors_that_show(&mut all).await;
    assert!(shown.len() > 6, "the word must have been somewhere: {shown:?}");
    assert!(!files_that_hold(app.folder()).is_empty());
    let at = app.app.clock.now();

    let found = ines.post("/reglages/effacement", &[("mots", CANARY)]).await;
    assert_eq!(found.status, 200);
    for place in ["Valeurs de la table", "Historique", "Copies de chaque jour", "Propositions"] {
        let row = found.body.split(&format!("<th scope=\"row\">{place}</th><td>")).nth(1);
        let count = row.unwrap_or_else(|| panic!("{place}: {}", found.body)).split('<').next();
        assert_ne!(count, Some("0"), "{place}");
    }
    assert!(found.body.contains("name=\"mots\" value=\"Zoé Ferrandelle\""));
    assert!(!doors_that_show(&mut all).await.is_empty(), "looking changes nothing");
    let done = ines.post("/reglages/effacement", &[("mots", CANARY), ("etape", "effacer")]).await;

    assert_eq!((done.status, done.header("location")), (303, "/reglages/effacement?recu=1"));
    assert_eq!(doors_that_show(&mut all).await, Vec::<String>::new());
    assert_eq!(files_that_hold(app.folder()), Vec::<String>::new());
    assert_eq!(cell(&app, WATER, "resume").await, "Demandez [effacé], ou [effacé].".into());
    let day = moments::at_time(&app.app.store, "formations", Timestamp(at.get() - 1)).await;
    assert!(!holds(format!("{day:?}").as_bytes()), "the values of the day before hold it");
    let receipt = ines.get("/reglages/effacement?recu=1").await.body;
    assert!(receipt.contains("Effacement nº 1, le 24 novembre 2026 à 13"), "{receipt}");
    assert!(receipt.contains("par Inès"));
    let journal = std::fs::read_to_string(app.folder().join("erasures.jsonl")).unwrap();
    assert_eq!(journal.lines().count(), 1);
    assert!(journal.contains(WATER) && journal.contains("resume") && !holds(journal.as_bytes()));
    app.end().await;
}

/// Stops, and gives a copy of the folder as a backup holds it: the database, and nothing else.
async fn ends_and_is_copied(app: TestApp) -> Folder {
    let copy = Folder::fresh();
    app.app.rooms.stop().await;
    app.app.store.scrub().await.unwrap();
    app.app.store.close().await;
    std::fs::copy(app.folder().join("tablee.db"), copy.path().join("tablee.db")).unwrap();
    copy
}

#[tokio::test]
async fn an_older_copy_of_the_database_is_erased_again_before_anybody_sees_it() {
    let (app, mut nour, _) = two_offers().await;
    let ines = app.person("Inès", Role::Admin).await;
    spills(&app, &mut nour).await;
    let (now, backup) = (Folder::fresh(), ends_and_is_copied(app).await);
    std::fs::copy(backup.path().join("tablee.db"), now.path().join("tablee.db")).unwrap();
    let as_ines = |app: &TestApp| {
        let mut browser = app.visitor();
        browser.takes_cookie("tablee", ines.cookie_named("tablee").unwrap());
        browser
    };
    let app = TestApp::start_in(now, |_| {}).await;
    let fields = [("mots", CANARY), ("etape", "effacer")];
    assert_eq!(as_ines(&app).post("/reglages/effacement", &fields).await.status, 303);
    let journal = std::fs::read_to_string(app.folder().join("erasures.jsonl")).unwrap();
    app.end().await;
    assert_eq!(files_that_hold(backup.path()), ["tablee.db"]);
    // It was done a minute before the backup is put back: clocks of tests stand still.
    let journal = journal.replace("\"at\":1795435200000", "\"at\":1795435140000");
    std::fs::write(backup.path().join("erasures.jsonl"), &journal).unwrap();

    let restored = TestApp::start_in(backup, |_| {}).await;

    let mut all = [("inès", as_ines(&restored)), ("visitor", restored.visitor())];
    assert_eq!(doors_that_show(&mut all).await, Vec::<String>::new());
    assert_eq!(cell(&restored, WATER, "duree_heures").await, 7.0.into(), "the rest is there");
    let epoch = restored.app.rooms.values("formations").await.unwrap().epoch;
    assert_eq!(restored.app.eraser.catch_up().await.unwrap(), 0, "once is enough");
    assert_eq!(restored.app.rooms.values("formations").await.unwrap().epoch, epoch);
    let lines = std::fs::read_to_string(restored.folder().join("erasures.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 2, "the second erasure is noted too: {lines}");
    restored.end().await;
}

#[tokio::test]
async fn no_line_of_the_log_holds_the_words_and_neither_does_an_address() {
    let log = log::listens(&["ferrandelle", "something was erased"]);
    let (app, mut nour, _) = two_offers().await;
    let mut ines = app.person("Inès", Role::Admin).await;
    spills(&app, &mut nour).await;

    for step in ["", "corriger", "effacer"] {
        let fields = [("mots", CANARY), ("etape", step)];
        let answer = ines.post("/reglages/effacement", &fields).await;
        assert!(!holds(answer.header("location").as_bytes()));
    }
    // What is wrong is told to the page that asked, and to nobody else.
    ines.post("/reglages/effacement", &[("lignes", CANARY)]).await;
    let odd = r#"{"suggestions":[{"id":"a","row":"r","what":"bin","reason":"x","at":"CANARY"}]}"#;
    let odd = odd.replace("CANARY", CANARY);
    let headers = [("content-type", "application/json")];
    let path = "/api/v1/tables/formations/suggestions";
    assert_eq!(nour.send(Method::POST, path, &headers, odd).await.status, 422);

    assert_ne!(log.lines_with("something was erased"), Vec::<String>::new(), "the log is heard");
    assert_eq!(log.lines_with("ferrandelle"), Vec::<String>::new());
}

#[tokio::test]
async fn a_journal_that_was_lost_is_written_anew_from_the_database() {
    let (app, _, _) = two_offers().await;
    let mut ines = app.person("Inès", Role::Admin).await;
    let fields = [("champs", "boue000000000000:intitule"), ("etape", "effacer")];
    assert_eq!(ines.post("/reglages/effacement", &fields).await.status, 303);
    let journal = app.folder().join("erasures.jsonl");
    let before = std::fs::read_to_string(&journal).unwrap();
    std::fs::remove_file(&journal).unwrap();

    assert_eq!(app.app.eraser.catch_up().await.unwrap(), 0);

    assert_eq!(std::fs::read_to_string(&journal).unwrap(), before);
    assert_eq!(cell(&app, MUD, "intitule").await, tablee_domain::table::Plain::Null);
    app.end().await;
}

#[tokio::test]
async fn a_row_that_is_erased_is_a_number_in_history_and_nothing_else() {
    let (app, mut nour, _) = two_offers().await;
    let mut ines = app.person("Inès", Role::Admin).await;
    changes(&app, "Nour", MUD, "intitule", "Rien que de la boue").await;
    let address = "http://127.0.0.1:8080/formations/rien-que-de-la-boue-boue000000000000";

    let fields = [("lignes", address), ("etape", "effacer")];
    let done = ines.post("/reglages/effacement", &fields).await;
    let page = nour.get("/historique").await.body;

    assert_eq!(done.status, 303, "{}", done.body);
    assert!(page.contains("Fiche effacée") && !page.contains("boue"), "{page}");
    let gone = nour.get("/formations/rien-que-de-la-boue-boue000000000000").await;
    assert_eq!(gone.status, 404);
    let mut tx = app.app.store.read().await.unwrap();
    let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
    assert_eq!(erasures::all(&mut tx, table).await.unwrap()[0].rows[0].as_str(), MUD);
    drop(tx);
    app.end().await;
}

#[tokio::test]
async fn a_field_is_erased_by_the_address_of_its_row_as_a_browser_shows_it() {
    let (app, mut nour, _) = two_offers().await;
    let mut ines = app.person("Inès", Role::Admin).await;
    changes(&app, "Nour", WATER, "resume", format!("Demandez {CANARY}.")).await;
    changes(&app, "Nour", MUD, "resume", format!("Demandez {CANARY}.")).await;
    let address = "http://127.0.0.1:8080/formations/dialoguer-autour-de-l-eau-eau0000000000000";

    let field = format!("{address}?lang=en : resume");
    let done = ines.post("/reglages/effacement", &[("champs", &field), ("etape", "effacer")]).await;

    assert_eq!(done.status, 303, "{}", done.body);
    let mut history = async |row: &str| nour.get(&format!("/historique?row={row}")).await.body;
    assert!(!holds(history(WATER).await.as_bytes()), "that field of that row");
    assert!(holds(history(MUD).await.as_bytes()), "and no other");
    app.end().await;
}

#[tokio::test]
async fn what_is_not_understood_erases_nothing_and_is_shown_again() {
    let (app, _, _) = two_offers().await;
    let mut ines = app.person("Inès", Role::Admin).await;
    let before = revision_of(&app).await;

    for (name, value, told) in [
        ("mots", "", "Écrivez ce qu’il faut effacer."),
        ("mots", "ab", "trop court"),
        ("lignes", "pas <b>une</b> ligne", "pas &#60;b&#62;une"),
        ("champs", "eau0000000000000", "Un champ n’est pas compris"),
        ("champs", "eau0000000000000:<script>", "&#60;script&#62;"),
    ] {
        let fields = [(name, value), ("etape", "effacer")];
        let answer = ines.post("/reglages/effacement", &fields).await;
        assert_eq!(answer.status, 422, "{name} {value}");
        assert!(answer.body.contains(told), "{told}: {}", answer.body);
    }
    let nowhere = ines.post("/reglages/effacement", &[("mots", "introuvable")]).await.body;
    assert!(nowhere.contains("Cela ne se trouve nulle part."), "{nowhere}");
    assert!(!nowhere.contains("value=\"effacer\""));
    let again = [("mots", "introuvable\r\nencore"), ("etape", "corriger")];
    let again = ines.post("/reglages/effacement", &again).await.body;
    assert!(again.contains("introuvable\r\nencore</textarea>"), "{again}");
    assert_eq!(revision_of(&app).await, before);
    app.end().await;
}
