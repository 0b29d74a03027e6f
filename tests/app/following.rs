//! What became of a proposal, for whoever sent it.

use tablee_domain::ids::{PersonId, ProposalId};
use tablee_storage::proposal_events::{self, By, Event};
use tablee_storage::proposals::{self, Change, State};

use crate::pages::{db_rows, published};
use crate::proposing::{Form, db_proposals, db_writes, link_in, opened, proposes, signed, six};
use crate::support::{Browser, TestApp};

/// A visitor's confirmed proposal, and where it is followed.
async fn followed(app: &TestApp, visitor: &mut Browser) -> String {
    let link = proposes(app, visitor).await;
    let confirmed = visitor.post(&link, &[]).await;
    assert_eq!(confirmed.status, 303, "{}", confirmed.body);
    confirmed.header("location").split('?').next().unwrap().to_owned()
}

/// A pilot takes a proposal, and goes on from there.
async fn db_goes_to(app: &TestApp, to: State, event: Event) {
    let kept = db_proposals(app).await.pop().unwrap();
    let pilot = PersonId(1);
    let mut tx = app.app.store.begin().await.unwrap();
    let change = Change::by(Some(pilot), app.app.clock.now());
    let from = State::OPEN;
    let done = proposals::transition(&mut tx, kept.id, kept.version, &from, to, &change).await;
    assert!(done.unwrap());
    let at = app.app.clock.now();
    proposal_events::add(&mut tx, kept.id, at, By::Pilot(pilot), &event).await.unwrap();
    tx.commit().await.unwrap();
}

async fn db_events(app: &TestApp, id: ProposalId) -> Vec<Event> {
    let mut tx = app.app.store.read().await.unwrap();
    let events = proposal_events::of(&mut tx, id).await.unwrap();
    events.into_iter().map(|happened| happened.event).collect()
}

#[tokio::test]
async fn a_question_is_answered_by_the_link_and_the_thread_tells_both() {
    let app = TestApp::start().await;
    let _pilot = app.pilot("Léa").await;
    let mut visitor = app.visitor();
    let path = followed(&app, &mut visitor).await;
    db_goes_to(&app, State::Asked, Event::Asked("Est-elle ouverte aux bénévoles ?".into())).await;

    let asked = visitor.get(&path).await;
    let empty = visitor.post(&path, &[("action", "message"), ("message", "  ")]).await;
    let answer = [("action", "message"), ("message", "Oui, <b>toujours</b>.")];
    let sent = visitor.post(&path, &answer).await;
    let thread = visitor.get(&path).await;

    assert!(asked.body.contains("Question posée") && asked.body.contains("aux bénévoles"));
    assert!(empty.status == 422 && empty.body.contains("id=\"mots-erreur\""), "{}", empty.body);
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert!(thread.body.contains("Oui, &#60;b&#62;toujours&#60;/b&#62;."), "{}", thread.body);
    assert!(thread.body.contains("En examen"), "whoever asked looks after it again");
    assert_eq!(db_proposals(&app).await[0].state, State::Taken);
    app.end().await;
}

#[tokio::test]
async fn what_pilots_note_among_themselves_is_never_read_by_the_author() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let path = followed(&app, &mut visitor).await;
    db_goes_to(&app, State::Taken, Event::Noted("canari des pilotes".into())).await;

    let page = visitor.get(&path).await;

    assert!(page.status == 200 && !page.body.contains("canari"), "{}", page.body);
    app.end().await;
}

#[tokio::test]
async fn a_proposal_can_be_changed_until_somebody_takes_it() {
    let app = TestApp::start().await;
    let _pilot = app.pilot("Léa").await;
    let mut visitor = app.visitor();
    let path = followed(&app, &mut visitor).await;
    let edit = format!("{path}/modifier");

    let form = opened(&app, &mut visitor, &edit).await;
    assert_eq!(form.one("resume"), "Deux jours pour oser prendre la parole & la donner.");
    assert_eq!(form.one("url"), "https://exemple.fr/debattre");
    let form = form.set("resume", "Trois jours pour oser.").set("remarque-pilotes", "corrigé");
    let saved = form.press(&mut visitor, &edit, "envoyer").await;
    let page = visitor.get(saved.header("location")).await;
    let late = opened(&app, &mut visitor, &edit).await.set("resume", "Quatre jours.");
    db_goes_to(&app, State::Taken, Event::Taken).await;
    let refused = late.press(&mut visitor, &edit, "envoyer").await;

    assert_eq!(saved.status, 303, "{}", saved.body);
    assert!(page.body.contains("Vos changements sont enregistrés"), "{}", page.body);
    assert!(page.body.contains("Trois jours pour oser."));
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains("a commencé à examiner"), "{}", refused.body);
    assert_eq!(Form::on(&refused, "proposition").one("resume"), "Quatre jours.", "no word is lost");
    let kept = db_proposals(&app).await.pop().unwrap();
    assert!(kept.payload.contains("Trois jours") && kept.private.unwrap().contains("corrigé"));
    assert!(db_events(&app, kept.id).await.contains(&Event::Edited));
    assert_eq!(visitor.get(&edit).await.status, 303, "the form is closed");
    app.end().await;
}

#[tokio::test]
async fn whoever_takes_a_proposal_back_is_asked_first() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let path = followed(&app, &mut visitor).await;

    let asks = visitor.post(&path, &[("action", "retirer")]).await;
    assert_eq!(db_proposals(&app).await[0].state, State::Received);
    let version = db_proposals(&app).await[0].version.to_string();
    let sure = [("action", "retirer-oui"), ("version", version.as_str())];
    let done = visitor.post(&path, &sure).await;
    let page = visitor.get(done.header("location")).await;
    let again = visitor.post(&path, &sure).await;

    assert!(asks.status == 200 && asks.body.contains("retirer-oui"), "{}", asks.body);
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(page.body.contains("Votre proposition est retirée"), "{}", page.body);
    assert_eq!(again.status, 409);
    assert_eq!(db_proposals(&app).await[0].state, State::Withdrawn);
    app.clock.days_pass(364);
    assert_eq!(visitor.get(&path).await.status, 200);
    app.clock.days_pass(2);
    assert_eq!(visitor.get(&path).await.status, 404, "a year after the end it is over");
    app.end().await;
}

#[tokio::test]
async fn looking_at_a_follow_up_link_changes_nothing() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let path = followed(&app, &mut visitor).await;
    let before = db_proposals(&app).await;
    let mut scanner = app.visitor();

    let origin = scanner.origin().to_owned();
    for path in [path.clone(), format!("{path}/modifier"), "/suivi".to_owned()] {
        assert_eq!(scanner.get(&path).await.status, 200, "{path}");
        assert_eq!(scanner.head(&path).await.status, 200, "{path}");
    }
    for action in ["message", "retirer", "retirer-oui"] {
        let fields = [("jeton", "x"), ("action", action), ("message", "robot"), ("version", "2")];
        assert_eq!(scanner.post_from(Some(&origin), &path, &fields).await.status, 403, "{action}");
    }

    assert_eq!(db_proposals(&app).await, before);
    let cut = &path[..path.len() - 1];
    assert_eq!(scanner.get(cut).await.status, 404, "a link that was cut opens nothing");
    app.end().await;
}

#[tokio::test]
async fn a_lost_link_is_sent_again_to_the_address_it_belongs_to_and_all_hear_the_same() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let path = followed(&app, &mut visitor).await;
    let receipt = db_proposals(&app).await[0].receipt.clone();
    app.mails_by_now().await;

    let mut bodies = Vec::new();
    for (address, receipt) in [
        ("autre@exemple.org", receipt.as_str()),
        ("visiteuse@exemple.org", "P-1AA"),
        ("visiteuse@exemple.org", receipt.as_str()),
    ] {
        let page = visitor.get("/suivi").await;
        assert_eq!(page.status, 200);
        let answer = visitor.post("/suivi", &[("courriel", address), ("recu", receipt)]).await;
        bodies.push((answer.status, answer.body));
    }
    let mail = app.mail().await;

    assert_eq!(bodies[0].0, 200);
    assert_eq!((&bodies[0], mail.to.as_str()), (&bodies[2], "visiteuse@exemple.org"));
    let new = link_in(&mail, "/suivi/");
    assert_ne!(new, path);
    assert_eq!(visitor.get(&new).await.status, 200);
    assert_eq!(visitor.get(&path).await.status, 200, "the old one stays good");
    app.end().await;
}

#[tokio::test]
async fn a_members_proposal_is_followed_by_its_author_and_nobody_else() {
    let app = TestApp::start().await;
    let (mut nour, mut lea) = (app.member("Nour").await, app.member("Léa").await);
    let form = six(opened(&app, &mut nour, "/proposer").await);
    assert_eq!(form.press(&mut nour, "/proposer", "envoyer").await.status, 303);
    let path = format!("/mes-offres/propositions/{}", db_proposals(&app).await[0].receipt);

    assert_eq!(nour.get(&path).await.status, 200);
    assert_eq!(nour.get(&format!("{path}/modifier")).await.status, 200);
    assert_eq!(lea.get(&path).await.status, 404);
    assert_eq!(lea.post(&path, &[("action", "retirer")]).await.status, 404);
    assert_eq!(app.visitor().get(&path).await.status, 401);
    app.end().await;
}

#[tokio::test]
async fn the_eleventh_message_of_an_hour_waits_and_keeps_its_words() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let path = followed(&app, &mut visitor).await;

    for number in 1..=10 {
        let words = format!("Message {number}");
        let sent = visitor.post(&path, &[("action", "message"), ("message", &words)]).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
    }
    let eleventh = [("action", "message"), ("message", "Encore un mot")];
    let held = visitor.post(&path, &eleventh).await;
    app.clock.minutes_pass(61);
    let later = visitor.post(&path, &eleventh).await;

    assert_eq!(held.status, 429, "{}", held.body);
    assert!(held.body.contains("Encore un mot") && held.body.contains("un peu plus tard"));
    assert_eq!(later.status, 303);
    app.end().await;
}

#[tokio::test]
async fn a_proposal_stays_about_what_it_is_about() {
    let (app, row) = (TestApp::start().await, "d1");
    db_rows(&app, &[(row, &published("Débattre"))]).await;
    let mut visitor = app.visitor();
    let path = followed(&app, &mut visitor).await;
    let before = db_proposals(&app).await[0].payload.clone();
    let other = opened(&app, &mut visitor, &format!("/proposer?corriger={row}")).await;
    let version = opened(&app, &mut visitor, &format!("{path}/modifier")).await;
    let other = other
        .set("version", version.one("version"))
        .set("resume", "Autre chose.")
        .add("licence", "oui");

    let sent = other.press(&mut visitor, &format!("{path}/modifier"), "envoyer").await;

    assert_eq!(sent.status, 409, "{}", sent.body);
    assert!(sent.body.contains("Autre chose."), "no word is lost");
    assert_eq!(db_proposals(&app).await[0].payload, before);
    app.end().await;
}

#[tokio::test]
async fn a_visitor_never_reads_the_title_of_an_offer_that_is_not_published() {
    let (app, row) = (TestApp::start().await, "d1");
    db_rows(&app, &[(row, &published("Débattre"))]).await;
    let mut visitor = app.visitor();
    let form = opened(&app, &mut visitor, &format!("/proposer?corriger={row}")).await;
    let form = signed(form).set("resume", "Trois jours.").add("licence", "oui");
    assert_eq!(form.press(&mut visitor, "/proposer", "envoyer").await.status, 303);
    let mails = app.mails_by_now().await;
    let link = link_in(&mails[0], "/proposer/confirmer/");
    let path = visitor.post(&link, &[]).await.header("location").to_owned();
    let shown = visitor.get(&path).await;
    db_writes(&app, row, "intitule", "Titre de travail").await;
    db_writes(&app, row, "etat", "brouillon").await;

    let hidden = visitor.get(&path).await;

    assert_eq!(shown.status, 200, "{}", shown.body);
    assert!(shown.body.contains(&format!("-{row}\"")), "the offer is linked: {}", shown.body);
    assert!(hidden.status == 200 && !hidden.body.contains("Titre de travail"), "{}", hidden.body);
    app.end().await;
}

#[tokio::test]
async fn words_of_a_page_that_is_too_old_or_of_a_login_that_ended_can_be_copied() {
    let app = TestApp::start().await;
    let (mut visitor, mut nour) = (app.visitor(), app.member("Nour").await);
    let path = followed(&app, &mut visitor).await;
    let form = six(opened(&app, &mut nour, "/proposer").await);
    assert_eq!(form.press(&mut nour, "/proposer", "envoyer").await.status, 303);
    let mine = format!("/mes-offres/propositions/{}", db_proposals(&app).await[0].receipt);
    app.db_removes("nour@exemple.fr").await;
    let words = ("message", "Oui, <b>chaque</b> année.");

    let stale = [("action", "message"), words, ("jeton", "trop-vieux")];
    let stale = visitor.post(&path, &stale).await;
    let gone = nour.post(&mine, &[("action", "message"), words]).await;

    assert_eq!((stale.status, gone.status), (403, 401));
    for page in [stale, gone] {
        assert!(page.body.contains("Ce que vous aviez écrit"), "{}", page.body);
        assert!(page.body.contains("Oui, &#60;b&#62;chaque&#60;/b&#62; année."), "{}", page.body);
        assert_eq!(page.header("cache-control"), "no-store");
    }
    app.end().await;
}

#[tokio::test]
async fn the_link_that_confirms_opens_no_thread_and_the_one_that_follows_confirms_nothing() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let confirm = proposes(&app, &mut visitor).await;
    let secret = confirm.rsplit('/').next().unwrap().to_owned();

    assert_eq!(visitor.get(&format!("/suivi/{secret}")).await.status, 404);
    let withdraws = [("action", "retirer-oui"), ("version", "1")];
    assert_eq!(visitor.post(&format!("/suivi/{secret}"), &withdraws).await.status, 404);
    assert_eq!(db_proposals(&app).await[0].state, State::Unconfirmed);

    let confirmed = visitor.post(&confirm, &[]).await;
    let follow = confirmed.header("location").split('?').next().unwrap();
    let secret = follow.rsplit('/').next().unwrap().to_owned();
    assert_eq!(visitor.post(&format!("/proposer/confirmer/{secret}"), &[]).await.status, 410);
    app.end().await;
}

#[tokio::test]
async fn a_year_after_it_was_decided_the_link_of_a_proposal_opens_nothing() {
    for (state, event) in [
        (State::Accepted, Event::Accepted { retouched: false }),
        (State::Refused, Event::Refused { reason: "Doublon.".into() }),
    ] {
        let app = TestApp::start().await;
        let mut visitor = app.visitor();
        let path = followed(&app, &mut visitor).await;
        app.clock.days_pass(400);
        assert_eq!(visitor.get(&path).await.status, 200, "{state}: it is still open");
        db_goes_to(&app, state, event).await;

        app.clock.days_pass(364);
        assert_eq!(visitor.get(&path).await.status, 200, "{state}");
        app.clock.days_pass(2);

        assert_eq!(visitor.get(&path).await.status, 404, "{state}");
        app.end().await;
    }
}

#[tokio::test]
async fn an_author_with_two_windows_open_writes_over_none_of_their_own_words() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let path = followed(&app, &mut visitor).await;
    let edit = format!("{path}/modifier");
    let (one, other) =
        (opened(&app, &mut visitor, &edit).await, opened(&app, &mut visitor, &edit).await);
    let seen = other.one("version").to_owned();

    let first = one.set("resume", "Trois jours.").press(&mut visitor, &edit, "envoyer").await;
    let other = other.set("resume", "Quatre jours.");
    let second = other.press(&mut visitor, &edit, "envoyer").await;
    let withdraws = [("action", "retirer-oui"), ("version", seen.as_str())];
    let gone = visitor.post(&path, &withdraws).await;

    assert_eq!((first.status, second.status, gone.status), (303, 409, 409), "{}", second.body);
    assert_eq!(Form::on(&second, "proposition").one("resume"), "Quatre jours.", "no word is lost");
    let kept = db_proposals(&app).await.pop().unwrap();
    assert!(kept.payload.contains("Trois jours.") && !kept.payload.contains("Quatre"));
    assert_eq!(kept.state, State::Received, "what was changed since is not taken back unseen");
    app.end().await;
}

#[tokio::test]
async fn who_changes_a_proposal_keeps_the_person_to_call_that_only_pilots_read() {
    let app = TestApp::start().await;
    let mut nour = app.member("Nour").await;
    let form = six(opened(&app, &mut nour, "/proposer").await).set("contact-nom", "Camille, 06 12");
    assert_eq!(form.press(&mut nour, "/proposer", "envoyer").await.status, 303);
    let path = format!("/mes-offres/propositions/{}", db_proposals(&app).await[0].receipt);
    let edit = format!("{path}/modifier");

    let form = opened(&app, &mut nour, &edit).await;
    let shown = form.one("contact-nom").to_owned();
    let saved = form.set("resume", "Trois jours.").press(&mut nour, &edit, "envoyer").await;

    assert_eq!((shown.as_str(), saved.status), ("Camille, 06 12", 303), "{}", saved.body);
    let kept = db_proposals(&app).await.pop().unwrap();
    assert!(kept.private.unwrap().contains("Camille, 06 12"));
    app.end().await;
}

#[tokio::test]
async fn a_lost_link_of_a_member_is_sent_to_whoever_has_the_address_and_the_receipt_of_one() {
    let app = TestApp::start().await;
    let mut nour = app.member("Nour").await;
    for title in ["Débattre", "Cuisiner à mille mains"] {
        let form = six(opened(&app, &mut nour, "/proposer").await).set("intitule", title);
        let form = form.add("vus", "oui");
        assert_eq!(form.press(&mut nour, "/proposer", "envoyer").await.status, 303);
    }
    app.mails_by_now().await;
    let kept = db_proposals(&app).await;
    let [one, other] = [0, 1].map(|at: usize| kept[at].receipt.as_str());

    let mut visitor = app.visitor();
    for (address, receipt) in [("autre@exemple.fr", one), ("nour@exemple.fr", other)] {
        let asks = [("courriel", address), ("recu", receipt)];
        assert_eq!(visitor.post("/suivi", &asks).await.status, 200);
    }

    // They are looked at in their order: a mail for the first would come first.
    let mail = app.mail().await;
    assert!(mail.to == "nour@exemple.fr" && mail.body.contains(other), "{}", mail.body);
    assert!(!mail.body.contains(one), "{}", mail.body);
    app.end().await;
}

#[tokio::test]
async fn a_message_as_long_as_four_pages_is_sent_and_a_longer_one_keeps_its_words() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let path = followed(&app, &mut visitor).await;

    let longest = "é".repeat(4_000);
    let sent = visitor.post(&path, &[("action", "message"), ("message", &longest)]).await;
    let longer = format!("{longest}!");
    let held = visitor.post(&path, &[("action", "message"), ("message", &longer)]).await;

    assert_eq!((sent.status, held.status), (303, 422));
    assert!(held.body.contains(&longer) && held.body.contains("Ce message est trop long"));
    app.end().await;
}

#[tokio::test]
async fn a_place_that_asks_for_lost_links_again_and_again_waits_an_hour() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let receipt = tablee_storage::proposals::receipt_of(ProposalId(7));
    let asks = [("courriel", "zoe@exemple.fr"), ("recu", receipt.as_str())];

    let mut statuses = Vec::new();
    for _ in 0..11 {
        statuses.push(visitor.post("/suivi", &asks).await.status);
    }
    app.clock.minutes_pass(60);
    let later = visitor.post("/suivi", &asks).await;

    assert_eq!(statuses, [[200; 10].as_slice(), &[429]].concat());
    assert_eq!(later.status, 200);
    app.end().await;
}

#[tokio::test]
async fn pilots_hear_of_what_a_member_proposes_and_of_what_an_author_answers() {
    let app = TestApp::start().await;
    let (mut nour, mut lea) = (app.member("Nour").await, app.pilot("Lea").await);
    assert_eq!(lea.post("/preferences", &[("queue", "now")]).await.status, 303);
    let to_lea = async || {
        app.clock.minutes_pass(16);
        app.mails_by_now().await.iter().filter(|mail| mail.to == "lea@exemple.fr").count()
    };
    let form = six(opened(&app, &mut nour, "/proposer").await);

    assert_eq!(form.press(&mut nour, "/proposer", "envoyer").await.status, 303);
    let proposed = to_lea().await;
    let path = format!("/mes-offres/propositions/{}", db_proposals(&app).await[0].receipt);
    let answer = [("action", "message"), ("message", "Elle se donne aussi en mai.")];
    assert_eq!(nour.post(&path, &answer).await.status, 303);

    assert_eq!((proposed, to_lea().await), (1, 1));
    app.end().await;
}

#[tokio::test]
async fn whoever_lost_the_mail_that_asked_to_confirm_gets_another_and_follows_nothing_before() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let lost = proposes(&app, &mut visitor).await;
    let receipt = db_proposals(&app).await[0].receipt.clone();

    let asks = [("courriel", "visiteuse@exemple.org"), ("recu", receipt.as_str())];
    assert_eq!(visitor.post("/suivi", &asks).await.status, 200);

    let mail = app.mail().await;
    assert!(!mail.body.contains("/suivi/"), "{}", mail.body);
    let link = link_in(&mail, "/proposer/confirmer/");
    assert_ne!(link, lost);
    assert_eq!(visitor.post(&link, &[]).await.status, 303);
    assert_eq!(visitor.post(&lost, &[]).await.status, 410, "one of them was enough");
    app.end().await;
}
