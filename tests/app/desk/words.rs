//! What pilots typed comes back where nothing was done, and authors read why.

use super::*;
use crate::history::MUD;

const PAIR: &str = "/atelier/doublons/boue000000000000/eau0000000000000";
const TOO_OLD: &str = "Cette page était ouverte depuis trop longtemps";

#[tokio::test]
async fn reasons_sent_from_a_page_that_is_too_old_come_back_as_they_were_typed() {
    let (app, _, mut lea) = two_offers().await;

    let typed = [
        ("jeton", "vieux"),
        ("nom", "Trop tard"),
        ("mots", "La session est passée."),
        ("nom", "Ailleurs"),
        ("mots", "Elle se donne au Québec."),
    ];
    let answer = lea.post("/atelier/motifs", &typed).await;

    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("value=\"Ailleurs\""), "{}", answer.body);
    assert!(answer.body.contains(">Elle se donne au Québec.</textarea>"));
    assert_eq!(answer.body.matches("name=\"nom\"").count(), 5);
    assert!(answer.body.contains("role=\"alert\"") && answer.body.contains("name=\"jeton\""));
    assert!(!lea.get("/atelier/motifs").await.body.contains("Québec"), "nothing was kept");
    app.end().await;
}

#[tokio::test]
async fn a_merge_sent_from_a_page_that_is_too_old_comes_back_as_it_was_ticked() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Nour", MUD, "intitule", "Dialoguer autour de l'eau !").await;
    let form = opens(&mut lea, PAIR).await;
    let title = format!("choix-{}", number(&form, "intitule"));

    let ticked = [("jeton", "vieux"), ("garder", WATER), (&title, "un"), ("partie", "corbeille")];
    let answer = presses(&mut lea, PAIR, &form, "fusionner", &ticked).await;

    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("role=\"alert\""), "{}", answer.body);
    let again = super::form(&answer.body);
    for (name, value) in &ticked[1..] {
        assert!(again.contains(&((*name).to_owned(), (*value).to_owned())), "{name}: {again:?}");
    }
    assert_eq!(rows(&app).await.iter().filter(|row| !row.deleted).count(), 2);
    let answer = presses(&mut lea, PAIR, &again, "fusionner", &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(cell(&app, WATER, "intitule").await, "Dialoguer autour de l'eau !".into());
    app.end().await;
}

#[tokio::test]
async fn a_row_whose_page_is_too_old_is_shown_again_and_keeps_its_state() {
    let (app, _, mut lea) = two_offers().await;
    let address = format!("/atelier/ligne/{WATER}");
    let form = opens(&mut lea, &address).await;

    let answer = presses(&mut lea, &address, &form, "archiver", &[("jeton", "vieux")]).await;

    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("role=\"alert\""), "{}", answer.body);
    assert!(answer.body.contains("value=\"archiver\""), "the page itself, with its buttons");
    assert!(!answer.body.contains(&format!("<h1>{TOO_OLD}")));
    assert_eq!(cell(&app, WATER, "etat").await, "publiee".into());
    app.end().await;
}

#[tokio::test]
async fn a_merged_pair_whose_page_is_too_old_stays_merged_and_its_page_says_so() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Nour", MUD, "intitule", "Dialoguer autour de l'eau !").await;
    let form = opens(&mut lea, PAIR).await;
    let merged = presses(&mut lea, PAIR, &form, "fusionner", &[("garder", WATER)]).await;
    let page = merged.header("location").to_owned();

    let answer = lea.post(&page, &[("jeton", "vieux")]).await;

    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("Séparer de nouveau"), "{}", answer.body);
    assert!(answer.body.contains("role=\"alert\""));
    assert_eq!(cell(&app, MUD, "etat").await, "archivee".into());
    app.end().await;
}

/// Two suggestions of Nour, of which Léa takes the first only. Gives the one that she leaves.
async fn takes_one_of_two(app: &TestApp, lea: &mut Browser, typed: &[(&str, &str)]) -> Proposal {
    let set = |key, value| json!({ "what": "set", "key": key, "value": value, "before": null });
    let hours = a_suggestion(app, set("duree_heures", json!(7.0))).await;
    let theme = a_suggestion(app, set("themes/eau", json!(true))).await;
    let form = opens(lea, &path(hours)).await;
    let leaves = format!("choix-{}", number(&form, "themes/eau"));
    let typed = [typed, &[(leaves.as_str(), "refuser")]].concat();

    let answer = presses(lea, &path(hours), &form, "accepter", &typed).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    found(app, theme).await
}

#[tokio::test]
async fn the_author_of_a_suggestion_that_was_left_out_reads_the_reason_that_was_typed() {
    let (app, mut nour, mut lea) = two_offers().await;

    let typed = [("motif-mots", "L'eau n'est pas son thème.")];
    let left = takes_one_of_two(&app, &mut lea, &typed).await;

    assert_eq!(left.state, State::Refused);
    assert_eq!(left.reason.as_deref(), Some("L'eau n'est pas son thème."));
    app.clock.minutes_pass(11);
    let page = nour.get(&format!("/mes-offres/propositions/{}", left.receipt)).await.body;
    assert!(page.contains("L&#39;eau n&#39;est pas son thème."), "{page}");
    app.end().await;
}

#[tokio::test]
async fn where_no_reason_was_typed_the_author_reads_that_the_value_was_kept() {
    let (app, _, mut lea) = two_offers().await;

    let left = takes_one_of_two(&app, &mut lea, &[]).await;

    assert_eq!(left.state, State::Refused);
    assert_eq!(left.reason.as_deref(), Some("Un pilote a gardé la valeur actuelle."));
    app.end().await;
}

#[tokio::test]
async fn reasons_in_one_language_stay_while_those_of_the_other_are_written() {
    let (app, _, mut lea) = two_offers().await;
    let french = [("nom", "Trop tard"), ("mots", "La session est passée.")];
    let english = [("nom", "Too late"), ("mots", "The session is over.")];

    assert_eq!(lea.post("/atelier/motifs", &french).await.status, 303);
    assert_eq!(lea.post("/atelier/motifs?lang=en", &english).await.status, 303);

    let (french, english) =
        (lea.get("/atelier/motifs").await.body, lea.get("/atelier/motifs?lang=en").await.body);
    assert!(french.contains("La session est passée.") && !french.contains("is over"), "{french}");
    assert!(english.contains("The session is over.") && !english.contains("passée"), "{english}");
    app.end().await;
}
