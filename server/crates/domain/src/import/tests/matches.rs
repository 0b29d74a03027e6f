//! Which row of the table a row of a file is, and what is left to a person.

use std::collections::BTreeMap;

use super::super::*;
use super::support::*;
use crate::ids::{ColumnId, RowId};
use crate::reading::Why;
use crate::table::{Plain, Row};

fn by_hand(id: &str, cells: &[(&str, &str)]) -> Row {
    let cells = cells.iter().map(|(key, text)| (ColumnId::new(key).unwrap(), Plain::from(*text)));
    let id = RowId::new(id).unwrap();
    Row { id, cells: cells.collect(), said: BTreeMap::new(), order: String::new(), deleted: false }
}

fn table(rows: Vec<Row>) -> TableValues {
    TableValues { rows, ..empty_table() }
}

fn ids<'p>(rows: impl IntoIterator<Item = &'p MatchedRow>) -> Vec<(u32, &'p str)> {
    rows.into_iter().map(|row| (row.source.row, row.row.as_str())).collect()
}

const SMALL: &[&str] = &["Intitulé", "Organisme", "Type", "Lien"];

#[test]
fn a_page_that_moved_does_not_make_a_second_offer() {
    let before = book(&[SMALL, &["Animer", "Lisode", "MOOC", "https://a.fr"]]);
    let after = book(&[SMALL, &["Animer", "LISODE", "MOOC", "https://b.fr"]]);
    let mut table = empty_table();
    let remembered = applied(&first_plan(&before), &mut table);

    let plan = plan(Question { remembered: &remembered, ..asked(&after, &table) });

    assert_eq!(ids(&plan.changed), [(2, "r0")]);
    assert_eq!(plan.added.len(), 0);
}

#[test]
fn who_and_what_say_nothing_where_two_rows_have_them() {
    let rows = ["https://a.fr", "https://b.fr"];
    let rows = rows.map(|url| {
        let id = url.replace(|c: char| !c.is_ascii_lowercase(), "");
        by_hand(&id, &[("intitule", "Animer"), ("organisme", "Lisode"), ("url", url)])
    });
    let table = table(rows.into());
    let file = book(&[SMALL, &["Animer", "Lisode", "MOOC", "https://c.fr"]]);

    let plan = plan(asked(&file, &table));

    assert_eq!((plan.added.len(), plan.similar.len()), (1, 2));
    assert_eq!(plan.similar[0].why[0], crate::offer::duplicate::Likeness::SameTitle);
}

#[test]
fn a_key_that_two_rows_have_is_shown_and_never_settled() {
    let cells = [("intitule", "Animer"), ("organisme", "Lisode"), ("url", "https://a.fr")];
    let table = table(vec![by_hand("a", &cells), by_hand("b", &cells)]);
    let file = book(&[SMALL, &["Animer", "Lisode", "MOOC", "https://a.fr"]]);

    let open = plan(asked(&file, &table));
    let is = Some(Is::Row(RowId::new("b").unwrap()));
    let decision = LineDecision { is, ..LineDecision::default() };
    let decisions =
        Decisions { lines: [(Line::new("Feuille", 2), decision)].into(), ..Decisions::default() };
    let decided = plan(Question { decisions: &decisions, ..asked(&file, &table) });

    let rows: Vec<_> = open.undecided[0].rows.iter().map(RowId::as_str).collect();
    assert_eq!(rows, ["a", "b"]);
    assert_eq!((open.offers(), open.added.len()), (1, 0));
    let work = open.decided(&Decisions::default());
    assert_eq!(work.skipped, [(Line::new("Feuille", 2), Skipped::Undecided)]);
    assert_eq!(ids(&decided.changed), [(2, "b")]);
}

#[test]
fn two_rows_of_a_file_are_never_one_row_of_the_table() {
    let table = table(vec![by_hand("a", &[("intitule", "Animer"), ("organisme", "Lisode")])]);
    let file = book(&[SMALL, &["Animer", "Lisode", "MOOC"], &["Animer", "Lisode", "DU"]]);
    let is = || Some(Is::Row(RowId::new("a").unwrap()));
    let lines = [2, 3].map(|row| {
        (Line::new("Feuille", row), LineDecision { is: is(), ..LineDecision::default() })
    });
    let decisions = Decisions { lines: lines.into(), ..Decisions::default() };

    let open = plan(asked(&file, &table));
    let decided = plan(Question { decisions: &decisions, ..asked(&file, &table) });

    assert_eq!((open.undecided.len(), open.twice.len()), (2, 1));
    assert_eq!((decided.changed.len(), decided.undecided.len()), (1, 1));
}

#[test]
fn copies_are_told_apart_by_their_words_whatever_their_order() {
    let first = ["Animer", "Lisode", "MOOC", "https://a.fr"];
    let second = ["Animer", "Lisode", "atelier", "https://a.fr"];
    let new = ["Animer", "Lisode", "DU", "https://a.fr"];
    let mut table = empty_table();
    let remembered = applied(&first_plan(&book(&[SMALL, &first, &second])), &mut table);
    let of =
        |rows: &[&[&str]]| plan(Question { remembered: &remembered, ..asked(&book(rows), &table) });

    let turned = of(&[SMALL, &second, &first]);
    let more = of(&[SMALL, &new, &second, &first]);
    let fewer = of(&[SMALL, &second]);
    let unclear = of(&[SMALL, &new]);

    assert_eq!(ids(&turned.same), [(2, "r1"), (3, "r0")]);
    assert_eq!((ids(&more.same), more.added[0].source.row), (vec![(3, "r1"), (4, "r0")], 2));
    assert_eq!((ids(&fewer.same), fewer.missing[0].row.as_str()), (vec![(2, "r1")], "r0"));
    assert_eq!((unclear.undecided.len(), unclear.changed.len()), (1, 0));
}

#[test]
fn a_row_that_people_renamed_is_found_under_its_new_name_too() {
    let file = book(&[SMALL, &["Animer", "Lisode", "MOOC", "https://a.fr"]]);
    let mut table = empty_table();
    let remembered = applied(&first_plan(&file), &mut table);
    table.rows[0].cells.insert(ColumnId::new("intitule").unwrap(), "Faciliter".into());
    let of_others = book(&[SMALL, &["Faciliter", "Lisode", "MOOC", "https://a.fr"]]);

    let plan = plan(Question { remembered: &remembered, ..asked(&of_others, &table) });

    assert_eq!(ids(&plan.same), [(2, "r0")]);
}

#[test]
fn a_row_that_people_had_binned_is_not_added_again() {
    let mut row = by_hand("a", &[("intitule", "Animer"), ("organisme", "Lisode")]);
    row.deleted = true;
    let table = table(vec![row]);
    let file = book(&[SMALL, &["Animer", "Lisode", "MOOC"]]);

    let plan = plan(asked(&file, &table));

    assert_eq!((plan.added.len(), plan.changed.len()), (0, 0));
    assert!(plan.same[0].in_bin);
}

#[test]
fn an_identifier_of_ours_finds_its_row_whatever_else_the_file_says() {
    let rows = vec![
        by_hand("aaa", &[("intitule", "Animer"), ("organisme", "Lisode")]),
        by_hand("bbb", &[("intitule", "Débattre"), ("organisme", "Orage")]),
    ];
    let table = table(rows);
    let file = book(&[
        &["Intitulé", "Organisme", "Identifiant"],
        &["Animer", "Lisode", "bbb"],
        &["Faciliter", "Lisode", "aaa"],
        &["Écouter", "Lisode", "zzz"],
        &["Encore", "Lisode", "aaa"],
        &["Sans", "Lisode"],
    ]);

    let plan = plan(asked(&file, &table));

    let mut found: Vec<_> =
        plan.conflicts.iter().map(|it| (it.file_row, it.row.as_str())).collect();
    found.dedup();
    assert_eq!(found, [(2, "bbb"), (3, "aaa")]);
    let told: Vec<_> =
        plan.complaints.iter().map(|it| (it.row, it.words.as_str(), it.why)).collect();
    assert_eq!(told, [(4, "zzz", Why::UnknownId)]);
    assert_eq!((plan.added.len(), plan.undecided.len()), (2, 1));
    assert!(plan.sheets[0].columns[2].is_id);
}

#[test]
fn a_column_of_other_peoples_identifiers_is_a_column_that_nobody_knows() {
    let table = table(vec![by_hand("aaa", &[("intitule", "Animer")])]);
    let file = book(&[&["Intitulé", "Organisme", "ID"], &["Animer", "Lisode", "4711"]]);

    let plan = plan(asked(&file, &table));

    assert!(!plan.sheets[0].columns[2].is_id);
    assert_eq!(plan.complaints[0].why, Why::UnknownColumn);
}

#[test]
fn what_the_file_no_longer_has_is_told_and_stays() {
    let rows: [&[&str]; 3] =
        [&["Animer", "Lisode", "MOOC"], &["Débattre", "Orage", "DU"], &["Voter", "Civic", "DU"]];
    let mut table = empty_table();
    let all = book(&[SMALL, rows[0], rows[1], rows[2]]);
    let remembered = applied(&first_plan(&all), &mut table);
    table.rows[2].deleted = true;
    let of = |book: &RawBook| plan(Question { remembered: &remembered, ..asked(book, &table) });

    let fewer = of(&book(&[SMALL, rows[0]]));
    let other = of(&book(&[&["Titre", "Structure", "Lien"], &["Autre", "Ailleurs"]]));
    let mut renamed = book(&[SMALL, &["Tout", "Autre"]]);
    renamed.sheets[0].name = "Autres".to_owned();
    let renamed = of(&renamed);

    let missing: Vec<_> = fewer.missing.iter().map(|it| it.title.as_str()).collect();
    assert_eq!(missing, ["Débattre"]);
    assert!(fewer.changes_nothing());
    assert!(other.missing.is_empty() && renamed.missing.is_empty());
}

#[test]
fn a_cell_that_was_emptied_can_still_be_cleared_a_week_later() {
    let line = |link| ["Animer", "Lisode", "MOOC", link];
    let (full, empty) = (book(&[SMALL, &line("https://a.fr")]), book(&[SMALL, &line("")]));
    let mut table = empty_table();
    let remembered = applied(&first_plan(&full), &mut table);

    let kept = plan(Question { remembered: &remembered, ..asked(&empty, &table) });
    let a_week_later = kept.decided(&Decisions::default()).to_remember(&[]);
    let blanks = [(ColumnId::new("url").unwrap(), Blank::Clear)].into();
    let decisions = Decisions { blanks, ..Decisions::default() };
    let question = Question { decisions: &decisions, ..asked(&empty, &table) };
    let cleared = plan(Question { remembered: &a_week_later, ..question });

    assert!(kept.changes_nothing() && kept.conflicts.is_empty());
    let cell = &cleared.changed[0].cells[0];
    assert_eq!(
        (cell.key.as_str(), &cell.old, &cell.new),
        ("url", &"https://a.fr".into(), &Plain::Null)
    );
}
