//! What was done, as people and programs read it.

use serde_json::Value;
use tablee_domain::ids::{PersonId, Revision, RowId};
use tablee_domain::people::{Actor, Role};
use tablee_domain::table::{Origin, Plain};
use tablee_storage::people;

use crate::pages::{db_rows, published};
use crate::support::{Browser, TestApp};

pub const WATER: &str = "eau0000000000000";
pub const MUD: &str = "boue000000000000";

/// A table of two offers, in the browsers of a member and a pilot.
pub async fn two_offers() -> (TestApp, Browser, Browser) {
    let app = TestApp::start().await;
    let rows =
        [(WATER, published("Dialoguer autour de l'eau")), (MUD, published("Parler de la boue"))];
    let rows: Vec<_> = rows.iter().map(|(id, cells)| (*id, cells.as_slice())).collect();
    db_rows(&app, &rows).await;
    let (nour, lea) = (app.member("Nour").await, app.pilot("Léa").await);
    (app, nour, lea)
}

pub fn row(id: &str) -> RowId {
    RowId::new(id).unwrap()
}

/// The person with this name.
pub async fn db_who(app: &TestApp, name: &str) -> (PersonId, Role) {
    let mut tx = app.app.store.read().await.unwrap();
    let email = format!("{}@exemple.fr", name.to_lowercase());
    let person = people::find_by_email(&mut tx, &email).await.unwrap().unwrap();
    (person.id, person.role.unwrap())
}

/// Somebody changes a cell, as their tab would.
pub async fn changes(
    app: &TestApp,
    who: &str,
    id: &str,
    key: &str,
    value: impl Into<Plain>,
) -> Revision {
    let (person, role) = db_who(app, who).await;
    let (row, key, value) = (row(id), key.to_owned(), value.into());
    let room = app.app.rooms.open("formations").await.unwrap();
    let work = move |writing: &mut tablee_document::Writing<'_>| writing.set(&row, &key, value);
    room.write(Actor::Person(person, role), Origin::Table, work).await.unwrap().1
}

/// What a cell says now.
pub async fn cell(app: &TestApp, id: &str, column: &str) -> Plain {
    let visible = app.app.rooms.values("formations").await.unwrap();
    let found = visible.values.rows.iter().find(|known| known.id.as_str() == id).unwrap();
    found.cell(column).clone()
}

pub async fn history(browser: &mut Browser, query: &str) -> Value {
    let answer = browser.get(&format!("/api/v1/tables/formations/history?{query}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn values(page: &Value) -> Vec<(&str, &str)> {
    let entries = page["entries"].as_array().unwrap().iter();
    entries
        .map(|e| (e["before"].as_str().unwrap_or("-"), e["after"].as_str().unwrap_or("-")))
        .collect()
}

#[tokio::test]
async fn strangers_read_no_history_and_learn_of_no_table() {
    let (app, mut nour, mut lea) = two_offers().await;
    let mut admin = app.person("Ines", Role::Admin).await;
    let mut lowered = app.member("Zoé").await;
    let mut tx = app.app.store.begin().await.unwrap();
    let zoe = people::find_by_email(&mut tx, "zoé@exemple.fr").await.unwrap().unwrap();
    people::set_role(&mut tx, zoe.id, None).await.unwrap();
    tx.commit().await.unwrap();

    for (path, is_api) in [
        ("/historique", false),
        ("/api/v1/tables/formations/history", true),
        ("/api/v1/tables/x/history", true),
    ] {
        let (stranger, visitor) = (app.visitor().get(path).await, lowered.get(path).await);
        assert_eq!((stranger.status, visitor.status), (401, 403), "{path}");
        if is_api {
            let said: Value = serde_json::from_str(&stranger.body).unwrap();
            assert_eq!(said["error"]["key"], "signed-out");
            assert!(said["error"]["message"].as_str().unwrap().contains("Connectez"));
        }
        assert!(!stranger.body.contains("eau") && !visitor.body.contains("Dialoguer"), "{path}");
    }
    for browser in [&mut nour, &mut lea, &mut admin] {
        let page = browser.get("/historique").await;
        assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
        let api = browser.get("/api/v1/tables/formations/history").await;
        assert_eq!((api.status, api.header("cache-control")), (200, "no-store"));
        assert_eq!(browser.get("/api/v1/tables/x/history").await.status, 404);
    }
    app.end().await;
}

#[tokio::test]
async fn programs_read_who_did_what_newest_first() {
    let (app, mut nour, _) = two_offers().await;
    changes(&app, "Nour", WATER, "intitule", "Dialoguer autour de la mer").await;
    app.clock.minutes_pass(3);
    let last = changes(&app, "Léa", WATER, "themes/eau", true).await;

    let told = history(&mut nour, &format!("row={WATER}&limit=2")).await;

    let [theme, title] = told["entries"].as_array().unwrap().as_slice() else { panic!("{told}") };
    assert_eq!(theme["revision"], last.get());
    assert_eq!(
        (&theme["column"], &theme["item"], &theme["key"]),
        (&"themes".into(), &"eau".into(), &"themes/eau".into())
    );
    assert_eq!((&theme["after"], &theme["before"]), (&true.into(), &Value::Null));
    assert_eq!(theme["by"]["name"], "Léa");
    assert_eq!(
        (&title["before"], &title["after"]),
        (&"Dialoguer autour de l'eau".into(), &"Dialoguer autour de la mer".into())
    );
    assert_eq!(
        (&title["title"], &title["origin"], &title["lost"]),
        (&"Dialoguer autour de la mer".into(), &"table".into(), &false.into())
    );
    assert_eq!(theme["at"].as_i64().unwrap() - title["at"].as_i64().unwrap(), 180_000);
    assert_eq!(told["next"], title["id"]);
    app.end().await;
}

#[tokio::test]
async fn each_filter_leaves_what_it_asks_for() {
    let (app, mut nour, _) = two_offers().await;
    let (lea, _) = db_who(&app, "Léa").await;
    changes(&app, "Nour", WATER, "intitule", "Un").await;
    app.clock.days_pass(1);
    changes(&app, "Léa", WATER, "organisme", "Deux").await;
    app.clock.days_pass(1);
    changes(&app, "Léa", MUD, "intitule", "Trois").await;

    for (query, expected) in [
        (format!("person={lea}"), vec!["Trois", "Deux"]),
        (format!("row={WATER}&origin=table"), vec!["Deux", "Un"]),
        ("column=intitule&origin=table".to_owned(), vec!["Trois", "Un"]),
        (format!("row={MUD}&key=intitule&limit=1"), vec!["Trois"]),
        ("since=2026-11-24&until=2026-11-24".to_owned(), vec!["Deux"]),
        ("since=2026-11-25".to_owned(), vec!["Trois"]),
        ("until=2026-11-23&origin=table".to_owned(), vec!["Un"]),
        ("import=7".to_owned(), vec![]),
        ("lost=1".to_owned(), vec![]),
        ("person=999".to_owned(), vec![]),
    ] {
        let told = history(&mut nour, &query).await;
        let after: Vec<_> = values(&told).into_iter().map(|(_, after)| after).collect();
        assert_eq!(after, expected, "{query}");
        let page = nour.get(&format!("/historique?{query}")).await.body;
        for word in ["Un", "Deux", "Trois"] {
            let shown = page.contains(&format!("</span>{word}</ins>"));
            assert_eq!(shown, expected.contains(&word), "{word} in {query}");
        }
    }
    app.end().await;
}

#[tokio::test]
async fn what_an_address_asks_in_odd_words_is_refused_to_programs_and_forgiven_to_people() {
    let (app, mut nour, _) = two_offers().await;

    let odd = "row=%3Cscript%3E&since=hier&limit=9999&before=x";
    let program = nour.get(&format!("/api/v1/tables/formations/history?{odd}")).await;
    let page = nour.get(&format!("/historique?{odd}")).await;

    assert_eq!(program.status, 422);
    assert!(program.body.contains("\"key\":\"invalid\""), "{}", program.body);
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<script>"));
    app.end().await;
}

#[tokio::test]
async fn a_long_history_has_pages_and_none_is_told_twice() {
    let (app, mut nour, _) = two_offers().await;
    for n in 0..70 {
        changes(
            &app,
            if n % 2 == 0 { "Nour" } else { "Léa" },
            WATER,
            "intitule",
            format!("Titre {n}"),
        )
        .await;
    }

    let mut page = nour.get("/historique?column=intitule").await.body;
    let mut seen = Vec::new();
    loop {
        let ids = page.split("<li class=\"change\" id=\"m").skip(1);
        seen.extend(ids.map(|rest| rest.split('"').next().unwrap().to_owned()));
        let Some((before, _)) = page.split_once("\">Modifications plus anciennes") else { break };
        let next = before.rsplit("href=\"").next().unwrap().replace("&#38;", "&");
        assert!(next.contains("column=intitule"), "{next}");
        page = nour.get(&next).await.body;
        assert!(page.contains("Revenir aux plus récentes"));
    }

    assert_eq!(seen.len(), 72, "70 changes and two first titles");
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), all);
    app.end().await;
}

#[tokio::test]
async fn a_page_says_who_when_where_and_what_changed_word_by_word() {
    let (app, mut nour, _) = two_offers().await;
    changes(&app, "Léa", WATER, "intitule", "Dialoguer autour de la mer").await;
    app.clock.days_pass(1);
    changes(&app, "Nour", MUD, "duree_heures", 7.0).await;

    let page = nour.get("/historique").await.body;

    // The clock of the tests stands at noon of UTC: one o'clock in Paris.
    assert!(page.contains("<h2>Aujourd’hui, 24 novembre 2026</h2>"), "{page}");
    assert!(page.contains("<h2>Hier, 23 novembre 2026</h2>"));
    assert!(page.contains(
        "<time datetime=\"2026-11-23T12:00:00Z\">13\u{a0}h\u{a0}00</time> <strong>Léa</strong>"
    ));
    let changed = "Dialoguer autour de <del><span class=\"unseen\">retiré\u{a0}: </span>l&#39;eau</del><ins><span class=\"unseen\">ajouté\u{a0}: </span>la mer</ins>";
    assert!(page.contains(changed), "{page}");
    assert!(page.contains("</span>7 heures</ins>"));
    assert!(page.contains(&format!("<a href=\"/historique?row={MUD}\">Parler de la boue</a>")));
    assert!(page.contains("commande de l’équipe") && page.contains("Ligne ajoutée"));
    let of_row = nour.get(&format!("/historique?row={MUD}&lang=en")).await.body;
    assert!(of_row.contains("History of “Parler de la boue”") && !of_row.contains("la mer"));
    assert!(of_row.contains("13:00") && of_row.contains("Remove “Course: Parler de la boue”"));
    app.end().await;
}

#[tokio::test]
async fn a_change_that_came_back_to_where_it_began_says_so() {
    let (app, mut nour, _) = two_offers().await;
    changes(&app, "Nour", WATER, "intitule", "Autre chose").await;
    changes(&app, "Nour", WATER, "intitule", "Dialoguer autour de l'eau").await;

    let page = nour.get("/historique").await.body;

    assert!(page.contains("Modifié, puis remis comme avant"), "{page}");
}

#[tokio::test]
async fn somebody_who_left_is_a_former_member_and_their_changes_stay() {
    let (app, _, mut lea) = two_offers().await;
    changes(&app, "Nour", WATER, "intitule", "Une trace").await;
    let (nour, _) = db_who(&app, "Nour").await;

    app.db_removes("nour@exemple.fr").await;
    let page = lea.get("/historique").await.body;
    let told = history(&mut lea, "origin=table").await;

    assert!(page.contains("<strong>Ancien membre</strong>") && !page.contains("Nour"), "{page}");
    assert_eq!(told["entries"][0]["by"], serde_json::json!({ "id": nour.get(), "name": null }));
    app.end().await;
}

#[tokio::test]
async fn a_history_without_lines_says_why() {
    let app = TestApp::start().await;
    let mut nour = app.member("Nour").await;

    let nothing = nour.get("/historique").await.body;
    let no_match = nour.get("/historique?column=intitule").await.body;

    assert!(nothing.contains("Rien n’a encore été modifié"), "{nothing}");
    assert!(no_match.contains("Aucune modification ne correspond"));
    app.end().await;
}

#[tokio::test]
async fn what_a_hostile_hand_wrote_is_only_text_in_history_too() {
    let (app, mut nour, _) = two_offers().await;
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    changes(&app, "Léa", WATER, "intitule", hostile).await;
    changes(&app, "Léa", WATER, "themes/zzz", true).await;

    for path in ["/historique", &format!("/historique?row={WATER}")] {
        let page = nour.get(path).await.body;
        assert!(!page.contains("<script>") && !page.contains("<img"), "{page}");
    }
    app.end().await;
}

#[tokio::test]
async fn members_find_the_history_of_an_offer_from_its_page_and_visitors_do_not() {
    let (app, mut nour, _) = two_offers().await;
    let page = "/formations/parler-de-la-boue-boue000000000000";

    let (member, visitor) = (nour.get(page).await.body, app.visitor().get(page).await.body);

    let link = format!("href=\"/historique?row={MUD}\"");
    assert!(member.contains(&link) && member.contains("href=\"/historique\""));
    assert!(!visitor.contains("historique"));
    app.end().await;
}

#[tokio::test]
async fn a_page_of_long_texts_is_short_and_leads_on_to_the_rest() {
    let (app, mut nour, _) = two_offers().await;
    let long = "mot ".repeat(64 << 10);
    for number in 0..20 {
        // More cells than a hand types in at once: each is a line of its own.
        let long = format!("{long}{number}");
        let work = move |writing: &mut tablee_document::Writing<'_>| {
            for column in ["resume", "objectifs", "programme", "prerequis", "public_vise"] {
                writing.set(&row(WATER), column, long.as_str().into());
            }
        };
        let room = app.app.rooms.open("formations").await.unwrap();
        room.write(Actor::Program, Origin::Command, work).await.unwrap();
    }

    let (mut lines, mut before) = (0, String::new());
    loop {
        let address = format!("/api/v1/tables/formations/history?origin=command&limit=200{before}");
        let answer = nour.get(&address).await;
        assert!(answer.body.len() < 6 << 20, "{} bytes at once", answer.body.len());
        let page: Value = serde_json::from_str(&answer.body).unwrap();
        lines += page["entries"].as_array().unwrap().len();
        let Some(next) = page["next"].as_i64() else { break };
        before = format!("&before={next}");
    }
    let page = nour.get("/historique?origin=command").await;

    assert!(lines >= 60, "{lines} lines");
    assert!(page.body.len() < 8 << 20, "{} bytes of page", page.body.len());
}
