//! What an update may cost the engine, in steps of its slowest loop.

use super::Refusal::{self, TooLarge};
use super::effects::{Effect, Effects};
use super::index::Spot;
use super::judge::Question;
use super::resolve::Resolved;

/// A new block may cut two others, and is one itself.
const PIECES_OF_A_BLOCK: u64 = 3;
/// Whoever cuts a piece of a text copies what is right of the cut: so many units at the price of a step.
const UNITS_OF_A_STEP: u64 = 512;

impl Question<'_> {
    /// Steps that the engine takes at most, or a refusal where they are too many.
    pub(super) fn cost(
        &self,
        effects: &Effects<'_>,
        resolved: &Resolved<'_, '_>,
    ) -> Result<u64, Refusal> {
        let by_place = effects.iter().map(|(spot, effect)| self.cost_in(spot, effect, resolved));
        let all = by_place.fold(0, u64::saturating_add);
        if all > self.limits.steps { Err(TooLarge("steps")) } else { Ok(all) }
    }

    fn cost_in(&self, spot: Spot, effect: &Effect<'_>, resolved: &Resolved<'_, '_>) -> u64 {
        let touched = effect.blocks + effect.cuts;
        let pieces = self.index.pieces_in(spot) + PIECES_OF_A_BLOCK * effect.blocks;
        let walked = effect.searches.saturating_mul(pieces);
        let copied = if effect.typed {
            touched.saturating_mul(self.text_len_after(spot, effect, resolved) / UNITS_OF_A_STEP)
        } else {
            0
        };
        touched.max(1).saturating_add(walked).saturating_add(copied)
    }
}
