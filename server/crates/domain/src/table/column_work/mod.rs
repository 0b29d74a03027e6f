//! What pilots do to columns: pure, from the columns as they are to the columns as they shall be.
//!
//! A column is never removed and never becomes another: it is retired, its cells kept. A change of kind makes
//! a new column in the same place, filled with what [`convert`] reads in the old words; so a tab that was away
//! meets no key of another kind, and undoing swaps the two back ([`undo`]).
//!
//! To add a thing that can be done: its variant in [`ColumnWork`], its line in [`apply`], its word in
//! [`ColumnWork::key`], and its button on the page of columns.

mod apply;
pub mod convert;
mod error;
mod kept;
pub mod merge;
mod undo;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use apply::{apply, new_column};
pub use error::ColumnError;
pub use kept::{KEEPS_ITS_KIND, NEEDED, Reliance, reliance};
pub use undo::{Both, Undone, undo};

use super::{Column, Columns, Kind, Label};
use crate::ids::{ColumnId, ItemId};

/// Columns in use, at most.
pub const MOST_COLUMNS: usize = 200;
/// Columns in all, retired ones too: a table does not forget them.
pub const MOST_EVER: usize = 600;
/// Options of one column, retired ones too.
pub const MOST_OPTIONS: usize = 500;
/// Characters of the name of a column or an option.
pub const LONGEST_LABEL: usize = 80;
/// Characters of what is said of a column.
pub const LONGEST_HELP: usize = 500;

/// A column to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewColumn {
    /// Random, made by whoever asks.
    pub id: ColumnId,
    /// Its name in French.
    pub label: String,
    /// What its cells will hold.
    pub kind: Kind,
}

/// An option to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewOption {
    /// Random, made by whoever asks.
    pub id: ItemId,
    /// What people read, in French and perhaps in English.
    pub label: Label,
}

/// What a pilot does to a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum ColumnWork {
    /// Makes a column, at the end.
    Add(NewColumn),
    /// Calls it otherwise.
    Rename {
        /// Which.
        column: ColumnId,
        /// Its new name.
        label: Label,
    },
    /// Says what it is for, and who sees it. What is absent stays.
    Describe {
        /// Which.
        column: ColumnId,
        /// What to write there.
        #[serde(default)]
        help: Option<Label>,
        /// The block of the row panel.
        #[serde(default)]
        section: Option<String>,
        /// Seen by visitors.
        #[serde(default)]
        public: Option<bool>,
        /// Shown in the live table.
        #[serde(default)]
        shown: Option<bool>,
        /// Asked by the form.
        #[serde(default)]
        required: Option<bool>,
    },
    /// Puts it elsewhere.
    Move {
        /// Which.
        column: ColumnId,
        /// The column in use that will follow it; none for the end.
        #[serde(default)]
        before: Option<ColumnId>,
    },
    /// Hides it, its cells kept.
    Retire {
        /// Which.
        column: ColumnId,
    },
    /// Shows it again.
    Unretire {
        /// Which.
        column: ColumnId,
    },
    /// Gives its place to a new column of another kind.
    ChangeKind {
        /// Which.
        column: ColumnId,
        /// What the cells will hold.
        to: Kind,
        /// The new column; random, made by whoever asks.
        new_id: ColumnId,
        /// Options of the new column, where the old one has none.
        #[serde(default)]
        options: Vec<NewOption>,
    },
    /// Makes an option, after the others.
    AddOption {
        /// Of which column.
        column: ColumnId,
        /// The option.
        #[serde(flatten)]
        option: NewOption,
    },
    /// Calls an option otherwise.
    RenameOption {
        /// Of which column.
        column: ColumnId,
        /// Which.
        option: ItemId,
        /// Its new name.
        label: Label,
    },
    /// Puts an option elsewhere.
    MoveOption {
        /// Of which column.
        column: ColumnId,
        /// Which.
        option: ItemId,
        /// The option that will follow it; none for the end.
        #[serde(default)]
        before: Option<ItemId>,
    },
    /// Offers an option no longer; cells that have it keep it.
    RetireOption {
        /// Of which column.
        column: ColumnId,
        /// Which.
        option: ItemId,
    },
    /// Offers an option again.
    UnretireOption {
        /// Of which column.
        column: ColumnId,
        /// Which.
        option: ItemId,
    },
    /// Makes one option of two: cells that have the one get the other, and the one is retired.
    MergeOptions {
        /// Of which column.
        column: ColumnId,
        /// The one that goes.
        from: ItemId,
        /// The one that stays.
        into: ItemId,
    },
    /// Takes an earlier change back, as far as nobody went on from there.
    Undo {
        /// Its number.
        change: i64,
    },
}

impl ColumnWork {
    /// Its word in the texts of the interface.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Add(_) => "add",
            Self::Rename { .. } => "rename",
            Self::Describe { .. } => "describe",
            Self::Move { .. } => "move",
            Self::Retire { .. } => "retire",
            Self::Unretire { .. } => "unretire",
            Self::ChangeKind { .. } => "change-kind",
            Self::AddOption { .. } => "add-option",
            Self::RenameOption { .. } => "rename-option",
            Self::MoveOption { .. } => "move-option",
            Self::RetireOption { .. } => "retire-option",
            Self::UnretireOption { .. } => "unretire-option",
            Self::MergeOptions { .. } => "merge-options",
            Self::Undo { .. } => "undo",
        }
    }

    /// The column that it is about; none where an earlier change says it.
    pub fn column(&self) -> Option<&ColumnId> {
        let column = match self {
            Self::Undo { .. } => return None,
            Self::Add(new) => &new.id,
            Self::Rename { column, .. }
            | Self::Describe { column, .. }
            | Self::Move { column, .. }
            | Self::Retire { column }
            | Self::Unretire { column }
            | Self::ChangeKind { column, .. }
            | Self::AddOption { column, .. }
            | Self::RenameOption { column, .. }
            | Self::MoveOption { column, .. }
            | Self::RetireOption { column, .. }
            | Self::UnretireOption { column, .. }
            | Self::MergeOptions { column, .. } => column,
        };
        Some(column)
    }

    /// Whether it can change what cells say or whether they are seen, so that a person is asked first.
    pub fn asks_first(&self) -> bool {
        matches!(self, Self::Retire { .. } | Self::ChangeKind { .. } | Self::MergeOptions { .. })
    }
}

/// A column as somebody saw it: its place among the others left out, since moving one disturbs nobody.
///
/// Whoever decided by an older look is told instead of overwriting what somebody else did meanwhile.
pub fn fingerprint(column: &Column) -> String {
    // FNV-1a: no secret, and the same in every build.
    let seen = Column { order: 0.0, ..column.clone() };
    let json = serde_json::to_string(&seen).expect("a column has a JSON");
    let hash = json.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// Whether a column still is what somebody saw.
pub fn is_as_seen(columns: &Columns, column: &ColumnId, seen: &str) -> bool {
    columns.get(column.as_str()).is_some_and(|column| fingerprint(column) == seen)
}
