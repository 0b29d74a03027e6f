//! The page of one offer.

use askama::Template;

use super::catalogue::{Freshness, ThemeLink};
use super::{Base, Page};
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
    /// All else, by section.
    pub sections: Vec<Section>,
    /// What was done to its row, for whoever is signed in.
    pub history: String,
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
                sections: vec![Section { id: "public".to_owned(), title: words.clone(), facts }],
                history: "/historique?row=a1".to_owned(),
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
            ..of("Susciter la participation", Locale::Fr)
        };
        vec![of("Susciter la participation", Locale::Fr), of(super::HOSTILE, Locale::En), bare]
    }
}
