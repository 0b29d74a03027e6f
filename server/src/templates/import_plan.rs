//! The plan of an import: where its columns go, and what would be written.

use askama::Template;

use super::history::Choice;
use super::{Base, HOSTILE, Page};
use crate::history::diff::{Fate, Piece};
use crate::i18n::Locale;

/// What all pages of a plan share: its steps, what has to be said about it, what its forms carry.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The name of the file.
    pub file: String,
    /// The version of the plan that is looked at.
    pub version: i64,
    /// The steps.
    pub steps: Vec<Step>,
    /// Somebody else decided meanwhile: what that means.
    pub moved: Option<String>,
    /// What has to be said.
    pub notices: Vec<String>,
    /// Why the plan should be made again.
    pub stale: Option<String>,
    /// Where the form leads that makes it again.
    pub again: String,
    /// Where the form leads that gives it up.
    pub drop: String,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// Its page.
    pub href: String,
    /// Whether this is its page.
    pub is_here: bool,
}

/// Where the columns of a file go.
#[derive(Debug, Template)]
#[template(path = "pages/import_mapping.html")]
pub struct MappingPage {
    /// What is around it.
    pub base: Base,
    /// Steps and notices.
    pub frame: Frame,
    /// Where the form leads.
    pub action: String,
    /// The sheets.
    pub sheets: Vec<SheetView>,
    /// The number of the sheet whose columns are shown.
    pub here: usize,
    /// "Colonnes de l'onglet…".
    pub heading: String,
    /// The lines that may be its header.
    pub lines: Vec<Choice>,
    /// Its columns.
    pub columns: Vec<ColumnView>,
    /// How many there are.
    pub counted: String,
    /// Columns of the table.
    pub targets: Vec<Choice>,
    /// Columns of the table beside which words can be kept.
    pub beside: Vec<Choice>,
    /// Kinds of a new column.
    pub kinds: Vec<Choice>,
    /// The first column shown.
    pub from: usize,
    /// The first column of the page before.
    pub previous: Option<usize>,
    /// The first column of the page after.
    pub next: Option<usize>,
}

/// A sheet of the file.
#[derive(Debug)]
pub struct SheetView {
    /// Its number.
    pub at: usize,
    /// Its name.
    pub name: String,
    /// "Prendre l'onglet…".
    pub label: String,
    /// What is known of it.
    pub told: String,
    /// Whether it is taken.
    pub take: bool,
    /// The page of its columns.
    pub href: String,
    /// Whether this is the page.
    pub is_here: bool,
}

/// A column of the file.
#[derive(Debug)]
pub struct ColumnView {
    /// Its place.
    pub at: u32,
    /// Its letters.
    pub letters: String,
    /// The words of its header.
    pub words: String,
    /// Letters and words, for those who hear one field after the other.
    pub label: String,
    /// How full it is, and how surely it was recognised.
    pub told: String,
    /// Some of its cells.
    pub samples: Vec<String>,
    /// Why it does not go where it was asked to.
    pub issue: Option<String>,
    /// Where it goes, as the form says it.
    pub target: String,
    /// The name of its new column.
    pub new_name: String,
    /// The kind of its new column.
    pub new_kind: String,
    /// Whether empty cells empty the table's.
    pub clears: bool,
}

/// What would be written, one kind at a time.
#[derive(Debug, Template)]
#[template(path = "pages/import_plan.html")]
pub struct PlanPage {
    /// What is around it.
    pub base: Base,
    /// Steps and notices.
    pub frame: Frame,
    /// Where the form leads.
    pub action: String,
    /// What would be written, in a sentence.
    pub would: String,
    /// The kinds.
    pub kinds: Vec<KindView>,
    /// The word of the kind that is shown.
    pub kind: &'static str,
    /// Its name.
    pub kind_label: String,
    /// What it means.
    pub help: String,
    /// The words that narrow the list.
    pub words: String,
    /// The number of the page.
    pub page: usize,
    /// What stands on it.
    pub entries: Vec<EntryView>,
    /// How many there are.
    pub counted: String,
    /// The buttons for all of the list at once, where there is something to tick.
    pub at_once: Option<(String, String)>,
    /// The number of the page before.
    pub previous: Option<usize>,
    /// The number of the page after.
    pub next: Option<usize>,
    /// "Page 2 sur 9".
    pub where_in_pages: String,
}

/// A kind of what a plan holds.
#[derive(Debug)]
pub struct KindView {
    /// Its name.
    pub label: String,
    /// How many.
    pub count: String,
    /// Its list.
    pub href: String,
    /// Whether it is shown.
    pub is_here: bool,
}

/// One row of a list.
#[derive(Debug, Default)]
pub struct EntryView {
    /// How the form names the row of the file.
    pub line: String,
    /// What people know it by.
    pub title: String,
    /// Where it stands.
    pub place: String,
    /// Whether it is ticked; none where there is nothing to tick.
    pub is_ticked: Option<bool>,
    /// Where to see more.
    pub links: Vec<(String, String)>,
    /// Whether what is shown is not what is saved.
    pub differs: bool,
    /// What there is to say.
    pub facts: Vec<String>,
    /// Words of the file.
    pub words: Option<String>,
    /// Its cells.
    pub cells: Vec<CellView>,
    /// Whether they are folded away.
    pub folded: bool,
    /// How many they are.
    pub cells_told: String,
    /// Whose they are.
    pub cells_of: String,
    /// How many more there are.
    pub more: Option<String>,
    /// The file and the table side by side: the columns after the file's, with their addresses.
    pub heads: Vec<(String, Option<String>)>,
    /// What that table is.
    pub sides_label: String,
    /// Its lines: a column's name, then the words of the file and of each row.
    pub sides: Vec<(String, Vec<String>)>,
    /// What a person has to say.
    pub asked: Option<Asked>,
}

/// A cell that would be written.
#[derive(Debug)]
pub struct CellView {
    /// How the form names it.
    pub name: String,
    /// Its column.
    pub column: String,
    /// Whether it is ticked; none where there is nothing to tick.
    pub is_ticked: Option<bool>,
    /// From what to what.
    pub diff: Vec<Piece>,
}

/// A question with one answer.
#[derive(Debug)]
pub struct Asked {
    /// The field of the form.
    pub name: String,
    /// The question.
    pub legend: String,
    /// The answers.
    pub options: Vec<Choice>,
}

impl Frame {
    /// As it comes.
    pub fn sample(words: &str) -> Self {
        let step = |is_here| Step {
            label: words.to_owned(),
            href: "/import/p1?etape=plan".to_owned(),
            is_here,
        };
        Self {
            file: words.to_owned(),
            version: 3,
            steps: vec![step(false), step(true)],
            moved: Some(words.to_owned()),
            notices: vec![words.to_owned()],
            stale: Some(words.to_owned()),
            again: "/import/p1/refaire".to_owned(),
            drop: "/import/p1/abandonner".to_owned(),
        }
    }
}

fn choice(value: &str, words: &str) -> Choice {
    Choice { value: value.to_owned(), label: words.to_owned(), is_chosen: true }
}

impl Page for MappingPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, locale| {
            let sheet = |at, is_here| SheetView {
                at,
                name: words.to_owned(),
                label: words.to_owned(),
                told: words.to_owned(),
                take: is_here,
                href: "/import/p1?onglet=1".to_owned(),
                is_here,
            };
            let column = |at: u32, target: &str, issue: Option<&str>| ColumnView {
                at,
                letters: "A".to_owned(),
                words: words.to_owned(),
                label: words.to_owned(),
                told: words.to_owned(),
                samples: vec![words.to_owned()],
                issue: issue.map(str::to_owned),
                target: target.to_owned(),
                new_name: words.to_owned(),
                new_kind: "text".to_owned(),
                clears: true,
            };
            Self {
                base: Base { locale, ..Base::default() },
                frame: Frame::sample(words),
                action: "/import/p1/correspondances".to_owned(),
                sheets: vec![sheet(0, true), sheet(1, false)],
                here: 0,
                heading: words.to_owned(),
                lines: vec![choice("3", words)],
                columns: vec![column(0, "+", Some(words)), column(1, "=url", None)],
                counted: words.to_owned(),
                targets: vec![choice("=url", words)],
                beside: vec![choice("~url", words)],
                kinds: vec![choice("text", words)],
                from: 0,
                previous: Some(0),
                next: Some(40),
            }
        };
        let empty = Self {
            columns: vec![],
            previous: None,
            next: None,
            frame: Frame { moved: None, stale: None, notices: vec![], ..Frame::sample("eau") },
            ..of("eau", Locale::Fr)
        };
        vec![of("Durée", Locale::Fr), of(HOSTILE, Locale::En), empty]
    }
}

impl EntryView {
    fn sample(words: &str) -> Self {
        let piece = |fate| Piece { fate, words: words.to_owned() };
        Self {
            line: "0!7".to_owned(),
            title: words.to_owned(),
            place: words.to_owned(),
            is_ticked: Some(true),
            links: vec![(words.to_owned(), "/historique?row=r1".to_owned())],
            differs: true,
            facts: vec![words.to_owned()],
            words: Some(words.to_owned()),
            cells: vec![CellView {
                name: "0!7/url".to_owned(),
                column: words.to_owned(),
                is_ticked: Some(true),
                diff: [Fate::Stays, Fate::Gone, Fate::Came].map(piece).into(),
            }],
            folded: true,
            cells_told: words.to_owned(),
            cells_of: words.to_owned(),
            more: Some(words.to_owned()),
            heads: vec![(words.to_owned(), Some("/table".to_owned())), (words.to_owned(), None)],
            sides_label: words.to_owned(),
            sides: vec![(words.to_owned(), vec![words.to_owned(), words.to_owned()])],
            asked: Some(Asked {
                name: "s0!7".to_owned(),
                legend: words.to_owned(),
                options: vec![choice("nouvelle", words)],
            }),
        }
    }
}

impl Page for PlanPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, locale| Self {
            base: Base { locale, ..Base::default() },
            frame: Frame::sample(words),
            action: "/import/p1/lignes".to_owned(),
            would: words.to_owned(),
            kinds: vec![KindView {
                label: words.to_owned(),
                count: "3".to_owned(),
                href: "/import/p1?etape=plan&quoi=added".to_owned(),
                is_here: true,
            }],
            kind: "added",
            kind_label: words.to_owned(),
            help: words.to_owned(),
            words: words.to_owned(),
            page: 2,
            entries: vec![
                EntryView::sample(words),
                EntryView {
                    line: "0!8".to_owned(),
                    title: words.to_owned(),
                    ..EntryView::default()
                },
            ],
            counted: words.to_owned(),
            at_once: Some((words.to_owned(), words.to_owned())),
            previous: Some(1),
            next: Some(3),
            where_in_pages: words.to_owned(),
        };
        let empty =
            Self { entries: vec![], words: String::new(), at_once: None, ..of("eau", Locale::Fr) };
        vec![of("Animer", Locale::Fr), of(HOSTILE, Locale::En), empty]
    }
}
