//! Workbooks (`.xlsx`): values by calamine, cell by cell; what it does not tell by [`facts`](super::facts).

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use tablee_domain::import::grid::{FileKind, RawCell, RawRow, ReadAs};

use super::archive::{Archive, damaged};
use super::error::{Damage, FileError};
use super::facts::{Address, Facts, facts};
use super::links::linked;
use super::meter::Meter;
use super::serial::{DayZero, iso_moment};
use super::shown::Format;
use super::values::{give, number_cell, odd_cell, truth_cell};
use super::workbook::{Sheet, notes, relations, sheets};
use super::{Piece, Take, clean};
use crate::Limits;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads a workbook, piece by piece.
pub(super) fn read(
    mut archive: Archive<'_>,
    bytes: &[u8],
    limits: &Limits,
    take: Take<'_>,
) -> Result<(), FileError> {
    let sheets = sheets(&mut archive, limits)?;
    let mut book: Book<'_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error| of_calamine("workbook", &error))?;
    let known = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    if !known.map(|sheet| sheet.name.as_str()).eq(sheets.iter().map(|sheet| sheet.name.as_str())) {
        return Err(damaged("workbook", Damage::Xml));
    }
    let zero = if book.has_1904_epoch() { DayZero::Of1904 } else { DayZero::Of1900 };
    let mut meter = Meter::new(limits);
    take(Piece::Book(ReadAs {
        kind: FileKind::Xlsx,
        encoding: None,
        separator: None,
        unclosed_quote: false,
    }))?;
    for sheet in &sheets {
        let relations = relations(&mut archive, &sheet.part)?;
        let facts = facts(&mut archive, sheet, &relations, &mut meter)?;
        let notes = notes(&mut archive, sheet, &relations, &mut meter)?;
        take(Piece::Sheet { name: sheet.name.clone(), hidden: sheet.hidden })?;
        read_cells(&mut book, &SheetParts { sheet, facts: &facts, zero }, &mut meter, take)?;
        let Facts { merges, hidden_columns, .. } = facts;
        take(Piece::EndOfSheet { merges, notes, hidden_columns })?;
    }
    Ok(())
}

struct SheetParts<'s> {
    sheet: &'s Sheet,
    facts: &'s Facts,
    zero: DayZero,
}

fn read_cells(
    book: &mut Book<'_>,
    parts: &SheetParts<'_>,
    meter: &mut Meter<'_>,
    take: Take<'_>,
) -> Result<(), FileError> {
    let name = &parts.sheet.name;
    let mut reader =
        book.worksheet_cells_reader(name).map_err(|error| of_calamine(name, &error))?;
    let mut formats: HashMap<usize, Format> = HashMap::new();
    let mut row = RawRow::default();
    for place in 0.. {
        let read = reader.next_cell_with_style_id();
        let cell = match (parts.facts.odd.get(&place), read) {
            (Some((at, words)), Ok(Some(_)) | Err(_)) => Some((*at, odd_cell(words))),
            (_, Ok(None)) => break,
            (None, Err(error)) => return Err(of_calamine(name, &error)),
            (None, Ok(Some((cell, style)))) => {
                let (row, column) = cell.get_position();
                let at = Address { row: row + 1, column };
                let format = formats.entry(style).or_insert_with(|| {
                    let format =
                        reader.styles().get(style).and_then(|it| it.number_format.as_ref());
                    format.map_or_else(Format::default, |it| {
                        Format::new(&it.format_code, it.format_id)
                    })
                });
                Some((at, value(cell.get_value(), format, parts.zero)))
            }
        };
        let Some((at, cell)) = cell else { continue };
        let cell = dressed(cell, at, parts.facts);
        if cell.is_empty() && cell.formula.is_none() {
            continue;
        }
        meter.keep(name, at.row, &cell)?;
        if at.row != row.number {
            if at.row < row.number {
                return Err(damaged(&parts.sheet.part, Damage::Order));
            }
            give(&mut row, take)?;
            row = RawRow {
                number: at.row,
                hidden: parts.facts.hidden_rows.contains(&at.row),
                cells: vec![],
            };
        }
        row.cells.push(cell);
    }
    give(&mut row, take)
}

fn value(value: &DataRef<'_>, format: &Format, zero: DayZero) -> RawCell {
    match value {
        DataRef::Empty => RawCell::default(),
        DataRef::String(text) | DataRef::DurationIso(text) => RawCell::text(0, clean(text)),
        DataRef::SharedString(text) => RawCell::text(0, clean(text)),
        DataRef::Bool(yes) => truth_cell(*yes),
        DataRef::Error(error) => odd_cell(&error.to_string()),
        DataRef::Int(number) => number_cell(*number as f64, format, zero),
        DataRef::Float(number) => number_cell(*number, format, zero),
        DataRef::DateTime(moment) => number_cell(moment.as_f64(), format, zero),
        DataRef::DateTimeIso(text) => iso_cell(text),
    }
}

/// A date that the workbook holds as text.
fn iso_cell(text: &str) -> RawCell {
    match iso_moment(text) {
        Some((shown, date)) => RawCell { date: Some(date), ..RawCell::text(0, shown) },
        None => RawCell::text(0, clean(text)),
    }
}

/// The cell with its place, its link and its formula.
fn dressed(mut cell: RawCell, at: Address, facts: &Facts) -> RawCell {
    cell.column = at.column;
    let formula = facts.formulas.get(&at);
    let link = formula
        .and_then(|formula| linked(formula))
        .or_else(|| facts.links.at(at.row, at.column).map(clean));
    if link.is_some() || cell.error.is_some() || !cell.shown.is_empty() || cell.number.is_some() {
        cell.link = link;
    }
    cell.formula = formula.map(|formula| clean(formula));
    cell
}

/// What calamine says, in our words.
fn of_calamine(part: &str, error: &XlsxError) -> FileError {
    match error {
        XlsxError::Password => FileError::Encrypted,
        XlsxError::Zip(_) | XlsxError::Io(_) => damaged(part, Damage::Archive),
        XlsxError::FileNotFound(_)
        | XlsxError::RelationshipNotFound
        | XlsxError::WorksheetNotFound(_) => damaged(part, Damage::Missing),
        XlsxError::Unexpected(why) if why.contains("shared strings") => {
            damaged(part, Damage::MissingText)
        }
        _ => damaged(part, Damage::Xml),
    }
}
