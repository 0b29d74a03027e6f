//! Work at columns, in the server's own transaction: the columns themselves, and the cells that go with them.
//!
//! Either all of it is done or nothing is touched. A column that gives its place to one of another kind keeps
//! its cells, so a change can be taken back whatever became of the new ones.

use tablee_domain::ids::{ColumnId, ItemId, RowId, Timestamp};
use tablee_domain::offer::words::vocabulary;
use tablee_domain::reading::Why;
use tablee_domain::table::column_work::convert::Conversion;
use tablee_domain::table::column_work::{self, Both, ColumnError, ColumnWork, merge};
use tablee_domain::table::{Column, Edit, Place, Plain, Row};

use crate::Writing;
use crate::layout::key_of;
use crate::restore::take_back;

/// What a change of columns did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changed {
    /// The columns that changed, before and after.
    pub columns: Vec<Both>,
    /// Cells that say another thing now.
    pub cells: usize,
    /// Cells, of rows that are not in the bin, that are no longer seen: those of columns that were retired.
    pub hidden: usize,
    /// Cells that somebody should look at.
    pub doubts: Vec<CellDoubt>,
    /// Places that stay as they are because somebody wrote there since.
    pub kept: Vec<(RowId, String)>,
}

/// A cell that was not understood as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellDoubt {
    /// The row.
    pub row: RowId,
    /// The column that holds it now.
    pub column: ColumnId,
    /// The words in question.
    pub words: String,
    /// Why.
    pub why: Why,
}

/// A change that shall be taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Undoing {
    /// The columns before and after it.
    pub columns: Vec<Both>,
    /// What it did to cells.
    pub edits: Vec<Edit>,
    /// It took another one back: taking it back does that one's work at the cells again, as they are today.
    pub again: Option<ColumnWork>,
}

/// Does a piece of work, if the column still is as somebody saw it.
pub fn change(
    writing: &mut Writing<'_>,
    work: &ColumnWork,
    seen: Option<&str>,
) -> Result<Changed, ColumnError> {
    if let (Some(seen), Some(column)) = (seen, work.column())
        && !matches!(work, ColumnWork::Add(_))
        && !column_work::is_as_seen(writing.columns(), column, seen)
    {
        return Err(ColumnError::Moved);
    }
    let columns = column_work::apply(work, writing.columns())?;
    let mut done = Changed::default();
    put(writing, columns, &mut done);
    work_at_cells(writing, work, &mut done);
    count_hidden(writing, &mut done);
    Ok(done)
}

/// Takes a change back where what it left still stands, and names the rest.
pub fn undo(
    writing: &mut Writing<'_>,
    undoing: &Undoing,
    at: Timestamp,
) -> Result<Changed, ColumnError> {
    let undone = column_work::undo(&undoing.columns, writing.columns())?;
    let mut done = Changed::default();
    put(writing, undone.changed, &mut done);
    if let Some(work) = &undoing.again {
        work_at_cells(writing, work, &mut done);
    } else {
        let restored = take_back(writing, &undoing.edits, at, |_| false);
        (done.cells, done.kept) = (restored.changed, restored.kept);
        name_left(writing, &undoing.columns, &mut done);
    }
    count_hidden(writing, &mut done);
    Ok(done)
}

/// Retires those of these columns in which nothing stands that is seen, and on which nothing relies.
pub fn retire_empty(writing: &mut Writing<'_>, columns: &[ColumnId]) {
    let rows = writing.rows();
    let seen = |id: &ColumnId| rows.iter().any(|row| !row.deleted && says_something(row, id));
    for id in columns.iter().filter(|id| !seen(id)) {
        let work = ColumnWork::Retire { column: id.clone() };
        // One that a person has retired since is as it shall be.
        if let Ok(retired) = column_work::apply(&work, writing.columns()) {
            writing.add_columns(&retired);
        }
    }
}

fn put(writing: &mut Writing<'_>, columns: Vec<Column>, done: &mut Changed) {
    for after in columns {
        let before = writing.columns().get(after.id.as_str()).cloned();
        writing.add_columns(std::slice::from_ref(&after));
        done.columns.push(Both { before, after });
    }
}

fn work_at_cells(writing: &mut Writing<'_>, work: &ColumnWork, done: &mut Changed) {
    match work {
        ColumnWork::ChangeKind { column, new_id, .. } => convert(writing, column, new_id, done),
        ColumnWork::MergeOptions { column, from, into } => {
            merge_options(writing, column, (from, into), done);
        }
        _ => {}
    }
}

/// Fills the new column with what the readings understand in the old one. A new cell that says something
/// already keeps it.
fn convert(writing: &mut Writing<'_>, from: &ColumnId, to: &ColumnId, done: &mut Changed) {
    let column = |id: &ColumnId| writing.columns().get(id.as_str()).cloned();
    let (Some(old), Some(new)) = (column(from), column(to)) else { return };
    let (old_words, new_words) = (vocabulary(&old), vocabulary(&new));
    let conversion = Conversion { from: (&old, &old_words), to: (&new, &new_words) };
    let beside = key_of(&Place::Said(to.clone()));
    for row in writing.rows() {
        let said = row.said.get(from).map_or("", String::as_str);
        let is_empty = row.cell(from.as_str()).is_empty() && said.is_empty();
        if is_empty {
            continue;
        }
        if says_something(&row, to) {
            done.kept.push((row.id.clone(), from.to_string()));
            continue;
        }
        let converted = conversion.of(row.cell(from.as_str()), said);
        let mut changed = writing.set(&row.id, to.as_str(), converted.value);
        if !converted.said.is_empty() {
            changed |= writing.set(&row.id, &beside, Plain::Text(converted.said));
        }
        done.cells += usize::from(changed);
        let doubts = converted.doubts.into_iter().map(|doubt| CellDoubt {
            row: row.id.clone(),
            column: to.clone(),
            words: doubt.words,
            why: doubt.why,
        });
        done.doubts.extend(doubts);
    }
}

fn merge_options(
    writing: &mut Writing<'_>,
    column: &ColumnId,
    (from, into): (&ItemId, &ItemId),
    done: &mut Changed,
) {
    for row in writing.rows() {
        if let Some(value) = merge::merged(row.cell(column.as_str()), from, into) {
            done.cells += usize::from(writing.set(&row.id, column.as_str(), value));
        }
    }
}

fn says_something(row: &Row, column: &ColumnId) -> bool {
    !row.cell(column.as_str()).is_empty() || row.said.contains_key(column)
}

/// Columns that were in use before and are not any more.
fn retired(done: &Changed) -> Vec<ColumnId> {
    let gone = done.columns.iter().filter(|both| {
        both.after.archived && both.before.as_ref().is_some_and(|before| !before.archived)
    });
    gone.map(|both| both.after.id.clone()).collect()
}

fn count_hidden(writing: &Writing<'_>, done: &mut Changed) {
    let retired = retired(done);
    if retired.is_empty() {
        return;
    }
    let rows = writing.rows().into_iter().filter(|row| !row.deleted);
    done.hidden =
        rows.map(|row| retired.iter().filter(|column| says_something(&row, column)).count()).sum();
}

/// What people wrote since in a column that the change had made stays there, retired with it: each place is
/// named, once.
fn name_left(writing: &Writing<'_>, change: &[Both], done: &mut Changed) {
    let made: Vec<&ColumnId> =
        change.iter().filter(|both| both.before.is_none()).map(|both| &both.after.id).collect();
    if made.is_empty() {
        return;
    }
    for row in writing.rows() {
        for column in made.iter().filter(|column| says_something(&row, column)) {
            let is_named = done.kept.iter().any(|(of, place)| {
                *of == row.id && place.split(['/', '~']).next() == Some(column.as_str())
            });
            if !is_named {
                done.kept.push((row.id.clone(), column.to_string()));
            }
        }
    }
}
