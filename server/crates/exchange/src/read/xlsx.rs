//! Workbooks (`.xlsx`): values by calamine, cell by cell; what it does not tell by [`facts`](super::facts).

use std::collections::HashMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};
use tablee_domain::import::grid::{RawCell, RawRow};

use super::archive::{Archive, damaged};
use super::error::{Damage, Excess, FileError, Lookalike};
use super::facts::{Address, Facts, facts};
use super::serial::DayZero;
use super::shown::{Format, Shown, general};
use super::workbook::{Sheet, notes, relations, sheets};
use super::{Piece, clean};
use crate::Limits;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// Reads a workbook, piece by piece.
pub(super) fn read(
    bytes: &[u8],
    limits: &Limits,
    take: &mut dyn FnMut(Piece) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let mut archive = Archive::open(bytes, limits)?;
    refuse_what_only_looks_alike(&archive)?;
    let sheets = sheets(&mut archive, limits)?;
    let mut book: Book<'_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error| of_calamine("workbook", &error))?;
    let known = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    if !known.map(|sheet| sheet.name.as_str()).eq(sheets.iter().map(|sheet| sheet.name.as_str())) {
        return Err(damaged("workbook", Damage::Xml));
    }
    let zero = if book.has_1904_epoch() { DayZero::Of1904 } else { DayZero::Of1900 };
    let mut counts = Counts::default();
    for sheet in &sheets {
        let relations = relations(&mut archive, &sheet.part)?;
        let facts = facts(&mut archive, sheet, &relations, &mut counts.cells, limits)?;
        let notes = notes(&mut archive, sheet, &relations, limits)?;
        take(Piece::Sheet { name: sheet.name.clone(), hidden: sheet.hidden })?;
        read_cells(
            &mut book,
            &SheetParts { sheet, facts: &facts, zero, limits },
            &mut counts,
            take,
        )?;
        let Facts { merges, hidden_columns, .. } = facts;
        take(Piece::EndOfSheet { merges, notes, hidden_columns })?;
    }
    Ok(())
}

/// What all sheets hold together.
#[derive(Default)]
struct Counts {
    cells: usize,
    text: usize,
}

struct SheetParts<'s> {
    sheet: &'s Sheet,
    facts: &'s Facts,
    zero: DayZero,
    limits: &'s Limits,
}

fn refuse_what_only_looks_alike(archive: &Archive<'_>) -> Result<(), FileError> {
    let lookalike = if archive.has("mimetype") && archive.has("content.xml") {
        Lookalike::OpenDocument
    } else if archive.has("xl/workbook.bin") {
        Lookalike::Binary
    } else if archive.names().any(|name| name.ends_with("vbaproject.bin")) {
        Lookalike::Macros
    } else if !archive.has("_rels/.rels") {
        Lookalike::Archive
    } else {
        return Ok(());
    };
    Err(FileError::NotAWorkbook(lookalike))
}

fn read_cells(
    book: &mut Book<'_>,
    parts: &SheetParts<'_>,
    counts: &mut Counts,
    take: &mut dyn FnMut(Piece) -> Result<(), FileError>,
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
        counts.weigh(&cell, at, parts)?;
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

/// Hands over a row, its cells by column; of two in one place the first counts.
fn give(
    row: &mut RawRow,
    take: &mut dyn FnMut(Piece) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let mut row = std::mem::take(row);
    if row.cells.is_empty() {
        return Ok(());
    }
    row.cells.sort_by_key(|cell| cell.column);
    row.cells.dedup_by_key(|cell| cell.column);
    take(Piece::Row(row))
}

impl Counts {
    fn weigh(
        &mut self,
        cell: &RawCell,
        at: Address,
        parts: &SheetParts<'_>,
    ) -> Result<(), FileError> {
        let of = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let here = cell.shown.len();
        if here > parts.limits.cell_bytes {
            let cause = Excess::CellText(parts.limits.cell_bytes);
            let sheet = parts.sheet.name.clone();
            return Err(FileError::At { sheet, row: at.row, column: at.column, cause });
        }
        self.text += here + of(&cell.link) + of(&cell.formula);
        if self.text > parts.limits.text_bytes {
            return Err(FileError::TooLarge(Excess::Text(parts.limits.text_bytes)));
        }
        Ok(())
    }
}

fn value(value: &DataRef<'_>, format: &Format, zero: DayZero) -> RawCell {
    match value {
        DataRef::Empty => RawCell::default(),
        DataRef::String(text) | DataRef::DurationIso(text) => RawCell::text(0, clean(text)),
        DataRef::SharedString(text) => RawCell::text(0, clean(text)),
        DataRef::Bool(yes) => RawCell::text(0, if *yes { "VRAI" } else { "FAUX" }),
        DataRef::Error(error) => odd_cell(&error.to_string()),
        DataRef::Int(number) => number_cell(*number as f64, format, zero),
        DataRef::Float(number) => number_cell(*number, format, zero),
        DataRef::DateTime(moment) => number_cell(moment.as_f64(), format, zero),
        DataRef::DateTimeIso(text) => iso_cell(text),
    }
}

fn number_cell(number: f64, format: &Format, zero: DayZero) -> RawCell {
    if !number.is_finite() {
        return odd_cell(&general(number));
    }
    let Shown { text, date } = format.show(number, zero);
    RawCell { shown: clean(&text), number: Some(number), date, ..RawCell::default() }
}

/// A date that the workbook holds as text (`2025-03-12T00:00:00`), shown as French people write it.
fn iso_cell(text: &str) -> RawCell {
    let text = clean(text);
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    let parts: Vec<&str> = day.split('-').collect();
    let [year, month, day_of_month] = parts.as_slice() else { return RawCell::text(0, text) };
    let time = time.trim_end_matches('Z');
    let time = time.strip_suffix(":00").filter(|_| time.matches(':').count() == 2).unwrap_or(time);
    let french = format!("{day_of_month}/{month}/{year}");
    let (shown, date) = match time {
        "" | "00:00" => (french, day.to_owned()),
        time => (format!("{french} {time}"), format!("{day}T{time}")),
    };
    RawCell { shown, date: Some(date), ..RawCell::default() }
}

fn odd_cell(words: &str) -> RawCell {
    let words = clean(words);
    RawCell { error: Some(words.clone()), ..RawCell::text(0, words) }
}

/// The cell with its place, its link and its formula.
fn dressed(mut cell: RawCell, at: Address, facts: &Facts) -> RawCell {
    cell.column = at.column;
    let formula = facts.formulas.get(&at);
    let link = formula.and_then(|formula| linked(formula)).or_else(|| facts.link(at).map(clean));
    if link.is_some() || cell.error.is_some() || !cell.shown.is_empty() || cell.number.is_some() {
        cell.link = link;
    }
    cell.formula = formula.map(|formula| clean(formula));
    cell
}

/// The address in `HYPERLINK("https://…", "ici")`, where it is written out.
fn linked(formula: &str) -> Option<String> {
    let rest = formula.trim_start();
    let rest = rest
        .get(.."HYPERLINK".len())
        .filter(|name| name.eq_ignore_ascii_case("HYPERLINK"))
        .map(|_| &rest["HYPERLINK".len()..])?;
    let rest = rest.trim_start().strip_prefix('(')?.trim_start().strip_prefix('"')?;
    let mut link = String::new();
    let mut letters = rest.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('"', Some('"')) => link.extend(letters.next()),
            ('"', _) => {
                let next = letters.find(|letter| !letter.is_whitespace());
                return matches!(next, Some(',' | ';' | ')')).then(|| clean(&link));
            }
            (letter, _) => link.push(letter),
        }
    }
    None
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_written_in_a_formula_is_found() {
        assert_eq!(
            linked(r#"HYPERLINK("https://x.fr/a","ici")"#).as_deref(),
            Some("https://x.fr/a")
        );
        assert_eq!(linked(r#" hyperlink ( "a""b" ; 1 )"#).as_deref(), Some("a\"b"));
        assert_eq!(linked(r#"HYPERLINK("https://"&A1,"ici")"#), None);
        assert_eq!(linked("SUM(A1:A2)"), None);
        assert_eq!(linked("HYPERLINÉ"), None);
    }

    #[test]
    fn a_date_kept_as_text_reads_as_a_date() {
        let day = iso_cell("2025-03-12T00:00:00");

        assert_eq!((day.shown.as_str(), day.date.as_deref()), ("12/03/2025", Some("2025-03-12")));
        assert_eq!(iso_cell("2025-03-12T14:30:00").date.as_deref(), Some("2025-03-12T14:30"));
    }
}
