//! Edits that a tab may not make, left for the pilots.

use axum::http::Method;
use serde_json::{Value, json};
use tablee_storage::proposals::{Kind, NewProposal};
use tablee_storage::{people, proposals};

use crate::history::{WATER, db_who, two_offers};
use crate::support::{Answer, Browser, TestApp};

fn suggestion(id: &str, value: &str) -> Value {
    json!({
        "id": id, "row": WATER, "what": "set", "key": "etat", "value": value, "before": "publiee",
        "reason": "pilots-only", "at": 1_795_435_200_000_i64,
    })
}

async fn leaves(browser: &mut Browser, body: &Value) -> Answer {
    let origin = browser.origin().to_owned();
    let headers = [("content-type", "application/json"), ("origin", origin.as_str())];
    let path = "/api/v1/tables/formations/suggestions";
    browser.send(Method::POST, path, &headers, body.to_string()).await
}

async fn db_takes_role(app: &TestApp, email: &str) {
    let mut tx = app.app.store.begin().await.unwrap();
    let person = people::find_by_email(&mut tx, email).await.unwrap().unwrap();
    people::set_role(&mut tx, person.id, None).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn what_a_tab_sends_twice_is_kept_once_under_the_same_receipt() {
    let (app, mut nour, _) = two_offers().await;
    let body =
        json!({ "suggestions": [suggestion("a-1", "archivee"), suggestion("a-2", "brouillon")] });

    let first: Value = serde_json::from_str(&leaves(&mut nour, &body).await.body).unwrap();
    let again: Value = serde_json::from_str(&leaves(&mut nour, &body).await.body).unwrap();

    assert_eq!(first, again);
    let ids: Vec<_> =
        first["stored"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a-1", "a-2"]);
    assert!(!first["stored"][0]["receipt"].as_str().unwrap().is_empty());
    let (person, _) = db_who(&app, "Nour").await;
    let mut tx = app.app.store.read().await.unwrap();
    let table = app.app.rooms.open("formations").await.unwrap().table();
    let kept = proposals::of_author(&mut tx, table, person, 10).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert!(
        kept.iter()
            .any(|it| it.payload.contains("\"what\":\"set\"") && it.payload.contains("archivee"))
    );
    drop(tx);
    assert_eq!(
        crate::history::cell(&app, WATER, "etat").await,
        "publiee".into(),
        "the table stays"
    );
    app.end().await;
}

#[tokio::test]
async fn whoever_lost_the_role_still_leaves_what_they_wrote_and_strangers_do_not() {
    let (app, mut nour, _) = two_offers().await;
    let body = json!({ "suggestions": [suggestion("a-1", "archivee")] });
    db_takes_role(&app, "nour@exemple.fr").await;

    let kept = leaves(&mut nour, &body).await;
    assert_eq!(nour.get("/historique").await.status, 403);
    app.db_removes("nour@exemple.fr").await;

    assert_eq!(kept.status, 200, "{}", kept.body);
    assert_eq!(leaves(&mut nour, &body).await.status, 401, "removed: the login is gone");
    assert_eq!(leaves(&mut app.visitor(), &body).await.status, 401);
    app.end().await;
}

#[tokio::test]
async fn what_no_tab_of_ours_would_send_is_refused_whole() {
    let (app, mut nour, _) = two_offers().await;
    let one = suggestion("a-1", "archivee");
    let with = |key: &str, value: Value| {
        let mut changed = one.clone();
        changed[key] = value;
        json!({ "suggestions": [one.clone(), changed] })
    };
    let deep = json!([[[[[1]]]]]);

    for (body, status) in [
        (json!({}), 422),
        (with("id", "".into()), 422),
        (with("id", "a b".into()), 422),
        (with("id", "x".repeat(65).into()), 422),
        (with("row", "../".into()), 422),
        (with("what", "drop".into()), 422),
        (with("key", "a/b/c d".into()), 422),
        (with("key", Value::Null), 422),
        (with("value", "a\0b".into()), 422),
        (with("value", deep), 422),
        (with("reason", "<b>".into()), 422),
        (with("owner", "moi".into()), 422),
        (with("value", "x".repeat(2_100_000).into()), 413),
        (json!({ "suggestions": vec![one.clone(); 501] }), 413),
        (json!({ "suggestions": [{ "id": "x".repeat(4_200_000) }] }), 413),
    ] {
        let answer = leaves(&mut nour, &body).await;
        assert_eq!(
            answer.status,
            status,
            "{}: {}",
            &body.to_string()[..80.min(body.to_string().len())],
            answer.body
        );
    }
    let mut tx = app.app.store.read().await.unwrap();
    let table = app.app.rooms.open("formations").await.unwrap().table();
    assert_eq!(proposals::count_open(&mut tx, table).await.unwrap(), 0);
    drop(tx);
    app.end().await;
}

#[tokio::test]
async fn each_kind_of_edit_can_be_left_and_a_flood_cannot() {
    let (app, mut nour, _) = two_offers().await;
    let kinds = [
        json!({ "what": "set", "key": "themes/eau", "value": true }),
        json!({ "what": "text", "key": "intitule", "from": "a", "to": "b" }),
        json!({ "what": "add-row" }),
        json!({ "what": "bin" }),
        json!({ "what": "move", "value": "a1" }),
        json!({ "what": "unset", "key": "lieux~said" }),
    ];
    let all: Vec<Value> = kinds
        .into_iter()
        .enumerate()
        .map(|(n, mut kind)| {
            kind["id"] = format!("k{n}").into();
            kind["row"] = WATER.into();
            kind["reason"] = "not-own-row".into();
            kind["at"] = 1.into();
            kind
        })
        .collect();
    let body = json!({ "suggestions": all });

    let mut statuses = Vec::new();
    for _ in 0..61 {
        statuses.push(leaves(&mut nour, &body).await.status);
    }

    assert_eq!(statuses[0], 200);
    assert_eq!((statuses[59], statuses[60]), (200, 429));
    app.clock.minutes_pass(5);
    assert_eq!(leaves(&mut nour, &body).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn nobody_fills_the_list_of_suggestions_for_the_others() {
    let (app, mut nour, mut lea) = two_offers().await;
    let (person, _) = db_who(&app, "Nour").await;
    let waiting: Vec<_> = (0..2_000)
        .map(|n| NewProposal::of_person(Kind::Suggestion, person, &format!("w{n}"), "{}"))
        .collect();
    let table = app.app.rooms.open("formations").await.unwrap().table();
    let mut tx = app.app.store.begin().await.unwrap();
    let now = app.app.clock.now();
    proposals::add(&mut tx, table, &waiting, now).await.unwrap();
    tx.commit().await.unwrap();
    let body = json!({ "suggestions": [
        { "id": "k1", "row": WATER, "what": "bin", "reason": "not-own-row", "at": 1 },
    ] });

    assert_eq!(leaves(&mut nour, &body).await.status, 429);
    assert_eq!(leaves(&mut lea, &body).await.status, 200);
    app.end().await;
}
