//! What an update would do, and what was done.

use serde::{Deserialize, Serialize};

use super::Plain;
use crate::ids::{ColumnId, ImportId, ItemId, PersonId, ProposalId, Revision, RowId, Timestamp};

/// A place in a row that an update can touch: the row itself, or one key of its map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The row's own entry.
    Row,
    /// `~base`: what an import or a rebuild brought. The server's alone.
    Base,
    /// `~order`: where the row stands.
    Order,
    /// `~deleted`: whether the row is in the bin.
    Deleted,
    /// `<column>`: a value or a text.
    Cell(ColumnId),
    /// `<column>/<item>`: one item of a list.
    Item(ColumnId, ItemId),
    /// `<column>~said`: the contributor's own words.
    Said(ColumnId),
}

impl Place {
    /// The column it belongs to, if any.
    pub fn column(&self) -> Option<&ColumnId> {
        match self {
            Self::Cell(column) | Self::Item(column, _) | Self::Said(column) => Some(column),
            Self::Row | Self::Base | Self::Order | Self::Deleted => None,
        }
    }
}

/// What an update would do at one place.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Makes the row.
    MakeRow,
    /// Makes an entry where the row already has one: never allowed.
    ReplaceRow,
    /// Removes the row's entry: never allowed to tabs.
    RemoveRow,
    /// Puts a plain value; null clears.
    Set(Plain),
    /// Makes the text of a cell.
    MakeText,
    /// Removes the key, so that the base value shows again.
    Unset,
    /// Types in a text. UTF-16 units.
    EditText {
        /// Units written.
        inserted: u32,
        /// Units taken away.
        deleted: u32,
    },
}

/// One thing that an update would do: what the rules are asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The row.
    pub row: RowId,
    /// Where in the row.
    pub place: Place,
    /// What.
    pub action: Action,
    /// The same update makes the row.
    pub in_new_row: bool,
}

/// Through what an edit came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Typed in the live table.
    Table,
    /// A text that the server made for an editor (`make-text`).
    MakeText,
    /// An import.
    Import(ImportId),
    /// A proposal that a pilot accepted.
    Proposal(ProposalId),
    /// Two rows that a pilot made one.
    Merge,
    /// Something earlier, written again: a row, an import taken back, a moment of the table.
    Restore,
    /// Work at a column: another kind, two options made one.
    Columns,
    /// A command of the operator.
    Command,
    /// The program itself: the first columns of a table, a rebuild.
    Program,
}

/// What was really done to one cell or row, as history tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The update that did it.
    pub revision: Revision,
    /// The row.
    pub row: RowId,
    /// The key in the row's map (`intitule`, `themes/eau`, `~deleted`…); empty for the row itself.
    pub key: String,
    /// The value before; null where there was none.
    pub before: Plain,
    /// The value after.
    pub after: Plain,
    /// Who; none for the program.
    pub actor: Option<PersonId>,
    /// Through what.
    pub origin: Origin,
    /// When.
    pub at: Timestamp,
    /// It was admitted, and lost to a value written at the same time: `after` never showed, and `before` is
    /// what stands.
    pub lost: bool,
}
