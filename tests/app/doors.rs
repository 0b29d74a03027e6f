//! Doors for machines, and those that are not built.

use axum::http::Method;
use tablee_domain::people::Role;
use tablee_storage::people;

use crate::support::{Browser, TestApp};

/// A browser in which somebody signed in whose role was taken away since.
async fn without_role(app: &TestApp) -> Browser {
    let browser = app.member("Zoé").await;
    let mut tx = app.app.store.begin().await.unwrap();
    let person = people::find_by_email(&mut tx, "zoé@exemple.fr").await.unwrap().unwrap();
    people::set_role(&mut tx, person.id, None).await.unwrap();
    tx.commit().await.unwrap();
    browser
}

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Doors of what was done and of what goes for good: what a stranger, a login without a role, a member, a pilot
/// and an administrator are answered.
const DOORS: [(&str, &str, &str, [u16; 5]); 9] = [
    ("/historique", "", "", [401, 403, 200, 200, 200]),
    ("/historique/retabli?revision=1", "", "", [401, 403, 404, 404, 404]),
    ("/historique/retablir", FORM, "quoi=at&quand=2026-11-23T13:00", [401, 403, 403, 200, 200]),
    ("/reglages/effacement", "", "", [401, 403, 403, 403, 200]),
    ("/reglages/effacement", FORM, "mots=introuvable", [401, 403, 403, 403, 200]),
    ("/api/v1/tables/formations/history", "", "", [401, 403, 200, 200, 200]),
    (
        "/api/v1/tables/formations/restore",
        JSON,
        r#"{"what":"moment","at":1795435200000,"dry_run":true}"#,
        [401, 403, 403, 200, 200],
    ),
    (
        "/api/v1/tables/formations/suggestions",
        JSON,
        r#"{"suggestions":[]}"#,
        [401, 200, 200, 200, 200],
    ),
    ("/table/hors-ligne", "", "", [200; 5]),
];

#[tokio::test]
async fn each_door_opens_for_whom_it_is_made_and_keeps_nothing_in_a_cache() {
    let app = TestApp::start().await;
    let mut people = [
        app.visitor(),
        without_role(&app).await,
        app.member("Nour").await,
        app.pilot("Léa").await,
        app.person("Inès", Role::Admin).await,
    ];

    for (path, kind, body, expected) in DOORS {
        let mut statuses = Vec::new();
        for (at, browser) in people.iter_mut().enumerate() {
            let headers = [("content-type", kind)];
            let (method, headers) =
                if kind.is_empty() { (Method::GET, &[][..]) } else { (Method::POST, &headers[..]) };
            let body = if kind == FORM {
                format!("{body}&{}", browser.form_token())
            } else {
                body.to_owned()
            };
            let answer = browser.send(method, path, headers, body).await;
            statuses.push(answer.status);
            let is_the_same_for_all = path == "/table/hors-ligne";
            let kept = answer.header("cache-control");
            let expected = if is_the_same_for_all { "no-cache" } else { "no-store" };
            assert_eq!(kept, expected, "{path} for {at}");
        }
        assert_eq!(statuses, expected, "{kind} {path}");
    }
    app.end().await;
}

#[tokio::test]
async fn the_program_says_that_it_lives_and_is_ready_and_nothing_more() {
    let app = TestApp::start().await;

    let (live, ready) =
        (app.visitor().get("/health/live").await, app.visitor().get("/health/ready").await);

    assert_eq!((live.status, live.body.as_str()), (200, "ok"));
    assert_eq!((ready.status, ready.body.as_str()), (200, "ok"));
}

#[tokio::test]
async fn doors_that_are_not_built_answer_that_they_are_not_there() {
    let app = TestApp::start().await;

    for path in ["/metrics", "/embed/formations", "/oembed?url=x", "/exports/formations.ods"] {
        assert_eq!(app.visitor().get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_first_start_makes_a_table_and_two_people_once() {
    let app = TestApp::start().await;

    let again = tablee::first_start::prepare(&app.app).await.unwrap();
    let mut tx = app.app.store.read().await.unwrap();
    let people = tablee_storage::people::list(&mut tx).await.unwrap();
    drop(tx);

    assert!(again.is_empty());
    let told: Vec<_> = people
        .iter()
        .map(|person| (person.email.as_str(), person.role.unwrap().as_str()))
        .collect();
    assert_eq!(told, [("pilote@exemple.fr", "pilot"), ("membre@exemple.fr", "member")]);
    let values = app.app.rooms.values("formations").await.unwrap();
    assert!(values.values.columns.get("intitule").is_some());
    app.end().await;
}
