//! People, roles, and who may do what.

pub mod permission;
pub mod role;

pub use permission::{Forbidden, MembersEdit, RowFacts, allows};
pub use role::{Actor, Role};
