//! Rows as values: what a document says at one revision.

use std::collections::BTreeMap;

use super::{Columns, Plain};
use crate::ids::{ColumnId, RowId};

/// One row: its cells by column, already resolved (`overlay ?? base`).
///
/// A cell that is empty is absent. A text cell is [`Plain::Text`]; a list cell is a [`Plain::Map`] from item
/// id to item, removed items left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Stable, never reused.
    pub id: RowId,
    /// Values by column.
    pub cells: BTreeMap<ColumnId, Plain>,
    /// The contributor's own words, where the value does not say it all.
    pub said: BTreeMap<ColumnId, String>,
    /// Fractional key: rows sort by it, then by id.
    pub order: String,
    /// In the bin.
    pub deleted: bool,
}

impl Row {
    /// The value of a cell; [`Plain::Null`] where it is empty.
    pub fn cell(&self, column: &str) -> &Plain {
        self.cells.get(column).unwrap_or(&Plain::Null)
    }

    /// The text of a cell, empty where there is none.
    pub fn text(&self, column: &str) -> &str {
        self.cell(column).as_text().unwrap_or_default()
    }
}

/// A table as values, rows in their order, those in the bin too.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableValues {
    /// All columns.
    pub columns: Columns,
    /// All rows.
    pub rows: Vec<Row>,
}

impl TableValues {
    /// The rows that are not in the bin.
    pub fn present(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(|row| !row.deleted)
    }
}
