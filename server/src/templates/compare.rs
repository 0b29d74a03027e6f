//! Offers side by side.

use askama::Template;

use super::{Base, Page};
use crate::i18n::Locale;

/// `GET /comparer`.
#[derive(Debug, Template)]
#[template(path = "pages/compare.html")]
pub struct ComparePage {
    /// What is around it.
    pub base: Base,
    /// Its whole address.
    pub canonical: String,
    /// The offers, from left to right.
    pub offers: Vec<Compared>,
    /// What is compared, from top to bottom.
    pub lines: Vec<Line>,
    /// What to do, where there are too few or were too many, or one is no longer there.
    pub notes: Vec<String>,
    /// The list from which one chooses.
    pub list: String,
}

/// One of the offers.
#[derive(Debug)]
pub struct Compared {
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// The same comparison without it.
    pub without: String,
}

/// One line of the comparison.
#[derive(Debug)]
pub struct Line {
    /// What is compared.
    pub label: String,
    /// What each offer says: the title of the offer, and its words, none where it says nothing.
    pub cells: Vec<(String, Vec<String>)>,
    /// They do not all say the same.
    pub differs: bool,
}

impl Page for ComparePage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, locale| {
            let words = words.to_owned();
            let offer = |n: usize| Compared {
                title: words.clone(),
                href: format!("/formations/a-{n}"),
                without: format!("/comparer?o=a-{n}"),
            };
            let cells =
                vec![(words.clone(), vec![words.clone(), words.clone()]), (words.clone(), vec![])];
            Self {
                base: Base { locale, ..Base::default() },
                canonical: "https://tablee.example/comparer?o=a-1&o=a-2".to_owned(),
                offers: vec![offer(1), offer(2)],
                lines: vec![Line { label: words.clone(), cells, differs: true }],
                notes: vec![words.clone()],
                list: "/".to_owned(),
            }
        };
        let none = Self { offers: vec![], lines: vec![], ..of("Choisissez", Locale::Fr) };
        vec![of("Susciter la participation", Locale::Fr), of(super::HOSTILE, Locale::En), none]
    }
}
