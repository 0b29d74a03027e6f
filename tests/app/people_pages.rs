//! Looking after people in the site: who comes in, who does not any more, lists of members.

use axum::http::Method;
use tablee_domain::ids::PersonId;
use tablee_domain::people::Role;
use tablee_storage::people::{self, Person};
use tablee_storage::proposal_events::{self, By, Event};

use crate::support::{Answer, Browser, Tab, TestApp};

const PEOPLE: &str = "/reglages/personnes";
const ADD: &str = "/reglages/personnes/ajouter";
const LISTS: &str = "/reglages/personnes/importer";

pub async fn ines(app: &TestApp) -> Browser {
    app.person("Inès", Role::Admin).await
}

pub async fn db_find(app: &TestApp, email: &str) -> Option<Person> {
    people::find_by_email(&mut app.app.store.read().await.unwrap(), email).await.unwrap()
}

pub async fn page_of(app: &TestApp, email: &str) -> String {
    format!("{PEOPLE}/{}", db_find(app, email).await.unwrap().id)
}

async fn db_role(app: &TestApp, email: &str) -> Option<Role> {
    db_find(app, email).await.unwrap().role
}

async fn tab_of(app: &TestApp, browser: &Browser) -> Tab {
    let cookie = browser.cookie();
    let headers = [("cookie", cookie.as_str())];
    let mut tab = Tab::open(app.listens().await, "/live/formations", &headers).await.unwrap();
    tab.next().await;
    tab
}

pub fn hidden(page: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.body.split(&start).nth(1).unwrap_or_else(|| panic!("{name}: {}", page.body));
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn somebody_who_is_added_is_invited_by_mail_and_comes_in() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;

    let new = [("courriel", " Zoe@Exemple.FR"), ("nom", "Zoé"), ("role", "pilot")];
    let added = ines.post(ADD, &[new[0], new[1], new[2], ("inviter", "courriel")]).await;

    assert_eq!(added.status, 303, "{}", added.body);
    assert_eq!(db_role(&app, "zoe@exemple.fr").await, Some(Role::Pilot));
    let mail = app.mail().await;
    assert_eq!(mail.to, "zoe@exemple.fr");
    let link = mail.body.split("http://127.0.0.1:8080").nth(1).unwrap();
    let link = link.split_whitespace().next().unwrap();
    let mut zoe = app.visitor();
    assert_eq!(zoe.post(link, &[]).await.status, 303);
    assert_eq!(zoe.get("/import").await.status, 200, "as a pilot");
    app.end().await;
}

#[tokio::test]
async fn a_link_is_shown_once_and_signs_in_once() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Zoé", Role::Member).await;
    let page = page_of(&app, "zoé@exemple.fr").await;

    let shown = ines.post(&page, &[("quoi", "lien")]).await;

    let link = shown.body.split("value=\"http://127.0.0.1:8080").nth(1).unwrap();
    let link = link.split('"').next().unwrap();
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(!ines.get(&page).await.body.contains(link), "not a second time");
    let mut zoe = app.visitor();
    assert_eq!(zoe.post(link, &[]).await.status, 303);
    assert_ne!(app.visitor().post(link, &[]).await.status, 303);
    app.end().await;
}

#[tokio::test]
async fn what_cannot_be_a_person_is_named_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Zoé", Role::Member).await;
    for (email, name, field) in [
        ("zoé@exemple.fr", "Autre", "courriel"),
        ("pas une adresse", "Autre", "courriel"),
        ("neuve@exemple.fr", &*"é".repeat(81), "nom"),
    ] {
        let typed = [("courriel", email), ("nom", name), ("role", "admin")];

        let page = ines.post(ADD, &typed).await;

        assert_eq!(page.status, 422, "{email}");
        assert!(page.body.contains(&format!("href=\"#{field}\"")), "{email}");
        assert!(page.body.contains(name) && page.body.contains("value=\"admin\" checked"));
    }
    app.end().await;
}

#[tokio::test]
async fn access_that_is_cut_ends_open_tables_logins_and_links_at_once() {
    let app = TestApp::start().await;
    let (mut ines, mut nour) = (ines(&app).await, app.member("Nour").await);
    let page = page_of(&app, "nour@exemple.fr").await;
    let link = app.link_for("nour@exemple.fr").await;
    let mut tab = tab_of(&app, &nour).await;

    let asks = ines.post(&page, &[("quoi", "couper"), ("vu", "member")]).await;
    assert!(asks.body.contains("Couper l’accès de Nour\u{202f}?"), "{}", asks.body);
    assert_eq!(db_role(&app, "nour@exemple.fr").await, Some(Role::Member), "not before the yes");
    let cut = [("quoi", "couper"), ("vu", "member"), ("confirme", "oui")];
    let began = std::time::Instant::now();
    assert_eq!(ines.post(&page, &cut).await.status, 303);

    assert_eq!(tab.closed_with().await, Some(4401));
    assert!(began.elapsed() < std::time::Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(nour.get("/historique").await.status, 401);
    assert_ne!(app.visitor().post(&link, &[]).await.status, 303, "the link is worth nothing");
    assert_eq!(db_role(&app, "nour@exemple.fr").await, None);
    app.end().await;
}

#[tokio::test]
async fn a_new_role_holds_at_once_in_open_tables_too() {
    let app = TestApp::start().await;
    let (mut ines, mut lea) = (ines(&app).await, app.pilot("Léa").await);
    let page = page_of(&app, "léa@exemple.fr").await;
    let mut tab = tab_of(&app, &lea).await;

    let lower = [("quoi", "role"), ("role", "member"), ("vu", "pilot")];
    assert_eq!(ines.post(&page, &lower).await.status, 303);

    assert_eq!(tab.closed_with().await, Some(1012), "it comes back with what it may do now");
    assert_eq!(lea.get("/import").await.status, 403);
    assert_eq!(lea.get("/historique").await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn the_last_administrator_can_be_neither_lowered_nor_removed() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let page = page_of(&app, "inès@exemple.fr").await;
    for step in [
        &[("quoi", "role"), ("role", "member"), ("vu", "admin"), ("confirme", "oui")][..],
        &[("quoi", "couper"), ("vu", "admin"), ("confirme", "oui")],
        &[("quoi", "retirer"), ("confirme", "oui")],
    ] {
        let refused = ines.post(&page, step).await;

        assert_eq!(refused.status, 422, "{step:?}");
        assert!(refused.body.contains("dernière personne de l’équipe"), "{}", refused.body);
    }
    assert_eq!(db_role(&app, "inès@exemple.fr").await, Some(Role::Admin));
    assert_eq!(ines.get(&page).await.status, 200, "and is still signed in");

    app.db_person("Max", Role::Admin).await;
    let yes = [("quoi", "role"), ("role", "member"), ("vu", "admin"), ("confirme", "oui")];
    assert_eq!(ines.post(&page, &yes).await.status, 303, "with another one, it is fine");
    app.end().await;
}

#[tokio::test]
async fn nobody_gives_up_their_own_rights_by_accident() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Max", Role::Admin).await;
    let page = page_of(&app, "inès@exemple.fr").await;
    for step in [
        &[("quoi", "role"), ("role", "pilot"), ("vu", "admin")][..],
        &[("quoi", "couper"), ("vu", "admin")],
        &[("quoi", "deconnecter")],
        &[("quoi", "retirer")],
    ] {
        let asks = ines.post(&page, step).await;

        assert_eq!(asks.status, 200, "{step:?}");
        assert!(asks.body.contains("il s’agit de vous"), "{step:?}");
    }
    assert_eq!(db_role(&app, "inès@exemple.fr").await, Some(Role::Admin));
    assert_eq!(ines.get(PEOPLE).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn a_role_that_was_changed_meanwhile_is_not_overwritten() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Nour", Role::Member).await;
    let page = page_of(&app, "nour@exemple.fr").await;
    app.db_gives_role("nour@exemple.fr", Role::Pilot).await;

    let late = [("quoi", "role"), ("role", "admin"), ("vu", "member"), ("confirme", "oui")];
    let answer = ines.post(&page, &late).await;

    assert_eq!(answer.status, 409);
    assert_eq!(db_role(&app, "nour@exemple.fr").await, Some(Role::Pilot));
    app.end().await;
}

#[tokio::test]
async fn who_is_removed_leaves_what_they_wrote_and_nothing_of_themselves() {
    let app = TestApp::start().await;
    let (mut ines, mut nour) = (ines(&app).await, app.member("Nour").await);
    let mut tab = tab_of(&app, &nour).await;
    let page = page_of(&app, "nour@exemple.fr").await;

    let asks = ines.post(&page, &[("quoi", "retirer")]).await;
    assert!(asks.body.contains("Disparaissent") && asks.body.contains("Restent"));
    let gone = ines.post(&page, &[("quoi", "retirer"), ("confirme", "oui")]).await;

    assert_eq!(gone.header("location"), "/reglages/personnes?fait=retiree");
    assert_eq!(tab.closed_with().await, Some(4401));
    assert!(db_find(&app, "nour@exemple.fr").await.is_none());
    assert_eq!(nour.get("/historique").await.status, 401);
    assert_eq!(ines.get(&page).await.status, 404);
    assert!(!ines.get(PEOPLE).await.body.contains("nour@exemple.fr"));
    app.end().await;
}

#[tokio::test]
async fn the_data_of_a_person_are_theirs_and_nobody_elses() {
    let app = TestApp::start().await;
    let (mut ines, _nour) = (ines(&app).await, app.member("Nour").await);
    let page = page_of(&app, "nour@exemple.fr").await;

    let file = ines.get(&format!("{page}/donnees.json")).await;

    assert_eq!(file.status, 200, "{}", file.body);
    assert!(file.header("content-disposition").starts_with("attachment"));
    let data: serde_json::Value = serde_json::from_str(&file.body).unwrap();
    assert_eq!(data["person"]["email"], "nour@exemple.fr");
    assert_eq!(data["person"]["role"], "member");
    assert_eq!(data["logins"].as_array().unwrap().len(), 1);
    for part in ["offers", "proposals", "changes"] {
        assert!(data[part].is_array(), "{part}");
    }
    assert!(!file.body.contains("inès"), "nobody else's");
    app.end().await;
}

#[tokio::test]
async fn people_are_found_however_their_name_is_typed() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    for n in 0..60 {
        app.db_person(&format!("membre{n:02}"), Role::Member).await;
    }
    app.db_person("Zoé", Role::Pilot).await;

    let found = ines.get("/reglages/personnes?q=ZOE").await.body;
    let pilots = ines.get("/reglages/personnes?qui=pilot").await.body;
    let second = ines.get("/reglages/personnes?qui=member&page=2").await.body;
    let idle = ines.get("/reglages/personnes?qui=absent").await.body;

    assert!(found.contains("1 personne<") && found.contains("zoé@exemple.fr"), "{found}");
    assert!(pilots.contains("zoé@exemple.fr") && !pilots.contains("membre00@exemple.fr"));
    assert!(second.contains("membre59@exemple.fr") && second.contains("rel=\"prev\""), "{second}");
    assert!(idle.contains("0 personne<"), "{idle}");
    app.clock.days_pass(3 * 365 + 1);
    let mut ines = app.visitor();
    ines.post(&app.link_for("inès@exemple.fr").await, &[]).await;
    let idle = ines.get("/reglages/personnes?qui=absent&q=zo").await.body;
    let here = ines.get("/reglages/personnes?qui=absent&q=in%C3%A8s").await.body;
    assert!(idle.contains("zoé@exemple.fr") && here.contains("0 personne<"), "{idle} {here}");
    app.end().await;
}

#[tokio::test]
async fn whoever_comes_by_is_seen_that_day() {
    let app = TestApp::start().await;
    let mut nour = app.member("Nour").await;
    let first = db_find(&app, "nour@exemple.fr").await.unwrap().seen_at;

    app.clock.days_pass(2);
    nour.get("/historique").await;

    let now = db_find(&app, "nour@exemple.fr").await.unwrap().seen_at;
    assert!(now > first, "{first:?} {now:?}");
    app.end().await;
}

/// Sends a list as a browser does; the answer.
async fn sends(browser: &mut Browser, name: &str, text: &str) -> Answer {
    let token = hidden(&browser.get(LISTS).await, "jeton");
    let origin = browser.origin().to_owned();
    let part = |about: &str, content: &str| {
        format!("--limite\r\ncontent-disposition: form-data; {about}\r\n\r\n{content}\r\n")
    };
    let about = format!("name=\"fichier\"; filename=\"{name}\"\r\ncontent-type: text/csv");
    let body = part("name=\"jeton\"", &token) + &part(&about, text) + "--limite--\r\n";
    let kind = "multipart/form-data; boundary=limite";
    let headers = [("content-type", kind), ("origin", origin.as_str())];
    browser.send(Method::POST, LISTS, &headers, body).await
}

/// Sends a list; the address of its plan.
pub async fn gives(browser: &mut Browser, text: &str) -> String {
    let answer = sends(browser, "membres.csv", text).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").to_owned()
}

/// Presses a button of a list's page, with all that is ticked on it.
pub async fn presses(browser: &mut Browser, page: &str, action: &str) -> Answer {
    presses_with(browser, page, action, &[]).await
}

/// The same, with more ticked.
pub async fn presses_with(
    browser: &mut Browser,
    page: &str,
    action: &str,
    ticked: &[(&str, &str)],
) -> Answer {
    let shown = browser.get(page).await;
    let mut fields = vec![("version".to_owned(), hidden(&shown, "version"))];
    if shown.body.contains("name=\"vues\"") {
        fields.push(("vues".to_owned(), hidden(&shown, "vues")));
    }
    for tag in shown.body.split("<input type=\"checkbox\"").skip(1) {
        let tag = tag.split('>').next().unwrap();
        let of = |name: &str| tag.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next();
        if tag.contains(" checked") {
            fields.push((of(" name").unwrap().to_owned(), of(" value").unwrap().to_owned()));
        }
    }
    fields.extend(ticked.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields.push(("action".to_owned(), action.to_owned()));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    browser.post(page.split('?').next().unwrap(), &fields).await
}

const LIST: &str = "Prénom;Nom;Courriel;Rôle\nZoé;Ferrand;zoe@exemple.fr;\nPaul;Roy;paul@exemple.fr;pilote\n\
                    Nour;Benali;nour@exemple.fr;pilote\nSans;Rien;;\nZoé;Ferrand;ZOE@exemple.fr;membre\n";

#[tokio::test]
async fn a_list_of_members_is_read_over_before_anything_is_done() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Nour", Role::Member).await;

    let page = gives(&mut ines, LIST).await;
    let plan = ines.get(&page).await.body;

    for told in [
        "2 personnes à ajouter",
        "1 nom différent",
        "1 rôle différent",
        "1 ligne sans adresse",
        "1 ligne en double",
        "Changer le nom « Nour » en « Nour Benali »"
            .replace("« ", "«\u{a0}")
            .replace(" »", "\u{a0}»")
            .as_str(),
        "Changer le rôle\u{a0}: Membre → Pilote",
        "Même adresse qu’à la ligne 2",
    ] {
        assert!(plan.contains(told), "{told}: {plan}");
    }
    assert!(!plan.contains("name=\"role\" value=\"4\" checked"), "no role by itself");
    assert!(db_find(&app, "zoe@exemple.fr").await.is_none(), "nothing is done yet");
    assert_eq!(db_find(&app, "nour@exemple.fr").await.unwrap().name, "Nour");
    app.end().await;
}

#[tokio::test]
async fn a_list_is_applied_at_once_and_the_same_list_again_changes_nothing() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Nour", Role::Member).await;
    let page = gives(&mut ines, LIST).await;

    let applied = presses(&mut ines, &page, "appliquer").await;

    assert_eq!(applied.status, 303);
    let report = ines.get(&page).await.body;
    assert!(report.contains("2 personnes ajoutées") && report.contains("1 nom changé"), "{report}");
    assert_eq!(db_role(&app, "zoe@exemple.fr").await, Some(Role::Member));
    assert_eq!(db_role(&app, "paul@exemple.fr").await, Some(Role::Pilot));
    let nour = db_find(&app, "nour@exemple.fr").await.unwrap();
    assert_eq!(
        (nour.name.as_str(), nour.role),
        ("Nour Benali", Some(Role::Member)),
        "no role by itself"
    );

    let again =
        gives(&mut ines, &LIST.replace("Benali;nour@exemple.fr;pilote", "Benali;nour@exemple.fr;"))
            .await;
    let plan = ines.get(&again).await.body;
    assert!(plan.contains("3 personnes déjà là, sans changement"), "{plan}");
    assert!(!plan.contains("value=\"appliquer\""), "there is nothing to apply: {plan}");
    app.end().await;
}

#[tokio::test]
async fn a_role_changes_by_a_list_only_where_it_was_ticked_and_never_ones_own() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Nour", Role::Pilot).await;
    let list = "courriel;rôle\nnour@exemple.fr;membre\ninès@exemple.fr;membre\n";
    let page = gives(&mut ines, list).await;
    let shown = ines.get(&page).await;
    let version = hidden(&shown, "version");

    let all = [
        ("version", version.as_str()),
        ("vues", "2,3"),
        ("role", "2"),
        ("role", "3"),
        ("action", "appliquer"),
    ];
    ines.post(&page, &all).await;

    assert_eq!(db_role(&app, "nour@exemple.fr").await, Some(Role::Member));
    assert_eq!(db_role(&app, "inès@exemple.fr").await, Some(Role::Admin));
    assert!(ines.get(&page).await.body.contains("Personne ne change le sien par une liste"));
    app.end().await;
}

#[tokio::test]
async fn a_list_is_taken_back_except_for_whom_somebody_touched_since() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Nour", Role::Member).await;
    let page = gives(&mut ines, LIST).await;
    presses(&mut ines, &page, "appliquer").await;
    let mut zoe = app.visitor();
    zoe.post(&app.link_for("zoe@exemple.fr").await, &[]).await;

    let undone = presses(&mut ines, &page, "annuler").await;

    assert_eq!(undone.status, 303);
    let report = ines.get(&page).await.body;
    assert!(report.contains("1 personne retirée") && report.contains("1 nom rétabli"), "{report}");
    assert!(report.contains("1 personne laissée telle quelle"), "{report}");
    assert!(db_find(&app, "paul@exemple.fr").await.is_none());
    assert!(db_find(&app, "zoe@exemple.fr").await.is_some(), "she came meanwhile");
    assert_eq!(db_find(&app, "nour@exemple.fr").await.unwrap().name, "Nour");
    assert_eq!(presses_twice(&mut ines, &page).await, 303, "a second press does nothing more");
    app.end().await;
}

async fn presses_twice(browser: &mut Browser, page: &str) -> u16 {
    browser.post(page, &[("version", "2"), ("action", "annuler")]).await.status
}

#[tokio::test]
async fn who_was_added_while_a_list_was_read_over_stays_as_they_are() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let page = gives(&mut ines, LIST).await;
    let new =
        [("courriel", "zoe@exemple.fr"), ("nom", "Zoé"), ("role", "pilot"), ("inviter", "non")];
    ines.post(ADD, &new).await;

    presses(&mut ines, &page, "appliquer").await;

    let zoe = db_find(&app, "zoe@exemple.fr").await.unwrap();
    assert_eq!((zoe.name.as_str(), zoe.role), ("Zoé", Some(Role::Pilot)));
    let report = ines.get(&page).await.body;
    assert!(report.contains("a été ajoutée entre-temps"), "{report}");
    app.end().await;
}

#[tokio::test]
async fn ticks_of_one_page_stay_while_another_is_read() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let mut list = "courriel\n".to_owned();
    for n in 0..150 {
        list.extend(["membre", &format!("{n:03}"), "@exemple.fr\n"]);
    }
    let page = gives(&mut ines, &list).await;
    let version = hidden(&ines.get(&page).await, "version");

    // On the first page only line 2 stays ticked; then the second is read, and all is applied from there.
    let shown: Vec<String> = (2..102).map(|row| row.to_string()).collect();
    let fields = [
        ("version", &*version),
        ("vues", &*shown.join(",")),
        ("prendre", "2"),
        ("action", "page-2"),
    ];
    let second = ines.post(&page, &fields).await;
    assert_eq!(second.header("location"), format!("{page}?page=2&fait=garde"));
    presses(&mut ines, &format!("{page}?page=2"), "appliquer").await;

    let all = people::list(&mut app.app.store.read().await.unwrap()).await.unwrap();
    let members = all.iter().filter(|it| it.email.starts_with("membre") && it.email.len() > 17);
    assert_eq!(members.count(), 1 + 50);
    app.end().await;
}

#[tokio::test]
async fn a_file_that_is_no_list_is_refused_in_words() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;

    for (text, why) in [
        ("Nom;Ville\nLéa;Paris\n", "n’a pas de colonne de courriels"),
        ("%PDF-1.7 x", "PDF"),
        ("", "<strong>"),
    ] {
        let answer = sends(&mut ines, "liste.csv", text).await;
        assert_eq!(answer.status, 422, "{text}");
        assert!(answer.body.contains(why), "{text}: {}", answer.body);
    }
    let lists = tablee_storage::member_lists::list(&mut app.app.store.read().await.unwrap()).await;
    assert_eq!(lists.unwrap(), []);
    app.end().await;
}

#[tokio::test]
async fn a_list_is_forgotten_with_whoever_stands_in_it() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let page = gives(&mut ines, LIST).await;
    presses(&mut ines, &page, "appliquer").await;

    let zoe = page_of(&app, "zoe@exemple.fr").await;
    ines.post(&zoe, &[("quoi", "retirer"), ("confirme", "oui")]).await;

    assert_eq!(ines.get(&page).await.status, 404);
    app.end().await;
}

#[tokio::test]
async fn only_administrators_look_after_people_and_settings() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let mut others = [app.visitor(), app.member("Nour").await, app.pilot("Léa").await];
    let person = page_of(&app, "nour@exemple.fr").await;
    let list = gives(&mut ines, LIST).await;
    let paths = [
        "/reglages",
        "/reglages/site",
        "/reglages/textes",
        "/reglages/textes/site.page.legal",
        PEOPLE,
        ADD,
        LISTS,
        &person,
        &format!("{person}/donnees.json"),
        &list,
    ];

    for path in paths {
        for (at, other) in others.iter_mut().enumerate() {
            let expected = if at == 0 { 401 } else { 403 };
            assert_eq!(other.get(path).await.status, expected, "{path} for {at}");
        }
        assert_eq!(ines.get(path).await.status, 200, "{path}");
    }
    let steal = [("quoi", "role"), ("role", "admin"), ("vu", "member"), ("confirme", "oui")];
    assert_eq!(others[1].post(&person, &steal).await.status, 403);
    assert_eq!(db_role(&app, "nour@exemple.fr").await, Some(Role::Member));
    assert_eq!(ines.get(&format!("{PEOPLE}/{}", PersonId(404))).await.status, 404);
    assert_eq!(ines.get(&format!("{PEOPLE}/x")).await.status, 404);
    app.end().await;
}

#[tokio::test]
async fn a_list_that_is_taken_back_spares_who_owns_an_offer_and_who_was_renamed_since() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Nour", Role::Member).await;
    let page = gives(&mut ines, LIST).await;
    presses(&mut ines, &page, "appliquer").await;
    let paul = db_find(&app, "paul@exemple.fr").await.unwrap();
    let table = app.app.rooms.open("formations").await.unwrap().table();
    let mut tx = app.app.store.begin().await.unwrap();
    let row = tablee_domain::ids::RowId::new("o1").unwrap();
    tablee_storage::owners::set(&mut tx, table, &row, paul.id).await.unwrap();
    tx.commit().await.unwrap();
    let nour = page_of(&app, "nour@exemple.fr").await;
    ines.post(&nour, &[("quoi", "nom"), ("nom", "Nour Benali-Roy")]).await;

    presses(&mut ines, &page, "annuler").await;

    assert!(db_find(&app, "paul@exemple.fr").await.is_some(), "an offer is theirs");
    assert_eq!(db_find(&app, "nour@exemple.fr").await.unwrap().name, "Nour Benali-Roy");
    assert!(db_find(&app, "zoe@exemple.fr").await.is_none(), "nobody touched that one");
    let report = ines.get(&page).await.body;
    assert!(report.contains("2 personnes laissées telles quelles"), "{report}");
    app.end().await;
}

#[tokio::test]
async fn whoever_looked_at_an_older_list_brings_nobody_in_that_another_left_out() {
    let app = TestApp::start().await;
    let (mut ines, mut max) = (ines(&app).await, app.person("Max", Role::Admin).await);
    let page = gives(&mut ines, LIST).await;
    let seen = hidden(&max.get(&page).await, "version");
    let shown = ines.get(&page).await;
    let (version, rows) = (hidden(&shown, "version"), hidden(&shown, "vues"));
    let leaves_all = [("version", &*version), ("vues", &*rows), ("action", "page-1")];
    assert_eq!(ines.post(&page, &leaves_all).await.status, 303);

    let late = [("version", &*seen), ("vues", ""), ("action", "appliquer")];
    let late = max.post(&page, &late).await;

    assert_eq!(late.status, 409, "{}", late.body);
    assert!(db_find(&app, "zoe@exemple.fr").await.is_none());
    assert!(!late.body.contains(" checked"), "it shows what the other one left: {}", late.body);
    app.end().await;
}

#[tokio::test]
async fn a_list_is_forgotten_ninety_days_after_it_was_touched() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let first = gives(&mut ines, LIST).await;
    app.clock.days_pass(29);
    ines.get(PEOPLE).await;
    app.clock.days_pass(29);
    ines.get(PEOPLE).await;
    app.clock.days_pass(29);
    gives(&mut ines, "courriel\nlou@exemple.fr\n").await;
    let kept = ines.get(&first).await.status;

    app.clock.days_pass(4);
    gives(&mut ines, "courriel\nlou@exemple.fr\n").await;

    assert_eq!((kept, ines.get(&first).await.status), (200, 404));
    app.end().await;
}

#[tokio::test]
async fn the_data_of_a_person_hold_their_own_changes_and_no_word_of_pilots_among_themselves() {
    let (app, mut nour, _) = crate::history::two_offers().await;
    let mut ines = ines(&app).await;
    crate::history::changes(&app, "Nour", crate::history::WATER, "url", "https://a.example").await;
    crate::history::changes(&app, "Léa", crate::history::WATER, "prerequis", "Aucun").await;
    let form = crate::proposing::opened(&app, &mut nour, "/proposer").await;
    let form = crate::proposing::six(form);
    assert_eq!(form.press(&mut nour, "/proposer", "envoyer").await.status, 303);
    let id = crate::proposing::db_proposals(&app).await[0].id;
    let mut tx = app.app.store.begin().await.unwrap();
    let lea = people::find_by_email(&mut tx, "léa@exemple.fr").await.unwrap().unwrap().id;
    for event in [Event::Noted("à rappeler, discrètement".into()), Event::Asked("Quand ?".into())]
    {
        let at = app.app.clock.now();
        proposal_events::add(&mut tx, id, at, By::Pilot(lea), &event).await.unwrap();
    }
    tx.commit().await.unwrap();

    let page = page_of(&app, "nour@exemple.fr").await;
    let file = ines.get(&format!("{page}/donnees.json")).await.body;

    let data: serde_json::Value = serde_json::from_str(&file).unwrap();
    let changed: Vec<&str> = data["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["column"].as_str().unwrap())
        .collect();
    assert_eq!(changed, ["url"]);
    assert!(!file.contains("discrètement") && !file.contains("Aucun"), "{file}");
    let thread = &data["proposals"][0]["thread"];
    assert_eq!(thread, &serde_json::json!([{ "question": "Quand ?" }]));
    app.end().await;
}

#[tokio::test]
async fn who_is_signed_out_everywhere_leaves_the_open_table_and_keeps_their_role() {
    let app = TestApp::start().await;
    let (mut ines, mut nour) = (ines(&app).await, app.member("Nour").await);
    let page = page_of(&app, "nour@exemple.fr").await;
    let link = app.link_for("nour@exemple.fr").await;
    let mut tab = tab_of(&app, &nour).await;

    assert_eq!(ines.post(&page, &[("quoi", "deconnecter")]).await.status, 303);

    assert_eq!(tab.closed_with().await, Some(4401));
    assert_eq!(nour.get("/historique").await.status, 401);
    assert_ne!(app.visitor().post(&link, &[]).await.status, 303, "the link is worth nothing");
    assert_eq!(db_role(&app, "nour@exemple.fr").await, Some(Role::Member));
    app.end().await;
}

#[tokio::test]
async fn whoever_gives_up_their_own_rights_lands_on_a_page_that_they_may_see() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Max", Role::Admin).await;
    let page = page_of(&app, "inès@exemple.fr").await;

    let yes = [("quoi", "role"), ("role", "pilot"), ("vu", "admin"), ("confirme", "oui")];
    let done = ines.post(&page, &yes).await;

    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(ines.get(done.header("location")).await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn a_name_that_changed_while_a_list_was_read_over_stays() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    app.db_person("Nour", Role::Member).await;
    let page = gives(&mut ines, LIST).await;
    let nour = page_of(&app, "nour@exemple.fr").await;
    ines.post(&nour, &[("quoi", "nom"), ("nom", "Nour Benali-Roy")]).await;

    presses(&mut ines, &page, "appliquer").await;

    assert_eq!(db_find(&app, "nour@exemple.fr").await.unwrap().name, "Nour Benali-Roy");
    app.end().await;
}

#[tokio::test]
async fn whoever_takes_a_list_back_keeps_the_role_that_it_gave_them() {
    let app = TestApp::start().await;
    let (mut ines, mut max) = (ines(&app).await, app.pilot("Max").await);
    app.db_person("Nour", Role::Member).await;
    let list = "courriel;rôle\nmax@exemple.fr;équipe\nnour@exemple.fr;pilote\n";
    let page = gives(&mut ines, list).await;
    let version = hidden(&ines.get(&page).await, "version");
    let raises = [
        ("version", version.as_str()),
        ("vues", "2,3"),
        ("role", "2"),
        ("role", "3"),
        ("action", "appliquer"),
    ];
    ines.post(&page, &raises).await;
    assert_eq!(db_role(&app, "max@exemple.fr").await, Some(Role::Admin));

    assert_eq!(presses(&mut max, &page, "annuler").await.status, 303);

    assert_eq!(db_role(&app, "max@exemple.fr").await, Some(Role::Admin));
    assert_eq!(db_role(&app, "nour@exemple.fr").await, Some(Role::Member));
    app.end().await;
}
