//! Something earlier comes back as edits of today, and an edit of today can be taken back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tablee_domain::ids::{Revision, RowId, Timestamp};
use tablee_domain::table::{Edit, Origin, Plain, Row, TableValues};

use super::support::*;
use crate::restore::{self, Restored};
use crate::{Applied, CellEdit, TableDocument, Writing};

const NOON: Timestamp = Timestamp(1_000);

/// The edits of an update as history would give them back.
fn history(applied: &Applied) -> Vec<Edit> {
    applied.edits.iter().cloned().map(edit).collect()
}

fn edit(CellEdit { row, key, before, after, lost }: CellEdit) -> Edit {
    let (actor, origin) = (Some(LEA), Origin::Table);
    Edit { revision: Revision(1), row, key, before, after, actor, origin, at: NOON, lost }
}

fn takes_back(table: &mut TableDocument, edits: &[Edit]) -> (Restored, Applied) {
    table.write(|w| restore::take_back(w, edits, NOON, |_| false)).unwrap()
}

/// With the columns as they are: none came since.
fn brings_back(w: &mut Writing<'_>, asked: (&RowId, Option<&Row>), at: Timestamp) -> Restored {
    let columns = w.columns().clone();
    restore::row(w, asked, &columns, at)
}

fn themes(items: &[&str]) -> Plain {
    Plain::Map(items.iter().map(|item| ((*item).to_owned(), Plain::Bool(true))).collect())
}

fn said(applied: &Applied) -> Vec<(&str, &str)> {
    applied.edits.iter().map(|edit| (edit.row.as_str(), edit.key.as_str())).collect()
}

fn keys(kept: &Restored) -> Vec<(&str, &str)> {
    kept.kept.iter().map(|(row, key)| (row.as_str(), key.as_str())).collect()
}

#[test]
fn a_row_says_again_what_it_said_then_cell_by_cell() {
    let mut table = small_table();
    let r1 = row_id("r1");
    let then = table.row(&r1).unwrap();
    table
        .write(|w| {
            w.set(&r1, "ville", "Nice".into());
            w.set(&r1, "titre", Plain::Null);
            w.set(&r1, "statut", "publiee".into());
            w.set(&r1, "themes", themes(&["climat"]));
            w.set(&r1, "heures~said", Plain::Null);
            w.set(&r1, "ville~said", "près de la mer".into());
            w.set(&r1, "~order", "c3".into());
            w.set_deleted(&r1, Some(NOON));
        })
        .unwrap();

    let (done, applied) = table.write(|w| brings_back(w, (&r1, Some(&then)), NOON)).unwrap();

    assert_eq!(table.row(&r1).unwrap(), then);
    assert_eq!((done.changed, done.rows.len(), done.kept), (8, 1, vec![]));
    // Of the list only the items that differ were written.
    let items = said(&applied).into_iter().filter(|(_, key)| key.starts_with("themes"));
    assert_eq!(items.collect::<Vec<_>>(), [("r1", "themes/climat"), ("r1", "themes/eau")]);
}

#[test]
fn a_row_that_says_the_same_is_not_written() {
    let mut table = small_table();
    let r1 = row_id("r1");
    let then = table.row(&r1).unwrap();

    let (done, applied) = table.write(|w| brings_back(w, (&r1, Some(&then)), NOON)).unwrap();

    assert_eq!((done, applied), (Restored::default(), Applied::default()));
}

#[test]
fn a_row_comes_back_out_of_the_bin_and_one_that_was_not_there_goes_in() {
    let mut table = small_table();
    let [r1, r2] = ["r1", "r2"].map(row_id);
    let then = table.row(&r1).unwrap();
    table.write(|w| w.set_deleted(&r1, Some(NOON))).unwrap();

    table.write(|w| brings_back(w, (&r1, Some(&then)), NOON)).unwrap();
    table.write(|w| brings_back(w, (&r2, None), NOON)).unwrap();

    assert!(!table.row(&r1).unwrap().deleted);
    assert!(table.row(&r2).unwrap().deleted);
    let (done, _) = table.write(|w| brings_back(w, (&row_id("nobody"), None), NOON)).unwrap();
    assert_eq!(keys(&done), [("nobody", "")]);
}

#[test]
fn a_text_comes_back_by_the_smallest_change_and_loses_no_letter_typed_meanwhile() {
    let mut table = small_table();
    let r1 = row_id("r1");
    let then = table.row(&r1).unwrap();
    table.write(|w| w.set(&r1, "notes", "bonjour à toutes".into())).unwrap();
    let tab = Tab::open(10, &table);
    let typed = tab.types("r1", "notes", 0, "Oui, ");

    let (_, applied) = table.write(|w| brings_back(w, (&r1, Some(&then)), NOON)).unwrap();
    take_in(&mut table, &typed, LEA).unwrap();
    tab.receives(&applied.update);

    assert_eq!(table.row(&r1).unwrap().text("notes"), "Oui, bonjour");
    assert_eq!(shown(&table), tab.cells());
}

#[test]
fn a_value_whose_column_is_not_what_it_was_stays_away_and_is_named() {
    let mut table = small_table();
    let r1 = row_id("r1");
    let mut then = table.row(&r1).unwrap();
    then.cells.insert(column_id("ville"), themes(&["eau"]));
    then.cells.insert(column_id("disparue"), "x".into());

    let (done, applied) = table.write(|w| brings_back(w, (&r1, Some(&then)), NOON)).unwrap();

    assert_eq!(keys(&done), [("r1", "disparue"), ("r1", "ville")]);
    assert_eq!((done.changed, applied), (0, Applied::default()));
}

#[test]
fn the_table_says_again_what_it_said_then_and_rows_made_since_are_in_the_bin() {
    let mut table = small_table();
    let mut then = table.values();
    table
        .write(|w| {
            w.set(&row_id("r2"), "~order", "a0".into());
            w.set(&row_id("r1"), "ville", "Nice".into());
            w.add_row(&row_id("r3"), "a3", None, BTreeMap::new());
        })
        .unwrap();
    then.rows.push(Row { id: row_id("erased"), ..then.rows[0].clone() });

    let (done, applied) = table.write(|w| restore::table(w, &then, NOON)).unwrap();

    then.rows.pop();
    let mut now = table.values();
    let since = now.rows.pop().unwrap();
    assert_eq!(now, then);
    assert_eq!((since.id.as_str(), since.deleted), ("r3", true));
    assert_eq!((done.changed, done.rows.len()), (3, 3));
    assert_eq!(keys(&done), [("erased", "")]);
    assert_eq!(said(&applied), [("r2", "~order"), ("r1", "ville"), ("r3", "~deleted")]);
}

#[test]
fn edits_are_taken_back_where_their_last_value_stands_and_kept_elsewhere() {
    let mut table = small_table();
    let r1 = row_id("r1");
    let lea = Tab::open(10, &table);
    let mut edits = Vec::new();
    for update in [
        lea.sets("r1", "ville", "Nice"),
        lea.sets("r1", "ville", "Pau"),
        lea.sets("r1", "heures", 7),
        lea.sets("r1", "themes/foret", true),
        lea.types("r1", "notes", 7, " à tous"),
    ] {
        edits.extend(history(&take_in(&mut table, &update, LEA).unwrap().1));
    }
    table.write(|w| w.set(&r1, "heures", 8.0.into())).unwrap();

    let (done, _) = takes_back(&mut table, &edits);

    let row = table.row(&r1).unwrap();
    assert_eq!(row.text("ville"), "Lyon");
    assert_eq!(row.cell("heures"), &Plain::Number(8.0));
    assert_eq!(row.cell("themes"), &themes(&["eau"]));
    assert_eq!(row.text("notes"), "bonjour");
    assert_eq!((done.changed, keys(&done)), (3, vec![("r1", "heures")]));
}

#[test]
fn what_never_showed_is_not_taken_back() {
    let mut table = small_table();
    let (lea, nour) = (Tab::open(10, &table), Tab::open(20, &table));
    let (hers, his) = (lea.sets("r1", "ville", "Nice"), nour.sets("r1", "ville", "Pau"));
    take_in(&mut table, &his, NOUR).unwrap();
    let (_, lost) = take_in(&mut table, &hers, LEA).unwrap();

    let (done, applied) = takes_back(&mut table, &history(&lost));

    assert_eq!((done, applied), (Restored::default(), Applied::default()));
}

#[test]
fn a_row_that_was_made_goes_to_the_bin_whole_unless_somebody_worked_in_it() {
    let mut table = small_table();
    let rows = ["n1", "n2"].map(row_id);
    let ((), made) = table
        .write(|w| {
            for row in &rows {
                let cells = [("ville", "Pau"), ("notes", "à compléter")];
                let cells = cells.map(|(key, value)| (key.to_owned(), Plain::from(value)));
                w.add_row(row, "b1", None, BTreeMap::from(cells));
            }
        })
        .unwrap();
    let edits = history(&made);
    let before = rows.clone().map(|row| table.row(&row).unwrap());

    let touched = |row: &_| row == &rows[1];
    let (done, _) = table.write(|w| restore::take_back(w, &edits, NOON, touched)).unwrap();

    let [first, second] = before;
    assert_eq!(table.row(&rows[0]).unwrap(), Row { deleted: true, ..first });
    assert_eq!(table.row(&rows[1]).unwrap(), second);
    assert_eq!((done.changed, keys(&done)), (1, vec![("n2", "")]));
}

#[test]
fn a_row_binned_by_a_restore_is_out_again_when_it_is_taken_back_unless_it_was_binned_anew() {
    let mut table = small_table();
    let r1 = row_id("r1");
    let (_, applied) = table.write(|w| brings_back(w, (&r1, None), NOON)).unwrap();
    let edits = history(&applied);

    takes_back(&mut table, &edits);
    assert!(!table.row(&r1).unwrap().deleted);

    table.write(|w| w.set_deleted(&r1, Some(Timestamp(2_000)))).unwrap();
    let (done, _) = takes_back(&mut table, &edits);
    assert!(table.row(&r1).unwrap().deleted);
    assert_eq!(keys(&done), [("r1", "~deleted")]);
}

/// One thing done to the table. Data, so that a failing afternoon can be read.
#[derive(Debug, Clone)]
enum Step {
    Sets(u8, u8, u8),
    Bins(u8, bool),
    Moves(u8, u8),
    AddsRow(u8),
    Types(u8, u8),
}

const KEYS: [&str; 9] = [
    "titre",
    "notes",
    "ville",
    "statut",
    "heures",
    "themes",
    "tarifs/t1",
    "ville~said",
    "heures~said",
];

fn step() -> impl Strategy<Value = Step> {
    let (row, value) = (|| 0u8..6, any::<u8>);
    prop_oneof![
        8 => (row(), 0u8..9, value()).prop_map(|(row, key, value)| Step::Sets(row, key, value)),
        1 => (row(), any::<bool>()).prop_map(|(row, bin)| Step::Bins(row, bin)),
        1 => (row(), value()).prop_map(|(row, place)| Step::Moves(row, place)),
        1 => row().prop_map(Step::AddsRow),
        3 => (row(), value()).prop_map(|(row, at)| Step::Types(row, at)),
    ]
}

fn value_for(key: &str, value: u8) -> Plain {
    let word = format!("né {value} 🎉");
    match (key, value % 4) {
        (_, 0) => Plain::Null,
        ("heures", n) => f64::from(n).into(),
        ("themes", 1) => themes(&["eau"]),
        ("themes", 2) => themes(&["eau", "foret"]),
        ("themes", _) => themes(&["climat"]),
        ("tarifs/t1", _) => {
            Plain::Map(BTreeMap::from([("montant".to_owned(), f64::from(value).into())]))
        }
        _ => Plain::Text(word),
    }
}

/// Does what the server and tabs do to a table.
fn act(table: &mut TableDocument, tab: &Tab, step: &Step) {
    let row = |row: u8| row_id(&format!("r{row}"));
    if let Step::Types(r, at) = *step {
        let id = format!("r{r}");
        if table.has_text(&row(r), &column_id("notes")) {
            let length = table.row(&row(r)).unwrap().text("notes").chars().count();
            let at = if length == 0 { 0 } else { u32::from(at) % 3 };
            tab.receives(&table.diff(&tab.state_vector()).unwrap());
            take_in(table, &tab.types(&id, "notes", at.min(length as u32), "ab"), LEA).unwrap();
        }
        return;
    }
    let work = |w: &mut Writing<'_>| match *step {
        Step::Sets(r, key, value) => {
            let key = KEYS[key as usize];
            w.set(&row(r), key, value_for(key, value))
        }
        Step::Bins(r, bin) => w.set_deleted(&row(r), bin.then_some(NOON)),
        Step::Moves(r, place) => w.set(&row(r), "~order", format!("a{place}").into()),
        Step::AddsRow(r) => w.add_row(&row(r), "b1", None, BTreeMap::new()),
        Step::Types(..) => false,
    };
    table.write(work).unwrap();
}

/// The rows that were there then; those made since must be in the bin.
fn of_then(now: TableValues, then: &TableValues) -> Result<TableValues, TestCaseError> {
    let TableValues { columns, rows } = now;
    let is_known = |row: &Row| then.rows.iter().any(|one| one.id == row.id);
    let (known, since): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_known);
    prop_assert!(since.iter().all(|row| row.deleted), "{since:?}");
    Ok(TableValues { columns, rows: known })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever was done since, a moment comes back as it was recorded, in one update that every tab can
    /// take; and taken back, it leaves the table as it was before.
    #[test]
    fn any_moment_comes_back_and_can_be_taken_back(
        before in prop::collection::vec(step(), 0..20),
        since in prop::collection::vec(step(), 0..30),
    ) {
        let mut table = small_table();
        let tab = Tab::open(10, &table);
        for step in &before {
            act(&mut table, &tab, step);
        }
        let then = table.values();
        for step in &since {
            act(&mut table, &tab, step);
        }
        let now = table.values();
        let reader = Tab::open(11, &table);

        let (done, applied) = table.write(|w| restore::table(w, &then, NOON)).unwrap();

        prop_assert_eq!(&of_then(table.values(), &then)?, &then);
        prop_assert_eq!(&done.kept, &vec![]);
        prop_assert_eq!(done.changed == 0, applied.update.is_empty());
        reader.receives(&applied.update);
        prop_assert_eq!(reader.cells(), shown(&table));
        let again = table.write(|w| restore::table(w, &then, NOON)).unwrap();
        prop_assert_eq!(again, (Restored::default(), Applied::default()));

        let (back, _) = takes_back(&mut table, &history(&applied));

        prop_assert_eq!(&back.kept, &vec![]);
        prop_assert_eq!(table.values(), now);
    }
}
