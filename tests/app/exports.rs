//! The files: the list of an address, taken away.

use axum::http::Method;
use serde_json::Value;

use crate::pages::{db_rows, published};
use crate::support::TestApp;

async fn two_offers() -> TestApp {
    let app = TestApp::start().await;
    let mut water = published("=cmd|' /C calc'!A0");
    water.push(("themes/eau", true.into()));
    let mut draft = published("Un secret");
    draft.push(("etat", "brouillon".into()));
    let rows = [
        ("eau0000000000000", water.as_slice()),
        ("autre00000000000", &published("Animer")),
        ("brouillon0000000", &draft),
    ];
    db_rows(&app, &rows).await;
    app
}

#[tokio::test]
async fn a_file_holds_what_the_page_shows_and_no_draft() {
    let app = two_offers().await;
    let mut visitor = app.visitor();

    let all: Value =
        serde_json::from_str(&visitor.get("/exports/formations.json").await.body).unwrap();
    let some: Value =
        serde_json::from_str(&visitor.get("/exports/formations.json?themes=eau").await.body)
            .unwrap();
    let csv = visitor.get("/exports/formations.csv").await.body;

    assert_eq!(all["rows"].as_array().unwrap().len(), 2);
    assert_eq!(some["rows"].as_array().unwrap().len(), 1);
    assert_eq!(some["rows"][0]["id"], "eau0000000000000");
    assert_eq!(all["licence"], "Licence Ouverte 2.0");
    assert_eq!(some["source"], "http://127.0.0.1:8080/?themes=eau");
    let url = all["rows"][0]["fiche"].as_str().unwrap();
    assert!(url.starts_with("http://127.0.0.1:8080/formations/"), "{url}");
    assert!(!csv.contains("secret") && csv.contains("'=cmd"), "{csv}");
    app.end().await;
}

#[tokio::test]
async fn a_file_stands_in_the_order_of_the_page() {
    let app = two_offers().await;

    let file = app.visitor().get("/exports/formations.json?tri=-intitule").await.body;

    let file: Value = serde_json::from_str(&file).unwrap();
    assert_eq!(file["rows"][0]["intitule"], "Animer");
    app.end().await;
}

#[tokio::test]
async fn a_file_comes_with_a_name_and_is_the_same_for_everybody() {
    let app = two_offers().await;
    let mut lea = app.member("Léa").await;

    for (ending, kind) in [
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("csv", "text/csv; charset=utf-8; header=present"),
        ("json", "application/json"),
    ] {
        let path = format!("/exports/formations.{ending}");
        let (seen, hers) = (app.visitor().get(&path).await, lea.get(&path).await);

        assert_eq!(seen.status, 200, "{path}");
        assert_eq!(seen.header("content-type"), kind);
        let name = format!("formations-2026-11-23.{ending}");
        let disposition = format!("attachment; filename=\"{name}\"; filename*=UTF-8''{name}");
        assert_eq!(seen.header("content-disposition"), disposition);
        assert_eq!(seen.header("x-content-type-options"), "nosniff");
        assert_eq!(seen.header("access-control-allow-origin"), "*");
        assert_eq!(seen.header("cache-control"), "public, no-cache");
        assert_eq!(seen.header("last-modified"), "Mon, 23 Nov 2026 12:00:00 GMT");
        assert_eq!(seen.header("set-cookie"), "");
        assert_eq!(seen.header("etag"), hers.header("etag"));
        if ending != "xlsx" {
            assert_eq!(seen.body, hers.body, "{path}");
        }
    }
    app.end().await;
}

#[tokio::test]
async fn a_file_that_did_not_change_is_not_sent_again() {
    let app = two_offers().await;
    let mut visitor = app.visitor();
    let tag = visitor.get("/exports/formations.csv").await.header("etag").to_owned();
    let known = [("if-none-match", tag.as_str())];

    let again = visitor.send(Method::GET, "/exports/formations.csv", &known, String::new()).await;
    let other =
        visitor.send(Method::GET, "/exports/formations.csv?q=x", &known, String::new()).await;
    db_rows(&app, &[("nouvelle00000000", &published("Nouvelle"))]).await;
    let changed = visitor.send(Method::GET, "/exports/formations.csv", &known, String::new()).await;

    assert_eq!((again.status, again.body.as_str()), (304, ""));
    assert_eq!((other.status, changed.status), (200, 200));
    app.end().await;
}
