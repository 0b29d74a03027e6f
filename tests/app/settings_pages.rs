//! What administrators set in the site: facts, ways, texts; and the legal pages that tell them.

use tablee::i18n::Locale;
use tablee::site::MembersPublish;
use tablee_domain::people::Role;

use crate::support::{Answer, Browser, TestApp};

const FACTS: [(&str, &str); 6] = [
    ("version", "0"),
    ("association", "Les Concertants"),
    ("contact", "contact@exemple.fr"),
    ("mois", "9"),
    ("heure", "7"),
    ("anglais", "oui"),
];
const LEGAL: &str = "/reglages/textes/site.page.legal?langue=fr";

async fn ines(app: &TestApp) -> Browser {
    app.person("Inès", Role::Admin).await
}

/// What a form of the page carries.
fn hidden(page: &Answer, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.body.split(&start).nth(1).unwrap_or_else(|| panic!("{name}: {}", page.body));
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn what_the_law_asks_for_is_marked_until_an_administrator_gives_it() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let before = app.visitor().get("/mentions").await;
    let to_do = ines.get("/reglages").await;
    assert!(before.body.contains("<mark>[à compléter\u{a0}: nom de l’association]</mark>"));
    assert!(to_do.body.contains("href=\"/reglages/site#association\""), "{}", to_do.body);

    let kept = ines.post("/reglages/site", &FACTS).await;

    assert_eq!((kept.status, kept.header("location")), (303, "/reglages/site?fait=oui"));
    let after = app.visitor().get("/mentions").await.body;
    assert!(
        after.contains("Les Concertants") && !after.contains("nom de l’association"),
        "{after}"
    );
    assert!(after.contains("<a href=\"mailto:contact@exemple.fr\">contact@exemple.fr</a>"));
    assert!(after.contains("adresse du siège"), "what is still missing is still marked");
    let to_do = ines.get("/reglages").await.body;
    assert!(!to_do.contains("#association") && to_do.contains("#adresse"), "{to_do}");
    app.end().await;
}

#[tokio::test]
async fn the_team_sees_on_a_legal_page_what_it_lacks_and_visitors_see_the_page() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;

    for path in ["/mentions", "/confidentialite", "/accessibilite"] {
        let (team, visitor) = (ines.get(path).await.body, app.visitor().get(path).await.body);
        let english = app.visitor().get(&format!("{path}?lang=en")).await.body;

        assert!(team.contains("/reglages/textes/site.page.") && team.contains("to-do"), "{path}");
        assert!(!visitor.contains("/reglages/") && !visitor.contains("to-do"), "{path}");
        assert!(english.contains("<html lang=\"en\">") && english.contains("to be filled in"));
    }
    app.end().await;
}

#[tokio::test]
async fn settings_are_seen_at_once_and_whoever_saved_them_is_told() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    assert_eq!(app.app.site.get().members_publish, MembersPublish::AfterReview);

    let mut fields = FACTS.to_vec();
    fields.push(("publication", "tout-de-suite"));
    ines.post("/reglages/site", &fields).await;

    let now = app.app.site.get();
    assert_eq!(now.members_publish, MembersPublish::AtOnce);
    assert_eq!((now.stale_after_months, now.digest_hour), (9, 7));
    let page = ines.get("/reglages/site?fait=oui").await.body;
    assert!(page.contains("C’est enregistré."), "{page}");
    assert!(page.contains("Inès. Nom de l’association\u{a0}: (vide) → Les Concertants"), "{page}");
    app.end().await;
}

#[tokio::test]
async fn a_setting_that_makes_no_sense_is_named_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    for (field, value) in [
        ("contact", "pas une adresse"),
        ("contact_donnees", "a@b.fr, c@d.fr"),
        ("mois", "0"),
        ("mois", "61"),
        ("mois", "beaucoup"),
        ("association", "deux\nlignes"),
    ] {
        let mut fields: Vec<(&str, &str)> =
            FACTS.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));

        let page = ines.post("/reglages/site", &fields).await;

        assert_eq!(page.status, 422, "{field}={value}");
        assert!(page.body.contains(&format!("href=\"#{field}\"")), "{field}={value}");
        assert!(page.body.contains("aria-invalid=\"true\""), "{field}={value}");
    }
    assert_eq!(app.app.site.edition().settings_version, 0);
    app.end().await;
}

#[tokio::test]
async fn two_administrators_who_save_the_same_settings_lose_nothing() {
    let app = TestApp::start().await;
    let (mut ines, mut max) = (ines(&app).await, app.person("Max", Role::Admin).await);
    let seen = hidden(&max.get("/reglages/site").await, "version");
    ines.post("/reglages/site", &FACTS).await;

    let fields =
        [("version", &*seen), ("association", "Autre nom"), ("mois", "12"), ("heure", "8")];
    let late = max.post("/reglages/site", &fields).await;

    assert_eq!(late.status, 409);
    assert!(late.body.contains("value=\"Autre nom\""), "what was typed is there");
    assert!(late.body.contains("Les Concertants"), "what the other one did is told");
    assert_eq!(app.app.site.get().association, "Les Concertants");
    let again = [("version", &*hidden(&late, "version")), fields[1], fields[2], fields[3]];
    assert_eq!(max.post("/reglages/site", &again).await.status, 303);
    assert_eq!(app.app.site.get().association, "Autre nom");
    app.end().await;
}

#[tokio::test]
async fn what_another_process_sets_is_seen_when_it_is_looked_for() {
    let app = TestApp::start().await;
    let other = tablee::site::Site::of(&app.app.store).await.unwrap();
    let mut ines = ines(&app).await;
    ines.post("/reglages/site", &FACTS).await;
    assert_eq!(other.get().association, "");

    other.look_again().await.unwrap();

    assert_eq!(other.get().association, "Les Concertants");
    assert_eq!(other.edition().version, app.app.site.edition().version);
    app.end().await;
}

#[tokio::test]
async fn a_text_is_changed_for_everybody_and_brought_back() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let own = "## Éditeur\n{association}\n\nVoir [la CNIL](https://www.cnil.fr).";

    let save = [("version", "0"), ("texte", own), ("action", "enregistrer")];
    let saved = ines.post(LEGAL, &save).await;

    assert_eq!(saved.status, 303, "{}", saved.body);
    let page = app.visitor().get("/mentions").await.body;
    assert!(page.contains("<h2>Éditeur</h2>") && page.contains(">la CNIL</a>"), "{page}");
    assert!(!page.contains("licence MIT"), "the original is gone");
    let english = app.visitor().get("/mentions?lang=en").await.body;
    assert!(english.contains("MIT licence"), "the other language stays as it was");
    let listed = ines.get("/reglages/textes").await.body;
    assert!(listed.contains("Modifié par Inès"), "{listed}");

    let asks = ines.post(LEGAL, &[("version", "1"), ("texte", own), ("action", "origine")]).await;
    assert!(asks.body.contains("origine-oui") && asks.body.contains("{association}"));
    ines.post(LEGAL, &[("version", "1"), ("action", "origine-oui")]).await;
    assert!(app.visitor().get("/mentions").await.body.contains("licence MIT"));
    app.end().await;
}

#[tokio::test]
async fn a_text_holds_words_and_links_and_nothing_that_a_browser_would_run() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let hostile = "<script>alert(1)</script> <img src=x onerror=alert(2)> \
                   [x](javascript:alert(3)) [y](data:text/html,z) [z](//evil.example)";

    for action in ["apercu", "enregistrer"] {
        let save = [("version", "0"), ("texte", hostile), ("action", action)];
        let answer = ines.post(LEGAL, &save).await;
        assert!(!answer.body.contains("<script>alert") && !answer.body.contains("<img"));
    }

    let page = app.visitor().get("/mentions").await.body;
    assert!(page.contains("&#60;script&#62;alert(1)"), "{page}");
    for bad in ["<script>alert", "<img", "href=\"javascript:", "href=\"data:", "href=\"//"] {
        assert!(!page.contains(bad), "{bad}");
    }
    app.end().await;
}

#[tokio::test]
async fn a_text_that_would_not_work_is_refused_and_stays_in_its_field() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let mail = "/reglages/textes/mails.confirm.subject?langue=fr";
    for (path, text, why) in [
        (LEGAL, " ", "Le texte est vide"),
        (LEGAL, "Voir {siege}.", "{siege} ne désigne rien ici"),
        (mail, "Confirmez", "{receipt} doit rester"),
        (mail, "Confirmez\n{receipt}", "une seule ligne"),
    ] {
        let save = [("version", "0"), ("texte", text), ("action", "enregistrer")];

        let refused = ines.post(path, &save).await;

        let shown = refused.body.replace("&#123;", "{").replace("&#125;", "}");
        assert_eq!(refused.status, 422, "{text}");
        assert!(shown.contains(why), "{text}: {shown}");
        assert!(shown.contains(text.trim()), "{text} is still there");
    }
    assert_eq!(app.app.site.edition().changed_texts(), 0);
    app.end().await;
}

#[tokio::test]
async fn a_text_sent_from_a_page_that_is_too_old_stays_in_its_field_and_can_be_sent_again() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;

    let typed = [("version", "0"), ("texte", "Le texte d'Inès"), ("action", "enregistrer")];
    let old = [&[("jeton", "vieux")], &typed[..]].concat();
    let answer = ines.post(LEGAL, &old).await;

    assert_eq!(answer.status, 403);
    assert!(answer.body.contains("Le texte d&#39;Inès</textarea>"), "{}", answer.body);
    assert!(answer.body.contains("rien n’a été enregistré"), "{}", answer.body);
    assert_eq!(app.app.site.edition().changed_texts(), 0);
    let again = [("version", &*hidden(&answer, "version")), typed[1], typed[2]];
    assert_eq!(ines.post(LEGAL, &again).await.status, 303);
    app.end().await;
}

#[tokio::test]
async fn two_administrators_who_write_the_same_text_see_each_others() {
    let app = TestApp::start().await;
    let (mut ines, mut max) = (ines(&app).await, app.person("Max", Role::Admin).await);
    ines.post(LEGAL, &[("version", "0"), ("texte", "Le texte d'Inès"), ("action", "enregistrer")])
        .await;

    let mine = [("version", "0"), ("texte", "Le texte de Max"), ("action", "enregistrer")];
    let late = max.post(LEGAL, &mine).await;

    assert_eq!(late.status, 409);
    assert!(late.body.contains("Le texte d&#39;Inès") && late.body.contains("Le texte de Max"));
    assert_eq!(app.app.site.text("site.page.legal", Locale::Fr), "Le texte d'Inès");
    let again = [("version", &*hidden(&late, "version")), mine[1], mine[2]];
    assert_eq!(max.post(LEGAL, &again).await.status, 303);
    app.end().await;
}

#[tokio::test]
async fn every_text_has_its_page_in_both_languages_and_no_other_word_has_one() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;

    for text in tablee::site::texts::all() {
        for (lang, langue) in [("fr", "en"), ("en", "fr")] {
            let path = format!("/reglages/textes/{}?langue={langue}&lang={lang}", text.key);
            let page = ines.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.body.contains("site.texts."), "{path}: a key without words");
        }
    }
    assert_eq!(ines.get("/reglages/textes/nav.skip").await.status, 404);
    app.end().await;
}

#[tokio::test]
async fn the_english_pages_are_offered_only_where_the_team_wants_it() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    assert!(app.visitor().get("/").await.body.contains("hreflang=\"en\""));

    let without: Vec<_> = FACTS.into_iter().filter(|(name, _)| *name != "anglais").collect();
    ines.post("/reglages/site", &without).await;

    assert!(!app.visitor().get("/").await.body.contains("hreflang=\"en\""));
    let english = app.visitor().get("/?lang=en").await;
    assert_eq!(english.status, 200, "old addresses still answer");
    assert!(english.body.contains("hreflang=\"fr\""), "and lead back");
    app.end().await;
}

#[tokio::test]
async fn vocabularies_are_counted_and_lead_to_their_columns() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;

    let page = lea.get("/reglages/vocabulaires").await;

    assert_eq!(page.status, 200);
    assert!(page.body.contains("href=\"/reglages/colonnes/themes\""), "{}", page.body);
    assert!(!page.body.contains("href=\"/reglages/colonnes/intitule\""), "no choices there");
    app.end().await;
}

#[tokio::test]
async fn questions_about_data_go_to_the_contact_until_they_have_an_address_of_their_own() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    ines.post("/reglages/site", &FACTS).await;
    let general = app.visitor().get("/confidentialite").await.body;

    let mut own = FACTS.to_vec();
    own[0] = ("version", "1");
    own.push(("contact_donnees", "donnees@exemple.fr"));
    assert_eq!(ines.post("/reglages/site", &own).await.status, 303);
    let apart = app.visitor().get("/confidentialite").await.body;

    assert!(general.contains("mailto:contact@exemple.fr"), "{general}");
    assert!(apart.contains("mailto:donnees@exemple.fr"), "{apart}");
    assert!(!apart.contains("contact@exemple.fr"), "{apart}");
    app.end().await;
}

#[tokio::test]
async fn a_text_that_is_only_looked_at_is_changed_for_nobody() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;

    let look = [("version", "0"), ("texte", "## Un essai"), ("action", "apercu")];
    let shown = ines.post(LEGAL, &look).await;

    assert_eq!(shown.status, 200, "{}", shown.body);
    assert!(shown.body.contains("<h2>Un essai</h2>"), "{}", shown.body);
    assert!(shown.body.contains("## Un essai</textarea>"), "and it is still in its field");
    assert!(!app.visitor().get("/mentions").await.body.contains("Un essai"));
    assert_eq!(app.app.site.edition().changed_texts(), 0);
    app.end().await;
}

#[tokio::test]
async fn who_writes_the_words_of_the_interface_again_goes_back_to_them() {
    let app = TestApp::start().await;
    let mut ines = ines(&app).await;
    let original = tablee::site::texts::find("site.page.legal").unwrap().original(Locale::Fr);
    let own = [("version", "0"), ("texte", "Autre chose."), ("action", "enregistrer")];
    assert_eq!(ines.post(LEGAL, &own).await.status, 303);
    assert_eq!(app.app.site.edition().changed_texts(), 1);

    let again = [("version", "1"), ("texte", original.as_str()), ("action", "enregistrer")];
    let saved = ines.post(LEGAL, &again).await;

    assert_eq!(saved.status, 303, "{}", saved.body);
    assert_eq!(app.app.site.edition().changed_texts(), 0, "later versions are seen again");
    app.end().await;
}
