//! The house rules that a compiler cannot keep: arrows, sizes, names, parity of migrations, links.
//!
//! To add a rule: a module with one test whose name says the rule, and which names every offender.

mod arrows;
mod links;
mod migrations;
mod sizes;
mod tree;
mod words;
