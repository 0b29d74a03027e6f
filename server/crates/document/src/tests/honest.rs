//! What honest tabs do passes, and is said as it is.

use super::bytes::*;
use super::support::*;
use crate::{CellEdit, Refusal};
use tablee_domain::ids::Writer;
use tablee_domain::table::Plain;
use yrs::updates::decoder::Decode;
use yrs::{Any, Map, MapPrelim, Text, Update};

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
        lost: false,
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

#[test]
fn cells_are_set_cleared_and_given_back_to_their_base() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);

    let update = tab.edits(|txn, rows| {
        let row = map(txn, rows, "r1");
        row.insert(txn, "ville", Any::Null);
        row.insert(txn, "themes/eau", Any::Null);
        row.insert(txn, "themes/climat", true);
        row.insert(txn, "heures", 14);
        row.insert(txn, "ville~said", "à Lyon ou à Nice");
    });
    let (said, _) = take_in(&mut table, &update, LEA).unwrap();

    let expected = [
        "r1/heures set 14.0",
        "r1/themes/climat set true",
        "r1/themes/eau set null",
        "r1/ville set null",
        "r1/ville~said set \"à Lyon ou à Nice\"",
    ];
    assert_eq!(said, expected);
    let row = table.row(&row_id("r1")).unwrap();
    assert_eq!(row.cell("ville"), &Plain::Null);
    assert_eq!(row.cell("themes").as_map().unwrap().keys().collect::<Vec<_>>(), ["climat"]);

    let update = tab.unsets("r1", "ville");
    let (said, applied) = take_in(&mut table, &update, LEA).unwrap();

    assert_eq!(said, ["r1/ville unset"]);
    assert_eq!(applied.edits[0].after, "Lyon".into());
}

#[test]
fn typing_is_said_in_units_and_told_as_the_text_before_and_after() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);

    let update = tab.edits(|txn, rows| {
        let notes = text(txn, rows, "r1", "notes");
        notes.insert(txn, 7, " wörld 🎉");
        notes.remove_range(txn, 0, 1);
    });
    let (said, applied) = take_in(&mut table, &update, LEA).unwrap();

    assert_eq!(said, ["r1/notes type +9 -1"]);
    assert_eq!(applied.edits[0].before, "bonjour".into());
    assert_eq!(applied.edits[0].after, "onjour wörld 🎉".into());

    let update = tab.erases("r1", "notes", 2, 3);
    let (said, _) = take_in(&mut table, &update, LEA).unwrap();

    assert_eq!(said, ["r1/notes type +0 -3"]);
    assert_eq!(shown(&table), tab.cells());
}

#[test]
fn words_typed_between_own_later_and_own_earlier_ones_pass() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    tab.types("r1", "notes", 0, "monde");
    tab.types("r1", "notes", 0, "Bonjour ");
    // Left of it stands what was written later.
    tab.types("r1", "notes", 8, "tout le ");
    tab.types("r1", "notes", 3, "🎈");

    let step2 = tab.step2(&table);
    let (said, _) = take_in(&mut table, &step2, LEA).unwrap();

    assert_eq!(said, ["r1/notes type +23 -0"]);
    assert_eq!(table.row(&row_id("r1")).unwrap().text("notes"), "Bon🎈jour tout le mondebonjour");
    assert_eq!(shown(&reloaded(&table)), tab.cells());
}

#[test]
fn an_offline_tab_makes_the_text_of_a_cell_that_has_none() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    let update = tab.makes_text("r2", "titre", "Semer");

    let (said, _) = take_in(&mut table, &update, LEA).unwrap();

    assert_eq!(said, ["r2/titre make text", "r2/titre type +5 -0"]);
    assert!(table.has_text(&row_id("r2"), &column_id("titre")));
    assert_eq!(table.row(&row_id("r2")).unwrap().text("titre"), "Semer");
}

#[test]
fn an_update_of_deletions_alone_is_judged_like_any_other() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    let update = tab.unsets("r2", "ville");
    assert!(Update::decode_v1(&update).unwrap().state_vector().is_empty());
    let before = table.snapshot();

    let judgement = judge(&table, &update, LEA).unwrap();

    assert_eq!(said(&judgement.changes), ["r2/ville unset"]);
    assert_eq!(table.snapshot(), before);
    take_in(&mut table, &update, LEA).unwrap();
    // The same again, alone or within the whole delete set of a step 2, is nothing new.
    for again in [update, tab.whole()] {
        assert!(judge(&table, &again, NOUR).unwrap().is_noop());
    }
}

#[test]
fn the_step_2_of_a_tab_that_only_read_is_nothing() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    take_in(&mut table, &tab.sets("r1", "ville", "Nice"), LEA).unwrap();
    let reader = Tab::open(77, &table);

    for update in [reader.step2(&table), reader.whole(), vec![0, 0]] {
        let judgement = judge(&table, &update, NOUR).unwrap();

        assert!(judgement.is_noop());
        assert_eq!(judgement.claims, []);
        assert_eq!(table.apply(&update, judgement), Ok(crate::Applied::default()));
    }
}

#[test]
fn what_is_missing_waits_for_nobody_and_comes_whole_with_the_step_2() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    let first = tab.sets("r1", "ville", "Nice");
    let second = tab.sets("r1", "ville", "Pau");
    let before = table.snapshot();

    assert_eq!(judge(&table, &second, LEA).unwrap_err(), Refusal::Missing);
    assert_eq!(table.snapshot(), before);

    // Another tab of the same person saw the first one's work and builds on it.
    let other = Tab::open(11, &table);
    other.receives(&first);
    other.receives(&second);
    let third = other.sets("r1", "ville", "Agen");
    assert_eq!(judge(&table, &third, LEA).unwrap_err(), Refusal::Missing);

    let step2 = other.step2(&table);
    let (said, _) = take_in(&mut table, &step2, LEA).unwrap();
    assert_eq!(said, ["r1/ville set \"Agen\""]);
    assert_eq!(shown(&table), other.cells());
}

#[test]
fn a_deletion_of_something_unseen_is_missing_until_it_was_seen() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    let set = tab.sets("r2", "heures", 7);
    let unset = tab.unsets("r2", "heures");

    assert_eq!(judge(&table, &unset, LEA).unwrap_err(), Refusal::Missing);

    take_in(&mut table, &set, LEA).unwrap();
    take_in(&mut table, &unset, LEA).unwrap();
    assert_eq!(shown(&table), tab.cells());
}

#[test]
fn two_people_may_set_one_cell_at_once_and_the_last_writer_wins() {
    let mut table = small_table();
    let (lea, nour) = (Tab::open(10, &table), Tab::open(20, &table));
    let (hers, his) = (lea.sets("r1", "ville", "Nice"), nour.sets("r1", "ville", "Pau"));

    take_in(&mut table, &his, NOUR).unwrap();
    let (said, applied) = take_in(&mut table, &hers, LEA).unwrap();

    assert_eq!(said, ["r1/ville set \"Nice\""]);
    // Hers was admitted and lost: nothing is seen to change, and history keeps what she wrote.
    let lost = CellEdit {
        row: row_id("r1"),
        key: "ville".to_owned(),
        before: "Pau".into(),
        after: "Nice".into(),
        lost: true,
    };
    assert_eq!(applied.edits, [lost]);
    lea.receives(&his);
    nour.receives(&hers);
    assert_eq!(shown(&table), lea.cells());
    assert_eq!(shown(&table), nour.cells());
}

#[test]
fn what_a_tab_set_and_took_back_offline_passes() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    for n in 0..5 {
        tab.sets("r2", "heures", n);
    }
    tab.unsets("r2", "heures");
    tab.sets("r2", "tarifs/t1", true);
    tab.sets("r2", "tarifs/t1", Any::Null);
    tab.types("r1", "notes", 0, "xyz");
    tab.erases("r1", "notes", 0, 3);

    let step2 = tab.step2(&table);
    let (said, applied) = take_in(&mut table, &step2, LEA).unwrap();

    let expected = ["r1/notes type +0 -0", "r2/heures unset", "r2/tarifs/t1 set null"];
    assert_eq!(said, expected);
    assert_eq!(applied.edits, []);
    assert_eq!(shown(&table), tab.cells());
}

/// Yjs keeps what an undo may need: several deleted values of one key, unlike yrs, are one block.
#[test]
fn values_that_an_undo_manager_kept_pass_when_they_come_deleted() {
    let mut table = small_table();
    // r2 is the parent; two values under `heures`, both deleted, then a third.
    let row = id_of_row(&table, "r2");
    let kept = At::under(row, "heures").values(&[1, 2]);
    let third = At::after(10, 1).values(&[3]);
    let update = update(&[(10, 0, &[kept.0.clone(), third.0])], &[(10, &[(0, 2)])]);

    let (said, _) = take_in(&mut table, &update, LEA).unwrap();

    assert_eq!(said, ["r2/heures set 3.0"]);
    assert_eq!(table.row(&row_id("r2")).unwrap().cell("heures"), &Plain::Number(3.0));
    // Two values at once, both alive, are nobody's honest work.
    let kept = At::under(row, "themes/eau").values(&[1, 2]);
    let alive = super::bytes::update(&[(11, 0, &[kept.0])], &[]);
    let refusal = judge(&table, &alive, LEA).unwrap_err();
    assert_eq!(refusal, Refusal::Shape("several values in one block"));
}

#[test]
fn undo_passes_for_values() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    let mut undo = yrs::undo::UndoManager::<()>::new();
    undo.expand_scope(&tab.doc, &tab.rows);
    let mut sync = |tab: &Tab| {
        let step2 = tab.step2(&table);
        let (said, applied) = take_in(&mut table, &step2, LEA).unwrap();
        assert_eq!(shown(&table), tab.cells());
        (said.join(", "), applied)
    };

    tab.sets("r1", "ville", "Nice");
    sync(&tab);
    undo.reset();
    tab.sets("r1", "ville", "Pau");
    sync(&tab);

    assert!(undo.undo_blocking());
    assert_eq!(sync(&tab).0, "r1/ville set \"Nice\"");
    assert!(undo.undo_blocking());
    let (said, applied) = sync(&tab);
    assert_eq!(said, "r1/ville unset");
    assert_eq!(applied.edits[0].after, "Lyon".into());
    assert!(undo.redo_blocking());
    assert_eq!(sync(&tab).0, "r1/ville set \"Nice\"");
}

#[test]
fn garbage_of_the_senders_own_next_clocks_passes_without_effect() {
    let mut table = small_table();
    let before = shown(&table);
    let update = update(&[(10, 0, &[vec![0, 7]])], &[(10, &[(0, 7)])]);

    let (said, applied) = take_in(&mut table, &update, LEA).unwrap();

    assert_eq!(said, [""; 0]);
    assert_eq!(applied.edits, []);
    assert_eq!(shown(&table), before);
    assert_eq!(table.owner_of(Writer(10)), Some(Some(LEA)));
    // It is said once; what follows continues the clock.
    let tab = Tab::open(10, &table);
    assert_eq!(take_in(&mut table, &tab.sets("r1", "ville", "Nice"), LEA).unwrap().0.len(), 1);
    assert_eq!(shown(&table), tab.cells());
}

#[test]
fn a_paste_of_five_hundred_rows_is_one_update() {
    let mut table = empty_table();
    let tab = Tab::open(10, &table);
    let update = tab.edits(|txn, rows| {
        for n in 0..500 {
            let row = rows.insert(txn, format!("row{n}"), MapPrelim::default());
            row.insert(txn, "~order", "b1");
            for key in ["ville", "statut", "heures"] {
                row.insert(txn, key, format!("{key} {n}"));
            }
        }
    });

    let (said, applied) = take_in(&mut table, &update, LEA).unwrap();

    assert_eq!(said.len(), 500 * 5);
    assert_eq!(applied.made_rows.len(), 500);
    assert_eq!(table.values().rows.len(), 500);
}
