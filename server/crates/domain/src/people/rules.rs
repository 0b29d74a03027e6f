//! The rules as a table for people to read. Its answers come from [`allows`] itself, so it cannot differ.
//!
//! Visitors are not in it: they open no live table.

use super::{Forbidden, MembersEdit, Role, RowFacts, allows};
use crate::ids::{PersonId, RowId};
use crate::table::{Action, Change, Columns, Place, Plain};

/// One line of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The key of its sentence in the texts of the interface.
    pub key: &'static str,
    /// What somebody would do, in French.
    pub fr: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// A member, where members change any row.
    pub member: Result<(), Forbidden>,
    /// A member, where members change their own rows.
    pub member_own: Result<(), Forbidden>,
    /// A pilot.
    pub pilot: Result<(), Forbidden>,
    /// An administrator.
    pub admin: Result<(), Forbidden>,
}

/// The rules as they hold for these columns.
pub fn rules(columns: &Columns) -> Vec<Rule> {
    CASES.iter().filter_map(|case| case.rule(columns)).collect()
}

const ME: PersonId = PersonId(1);
const OTHER: PersonId = PersonId(2);

/// Something that somebody would do.
struct Case {
    key: &'static str,
    fr: &'static str,
    en: &'static str,
    owner: Option<PersonId>,
    place: fn(&Columns) -> Option<Place>,
    action: fn() -> Action,
}

const fn case(
    key: &'static str,
    (fr, en): (&'static str, &'static str),
    owner: Option<PersonId>,
    place: fn(&Columns) -> Option<Place>,
    action: fn() -> Action,
) -> Case {
    Case { key, fr, en, owner, place, action }
}

const CASES: &[Case] = &[
    case(
        "add-row",
        ("ajouter une ligne", "add a row"),
        None,
        |_| Some(Place::Row),
        || Action::MakeRow,
    ),
    case("edit-own", ("modifier sa ligne", "change one's own row"), Some(ME), open_cell, words),
    case(
        "edit-other",
        ("modifier la ligne d'un autre membre", "change another member's row"),
        Some(OTHER),
        open_cell,
        words,
    ),
    case(
        "edit-nobody",
        ("modifier une ligne sans propriétaire", "change a row that nobody owns"),
        None,
        open_cell,
        words,
    ),
    case(
        "bin-own",
        ("mettre sa ligne à la corbeille", "bin one's own row"),
        Some(ME),
        |_| Some(Place::Deleted),
        mark,
    ),
    case(
        "bin-other",
        ("mettre une autre ligne à la corbeille", "bin another row"),
        Some(OTHER),
        |_| Some(Place::Deleted),
        mark,
    ),
    case(
        "restore-other",
        ("sortir une autre ligne de la corbeille", "take another row out of the bin"),
        Some(OTHER),
        |_| Some(Place::Deleted),
        || Action::Unset,
    ),
    case(
        "state",
        ("changer l'état ou la date de vérification", "change the state or the date of checking"),
        Some(ME),
        curated_cell,
        words,
    ),
    case(
        "order",
        ("changer l'ordre des lignes", "change the order of rows"),
        Some(ME),
        |_| Some(Place::Order),
        words,
    ),
    case(
        "remove",
        ("supprimer une ligne pour toujours", "remove a row for ever"),
        Some(ME),
        |_| Some(Place::Row),
        || Action::RemoveRow,
    ),
    case(
        "base",
        ("récrire ce qu'un import a apporté", "rewrite what an import brought"),
        Some(ME),
        |_| Some(Place::Base),
        words,
    ),
];

fn open_cell(columns: &Columns) -> Option<Place> {
    columns.in_use().find(|column| !column.curated).map(|column| Place::Cell(column.id.clone()))
}

fn curated_cell(columns: &Columns) -> Option<Place> {
    columns.in_use().find(|column| column.curated).map(|column| Place::Cell(column.id.clone()))
}

fn words() -> Action {
    Action::Set(Plain::text("x"))
}

fn mark() -> Action {
    Action::Set(Plain::Bool(true))
}

impl Case {
    fn rule(&self, columns: &Columns) -> Option<Rule> {
        let (row, place, action) =
            (RowId::new("row").ok()?, (self.place)(columns)?, (self.action)());
        let in_new_row = action == Action::MakeRow;
        let change = Change { row, place, action, in_new_row };
        let facts = RowFacts { owner: self.owner, ..RowFacts::default() };
        let ask = |role, edit| allows((ME, role), edit, columns, facts, &change);
        Some(Rule {
            key: self.key,
            fr: self.fr,
            en: self.en,
            member: ask(Role::Member, MembersEdit::All),
            member_own: ask(Role::Member, MembersEdit::Own),
            pilot: ask(Role::Pilot, MembersEdit::All),
            admin: ask(Role::Admin, MembersEdit::All),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::defaults::formations;

    #[test]
    fn the_table_for_people_says_what_the_rules_do() {
        let rules = rules(&Columns::new(formations()));

        let line = |key: &str| rules.iter().find(|rule| rule.key == key).unwrap();
        assert_eq!(rules.len(), CASES.len());
        assert_eq!(line("edit-other").member, Ok(()));
        assert_eq!(line("edit-other").member_own, Err(Forbidden::NotOwnRow));
        assert_eq!(line("state").member, Err(Forbidden::PilotsOnly));
        assert_eq!(line("restore-other").pilot, Ok(()));
        assert!(rules.iter().all(|rule| rule.pilot == rule.admin));
    }
}
