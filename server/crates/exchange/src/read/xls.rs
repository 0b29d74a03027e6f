//! Workbooks of Excel 97 to 2003 (`.xls`): their records, read by ourselves one after another.
//!
//! calamine reads them too, but sets memory aside for what a record announces, follows chains of sectors in
//! circles, and forgets number formats, links, notes and what is hidden. A record here is looked at where it
//! stands; only what a cell shows is kept, and the [`Meter`] counts it first. Formulas are not written out:
//! their values are there, and of `HYPERLINK("…")` its address.

mod compound;
mod formula;
mod globals;
mod marks;
mod records;
mod sheet;

use tablee_domain::import::grid::{FileKind, ReadAs};

use self::compound::Compound;
use self::globals::{Bound, Globals};
use self::records::Records;
use super::archive::damaged;
use super::error::{Damage, Excess, FileError, Lookalike};
use super::meter::Meter;
use super::{Piece, Take};
use crate::Limits;

/// What an error about the stream of records calls it.
const STREAM: &str = "Workbook";

/// Reads a workbook, piece by piece.
pub(super) fn read(bytes: &[u8], limits: &Limits, take: Take<'_>) -> Result<(), FileError> {
    let compound = Compound::open(bytes)?;
    if compound.has("EncryptedPackage") {
        return Err(FileError::Encrypted);
    }
    let Some(stream) = compound.stream("Workbook") else {
        let is_older = compound.has("Book");
        let lookalike = if is_older { Lookalike::OldExcel } else { Lookalike::OldOffice };
        return Err(FileError::NotAWorkbook(lookalike));
    };
    let stream = stream?;
    let globals = globals::read(&stream, limits)?;
    check_sheets(&globals, limits)?;
    take(Piece::Book(ReadAs {
        kind: FileKind::Xls,
        encoding: None,
        separator: None,
        unclosed_quote: false,
    }))?;
    let mut meter = Meter::new(limits);
    for bound in globals.sheets.iter().filter(|bound| bound.is_worksheet) {
        let from = bound.offset as usize;
        let records = stream.get(from..).filter(|rest| !rest.is_empty());
        let records = Records::new(records.ok_or_else(|| damaged(STREAM, Damage::Missing))?);
        take(Piece::Sheet { name: bound.name.clone(), hidden: bound.hidden })?;
        sheet::read(records, bound, &globals, &mut meter, take)?;
    }
    Ok(())
}

fn check_sheets(globals: &Globals, limits: &Limits) -> Result<(), FileError> {
    let sheets = || globals.sheets.iter().filter(|bound| bound.is_worksheet);
    if sheets().count() > limits.sheets {
        return Err(FileError::TooLarge(Excess::Sheets(limits.sheets)));
    }
    let mut names: Vec<&str> = sheets().map(|Bound { name, .. }| name.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(damaged(STREAM, Damage::TwoSheetsOneName));
    }
    Ok(())
}
