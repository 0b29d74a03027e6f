//! Two rows made one, told apart, and parted again.

use tablee_domain::ids::{Revision, RowId};
use tablee_storage::merges;

use super::*;
use crate::history::MUD;

const PAIR: &str = "/atelier/doublons/boue000000000000/eau0000000000000";

/// Two rows that tell of one offer, each with words of its own.
async fn two_of_one() -> (TestApp, Browser) {
    let (app, _, lea) = two_offers().await;
    changes(&app, "Nour", MUD, "intitule", "Dialoguer autour de l'eau !").await;
    changes(&app, "Nour", MUD, "prerequis", "Aucun").await;
    changes(&app, "Nour", MUD, "themes/eau", true).await;
    changes(&app, "Nour", WATER, "themes/climat", true).await;
    changes(&app, "Nour", WATER, "url", "https://orage.example/eau").await;
    (app, lea)
}

async fn redirect(app: &TestApp, row: &str) -> Option<RowId> {
    let table = app.app.rooms.open("formations").await.unwrap().table();
    let mut tx = app.app.store.read().await.unwrap();
    merges::redirect_of(&mut tx, table, &RowId::new(row).unwrap()).await.unwrap()
}

async fn said(app: &TestApp, row: &str) -> Vec<String> {
    let all = rows(app).await;
    let row = all.iter().find(|known| known.id.as_str() == row).unwrap();
    row.cells.iter().map(|(column, value)| format!("{column}: {value:?}")).collect()
}

#[tokio::test]
async fn two_rows_become_one_with_what_each_said_and_the_address_of_the_other_leads_there() {
    let (app, mut lea) = two_of_one().await;
    let list = lea.get("/atelier?quoi=doublons").await.body;
    assert!(list.contains(PAIR), "{list}");

    let form = opens(&mut lea, PAIR).await;
    let answer = presses(&mut lea, PAIR, &form, "fusionner", &[("garder", WATER)]).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(answer.header("location").starts_with("/atelier/fusions/"));
    let themes = cell(&app, WATER, "themes").await;
    let themes: Vec<&String> = themes.as_map().unwrap().keys().collect();
    assert_eq!(themes, ["climat", "eau"]);
    assert_eq!(cell(&app, WATER, "prerequis").await, "Aucun".into());
    assert_eq!(cell(&app, WATER, "url").await, "https://orage.example/eau".into());
    assert_eq!(cell(&app, MUD, "etat").await, "archivee".into());
    assert_eq!(redirect(&app, MUD).await.unwrap().as_str(), WATER);
    assert!(!lea.get("/atelier?quoi=doublons").await.body.contains(PAIR));
    app.end().await;
}

#[tokio::test]
async fn a_pilot_picks_field_by_field_which_words_stay() {
    let (app, mut lea) = two_of_one().await;
    let form = opens(&mut lea, PAIR).await;
    // The first of the page is the smaller word: MUD.
    let title = format!("choix-{}", number(&form, "intitule"));
    let themes = format!("choix-{}", number(&form, "themes"));

    let typed = [("garder", WATER), (&title, "un"), (&themes, "deux"), ("partie", "corbeille")];
    let answer = presses(&mut lea, PAIR, &form, "fusionner", &typed).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(cell(&app, WATER, "intitule").await, "Dialoguer autour de l'eau !".into());
    let kept = cell(&app, WATER, "themes").await;
    assert_eq!(kept.as_map().unwrap().keys().collect::<Vec<_>>(), ["climat"]);
    let all = rows(&app).await;
    assert!(all.iter().any(|row| row.id.as_str() == MUD && row.deleted));
    app.end().await;
}

#[tokio::test]
async fn parted_rows_say_again_what_they_said_but_for_what_others_wrote_since() {
    let (app, mut lea) = two_of_one().await;
    let before = said(&app, MUD).await;
    let form = opens(&mut lea, PAIR).await;
    let merged = presses(&mut lea, PAIR, &form, "fusionner", &[("garder", WATER)]).await;
    let page = merged.header("location").to_owned();
    changes(&app, "Nour", WATER, "prerequis", "Aucun, vraiment").await;

    let parted = lea.post(&page, &[]).await;

    assert_eq!(parted.status, 200, "{}", parted.body);
    assert!(parted.body.contains("Fusion annulée") && parted.body.contains("Prérequis"));
    assert_eq!(said(&app, MUD).await, before);
    assert_eq!(cell(&app, WATER, "prerequis").await, "Aucun, vraiment".into());
    let themes = cell(&app, WATER, "themes").await;
    assert_eq!(themes.as_map().unwrap().keys().collect::<Vec<_>>(), ["climat"]);
    assert_eq!(redirect(&app, MUD).await, None);
    assert_eq!(lea.post(&page, &[]).await.status, 404, "once");
    app.end().await;
}

#[tokio::test]
async fn rows_that_moved_meanwhile_are_shown_again_and_nothing_is_written() {
    let (app, mut lea) = two_of_one().await;
    let form = opens(&mut lea, PAIR).await;
    changes(&app, "Nour", MUD, "organisme", "Autre maison").await;
    let before = (said(&app, MUD).await, said(&app, WATER).await);

    let answer = presses(&mut lea, PAIR, &form, "fusionner", &[("garder", WATER)]).await;

    assert_eq!(answer.status, 409);
    assert!(answer.body.contains("Autre maison"), "{}", answer.body);
    assert_eq!((said(&app, MUD).await, said(&app, WATER).await), before);
    assert_eq!(redirect(&app, MUD).await, None);
    app.end().await;
}

#[tokio::test]
async fn two_that_are_no_duplicates_are_never_asked_about_again() {
    let (app, mut lea) = two_of_one().await;
    let form = opens(&mut lea, PAIR).await;

    let answer = presses(&mut lea, PAIR, &form, "distinctes", &[]).await;

    assert_eq!(answer.status, 303);
    assert!(!lea.get("/atelier?quoi=doublons").await.body.contains(PAIR));
    let row = lea.get(&format!("/atelier/ligne/{WATER}")).await.body;
    assert!(!row.contains("/atelier/doublons/"), "{row}");
    assert_eq!(rows(&app).await.len(), 2);
    app.end().await;
}

#[tokio::test]
async fn two_that_were_told_apart_by_a_slip_are_asked_about_again_by_one_button() {
    let (app, mut lea) = two_of_one().await;
    let form = opens(&mut lea, PAIR).await;
    let apart = presses(&mut lea, PAIR, &form, "distinctes", &[]).await;
    let list = apart.header("location").to_owned();
    let told = lea.get(&list).await.body;
    assert!(
        told.contains("Ce ne sont pas des doublons")
            && told.contains(&format!("action=\"{PAIR}\""))
    );

    let undone = presses(&mut lea, PAIR, &[], "annuler", &[]).await;

    assert_eq!(undone.status, 303, "{}", undone.body);
    let after = undone.header("location").to_owned();
    assert!(lea.get(&after).await.body.contains("restent un doublon possible"));
    assert!(lea.get("/atelier?quoi=doublons").await.body.contains(PAIR));
    app.end().await;
}

#[tokio::test]
async fn a_row_is_published_confirmed_or_put_aside_on_the_state_that_was_seen() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Léa", MUD, "etat", "a_verifier").await;
    let address = format!("/atelier/ligne/{MUD}");
    let form = opens(&mut lea, &address).await;
    assert!(lea.get("/atelier?quoi=a-verifier").await.body.contains(&address));

    let aside = presses(&mut lea, &address, &form, "plus-tard", &[]).await;
    assert_eq!(aside.status, 303);
    assert!(!lea.get("/atelier?quoi=a-verifier").await.body.contains(&address));
    assert!(lea.get("/atelier?quoi=plus-tard").await.body.contains(&address));
    app.clock.days_pass(8);
    assert!(lea.get("/atelier?quoi=a-verifier").await.body.contains(&address), "it comes back");

    let lacking = presses(&mut lea, &address, &form, "publier", &[]).await;
    assert_eq!(lacking.status, 422, "nothing is published that nobody can reach");
    changes(&app, "Léa", MUD, "url", "https://orage.example/boue").await;
    let published = presses(&mut lea, &address, &form, "publier", &[]).await;
    assert_eq!(published.status, 303, "{}", published.body);
    assert_eq!(cell(&app, MUD, "etat").await, "publiee".into());
    assert_eq!(cell(&app, MUD, "verifie_le").await, "2026-12-01".into());
    let late = presses(&mut lea, &address, &form, "archiver", &[]).await;
    assert_eq!((late.status, cell(&app, MUD, "etat").await), (409, "publiee".into()));
    app.end().await;
}

/// What a program keeps of a merge that it could not write.
async fn db_kept_and_not_written(app: &TestApp, cells: &str) -> i64 {
    let after = app.app.rooms.values("formations").await.unwrap().revision;
    let table = app.app.rooms.open("formations").await.unwrap().table();
    let (lea, _) = db_who(app, "Léa").await;
    let (keep, gone) = (RowId::new(WATER).unwrap(), RowId::new(MUD).unwrap());
    let words = format!(r#"{{"goes":"archive","cells":{cells},"after":{}}}"#, after.get());
    let new = merges::NewMerge {
        keep: &keep,
        gone: &gone,
        revision: Revision(0),
        by: Some(lea),
        cells: &words,
    };
    let mut tx = app.app.store.begin().await.unwrap();
    let id = merges::add(&mut tx, table, &new, app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

const TAKEN: &str = r#"[{"key":"prerequis","seen":null,"result":"Aucun"}]"#;

#[tokio::test]
async fn a_merge_that_was_kept_and_not_written_is_written_by_whoever_looks_at_the_desk() {
    let (app, mut lea) = two_of_one().await;
    db_kept_and_not_written(&app, TAKEN).await;
    assert_eq!(cell(&app, MUD, "etat").await, "publiee".into());

    let list = lea.get("/atelier").await;

    assert_eq!(list.status, 200);
    assert_eq!(cell(&app, MUD, "etat").await, "archivee".into());
    assert_eq!(cell(&app, WATER, "prerequis").await, "Aucun".into());
    assert!(!list.body.contains(PAIR), "{}", list.body);
    app.end().await;
}

#[tokio::test]
async fn a_merge_that_was_kept_and_not_written_is_written_when_it_is_asked_for_again() {
    let (app, mut lea) = two_of_one().await;
    let form = opens(&mut lea, PAIR).await;
    let kept = db_kept_and_not_written(&app, TAKEN).await;

    let answer = presses(&mut lea, PAIR, &form, "fusionner", &[("garder", WATER)]).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(answer.header("location"), format!("/atelier/fusions/{kept}"));
    assert_eq!(cell(&app, MUD, "etat").await, "archivee".into());
    assert_eq!(cell(&app, WATER, "prerequis").await, "Aucun".into());
    app.end().await;
}

#[tokio::test]
async fn a_kept_merge_of_rows_that_changed_since_is_given_up_and_may_be_asked_for_anew() {
    let (app, mut lea) = two_of_one().await;
    db_kept_and_not_written(&app, TAKEN).await;
    changes(&app, "Nour", WATER, "prerequis", "Savoir nager").await;
    let form = opens(&mut lea, PAIR).await;

    let first = presses(&mut lea, PAIR, &form, "fusionner", &[("garder", WATER)]).await;
    let again = super::form(&first.body);
    let second = presses(&mut lea, PAIR, &again, "fusionner", &[("garder", WATER)]).await;

    assert_eq!((first.status, second.status), (409, 303), "{}", second.body);
    let both = cell(&app, WATER, "prerequis").await;
    assert!(both.as_text().unwrap().contains("Savoir nager"), "{both:?}");
    assert_eq!(cell(&app, MUD, "etat").await, "archivee".into());
    app.end().await;
}

#[tokio::test]
async fn after_parting_the_address_of_each_row_answers_again_and_no_browser_kept_the_way_between() {
    let (app, mut lea) = two_of_one().await;
    let address = format!("/formations/dialoguer-autour-de-l-eau-{MUD}");
    assert_eq!(app.visitor().get(&address).await.status, 200);
    let form = opens(&mut lea, PAIR).await;
    let merged = presses(&mut lea, PAIR, &form, "fusionner", &[("garder", WATER)]).await;

    let leads = app.visitor().get(&address).await;
    assert_eq!(lea.post(merged.header("location"), &[]).await.status, 200);
    let parted = app.visitor().get(&address).await;

    assert_eq!(leads.status, 307, "for now, and not for ever");
    assert_eq!(leads.header("cache-control"), "no-store");
    assert!(leads.header("location").ends_with(WATER), "{}", leads.header("location"));
    assert_eq!(parted.status, 200);
    app.end().await;
}

#[tokio::test]
async fn the_own_words_of_a_row_that_goes_are_kept_by_the_one_that_stays() {
    let (app, mut lea) = two_of_one().await;
    changes(&app, "Nour", MUD, "lieux~said", "partout en Bretagne").await;
    changes(&app, "Nour", WATER, "duree_heures~said", "deux jours pleins").await;
    let form = opens(&mut lea, PAIR).await;

    let answer = presses(&mut lea, PAIR, &form, "fusionner", &[("garder", WATER)]).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    let all = rows(&app).await;
    let kept = all.iter().find(|row| row.id.as_str() == WATER).unwrap();
    let said: Vec<&str> = kept.said.values().map(String::as_str).collect();
    assert_eq!(said, ["deux jours pleins", "partout en Bretagne"]);
    app.end().await;
}
