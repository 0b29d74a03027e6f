//! What an import would do: complete, so that applying it needs no second look at the file.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::decisions::Line;
use super::difference::CellChange;
use super::grid::ReadAs;
use super::memory::Memory;
use super::offer::Complaint;
use super::rows::NotOffer;
use super::sheet::SheetPlan;
use super::similar::Similar;
use crate::ids::RowId;
use crate::offer::{Missing, Status};
use crate::table::{Column, Plain};

/// What an import would do. Nothing has been done yet.
///
/// Each row of the file stands in exactly one of `added`, `changed`, `same`, `undecided` and `not_offers`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportPlan {
    /// As what the file was read.
    pub read_as: Option<ReadAs>,
    /// All sheets in order, taken or not.
    pub sheets: Vec<SheetPlan>,
    /// Columns that the import adds to the table.
    pub new_columns: Vec<Column>,
    /// Rows that the table has not yet; shared with the work that writes them.
    pub added: Vec<Arc<AddedRow>>,
    /// Rows of the table of which cells would change.
    pub changed: Vec<MatchedRow>,
    /// Rows of the table that stay as they are, unless somebody settles a conflict for the file.
    pub same: Vec<MatchedRow>,
    /// Rows of the file that could be several rows of the table: nothing is done until somebody says which.
    pub undecided: Vec<Undecided>,
    /// Rows of the file that are no offers, or were not asked for.
    pub not_offers: Vec<NotOffer>,
    /// Cells where the file and the table disagree and the table stays, unless somebody says otherwise.
    pub conflicts: Vec<Conflict>,
    /// Rows that stand in the file a second time. They are taken, too.
    pub twice: Vec<Twice>,
    /// Rows of the table that resemble rows of the file. Nothing follows from it until somebody says so.
    pub similar: Vec<Similar>,
    /// Rows that an earlier import of the same sheet brought and that the file no longer has. They stay.
    pub missing: Vec<MissingRow>,
    /// What could not be taken as it stands.
    pub complaints: Vec<Complaint>,
}

/// Where a row of a plan comes from, and what will be remembered of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: u32,
    /// By which the row is found again at the next import.
    pub match_key: String,
    /// What the file said.
    pub memory: Memory,
    /// The sheet is an extract of this table: its rows say where they came from, and the memory of the sheet
    /// that brought them is kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_extract: bool,
}

/// A row that would be added.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddedRow {
    /// Where it comes from.
    pub source: Source,
    /// What people know it by.
    pub title: String,
    /// Its values by slot key, `etat` among them.
    pub values: Vec<(String, Plain)>,
    /// Its state.
    pub status: Status,
    /// What keeps it from being published.
    pub missing: Vec<Missing>,
}

/// A row of the file that the table already has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatchedRow {
    /// Where it comes from.
    pub source: Source,
    /// What people know it by: its title in the table.
    pub title: String,
    /// The row of the table.
    pub row: RowId,
    /// The cells that would change; none in a row that stays the same.
    pub cells: Vec<CellChange>,
    /// The row is in the bin and stays there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_bin: bool,
}

/// A row of the file that could be several rows of the table, or of which there are more than in the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Undecided {
    /// Where it comes from.
    pub source: Source,
    /// Its title in the file.
    pub title: String,
    /// The rows of the table that it could be.
    pub rows: Vec<RowId>,
}

/// A cell where the file and the table disagree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// The sheet.
    pub sheet: String,
    /// The row in the file.
    pub file_row: u32,
    /// The row of the table.
    pub row: RowId,
    /// What stands there, and what the file says.
    pub cell: CellChange,
    /// Why the table stays.
    #[serde(default)]
    pub why: ConflictWhy,
}

/// Why the table stays where the file says something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictWhy {
    /// Both the file and people changed it since the last import.
    #[default]
    BothChanged,
    /// People wrote the row, or this cell of it.
    ByHand,
    /// The row is in the bin. Nobody can settle this for the file: the row has to come back first.
    InBin,
    /// It changed after the plan was made.
    Moved,
}

/// A row that stands in the file a second time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twice {
    /// The second one.
    pub line: Line,
    /// The first one.
    pub first: Line,
    /// What people know it by.
    pub title: String,
}

/// A row of the table that the file no longer has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingRow {
    /// The row.
    pub row: RowId,
    /// What people know it by.
    pub title: String,
    /// The sheet that had it.
    pub sheet: String,
}

impl ConflictWhy {
    /// The key of its sentence in the texts of the interface, and its word in plans.
    pub fn key(self) -> &'static str {
        match self {
            Self::BothChanged => "both-changed",
            Self::ByHand => "by-hand",
            Self::InBin => "in-bin",
            Self::Moved => "moved",
        }
    }

    /// Its sentence in French.
    pub fn fr(self) -> &'static str {
        match self {
            Self::BothChanged => "changé ici aussi depuis le dernier import",
            Self::ByHand => "écrit ici à la main",
            Self::InBin => "la ligne est dans la corbeille",
            Self::Moved => "changé ici depuis que le plan a été fait",
        }
    }
}

impl Source {
    /// The row of the file.
    pub fn line(&self) -> Line {
        Line::new(self.sheet.as_str(), self.row)
    }
}

impl Conflict {
    /// The row of the file.
    pub fn line(&self) -> Line {
        Line::new(self.sheet.as_str(), self.file_row)
    }
}

impl ImportPlan {
    /// How many rows of the file are offers.
    pub fn offers(&self) -> usize {
        self.added.len() + self.changed.len() + self.same.len() + self.undecided.len()
    }

    /// Whether applying it as it is would change nothing.
    pub fn changes_nothing(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.new_columns.is_empty()
    }

    /// The rows of the table that rows of the file are.
    pub fn matched(&self) -> impl Iterator<Item = &MatchedRow> {
        self.changed.iter().chain(&self.same)
    }
}
