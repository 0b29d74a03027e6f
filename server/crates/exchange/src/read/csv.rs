//! Tables of text (`.csv`): what separates the cells and how letters are encoded is found out.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, WINDOWS_1252};
use tablee_domain::import::grid::{RawCell, RawRow};

use super::error::{Excess, FileError, Lookalike};
use super::{Piece, clean};
use crate::Limits;
use crate::write::guard::unguarded;

/// What may stand between cells; where several fit, the first: French spreadsheets write `;`.
const SEPARATORS: [u8; 3] = [b';', b'\t', b','];
/// Rows that are looked at to find the separator.
const LOOKED_AT: usize = 100;
/// The name of the one sheet of such a file.
const SHEET: &str = "csv";

/// Reads a table of text, row by row.
pub(super) fn read(
    bytes: &[u8],
    limits: &Limits,
    take: &mut dyn FnMut(Piece) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let text = decoded(bytes)?;
    // One kind of line ends, so that rows are counted as a spreadsheet counts them.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (separator, text, first) = match announced(&text) {
        Some((separator, rest)) => (separator, rest, 2),
        None => (separator(&text), text.as_str(), 1),
    };
    take(Piece::Sheet { name: SHEET.to_owned(), hidden: false })?;
    read_rows(text, separator, first, limits, take)?;
    take(Piece::EndOfSheet { merges: vec![], notes: vec![], hidden_columns: vec![] })
}

fn read_rows(
    text: &str,
    separator: u8,
    first: u32,
    limits: &Limits,
    take: &mut dyn FnMut(Piece) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let mut reader = records(text, separator);
    let mut record = StringRecord::new();
    let (mut number, mut cells) = (first - 1, 0);
    let mut start = 0;
    while reader.read_record(&mut record).map_err(|_| FileError::NotAWorkbook(Lookalike::Other))? {
        let end = reader.position().byte() as usize;
        // The reader skips empty lines; a spreadsheet counts them.
        let empty = text.as_bytes()[start..end].iter().take_while(|byte| **byte == b'\n').count();
        start = end;
        number = number.saturating_add(1 + empty as u32);
        let row = row(number, &record, limits)?;
        cells += row.cells.len();
        if cells > limits.cells {
            return Err(FileError::TooLarge(Excess::Cells(limits.cells)));
        }
        if !row.cells.is_empty() {
            take(Piece::Row(row))?;
        }
    }
    Ok(())
}

fn row(number: u32, record: &StringRecord, limits: &Limits) -> Result<RawRow, FileError> {
    let at = |column, cause| FileError::At { sheet: SHEET.to_owned(), row: number, column, cause };
    let mut row = RawRow { number, ..RawRow::default() };
    for (column, words) in (0..).zip(record.iter()).filter(|(_, words)| !words.is_empty()) {
        if number > limits.rows {
            return Err(at(column, Excess::Rows(limits.rows)));
        }
        if column >= limits.columns {
            return Err(at(column, Excess::Columns(limits.columns)));
        }
        if words.len() > limits.cell_bytes {
            return Err(at(column, Excess::CellText(limits.cell_bytes)));
        }
        row.cells.push(RawCell::text(column, clean(unguarded(words))));
    }
    Ok(row)
}

fn records(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The text of the file: by its mark, else UTF-8, else what Windows writes in France.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, FileError> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(&bytes[mark..]).0);
    }
    if bytes.contains(&0) {
        return Err(FileError::NotAWorkbook(Lookalike::Other));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(_) => Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0),
    }
}

/// The separator that Excel's own first line `sep=;` names, and the text after that line.
fn announced(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let line = line.trim_matches('"');
    let named =
        line.get(..4).filter(|word| word.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    match named.as_bytes() {
        [separator] => Some((*separator, rest)),
        _ => None,
    }
}

/// The separator that gives most rows the same number of cells, and more than one.
fn separator(text: &str) -> u8 {
    let agreement = |separator: u8| {
        let counts: Vec<usize> = records(text, separator)
            .records()
            .take(LOOKED_AT)
            .filter_map(Result::ok)
            .map(|r| r.len())
            .collect();
        let agreeing = |width: usize| counts.iter().filter(|count| **count == width).count();
        let width =
            counts.iter().copied().filter(|width| *width > 1).max_by_key(|width| agreeing(*width));
        width.map_or(0, agreeing)
    };
    let best = SEPARATORS.into_iter().map(|separator| (agreement(separator), separator));
    best.rev().max_by_key(|(agreement, _)| *agreement).map_or(b';', |(_, separator)| separator)
}
