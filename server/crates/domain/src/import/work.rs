//! What of a plan is really written, once people decided.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::decisions::{Decisions, Line, LineDecision};
use super::difference::CellChange;
use super::memory::Remembered;
use super::plan::{AddedRow, Conflict, ConflictWhy, ImportPlan, MatchedRow, Source};
use crate::ids::RowId;
use crate::offer::Status;
use crate::offer::completeness::missing_in;
use crate::table::{Column, Plain};

/// What would be written, in this order. `add` keeps its order whatever is decided about other rows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Work {
    /// Columns to add first.
    pub columns: Vec<Column>,
    /// Rows to add.
    pub add: Vec<Arc<AddedRow>>,
    /// Rows to change, each with at least one cell.
    pub change: Vec<MatchedRow>,
    /// Rows of which nothing is written, but what the file said is remembered.
    pub same: Vec<MatchedRow>,
    /// Rows that are left out.
    pub skipped: Vec<(Line, Skipped)>,
}

/// Why a row is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skipped {
    /// Somebody said so.
    Decided,
    /// It could be several rows, and nobody said which.
    Undecided,
}

/// How many of each kind, for tabs and buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Columns that would be added.
    pub columns: usize,
    /// Rows that would be added.
    pub added: usize,
    /// Rows that would be changed.
    pub changed: usize,
    /// Cells of them.
    pub cells: usize,
    /// Rows that stay as they are.
    pub same: usize,
    /// Rows of the file that are no offers.
    pub not_offers: usize,
    /// Rows of the file that could be several of the table.
    pub undecided: usize,
    /// Cells where the file and the table disagree.
    pub conflicts: usize,
    /// Of these, those that were settled for the file.
    pub settled: usize,
    /// Rows that stand in the file a second time.
    pub twice: usize,
    /// Rows of the file that resemble rows of the table.
    pub similar: usize,
    /// Rows that the file no longer has.
    pub missing: usize,
    /// Doubts and losses.
    pub complaints: usize,
    /// Rows that are left out because somebody said so.
    pub skipped: usize,
}

impl ImportPlan {
    /// What would really be written. Decisions about rows that the plan does not have count for nothing.
    pub fn decided(&self, decisions: &Decisions) -> Work {
        let mut work = Work { columns: self.new_columns.clone(), ..Work::default() };
        let settled = self.settled(decisions);
        for row in &self.added {
            match decision(decisions, &row.source) {
                Some(it) if it.skip => work.skip(&row.source, Skipped::Decided),
                it => work.add.push(without_cells(row, it)),
            }
        }
        for row in self.matched() {
            let it = decision(decisions, &row.source);
            if it.is_some_and(|it| it.skip) {
                work.skip(&row.source, Skipped::Decided);
                continue;
            }
            let cells: Vec<CellChange> = decided_cells(row, it, &settled).cloned().collect();
            let list = if cells.is_empty() { &mut work.same } else { &mut work.change };
            list.push(MatchedRow { cells, ..row.clone() });
        }
        for row in &self.undecided {
            work.skip(&row.source, Skipped::Undecided);
        }
        work
    }

    /// How many of each kind would be written.
    pub fn counts(&self, decisions: &Decisions) -> Counts {
        let settled = self.settled(decisions);
        let similar: BTreeSet<&Line> = self.similar.iter().map(|it| &it.line).collect();
        let mut counts = Counts {
            columns: self.new_columns.len(),
            not_offers: self.not_offers.len(),
            undecided: self.undecided.len(),
            conflicts: self.conflicts.len(),
            settled: settled.values().map(Vec::len).sum(),
            twice: self.twice.len(),
            similar: similar.len(),
            missing: self.missing.len(),
            complaints: self.complaints.len(),
            ..Counts::default()
        };
        let is_skipped = |source: &Source| decision(decisions, source).is_some_and(|it| it.skip);
        counts.skipped = self.added.iter().filter(|row| is_skipped(&row.source)).count();
        counts.added = self.added.len() - counts.skipped;
        for row in self.matched() {
            let it = decision(decisions, &row.source);
            let cells = decided_cells(row, it, &settled).count();
            match (it.is_some_and(|it| it.skip), cells) {
                (true, _) => counts.skipped += 1,
                (false, 0) => counts.same += 1,
                (false, cells) => {
                    counts.changed += 1;
                    counts.cells += cells;
                }
            }
        }
        counts
    }

    /// The conflicts that were settled for the file, by its rows. Whoever leaves a row out settles nothing in it.
    fn settled(&self, decisions: &Decisions) -> Settled<'_> {
        let mut settled = Settled::new();
        if decisions.lines.is_empty() {
            return settled;
        }
        for conflict in self.conflicts.iter().filter(|it| it.why != ConflictWhy::InBin) {
            let line = conflict.line();
            let is_settled =
                |it: &LineDecision| !it.skip && it.take_cells.contains(&conflict.cell.key);
            if decisions.lines.get(&line).is_some_and(is_settled) {
                settled.entry(line).or_default().push(conflict);
            }
        }
        settled
    }
}

type Settled<'p> = HashMap<Line, Vec<&'p Conflict>>;

fn decision<'d>(decisions: &'d Decisions, source: &Source) -> Option<&'d LineDecision> {
    if decisions.lines.is_empty() { None } else { decisions.lines.get(&source.line()) }
}

/// A new row without the cells that were left out. Its state is never left out: without what every published row
/// has, it waits for a pilot.
fn without_cells(row: &Arc<AddedRow>, decision: Option<&LineDecision>) -> Arc<AddedRow> {
    let mut shared = Arc::clone(row);
    if let Some(decision) = decision.filter(|it| !it.skip_cells.is_empty()) {
        let row = Arc::make_mut(&mut shared);
        let is_state = |key: &str| key == Status::COLUMN;
        row.values.retain(|(key, _)| is_state(key) || !decision.skip_cells.contains(key));
        let value = |column: &str| row.values.iter().find(|(key, _)| key == column);
        row.missing = missing_in(|column| value(column).map_or(&Plain::Null, |(_, value)| value));
        if row.status.is_public() && !row.missing.is_empty() {
            row.status = Status::ToCheck;
            for (_, state) in row.values.iter_mut().filter(|(key, _)| is_state(key)) {
                *state = row.status.into();
            }
        }
    }
    shared
}

fn decided_cells<'p>(
    row: &'p MatchedRow,
    decision: Option<&'p LineDecision>,
    settled: &'p Settled<'p>,
) -> impl Iterator<Item = &'p CellChange> {
    let stays =
        move |cell: &&CellChange| decision.is_none_or(|it| !it.skip_cells.contains(&cell.key));
    let settled = if settled.is_empty() { None } else { settled.get(&row.source.line()) };
    let settled = settled.into_iter().flatten().filter(|it| it.row == row.row);
    row.cells.iter().filter(stays).chain(settled.map(|conflict| &conflict.cell))
}

impl Work {
    fn skip(&mut self, source: &Source, why: Skipped) {
        self.skipped.push((source.line(), why));
    }

    /// The keys that the added rows fill, in order: the slots of their base.
    pub fn slots(&self) -> Vec<String> {
        let keys: BTreeSet<&String> =
            self.add.iter().flat_map(|row| row.values.iter().map(|(key, _)| key)).collect();
        keys.into_iter().cloned().collect()
    }

    /// What to remember once it was written. `ids` are those of the added rows, in their order.
    ///
    /// Rows that were left out are not among them: the next import proposes them again. A cell that was left out
    /// is: whoever decided need not decide again.
    pub fn to_remember(&self, ids: &[RowId]) -> Vec<Remembered> {
        let rows = self.remembered(ids).map(|(source, row)| Remembered {
            match_key: source.match_key.clone(),
            row: row.clone(),
            memory: source.memory.clone(),
        });
        rows.collect()
    }

    /// As [`Work::to_remember`], one by one: all memories at once would be as large as the plan.
    pub fn remembered<'w>(
        &'w self,
        ids: &'w [RowId],
    ) -> impl Iterator<Item = (&'w Source, &'w RowId)> {
        let added = self.add.iter().zip(ids).map(|(row, id)| (&row.source, id));
        let matched = self.change.iter().chain(&self.same).filter(|row| !row.source.own_extract);
        let matched = matched.map(|row| (&row.source, &row.row));
        added.chain(matched)
    }
}
