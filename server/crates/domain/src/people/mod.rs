//! People, roles, and who may do what.

pub mod permission;
pub mod role;
pub mod rules;

pub use permission::{Forbidden, MembersEdit, RowFacts, allows};
pub use role::{Actor, Role};
