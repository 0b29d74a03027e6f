//! What became of each row of a file, for people and for the file they keep.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use super::decisions::{Decisions, Line};
use super::difference::CellChange;
use super::offer::Complaint;
use super::plan::{Conflict, ConflictWhy, ImportPlan, MissingRow};
use super::rows::WhyNot;
use super::work::{Skipped, Work};
use crate::ids::{ImportId, RowId};
use crate::offer::Missing;
use crate::reading::Why;

/// One line per row of the file, in the order of the file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// The name of the file.
    pub file: String,
    /// The import; none before it was applied.
    pub import: Option<ImportId>,
    /// Its rows.
    pub lines: Vec<ReportLine>,
    /// Rows of the table that the file no longer has.
    pub missing: Vec<MissingRow>,
    /// What could not be taken and belongs to none of the rows: notes on a header, hidden columns.
    pub elsewhere: Vec<Complaint>,
}

/// What became of one row of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportLine {
    /// The row of the file.
    pub line: Line,
    /// What people know it by; its words where it is no offer.
    pub title: String,
    /// The row of the table that it is now.
    pub row: Option<RowId>,
    /// What happened.
    pub outcome: Outcome,
    /// Why.
    pub why: Option<Because>,
    /// The cells that were written, old and new; of a row that was added, none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<CellChange>,
    /// The cells where the table stayed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Disagreement>,
    /// What could not be taken as it stood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub complaints: Vec<Remark>,
}

/// What happened to a row of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was added.
    Added,
    /// Cells of its row were changed.
    Changed,
    /// Its row stays as it was.
    Same,
    /// Its row stays as it was, since people had changed it too.
    Conflict,
    /// It was left out.
    Skipped,
    /// It is no offer.
    NotOffer,
}

/// Why that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// It waits for a pilot: this is missing.
    Lacks(Vec<Missing>),
    /// Somebody left it out.
    Decided,
    /// It could be several rows of the table, and nobody said which.
    SeveralRows,
    /// Its row is in the bin.
    InBin,
    /// It is no offer.
    NotOffer(WhyNot),
}

/// A cell where the table stayed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Disagreement {
    /// What stands there, and what the file says.
    pub cell: CellChange,
    /// Why the table stayed.
    pub why: ConflictWhy,
}

/// What could not be taken as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The words of its column.
    pub column: String,
    /// The letters of its column.
    pub letters: String,
    /// The words in question.
    pub words: String,
    /// Why.
    pub why: Why,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 6] =
        [Self::Added, Self::Changed, Self::Same, Self::Conflict, Self::Skipped, Self::NotOffer];

    /// The key of its word in the texts of the interface.
    pub fn key(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Conflict => "conflict",
            Self::Skipped => "skipped",
            Self::NotOffer => "not-offer",
        }
    }

    /// Its word in French.
    pub fn fr(self) -> &'static str {
        match self {
            Self::Added => "ajoutée",
            Self::Changed => "modifiée",
            Self::Same => "déjà là",
            Self::Conflict => "en désaccord, inchangée",
            Self::Skipped => "laissée de côté",
            Self::NotOffer => "pas une formation",
        }
    }
}

impl Because {
    /// The key of its sentence in the texts of the interface. What is missing has keys of its own.
    pub fn key(&self) -> &'static str {
        match self {
            Self::Lacks(_) => "lacks",
            Self::Decided => "decided",
            Self::SeveralRows => "several-rows",
            Self::InBin => "in-bin",
            Self::NotOffer(why) => why.key(),
        }
    }

    /// Its sentence in French.
    pub fn fr(&self) -> String {
        match self {
            Self::Lacks(missing) => missing.iter().map(|it| it.fr()).collect::<Vec<_>>().join(", "),
            Self::Decided => "laissée de côté par la personne qui importe".to_owned(),
            Self::SeveralRows => "plusieurs lignes du tableau pourraient être celle-ci".to_owned(),
            Self::InBin => "la ligne est dans la corbeille et y reste".to_owned(),
            Self::NotOffer(why) => why.fr().to_owned(),
        }
    }
}

impl Report {
    /// The report of a plan that was applied. `ids` are those of the added rows of
    /// [`ImportPlan::decided`], in their order; `moved` the cells that had changed after the plan was made.
    pub fn of(
        plan: &ImportPlan,
        decisions: &Decisions,
        file: &str,
        import: Option<ImportId>,
        ids: &[RowId],
        moved: &[Conflict],
    ) -> Self {
        Self::of_work(plan, &plan.decided(decisions), file, import, ids, moved)
    }

    /// As [`Report::of`], of the work that was done.
    pub fn of_work(
        plan: &ImportPlan,
        work: &Work,
        file: &str,
        import: Option<ImportId>,
        ids: &[RowId],
        moved: &[Conflict],
    ) -> Self {
        let mut lines = Lines::default();
        lines.add_work(work, ids, moved);
        lines.add_rest(plan, work);
        lines.add_conflicts(plan, work, moved);
        let elsewhere = lines.add_complaints(plan);
        Self {
            file: file.to_owned(),
            import,
            lines: lines.in_order(plan),
            missing: plan.missing.clone(),
            elsewhere,
        }
    }
}

#[derive(Default)]
struct Lines(BTreeMap<Line, ReportLine>);

impl Lines {
    fn add(&mut self, line: Line, title: &str, outcome: Outcome) -> &mut ReportLine {
        self.0.entry(line.clone()).or_insert_with(|| ReportLine {
            line,
            title: title.to_owned(),
            row: None,
            outcome,
            why: None,
            cells: Vec::new(),
            conflicts: Vec::new(),
            complaints: Vec::new(),
        })
    }

    fn add_work(&mut self, work: &Work, ids: &[RowId], moved: &[Conflict]) {
        let moved: HashSet<(&RowId, &str)> =
            moved.iter().map(|it| (&it.row, it.cell.key.as_str())).collect();
        for (at, row) in work.add.iter().enumerate() {
            let line = self.add(row.source.line(), &row.title, Outcome::Added);
            line.row = ids.get(at).cloned();
            line.why = Some(row.missing.clone()).filter(|it| !it.is_empty()).map(Because::Lacks);
        }
        for row in &work.change {
            let stayed = |cell: &CellChange| moved.contains(&(&row.row, cell.key.as_str()));
            let cells: Vec<CellChange> =
                row.cells.iter().filter(|cell| !stayed(cell)).cloned().collect();
            let outcome = if cells.is_empty() { Outcome::Conflict } else { Outcome::Changed };
            let line = self.add(row.source.line(), &row.title, outcome);
            (line.row, line.cells) = (Some(row.row.clone()), cells);
        }
        for row in &work.same {
            let line = self.add(row.source.line(), &row.title, Outcome::Same);
            line.row = Some(row.row.clone());
            line.why = row.in_bin.then_some(Because::InBin);
        }
    }

    fn add_rest(&mut self, plan: &ImportPlan, work: &Work) {
        let titles: BTreeMap<Line, &str> = plan
            .added
            .iter()
            .map(|row| (row.source.line(), row.title.as_str()))
            .chain(plan.matched().map(|row| (row.source.line(), row.title.as_str())))
            .chain(plan.undecided.iter().map(|row| (row.source.line(), row.title.as_str())))
            .collect();
        let rows: BTreeMap<Line, &RowId> =
            plan.matched().map(|row| (row.source.line(), &row.row)).collect();
        for (line, why) in &work.skipped {
            let (title, row) = (titles.get(line).copied().unwrap_or_default(), rows.get(line));
            let line = self.add(line.clone(), title, Outcome::Skipped);
            line.row = row.copied().cloned();
            line.why = Some(match why {
                Skipped::Decided => Because::Decided,
                Skipped::Undecided => Because::SeveralRows,
            });
        }
        for row in &plan.not_offers {
            let line = Line::new(row.sheet.as_str(), row.row);
            self.add(line, &row.words, Outcome::NotOffer).why = Some(Because::NotOffer(row.why));
        }
    }

    fn add_conflicts(&mut self, plan: &ImportPlan, work: &Work, moved: &[Conflict]) {
        let written: HashSet<(&RowId, &str)> = work
            .change
            .iter()
            .flat_map(|row| row.cells.iter().map(|cell| (&row.row, cell.key.as_str())))
            .collect();
        let stayed = plan
            .conflicts
            .iter()
            .filter(|it| !written.contains(&(&it.row, it.cell.key.as_str())))
            .map(|it| (it, it.why));
        for (conflict, why) in stayed.chain(moved.iter().map(|it| (it, it.why))) {
            let Some(line) = self.0.get_mut(&conflict.line()) else { continue };
            if line.outcome == Outcome::Same && why != ConflictWhy::InBin {
                line.outcome = Outcome::Conflict;
            }
            line.conflicts.push(Disagreement { cell: conflict.cell.clone(), why });
        }
    }

    /// Puts what could not be taken beside its row; gives what has none.
    fn add_complaints(&mut self, plan: &ImportPlan) -> Vec<Complaint> {
        let mut elsewhere = Vec::new();
        for complaint in &plan.complaints {
            let line = Line::new(complaint.sheet.as_str(), complaint.row);
            let Some(line) = self.0.get_mut(&line) else {
                elsewhere.push(complaint.clone());
                continue;
            };
            line.complaints.push(Remark {
                column: complaint.column.clone(),
                letters: complaint.letters.clone(),
                words: complaint.words.clone(),
                why: complaint.why,
            });
        }
        elsewhere
    }

    /// Sheets in the order of their tabs, rows in the order of their numbers.
    fn in_order(self, plan: &ImportPlan) -> Vec<ReportLine> {
        let place: BTreeMap<&str, usize> =
            plan.sheets.iter().enumerate().map(|(at, sheet)| (sheet.name.as_str(), at)).collect();
        let mut lines: Vec<ReportLine> = self.0.into_values().collect();
        lines.sort_by_key(|line| {
            (place.get(line.line.sheet.as_str()).copied().unwrap_or(usize::MAX), line.line.row)
        });
        lines
    }
}
