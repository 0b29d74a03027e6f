//! OpenDocument workbooks (`.ods`): their one list of rows, read by ourselves.
//!
//! calamine reads them too, but lays every sheet out as a full rectangle, believes what a row says about its
//! repetitions, and forgets links, notes and what is hidden. Here a row said to stand a million times costs
//! nothing while it is empty, and is refused before it is written out where it is not. What a person sees of a
//! cell stands in the file, so number formats need not be followed.

mod cells;
mod styles;
mod values;

use quick_xml::events::Event;
use tablee_domain::import::grid::{FileKind, Range, RawNote, RawRow, ReadAs};

use self::cells::RowReader;
use self::styles::Styles;
use super::archive::Archive;
use super::error::{Damage, Excess, FileError, Lookalike};
use super::meter::{Meter, at};
use super::xml::{Xml, attribute};
use super::{Piece, Take};
use crate::Limits;

const CONTENT: &str = "content.xml";
const MANIFEST: &str = "META-INF/manifest.xml";

/// Reads a workbook, piece by piece.
pub(super) fn read(
    archive: &mut Archive<'_>,
    limits: &Limits,
    take: Take<'_>,
) -> Result<(), FileError> {
    if archive.has("encrypted-package") || is_encrypted(archive)? {
        return Err(FileError::Encrypted);
    }
    let mut styles = Styles::default();
    if archive.has("styles.xml") {
        styles.read(archive, "styles.xml")?;
    }
    styles.read(archive, CONTENT)?;
    take(Piece::Book(ReadAs {
        kind: FileKind::Ods,
        encoding: None,
        separator: None,
        unclosed_quote: false,
    }))?;
    let xml = Xml::open(archive, CONTENT)?;
    let mut reader =
        BookReader { xml, styles: &styles, meter: Meter::new(limits), names: vec![], take };
    reader.book()
}

/// Whether a part was locked with a password: the list of parts says so.
fn is_encrypted(archive: &mut Archive<'_>) -> Result<bool, FileError> {
    if !archive.has(MANIFEST) {
        return Ok(false);
    }
    let mut xml = Xml::open(archive, MANIFEST)?;
    while let Some(event) = xml.next()? {
        if matches!(&event, Event::Start(element) if element.local_name().as_ref() == "encryption-data")
        {
            return Ok(true);
        }
    }
    Ok(false)
}

struct BookReader<'r, 'l, 'z, 'a> {
    xml: Xml<'z, 'a>,
    styles: &'r Styles,
    meter: Meter<'l>,
    names: Vec<String>,
    take: Take<'r>,
}

/// A sheet while it is read.
#[derive(Default)]
struct Sheet {
    name: String,
    /// Rows and columns that came before.
    rows: u32,
    columns: u32,
    /// Whether each group of rows or columns that we are in is folded away.
    folded: Vec<bool>,
    merges: Vec<Range>,
    notes: Vec<RawNote>,
    hidden_columns: Vec<u32>,
}

/// What the next event asks for; owned, so that reading can go on.
enum Seen {
    Spreadsheet,
    Table { name: String, hidden: bool },
    Group { folded: bool },
    EndOfGroup,
    Column { times: u32, hidden: bool },
    Row { times: u32, hidden: bool },
    Aside,
    EndOfTable,
    Nothing,
}

impl BookReader<'_, '_, '_, '_> {
    fn book(&mut self) -> Result<(), FileError> {
        let mut is_spreadsheet = false;
        while let Some(event) = self.xml.next()? {
            match seen(&event, self.styles) {
                Seen::Spreadsheet => is_spreadsheet = true,
                Seen::Table { name, hidden } if is_spreadsheet => self.sheet(name, hidden)?,
                Seen::Aside => self.xml.pass_over()?,
                _ => {}
            }
        }
        if is_spreadsheet { Ok(()) } else { Err(FileError::NotAWorkbook(Lookalike::OpenDocument)) }
    }

    fn sheet(&mut self, name: String, hidden: bool) -> Result<(), FileError> {
        if self.names.len() >= self.meter.limits.sheets {
            return Err(FileError::TooLarge(Excess::Sheets(self.meter.limits.sheets)));
        }
        if self.names.contains(&name) {
            return Err(self.xml.damage(Damage::TwoSheetsOneName));
        }
        self.names.push(name.clone());
        (self.take)(Piece::Sheet { name: name.clone(), hidden })?;
        let mut sheet = Sheet { name, ..Sheet::default() };
        loop {
            let Some(event) = self.xml.next()? else { return Err(self.xml.damage(Damage::Xml)) };
            match seen(&event, self.styles) {
                Seen::Group { folded } => sheet.folded.push(folded),
                Seen::EndOfGroup => drop(sheet.folded.pop()),
                Seen::Column { times, hidden } => sheet.columns(times, hidden, self.meter.limits),
                Seen::Row { times, hidden } => self.row(&mut sheet, times, hidden)?,
                Seen::Aside | Seen::Table { .. } => self.xml.pass_over()?,
                Seen::EndOfTable => break,
                Seen::Spreadsheet | Seen::Nothing => {}
            }
        }
        let Sheet { merges, notes, hidden_columns, .. } = sheet;
        (self.take)(Piece::EndOfSheet { merges, notes, hidden_columns })
    }

    /// Reads a row, and hands it over as often as it stands there.
    fn row(&mut self, sheet: &mut Sheet, times: u32, hidden: bool) -> Result<(), FileError> {
        let limits = self.meter.limits;
        let number = sheet.rows.saturating_add(1);
        sheet.rows = sheet.rows.saturating_add(times);
        let hidden = hidden || sheet.folded.contains(&true);
        let mut reader =
            RowReader { xml: &mut self.xml, styles: self.styles, meter: &mut self.meter };
        let row = reader.read(&sheet.name, number)?;
        let is_marked = !row.merges.is_empty() || !row.notes.is_empty();
        if row.cells.is_empty() && !is_marked {
            return Ok(());
        }
        let column = row.cells.first().map_or(0, |cell| cell.column);
        if sheet.rows > limits.rows {
            let (beyond, cause) = (number.max(limits.rows + 1), Excess::Rows(limits.rows));
            return Err(at(&sheet.name, beyond, column, cause));
        }
        for number in number..=sheet.rows {
            for cell in &row.cells {
                self.meter.keep(&sheet.name, number, cell)?;
            }
            sheet.mark(number, &row.merges, &row.notes, &mut self.meter)?;
            if !row.cells.is_empty() {
                (self.take)(Piece::Row(RawRow { number, hidden, cells: row.cells.clone() }))?;
            }
        }
        Ok(())
    }
}

impl Sheet {
    fn columns(&mut self, times: u32, hidden: bool, limits: &Limits) {
        let first = self.columns;
        self.columns = first.saturating_add(times);
        if hidden || self.folded.contains(&true) {
            self.hidden_columns.extend(first..self.columns.min(limits.columns));
        }
    }

    /// Keeps what hangs on a row that stands at `number`.
    fn mark(
        &mut self,
        number: u32,
        merges: &[Range],
        notes: &[RawNote],
        meter: &mut Meter<'_>,
    ) -> Result<(), FileError> {
        let limits = meter.limits;
        for range in merges {
            if self.merges.len() >= limits.marks {
                return Err(FileError::TooLarge(Excess::Merges(limits.marks)));
            }
            let down = range.last_row - range.first_row;
            let last_row = number.saturating_add(down).min(limits.rows);
            self.merges.push(Range { first_row: number, last_row, ..*range });
        }
        for note in notes {
            let note = RawNote { row: number, ..note.clone() };
            meter.note(&note, self.notes.len() + 1)?;
            self.notes.push(note);
        }
        Ok(())
    }
}

fn seen(event: &Event<'_>, styles: &Styles) -> Seen {
    let element = match event {
        Event::Start(element) => element,
        Event::End(element) => {
            return match element.local_name().as_ref() {
                "table" => Seen::EndOfTable,
                "table-row-group" | "table-column-group" => Seen::EndOfGroup,
                _ => Seen::Nothing,
            };
        }
        _ => return Seen::Nothing,
    };
    let is_folded = || attribute(element, "display").as_deref() == Some("false");
    let times = |name| repetitions(attribute(element, name).as_deref());
    let is_hidden =
        || matches!(attribute(element, "visibility").as_deref(), Some("collapse" | "filter"));
    match element.local_name().as_ref() {
        "spreadsheet" => Seen::Spreadsheet,
        "table" => {
            let style = attribute(element, "style-name").unwrap_or_default();
            let hidden = is_folded() || styles.hides(&style);
            Seen::Table { name: attribute(element, "name").unwrap_or_default(), hidden }
        }
        "table-row-group" | "table-column-group" => Seen::Group { folded: is_folded() },
        "table-column" => {
            Seen::Column { times: times("number-columns-repeated"), hidden: is_hidden() }
        }
        "table-row" => Seen::Row { times: times("number-rows-repeated"), hidden: is_hidden() },
        // What was there before, what floats above, and what fills in: none of it is a row.
        "tracked-changes"
        | "shapes"
        | "forms"
        | "content-validations"
        | "named-expressions"
        | "database-ranges"
        | "data-pilot-tables"
        | "dde-links"
        | "table-source" => Seen::Aside,
        _ => Seen::Nothing,
    }
}

/// How often something stands there; a number beyond all numbers is many times.
fn repetitions(words: Option<&str>) -> u32 {
    let is_number = |words: &&str| !words.is_empty() && words.bytes().all(|b| b.is_ascii_digit());
    words.filter(is_number).map_or(1, |words| words.parse().unwrap_or(u32::MAX)).max(1)
}
