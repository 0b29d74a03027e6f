//! Doors for machines, and those that are not built.

use crate::support::TestApp;

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
