//! Rows that an earlier import brought and that the file no longer has: told, never deleted.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Question;
use super::memory::SheetMark;
use super::plan::{ImportPlan, MissingRow};
use super::told::title_of_row;
use crate::ids::RowId;
use crate::table::Row;

/// Rows that an earlier import of one of these sheets brought and that no row of the file is.
///
/// A sheet is the same if its header is and one of its rows came again, or if its name is and half of them did.
pub(super) fn missing(question: Question<'_>, plan: &ImportPlan) -> Vec<MissingRow> {
    let mut had: HashSet<&RowId> = plan.matched().map(|it| &it.row).collect();
    had.extend(plan.undecided.iter().flat_map(|it| &it.rows));
    let present: HashMap<&RowId, &Row> =
        question.existing.present().map(|row| (&row.id, row)).collect();
    let mut by_sheet: BTreeMap<&SheetMark, Vec<&RowId>> = BTreeMap::new();
    for remembered in question.remembered {
        if let Some(mark) = &remembered.memory.sheet {
            by_sheet.entry(mark).or_default().push(&remembered.row);
        }
    }
    let mut missing = BTreeMap::new();
    for (mark, rows) in by_sheet {
        let came = rows.iter().filter(|row| had.contains(*row)).count();
        let taken = plan.sheets.iter().filter(|it| it.take);
        let left_out = plan.sheets.iter().any(|it| !it.take && it.name == mark.name);
        let is_same = !left_out
            && taken.into_iter().any(|it| {
                (it.fingerprint == mark.fingerprint && came > 0)
                    || (it.name == mark.name && came * 2 >= rows.len() && came > 0)
            });
        for row in rows.into_iter().filter(|row| is_same && !had.contains(*row)) {
            if let Some(row) = present.get(row) {
                missing.insert(&row.id, (title_of_row(row), mark.name.as_str()));
            }
        }
    }
    // In the order of the table.
    let rows = question.existing.present();
    let told = rows.filter_map(|row| {
        let (title, sheet) = missing.get(&row.id)?;
        let (title, sheet) = ((*title).to_owned(), (*sheet).to_owned());
        Some(MissingRow { row: row.id.clone(), title, sheet })
    });
    told.collect()
}
