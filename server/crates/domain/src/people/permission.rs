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
    /// The person who put it in the bin a moment ago, as far as the room remembers.
    pub binned_by: Option<PersonId>,
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
        // Restoring is the pilots'; whoever binned a row a moment ago may take that back (undo).
        (Place::Deleted, _) => pilots_only(role, facts.binned_by == Some(person)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ColumnId, ItemId, RowId};
    use crate::table::Plain;
    use crate::table::defaults::formations;

    const NOUR: PersonId = PersonId(1);
    const LEA: PersonId = PersonId(2);
    const EVERYBODY: [Role; 3] = Role::ALL;
    const CURATORS: [Role; 2] = [Role::Pilot, Role::Admin];

    /// Nour asks, in a row of `owner`.
    fn asks(
        role: Role,
        edit: MembersEdit,
        owner: Option<PersonId>,
        change: &Change,
    ) -> Result<(), Forbidden> {
        allows(
            (NOUR, role),
            edit,
            &Columns::new(formations()),
            RowFacts { owner, ..RowFacts::default() },
            change,
        )
    }

    fn change(place: Place, action: Action) -> Change {
        Change { row: RowId::new("r").unwrap(), place, action, in_new_row: false }
    }

    fn cell(column: &str) -> Change {
        change(Place::Cell(ColumnId::new(column).unwrap()), Action::Set("x".into()))
    }

    fn item(column: &str, item: &str) -> Change {
        let place = Place::Item(ColumnId::new(column).unwrap(), ItemId::new(item).unwrap());
        change(place, Action::Set(true.into()))
    }

    fn binning() -> Change {
        change(
            Place::Deleted,
            Action::Set(Plain::Map([("at".to_owned(), Plain::Number(1.0))].into())),
        )
    }

    fn restoring() -> [Change; 2] {
        [change(Place::Deleted, Action::Unset), change(Place::Deleted, Action::Set(Plain::Null))]
    }

    #[test]
    fn everybody_adds_rows_and_fills_them_at_once() {
        for role in EVERYBODY {
            for place in [Place::Row, Place::Order] {
                let action =
                    if place == Place::Row { Action::MakeRow } else { Action::Set("a0".into()) };
                let change = Change { in_new_row: true, ..change(place, action) };
                assert_eq!(asks(role, MembersEdit::Own, None, &change), Ok(()));
            }
            let change = Change { in_new_row: true, ..cell("intitule") };
            assert_eq!(asks(role, MembersEdit::Own, None, &change), Ok(()));
        }
    }

    #[test]
    fn where_members_change_any_row_they_change_those_of_others_and_of_nobody() {
        for owner in [None, Some(NOUR), Some(LEA)] {
            for change in [cell("intitule"), item("themes", "eau")] {
                assert_eq!(asks(Role::Member, MembersEdit::All, owner, &change), Ok(()));
            }
        }
    }

    #[test]
    fn where_members_change_their_own_rows_the_others_are_closed_to_them() {
        assert_eq!(asks(Role::Member, MembersEdit::Own, Some(NOUR), &cell("intitule")), Ok(()));
        for owner in [None, Some(LEA)] {
            for change in [cell("intitule"), item("themes", "eau")] {
                let answer = asks(Role::Member, MembersEdit::Own, owner, &change);
                assert_eq!(answer, Err(Forbidden::NotOwnRow));
            }
        }
    }

    #[test]
    fn pilots_change_any_row_whatever_the_setting() {
        for role in CURATORS {
            for owner in [None, Some(NOUR), Some(LEA)] {
                assert_eq!(asks(role, MembersEdit::Own, owner, &cell("intitule")), Ok(()));
            }
        }
    }

    #[test]
    fn the_state_of_an_offer_is_the_pilots_even_in_a_row_of_ones_own_or_a_new_one() {
        for column in ["etat", "verifie_le"] {
            let said = change(Place::Said(ColumnId::new(column).unwrap()), Action::Set("x".into()));
            let new = Change { in_new_row: true, ..cell(column) };
            for change in [cell(column), said, new] {
                let answer = asks(Role::Member, MembersEdit::All, Some(NOUR), &change);
                assert_eq!(answer, Err(Forbidden::PilotsOnly));
                for role in CURATORS {
                    assert_eq!(asks(role, MembersEdit::All, None, &change), Ok(()));
                }
            }
        }
    }

    #[test]
    fn the_order_of_rows_is_the_pilots() {
        let moving = change(Place::Order, Action::Set("a1".into()));

        assert_eq!(
            asks(Role::Member, MembersEdit::All, Some(NOUR), &moving),
            Err(Forbidden::PilotsOnly)
        );
        assert_eq!(asks(Role::Pilot, MembersEdit::All, None, &moving), Ok(()));
    }

    #[test]
    fn a_member_bins_own_rows_and_no_others_even_where_members_change_any_row() {
        assert_eq!(asks(Role::Member, MembersEdit::All, Some(NOUR), &binning()), Ok(()));
        for owner in [None, Some(LEA)] {
            let answer = asks(Role::Member, MembersEdit::All, owner, &binning());
            assert_eq!(answer, Err(Forbidden::NotOwnRow));
            assert_eq!(asks(Role::Pilot, MembersEdit::All, owner, &binning()), Ok(()));
        }
    }

    #[test]
    fn rows_come_out_of_the_bin_by_pilots_or_by_whoever_just_binned_them() {
        let columns = Columns::new(formations());
        for change in restoring() {
            for (role, binned_by, expected) in [
                (Role::Member, None, Err(Forbidden::PilotsOnly)),
                (Role::Member, Some(LEA), Err(Forbidden::PilotsOnly)),
                (Role::Member, Some(NOUR), Ok(())),
                (Role::Pilot, Some(LEA), Ok(())),
            ] {
                let facts = RowFacts { owner: Some(NOUR), binned_by };
                let answer = allows((NOUR, role), MembersEdit::All, &columns, facts, &change);
                assert_eq!(answer, expected, "{role} {binned_by:?}");
            }
        }
    }

    #[test]
    fn nobody_removes_or_replaces_a_row() {
        for role in EVERYBODY {
            for action in [Action::RemoveRow, Action::ReplaceRow] {
                let answer = asks(role, MembersEdit::All, Some(NOUR), &change(Place::Row, action));
                assert_eq!(answer, Err(Forbidden::RowsStay));
            }
        }
    }

    #[test]
    fn nobody_writes_what_an_import_brought() {
        for role in EVERYBODY {
            let change =
                Change { in_new_row: true, ..change(Place::Base, Action::Set("x".into())) };
            assert_eq!(
                asks(role, MembersEdit::All, Some(NOUR), &change),
                Err(Forbidden::ServerOnly)
            );
        }
    }

    #[test]
    fn a_column_that_is_retired_or_unknown_takes_nothing() {
        let mut columns = formations();
        columns[0].archived = true;
        let retired = cell(columns[0].id.as_str());
        let columns = Columns::new(columns);

        for role in EVERYBODY {
            for change in [&retired, &cell("jamais_vu")] {
                let who = (NOUR, role);
                let answer = allows(who, MembersEdit::All, &columns, RowFacts::default(), change);
                assert_eq!(answer, Err(Forbidden::NoSuchColumn));
            }
        }
    }
}
