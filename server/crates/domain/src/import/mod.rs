//! From a workbook to a plan: what an import would do, before anything is done.

pub mod grid;
pub mod header;
pub mod names;
pub mod rows;
