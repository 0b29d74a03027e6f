//! The records of the stream, and the texts in them, which may go on in the next record.

use encoding_rs::WINDOWS_1252;

use super::STREAM;
use super::compound::u16_at;
use crate::read::archive::damaged;
use crate::read::error::{Damage, FileError};

/// Goes on where the record before it had no room left.
const CONTINUE: u16 = 0x003c;

/// The records of a stream, each with those that continue it.
pub(super) struct Records<'s> {
    rest: &'s [u8],
}

/// One record.
#[derive(Clone, Copy)]
pub(super) struct Record<'s> {
    pub kind: u16,
    pub data: &'s [u8],
    /// The records that continue it, as they stand.
    more: &'s [u8],
}

impl<'s> Records<'s> {
    pub(super) fn new(stream: &'s [u8]) -> Self {
        Self { rest: stream }
    }

    /// The next record; none where the stream ends.
    pub(super) fn next(&mut self) -> Result<Option<Record<'s>>, FileError> {
        if self.rest.len() < 4 {
            return Ok(None);
        }
        let (kind, data, mut rest) = split(self.rest).ok_or_else(cut_off)?;
        let after = rest;
        while let Some((CONTINUE, _, further)) = split(rest) {
            rest = further;
        }
        self.rest = rest;
        Ok(Some(Record { kind, data, more: &after[..after.len() - rest.len()] }))
    }
}

/// A record ends before it should.
pub(super) fn cut_off() -> FileError {
    damaged(STREAM, Damage::CutOff)
}

fn split(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (kind, size) = (u16_at(bytes, 0)?, usize::from(u16_at(bytes, 2)?));
    let (data, rest) = bytes.get(4..)?.split_at_checked(size)?;
    Some((kind, data, rest))
}

impl<'s> Record<'s> {
    /// Its bytes from `at` on, one after another.
    pub(super) fn from(self, at: usize) -> Segments<'s> {
        Segments { now: self.data.get(at..).unwrap_or_default(), more: self.more }
    }

    /// The bytes of the records that continue it.
    pub(super) fn continued(self) -> Segments<'s> {
        Segments { now: &[], more: self.more }
    }

    pub(super) fn u16(self, at: usize) -> Result<u16, FileError> {
        u16_at(self.data, at).ok_or_else(cut_off)
    }

    /// Its eight bytes from `at` on, as a number.
    pub(super) fn f64(self, at: usize) -> Result<f64, FileError> {
        let bytes = self.data.get(at..).and_then(|rest| rest.first_chunk());
        bytes.map(|bytes| f64::from_le_bytes(*bytes)).ok_or_else(cut_off)
    }
}

/// The bytes of a record and of those that continue it.
#[derive(Clone, Copy)]
pub(super) struct Segments<'s> {
    now: &'s [u8],
    more: &'s [u8],
}

impl<'s> Segments<'s> {
    /// These bytes alone.
    pub(super) fn of(bytes: &'s [u8]) -> Self {
        Self { now: bytes, more: &[] }
    }

    fn fill(&mut self) -> Option<()> {
        while self.now.is_empty() {
            let (_, data, more) = split(self.more)?;
            (self.now, self.more) = (data, more);
        }
        Some(())
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.fill()?;
        let (first, rest) = self.now.split_first()?;
        self.now = rest;
        Some(*first)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    pub(super) fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            self.fill()?;
            let here = count.min(self.now.len());
            self.now = &self.now[here..];
            count -= here;
        }
        Some(())
    }

    /// A text of so many letters, which the byte `how` says how to read. Where it goes on in another record,
    /// that says anew.
    pub(super) fn letters(&mut self, count: usize, mut how: u8) -> Option<String> {
        let mut text = String::new();
        let mut units = Vec::new();
        let mut left = count;
        while left > 0 {
            if self.now.is_empty() {
                how = self.byte()?;
            }
            if how & 1 == 0 {
                let (here, rest) = self.now.split_at(left.min(self.now.len()));
                settle(&mut text, &mut units);
                // One byte a letter: the lower half of Unicode. What are control characters there is what
                // careless writers took from Windows.
                text.push_str(&WINDOWS_1252.decode_without_bom_handling(here).0);
                (self.now, left) = (rest, left - here.len());
            } else {
                let (pairs, odd) = self.now.as_chunks::<2>();
                let here = left.min(pairs.len());
                units.extend(pairs[..here].iter().copied().map(u16::from_le_bytes));
                left -= here;
                // Half a letter cannot go on elsewhere.
                let rest = if left > 0 { &[] } else { &self.now[here * 2..] };
                let is_stuck = here == 0 && !odd.is_empty() && self.more.is_empty();
                self.now = rest;
                if is_stuck {
                    return None;
                }
            }
        }
        settle(&mut text, &mut units);
        Some(text)
    }

    /// A text that begins with its length in two bytes and how to read it.
    pub(super) fn text(&mut self) -> Option<String> {
        let count = usize::from(self.u16()?);
        let how = self.byte()?;
        self.letters(count, how)
    }

    /// A text with formatted stretches and other things behind it, as shared texts are kept.
    pub(super) fn rich_text(&mut self) -> Option<String> {
        let count = usize::from(self.u16()?);
        let how = self.byte()?;
        let stretches = if how & 8 != 0 { usize::from(self.u16()?) } else { 0 };
        let beside = if how & 4 != 0 { self.u32()? as usize } else { 0 };
        let text = self.letters(count, how)?;
        // A file cut off behind the last letter has still said it.
        let _ = self.skip(stretches * 4).and_then(|()| self.skip(beside));
        Some(text)
    }
}

fn settle(text: &mut String, units: &mut Vec<u16>) {
    if !units.is_empty() {
        text.push_str(&String::from_utf16_lossy(units));
        units.clear();
    }
}
