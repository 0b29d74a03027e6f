//! The cells of one sheet.

use std::collections::HashSet;

use tablee_domain::import::grid::{RawCell, RawRow};

use super::STREAM;
use super::compound::{u16_at, u32_at};
use super::formula;
use super::globals::{Bound, Globals};
use super::marks::Marks;
use super::records::{Record, Records, cut_off};
use crate::read::archive::damaged;
use crate::read::error::{Damage, FileError};
use crate::read::meter::Meter;
use crate::read::shown::Format;
use crate::read::values::{give, number_cell, odd_cell, truth_cell};
use crate::read::{Piece, Take, clean};

/// Reads a sheet and hands over its rows and what hangs on them.
pub(super) fn read(
    records: Records<'_>,
    bound: &Bound,
    globals: &Globals,
    meter: &mut Meter<'_>,
    take: Take<'_>,
) -> Result<(), FileError> {
    let mut reader = SheetReader {
        sheet: &bound.name,
        globals,
        meter,
        cells: Vec::new(),
        awaited: None,
        hidden_rows: HashSet::new(),
        hidden_columns: Vec::new(),
        marks: Marks::default(),
        plain: Format::default(),
    };
    reader.read(records)?;
    reader.hand_over(take)
}

/// A cell and the row that it stands in, from 1.
struct Placed {
    row: u32,
    cell: RawCell,
}

struct SheetReader<'r, 'l> {
    sheet: &'r str,
    globals: &'r Globals,
    meter: &'r mut Meter<'l>,
    /// In the order of the file, which is not always that of the rows.
    cells: Vec<Placed>,
    /// The formula whose text stands in a record to come.
    awaited: Option<(u32, RawCell)>,
    hidden_rows: HashSet<u32>,
    hidden_columns: Vec<u32>,
    marks: Marks,
    plain: Format,
}

impl SheetReader<'_, '_> {
    fn read(&mut self, mut records: Records<'_>) -> Result<(), FileError> {
        let begins = records.next()?.is_some_and(|record| record.kind == 0x0809);
        if !begins {
            return Err(damaged(STREAM, Damage::Missing));
        }
        // Charts on the sheet have records like cells; they are no cells of it.
        let mut depth = 1_usize;
        while let Some(record) = records.next()? {
            match record.kind {
                0x0809 => depth += 1,
                0x000a => depth -= 1,
                _ if depth == 1 => self.record(record)?,
                _ => {}
            }
            if depth == 0 {
                return Ok(());
            }
        }
        Err(cut_off())
    }

    fn record(&mut self, record: Record<'_>) -> Result<(), FileError> {
        match record.kind {
            // A number in full, and in short.
            0x0203 => {
                let number = record.f64(6)?;
                self.number(record, record.u16(2)?, record.u16(4)?, number)
            }
            0x027e => {
                let short = u32_at(record.data, 6).ok_or_else(cut_off)?;
                self.number(record, record.u16(2)?, record.u16(4)?, unpacked(short))
            }
            0x00bd => self.numbers(record),
            // A shared text, and texts of its own.
            0x00fd => {
                let at = u32_at(record.data, 6).ok_or_else(cut_off)? as usize;
                let text = self.globals.texts.get(at);
                let text = text.ok_or_else(|| damaged(self.sheet, Damage::MissingText))?;
                self.put(record, record.u16(2)?, RawCell::text(0, text.as_ref()))
            }
            0x0204 | 0x00d6 => {
                let text = record.from(6).text().ok_or_else(cut_off)?;
                self.put(record, record.u16(2)?, RawCell::text(0, clean(&text)))
            }
            0x0205 => {
                let [value, is_error] = *record.data.get(6..8).ok_or_else(cut_off)? else {
                    return Err(cut_off());
                };
                let cell =
                    if is_error == 0 { truth_cell(value != 0) } else { odd_cell(error(value)) };
                self.put(record, record.u16(2)?, cell)
            }
            0x0006 => self.formula(record),
            0x0207 => {
                let text = record.from(0).text().ok_or_else(cut_off)?;
                let Some((row, cell)) = self.awaited.take() else { return Ok(()) };
                let cell = RawCell { shown: clean(&text), ..cell };
                self.keep(row, cell)
            }
            // A row, and columns that look alike.
            0x0208 => {
                if record.u16(12)? & 0x20 != 0 {
                    self.hidden_rows.insert(u32::from(record.u16(0)?) + 1);
                }
                Ok(())
            }
            0x007d => {
                if record.u16(8)? & 1 != 0 {
                    let (first, last) = (u32::from(record.u16(0)?), u32::from(record.u16(2)?));
                    let last = last.min(self.meter.limits.columns - 1);
                    self.hidden_columns.extend(first..=last);
                    self.hidden_columns.truncate(self.meter.limits.columns as usize);
                }
                Ok(())
            }
            _ => self.marks.see(record, self.meter.limits),
        }
    }

    /// Several numbers side by side.
    fn numbers(&mut self, record: Record<'_>) -> Result<(), FileError> {
        let first = record.u16(2)?;
        let end = record.data.len().saturating_sub(2);
        for (column, raw) in
            (first..).zip(record.data.get(4..end).unwrap_or_default().chunks_exact(6))
        {
            let (style, short) = (u16_at(raw, 0), u32_at(raw, 2));
            let (Some(style), Some(short)) = (style, short) else { return Err(cut_off()) };
            self.number(record, column, style, unpacked(short))?;
        }
        Ok(())
    }

    /// A formula: its last value, and the address that it may lead to.
    fn formula(&mut self, record: Record<'_>) -> Result<(), FileError> {
        self.awaited = None;
        let (column, style) = (record.u16(2)?, record.u16(4)?);
        let tokens = record.data.get(22..22 + usize::from(record.u16(20)?));
        let link = tokens.and_then(formula::link).map(|link| clean(&link));
        let dressed = |cell| {
            let formula = link.as_ref().map(|link| format!("HYPERLINK(\"{link}\")"));
            RawCell { link: link.clone(), formula, ..cell }
        };
        let value = record.data.get(6..14).ok_or_else(cut_off)?;
        if value[6..] != [0xff, 0xff] {
            let number = record.f64(6)?;
            return self.put(record, column, dressed(self.shown(number, style)));
        }
        match value[0] {
            0 => {
                let row = u32::from(record.u16(0)?) + 1;
                let cell = RawCell { column: u32::from(column), ..RawCell::default() };
                self.awaited = Some((row, dressed(cell)));
                Ok(())
            }
            1 => self.put(record, column, dressed(truth_cell(value[2] != 0))),
            2 => self.put(record, column, dressed(odd_cell(error(value[2])))),
            _ => Ok(()),
        }
    }

    fn number(
        &mut self,
        record: Record<'_>,
        column: u16,
        style: u16,
        number: f64,
    ) -> Result<(), FileError> {
        let cell = self.shown(number, style);
        self.put(record, column, cell)
    }

    fn shown(&self, number: f64, style: u16) -> RawCell {
        let format = self.globals.format(style).unwrap_or(&self.plain);
        number_cell(number, format, self.globals.zero)
    }

    fn put(&mut self, record: Record<'_>, column: u16, cell: RawCell) -> Result<(), FileError> {
        let row = u32::from(record.u16(0)?) + 1;
        self.keep(row, RawCell { column: u32::from(column), ..cell })
    }

    fn keep(&mut self, row: u32, cell: RawCell) -> Result<(), FileError> {
        self.meter.walk()?;
        if !cell.is_empty() {
            self.meter.keep(self.sheet, row, &cell)?;
            self.cells.push(Placed { row, cell });
        }
        Ok(())
    }

    fn hand_over(mut self, take: Take<'_>) -> Result<(), FileError> {
        self.cells.sort_by_key(|placed| (placed.row, placed.cell.column));
        let mut row = RawRow::default();
        for Placed { row: number, mut cell } in self.cells {
            if number != row.number {
                give(&mut row, take)?;
                let hidden = self.hidden_rows.contains(&number);
                row = RawRow { number, hidden, cells: vec![] };
            }
            if cell.link.is_none()
                && let Some(link) = self.marks.links.at(number, cell.column)
            {
                self.meter.weigh(link.len())?;
                cell.link = Some(link.to_owned());
            }
            row.cells.push(cell);
        }
        give(&mut row, take)?;
        let notes = self.marks.notes(self.meter)?;
        let (merges, hidden_columns) = (self.marks.merges, self.hidden_columns);
        take(Piece::EndOfSheet { merges, notes, hidden_columns })
    }
}

/// A number in four bytes: the upper thirty bits of a double or a whole number, perhaps times hundred.
fn unpacked(short: u32) -> f64 {
    let number = if short & 2 == 0 {
        f64::from_bits(u64::from(short & 0xffff_fffc) << 32)
    } else {
        f64::from(short as i32 >> 2)
    };
    if short & 1 == 0 { number } else { number / 100.0 }
}

fn error(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        _ => "#ERROR!",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_the_same_numbers() {
        assert_eq!(unpacked(1_200 << 2 | 2).to_string(), "1200");
        assert_eq!(unpacked((250 << 2) | 3).to_string(), "2.5");
        assert_eq!(unpacked((-7_i32 << 2) as u32 | 2).to_string(), "-7");
        assert_eq!(unpacked((2.5_f64.to_bits() >> 32) as u32).to_string(), "2.5");
    }
}
