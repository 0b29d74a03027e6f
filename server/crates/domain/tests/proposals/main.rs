//! Forms and their rules: what the vectors of `fixtures/rules` say, and what holds of every row of the inventory.

mod corrections;
mod rules;
