//! The catalogue's page.

use askama::Template;

use super::{Base, Page};
use crate::i18n::{Locale, t};

/// `GET /`.
#[derive(Debug, Template)]
#[template(path = "pages/home.html")]
pub struct HomePage {
    /// What is around it.
    pub base: Base,
    /// The title of the browser's tab.
    pub tab: String,
    /// This list without its page number, for other engines: the canonical address.
    pub canonical: String,
    /// The words that are searched.
    pub q: String,
    /// The facets.
    pub facets: Vec<FacetView>,
    /// The filters that are set, words included, each with the address without it.
    pub active: Vec<ActiveFilter>,
    /// "12 formations sur 107".
    pub found: String,
    /// What was looked for instead of what was typed, where that differs.
    pub notes: Vec<String>,
    /// The orders on offer.
    pub sorts: Vec<SortView>,
    /// The offers of this page.
    pub cards: Vec<Card>,
    /// The pages, where there are several.
    pub pages: Option<Pages>,
    /// The files that hold this list.
    pub exports: Vec<ExportLink>,
    /// Whether the inventory holds nothing at all yet.
    pub nothing_yet: bool,
}

/// One facet: a group of boxes to tick.
#[derive(Debug)]
pub struct FacetView {
    /// The parameter: the column's id.
    pub name: String,
    /// The column's label.
    pub label: String,
    /// How many boxes are ticked.
    pub ticked: usize,
    /// The boxes.
    pub options: Vec<OptionView>,
}

/// One box to tick.
#[derive(Debug)]
pub struct OptionView {
    /// What the parameter holds.
    pub value: String,
    /// What is read.
    pub label: String,
    /// How many offers one would see.
    pub count: usize,
    /// Whether it is ticked.
    pub is_ticked: bool,
}

/// A filter that is set.
#[derive(Debug)]
pub struct ActiveFilter {
    /// What it asks for.
    pub label: String,
    /// The sentence of its link: "Retirer « eau »".
    pub remove: String,
    /// The address without it.
    pub href: String,
}

/// An order on offer.
#[derive(Debug)]
pub struct SortView {
    /// What the parameter `tri` holds.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether the list is in this order.
    pub is_current: bool,
}

/// One offer in the list.
#[derive(Debug)]
pub struct Card {
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// The body that gives it.
    pub by: String,
    /// Its type.
    pub kind: String,
    /// What it is about, in a sentence.
    pub summary: String,
    /// Its themes, each with the list of all that share it.
    pub themes: Vec<ThemeLink>,
    /// Format, place, duration, price: label and words, where they are known.
    pub facts: Vec<(String, String)>,
    /// How fresh it is.
    pub freshness: Freshness,
    /// How the address of a comparison names it.
    pub name: String,
    /// "Comparer « Susciter la participation »".
    pub choose: String,
}

/// A theme, and the list that it leads to.
#[derive(Debug)]
pub struct ThemeLink {
    /// What is read.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

/// How fresh an offer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// "Vérifiée il y a 3 mois".
    pub words: String,
    /// Known to be stale.
    pub is_stale: bool,
}

/// Where one stands in a list of several pages.
#[derive(Debug)]
pub struct Pages {
    /// "Page 2 sur 6".
    pub here: String,
    /// The address of the page before.
    pub previous: Option<String>,
    /// The address of the page after.
    pub next: Option<String>,
}

impl Pages {
    /// Where one stands; `None` in a list of one page.
    pub fn of(
        locale: Locale,
        number: usize,
        pages: usize,
        address: impl Fn(usize) -> String,
    ) -> Option<Self> {
        if pages < 2 {
            return None;
        }
        let numbers = [("page", &*number.to_string()), ("pages", &*pages.to_string())];
        Some(Self {
            here: t(locale, "pages.here", &numbers).into_owned(),
            previous: (number > 1).then(|| address(number - 1)),
            next: (number < pages).then(|| address(number + 1)),
        })
    }
}

/// A file that holds the list.
#[derive(Debug)]
pub struct ExportLink {
    /// What is read.
    pub label: String,
    /// The address.
    pub href: String,
}

impl Page for HomePage {
    fn samples() -> Vec<Self> {
        let hostile = super::HOSTILE;
        let of = |words: &str, lang| Self {
            base: Base { locale: lang, ..Base::default() },
            tab: words.to_owned(),
            canonical: "https://tablee.example/".to_owned(),
            q: words.to_owned(),
            facets: vec![FacetView {
                name: "themes".to_owned(),
                label: words.to_owned(),
                ticked: 1,
                options: vec![OptionView {
                    value: words.to_owned(),
                    label: words.to_owned(),
                    count: 3,
                    is_ticked: true,
                }],
            }],
            active: vec![ActiveFilter {
                label: words.to_owned(),
                remove: words.to_owned(),
                href: "/?q=a&themes=b".to_owned(),
            }],
            found: words.to_owned(),
            notes: vec![words.to_owned()],
            sorts: vec![SortView {
                value: words.to_owned(),
                label: words.to_owned(),
                is_current: true,
            }],
            cards: vec![Card {
                href: "/formations/a-1".to_owned(),
                title: words.to_owned(),
                by: words.to_owned(),
                kind: words.to_owned(),
                summary: words.to_owned(),
                themes: vec![ThemeLink {
                    label: words.to_owned(),
                    href: "/?themes=eau".to_owned(),
                }],
                facts: vec![(words.to_owned(), words.to_owned())],
                freshness: Freshness { words: words.to_owned(), is_stale: true },
                name: "a-1".to_owned(),
                choose: words.to_owned(),
            }],
            pages: Some(Pages {
                here: words.to_owned(),
                previous: Some("/".to_owned()),
                next: None,
            }),
            exports: vec![ExportLink {
                label: words.to_owned(),
                href: "/exports/x.csv".to_owned(),
            }],
            nothing_yet: false,
        };
        let empty =
            |nothing_yet| Self { cards: vec![], pages: None, nothing_yet, ..of("eau", Locale::Fr) };
        vec![of("eau", Locale::Fr), of(hostile, Locale::En), empty(false), empty(true)]
    }
}
