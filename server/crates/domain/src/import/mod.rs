//! From a workbook to a plan: what an import would do, before anything is done.

pub mod grid;
