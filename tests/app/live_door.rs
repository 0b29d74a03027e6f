//! The door of the live table: who comes in, and who must leave.

use tablee_domain::people::Role;

use crate::support::{Browser, Tab, TabRefused, TestApp};

async fn tab_of(
    app: &TestApp,
    browser: &Browser,
    more: &[(&'static str, &str)],
) -> Result<Tab, TabRefused> {
    let cookie = browser.cookie();
    let mut headers = vec![("cookie", cookie.as_str())];
    headers.extend(more);
    headers.retain(|(_, value)| !value.is_empty());
    Tab::open(app.listens().await, "/live/formations", &headers).await
}

fn refused(status: u16) -> TabRefused {
    TabRefused { status }
}

#[tokio::test]
async fn only_people_who_are_signed_in_come_into_a_table_that_is_there() {
    let app = TestApp::start().await;
    let (member, pilot) = (app.member("Nour").await, app.pilot("Léa").await);
    let mut forged = app.visitor();
    forged.takes_cookie("tablee", "AAAAAAAAAAAAAAAAAAAAAA");
    let mut only_asked = app.visitor();
    only_asked.post("/connexion", &[("adresse", "x@exemple.fr")]).await;
    let cookie = member.cookie();
    let unknown =
        Tab::open(app.listens().await, "/live/inconnue", &[("cookie", cookie.as_str())]).await;

    assert_eq!(unknown.err().unwrap(), refused(404));
    for stranger in [&app.visitor(), &forged, &only_asked] {
        assert_eq!(tab_of(&app, stranger, &[]).await.err().unwrap(), refused(401));
    }
    for person in [&member, &pilot] {
        let mut tab = tab_of(&app, person, &[]).await.unwrap();
        assert!(tab.next().await.is_some(), "the server speaks first");
    }
}

#[tokio::test]
async fn a_page_of_another_site_does_not_come_in_with_a_members_cookie() {
    let app = TestApp::start().await;
    let nour = app.member("Nour").await;

    for foreign in ["null", "http://evil.example", "https://127.0.0.1:8080", "http://127.0.0.1:1"] {
        assert_eq!(
            tab_of(&app, &nour, &[("origin", foreign)]).await.err().unwrap(),
            refused(403),
            "{foreign}"
        );
    }
    assert!(tab_of(&app, &nour, &[("origin", "http://127.0.0.1:8080")]).await.is_ok());
    assert!(tab_of(&app, &nour, &[]).await.is_ok(), "no Origin at all is no browser");
}

#[tokio::test]
async fn our_tabs_and_stock_tabs_are_told_apart_by_the_subprotocol() {
    let app = TestApp::start().await;
    let nour = app.member("Nour").await;

    let mut ours = tab_of(&app, &nour, &[("sec-websocket-protocol", "tablee.v1")]).await.unwrap();
    let mut stock = tab_of(&app, &nour, &[]).await.unwrap();

    assert_eq!(ours.next().await.unwrap()[0], 100, "hello comes first");
    assert_eq!(stock.next().await.unwrap()[..2], [0, 0], "sync step 1 comes first");
}

#[tokio::test]
async fn a_tab_ends_when_its_person_signs_out_elsewhere() {
    let app = TestApp::start().await;
    let mut nour = app.member("Nour").await;
    let mut tab = tab_of(&app, &nour, &[]).await.unwrap();
    tab.next().await;

    nour.post("/deconnexion", &[]).await;

    assert_eq!(tab.closed_with().await, Some(4401));
}

#[tokio::test]
async fn a_tab_ends_when_its_person_or_role_goes_although_another_process_did_it() {
    let app = TestApp::start().await;
    let (nour, lea) = (app.member("Nour").await, app.pilot("Léa").await);
    let mut removed = tab_of(&app, &nour, &[]).await.unwrap();
    let mut lowered = tab_of(&app, &lea, &[]).await.unwrap();
    removed.next().await;
    lowered.next().await;

    app.db_removes("nour@exemple.fr").await;
    app.db_gives_role("léa@exemple.fr", Role::Member).await;
    let codes = (removed.closed_with().await, lowered.closed_with().await);

    assert_eq!(codes, (Some(4401), Some(1012)));
    assert_eq!(tab_of(&app, &nour, &[]).await.err().unwrap(), refused(401));
    assert!(tab_of(&app, &lea, &[]).await.is_ok());
}

#[tokio::test]
async fn a_stop_tells_tabs_to_come_back() {
    let app = TestApp::start().await;
    let nour = app.member("Nour").await;
    let mut tab = tab_of(&app, &nour, &[]).await.unwrap();
    tab.next().await;

    let ((), code) = tokio::join!(app.end(), tab.closed_with());

    assert_eq!(code, Some(1012));
}

#[tokio::test]
async fn a_request_that_is_no_socket_is_told_so() {
    let app = TestApp::start().await;
    let mut nour = app.member("Nour").await;

    let answer = nour.get("/live/formations").await;

    assert!((400..500).contains(&answer.status), "{}", answer.status);
}

#[tokio::test]
async fn a_tab_ends_when_its_browser_signs_in_as_somebody_else() {
    let app = TestApp::start().await;
    let mut browser = app.member("Nour").await;
    let mut tab = tab_of(&app, &browser, &[]).await.unwrap();
    tab.next().await;

    let email = app.db_person("Léa", Role::Pilot).await;
    browser.post(&app.link_for(&email).await, &[]).await;

    assert_eq!(tab.closed_with().await, Some(4401));
}

#[tokio::test]
async fn a_message_larger_than_we_take_ends_the_socket() {
    let app = TestApp::start().await;
    let nour = app.member("Nour").await;
    let mut tab = tab_of(&app, &nour, &[]).await.unwrap();
    tab.next().await;

    let code = tab.closed_while_sending(vec![0; 5 << 20]).await;

    assert_eq!(code, Some(4413));
    assert!(tab_of(&app, &nour, &[]).await.is_ok(), "others are served on");
}
