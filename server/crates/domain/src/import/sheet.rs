//! One sheet of a file as a person sees it before anything is taken: its header, its columns, where they go.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::decisions::{Blank, MapTo};
use super::grid::{RawRow, RawSheet, column_letters};
use super::header::Header;
use super::names::Target;
use super::rows::words_of_cell;
use crate::reading::text;

/// How many lines of a sheet are shown, so that a person can choose the one of its header.
const HEAD_LINES: usize = 12;
/// How many different cells of a column are shown.
const SAMPLES: usize = 5;
/// Longer words are cut where they only serve to recognise a column or a line.
const LONGEST: usize = 160;

/// A sheet of the file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SheetPlan {
    /// Its name.
    pub name: String,
    /// Its tab is hidden.
    pub hidden: bool,
    /// Its rows are taken.
    pub take: bool,
    /// Why they are not.
    pub why_not: Option<WhyNotTaken>,
    /// Its header with the targets as they are used; none where no line names a title and something else.
    pub header: Option<Header>,
    /// By which its header is known again; empty where it has none.
    pub fingerprint: String,
    /// Its mapping is that of an earlier import.
    pub recalled: bool,
    /// Its first lines as words, with their numbers.
    pub head: Vec<(u32, String)>,
    /// Its columns from left to right; none where it has no header.
    pub columns: Vec<ColumnPlan>,
    /// How many offers it holds.
    pub offers: usize,
}

/// Why the rows of a sheet are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyNotTaken {
    /// No line of it names a title and something else.
    NoHeader,
    /// The line that somebody chose holds no words.
    EmptyLine,
    /// Somebody said so.
    Decided,
}

/// A column of a sheet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnPlan {
    /// Its place in the sheet, from 0.
    pub at: u32,
    /// Its letters.
    pub letters: String,
    /// The words of its header; empty where it has none.
    pub words: String,
    /// Where its cells go; none where nobody knows.
    pub target: Option<MapTo>,
    /// Who says so.
    pub by: MappedBy,
    /// How sure that is, from 0 to 1.
    pub confidence: f64,
    /// The first different words in it.
    pub samples: Vec<String>,
    /// How many cells hold something.
    pub filled: usize,
    /// It is hidden in the file.
    pub hidden: bool,
    /// Its cells are identifiers of rows of this table, by which rows are found again.
    pub is_id: bool,
    /// It goes into a column that the import adds.
    pub new: bool,
    /// What its empty cells say.
    pub blank: Blank,
    /// Why it does not go where it was asked to.
    pub issue: Option<MapIssue>,
}

/// Who says where a column goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappedBy {
    /// The words of its header.
    #[default]
    Header,
    /// An earlier import of a sheet with this header.
    Recalled,
    /// A person, about this plan.
    Person,
}

/// Why a column does not go where it was asked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MapIssue {
    /// Another column goes there, and a cell of this kind does not take the words of two.
    TwoForOne {
        /// The letters of the other one.
        with: String,
    },
    /// The table has no such column, or it is retired.
    NoSuchColumn,
    /// Own words stand beside values, never beside a text.
    NoWordsBeside,
    /// Another column has the name of the new one.
    NameTaken,
    /// The table has as many columns as a table may have.
    TooManyColumns,
}

impl WhyNotTaken {
    /// The key of its sentence in the texts of the interface, and its word in plans.
    pub fn key(self) -> &'static str {
        match self {
            Self::NoHeader => "no-header",
            Self::EmptyLine => "empty-line",
            Self::Decided => "decided",
        }
    }

    /// Its sentence in French.
    pub fn fr(self) -> &'static str {
        match self {
            Self::NoHeader => "aucune ligne ne nomme un intitulé et une autre colonne",
            Self::EmptyLine => "la ligne choisie est vide",
            Self::Decided => "cet onglet n'est pas repris",
        }
    }
}

impl MapIssue {
    /// The key of its sentence in the texts of the interface.
    pub fn key(&self) -> &'static str {
        match self {
            Self::TwoForOne { .. } => "two-for-one",
            Self::NoSuchColumn => "no-such-column",
            Self::NoWordsBeside => "no-words-beside",
            Self::NameTaken => "name-taken",
            Self::TooManyColumns => "too-many-columns",
        }
    }

    /// Its sentence in French.
    pub fn fr(&self) -> String {
        match self {
            Self::TwoForOne { with } => {
                format!("la colonne {with} va déjà à cet endroit, qui n'en prend qu'une")
            }
            Self::NoSuchColumn => "cette colonne n'est pas (ou plus) dans le tableau".to_owned(),
            Self::NoWordsBeside => "un texte n'a pas de mots à côté de lui".to_owned(),
            Self::NameTaken => "une autre colonne porte déjà ce nom".to_owned(),
            Self::TooManyColumns => "le tableau ne peut pas avoir plus de colonnes".to_owned(),
        }
    }
}

impl SheetPlan {
    /// The line of the header; the upper one of two.
    pub fn header_line(&self) -> Option<u32> {
        self.header.as_ref().and_then(|header| header.lines.first().copied())
    }
}

/// The first lines of a sheet as words.
pub(super) fn head(sheet: &RawSheet) -> Vec<(u32, String)> {
    let filled = sheet.rows.iter().filter(|row| !row.is_empty());
    filled.take(HEAD_LINES).map(|row| (row.number, line_words(row))).collect()
}

fn line_words(row: &RawRow) -> String {
    let cells = row.cells.iter().filter(|cell| !cell.is_empty());
    let words: Vec<String> = cells
        .take(SAMPLES * 2)
        .map(|cell| cut(&text::one_line(&cell.shown), LONGEST / 4))
        .filter(|words| !words.is_empty())
        .collect();
    cut(&words.join(" | "), LONGEST * 2)
}

/// The columns of a sheet under its header, those that only its rows have too.
pub(super) fn columns(sheet: &RawSheet, header: &Header) -> Vec<ColumnPlan> {
    let mut columns: BTreeMap<u32, ColumnPlan> = BTreeMap::new();
    for cell in &header.columns {
        let plan = ColumnPlan {
            words: cell.words.clone(),
            target: cell.target.as_ref().map(MapTo::from),
            confidence: cell.confidence,
            ..ColumnPlan::default()
        };
        columns.insert(cell.at, plan);
    }
    let below = sheet.rows.iter().filter(|row| row.number > header.last_line());
    for cell in below.flat_map(|row| &row.cells).filter(|cell| !cell.is_empty()) {
        let column = columns.entry(cell.column).or_default();
        column.filled += 1;
        if column.samples.len() < SAMPLES {
            let words = cut(&text::one_line(&words_of_cell(cell)), LONGEST);
            if !words.is_empty() && !column.samples.contains(&words) {
                column.samples.push(words);
            }
        }
    }
    let named = columns.into_iter().map(|(at, column)| ColumnPlan {
        at,
        letters: column_letters(at),
        hidden: sheet.hidden_columns.contains(&at),
        ..column
    });
    named.collect()
}

/// The beginning of some words.
fn cut(words: &str, most: usize) -> String {
    match words.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

impl From<&Target> for MapTo {
    fn from(target: &Target) -> Self {
        match target {
            Target::Cell(column) => Self::Column(column.clone()),
            Target::Said(column) => Self::Said(column.clone()),
        }
    }
}
