//! The form of proposals, as visitors and members fill it without script.

use sha2::Digest;
use tablee::mail::Mail;
use tablee_document::Writing;
use tablee_domain::ids::RowId;
use tablee_domain::people::Actor;
use tablee_domain::table::{Origin, Plain};
use tablee_storage::proposals::{self, Kind, Proposal, State};

use crate::history::WATER;
use crate::pages::{db_rows, published};
use crate::support::{Answer, Browser, TestApp};

/// The form on a page, with what stands in it: what a browser would send.
#[derive(Debug, Clone)]
pub struct Form(pub Vec<(String, String)>);

impl Form {
    /// The form with this id.
    pub fn on(answer: &Answer, id: &str) -> Self {
        let start = answer.body.find(&format!("id=\"{id}\"")).expect("the page holds the form");
        let start = answer.body[..start].rfind("<form").unwrap();
        let html = answer.body[start..].split("</form>").next().unwrap();
        let mut fields = Vec::new();
        let mut rest = html;
        while let Some(open) = rest.find('<') {
            rest = &rest[open..];
            let end = rest.find('>').unwrap();
            let tag = &rest[..end];
            let name = attribute(tag, "name");
            if let (true, Some(name)) = (tag.starts_with("<input"), name.clone()) {
                let box_ = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
                if !box_ || tag.contains(" checked") {
                    fields.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            } else if let (true, Some(name)) = (tag.starts_with("<textarea"), name.clone()) {
                let words = rest[end + 1..].split("</textarea>").next().unwrap();
                fields.push((name, unescaped(words.strip_prefix('\n').unwrap_or(words))));
            } else if let (true, Some(name)) = (tag.starts_with("<select"), name) {
                let options = rest.split("</select>").next().unwrap();
                let chosen = options.split("<option").find(|option| option.contains(" selected"));
                let value = chosen.and_then(|option| attribute(option, "value"));
                fields.push((name, value.unwrap_or_default()));
            }
            rest = &rest[1..];
        }
        Self(fields)
    }

    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self.add(name, value)
    }

    pub fn add(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn one(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Presses a button of the form.
    pub async fn press(&self, browser: &mut Browser, path: &str, button: &str) -> Answer {
        let mut fields: Vec<(&str, &str)> =
            self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("action", button));
        browser.post(path, &fields).await
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescaped(rest.split('"').next()?))
}

pub fn unescaped(text: &str) -> String {
    let pairs = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

/// The six answers that are required, and what a visitor adds.
pub fn six(form: Form) -> Form {
    form.set("intitule", "Débattre dans l'espace public")
        .set("organisme", "Scop Le Pavé")
        .set("type", "formation_courte")
        .set("resume", "Deux jours pour oser prendre la parole & la donner.")
        .add("themes", "eau")
        .set("url", "https://exemple.fr/debattre")
        .add("licence", "oui")
}

pub fn signed(form: Form) -> Form {
    form.set("vous-courriel", "visiteuse@exemple.org").set("vous-nom", "Zoé Visiteuse")
}

/// A form as it opens, looked at for a while.
pub async fn opened(app: &TestApp, browser: &mut Browser, path: &str) -> Form {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{}", page.body);
    app.clock.minutes_pass(1);
    Form::on(&page, "proposition")
}

pub async fn db_proposals(app: &TestApp) -> Vec<Proposal> {
    let mut tx = app.app.store.read().await.unwrap();
    let table = app.app.rooms.open("formations").await.unwrap().table();
    proposals::list(&mut tx, table, &State::ALL, 100, None).await.unwrap()
}

/// The path of a link in a mail.
pub fn link_in(mail: &Mail, start: &str) -> String {
    let at = mail.body.find(start).unwrap_or_else(|| panic!("no `{start}` in {}", mail.body));
    mail.body[at..].split_whitespace().next().unwrap().trim_end_matches(['.', '>', ')']).to_owned()
}

/// Somebody else writes into a cell meanwhile.
pub async fn db_writes(app: &TestApp, row: &str, key: &str, words: &str) {
    let (row, key, words) = (RowId::new(row).unwrap(), key.to_owned(), Plain::from(words));
    let room = app.app.rooms.open("formations").await.unwrap();
    let work = move |writing: &mut Writing<'_>| assert!(writing.set(&row, &key, words));
    room.write(Actor::Program, Origin::Command, work).await.unwrap();
}

/// A visitor's proposal that waits for its confirmation, and the link of its mail.
pub async fn proposes(app: &TestApp, visitor: &mut Browser) -> String {
    let form = signed(six(opened(app, visitor, "/proposer").await));
    let sent = form.press(visitor, "/proposer", "envoyer").await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let mails = app.mails_by_now().await;
    link_in(
        mails.iter().find(|it| it.to == "visiteuse@exemple.org").unwrap(),
        "/proposer/confirmer/",
    )
}

#[tokio::test]
async fn a_visitor_proposes_an_offer_and_gets_a_receipt() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();

    let form = signed(six(opened(&app, &mut visitor, "/proposer").await));
    let sent = form.press(&mut visitor, "/proposer", "envoyer").await;
    let receipt = visitor.get(sent.header("location")).await;

    assert_eq!((sent.status, receipt.status), (303, 200), "{}", sent.body);
    let kept = db_proposals(&app).await;
    assert_eq!((kept.len(), kept[0].kind, kept[0].state), (1, Kind::New, State::Unconfirmed));
    assert!(
        receipt.body.contains(&kept[0].receipt) && receipt.body.contains("visiteuse@exemple.org")
    );
    assert!(receipt.body.contains("Débattre dans l&#39;espace public"), "{}", receipt.body);
    assert_eq!(receipt.header("cache-control"), "no-store");
    let forged = sent.header("location").replace(&kept[0].receipt, "P-2AB");
    assert_eq!(visitor.get(&forged).await.status, 404, "a number alone shows nothing");
    app.end().await;
}

#[tokio::test]
async fn whatever_opens_the_links_of_a_mail_confirms_nothing_and_the_button_does_once() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let link = proposes(&app, &mut visitor).await;
    let mut scanner = app.visitor();

    let origin = scanner.origin().to_owned();
    for _ in 0..3 {
        assert_eq!(scanner.get(&link).await.status, 200);
        assert_eq!(scanner.head(&link).await.status, 200);
        let without = scanner.post_from(Some(&origin), &link, &[("jeton", "")]).await;
        assert_eq!(without.status, 403, "a POST without the token of the page");
        let elsewhere = scanner.post_from(Some("https://ailleurs.example"), &link, &[]).await;
        assert_eq!(elsewhere.status, 403, "a POST from another page");
    }
    assert_eq!(db_proposals(&app).await[0].state, State::Unconfirmed);
    let first = visitor.post(&link, &[]).await;
    let second = visitor.post(&link, &[]).await;

    assert_eq!(first.status, 303, "{}", first.body);
    assert!(first.header("location").starts_with("/suivi/"));
    assert_eq!(second.status, 410);
    assert!(second.body.contains("déjà servi") && visitor.get(&link).await.status == 410);
    assert_eq!(db_proposals(&app).await[0].state, State::Received);
    let followed = visitor.get(first.header("location")).await;
    assert!(followed.status == 200 && followed.body.contains("Reçue"), "{}", followed.body);
    app.end().await;
}

#[tokio::test]
async fn an_unconfirmed_proposal_is_forgotten_after_seven_days() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let link = proposes(&app, &mut visitor).await;

    app.clock.days_pass(6);
    assert_eq!(app.app.proposing.forget().await, Ok(0));
    app.clock.days_pass(2);
    let late = visitor.post(&link, &[]).await;
    assert_eq!(app.app.proposing.forget().await, Ok(1));

    assert_eq!(late.status, 410);
    assert_eq!(db_proposals(&app).await.len(), 0);
    app.end().await;
}

#[tokio::test]
async fn all_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let form = opened(&app, &mut visitor, "/proposer").await;
    let form = form
        .set("organisme", "Scop <b>&</b> \"Pavé\"")
        .set("contact_courriel", "pas une adresse")
        .set("remarque-pilotes", "vu au marché\n\nle 3")
        .set("vous-courriel", "zoe@");

    let again = form.press(&mut visitor, "/proposer", "envoyer").await;

    assert_eq!(again.status, 422);
    for field in
        ["intitule", "type", "resume", "themes", "contact_courriel", "vous-courriel", "licence"]
    {
        assert!(again.body.contains(&format!("<a href=\"#{field}\">")), "{field} in the summary");
        assert!(
            again.body.contains(&format!("id=\"{field}-erreur\"")),
            "{field} beside its answer"
        );
    }
    assert!(again.body.matches("aria-invalid=\"true\"").count() >= 7);
    assert!(!again.body.contains("Gardé en toutes lettres"), "wrong and kept is a contradiction");
    let back = Form::on(&again, "proposition");
    for name in
        ["organisme", "contact_courriel", "remarque-pilotes", "vous-courriel", "cle", "ouvert"]
    {
        assert_eq!(back.one(name), form.one(name), "{name}");
    }
    assert_eq!(db_proposals(&app).await.len(), 0);
    app.end().await;
}

#[tokio::test]
async fn without_script_a_button_adds_a_line_and_another_shows_what_was_understood() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let form = signed(six(opened(&app, &mut visitor, "/proposer").await));
    let form = form.set("duree_texte", "2,5 j").set("sessions", "du 12 au 14 mars 2027, Grenoble");

    let more = form.press(&mut visitor, "/proposer", "ajouter-sessions").await;
    let longer = Form::on(&more, "proposition");
    let read = form.press(&mut visitor, "/proposer", "relire").await;

    assert_eq!(longer.all("sessions"), ["du 12 au 14 mars 2027, Grenoble", ""]);
    assert!(more.body.contains("id=\"sessions-2\"") && more.body.contains("autofocus"));
    assert_eq!(longer.one("intitule"), form.one("intitule"));
    assert_eq!(read.status, 200, "{}", read.body);
    assert!(read.body.contains("id=\"duree_texte-lu\"") && read.body.contains("2,5 jours"));
    assert!(read.body.contains("id=\"sessions-lu\""));
    assert_eq!(db_proposals(&app).await.len(), 0, "nothing was sent");
    app.end().await;
}

#[tokio::test]
async fn a_second_press_of_the_button_is_the_same_proposal() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let form = signed(six(opened(&app, &mut visitor, "/proposer").await));

    let first = form.press(&mut visitor, "/proposer", "envoyer").await;
    let second = form.press(&mut visitor, "/proposer", "envoyer").await;

    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.header("location"), second.header("location"));
    let receipt = visitor.get(first.header("location")).await;
    let draft = format!("data-sent=\"{}\"", form.one("cle"));
    assert!(receipt.body.contains(&draft), "the device may drop its draft: {}", receipt.body);
    assert_eq!(db_proposals(&app).await.len(), 1);
    assert_eq!(app.mails_by_now().await.len(), 1);
    app.end().await;
}

#[tokio::test]
async fn other_words_or_another_address_from_the_same_page_are_another_proposal() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let form = signed(six(opened(&app, &mut visitor, "/proposer").await));

    for form in [
        form.clone(),
        form.clone().set("resume", "Trois jours, après avoir appuyé trop tôt."),
        form.clone().set("vous-courriel", "la.bonne.adresse@exemple.org"),
        form.clone().set("remarque-pilotes", "vue hier"),
    ] {
        let sent = form.press(&mut visitor, "/proposer", "envoyer").await;
        assert_eq!(sent.status, 303, "{}", sent.body);
    }

    let kept = db_proposals(&app).await;
    assert_eq!(kept.len(), 4);
    assert!(kept.iter().any(|it| it.payload.contains("Trois jours")));
    let mails = app.mails_by_now().await;
    assert!(mails.iter().any(|mail| mail.to == "la.bonne.adresse@exemple.org"));
    app.end().await;
}

#[tokio::test]
async fn whoever_writes_what_is_there_already_may_complete_it_and_keeps_every_word() {
    let app = TestApp::start().await;
    let mut row = published("Débattre dans l'espace public");
    row.retain(|(key, _)| *key != "organisme");
    row.extend([("organisme", "Scop Le Pavé".into()), ("resume", "Une phrase.".into())]);
    db_rows(&app, &[("d1", &row)]).await;
    let mut visitor = app.visitor();
    let form = signed(six(opened(&app, &mut visitor, "/proposer").await));

    let near = form.press(&mut visitor, "/proposer", "envoyer").await;
    let there = Form::on(&near, "proposition");
    let completing = there.press(&mut visitor, "/proposer", "completer-d1").await;
    let completed = Form::on(&completing, "proposition");
    let sent = there.press(&mut visitor, "/proposer", "envoyer").await;
    let corrected = completed.press(&mut visitor, "/proposer", "envoyer").await;

    assert_eq!(near.status, 409);
    assert!(near.body.contains("1 offre proche existe déjà"), "{}", near.body);
    assert!(near.body.contains("completer-d1") && near.body.contains("Envoyer quand même"));
    assert_eq!(completed.one("corriger"), "d1");
    assert_eq!(completed.one("url"), "https://exemple.fr/debattre", "carried over");
    assert_eq!(completed.one("resume"), "Une phrase.", "what the entry says stays");
    assert!(completing.body.contains("Deux jours pour oser"), "and mine is told beside it");
    assert_eq!(completed.one("vous-courriel"), "visiteuse@exemple.org");
    assert_eq!(sent.status, 303, "sent anyway: {}", sent.body);
    assert_eq!(corrected.status, 303, "{}", corrected.body);
    let kinds: Vec<Kind> = db_proposals(&app).await.iter().map(|it| it.kind).collect();
    assert!(kinds.len() == 2 && kinds.contains(&Kind::Correction), "other words: {kinds:?}");
    app.end().await;
}

#[tokio::test]
async fn a_form_that_is_not_ours_any_more_comes_back_with_all_that_was_typed() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let form =
        signed(six(opened(&app, &mut visitor, "/proposer").await)).set("jeton", "trop-vieux");
    let mut member = app.member("Nour").await;
    let page = opened(&app, &mut member, "/proposer").await;
    let mine = six(page);
    app.db_removes("nour@exemple.fr").await;

    let stale = form.press(&mut visitor, "/proposer", "envoyer").await;
    let gone = mine.press(&mut member, "/proposer", "envoyer").await;

    for (again, sentence) in [(&stale, "Cette page datait"), (&gone, "Votre connexion a pris fin")]
    {
        assert_eq!(again.status, 403);
        assert!(again.body.contains(sentence), "{}", again.body);
        let back = Form::on(again, "proposition");
        assert_eq!(back.one("resume"), form.one("resume"));
        assert_eq!(back.all("themes"), ["eau"]);
    }
    assert_eq!(db_proposals(&app).await.len(), 0);
    let back = Form::on(&stale, "proposition");
    assert_eq!(back.press(&mut visitor, "/proposer", "envoyer").await.status, 303);
    app.end().await;
}

#[tokio::test]
async fn a_database_that_is_away_costs_nobody_a_word() {
    let app = TestApp::start().await;
    let mut member = app.member("Nour").await;
    let form = six(opened(&app, &mut member, "/proposer").await).set("remarque-pilotes", "vu hier");

    app.app.store.close().await;
    let away = form.press(&mut member, "/proposer", "envoyer").await;

    assert_eq!(away.status, 503, "{}", away.body);
    assert!(away.body.contains("momentanément indisponible"), "{}", away.body);
    let back = Form::on(&away, "proposition");
    for name in ["intitule", "resume", "url", "remarque-pilotes", "cle"] {
        assert_eq!(back.one(name), form.one(name), "{name}");
    }
    assert_eq!(back.one("jeton"), form.one("jeton"), "it is good again when the database is back");
    drop(app.leaves_its_folder().await);
}

#[tokio::test]
async fn an_offer_that_changed_meanwhile_is_shown_once_and_both_words_are_kept() {
    let app = TestApp::start().await;
    let mut row = published("Débattre");
    row.push(("resume", "Une phrase.".into()));
    db_rows(&app, &[("d1", &row)]).await;
    let mut member = app.member("Nour").await;
    let form = opened(&app, &mut member, "/proposer?corriger=d1").await;
    assert_eq!((form.one("intitule"), form.one("resume")), ("Débattre", "Une phrase."));
    let form = form.set("resume", "Une phrase juste.").add("licence", "oui");
    db_writes(&app, "d1", "resume", "Une autre phrase.").await;

    let moved = form.press(&mut member, "/proposer", "envoyer").await;
    let back = Form::on(&moved, "proposition");
    let sent = back.press(&mut member, "/proposer", "envoyer").await;

    assert_eq!(moved.status, 409);
    assert!(moved.body.contains("Une autre phrase."), "{}", moved.body);
    assert_eq!(back.one("resume"), "Une phrase juste.");
    assert_eq!(sent.status, 303, "{}", sent.body);
    let kept = &db_proposals(&app).await[0];
    assert_eq!((kept.kind, kept.row.clone()), (Kind::Correction, RowId::new("d1").ok()));
    assert!(kept.payload.contains(r#""base":{"resume":"Une phrase."}"#), "{}", kept.payload);
    app.end().await;
}

#[tokio::test]
async fn an_unchanged_row_asks_for_nothing_and_a_removal_says_why() {
    let app = TestApp::start().await;
    db_rows(&app, &[("d1", &published("Débattre"))]).await;
    let mut member = app.member("Nour").await;

    let same = opened(&app, &mut member, "/proposer?corriger=d1").await.add("licence", "oui");
    let same = same.press(&mut member, "/proposer", "envoyer").await;
    let removal = opened(&app, &mut member, "/proposer?retirer=d1").await.add("licence", "oui");
    let without = removal.press(&mut member, "/proposer", "envoyer").await;
    let removal = removal.add("motif", "closed").set("motif-mots", "depuis 2024");
    let sent = removal.press(&mut member, "/proposer", "envoyer").await;

    assert_eq!(same.status, 422);
    assert!(same.body.contains("Rien n’a changé"), "{}", same.body);
    assert!(without.status == 422 && without.body.contains("id=\"motif-erreur\""));
    assert_eq!(sent.status, 303, "{}", sent.body);
    let kept = &db_proposals(&app).await[0];
    assert_eq!((kept.kind, kept.state), (Kind::Removal, State::Received));
    assert!(kept.payload.contains("closed depuis 2024"));
    app.end().await;
}

#[tokio::test]
async fn visitors_hear_of_published_offers_only() {
    let app = TestApp::start().await;
    let mut draft = published("Débattre en secret");
    draft.push(("etat", "brouillon".into()));
    db_rows(&app, &[("d1", &published("Débattre")), ("d2", &draft)]).await;
    let mut member = app.member("Nour").await;
    let mut visitor = app.visitor();
    let ask = "/api/v1/tables/formations/duplicates?intitule=D%C3%A9battre+en+secret&organisme=Scop+L%27Orage";

    let (public, all) = (visitor.get(ask).await, member.get(ask).await);

    assert_eq!((public.status, all.status), (200, 200));
    assert!(!public.body.contains("secret") && all.body.contains("secret"), "{}", all.body);
    assert_eq!(visitor.get("/proposer?corriger=d2").await.status, 404);
    assert_eq!(visitor.get("/proposer?corriger=d1").await.status, 200);
    assert_eq!(member.get("/proposer?corriger=d2").await.status, 200);
    app.end().await;
}

#[tokio::test]
async fn a_link_fills_answers_in_and_never_private_ones() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();

    let page = visitor
        .get("/proposer?intitule=D%C3%A9battre&type=Formation+courte&themes=eau&vous-courriel=x%40y.fr&etat=publiee")
        .await;

    let form = Form::on(&page, "proposition");
    assert_eq!(form.one("intitule"), "Débattre");
    assert_eq!(form.one("type"), "formation_courte");
    assert_eq!(form.all("themes"), ["eau"]);
    assert_eq!((form.one("vous-courriel"), form.one("etat")), ("", ""));
    app.end().await;
}

#[tokio::test]
async fn nobody_fills_a_form_in_two_seconds_and_yesterdays_comes_back_once() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let page = visitor.get("/proposer").await;
    let form = signed(six(Form::on(&page, "proposition")));

    let fast = form.press(&mut visitor, "/proposer", "envoyer").await;
    app.clock.days_pass(2);
    let old = form.press(&mut visitor, "/proposer", "envoyer").await;
    app.clock.minutes_pass(1);
    let sent = Form::on(&old, "proposition").press(&mut visitor, "/proposer", "envoyer").await;

    assert!(fast.status == 409 && fast.body.contains("très vite"), "{}", fast.body);
    assert!(old.status == 409 && old.body.contains("datait"), "{}", old.body);
    assert_eq!(sent.status, 303, "{}", sent.body);
    app.end().await;
}

#[tokio::test]
async fn what_looks_like_a_robots_is_kept_all_the_same_for_a_pilot_to_look_at() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let form = signed(six(opened(&app, &mut visitor, "/proposer").await));
    let form = form.set("site_web_2", "https://robots.example");

    let asked = form.press(&mut visitor, "/proposer", "envoyer").await;
    let again = Form::on(&asked, "proposition");
    let sent = again.press(&mut visitor, "/proposer", "envoyer").await;

    assert!(asked.status == 409 && asked.body.contains("data-defi="), "{}", asked.body);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let kept = &db_proposals(&app).await[0];
    assert!((kept.score - 1.0).abs() < f64::EPSILON && kept.state == State::Unconfirmed);
    app.end().await;
}

#[tokio::test]
async fn the_sixth_proposal_of_an_hour_waits_with_every_word_on_the_page() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let mut last = None;
    for n in 0..6 {
        let form = signed(six(opened(&app, &mut visitor, "/proposer").await));
        let form = form.set("intitule", &format!("Débattre {n}"));
        let mut answer = form.press(&mut visitor, "/proposer", "envoyer").await;
        if answer.status == 409 {
            answer =
                Form::on(&answer, "proposition").press(&mut visitor, "/proposer", "envoyer").await;
        }
        last = Some((form, answer));
    }
    let (form, refused) = last.unwrap();

    assert_eq!(refused.status, 429, "{}", refused.body);
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(Form::on(&refused, "proposition").one("resume"), form.one("resume"));
    assert_eq!(db_proposals(&app).await.len(), 5);
    app.clock.minutes_pass(61);
    let sent = Form::on(&refused, "proposition").press(&mut visitor, "/proposer", "envoyer").await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    app.end().await;
}

#[tokio::test]
async fn answers_do_not_tell_who_is_a_member() {
    let app = TestApp::start().await;
    app.db_person("Nour", tablee_domain::people::Role::Member).await;
    let mut seen = Vec::new();
    for address in ["nour@exemple.fr", "zora@exemple.fr"] {
        let mut visitor = app.visitor();
        let form = signed(six(opened(&app, &mut visitor, "/proposer").await));
        let form = form.set("vous-courriel", address);
        let sent = form.press(&mut visitor, "/proposer", "envoyer").await;
        let receipt = visitor.get(sent.header("location")).await;
        let lost = visitor.post("/suivi", &[("courriel", address), ("recu", "P-1AB")]).await;
        let kept = db_proposals(&app).await.pop().unwrap();
        let key = form.one("cle");
        let plain =
            |text: &str| text.replace(address, "@").replace(&kept.receipt, "P").replace(key, "K");
        let body = plain(&receipt.body);
        let body = body.split("</header>").nth(1).unwrap().to_owned();
        seen.push((sent.status, receipt.status, body, lost.status, plain(&lost.body)));
        assert_eq!(
            (kept.author, kept.state),
            (None, State::Unconfirmed),
            "no right follows from an address"
        );
    }
    let mails = app.mails_by_now().await;

    assert_eq!(seen[0], seen[1]);
    let letters = |text: &str| text.chars().filter(|it| it.is_lowercase()).collect::<String>();
    let subjects: Vec<String> = mails.iter().map(|mail| letters(&mail.subject)).collect();
    assert!(subjects.len() == 2 && subjects[0] == subjects[1], "{subjects:?}");
    app.end().await;
}

#[tokio::test]
async fn a_members_proposal_is_received_at_once_and_private_words_stand_apart() {
    let app = TestApp::start().await;
    let mut member = app.member("Nour").await;
    let form = six(opened(&app, &mut member, "/proposer").await)
        .set("contact-nom", "Camille Secret")
        .set("remarque-pilotes", "entre nous");

    let sent = form.press(&mut member, "/proposer", "envoyer").await;
    let receipt = member.get(sent.header("location")).await;
    let list = member.get("/mes-offres").await;

    assert_eq!(sent.status, 303, "{}", sent.body);
    let kept = &db_proposals(&app).await[0];
    assert_eq!((kept.state, kept.author.is_some()), (State::Received, true));
    assert!(!kept.payload.contains("Camille") && !kept.payload.contains("entre nous"));
    assert!(kept.private.as_deref().unwrap().contains("Camille Secret"));
    assert!(!sent.header("location").contains("Camille"));
    assert!(receipt.body.contains(&format!("/mes-offres/propositions/{}", kept.receipt)));
    assert!(list.body.contains("Débattre dans l&#39;espace public") && list.body.contains("Reçue"));
    app.end().await;
}

#[tokio::test]
async fn a_mistyped_address_is_asked_about_once() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let form =
        six(opened(&app, &mut visitor, "/proposer").await).set("vous-courriel", "zoe@gmial.com");

    let asked = form.press(&mut visitor, "/proposer", "envoyer").await;
    let sent = Form::on(&asked, "proposition").press(&mut visitor, "/proposer", "envoyer").await;

    assert!(asked.status == 422 && asked.body.contains("zoe@gmail.com"), "{}", asked.body);
    assert_eq!(sent.status, 303, "{}", sent.body);
    app.end().await;
}

#[tokio::test]
async fn enter_in_a_field_never_sends_the_form() {
    let app = TestApp::start().await;
    let page = app.visitor().get("/proposer").await;

    let form = page.body.split("id=\"proposition\"").nth(1).unwrap();
    let first = form.split("<button").nth(1).unwrap().split('>').next().unwrap();

    assert!(first.contains("value=\"relire\""), "a browser presses the first button: {first}");
    app.end().await;
}

#[tokio::test]
async fn pilots_hear_of_a_visitors_proposal_when_it_is_confirmed_and_not_before() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Lea").await;
    assert_eq!(lea.post("/preferences", &[("queue", "now")]).await.status, 303);
    let mut visitor = app.visitor();
    let to_lea = async || {
        app.clock.minutes_pass(16);
        app.mails_by_now().await.iter().filter(|mail| mail.to == "lea@exemple.fr").count()
    };

    let link = proposes(&app, &mut visitor).await;
    let before = to_lea().await;
    assert_eq!(visitor.post(&link, &[]).await.status, 303);

    assert_eq!((before, to_lea().await), (0, 1));
    app.end().await;
}

#[tokio::test]
async fn visitors_send_so_many_proposals_in_a_day_wherever_they_are_and_members_go_on() {
    let app = TestApp::start_with(|config| {
        config.web.proposals_per_place = 1_000;
        config.web.proposals_in_all = 2;
    })
    .await;
    let (mut visitor, mut nour) = (app.visitor(), app.member("Nour").await);
    let titled = async |browser: &mut Browser, n: u32| {
        let form = signed(six(opened(&app, browser, "/proposer").await));
        let form = form.set("intitule", &format!("Débattre {n}"));
        form.press(browser, "/proposer", "envoyer").await
    };

    for n in 0..2 {
        assert_eq!(titled(&mut nour, n).await.status, 303, "members are not counted");
    }
    let sent = [titled(&mut visitor, 2).await, titled(&mut visitor, 3).await];
    let held = titled(&mut visitor, 4).await;
    let of_member = titled(&mut nour, 5).await;
    app.clock.days_pass(1);
    let again = Form::on(&held, "proposition");
    app.clock.minutes_pass(1);
    let later = again.press(&mut visitor, "/proposer", "envoyer").await;

    assert_eq!(sent.map(|answer| answer.status), [303, 303]);
    assert_eq!((held.status, of_member.status), (429, 303), "{}", held.body);
    assert_eq!(Form::on(&held, "proposition").one("intitule"), "Débattre 4");
    assert_ne!(later.status, 429, "{}", later.body);
    app.end().await;
}

#[tokio::test]
async fn a_form_that_is_sent_tells_visitors_of_no_draft_however_they_ask() {
    let app = TestApp::start().await;
    let mut draft = published("Débattre dans l'espace public");
    draft.retain(|(key, _)| *key != "etat");
    draft.extend([("etat", "brouillon".into()), ("prerequis", "Un mot de travail".into())]);
    db_rows(&app, &[("d2", &draft)]).await;
    let (mut visitor, mut nour) = (app.visitor(), app.member("Nour").await);
    let form = signed(six(opened(&app, &mut visitor, "/proposer").await));
    let form = form.set("organisme", "Scop L'Orage");
    let own = six(opened(&app, &mut nour, "/proposer").await).set("organisme", "Scop L'Orage");

    let completing = form.press(&mut visitor, "/proposer", "completer-d2").await;
    let sent = form.press(&mut visitor, "/proposer", "envoyer").await;
    let of_member = own.press(&mut nour, "/proposer", "envoyer").await;

    assert_eq!(completing.status, 409, "{}", completing.body);
    assert!(!completing.body.contains("Un mot de travail"), "{}", completing.body);
    assert_eq!(Form::on(&completing, "proposition").one("resume"), form.one("resume"));
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert!(of_member.status == 409 && of_member.body.contains("completer-d2"), "they know it");
    app.end().await;
}

#[tokio::test]
async fn a_receipt_shows_the_address_until_it_is_confirmed_and_nothing_after_a_week() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let form = signed(six(opened(&app, &mut visitor, "/proposer").await));
    let sent = form.press(&mut visitor, "/proposer", "envoyer").await;
    let receipt = sent.header("location").to_owned();
    let link = link_in(&app.mail().await, "/proposer/confirmer/");

    let waiting = visitor.get(&receipt).await;
    assert_eq!(visitor.post(&link, &[]).await.status, 303);
    let confirmed = visitor.get(&receipt).await;
    app.clock.days_pass(7);
    let a_week = visitor.get(&receipt).await;
    app.clock.days_pass(1);
    let over = visitor.get(&receipt).await;

    assert!(waiting.body.contains("visiteuse@exemple.org"), "{}", waiting.body);
    assert!(!confirmed.body.contains("visiteuse@exemple.org"), "{}", confirmed.body);
    assert_eq!((confirmed.status, a_week.status, over.status), (200, 200, 404));
    app.end().await;
}

#[tokio::test]
async fn what_nobody_confirmed_is_forgotten_with_the_mail_that_asked_for_it() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    proposes(&app, &mut visitor).await;
    let log = async || {
        let mut tx = app.app.store.read().await.unwrap();
        tablee_storage::mails::log(&mut tx, 9, None).await.unwrap().len()
    };
    assert_eq!(log().await, 1);

    app.clock.days_pass(8);
    assert_eq!(app.app.proposing.forget().await, Ok(1));

    assert_eq!(log().await, 0, "no line tells to whom it went");
    app.end().await;
}

#[tokio::test]
async fn whoever_corrects_an_offer_gets_no_word_of_a_column_that_is_not_for_visitors() {
    let (app, mut nour, mut lea) = crate::history::two_offers().await;
    let added = [("quoi", "add"), ("nom", "Note de l'équipe"), ("type", "long_text")];
    assert_eq!(lea.post("/reglages/colonnes", &added).await.status, 303);
    let visible = app.app.rooms.values("formations").await.unwrap();
    let note = visible.values.columns.iter().find(|it| it.label.fr == "Note de l'équipe").unwrap();
    db_writes(&app, WATER, note.id.as_str(), "Entre nous seulement.").await;

    for (browser, reads) in [(&mut app.visitor(), false), (&mut nour, true)] {
        for why in ["corriger", "retirer"] {
            let page = browser.get(&format!("/proposer?{why}={WATER}")).await;
            assert_eq!(page.status, 200, "{}", page.body);
            assert_eq!(page.body.contains("Entre nous seulement."), reads, "{why}: {}", page.body);
        }
    }
    app.end().await;
}

/// Does the work that a page asks a machine for, as its script does.
fn solved(page: &Answer) -> Form {
    let riddle = page.body.split("data-defi=\"").nth(1).unwrap().split('"').next().unwrap();
    let is_it = |proof: &String| {
        let hash = sha2::Sha256::digest(format!("{riddle}:{proof}"));
        hash[..2] == [0, 0]
    };
    let proof = (0..u32::MAX).map(|n| n.to_string()).find(is_it).unwrap();
    Form::on(page, "proposition").set("preuve", &proof)
}

#[tokio::test]
async fn a_machine_that_did_its_work_is_believed_unless_it_fell_into_the_trap() {
    let app = TestApp::start().await;
    let mut lea = app.pilot("Léa").await;
    let mut visitor = app.visitor();
    let linking = "https://a.example https://b.example https://c.example https://d.example";
    let mut sends = async |title: &str, trap: &str, is_solved: bool| {
        let form = signed(six(opened(&app, &mut visitor, "/proposer").await));
        let form = form.set("intitule", title).set("resume", linking).set("site_web_2", trap);
        let asked = form.press(&mut visitor, "/proposer", "envoyer").await;
        let again = if is_solved { solved(&asked) } else { Form::on(&asked, "proposition") };
        let sent = again.press(&mut visitor, "/proposer", "envoyer").await;
        assert_eq!((asked.status, sent.status), (409, 303), "{}", sent.body);
        let mails = app.mails_by_now().await;
        let link = link_in(&mails[0], "/proposer/confirmer/");
        assert_eq!(visitor.post(&link, &[]).await.status, 303);
        app.clock.minutes_pass(61);
        app.mails_by_now().await;
    };

    sends("Le travail est fait", "", true).await;
    sends("Sans aucun travail", "", false).await;
    sends("Un piège et du travail", "https://x.example", true).await;

    let spam = lea.get("/atelier?quoi=indesirables").await.body;
    let list = lea.get("/atelier?quoi=nouvelles").await.body;
    assert!(list.contains("Le travail est fait") && !spam.contains("Le travail est fait"));
    for title in ["Sans aucun travail", "Un piège et du travail"] {
        assert!(spam.contains(title) && !list.contains(title), "{title}: {spam}");
    }
    app.end().await;
}

#[tokio::test]
async fn a_member_sends_sixty_proposals_in_an_hour_and_not_one_more() {
    let app = TestApp::start().await;
    let mut nour = app.member("Nour").await;
    let form = six(opened(&app, &mut nour, "/proposer").await).add("vus", "oui");

    let mut statuses = Vec::new();
    for n in 0..61 {
        let form = form.clone().set("intitule", &format!("Débattre {n}"));
        statuses.push(form.press(&mut nour, "/proposer", "envoyer").await.status);
    }

    assert_eq!(statuses, [[303; 60].as_slice(), &[429]].concat());
    assert_eq!(db_proposals(&app).await.len(), 60);
    app.end().await;
}
