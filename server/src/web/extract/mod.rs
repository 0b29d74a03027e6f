//! What a handler may ask for.

pub mod actor;
pub mod form;
pub mod json;
pub mod locale;
pub mod open_table;
pub mod table_access;

pub use actor::{SignedIn, Somebody, Visitor};
pub use form::{CheckedForm, Fields, TypedFields};
pub use json::CheckedJson;
pub use open_table::OpenTable;
pub use table_access::TableAccess;
