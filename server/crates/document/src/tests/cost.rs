//! No update costs the engine more than its size deserves, and honest work is never taken for an attack.

use super::bytes::*;
use super::support::*;
use crate::Refusal::TooLarge;
use crate::{Limits, TableDocument};

/// What a judgement costs, or that it costs too much.
fn cost(table: &TableDocument, update: &[u8], limits: &Limits) -> Option<u64> {
    match table.judge(update, LEA, limits) {
        Ok(judgement) => Some(judgement.cost),
        Err(refusal) => {
            assert_eq!(refusal, TooLarge("steps"));
            None
        }
    }
}

/// A table whose text `notes` was typed by writer 20, and so long.
fn with_notes(units: usize) -> TableDocument {
    let mut table = small_table();
    let typed = Tab::open(20, &table).types("r1", "notes", 0, &"x".repeat(units));
    take_in(&mut table, &typed, NOUR).unwrap();
    table
}

/// Each block names another right neighbour at the end of the text, so that the engine would walk over all
/// that came before: four thousand of them, in 24 KB, took it seconds.
fn walkers(count: u32) -> Vec<u8> {
    let blocks: Vec<_> = (1..=count).rev().map(|at| At::before((20, at)).letters("b").0).collect();
    update(&[(10, 0, &blocks)], &[])
}

#[test]
fn thousands_of_blocks_that_each_walk_over_the_others_are_refused() {
    let table = with_notes(4_097);

    assert_eq!(cost(&table, &walkers(4_096), &Limits::default()), None);
    assert_eq!(cost(&table, &walkers(4_096), &Limits::of_step2()), None);
    // Half as many cost a fourth: that is what makes them dangerous.
    let (some, half) = (walkers(200), walkers(100));
    let costs = [some, half].map(|update| cost(&table, &update, &Limits::default()).unwrap());
    assert!(costs[0] > 3 * costs[1], "{costs:?}");
}

#[test]
fn a_text_cut_into_thousands_of_pieces_at_once_is_refused() {
    let table = with_notes(200_000);
    let every_second = |count: u32| (0..count).map(|at| (2 * at, 1)).collect::<Vec<_>>();

    let hostile = update(&[], &[(20, &every_second(60_000))]);
    assert_eq!(cost(&table, &hostile, &Limits::default()), None);

    let honest = update(&[], &[(20, &every_second(500))]);
    assert!(cost(&table, &honest, &Limits::default()).is_some());
}

/// Cuts of earlier updates are what later ones walk over.
#[test]
fn pieces_left_by_deletions_are_counted() {
    let mut table = with_notes(2_000);
    let cuts: Vec<_> = (0..1_000).map(|at| (2 * at, 1)).collect();
    let before = cost(&table, &walkers(100), &Limits::default()).unwrap();

    take_in(&mut table, &update(&[], &[(20, &cuts)]), LEA).unwrap();

    for table in [&table, &reloaded(&table)] {
        let after = cost(table, &walkers(100), &Limits::default()).unwrap();
        assert!(after > before + 100 * 1_000, "{before} {after}");
    }
}

#[test]
fn rivals_walk_over_a_long_history_again_and_again_and_are_refused() {
    let mut table = small_table();
    let (r1, tabs) = (id_of_row(&table, "r1"), [30, 31].map(|writer| Tab::open(writer, &table)));
    let notes = table.text_of("r1", "notes").unwrap();
    for turn in 0..60 {
        let (tab, other) = (&tabs[turn % 2], &tabs[1 - turn % 2]);
        for update in [tab.sets("r1", "ville", "Nice"), tab.types("r1", "notes", 0, "x")] {
            other.receives(&update);
            take_in(&mut table, &update, LEA).unwrap();
        }
    }
    let limits = Limits { steps: 100, ..Limits::default() };
    let rivals = [1, 2].map(|number| At::under(r1, "ville").values(&[number]).0);
    let letters = ["a", "b"].map(|letter| At::inside(notes).letters(letter).0);

    for table in [&table, &reloaded(&table)] {
        for hostile in [&rivals, &letters] {
            assert_eq!(cost(table, &update(&[(11, 0, hostile)], &[]), &limits), None);
        }
        let (lea, nour) = (Tab::open(12, table), Tab::open(13, table));
        for honest in [lea.sets("r1", "ville", "Pau"), nour.types("r1", "notes", 3, "y")] {
            assert!(cost(table, &honest, &limits).is_some());
        }
    }
}

#[test]
fn a_big_paste_costs_about_as_much_as_a_word() {
    let table = small_table();
    let tab = Tab::open(10, &table);

    let word = cost(&table, &tab.types("r1", "notes", 0, "Bonjour"), &Limits::default());
    let paste = Tab::open(11, &table).types("r1", "notes", 3, &"é".repeat(100_000));
    let paste = cost(&table, &paste, &Limits::default());

    assert_eq!(word, Some(1));
    assert!(paste.is_some_and(|cost| cost < 1_000), "{paste:?}");
}

/// Where nobody else came to the same place meanwhile, the engine takes one step for each block, wherever it
/// stands: in old letters, between new ones, again and again at the same spot.
#[test]
fn an_afternoon_offline_costs_no_more_than_its_blocks() {
    let mut table = with_notes(5_000);
    let tab = Tab::open(10, &table);
    for turn in 0..1_000 {
        let at = if turn % 3 == 0 { 7 } else { turn * 7_919 % 5_000 };
        tab.types("r1", "notes", at, "abc");
        tab.erases("r1", "notes", at + 1, 1);
        tab.types("r1", "notes", at + 1, "é");
    }
    let step2 = tab.step2(&table);

    let cost = cost(&table, &step2, &Limits::of_step2()).unwrap();
    take_in(&mut table, &step2, LEA).unwrap();

    assert!(cost < 100_000, "{cost}");
    assert_eq!(shown(&table), tab.cells());
}

#[test]
fn letter_by_letter_live_every_letter_costs_one_step() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    for turn in 0..200 {
        // Somewhere in the middle, as people do: a word here, a word there.
        let at = turn / 20 % 5 + turn % 20;
        let letter = tab.types("r1", "notes", at, "l");
        assert_eq!(cost(&table, &letter, &Limits::default()), Some(1), "{turn}");
        take_in(&mut table, &letter, LEA).unwrap();
    }

    // A restart forgets nothing of it.
    let table = reloaded(&table);
    let letter = tab.types("r1", "notes", 9, "l");
    assert_eq!(cost(&table, &letter, &Limits::default()), Some(1));
}

#[test]
fn whoever_comes_to_a_place_where_others_came_meanwhile_is_searched_for() {
    let mut table = small_table();
    let (lea, nour) = (Tab::open(10, &table), Tab::open(20, &table));
    let (hers, his) = (lea.types("r1", "notes", 3, "a"), nour.types("r1", "notes", 3, "b"));
    assert_eq!(cost(&table, &hers, &Limits::default()), Some(1));

    take_in(&mut table, &his, NOUR).unwrap();

    for table in [&table, &reloaded(&table)] {
        assert!(cost(table, &hers, &Limits::default()).unwrap() > 1);
    }
}

#[test]
fn a_cell_takes_only_so_many_rivals() {
    let table = small_table();
    let row = id_of_row(&table, "r2");
    let rivals: Vec<_> = (0..65).map(|n| At::under(row, "heures").values(&[n % 60]).0).collect();

    let refusal = judge(&table, &update(&[(10, 0, &rivals)], &[]), LEA).unwrap_err();

    assert_eq!(refusal, TooLarge("rivals"));
}
