//! From the sheets of a book to where each of their columns goes: what headers say, what is recalled, what a
//! person decided, in this order, the last one wins.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Question;
use super::decisions::{Blank, MapTo, NewColumn, SheetDecisions};
use super::grid::{RawRow, RawSheet, column_letters};
use super::header::{self, Header, HeaderCell, takes_several};
use super::names::{Names, Target};
use super::sheet::{self, ColumnPlan, MapIssue, MappedBy, SheetPlan, WhyNotTaken};
use crate::ids::ColumnId;
use crate::reading::text::one_line;
use crate::table::column_work::{ColumnError, LONGEST_LABEL, new_column};
use crate::table::{Column, Columns};
use crate::text::fold;

/// How far down a header that is recalled may stand.
const DEEPEST: usize = 40;

/// A sheet with its mapping.
pub(super) struct MappedSheet<'a> {
    /// The sheet as it was found.
    pub raw: &'a RawSheet,
    /// What a person sees of it. Its header has the targets as they are used.
    pub plan: SheetPlan,
    /// Columns of the sheet of which no cell is read: those that a person ignores, and identifiers.
    pub set_aside: BTreeSet<u32>,
    /// The column that holds identifiers of rows.
    pub id_at: Option<u32>,
    /// The columns of the table that the sheet fills.
    pub mapped: BTreeSet<String>,
    /// Those of them that an empty cell empties.
    pub cleared: BTreeSet<String>,
}

/// Maps the sheets of a book, one after the other.
pub(super) struct Mapper<'a> {
    question: Question<'a>,
    names: Names,
    ids: HashSet<&'a str>,
    /// The columns of the table, with those that the import adds.
    pub columns: Columns,
    /// The columns that the import adds.
    pub added: Vec<Column>,
}

impl<'a> Mapper<'a> {
    pub fn new(question: Question<'a>) -> Self {
        let columns = &question.existing.columns;
        Self {
            question,
            names: Names::of(columns),
            ids: question.existing.rows.iter().map(|row| row.id.as_str()).collect(),
            columns: columns.clone(),
            added: Vec::new(),
        }
    }

    /// All sheets of the book under names of their own.
    pub fn map_all(&mut self) -> Vec<MappedSheet<'a>> {
        let mut names = BTreeSet::new();
        let sheets = &self.question.book.sheets;
        let named: Vec<(&RawSheet, String)> =
            sheets.iter().map(|sheet| (sheet, free_name(&mut names, &sheet.name))).collect();
        let headers: Vec<Option<Header>> =
            named.iter().map(|(sheet, name)| self.header_of(sheet, name)).collect();
        let mut seen = BTreeMap::new();
        for header in headers.iter().flatten() {
            *seen.entry(header::fingerprint(header)).or_insert(0) += 1;
        }
        let sheets = named.into_iter().zip(headers);
        let drafts: Vec<Draft<'a>> =
            sheets.map(|((sheet, name), header)| self.draft(sheet, name, header, &seen)).collect();
        for draft in &drafts {
            self.make_columns(draft);
        }
        drafts.into_iter().map(|draft| self.map(draft)).collect()
    }

    fn decided(&self, name: &str) -> Option<&'a SheetDecisions> {
        self.question.decisions.sheets.get(name)
    }

    /// The line that a person chose, else one that is recalled, else the one that looks like it.
    fn header_of(&self, sheet: &RawSheet, name: &str) -> Option<Header> {
        let columns = &self.question.existing.columns;
        if let Some(line) = self.decided(name).and_then(|it| it.header_line) {
            return Header::at_line(sheet, line, &self.names, columns);
        }
        let is_known =
            |header: &Header| self.question.recalled.contains_key(&header::fingerprint(header));
        let found = Header::find(sheet, &self.names, columns);
        if self.question.recalled.is_empty() || found.as_ref().is_some_and(is_known) {
            return found;
        }
        let lines = sheet.rows.iter().take(DEEPEST).filter(|row| !row.is_empty());
        let lines =
            lines.filter_map(|row| Header::at_line(sheet, row.number, &self.names, columns));
        lines.into_iter().find(is_known).or(found)
    }

    /// A sheet with its columns, before it is known where they go.
    fn draft(
        &self,
        raw: &'a RawSheet,
        name: String,
        header: Option<Header>,
        seen: &BTreeMap<String, usize>,
    ) -> Draft<'a> {
        let decided = self.decided(&name);
        let mut plan =
            SheetPlan { name, hidden: raw.hidden, head: sheet::head(raw), ..SheetPlan::default() };
        let Some(header) = header else {
            let chosen = decided.is_some_and(|it| it.header_line.is_some());
            let why = if chosen { WhyNotTaken::EmptyLine } else { WhyNotTaken::NoHeader };
            plan.why_not = Some(why);
            return Draft { raw, plan, header: None, decided, recalled: None };
        };
        plan.fingerprint = header::fingerprint(&header);
        let recalled = self.question.recalled.get(&plan.fingerprint);
        plan.recalled = recalled.is_some();
        // Where several sheets have one header, what is recalled says nothing of one of them.
        let recalled_take =
            recalled.filter(|_| seen.get(&plan.fingerprint) == Some(&1)).and_then(|it| it.take);
        plan.take = decided.and_then(|it| it.take).or(recalled_take).unwrap_or(true);
        plan.why_not = (!plan.take).then_some(WhyNotTaken::Decided);
        plan.columns = sheet::columns(raw, &header);
        Draft { raw, plan, header: Some(header), decided, recalled }
    }

    /// Makes the new columns of a sheet. All of a file are made before any of its columns is sent somewhere: where
    /// one goes must not hang on which of them stands first.
    fn make_columns(&mut self, draft: &Draft<'_>) {
        for column in &draft.plan.columns {
            if let Some((to @ MapTo::New(_), _)) = draft.asked(column.at) {
                // What is wrong with it is told where the column itself is looked at.
                let _ = self.checked(to, column, draft.plan.take);
            }
        }
    }

    fn map(&mut self, mut draft: Draft<'a>) -> MappedSheet<'a> {
        let mut columns = std::mem::take(&mut draft.plan.columns);
        for column in &mut columns {
            self.ask(column, draft.asked(column.at), draft.plan.take);
        }
        let Draft { raw, mut plan, header, decided, recalled } = draft;
        let Some(header) = header else { return MappedSheet::without_columns(raw, plan) };
        plan.columns = columns;
        let id_at = self.find_ids(raw, &header, &mut plan.columns);
        let targets = self.settle(&mut plan.columns);
        self.put_blanks(&mut plan.columns, &targets, decided, recalled);
        let set_aside = set_aside(&plan.columns);
        let header = with_targets(header, &plan.columns, &targets);
        let ids = |column: &ColumnPlan| targets.get(&column.at).map(|it| it.column().to_string());
        let cleared = plan.columns.iter().filter(|column| column.blank == Blank::Clear);
        let cleared = cleared.filter_map(ids).collect();
        let mapped = plan.columns.iter().filter_map(ids).collect();
        plan.header = Some(header);
        MappedSheet { raw, plan, set_aside, id_at, mapped, cleared }
    }

    /// Puts what a person or an earlier import says in the place of what the header says.
    fn ask(&mut self, column: &mut ColumnPlan, asked: Option<(&MapTo, MappedBy)>, take: bool) {
        let Some((to, by)) = asked else { return };
        match self.checked(to, column, take) {
            Ok(to) => column.target = Some(to),
            // What was recalled and does not fit any more says nothing.
            Err(_) if by == MappedBy::Recalled => return,
            Err(issue) => (column.target, column.issue) = (None, Some(issue)),
        }
        (column.by, column.confidence) = (by, 1.0);
    }

    /// Whether a column can go there. A new column is made; one that was made meanwhile is a column.
    fn checked(&mut self, to: &MapTo, column: &ColumnPlan, take: bool) -> Result<MapTo, MapIssue> {
        let in_use = |id: &ColumnId| self.columns.get(id.as_str()).filter(|it| !it.archived);
        match to {
            MapTo::Ignore => Ok(MapTo::Ignore),
            MapTo::Column(id) => match in_use(id) {
                Some(_) => Ok(to.clone()),
                None => Err(MapIssue::NoSuchColumn),
            },
            MapTo::Said(id) => match in_use(id) {
                Some(column) if column.kind.is_text() => Err(MapIssue::NoWordsBeside),
                Some(_) => Ok(to.clone()),
                None => Err(MapIssue::NoSuchColumn),
            },
            MapTo::New(new) => match in_use(&new.id) {
                Some(made) if self.added.iter().any(|it| it.id == new.id) => {
                    let (id, label) = (new.id.clone(), made.label.fr.clone());
                    Ok(MapTo::New(NewColumn { id, label, kind: made.kind }))
                }
                Some(_) => Ok(MapTo::Column(new.id.clone())),
                None if !take => Ok(to.clone()),
                None => self.add(new, column).map(MapTo::New),
            },
        }
    }

    fn add(&mut self, new: &NewColumn, under: &ColumnPlan) -> Result<NewColumn, MapIssue> {
        let names = [new.label.as_str(), under.words.as_str(), under.letters.as_str()];
        let label = names.into_iter().map(label).find(|it| !it.is_empty());
        let label = label.unwrap_or_default();
        let column = new_column(new.id.clone(), &label, new.kind, &self.columns);
        let column = column.map_err(|error| match error {
            ColumnError::LabelTaken(_) => MapIssue::NameTaken,
            ColumnError::TooManyColumns => MapIssue::TooManyColumns,
            _ => MapIssue::NoSuchColumn,
        })?;
        self.added.push(column.clone());
        let all = self.columns.iter().cloned().chain([column]);
        self.columns = Columns::new(all.collect());
        Ok(NewColumn { id: new.id.clone(), label, kind: new.kind })
    }

    /// The column of identifiers, as our own extracts have it: its name says so, and a row has one of them.
    fn find_ids(&self, raw: &RawSheet, header: &Header, columns: &mut [ColumnPlan]) -> Option<u32> {
        let named = |column: &&mut ColumnPlan| {
            column.target.is_none()
                && column.issue.is_none()
                && matches!(fold(&column.words).trim(), "id" | "identifiant")
        };
        let below = || raw.rows.iter().filter(|row| row.number > header.last_line());
        let of_table = |row: &RawRow, at: u32| {
            row.cell(at).is_some_and(|cell| self.ids.contains(cell.shown.trim()))
        };
        let found =
            columns.iter_mut().filter(named).find(|it| below().any(|row| of_table(row, it.at)));
        let column = found?;
        (column.is_id, column.confidence) = (true, 1.0);
        Some(column.at)
    }

    /// Leaves one column to each place, unless words can be added there: what a person says goes first, then what
    /// is recalled, then what is surer.
    fn settle(&self, columns: &mut [ColumnPlan]) -> BTreeMap<u32, Target> {
        let mut order: Vec<usize> = (0..columns.len()).collect();
        let rank = |column: &ColumnPlan| match column.by {
            MappedBy::Person => 0,
            MappedBy::Recalled => 1,
            MappedBy::Header => 2,
        };
        order.sort_by(|a, b| {
            let (a, b) = (&columns[*a], &columns[*b]);
            rank(a).cmp(&rank(b)).then(b.confidence.total_cmp(&a.confidence)).then(a.at.cmp(&b.at))
        });
        let mut first: BTreeMap<Target, u32> = BTreeMap::new();
        let mut targets = BTreeMap::new();
        for place in order {
            let column = &mut columns[place];
            let Some(target) = column.target.as_ref().and_then(MapTo::target) else { continue };
            let taken = first.get(&target).copied();
            if let Some(with) = taken.filter(|_| !takes_several(&target, &self.columns)) {
                column.issue = Some(MapIssue::TwoForOne { with: column_letters(with) });
                column.confidence = 0.0;
                continue;
            }
            first.entry(target.clone()).or_insert(column.at);
            column.new = matches!(column.target, Some(MapTo::New(_)));
            targets.insert(column.at, target);
        }
        targets
    }

    fn put_blanks(
        &self,
        columns: &mut [ColumnPlan],
        targets: &BTreeMap<u32, Target>,
        decided: Option<&SheetDecisions>,
        recalled: Option<&SheetDecisions>,
    ) {
        for column in columns {
            let Some(Target::Cell(id)) = targets.get(&column.at) else { continue };
            let said = self.question.decisions.blanks.get(id);
            let said =
                said.or_else(|| decided?.blanks.get(id)).or_else(|| recalled?.blanks.get(id));
            column.blank = said.copied().unwrap_or_default();
        }
    }
}

/// A sheet on its way to its mapping.
struct Draft<'a> {
    raw: &'a RawSheet,
    plan: SheetPlan,
    header: Option<Header>,
    decided: Option<&'a SheetDecisions>,
    recalled: Option<&'a SheetDecisions>,
}

impl Draft<'_> {
    /// Where somebody sends a column: what a person says goes before what is recalled.
    fn asked(&self, at: u32) -> Option<(&MapTo, MappedBy)> {
        let person = self.decided.and_then(|it| it.mapping.get(&at));
        let memory = self.recalled.and_then(|it| it.mapping.get(&at));
        person.map(|to| (to, MappedBy::Person)).or(memory.map(|to| (to, MappedBy::Recalled)))
    }
}

impl<'a> MappedSheet<'a> {
    fn without_columns(raw: &'a RawSheet, plan: SheetPlan) -> Self {
        let nothing = BTreeSet::new;
        let (mapped, cleared) = (nothing(), nothing());
        Self { raw, plan, set_aside: BTreeSet::new(), id_at: None, mapped, cleared }
    }
}

/// Decisions name sheets: of two with one name, the second gets another.
fn free_name(taken: &mut BTreeSet<String>, name: &str) -> String {
    let others = (2..).map(|number| format!("{name} ({number})"));
    let free = std::iter::once(name.to_owned()).chain(others).find(|it| !taken.contains(it));
    let free = free.expect("numbers do not end");
    taken.insert(free.clone());
    free
}

fn label(words: &str) -> String {
    let words = one_line(words);
    words
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_LABEL)
        .collect::<String>()
        .trim()
        .to_owned()
}

fn set_aside(columns: &[ColumnPlan]) -> BTreeSet<u32> {
    let aside = columns.iter().filter(|it| it.is_id || it.target == Some(MapTo::Ignore));
    aside.map(|column| column.at).collect()
}

/// The header with the targets as they are used; columns without words get their letters for words.
fn with_targets(header: Header, columns: &[ColumnPlan], targets: &BTreeMap<u32, Target>) -> Header {
    let had: BTreeSet<u32> = header.columns.iter().map(|cell| cell.at).collect();
    let used = columns.iter().filter(|it| had.contains(&it.at) || targets.contains_key(&it.at));
    let cells = used.map(|column| {
        let target = targets.get(&column.at).cloned();
        let confidence = if target.is_some() { column.confidence } else { 0.0 };
        let words = if had.contains(&column.at) { &column.words } else { &column.letters };
        HeaderCell { at: column.at, words: words.clone(), target, confidence }
    });
    Header { columns: cells.collect(), ..header }
}

impl MapTo {
    /// The place in a row.
    pub(super) fn target(&self) -> Option<Target> {
        match self {
            Self::Ignore => None,
            Self::Column(id) | Self::New(NewColumn { id, .. }) => Some(Target::Cell(id.clone())),
            Self::Said(id) => Some(Target::Said(id.clone())),
        }
    }
}
