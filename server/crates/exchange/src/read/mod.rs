//! Files from outside, as raw grids.
//!
//! [`read`] takes the bytes of a workbook (`.xlsx`, `.ods`, `.xls`) or a table of text (`.csv`, `.tsv`),
//! whatever its name says, and gives what stands in it, or one sentence why not. [`read_pieces`] gives the
//! same piece by piece.
//!
//! To read another kind of file: a module with `read(bytes, limits, take)` that asks the [`meter`] before it
//! keeps anything, and its first bytes in [`shape`].

mod archive;
mod csv;
mod error;
mod facts;
mod letters;
mod links;
mod meter;
mod ods;
mod sentence;
mod serial;
mod shown;
mod values;
mod workbook;
mod xls;
mod xlsx;
mod xml;

pub use error::{Damage, Excess, FileError, Lookalike, Stop};

use serde::{Deserialize, Serialize};
use tablee_domain::import::grid::{Range, RawBook, RawNote, RawRow, RawSheet, ReadAs};

use self::archive::Archive;
use self::meter::Meter;
use crate::Limits;

/// One piece of a book, in the order in which a file gives them. A line of JSON between processes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// The first piece of all: as what the file is read.
    Book(ReadAs),
    /// A sheet begins.
    Sheet {
        /// The name on its tab.
        name: String,
        /// The tab is not shown.
        hidden: bool,
    },
    /// A row of it that holds something.
    Row(RawRow),
    /// The sheet ends; what hangs on it.
    EndOfSheet {
        /// Merged cells.
        merges: Vec<Range>,
        /// Notes on cells.
        notes: Vec<RawNote>,
        /// Columns that are not shown.
        hidden_columns: Vec<u32>,
    },
}

/// Whoever takes the pieces as they come.
type Take<'t> = &'t mut dyn FnMut(Piece) -> Result<(), FileError>;

/// Reads a whole file.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<RawBook, FileError> {
    let mut book = Assembly::new(limits);
    read_pieces(bytes, limits, &mut |piece| book.put(piece))?;
    Ok(book.finish())
}

/// Reads a file and hands over each piece as it comes. `take` may end the reading.
pub fn read_pieces(
    bytes: &[u8],
    limits: &Limits,
    take: &mut dyn FnMut(Piece) -> Result<(), FileError>,
) -> Result<(), FileError> {
    if bytes.len() as u64 > limits.file_bytes {
        return Err(FileError::TooLarge(Excess::File(limits.file_bytes)));
    }
    match shape(bytes)? {
        Shape::Archive => read_archive(bytes, limits, take),
        Shape::Compound => xls::read(bytes, limits, take),
        Shape::Text => csv::read(bytes, limits, take),
    }
}

/// Reads what is packed: which kind it is, its parts tell.
fn read_archive(bytes: &[u8], limits: &Limits, take: Take<'_>) -> Result<(), FileError> {
    let mut archive = Archive::open(bytes, limits)?;
    let lookalike = if archive.has("mimetype") && archive.has("content.xml") {
        return ods::read(&mut archive, limits, take);
    } else if archive.has("xl/workbook.bin") {
        Lookalike::Binary
    } else if archive.names().any(|name| name.ends_with("vbaproject.bin")) {
        Lookalike::Macros
    } else if archive.has("_rels/.rels") {
        return xlsx::read(archive, bytes, limits, take);
    } else {
        Lookalike::Archive
    };
    Err(FileError::NotAWorkbook(lookalike))
}

/// A book that is put together piece by piece, within limits of its own: whoever gives the pieces need not be
/// believed.
pub struct Assembly<'l> {
    book: RawBook,
    meter: Meter<'l>,
}

impl<'l> Assembly<'l> {
    /// An empty book.
    pub fn new(limits: &'l Limits) -> Self {
        Self { book: RawBook::default(), meter: Meter::new(limits) }
    }

    /// Puts the next piece in its place. One without a sheet has no place and is dropped.
    pub fn put(&mut self, piece: Piece) -> Result<(), FileError> {
        let limits = self.meter.limits;
        let sheets = self.book.sheets.len();
        match (piece, self.book.sheets.last_mut()) {
            (Piece::Book(read_as), _) => self.book.read_as = Some(read_as),
            (Piece::Sheet { .. }, _) if sheets >= limits.sheets => {
                return Err(FileError::TooLarge(Excess::Sheets(limits.sheets)));
            }
            (Piece::Sheet { name, hidden }, _) => {
                self.book.sheets.push(RawSheet { name, hidden, ..RawSheet::default() });
            }
            (Piece::Row(row), Some(sheet)) => {
                for cell in &row.cells {
                    self.meter.keep(&sheet.name, row.number, cell)?;
                }
                // A row without cells takes its place too.
                self.meter.walk()?;
                sheet.rows.push(row);
            }
            (Piece::EndOfSheet { merges, notes, hidden_columns }, Some(sheet)) => {
                for (here, note) in (1..).zip(&notes) {
                    self.meter.note(note, here)?;
                }
                (sheet.merges, sheet.notes, sheet.hidden_columns) = (merges, notes, hidden_columns);
            }
            (Piece::Row(_) | Piece::EndOfSheet { .. }, None) => {}
        }
        Ok(())
    }

    /// The book as it is.
    pub fn finish(self) -> RawBook {
        self.book
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Archive,
    Compound,
    Text,
}

/// What a file is, by its bytes: names lie.
fn shape(bytes: &[u8]) -> Result<Shape, FileError> {
    /// What the files of Office before 2007 begin with, and those with a password since.
    const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii();
    if text.is_empty() {
        return Err(FileError::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Ok(Shape::Archive);
    }
    let lookalike = if bytes.starts_with(COMPOUND) {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        if bytes.windows(name.len()).any(|window| window == name) {
            return Err(FileError::Encrypted);
        }
        return Ok(Shape::Compound);
    } else if bytes.starts_with(b"%PDF") {
        Lookalike::Pdf
    } else if begins_a_page(text) {
        Lookalike::Markup
    } else {
        return Ok(Shape::Text);
    };
    Err(FileError::NotAWorkbook(lookalike))
}

fn begins_a_page(text: &[u8]) -> bool {
    let starts: [&[u8]; 6] = [b"<?xml", b"<!doctype", b"<html", b"<table", b"<head", b"<!--"];
    starts
        .iter()
        .any(|start| text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start)))
}

/// A text without what no document can hold: control characters go, all line ends are one.
fn clean(text: &str) -> String {
    let is_kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    if text.chars().all(|c| is_kept(&c)) {
        return text.to_owned();
    }
    text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(is_kept).collect()
}

#[cfg(test)]
mod tests;
