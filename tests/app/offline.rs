//! What a device may keep of the table's page: the same for everybody.

use crate::support::TestApp;

#[tokio::test]
async fn the_shell_that_a_device_keeps_holds_nothing_of_who_asks() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;

    let (stranger, pilot) =
        (app.visitor().get("/table/hors-ligne").await, lea.get("/table/hors-ligne").await);

    assert_eq!((stranger.status, pilot.status), (200, 200));
    assert_eq!(stranger.body, pilot.body);
    for word in ["Léa", "data-person", "data-role", "data-name", "Se déconnecter", "/historique"]
    {
        assert!(!pilot.body.contains(word), "{word}: {}", pilot.body);
    }
    assert!(pilot.body.contains("data-offline"));
    assert!(pilot.body.contains("data-live=\"/live/formations\""));
    for answer in [&stranger, &pilot] {
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.header("set-cookie"), "");
    }
    assert_eq!(lea.get("/table").await.header("cache-control"), "no-store");
    app.end().await;
}

#[tokio::test]
async fn the_worker_may_look_after_the_whole_site_and_is_asked_for_anew() {
    let app = TestApp::start().await;

    let worker = app.visitor().get("/sw.js").await;

    let policy = worker.header("content-security-policy");
    assert!(
        policy.contains("worker-src 'self'") && policy.contains("manifest-src 'self'"),
        "{policy}"
    );
    // A server without its client has none: pages work all the same.
    if worker.status == 200 {
        assert_eq!(worker.header("service-worker-allowed"), "/");
        assert_eq!(worker.header("cache-control"), "no-cache");
        assert!(worker.header("content-type").starts_with("text/javascript"));
    } else {
        assert_eq!(worker.status, 404);
    }
    app.end().await;
}
