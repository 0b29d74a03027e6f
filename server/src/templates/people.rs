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
    /// Whether they were here once.
    pub has_come: bool,
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

/// `GET /reglages/personnes/importer`.
#[derive(Debug, Template)]
#[template(path = "pages/settings/members_files.html")]
pub struct MembersFilesPage {
    /// What is around it.
    pub base: Base,
    /// What is wrong with the file that was sent.
    pub wrong: Option<String>,
    /// Lists sent before: address, name, how far they are.
    pub earlier: Vec<(String, String, String)>,
}

/// `GET /reglages/personnes/importer/{file}`, before it is applied.
#[derive(Debug, Template)]
#[template(path = "pages/settings/members_plan.html")]
pub struct MembersPlanPage {
    /// What is around it.
    pub base: Base,
    /// Why nothing was done, or what was.
    pub told: Option<Told>,
    /// The name of the file.
    pub file: String,
    /// Where its form goes.
    pub action: String,
    /// The version that the form was filled from.
    pub version: i64,
    /// What it would do, a line each.
    pub sums: Vec<String>,
    /// How it was read: what and its value.
    pub read_as: Vec<(String, String)>,
    /// Its lines on this page.
    pub lines: Vec<MemberLine>,
    /// The numbers of those that can be ticked here.
    pub shown: String,
    /// Where this page stands, in words; none where all stands on one.
    pub here: Option<String>,
    /// The page before.
    pub before: Option<usize>,
    /// The page after.
    pub after: Option<usize>,
    /// Whether those who are added are told; none where nobody could be.
    pub telling: Option<Telling>,
    /// Whether anything could be done at all.
    pub does_something: bool,
}

/// Whether those who are added are told by mail.
#[derive(Debug, Clone)]
pub struct Telling {
    /// Whether it is ticked.
    pub is_chosen: bool,
    /// What it means: how many mails, and when.
    pub help: String,
}

/// One line of a list.
#[derive(Debug, Clone)]
pub struct MemberLine {
    /// Its number in the file.
    pub row: u32,
    /// The name.
    pub name: String,
    /// The address, or what stands in its place.
    pub email: String,
    /// What there is to know, in words.
    pub what: String,
    /// What can be ticked for it.
    pub takes: Vec<Take>,
    /// Whether nothing can be done with it.
    pub is_refused: bool,
}

/// Something that can be ticked.
#[derive(Debug, Clone)]
pub struct Take {
    /// The name of the field.
    pub field: &'static str,
    /// What it does.
    pub label: String,
    /// Whether it is ticked.
    pub is_taken: bool,
}

/// `GET /reglages/personnes/importer/{file}`, once it was applied.
#[derive(Debug, Template)]
#[template(path = "pages/settings/members_done.html")]
pub struct MembersDonePage {
    /// What is around it.
    pub base: Base,
    /// What was done a moment ago.
    pub told: Option<Told>,
    /// The name of the file.
    pub file: String,
    /// Where its forms go.
    pub action: String,
    /// The version that is seen.
    pub version: i64,
    /// What was done, a line each.
    pub sums: Vec<String>,
    /// How many were added without being told, in words; none where nobody was.
    pub untold: Option<String>,
    /// Lines of what was done: words and the page of the person.
    pub groups: Vec<(String, Vec<(String, String)>)>,
    /// Whether anything can be taken back.
    pub can_undo: bool,
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
            has_come: false,
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
            has_come: true,
            offers: Vec::new(),
            more_offers: None,
            ..of("Zoé")
        };
        vec![of("Zoé Ferrand"), of(HOSTILE), plain]
    }
}

impl Page for MembersFilesPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            wrong: Some(words.to_owned()),
            earlier: vec![("/reglages".to_owned(), words.to_owned(), words.to_owned())],
        };
        vec![of("membres.xlsx"), of(HOSTILE), Self { wrong: None, earlier: Vec::new(), ..of("") }]
    }
}

impl Page for MembersPlanPage {
    fn samples() -> Vec<Self> {
        let line = |row, words: &str| MemberLine {
            row,
            name: words.to_owned(),
            email: words.to_owned(),
            what: words.to_owned(),
            takes: ["prendre", "role"]
                .map(|field| Take { field, label: words.to_owned(), is_taken: true })
                .into(),
            is_refused: false,
        };
        let of = |words: &str| Self {
            base: Base::default(),
            told: Some(Told::wrong(words)),
            file: words.to_owned(),
            action: "/reglages/personnes/importer/3".to_owned(),
            version: 1,
            sums: vec![words.to_owned()],
            read_as: vec![(words.to_owned(), words.to_owned())],
            lines: vec![
                line(2, words),
                MemberLine { takes: Vec::new(), is_refused: true, ..line(3, words) },
            ],
            shown: "2,3".to_owned(),
            here: Some(words.to_owned()),
            before: Some(1),
            after: Some(3),
            telling: Some(Telling { is_chosen: true, help: words.to_owned() }),
            does_something: true,
        };
        let nothing = Self {
            told: None,
            lines: Vec::new(),
            here: None,
            before: None,
            after: None,
            telling: None,
            does_something: false,
            ..of("membres.xlsx")
        };
        vec![of("membres.xlsx"), of(HOSTILE), nothing]
    }
}

impl Page for MembersDonePage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            told: Some(Told::done(words)),
            file: words.to_owned(),
            action: "/reglages/personnes/importer/3".to_owned(),
            version: 2,
            sums: vec![words.to_owned()],
            untold: Some(words.to_owned()),
            groups: vec![(words.to_owned(), vec![(words.to_owned(), "/reglages".to_owned())])],
            can_undo: true,
        };
        let empty =
            Self { told: None, untold: None, can_undo: false, groups: Vec::new(), ..of("x") };
        vec![of("membres.xlsx"), of(HOSTILE), empty]
    }
}
