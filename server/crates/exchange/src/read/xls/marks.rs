//! What hangs on the cells of a sheet: links, notes, merges.

use std::collections::HashMap;

use encoding_rs::WINDOWS_1252;
use tablee_domain::import::grid::{Range, RawNote};

use super::compound::{u16_at, u32_at};
use super::records::{Record, cut_off};
use crate::Limits;
use crate::read::clean;
use crate::read::error::{Excess, FileError};
use crate::read::links::Links;
use crate::read::meter::Meter;

/// The marks of one sheet.
#[derive(Default)]
pub(super) struct Marks {
    pub links: Links,
    pub merges: Vec<Range>,
    /// The note that the next text belongs to, and the texts by note.
    open_note: Option<u16>,
    texts: HashMap<u16, String>,
    notes: Vec<(u32, u32, u16)>,
}

impl Marks {
    /// Looks at a record that is no cell.
    pub(super) fn see(&mut self, record: Record<'_>, limits: &Limits) -> Result<(), FileError> {
        match record.kind {
            0x00e5 => self.merge(record, limits)?,
            0x01b8 => {
                if let Some((range, target, location)) = hyperlink(record.data) {
                    self.links.hang(range, &target, location.as_deref(), limits)?;
                }
            }
            // A thing drawn on the sheet; those of kind 25 are notes.
            0x005d => {
                let is_note = u16_at(record.data, 4) == Some(25);
                self.open_note = u16_at(record.data, 6).filter(|_| is_note);
            }
            0x01b6 => {
                if let Some(id) = self.open_note.take() {
                    self.texts.insert(id, drawn_text(record).unwrap_or_default());
                }
            }
            0x001c => {
                if self.notes.len() >= limits.marks {
                    return Err(FileError::TooLarge(Excess::Notes(limits.marks)));
                }
                let (row, column, id) = (record.u16(0)?, record.u16(2)?, record.u16(6)?);
                self.notes.push((u32::from(row) + 1, u32::from(column), id));
            }
            _ => {}
        }
        Ok(())
    }

    /// The notes with their texts, by row and column.
    pub(super) fn notes(&mut self, meter: &mut Meter<'_>) -> Result<Vec<RawNote>, FileError> {
        let mut notes: Vec<RawNote> = Vec::new();
        self.notes.sort_unstable();
        for (row, column, id) in &self.notes {
            let text = self.texts.remove(id).unwrap_or_default();
            let text = clean(text.trim());
            if !text.is_empty() {
                let note = RawNote { row: *row, column: *column, text };
                meter.note(&note, notes.len() + 1)?;
                notes.push(note);
            }
        }
        Ok(notes)
    }

    fn merge(&mut self, record: Record<'_>, limits: &Limits) -> Result<(), FileError> {
        for raw in record.data.get(2..).unwrap_or_default().chunks_exact(8) {
            if self.merges.len() >= limits.marks {
                return Err(FileError::TooLarge(Excess::Merges(limits.marks)));
            }
            let range = range(raw).ok_or_else(cut_off)?;
            // Whole columns may be merged; nothing is read beyond our limits.
            let last_row = range.last_row.min(limits.rows);
            let last_column = range.last_column.min(limits.columns - 1);
            if range.first_row <= last_row && range.first_column <= last_column {
                self.merges.push(Range { last_row, last_column, ..range });
            }
        }
        Ok(())
    }
}

/// First and last row, first and last column.
fn range(raw: &[u8]) -> Option<Range> {
    let number = |at| u16_at(raw, at).map(u32::from);
    Some(Range {
        first_row: number(0)? + 1,
        last_row: number(2)? + 1,
        first_column: number(4)?,
        last_column: number(6)?,
    })
}

/// The text drawn in a note: how many letters, then the letters in the next record.
fn drawn_text(record: Record<'_>) -> Option<String> {
    let count = usize::from(u16_at(record.data, 10)?);
    let mut text = record.continued();
    let how = text.byte()?;
    text.letters(count, how)
}

/// The cells of a link, where it leads, and the place there.
fn hyperlink(data: &[u8]) -> Option<(Range, String, Option<String>)> {
    /// The name of the kind "address on the web".
    const WEB: [u8; 16] = *b"\xe0\xc9\xea\x79\xf9\xba\xce\x11\x8c\x82\x00\xaa\x00\x4b\xa9\x0b";

    let range = range(data)?;
    // After the cells: what kind of thing it is, its version, and what it has.
    let has = u32_at(data, 28)?;
    let mut rest = data.get(32..)?;
    for flag in [0x10, 0x80] {
        if has & flag != 0 {
            counted_letters(&mut rest)?;
        }
    }
    let mut target = String::new();
    if has & 0x101 == 0x101 {
        target = counted_letters(&mut rest)?;
    } else if has & 1 != 0 {
        let (kind, after) = rest.split_at_checked(16)?;
        rest = after;
        target = if kind == WEB { web_address(&mut rest)? } else { file_name(&mut rest)? };
    }
    let location = if has & 8 != 0 { counted_letters(&mut rest) } else { None };
    Some((range, clean(target.trim()), location.map(|it| clean(&it))))
}

/// How many letters, the letters, and one that ends them.
fn counted_letters(rest: &mut &[u8]) -> Option<String> {
    let size = (u32_at(rest, 0)? as usize).checked_mul(2)?;
    let (letters, after) = rest.get(4..)?.split_at_checked(size)?;
    *rest = after;
    Some(wide(letters))
}

/// How many bytes, the letters, one that ends them, and things that nobody needs.
fn web_address(rest: &mut &[u8]) -> Option<String> {
    let size = u32_at(rest, 0)? as usize;
    let (letters, after) = rest.get(4..)?.split_at_checked(size)?;
    *rest = after;
    Some(wide(letters))
}

/// The name of a file, short and long.
fn file_name(rest: &mut &[u8]) -> Option<String> {
    let size = u32_at(rest, 2)? as usize;
    let (short, after) = rest.get(6..)?.split_at_checked(size)?;
    let long_size = u32_at(after, 24)? as usize;
    let (long, after) = after.get(28..)?.split_at_checked(long_size)?;
    *rest = after;
    match long.get(6..) {
        Some(long) if !long.is_empty() => Some(wide(long)),
        _ => {
            let short = short.split(|byte| *byte == 0).next().unwrap_or_default();
            Some(WINDOWS_1252.decode_without_bom_handling(short).0.into_owned())
        }
    }
}

fn wide(letters: &[u8]) -> String {
    let units = letters.as_chunks().0.iter().copied().map(u16::from_le_bytes);
    let units: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
    String::from_utf16_lossy(&units)
}
