//! Blocks and deletions become changes, or a refusal.

use std::collections::HashMap;

use tablee_domain::ids::{PersonId, RowId, Writer};
use tablee_domain::table::{Action, Change, Columns, Place};

use super::Refusal::{self, ForeignWriter, Shape, TooLarge};
use super::decode;
use super::effects::{Effect, Effects, Made};
use super::index::{Index, Spot};
use super::reader::{Parsed, read};
use super::resolve::{Additions, Resolved, resolve};
use super::shape;
use super::{Judgement, Limits};

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
    let effects = question.effects(&resolved, &parsed)?;
    let cost = question.cost(&effects, &resolved)?;
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

    fn changes(
        &self,
        effects: &Effects<'_>,
        resolved: &Resolved<'_, '_>,
    ) -> Result<Vec<Change>, Refusal> {
        let mut changes = Vec::new();
        let mut keys: HashMap<u32, u32> = HashMap::new();
        let goes = |row| effects.get(Spot::entry(row)).is_some_and(|entry| entry.unset);
        for (row, refusal) in &effects.unless_with_row {
            if !goes(*row) {
                return Err(*refusal);
            }
        }
        for (spot, effect) in effects.iter() {
            let (place, actions) = if spot.is_entry() {
                (&Place::Row, self.row_actions(spot, effect))
            } else if effect.only_deletes() && goes(spot.row) {
                continue;
            } else {
                let place = shape::place_for_tabs(resolved.key(spot.key), self.columns)?;
                if effect.blocks > 0 && self.index.pieces_in(spot) == 0 {
                    self.add_key(&mut keys, spot.row)?;
                }
                (place, self.cell_actions(spot, place, effect, resolved)?)
            };
            let entry = effects.get(Spot::entry(spot.row));
            let in_new_row =
                entry.is_some_and(Effect::makes_row) && self.index.live_entry(spot.row).is_none();
            changes.extend(actions.into_iter().map(|action| Change {
                row: resolved.row_id(spot.row),
                place: place.clone(),
                action,
                in_new_row,
            }));
        }
        Ok(changes)
    }

    /// A row has only so many keys, ever.
    fn add_key(&self, keys: &mut HashMap<u32, u32>, row: u32) -> Result<(), Refusal> {
        let keys = keys.entry(row).or_insert_with(|| self.index.keys_of_row(row));
        *keys += 1;
        if *keys as usize > self.limits.row_keys { Err(TooLarge("keys in a row")) } else { Ok(()) }
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

    fn cell_actions(
        &self,
        spot: Spot,
        place: &Place,
        effect: &Effect<'_>,
        resolved: &Resolved<'_, '_>,
    ) -> Result<Vec<Action>, Refusal> {
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
                Made::Row => return Err(Shape("map in a cell")),
            });
        }
        if effect.unset && actions.is_empty() {
            actions.push(Action::Unset);
        }
        if effect.typed {
            self.check_text_len(spot, effect, resolved)?;
            let Effect { inserted, deleted, .. } = *effect;
            actions.push(Action::EditText { inserted, deleted });
        }
        Ok(actions)
    }

    fn check_text_len(
        &self,
        spot: Spot,
        effect: &Effect<'_>,
        resolved: &Resolved<'_, '_>,
    ) -> Result<(), Refusal> {
        if effect.inserted == 0 {
            return Ok(());
        }
        let after = self.text_len_after(spot, effect, resolved) - u64::from(effect.deleted);
        if after > self.limits.text as u64 { Err(TooLarge("text")) } else { Ok(()) }
    }

    /// UTF-16 units of a text with all that comes to it, before anything goes.
    pub(super) fn text_len_after(
        &self,
        spot: Spot,
        effect: &Effect<'_>,
        resolved: &Resolved<'_, '_>,
    ) -> u64 {
        let is_known = self.index.text(spot).is_some();
        let name = || &resolved.key(spot.key).name;
        let before = if is_known { (self.text_len)(&resolved.row_id(spot.row), name()) } else { 0 };
        u64::from(before) + u64::from(effect.inserted)
    }
}
