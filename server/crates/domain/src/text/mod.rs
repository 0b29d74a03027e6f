//! Texts compared and sorted as French readers do.

pub mod collate;
pub mod fold;

pub use collate::French;
pub use fold::{fold, key};
