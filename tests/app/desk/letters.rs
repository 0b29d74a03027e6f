//! What authors read in their mails of what pilots decide.

use tablee::mail::Mail;

use super::*;
use crate::history::MUD;
use crate::proposing::{Form, link_in, six};

/// The mails that somebody has once the ten minutes are over.
async fn told(app: &TestApp, address: &str) -> Vec<Mail> {
    app.clock.minutes_pass(11);
    let mails = app.mails_by_now().await.into_iter();
    mails.filter(|mail| mail.to == address).collect()
}

#[tokio::test]
async fn several_suggestions_that_are_accepted_at_once_are_one_mail() {
    let (app, _, mut lea) = two_offers().await;
    let set = |key, value| json!({ "what": "set", "key": key, "value": value, "before": null });
    let first = a_suggestion(&app, set("duree_heures", json!(7.0))).await;
    a_suggestion(&app, set("themes/eau", json!(true))).await;
    a_suggestion(&app, set("prerequis", json!("Aucun"))).await;

    assert_eq!(decides(&mut lea, first, "accepter", &[]).await.status, 303);

    let mails = told(&app, "nour@exemple.fr").await;
    assert_eq!(mails.len(), 1, "{mails:?}");
    app.end().await;
}

#[tokio::test]
async fn whoever_proposed_what_is_to_be_checked_first_gets_no_link_to_a_page_that_is_not_there() {
    let (app, _, mut lea) = two_offers().await;
    let checked = a_new_offer(&app, "Une offre à relire").await;
    let published = a_new_offer(&app, "Une offre bien dite").await;

    assert_eq!(decides(&mut lea, checked, "a-verifier", &[]).await.status, 303);
    assert_eq!(decides(&mut lea, published, "publier", &[]).await.status, 303);

    let mails = told(&app, "nour@exemple.fr").await;
    let of = |title: &str| mails.iter().find(|mail| mail.body.contains(title)).unwrap();
    assert!(!of("Une offre à relire").body.contains("/formations/"), "{mails:?}");
    assert!(of("Une offre à relire").body.contains("paraîtra dans le catalogue"));
    let page = link_in(of("Une offre bien dite"), "/formations/");
    assert_eq!(app.visitor().get(&page).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn whoever_asked_for_a_removal_hears_that_it_is_done_and_not_that_an_offer_is_accepted() {
    let (app, _, mut lea) = two_offers().await;
    let body = json!({ "kind": "removal", "row": MUD, "reason": "closed" }).to_string();
    let id = db_sends(&app, Kind::Removal, Some(MUD), &body).await;
    let receipt = found(&app, id).await.receipt;

    assert_eq!(decides(&mut lea, id, "archiver", &[]).await.status, 303);

    let mails = told(&app, "nour@exemple.fr").await;
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(mail.subject, format!("Votre demande {receipt} est traitée"));
    assert!(mail.body.contains("ne figure plus dans le catalogue"), "{}", mail.body);
    app.end().await;
}

#[tokio::test]
async fn an_author_whose_field_was_left_out_reads_that_the_proposal_was_retouched() {
    let (app, _, mut lea) = two_offers().await;
    let title = ("intitule", "Dialoguer autour de l'eau", "Dialoguer sur l'eau");
    let id = a_correction(&app, &[title, ("organisme", "Scop L'Orage", "Orage")]).await;
    let form = opens(&mut lea, &path(id)).await;
    let leaves = format!("choix-{}", number(&form, "organisme"));

    let answer = presses(&mut lea, &path(id), &form, "accepter", &[(&leaves, "refuser")]).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(lea.get(&path(id)).await.body.contains("acceptée avec retouches"));
    let mails = told(&app, "nour@exemple.fr").await;
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert!(mail.body.contains("quelques retouches"), "{}", mail.body);
    app.end().await;
}

#[tokio::test]
async fn a_question_that_was_taken_back_in_time_is_mailed_to_nobody() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;
    decides(&mut lea, id, "demander", &[("question", "À quelles dates ?")]).await;
    let version = format!("{}.{}", id.get(), found(&app, id).await.version);

    let undoes = [("version", version.as_str()), ("action", "annuler")];
    let answer = lea.post(&path(id), &undoes).await;

    assert_eq!((answer.status, state(&app, id).await), (303, State::Taken), "{}", answer.body);
    assert!(told(&app, "nour@exemple.fr").await.is_empty());
    app.end().await;
}

#[tokio::test]
async fn a_visitor_who_proposed_in_english_is_written_to_in_english_to_the_end() {
    let (app, _, mut lea) = two_offers().await;
    let mut zoe = app.visitor();
    let page = zoe.get("/proposer?lang=en").await;
    app.clock.minutes_pass(1);
    let form = six(Form::on(&page, "proposition")).set("vous-courriel", "zoe@exemple.org");
    let sent = form.press(&mut zoe, "/proposer?lang=en", "envoyer").await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let asked = app.mail().await;
    let link = link_in(&asked, "/proposer/confirmer/");
    assert_eq!(zoe.post(&link, &[]).await.status, 303);
    let received = app.mail().await;
    let id = crate::proposing::db_proposals(&app).await[0].id;

    decides(&mut lea, id, "demander", &[("question", "When?")]).await;

    let mails = told(&app, "zoe@exemple.org").await;
    let [question] = &mails[..] else { panic!("{mails:?}") };
    for mail in [&asked, &received, question] {
        assert!(mail.body.starts_with("Hello,"), "{}", mail.body);
    }
    app.end().await;
}

#[tokio::test]
async fn an_author_hears_of_a_refusal_in_the_thread_when_the_mail_leaves_and_not_before() {
    let (app, mut nour, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;
    let thread = format!("/mes-offres/propositions/{}", found(&app, id).await.receipt);
    let why = [("motif-mots", "Trop loin du sujet.")];
    assert_eq!(decides(&mut lea, id, "refuser", &why).await.status, 303);

    let before = nour.get(&thread).await.body;
    let list = nour.get("/mes-offres").await.body;
    let mails = told(&app, "nour@exemple.fr").await;
    let after = nour.get(&thread).await.body;

    assert!(!before.contains("Trop loin du sujet.") && before.contains("En examen"), "{before}");
    assert!(!list.contains("Refusée") && list.contains("En examen"), "{list}");
    assert!(mails[0].body.contains("Trop loin du sujet."), "{mails:?}");
    assert!(after.contains("Trop loin du sujet."), "{after}");
    app.end().await;
}
