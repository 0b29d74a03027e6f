//! What every answer carries, errors too.

use crate::support::{Answer, TestApp};

const EVERYWHERE: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

fn carries_all(answer: &Answer, of: &str) {
    for (name, value) in EVERYWHERE {
        assert_eq!(answer.header(name), value, "{name} of {of}");
    }
    let policy = answer.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
        "{of}: {policy}"
    );
    for part in ["base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{of}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{of}: {policy}");
    assert!(!answer.header("permissions-policy").is_empty(), "{of}");
    assert_eq!(answer.header("x-request-id").len(), 16, "{of}");
    assert!(!answer.header("cache-control").is_empty(), "{of}");
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_protect_it() {
    let app = TestApp::start().await;
    let mut lea = app.member("Léa").await;

    let paths = [
        ("/connexion", 200),
        ("/connexion/code", 200),
        ("/connexion/00", 410),
        ("/health/live", 200),
        ("/health/ready", 200),
        ("/metrics", 404),
        ("/nulle/part", 404),
        ("/api/v1/nulle/part", 404),
        ("/historique", 401),
        ("/historique/retabli?revision=1", 401),
        ("/historique/retablir", 405),
        ("/reglages/effacement", 401),
        ("/table/hors-ligne", 200),
        ("/api/v1/tables/formations/history", 401),
        ("/api/v1/tables/formations/restore", 405),
        ("/api/v1/tables/formations/suggestions", 405),
        ("/live/inconnue", 404),
        ("/live/formations", 401),
        ("/deconnexion", 405),
    ];
    for (path, status) in paths {
        let answer = app.visitor().get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
        carries_all(&answer, path);
    }
    carries_all(&lea.get("/connexion").await, "a signed-in page");
    carries_all(&app.visitor().post_from(Some("null"), "/connexion", &[]).await, "a refused form");
}

#[tokio::test]
async fn what_breaks_is_told_without_its_cause() {
    let app = TestApp::start().await;
    let mut lea = app.member("Léa").await;

    app.app.store.close().await;
    let ready = lea.get("/health/ready").await;
    let page = lea.get("/connexion").await;
    let door = lea.get("/live/formations").await;

    assert_eq!((ready.status, page.status, door.status), (503, 503, 503), "{}", page.body);
    assert!(page.body.contains("Réessayez"), "{}", page.body);
    assert_eq!(door.header("content-type"), "application/problem+json");
    for answer in [&ready, &page, &door] {
        carries_all(answer, "a broken answer");
        for word in ["sqlx", "pool", "closed", "select", "tablee.db"] {
            assert!(!answer.body.contains(word), "{word}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn what_a_signed_in_person_sees_is_kept_by_no_cache() {
    let app = TestApp::start().await;
    let mut lea = app.member("Léa").await;

    let page = lea.get("/connexion").await;
    let asked = app.visitor().post("/connexion", &[("adresse", "x@exemple.fr")]).await;

    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(asked.header("cache-control"), "no-store");
}

#[tokio::test]
async fn on_https_cookies_are_bound_to_this_host_and_browsers_stay_on_https() {
    let app = TestApp::start_with(|config| {
        config.server.public_url = Some(crate::support::address("https://tablee.example.org"));
    })
    .await;

    let mut browser = app.visitor();
    let answer = browser.post("/connexion", &[("adresse", "x@exemple.fr")]).await;

    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-tablee="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn on_http_the_cookie_says_so_by_its_name() {
    let app = TestApp::start().await;

    let answer = app.visitor().post("/connexion", &[("adresse", "x@exemple.fr")]).await;

    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("tablee=") && cookie.contains("HttpOnly"), "{cookie}");
    assert!(cookie.contains("SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    assert_eq!(answer.header("strict-transport-security"), "");
}

#[tokio::test]
async fn errors_speak_the_language_of_the_page_or_json() {
    let app = TestApp::start().await;

    let french = app.visitor().get("/nulle/part").await;
    let english = app.visitor().get("/nulle/part?lang=en").await;
    let program = app.visitor().get("/api/v1/nulle/part").await;

    assert!(french.body.contains("Cette page n’existe pas"), "{}", french.body);
    assert!(english.body.contains("There is no such page"), "{}", english.body);
    assert_eq!(program.header("content-type"), "application/problem+json");
    let problem: serde_json::Value = serde_json::from_str(&program.body).unwrap();
    assert_eq!((&problem["status"], &problem["code"]), (&404.into(), &"not-found".into()));
}

#[tokio::test]
async fn a_handler_that_panics_answers_like_any_other_failure() {
    let app = TestApp::start().await;
    let breaks = || async { Vec::<String>::new().pop().expect("the words of a cell") };
    let broken = axum::Router::new().route("/panne", axum::routing::get(breaks));
    let router = tablee::web::protected(broken, app.app.clone());

    let forms = crate::support::forms_of(&app.app);
    let answer = crate::support::Browser::new(router, "http://127.0.0.1:8080".to_owned(), forms)
        .get("/panne")
        .await;

    assert_eq!(answer.status, 500);
    assert!(answer.body.contains("Quelque chose"), "{}", answer.body);
    assert!(!answer.body.contains("the words of a cell"));
    carries_all(&answer, "a panic");
}

#[tokio::test]
async fn signing_out_on_https_makes_the_browser_forget_the_cookie() {
    let app = TestApp::start_with(|config| {
        config.server.public_url = Some(crate::support::address("https://tablee.example.org"));
    })
    .await;
    let mut lea = app.member("Léa").await;

    let answer = lea.post("/deconnexion", &[]).await;

    let lines: Vec<_> =
        answer.headers.get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert!(
        lines.iter().any(|line| line.contains("Max-Age=0") && line.contains("Secure")),
        "{lines:?}"
    );
}
