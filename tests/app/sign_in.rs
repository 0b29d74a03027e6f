//! Signing in: what a person may count on.

use futures_util::future::join_all;
use tablee_domain::people::Role;

use crate::support::{Browser, TestApp};

/// What stands in a mail: the path of its link, and its code.
fn link_and_code(body: &str) -> (String, String) {
    let link = body.split_whitespace().find(|word| word.contains("/connexion/")).expect("a link");
    let code = body
        .split_whitespace()
        .find(|word| word.len() == 6 && word.bytes().all(|letter| letter.is_ascii_digit()));
    let path = link.split_once("/connexion/").unwrap().1;
    (format!("/connexion/{path}"), code.expect("a code").to_owned())
}

async fn asks(browser: &mut Browser, address: &str) {
    let answer = browser.post("/connexion", &[("adresse", address)]).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/connexion/code"),
        "{}",
        answer.body
    );
}

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.get("/connexion").await.body.contains("action=\"/deconnexion\"")
}

#[tokio::test]
async fn a_mail_filter_that_looks_at_the_link_does_not_use_it_up() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;
    let path = app.link_for(&email).await;

    for _ in 0..10 {
        let mut scanner = app.visitor();
        assert_eq!(scanner.get(&path).await.status, 200);
        assert_eq!(scanner.head(&path).await.status, 200);
        let origin = scanner.origin().to_owned();
        for form in [&[("jeton", "")][..], &[("jeton", "00"), ("code", "123456")]] {
            let pressed = scanner.post_from(Some(&origin), &path, form).await;
            assert_eq!(pressed.status, 403, "whoever did not read the page has no token of it");
        }
        assert_eq!(scanner.cookie(), "");
    }
    let mut lea = app.visitor();
    let answer = lea.post(&path, &[]).await;

    assert_eq!((answer.status, answer.header("location")), (303, "/table"));
    assert!(is_signed_in(&mut lea).await);
    app.end().await;
}

#[tokio::test]
async fn the_page_of_a_link_holds_one_form_and_one_button() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;
    let path = app.link_for(&email).await;

    let mut signed_in_already = app.member("Nour").await;
    for page in [app.visitor().get(&path).await, signed_in_already.get(&path).await] {
        assert_eq!(page.body.matches("<form").count(), 1, "{}", page.body);
        assert_eq!(page.body.matches("<button").count(), 1);
        let fields = page.body.matches("<input").count();
        assert_eq!(fields, page.body.matches("<input type=\"hidden\" name=\"jeton\"").count());
        assert!(page.body.contains("Léa"));
    }
}

#[tokio::test]
async fn a_link_pressed_twenty_times_at_once_opens_one_login() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;
    let path = app.link_for(&email).await;

    let presses = (0..20).map(|_| {
        let mut browser = app.visitor();
        let path = path.clone();
        async move { (browser.post(&path, &[]).await.status, browser) }
    });
    let mut outcomes = join_all(presses).await;

    let opened = outcomes.iter().filter(|(status, _)| *status == 303).count();
    let told_over = outcomes.iter().filter(|(status, _)| *status == 410).count();
    assert_eq!((opened, told_over), (1, 19));
    let mut signed_in = 0;
    for (_, browser) in &mut outcomes {
        signed_in += usize::from(is_signed_in(browser).await);
    }
    assert_eq!(signed_in, 1);
}

#[tokio::test]
async fn a_link_by_mail_is_good_for_ten_minutes() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;
    asks(&mut app.visitor(), &email).await;
    let (in_time, _) = link_and_code(&app.mail().await.body);
    asks(&mut app.visitor(), &email).await;
    let (too_late, _) = link_and_code(&app.mail().await.body);

    app.clock.minutes_pass(9);
    let mut lea = app.visitor();
    assert_eq!(lea.post(&in_time, &[]).await.status, 303);
    app.clock.minutes_pass(1);

    assert_eq!(app.visitor().get(&too_late).await.status, 410);
    assert_eq!(app.visitor().post(&too_late, &[]).await.status, 410);
}

#[tokio::test]
async fn a_link_by_command_is_good_for_a_day() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;
    let (in_time, too_late) = (app.link_for(&email).await, app.link_for(&email).await);

    app.clock.minutes_pass(24 * 60 - 1);
    assert_eq!(app.visitor().post(&in_time, &[]).await.status, 303);
    app.clock.minutes_pass(1);

    assert_eq!(app.visitor().post(&too_late, &[]).await.status, 410);
}

#[tokio::test]
async fn a_mail_speaks_french_first_and_holds_our_own_address() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;

    let headers = [("x-forwarded-host", "evil.example"), ("origin", "http://127.0.0.1:8080")];
    let mut lea = app.visitor();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let all: Vec<_> = headers.into_iter().chain(form).collect();
    lea.send(
        axum::http::Method::POST,
        "/connexion",
        &all,
        format!("adresse={email}&{}", lea.form_token()),
    )
    .await;
    let mail = app.mail().await;

    assert_eq!(mail.to, email);
    assert!(mail.body.starts_with("Bonjour"), "{}", mail.body);
    assert!(mail.body.contains("Hello"), "{}", mail.body);
    assert!(mail.body.contains("http://127.0.0.1:8080/connexion/"), "{}", mail.body);
    assert!(!mail.body.contains("evil"), "{}", mail.body);
}

#[tokio::test]
async fn the_code_signs_in_the_browser_that_asked_and_no_other() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;
    let (mut lea, mut thief) = (app.visitor(), app.visitor());
    asks(&mut lea, &email).await;
    let (_, code) = link_and_code(&app.mail().await.body);
    asks(&mut thief, &email).await;
    app.mail().await;

    let stolen = thief.post("/connexion/code", &[("code", &code)]).await;
    let spaced = format!(" {} {} ", &code[..3], &code[3..]);
    let answer = lea.post("/connexion/code", &[("code", &spaced)]).await;

    assert_eq!(stolen.status, 422);
    assert_eq!((answer.status, answer.header("location")), (303, "/table"), "{}", answer.body);
    assert!(is_signed_in(&mut lea).await && !is_signed_in(&mut thief).await);
    assert_eq!(lea.clone().post("/connexion/code", &[("code", &code)]).await.status, 422);
}

#[tokio::test]
async fn a_code_is_tried_five_times_then_is_no_longer_good() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;
    let mut guesser = app.visitor();
    asks(&mut guesser, &email).await;
    let (link, code) = link_and_code(&app.mail().await.body);
    let wrong = if code == "000000" { "000001" } else { "000000" };

    for _ in 0..5 {
        assert_eq!(guesser.post("/connexion/code", &[("code", wrong)]).await.status, 422);
    }
    let too_late = guesser.post("/connexion/code", &[("code", &code)]).await;

    assert_eq!(too_late.status, 422);
    assert!(!is_signed_in(&mut guesser).await);
    assert_eq!(app.visitor().post(&link, &[]).await.status, 303, "the link is another way in");
}

#[tokio::test]
async fn what_is_answered_does_not_tell_who_is_known() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;
    let (mut known, mut unknown) = (app.visitor(), app.visitor());

    let mut seen = Vec::new();
    for (browser, address) in [(&mut known, email.as_str()), (&mut unknown, "personne@exemple.fr")]
    {
        let asked = browser.post("/connexion", &[("adresse", address)]).await;
        let page = browser.get("/connexion/code").await;
        let wrong = browser.post("/connexion/code", &[("code", "000000")]).await;
        let mut answers = Vec::new();
        for answer in [asked, page, wrong] {
            let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
            names.sort();
            let location = answer.header("location").to_owned();
            answers.push((answer.status, names, location, answer.body));
        }
        seen.push(answers);
    }

    assert_eq!(seen[0], seen[1]);
    assert_eq!(app.mail().await.to, email);
    assert_eq!(app.waiting_mails().await, 0);
}

#[tokio::test]
async fn signing_in_gives_a_new_identifier_and_the_old_one_opens_nothing() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;
    let mut lea = app.visitor();
    asks(&mut lea, &email).await;
    let planted = lea.clone();
    let before = lea.cookie();
    let (_, code) = link_and_code(&app.mail().await.body);

    lea.post("/connexion/code", &[("code", &code)]).await;

    assert_ne!(lea.cookie(), before);
    assert!(!is_signed_in(&mut planted.clone()).await);
}

#[tokio::test]
async fn signing_out_ends_the_login_for_whoever_kept_its_cookie() {
    let app = TestApp::start().await;
    let mut lea = app.member("Léa").await;
    let mut copy = lea.clone();

    let answer = lea.post("/deconnexion", &[]).await;

    assert_eq!((answer.status, answer.header("location")), (303, "/"));
    assert_eq!(lea.cookie(), "");
    assert!(!is_signed_in(&mut copy).await);
}

#[tokio::test]
async fn a_request_under_way_does_not_bring_a_login_back_that_was_ended() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;

    for _ in 0..20 {
        let mut lea = app.visitor();
        lea.post(&app.link_for(&email).await, &[]).await;
        // After a day each page writes the login anew.
        app.clock.days_pass(1);
        let mut readers: Vec<_> = (0..4).map(|_| lea.clone()).collect();
        let mut leaver = lea.clone();
        let reads = join_all(readers.iter_mut().map(|reader| reader.get("/connexion")));
        tokio::join!(reads, leaver.post("/deconnexion", &[]));
        assert!(!is_signed_in(&mut lea).await);
        for mut reader in readers {
            assert!(!is_signed_in(&mut reader).await);
        }
    }
}

#[tokio::test]
async fn a_login_lasts_thirty_days_after_it_was_last_used() {
    let app = TestApp::start().await;
    let mut lea = app.member("Léa").await;

    for _ in 0..3 {
        app.clock.days_pass(29);
        assert!(is_signed_in(&mut lea).await);
    }
    app.clock.days_pass(31);

    assert!(!is_signed_in(&mut lea).await);
}

#[tokio::test]
async fn nothing_in_the_database_opens_a_login_or_a_link() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;
    let mut lea = app.visitor();
    asks(&mut lea, &email).await;
    let (link, code) = link_and_code(&app.mail().await.body);
    let token = link.rsplit('/').next().unwrap().to_owned();
    let cookie = lea.cookie_named("tablee").unwrap().to_owned();

    let folder = app.app.config.server.data_dir.clone();
    let mut everything = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        everything.extend(std::fs::read(file.unwrap().path()).unwrap());
    }

    let holds =
        |words: &str| everything.windows(words.len()).any(|window| window == words.as_bytes());
    assert!(holds(&email), "the test looks at the right files");
    // Even half of one would be too much.
    assert!(!holds(&token[..32]) && !holds(&token[32..]) && !holds(&cookie[..11]));
    assert!(!holds(&format!("\"{code}\"")) && !holds(&format!(":{code}")));
}

#[tokio::test]
async fn after_signing_in_nobody_is_sent_away_from_our_pages() {
    let app = TestApp::start().await;
    let email = app.db_person("Léa", Role::Member).await;

    for (wish, place) in [
        ("https://evil.example", "/table"),
        ("//evil.example", "/table"),
        ("/\\evil.example", "/table"),
        ("javascript:alert(1)", "/table"),
        ("accueil", "/"),
    ] {
        app.clock.minutes_pass(61);
        let mut lea = app.visitor();
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("suite", wish)
            .finish();
        let answer = lea.post(&format!("/connexion?{query}"), &[("adresse", &email)]).await;
        let (_, code) = link_and_code(&app.mail().await.body);
        let next = answer.header("location").to_owned();
        let answer = lea.post(&next, &[("code", &code)]).await;
        assert_eq!((answer.status, answer.header("location")), (303, place), "{wish}");
    }
}

#[tokio::test]
async fn a_typed_address_that_is_none_gets_its_words_back() {
    let app = TestApp::start().await;

    let hostile = "\"><script>alert(1)</script>";
    let answer = app.visitor().post("/connexion", &[("adresse", hostile)]).await;

    assert_eq!(answer.status, 422);
    assert!(!answer.body.contains("<script>alert"), "{}", answer.body);
    assert!(answer.body.contains("&#60;script&#62;") || answer.body.contains("&lt;script&gt;"));
}
