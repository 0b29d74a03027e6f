//! Blocks and deletions become changes, or a refusal.

use std::collections::HashMap;
use std::ops::Range;

use tablee_domain::ids::{PersonId, RowId, Writer};
use tablee_domain::table::{Action, Change, Columns, Place};

use super::Refusal::{self, ForeignWriter, Malformed, Missing, Shape, TooLarge};
use super::decode;
use super::index::{Index, Kind, Spot};
use super::reader::{Content, Id, Parsed, read};
use super::resolve::{Additions, Placed, Resolved, is_first_under_key, resolve};
use super::shape;
use super::{Judgement, Limits};

/// New elements that may come to stand in one place. An honest tab has one; each costs a comparison with
/// each other.
const MAX_RIVALS: usize = 64;

/// What is asked, and what is known of the document.
pub(crate) struct Question<'a> {
    pub(crate) index: &'a Index,
    pub(crate) columns: &'a Columns,
    /// Whom a writer belongs to, if it is taken.
    pub(crate) owner_of: &'a dyn Fn(Writer) -> Option<Option<PersonId>>,
    pub(crate) sender: PersonId,
    pub(crate) limits: &'a Limits,
    pub(crate) generation: u64,
    /// UTF-16 units of a text of the document.
    pub(crate) text_len: &'a dyn Fn(&RowId, &str) -> u32,
}

/// Says what an update would do, or why it may not enter.
pub(crate) fn judge(question: &Question<'_>, update: &[u8]) -> Result<Judgement, Refusal> {
    let parsed = read(update, question.limits)?;
    let claims = question.claims_of(&parsed)?;
    let resolved = resolve(question.index, &parsed)?;
    let mut effects = Effects::default();
    for placed in &resolved.placed {
        question.add_block(&mut effects, &resolved, &parsed, placed)?;
    }
    for (writer, ranges) in &parsed.deletions {
        for range in ranges {
            question.add_deletion(&mut effects, &resolved, *writer, range)?;
        }
    }
    let cost = question.cost(&effects)?;
    let changes = question.changes(&effects, &resolved)?;
    Ok(Judgement {
        changes,
        claims,
        cost,
        sender: question.sender,
        generation: question.generation,
        garbage: effects.garbage,
        additions: resolved.into_additions(),
    })
}

/// Places an update that the server itself made, or that its log holds.
pub(crate) fn place_trusted(index: &Index, update: &[u8]) -> Result<Additions, Refusal> {
    let parsed = read(update, &Limits::none())?;
    Ok(resolve(index, &parsed)?.into_additions())
}

/// What an update does, by place, in the order in which it touches them.
#[derive(Default)]
struct Effects<'u> {
    by_spot: HashMap<Spot, usize>,
    in_order: Vec<(Spot, Effect<'u>)>,
    garbage: bool,
    /// Deletions that no tab may make, unless they go with their row: what is said then is the row.
    unless_with_row: Vec<(u32, Refusal)>,
}

impl<'u> Effects<'u> {
    fn at(&mut self, spot: Spot) -> &mut Effect<'u> {
        let next = self.in_order.len();
        let at = *self.by_spot.entry(spot).or_insert(next);
        if at == next {
            self.in_order.push((spot, Effect::default()));
        }
        &mut self.in_order[at].1
    }

    fn get(&self, spot: Spot) -> Option<&Effect<'u>> {
        self.by_spot.get(&spot).map(|at| &self.in_order[*at].1)
    }
}

#[derive(Default)]
struct Effect<'u> {
    /// New elements under the key of which one may come to stand there: none of them has a follower among
    /// the new ones. An honest tab has one at most.
    candidates: Vec<Candidate<'u>>,
    /// What stood there is deleted.
    unset: bool,
    /// A row made here is removed again.
    unmade: bool,
    /// The text of the cell is touched.
    typed: bool,
    inserted: u32,
    deleted: u32,
    text_blocks: usize,
    /// New elements without a left neighbour.
    firsts: u32,
}

impl Effect<'_> {
    fn only_deletes(&self) -> bool {
        self.candidates.is_empty() && self.text_blocks == 0
    }
}

struct Candidate<'u> {
    last: Id,
    made: Made<'u>,
}

enum Made<'u> {
    Value(&'u [u8]),
    Tombstone,
    Text,
    Row,
}

impl Question<'_> {
    /// The writers that would be first used here, each free; every other one must be the sender's.
    fn claims_of(&self, parsed: &Parsed<'_>) -> Result<Vec<Writer>, Refusal> {
        let mut claims = Vec::new();
        for section in &parsed.sections {
            let known = self.index.next_clock(section.writer);
            if section.blocks.last().is_none_or(|block| block.end() <= known) {
                continue;
            }
            let writer = Writer(section.writer);
            match (self.owner_of)(writer) {
                Some(owner) if owner == Some(self.sender) => {}
                None if known == 0 => claims.push(writer),
                _ => return Err(ForeignWriter(writer)),
            }
        }
        if claims.len() > self.limits.claims { Err(TooLarge("new writers")) } else { Ok(claims) }
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
        let effect = effects.at(spot);
        if placed.kind == Kind::Letters {
            effect.typed = true;
            effect.text_blocks += 1;
            if let Content::Letters(_) = placed.block.content {
                // Letters that the update itself takes away again were never there for anybody else.
                let (start, end) = (placed.start, placed.block.end());
                effect.inserted += end - start - parsed.deleted_in(placed.writer, &(start..end));
            }
            if effect.text_blocks > self.limits.text_blocks {
                return Err(TooLarge("blocks in one text"));
            }
            return Ok(());
        }
        let made = self.made(resolved, parsed, placed, effect)?;
        if is_first_under_key(placed) {
            effect.firsts += 1;
        }
        // The follower of an element stands right of it for ever, so the element itself cannot win.
        let last = placed.last();
        let left = placed.block.left;
        match effect.candidates.iter().position(|one| Some(one.last) == left) {
            Some(at) => effect.candidates[at] = Candidate { last, made },
            None if effect.candidates.len() == MAX_RIVALS => return Err(TooLarge("rivals")),
            None => effect.candidates.push(Candidate { last, made }),
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

    /// Where a block lands is found by walking over what came to the same place, and a hostile one walks over
    /// all of it.
    fn cost(&self, effects: &Effects<'_>) -> Result<u64, Refusal> {
        let of_spot = |(spot, effect): &(Spot, Effect<'_>)| {
            let fresh = effect.candidates.len() + effect.text_blocks;
            fresh.saturating_mul(self.index.blocks_in(*spot) as usize)
        };
        let all = effects.in_order.iter().map(of_spot).fold(0, usize::saturating_add);
        if all > self.limits.comparisons { Err(TooLarge("comparisons")) } else { Ok(all as u64) }
    }

    fn changes(
        &self,
        effects: &Effects<'_>,
        resolved: &Resolved<'_, '_>,
    ) -> Result<Vec<Change>, Refusal> {
        let mut changes = Vec::with_capacity(effects.in_order.len());
        let mut firsts: HashMap<u32, u32> = HashMap::new();
        let goes = |row| effects.get(Spot::entry(row)).is_some_and(|entry| entry.unset);
        for (row, refusal) in &effects.unless_with_row {
            if !goes(*row) {
                return Err(*refusal);
            }
        }
        for (spot, effect) in &effects.in_order {
            let row = resolved.row_id(spot.row);
            let entry = effects.get(Spot::entry(spot.row));
            let made_here = entry.is_some_and(|entry| {
                entry.candidates.iter().any(|one| matches!(one.made, Made::Row))
            });
            let in_new_row = made_here && self.index.live_entry(spot.row).is_none();
            let mut add = |place: &Place, action: Action| {
                changes.push(Change { row: row.clone(), place: place.clone(), action, in_new_row });
            };
            if spot.is_entry() {
                self.row_actions(*spot, effect).into_iter().for_each(|a| add(&Place::Row, a));
                continue;
            }
            if effect.only_deletes() && goes(spot.row) {
                continue;
            }
            let key = resolved.key(spot.key);
            let place = shape::place_for_tabs(key, self.columns)?;
            if effect.firsts > 0 {
                let firsts = firsts.entry(spot.row).or_default();
                *firsts += effect.firsts;
                if *firsts + self.index.keys_of_row(spot.row) > self.limits.row_keys as u32 {
                    return Err(TooLarge("keys in a row"));
                }
            }
            for action in self.cell_actions(place, effect)? {
                add(place, action);
            }
            if effect.typed {
                self.check_text_len(&row, &key.name, *spot, effect)?;
                let (inserted, deleted) = (effect.inserted, effect.deleted);
                add(place, Action::EditText { inserted, deleted });
            }
        }
        Ok(changes)
    }

    fn row_actions(&self, spot: Spot, effect: &Effect<'_>) -> Vec<Action> {
        let mut had = self.index.live_entry(spot.row).is_some();
        let mut actions = Vec::new();
        for candidate in &effect.candidates {
            match candidate.made {
                Made::Row if had => actions.push(Action::ReplaceRow),
                Made::Row => actions.push(Action::MakeRow),
                _ => actions.push(Action::RemoveRow),
            }
            had = true;
        }
        if effect.unmade || (effect.unset && effect.candidates.is_empty()) {
            actions.push(Action::RemoveRow);
        }
        actions
    }

    fn cell_actions(&self, place: &Place, effect: &Effect<'_>) -> Result<Vec<Action>, Refusal> {
        let mut actions = Vec::new();
        for candidate in &effect.candidates {
            actions.push(match candidate.made {
                Made::Value(bytes) => {
                    let value = decode::plain(bytes)?;
                    shape::allows_value(place, self.columns, &value)?;
                    Action::Set(value)
                }
                Made::Text => Action::MakeText,
                Made::Tombstone => Action::Unset,
                Made::Row => return Err(Malformed("row in a cell")),
            });
        }
        if effect.unset && actions.is_empty() {
            actions.push(Action::Unset);
        }
        Ok(actions)
    }

    fn check_text_len(
        &self,
        row: &RowId,
        key: &str,
        spot: Spot,
        effect: &Effect<'_>,
    ) -> Result<(), Refusal> {
        if effect.inserted == 0 {
            return Ok(());
        }
        let before = if self.index.text(spot).is_some() { (self.text_len)(row, key) } else { 0 };
        let after = u64::from(before) + u64::from(effect.inserted);
        let after = after.saturating_sub(u64::from(effect.deleted));
        if after > self.limits.text as u64 { Err(TooLarge("text")) } else { Ok(()) }
    }
}
