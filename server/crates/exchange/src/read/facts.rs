//! What a sheet says beside its values: what is hidden, merged, linked, computed, and what is wrong.
//!
//! It is read before the values are, and refuses what their reader must not see: addresses that no
//! spreadsheet has, and more cells than we take.

use std::collections::{HashMap, HashSet};

use quick_xml::events::{BytesStart, Event};
use tablee_domain::import::grid::Range;

use super::archive::Archive;
use super::error::{Damage, Excess, FileError};
use super::links::Links;
use super::meter::Meter;
use super::workbook::{Relations, Sheet};
use super::xml::{Xml, attribute, is_set};

/// Where a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Address {
    /// From 1.
    pub row: u32,
    /// From 0.
    pub column: u32,
}

/// The last row and the number of columns that the format knows.
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// What a sheet says beside its values.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub hidden_rows: HashSet<u32>,
    pub hidden_columns: Vec<u32>,
    pub merges: Vec<Range>,
    pub formulas: HashMap<Address, String>,
    /// Errors, and values that are none, by the place of the cell in the part.
    pub odd: HashMap<usize, (Address, String)>,
    pub links: Links,
}

/// Reads a sheet for its facts.
pub(super) fn facts(
    archive: &mut Archive<'_>,
    sheet: &Sheet,
    relations: &Relations,
    meter: &mut Meter<'_>,
) -> Result<Facts, FileError> {
    let xml = Xml::open(archive, &sheet.part)?;
    let facts = Facts::default();
    let mut reader = FactReader { xml, sheet, meter, facts, row: 0, column: 0, place: 0 };
    reader.read(relations)?;
    Ok(reader.facts)
}

struct FactReader<'r, 'l, 'z, 'a> {
    xml: Xml<'z, 'a>,
    sheet: &'r Sheet,
    meter: &'r mut Meter<'l>,
    facts: Facts,
    /// Where the next cell without an address stands: the row and the column from 0.
    row: u32,
    column: u32,
    /// Cells of this sheet so far.
    place: usize,
}

/// What the start of an element asks for; owned, so that reading can go on.
enum Seen {
    Column { first: u32, last: u32 },
    Row { number: Option<String>, hidden: bool },
    EndOfRow,
    Cell { at: Option<String>, kind: Option<String> },
    Merge(Option<Range>),
    Link { range: Option<Range>, id: Option<String>, location: Option<String> },
    Dimension(Option<String>),
    Nothing,
}

impl FactReader<'_, '_, '_, '_> {
    fn read(&mut self, relations: &Relations) -> Result<(), FileError> {
        let mut is_sheet = false;
        while let Some(event) = self.xml.next()? {
            let seen = match event {
                Event::Start(element) => {
                    is_sheet |= element.local_name().as_ref() == "sheetData";
                    seen(&element)
                }
                Event::End(element) if element.local_name().as_ref() == "row" => Seen::EndOfRow,
                _ => Seen::Nothing,
            };
            self.note(seen, relations)?;
        }
        if is_sheet { Ok(()) } else { Err(self.xml.damage(Damage::Xml)) }
    }

    fn note(&mut self, seen: Seen, relations: &Relations) -> Result<(), FileError> {
        match seen {
            Seen::Column { first, last } => {
                self.facts.hidden_columns.extend(first..last.min(self.meter.limits.columns));
                self.facts.hidden_columns.truncate(self.meter.limits.columns as usize);
            }
            Seen::Row { number, hidden } => self.row(number.as_deref(), hidden)?,
            Seen::EndOfRow => (self.row, self.column) = (self.row.saturating_add(1), 0),
            Seen::Cell { at, kind } => self.cell(at.as_deref(), kind.as_deref())?,
            Seen::Merge(Some(range)) => self.merge(range)?,
            Seen::Link { range: Some(range), id, location } => {
                let target = id.and_then(|id| relations.get(&id)).map(|it| it.target.as_str());
                let location = location.as_deref();
                let target = target.unwrap_or_default();
                self.facts.links.hang(range, target, location, self.meter.limits)?;
            }
            Seen::Dimension(Some(words)) if Range::parse(&words).is_none() => {
                return Err(self.xml.damage(Damage::Address));
            }
            _ => {}
        }
        Ok(())
    }

    fn row(&mut self, number: Option<&str>, hidden: bool) -> Result<(), FileError> {
        if let Some(number) = number {
            let number: u32 = number.parse().map_err(|_| self.xml.damage(Damage::Address))?;
            if number == 0 || number > ROWS {
                return Err(self.xml.damage(Damage::Address));
            }
            self.row = number - 1;
        }
        if hidden && self.row < self.meter.limits.rows {
            self.facts.hidden_rows.insert(self.row + 1);
        }
        Ok(())
    }

    fn cell(&mut self, at: Option<&str>, kind: Option<&str>) -> Result<(), FileError> {
        let at = match at {
            Some(words) => Address::parse(words),
            None => Address::within(self.row.saturating_add(1), self.column),
        };
        let Some(at) = at else { return Err(self.xml.damage(Damage::Address)) };
        self.column = at.column + 1;
        let place = self.place;
        self.place += 1;
        self.meter.walk()?;
        let (has_content, odd) = self.content(at, kind)?;
        if has_content {
            self.meter.place(&self.sheet.name, at.row, at.column)?;
        }
        if let Some(words) = odd {
            self.facts.odd.insert(place, (at, words));
        }
        Ok(())
    }

    /// Reads a cell to its end: whether there is something in it, and the words of a value that is none.
    fn content(
        &mut self,
        at: Address,
        kind: Option<&str>,
    ) -> Result<(bool, Option<String>), FileError> {
        let (mut has_content, mut odd) = (false, None);
        loop {
            let name = match self.xml.next()? {
                Some(Event::Start(element)) => element.local_name().as_ref().to_owned(),
                Some(Event::End(element)) if element.local_name().as_ref() == "c" => {
                    return Ok((has_content, odd));
                }
                Some(_) => continue,
                None => return Err(self.xml.damage(Damage::Xml)),
            };
            match name.as_str() {
                "f" => {
                    let formula = self.xml.text("f", self.meter.limits.cell_bytes)?;
                    has_content = true;
                    if !formula.is_empty() {
                        self.facts.formulas.insert(at, formula);
                    }
                }
                "v" => {
                    let value = self.xml.text("v", self.meter.limits.cell_bytes)?;
                    has_content |= !value.is_empty();
                    if is_odd(kind, &value) {
                        odd = Some(value.chars().take(64).collect());
                    }
                }
                "is" => {
                    has_content = true;
                    self.xml.text("is", 0)?;
                }
                _ => return Err(self.xml.damage(Damage::Xml)),
            }
        }
    }

    fn merge(&mut self, range: Range) -> Result<(), FileError> {
        if self.facts.merges.len() >= self.meter.limits.marks {
            return Err(FileError::TooLarge(Excess::Merges(self.meter.limits.marks)));
        }
        // Whole columns may be merged; nothing is read beyond our limits.
        let last_row = range.last_row.min(self.meter.limits.rows);
        let last_column = range.last_column.min(self.meter.limits.columns - 1);
        if range.first_row <= last_row && range.first_column <= last_column {
            self.facts.merges.push(Range { last_row, last_column, ..range });
        }
        Ok(())
    }
}

fn seen(element: &BytesStart<'_>) -> Seen {
    let range = || attribute(element, "ref").and_then(|words| Range::parse(&words));
    match element.local_name().as_ref() {
        "col" if is_set(element, "hidden") => {
            let number =
                |name| attribute(element, name).and_then(|words| words.parse::<u32>().ok());
            match (number("min"), number("max")) {
                (Some(first @ 1..), Some(last)) => Seen::Column { first: first - 1, last },
                _ => Seen::Nothing,
            }
        }
        "row" => Seen::Row { number: attribute(element, "r"), hidden: is_set(element, "hidden") },
        "c" => Seen::Cell { at: attribute(element, "r"), kind: attribute(element, "t") },
        "mergeCell" => Seen::Merge(range()),
        "hyperlink" => Seen::Link {
            range: range(),
            id: attribute(element, "id"),
            location: attribute(element, "location"),
        },
        "dimension" => Seen::Dimension(Some(attribute(element, "ref").unwrap_or_default())),
        _ => Seen::Nothing,
    }
}

/// Whether a value is an error, or not of its kind. One odd cell must not cost the whole file.
fn is_odd(kind: Option<&str>, value: &str) -> bool {
    match kind {
        Some("n") => !value.is_empty() && value.parse::<f64>().is_err(),
        Some("b") => !matches!(value, "0" | "1" | "true" | "false"),
        Some("s" | "str" | "d" | "inlineStr" | "is") | None => false,
        // Errors (`e`), and kinds that nobody knows.
        Some(_) => true,
    }
}

impl Address {
    fn within(row: u32, column: u32) -> Option<Self> {
        ((1..=ROWS).contains(&row) && column < COLUMNS).then_some(Self { row, column })
    }

    /// `B7`.
    pub(super) fn parse(words: &str) -> Option<Self> {
        let letters = words.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (letters, digits) = words.split_at(letters);
        if !(1..=3).contains(&letters.len()) || !(1..=7).contains(&digits.len()) {
            return None;
        }
        let column = letters.bytes().fold(0, |column, letter| {
            column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1
        });
        if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        Self::within(digits.parse().ok()?, column - 1)
    }
}

/// Reading ranges as sheets write them.
trait ParseRange: Sized {
    fn parse(words: &str) -> Option<Self>;
}

impl ParseRange for Range {
    /// `A1:B2`, or `A1` alone; the first corner above and left of the last.
    fn parse(words: &str) -> Option<Self> {
        let (first, last) = words.split_once(':').unwrap_or((words, words));
        let (first, last) = (Address::parse(first)?, Address::parse(last)?);
        let is_proper = first.row <= last.row && first.column <= last.column;
        is_proper.then_some(Self {
            first_row: first.row,
            first_column: first.column,
            last_row: last.row,
            last_column: last.column,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_a_spreadsheet_has() {
        assert_eq!(Address::parse("A1"), Some(Address { row: 1, column: 0 }));
        assert_eq!(Address::parse("XFD1048576"), Some(Address { row: ROWS, column: COLUMNS - 1 }));
        for wrong in ["", "A", "1", "A0", "XFE1", "A1048577", "ZZZZ1", "A+1", "é1", "A1é", "$A$1"]
        {
            assert_eq!(Address::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_range_has_its_first_corner_first() {
        assert!(Range::parse("A1:B2").is_some_and(|range| range.holds(2, 1)));
        assert!(Range::parse("B2").is_some_and(|range| range.holds(2, 1) && !range.holds(1, 1)));
        assert!(Range::parse("B2:A1").is_none());
    }
}
