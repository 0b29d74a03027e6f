//! Texts compared and sorted as French readers do.

pub mod collate;
pub mod fold;
pub mod stem;

pub use collate::French;
pub use fold::{fold, key};
pub use stem::stem;
