//! What a handler may ask for.

pub mod actor;
pub mod form;
pub mod locale;
pub mod table_access;

pub use actor::{Somebody, Visitor};
pub use form::CheckedForm;
pub use table_access::TableAccess;
