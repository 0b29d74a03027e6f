//! What a shared table is, and what its values mean.
//!
//! Two vocabularies live here with a wall between them. The **engine** speaks table and would serve any
//! inventory ([`table`], [`people`], [`import`]); the **edges** speak training, in the words of LHÉO
//! ([`offer`]). [`reading`] understands what a French hand wrote.
//!
//! Nothing in this crate does I/O, waits, asks the time or throws dice: what it needs is a parameter.

pub mod ids;
pub mod import;
pub mod offer;
pub mod people;
pub mod proposal;
pub mod reading;
pub mod table;
pub mod text;
