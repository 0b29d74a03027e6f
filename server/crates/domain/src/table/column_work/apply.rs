//! From a work to the columns as they shall be.

use super::{
    ColumnError, ColumnWork, LONGEST_HELP, LONGEST_LABEL, MOST_COLUMNS, MOST_EVER, MOST_OPTIONS,
    NewOption, Reliance, reliance,
};
use crate::ids::{ColumnId, ItemId};
use crate::reading::text::{one_line, without_marks};
use crate::table::defaults::SECTIONS;
use crate::table::{Choice, Column, Columns, Kind, Label};
use crate::text::fold::fold;

/// Columns stand so far apart, so that one can be put between two others.
const STEP: f64 = 10.0;

/// The columns that a work changes, as they will be. All others stay as they are.
pub fn apply(work: &ColumnWork, columns: &Columns) -> Result<Vec<Column>, ColumnError> {
    let changed = match work {
        ColumnWork::Add(new) => vec![new_column(new.id.clone(), &new.label, new.kind, columns)?],
        ColumnWork::Rename { column, label } => {
            vec![rename(in_use(columns, column)?, label, columns)?]
        }
        ColumnWork::Describe { .. } => vec![describe(work, columns)?],
        ColumnWork::Move { column, before } => moved(columns, column, before.as_ref())?,
        ColumnWork::Retire { column } => vec![retire(in_use(columns, column)?)?],
        ColumnWork::Unretire { column } => vec![unretire(known(columns, column)?, columns)?],
        ColumnWork::ChangeKind { column, to, new_id, options } => {
            change_kind(in_use(columns, column)?, *to, new_id, options, columns)?
        }
        // What to take back stands in the log, not here.
        ColumnWork::Undo { .. } => return Err(ColumnError::UnknownChange),
        ColumnWork::AddOption { column, .. }
        | ColumnWork::RenameOption { column, .. }
        | ColumnWork::MoveOption { column, .. }
        | ColumnWork::RetireOption { column, .. }
        | ColumnWork::UnretireOption { column, .. }
        | ColumnWork::MergeOptions { column, .. } => {
            vec![change_options(work, in_use(columns, column)?)?]
        }
    };
    if changed.iter().all(|column| columns.get(column.id.as_str()) == Some(column)) {
        return Err(ColumnError::Unchanged);
    }
    Ok(changed)
}

/// A column to be added at the end of these. Members see it; visitors do once a pilot says so.
pub fn new_column(
    id: ColumnId,
    label: &str,
    kind: Kind,
    columns: &Columns,
) -> Result<Column, ColumnError> {
    if columns.get(id.as_str()).is_some() {
        return Err(ColumnError::IdTaken);
    }
    has_room(columns)?;
    let label = clean(&Label { fr: label.to_owned(), en: String::new() })?;
    is_free(&label, &id, columns)?;
    let last = columns.iter().map(|column| column.order).fold(0.0, f64::max);
    Ok(Column {
        id,
        label,
        kind,
        options: Vec::new(),
        required: false,
        help: Label::default(),
        order: last + STEP,
        section: String::new(),
        public: false,
        shown: true,
        curated: false,
        archived: false,
    })
}

/// Whether columns that are as they shall be may stand together.
pub(super) fn may_stand(columns: &Columns) -> Result<(), ColumnError> {
    let in_use: Vec<&Column> = columns.in_use().collect();
    if in_use.len() > MOST_COLUMNS {
        return Err(ColumnError::TooManyColumns);
    }
    for column in columns.iter().filter(|column| reliance(column) >= Reliance::Needed) {
        if column.archived {
            return Err(ColumnError::Needed(column.label.fr.clone()));
        }
    }
    for (at, column) in in_use.iter().enumerate() {
        let same = |other: &&&Column| fold(&other.label.fr) == fold(&column.label.fr);
        if let Some(twin) = in_use[..at].iter().find(same) {
            return Err(ColumnError::LabelTaken(twin.label.fr.clone()));
        }
    }
    Ok(())
}

fn known<'c>(columns: &'c Columns, id: &ColumnId) -> Result<&'c Column, ColumnError> {
    columns.get(id.as_str()).ok_or(ColumnError::UnknownColumn)
}

fn in_use<'c>(columns: &'c Columns, id: &ColumnId) -> Result<&'c Column, ColumnError> {
    let column = known(columns, id)?;
    if column.archived { Err(ColumnError::Retired(column.label.fr.clone())) } else { Ok(column) }
}

fn has_room(columns: &Columns) -> Result<(), ColumnError> {
    let full = columns.in_use().count() >= MOST_COLUMNS || columns.iter().count() >= MOST_EVER;
    if full { Err(ColumnError::TooManyColumns) } else { Ok(()) }
}

/// A name in one line, without what nobody sees.
fn clean(label: &Label) -> Result<Label, ColumnError> {
    let line = |text: &str| one_line(&without_marks(text));
    let label = Label { fr: line(&label.fr), en: line(&label.en) };
    let too_long = |text: &str| text.chars().count() > LONGEST_LABEL;
    match () {
        () if label.fr.is_empty() => Err(ColumnError::NoLabel),
        () if too_long(&label.fr) || too_long(&label.en) => Err(ColumnError::LongLabel),
        () => Ok(label),
    }
}

/// No other column in use may have the name: people, and headers of files, would take one for the other.
fn is_free(label: &Label, of: &ColumnId, columns: &Columns) -> Result<(), ColumnError> {
    let name = fold(&label.fr);
    let twin = columns.in_use().find(|it| it.id != *of && fold(&it.label.fr) == name);
    twin.map_or(Ok(()), |twin| Err(ColumnError::LabelTaken(twin.label.fr.clone())))
}

fn rename(column: &Column, label: &Label, columns: &Columns) -> Result<Column, ColumnError> {
    let label = clean(label)?;
    is_free(&label, &column.id, columns)?;
    Ok(Column { label, ..column.clone() })
}

fn describe(work: &ColumnWork, columns: &Columns) -> Result<Column, ColumnError> {
    let ColumnWork::Describe { column, help, section, public, shown, required } = work else {
        return Err(ColumnError::Unchanged);
    };
    let mut column = in_use(columns, column)?.clone();
    if let Some(help) = help {
        let line = |text: &str| one_line(&without_marks(text));
        column.help = Label { fr: line(&help.fr), en: line(&help.en) };
        if column.help.fr.chars().count().max(column.help.en.chars().count()) > LONGEST_HELP {
            return Err(ColumnError::LongHelp);
        }
    }
    if let Some(section) = section {
        if !section.is_empty() && SECTIONS.iter().all(|(key, ..)| key != section) {
            return Err(ColumnError::UnknownSection);
        }
        section.clone_into(&mut column.section);
    }
    let needed = reliance(&column) >= Reliance::Needed;
    if needed && *public == Some(false) && column.public {
        return Err(ColumnError::Needed(column.label.fr));
    }
    column.public = public.unwrap_or(column.public);
    column.shown = shown.unwrap_or(column.shown);
    column.required = required.unwrap_or(column.required);
    Ok(column)
}

fn retire(column: &Column) -> Result<Column, ColumnError> {
    if reliance(column) >= Reliance::Needed {
        return Err(ColumnError::Needed(column.label.fr.clone()));
    }
    Ok(Column { archived: true, ..column.clone() })
}

fn unretire(column: &Column, columns: &Columns) -> Result<Column, ColumnError> {
    if column.archived && columns.in_use().count() >= MOST_COLUMNS {
        return Err(ColumnError::TooManyColumns);
    }
    is_free(&column.label, &column.id, columns)?;
    Ok(Column { archived: false, ..column.clone() })
}

fn moved(
    columns: &Columns,
    column: &ColumnId,
    before: Option<&ColumnId>,
) -> Result<Vec<Column>, ColumnError> {
    let column = in_use(columns, column)?;
    let mut others: Vec<&Column> = columns.iter().filter(|it| it.id != column.id).collect();
    let at = match before {
        None => others.len(),
        Some(before) if *before == column.id => return Err(ColumnError::Unchanged),
        Some(before) => {
            let before = in_use(columns, before)?;
            others.iter().position(|it| it.id == before.id).unwrap_or(others.len())
        }
    };
    let stood = columns.iter().take_while(|it| it.id != column.id).count();
    if at == stood {
        return Err(ColumnError::Unchanged);
    }
    let low = at.checked_sub(1).map_or(0.0, |low| others[low].order);
    let order = match others.get(at) {
        Some(high) => f64::midpoint(low, high.order),
        None => low + STEP,
    };
    let fits = order > low && others.get(at).is_none_or(|high| order < high.order);
    if fits || at == 0 && others.first().is_some_and(|high| order < high.order) {
        return Ok(vec![Column { order, ..column.clone() }]);
    }
    // No number is left between the two: all stand apart again.
    others.insert(at, column);
    let apart = others.iter().enumerate();
    Ok(apart
        .map(|(at, column)| Column { order: (at + 1) as f64 * STEP, ..(*column).clone() })
        .collect())
}

fn change_kind(
    column: &Column,
    to: Kind,
    new_id: &ColumnId,
    options: &[NewOption],
    columns: &Columns,
) -> Result<Vec<Column>, ColumnError> {
    match reliance(column) {
        Reliance::Needed | Reliance::Options => {
            return Err(ColumnError::Needed(column.label.fr.clone()));
        }
        Reliance::Kind => return Err(ColumnError::KeepsItsKind(column.label.fr.clone())),
        Reliance::Free => {}
    }
    if column.kind == to {
        return Err(ColumnError::Unchanged);
    }
    if columns.get(new_id.as_str()).is_some() {
        return Err(ColumnError::IdTaken);
    }
    if columns.iter().count() >= MOST_EVER {
        return Err(ColumnError::TooManyColumns);
    }
    let mut new = Column { id: new_id.clone(), kind: to, ..column.clone() };
    if !to.has_options() {
        new.options.clear();
    } else if new.options.is_empty() {
        for option in options {
            add_option(&mut new, option)?;
        }
    }
    Ok(vec![Column { archived: true, ..column.clone() }, new])
}

fn change_options(work: &ColumnWork, column: &Column) -> Result<Column, ColumnError> {
    if !column.kind.has_options() {
        return Err(ColumnError::NoOptions(column.label.fr.clone()));
    }
    let renames = matches!(work, ColumnWork::RenameOption { .. });
    if !renames && reliance(column) == Reliance::Options {
        return Err(ColumnError::KeepsItsOptions(column.label.fr.clone()));
    }
    let mut column = column.clone();
    match work {
        ColumnWork::AddOption { option, .. } => add_option(&mut column, option)?,
        ColumnWork::RenameOption { option, label, .. } => {
            let label = clean(label)?;
            is_free_option(&column, &label, Some(option))?;
            the_option(&mut column, option)?.label = label;
        }
        ColumnWork::MoveOption { option, before, .. } => {
            move_option(&mut column, option, before.as_ref())?;
        }
        ColumnWork::RetireOption { option, .. } => the_option(&mut column, option)?.archived = true,
        ColumnWork::UnretireOption { option, .. } => {
            let label = the_option(&mut column, option)?.label.clone();
            is_free_option(&column, &label, Some(option))?;
            the_option(&mut column, option)?.archived = false;
        }
        ColumnWork::MergeOptions { from, into, .. } => {
            if from == into {
                return Err(ColumnError::SameOption);
            }
            let stays = the_option(&mut column, into)?;
            if stays.archived {
                return Err(ColumnError::Retired(stays.label.fr.clone()));
            }
            the_option(&mut column, from)?.archived = true;
        }
        _ => {}
    }
    Ok(column)
}

fn the_option<'c>(column: &'c mut Column, id: &ItemId) -> Result<&'c mut Choice, ColumnError> {
    column.options.iter_mut().find(|it| it.id == *id).ok_or(ColumnError::UnknownOption)
}

fn is_free_option(column: &Column, label: &Label, of: Option<&ItemId>) -> Result<(), ColumnError> {
    let name = fold(&label.fr);
    let others = column.options.iter().filter(|it| !it.archived && Some(&it.id) != of);
    let twin = others.into_iter().find(|it| fold(&it.label.fr) == name);
    twin.map_or(Ok(()), |twin| Err(ColumnError::LabelTaken(twin.label.fr.clone())))
}

fn add_option(column: &mut Column, new: &NewOption) -> Result<(), ColumnError> {
    // `__proto__` is a trap for JavaScript objects.
    if column.option(new.id.as_str()).is_some() || new.id.as_str() == "__proto__" {
        return Err(ColumnError::IdTaken);
    }
    if column.options.len() >= MOST_OPTIONS {
        return Err(ColumnError::TooManyOptions);
    }
    let label = clean(&new.label)?;
    is_free_option(column, &label, None)?;
    column.options.push(Choice { id: new.id.clone(), label, archived: false });
    Ok(())
}

fn move_option(
    column: &mut Column,
    option: &ItemId,
    before: Option<&ItemId>,
) -> Result<(), ColumnError> {
    let at = column.options.iter().position(|it| it.id == *option);
    let choice = column.options.remove(at.ok_or(ColumnError::UnknownOption)?);
    let to = match before {
        None => column.options.len(),
        Some(before) => {
            let found = column.options.iter().position(|it| it.id == *before);
            found.ok_or(ColumnError::UnknownOption)?
        }
    };
    column.options.insert(to, choice);
    Ok(())
}
