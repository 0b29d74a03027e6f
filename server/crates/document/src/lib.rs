//! A shared table inside a Y.Doc, and the admission of updates to it.
//!
//! ```text
//! root "columns"  Y.Map  columnId -> the column as plain JSON, without its id            the server's
//! root "rows"     Y.Map  rowId    -> Y.Map
//!                          "~base"             [n, value, value…]  in the order of slots n   the server's
//!                          "<column>"          a scalar set since, or the Y.Text of a text
//!                          "<column>/<item>"   one item of a list, null when removed
//!                          "<column>~said"     the contributor's own words
//!                          "~order"            fractional key
//!                          "~deleted"          {at} when the row is in the bin
//! root "meta"     Y.Map  "format", "epoch", "slots/<n>" -> [key…]                        the server's
//! ```
//!
//! A cell is its overlay key if there is one (null = cleared), else its slot of `~base`. What a tab may do
//! to all this is judged from the bytes alone, before the engine sees them: [`TableDocument::judge`] says
//! what an update would change, or why it may not enter; [`TableDocument::apply`] does it. Between the two
//! stand the rules of `tablee_domain::people::permission`, which this crate does not ask.
//!
//! To add a key to a row: name it in [`layout`], say in `admission::shape` what may stand there, read it
//! in `read.rs`, and add its case to `fixtures/documents`.

pub mod admission;
pub mod columns;
mod document;
mod engine;
pub mod layout;
mod outcome;
mod read;
mod rebuild;
pub mod restore;
pub mod text;
mod value;
mod write;

#[cfg(test)]
mod tests;

pub use admission::{Judgement, Limits, Refusal};
pub use document::TableDocument;
pub use outcome::{Applied, Broken, CellEdit, LoadError};
pub use write::Writing;
