//! Where new blocks land: for which of them the engine must search, and through how much.
//!
//! A block of letters lands right of its left neighbour, unless others came to the same neighbour and the
//! block does not know of them: then the engine walks over all that followed. A hostile update makes it do
//! so for each of its blocks, and four thousand of them took seconds. So this module remembers what stands
//! right of an element, as long as that is certain.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

use super::index::{Segment, Spot};
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
enum Anchor {
    /// The start of a text.
    Start(Spot),
    /// An element of it.
    Element(Id),
}

/// What stands right of an anchor, of all that came to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Follower {
    Nothing,
    Element(Id),
    /// Several came at once: only the engine knows.
    Unknown,
}

/// What stands right of elements.
///
/// What one writer wrote at a stretch follows itself and is not kept: only where stretches begin, and what
/// came between.
#[derive(Debug, Default)]
pub(crate) struct Followers {
    kept: HashMap<Anchor, Follower>,
    /// First letters of stretches.
    stretches: BTreeSet<Id>,
}

impl Followers {
    /// Whether another stretch begins after `from`, up to `to` of the same writer.
    pub(crate) fn are_apart(&self, from: Id, to: Id) -> bool {
        self.stretches.range((Bound::Excluded(from), Bound::Included(to))).next().is_some()
    }

    /// Takes note of new letters. Says whether the place where they land is certain, by what is known here
    /// and in `older`; `find` says where an element stands.
    pub(crate) fn place(
        &mut self,
        run: &Run,
        older: Option<&Self>,
        find: impl Fn(Id) -> Option<Segment>,
    ) -> bool {
        if run.left.is_none() || run.left != run.predecessor() {
            self.stretches.insert(run.first);
        }
        let anchor = run.left.map_or(Anchor::Start(run.spot), Anchor::Element);
        let otherwise = self.known(anchor, older, find);
        let is_certain = match self.kept.remove(&anchor).unwrap_or(otherwise) {
            Follower::Nothing => true,
            Follower::Element(next) => next == run.first || run.right == Some(next),
            Follower::Unknown => false,
        };
        let follower = if is_certain { Follower::Element(run.first) } else { Follower::Unknown };
        if follower != otherwise {
            self.kept.insert(anchor, follower);
        }
        is_certain
    }

    /// What stands right of an anchor, if nothing is kept of it here.
    fn known(
        &self,
        anchor: Anchor,
        older: Option<&Self>,
        find: impl Fn(Id) -> Option<Segment>,
    ) -> Follower {
        if let Some(follower) = older.and_then(|older| older.kept.get(&anchor)) {
            return *follower;
        }
        let Anchor::Element(id) = anchor else { return Follower::Nothing };
        let next = Id { clock: id.clock + 1, ..id };
        let begins = |followers: &Self| followers.stretches.contains(&next);
        let place = |id| find(id).map(|segment| (segment.spot, segment.kind));
        let goes_on = !begins(self) && !older.is_some_and(begins) && place(id) == place(next);
        if goes_on { Follower::Element(next) } else { Follower::Nothing }
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
