//! The queue of mails: what leaves, when, how often, and what is told of it.

use tablee::i18n::Locale;
use tablee::mail::message::Unwritable;
use tablee::mail::{Letter, LetterKind, Mail, Posted, Recipient, Undelivered};
use tablee_domain::ids::{PersonId, Timestamp};
use tablee_domain::people::Role;
use tablee_storage::mails::{self, Logged, State};
use tablee_storage::people;

use crate::support::{Browser, Folder, TestApp};

pub fn question(receipt: &str) -> LetterKind {
    LetterKind::Question {
        receipt: receipt.to_owned(),
        link: "/suivi/00ff".to_owned(),
        words: "Est-ce <encore> en mars ?".to_owned(),
    }
}

pub fn confirmation() -> LetterKind {
    LetterKind::ConfirmProposal {
        link: "/proposer/confirmer/00ff".to_owned(),
        receipt: "P-12-KD".to_owned(),
    }
}

pub fn visitor(address: &str) -> Recipient {
    Recipient::Visitor { address: address.to_owned(), language: Locale::Fr }
}

/// Posts a letter as a handler does.
pub async fn posts(app: &TestApp, letter: Letter) -> Posted {
    let mut tx = app.app.store.begin().await.unwrap();
    let posted = app.app.mails.post(&mut tx, letter).await.unwrap();
    tx.commit().await.unwrap();
    posted
}

/// The person with this name.
pub async fn who(app: &TestApp, name: &str) -> PersonId {
    let mut tx = app.app.store.read().await.unwrap();
    let email = format!("{}@exemple.fr", name.to_lowercase());
    people::find_by_email(&mut tx, &email).await.unwrap().unwrap().id
}

async fn log(app: &TestApp) -> Vec<Logged> {
    let mut tx = app.app.store.read().await.unwrap();
    mails::log(&mut tx, 100, None).await.unwrap()
}

fn subjects(mails: &[Mail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.subject.as_str()).collect()
}

fn headers(mail: &Mail) -> String {
    let raw = String::from_utf8(mail.message().unwrap().formatted()).unwrap();
    raw.split("\r\n\r\n").next().unwrap().to_owned()
}

async fn log_page(browser: &mut Browser) -> String {
    let page = browser.get("/reglages/courriels").await;
    assert_eq!(page.status, 200, "{}", page.body);
    page.body
}

#[tokio::test]
async fn a_letter_leaves_if_what_it_tells_of_was_kept_and_not_otherwise() {
    let app = TestApp::start().await;
    let mut tx = app.app.store.begin().await.unwrap();
    let letter = Letter::new(visitor("nour@exemple.fr"), question("P-1-AA"));
    app.app.mails.post(&mut tx, letter).await.unwrap();

    drop(tx);
    assert_eq!(app.mails_by_now().await, []);
    posts(&app, Letter::new(visitor("Nour@Exemple.fr"), question("P-2-BB"))).await;

    let mail = app.mail().await;
    assert_eq!(mail.to, "nour@exemple.fr");
    assert_eq!(mail.subject, "Une question sur votre proposition P-2-BB");
    assert!(mail.body.contains("> Est-ce <encore> en mars ?"), "{}", mail.body);
    assert!(mail.html.contains("Est-ce &#60;encore&#62; en mars ?"), "{}", mail.html);
    assert!(mail.body.contains("http://127.0.0.1:8080/suivi/00ff"), "{}", mail.body);
    app.end().await;
}

#[tokio::test]
async fn the_carrier_hears_of_a_letter_by_itself() {
    let app = TestApp::start().await;

    for number in 1..=3 {
        let receipt = format!("P-{number}-AA");
        posts(&app, Letter::new(visitor("nour@exemple.fr"), question(&receipt))).await;
        // Nobody asks for a round: the post woke it.
        assert!(app.mail().await.subject.contains(&receipt));
    }
    app.end().await;
}

#[tokio::test]
async fn news_say_how_to_end_them_and_what_was_asked_for_does_not() {
    let app = TestApp::start().await;
    posts(&app, Letter::new(visitor("nour@exemple.fr"), question("P-1-AA"))).await;
    posts(&app, Letter::new(visitor("nour@exemple.fr"), confirmation())).await;

    let mails = app.mails_by_now().await;
    let [news, asked] = &mails[..] else { panic!("{:?}", subjects(&mails)) };

    let link = news.unsubscribe.as_deref().unwrap();
    assert!(link.starts_with("http://127.0.0.1:8080/desabonnement/"), "{link}");
    assert!(news.body.contains(link) && news.html.contains(link));
    assert!(headers(news).contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    assert!(headers(news).contains("Auto-Submitted: auto-generated"));
    assert!(!link.contains("nour"), "no address stands in an address: {link}");
    assert_eq!(asked.unsubscribe, None);
    assert!(!asked.body.contains("desabonnement") && !headers(asked).contains("Unsubscribe"));
    app.end().await;
}

#[tokio::test]
async fn a_mail_that_is_not_taken_is_tried_again_ever_later_and_then_given_up_and_shown() {
    let app = TestApp::start().await;
    let mut ines = app.person("Inès", Role::Admin).await;
    app.mail_server_is(Some(Undelivered::NotNow(451)));
    posts(&app, Letter::new(visitor("nour@exemple.fr"), question("P-1-AA"))).await;
    app.carries().await;

    for (attempt, minutes) in [(1, 1), (2, 5), (3, 30), (4, 120), (5, 480)] {
        let waiting = &log(&app).await[0];
        assert_eq!((waiting.state, waiting.attempts), (State::Waiting, attempt));
        let again = waiting.not_before.get() - app.app.clock.now().get();
        assert_eq!(again, minutes * 60_000, "after attempt {attempt}");
        app.clock.minutes_pass(minutes - 1);
        app.carries().await;
        assert_eq!(log(&app).await[0].attempts, attempt, "not before its time");
        app.clock.minutes_pass(1);
        app.carries().await;
    }

    let over = &log(&app).await[0];
    assert_eq!((over.state, over.attempts), (State::GivenUp, 6));
    let page = log_page(&mut ines).await;
    assert!(page.contains("Abandonné") && page.contains("(code 451)"), "{page}");
    assert!(page.contains("nour@exemple.fr") && !page.contains("encore"), "no words: {page}");
    app.mail_server_is(None);
    let again = ines.post("/reglages/courriels", &[("courriel", &over.id.to_string())]).await;
    assert_eq!(again.status, 303, "{}", again.body);
    assert!(app.mail().await.subject.contains("P-1-AA"));
    assert!(log_page(&mut ines).await.contains("Parti"));
    app.end().await;
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_not_tried_again() {
    let app = TestApp::start().await;
    for trouble in [Undelivered::Refused(550), Undelivered::Unwritable(Unwritable::Words)] {
        app.mail_server_is(Some(trouble));
        posts(&app, Letter::new(visitor("nour@exemple.fr"), question("P-1-AA"))).await;
        app.carries().await;

        let over = &log(&app).await[0];
        assert_eq!((over.state, over.attempts), (State::GivenUp, 1));
        assert!(over.has_words, "somebody may send it again");
    }
    app.end().await;
}

#[tokio::test]
async fn a_mail_server_that_is_away_is_left_alone_for_a_minute_and_then_gets_all_in_order() {
    let app = TestApp::start().await;
    app.mail_server_is(Some(Undelivered::Away));
    for number in 1..=5 {
        posts(&app, Letter::new(visitor("nour@exemple.fr"), question(&format!("P-{number}-AA"))))
            .await;
    }
    for _ in 0..10 {
        app.carries().await;
    }
    let tried: Vec<i64> = log(&app).await.iter().map(|mail| mail.attempts).collect();
    assert_eq!(tried.iter().sum::<i64>(), 1, "only one was tried: {tried:?}");

    app.mail_server_is(None);
    assert_eq!(app.mails_by_now().await, []);
    app.clock.minutes_pass(1);

    let mails = app.mails_by_now().await;
    let numbers: Vec<&str> =
        mails.iter().map(|mail| mail.subject.split("P-").nth(1).unwrap()).collect();
    assert_eq!(numbers, ["2-AA", "3-AA", "4-AA", "5-AA", "1-AA"], "those never tried come first");
    assert_eq!(app.mails_by_now().await, []);
    app.end().await;
}

#[tokio::test]
async fn an_administrator_who_mended_the_mail_server_need_not_wait() {
    let app = TestApp::start().await;
    let mut ines = app.person("Inès", Role::Admin).await;
    app.mail_server_is(Some(Undelivered::Away));
    posts(&app, Letter::new(visitor("nour@exemple.fr"), question("P-1-AA"))).await;
    app.carries().await;
    let page = log_page(&mut ines).await;
    assert!(page.contains("Essayer maintenant"), "{page}");

    app.mail_server_is(None);
    let id = log(&app).await[0].id.to_string();
    assert_eq!(ines.post("/reglages/courriels", &[("courriel", &id)]).await.status, 303);

    assert!(app.mail().await.subject.contains("P-1-AA"));
    for nothing in ["999", &id] {
        let answer = ines.post("/reglages/courriels", &[("courriel", nothing)]).await;
        assert_eq!(answer.status, 404, "what left, or never was, is not sent again");
    }
    app.end().await;
}

#[tokio::test]
async fn what_waits_survives_a_stop_and_a_start() {
    let app = TestApp::start().await;
    app.mail_server_is(Some(Undelivered::Away));
    posts(&app, Letter::new(visitor("nour@exemple.fr"), question("P-1-AA"))).await;
    app.carries().await;
    let folder = app.leaves_its_folder().await;

    let app = TestApp::start_asleep(folder, 8, |_| {}).await;
    app.clock.minutes_pass(1);

    assert_eq!(subjects(&app.mails_by_now().await).len(), 1);
    assert_eq!(app.mails_by_now().await, []);
    app.end().await;
}

#[tokio::test]
async fn a_kill_between_sending_and_noting_sends_once_more_under_the_same_number() {
    let app = TestApp::start().await;
    let letter = Letter::new(visitor("nour@exemple.fr"), question("P-1-AA"));
    let first_number = {
        posts(&app, letter.clone()).await;
        app.mail().await.id
    };
    // As a process leaves it that was killed while the mail server held the next one.
    let later = Timestamp(app.app.clock.now().get() + 60_000);
    posts(&app, letter.not_before(later)).await;
    app.clock.minutes_pass(1);
    let mut tx = app.app.store.begin().await.unwrap();
    let due = mails::due(&mut tx, later, 9).await.unwrap();
    let claimed =
        mails::claim(&mut tx, due[0].id, 1, later, Timestamp(later.get() + 120_000)).await;
    assert_eq!(claimed, Ok(true));
    tx.commit().await.unwrap();
    assert_eq!(app.mails_by_now().await, [], "somebody else has it");
    let folder: Folder = app.leaves_its_folder().await;

    let app = TestApp::start_asleep(folder, 8, |_| {}).await;
    app.clock.minutes_pass(1);
    let again = app.mails_by_now().await;

    assert_eq!(again.len(), 1);
    assert_ne!(again[0].id, first_number);
    assert!(again[0].id.ends_with("@127.0.0.1"), "{}", again[0].id);
    assert_eq!(log(&app).await[0].attempts, 2);
    app.end().await;
}

#[tokio::test]
async fn a_carrier_that_never_comes_back_loses_its_mail_to_another_after_two_minutes() {
    let app = TestApp::start().await;
    let later = Timestamp(app.app.clock.now().get() + 60_000);
    posts(&app, Letter::new(visitor("nour@exemple.fr"), question("P-1-AA")).not_before(later))
        .await;
    app.clock.minutes_pass(1);
    let mut tx = app.app.store.begin().await.unwrap();
    let due = mails::due(&mut tx, later, 9).await.unwrap();
    let until = Timestamp(later.get() + 120_000);
    assert!(mails::claim(&mut tx, due[0].id, 1, later, until).await.unwrap());
    tx.commit().await.unwrap();

    app.clock.minutes_pass(1);
    assert_eq!(app.mails_by_now().await, []);
    app.clock.minutes_pass(1);

    assert_eq!(app.mails_by_now().await.len(), 1);
    app.end().await;
}

#[tokio::test]
async fn a_decision_that_is_undone_within_its_ten_minutes_is_told_to_nobody() {
    let app = TestApp::start().await;
    let in_ten = Timestamp(app.app.clock.now().get() + 600_000);
    let accepted = LetterKind::Accepted {
        receipt: "P-1-AA".to_owned(),
        title: "Débattre".to_owned(),
        offer: None,
        retouched: false,
    };
    let letter = Letter::new(visitor("nour@exemple.fr"), accepted).not_before(in_ten);
    posts(&app, letter.clone().under_key("accepted 1 3")).await;
    posts(&app, letter.clone().under_key("accepted 1 3")).await;
    posts(&app, letter.under_key("accepted 2 1")).await;
    app.clock.minutes_pass(9);
    assert_eq!(app.mails_by_now().await, []);

    let mut tx = app.app.store.begin().await.unwrap();
    assert_eq!(app.app.mails.drop_by_key(&mut tx, "accepted 1 3").await, Ok(true));
    assert_eq!(app.app.mails.drop_by_key(&mut tx, "accepted 1 3").await, Ok(false));
    tx.commit().await.unwrap();
    app.clock.minutes_pass(1);

    assert_eq!(app.mails_by_now().await.len(), 1, "the other one, once");
    let mut tx = app.app.store.begin().await.unwrap();
    assert_eq!(app.app.mails.drop_by_key(&mut tx, "accepted 2 1").await, Ok(false), "it left");
    drop(tx);
    app.end().await;
}

#[tokio::test]
async fn nobody_can_flood_an_address_with_confirmations() {
    let app = TestApp::start().await;

    let mut outcomes = Vec::new();
    for written in [
        "nour@exemple.fr",
        "NOUR@exemple.fr",
        " nour@exemple.fr",
        "Nour@Exemple.Fr",
        "nour@exemple.fr",
    ] {
        outcomes.push(posts(&app, Letter::new(visitor(written), confirmation())).await);
    }
    for _ in 0..1_000 {
        posts(&app, Letter::new(visitor("nour@exemple.fr"), confirmation())).await;
    }

    let kept = outcomes.iter().filter(|outcome| **outcome == Posted::Kept).count();
    assert_eq!((kept, outcomes[4]), (3, Posted::TooMany));
    assert_eq!(app.mails_by_now().await.len(), 3);
    let other = posts(&app, Letter::new(visitor("zoe@exemple.fr"), confirmation())).await;
    assert_eq!(other, Posted::Kept);
    app.clock.minutes_pass(60);
    let later = posts(&app, Letter::new(visitor("nour@exemple.fr"), confirmation())).await;
    assert_eq!(later, Posted::Kept);
    app.end().await;
}

#[tokio::test]
async fn two_hundred_confirmations_an_hour_are_all_there_are() {
    let app = TestApp::start().await;

    let mut tx = app.app.store.begin().await.unwrap();
    let mut kept = 0;
    for number in 0..230 {
        let letter = Letter::new(visitor(&format!("a{number}@exemple.fr")), confirmation());
        kept += usize::from(app.app.mails.post(&mut tx, letter).await.unwrap() == Posted::Kept);
    }

    assert_eq!(kept, 200);
    let news = Letter::new(visitor("nour@exemple.fr"), question("P-1-AA"));
    assert_eq!(app.app.mails.post(&mut tx, news).await, Ok(Posted::Kept), "others still leave");
    drop(tx);
    app.end().await;
}

#[tokio::test]
async fn what_is_no_address_gets_no_mail_and_a_confirmation_that_is_over_does_not_leave() {
    let app = TestApp::start().await;
    for hostile in ["", "lea", "lea@exemple.fr\r\nBcc: b@exemple.fr", "a@b.fr,c@d.fr", "<a@b.fr>"] {
        let posted = posts(&app, Letter::new(visitor(hostile), confirmation())).await;
        assert_eq!(posted, Posted::NotWanted, "{hostile:?}");
    }
    app.mail_server_is(Some(Undelivered::Away));
    posts(&app, Letter::new(visitor("nour@exemple.fr"), confirmation())).await;
    app.carries().await;

    app.clock.days_pass(8);
    app.mail_server_is(None);

    assert_eq!(app.mails_by_now().await, []);
    let over = &log(&app).await[0];
    assert_eq!((over.state, over.has_words), (State::GivenUp, false));
    assert_eq!(over.error.as_deref(), Some("expired"));
    app.end().await;
}

#[tokio::test]
async fn a_mail_follows_its_reader_to_a_new_address_and_ends_with_their_login() {
    let app = TestApp::start().await;
    app.db_person("Léa", Role::Member).await;
    app.db_person("Nour", Role::Member).await;
    let in_ten = Timestamp(app.app.clock.now().get() + 600_000);
    for name in ["Léa", "Nour"] {
        let reader = Recipient::Person(who(&app, name).await);
        posts(&app, Letter::new(reader, question("P-1-AA")).not_before(in_ten)).await;
    }

    app.db_removes("léa@exemple.fr").await;
    app.clock.minutes_pass(10);

    let mails = app.mails_by_now().await;
    assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["nour@exemple.fr"]);
    app.end().await;
}

#[tokio::test]
async fn what_became_of_mails_is_for_administrators_and_never_tells_what_they_said() {
    let app = TestApp::start().await;
    let mut ines = app.person("Inès", Role::Admin).await;
    assert!(log_page(&mut ines).await.contains("Aucun courriel ici."));
    posts(&app, Letter::new(visitor("nour@exemple.fr"), question("P-1-AA"))).await;
    app.mail().await;
    app.carries().await;
    app.mail_server_is(Some(Undelivered::Refused(550)));
    posts(&app, Letter::new(visitor("zoe@exemple.fr"), question("P-2-BB"))).await;
    app.carries().await;

    let page = log_page(&mut ines).await;
    for word in ["nour@exemple.fr", "zoe@exemple.fr", "P-1-AA", "Parti", "(code 550)", "Renvoyer"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(!page.contains("encore") && !page.contains("/suivi/"), "{page}");
    let only = ines.get("/reglages/courriels?etat=given-up").await.body;
    assert!(only.contains("zoe@exemple.fr") && !only.contains("nour@exemple.fr"), "{only}");
    let english = ines.get("/reglages/courriels?lang=en").await.body;
    assert!(english.contains("Given up") && english.contains("refuses this message"), "{english}");
    for mut browser in [app.member("Paul").await, app.pilot("Maya").await] {
        assert_eq!(browser.get("/reglages/courriels").await.status, 403);
        assert_eq!(browser.post("/reglages/courriels", &[("courriel", "1")]).await.status, 403);
    }
    assert_eq!(app.visitor().get("/reglages/courriels").await.status, 401);
    app.end().await;
}

#[tokio::test]
async fn once_a_mail_has_left_its_words_are_kept_nowhere() {
    let app = TestApp::start().await;
    posts(&app, Letter::new(visitor("nour@exemple.fr"), question("P-1-AA"))).await;
    app.mail().await;
    app.carries().await;

    let logged = &log(&app).await[0];
    assert_eq!((logged.state, logged.has_words), (State::Sent, false));
    app.clock.days_pass(182);
    app.carries().await;
    assert_eq!(log(&app).await, [], "after half a year, nor is who was written to");
    app.end().await;
}
