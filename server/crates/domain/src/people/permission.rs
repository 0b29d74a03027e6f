//! Who may what: the one table of rules.
//!
//! To add a rule, add its line to [`allows`] and its case to the tests below; nothing else decides.
//! Shapes (a text in a number column, a second text in one cell) are refused before, by admission.

use super::Role;
use crate::ids::PersonId;
use crate::table::{Action, Change, Columns, Place};

/// Whose rows a member may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MembersEdit {
    /// Any row, as in the sheet today: history protects.
    #[default]
    All,
    /// Their own rows; a row that nobody owns is the pilots'.
    Own,
}

/// What the rules need to know of a row that already exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RowFacts {
    /// The person who added it.
    pub owner: Option<PersonId>,
}

/// Why a change is not allowed. Shown to people by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Forbidden {
    /// The row belongs to somebody else.
    #[error("the row is somebody else's")]
    NotOwnRow,
    /// Only pilots write here: state, order, curated columns.
    #[error("only pilots write here")]
    PilotsOnly,
    /// Only the server writes here.
    #[error("only the server writes here")]
    ServerOnly,
    /// Rows are put in the bin, never removed or replaced.
    #[error("rows are put in the bin, never removed")]
    RowsStay,
    /// The column is retired or unknown.
    #[error("the column is not in use")]
    NoSuchColumn,
}

impl Forbidden {
    /// The key of its sentence in the texts of the interface.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotOwnRow => "not-own-row",
            Self::PilotsOnly => "pilots-only",
            Self::ServerOnly => "server-only",
            Self::RowsStay => "rows-stay",
            Self::NoSuchColumn => "no-such-column",
        }
    }
}

/// Whether a person may make this change through the live table.
///
/// `facts` are those of the row before the update; for a row that the same update makes they are ignored,
/// since its maker is its owner.
pub fn allows(
    (person, role): (PersonId, Role),
    members_edit: MembersEdit,
    columns: &Columns,
    facts: RowFacts,
    change: &Change,
) -> Result<(), Forbidden> {
    let own = change.in_new_row || facts.owner == Some(person);
    match (&change.place, &change.action) {
        (_, Action::ReplaceRow | Action::RemoveRow) => Err(Forbidden::RowsStay),
        (Place::Base, _) => Err(Forbidden::ServerOnly),
        (Place::Row, _) => Ok(()),
        (Place::Order, _) => pilots_only(role, change.in_new_row),
        (Place::Deleted, Action::Set(mark)) if !mark.is_empty() => {
            may_change_row(role, own, MembersEdit::Own)
        }
        (Place::Deleted, _) => may_restore(role, own, change),
        (Place::Cell(column) | Place::Item(column, _) | Place::Said(column), _) => {
            let column = columns.get(column.as_str()).filter(|column| !column.archived);
            let column = column.ok_or(Forbidden::NoSuchColumn)?;
            if column.curated {
                return pilots_only(role, false);
            }
            may_change_row(role, own, members_edit)
        }
    }
}

fn pilots_only(role: Role, otherwise: bool) -> Result<(), Forbidden> {
    if role.can_curate() || otherwise { Ok(()) } else { Err(Forbidden::PilotsOnly) }
}

fn may_change_row(role: Role, own: bool, members_edit: MembersEdit) -> Result<(), Forbidden> {
    if role.can_curate() || own || members_edit == MembersEdit::All {
        Ok(())
    } else {
        Err(Forbidden::NotOwnRow)
    }
}

/// Taking a row out of the bin is the pilots'; a member may take back the binning of an own row (undo).
fn may_restore(role: Role, own: bool, change: &Change) -> Result<(), Forbidden> {
    let takes_back = matches!(change.action, Action::Unset | Action::Set(_));
    pilots_only(role, own && takes_back)
}
