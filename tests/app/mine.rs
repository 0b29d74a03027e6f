//! One's own offers: sessions kept current, "still right", publishing, archiving.

use tablee::site::{MembersPublish, SiteSettings};
use tablee_domain::ids::RowId;
use tablee_storage::proposals::State;
use tablee_storage::{confirmations, owners};

use crate::history::{cell, db_who};
use crate::pages::{db_rows, published};
use crate::proposing::{Form, db_proposals, db_writes, opened, proposes, six};
use crate::support::{Browser, TestApp};

/// Nour, with one published offer of hers and one of somebody else's.
async fn one_own_offer() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    db_rows(&app, &[("o1", &published("Débattre")), ("o2", &published("Autre"))]).await;
    let nour = app.member("Nour").await;
    let (person, _) = db_who(&app, "Nour").await;
    let table = app.app.rooms.open("formations").await.unwrap().table();
    let mut tx = app.app.store.begin().await.unwrap();
    owners::set(&mut tx, table, &RowId::new("o1").unwrap(), person).await.unwrap();
    tx.commit().await.unwrap();
    (app, nour)
}

async fn publish_at_once(app: &TestApp) {
    let (edition, person) = (app.app.site.edition(), db_who(app, "Nour").await.0);
    let settings =
        SiteSettings { members_publish: MembersPublish::AtOnce, ..(*edition.settings).clone() };
    let by = (person, app.app.clock.now());
    app.app.site.set(by, edition.settings_version, settings).await.unwrap();
}

#[tokio::test]
async fn a_member_sees_their_own_offers_and_no_others() {
    let (app, mut nour) = one_own_offer().await;

    let list = nour.get("/mes-offres").await;

    assert!(list.body.contains("Débattre") && !list.body.contains(">Autre<"), "{}", list.body);
    assert_eq!(nour.get("/mes-offres/o1").await.status, 200);
    assert_eq!(nour.get("/mes-offres/o2").await.status, 403);
    assert_eq!(nour.post("/mes-offres/o2", &[("action", "archiver-oui")]).await.status, 403);
    assert_eq!(nour.get("/mes-offres/o9").await.status, 404);
    assert_eq!(app.visitor().get("/mes-offres").await.status, 401);
    app.end().await;
}

#[tokio::test]
async fn sessions_are_kept_line_by_line_beside_what_others_write() {
    let (app, mut nour) = one_own_offer().await;
    let form = Form::on(&nour.get("/mes-offres/o1").await, "sessions");
    let form = form.set("sessions", "du 12 au 14 mars 2027, Grenoble");

    let saved = form.press(&mut nour, "/mes-offres/o1", "sessions").await;
    let page = nour.get("/mes-offres/o1").await;
    let mine = Form::on(&page, "sessions").add("sessions", "3 mai 2027, Lyon");
    let theirs = Form::on(&page, "sessions").set("sessions", "");
    let second = mine.press(&mut nour, "/mes-offres/o1", "sessions").await;
    let emptied = theirs.press(&mut nour, "/mes-offres/o1", "sessions").await;

    assert_eq!((saved.status, second.status), (303, 303), "{}", saved.body);
    assert!(page.body.contains("Grenoble"), "{}", page.body);
    assert_eq!(emptied.status, 303, "{}", emptied.body);
    let kept = cell(&app, "o1", "sessions").await;
    let kept = format!("{kept:?}");
    assert!(
        !kept.contains("2027-03-12") && kept.contains("2027-05-03"),
        "one went, the other stays: {kept}"
    );
    let history = nour.get("/historique?row=o1").await;
    assert!(history.body.contains("Nour"), "in their name");
    app.end().await;
}

#[tokio::test]
async fn a_line_more_comes_without_script_and_a_line_not_understood_is_kept_in_words() {
    let (app, mut nour) = one_own_offer().await;
    let form =
        Form::on(&nour.get("/mes-offres/o1").await, "sessions").set("sessions", "3 mai 2027");

    let more = form.press(&mut nour, "/mes-offres/o1", "ajouter-sessions").await;

    assert_eq!(more.status, 200);
    assert_eq!(Form::on(&more, "sessions").all("sessions"), ["3 mai 2027", ""]);
    assert!(cell(&app, "o1", "sessions").await.is_empty(), "nothing was saved");
    app.end().await;
}

#[tokio::test]
async fn still_right_is_one_button_and_makes_the_offer_fresh() {
    let (app, mut nour) = one_own_offer().await;

    let before = nour.get("/mes-offres").await;
    let said = nour.post("/mes-offres/o1", &[("action", "toujours")]).await;
    let after = nour.get(said.header("location")).await;

    assert!(before.body.contains("Jamais confirmée"), "{}", before.body);
    assert_eq!(said.status, 303);
    assert!(
        after.body.contains("Vous l’avez confirmée le") && after.body.contains("À jour."),
        "{}",
        after.body
    );
    assert_eq!(cell(&app, "o1", "verifie_le").await, "2026-11-23".into());
    let mut tx = app.app.store.read().await.unwrap();
    let table = app.app.rooms.open("formations").await.unwrap().table();
    let said = confirmations::latest(&mut tx, table, &RowId::new("o1").unwrap()).await.unwrap();
    assert!(said.is_some_and(|said| said.by.is_some()));
    drop(tx);
    app.end().await;
}

#[tokio::test]
async fn an_offer_is_archived_after_a_question_and_leaves_the_catalogue() {
    let (app, mut nour) = one_own_offer().await;

    let asks = nour.post("/mes-offres/o1", &[("action", "archiver")]).await;
    assert_eq!(cell(&app, "o1", "etat").await, "publiee".into());
    let done = nour.post("/mes-offres/o1", &[("action", "archiver-oui")]).await;

    assert!(asks.status == 200 && asks.body.contains("archiver-oui"), "{}", asks.body);
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(cell(&app, "o1", "etat").await, "archivee".into());
    assert_eq!(app.visitor().get("/formations/debattre-o1").await.status, 410);
    app.end().await;
}

#[tokio::test]
async fn members_publish_their_own_only_where_the_association_says_so() {
    let (app, mut nour) = one_own_offer().await;
    db_writes(&app, "o1", "etat", "brouillon").await;

    let page = nour.get("/mes-offres/o1").await;
    let refused = nour.post("/mes-offres/o1", &[("action", "publier")]).await;
    publish_at_once(&app).await;
    let lacking = nour.post("/mes-offres/o1", &[("action", "publier")]).await;
    db_writes(&app, "o1", "url", "https://exemple.fr/debattre").await;
    let open = nour.get("/mes-offres/o1").await;
    let done = nour.post("/mes-offres/o1", &[("action", "publier")]).await;

    assert!(
        !page.body.contains("value=\"publier\"") && page.body.contains("la relit et la publie")
    );
    assert_eq!((refused.status, lacking.status), (409, 409));
    assert!(lacking.body.contains("complétez d’abord"), "{}", lacking.body);
    assert!(open.body.contains("value=\"publier\""), "{}", open.body);
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(cell(&app, "o1", "etat").await, "publiee".into());
    app.end().await;
}

#[tokio::test]
async fn a_new_offer_of_a_member_is_published_at_once_where_the_association_says_so() {
    let (app, mut nour) = one_own_offer().await;
    let form = six(opened(&app, &mut nour, "/proposer").await);
    let reviewed = form.press(&mut nour, "/proposer", "envoyer").await;
    publish_at_once(&app).await;
    let form = opened(&app, &mut nour, "/proposer").await;
    let form =
        six(form).set("intitule", "Écouter avant de décider").set("url", "https://exemple.fr/e");
    let sent = form.press(&mut nour, "/proposer", "envoyer").await;
    let receipt = nour.get(sent.header("location")).await;
    let catalogue = app.visitor().get("/").await;

    assert_eq!((reviewed.status, sent.status), (303, 303));
    assert!(receipt.body.contains("publiée dès maintenant"), "{}", receipt.body);
    assert!(catalogue.body.contains("Écouter avant de décider"), "{}", catalogue.body);
    assert!(
        !catalogue.body.contains("Débattre dans l'espace public"),
        "that one waits for a pilot"
    );
    let kept = db_proposals(&app).await;
    let published = kept.iter().find(|it| it.state == State::Accepted).expect("one is accepted");
    let person = db_who(&app, "Nour").await.0;
    assert_eq!(published.decided.and_then(|(by, _)| by), Some(person), "in their own name");
    let thread = format!("/mes-offres/propositions/{}", published.receipt);
    assert!(!nour.get(&thread).await.body.contains("Pilote"), "no pilot did it");
    let mine = nour.get("/mes-offres").await.body;
    assert!(mine.contains(&format!("/mes-offres/{}", published.row.as_ref().unwrap())), "{mine}");
    app.end().await;
}

#[tokio::test]
async fn a_visitor_is_never_published_at_once() {
    let (app, _nour) = one_own_offer().await;
    publish_at_once(&app).await;
    let mut visitor = app.visitor();

    let link = proposes(&app, &mut visitor).await;
    assert_eq!(visitor.post(&link, &[]).await.status, 303);

    assert_eq!(db_proposals(&app).await[0].state, State::Received);
    app.end().await;
}

#[tokio::test]
async fn a_draft_of_a_member_is_on_the_desk_once_nothing_is_missing_and_a_pilot_publishes_it() {
    let (app, mut nour) = one_own_offer().await;
    let mut lea = app.pilot("Léa").await;
    db_writes(&app, "o1", "etat", "brouillon").await;
    let begun = lea.get("/atelier?quoi=a-verifier").await;
    db_writes(&app, "o1", "url", "https://exemple.fr/debattre").await;

    let whole = lea.get("/atelier?quoi=a-verifier").await;
    let told = nour.get("/mes-offres/o1").await;
    let row = "/atelier/ligne/o1?liste=a-verifier";
    let seen = [("action", "publier"), ("vu", "brouillon")];
    let published = lea.post(row, &seen).await;

    assert!(!begun.body.contains("Débattre"), "its author is still at it: {}", begun.body);
    assert!(whole.body.contains("Débattre"), "{}", whole.body);
    assert!(told.body.contains("la relit et la publie"), "{}", told.body);
    assert_eq!(published.status, 303, "{}", published.body);
    assert_eq!(cell(&app, "o1", "etat").await, "publiee".into());
    app.end().await;
}

#[tokio::test]
async fn where_members_publish_at_once_what_they_say_of_others_offers_waits_for_a_pilot() {
    let (app, mut nour) = one_own_offer().await;
    publish_at_once(&app).await;
    let form = opened(&app, &mut nour, "/proposer?corriger=o2").await;
    let form = form.set("resume", "Deux jours.").add("licence", "oui");

    let sent = form.press(&mut nour, "/proposer", "envoyer").await;

    assert_eq!(sent.status, 303, "{}", sent.body);
    assert_eq!(db_proposals(&app).await[0].state, State::Received);
    assert!(cell(&app, "o2", "resume").await.is_empty());
    app.end().await;
}

#[tokio::test]
async fn an_offer_that_may_be_there_already_or_that_fell_into_the_trap_is_not_published_at_once() {
    let (app, mut nour) = one_own_offer().await;
    publish_at_once(&app).await;
    let form = six(opened(&app, &mut nour, "/proposer").await);
    let near = form.set("intitule", "Débattre").set("organisme", "Scop L'Orage");
    let trapped = six(opened(&app, &mut nour, "/proposer").await);
    let trapped = trapped.set("intitule", "Écouter avant de décider");
    let trapped = trapped.set("url", "https://exemple.fr/e").set("site_web_2", "https://x.example");

    let asked = near.press(&mut nour, "/proposer", "envoyer").await;
    let anyway = Form::on(&asked, "proposition").press(&mut nour, "/proposer", "envoyer").await;
    let caught = trapped.press(&mut nour, "/proposer", "envoyer").await;

    assert_eq!((asked.status, anyway.status, caught.status), (409, 303, 303), "{}", anyway.body);
    let states: Vec<State> = db_proposals(&app).await.iter().map(|it| it.state).collect();
    assert_eq!(states, [State::Received, State::Received]);
    assert_eq!(app.app.rooms.values("formations").await.unwrap().values.rows.len(), 2);
    app.end().await;
}

#[tokio::test]
async fn what_was_archived_comes_back_by_a_pilot_only() {
    let (app, mut nour) = one_own_offer().await;
    publish_at_once(&app).await;
    db_writes(&app, "o1", "url", "https://exemple.fr/debattre").await;
    db_writes(&app, "o1", "etat", "archivee").await;

    let answer = nour.post("/mes-offres/o1", &[("action", "publier")]).await;

    assert_eq!(answer.status, 409, "{}", answer.body);
    assert_eq!(cell(&app, "o1", "etat").await, "archivee".into());
    app.end().await;
}

#[tokio::test]
async fn the_sessions_of_one_offer_are_not_taken_for_those_of_another() {
    let (app, mut nour) = one_own_offer().await;
    let (person, _) = db_who(&app, "Nour").await;
    let table = app.app.rooms.open("formations").await.unwrap().table();
    let mut tx = app.app.store.begin().await.unwrap();
    owners::set(&mut tx, table, &RowId::new("o2").unwrap(), person).await.unwrap();
    tx.commit().await.unwrap();
    let form = Form::on(&nour.get("/mes-offres/o2").await, "sessions");

    let form = form.set("sessions", "3 mai 2027, Lyon");
    let saved = form.press(&mut nour, "/mes-offres/o1", "sessions").await;

    assert_eq!(saved.status, 303, "{}", saved.body);
    assert!(!cell(&app, "o1", "sessions").await.is_empty(), "the address says which");
    assert!(cell(&app, "o2", "sessions").await.is_empty());
    app.end().await;
}
