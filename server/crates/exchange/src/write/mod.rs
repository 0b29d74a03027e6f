//! Rows as files: what a page shows, to take away.
//!
//! Every file says its licence, where it comes from and when it was made. Cells read as in the pages
//! ([`display`](tablee_domain::offer::display)), except in JSON, which keeps values. One odd cell never stops
//! an export.
//!
//! To add a format: a module with a function of an [`Extract`] that gives bytes.

pub mod guard;
pub mod report;

mod csv;
mod json;
mod xlsx;

pub use csv::{Heading, csv};
pub use json::json;
pub use xlsx::xlsx;

use tablee_domain::ids::Timestamp;
use tablee_domain::offer::display;
use tablee_domain::table::{Column, Row};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What is taken away: columns and rows in the order in which they are shown.
#[derive(Debug, Clone)]
pub struct Extract<'a> {
    /// The name of the table: `formations`.
    pub table: &'a str,
    /// What people call it.
    pub title: &'a str,
    /// The columns.
    pub columns: Vec<&'a Column>,
    /// The rows.
    pub rows: Vec<ExtractRow<'a>>,
    /// Under what licence the data may be used.
    pub licence: &'a str,
    /// Where the same can be seen.
    pub source_url: &'a str,
    /// When it was taken.
    pub generated: Timestamp,
}

/// One row of an extract.
#[derive(Debug, Clone)]
pub struct ExtractRow<'a> {
    /// The address of its own page.
    pub url: String,
    /// Its values.
    pub row: &'a Row,
}

/// What stands in one column of a file.
#[derive(Debug, Clone, Copy)]
enum Field<'a> {
    /// The value of a column.
    Value(&'a Column),
    /// The contributor's own words beside it, so that a file that comes back says all that it said.
    Words(&'a Column),
}

impl Field<'_> {
    /// What people read above it.
    fn label(self) -> String {
        match self {
            Self::Value(column) => column.label.fr.clone(),
            Self::Words(column) => format!("{} (texte)", column.label.fr),
        }
    }

    /// What programs read above it.
    fn key(self) -> String {
        match self {
            Self::Value(column) => column.id.to_string(),
            Self::Words(column) => words_key(column),
        }
    }

    /// What people read in it. Where nothing was understood, the words stand for the value.
    fn shown(self, row: &Row) -> String {
        match self {
            Self::Value(column) => display::cell(row, column),
            Self::Words(column) => display::said(row, column).to_owned(),
        }
    }
}

/// The key of the own words beside a column.
fn words_key(column: &Column) -> String {
    format!("{}_texte", column.id)
}

impl<'a> Extract<'a> {
    /// The columns of a file: each column, and its own words beside it where a row has some.
    fn fields(&self) -> Vec<Field<'a>> {
        let has_words = |column: &&Column| {
            let key = words_key(column);
            let is_taken = self.columns.iter().any(|other| other.id.as_str() == key);
            !is_taken && self.rows.iter().any(|row| !display::said(row.row, column).is_empty())
        };
        let fields = self.columns.iter().flat_map(|column| {
            let words = Some(*column).filter(has_words).map(Field::Words);
            std::iter::once(Field::Value(column)).chain(words)
        });
        fields.collect()
    }
}

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The writer of workbooks refused.
    #[error("the workbook could not be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The writer of csv refused.
    #[error("the table of text could not be written: {0}")]
    Text(#[from] ::csv::Error),
    /// The writer of JSON refused.
    #[error("the JSON could not be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// The column of identifiers, by which an extract that comes back is known to be an update.
const ID: &str = "id";

/// A moment as `2026-09-30T12:00:00Z`; empty outside of the years that people use.
fn iso(at: Timestamp) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(at.get().div_euclid(1_000)).ok();
    moment.and_then(|it| it.format(&Rfc3339).ok()).unwrap_or_default()
}

/// The text without what no file of this kind can hold: control characters, and code points that are none.
fn printable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_kept = |c: &char| {
        (!c.is_control() || matches!(c, '\n' | '\t')) && !matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    text.chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests;
