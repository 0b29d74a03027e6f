//! Admission: what an update would do, said from its bytes alone.
//!
//! Yjs updates are trusted by every engine that reads them: they may touch any root, rewrite history, delete
//! what others wrote, or bring a server down (five bytes sufficed). So no byte of a tab reaches the engine
//! before it went through here:
//!
//! 1. `reader` walks the bytes with limits on everything and without recursion;
//! 2. `resolve` finds the place (row and key) of each new block through `index`, which remembers the place
//!    of every block of the document;
//! 3. `effects` gathers what blocks and deletions do in each place, and refuses all shapes but those of
//!    `shape`;
//! 4. `cost` bounds what the engine will have to do for it, by what `landing` knows of each text;
//! 5. `judge` asks all of them in turn and says the effects as [`Change`]s.
//!
//! All of it is pure: a refused update leaves no trace, because nothing was touched.

mod cost;
mod decode;
mod effects;
mod index;
mod judge;
mod landing;
mod reader;
mod resolve;
mod shape;

use tablee_domain::ids::{PersonId, Writer};
use tablee_domain::table::Change;

pub(crate) use index::Index;
#[cfg(test)]
pub(crate) use index::Spot;
pub(crate) use judge::{Question, judge, place_trusted};
pub(crate) use reader::read_state_vector;
pub(crate) use resolve::Additions;

/// How much one update may hold. The defaults are those of a live edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the update.
    pub bytes: usize,
    /// Writers that have blocks or deletions in it.
    pub writers: usize,
    /// Writers that it may claim.
    pub claims: usize,
    /// Blocks.
    pub blocks: usize,
    /// Ranges of deletions.
    pub deletions: usize,
    /// Bytes of a key.
    pub key: usize,
    /// Bytes of one plain value.
    pub value: usize,
    /// UTF-16 units of one text, after the update.
    pub text: usize,
    /// Steps that the engine may need to find where all of it lands, and to cut what it takes away. An honest
    /// tab is far below, and a tab that is refused replays what it did.
    pub steps: u64,
    /// Keys of one row, ever.
    pub row_keys: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 * 1024,
            writers: 4_096,
            claims: 256,
            blocks: 300_000,
            deletions: 300_000,
            key: 160,
            value: 32 * 1024,
            text: 256 * 1024,
            steps: 500_000,
            row_keys: 1_000,
        }
    }
}

impl Limits {
    /// The limits of a sync step 2, which holds all that a tab did offline.
    pub fn of_step2() -> Self {
        Self { bytes: 4 * 1024 * 1024, steps: 4_000_000, ..Self::default() }
    }

    /// No limits: for what the server itself wrote.
    fn none() -> Self {
        Self {
            bytes: usize::MAX,
            writers: usize::MAX,
            claims: usize::MAX,
            blocks: usize::MAX,
            deletions: usize::MAX,
            key: usize::MAX,
            value: usize::MAX,
            text: usize::MAX,
            steps: u64::MAX,
            row_keys: usize::MAX,
        }
    }
}

/// Why an update may not enter. Nothing was touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// The bytes are no update, or break a rule that every honest tab keeps.
    #[error("malformed update: {0}")]
    Malformed(&'static str),
    /// Beyond one of the [`Limits`].
    #[error("update over a limit: {0}")]
    TooLarge(&'static str),
    /// A thing that has no place in a table.
    #[error("not a shape of this table: {0}")]
    Shape(&'static str),
    /// Blocks under a writer that is somebody else's.
    #[error("writer `{0}` belongs to somebody else")]
    ForeignWriter(Writer),
    /// More new writers than this person may have; said by whoever counts them.
    #[error("too many writers")]
    WriterQuota,
    /// It builds on something that was not received: answer with sync step 1.
    #[error("depends on updates that were not received")]
    Missing,
}

impl Refusal {
    /// The keys of all refusals.
    pub const ALL_KEYS: [&'static str; 6] =
        ["malformed", "too-large", "shape", "foreign-writer", "writer-quota", "missing"];

    /// The key of its sentence in the texts of the interface, and its reason on the wire.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed",
            Self::TooLarge(_) => "too-large",
            Self::Shape(_) => "shape",
            Self::ForeignWriter(_) => "foreign-writer",
            Self::WriterQuota => "writer-quota",
            Self::Missing => "missing",
        }
    }
}

/// What an update would do to the document it was judged against.
#[derive(Debug)]
pub struct Judgement {
    /// Each thing that it would do, to be asked about one by one.
    pub changes: Vec<Change>,
    /// Writers first used here; they become the sender's when the update is applied.
    pub claims: Vec<Writer>,
    /// Steps that the engine may need for it, to be charged to its sender.
    pub cost: u64,
    /// Who sent it.
    pub(crate) sender: PersonId,
    /// The state of the document that was judged.
    pub(crate) generation: u64,
    /// What the index learns when it is applied.
    pub(crate) additions: Additions,
    /// Blocks or deletions without any effect, which must be taken in all the same.
    pub(crate) garbage: bool,
}

impl Judgement {
    /// Whether the document has all of it already.
    pub fn is_noop(&self) -> bool {
        self.changes.is_empty() && !self.garbage && self.additions.is_empty()
    }
}
