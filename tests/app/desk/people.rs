//! Several people at one proposal: who was faster, what the others had written, and what is undone.

use tablee::mail::letter::LetterKind;
use tablee_storage::proposal_events::{self, Event};

use super::*;

#[tokio::test]
async fn of_two_pilots_the_second_hears_who_decided_what_and_keeps_their_words() {
    let (app, _, mut lea) = two_offers().await;
    let mut ines = app.pilot("Inès").await;
    let before = "Dialoguer autour de l'eau";
    let id = a_correction(&app, &[("intitule", before, "Dialoguer sur l'eau")]).await;
    let hers = opens(&mut lea, &path(id)).await;
    let theirs = opens(&mut ines, &path(id)).await;
    let n = number(&theirs, "intitule");
    let (choice, result) = (format!("choix-{n}"), format!("resultat-{n}"));

    let first = presses(&mut lea, &path(id), &hers, "accepter", &[]).await;
    let typed = [
        (choice.as_str(), "modifier"),
        (result.as_str(), "Parler de l'eau, longuement"),
        ("note", "vu avec l'organisme"),
    ];
    let second = presses(&mut ines, &path(id), &theirs, "accepter", &typed).await;
    let refused =
        presses(&mut ines, &path(id), &theirs, "refuser", &[("motif-mots", "Non.")]).await;

    assert_eq!((first.status, second.status, refused.status), (303, 409, 409));
    assert!(second.body.contains("Léa a accepté cette proposition"), "{}", second.body);
    assert!(second.body.contains("Parler de l&#39;eau, longuement"), "{}", second.body);
    assert!(second.body.contains("vu avec l&#39;organisme"));
    assert!(refused.body.contains("Non."));
    assert_eq!(cell(&app, WATER, "intitule").await, "Dialoguer sur l'eau".into());
    assert_eq!(edits(&app, id).await.len(), 1);
    app.end().await;
}

#[tokio::test]
async fn a_member_who_writes_while_a_pilot_accepts_loses_no_word() {
    let (app, _, mut lea) = two_offers().await;
    let cells = [
        ("intitule", "Dialoguer autour de l'eau", "Dialoguer autour de l'eau potable"),
        ("url", "", "https://orage.example/eau"),
    ];
    let id = a_correction(&app, &cells).await;
    let form = opens(&mut lea, &path(id)).await;
    // The page is on Léa's screen: Nour writes in the same text.
    changes(&app, "Nour", WATER, "intitule", "Bien dialoguer autour de l'eau").await;

    let answer = presses(&mut lea, &path(id), &form, "accepter", &[]).await;

    assert_eq!(answer.status, 303, "{}", answer.body);
    let title = cell(&app, WATER, "intitule").await;
    assert_eq!(title, "Bien dialoguer autour de l'eau potable".into());
    assert_eq!(cell(&app, WATER, "url").await, "https://orage.example/eau".into());
    app.end().await;
}

#[tokio::test]
async fn a_cell_that_moved_while_a_pilot_decided_is_a_question_and_nothing_is_written() {
    let (app, _, mut lea) = two_offers().await;
    let cells = [
        ("intitule", "Dialoguer autour de l'eau", "Dialoguer sur l'eau"),
        ("url", "", "https://orage.example/eau"),
    ];
    let id = a_correction(&app, &cells).await;
    let form = opens(&mut lea, &path(id)).await;
    changes(&app, "Nour", WATER, "url", "https://orage.example/nour").await;

    let asked = presses(&mut lea, &path(id), &form, "accepter", &[("note", "en cours")]).await;

    assert_eq!(asked.status, 409);
    assert!(asked.body.contains("Cette case vient de changer"), "{}", asked.body);
    assert!(asked.body.contains("https://orage.example/nour") && asked.body.contains(">en cours<"));
    assert_eq!(cell(&app, WATER, "intitule").await, "Dialoguer autour de l'eau".into());
    assert_eq!(state(&app, id).await, State::Received);
    let now = super::form(&asked.body);
    let answer = presses(&mut lea, &path(id), &now, "accepter", &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(cell(&app, WATER, "url").await, "https://orage.example/eau".into());
    app.end().await;
}

#[tokio::test]
async fn a_decision_is_undone_within_ten_minutes_and_its_mail_never_leaves() {
    let (app, _, mut lea) = two_offers().await;
    let new = a_new_offer(&app, "Une offre").await;
    let before = "Dialoguer autour de l'eau";
    let correction = a_correction(&app, &[("intitule", before, "Autre chose")]).await;
    for (id, action) in [(new, "publier"), (correction, "accepter")] {
        assert_eq!(decides(&mut lea, id, action, &[]).await.status, 303);
        assert!(mail_waits(&app, id).await);
        app.clock.minutes_pass(9);
        let version = format!("{}.{}", id.get(), found(&app, id).await.version);

        let fields = [("version", version.as_str()), ("action", "annuler")];
        let answer = lea.post(&path(id), &fields).await;

        assert_eq!(answer.status, 303, "{}", answer.body);
        assert_eq!(state(&app, id).await, State::Taken);
        assert!(!mail_waits(&app, id).await);
    }
    let present = rows(&app).await.into_iter().filter(|row| !row.deleted).count();
    assert_eq!(present, 2);
    assert_eq!(cell(&app, WATER, "intitule").await, before.into());
    assert_eq!(
        decides(&mut lea, new, "publier", &[]).await.status,
        303,
        "it can be accepted again"
    );
    assert_eq!(rows(&app).await.into_iter().filter(|row| !row.deleted).count(), 3);
    app.end().await;
}

#[tokio::test]
async fn what_others_wrote_since_is_not_undone() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;
    decides(&mut lea, id, "publier", &[]).await;
    let kept = found(&app, id).await;
    let row = kept.row.clone().unwrap();
    changes(&app, "Nour", row.as_str(), "organisme", "Rive, à Lyon").await;

    let version = format!("{}.{}", id.get(), kept.version);
    let answer = lea.post(&path(id), &[("version", version.as_str()), ("action", "annuler")]).await;

    assert_eq!(answer.status, 409, "{}", answer.body);
    assert_eq!(cell(&app, row.as_str(), "organisme").await, "Rive, à Lyon".into());
    assert_eq!(state(&app, id).await, State::Accepted);
    assert!(mail_waits(&app, id).await);
    app.end().await;
}

#[tokio::test]
async fn after_ten_minutes_a_decision_stands() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;
    decides(&mut lea, id, "publier", &[]).await;
    app.clock.minutes_pass(10);

    let version = format!("{}.{}", id.get(), found(&app, id).await.version);
    let answer = lea.post(&path(id), &[("version", version.as_str()), ("action", "annuler")]).await;

    assert_eq!(answer.status, 409);
    assert_eq!(state(&app, id).await, State::Accepted);
    assert_eq!(rows(&app).await.len(), 3);
    app.end().await;
}

#[tokio::test]
async fn a_refusal_needs_a_reason_own_or_saved_and_is_undone_like_any_decision() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;

    let without = decides(&mut lea, id, "refuser", &[]).await;
    let saved = decides(&mut lea, id, "refuser", &[("motif", "1")]).await;

    assert_eq!((without.status, saved.status), (422, 303), "{}", without.body);
    let kept = found(&app, id).await;
    assert_eq!(kept.state, State::Refused);
    assert!(kept.reason.as_deref().unwrap().starts_with("L’inventaire recense des formations"));
    assert!(mail_waits(&app, id).await);
    let version = format!("{}.{}", id.get(), kept.version);
    let undone = lea.post(&path(id), &[("version", version.as_str()), ("action", "annuler")]).await;
    assert_eq!((undone.status, state(&app, id).await), (303, State::Taken));
    assert!(!mail_waits(&app, id).await);
    assert_eq!(
        decides(&mut lea, id, "refuser", &[("motif-mots", "Hors sujet.")]).await.status,
        303
    );
    assert_eq!(found(&app, id).await.reason.as_deref(), Some("Hors sujet."));
    app.end().await;
}

#[tokio::test]
async fn refusing_every_field_is_a_refusal_that_needs_its_reason() {
    let (app, _, mut lea) = two_offers().await;
    let before = "Dialoguer autour de l'eau";
    let id = a_correction(&app, &[("intitule", before, "Dialoguer sur l'eau")]).await;
    let form = opens(&mut lea, &path(id)).await;
    let choice = format!("choix-{}", number(&form, "intitule"));

    let answer = presses(&mut lea, &path(id), &form, "accepter", &[(&choice, "refuser")]).await;

    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("c’est un refus"), "{}", answer.body);
    assert_eq!(state(&app, id).await, State::Received);
    app.end().await;
}

#[tokio::test]
async fn a_question_waits_for_its_author_and_a_note_is_for_pilots_only() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;

    let noted = decides(&mut lea, id, "noter", &[("note", "à appeler, discrètement")]).await;
    let asked = decides(&mut lea, id, "demander", &[("question", "À quelles dates ?")]).await;

    assert_eq!((noted.status, asked.status), (303, 303));
    assert_eq!(state(&app, id).await, State::Asked);
    assert!(mail_waits(&app, id).await);
    let mut tx = app.app.store.read().await.unwrap();
    let told = proposal_events::of(&mut tx, id).await.unwrap();
    drop(tx);
    let private: Vec<bool> = told.iter().map(|it| it.event.is_private()).collect();
    assert_eq!(private.iter().filter(|is| **is).count(), 1);
    assert!(told.iter().any(|it| it.event == Event::Asked("À quelles dates ?".into())));
    let page = lea.get(&path(id)).await.body;
    assert!(page.contains("À quelles dates") && page.contains("à appeler, discrètement"), "{page}");
    // The type of a letter has no place for a note: nothing to forget.
    let _ = |letter: LetterKind| matches!(letter, LetterKind::Question { .. });
    app.end().await;
}

#[tokio::test]
async fn whoever_was_asked_hears_of_the_decision_too() {
    let (app, mut nour, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;
    let receipt = found(&app, id).await.receipt;
    decides(&mut lea, id, "demander", &[("question", "À quelles dates ?")]).await;
    app.clock.minutes_pass(11);
    let asked = subjects(&app).await;
    let thread = format!("/mes-offres/propositions/{receipt}");
    let answer = [("action", "message"), ("message", "En mai.")];
    assert_eq!(nour.post(&thread, &answer).await.status, 303);

    decides(&mut lea, id, "publier", &[]).await;
    app.clock.minutes_pass(11);
    let told = subjects(&app).await;

    assert_eq!(asked, [format!("Une question sur votre proposition {receipt}")]);
    assert_eq!(told, [format!("Votre proposition {receipt} est acceptée")]);
    app.end().await;
}

#[tokio::test]
async fn the_link_of_a_question_opens_the_follow_up_and_pilots_see_who_wants_no_mails() {
    let (app, _, mut lea) = two_offers().await;
    let asks = payload("correction", Some(WATER), &[("resume", "", "Deux jours.")]);
    let id = db_adds(
        &app,
        NewProposal {
            row: Some(RowId::new(WATER).unwrap()),
            state: State::Received,
            ..NewProposal::of_visitor(Kind::Correction, "camille@exemple.fr", "a", &asks)
        },
    )
    .await;

    decides(&mut lea, id, "demander", &[("question", "Lesquels ?")]).await;
    app.clock.minutes_pass(11);
    let mails = app.mails_by_now().await;

    let mail = mails.iter().find(|mail| mail.to == "camille@exemple.fr").expect("a mail");
    let link = mail.body.split_whitespace().find(|word| word.contains("/suivi/")).expect("a link");
    let page = app.visitor().get(link.strip_prefix("http://127.0.0.1:8080").unwrap()).await;
    let before = lea.get(&path(id)).await.body;
    let stop = mail.unsubscribe.as_deref().unwrap().strip_prefix("http://127.0.0.1:8080").unwrap();
    assert_eq!(app.visitor().post(stop, &[]).await.status, 200);
    let after = lea.get(&path(id)).await.body;

    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("Lesquels ?"));
    let unwanted = "accepte plus nos courriels";
    assert!(!before.contains(unwanted) && after.contains(unwanted), "pilots know it: {after}");
    app.end().await;
}

#[tokio::test]
async fn a_question_that_was_answered_or_withdrawn_before_its_mail_left_is_mailed_to_nobody() {
    let (app, mut nour, mut lea) = two_offers().await;
    let (answered, gone) = (a_new_offer(&app, "Une").await, a_new_offer(&app, "Une autre").await);
    for id in [answered, gone] {
        decides(&mut lea, id, "demander", &[("question", "À quelles dates ?")]).await;
    }
    let thread = async |id| format!("/mes-offres/propositions/{}", found(&app, id).await.receipt);

    let answer = [("action", "message"), ("message", "En mai.")];
    let sent = nour.post(&thread(answered).await, &answer).await;
    let version = found(&app, gone).await.version.to_string();
    let leaves = [("action", "retirer-oui"), ("version", version.as_str())];
    let left = nour.post(&thread(gone).await, &leaves).await;
    app.clock.minutes_pass(11);

    assert_eq!((sent.status, left.status), (303, 303));
    assert_eq!(subjects(&app).await, Vec::<String>::new());
    app.end().await;
}

/// What the mails to Nour are called that left by now.
async fn subjects(app: &TestApp) -> Vec<String> {
    let mails = app.mails_by_now().await.into_iter();
    mails.filter(|mail| mail.to == "nour@exemple.fr").map(|mail| mail.subject).collect()
}

#[tokio::test]
async fn pilots_see_who_looks_and_who_took_it_without_script() {
    let (app, _, mut lea) = two_offers().await;
    let mut ines = app.pilot("Inès").await;
    let id = a_new_offer(&app, "Une offre").await;

    assert!(!lea.get(&path(id)).await.body.contains("examine cet élément"));
    let page = ines.get(&path(id)).await.body;
    let list = ines.get("/atelier").await.body;
    let taken = decides(&mut lea, id, "prendre", &[]).await;

    assert!(page.contains("Léa examine cet élément") && list.contains("Léa examine cet élément"));
    assert_eq!((taken.status, state(&app, id).await), (303, State::Taken));
    let page = ines.get(&path(id)).await.body;
    assert!(page.contains("en examen par Léa"), "{page}");
    app.clock.minutes_pass(3);
    assert!(!ines.get("/atelier").await.body.contains("Léa examine"), "she has gone");
    assert_eq!(decides(&mut lea, id, "rendre", &[]).await.status, 303);
    assert_eq!(state(&app, id).await, State::Received);
    app.end().await;
}

#[tokio::test]
async fn a_page_that_waits_hears_at_once_that_somebody_came_and_the_stop_ends_its_wait() {
    let (app, _, mut lea) = two_offers().await;
    let mut ines = app.pilot("Inès").await;
    let id = a_new_offer(&app, "Une offre").await;
    let address = format!("/atelier/presence?sur=p{}", id.get());
    let first: Value = serde_json::from_str(&lea.get(&address).await.body).unwrap();
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("vu", first["known"].as_str().unwrap())
        .finish();
    let waits = format!("{address}&{query}");

    let (mut her, asked) = (lea.clone(), waits.clone());
    let waiting = tokio::spawn(async move { her.get(&asked).await });
    ines.get(&path(id)).await;
    let told: Value = serde_json::from_str(&at_once(waiting).await.body).unwrap();

    assert_eq!(told["who"], "Inès examine cet élément");
    let known = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("vu", told["known"].as_str().unwrap())
        .finish();
    let (mut her, asked) = (lea.clone(), format!("{address}&{known}"));
    let waiting = tokio::spawn(async move { her.get(&asked).await });
    app.app.tasks.begin_stop();
    assert_eq!(at_once(waiting).await.status, 200);
    app.end().await;
}

/// An answer that comes because something happened, and not because somebody waited long enough.
async fn at_once(waiting: tokio::task::JoinHandle<Answer>) -> Answer {
    let patience = std::time::Duration::from_secs(10);
    tokio::time::timeout(patience, waiting).await.expect("an answer at once").unwrap()
}

#[tokio::test]
async fn reasons_are_changed_by_any_pilot_and_offered_to_all() {
    let (app, _, mut lea) = two_offers().await;
    let mut ines = app.pilot("Inès").await;
    let page = lea.get("/atelier/motifs").await.body;
    assert_eq!(page.matches("name=\"nom\"").count(), 5);

    let fields = [
        ("nom", "Trop tard"),
        ("mots", "La session est passée."),
        ("nom", "Vide"),
        ("mots", ""),
        ("nom", "<b>"),
        ("mots", "<script>alert(1)</script>"),
    ];
    assert_eq!(lea.post("/atelier/motifs", &fields).await.status, 303);

    let id = a_new_offer(&app, "Une offre").await;
    let page = ines.get(&path(id)).await.body;
    assert!(page.contains("Trop tard") && page.contains("La session est passée."), "{page}");
    assert!(!page.contains("Vide") && !page.contains("<script>alert(1)"));
    app.end().await;
}

#[tokio::test]
async fn a_form_that_is_too_old_comes_back_with_all_that_was_typed() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;
    let form = opens(&mut lea, &path(id)).await;

    let typed = [("jeton", "vieux"), ("motif-mots", "Des mots choisis.")];
    let answer = presses(&mut lea, &path(id), &form, "refuser", &typed).await;

    assert_eq!(answer.status, 403);
    assert!(answer.body.contains(">Des mots choisis.</textarea>"), "{}", answer.body);
    assert_eq!(state(&app, id).await, State::Received);
    app.end().await;
}

#[tokio::test]
async fn what_a_pilot_took_stands_in_their_own_list_and_in_nobody_elses() {
    let (app, _, mut lea) = two_offers().await;
    let mut ines = app.pilot("Inès").await;
    let id = a_new_offer(&app, "Une offre").await;

    decides(&mut ines, id, "prendre", &[]).await;

    assert!(ines.get("/atelier?quoi=miennes").await.body.contains(&path(id)));
    assert!(!lea.get("/atelier?quoi=miennes").await.body.contains(&path(id)));
    assert!(lea.get("/atelier").await.body.contains(&path(id)));
    app.end().await;
}

#[tokio::test]
async fn the_list_offers_to_undo_for_as_long_as_it_can_be_done() {
    let (app, _, mut lea) = two_offers().await;
    let id = a_new_offer(&app, "Une offre").await;
    let list = decides(&mut lea, id, "publier", &[]).await.header("location").to_owned();

    app.clock.minutes_pass(9);
    assert!(lea.get(&list).await.body.contains("Annuler cette décision"));
    app.clock.minutes_pass(1);

    let late = lea.get(&list).await.body;
    assert!(late.contains("Une offre") && !late.contains("Annuler cette décision"), "{late}");
    app.end().await;
}

#[tokio::test]
async fn what_waits_for_its_author_stands_behind_what_waits_for_a_pilot() {
    let (app, _, mut lea) = two_offers().await;
    let asked = a_new_offer(&app, "Une offre interrogée").await;
    let removal = json!({ "kind": "removal", "row": WATER, "reason": "closed" }).to_string();
    let waits = db_sends(&app, Kind::Removal, Some(WATER), &removal).await;

    decides(&mut lea, asked, "demander", &[("question", "À quelles dates ?")]).await;

    let list = lea.get("/atelier").await.body;
    assert!(list.find(&path(waits)).unwrap() < list.find(&path(asked)).unwrap(), "{list}");
    app.end().await;
}
