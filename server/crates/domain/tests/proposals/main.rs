//! Forms and their rules: what the vectors of `fixtures/rules` say, and what holds of every row of the inventory.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

mod corrections;
mod rules;
