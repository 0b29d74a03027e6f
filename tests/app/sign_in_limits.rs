//! How often one may ask: a member's mailbox is nobody's weapon.

use tablee_domain::people::Role;

use crate::support::TestApp;

#[tokio::test]
async fn one_address_gets_five_mails_an_hour_however_many_are_asked() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;
    let other = app.db_person("Nour", Role::Member).await;

    for _ in 0..12 {
        assert_eq!(app.visitor().post("/connexion", &[("adresse", &email)]).await.status, 303);
    }
    app.visitor().post("/connexion", &[("adresse", &other)]).await;

    for _ in 0..5 {
        assert_eq!(app.mail().await.to, email);
    }
    assert_eq!(app.mail().await.to, other, "who asked too often is not answered, others are");
    app.clock.minutes_pass(61);
    app.visitor().post("/connexion", &[("adresse", &email)]).await;
    assert_eq!(app.mail().await.to, email);
}

#[tokio::test]
async fn one_place_asks_twenty_times_an_hour_and_is_told_when_to_come_back() {
    let app = TestApp::start().await;

    for number in 0..20 {
        let address = format!("personne{number}@exemple.fr");
        assert_eq!(app.visitor().post("/connexion", &[("adresse", &address)]).await.status, 303);
    }
    let refused = app.visitor().post("/connexion", &[("adresse", "autre@exemple.fr")]).await;

    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() <= 3_600);
    assert!(refused.body.contains("Trop de demandes"), "{}", refused.body);
    app.clock.minutes_pass(61);
    assert_eq!(
        app.visitor().post("/connexion", &[("adresse", "autre@exemple.fr")]).await.status,
        303
    );
}

#[tokio::test]
async fn a_forged_header_does_not_make_another_place() {
    let app = TestApp::start_with(|config| config.sign_in.askings_per_place = 2).await;

    let mut statuses = Vec::new();
    for number in 0..3 {
        let mut browser = app.visitor();
        let hop = format!("203.0.113.{number}");
        let origin = browser.origin().to_owned();
        let headers = [
            ("x-forwarded-for", hop.as_str()),
            ("origin", origin.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let body = format!("adresse=lea@exemple.fr&{}", browser.form_token());
        statuses.push(
            browser.send(axum::http::Method::POST, "/connexion", &headers, body).await.status,
        );
    }

    assert_eq!(statuses, [303, 303, 429]);
}

#[tokio::test]
async fn far_too_many_requests_of_any_kind_are_refused() {
    let app = TestApp::start_with(|config| {
        config.web.requests_per_second = 1;
        config.web.requests_burst = 3;
    })
    .await;

    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(app.visitor().get("/connexion").await.status);
    }

    assert_eq!(statuses, [200, 200, 200, 429, 429]);
}
