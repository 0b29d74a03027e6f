//! Whoever proposed an offer owns the row that came of it, in tables that are open too.

use tablee::config::WhoseRows;
use tablee_domain::people::Role;

use super::*;
use crate::support::Tab;

/// A tab of ours asks for the text of a cell, which only whoever may write there gets.
async fn asks_for_a_text(tab: &mut Tab, row: &RowId) -> Value {
    let says = json!({ "type": "make-text", "row": row, "column": "resume" }).to_string();
    let length = u8::try_from(says.len()).unwrap();
    assert!(length < 128, "one byte of length");
    tab.send([&[100, length], says.as_bytes()].concat()).await;
    loop {
        let frame = tab.next().await.expect("an answer");
        let Some(at) = frame.iter().position(|byte| *byte == b'{').filter(|_| frame[0] == 100)
        else {
            continue;
        };
        let said: Value = serde_json::from_slice(&frame[at..]).unwrap();
        if said["row"] == json!(row) {
            return said;
        }
    }
}

#[tokio::test]
async fn a_member_may_write_in_their_accepted_offer_in_the_tab_that_was_open_before() {
    let app = TestApp::start_with(|config| config.people.members_edit = WhoseRows::Own).await;
    let (nour, zoe) = (app.member("Nour").await, app.person("Zoé", Role::Member).await);
    let mut lea = app.pilot("Léa").await;
    let mut tabs = Vec::new();
    for browser in [&nour, &zoe] {
        let cookie = browser.cookie();
        let headers = [("cookie", cookie.as_str()), ("sec-websocket-protocol", "tablee.v1")];
        let mut tab = Tab::open(app.listens().await, "/live/formations", &headers).await.unwrap();
        tab.next().await;
        tabs.push(tab);
    }
    let id = a_new_offer(&app, "Une offre de Nour").await;

    assert_eq!(decides(&mut lea, id, "publier", &[]).await.status, 303);

    let row = found(&app, id).await.row.unwrap();
    let hers = asks_for_a_text(&mut tabs[0], &row).await;
    let anothers = asks_for_a_text(&mut tabs[1], &row).await;
    assert_eq!(hers["type"], "text-made", "{hers}");
    assert_eq!(anothers["key"], "make-text-refused", "{anothers}");
    drop(tabs);
    app.end().await;
}

#[tokio::test]
async fn whoever_corrects_an_offer_does_not_come_to_own_it() {
    let (app, mut nour, mut lea) = two_offers().await;
    let before = "Dialoguer autour de l'eau";
    let id = a_correction(&app, &[("intitule", before, "Dialoguer sur l'eau")]).await;

    assert_eq!(decides(&mut lea, id, "accepter", &[]).await.status, 303);

    assert_eq!(nour.get(&format!("/mes-offres/{WATER}")).await.status, 403);
    app.end().await;
}
