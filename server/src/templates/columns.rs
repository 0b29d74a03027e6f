//! The pages on which pilots work at columns.

use askama::Template;

use super::history::Choice;
use super::{Base, HOSTILE, Page};

/// `GET /reglages/colonnes`.
#[derive(Debug, Template)]
#[template(path = "pages/columns.html")]
pub struct ColumnsPage {
    /// What is around it.
    pub base: Base,
    /// What was just done, and its number to undo it.
    pub done: Option<(String, i64)>,
    /// Why something was not done.
    pub wrong: Option<String>,
    /// The columns in use, in order.
    pub columns: Vec<ColumnLine>,
    /// Those that are not.
    pub retired: Vec<ColumnLine>,
    /// The kinds that a new column can have.
    pub kinds: Vec<Choice>,
    /// What was typed of a new column that was refused.
    pub typed: String,
    /// What was done lately.
    pub changes: Vec<ChangeLine>,
}

/// `GET /reglages/colonnes/{column}`: all that can be done to one column.
#[derive(Debug, Template)]
#[template(path = "pages/column.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is one fact of the page, by its name")]
pub struct ColumnPage {
    /// What is around it.
    pub base: Base,
    /// What was just done, and its number to undo it.
    pub done: Option<(String, i64)>,
    /// Why something was not done.
    pub wrong: Option<String>,
    /// The column.
    pub column: ColumnLine,
    /// Its name in English.
    pub label_en: String,
    /// What is said of it.
    pub help: String,
    /// The same in English.
    pub help_en: String,
    /// The blocks of the row panel.
    pub sections: Vec<Choice>,
    /// Whether the form asks for it.
    pub is_required: bool,
    /// Whether it is shown in the table.
    pub is_shown: bool,
    /// Kinds that it could have; empty where it keeps its own.
    pub kinds: Vec<Choice>,
    /// Whether it may be retired and hidden.
    pub may_go: bool,
    /// What the house says of it, if it relies on it.
    pub reliance: Option<String>,
    /// Whether it is a choice.
    pub has_options: bool,
    /// Whether options may be added, moved, merged, retired.
    pub options_are_free: bool,
    /// The options on offer.
    pub options: Vec<OptionLine>,
    /// Those that are not.
    pub retired: Vec<OptionLine>,
}

/// `POST /reglages/colonnes` without its confirmation: what would change.
#[derive(Debug, Template)]
#[template(path = "pages/columns_confirm.html")]
pub struct ColumnsConfirmPage {
    /// What is around it.
    pub base: Base,
    /// What is asked.
    pub what: String,
    /// What would change, line by line.
    pub counts: Vec<String>,
    /// Cells to look at: title and address of the row, words, why.
    pub doubts: Vec<DoubtLine>,
    /// How many more there are.
    pub more: Option<String>,
    /// Places that stay, with the sentence that says so.
    pub kept: Option<(String, Vec<String>)>,
    /// Options to make, one a line, where they are asked for.
    pub options: Option<String>,
    /// The same question, to be sent again with a yes.
    pub fields: Vec<(&'static str, String)>,
    /// Where "no" leads.
    pub back: String,
}

/// A column in the list.
#[derive(Debug, Default)]
pub struct ColumnLine {
    /// Its id: the anchor of its line is `colonne-<id>`.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Its kind.
    pub kind: String,
    /// Filled cells, of rows that are not in the bin.
    pub filled: String,
    /// Whether visitors see it.
    pub is_public: bool,
    /// What the person sees, to be compared when the form comes.
    pub seen: String,
    /// The address of its page.
    pub href: String,
    /// The column that would follow it one place up.
    pub up: Option<String>,
    /// The column that would follow it one place down; empty for the end.
    pub down: Option<String>,
}

/// An option of a choice.
#[derive(Debug, Default)]
pub struct OptionLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Its name in French.
    pub label_fr: String,
    /// Its name in English.
    pub label_en: String,
    /// Rows that have it.
    pub filled: String,
    /// The option that would follow it one place up.
    pub up: Option<String>,
    /// The option that would follow it one place down; empty for the end.
    pub down: Option<String>,
}

/// Something that was done.
#[derive(Debug)]
pub struct ChangeLine {
    /// Its number.
    pub id: i64,
    /// What.
    pub what: String,
    /// Who and when.
    pub by: String,
    /// Whether it was taken back.
    pub is_undone: bool,
}

/// A cell that somebody should look at.
#[derive(Debug)]
pub struct DoubtLine {
    /// The title of its row.
    pub title: String,
    /// The history of its row.
    pub href: String,
    /// The words in question.
    pub words: String,
    /// Why.
    pub why: String,
}

fn line(words: &str, id: &str) -> ColumnLine {
    ColumnLine {
        id: id.to_owned(),
        label: words.to_owned(),
        kind: words.to_owned(),
        filled: "12".to_owned(),
        is_public: true,
        seen: "00ff".to_owned(),
        href: "/reglages/colonnes/rythme".to_owned(),
        up: Some("lieux".to_owned()),
        down: Some(String::new()),
    }
}

fn choice(words: &str) -> Choice {
    Choice { value: "number".to_owned(), label: words.to_owned(), is_chosen: false }
}

fn option(words: &str, id: &str) -> OptionLine {
    OptionLine {
        id: id.to_owned(),
        label: words.to_owned(),
        label_fr: words.to_owned(),
        label_en: words.to_owned(),
        filled: "3".to_owned(),
        up: Some("eau".to_owned()),
        down: Some(String::new()),
    }
}

impl Page for ColumnsPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            done: Some((words.to_owned(), 3)),
            wrong: Some(words.to_owned()),
            columns: vec![line(words, "contenu"), line(words, "rythme")],
            retired: vec![line(words, "acces")],
            kinds: vec![choice(words)],
            typed: words.to_owned(),
            changes: vec![ChangeLine {
                id: 3,
                what: words.to_owned(),
                by: words.to_owned(),
                is_undone: false,
            }],
        };
        let fresh =
            Self { done: None, wrong: None, retired: vec![], changes: vec![], ..of("Durée") };
        vec![of("Durée"), of(HOSTILE), fresh]
    }
}

impl Page for ColumnPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            done: Some((words.to_owned(), 3)),
            wrong: Some(words.to_owned()),
            column: line(words, "contenu"),
            label_en: words.to_owned(),
            help: words.to_owned(),
            help_en: words.to_owned(),
            sections: vec![choice(words)],
            is_required: true,
            is_shown: true,
            kinds: vec![choice(words)],
            may_go: true,
            reliance: Some(words.to_owned()),
            has_options: true,
            options_are_free: true,
            options: vec![option(words, "eau"), option(words, "elus")],
            retired: vec![option(words, "autre")],
        };
        let plain = Self {
            done: None,
            wrong: None,
            kinds: vec![],
            may_go: false,
            reliance: None,
            has_options: false,
            ..of("Intitulé")
        };
        vec![of("Thèmes"), of(HOSTILE), plain]
    }
}

impl Page for ColumnsConfirmPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            what: words.to_owned(),
            counts: vec![words.to_owned()],
            doubts: vec![DoubtLine {
                title: words.to_owned(),
                href: "/historique?row=r1".to_owned(),
                words: words.to_owned(),
                why: words.to_owned(),
            }],
            more: Some(words.to_owned()),
            kept: Some((words.to_owned(), vec![words.to_owned()])),
            options: Some(words.to_owned()),
            fields: vec![("quoi", words.to_owned())],
            back: "/reglages/colonnes".to_owned(),
        };
        let sure = Self { doubts: vec![], more: None, kept: None, options: None, ..of("Durée") };
        vec![of("Durée"), of(HOSTILE), sure]
    }
}
