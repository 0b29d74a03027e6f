//! Where new blocks land: for which of them the engine must search, and through how much.
//!
//! A block of letters lands right of its left neighbour, unless others came to the same neighbour and the
//! block does not know of them: then the engine walks over all that followed. A hostile update makes it do
//! so for each of its blocks, and four thousand of them took seconds. So this module remembers what stands
//! right of an element, as long as that is certain.

use std::collections::{BTreeMap, HashMap};

use super::index::Spot;
use super::reader::Id;

/// A new block of a cell, and the neighbours that it names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub(crate) spot: Spot,
    pub(crate) is_letters: bool,
    pub(crate) first: Id,
    pub(crate) last: Id,
    pub(crate) left: Option<Id>,
    pub(crate) right: Option<Id>,
}

impl Run {
    /// The neighbours, right before left, if one writer wrote both and the right one no later. In what was
    /// written at a stretch that is the wrong way round: the engine then loses its place when it cuts.
    pub(crate) fn neighbours_the_wrong_way(&self) -> Option<(Id, Id)> {
        let (left, right) = self.left.zip(self.right)?;
        (left.writer == right.writer && right.clock <= left.clock).then_some((right, left))
    }

    /// The element before its first one in the history of its writer.
    fn predecessor(&self) -> Option<Id> {
        let clock = self.first.clock.checked_sub(1)?;
        Some(Id { clock, ..self.first })
    }
}

/// Right of what a block may land.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Anchor {
    /// The start of a text.
    Start(Spot),
    /// An element of it.
    Element(Id),
}

/// What stands right of an anchor, of all that came to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Follower {
    Nothing,
    Element(Id),
    /// Several came at once: only the engine knows.
    Unknown,
}

/// What stands right of elements, where it is not simply the next of the same writer.
#[derive(Debug, Default)]
pub(crate) struct Followers {
    of_starts: HashMap<Spot, Follower>,
    of_elements: BTreeMap<Id, Follower>,
}

impl Followers {
    pub(crate) fn get(&self, anchor: Anchor) -> Option<Follower> {
        match anchor {
            Anchor::Start(spot) => self.of_starts.get(&spot).copied(),
            Anchor::Element(id) => self.of_elements.get(&id).copied(),
        }
    }

    fn set(&mut self, anchor: Anchor, follower: Follower) {
        match anchor {
            Anchor::Start(spot) => self.of_starts.insert(spot, follower),
            Anchor::Element(id) => self.of_elements.insert(id, follower),
        };
    }

    /// Whether something came between elements of one writer, of which the first is `from`.
    pub(crate) fn come_between(&self, from: Id, to: Id) -> bool {
        self.of_elements.range(from..to).next().is_some()
    }

    /// Takes note of new letters. Says whether the place where they land is certain; `known` says what
    /// stood right of an anchor before.
    pub(crate) fn place(&mut self, run: &Run, known: impl Fn(Anchor) -> Follower) -> bool {
        let goes_on = run.left.is_some() && run.left == run.predecessor();
        if let Some(predecessor) = run.predecessor().filter(|_| !goes_on) {
            // The writer went elsewhere: what comes next in its history is not what stands next.
            let known = || match known(Anchor::Element(predecessor)) {
                Follower::Element(next) if next == run.first => Follower::Nothing,
                follower => follower,
            };
            self.of_elements.entry(predecessor).or_insert_with(known);
        }
        let anchor = run.left.map_or(Anchor::Start(run.spot), Anchor::Element);
        let follower = self.get(anchor).unwrap_or_else(|| known(anchor));
        let is_certain = match follower {
            Follower::Nothing => true,
            Follower::Element(next) => next == run.first || run.right == Some(next),
            Follower::Unknown => false,
        };
        let follower = if is_certain { Follower::Element(run.first) } else { Follower::Unknown };
        self.set(anchor, follower);
        is_certain
    }
}

/// In how many pieces the engine may keep what ever came to a cell.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    pub(crate) count: u32,
    /// The last element of the latest one, and what was right of it.
    tail: Option<(Id, Option<Id>)>,
}

impl Pieces {
    /// A block that goes on where the latest one ended is one piece with it.
    pub(crate) fn add(&mut self, run: &Run) {
        let goes_on = run.predecessor().is_some_and(|id| self.tail == Some((id, run.right)))
            && run.left == run.predecessor();
        self.count += u32::from(!goes_on);
        self.tail = Some((run.last, run.right));
    }

    /// Letters taken out of a piece leave three.
    pub(crate) fn cut(&mut self) {
        self.count += 2;
    }
}
