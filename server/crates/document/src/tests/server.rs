//! What the server writes, reads, stores and starts anew.

use std::collections::BTreeMap;

use super::support::*;
use crate::{Broken, LoadError, TableDocument};
use tablee_domain::ids::{Epoch, Timestamp, Writer};
use tablee_domain::table::Plain;

fn items(items: &[&str]) -> Plain {
    Plain::Map(items.iter().map(|item| ((*item).to_owned(), Plain::Bool(true))).collect())
}

#[test]
fn a_cell_is_its_overlay_or_else_its_base() {
    let table = small_table();

    let row = table.row(&row_id("r1")).unwrap();

    assert_eq!(row.text("titre"), "Agir");
    assert_eq!(row.text("notes"), "bonjour");
    assert_eq!(row.cell("themes"), &items(&["eau"]));
    assert_eq!(row.said.get("heures").map(String::as_str), Some("deux jours"));
    assert_eq!((row.order.as_str(), row.deleted), ("a1", false));
    let ids = table.values().rows.iter().map(|row| row.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids, ["r1", "r2"]);
}

#[test]
fn a_write_that_changes_nothing_writes_nothing() {
    let mut table = small_table();
    let before = table.snapshot();

    let (changed, applied) = table
        .write(|writing| {
            let r1 = row_id("r1");
            let same = [
                writing.set(&r1, "titre", "Agir".into()),
                writing.set(&r1, "notes", "bonjour".into()),
                writing.set(&r1, "ville", "Lyon".into()),
                writing.set(&r1, "themes", items(&["eau"])),
                writing.set(&r1, "themes/eau", true.into()),
                writing.set(&r1, "heures~said", "deux jours".into()),
                writing.set(&r1, "heures", Plain::Number(f64::NAN)),
                writing.set_deleted(&r1, None),
                writing.add_row(&r1, "z", None, BTreeMap::new()),
                writing.make_text(&r1, &column_id("notes")),
            ];
            let unfit = [
                writing.set(&row_id("nobody"), "ville", "x".into()),
                writing.set(&r1, "~base", "x".into()),
                writing.set(&r1, "Ville", "x".into()),
                writing.set(&r1, "inconnue", "x".into()),
                writing.set(&r1, "ville", items(&["x"])),
                writing.set(&r1, "notes", 3.0.into()),
                writing.make_text(&r1, &column_id("ville")),
            ];
            writing.add_columns(&columns());
            same.into_iter().chain(unfit).any(|changed| changed)
        })
        .unwrap();

    assert!(!changed);
    assert_eq!(applied, crate::Applied::default());
    assert_eq!(table.snapshot(), before);
}

#[test]
fn a_list_given_whole_changes_only_the_items_that_differ() {
    let mut table = small_table();

    let (_, applied) = table
        .write(|writing| writing.set(&row_id("r1"), "themes", items(&["climat", "eau"])))
        .unwrap();
    let keys = |applied: &crate::Applied| {
        applied.edits.iter().map(|edit| edit.key.clone()).collect::<Vec<_>>()
    };
    assert_eq!(keys(&applied), ["themes/climat"]);

    let (_, applied) =
        table.write(|writing| writing.set(&row_id("r1"), "themes", items(&["climat"]))).unwrap();
    assert_eq!(keys(&applied), ["themes/eau"]);
    assert_eq!(table.row(&row_id("r1")).unwrap().cell("themes"), &items(&["climat"]));
}

#[test]
fn the_server_changes_a_text_by_as_little_as_possible() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    let typed = tab.types("r1", "notes", 7, " à tous");

    let (_, applied) =
        table.write(|writing| writing.set(&row_id("r1"), "notes", "Bonjour 🎉".into())).unwrap();
    take_in(&mut table, &typed, LEA).unwrap();
    tab.receives(&applied.update);

    assert_eq!(applied.edits[0].before, "bonjour".into());
    assert_eq!(applied.edits[0].after, "Bonjour 🎉".into());
    let text = table.row(&row_id("r1")).unwrap().text("notes").to_owned();
    assert!(text.starts_with("Bonjour") && text.contains("🎉") && text.contains(" à tous"));
    assert_eq!(shown(&table), tab.cells());
}

#[test]
fn a_text_made_for_an_editor_says_what_the_cell_said() {
    let mut table = small_table();
    let r1 = row_id("r1");

    let (made, applied) = table.write(|w| w.make_text(&r1, &column_id("titre"))).unwrap();

    assert!(made && table.has_text(&r1, &column_id("titre")));
    assert_eq!(applied.edits, []);
    assert_eq!(table.row(&r1).unwrap().text("titre"), "Agir");
    // A tab types in it, empties it, and the base does not come back.
    let tab = Tab::open(10, &table);
    take_in(&mut table, &tab.erases("r1", "titre", 0, 4), LEA).unwrap();
    assert_eq!(table.row(&r1).unwrap().text("titre"), "");
}

#[test]
fn a_row_goes_into_the_bin_and_out() {
    let mut table = small_table();
    let r1 = row_id("r1");

    table.write(|writing| writing.set_deleted(&r1, Some(Timestamp(1_000)))).unwrap();
    assert!(table.row(&r1).unwrap().deleted);
    let (again, _) = table.write(|w| w.set_deleted(&r1, Some(Timestamp(2_000)))).unwrap();
    assert!(!again);
    let (_, applied) = table.write(|writing| writing.set_deleted(&r1, None)).unwrap();

    assert_eq!(applied.edits[0].key, "~deleted");
    assert!(!table.row(&r1).unwrap().deleted);
}

#[test]
fn a_document_is_the_same_from_its_log_and_from_its_snapshot() {
    let (mut table, first) = TableDocument::create(FIRST, SERVER, &columns());
    let mut log = vec![first.update];
    let (_, added) = table
        .write(|w| {
            let overlay = BTreeMap::from([("notes".to_owned(), Plain::from("bonjour"))]);
            w.add_row(&row_id("r1"), "a1", None, overlay)
        })
        .unwrap();
    log.push(added.update);
    let tab = Tab::open(10, &table);
    for update in [tab.sets("r1", "ville", "Nice"), tab.types("r1", "notes", 7, " 🎉")] {
        log.push(take_in(&mut table, &update, LEA).unwrap().1.update);
    }

    let updates: Vec<&[u8]> = log.iter().map(Vec::as_slice).collect();
    let replayed = TableDocument::load(FIRST, SERVER, None, updates.clone()).unwrap();
    let snapshot = table.snapshot();
    let restored = TableDocument::load(FIRST, SERVER, Some(&snapshot), []).unwrap();
    let mut followed = TableDocument::load(FIRST, SERVER, None, updates[..1].to_vec()).unwrap();
    for update in &updates[1..] {
        followed.apply_logged(update).unwrap();
    }

    for other in [&replayed, &restored, &followed] {
        assert_eq!(other.values(), table.values());
        assert_eq!(other.state_vector(), table.state_vector());
    }
}

#[test]
fn nothing_unreadable_is_taken_for_an_empty_document() {
    let table = small_table();
    let tab = Tab::open(10, &table);
    tab.sets("r1", "ville", "Nice");
    let late = tab.sets("r1", "ville", "Pau");
    let snapshot = table.snapshot();
    let load = |epoch, snapshot: Option<&[u8]>, tail: &[&[u8]]| {
        TableDocument::load(epoch, SERVER, snapshot, tail.iter().copied()).err()
    };

    assert_eq!(load(FIRST, Some(&snapshot), &[]), None);
    assert_eq!(load(FIRST, None, &[]), Some(LoadError::Nothing));
    assert_eq!(load(FIRST, Some(&snapshot), &[&late]), Some(LoadError::Hole));
    let cut = &snapshot[..snapshot.len() / 2];
    assert!(matches!(load(FIRST, Some(cut), &[]), Some(LoadError::Unreadable(_))));
    let another = LoadError::AnotherDocument { format: Some(1), epoch: Some(1) };
    assert_eq!(load(Epoch(2), Some(&snapshot), &[]), Some(another));
    let nothing = LoadError::AnotherDocument { format: None, epoch: None };
    assert_eq!(load(FIRST, Some(&[0, 0]), &[]), Some(nothing));
}

#[test]
fn a_tab_gets_what_it_lacks_and_no_more() {
    let mut table = small_table();
    let (tab, other) = (Tab::open(10, &table), Tab::open(11, &table));
    take_in(&mut table, &other.sets("r1", "ville", "Nice"), NOUR).unwrap();

    let lacked = table.diff(&tab.state_vector()).unwrap();
    tab.receives(&lacked);

    assert_eq!(tab.cells(), shown(&table));
    assert!(lacked.len() < table.snapshot().len() / 2);
    assert_eq!(table.diff(&[0]).unwrap(), table.snapshot());
}

#[test]
fn work_that_panics_breaks_the_document_and_nothing_else() {
    let mut table = small_table();

    let broken = table.write(|writing| {
        writing.set(&row_id("r1"), "ville", "Nice".into());
        panic!("on purpose");
    });

    assert_eq!(broken.map(|(never, _): ((), _)| never), Err(Broken::Panicked("on purpose".into())));
    assert_eq!(table.write(|_| ()).unwrap_err(), Broken::Already);
}

#[test]
fn a_new_epoch_says_the_same_without_the_past() {
    let mut table = small_table();
    let tab = Tab::open(40, &table);
    for n in 0..50 {
        take_in(&mut table, &tab.sets("r1", "ville", format!("ville {n}")), LEA).unwrap();
    }
    table.write(|w| w.set_deleted(&row_id("r1"), Some(Timestamp(7)))).unwrap();
    table.write(|w| w.add_row(&row_id("r3"), "a3", None, BTreeMap::new())).unwrap();

    let server = table.first_writer_of_next_epoch();
    let (next, whole) = table
        .rebuild(
            server,
            |row| row.id.as_str() == "r3",
            |row| {
                row.said.clear();
            },
        )
        .unwrap();

    assert_eq!((server, next.epoch()), (Writer(41), Epoch(2)));
    let mut expected = table.values();
    expected.rows.retain(|row| row.id.as_str() != "r3");
    expected.rows.iter_mut().for_each(|row| row.said.clear());
    assert_eq!(next.values(), expected);
    assert_eq!((next.tombstones(), whole.made_rows.len()), (0, 2));
    let again = TableDocument::load(Epoch(2), server, None, [whole.update.as_slice()]).unwrap();
    assert_eq!(again.values(), expected);
    // What a tab of the old epoch held means nothing here.
    let late = tab.sets("r1", "ville", "trop tard");
    assert!(judge(&next, &late, LEA).is_err());
}
