//! What became of an update, a transaction or a load.

use tablee_domain::ids::RowId;
use tablee_domain::table::Plain;
use tablee_domain::table::column_work::Both;

use crate::admission::Refusal;

/// What an update or a transaction did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Applied {
    /// The update as the engine wrote it anew, for the log and for the others. Empty: nothing happened.
    pub update: Vec<u8>,
    /// Each key whose value is another one now, and each value that was admitted and lost.
    pub edits: Vec<CellEdit>,
    /// Rows made.
    pub made_rows: Vec<RowId>,
    /// Columns that the server made or changed, before and after.
    pub columns: Vec<Both>,
}

/// A value that became another, or that came too late to.
#[derive(Debug, Clone, PartialEq)]
pub struct CellEdit {
    /// The row.
    pub row: RowId,
    /// The key in the row's map; empty for the row itself, which goes from null to true.
    pub key: String,
    /// The value before, the base included.
    pub before: Plain,
    /// The value after.
    pub after: Plain,
    /// It was admitted, and lost to a value written at the same time: `after` never showed, and `before` is
    /// what stands.
    pub lost: bool,
}

/// The document cannot be trusted any more: discard it and load the log anew.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// The engine panicked.
    #[error("the engine panicked: {0}")]
    Panicked(String),
    /// The engine refused what admission had let pass.
    #[error("the engine refused an admitted update: {0}")]
    Engine(String),
    /// Something was left waiting for what never comes.
    #[error("an admitted update left something pending")]
    Pending,
    /// The engine wrote what the index cannot place.
    #[error("the index lost its way: {0}")]
    Index(Refusal),
    /// The judgement is about an earlier state.
    #[error("the judgement is about another state of the document")]
    Stale,
    /// It was broken before.
    #[error("the document was broken before")]
    Already,
}

/// A stored document could not be read. Fatal: an empty document must never take its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Neither snapshot nor updates.
    #[error("nothing is stored")]
    Nothing,
    /// The engine cannot read an update, or what it made of it.
    #[error("a stored update cannot be read: {0}")]
    Unreadable(String),
    /// An update in the middle is missing.
    #[error("stored updates have a hole")]
    Hole,
    /// It says of itself that it is another document.
    #[error("the stored document is of format {format:?} and epoch {epoch:?}")]
    AnotherDocument {
        /// Its format.
        format: Option<i64>,
        /// Its epoch.
        epoch: Option<i64>,
    },
    /// A column is not readable.
    #[error("column `{0}` cannot be read")]
    Column(String),
}
