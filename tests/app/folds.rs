//! The optional questions of the form, folded away from whoever has five minutes.

use crate::pages::{db_rows, published};
use crate::proposing::{Form, opened};
use crate::support::{Answer, TestApp};

/// The lines of the folds, each with whether it is open.
fn folds(page: &Answer) -> Vec<(String, bool)> {
    let parts = page.body.split("<details class=\"fold\"").skip(1);
    let read = |part: &str| {
        let (tag, rest) = part.split_once('>').unwrap();
        let line = rest.split("<summary><span>").nth(1).unwrap().split('<').next().unwrap();
        (line.trim().to_owned(), tag.contains("open"))
    };
    parts.map(read).collect()
}

fn open(page: &Answer) -> Vec<String> {
    folds(page).into_iter().filter(|(_, is_open)| *is_open).map(|(line, _)| line).collect()
}

#[tokio::test]
async fn a_new_form_shows_what_must_be_answered_and_folds_the_rest_under_its_name() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();

    let page = visitor.get("/proposer").await;

    let lines: Vec<String> = folds(&page).into_iter().map(|(line, _)| line).collect();
    assert!(lines.contains(&"Format, durée, sessions, lieux…".to_owned()), "{lines:?}");
    assert!(open(&page).is_empty(), "{:?}", open(&page));
    assert_eq!(page.body.matches("(facultatif)").count(), lines.len());
    app.end().await;
}

#[tokio::test]
async fn a_fold_is_open_where_a_link_an_offer_or_a_mistake_has_something_in_it() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let mut offer = published("Débattre");
    offer.push(("methodes", "Théâtre-forum".into()));
    db_rows(&app, &[("d1", &offer)]).await;

    let linked = visitor.get("/proposer?cpf=oui").await;
    let corrected = visitor.get("/proposer?corriger=d1").await;
    let form = opened(&app, &mut visitor, "/proposer").await.set("effectif_min", "une poignée");
    let wrong = form.press(&mut visitor, "/proposer", "envoyer").await;
    let added = Form::on(&wrong, "proposition").set("effectif_min", "");
    let added = added.press(&mut visitor, "/proposer", "ajouter-tarifs").await;

    assert_eq!(open(&linked).len(), 1, "{:?}", open(&linked));
    assert!(open(&linked)[0].starts_with("Tarif"), "{:?}", open(&linked));
    assert!(open(&corrected).contains(&open_name(&corrected, "methodes")));
    assert_eq!(open(&wrong), [open_name(&wrong, "effectif_min")]);
    assert_eq!(open(&added), [open_name(&added, "tarifs-2")]);
    app.end().await;
}

/// The line of the fold in which a field stands.
fn open_name(page: &Answer, field: &str) -> String {
    let before = page.body.split(&format!("id=\"{field}\"")).next().unwrap();
    let at = before.matches("<details class=\"fold\"").count();
    folds(page)[at - 1].0.clone()
}
