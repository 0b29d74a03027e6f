//! The pages of the import: who may open them, what their forms decide, what they never do.

use axum::http::Method;
use tablee::first_start::FORMATIONS;
use tablee_domain::ids::PlanId;
use tablee_domain::table::{Plain, TableValues};
use tablee_exchange::Limits;

use crate::support::{Answer, Browser, TestApp};

const TWO: &str = "Intitulé;Organisme;Type;Lien\nAnimer;Lisode;MOOC;https://x.fr\nDébattre;Orage;MOOC;https://y.fr\n";

/// What an element of a page says in an attribute, after a word that only it has.
fn between<'h>(html: &'h str, start: &str, end: &str) -> Option<&'h str> {
    html.split_once(start)?.1.split_once(end).map(|(found, _)| found)
}

fn token(html: &str) -> String {
    between(html, "name=\"jeton\" value=\"", "\"").unwrap_or_default().to_owned()
}

fn version(html: &str) -> String {
    between(html, "name=\"version\" value=\"", "\"").unwrap_or_default().to_owned()
}

/// A form with a file, as browsers send it.
fn form(token: Option<&str>, name: &str, bytes: &str) -> String {
    let part = |about: &str, content: &str| {
        format!("--limite\r\ncontent-disposition: form-data; {about}\r\n\r\n{content}\r\n")
    };
    let token = token.map(|token| part("name=\"jeton\"", token)).unwrap_or_default();
    let about = format!("name=\"fichier\"; filename=\"{name}\"\r\ncontent-type: text/csv");
    token + &part(&about, bytes) + "--limite--\r\n"
}

async fn sends(browser: &mut Browser, body: String) -> Answer {
    let origin = browser.origin().to_owned();
    let kind = "multipart/form-data; boundary=limite";
    let headers = [("content-type", kind), ("origin", origin.as_str())];
    browser.send(Method::POST, "/import", &headers, body).await
}

/// Gives a file and waits until its plan is made or it is refused; the address of its page.
async fn gives(app: &TestApp, browser: &mut Browser, name: &str, text: &str) -> String {
    let token = token(&browser.get("/import").await.body);
    let answer = sends(browser, form(Some(&token), name, text)).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = answer.header("location").to_owned();
    waits(app, &page).await;
    page
}

async fn waits(app: &TestApp, page: &str) {
    let id = PlanId::new(page.rsplit('/').next().unwrap()).unwrap();
    app.app.importer().wait_for(&id).await.unwrap();
}

/// Sends a form of a plan's page with the fields that every one has.
async fn posts(browser: &mut Browser, page: &str, part: &str, fields: &[(&str, &str)]) -> Answer {
    let html = browser.get(&format!("{page}?etape=plan")).await.body;
    let (token, version) = (token(&html), version(&html));
    let mut all = vec![("jeton", token.as_str()), ("version", version.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{page}{part}"), &all).await
}

async fn applies(app: &TestApp, browser: &mut Browser, page: &str) -> String {
    let answer = posts(browser, page, "/appliquer", &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    waits(app, page).await;
    browser.get(page).await.body
}

async fn table(app: &TestApp) -> TableValues {
    app.app.rooms.values(FORMATIONS).await.unwrap().values.clone()
}

async fn titles(app: &TestApp) -> Vec<String> {
    table(app).await.present().map(|row| row.text("intitule").to_owned()).collect()
}

/// Gives a file and applies it as it is proposed.
async fn imports(app: &TestApp, browser: &mut Browser, text: &str) -> String {
    let page = gives(app, browser, "essai.csv", text).await;
    applies(app, browser, &page).await;
    page
}

#[tokio::test]
async fn visitors_and_members_open_no_page_of_the_import() {
    let app = TestApp::start().await;
    let (mut lea, mut nour) = (app.pilot("Léa").await, app.member("Nour").await);
    let page = gives(&app, &mut lea, "essai.csv", TWO).await;
    let ours = token(&lea.get("/import").await.body);

    for (browser, status) in [(&mut app.visitor(), 401), (&mut nour, 403)] {
        for path in ["/import".to_owned(), page.clone(), format!("{page}/etat")] {
            assert_eq!(browser.get(&path).await.status, status, "{path}");
        }
        for part in ["/correspondances", "/lignes", "/appliquer", "/refaire", "/abandonner"] {
            let fields = [("jeton", ours.as_str()), ("version", "1")];
            let answer = browser.post(&format!("{page}{part}"), &fields).await;
            assert_eq!(answer.status, status, "{part}");
        }
        let sent = sends(browser, form(Some(&ours), "essai.csv", TWO)).await;
        assert_eq!(sent.status, status);
        assert!(!browser.get("/").await.body.contains("href=\"/import\""));
    }
    assert!(lea.get("/").await.body.contains("href=\"/import\""));
    assert!(titles(&app).await.is_empty());
    app.end().await;
}

#[tokio::test]
async fn an_admin_and_another_pilot_see_the_plan_of_a_pilot() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let page = gives(&app, &mut lea, "essai.csv", TWO).await;
    let mut ana = app.person("Ana", tablee_domain::people::Role::Admin).await;
    let mut zoe = app.pilot("Zoé").await;

    for browser in [&mut ana, &mut zoe] {
        let list = browser.get("/import").await.body;
        assert!(list.contains(&page) && list.contains("par Léa"), "{list}");
        assert_eq!(browser.get(&page).await.status, 200);
    }
    let report = applies(&app, &mut zoe, &page).await;
    assert!(report.contains("Appliqué par Zoé."), "not by who gave the file: {report}");
    app.end().await;
}

#[tokio::test]
async fn the_limits_are_told_before_a_file_is_chosen_in_both_languages() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;

    let french = lea.get("/import").await.body;
    let english = lea.get("/import?lang=en").await.body;

    assert!(french.contains("20\u{a0}Mo"), "{french}");
    assert!(french.contains("60\u{202f}000 lignes") && french.contains("256 colonnes"));
    assert!(french.contains("Aucun import pour l’instant"));
    assert!(english.contains("20\u{a0}MB") && english.contains("60,000 rows"), "{english}");
    assert!(english.contains("/import?lang=en") && !english.contains("import."));
    app.end().await;
}

#[tokio::test]
async fn a_form_without_our_token_sends_no_file_and_decides_nothing() {
    let app = TestApp::start().await;
    let (mut lea, mut zoe) = (app.pilot("Léa").await, app.pilot("Zoé").await);
    let page = gives(&app, &mut lea, "essai.csv", TWO).await;
    let theirs = token(&zoe.get("/import").await.body);

    for token in [None, Some(""), Some(theirs.as_str())] {
        assert_eq!(sends(&mut lea, form(token, "autre.csv", TWO)).await.status, 403, "{token:?}");
        for part in ["/correspondances", "/lignes", "/appliquer", "/refaire", "/abandonner"] {
            let fields = [("jeton", token.unwrap_or_default()), ("version", "2")];
            let answer = lea.post(&format!("{page}{part}"), &fields).await;
            assert_eq!(answer.status, 403, "{part}");
        }
    }
    let ours = token(&lea.get("/import").await.body);
    let fields = [("jeton", ours.as_str()), ("version", "2")];
    for part in ["/lignes", "/appliquer", "/abandonner"] {
        let path = format!("{page}{part}");
        let foreign = lea.post_from(Some("https://evil.example"), &path, &fields).await;
        assert_eq!(foreign.status, 403, "{part}");
    }
    assert!(lea.get(&page).await.body.contains("Correspondances"), "it still waits");
    assert!(titles(&app).await.is_empty());
    app.end().await;
}

#[tokio::test]
async fn a_file_that_is_too_large_gets_a_page_and_one_that_is_just_small_enough_a_plan() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let ours = token(&lea.get("/import").await.body);
    let most = usize::try_from(Limits::default().file_bytes).unwrap();
    let padded = |bytes: usize| format!("{TWO}{}", "\n".repeat(bytes - TWO.len()));

    let over = sends(&mut lea, form(Some(&ours), "gros.csv", &padded(most + 1))).await;
    let just = sends(&mut lea, form(Some(&ours), "juste.csv", &padded(most))).await;

    assert_eq!((over.status, just.status), (413, 303));
    assert!(over.body.contains("pèse plus de 20") && over.body.contains("id=\"fichier\""));
    waits(&app, just.header("location")).await;
    app.end().await;
}

#[tokio::test]
async fn a_form_without_a_file_and_a_sixth_file_in_an_hour_are_told_what_to_do() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let ours = token(&lea.get("/import").await.body);

    let none = sends(&mut lea, form(Some(&ours), "", "")).await;
    for number in 0..5 {
        gives(&app, &mut lea, &format!("{number}.csv"), TWO).await;
    }
    let sixth = sends(&mut lea, form(Some(&ours), "6.csv", TWO)).await;

    assert_eq!(none.status, 422);
    assert!(none.body.contains("Choisissez d’abord un fichier"), "{}", none.body);
    assert_eq!(sixth.status, 429);
    assert!(sixth.body.contains("Réessayez dans 12 minutes"), "{}", sixth.body);
    assert!(!sixth.header("retry-after").is_empty());
    let mut zoe = app.pilot("Zoé").await;
    gives(&app, &mut zoe, "zoe.csv", TWO).await;
    app.clock.minutes_pass(60);
    gives(&app, &mut lea, "7.csv", TWO).await;
    app.end().await;
}

#[tokio::test]
async fn a_file_that_is_refused_is_told_in_one_sentence_with_the_form_for_another() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    for (name, text, sentence) in [
        ("vide.csv", "", "vide"),
        ("page.xls", "<!DOCTYPE html><html><table><tr><td>a</td></tr></table></html>", "page web"),
        ("faux.xlsx", "%PDF-1.7 pas un classeur", "PDF"),
    ] {
        let page = gives(&app, &mut lea, name, text).await;

        let told = lea.get(&page).await;
        assert_eq!(told.status, 200, "{name}");
        assert!(told.body.contains(sentence), "{name}: {}", told.body);
        assert!(
            told.body.contains("n’a pas été lu") && told.body.contains("id=\"fichier\""),
            "{name}"
        );
        let english = lea.get(&format!("{page}?lang=en")).await.body;
        assert!(english.contains("This file was not read"), "{name}");
    }
    let list = lea.get("/import").await.body;
    assert!(list.contains("Fichier refusé"));
    app.end().await;
}

#[tokio::test]
async fn a_plan_is_read_confirmed_applied_reported_and_undone_without_script() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let page = gives(&app, &mut lea, "essai.csv", TWO).await;

    let mapping = lea.get(&page).await.body;
    let plan = lea.get(&format!("{page}?etape=plan")).await.body;
    let question = lea.get(&format!("{page}?etape=appliquer")).await.body;
    assert!(titles(&app).await.is_empty(), "nothing is written before somebody said yes");
    let report = applies(&app, &mut lea, &page).await;

    assert!(mapping.contains("colonne A") && mapping.contains("Intitulé"), "{mapping}");
    assert!(plan.contains("Animer") && plan.contains("Ligne 2"), "{plan}");
    assert!(question.contains("2 lignes ajoutées"), "{question}");
    assert_eq!(titles(&app).await, ["Animer", "Débattre"]);
    assert!(
        report.contains("2 lignes ajoutées") && report.contains("/historique?import=1"),
        "{report}"
    );
    let list = lea.get("/import").await.body;
    assert!(list.contains("Import nº\u{a0}1") || list.contains("Import nº 1"), "{list}");

    let undo = [("quoi", "import"), ("import", "1")];
    let asked = lea.post("/historique/retablir", &undo).await;
    assert!(asked.body.contains("import nº 1"), "{}", asked.body);
    assert!(asked.body.contains("2 lignes iront à la corbeille."), "{}", asked.body);
    assert!(!asked.body.contains("champ"), "no cell says something else: {}", asked.body);
    let sure = [("quoi", "import"), ("import", "1"), ("confirme", "oui")];
    let done = lea.post("/historique/retablir", &sure).await;
    let receipt = lea.get(done.header("location")).await.body;
    assert!(receipt.contains("2 lignes sont dans la corbeille."), "{receipt}");
    assert!(titles(&app).await.is_empty());
    let again = gives(&app, &mut lea, "essai.csv", TWO).await;
    let plan = lea.get(&format!("{again}?etape=plan")).await.body;
    assert!(plan.contains("2 lignes de ce fichier sont dans la corbeille"), "{plan}");
    assert_eq!(
        lea.post("/historique/retablir", &[("quoi", "import"), ("import", "9")]).await.status,
        404
    );
    app.end().await;
}

#[tokio::test]
async fn rows_and_cells_that_are_not_ticked_are_not_written() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let page = gives(&app, &mut lea, "essai.csv", TWO).await;
    let keys =
        |line: &str| ["intitule", "organisme", "type"].map(|key| format!("{line}/{key}")).to_vec();
    let cells = keys("0!2");
    let mut fields = vec![("quoi", "added"), ("page", "1"), ("vers", "ici")];
    fields.extend([("vu", "0!2"), ("vu", "0!3"), ("l", "0!2")]);
    fields.extend(cells.iter().map(|cell| ("c", cell.as_str())));

    let saved = posts(&mut lea, &page, "/lignes", &fields).await;
    let shown = lea.get(saved.header("location")).await.body;
    applies(&app, &mut lea, &page).await;

    assert_eq!(saved.status, 303, "{}", saved.body);
    assert!(
        shown.contains("value=\"0!2\" checked") && !shown.contains("value=\"0!3\" checked"),
        "{shown}"
    );
    assert!(shown.contains("Vos choix sont enregistrés"));
    assert_eq!(titles(&app).await, ["Animer"]);
    assert_eq!(table(&app).await.rows[0].text("url"), "");
    app.end().await;
}

#[tokio::test]
async fn what_is_ticked_is_saved_on_the_way_to_another_page_of_the_list_or_to_the_end() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let rows: Vec<String> = (0..120).map(|n| format!("Formation {n};Organisme {n}\n")).collect();
    let rows = rows.concat();
    let page = gives(&app, &mut lea, "essai.csv", &format!("Intitulé;Organisme\n{rows}")).await;
    let fields = |vers: &'static str| {
        vec![
            ("quoi", "added"),
            ("page", "1"),
            ("vers", vers),
            ("vu", "0!2"),
            ("vu", "0!3"),
            ("l", "0!3"),
        ]
    };

    let next = posts(&mut lea, &page, "/lignes", &fields("page-2")).await;
    let second = lea.get(next.header("location")).await.body;
    let end = posts(&mut lea, &page, "/lignes", &fields("appliquer")).await;
    let question = lea.get(end.header("location")).await.body;

    assert_eq!(second.matches("name=\"vu\"").count(), 50);
    assert!(second.contains("Page 2 sur 3"), "{second}");
    assert!(question.contains("119 lignes ajoutées"), "{question}");
    let none = [("quoi", "added"), ("vers", "rien"), ("avant", "")];
    posts(&mut lea, &page, "/lignes", &none).await;
    let none = lea.get(&format!("{page}?etape=appliquer")).await.body;
    assert!(none.contains("Il n’y a rien à écrire"), "{none}");
    let some = [("quoi", "added"), ("vers", "tout"), ("avant", "formation 11")];
    posts(&mut lea, &page, "/lignes", &some).await;
    let some = lea.get(&format!("{page}?etape=appliquer")).await.body;
    assert!(some.contains("11 lignes ajoutées"), "{some}");
    app.end().await;
}

#[tokio::test]
async fn columns_go_where_a_pilot_sends_them_also_into_a_new_one() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let file = "Intitulé;Organisme;Suivi par\nAnimer;Lisode;Inès\n";
    let page = gives(&app, &mut lea, "essai.csv", file).await;
    let fields = [
        ("prendre", "0"),
        ("onglet", "0"),
        ("titres", "1"),
        ("m0", "=intitule"),
        ("m1", "-"),
        ("m2", "+"),
        ("n2", "Qui suit"),
        ("g2", "text"),
        ("vers", "plan"),
    ];

    let saved = posts(&mut lea, &page, "/correspondances", &fields).await;
    let mapping = lea.get(&format!("{page}?etape=correspondances")).await.body;
    let question = lea.get(&format!("{page}?etape=appliquer")).await.body;
    let report = applies(&app, &mut lea, &page).await;
    let list = lea.get("/import").await.body;

    for page in [report, list] {
        assert!(page.contains("1 nouvelle colonne"), "what was confirmed is told again: {page}");
    }
    assert!(saved.header("location").contains("etape=plan"), "{saved:?}");
    assert!(
        mapping.contains("value=\"Qui suit\"") && mapping.contains("choisie par vous"),
        "{mapping}"
    );
    assert!(question.contains("1 nouvelle colonne"), "{question}");
    let values = table(&app).await;
    let new = values.columns.iter().find(|column| column.label.fr == "Qui suit").unwrap();
    assert_eq!(values.rows[0].cell(new.id.as_str()), &Plain::text("Inès"));
    assert_eq!(values.rows[0].text("organisme"), "");
    app.end().await;
}

#[tokio::test]
async fn what_was_found_out_of_a_table_of_text_is_told() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let file = "Intitulé,Organisme,Type\nAnimer,\"Lisode,MOOC\nDébattre,Lisode,MOOC\n";

    let page = gives(&app, &mut lea, "essai.csv", file).await;
    let mapping = lea.get(&format!("{page}?etape=correspondances")).await.body;
    let plan = lea.get(&format!("{page}?etape=plan")).await.body;

    assert!(mapping.contains("lu comme du texte UTF-8, une colonne à chaque"), "{mapping}");
    assert!(mapping.contains("jamais fermé"), "{mapping}");
    assert!(!plan.contains("lu comme du texte"), "{plan}");
    app.end().await;
}

#[tokio::test]
async fn a_pilot_says_which_row_a_line_of_the_file_is() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    imports(
        &app,
        &mut lea,
        "Intitulé;Organisme;Lien\nAnimer une réunion publique;Lisode;https://a.fr\n",
    )
    .await;
    let file = "Intitulé;Organisme;Résumé\nAnimer des réunions publiques;Lisode;Deux jours\n";
    let page = gives(&app, &mut lea, "bis.csv", file).await;
    let row = table(&app).await.rows[0].id.to_string();

    let asked = lea.get(&format!("{page}?etape=plan&quoi=similar")).await.body;
    let it_is = [("quoi", "similar"), ("vers", "ici"), ("s0!2", row.as_str())];
    let saved = posts(&mut lea, &page, "/lignes", &it_is).await;
    let again = lea.get(saved.header("location")).await.body;
    applies(&app, &mut lea, &page).await;

    assert!(asked.contains("name=\"s0!2\"") && asked.contains(&row), "{asked}");
    assert!(again.contains(&format!("value=\"{row}\" checked")), "{again}");
    let values = table(&app).await;
    assert_eq!(values.rows.len(), 1);
    assert_eq!(values.rows[0].text("resume"), "Deux jours");
    app.end().await;
}

#[tokio::test]
async fn a_conflict_is_settled_for_the_file_only_where_a_pilot_says_so() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let before = "Intitulé;Organisme;Résumé;Prérequis\nAnimer;Lisode;Un;Aucun\n";
    imports(&app, &mut lea, before).await;
    let row = table(&app).await.rows[0].id.clone();
    for key in ["resume", "prerequis"] {
        crate::history::changes(&app, "Léa", row.as_str(), key, "De Léa").await;
    }
    let after = "Intitulé;Organisme;Résumé;Prérequis\nAnimer;Lisode;Deux;Un peu\n";
    let page = gives(&app, &mut lea, "bis.csv", after).await;

    let shown = lea.get(&format!("{page}?etape=plan&quoi=conflicts")).await.body;
    let take = [("quoi", "conflicts"), ("vers", "ici"), ("k0!2/resume", "fichier")];
    posts(&mut lea, &page, "/lignes", &take).await;
    applies(&app, &mut lea, &page).await;

    assert!(shown.contains("Garder la table\u{a0}: De Léa"), "{shown}");
    assert!(shown.contains("<ins>") && shown.contains("changé ici aussi"), "{shown}");
    let values = table(&app).await;
    assert_eq!(
        (values.rows[0].text("resume"), values.rows[0].text("prerequis")),
        ("Deux", "De Léa")
    );
    app.end().await;
}

#[tokio::test]
async fn two_pilots_in_one_plan_never_overwrite_each_other() {
    let app = TestApp::start().await;
    let (mut lea, mut zoe) = (app.pilot("Léa").await, app.pilot("Zoé").await);
    let page = gives(&app, &mut lea, "essai.csv", TWO).await;
    let seen = lea.get(&format!("{page}?etape=plan&quoi=added")).await.body;
    let (ours, version) = (token(&seen), version(&seen));
    let zoes = [("quoi", "added"), ("vers", "ici"), ("vu", "0!2")];
    posts(&mut zoe, &page, "/lignes", &zoes).await;

    let leas =
        [("jeton", ours.as_str()), ("version", version.as_str()), ("quoi", "added"), ("vu", "0!3")];
    let late = lea.post(&format!("{page}/lignes"), &leas).await;

    assert_eq!(late.status, 409);
    assert!(late.body.contains("Quelqu’un d’autre a aussi choisi"), "{}", late.body);
    assert!(late.body.contains("Votre choix diffère"), "what she chose is still there");
    assert!(
        !late.body.contains("value=\"0!2\" checked")
            && !late.body.contains("value=\"0!3\" checked")
    );
    let question = lea.get(&format!("{page}?etape=appliquer")).await.body;
    assert!(question.contains("1 ligne ajoutée"), "only what Zoé chose is saved: {question}");
    let apply = [("jeton", ours.as_str()), ("version", version.as_str())];
    let apply = lea.post(&format!("{page}/appliquer"), &apply).await;
    assert_eq!(apply.status, 409);
    assert!(apply.body.contains("Rien n’a été écrit") && titles(&app).await.is_empty());
    let version = self::version(&late.body);
    let again =
        [("jeton", ours.as_str()), ("version", version.as_str()), ("quoi", "added"), ("vu", "0!3")];
    assert_eq!(lea.post(&format!("{page}/lignes"), &again).await.status, 303);
    let question = lea.get(&format!("{page}?etape=appliquer")).await.body;
    assert!(question.contains("Il n’y a rien à écrire"), "{question}");
    app.end().await;
}

#[tokio::test]
async fn a_mapping_that_was_too_late_is_shown_again_and_not_saved() {
    let app = TestApp::start().await;
    let (mut lea, mut zoe) = (app.pilot("Léa").await, app.pilot("Zoé").await);
    let page = gives(&app, &mut lea, "essai.csv", TWO).await;
    let seen = lea.get(&format!("{page}?etape=correspondances")).await.body;
    let (ours, version) = (token(&seen), version(&seen));
    posts(&mut zoe, &page, "/lignes", &[("quoi", "added"), ("vers", "ici"), ("vu", "0!2")]).await;

    let fields = [
        ("jeton", ours.as_str()),
        ("version", version.as_str()),
        ("prendre", "0"),
        ("onglet", "0"),
        ("m3", "-"),
    ];
    let late = lea.post(&format!("{page}/correspondances"), &fields).await;

    assert_eq!(late.status, 409);
    let column = between(&late.body, "id=\"m3\"", "</select>").unwrap();
    assert!(column.contains("value=\"-\" selected"), "{column}");
    let saved = lea.get(&format!("{page}?etape=correspondances")).await.body;
    let column = between(&saved, "id=\"m3\"", "</select>").unwrap();
    assert!(column.contains("value=\"=url\" selected"), "{column}");
    app.end().await;
}

#[tokio::test]
async fn a_plan_that_is_given_up_or_applied_offers_no_second_time() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let (one, two) =
        (gives(&app, &mut lea, "un.csv", TWO).await, gives(&app, &mut lea, "deux.csv", TWO).await);
    let seen = lea.get(&format!("{one}?etape=appliquer")).await.body;
    let form =
        [("jeton", &*token(&seen)), ("version", &*version(&seen))].map(|(a, b)| (a, b.to_owned()));
    let form = form.each_ref().map(|(a, b)| (*a, b.as_str()));
    posts(&mut lea, &two, "/abandonner", &[]).await;
    applies(&app, &mut lea, &one).await;

    for part in ["/appliquer", "/lignes", "/correspondances", "/refaire", "/abandonner"] {
        for page in [&one, &two] {
            let answer = lea.post(&format!("{page}{part}"), &form).await;
            assert_eq!(answer.status, 303, "{page}{part}: {}", answer.body);
        }
    }

    assert_eq!(titles(&app).await.len(), 2, "applied once");
    assert!(lea.get(&two).await.body.contains("Import abandonné"));
    for unknown in ["/import/inconnu", "/import/..%2f..", "/import/inconnu/etat"] {
        assert_eq!(lea.get(unknown).await.status, 404, "{unknown}");
    }
    app.end().await;
}

#[tokio::test]
async fn a_plan_that_is_too_old_says_so_and_is_made_again() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let page = gives(&app, &mut lea, "essai.csv", TWO).await;
    posts(&mut lea, &page, "/lignes", &[("quoi", "added"), ("vers", "ici"), ("vu", "0!2")]).await;
    app.clock.days_pass(8);

    let old = lea.get(&format!("{page}?etape=appliquer")).await.body;
    let refused = posts(&mut lea, &page, "/appliquer", &[]).await;
    let again = posts(&mut lea, &page, "/refaire", &[]).await;
    let question = lea.get(&format!("{page}?etape=appliquer")).await.body;

    assert!(old.contains("plus de sept jours") && !old.contains("Appliquer l’import"), "{old}");
    assert!(
        refused.header("location").contains("etape=appliquer") && titles(&app).await.is_empty()
    );
    assert_eq!(again.status, 303);
    assert!(question.contains("1 ligne ajoutée"), "what was chosen is kept: {question}");
    app.end().await;
}

#[tokio::test]
async fn progress_is_told_to_programs_and_not_to_caches() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let page = gives(&app, &mut lea, "essai.csv", TWO).await;

    let state = lea.get(&format!("{page}/etat")).await;

    let told: serde_json::Value = serde_json::from_str(&state.body).unwrap();
    assert_eq!((&told["state"], &told["total"]), (&"planned".into(), &0.into()));
    assert_eq!(state.header("cache-control"), "no-store");
    app.end().await;
}

#[tokio::test]
async fn hostile_words_of_a_file_are_words_on_every_page() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let hostile = "<script>alert(1)</script>\u{202e}";
    let long = "a".repeat(30_000);
    let header = format!("Intitulé;Organisme;Lien;{hostile};Résumé");
    let first = format!("{header}\n{hostile};Lisode;javascript:alert(1);x;{hostile} un\n");
    imports(&app, &mut lea, &first).await;
    let row = table(&app).await.rows[0].id.clone();
    crate::history::changes(&app, "Léa", row.as_str(), "resume", "De Léa").await;
    let second = format!(
        "{header}\n{hostile};Lisode;javascript:alert(2);y;{hostile} {long}\nAutre;{long};;z;\n"
    );
    let page = gives(&app, &mut lea, &format!("{}.csv", hostile.replace('/', "")), &second).await;

    let mut paths = vec![
        "/import".to_owned(),
        format!("{page}?etape=correspondances"),
        format!("{page}?etape=appliquer"),
    ];
    for list in [
        "added",
        "changed",
        "same",
        "not_offers",
        "doubts",
        "similar",
        "conflicts",
        "twice",
        "missing",
    ] {
        paths.push(format!("{page}?etape=plan&quoi={list}&mots=%3Cscript%3E"));
        paths.push(format!("{page}?etape=plan&quoi={list}"));
    }

    for path in paths {
        let html = lea.get(&path).await.body;
        assert!(!html.contains("<script>alert") && !html.contains('\u{202e}'), "{path}: {html}");
        assert!(
            !html.contains("href=\"javascript") && html.len() < 300_000,
            "{path}: {}",
            html.len()
        );
    }
    app.end().await;
}

#[tokio::test]
async fn a_plan_of_five_thousand_rows_stays_small_on_every_page() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let row = |n: u32| {
        format!("Formation {n};Organisme {n};MOOC;https://x.fr/{n};Un résumé & <des> mots {n}\n")
    };
    let rows: String = (0..5_000).map(row).collect();
    let text = format!("Intitulé;Organisme;Type;Lien;Résumé\n{rows}");
    let page = gives(&app, &mut lea, "grand.csv", &text).await;

    let first = lea.get(&format!("{page}?etape=plan")).await.body;
    let last = lea.get(&format!("{page}?etape=plan&quoi=added&page=100")).await.body;
    let found = lea.get(&format!("{page}?etape=plan&quoi=added&mots=organisme+4999")).await.body;

    for html in [&first, &last, &found] {
        assert!(html.len() < 300_000, "{}", html.len());
    }
    assert_eq!(first.matches("name=\"vu\"").count(), 50);
    assert!(first.contains("5\u{202f}000 lignes ajoutées"), "{first}");
    assert_eq!(last.matches("name=\"vu\"").count(), 50);
    assert_eq!(found.matches("name=\"vu\"").count(), 1);
    app.end().await;
}

#[tokio::test]
async fn no_address_of_the_import_names_a_file_or_a_word_of_it() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let file = "Intitulé;Organisme;Courriel\nAnimer;Lisode;marie.dupont@exemple.fr\n";
    let page = gives(&app, &mut lea, "suivi-marie-dupont.csv", file).await;

    let mut pages = vec![lea.get("/import").await.body];
    for step in ["correspondances", "plan", "appliquer"] {
        pages.push(lea.get(&format!("{page}?etape={step}")).await.body);
    }
    pages.push(applies(&app, &mut lea, &page).await);

    for html in pages {
        let addresses = ["href=\"", "action=\""].iter().flat_map(|start| html.split(start).skip(1));
        for address in addresses.filter_map(|rest| rest.split('"').next()) {
            assert!(!address.to_lowercase().contains("dupont"), "{address}");
        }
    }
    app.end().await;
}
