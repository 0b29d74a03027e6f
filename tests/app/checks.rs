//! What the live table tells of one row beside its cells: what it lacks, what seems wrong, how fresh it is.

use serde_json::Value;

use crate::history::{WATER, changes, row, two_offers};
use crate::support::{Browser, TestApp};

const DOOR: &str = "/api/v1/tables/formations/rows/eau0000000000000/checks";

async fn told(browser: &mut Browser, door: &str) -> Value {
    let answer = browser.get(door).await;
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (200, "no-store"),
        "{}",
        answer.body
    );
    serde_json::from_str(&answer.body).unwrap()
}

fn met(told: &Value) -> Vec<(&str, bool)> {
    let items = told["items"].as_array().unwrap().iter();
    items.map(|it| (it["column"].as_str().unwrap(), it["is_met"].as_bool().unwrap())).collect()
}

#[tokio::test]
async fn the_panel_of_a_row_is_told_what_the_row_lacks_and_again_when_it_is_there() {
    let (app, mut nour, _) = two_offers().await;

    let before = told(&mut nour, DOOR).await;
    changes(&app, "Nour", WATER, "prerequis", "Aucun").await;
    changes(&app, "Nour", WATER, "contact_courriel", "lucie.martin@gmail.com").await;
    let after = told(&mut nour, DOOR).await;

    assert_eq!(before["items"].as_array().unwrap().len(), 9);
    assert!(met(&before).iter().all(|(_, is_met)| !is_met), "{before}");
    assert_eq!(before["items"][0]["words"], "prérequis");
    assert_eq!(before["missing"], serde_json::json!(["une page ou un contact"]));
    assert_eq!(before["freshness"], "Jamais vérifiée");
    let there: Vec<_> = met(&after).into_iter().filter(|(_, is)| *is).map(|(it, _)| it).collect();
    assert_eq!(there, ["prerequis", "contact_courriel"]);
    assert_eq!(after["missing"], serde_json::json!([]));
    let personal = after["warnings"].as_array().unwrap().iter();
    let personal: Vec<_> = personal.filter(|it| it["column"] == "contact_courriel").collect();
    assert!(personal[0]["words"].as_str().unwrap().contains("celle d’un service"), "{after}");
    app.end().await;
}

#[tokio::test]
async fn the_checks_of_a_row_speak_the_language_that_is_asked_for_and_tell_its_freshness() {
    let (app, mut nour, _) = two_offers().await;
    changes(&app, "Léa", WATER, "verifie_le", "2026-11-20").await;

    let french = told(&mut nour, DOOR).await;
    let english = told(&mut nour, &format!("{DOOR}?lang=en")).await;

    assert_eq!(french["freshness"], "Vérifiée récemment");
    assert_eq!(english["items"][0]["words"], "prerequisites");
    assert_eq!(english["missing"].as_array().unwrap().len(), 1);
    app.end().await;
}

#[tokio::test]
async fn the_checks_are_for_those_who_work_in_the_table_and_of_rows_that_are_there() {
    let (app, mut nour, mut lea) = two_offers().await;
    in_the_bin(&app).await;

    assert_eq!(app.visitor().get(DOOR).await.status, 401);
    assert_eq!(lea.get(DOOR).await.status, 200);
    for gone in ["boue000000000000", "nulle0000000000", "%2F"] {
        let door = DOOR.replace(WATER, gone);
        assert_eq!(nour.get(&door).await.status, 404, "{door}");
    }
    assert_eq!(nour.get(&DOOR.replace("formations", "x")).await.status, 404);
    app.end().await;
}

/// Puts the other offer in the bin.
async fn in_the_bin(app: &TestApp) {
    changes(app, "Léa", crate::history::MUD, "~deleted", true).await;
    let visible = app.app.rooms.values("formations").await.unwrap();
    assert!(visible.values.present().all(|it| it.id != row(crate::history::MUD)));
}
