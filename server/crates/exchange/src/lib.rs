//! Bytes of files to raw grids, and tables to bytes of files.
//!
//! - [`read`]: a workbook or a csv file becomes a [`RawBook`](tablee_domain::import::grid::RawBook), or one
//!   clear sentence says why not. It understands nothing of what it reads; `domain::import` does.
//! - [`limits`]: how much is accepted, in one struct.
//! - [`write`]: rows become csv, xlsx or JSON, with their licence, source and date inside.
//!
//! A reader never guesses how much memory a file needs: it counts what comes out of the file and refuses
//! beyond [`Limits`]. Still, a workbook from outside is read in a process of its own (the program's hidden
//! command `read-workbook`), because an allocation that fails cannot be caught.

pub mod limits;
pub mod read;
pub mod write;

pub use limits::Limits;
pub use read::{FileError, Piece};
