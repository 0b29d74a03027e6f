//! The pages that anybody may read.

use std::collections::BTreeMap;

use tablee_domain::ids::RowId;
use tablee_domain::people::Actor;
use tablee_domain::table::{Origin, Plain};

use crate::support::TestApp;

/// Puts rows in the table as an import of the server would: id, and cells by key.
pub async fn db_rows(app: &TestApp, rows: &[(&str, &[(&str, Plain)])]) {
    let rows: Vec<(RowId, BTreeMap<String, Plain>)> = rows
        .iter()
        .map(|(id, cells)| {
            let cells = cells.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
            (RowId::new(id).unwrap(), cells.collect())
        })
        .collect();
    let room = app.app.rooms.open("formations").await.unwrap();
    room.write(Actor::Program, Origin::Command, move |writing| {
        for (at, (id, cells)) in rows.into_iter().enumerate() {
            assert!(writing.add_row(&id, &format!("a{at}"), None, cells));
        }
    })
    .await
    .unwrap();
}

pub fn published(title: &str) -> Vec<(&'static str, Plain)> {
    vec![
        ("intitule", title.into()),
        ("organisme", "Scop L'Orage".into()),
        ("type", "formation_courte".into()),
        ("etat", "publiee".into()),
    ]
}

fn with(
    mut cells: Vec<(&'static str, Plain)>,
    more: &[(&'static str, Plain)],
) -> Vec<(&'static str, Plain)> {
    cells.extend_from_slice(more);
    cells
}

async fn three_offers() -> TestApp {
    let app = TestApp::start().await;
    let water = with(
        published("Dialoguer autour de l'eau"),
        &[
            ("themes/eau", true.into()),
            ("modalite", "presentiel".into()),
            ("url", "https://exemple.fr/eau".into()),
            ("verifie_le", "2026-09-23".into()),
            ("lieux~said", "près de Lyon".into()),
            ("duree_heures", 18.5.into()),
            ("duree_heures~said", "18h30 environ".into()),
        ],
    );
    let online = with(
        published("Animer à distance"),
        &[("type", "mooc".into()), ("modalite", "distanciel".into())],
    );
    let draft = with(published("Un secret en préparation"), &[("etat", "brouillon".into())]);
    db_rows(
        &app,
        &[
            ("eau0000000000000", &water),
            ("dist000000000000", &online),
            ("brouillon0000000", &draft),
        ],
    )
    .await;
    app
}

#[tokio::test]
async fn a_visitor_finds_the_published_offers_and_no_draft() {
    let app = three_offers().await;

    let page = app.visitor().get("/").await;

    assert_eq!(page.status, 200);
    assert!(page.body.contains("2 formations"), "{}", page.body);
    assert!(
        page.body.contains("Animer à distance")
            && page.body.contains("Dialoguer autour de l&#39;eau")
    );
    assert!(
        page.body.contains("Vérifiée il y a 2 mois") && page.body.contains("Pas encore vérifiée")
    );
    assert!(!page.body.contains("secret"), "a draft is shown");
    app.end().await;
}

#[tokio::test]
async fn the_address_holds_the_whole_search() {
    let app = three_offers().await;

    let page =
        app.visitor().get("/?q=DIALOGUER+eaux&modalite=presentiel&tri=recent&lang=en").await.body;

    assert!(page.contains("1 course of 2"), "{page}");
    assert!(page.contains("value=\"DIALOGUER eaux\""));
    assert!(page.contains("name=\"modalite\" value=\"presentiel\" checked"));
    assert!(page.contains("<option value=\"recent\" selected>"));
    // Each filter can be taken away, the rest staying.
    assert!(page.contains("href=\"/?modalite=presentiel&#38;tri=recent&#38;lang=en\""));
    assert!(page.contains("href=\"/?q=DIALOGUER+eaux&#38;tri=recent&#38;lang=en\""));
    // What you see is what you take away.
    let file = "/exports/formations.csv?q=DIALOGUER+eaux&#38;modalite=presentiel&#38;tri=recent&#38;lang=en";
    assert!(page.contains(file), "{page}");
    app.end().await;
}

#[tokio::test]
async fn boxes_say_how_many_offers_they_lead_to() {
    let app = three_offers().await;

    let page = app.visitor().get("/?type=mooc").await.body;

    let count = |value: &str| {
        let box_at = page.find(&format!("value=\"{value}\"")).unwrap();
        let rest = &page[box_at..];
        let told = rest.split("data-count>").nth(1).unwrap();
        told.split('<').next().unwrap().to_owned()
    };
    assert_eq!(count("formation_courte"), "1");
    assert_eq!(count("mooc"), "1");
    assert_eq!(count("distanciel"), "1");
    assert_eq!(count("presentiel"), "0");
    assert!(!page.contains("value=\"formation_longue\""), "a box that never leads anywhere");
    app.end().await;
}

#[tokio::test]
async fn a_search_that_finds_nothing_says_what_to_do() {
    let app = three_offers().await;

    let page = app.visitor().get("/?q=introuvable").await.body;

    assert!(page.contains("Aucune formation ne correspond"), "{page}");
    assert!(page.contains("Voir toutes les formations"));
    assert!(page.contains("Retirer «\u{a0}Mots\u{a0}: introuvable\u{a0}»"));
    app.end().await;
}

#[tokio::test]
async fn an_empty_inventory_says_that_it_is() {
    let app = TestApp::start().await;

    assert!(app.visitor().get("/").await.body.contains("L’inventaire est encore vide"));
    app.end().await;
}

#[tokio::test]
async fn an_offer_shows_what_is_known_and_the_own_words() {
    let app = three_offers().await;

    let page = app.visitor().get("/formations/dialoguer-autour-de-l-eau-eau0000000000000").await;

    assert_eq!(page.status, 200);
    assert!(page.body.contains("Proposée par Scop L&#39;Orage"));
    assert!(page.body.contains("<dd>près de Lyon</dd>"), "the only words there are");
    assert_eq!(page.body.matches("près de Lyon").count(), 1, "in brief is enough");
    assert!(page.body.contains("18,5 heures") && page.body.contains("<q>18h30 environ</q>"));
    assert!(page.body.contains("Dernière vérification\u{a0}: 23 septembre 2026"));
    let canonical = "<link rel=\"canonical\" href=\"http://127.0.0.1:8080/formations/dialoguer-autour-de-l-eau-eau0000000000000\">";
    assert!(page.body.contains(canonical), "{}", page.body);
    assert!(
        page.body
            .contains("href=\"https://exemple.fr/eau\" rel=\"noopener noreferrer nofollow ugc\"")
    );
    app.end().await;
}

#[tokio::test]
async fn a_wrong_slug_leads_to_the_right_one() {
    let app = three_offers().await;

    for wrong in ["/formations/eau0000000000000", "/formations/ancien-titre-eau0000000000000"] {
        let answer = app.visitor().get(wrong).await;
        assert_eq!(answer.status, 307, "{wrong}");
        assert_eq!(answer.header("cache-control"), "no-store", "titles change back");
        assert_eq!(
            answer.header("location"),
            "/formations/dialoguer-autour-de-l-eau-eau0000000000000"
        );
    }
    let english = app.visitor().get("/formations/x-eau0000000000000?lang=en").await;
    assert!(english.header("location").ends_with("?lang=en"));
    app.end().await;
}

#[tokio::test]
async fn a_draft_and_an_offer_that_never_was_are_told_alike() {
    let app = three_offers().await;
    let mut visitor = app.visitor();

    let draft = visitor.get("/formations/un-secret-en-preparation-brouillon0000000").await;
    let never = visitor.get("/formations/un-secret-en-preparation-jamais0000000000").await;

    let without_number = |body: &str, id: &str| body.replace(id, "");
    assert_eq!((draft.status, never.status), (404, 404));
    assert_eq!(
        without_number(&draft.body, draft.header("x-request-id")).replace("brouillon0000000", ""),
        without_number(&never.body, never.header("x-request-id")).replace("jamais0000000000", ""),
    );
    app.end().await;
}

#[tokio::test]
async fn what_a_hostile_hand_wrote_is_only_text() {
    let app = TestApp::start().await;
    let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let cells = with(
        published(hostile),
        &[
            ("resume", hostile.into()),
            ("url", "javascript:alert(1)".into()),
            ("themes/zzz", true.into()),
            ("contact_courriel", "a@b.fr?bcc=\"><script>".into()),
            ("tarif_texte~said", hostile.into()),
        ],
    );
    db_rows(&app, &[("hostile000000000", &cells)]).await;

    let mut visitor = app.visitor();
    let offer = visitor.get("/formations/hostile000000000").await.header("location").to_owned();
    for path in ["/", "/table", &offer, "/?q=%3Cscript%3E&themes=%22%3E%3Cscript%3E&tri=%22%3E"] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(
            !page.body.contains("<script>") && !page.body.contains("<img"),
            "{path}: {}",
            page.body
        );
        assert!(!page.body.contains("href=\"javascript"), "{path}");
    }
    app.end().await;
}

#[tokio::test]
async fn a_visitor_reads_the_table_and_a_member_gets_the_live_one() {
    let app = three_offers().await;

    let read = app.visitor().get("/table").await.body;
    let live = app.member("Léa").await.get("/table").await;

    assert!(read.contains("Formations publiées, de 1 à 2 sur 2"), "{read}");
    assert!(
        read.contains("<th scope=\"row\">")
            && !read.contains("secret")
            && !read.contains("id=\"table\"")
    );
    assert!(live.body.contains("<div id=\"table\" data-table=\"formations\" data-live=\"/live/formations\" data-lang=\"fr\""));
    assert!(live.body.contains("data-role=\"member\" data-name=\"Léa\""));
    assert!(
        live.body.contains("<noscript>") && !live.body.contains("Dialoguer"),
        "rows come by the socket"
    );
    assert_eq!(live.header("cache-control"), "no-store");
    app.end().await;
}

#[tokio::test]
async fn the_table_is_sorted_by_any_column_empty_cells_last() {
    let app = three_offers().await;
    let mut visitor = app.visitor();
    let first_is = async |visitor: &mut crate::support::Browser, path: &str| {
        let page = visitor.get(path).await.body;
        (page.find("Animer à distance").unwrap() < page.find("Dialoguer autour").unwrap(), page)
    };

    assert!(first_is(&mut visitor, "/table").await.0);
    assert!(first_is(&mut visitor, "/table?tri=modalite").await.0, "distanciel before présentiel");
    assert!(!first_is(&mut visitor, "/table?tri=-modalite").await.0);
    assert!(!first_is(&mut visitor, "/table?tri=verifie_le").await.0, "an empty date goes last");
    assert!(!first_is(&mut visitor, "/table?tri=-verifie_le").await.0, "also from the latest");
    let (_, page) = first_is(&mut visitor, "/table?tri=-modalite").await;
    assert!(page.contains("aria-sort=\"descending\""), "{page}");
    app.end().await;
}

#[tokio::test]
async fn a_long_list_has_pages() {
    let app = TestApp::start().await;
    let titles: Vec<String> = (0..61).map(|n| format!("Formation {n:03}")).collect();
    let ids: Vec<String> = (0..61).map(|n| format!("r{n:015}")).collect();
    let cells: Vec<_> = titles.iter().map(|title| published(title)).collect();
    let rows: Vec<(&str, &[(&str, Plain)])> =
        ids.iter().zip(&cells).map(|(id, cells)| (id.as_str(), cells.as_slice())).collect();
    db_rows(&app, &rows).await;
    let mut visitor = app.visitor();

    let (first, last, beyond) = (
        visitor.get("/").await.body,
        visitor.get("/?page=3").await.body,
        visitor.get("/?page=99").await.body,
    );

    assert!(first.contains("Page 1 sur 3") && first.contains("rel=\"next\" href=\"/?page=2\""));
    assert!(!first.contains("rel=\"prev\""));
    assert!(last.contains("Formation 060") && !last.contains("rel=\"next\""));
    assert!(beyond.contains("Page 3 sur 3"));
    assert!(visitor.get("/table?page=2").await.body.contains("de 51 à 61 sur 61"));
    app.end().await;
}

#[tokio::test]
async fn a_change_is_seen_at_once() {
    let app = three_offers().await;
    let mut visitor = app.visitor();
    assert!(!visitor.get("/").await.body.contains("Toute nouvelle"));

    db_rows(&app, &[("nouvelle00000000", &published("Toute nouvelle"))]).await;

    assert!(visitor.get("/").await.body.contains("Toute nouvelle"));
    app.end().await;
}

#[tokio::test]
async fn the_pages_about_the_site_speak_both_languages() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();

    for (path, french, english) in [
        ("/a-propos/droits", "Qui peut faire quoi", "Who may do what"),
        ("/accessibilite", "non conforme", "not compliant"),
        ("/mentions", "Direction de la publication", "Director of publication"),
        ("/confidentialite", "Un seul cookie", "One cookie"),
    ] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains(french) && page.body.contains("<html lang=\"fr\">"), "{path}");
        assert!(visitor.get(&format!("{path}?lang=en")).await.body.contains(english), "{path}");
    }
    app.end().await;
}

#[tokio::test]
async fn robots_and_browsers_find_what_they_ask_without_being_told() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();

    assert!(visitor.get("/robots.txt").await.body.contains("Allow: /"));
    assert_eq!(visitor.get("/favicon.svg").await.header("content-type"), "image/svg+xml");
    assert_eq!(visitor.get("/favicon.ico").await.header("location"), "/favicon.svg");
    assert_eq!(visitor.get("/assets/.vite/manifest.json").await.status, 404);
    assert_eq!(visitor.get("/assets/../Cargo.toml").await.status, 404);
    app.end().await;
}
