//! Rows of the table that resemble rows of the file: shown to a person, who decides.

use serde::{Deserialize, Serialize};

use super::decisions::Line;
use super::plan::AddedRow;
use crate::ids::RowId;
use crate::offer::duplicate::{Kin, Likeness, Traits};
use crate::table::{Plain, Row};

/// A row of the table that resembles a row of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Similar {
    /// The row of the file. It would be added.
    pub line: Line,
    /// The row of the table.
    pub row: RowId,
    /// What people know the row of the table by.
    pub title: String,
    /// How much they resemble each other, from 0 to 1.
    pub score: f64,
    /// In what.
    pub why: Vec<Likeness>,
}

/// The rows of the table that resemble rows which would be added. `rows` are those that no row of the file is.
pub(super) fn similar<'p>(
    added: impl Iterator<Item = &'p AddedRow>,
    rows: impl Iterator<Item = &'p Row>,
) -> Vec<Similar> {
    let mut added = added.peekable();
    if added.peek().is_none() {
        return Vec::new();
    }
    let rows: Vec<&Row> = rows.collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let kin = Kin::of(rows.iter().map(|row| traits(|column| row.text(column))).collect());
    let alike = |added: &AddedRow| {
        let value = |column: &str| added.values.iter().find(|(key, _)| key == column);
        let text = |column: &str| value(column).and_then(|(_, it)| Plain::as_text(it));
        let found = kin.of_one(&traits(|column| text(column).unwrap_or_default()));
        let found = found.into_iter().map(|alike| {
            let row = rows[alike.place];
            Similar {
                line: added.source.line(),
                row: row.id.clone(),
                title: row.text("intitule").to_owned(),
                // Two digits are enough for people, and the same on every machine.
                score: (alike.score * 100.0).round() / 100.0,
                why: alike.why,
            }
        });
        found.collect::<Vec<_>>()
    };
    added.flat_map(alike).collect()
}

fn traits<'t>(text: impl Fn(&str) -> &'t str) -> Traits {
    Traits::of(text("intitule"), text("organisme"), text("url"))
}
