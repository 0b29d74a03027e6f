//! People who are added are told: once, in time, and only where they are.

use tablee::mail::{Letter, Mail, Posted};
use tablee_domain::people::Role;
use tablee_storage::people;

use crate::mail_queue::{confirmation, posts, visitor};
use crate::people_pages::{db_find, gives, hidden, ines, page_of, presses, presses_with};
use crate::support::{Browser, TestApp};

const ADD: &str = "/reglages/personnes/ajouter";
const TOLD: [(&str, &str); 1] = [("prevenir", "oui")];
const LIST: &str = "Nom;Courriel;Rôle\nZoé Ferrand;zoe@exemple.fr;\nPaul Roy;paul@exemple.fr;pilote\n\
                    Anne Petit;anne@exemple.fr;équipe\n";

/// Ten minutes later: the mails that left.
async fn mails_in_ten(app: &TestApp) -> Vec<Mail> {
    app.clock.minutes_pass(10);
    let mut mails = app.mails_by_now().await;
    mails.sort_by(|one, other| one.to.cmp(&other.to));
    mails
}

fn readers(mails: &[Mail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.to.as_str()).collect()
}

/// Whoever is known by this address comes in.
async fn comes(app: &TestApp, email: &str) -> Browser {
    app.signs_in(email).await
}

async fn adds(ines: &mut Browser, email: &str, role: &str) {
    let new = [("courriel", email), ("nom", ""), ("role", role), ("inviter", "bienvenue")];
    let added = ines.post(ADD, &new).await;
    assert_eq!(added.status, 303, "{}", added.body);
}

#[tokio::test]
async fn those_whom_a_list_adds_are_told_in_ten_minutes_what_they_may_do_and_how_to_come_in() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Nour", Role::Member).await;
    let page = gives(&mut ines, &format!("{LIST}Nour Benali;nour@exemple.fr;\n")).await;

    presses_with(&mut ines, &page, "appliquer", &TOLD).await;

    let report = ines.get(&page).await.body;
    assert!(report.contains("3 personnes ajoutées seront prévenues"), "{report}");
    assert!(report.contains("qui part le 23 novembre 2026 à 13\u{a0}h\u{a0}10"), "{report}");
    app.clock.minutes_pass(9);
    assert_eq!(app.mails_by_now().await, [], "not before");
    app.clock.minutes_pass(1);
    let mut mails = app.mails_by_now().await;
    mails.sort_by(|one, other| one.to.cmp(&other.to));
    let all = ["anne@exemple.fr", "paul@exemple.fr", "zoe@exemple.fr"];
    assert_eq!(readers(&mails), all, "and not Nour, who was here");
    for (mail, may) in
        mails.iter().zip(["personnes et des réglages", "relire et publier", "ajouter"])
    {
        assert_eq!(mail.subject, "Bienvenue dans l’inventaire des formations");
        for part in [&mail.body, &mail.html] {
            assert!(part.contains("L’équipe de l’inventaire (Tablée)"), "{part}");
            assert!(part.contains(may), "{may}: {part}");
            assert!(part.contains(&mail.to), "the address that signs in: {part}");
            assert!(part.contains("http://127.0.0.1:8080/connexion"), "{part}");
            assert!(!part.contains("/connexion/") && !part.contains("heures"), "{part}");
            assert!(!part.contains("inès@") && !part.contains("desabonnement"), "{part}");
        }
        assert_eq!(mail.unsubscribe, None, "it comes once");
    }
    assert!(ines.get(&page).await.body.contains("3 personnes prévenues"));
    assert_eq!(mails_in_ten(&app).await, [], "once");
    app.end().await;
}

#[tokio::test]
async fn a_list_tells_nobody_unless_it_is_asked_to_and_the_page_says_how_many_it_would() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let page = gives(&mut ines, LIST).await;
    let plan = ines.get(&page).await.body;
    assert!(plan.contains("id=\"prevenir\"") && !plan.contains("value=\"oui\" checked"), "{plan}");
    assert!(plan.contains("3 courriels partiront, dix minutes après l’import"), "{plan}");

    presses(&mut ines, &page, "appliquer").await;

    let report = ines.get(&page).await.body;
    assert!(report.contains("3 personnes ajoutées n’ont pas été prévenues"), "{report}");
    assert_eq!(mails_in_ten(&app).await, []);
    let only_known = gives(&mut ines, "nom;courriel\nZoé F.;zoe@exemple.fr\n").await;
    assert!(!ines.get(&only_known).await.body.contains("prevenir"), "nobody would be added");
    app.end().await;
}

#[tokio::test]
async fn the_choice_to_tell_stays_while_other_pages_of_a_list_are_read() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let mut list = "courriel\n".to_owned();
    for n in 0..150 {
        list.extend(["membre", &format!("{n:03}"), "@exemple.fr\n"]);
    }
    let page = gives(&mut ines, &list).await;

    presses_with(&mut ines, &page, "page-2", &TOLD).await;

    let second = format!("{page}?page=2");
    assert!(ines.get(&second).await.body.contains("name=\"prevenir\" value=\"oui\" checked"));
    // Here, one line less; the number follows when the page is left.
    let shown = ines.get(&second).await;
    let rows: Vec<String> = (102..152).map(|row| row.to_string()).collect();
    let mut fields = vec![("version", hidden(&shown, "version")), ("vues", rows.join(","))];
    fields.extend(rows[1..].iter().map(|row| ("prendre", row.clone())));
    fields.extend([("prevenir", "oui".to_owned()), ("action", "page-1".to_owned())]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (*a, b.as_str())).collect();
    ines.post(&page, &fields).await;
    let first = ines.get(&page).await.body;
    assert!(first.contains("149 courriels partiront"), "{first}");
    presses(&mut ines, &page, "appliquer").await;
    assert_eq!(mails_in_ten(&app).await.len(), 149);
    app.end().await;
}

#[tokio::test]
async fn nobody_is_welcomed_to_a_place_where_they_are_not() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let page = gives(&mut ines, LIST).await;
    presses_with(&mut ines, &page, "appliquer", &TOLD).await;
    app.clock.minutes_pass(5);
    comes(&app, "zoe@exemple.fr").await;

    presses(&mut ines, &page, "annuler").await;

    assert!(db_find(&app, "paul@exemple.fr").await.is_none());
    let mails = mails_in_ten(&app).await;
    assert_eq!(readers(&mails), ["zoe@exemple.fr"], "she had come, and stays");
    app.end().await;
}

#[tokio::test]
async fn who_is_removed_or_loses_access_before_their_welcome_left_gets_none() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    for email in ["zoe@exemple.fr", "paul@exemple.fr", "anne@exemple.fr"] {
        adds(&mut ines, email, "member").await;
    }

    let (zoe, paul) =
        (page_of(&app, "zoe@exemple.fr").await, page_of(&app, "paul@exemple.fr").await);
    ines.post(&zoe, &[("quoi", "retirer"), ("confirme", "oui")]).await;
    ines.post(&paul, &[("quoi", "couper"), ("vu", "member"), ("confirme", "oui")]).await;
    app.db_gives_role("anne@exemple.fr", Role::Pilot).await;

    let mails = mails_in_ten(&app).await;
    assert_eq!(readers(&mails), ["anne@exemple.fr"]);
    assert!(mails[0].body.contains("En tant que pilote"), "as she is by now: {}", mails[0].body);
    app.end().await;
}

#[tokio::test]
async fn those_who_were_not_told_can_be_told_later_once_unless_they_came() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let list = format!("{LIST}Marc;marc@exemple.fr;\n");
    let page = gives(&mut ines, &list).await;
    presses(&mut ines, &page, "appliquer").await;
    comes(&app, "paul@exemple.fr").await;
    let marc = page_of(&app, "marc@exemple.fr").await;
    ines.post(&marc, &[("quoi", "courriel")]).await;
    assert_eq!(app.mail().await.to, "marc@exemple.fr", "he is invited by hand");
    app.clock.days_pass(3);
    let mut ines = comes(&app, "inès@exemple.fr").await;
    let report = ines.get(&page).await.body;
    assert!(report.contains("2 personnes ajoutées n’ont pas été prévenues"), "{report}");

    let told = presses(&mut ines, &page, "prevenir").await;

    assert_eq!(told.status, 303, "{}", told.body);
    let mut mails = app.mails_by_now().await;
    mails.sort_by(|one, other| one.to.cmp(&other.to));
    assert_eq!(
        readers(&mails),
        ["anne@exemple.fr", "zoe@exemple.fr"],
        "now, and not in ten minutes"
    );
    let report = ines.get(told.header("location")).await.body;
    assert!(
        report.contains("les courriels sont en route") && report.contains("2 personnes prévenues")
    );
    assert!(!report.contains("value=\"prevenir\""), "there is nobody left: {report}");
    presses(&mut ines, &page, "prevenir").await;
    assert_eq!(mails_in_ten(&app).await, [], "a second press tells nobody twice");
    app.end().await;
}

#[tokio::test]
async fn whoever_adds_one_person_tells_them_unless_they_choose_otherwise() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let form = ines.get(ADD).await.body;
    assert!(form.contains("value=\"bienvenue\" checked"), "{form}");

    adds(&mut ines, "Zoe@Exemple.fr", "pilot").await;
    let quiet = [("courriel", "paul@exemple.fr"), ("role", "member"), ("inviter", "non")];
    ines.post(ADD, &quiet).await;

    let page = ines.get(&page_of(&app, "zoe@exemple.fr").await).await.body;
    assert!(page.contains("part le 23 novembre 2026 à 13\u{a0}h\u{a0}10"), "{page}");
    let mails = mails_in_ten(&app).await;
    assert_eq!(readers(&mails), ["zoe@exemple.fr"]);
    let page = ines.get(&page_of(&app, "paul@exemple.fr").await).await.body;
    assert!(page.contains("<dt>Mot de bienvenue</dt><dd>aucun</dd>"), "{page}");
    app.end().await;
}

#[tokio::test]
async fn somebody_who_never_came_is_welcomed_by_hand_at_most_once_a_day() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Zoé", Role::Member).await;
    let page = page_of(&app, "zoé@exemple.fr").await;
    assert!(ines.get(&page).await.body.contains("Envoyer le mot de bienvenue"));

    let sent = ines.post(&page, &[("quoi", "bienvenue")]).await;
    assert_eq!(sent.header("location"), format!("{page}?fait=bienvenue"));
    assert_eq!(readers(&app.mails_by_now().await), ["zoé@exemple.fr"], "at once");
    let again = ines.post(&page, &[("quoi", "bienvenue")]).await;
    assert_eq!(again.status, 422);
    assert!(
        again.body.contains("à partir du 24 novembre 2026 à 13\u{a0}h\u{a0}00"),
        "{}",
        again.body
    );
    assert_eq!(app.mails_by_now().await, []);

    app.clock.minutes_pass(24 * 60);
    let mut ines = comes(&app, "inès@exemple.fr").await;
    assert_eq!(ines.post(&page, &[("quoi", "bienvenue")]).await.status, 303);
    assert_eq!(app.mails_by_now().await.len(), 1, "a day later");
    comes(&app, "zoé@exemple.fr").await;
    assert!(!ines.get(&page).await.body.contains("Envoyer le mot de bienvenue"));
    app.clock.days_pass(2);
    let mut ines = comes(&app, "inès@exemple.fr").await;
    let late = ines.post(&page, &[("quoi", "bienvenue")]).await;
    assert_eq!(late.status, 422);
    assert!(late.body.contains("déjà venue"), "{}", late.body);
    assert_eq!(app.mails_by_now().await, []);
    app.end().await;
}

#[tokio::test]
async fn who_has_no_access_is_not_welcomed_by_hand() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Zoé", Role::Member).await;
    let page = page_of(&app, "zoé@exemple.fr").await;
    ines.post(&page, &[("quoi", "couper"), ("vu", "member"), ("confirme", "oui")]).await;

    let refused = ines.post(&page, &[("quoi", "bienvenue")]).await;

    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("donnez-lui d’abord un rôle"), "{}", refused.body);
    assert!(!refused.body.contains("Envoyer le mot de bienvenue"));
    assert_eq!(app.mails_by_now().await, []);
    app.end().await;
}

#[tokio::test]
async fn a_welcome_says_what_the_team_wrote_in_the_language_of_its_reader() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let text = "/reglages/textes/mails.welcome.intro?langue=fr";
    let own = [("version", "0"), ("texte", "{site} vous attend."), ("action", "enregistrer")];
    assert_eq!(ines.post(text, &own).await.status, 303);
    let facts = [
        ("version", "0"),
        ("association", "Les Concertants"),
        ("contact", "contact@exemple.fr"),
        ("mois", "12"),
        ("heure", "8"),
    ];
    assert_eq!(ines.post("/reglages/site", &facts).await.status, 303);
    adds(&mut ines, "zoe@exemple.fr", "member").await;
    adds(&mut ines, "john@exemple.fr", "admin").await;
    let john = db_find(&app, "john@exemple.fr").await.unwrap().id;
    let mut tx = app.app.store.begin().await.unwrap();
    app.app.mails.choose_language(&mut tx, john, tablee::i18n::Locale::En).await.unwrap();
    tx.commit().await.unwrap();

    let mails = mails_in_ten(&app).await;

    let [john, zoe] = &mails[..] else { panic!("{:?}", readers(&mails)) };
    assert!(zoe.body.contains("Les Concertants vous attend."), "{}", zoe.body);
    assert!(zoe.body.contains("écrire à contact@exemple.fr"), "{}", zoe.body);
    assert_eq!(john.subject, "Welcome to the inventory of courses");
    assert!(john.body.contains("(Les Concertants)") && john.body.contains("As one of the team"));
    assert!(john.body.contains("/connexion?lang=en"), "{}", john.body);
    app.end().await;
}

#[tokio::test]
async fn two_thousand_welcomes_are_one_press_and_stop_no_other_mail_nor_their_own_undoing() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let mut list = "courriel\n".to_owned();
    for n in 0..2_000 {
        list.extend(["membre", &format!("{n:04}"), "@exemple.fr\n"]);
    }
    let page = gives(&mut ines, &list).await;

    presses_with(&mut ines, &page, "appliquer", &TOLD).await;
    let report = ines.get(&page).await.body;
    assert!(report.contains("2\u{202f}000 personnes ajoutées seront prévenues"));
    let other = posts(&app, Letter::new(visitor("nour@exemple.fr"), confirmation())).await;
    assert_eq!(other, Posted::Kept, "whoever proposes something is still asked to confirm it");
    assert_eq!(readers(&app.mails_by_now().await), ["nour@exemple.fr"]);

    presses(&mut ines, &page, "annuler").await;
    let report = ines.get(&page).await.body;
    assert!(report.contains("2\u{202f}000 personnes retirées"), "{report}");
    assert_eq!(mails_in_ten(&app).await, []);
    assert_eq!(people::list(&mut app.app.store.read().await.unwrap()).await.unwrap().len(), 3);
    app.end().await;
}
