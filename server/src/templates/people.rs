//! People: who may come in, one person, lists of members.

use askama::Template;

use super::catalogue::Pages;
use super::settings::{TextField, Ticked, Told};
use super::{Base, HOSTILE, Page};
use crate::i18n::Locale;

/// `GET /reglages/personnes`.
#[derive(Debug, Template)]
#[template(path = "pages/settings/people.html")]
pub struct PeoplePage {
    /// What is around it.
    pub base: Base,
    /// What was done.
    pub told: Option<Told>,
    /// The words searched for.
    pub words: String,
    /// Which of them are shown.
    pub which: Vec<Ticked>,
    /// How many there are, in words.
    pub found: String,
    /// Those of this page.
    pub people: Vec<PersonLine>,
    /// Where this page stands among others.
    pub pages: Option<Pages>,
}

/// One person of the list.
#[derive(Debug, Clone)]
pub struct PersonLine {
    /// Their name.
    pub name: String,
    /// Their page.
    pub href: String,
    /// Their address.
    pub email: String,
    /// Their role, in words.
    pub role: String,
    /// When they were last here, in words.
    pub seen: String,
}

/// `GET /reglages/personnes/ajouter`, and its answer to what cannot be taken.
#[derive(Debug, Template)]
#[template(path = "pages/settings/add_person.html")]
pub struct AddPersonPage {
    /// What is around it.
    pub base: Base,
    /// What is wrong: words and the field.
    pub wrong: Vec<(String, String)>,
    /// Their address.
    pub email: TextField,
    /// Their name.
    pub name: TextField,
    /// Their role.
    pub roles: Vec<Ticked>,
    /// How they are invited.
    pub invite: Vec<Ticked>,
}

/// `GET /reglages/personnes/{person}`, and its answers.
#[derive(Debug, Template)]
#[template(path = "pages/settings/person.html")]
pub struct PersonPage {
    /// What is around it.
    pub base: Base,
    /// What was done, or why nothing was.
    pub told: Option<Told>,
    /// A link that is shown once, and until when it is good.
    pub link: Option<(String, String)>,
    /// What is to be confirmed.
    pub asks: Option<Ask>,
    /// Their address, which names the page's forms.
    pub action: String,
    /// Their name.
    pub name: String,
    /// What is known: label and value.
    pub facts: Vec<(String, String)>,
    /// Whether it is whoever reads the page.
    pub is_self: bool,
    /// Whether they may come in at all.
    pub may_enter: bool,
    /// Their name, to be changed.
    pub name_field: TextField,
    /// The roles.
    pub roles: Vec<Ticked>,
    /// The word of the role that is shown.
    pub role_seen: String,
    /// Their offers: title and page.
    pub offers: Vec<(String, String)>,
    /// Offers that are not listed, in words.
    pub more_offers: Option<String>,
    /// Where all that is kept of them is downloaded.
    pub data: String,
}

/// Something that is done only when it is confirmed.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The question.
    pub question: String,
    /// What it means, a paragraph each.
    pub means: Vec<String>,
    /// What the form carries.
    pub fields: Vec<(String, String)>,
    /// What the button says.
    pub button: String,
}

fn sample_field(words: &str) -> TextField {
    TextField {
        id: "nom".to_owned(),
        label: words.to_owned(),
        help: words.to_owned(),
        kind: "text",
        value: words.to_owned(),
        wrong: Some(words.to_owned()),
    }
}

fn sample_choices(words: &str) -> Vec<Ticked> {
    let choice = |value: &str, is_chosen| Ticked {
        value: value.to_owned(),
        label: words.to_owned(),
        help: words.to_owned(),
        is_chosen,
    };
    vec![choice("member", true), choice("pilot", false)]
}

impl Page for PeoplePage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            told: Some(Told::done(words)),
            words: words.to_owned(),
            which: sample_choices(words),
            found: words.to_owned(),
            people: vec![PersonLine {
                name: words.to_owned(),
                href: "/reglages/personnes/3".to_owned(),
                email: words.to_owned(),
                role: words.to_owned(),
                seen: words.to_owned(),
            }],
            pages: Pages::of(Locale::Fr, 2, 3, |page| format!("/reglages/personnes?page={page}")),
        };
        let empty = Self { told: None, people: Vec::new(), pages: None, ..of("") };
        vec![of("Zoé Ferrand"), of(HOSTILE), empty]
    }
}

impl Page for AddPersonPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            wrong: vec![(words.to_owned(), "courriel".to_owned())],
            email: TextField { id: "courriel".to_owned(), ..sample_field(words) },
            name: sample_field(words),
            roles: sample_choices(words),
            invite: sample_choices(words),
        };
        vec![of("Zoé Ferrand"), of(HOSTILE), Self { wrong: Vec::new(), ..of("") }]
    }
}

impl Page for PersonPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            told: Some(Told::wrong(words)),
            link: Some(("https://tablee.example/connexion/00ff".to_owned(), words.to_owned())),
            asks: Some(Ask {
                question: words.to_owned(),
                means: vec![words.to_owned()],
                fields: vec![("quoi".to_owned(), words.to_owned())],
                button: words.to_owned(),
            }),
            action: "/reglages/personnes/3".to_owned(),
            name: words.to_owned(),
            facts: vec![(words.to_owned(), words.to_owned())],
            is_self: true,
            may_enter: true,
            name_field: sample_field(words),
            roles: sample_choices(words),
            role_seen: "member".to_owned(),
            offers: vec![(words.to_owned(), "/table".to_owned())],
            more_offers: Some(words.to_owned()),
            data: "/reglages/personnes/3/donnees.json".to_owned(),
        };
        let plain = Self {
            told: None,
            link: None,
            asks: None,
            is_self: false,
            may_enter: false,
            offers: Vec::new(),
            more_offers: None,
            ..of("Zoé")
        };
        vec![of("Zoé Ferrand"), of(HOSTILE), plain]
    }
}
