//! The attacks that a shared document must stand, and where each is answered.
//!
//! ```text
//!  1  values nested until the stack is gone          here
//!  2  lengths that are declared and not there        here
//!  3  panics of the engine while it applies          here; `mutants`
//!  4  updates after which nobody can load            `mutants`, `properties`
//!  5  orphans that wait for ever                     here
//!  6  ten bytes that delete every row                here; the rules in `domain::people`
//!  7  the next clock of somebody else                `writers`
//!  8  clocks that run out                            here
//!  9  data under roots that nobody sees              here
//! 10  a type in place of another                     here
//! 11  writing as an answer to sync step 1            `reasons`; roles: `live`
//! 12  state vectors that are forged                  here; nothing private is in a document
//! 13  names of other documents                       the live door
//! 14  other sites that open the socket               the live door
//! 15  sockets that outlive a login or a role         `live`
//! 16  another name in the awareness                  `live`
//! 17  a clock of the awareness that locks out        `live`
//! 18  floods of awareness                            `live`
//! 19  readers that do not read                       `live`
//! 20  huge messages                                  `reasons` ("bytes"); the socket: `live`
//! 21  connections without end                        the live door
//! 22  thousands of writes to one key at once         here; `cost`
//! 23  a new writer for every edit                    here; the quota: `live`
//! 24  bytes that the engine reads and browsers do not    here
//! 25  a second skeleton                              here
//! 26  a damaged document taken for an empty one      here; checksums: `live`
//! 27  old frames sent again                          here
//! 28  what was erased coming back from a laptop      here; the epoch of the socket: `live`
//! 29  an undo of others' work                        the client undoes its own alone; `honest`
//! 30  values on which engines disagree               here; `fixture`
//! ```

use tablee_domain::people::{MembersEdit, Role, RowFacts, allows};
use yrs::updates::decoder::Decode;
use yrs::{Map, Update};

use super::bytes::*;
use super::hostile::stage;
use super::support::*;
use crate::Refusal::{self, ForeignWriter, Malformed, Missing, Shape, TooLarge};
use crate::{Broken, Limits, LoadError, TableDocument};
use tablee_domain::ids::{Epoch, PersonId, Writer};

/// Judges as Léa, whatever the size.
fn refusal(table: &TableDocument, update: &[u8]) -> Refusal {
    table.judge(update, LEA, &Limits::of_step2()).unwrap_err()
}

/// 1
#[test]
fn values_nested_beyond_four_are_refused_however_deep() {
    let table = small_table();
    let row = id_of_row(&table, "r2");
    let lists = |n: usize| [[117, 1].repeat(n), vec![126]].concat();
    let maps = |n: usize| [[118, 1, 1, b'k'].repeat(n), vec![126]].concat();

    for depth in [5, 100, 8_000, 200_000] {
        for nested in [lists(depth), maps(depth)] {
            let update = lone(At::under(row, "tarifs/t1").value(&nested));
            assert_eq!(refusal(&table, &update), TooLarge("nesting"), "{depth}");
        }
    }
    let four = lone(At::under(row, "tarifs/t1").value(&maps(4)));
    assert!(judge(&table, &four, LEA).is_ok());
}

/// 2
#[test]
fn lengths_that_are_declared_and_not_there_are_refused_wherever_they_stand() {
    let table = stage();
    let row = id_of_row(&table, "r2");
    let honest = update(
        &[(10, 0, &[At::under(row, "tarifs/t1").value(&[118, 1, 1, b'k', 119, 1, b'v']).0])],
        &[(20, &[(0, 1)])],
    );
    assert!(judge(&table, &honest, LEA).is_ok());
    let bombs: [&[u8]; 4] = [
        &[255, 255, 255, 122],
        &[255, 255, 255, 255, 15],
        &[255; 7],
        &[255, 255, 255, 255, 255, 255, 255, 15],
    ];

    for (at, bomb) in (0..honest.len()).flat_map(|at| bombs.map(|bomb| (at, bomb))) {
        let update = [&honest[..at], bomb, &honest[at + 1..]].concat();
        // A key or a value may well hold those bytes; nothing may be allocated for what they declare.
        let _ = table.judge(&update, LEA, &Limits::default());
        let _ = table.diff(&update);
    }
    for bomb in bombs {
        assert!(matches!(refusal(&table, bomb), Malformed(_)), "{bomb:?}");
        assert!(table.diff(bomb).is_err());
    }
}

/// 3
#[test]
fn a_document_that_broke_is_had_again_from_its_log() {
    let (mut table, first) = TableDocument::create(FIRST, SERVER, &columns());
    let row = Tab::open(10, &table).adds_row("n1", &[("ville", "Pau")]);
    let (_, added) = take_in(&mut table, &row, LEA).unwrap();
    let before = table.values();

    let broken = table.write(|writing| {
        writing.set(&row_id("n1"), "ville", "Nice".into());
        assert!(writing.rows().is_empty(), "on purpose");
    });

    assert!(matches!(broken, Err(Broken::Panicked(_))));
    let judgement = judge(&small_table(), &row, LEA).unwrap();
    assert_eq!(table.apply(&row, judgement), Err(Broken::Already));
    let log = [first.update.as_slice(), added.update.as_slice()];
    assert_eq!(TableDocument::load(FIRST, SERVER, None, log).unwrap().values(), before);
}

/// 5
#[test]
fn a_thousand_orphans_leave_nothing_behind() {
    let table = stage();
    let (before, segments) = (table.snapshot(), table.index_segments());

    for n in 0..1_000 {
        let orphan = lone(At::after(1_000 + n, n as u32).letters("nobody's"));
        assert_eq!(judge(&table, &orphan, LEA).unwrap_err(), Missing);
        let deletion = update(&[], &[(1_000 + n, &[(0, 7)])]);
        assert_eq!(judge(&table, &deletion, LEA).unwrap_err(), Missing);
    }

    assert_eq!((table.snapshot(), table.index_segments()), (before, segments));
}

/// 6
#[test]
fn a_few_bytes_that_delete_all_are_said_row_by_row_and_allowed_to_nobody() {
    let mut table = empty_table();
    table
        .write(|writing| {
            for n in 0..1_000 {
                writing.add_row(
                    &row_id(&format!("r{n}")),
                    "a1",
                    None,
                    std::collections::BTreeMap::new(),
                );
            }
        })
        .unwrap();
    let whole = table_clocks(&table, SERVER.0);
    let (_, first) = id_of_row(&table, "r0");
    let wiper = update(&[], &[(SERVER.0, &[(first, whole - first)])]);
    assert!(wiper.len() <= 10, "{}", wiper.len());

    let judgement = judge(&table, &wiper, LEA).unwrap();

    assert_eq!(judgement.changes.len(), 1_000);
    for role in Role::ALL {
        let is_allowed = |change| {
            let owner = RowFacts { owner: Some(LEA), binned_by: Some(LEA) };
            allows((LEA, role), MembersEdit::All, table.columns(), owner, change).is_ok()
        };
        assert!(!judgement.changes.iter().any(is_allowed), "{role:?}");
    }
}

/// The clock that the next element of a writer must have.
fn table_clocks(table: &TableDocument, writer: u64) -> u32 {
    let clocks = yrs::StateVector::decode_v1(&table.state_vector()).unwrap();
    clocks.get(&yrs::ClientID::new(writer))
}

/// 8
#[test]
fn nobody_lets_the_clock_of_another_run_out() {
    let mut table = stage();
    let far = (1 << 31) - 2 - table_clocks(&table, 20);
    let next = table_clocks(&table, 20);
    let blocks = |kind: u8, len: u32| [vec![kind], var(u64::from(len))].concat();

    let of_nour = update(&[(20, next, &[blocks(0, far)])], &[]);
    assert_eq!(refusal(&table, &of_nour), ForeignWriter(Writer(20)));
    assert_eq!(refusal(&table, &update(&[(20, next, &[blocks(10, far)])], &[])), Missing);
    // Her own may run out: the next tab has another writer.
    let own = update(&[(10, 0, &[blocks(0, (1 << 31) - 1)])], &[]);
    take_in(&mut table, &own, LEA).unwrap();
    let beyond = update(&[(10, (1 << 31) - 1, &[blocks(0, 1)])], &[]);
    assert_eq!(refusal(&table, &beyond), Malformed("clock over 31 bits"));

    let nour = Tab::open(20, &table);
    take_in(&mut table, &nour.sets("r2", "heures", 2), NOUR).unwrap();
    assert_eq!(shown(&reloaded(&table)), nour.cells());
}

/// 9
#[test]
fn nothing_is_stored_under_a_root_or_a_key_that_nobody_sees() {
    let table = stage();
    let row = id_of_row(&table, "r2");
    let megabyte = [vec![119], string(&"x".repeat(1 << 20))].concat();

    for root in ["", "evil", "Rows", "rows ", "__proto__"] {
        let update = lone(At::at_root(root, "k").value(&megabyte));
        assert_eq!(refusal(&table, &update), Shape("unknown root"), "{root}");
    }
    for key in ["", "~", "~hidden", "inconnue", "__proto__", "ville/x", "constructor"] {
        let update = lone(At::under(row, key).value(&[120]));
        assert!(matches!(refusal(&table, &update), Shape(_)), "{key}");
    }
}

/// 10
#[test]
fn no_other_type_takes_the_place_of_a_row_a_value_or_a_text() {
    let table = stage();
    let row = id_of_row(&table, "r2");
    let notes = table.text_of("r1", "notes").unwrap();
    let places = || {
        [
            At::at_root("rows", "n9"),
            At::in_root("rows"),
            At::under(row, "ville"),
            At::under(row, "themes/eau"),
            At::under(row, "~order"),
            At::under(row, "~base"),
            At::inside(notes),
        ]
    };
    // Array, map, text, XML and all that may come, by every kind of content that any engine knows.
    let types = (0..=15).map(|kind| (7, vec![kind, 0, 0]));
    let contents = (0..=15).filter(|kind| *kind != 7).map(|kind| (kind, vec![1, 1, 1, 1]));
    for (kind, content) in types.chain(contents) {
        for (at, place) in places().into_iter().enumerate() {
            let update = lone(place.content(kind, &content));
            if let Ok(judgement) = judge(&table, &update, LEA) {
                // A row is a map, a text holds letters; deleted or plain, it may be what honest tabs send.
                let is_row = kind == 7 && content[0] == 1 && at == 0;
                let honest = is_row || (kind == 4 && at == 6) || kind == 1 || kind == 8;
                assert!(honest, "{kind} {content:?} at {at}: {:?}", judgement.changes);
            }
        }
    }
}

/// 12
#[test]
fn a_forged_state_vector_is_answered_or_refused_and_costs_nothing() {
    let table = stage();
    let whole = table.snapshot().len();
    let vector = |clocks: &[(u64, u64)]| {
        let all = clocks.iter().flat_map(|(writer, clock)| [var(*writer), var(*clock)].concat());
        [var(clocks.len() as u64), all.collect()].concat()
    };

    for clocks in
        [[(20, 1), (30, 1)], [(SERVER.0, 3), (99, u64::from(u32::MAX))], [(20, 0), (20, 9)]]
    {
        let answer = table.diff(&vector(&clocks)).unwrap();
        assert!(answer.len() <= whole && Update::decode_v1(&answer).is_ok());
    }
    assert!(table.diff(&vector(&[(1 << 53, 1)])).is_err());
    assert!(table.diff(&vector(&[(20, 1 << 32)])).is_err());
    assert!(table.diff(&[1, 20, 1, 0]).is_err());
    let many: Vec<_> = (0..5_000).map(|writer| (writer, 1)).collect();
    assert_eq!(table.diff(&vector(&many)), Err(TooLarge("writers")));
}

/// 22
#[test]
fn ten_thousand_writes_to_one_key_cost_their_author_more_and_more() {
    let mut table = small_table();
    let row = id_of_row(&table, "r2");
    // Each from a tab that saw none of the others.
    let write = |n: u64| update(&[(100 + n, 0, &[At::under(row, "heures").values(&[1]).0])], &[]);
    let mut costs = Vec::new();
    for n in 0..1_000 {
        let judgement = judge(&table, &write(n), LEA).unwrap();
        costs.push(judgement.cost);
        table.apply(&write(n), judgement).unwrap();
    }

    assert!(costs[999] > 900 + costs[0], "{} {}", costs[0], costs[999]);
    let at_once: Vec<_> =
        (0..200).map(|n| (2_000 + n, 0, [At::under(row, "heures").values(&[1]).0])).collect();
    let at_once: Vec<_> =
        at_once.iter().map(|(writer, clock, block)| (*writer, *clock, &block[..])).collect();
    assert_eq!(refusal(&table, &update(&at_once, &[])), TooLarge("rivals"));
}

/// 23
#[test]
fn a_thousand_writers_are_gone_with_their_epoch() {
    let mut table = small_table();
    let fresh = small_table().snapshot().len();
    for writer in 100..1_100 {
        let edit = Tab::open(writer, &table).sets("r1", "ville", "Nice");
        take_in(&mut table, &edit, PersonId(writer as i64)).unwrap();
    }
    assert!(table.snapshot().len() > 10 * fresh);

    let (next, _) = table.rebuild(table.first_writer_of_next_epoch(), |_| false, |_| ()).unwrap();

    assert_eq!(next.values(), table.values());
    assert!(next.snapshot().len() < 2 * fresh);
}

/// 24
#[test]
fn what_is_sent_on_is_what_the_engine_wrote_anew() {
    let mut table = stage();
    let lea = Tab::open(10, &table);
    let plain = lea.sets("r1", "ville", "Nice");
    // The same with an integer of two bytes where one is enough, among all that is known already.
    let mut odd = plain.clone();
    assert_eq!(odd[0], 1);
    odd.splice(0..1, [0x81, 0x00]);
    let whole = lea.whole();

    let judgement = judge(&table, &odd, LEA).unwrap();
    let sent = table.apply(&odd, judgement).unwrap().update;
    let mut other = stage();
    let judgement = judge(&other, &whole, LEA).unwrap();
    let of_whole = other.apply(&whole, judgement).unwrap().update;

    assert_eq!(sent, plain);
    assert_eq!(of_whole, plain);
}

/// 25
#[test]
fn only_the_server_makes_the_skeleton() {
    let table = empty_table();
    let second = TableDocument::create(FIRST, Writer(77), &columns()).0;

    let servers = Shape("columns and meta are the server's");
    assert_eq!(refusal(&table, &second.snapshot()), servers);
    let same = TableDocument::create(FIRST, SERVER, &columns()).0;
    assert!(judge(&table, &same.snapshot(), LEA).unwrap().is_noop());
}

/// 26
#[test]
fn a_damaged_document_is_never_an_empty_one() {
    let table = stage();
    let snapshot = table.snapshot();
    let load = |bytes: &[u8]| TableDocument::load(FIRST, SERVER, Some(bytes), []);

    for cut in 0..snapshot.len() {
        assert!(load(&snapshot[..cut]).is_err(), "{cut}");
    }
    for at in (0..snapshot.len()).step_by(7) {
        let mut damaged = snapshot.clone();
        damaged[at] ^= 0x15;
        // Which letter a byte was, only a checksum can tell; that there were rows, the document does.
        if let Ok(read) = load(&damaged) {
            assert!(read.columns().iter().next().is_some(), "{at}");
        }
    }
    assert_eq!(load(&[0, 0]).err(), Some(LoadError::AnotherDocument { format: None, epoch: None }));
}

/// 27
#[test]
fn an_update_sent_again_at_any_moment_by_anybody_changes_nothing() {
    let mut table = stage();
    let lea = Tab::open(10, &table);
    let mut sent = Vec::new();
    for update in [
        lea.adds_row("n1", &[("ville", "Pau")]),
        lea.makes_text("n1", "notes", "à compléter"),
        lea.types("n1", "notes", 2, "bien "),
        lea.erases("n1", "notes", 0, 3),
        lea.sets("n1", "ville", "Agen"),
        lea.unsets("n1", "ville"),
    ] {
        take_in(&mut table, &update, LEA).unwrap();
        sent.push(update);
        let before = table.snapshot();
        for again in sent.iter().rev().chain(&sent) {
            let judgement = judge(&table, again, NOUR).unwrap();
            assert!(judgement.is_noop() && judgement.claims.is_empty());
            assert_eq!(table.apply(again, judgement), Ok(crate::Applied::default()));
        }
        assert_eq!(table.snapshot(), before);
    }
    assert_eq!(shown(&table), lea.cells());
}

/// 28
#[test]
fn what_was_erased_does_not_come_back_from_a_tab_of_an_earlier_epoch() {
    let mut table = stage();
    let laptop = Tab::open(50, &table);
    table.claim(Writer(50), Some(LEA));
    take_in(&mut table, &laptop.sets("r1", "ville", "secret"), LEA).unwrap();
    let (server, old) =
        (table.first_writer_of_next_epoch(), table.claims().map(|(writer, _)| writer));
    let (mut next, _) = table.rebuild(server, |row| row.id.as_str() == "r1", |_| ()).unwrap();
    next.retire(old.collect::<Vec<_>>());
    let before = next.snapshot();

    // A month later: what it did since, all that it has, and a row that builds on nothing.
    let late = [
        laptop.sets("r1", "ville", "secret"),
        laptop.unsets("r2", "ville"),
        laptop.adds_row("n1", &[("ville", "secret")]),
        laptop.whole(),
        Tab::open(50, &empty_table()).adds_row("n2", &[("ville", "secret")]),
    ];
    for update in late {
        let refusal = refusal(&next, &update);
        assert!(matches!(refusal, ForeignWriter(_) | Missing), "{refusal:?}");
    }

    assert_eq!((next.epoch(), next.snapshot()), (Epoch(2), before));
    assert_eq!(next.owner_of(Writer(50)), Some(None));
    next.claim(Writer(50), Some(LEA));
    assert_eq!(next.owner_of(Writer(50)), Some(None));
    assert_eq!(next.owner_of(server), Some(None));
    assert!(next.greatest_writer() >= server);
}

/// 30
#[test]
fn values_on_which_engines_disagree_are_refused() {
    let table = stage();
    let row = id_of_row(&table, "r2");
    let value = |any: &[u8]| refusal(&table, &lone(At::under(row, "ville").value(any)));

    for nan in [
        [0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
        [0xff, 0xf0, 0, 0, 0, 0, 0, 0],
        [0x7f, 0xf0, 0, 0, 0, 0, 0, 0],
    ] {
        assert_eq!(value(&[&[123], &nan[..]].concat()), Shape("a number that is not finite"));
    }
    assert_eq!(value(&[122, 0, 0, 0, 0, 0, 0, 0, 1]), Shape("bigint"));
    // Beyond what a browser counts exactly.
    let beyond = value(&[125, 0xbf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]);
    assert_eq!(beyond, Malformed("over 53 bits"));
    // Half of a pair, as UTF-8 would have it.
    assert_eq!(value(&[119, 3, 0xed, 0xa0, 0xbd]), Malformed("not UTF-8"));
    assert_eq!(value(&[127]), Shape("undefined"));
}

/// The checks see what they look for: without admission the engine takes a root that nobody sees.
#[test]
fn without_admission_an_unknown_root_is_stored() {
    let table = stage();
    let engine = Tab::open(10, &table);
    let hidden = engine.doc.get_or_insert_map("evil");

    let update = engine.edits(|txn, _| {
        hidden.insert(txn, "k", "x".repeat(1_000));
    });

    let other = Tab::open(11, &table);
    other.receives(&update);
    assert!(other.whole().len() > table.snapshot().len() + 1_000);
    assert_eq!(refusal(&table, &update), Shape("unknown root"));
}
