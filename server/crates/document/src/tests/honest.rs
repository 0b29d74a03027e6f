//! What honest tabs do passes, and is said as it is.

use super::support::*;
use crate::{CellEdit, Refusal};
use tablee_domain::table::Plain;

#[test]
fn a_cell_set_by_a_tab_is_said_applied_and_told_with_its_value_before() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    let update = tab.sets("r1", "ville", "Nice");

    let (said, applied) = take_in(&mut table, &update, LEA).unwrap();

    assert_eq!(said, ["r1/ville set \"Nice\""]);
    let edit = CellEdit {
        row: row_id("r1"),
        key: "ville".to_owned(),
        before: "Lyon".into(),
        after: "Nice".into(),
    };
    assert_eq!(applied.edits, [edit]);
    assert_eq!(table.row(&row_id("r1")).unwrap().cell("ville"), &Plain::from("Nice"));
    assert_eq!(shown(&table), tab.cells());
}

#[test]
fn a_row_added_by_a_tab_comes_with_its_cells() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    let update = tab.adds_row("n1", &[("ville", "Pau")]);

    let (said, applied) = take_in(&mut table, &update, LEA).unwrap();

    let expected = [
        "n1/ make row (new row)",
        "n1/ville set \"Pau\" (new row)",
        "n1/~order set \"b1\" (new row)",
    ];
    assert_eq!(said, expected);
    assert_eq!(applied.made_rows, [row_id("n1")]);
    assert_eq!(table.values().rows.len(), 3);
    assert_eq!(judge(&table, &update, NOUR).map(|j| j.is_noop()), Ok(true));
}

#[test]
fn an_unknown_dependency_is_missing() {
    let table = small_table();
    let tab = Tab::open(10, &table);
    tab.sets("r1", "ville", "Nice");
    let second = tab.sets("r1", "ville", "Pau");

    assert_eq!(judge(&table, &second, LEA).unwrap_err(), Refusal::Missing);
}
