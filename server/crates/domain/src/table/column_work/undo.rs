//! Taking a change of columns back: what still stands as the change left it becomes what it was before.

use serde::{Deserialize, Serialize};

use super::apply::may_stand;
use super::{ColumnError, MOST_EVER};
use crate::ids::ColumnId;
use crate::table::{Choice, Column, Columns};

/// One column before and after a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Both {
    /// As it was; none where the change made it.
    pub before: Option<Column>,
    /// As the change left it.
    pub after: Column,
}

/// What is left of a change that was taken back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Undone {
    /// The columns that change, as they will be.
    pub changed: Vec<Column>,
    /// Columns of which somebody changed something since: that much stays as it is.
    pub kept: Vec<ColumnId>,
}

/// What must be written to take a change back. A column that it made is retired: somebody may have written in
/// it, and tabs that are away may still.
pub fn undo(change: &[Both], columns: &Columns) -> Result<Undone, ColumnError> {
    let mut undone = Undone::default();
    for Both { before, after } in change {
        let Some(now) = columns.get(after.id.as_str()) else { continue };
        let retired = || Column { archived: true, ..after.clone() };
        let before = before.clone().unwrap_or_else(retired);
        let (back, whole) = without_change(now, &before, after);
        if !whole {
            undone.kept.push(now.id.clone());
        }
        if back != *now {
            undone.changed.push(back);
        }
    }
    if undone.changed.is_empty() {
        return Err(ColumnError::Unchanged);
    }
    let others = columns.iter().filter(|it| undone.changed.iter().all(|new| new.id != it.id));
    let all = Columns::new(others.chain(&undone.changed).cloned().collect());
    may_stand(&all)?;
    if all.iter().count() > MOST_EVER { Err(ColumnError::TooManyColumns) } else { Ok(undone) }
}

/// A column with each fact as it was before where it still is as it was after, and whether all were.
fn without_change(now: &Column, before: &Column, after: &Column) -> (Column, bool) {
    let mut whole = true;
    let mut back = now.clone();
    macro_rules! take_back {
        ($($fact:ident),*) => {$(
            if before.$fact != after.$fact {
                if now.$fact == after.$fact {
                    back.$fact = before.$fact.clone();
                } else if now.$fact != before.$fact {
                    whole = false;
                }
            }
        )*};
    }
    take_back!(label, help, section, required, public, shown, curated, archived);
    // Places are numbers that were copied, never counted: they are the same or they are not.
    let is = |one: f64, other: f64| one.total_cmp(&other).is_eq();
    if !is(before.order, after.order) {
        if is(now.order, after.order) {
            back.order = before.order;
        } else if !is(now.order, before.order) {
            whole = false;
        }
    }
    let (options, all) = without_options(&now.options, &before.options, &after.options);
    back.options = options;
    (back, whole && all)
}

/// The same for a list of options, one by one. One that the change made is retired.
fn without_options(now: &[Choice], before: &[Choice], after: &[Choice]) -> (Vec<Choice>, bool) {
    if before == after {
        return (now.to_vec(), true);
    }
    let of = |list: &[Choice], one: &Choice| list.iter().find(|it| it.id == one.id).cloned();
    let mut whole = true;
    let mut back = now.to_vec();
    for option in &mut back {
        let Some(left) = of(after, option) else { continue };
        let was = of(before, option);
        let was = was.unwrap_or_else(|| Choice { archived: true, ..left.clone() });
        if was.label != left.label {
            if option.label == left.label {
                option.label = was.label;
            } else {
                whole = false;
            }
        }
        if was.archived != left.archived && option.archived == left.archived {
            option.archived = was.archived;
        }
    }
    // The order goes back where nobody has put these options elsewhere since.
    let place = |it: &Choice| before.iter().position(|old| old.id == it.id);
    let stands = now.iter().filter(|it| of(after, it).is_some()).map(|it| &it.id);
    if stands.eq(after.iter().map(|it| &it.id)) {
        back.sort_by_key(|it| place(it).unwrap_or(usize::MAX));
    } else {
        whole &= after.iter().filter_map(place).is_sorted();
    }
    (back, whole)
}
