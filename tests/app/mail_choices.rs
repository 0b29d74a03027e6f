//! What people choose to be told about, when, and how they end it.

use axum::http::Method;
use tablee::mail::{Channel, Letter, LetterKind, Mail, Posted, Recipient, Topic};
use tablee::site::SiteSettings;
use tablee_domain::ids::RowId;
use tablee_storage::proposals::{self, Kind, NewProposal};
use tablee_storage::{owners, tables};

use crate::history::{MUD, WATER, changes, two_offers};
use crate::mail_queue::{confirmation, posts, question, visitor, who};
use crate::support::{Browser, TestApp};

const FORM: &str = "application/x-www-form-urlencoded";

fn to<'m>(mails: &'m [Mail], name: &str) -> Vec<&'m Mail> {
    mails.iter().filter(|mail| mail.to == format!("{name}@exemple.fr")).collect()
}

/// The clock goes on to the next morning at eight, in Paris.
fn morning_comes(app: &TestApp) {
    use tablee::i18n::Zone;
    let zone = Zone::default();
    let now = app.app.clock.now();
    let today = zone.day(now);
    let eight = |day: &str| zone.said(&format!("{day}T08:00")).unwrap();
    let next = if eight(&today) > now {
        eight(&today)
    } else {
        eight(&zone.day(zone.ends(&today).unwrap()))
    };
    app.clock.minutes_pass((next.get() - now.get()) / 60_000);
}

/// Somebody suggests `many` things in the table.
async fn db_suggests(app: &TestApp, name: &str, many: usize) {
    let author = who(app, name).await;
    let mut tx = app.app.store.begin().await.unwrap();
    let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
    let new: Vec<_> = (0..many)
        .map(|at| NewProposal::of_person(Kind::Suggestion, author, &format!("k{at}"), "{}"))
        .collect();
    proposals::add(&mut tx, table, &new, app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn chooses(browser: &mut Browser, choices: &[(&str, &str)]) {
    let answer = browser.post("/preferences", choices).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

#[tokio::test]
async fn authors_hear_at_once_and_pilots_once_a_day_unless_they_choose_otherwise() {
    let app = TestApp::start().await;
    let (mut nour, mut lea) = (app.member("Nour").await, app.pilot("Lea").await);

    let page = nour.get("/preferences").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<option value=\"now\" selected>"), "{}", page.body);
    assert!(!page.body.contains("name=\"queue\""), "only pilots have a queue: {}", page.body);
    assert!(lea.get("/preferences").await.body.contains("name=\"queue\""));
    let reader = Recipient::Person(who(&app, "Nour").await);
    posts(&app, Letter::new(reader.clone(), question("P-1-AA"))).await;
    assert_eq!(app.mails_by_now().await.len(), 1);

    chooses(&mut nour, &[("proposals", "daily"), ("rows", "none"), ("queue", "now")]).await;
    assert!(nour.get("/preferences?fait=1").await.body.contains("enregistrés"));
    for number in 2..=4 {
        posts(&app, Letter::new(reader.clone(), question(&format!("P-{number}-AA")))).await;
    }
    assert_eq!(app.mails_by_now().await, [], "not before the morning");
    morning_comes(&app);

    let mails = app.mails_by_now().await;
    let [mail] = &to(&mails, "nour")[..] else { panic!("{mails:?}") };
    assert_eq!(mail.subject, "Des nouvelles de l’inventaire");
    for number in 2..=4 {
        assert!(mail.body.contains(&format!("Une question sur votre proposition P-{number}-AA")));
        assert!(mail.html.contains(&format!("P-{number}-AA")));
    }
    chooses(&mut nour, &[("proposals", "none")]).await;
    assert_eq!(posts(&app, Letter::new(reader, question("P-5-AA"))).await, Posted::NotWanted);
    app.end().await;
}

#[tokio::test]
async fn a_choice_holds_for_what_waits_already() {
    let app = TestApp::start().await;
    let (mut nour, mut zoe) = (app.member("Nour").await, app.member("Zoe").await);
    chooses(&mut nour, &[("proposals", "daily")]).await;
    let in_ten = tablee_domain::ids::Timestamp(app.app.clock.now().get() + 600_000);
    for name in ["Nour", "Zoe"] {
        let reader = Recipient::Person(who(&app, name).await);
        posts(&app, Letter::new(reader, question("P-1-AA")).not_before(in_ten)).await;
    }

    chooses(&mut nour, &[("proposals", "now")]).await;
    chooses(&mut zoe, &[("proposals", "none")]).await;
    assert_eq!(app.mails_by_now().await, []);
    app.clock.minutes_pass(10);

    let mails = app.mails_by_now().await;
    assert_eq!((to(&mails, "nour").len(), to(&mails, "zoe").len()), (1, 0));
    app.end().await;
}

#[tokio::test]
async fn somebody_who_reads_english_is_written_to_in_english() {
    let app = TestApp::start().await;
    let mut nour = app.member("Nour").await;
    chooses(&mut nour, &[("langue", "en")]).await;

    let reader = Recipient::Person(who(&app, "Nour").await);
    posts(&app, Letter::new(reader, question("P-1-AA"))).await;

    let mail = app.mail().await;
    assert_eq!(mail.subject, "A question about your proposal P-1-AA");
    assert!(mail.body.starts_with("Hello,") && mail.body.contains("/suivi/00ff?lang=en"));
    assert!(mail.html.contains("<html lang=\"en\">"), "{}", mail.html);
    app.end().await;
}

#[tokio::test]
async fn a_thousand_events_in_a_minute_are_one_digest_in_the_morning() {
    let app = TestApp::start().await;
    app.pilot("Lea").await;
    app.member("Nour").await;
    morning_comes(&app);
    app.mails_by_now().await;

    db_suggests(&app, "Nour", 1_000).await;
    let mut tx = app.app.store.begin().await.unwrap();
    for number in 0..1_000 {
        let kind = LetterKind::Submitted {
            receipt: format!("P-{number}-AA"),
            link: "/atelier".to_owned(),
        };
        app.app.mails.post(&mut tx, Letter::new(Recipient::Pilots, kind)).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(app.mails_by_now().await, []);
    morning_comes(&app);

    let mails = app.mails_by_now().await;
    let [mail] = &to(&mails, "lea")[..] else { panic!("{mails:?}") };
    assert!(mail.body.contains("modifications suggérées"), "{}", mail.body);
    assert_eq!(to(&mails, "nour"), Vec::<&Mail>::new());
    assert_eq!(app.mails_by_now().await, [], "once");
    app.clock.minutes_pass(60);
    assert_eq!(app.mails_by_now().await, [], "once a day");
    app.end().await;
}

#[tokio::test]
async fn where_nothing_waits_the_morning_brings_nothing() {
    let app = TestApp::start().await;
    app.pilot("Lea").await;

    for _ in 0..8 {
        morning_comes(&app);
        assert_eq!(app.mails_by_now().await, []);
    }
    app.end().await;
}

#[tokio::test]
async fn who_wants_it_weekly_hears_on_monday_and_the_hour_is_the_sites() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Lea").await;
    app.member("Nour").await;
    chooses(&mut lea, &[("queue", "weekly")]).await;
    db_suggests(&app, "Nour", 3).await;

    // The clock stands on a Monday at noon: its morning is over.
    let mut mornings = Vec::new();
    for _ in 0..8 {
        morning_comes(&app);
        mornings.push(to(&app.mails_by_now().await, "lea").len());
    }

    assert_eq!(mornings, [0, 0, 0, 0, 0, 0, 1, 0]);
    app.end().await;
}

#[tokio::test]
async fn pilots_who_want_to_know_at_once_get_one_mail_in_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Lea").await;
    app.pilot("Maya").await;
    chooses(&mut lea, &[("queue", "now")]).await;

    let mut tx = app.app.store.begin().await.unwrap();
    for number in 0..1_000 {
        let kind = LetterKind::Submitted {
            receipt: format!("P-{number}-AA"),
            link: "/atelier".to_owned(),
        };
        app.app.mails.post(&mut tx, Letter::new(Recipient::Pilots, kind)).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(app.mails_by_now().await, []);
    app.clock.minutes_pass(15);

    let mails = app.mails_by_now().await;
    assert_eq!((mails.len(), to(&mails, "lea").len()), (1, 1));
    app.clock.minutes_pass(60);
    assert_eq!(app.mails_by_now().await, []);
    app.end().await;
}

#[tokio::test]
async fn an_afternoon_of_edits_in_somebodys_row_is_one_line_once_it_is_quiet() {
    let (app, mut nour, _lea) = two_offers().await;
    chooses(&mut nour, &[("rows", "now")]).await;
    let owner = who(&app, "Nour").await;
    let mut tx = app.app.store.begin().await.unwrap();
    let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
    for row in [WATER, MUD] {
        owners::set(&mut tx, table, &RowId::new(row).unwrap(), owner).await.unwrap();
    }
    tx.commit().await.unwrap();
    app.mails_by_now().await;

    for minute in 0..30 {
        changes(&app, "Léa", WATER, "url", format!("https://exemple.fr/{minute}").as_str()).await;
        changes(&app, "Léa", WATER, "code_rncp", format!("RNCP{minute}").as_str()).await;
        changes(&app, "Nour", MUD, "url", format!("https://exemple.fr/{minute}").as_str()).await;
        app.clock.minutes_pass(1);
        assert_eq!(app.mails_by_now().await, [], "she is still at it");
    }
    app.clock.minutes_pass(10);

    let mails = app.mails_by_now().await;
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(
        (mail.to.as_str(), mail.subject.as_str()),
        ("nour@exemple.fr", "Une de vos fiches a été modifiée")
    );
    assert!(mail.body.contains("Dialoguer autour de l'eau"), "{}", mail.body);
    assert!(mail.body.contains("2 champs modifiés par Léa"), "{}", mail.body);
    assert!(mail.body.contains(&format!("/historique?row={WATER}")), "{}", mail.body);
    app.clock.minutes_pass(60);
    assert_eq!(app.mails_by_now().await, []);
    app.end().await;
}

/// The path of the link below a mail.
fn link_below(mail: &Mail) -> String {
    let url = mail.unsubscribe.clone().unwrap();
    format!("/desabonnement/{}", url.split_once("/desabonnement/").unwrap().1)
}

async fn next_mail_to(app: &TestApp, reader: Recipient) -> Mail {
    posts(app, Letter::new(reader, question("P-1-AA"))).await;
    app.mail().await
}

#[tokio::test]
async fn a_scanner_that_looks_at_every_link_ends_no_mails() {
    let app = TestApp::start().await;
    app.member("Nour").await;
    let reader = Recipient::Person(who(&app, "Nour").await);
    let link = link_below(&next_mail_to(&app, reader.clone()).await);

    let mut scanner = app.visitor();
    for _ in 0..5 {
        let page = scanner.get(&link).await;
        assert_eq!((page.status, page.body.matches("<button").count()), (200, 1));
        assert!(page.body.contains("Mes propositions"), "{}", page.body);
        assert_eq!(scanner.head(&link).await.status, 200);
        for body in ["", "x=1", "List-Unsubscribe=No", "reprendre=1", "jeton=00"] {
            let headers = [("content-type", FORM)];
            let answer = scanner.send(Method::POST, &link, &headers, body.to_owned()).await;
            assert_eq!(answer.status, 403, "{body}");
        }
    }

    assert_eq!(posts(&app, Letter::new(reader, question("P-2-AA"))).await, Posted::Kept);
    app.end().await;
}

#[tokio::test]
async fn the_button_ends_mails_about_one_topic_and_lets_them_come_again() {
    let app = TestApp::start().await;
    app.member("Nour").await;
    let id = who(&app, "Nour").await;
    let reader = Recipient::Person(id);
    let link = link_below(&next_mail_to(&app, reader.clone()).await);

    let left = app.visitor().post(&link, &[]).await;
    assert_eq!(left.status, 200);
    assert!(left.body.contains("Vous ne recevrez plus"), "{}", left.body);
    assert_eq!(
        posts(&app, Letter::new(reader.clone(), question("P-2-AA"))).await,
        Posted::NotWanted
    );
    let mut tx = app.app.store.read().await.unwrap();
    let person = tablee_storage::people::find(&mut tx, id).await.unwrap().unwrap();
    let rows = app.app.mails.channel(&mut tx, &person, Topic::Rows).await;
    assert_eq!(rows, Ok(Channel::Daily), "the others stay");
    drop(tx);
    let again = app.visitor().post(&link, &[("reprendre", "1")]).await;

    assert!(again.body.contains("de nouveau"), "{}", again.body);
    assert_eq!(posts(&app, Letter::new(reader, question("P-3-AA"))).await, Posted::Kept);
    app.end().await;
}

#[tokio::test]
async fn a_mail_program_ends_mails_with_one_form_and_only_from_no_page() {
    let app = TestApp::start().await;
    let link = link_below(&next_mail_to(&app, visitor("nour@exemple.fr")).await);
    let one_click = "List-Unsubscribe=One-Click";
    let foreign = [("content-type", FORM), ("origin", "https://evil.example")];
    let own = [("content-type", FORM), ("origin", "http://127.0.0.1:8080")];
    for headers in [&foreign[..], &own[..]] {
        let answer = app.visitor().send(Method::POST, &link, headers, one_click.to_owned()).await;
        assert_eq!(answer.status, 403, "a page has our token or none of our trust: {headers:?}");
    }
    let kept = posts(&app, Letter::new(visitor("nour@exemple.fr"), question("P-2-AA"))).await;
    assert_eq!(kept, Posted::Kept);
    app.mail().await;

    let form = [("content-type", FORM)];
    let answer = app.visitor().send(Method::POST, &link, &form, one_click.to_owned()).await;

    assert_eq!(answer.status, 200);
    let news = Letter::new(visitor("Nour@exemple.fr "), question("P-3-AA"));
    assert_eq!(posts(&app, news).await, Posted::NotWanted, "the address, however it is written");
    assert_eq!(
        posts(&app, Letter::new(visitor("zoe@exemple.fr"), question("P-5-AA"))).await,
        Posted::Kept
    );
    let everything = std::fs::read(app.folder().join("tablee.db")).unwrap();
    let holds = |words: &str| everything.windows(words.len()).any(|it| it == words.as_bytes());
    assert!(!holds("muted nour"), "{link}");
    let back = app.visitor().post(&link, &[("reprendre", "1")]).await;
    assert_eq!(back.status, 200);
    let kept = posts(&app, Letter::new(visitor("nour@exemple.fr"), question("P-6-AA"))).await;
    assert_eq!(kept, Posted::Kept);
    app.end().await;
}

#[tokio::test]
async fn a_link_that_no_mail_held_is_no_page() {
    let app = TestApp::start().await;
    let link = link_below(&next_mail_to(&app, visitor("nour@exemple.fr")).await);

    for forged in [
        "/desabonnement/1-queue-00000000000000000000000000000000".to_owned(),
        "/desabonnement/x".to_owned(),
        link.replace("proposals", "queue"),
        format!("{link}0"),
    ] {
        assert_eq!(app.visitor().get(&forged).await.status, 404, "{forged}");
        let form = [("content-type", FORM)];
        let one_click = "List-Unsubscribe=One-Click".to_owned();
        let answer = app.visitor().send(Method::POST, &forged, &form, one_click).await;
        assert_eq!(answer.status, 404, "{forged}");
    }
    app.end().await;
}

#[tokio::test]
async fn choosing_needs_a_login_and_no_role() {
    let app = TestApp::start().await;
    let mut zoe = app.member("Zoe").await;
    let mut tx = app.app.store.begin().await.unwrap();
    let id =
        tablee_storage::people::find_by_email(&mut tx, "zoe@exemple.fr").await.unwrap().unwrap().id;
    tablee_storage::people::set_role(&mut tx, id, None).await.unwrap();
    tx.commit().await.unwrap();

    assert_eq!(zoe.get("/preferences").await.status, 200);
    assert_eq!(app.visitor().get("/preferences").await.status, 401);
    let bad = zoe.post("/preferences", &[("jeton", "00"), ("rows", "none")]).await;
    assert_eq!(bad.status, 403);
    chooses(&mut zoe, &[("rows", "hourly"), ("langue", "de")]).await;
    app.end().await;
}

#[tokio::test]
async fn a_visitor_who_ended_mails_still_gets_the_link_they_ask_for() {
    let app = TestApp::start().await;
    let camille = visitor("camille@exemple.fr");
    let link = link_below(&next_mail_to(&app, camille.clone()).await);
    assert_eq!(app.visitor().post(&link, &[]).await.status, 200);

    let news = posts(&app, Letter::new(camille.clone(), question("P-2-AA"))).await;
    let asked = posts(&app, Letter::new(camille, confirmation())).await;

    assert_eq!((news, asked), (Posted::NotWanted, Posted::Kept));
    let mails = app.mails_by_now().await;
    assert_eq!(mails.len(), 1, "it leaves too");
    assert!(mails[0].body.contains("/proposer/confirmer/"), "{}", mails[0].body);
    app.end().await;
}

/// The clock goes on to a morning.
fn comes_the_day(app: &TestApp, day: &str) {
    let zone = tablee::i18n::Zone::default();
    let eight = zone.said(&format!("{day}T08:00")).unwrap();
    app.clock.minutes_pass((eight.get() - app.app.clock.now().get()) / 60_000);
}

#[tokio::test]
async fn whoever_looks_after_offers_is_asked_once_a_year_whether_they_are_still_right() {
    let (app, _nour, _lea) = two_offers().await;
    let owner = who(&app, "Nour").await;
    let mut tx = app.app.store.begin().await.unwrap();
    let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
    owners::set(&mut tx, table, &RowId::new(WATER).unwrap(), owner).await.unwrap();
    tx.commit().await.unwrap();
    let asked = async |day: &str| {
        comes_the_day(&app, day);
        let mails = app.mails_by_now().await;
        let asked = |mail: &&Mail| mail.subject.contains("toujours à jour");
        let found: Vec<Mail> = mails.iter().filter(asked).cloned().collect();
        found
    };

    assert_eq!(asked("2027-08-31").await, []);
    let first = asked("2027-09-02").await;
    let again = asked("2027-09-03").await;
    let next_year = asked("2028-09-01").await;
    comes_the_day(&app, "2029-03-01");
    let mut nour = app.signs_in("nour@exemple.fr").await;
    let still = [("action", "toujours")];
    assert_eq!(nour.post(&format!("/mes-offres/{WATER}"), &still).await.status, 303);
    let confirmed = asked("2029-09-03").await;
    comes_the_day(&app, "2030-08-01");
    let mut nour = app.signs_in("nour@exemple.fr").await;
    chooses(&mut nour, &[("rows", "none")]).await;
    let unwanted = asked("2030-09-03").await;

    let [mail] = &to(&first, "nour")[..] else { panic!("{first:?}") };
    assert_eq!(first.len(), 1, "nobody else looks after offers");
    assert!(mail.body.contains("Dialoguer autour de l") && mail.body.contains("/mes-offres"));
    assert!(!mail.body.contains("Parler de la boue"), "that one is not theirs: {}", mail.body);
    assert!(mail.unsubscribe.is_some());
    assert_eq!((again.len(), next_year.len()), (0, 1));
    assert_eq!((confirmed.len(), unwanted.len()), (0, 0));
    app.end().await;
}

#[tokio::test]
async fn the_digest_comes_at_the_hour_that_the_association_chose() {
    let app = TestApp::start().await;
    app.pilot("Lea").await;
    app.member("Nour").await;
    let (edition, by) = (app.app.site.edition(), (who(&app, "Lea").await, app.app.clock.now()));
    let settings = SiteSettings { digest_hour: 11, ..(*edition.settings).clone() };
    app.app.site.set(by, edition.settings_version, settings).await.unwrap();
    morning_comes(&app);
    app.mails_by_now().await;
    db_suggests(&app, "Nour", 3).await;
    morning_comes(&app);

    let at_eight = app.mails_by_now().await.len();
    app.clock.minutes_pass(3 * 60 - 1);
    let before_eleven = app.mails_by_now().await.len();
    app.clock.minutes_pass(1);
    let at_eleven = to(&app.mails_by_now().await, "lea").len();

    assert_eq!((at_eight, before_eleven, at_eleven), (0, 0, 1));
    app.end().await;
}

#[tokio::test]
async fn what_waits_for_a_pilot_does_not_leave_once_they_are_none() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Lea").await;
    chooses(&mut lea, &[("queue", "now")]).await;
    let kind = LetterKind::Submitted { receipt: "P-1-AA".to_owned(), link: "/atelier".to_owned() };
    posts(&app, Letter::new(Recipient::Pilots, kind)).await;

    app.db_gives_role("lea@exemple.fr", tablee_domain::people::Role::Member).await;
    app.clock.minutes_pass(15);

    assert_eq!(app.mails_by_now().await, []);
    app.end().await;
}

#[tokio::test]
async fn a_mail_to_a_visitor_that_waits_does_not_leave_once_they_ended_mails() {
    let app = TestApp::start().await;
    let link = link_below(&next_mail_to(&app, visitor("zoe@exemple.fr")).await);
    let in_ten = tablee_domain::ids::Timestamp(app.app.clock.now().get() + 600_000);
    let letter = Letter::new(visitor("zoe@exemple.fr"), question("P-2-AA")).not_before(in_ten);
    assert_eq!(posts(&app, letter).await, Posted::Kept);

    assert_eq!(app.visitor().post(&link, &[]).await.status, 200);
    app.clock.minutes_pass(10);

    assert_eq!(app.mails_by_now().await, []);
    app.end().await;
}

#[tokio::test]
async fn nobody_is_asked_about_offers_that_rest_or_that_they_may_no_longer_look_after() {
    let (app, _nour, _lea) = two_offers().await;
    app.member("Zoe").await;
    let mut tx = app.app.store.begin().await.unwrap();
    let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
    for (row, name) in [(WATER, "nour@exemple.fr"), (MUD, "zoe@exemple.fr")] {
        let id = tablee_storage::people::find_by_email(&mut tx, name).await.unwrap().unwrap().id;
        owners::set(&mut tx, table, &RowId::new(row).unwrap(), id).await.unwrap();
    }
    tx.commit().await.unwrap();
    changes(&app, "Léa", WATER, "etat", "archivee").await;
    let zoe = who(&app, "Zoe").await;
    let mut tx = app.app.store.begin().await.unwrap();
    tablee_storage::people::set_role(&mut tx, zoe, None).await.unwrap();
    tx.commit().await.unwrap();

    comes_the_day(&app, "2027-09-02");

    let mails = app.mails_by_now().await;
    assert!(mails.iter().all(|mail| !mail.subject.contains("toujours à jour")), "{mails:?}");
    app.end().await;
}

#[tokio::test]
async fn a_decision_that_was_undone_is_in_no_digest_either() {
    let app = TestApp::start().await;
    let mut nour = app.member("Nour").await;
    chooses(&mut nour, &[("proposals", "daily")]).await;
    let reader = Recipient::Person(who(&app, "Nour").await);
    for number in 1..=2 {
        let letter = Letter::new(reader.clone(), question(&format!("P-{number}-AA")));
        posts(&app, letter.under_key(format!("decision-{number}"))).await;
    }

    let mut tx = app.app.store.begin().await.unwrap();
    assert_eq!(app.app.mails.drop_by_key(&mut tx, "decision-1").await, Ok(true));
    tx.commit().await.unwrap();
    morning_comes(&app);

    let mails = app.mails_by_now().await;
    let [mail] = &to(&mails, "nour")[..] else { panic!("{mails:?}") };
    assert!(mail.body.contains("P-2-AA") && !mail.body.contains("P-1-AA"), "{}", mail.body);
    app.end().await;
}

#[tokio::test]
async fn the_form_of_mail_programs_ends_nothing_from_a_browser_that_brings_a_cookie() {
    let app = TestApp::start().await;
    let link = link_below(&next_mail_to(&app, visitor("nour@exemple.fr")).await);
    let mut browser = app.visitor();
    browser.get("/proposer").await;
    browser.takes_cookie("autre", "1");

    let form = [("content-type", FORM)];
    let one_click = "List-Unsubscribe=One-Click".to_owned();
    let answer = browser.send(Method::POST, &link, &form, one_click).await;

    assert_eq!(answer.status, 403);
    let news = Letter::new(visitor("nour@exemple.fr"), question("P-2-AA"));
    assert_eq!(posts(&app, news).await, Posted::Kept);
    app.end().await;
}

#[tokio::test]
async fn a_digest_counts_each_thing_that_waits_for_what_it_is_in_its_readers_language() {
    let (app, _nour, _lea) = two_offers().await;
    app.pilot("Lea").await;
    let mut maya = app.pilot("Maya").await;
    chooses(&mut maya, &[("langue", "en")]).await;
    morning_comes(&app);
    app.mails_by_now().await;
    db_suggests(&app, "Nour", 2).await;
    let author = who(&app, "Nour").await;
    let mut tx = app.app.store.begin().await.unwrap();
    let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
    let new = NewProposal::of_person(Kind::New, author, "new", "{}");
    proposals::add(&mut tx, table, &[new], app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    changes(&app, "Léa", WATER, "etat", "a_verifier").await;
    changes(&app, "Léa", MUD, "etat", "a_mettre_a_jour").await;
    morning_comes(&app);

    let mails = app.mails_by_now().await;

    let [french] = &to(&mails, "lea")[..] else { panic!("{mails:?}") };
    let told = [
        "1 proposition à examiner",
        "2 modifications suggérées",
        "1 fiche à vérifier",
        "1 fiche à mettre à jour",
    ];
    for line in told {
        assert!(french.body.contains(line), "{line}: {}", french.body);
    }
    let [english] = &to(&mails, "maya")[..] else { panic!("{mails:?}") };
    assert!(english.body.starts_with("Hello,") && english.body.contains("1 proposal to look at"));
    app.end().await;
}

#[tokio::test]
async fn whoever_may_no_longer_come_in_hears_nothing_of_what_others_do_in_the_table() {
    let (app, mut nour, _lea) = two_offers().await;
    let owner = who(&app, "Nour").await;
    let mut tx = app.app.store.begin().await.unwrap();
    let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
    owners::set(&mut tx, table, &RowId::new(WATER).unwrap(), owner).await.unwrap();
    tx.commit().await.unwrap();
    assert!(nour.get("/preferences").await.body.contains("name=\"rows\""));
    changes(&app, "Léa", WATER, "url", "https://exemple.fr/1").await;
    assert_eq!(app.mails_by_now().await, [], "it waits for the morning");

    let mut tx = app.app.store.begin().await.unwrap();
    tablee_storage::people::set_role(&mut tx, owner, None).await.unwrap();
    tx.commit().await.unwrap();
    changes(&app, "Léa", WATER, "code_rncp", "RNCP1").await;
    app.mails_by_now().await;
    morning_comes(&app);

    let mails = app.mails_by_now().await;
    assert_eq!(to(&mails, "nour"), Vec::<&Mail>::new());
    assert!(!nour.get("/preferences").await.body.contains("name=\"rows\""));
    app.end().await;
}

#[tokio::test]
async fn the_link_below_a_mail_of_somebody_who_left_is_no_page() {
    let app = TestApp::start().await;
    app.member("Nour").await;
    let reader = Recipient::Person(who(&app, "Nour").await);
    let link = link_below(&next_mail_to(&app, reader).await);

    app.db_removes("nour@exemple.fr").await;

    let form = [("content-type", FORM)];
    let one_click = "List-Unsubscribe=One-Click".to_owned();
    let answer = app.visitor().send(Method::POST, &link, &form, one_click).await;
    assert_eq!(answer.status, 404, "{}", answer.body);
    app.end().await;
}
