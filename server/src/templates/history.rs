//! What was done, and the pages that write something earlier again.

use askama::Template;

use super::catalogue::ActiveFilter;
use super::{Base, HOSTILE, Page};
use crate::history::diff::{Fate, Piece};
use crate::i18n::Locale;

/// `GET /historique`.
#[derive(Debug, Template)]
#[template(path = "pages/history.html")]
pub struct HistoryPage {
    /// What is around it.
    pub base: Base,
    /// "Historique", or that of one row.
    pub title: String,
    /// The form that narrows the list.
    pub filters: Filters,
    /// Filters that no field of the form shows.
    pub active: Vec<ActiveFilter>,
    /// The changes by day, newest first.
    pub days: Vec<Day>,
    /// Whether the list is only a part of history.
    pub is_narrow: bool,
    /// The address of the changes before these.
    pub older: Option<String>,
    /// The address of the first page, where this is another.
    pub newest: Option<String>,
    /// The form that restores the whole table, for those who may.
    pub moment: Option<MomentForm>,
}

/// The form that narrows the list.
#[derive(Debug)]
pub struct Filters {
    /// Filters that go on without a field of their own.
    pub kept: Vec<(&'static str, String)>,
    /// The columns.
    pub columns: Vec<Choice>,
    /// The people who changed something.
    pub people: Vec<Choice>,
    /// The ways.
    pub ways: Vec<Choice>,
    /// The first day.
    pub since: String,
    /// The last day.
    pub until: String,
    /// Whether only values are listed that were not kept.
    pub lost_only: bool,
}

/// One choice of a list.
#[derive(Debug)]
pub struct Choice {
    /// What the address holds.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// The changes of one day.
#[derive(Debug)]
pub struct Day {
    /// The day in words.
    pub title: String,
    /// The changes, newest first.
    pub changes: Vec<ChangeView>,
}

/// One change.
#[derive(Debug)]
pub struct ChangeView {
    /// Its number.
    pub id: i64,
    /// The moment, for machines.
    pub datetime: String,
    /// The hour, or from which to which.
    pub hour: String,
    /// Who.
    pub who: String,
    /// Through what.
    pub through: String,
    /// The title of its row, and the address of the row's history where there is a row.
    pub row: (String, Option<String>),
    /// Whether the row is in the bin.
    pub is_binned: bool,
    /// The name of the place; empty where the row itself changed.
    pub place: String,
    /// What happened to the row as a whole.
    pub event: Option<String>,
    /// What changed, word by word.
    pub diff: Vec<Piece>,
    /// Whether it was not kept.
    pub is_lost: bool,
    /// What may be restored from here: the word of the form, and what the button says.
    pub restores: Vec<(&'static str, String)>,
    /// Which change the buttons are about, for those who hear one button after the other.
    pub about: String,
}

/// The form that asks for a moment.
#[derive(Debug)]
pub struct MomentForm {
    /// The label of its field, with the zone.
    pub label: String,
    /// The latest moment that can be asked for.
    pub now: String,
}

/// `POST /historique/retablir` without its confirmation: what would change.
#[derive(Debug, Template)]
#[template(path = "pages/restore.html")]
pub struct RestorePage {
    /// What is around it.
    pub base: Base,
    /// What is asked for, in a sentence.
    pub what: String,
    /// How much would change; none where nothing would.
    pub count: Option<String>,
    /// The value now and then, where it is one cell's.
    pub values: Option<(String, String)>,
    /// What would stay as it is, and why.
    pub kept: Option<Kept>,
    /// The fields of the form that does it.
    pub fields: Vec<(&'static str, String)>,
    /// The way back.
    pub back: String,
}

/// What a restore leaves alone.
#[derive(Debug)]
pub struct Kept {
    /// How much, in a sentence.
    pub count: String,
    /// The first of them.
    pub places: Vec<String>,
    /// How many more.
    pub more: Option<String>,
}

/// `GET /historique/retabli`.
#[derive(Debug, Template)]
#[template(path = "pages/restored.html")]
pub struct RestoredPage {
    /// What is around it.
    pub base: Base,
    /// How much changed.
    pub count: String,
    /// The update, where the person may take it back.
    pub undo: Option<i64>,
}

impl ChangeView {
    fn sample(words: &str) -> Self {
        let piece = |fate| Piece { fate, words: words.to_owned() };
        Self {
            id: 7,
            datetime: "2026-11-22T13:05:00Z".to_owned(),
            hour: "14 h 05".to_owned(),
            who: words.to_owned(),
            through: words.to_owned(),
            row: (words.to_owned(), Some("/historique?row=r1".to_owned())),
            is_binned: true,
            place: words.to_owned(),
            event: None,
            diff: [Fate::Stays, Fate::Gone, Fate::Came].map(piece).into(),
            is_lost: true,
            restores: vec![("value", words.to_owned()), ("moment", words.to_owned())],
            about: words.to_owned(),
        }
    }
}

impl Page for HistoryPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, locale| {
            let choice = |value: &str| Choice {
                value: value.to_owned(),
                label: words.to_owned(),
                is_chosen: true,
            };
            let row = ChangeView {
                event: Some(words.to_owned()),
                row: (words.to_owned(), None),
                place: String::new(),
                restores: vec![],
                id: 8,
                ..ChangeView::sample(words)
            };
            Self {
                base: Base { locale, ..Base::default() },
                title: words.to_owned(),
                filters: Filters {
                    kept: vec![("row", words.to_owned())],
                    columns: vec![choice("intitule")],
                    people: vec![choice("3")],
                    ways: vec![choice("table")],
                    since: "2026-11-22".to_owned(),
                    until: words.to_owned(),
                    lost_only: true,
                },
                active: vec![ActiveFilter {
                    label: words.to_owned(),
                    remove: words.to_owned(),
                    href: "/historique".to_owned(),
                }],
                days: vec![Day {
                    title: words.to_owned(),
                    changes: vec![ChangeView::sample(words), row],
                }],
                is_narrow: true,
                older: Some("/historique?before=7".to_owned()),
                newest: Some("/historique".to_owned()),
                moment: Some(MomentForm { label: words.to_owned(), now: words.to_owned() }),
            }
        };
        let empty = |is_narrow| Self {
            days: vec![],
            is_narrow,
            moment: None,
            older: None,
            newest: None,
            ..of("eau", Locale::Fr)
        };
        vec![of("eau", Locale::Fr), of(HOSTILE, Locale::En), empty(true), empty(false)]
    }
}

impl Page for RestorePage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            what: words.to_owned(),
            count: Some(words.to_owned()),
            values: Some((words.to_owned(), words.to_owned())),
            kept: Some(Kept {
                count: words.to_owned(),
                places: vec![words.to_owned()],
                more: Some(words.to_owned()),
            }),
            fields: vec![("quoi", words.to_owned())],
            back: "/historique".to_owned(),
        };
        let nothing = Self { count: None, values: None, kept: None, ..of("eau") };
        vec![of("eau"), of(HOSTILE), nothing]
    }
}

impl Page for RestoredPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, undo| Self { base: Base::default(), count: words.to_owned(), undo };
        vec![of("3 champs", Some(12)), of(HOSTILE, None)]
    }
}
