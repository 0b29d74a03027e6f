//! Nobody's page but ours changes anything.

use crate::support::TestApp;

/// Every route that takes a POST, with what it answers to its own page.
const POSTS: [(&str, &[(&str, &str)]); 8] = [
    ("/connexion", &[("adresse", "lea@exemple.fr")]),
    ("/connexion/code", &[("code", "123456")]),
    ("/connexion/00", &[]),
    ("/deconnexion", &[]),
    ("/historique/retablir", &[("quoi", "value")]),
    ("/reglages/effacement", &[("mots", "Zoé")]),
    ("/api/v1/tables/formations/restore", &[]),
    ("/api/v1/tables/formations/suggestions", &[]),
];

#[tokio::test]
async fn forms_of_other_sites_are_refused_on_every_route() {
    let app = TestApp::start_with(|config| {
        config.server.public_url = Some(crate::support::address("https://tablee.example.org"));
    })
    .await;

    for (path, fields) in POSTS {
        for foreign in [
            "null",
            "https://evil.example",
            "http://tablee.example.org",
            "https://tablee.example.org.evil.example",
            "https://sub.tablee.example.org",
            "https://tablee.example.org:8443",
            "https://TABLEE.example.org@evil.example",
            "",
        ] {
            let answer = app.visitor().post_from(Some(foreign), path, fields).await;
            assert_eq!(answer.status, 403, "{path} from `{foreign}`");
            assert_eq!(answer.header("set-cookie"), "", "{path} from `{foreign}`");
        }
        for own in [Some("https://tablee.example.org"), None] {
            let answer = app.visitor().post_from(own, path, fields).await;
            assert_ne!(answer.status, 403, "{path} from {own:?}");
        }
    }
}

#[tokio::test]
async fn a_browser_that_says_cross_site_is_believed() {
    let app = TestApp::start().await;

    let mut statuses = Vec::new();
    for site in ["cross-site", "same-site", "same-origin", "none"] {
        let headers =
            [("sec-fetch-site", site), ("content-type", "application/x-www-form-urlencoded")];
        let mut browser = app.visitor();
        let body = format!("adresse=lea@exemple.fr&{}", browser.form_token());
        statuses.push(
            browser.send(axum::http::Method::POST, "/connexion", &headers, body).await.status,
        );
    }

    assert_eq!(statuses, [403, 403, 303, 303]);
}

#[tokio::test]
async fn another_name_than_ours_is_not_served() {
    let app = TestApp::start_with(|config| {
        config.server.public_url = Some(crate::support::address("https://tablee.example.org"));
    })
    .await;

    let mut statuses = Vec::new();
    for host in ["tablee.example.org", "TABLEE.example.org:443", "evil.example", "127.0.0.1:8080"] {
        let headers = [("host", host)];
        let get = axum::http::Method::GET;
        let page = app.visitor().send(get.clone(), "/connexion", &headers, String::new()).await;
        let health = app.visitor().send(get, "/health/live", &headers, String::new()).await;
        assert_eq!(health.status, 200);
        statuses.push(page.status);
    }

    assert_eq!(statuses, [200, 200, 421, 421]);
}

#[tokio::test]
async fn a_form_is_small_and_names_each_field_once() {
    let app = TestApp::start().await;
    let mut browser = app.visitor();

    let large = "a".repeat(70_000);
    let too_large = browser.post("/connexion", &[("adresse", &large)]).await;
    let twice = browser.post("/connexion", &[("adresse", "a@b.fr"), ("adresse", "c@d.fr")]).await;
    let nothing = browser.post("/connexion", &[]).await;

    assert_eq!((too_large.status, twice.status, nothing.status), (413, 422, 422));
}
