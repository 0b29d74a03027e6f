//! Small workbooks, a table that follows a plan.

use std::collections::BTreeMap;

use super::super::*;
use crate::ids::{ColumnId, RowId};
use crate::table::defaults::formations;
use crate::table::{Columns, Row};

pub fn book(rows: &[&[&str]]) -> RawBook {
    let rows = rows.iter().enumerate().map(|(at, cells)| {
        let cells = cells.iter().enumerate().filter(|(_, words)| !words.is_empty());
        let cells = cells.map(|(at, words)| RawCell::text(u32::try_from(at).unwrap(), *words));
        RawRow { number: u32::try_from(at + 1).unwrap(), hidden: false, cells: cells.collect() }
    });
    let sheet = RawSheet { name: "Feuille".into(), rows: rows.collect(), ..RawSheet::default() };
    RawBook { sheets: vec![sheet], ..RawBook::default() }
}

pub const HEADER: &[&str] =
    &["Intitulé", "Organisme", "Type", "Thèmes", "Durée", "Lien", "Suivi par"];

pub fn empty_table() -> TableValues {
    TableValues { columns: Columns::new(formations()), rows: vec![] }
}

pub fn first_plan(book: &RawBook) -> ImportPlan {
    let existing = empty_table();
    plan(Question { first_import: true, ..asked(book, &existing) })
}

/// What the table and the memory are once a plan was applied.
pub fn applied(plan: &ImportPlan, table: &mut TableValues) -> Vec<Remembered> {
    let from = table.rows.len();
    let ids: Vec<RowId> =
        (0..plan.added.len()).map(|at| RowId::new(&format!("r{}", from + at)).unwrap()).collect();
    let columns = table.columns.iter().cloned().chain(plan.new_columns.clone());
    table.columns = Columns::new(columns.collect());
    for (added, id) in plan.added.iter().zip(&ids) {
        let mut row = Row {
            id: id.clone(),
            cells: BTreeMap::new(),
            said: BTreeMap::new(),
            order: String::new(),
            deleted: false,
        };
        for (key, value) in &added.values {
            match key.strip_suffix("~said") {
                Some(column) => {
                    let said = value.as_text().unwrap().to_owned();
                    row.said.insert(ColumnId::new(column).unwrap(), said);
                }
                None => {
                    row.cells.insert(ColumnId::new(key).unwrap(), value.clone());
                }
            }
        }
        table.rows.push(row);
    }
    plan.decided(&Decisions::default()).to_remember(&ids)
}

/// The question about a file that comes later, with nothing decided and nothing remembered.
pub fn asked<'a>(book: &'a RawBook, existing: &'a TableValues) -> Question<'a> {
    const UNDECIDED: &Decisions =
        &Decisions { sheets: BTreeMap::new(), blanks: BTreeMap::new(), lines: BTreeMap::new() };
    const NO_RECALL: &BTreeMap<String, SheetDecisions> = &BTreeMap::new();
    Question {
        book,
        existing,
        remembered: &[],
        first_import: false,
        decisions: UNDECIDED,
        recalled: NO_RECALL,
    }
}
