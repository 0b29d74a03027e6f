//! Finds the place of each new block of an update, in the order in which they depend on each other.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use tablee_domain::ids::RowId;

use super::Refusal::{self, Malformed, Missing, Shape};
use super::index::{Index, Key, Kind, Segment, Spot, push_segment, segment_at};
use super::landing::Run;
use super::reader::{Block, Content, Id, Parent, Parsed, Root};

/// What an index learns from an update.
#[derive(Debug, Default)]
pub(crate) struct Additions {
    /// New elements by writer, in the order of their clocks.
    pub(crate) segments: Vec<(u64, Vec<Segment>)>,
    /// New rows, numbered on from those known.
    pub(crate) rows: Vec<RowId>,
    /// New keys, numbered on from those known.
    pub(crate) keys: Vec<Key>,
    /// Entries made for rows.
    pub(crate) entries: Vec<(u32, Id)>,
    /// Texts made.
    pub(crate) texts: Vec<(Spot, Id)>,
    /// New blocks under keys of rows.
    pub(crate) runs: Vec<Run>,
}

impl Additions {
    pub(crate) fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Whether columns or slots changed.
    pub(crate) fn touch_frame(&self) -> bool {
        let all = self.segments.iter().flat_map(|(_, segments)| segments);
        all.into_iter().any(|segment| segment.spot.is_servers())
    }
}

/// A new block, or the new part of one, in its place.
pub(crate) struct Placed<'p, 'u> {
    pub(crate) writer: u64,
    pub(crate) start: u32,
    pub(crate) spot: Spot,
    pub(crate) kind: Kind,
    pub(crate) block: &'p Block<'u>,
}

impl Placed<'_, '_> {
    /// Its last element.
    pub(crate) fn last(&self) -> Id {
        Id { writer: self.writer, clock: self.block.end() - 1 }
    }

    /// As it lands: the new part of a block comes after the part that is known.
    pub(crate) fn run(&self) -> Run {
        let Self { writer, start, spot, .. } = *self;
        let is_cut = start > self.block.clock;
        Run {
            spot,
            is_letters: self.kind == Kind::Letters,
            first: Id { writer, clock: start },
            last: self.last(),
            left: if is_cut { Some(Id { writer, clock: start - 1 }) } else { self.block.left },
            right: self.block.right,
        }
    }
}

/// An update whose new blocks all have their place.
pub(crate) struct Resolved<'a, 'u> {
    index: &'a Index,
    parsed: &'a Parsed<'u>,
    /// In an order in which each follows what it builds on.
    pub(crate) placed: Vec<Placed<'a, 'u>>,
    /// New elements of each section of the update.
    fresh: Vec<Vec<Segment>>,
    names: FreshNames<'u>,
}

#[derive(Default)]
struct FreshNames<'u> {
    rows: Vec<RowId>,
    row_numbers: HashMap<&'u str, u32>,
    keys: Vec<Key>,
    key_numbers: HashMap<&'u str, u32>,
}

/// How far one section of the update has come.
struct Progress {
    /// Its next block.
    next: usize,
    /// The part of its first block that the document has: up to this clock.
    known: Option<u32>,
    /// Sections that wait for an element of this one.
    waiting: BinaryHeap<Reverse<(u32, usize)>>,
}

enum Step {
    Placed(Spot, Kind),
    Waits(Id),
}

/// Gives each new block of `parsed` its place; blocks that the document has are left out.
pub(crate) fn resolve<'a, 'u>(
    index: &'a Index,
    parsed: &'a Parsed<'u>,
) -> Result<Resolved<'a, 'u>, Refusal> {
    let mut progress = Vec::with_capacity(parsed.sections.len());
    for section in &parsed.sections {
        let known = index.next_clock(section.writer);
        let next = section.blocks.partition_point(|block| block.end() <= known);
        let first = section.blocks.get(next).map_or(known, |block| block.clock);
        if first > known {
            return Err(Missing);
        }
        let known = (first < known).then_some(known);
        progress.push(Progress { next, known, waiting: BinaryHeap::new() });
    }
    let mut resolved = Resolved {
        index,
        parsed,
        placed: Vec::new(),
        fresh: parsed.sections.iter().map(|_| Vec::new()).collect(),
        names: FreshNames::default(),
    };
    let mut ready: Vec<usize> = (0..parsed.sections.len()).rev().collect();
    while let Some(section) = ready.pop() {
        resolved.advance(section, &mut progress, &mut ready)?;
    }
    let done = progress.iter().zip(&parsed.sections).all(|(p, s)| p.next == s.blocks.len());
    if done { Ok(resolved) } else { Err(Missing) }
}

impl<'u> Resolved<'_, 'u> {
    /// Places blocks of one section until it ends or waits for another one.
    fn advance(
        &mut self,
        section: usize,
        progress: &mut [Progress],
        ready: &mut Vec<usize>,
    ) -> Result<(), Refusal> {
        let parsed = self.parsed;
        let writer = parsed.sections[section].writer;
        while let Some(block) = parsed.sections[section].blocks.get(progress[section].next) {
            let (spot, kind) = match self.place(block)? {
                Step::Placed(spot, kind) => (spot, kind),
                Step::Waits(id) => {
                    let other = self.section_of(id.writer).filter(|other| *other != section);
                    let other = other.ok_or(Missing)?;
                    progress[other].waiting.push(Reverse((id.clock, section)));
                    break;
                }
            };
            let start = progress[section].known.take().unwrap_or(block.clock);
            if start > block.clock && kind != Kind::Garbage {
                // What overlaps the known history must continue it where it is.
                let before = self.index.find(Id { writer, clock: start - 1 });
                if before.is_none_or(|before| (before.spot, before.kind) != (spot, kind)) {
                    return Err(Malformed("history rewritten"));
                }
            }
            let segment = Segment { start, end: block.end(), spot, kind };
            push_segment(&mut self.fresh[section], segment);
            self.placed.push(Placed { writer, start, spot, kind, block });
            progress[section].next += 1;
        }
        let reached = self.fresh[section].last().map_or(0, |segment| segment.end);
        let waiting = &mut progress[section].waiting;
        while waiting.peek().is_some_and(|Reverse((clock, _))| *clock < reached) {
            ready.extend(waiting.pop().map(|Reverse((_, waiter))| waiter));
        }
        Ok(())
    }

    fn place(&mut self, block: &Block<'u>) -> Result<Step, Refusal> {
        let mut home = None;
        for id in [block.left, block.right].into_iter().flatten() {
            let Some(neighbour) = self.find(id) else { return Ok(Step::Waits(id)) };
            let here = (neighbour.spot, neighbour.kind == Kind::Letters);
            if home.is_some_and(|home| home != here) {
                return Err(Malformed("neighbours in different places"));
            }
            home = Some(here);
        }
        let (spot, in_text) = match (home, block.parent) {
            (Some(home), _) => home,
            (None, Parent::Root(root)) => (self.spot_in_root(root, block.key)?, false),
            (None, Parent::Element(id)) => match self.find(id) {
                Some(parent) => self.spot_in(parent, id, block.key)?,
                None => return Ok(Step::Waits(id)),
            },
            (None, Parent::OfNeighbours) => (Spot::NOWHERE, false),
        };
        if spot == Spot::NOWHERE {
            return Ok(Step::Placed(spot, Kind::Garbage));
        }
        Ok(Step::Placed(spot, kind_of(block, spot, in_text)?))
    }

    fn spot_in_root(&mut self, root: Root, key: Option<&'u str>) -> Result<Spot, Refusal> {
        let key = key.ok_or(Shape("list item in a root"))?;
        match root {
            Root::Rows => self.row_number(key).map(Spot::entry),
            Root::Columns => Ok(Spot::COLUMNS),
            Root::Meta => Ok(Spot::META),
        }
    }

    /// The place below a parent, and whether it is inside a text.
    fn spot_in(
        &mut self,
        parent: Segment,
        id: Id,
        key: Option<&'u str>,
    ) -> Result<(Spot, bool), Refusal> {
        match (parent.kind, key) {
            (Kind::Row, Some(key)) => {
                Ok((Spot { row: parent.spot.row, key: self.key_number(key) }, false))
            }
            (Kind::Text, None) => Ok((parent.spot, true)),
            (Kind::Garbage, _) => Ok((Spot::NOWHERE, false)),
            // What is left of a row or text that was removed: the engine makes garbage of the block.
            (Kind::Value, _) if self.index.is_deleted(id) => Ok((Spot::NOWHERE, false)),
            _ => Err(Malformed("parent is not a container")),
        }
    }

    fn row_number(&mut self, id: &'u str) -> Result<u32, Refusal> {
        if let Some(number) = self.index.row_number(id) {
            return Ok(number);
        }
        if let Some(number) = self.names.row_numbers.get(id) {
            return Ok(*number);
        }
        let row = RowId::new(id).ok().filter(|_| id != "__proto__");
        self.names.rows.push(row.ok_or(Shape("row id"))?);
        let number = (self.index.row_count() + self.names.rows.len()) as u32;
        self.names.row_numbers.insert(id, number);
        Ok(number)
    }

    fn key_number(&mut self, name: &'u str) -> u32 {
        if let Some(number) = self.index.key_number(name) {
            return number;
        }
        if let Some(number) = self.names.key_numbers.get(name) {
            return *number;
        }
        self.names.keys.push(Key::new(name));
        let number = (self.index.key_count() + self.names.keys.len()) as u32;
        self.names.key_numbers.insert(name, number);
        number
    }

    fn section_of(&self, writer: u64) -> Option<usize> {
        self.parsed.sections.binary_search_by_key(&writer, |section| section.writer).ok()
    }

    /// Where an element stands, known or new.
    pub(crate) fn find(&self, id: Id) -> Option<Segment> {
        self.index
            .find(id)
            .or_else(|| segment_at(&self.fresh[self.section_of(id.writer)?], id.clock))
    }

    pub(crate) fn row_id(&self, number: u32) -> RowId {
        let known = self.index.row_id(number);
        let fresh = || &self.names.rows[number as usize - 1 - self.index.row_count()];
        known.unwrap_or_else(fresh).clone()
    }

    pub(crate) fn key(&self, number: u32) -> &Key {
        let fresh = || &self.names.keys[number as usize - 1 - self.index.key_count()];
        self.index.key(number).unwrap_or_else(fresh)
    }

    /// What the index learns when the update is taken in.
    pub(crate) fn into_additions(self) -> Additions {
        let mut additions = Additions::default();
        for placed in &self.placed {
            let id = Id { writer: placed.writer, clock: placed.start };
            match placed.kind {
                Kind::Row => additions.entries.push((placed.spot.row, id)),
                Kind::Text => additions.texts.push((placed.spot, id)),
                Kind::Value | Kind::Letters | Kind::Garbage => {}
            }
            if placed.spot.row != 0 && placed.spot.key != 0 {
                additions.runs.push(placed.run());
            }
        }
        let sections = self.parsed.sections.iter().zip(self.fresh);
        additions.segments = sections
            .filter(|(_, segments)| !segments.is_empty())
            .map(|(section, segments)| (section.writer, segments))
            .collect();
        additions.rows = self.names.rows;
        additions.keys = self.names.keys;
        additions
    }
}

/// What a block is in its place; refuses what no table has there.
fn kind_of(block: &Block<'_>, spot: Spot, in_text: bool) -> Result<Kind, Refusal> {
    if in_text {
        return match block.content {
            Content::Letters(_) | Content::Deleted => Ok(Kind::Letters),
            _ => Err(Shape("not a letter in a text")),
        };
    }
    if block.right.is_some() {
        return Err(Shape("right neighbour in a map"));
    }
    match block.content {
        Content::Deleted => Ok(Kind::Value),
        Content::Map if spot.is_entry() => Ok(Kind::Row),
        Content::Map => Err(Shape("map in a cell")),
        _ if spot.is_entry() => Err(Shape("row that is not a map")),
        Content::Values { .. } => Ok(Kind::Value),
        Content::Text if !spot.is_servers() => Ok(Kind::Text),
        _ => Err(Shape("kind of content in a cell")),
    }
}
