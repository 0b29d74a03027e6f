//! What pilots do to a row from its page, and what the desk says of rows.

use tablee::site::SiteSettings;
use tablee_domain::ids::RowId;
use tablee_storage::confirmations;

use super::*;
use crate::history::MUD;

fn page_of(row: &str) -> String {
    format!("/atelier/ligne/{row}")
}

#[tokio::test]
async fn nobody_confirms_a_row_that_got_another_state_while_they_read_it() {
    let (app, _, mut lea) = two_offers().await;
    let form = opens(&mut lea, &page_of(WATER)).await;
    changes(&app, "Nour", WATER, "etat", "archivee").await;

    let late = presses(&mut lea, &page_of(WATER), &form, "confirmer", &[]).await;

    assert_eq!(late.status, 409);
    assert_eq!(cell(&app, WATER, "etat").await, "archivee".into());
    assert_eq!(cell(&app, WATER, "verifie_le").await, Plain::Null);
    app.end().await;
}

#[tokio::test]
async fn a_row_that_was_known_to_be_stale_is_published_again_by_whoever_confirms_it() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Léa", WATER, "etat", "a_mettre_a_jour").await;
    let form = opens(&mut lea, &page_of(WATER)).await;

    let answer = presses(&mut lea, &page_of(WATER), &form, "confirmer", &[]).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(cell(&app, WATER, "etat").await, "publiee".into());
    assert_eq!(cell(&app, WATER, "verifie_le").await, "2026-11-23".into());
    let table = app.app.rooms.open("formations").await.unwrap().table();
    let mut tx = app.app.store.read().await.unwrap();
    let said = confirmations::latest(&mut tx, table, &RowId::new(WATER).unwrap()).await.unwrap();
    drop(tx);
    let (lea_id, _) = db_who(&app, "Léa").await;
    assert_eq!(said.and_then(|said| said.by), Some(lea_id), "who said so is remembered");
    app.end().await;
}

#[tokio::test]
async fn what_was_put_aside_is_put_back_by_a_button() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Léa", MUD, "etat", "a_verifier").await;
    let form = opens(&mut lea, &page_of(MUD)).await;
    presses(&mut lea, &page_of(MUD), &form, "plus-tard", &[]).await;
    let form = opens(&mut lea, &page_of(MUD)).await;

    let back = presses(&mut lea, &page_of(MUD), &form, "remettre", &[]).await;

    assert_eq!(back.status, 303, "{}", back.body);
    assert!(lea.get("/atelier?quoi=a-verifier").await.body.contains(&page_of(MUD)));
    assert!(!lea.get("/atelier?quoi=plus-tard").await.body.contains(&page_of(MUD)));
    app.end().await;
}

#[tokio::test]
async fn the_desk_asks_about_an_offer_once_it_is_older_than_the_association_allows() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Léa", WATER, "url", "https://orage.example/eau").await;
    changes(&app, "Léa", WATER, "verifie_le", "2026-08-23").await;
    let before = lea.get("/atelier").await.body;

    let (edition, person) = (app.app.site.edition(), db_who(&app, "Léa").await.0);
    let settings = SiteSettings { stale_after_months: 2, ..(*edition.settings).clone() };
    let by = (person, app.app.clock.now());
    app.app.site.set(by, edition.settings_version, settings).await.unwrap();
    let after = lea.get("/atelier").await.body;

    assert!(!before.contains(&page_of(WATER)), "three months are nothing: {before}");
    assert!(after.contains(&page_of(WATER)), "they are where two are the limit: {after}");
    app.end().await;
}
