//! Cells of a kind, however their file keeps them.

use tablee_domain::import::grid::{RawCell, RawRow};

use super::error::FileError;
use super::serial::DayZero;
use super::shown::{Format, Shown, general};
use super::{Piece, Take, clean};

/// A number, shown as its format says.
pub(super) fn number_cell(number: f64, format: &Format, zero: DayZero) -> RawCell {
    if !number.is_finite() {
        return odd_cell(&general(number));
    }
    let Shown { text, date } = format.show(number, zero);
    RawCell { shown: clean(&text), number: Some(number), date, ..RawCell::default() }
}

/// Yes or no, in the words of a French spreadsheet.
pub(super) fn truth_cell(yes: bool) -> RawCell {
    RawCell::text(0, if yes { "VRAI" } else { "FAUX" })
}

/// An error, or a value that is none.
pub(super) fn odd_cell(words: &str) -> RawCell {
    let words = clean(words);
    RawCell { error: Some(words.clone()), ..RawCell::text(0, words) }
}

/// Hands over a row, its cells by column; of two in one place the first counts.
pub(super) fn give(row: &mut RawRow, take: Take<'_>) -> Result<(), FileError> {
    let mut row = std::mem::take(row);
    if row.cells.is_empty() {
        return Ok(());
    }
    row.cells.sort_by_key(|cell| cell.column);
    row.cells.dedup_by_key(|cell| cell.column);
    take(Piece::Row(row))
}
