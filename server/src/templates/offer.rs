//! The page of one offer.

use askama::Template;

use super::catalogue::{Freshness, ThemeLink};
use super::{Base, Page};
use crate::catalogue::json_ld::Block;
use crate::i18n::Locale;
use crate::wording::{Link, Words};

/// `GET /formations/{slug}-{row}`.
#[derive(Debug, Template)]
#[template(path = "pages/offer.html")]
pub struct OfferPage {
    /// What is around it.
    pub base: Base,
    /// Its whole address.
    pub canonical: String,
    /// Its title.
    pub title: String,
    /// "Proposée par …", empty where nobody knows.
    pub by: String,
    /// Its type.
    pub kind: String,
    /// What it is about, in paragraphs.
    pub summary: Vec<String>,
    /// Its themes, each with the list of all that share it.
    pub themes: Vec<ThemeLink>,
    /// The page of the body that gives it.
    pub visit: Option<Link>,
    /// How fresh it is.
    pub freshness: Freshness,
    /// "Dernière vérification : 3 mars 2026", where it was.
    pub checked_on: Option<String>,
    /// Where, when, how long, how much: label and words, where they are known.
    pub brief: Vec<(String, String)>,
    /// What it is about, for machines that look for pages: the summary, or whose training it is.
    pub description: String,
    /// The same in the words of schema.org.
    pub data: Block,
    /// Its page in each language.
    pub alternates: Vec<(&'static str, String)>,
    /// Its sessions.
    pub dates: Option<DatesView>,
    /// All else, by section.
    pub sections: Vec<Section>,
    /// What was done to its row, for whoever is signed in.
    pub history: String,
    /// The form that corrects it.
    pub correct: String,
    /// The form that asks to take it away, for whom it is or who decides.
    pub remove: Option<String>,
}

/// The sessions of an offer.
#[derive(Debug)]
pub struct DatesView {
    /// The label of their column.
    pub label: String,
    /// Those one can still attend.
    pub to_come: Vec<String>,
    /// Those that are over, the latest first.
    pub past: Vec<String>,
    /// "3 sessions passées".
    pub past_label: String,
    /// The address of their calendar, where one is known to the day.
    pub calendar: Option<String>,
}

/// An offer that is no longer given.
#[derive(Debug, Template)]
#[template(path = "pages/offer_gone.html")]
pub struct GonePage {
    /// What is around it.
    pub base: Base,
    /// A search for what its address said.
    pub search: String,
}

impl Page for GonePage {
    fn samples() -> Vec<Self> {
        let of = |locale, search: &str| Self {
            base: Base { locale, ..Base::default() },
            search: search.to_owned(),
        };
        vec![of(Locale::Fr, "/?q=susciter+la+participation"), of(Locale::En, super::HOSTILE)]
    }
}

/// A block of facts.
#[derive(Debug)]
pub struct Section {
    /// The anchor of its title.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its facts.
    pub facts: Vec<Fact>,
}

/// One column of the offer.
#[derive(Debug)]
pub struct Fact {
    /// The column's label.
    pub label: String,
    /// What is known.
    pub words: Option<Words>,
    /// The contributor's own words.
    pub said: Option<String>,
}

impl Page for OfferPage {
    #[expect(clippy::too_many_lines, reason = "a sample fills each field of its page")]
    fn samples() -> Vec<Self> {
        let of = |words: &str, locale| {
            let words = words.to_owned();
            let link = Link {
                href: "https://exemple.fr/".to_owned(),
                text: words.clone(),
                host: Some(words.clone()),
            };
            let every = vec![
                Words::Line(words.clone()),
                Words::Prose(vec![words.clone(), words.clone()]),
                Words::List(vec![words.clone()]),
                Words::Link(link.clone()),
            ];
            let fact = |shown| Fact {
                label: words.clone(),
                words: Some(shown),
                said: Some(words.clone()),
            };
            let facts = every.into_iter().map(fact).collect();
            Self {
                base: Base { locale, ..Base::default() },
                canonical: "https://tablee.example/formations/a-1".to_owned(),
                title: words.clone(),
                by: words.clone(),
                kind: words.clone(),
                summary: vec![words.clone()],
                themes: vec![ThemeLink { label: words.clone(), href: "/?themes=eau".to_owned() }],
                visit: Some(link),
                freshness: Freshness { words: words.clone(), is_stale: true },
                checked_on: Some(words.clone()),
                brief: vec![(words.clone(), words.clone())],
                description: words.clone(),
                data: Block::of(&serde_json::json!({ "@type": "Course", "name": words })),
                alternates: vec![("fr", "https://tablee.example/formations/a-1".to_owned())],
                dates: Some(DatesView {
                    label: words.clone(),
                    to_come: vec![words.clone()],
                    past: vec![words.clone()],
                    past_label: words.clone(),
                    calendar: Some("/formations/a-1.ics".to_owned()),
                }),
                sections: vec![Section { id: "public".to_owned(), title: words.clone(), facts }],
                history: "/historique?row=a1".to_owned(),
                correct: "/proposer?corriger=a1".to_owned(),
                remove: Some("/proposer?retirer=a1".to_owned()),
            }
        };
        let bare = Self {
            by: String::new(),
            kind: String::new(),
            summary: vec![],
            themes: vec![],
            visit: None,
            checked_on: None,
            brief: vec![],
            sections: vec![],
            dates: None,
            remove: None,
            ..of("Susciter la participation", Locale::Fr)
        };
        vec![of("Susciter la participation", Locale::Fr), of(super::HOSTILE, Locale::En), bare]
    }
}
