//! What the blocks and deletions of an update do, place by place.

use std::collections::HashMap;
use std::ops::Range;

use super::Refusal::{self, Malformed, Missing, Shape, TooLarge};
use super::index::{Kind, Spot};
use super::judge::Question;
use super::landing::Followers;
use super::reader::{Content, Id, Parsed};
use super::resolve::{Placed, Resolved};
use super::shape;

/// New elements that may come to stand in one place. An honest tab has one; each is compared with each other.
const MAX_RIVALS: usize = 64;

/// What an update does, by place, in the order in which it touches them.
#[derive(Default)]
pub(crate) struct Effects<'u> {
    by_spot: HashMap<Spot, usize>,
    in_order: Vec<(Spot, Effect<'u>)>,
    /// What stands right of the elements to which its letters come.
    followers: Followers,
    /// It holds blocks or deletions without any effect.
    pub(crate) garbage: bool,
    /// Deletions that no tab may make, unless they go with their row: what is said then is the row.
    pub(crate) unless_with_row: Vec<(u32, Refusal)>,
}

/// What it does in one place.
#[derive(Default)]
pub(crate) struct Effect<'u> {
    /// New elements under the key of which one may come to stand there: none of them has a follower among
    /// the new ones. An honest tab has one at most.
    pub(crate) candidates: Vec<Candidate<'u>>,
    /// What stood there is deleted.
    pub(crate) unset: bool,
    /// A row made here is removed again.
    pub(crate) unmade: bool,
    /// The text of the cell is touched.
    pub(crate) typed: bool,
    /// Units that come to stay.
    pub(crate) inserted: u32,
    /// Units that stood there and go.
    pub(crate) deleted: u32,
    /// New blocks.
    pub(crate) blocks: u64,
    /// Those of them for whose place the engine must search.
    pub(crate) searches: u64,
    /// Ranges of letters taken away.
    pub(crate) cuts: u64,
}

/// A new element that may come to stand in its place.
pub(crate) struct Candidate<'u> {
    last: Id,
    pub(crate) made: Made<'u>,
}

/// What a new element is.
pub(crate) enum Made<'u> {
    Value(&'u [u8]),
    Tombstone,
    Text,
    Row,
}

impl<'u> Effects<'u> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Spot, &Effect<'u>)> {
        self.in_order.iter().map(|(spot, effect)| (*spot, effect))
    }

    pub(crate) fn get(&self, spot: Spot) -> Option<&Effect<'u>> {
        self.by_spot.get(&spot).map(|at| &self.in_order[*at].1)
    }

    fn at(&mut self, spot: Spot) -> &mut Effect<'u> {
        let next = self.in_order.len();
        let at = *self.by_spot.entry(spot).or_insert(next);
        if at == next {
            self.in_order.push((spot, Effect::default()));
        }
        &mut self.in_order[at].1
    }
}

impl Effect<'_> {
    pub(crate) fn only_deletes(&self) -> bool {
        self.blocks == 0
    }

    pub(crate) fn makes_row(&self) -> bool {
        self.candidates.iter().any(|one| matches!(one.made, Made::Row))
    }
}

impl Question<'_> {
    /// All that an update does, or why no tab may do it.
    pub(super) fn effects<'u>(
        &self,
        resolved: &Resolved<'_, 'u>,
        parsed: &Parsed<'u>,
    ) -> Result<Effects<'u>, Refusal> {
        let mut effects = Effects::default();
        for placed in &resolved.placed {
            self.add_block(&mut effects, resolved, parsed, placed)?;
        }
        for (writer, ranges) in &parsed.deletions {
            for range in ranges {
                self.add_deletion(&mut effects, resolved, *writer, range)?;
            }
        }
        Ok(effects)
    }

    fn add_block<'u>(
        &self,
        effects: &mut Effects<'u>,
        resolved: &Resolved<'_, 'u>,
        parsed: &Parsed<'u>,
        placed: &Placed<'_, 'u>,
    ) -> Result<(), Refusal> {
        let spot = placed.spot;
        if spot == Spot::NOWHERE {
            effects.garbage = true;
            return Ok(());
        }
        if spot.is_servers() {
            return Err(Shape("columns and meta are the server's"));
        }
        if placed.kind == Kind::Letters {
            return self.add_letters(effects, resolved, parsed, placed);
        }
        let effect = effects.at(spot);
        let made = self.made(resolved, parsed, placed, effect)?;
        effect.blocks += 1;
        // The follower of an element stands right of it for ever, so the element itself cannot win.
        let last = placed.last();
        let left = placed.block.left;
        match effect.candidates.iter().position(|one| Some(one.last) == left) {
            Some(at) => effect.candidates[at] = Candidate { last, made },
            None if effect.candidates.len() == MAX_RIVALS => return Err(TooLarge("rivals")),
            None => {
                effect.searches += 1;
                effect.candidates.push(Candidate { last, made });
            }
        }
        Ok(())
    }

    fn add_letters(
        &self,
        effects: &mut Effects<'_>,
        resolved: &Resolved<'_, '_>,
        parsed: &Parsed<'_>,
        placed: &Placed<'_, '_>,
    ) -> Result<(), Refusal> {
        let (run, older) = (placed.run(), self.index.followers());
        let followers = &mut effects.followers;
        if let Some((right, left)) = run.neighbours_the_wrong_way()
            && !older.are_apart(right, left)
            && !followers.are_apart(right, left)
        {
            return Err(Malformed("neighbours the wrong way round"));
        }
        let is_certain = followers.place(&run, Some(older), |id| resolved.find(id));
        let effect = effects.at(placed.spot);
        effect.typed = true;
        effect.blocks += 1;
        effect.searches += u64::from(!is_certain);
        if let Content::Letters(_) = placed.block.content {
            // Letters that the update itself takes away again were never there for anybody else.
            let (start, end) = (placed.start, placed.block.end());
            effect.inserted += end - start - parsed.deleted_in(placed.writer, &(start..end));
        }
        Ok(())
    }

    /// What a new block makes under a key, if that is a thing that tabs may make there.
    fn made<'u>(
        &self,
        resolved: &Resolved<'_, 'u>,
        parsed: &Parsed<'u>,
        placed: &Placed<'_, 'u>,
        effect: &Effect<'u>,
    ) -> Result<Made<'u>, Refusal> {
        let spot = placed.spot;
        if spot.is_entry() {
            return Ok(if placed.kind == Kind::Row { Made::Row } else { Made::Tombstone });
        }
        let place = shape::place_for_tabs(resolved.key(spot.key), self.columns)?;
        let holds_text = self.index.text(spot).is_some()
            || effect.candidates.iter().any(|one| matches!(one.made, Made::Text));
        if holds_text {
            return Err(Shape("second thing in place of a text"));
        }
        match placed.block.content {
            Content::Text => {
                shape::allows_text(place, self.columns)?;
                if parsed.deletes(placed.last()) {
                    return Err(Shape("removal of a text"));
                }
                Ok(Made::Text)
            }
            Content::Values { count, last } => {
                let gone = (placed.start..placed.block.end())
                    .all(|clock| parsed.deletes(Id { writer: placed.writer, clock }));
                if gone {
                    shape::allows_tombstone(place, self.columns)?;
                    return Ok(Made::Tombstone);
                }
                if count > 1 {
                    return Err(Shape("several values in one block"));
                }
                if last.len() > self.limits.value {
                    return Err(TooLarge("value"));
                }
                Ok(Made::Value(last))
            }
            _ => shape::allows_tombstone(place, self.columns).map(|()| Made::Tombstone),
        }
    }

    fn add_deletion(
        &self,
        effects: &mut Effects<'_>,
        resolved: &Resolved<'_, '_>,
        writer: u64,
        range: &Range<u32>,
    ) -> Result<(), Refusal> {
        let mut clock = range.start;
        while clock < range.end {
            let segment = resolved.find(Id { writer, clock }).ok_or(Missing)?;
            let end = segment.end.min(range.end);
            let known = self.index.next_clock(writer);
            // New elements that the update itself deletes were seen with their blocks.
            let old = clock..end.min(known).max(clock);
            let fresh = end - old.end;
            let present = self.index.present_in(writer, &old);
            let spot = segment.spot;
            clock = end;
            if segment.kind == Kind::Letters {
                effects.at(spot).cuts += u64::from(present + fresh > 0);
            }
            if fresh > 0 && segment.kind == Kind::Row {
                effects.at(spot).unmade = true;
            }
            if present == 0 {
                continue;
            }
            match segment.kind {
                Kind::Garbage => effects.garbage = true,
                _ if spot.is_servers() => return Err(Shape("columns and meta are the server's")),
                Kind::Text => effects.unless_with_row.push((spot.row, Shape("removal of a text"))),
                Kind::Row => effects.at(spot).unset = true,
                Kind::Value if spot.is_entry() => effects.at(spot).unset = true,
                Kind::Value => match shape::place_for_tabs(resolved.key(spot.key), self.columns) {
                    Ok(_) => effects.at(spot).unset = true,
                    Err(refusal) => effects.unless_with_row.push((spot.row, refusal)),
                },
                Kind::Letters => {
                    let effect = effects.at(spot);
                    effect.typed = true;
                    effect.deleted += present;
                }
            }
        }
        Ok(())
    }
}
