//! Rows as files.

pub mod guard;
