//! Every new block stands under a writer of its sender.

use super::bytes::*;
use super::support::*;
use crate::Refusal::{ForeignWriter, TooLarge};
use crate::{Limits, TableDocument};
use tablee_domain::ids::Writer;
use yrs::Map;

#[test]
fn a_free_writer_becomes_the_senders_when_the_update_is_applied() {
    let mut table = small_table();
    let update = Tab::open(10, &table).sets("r1", "ville", "Nice");
    let judgement = judge(&table, &update, LEA).unwrap();

    assert_eq!(judgement.claims, [Writer(10)]);
    assert_eq!(table.owner_of(Writer(10)), None);
    table.apply(&update, judgement).unwrap();

    assert_eq!(table.owner_of(Writer(10)), Some(Some(LEA)));
    let next = Tab::open(10, &table).sets("r1", "ville", "Pau");
    assert_eq!(judge(&table, &next, LEA).unwrap().claims, []);
}

#[test]
fn the_next_clock_of_somebody_else_is_refused() {
    let mut table = small_table();
    let victim = Tab::open(10, &table);
    take_in(&mut table, &victim.sets("r1", "ville", "Nice"), LEA).unwrap();
    let forger = Tab::open(10, &table);
    let forged = forger.sets("r1", "ville", "EVIL");

    for table in [&table, &reloaded(&table)] {
        assert_eq!(judge(table, &forged, NOUR).unwrap_err(), ForeignWriter(Writer(10)));
        let garbage = update(&[(10, 1, &[vec![0, 100]])], &[]);
        assert_eq!(judge(table, &garbage, NOUR).unwrap_err(), ForeignWriter(Writer(10)));
    }
    // The victim's own next edit is not lost.
    take_in(&mut table, &victim.sets("r1", "ville", "Pau"), LEA).unwrap();
    assert_eq!(shown(&table), victim.cells());
}

#[test]
fn a_reserved_writer_is_refused_to_others_before_its_first_block() {
    let mut table = small_table();
    table.claim(Writer(10), Some(LEA));
    table.claim(Writer(10), Some(NOUR));
    let update = Tab::open(10, &table).sets("r1", "ville", "Nice");

    assert_eq!(judge(&table, &update, NOUR).unwrap_err(), ForeignWriter(Writer(10)));
    assert_eq!(judge(&table, &update, LEA).unwrap().claims, []);
}

#[test]
fn nobody_writes_as_the_server_or_as_a_writer_whose_owner_was_forgotten() {
    let mut table = small_table();
    let forged = Tab::open(SERVER.0, &table).sets("r1", "ville", "EVIL");
    assert_eq!(judge(&table, &forged, LEA).unwrap_err(), ForeignWriter(SERVER));

    let tab = Tab::open(10, &table);
    take_in(&mut table, &tab.sets("r1", "ville", "Nice"), LEA).unwrap();
    let forgetful = TableDocument::load(FIRST, SERVER, Some(&table.snapshot()), []).unwrap();
    let next = tab.sets("r1", "ville", "Pau");
    assert_eq!(judge(&forgetful, &next, LEA).unwrap_err(), ForeignWriter(Writer(10)));
}

#[test]
fn what_others_wrote_may_be_sent_again_but_not_added_to() {
    let mut table = small_table();
    let lea = Tab::open(10, &table);
    take_in(&mut table, &lea.sets("r1", "ville", "Nice"), LEA).unwrap();
    let nour = Tab::open(20, &table);
    nour.sets("r1", "heures", 7);

    // The whole document, Léa's and the server's blocks too, with one block of his own.
    let (said, _) = take_in(&mut table, &nour.whole(), NOUR).unwrap();
    assert_eq!(said, ["r1/heures set 7.0"]);

    lea.sets("r1", "ville", "Pau");
    nour.receives(&lea.whole());
    assert_eq!(judge(&table, &nour.whole(), NOUR).unwrap_err(), ForeignWriter(Writer(10)));
}

#[test]
fn one_update_claims_only_so_many_writers() {
    let table = small_table();
    let tab = Tab::open(10, &table);
    tab.sets("r1", "heures", 1);
    let other = Tab::open(11, &table);
    other.receives(&tab.whole());
    other.edits(|txn, rows| {
        map(txn, rows, "r1").insert(txn, "heures", 2);
    });
    let update = other.step2(&table);

    assert_eq!(judge(&table, &update, LEA).unwrap().claims, [Writer(10), Writer(11)]);
    let one = Limits { claims: 1, ..Limits::default() };
    assert_eq!(table.judge(&update, LEA, &one).unwrap_err(), TooLarge("new writers"));
}
