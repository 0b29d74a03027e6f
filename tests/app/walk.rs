//! A program in which people lived for a while, for the suites that walk through all its doors.
//!
//! Whatever happened in it happened through doors. In every private place stands a word that is nowhere else.
//! [`World::addresses`] says what stands for the braces of an address: a door that it does not know stops the
//! suites, so that nobody forgets one.

use std::collections::BTreeMap;

use axum::http::Method;
use tablee::mail::{Letter, Mail, Recipient};
use tablee_domain::ids::{PersonId, PlanId};
use tablee_domain::people::Role;
use tablee_storage::mails::{self, NewMail};
use tablee_storage::{owners, people};

use crate::history::{MUD, WATER, row};
use crate::mail_queue::{posts, question};
use crate::pages::{db_rows, published};
use crate::proposing::{Form, db_proposals, link_in, opened, six};
use crate::support::{Answer, Browser, TestApp};

/// Words that stand in one private place each. Letters and figures only: no page, address or JSON spells them
/// otherwise.
pub mod canary {
    /// What a visitor wants to be called.
    pub const NAME: &str = "qzxvisiteuse1nom";
    /// Where a visitor can be reached.
    pub const ADDRESS: &str = "qzxvisiteuse2adresse";
    /// A person at the provider.
    pub const CONTACT: &str = "qzxcontact3personne";
    /// What a visitor wrote to the pilots.
    pub const REMARK: &str = "qzxremarque4visiteuse";
    /// What a member wrote to the pilots.
    pub const REMARK_OF_MEMBER: &str = "qzxremarque5membre";
    /// What a pilot asked.
    pub const QUESTION: &str = "qzxquestion6pilote";
    /// What the visitor answered.
    pub const ANSWER: &str = "qzxreponse7visiteuse";
    /// What a pilot noted for the pilots.
    pub const NOTE: &str = "qzxnote8pilotes";
    /// The address of a member.
    pub const MEMBER: &str = "qzxmembre9adresse";
    /// A sentence that pilots saved.
    pub const REASON: &str = "qzxmotif10garde";
    /// A secret of the settings.
    pub const SECRET: &str = "qzxsecret11reglages";
}

/// Rows that were made one, and one that belongs to Nour.
const TWIN: &str = "jumelle000000000";
const OTHER_TWIN: &str = "jumelle100000000";
const OWN: &str = "sienne0000000000";

/// The program, its people, and the words that stand in its addresses.
pub struct World {
    pub app: TestApp,
    pub visitor: Browser,
    pub roleless: Browser,
    /// A member who owns a row and proposed something.
    pub nour: Browser,
    pub other_member: Browser,
    pub pilot: Browser,
    pub admin: Browser,
    /// What its doors need: parts of addresses, numbers in forms.
    pub facts: BTreeMap<&'static str, String>,
    /// All mails that left.
    pub mails: Vec<Mail>,
}

impl World {
    /// Lets people live in it.
    pub async fn lived_in() -> Self {
        let app = TestApp::start_with(|config| {
            config.web.requests_per_second = 1_000_000;
            config.web.requests_burst = 1_000_000;
            config.sign_in.askings_per_place = 1_000;
            config.sign_in.askings_in_all = 1_000;
            config.web.proposals_per_place = 1_000;
            let url = format!("smtp://tablee:{}@mail.example:25", canary::SECRET);
            config.mail.smtp_url = Some(tablee::config::Secret::new(url));
        })
        .await;
        let mut rows = [
            (WATER, published("Dialoguer autour de l'eau")),
            (MUD, published("Dialoguer autour de l'eau !")),
            (TWIN, published("Animer un marché")),
            (OTHER_TWIN, published("Animer un marché !")),
            (OWN, published("Écouter la forêt")),
        ];
        rows[0].1.push(("resume", "Un mot introuvable ailleurs.".into()));
        let rows: Vec<_> = rows.iter().map(|(id, cells)| (*id, cells.as_slice())).collect();
        db_rows(&app, &rows).await;
        let roleless = app.member("Zoé").await;
        let nour = db_member(&app, &format!("{}@exemple.fr", canary::MEMBER), "Nour").await;
        let mut world = Self {
            visitor: app.visitor(),
            roleless,
            nour: app.signs_in(&nour).await,
            other_member: app.member("Max").await,
            pilot: app.pilot("Léa").await,
            admin: app.person("Inès", Role::Admin).await,
            facts: BTreeMap::new(),
            mails: Vec::new(),
            app,
        };
        world.settle(&nour).await;
        world
    }

    async fn settle(&mut self, nour: &str) {
        let mut tx = self.app.app.store.begin().await.unwrap();
        let zoe = people::find_by_email(&mut tx, "zoé@exemple.fr").await.unwrap().unwrap();
        people::set_role(&mut tx, zoe.id, None).await.unwrap();
        let nour = people::find_by_email(&mut tx, nour).await.unwrap().unwrap().id;
        let max = people::find_by_email(&mut tx, "max@exemple.fr").await.unwrap().unwrap().id;
        let table = self.app.app.rooms.open("formations").await.unwrap().table();
        owners::set(&mut tx, table, &row(OWN), nour).await.unwrap();
        let given_up = db_given_up(&mut tx, self.app.app.clock.now()).await;
        tx.commit().await.unwrap();
        self.fact("person", max.to_string());
        self.fact("mail", given_up.to_string());
        self.visitor_proposes().await;
        self.visitor_proposes_and_leaves().await;
        self.member_proposes().await;
        self.pilot_works().await;
        self.files_come().await;
        self.links_are_sent(nour).await;
    }

    fn fact(&mut self, name: &'static str, value: impl Into<String>) {
        self.facts.insert(name, value.into());
    }

    /// What stands for a name, from [`Self::facts`].
    pub fn said(&self, name: &str) -> &str {
        self.facts.get(name).unwrap_or_else(|| panic!("nobody said what `{name}` is"))
    }

    /// A visitor proposes an offer, confirms it, is asked something, and answers.
    async fn visitor_proposes(&mut self) {
        let mut visitor = self.app.visitor();
        let address = format!("{}@secret.example", canary::ADDRESS);
        let form = six(opened(&self.app, &mut visitor, "/proposer").await)
            .set("vous-courriel", &address)
            .set("vous-nom", canary::NAME)
            .set("contact-nom", canary::CONTACT)
            .set("remarque-pilotes", canary::REMARK);
        let sent = form.press(&mut visitor, "/proposer", "envoyer").await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        self.fact("receipt-page", sent.header("location"));
        let confirm = self.link_to(&address, "/proposer/confirmer/").await;
        self.fact("used-confirm", path_of(&confirm));
        let confirmed = visitor.post(&path_of(&confirm), &[]).await;
        assert_eq!(confirmed.status, 303, "{}", confirmed.body);
        self.fact("follow", without_query(confirmed.header("location")));
        let kept = db_proposals(&self.app).await.remove(0);
        let desk = format!("/atelier/proposition/{}", kept.id);
        self.fact("desk", &*desk);
        self.fact("receipt", kept.receipt);
        let asked = [("question", canary::QUESTION)];
        let asked = presses(&mut self.pilot, &desk, "id=\"decision\"", "demander", &asked).await;
        assert_eq!(asked.status, 303, "{}", asked.body);
        let follow = self.said("follow").to_owned();
        let answer = [("message", canary::ANSWER)];
        let answered = presses(&mut visitor, &follow, "name=\"message\"", "message", &answer).await;
        assert_eq!(answered.status, 303, "{}", answered.body);
        let note = [("note", canary::NOTE)];
        let noted = presses(&mut self.pilot, &desk, "id=\"decision\"", "noter", &note).await;
        assert_eq!(noted.status, 303, "{}", noted.body);
    }

    /// Visitors propose: one has not confirmed yet, of the other nobody has taken it.
    async fn visitor_proposes_and_leaves(&mut self) {
        for (number, fact) in ["confirm", "free", "accepted"].into_iter().enumerate() {
            let mut visitor = self.app.visitor();
            let address = format!("passante{number}@ailleurs.example");
            let form = six(opened(&self.app, &mut visitor, "/proposer").await)
                .set("intitule", &format!("Fabriquer un journal {fact} de quartier"))
                .set("url", &format!("https://passante.example/{fact}"))
                .set("vous-courriel", &address)
                .set("contact-nom", canary::CONTACT)
                .set("remarque-pilotes", canary::REMARK)
                .add("vus", "oui");
            let sent = form.press(&mut visitor, "/proposer", "envoyer").await;
            assert_eq!(sent.status, 303, "{}", sent.body);
            let link = path_of(&self.link_to(&address, "/proposer/confirmer/").await);
            if fact == "confirm" {
                self.fact(fact, link);
                continue;
            }
            let confirmed = visitor.post(&link, &[]).await;
            self.fact(fact, without_query(confirmed.header("location")));
            if fact == "accepted" {
                let kept = db_proposals(&self.app).await.pop().unwrap();
                let desk = format!("/atelier/proposition/{}", kept.id);
                self.accepts(&desk).await;
                self.fact("desk-of-accepted", desk);
            }
        }
    }

    async fn accepts(&mut self, desk: &str) {
        let done = presses(&mut self.pilot, desk, "id=\"decision\"", "publier", &[]).await;
        assert_eq!(done.status, 303, "{}", done.body);
    }

    async fn member_proposes(&mut self) {
        let form = six(opened(&self.app, &mut self.nour, "/proposer").await)
            .set("intitule", "Cuisiner à mille mains")
            .set("url", "https://nour.example/cuisine")
            .set("remarque-pilotes", canary::REMARK_OF_MEMBER)
            .add("vus", "oui");
        let sent = form.press(&mut self.nour, "/proposer", "envoyer").await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        let kept = db_proposals(&self.app).await.pop().unwrap();
        self.fact("mine", format!("/mes-offres/propositions/{}", kept.receipt));
        self.fact("desk-of-member", format!("/atelier/proposition/{}", kept.id));
    }

    async fn pilot_works(&mut self) {
        let saved = [("nom", "Hors sujet"), ("mots", canary::REASON)];
        let saved = self.pilot.post("/atelier/motifs", &saved).await;
        assert_eq!(saved.status, 303, "{}", saved.body);
        let twins = format!("/atelier/doublons/{TWIN}/{OTHER_TWIN}");
        let keep = [("garder", TWIN)];
        let merged =
            presses(&mut self.pilot, &twins, "class=\"deciding\"", "fusionner", &keep).await;
        assert_eq!(merged.status, 303, "{}", merged.body);
        let page = without_query(merged.header("location")).to_owned();
        assert!(page.starts_with("/atelier/fusions/"), "{page}");
        self.fact("merge", page);
        let line = crate::history::history(&mut self.pilot, "").await;
        self.fact("line", line["entries"][0]["id"].to_string());
        self.fact("line-revision", line["entries"][0]["revision"].to_string());
    }

    /// Files on their way: a plan of rows, and one of members.
    async fn files_come(&mut self) {
        let csv = "Titre;Organisme\nMarcher en silence;Les Pas\n";
        for name in ["plan", "plan-to-drop", "plan-to-apply", "plan-to-redo"] {
            let sent = sends_file(&mut self.pilot, "/import", csv, None).await;
            assert_eq!(sent.status, 303, "{}", sent.body);
            let page = sent.header("location").to_owned();
            let id = PlanId::new(page.rsplit('/').next().unwrap()).unwrap();
            self.app.app.importer().wait_for(&id).await.unwrap();
            self.fact(name, page);
        }
        let csv = "Nom;Courriel\nOum Nouvelle;oum@exemple.fr\n";
        let sent = sends_file(&mut self.admin, "/reglages/personnes/importer", csv, None).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        self.fact("members", sent.header("location"));
    }

    async fn links_are_sent(&mut self, nour: PersonId) {
        posts(&self.app, Letter::new(Recipient::Person(nour), question("P-1-AA"))).await;
        self.mails.extend(self.app.mails_by_now().await);
        let has_link =
            |mail: &&Mail| mail.to.contains(canary::MEMBER) && mail.unsubscribe.is_some();
        let to_nour = self.mails.iter().find(has_link).expect("a mail that can be ended");
        let link = to_nour.unsubscribe.clone().unwrap_or_default();
        self.fact("unsubscribe", path_of(&link));
        self.facts.insert("sign-in", self.app.link_for("max@exemple.fr").await);
    }

    /// The link of a mail that just left for this address.
    async fn link_to(&mut self, address: &str, start: &str) -> String {
        self.mails.extend(self.app.mails_by_now().await);
        let to_them = |mail: &&Mail| mail.to == address && mail.body.contains(start);
        let mail = self.mails.iter().find(to_them).expect("a mail for them");
        link_in(mail, start)
    }

    /// The addresses by which a door is walked through; none where nobody said.
    pub fn addresses(&self, path: &str) -> Option<Vec<String>> {
        let known = self.of_proposals(path).or_else(|| self.of_desk(path));
        let known = known.or_else(|| self.of_settings(path)).or_else(|| self.of_pages(path));
        known.or_else(|| (!path.contains('{')).then(|| vec![path.to_owned()]))
    }

    /// What stands for a name, with what follows it in an address.
    fn under(&self, name: &str, rest: &str) -> Vec<String> {
        vec![format!("{}{rest}", self.said(name))]
    }

    fn of_proposals(&self, path: &str) -> Option<Vec<String>> {
        Some(match path {
            "/proposer/recu/{receipt}" => self.under("receipt-page", ""),
            "/proposer/confirmer/{token}" => {
                vec![self.said("confirm").to_owned(), self.said("used-confirm").to_owned()]
            }
            "/suivi/{token}" => {
                ["follow", "free", "accepted"].map(|it| self.said(it).into()).into()
            }
            "/suivi/{token}/modifier" => self.under("free", "/modifier"),
            "/mes-offres/{row}" => {
                vec![format!("/mes-offres/{OWN}"), format!("/mes-offres/{WATER}")]
            }
            "/mes-offres/propositions/{receipt}" => {
                let receipt = format!("/mes-offres/propositions/{}", self.said("receipt"));
                vec![self.said("mine").to_owned(), receipt]
            }
            "/mes-offres/propositions/{receipt}/modifier" => self.under("mine", "/modifier"),
            _ => return None,
        })
    }

    fn of_desk(&self, path: &str) -> Option<Vec<String>> {
        Some(match path {
            "/atelier/proposition/{id}" => {
                let others =
                    ["desk-of-member", "desk-of-accepted"].map(|it| self.said(it).to_owned());
                [vec![self.said("desk").to_owned()], others.into()].concat()
            }
            "/atelier/ligne/{row}" => vec![format!("/atelier/ligne/{OWN}")],
            "/atelier/doublons/{one}/{other}" => vec![format!("/atelier/doublons/{MUD}/{WATER}")],
            "/atelier/fusions/{id}" => self.under("merge", ""),
            "/atelier/presence" => vec!["/atelier/presence?sur=p1&vu=x".to_owned()],
            "/atelier" => ["", "?quoi=doublons", "?quoi=propositions"]
                .map(|query| format!("/atelier{query}"))
                .into(),
            _ => return None,
        })
    }

    fn of_settings(&self, path: &str) -> Option<Vec<String>> {
        Some(match path {
            "/import/{plan}" => self.under("plan", ""),
            "/import/{plan}/etat" => self.under("plan", "/etat"),
            "/import/{plan}/correspondances" => self.under("plan", "/correspondances"),
            "/import/{plan}/lignes" => self.under("plan", "/lignes"),
            "/import/{plan}/appliquer" => self.under("plan-to-apply", "/appliquer"),
            "/import/{plan}/refaire" => self.under("plan-to-redo", "/refaire"),
            "/import/{plan}/abandonner" => self.under("plan-to-drop", "/abandonner"),
            "/import/{plan}/rapport.xlsx" => self.under("plan", "/rapport.xlsx"),
            "/reglages/personnes/{person}" => {
                vec![format!("/reglages/personnes/{}", self.said("person"))]
            }
            "/reglages/personnes/{person}/donnees.json" => {
                vec![format!("/reglages/personnes/{}/donnees.json", self.said("person"))]
            }
            "/reglages/personnes/importer/{file}" => self.under("members", ""),
            "/reglages/textes/{key}" => vec!["/reglages/textes/site.page.legal".to_owned()],
            "/reglages/colonnes/{column}" => vec!["/reglages/colonnes/themes".to_owned()],
            _ => return None,
        })
    }

    fn of_pages(&self, path: &str) -> Option<Vec<String>> {
        Some(match path {
            "/connexion/{token}" => self.under("sign-in", ""),
            "/desabonnement/{token}" => self.under("unsubscribe", ""),
            "/formations/{slug_and_id}" => [WATER, OWN, TWIN, OTHER_TWIN]
                .iter()
                .flat_map(|id| [format!("/formations/{id}"), format!("/formations/x-{id}.ics")])
                .collect(),
            "/comparer" => vec![format!("/comparer?o={WATER}&o={MUD}")],
            "/exports/{file}" => {
                ["xlsx", "csv", "json", "csv?cles=1", "ods", "jsonld", "ics", "atom"]
                    .map(|format| format!("/exports/formations.{format}"))
                    .into()
            }
            "/live/{table}" => vec!["/live/formations".to_owned()],
            "/assets/{*path}" => vec!["/assets/rien.css".to_owned()],
            "/historique" => vec![
                "/historique".to_owned(),
                format!("/historique?row={WATER}"),
                "/historique?origin=proposal".to_owned(),
            ],
            "/historique/retabli" => {
                vec![format!("/historique/retabli?revision={}", self.said("line-revision"))]
            }
            api if api.starts_with("/api/v1/tables/{table}/") => {
                let query = if api.ends_with("duplicates") { "?intitule=eau" } else { "" };
                let path = api.replace("{table}", "formations").replace("{row}", WATER);
                vec![format!("{path}{query}")]
            }
            _ => return None,
        })
    }
}

/// Adds a member under an address that their name does not tell.
async fn db_member(app: &TestApp, email: &str, name: &str) -> String {
    let mut tx = app.app.store.begin().await.unwrap();
    people::add(&mut tx, email, name, Role::Member, app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    email.to_owned()
}

/// A mail that nobody could carry.
async fn db_given_up(
    tx: &mut tablee_storage::Tx,
    now: tablee_domain::ids::Timestamp,
) -> tablee_domain::ids::MailId {
    let mail = NewMail {
        to: "perdue@ailleurs.example".into(),
        person: None,
        proposal: None,
        topic: "proposals".into(),
        subject: "Perdue".into(),
        text: "Perdue.".into(),
        html: "<p>Perdue.</p>".into(),
        not_before: now,
        dedupe_key: None,
        expires_at: None,
        secret: false,
    };
    let id = mails::enqueue(tx, &mail, now).await.unwrap().unwrap();
    mails::claim(tx, id, 1, now, now).await.unwrap();
    mails::given_up(tx, id, 1, "refused", now).await.unwrap();
    id
}

/// The path of an address.
fn path_of(link: &str) -> String {
    let rest = link.split_once("://").map_or(link, |(_, rest)| rest);
    rest[rest.find('/').unwrap_or(0)..].to_owned()
}

fn without_query(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or_default()
}

/// The form of a page that holds a word, as a browser would send it.
pub fn form_with(page: &Answer, word: &str) -> Vec<(String, String)> {
    let forms = page.body.split("<form").skip(1).map(|rest| rest.split("</form>").next().unwrap());
    let found = forms.into_iter().find(|form| form.contains(word));
    let form = found.unwrap_or_else(|| panic!("no form with `{word}` in {}", page.body));
    let body = format!("<form id=\"sought\"{form}</form>");
    let (headers, bytes) = (page.headers.clone(), Vec::new());
    let answer = Answer { status: page.status, headers, body, bytes };
    let mut fields = Form::on(&answer, "sought").0;
    fields.retain(|(name, _)| name != "jeton");
    fields
}

/// Opens a page, fills its form that holds a word, and presses a button.
pub async fn presses(
    browser: &mut Browser,
    page: &str,
    word: &str,
    action: &str,
    typed: &[(&str, &str)],
) -> Answer {
    let opened = browser.get(page).await;
    assert_eq!(opened.status, 200, "{page}: {}", opened.body);
    let mut fields = form_with(&opened, word);
    fields.retain(|(name, _)| name != "action" && !typed.iter().any(|(typed, _)| typed == name));
    let mut fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("action", action));
    fields.extend(typed);
    browser.post(page, &fields).await
}

/// Sends a file with a form; with another token than the browser's own where one is given.
pub async fn sends_file(
    browser: &mut Browser,
    path: &str,
    csv: &str,
    token: Option<&str>,
) -> Answer {
    let origin = browser.origin().to_owned();
    let headers = [("content-type", FILE), ("origin", origin.as_str())];
    let own = browser.tokens().pop().unwrap();
    let body = file_form(csv, token.unwrap_or(&own));
    browser.send(Method::POST, path, &headers, body).await
}

/// How a form with a file says that it is one.
pub const FILE: &str = "multipart/form-data; boundary=limite";

/// A form with a file and a token.
pub fn file_form(csv: &str, token: &str) -> String {
    let part = |about: &str, content: &str| {
        format!("--limite\r\ncontent-disposition: form-data; {about}\r\n\r\n{content}\r\n")
    };
    let about = "name=\"fichier\"; filename=\"liste.csv\"\r\ncontent-type: text/csv";
    part("name=\"jeton\"", token) + &part(about, csv) + "--limite--\r\n"
}
