//! From a workbook to a plan: what an import would do, before anything is done.
//!
//! Every word of every cell ends up somewhere: in a row (a value or the contributor's own words), in the
//! mapping (headers), among the rows that are no offers, or among the complaints. To teach it a habit of
//! French offices: [`names`] for headers, [`rows`] for what is not an offer, `reading` for what cells say.

mod aliases;
mod asides;
mod cell;
mod dates;
pub mod decisions;
pub mod difference;
pub mod grid;
pub mod header;
mod json;
mod mapping;
pub mod matching;
pub mod memory;
mod missing;
pub mod names;
pub mod offer;
mod options;
pub mod plan;
mod planner;
pub mod report;
pub mod rows;
pub mod sheet;
pub mod similar;
mod told;
pub mod work;

pub use decisions::{Blank, Decisions, Is, Line, LineDecision, MapTo, NewColumn, SheetDecisions};

pub use difference::CellChange;
pub use grid::{FileKind, RawBook, RawCell, RawNote, RawRow, RawSheet, ReadAs};
pub use memory::{Memory, Remembered, SheetMark};
pub use offer::Complaint;
pub use plan::{
    AddedRow, Conflict, ConflictWhy, ImportPlan, MatchedRow, MissingRow, Source, Twice, Undecided,
};
pub use report::{Because, Disagreement, Outcome, Remark, Report, ReportLine};
pub use rows::{NotOffer, WhyNot};
pub use sheet::{ColumnPlan, MapIssue, MappedBy, SheetPlan, WhyNotTaken};
pub use similar::Similar;
pub use work::{Counts, Skipped, Work};

use std::collections::BTreeMap;

use crate::table::TableValues;

/// What is asked: what would this workbook do to this table?
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The workbook.
    pub book: &'a RawBook,
    /// The table as it stands, with its columns.
    pub existing: &'a TableValues,
    /// What earlier imports brought.
    pub remembered: &'a [Remembered],
    /// Whether it is the first import, which publishes what may be published.
    pub first_import: bool,
    /// What a person decided about an earlier plan of it.
    pub decisions: &'a Decisions,
    /// What is recalled of headers, by their fingerprints.
    pub recalled: &'a BTreeMap<String, SheetDecisions>,
}

/// Answers the question. Pure: the same file, table and decisions give the same plan.
pub fn plan(question: Question<'_>) -> ImportPlan {
    planner::plan(question)
}

#[cfg(test)]
mod tests;
