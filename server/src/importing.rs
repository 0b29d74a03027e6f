//! The ordinary import: a file is read in a process of its own, becomes a plan, and is written through the
//! room of its table.

pub mod child;
