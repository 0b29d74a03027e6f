//! What was done, as people ask for it and read it.
//!
//! - [`asked`]: the questions that an address can hold, the same for the page and for programs.
//! - [`told`]: the lines that answer, with the names and titles of today.
//! - [`places`]: the words for a place in a row and for what stood there.
//! - [`diff`]: what changed from one text to another, word by word.

pub mod asked;
pub mod diff;
pub mod places;
pub mod told;

pub use asked::Asked;
pub use told::{Line, Proposed, Told, told};
