//! The file system inside files of old Office: streams by name, in chains of sectors.
//!
//! Each chain takes at most as many steps as the file has sectors, so nothing read from it is ever larger
//! than the file.

use crate::read::archive::damaged;
use crate::read::error::{Damage, FileError};

/// A file of old Office.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// By sector, the next one of its chain.
    next: Vec<u32>,
    next_small: Vec<u32>,
    /// Where small streams stand, in sectors of 64 bytes.
    small: Vec<u8>,
    /// Streams shorter than this stand there.
    cutoff: usize,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    size: usize,
}

const SMALL: usize = 64;
/// Ends a chain; above it are sectors without any content.
const LAST_SECTOR: u32 = 0xffff_fffa;
/// The kinds of entries that hold bytes.
const STREAM: u8 = 2;
const ROOT: u8 = 5;

impl<'a> Compound<'a> {
    /// Reads the tables of the file.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, FileError> {
        Self::tables(bytes).ok_or_else(|| damaged("archive", Damage::Archive))
    }

    /// Whether there is a stream of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The bytes of a stream, if there is one of this name.
    pub(super) fn stream(&self, name: &str) -> Option<Result<Vec<u8>, FileError>> {
        let entry = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
        let bytes = if entry.size < self.cutoff {
            chain(entry.start, entry.size, &self.next_small, |at| slice(&self.small, at, SMALL))
        } else {
            self.chain(entry.start, entry.size)
        };
        Some(bytes.ok_or_else(|| damaged(name, Damage::Archive)))
    }

    fn tables(bytes: &'a [u8]) -> Option<Self> {
        let sector = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4_096,
            _ => return None,
        };
        let count = bytes.len() / sector;
        let next = words(&fat_sectors(bytes, sector, count)?, bytes, sector)?;
        let cutoff = u32_at(bytes, 56)? as usize;
        let mut compound = Self {
            bytes,
            sector,
            next,
            next_small: Vec::new(),
            small: Vec::new(),
            cutoff,
            entries: Vec::new(),
        };
        let directory = compound.chain(u32_at(bytes, 48)?, usize::MAX)?;
        let mut root = None;
        for raw in directory.chunks_exact(128) {
            let entry = Entry::read(raw, sector)?;
            match raw[66] {
                ROOT => root = Some(entry),
                STREAM => compound.entries.push(entry),
                _ => {}
            }
        }
        let small_tables = u32_at(bytes, 64)? as usize;
        if let (Some(root), 1..) = (root, small_tables) {
            compound.small = compound.chain(root.start, root.size)?;
            let table = compound.chain(u32_at(bytes, 60)?, small_tables.saturating_mul(sector))?;
            compound.next_small =
                table.as_chunks().0.iter().copied().map(u32::from_le_bytes).collect();
        }
        Some(compound)
    }

    fn chain(&self, start: u32, size: usize) -> Option<Vec<u8>> {
        chain(start, size, &self.next, |at| sector_at(self.bytes, at, self.sector))
    }
}

impl Entry {
    fn read(raw: &[u8], sector: usize) -> Option<Self> {
        let letters = usize::from(u16_at(raw, 64)?).min(64) / 2;
        let units: Vec<u16> = (0..letters)
            .filter_map(|at| u16_at(raw, 2 * at))
            .take_while(|unit| *unit != 0)
            .collect();
        // Small sectors belong to files below 4 GiB, whose upper half may be garbage.
        let low = u64::from(u32_at(raw, 120)?);
        let high = if sector == 512 { 0 } else { u64::from(u32_at(raw, 124)?) };
        let size = usize::try_from(low | high << 32).ok()?;
        Some(Self { name: String::from_utf16_lossy(&units), start: u32_at(raw, 116)?, size })
    }
}

/// The sectors that hold the table of chains: the first 109 stand in the header.
fn fat_sectors(bytes: &[u8], sector: usize, count: usize) -> Option<Vec<u32>> {
    let of = |raw: &[u8]| -> Vec<u32> {
        let all = raw.as_chunks().0.iter().copied().map(u32::from_le_bytes);
        all.filter(|id| *id < LAST_SECTOR).collect()
    };
    let mut sectors = of(bytes.get(76..512)?);
    let mut list = u32_at(bytes, 68)?;
    for _ in 0..=count {
        if list >= LAST_SECTOR || sectors.len() > count {
            break;
        }
        let raw = sector_at(bytes, list, sector)?;
        let (ids, last) = raw.split_at_checked(sector - 4)?;
        sectors.extend(of(ids));
        list = u32_at(last, 0)?;
    }
    sectors.truncate(count);
    Some(sectors)
}

fn words(sectors: &[u32], bytes: &[u8], sector: usize) -> Option<Vec<u32>> {
    let mut words = Vec::new();
    for id in sectors {
        let raw = sector_at(bytes, *id, sector)?;
        words.extend(raw.as_chunks().0.iter().copied().map(u32::from_le_bytes));
    }
    Some(words)
}

/// What stands in a chain of sectors, up to `size` bytes.
fn chain<'b>(
    start: u32,
    size: usize,
    next: &[u32],
    sector: impl Fn(u32) -> Option<&'b [u8]>,
) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    let mut at = start;
    for _ in 0..=next.len() {
        if at >= LAST_SECTOR || content.len() >= size {
            content.truncate(size);
            return Some(content);
        }
        content.extend_from_slice(sector(at)?);
        at = *next.get(at as usize)?;
    }
    // It goes in circles.
    None
}

/// A sector of the file; the last may end early.
fn sector_at(bytes: &[u8], at: u32, size: usize) -> Option<&[u8]> {
    slice(bytes, at.checked_add(1)?, size)
}

fn slice(bytes: &[u8], at: u32, size: usize) -> Option<&[u8]> {
    let from = (at as usize).checked_mul(size)?;
    let rest = bytes.get(from..).filter(|rest| !rest.is_empty())?;
    Some(&rest[..rest.len().min(size)])
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
