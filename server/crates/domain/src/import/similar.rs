//! Rows of the table that resemble rows of the file: shown to a person, who decides.

use serde::{Deserialize, Serialize};

use super::decisions::Line;
use crate::ids::RowId;
use crate::offer::duplicate::Likeness;

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
