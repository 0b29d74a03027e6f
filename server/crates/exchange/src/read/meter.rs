//! What all sheets of a file hold together, counted before it is kept.

use tablee_domain::import::grid::{RawCell, RawNote};

use super::error::{Excess, FileError};
use crate::Limits;

/// Counts cells and text. Every reader asks it before it hands anything over.
pub(super) struct Meter<'l> {
    pub limits: &'l Limits,
    cells: usize,
    filled: usize,
    text: usize,
}

impl<'l> Meter<'l> {
    /// Nothing was read yet.
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, cells: 0, filled: 0, text: 0 }
    }

    /// One more cell was walked over, be it empty.
    pub(super) fn walk(&mut self) -> Result<(), FileError> {
        self.cells += 1;
        if self.cells > self.limits.cells {
            return Err(FileError::TooLarge(Excess::Cells(self.limits.cells)));
        }
        Ok(())
    }

    /// Whether a filled cell may stand there.
    pub(super) fn place(&self, sheet: &str, row: u32, column: u32) -> Result<(), FileError> {
        if row > self.limits.rows {
            return Err(at(sheet, row, column, Excess::Rows(self.limits.rows)));
        }
        if column >= self.limits.columns {
            return Err(at(sheet, row, column, Excess::Columns(self.limits.columns)));
        }
        Ok(())
    }

    /// One more cell is kept.
    pub(super) fn keep(&mut self, sheet: &str, row: u32, cell: &RawCell) -> Result<(), FileError> {
        self.place(sheet, row, cell.column)?;
        if cell.shown.len() > self.limits.cell_bytes {
            let cause = Excess::CellText(self.limits.cell_bytes);
            return Err(at(sheet, row, cell.column, cause));
        }
        self.filled += 1;
        if self.filled > self.limits.filled {
            return Err(FileError::TooLarge(Excess::Filled(self.limits.filled)));
        }
        let of = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let beside: usize = cell.more_links.iter().map(String::len).sum();
        self.weigh(cell.shown.len() + of(&cell.link) + of(&cell.formula) + beside)
    }

    /// One more note is kept; `here` counts those of its sheet.
    pub(super) fn note(&mut self, note: &RawNote, here: usize) -> Result<(), FileError> {
        if here > self.limits.marks {
            return Err(FileError::TooLarge(Excess::Notes(self.limits.marks)));
        }
        self.weigh(note.text.len())
    }

    /// More text is kept.
    pub(super) fn weigh(&mut self, bytes: usize) -> Result<(), FileError> {
        self.text += bytes;
        if self.text > self.limits.text_bytes {
            return Err(FileError::TooLarge(Excess::Text(self.limits.text_bytes)));
        }
        Ok(())
    }
}

/// A cell that must stop the reading. The name comes from the file: what is told of it stays short.
pub(super) fn at(sheet: &str, row: u32, column: u32, cause: Excess) -> FileError {
    let sheet = sheet.chars().filter(|c| !c.is_control()).take(80).collect();
    FileError::At { sheet, row, column, cause }
}
