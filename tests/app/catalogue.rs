//! Finding offers: search, dates, comparison, what machines read. On SQLite, and on PostgreSQL where there is one.

use std::fmt::Write;

use tablee::config::Secret;
use tablee_domain::ids::RowId;
use tablee_domain::people::Actor;
use tablee_domain::table::{Origin, Plain};
use tablee_storage::Engine;
use tablee_storage::testing::TestDb;

use crate::pages::{db_rows, published};
use crate::support::TestApp;

fn with(
    mut cells: Vec<(&'static str, Plain)>,
    more: &[(&'static str, Plain)],
) -> Vec<(&'static str, Plain)> {
    cells.extend_from_slice(more);
    cells
}

fn session(from: &str, to: &str) -> Plain {
    let parts = [("debut", from), ("fin", to)].map(|(key, day)| (key.to_owned(), day.into()));
    Plain::Map(parts.into())
}

/// It is October 2026: one session is over, one comes.
async fn some_offers() -> TestApp {
    let app = TestApp::start().await;
    let rows = [
        (
            "aaaa000000000000",
            with(
                published("Animer une concertation"),
                &[
                    (
                        "resume",
                        "Conduire une concertation, de la première réunion au bilan.".into(),
                    ),
                    ("sessions/s1", session("2027-03-12", "2027-03-14")),
                    ("sessions/s2", session("2020-03-12", "2020-03-12")),
                    ("modalite", "presentiel".into()),
                    ("duree_jours", 3.0.into()),
                ],
            ),
        ),
        (
            "bbbb000000000000",
            with(
                published("Budget participatif"),
                &[
                    ("sessions/s1", session("2021-01", "2021-02")),
                    ("modalite", "distanciel".into()),
                ],
            ),
        ),
        (
            "cccc000000000000",
            with(published("Médiation environnementale"), &[("tarif_type", "gratuit".into())]),
        ),
        ("dddd000000000000", with(published("Une archive"), &[("etat", "archivee".into())])),
    ];
    let rows: Vec<(&str, &[(&str, Plain)])> =
        rows.iter().map(|(id, cells)| (*id, cells.as_slice())).collect();
    db_rows(&app, &rows).await;
    app
}

fn place(page: &str, words: &str) -> usize {
    page.find(words).unwrap_or_else(|| panic!("`{words}` is not there: {page}"))
}

#[tokio::test]
async fn a_typing_mistake_is_told_and_what_was_meant_is_found() {
    let app = some_offers().await;

    let page = app.visitor().get("/?q=concertaton").await.body;

    assert!(page.contains("Aucun résultat pour «\u{a0}concertaton\u{a0}»\u{a0}: résultats pour «\u{a0}concertation\u{a0}»."), "{page}");
    assert!(page.contains("Animer une concertation") && !page.contains("Budget participatif"));
    let plain = app.visitor().get("/?q=mediations").await.body;
    assert!(plain.contains("Médiation environnementale") && !plain.contains("Aucun résultat"));
    app.end().await;
}

#[tokio::test]
async fn what_one_can_still_attend_stands_first_and_the_card_tells_the_next_date() {
    let app = some_offers().await;

    let page = app.visitor().get("/").await.body;

    assert!(place(&page, "Animer une concertation") < place(&page, "Budget participatif"));
    assert!(page.contains("<dt>Prochaine session</dt><dd>du 12 au 14 mars 2027</dd>"), "{page}");
    assert!(!page.contains("2020") && !page.contains("2021"), "what is over is no news");
    let by_title = app.visitor().get("/?tri=titre&sessions=a_venir").await.body;
    assert!(by_title.contains("1 formation sur 3") && !by_title.contains("Budget participatif"));
    assert!(by_title.contains("Retirer «\u{a0}avec une date à venir\u{a0}»"), "{by_title}");
    app.end().await;
}

#[tokio::test]
async fn the_same_words_are_found_in_files_as_in_pages() {
    let app = some_offers().await;

    let file = app.visitor().get("/exports/formations.json?q=concertaton").await.body;

    assert!(file.contains("Animer une concertation") && !file.contains("Budget"), "{file}");
    app.end().await;
}

#[tokio::test]
async fn offers_stand_side_by_side_under_an_address_that_can_be_read() {
    let app = some_offers().await;
    let list = app.visitor().get("/").await.body;
    assert!(list.contains(
        "name=\"o\" value=\"budget-participatif-bbbb000000000000\" form=\"comparaison\""
    ));

    let page = app
        .visitor()
        .get("/comparer?o=animer-une-concertation-aaaa000000000000&o=ancien-titre-bbbb000000000000")
        .await;

    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("<th role=\"rowheader\" scope=\"row\">Format</th>"),
        "{}",
        page.body
    );
    assert!(page.body.contains("présentiel") && page.body.contains("distanciel"));
    assert!(page.body.contains("du 12 au 14 mars 2027") && page.body.contains("non renseigné"));
    assert!(page.body.contains("href=\"/comparer?o=animer-une-concertation-aaaa000000000000\""));
    app.end().await;
}

#[tokio::test]
async fn a_comparison_of_too_few_too_many_or_none_says_what_to_do() {
    let app = some_offers().await;
    let mut visitor = app.visitor();

    let none = visitor.get("/comparer").await;
    let gone = visitor
        .get("/comparer?o=x-dddd000000000000&o=x-aaaa000000000000&o=x-aaaa000000000000")
        .await;

    assert_eq!((none.status, gone.status), (200, 200));
    assert!(
        none.body.contains("Choisissez au moins deux formations") && !none.body.contains("<table")
    );
    assert!(
        gone.body.contains("n’est plus publiée") && gone.body.contains("Choisissez au moins deux")
    );
    app.end().await;
}

#[tokio::test]
async fn an_offer_tells_machines_what_it_is_and_nothing_that_is_not_known() {
    let app = some_offers().await;

    let page = app.visitor().get("/formations/animer-une-concertation-aaaa000000000000").await;

    let data = page.body.split("<script type=\"application/ld+json\">").nth(1).unwrap();
    let data: serde_json::Value =
        serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    assert_eq!(data["@type"], "Course");
    assert_eq!(data["name"], "Animer une concertation");
    assert_eq!(data["provider"]["name"], "Scop L'Orage");
    assert_eq!(data["hasCourseInstance"][1]["startDate"], "2027-03-12");
    assert_eq!(data["hasCourseInstance"][1]["courseMode"], "onsite");
    assert!(data.get("offers").is_none() && data.get("isAccessibleForFree").is_none());
    assert!(
        page.body
            .contains("content=\"Conduire une concertation, de la première réunion au bilan.\"")
    );
    assert!(page.body.contains("hreflang=\"en\""));
    assert!(
        page.body.contains("<details class=\"past\">") && page.body.contains("1 session passée")
    );
    let policy = page.header("content-security-policy").to_owned();
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    app.end().await;
}

#[tokio::test]
async fn what_a_hostile_hand_wrote_cannot_leave_the_block_of_data() {
    let app = TestApp::start().await;
    let hostile = "</script><script>alert(1)</script><!--";
    let cells = with(published(hostile), &[("resume", hostile.into())]);
    db_rows(&app, &[("hostile000000000", &cells)]).await;

    let mut visitor = app.visitor();
    let offer = visitor.get("/formations/hostile000000000").await.header("location").to_owned();
    let page = visitor.get(&offer).await.body;

    assert!(!page.contains("<script>") && !page.contains("<!--"), "{page}");
    let data = page.split("<script type=\"application/ld+json\">").nth(1).unwrap();
    let data: serde_json::Value =
        serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    assert_eq!(data["name"], hostile, "what was escaped is the same once read");
    app.end().await;
}

#[tokio::test]
async fn prices_say_of_taxes_what_the_entry_says() {
    let app = TestApp::start().await;
    let price = |tax: &str| {
        let parts =
            [("montant", Plain::from(1200.0)), ("devise", "EUR".into()), ("taxe", tax.into())];
        Plain::Map(parts.map(|(key, value)| (key.to_owned(), value)).into())
    };
    let cells = with(
        published("A"),
        &[("tarifs/p1", price("HT")), ("tarifs/p2", price("TTC")), ("tarifs/p3", price("?"))],
    );
    db_rows(&app, &[("prix000000000000", &cells)]).await;

    let page = app.visitor().get("/formations/a-prix000000000000").await.body;

    let data = page.split("<script type=\"application/ld+json\">").nth(1).unwrap();
    let data: serde_json::Value =
        serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    let taxes: Vec<&serde_json::Value> = (0..3)
        .map(|at| &data["offers"][at]["priceSpecification"]["valueAddedTaxIncluded"])
        .collect();
    assert_eq!(
        taxes,
        [&serde_json::json!(false), &serde_json::json!(true), &serde_json::Value::Null]
    );
    app.end().await;
}

#[tokio::test]
async fn the_sessions_of_an_offer_are_a_calendar_and_months_are_no_events() {
    let app = some_offers().await;
    let mut visitor = app.visitor();

    let page = visitor.get("/formations/animer-une-concertation-aaaa000000000000").await.body;
    let path = "/formations/animer-une-concertation-aaaa000000000000.ics";
    let calendar = visitor.get(path).await;
    let vague = visitor.get("/formations/budget-participatif-bbbb000000000000.ics").await;
    let wrong = visitor.get("/formations/autre-titre-aaaa000000000000.ics").await;

    assert!(page.contains(&format!("href=\"{path}\"")), "{page}");
    assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
    assert!(calendar.body.contains("UID:aaaa000000000000-s1@127.0.0.1\r\n"), "{}", calendar.body);
    assert!(calendar.body.contains("DTSTART;VALUE=DATE:20270312\r\nDTEND;VALUE=DATE:20270315\r\n"));
    assert_eq!(vague.status, 404);
    assert_eq!((wrong.status, wrong.header("location")), (307, path));
    app.end().await;
}

#[tokio::test]
async fn an_archived_offer_says_that_it_is_no_longer_given_and_a_draft_says_nothing() {
    let app = some_offers().await;

    let archived = app.visitor().get("/formations/une-archive-dddd000000000000").await;
    let never = app.visitor().get("/formations/une-archive-eeee000000000000").await;

    assert_eq!((archived.status, never.status), (410, 404));
    assert!(archived.body.contains("Cette formation n’est plus proposée"), "{}", archived.body);
    assert!(
        archived.body.contains("href=\"/?q=une+archive\"") && archived.body.contains("noindex")
    );
    app.end().await;
}

#[tokio::test]
async fn a_visitor_is_led_to_the_form_and_only_owners_and_pilots_to_taking_away() {
    let app = some_offers().await;
    let path = "/formations/budget-participatif-bbbb000000000000";

    let visitor = app.visitor().get(path).await.body;
    let member = app.member("Nour").await.get(path).await.body;
    let pilot = app.pilot("Léa").await.get(path).await.body;

    let (correct, remove) =
        ("/proposer?corriger=bbbb000000000000", "/proposer?retirer=bbbb000000000000");
    assert!([&visitor, &member, &pilot].into_iter().all(|page| page.contains(correct)));
    assert!(!visitor.contains(remove) && !member.contains(remove) && pilot.contains(remove));
    app.end().await;
}

#[tokio::test]
async fn machines_find_every_published_offer_and_nothing_private() {
    let app = some_offers().await;
    let mut visitor = app.visitor();

    let map = visitor.get("/sitemap.xml").await;
    let robots = visitor.get("/robots.txt").await.body;

    assert_eq!(map.header("content-type"), "application/xml; charset=utf-8");
    assert!(map.body.contains(
        "<loc>http://127.0.0.1:8080/formations/budget-participatif-bbbb000000000000</loc>"
    ));
    assert!(!map.body.contains("dddd000000000000"), "an archive is on the map");
    assert!(robots.contains("Sitemap: http://127.0.0.1:8080/sitemap.xml"));
    assert!(robots.contains("Disallow: /suivi\n") && !robots.contains("Disallow: /proposer"));
    app.end().await;
}

#[tokio::test]
async fn public_pages_are_small_and_ask_for_few_files() {
    let app = TestApp::start().await;
    let long = "Une phrase de présentation qui dit assez longuement de quoi il s’agit, pour qui, et pourquoi. ";
    let titles: Vec<String> =
        (0..40).map(|n| format!("Concertation et participation, parcours {n}")).collect();
    let ids: Vec<String> = (0..40).map(|n| format!("r{n:015}")).collect();
    let cells: Vec<_> = titles
        .iter()
        .map(|title| {
            with(
                published(title),
                &[("resume", long.repeat(3).as_str().into()), ("themes/eau", true.into())],
            )
        })
        .collect();
    let rows: Vec<(&str, &[(&str, Plain)])> =
        ids.iter().zip(&cells).map(|(id, cells)| (id.as_str(), cells.as_slice())).collect();
    db_rows(&app, &rows).await;
    let mut visitor = app.visitor();

    let offer = "/formations/concertation-et-participation-parcours-1-r000000000000001";
    for path in ["/", offer, "/comparer?o=r000000000000001&o=r000000000000002&o=r000000000000003"] {
        let page = visitor.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let asked =
            ["rel=\"stylesheet\"", "rel=\"modulepreload\"", "type=\"module\"", "rel=\"icon\""]
                .iter()
                .map(|what| page.body.matches(what).count())
                .sum::<usize>();
        println!("{path}: {} bytes, {} requests", page.body.len(), asked + 1);
        assert!(asked < 6, "{path}: {asked}");
        assert!(page.body.contains("<meta name=\"description\" content=\""), "{path}");
        assert!(page.body.contains("rel=\"canonical\""), "{path}");
    }
    app.end().await;
}

/// What the pages answer to every judged query, line by line.
async fn answers(app: &TestApp) -> String {
    let queries = include_str!("../../fixtures/search/queries.tsv");
    let offers = include_str!("../../fixtures/trainings.csv");
    let mut titles: Vec<String> = Vec::new();
    let mut reader = csv_lines(offers);
    reader.remove(0);
    for (at, line) in reader.iter().enumerate() {
        titles.push(line[0].clone());
        let cells: Vec<(&'static str, Plain)> = with(
            published(&line[0]),
            &[
                ("organisme", line[1].as_str().into()),
                ("public_texte", line[7].as_str().into()),
                ("themes~said", line[9].as_str().into()),
                ("lieux~said", line[5].as_str().into()),
            ],
        );
        db_one(app, at, cells).await;
    }
    let mut told = String::new();
    let mut visitor = app.visitor();
    for query in queries.lines().skip(1).filter_map(|line| line.split('\t').next()) {
        let asked: String = url_of(query);
        let page = visitor.get(&format!("/?q={asked}")).await.body;
        let found: Vec<&str> = page
            .split("class=\"card-title\" href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        writeln!(told, "{query}: {}", found.join(" ")).unwrap();
    }
    told
}

async fn db_one(app: &TestApp, at: usize, cells: Vec<(&'static str, Plain)>) {
    let room = app.app.rooms.open("formations").await.unwrap();
    let id = RowId::new(&format!("n{at:015}")).unwrap();
    let cells = cells.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    room.write(Actor::Program, Origin::Command, move |writing| {
        assert!(writing.add_row(&id, &format!("a{at:03}"), None, cells));
    })
    .await
    .unwrap();
}

fn url_of(query: &str) -> String {
    url::form_urlencoded::byte_serialize(query.as_bytes()).collect()
}

/// Enough of CSV for our own file: quoted cells, doubled quotes.
fn csv_lines(text: &str) -> Vec<Vec<String>> {
    let (mut lines, mut line, mut cell, mut quoted) =
        (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.push(letters.next().unwrap()),
            '"' => quoted = !quoted,
            ',' if !quoted => line.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                line.push(std::mem::take(&mut cell));
                lines.push(std::mem::take(&mut line));
            }
            '\r' if !quoted => {}
            letter => cell.push(letter),
        }
    }
    lines
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_answer_every_judged_query_with_the_same_list() {
    let sqlite = TestApp::start().await;
    let on_sqlite = answers(&sqlite).await;
    sqlite.end().await;

    assert!(on_sqlite.lines().count() >= 40 && on_sqlite.matches("/formations/").count() > 200);
    let Some(db) = TestDb::open(Engine::Postgres).await else {
        println!("no PostgreSQL here: {} queries on SQLite only", on_sqlite.lines().count());
        return;
    };
    let url = Secret::new(db.url());
    let postgres = TestApp::start_with(|config| config.database.url = Some(url)).await;
    let on_postgres = answers(&postgres).await;
    postgres.end().await;
    db.remove().await;
    assert_eq!(on_sqlite, on_postgres);
    println!("{} queries, the same lists on both engines", on_sqlite.lines().count());
}
