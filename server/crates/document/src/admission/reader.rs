//! Reads the bytes of a v1 update into blocks and deletions, with a limit on everything.

use std::ops::Range;

use super::Limits;
use super::Refusal::{self, Malformed, Missing, Shape, TooLarge};
use super::decode::{Bytes, without_nul};
use crate::layout;

/// The name of one inserted element: its writer and how many that writer inserted before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id {
    pub(crate) writer: u64,
    pub(crate) clock: u32,
}

/// The roots of a table's document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    Rows,
    Columns,
    Meta,
}

/// Where a block says it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parent {
    /// Where its neighbours stand; garbage has none, and stands nowhere.
    OfNeighbours,
    /// In a root.
    Root(Root),
    /// In the map or text that this element made.
    Element(Id),
}

/// What a block holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content<'u> {
    /// Collected with its parent: nothing is known of it.
    Garbage,
    /// Deleted before it was sent.
    Deleted,
    /// Letters of a text.
    Letters(&'u str),
    /// The bytes of plain values; of the last one, if there are several.
    Values { count: u32, last: &'u [u8] },
    /// A map: a row.
    Map,
    /// A text.
    Text,
}

/// Consecutive elements of one writer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Block<'u> {
    pub(crate) clock: u32,
    pub(crate) len: u32,
    pub(crate) left: Option<Id>,
    pub(crate) right: Option<Id>,
    pub(crate) parent: Parent,
    pub(crate) key: Option<&'u str>,
    pub(crate) content: Content<'u>,
}

impl Block<'_> {
    pub(crate) fn end(&self) -> u32 {
        self.clock + self.len
    }
}

/// The blocks of one writer, without gaps.
pub(crate) struct Section<'u> {
    pub(crate) writer: u64,
    pub(crate) blocks: Vec<Block<'u>>,
}

/// An update as its bytes say it. Nothing in it was compared with a document yet.
pub(crate) struct Parsed<'u> {
    /// Sorted by writer, none twice.
    pub(crate) sections: Vec<Section<'u>>,
    /// Sorted by writer, none twice; ranges sorted and apart.
    pub(crate) deletions: Vec<Deletions>,
}

/// A writer and the ranges of its elements that are deleted.
pub(crate) type Deletions = (u64, Vec<Range<u32>>);

impl Parsed<'_> {
    /// Whether the update itself deletes this element.
    pub(crate) fn deletes(&self, id: Id) -> bool {
        let Ok(at) = self.deletions.binary_search_by_key(&id.writer, |(writer, _)| *writer) else {
            return false;
        };
        let ranges = &self.deletions[at].1;
        let at = ranges.partition_point(|range| range.end <= id.clock);
        ranges.get(at).is_some_and(|range| range.start <= id.clock)
    }

    /// How many elements of a range the update itself deletes.
    pub(crate) fn deleted_in(&self, writer: u64, range: &Range<u32>) -> u32 {
        let Ok(at) = self.deletions.binary_search_by_key(&writer, |(writer, _)| *writer) else {
            return 0;
        };
        let ranges = &self.deletions[at].1;
        let from = ranges.partition_point(|gone| gone.end <= range.start);
        ranges[from..]
            .iter()
            .take_while(|gone| gone.start < range.end)
            .map(|gone| gone.end.min(range.end) - gone.start.max(range.start))
            .sum()
    }
}

/// Clocks stay below this: the engines count in 32 bits, signed in places.
const MAX_CLOCK: u32 = 1 << 31;

const GARBAGE: u8 = 0;
const SKIP: u8 = 10;
const HAS_LEFT: u8 = 0x80;
const HAS_RIGHT: u8 = 0x40;
const HAS_KEY: u8 = 0x20;
const UNUSED: u8 = 0x10;

/// Reads an update, all of it, or says why not.
pub(crate) fn read<'u>(update: &'u [u8], limits: &Limits) -> Result<Parsed<'u>, Refusal> {
    if update.len() > limits.bytes {
        return Err(TooLarge("bytes"));
    }
    let mut bytes = Bytes::new(update);
    let sections = read_sections(&mut bytes, limits)?;
    let deletions = read_deletions(&mut bytes, limits)?;
    if bytes.left() > 0 {
        return Err(Malformed("bytes after the end"));
    }
    Ok(Parsed { sections, deletions })
}

fn read_sections<'u>(bytes: &mut Bytes<'u>, limits: &Limits) -> Result<Vec<Section<'u>>, Refusal> {
    let writers = bytes.count(limits.writers, "writers")?;
    let mut budget = limits.blocks;
    let mut sections = Vec::with_capacity(writers);
    for _ in 0..writers {
        let count = bytes.count(budget, "blocks")?;
        if count == 0 {
            // The engine steps over empty sections by recursion: enough of them end the process.
            return Err(Malformed("section without blocks"));
        }
        budget -= count;
        let writer = bytes.integer()?;
        let mut clock = bytes.small()?;
        let mut blocks = Vec::with_capacity(count.min(1 + bytes.left() / 2));
        for _ in 0..count {
            let block = read_block(bytes, clock, limits)?;
            clock = clock
                .checked_add(block.len)
                .filter(|end| *end < MAX_CLOCK)
                .ok_or(Malformed("clock over 31 bits"))?;
            blocks.push(block);
        }
        sections.push(Section { writer, blocks });
    }
    sections.sort_by_key(|section| section.writer);
    if sections.windows(2).any(|pair| pair[0].writer == pair[1].writer) {
        return Err(Malformed("writer listed twice"));
    }
    Ok(sections)
}

fn read_block<'u>(
    bytes: &mut Bytes<'u>,
    clock: u32,
    limits: &Limits,
) -> Result<Block<'u>, Refusal> {
    let info = bytes.byte()?;
    let mut block = Block {
        clock,
        len: 1,
        left: None,
        right: None,
        parent: Parent::OfNeighbours,
        key: None,
        content: Content::Garbage,
    };
    if info == GARBAGE {
        block.len = bytes.small()?;
    } else if info == SKIP {
        // A hole in a writer's history: ask for the whole.
        return Err(Missing);
    } else if info & UNUSED != 0 {
        return Err(Malformed("unknown kind of block"));
    } else {
        read_place(bytes, info, limits, &mut block)?;
        (block.content, block.len) = read_content(bytes, info & 0x0f, limits)?;
    }
    if block.len == 0 { Err(Malformed("empty block")) } else { Ok(block) }
}

fn read_place<'u>(
    bytes: &mut Bytes<'u>,
    info: u8,
    limits: &Limits,
    block: &mut Block<'u>,
) -> Result<(), Refusal> {
    if info & HAS_LEFT != 0 {
        block.left = Some(read_id(bytes)?);
    }
    if info & HAS_RIGHT != 0 {
        block.right = Some(read_id(bytes)?);
    }
    if info & (HAS_LEFT | HAS_RIGHT) != 0 {
        return Ok(());
    }
    block.parent = match bytes.small()? {
        0 => Parent::Element(read_id(bytes)?),
        1 => Parent::Root(match bytes.text()? {
            layout::ROWS => Root::Rows,
            layout::COLUMNS => Root::Columns,
            layout::META => Root::Meta,
            _ => return Err(Shape("unknown root")),
        }),
        _ => return Err(Malformed("unknown kind of parent")),
    };
    if info & HAS_KEY != 0 {
        let key = bytes.text()?;
        if key.len() > limits.key {
            return Err(TooLarge("key"));
        }
        block.key = Some(key);
    }
    Ok(())
}

fn read_content<'u>(
    bytes: &mut Bytes<'u>,
    kind: u8,
    limits: &Limits,
) -> Result<(Content<'u>, u32), Refusal> {
    match kind {
        1 => Ok((Content::Deleted, bytes.small()?)),
        4 => {
            let letters = without_nul(bytes.text()?)?;
            Ok((Content::Letters(letters), crate::text::units(letters)))
        }
        7 => match bytes.byte()? {
            1 => Ok((Content::Map, 1)),
            2 => Ok((Content::Text, 1)),
            _ => Err(Shape("kind of shared type")),
        },
        8 => {
            let count = bytes.count(limits.blocks, "values")? as u32;
            let mut last: &[u8] = &[];
            for _ in 0..count {
                last = bytes.value()?;
            }
            Ok((Content::Values { count, last }, count))
        }
        5 | 6 => Err(Shape("formatted text")),
        2 | 3 | 9 => Err(Shape("kind of content")),
        _ => Err(Malformed("unknown kind of content")),
    }
}

fn read_id(bytes: &mut Bytes<'_>) -> Result<Id, Refusal> {
    Ok(Id { writer: bytes.integer()?, clock: bytes.small()? })
}

fn read_deletions(bytes: &mut Bytes<'_>, limits: &Limits) -> Result<Vec<Deletions>, Refusal> {
    let writers = bytes.count(limits.writers, "writers of deletions")?;
    let mut budget = limits.deletions;
    let mut deletions = Vec::with_capacity(writers);
    for _ in 0..writers {
        let writer = bytes.integer()?;
        let count = bytes.count(budget, "deletions")?;
        budget -= count;
        let mut ranges = Vec::with_capacity(count);
        for _ in 0..count {
            let start = bytes.small()?;
            let len = bytes.small()?;
            if len == 0 {
                // The engine keeps an empty range beyond the known clocks for ever.
                return Err(Malformed("empty deletion"));
            }
            let end = start.checked_add(len).filter(|end| *end < MAX_CLOCK);
            ranges.push(start..end.ok_or(Malformed("clock over 31 bits"))?);
        }
        deletions.push((writer, joined(ranges)));
    }
    deletions.sort_by_key(|(writer, _)| *writer);
    if deletions.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(Malformed("writer listed twice"));
    }
    Ok(deletions)
}

/// Sorts ranges and joins those that touch.
fn joined(mut ranges: Vec<Range<u32>>) -> Vec<Range<u32>> {
    if ranges.windows(2).all(|pair| pair[0].end < pair[1].start) {
        return ranges;
    }
    ranges.sort_by_key(|range| range.start);
    let mut apart: Vec<Range<u32>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

/// Reads a state vector: writers and the clocks up to which somebody has their elements.
pub(crate) fn read_state_vector(
    state_vector: &[u8],
    limits: &Limits,
) -> Result<Vec<(u64, u32)>, Refusal> {
    let mut bytes = Bytes::new(state_vector);
    let count = bytes.count(limits.writers, "writers")?;
    let mut clocks = Vec::with_capacity(count);
    for _ in 0..count {
        clocks.push((bytes.integer()?, bytes.small()?));
    }
    if bytes.left() > 0 { Err(Malformed("bytes after the end")) } else { Ok(clocks) }
}
