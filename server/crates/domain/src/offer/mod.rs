//! What the inventory holds, in the words of training: offers, their state, what visitors see of them.

pub mod catalogue;
pub mod checks;
pub mod completeness;
pub mod display;
pub mod duplicate;
mod kin;
pub mod merge;
pub mod query;
pub mod search;
pub mod session;
pub mod slug;
pub mod status;
pub mod words;

pub use catalogue::{Catalogue, Facet, FacetOption, Found, Page};
pub use completeness::{Missing, missing, status_of_an_import};
pub use query::{Query, Sort};
pub use slug::{address, slug};
pub use status::Status;
