//! What a person asks for with a form, until a pilot decides.
//!
//! [`form`] says which questions are asked of whom and reads what came back; [`rule`] says which of them are asked
//! at all, in a language that the browser understands too; [`merge`] brings a proposal and what happened to the
//! row meanwhile together, so that nobody's word is lost. Nothing private is ever in a [`Payload`].

pub mod conditions;
pub mod fill;
pub mod form;
pub mod merge;
pub mod read;
pub mod rule;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use fill::fill;
pub use form::{Asked, Block, BlockKey, Field, Form, Requirement};
pub use merge::{Conflict, Merged, Outcome};
pub use read::{Fault, FieldError, FieldReading, FieldsOf, Filled, Private, read};
pub use rule::Rule;

use crate::ids::RowId;
use crate::table::Plain;

/// What a proposal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An offer that is not in the table.
    New,
    /// Other words in a row.
    Correction,
    /// That a row is no longer shown.
    Removal,
    /// An edit of the live table that its author may not make.
    Suggestion,
}

/// What would be written: the part of a proposal that may stand in the table. Nothing private is in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payload {
    /// What it asks for.
    pub kind: Kind,
    /// The row it is about; none for an offer that is not there yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<RowId>,
    /// Cells by the keys of a document: `<column>` (a list kind as a map from item to value), `<column>~said`.
    /// Null clears.
    #[serde(default)]
    pub cells: BTreeMap<String, Plain>,
    /// What these cells said when the form was opened; what is empty is not there.
    #[serde(default)]
    pub base: BTreeMap<String, Plain>,
    /// Why a row should go: the option, then words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[cfg(test)]
mod tests;
