//! What no honest tab sends is refused whole, and leaves no trace.

use super::bytes::*;
use super::support::*;
use crate::Limits;
use crate::Refusal::{self, Malformed, Missing, Shape, TooLarge};
use yrs::{Any, ArrayPrelim, Doc, Map, MapPrelim, Text, TextPrelim};

/// Judges as Léa and checks that nothing changed.
fn refuses(table: &TableDocument, update: &[u8]) -> Refusal {
    let before = table.snapshot();
    let refusal = judge(table, update, LEA).unwrap_err();
    assert_eq!(table.snapshot(), before);
    refusal
}

use crate::TableDocument;

#[test]
fn one_thing_that_has_no_place_refuses_the_whole_update() {
    let table = small_table();
    let tab = Tab::open(10, &table);
    let update = tab.edits(|txn, rows| {
        let row = map(txn, rows, "r1");
        row.insert(txn, "ville", "Nice");
        row.insert(txn, "inconnue", "x");
    });

    assert_eq!(refuses(&table, &update), Shape("unknown column"));
    // What follows from that tab builds on what was refused.
    assert_eq!(refuses(&table, &tab.sets("r1", "ville", "Pau")), Missing);
}

#[test]
fn only_the_roots_and_types_of_a_table_are_taken() {
    let table = small_table();
    let open = || Tab::open(10, &table);
    let tab = open();
    let evil = tab.doc.get_or_insert_map("evil");
    let update = tab.edits(|txn, _| {
        evil.insert(txn, "k", "v");
    });
    assert_eq!(refuses(&table, &update), Shape("unknown root"));

    for root in ["columns", "meta"] {
        let tab = open();
        let servers = tab.doc.get_or_insert_map(root);
        let update = tab.edits(|txn, _| {
            servers.insert(txn, "titre", "v");
        });
        assert_eq!(refuses(&table, &update), Shape("columns and meta are the server's"));
        let update = open().edits(|txn, _| {
            let key = if root == "columns" { "titre" } else { "epoch" };
            servers_of(txn, root).remove(txn, key);
        });
        assert_eq!(refuses(&table, &update), Shape("columns and meta are the server's"));
    }

    let tab = open();
    let list = tab.doc.get_or_insert_array("rows");
    let update = tab.edits(|txn, _| {
        yrs::Array::push_back(&list, txn, "list item in the map of rows");
    });
    assert_eq!(refuses(&table, &update), Shape("list item in a root"));

    let update = open().edits(|txn, rows| {
        rows.insert(txn, "r9", "not a map");
    });
    assert_eq!(refuses(&table, &update), Shape("row that is not a map"));
    let update = open().edits(|txn, rows| {
        rows.insert(txn, "R9", MapPrelim::default());
    });
    assert_eq!(refuses(&table, &update), Shape("row id"));
}

fn servers_of(txn: &yrs::TransactionMut<'_>, root: &str) -> yrs::MapRef {
    yrs::ReadTxn::get_map(txn, root).unwrap()
}

#[test]
fn a_cell_takes_no_shared_type_but_its_text() {
    let table = small_table();
    let open = || Tab::open(10, &table);

    let update = open().edits(|txn, rows| {
        map(txn, rows, "r1").insert(txn, "ville", ArrayPrelim::default());
    });
    assert_eq!(refuses(&table, &update), Shape("kind of shared type"));
    let update = open().edits(|txn, rows| {
        map(txn, rows, "r1").insert(txn, "ville", MapPrelim::default());
    });
    assert_eq!(refuses(&table, &update), Shape("map in a cell"));
    let update = open().edits(|txn, rows| {
        map(txn, rows, "r1").insert(txn, "ville", Doc::new());
    });
    assert_eq!(refuses(&table, &update), Shape("kind of content"));
    for key in ["ville", "themes", "themes/eau", "ville~said", "~order", "~deleted"] {
        let update = open().makes_text("r1", key, "x");
        assert_eq!(refuses(&table, &update), Shape("text outside a text column"), "{key}");
    }
    let update = open().edits(|txn, rows| {
        let bold = yrs::types::Attrs::from([("b".into(), Any::Bool(true))]);
        text(txn, rows, "r1", "notes").format(txn, 0, 3, bold);
    });
    assert_eq!(refuses(&table, &update), Shape("formatted text"));
    let update = open().edits(|txn, rows| {
        text(txn, rows, "r1", "notes").insert_embed(txn, 0, Any::Bool(true));
    });
    assert_eq!(refuses(&table, &update), Shape("formatted text"));
}

#[test]
fn each_place_takes_only_values_of_its_shape() {
    let table = small_table();
    let map = || Any::from(std::collections::HashMap::from([("a".to_owned(), Any::Null)]));
    let list = || Any::from(vec![Any::Null]);
    let refused: [(&str, Any, &str); 19] = [
        ("titre", "a scalar in a text".into(), "value in this place"),
        ("titre", Any::Null, "value in this place"),
        ("ville", map(), "value in this place"),
        ("ville", list(), "value in this place"),
        ("themes", "eau".into(), "value in this place"),
        ("themes/eau", false.into(), "value in this place"),
        ("themes/eau", "oui".into(), "value in this place"),
        ("themes/__proto__", true.into(), "value in this place"),
        ("ville/eau", true.into(), "value in this place"),
        ("ville~said", 3.into(), "value in this place"),
        ("titre~said", "mots".into(), "value in this place"),
        ("~order", 3.into(), "value in this place"),
        ("~deleted", true.into(), "value in this place"),
        ("~base", list(), "`~base` is the server's"),
        ("inconnue", "x".into(), "unknown column"),
        ("inconnue~said", "x".into(), "unknown column"),
        ("Ville", "x".into(), "key"),
        ("~autre", "x".into(), "key"),
        ("", "x".into(), "key"),
    ];

    for (key, value, reason) in refused {
        let update = Tab::open(10, &table).sets("r1", key, value.clone());
        assert_eq!(refuses(&table, &update), Shape(reason), "{key} = {value}");
    }
    let taken: [(&str, Any); 9] = [
        ("ville", true.into()),
        ("heures", 2.5.into()),
        ("themes/foret", true.into()),
        ("tarifs/t1", map()),
        ("tarifs/t1", Any::Null),
        ("heures~said", "deux".into()),
        ("~order", "b7".into()),
        ("~deleted", map()),
        ("~deleted", Any::Null),
    ];
    for (key, value) in taken {
        let update = Tab::open(10, &table).sets("r1", key, value.clone());
        assert!(judge(&table, &update, LEA).is_ok(), "{key} = {value}");
    }
}

#[test]
fn values_that_databases_or_browsers_cannot_hold_are_refused() {
    let table = small_table();
    let proto = std::collections::HashMap::from([("__proto__".to_owned(), Any::Null)]);
    let nested = (0..5).fold(Any::Null, |inner, _| Any::from(vec![inner]));
    for (value, refusal) in [
        (Any::from("a\0b"), Shape("U+0000")),
        (Any::from(f64::NAN), Shape("a number that is not finite")),
        (Any::from(f64::INFINITY), Shape("a number that is not finite")),
        (Any::Undefined, Shape("undefined")),
        (Any::from(vec![1u8, 2]), Shape("binary")),
        (Any::from((1i64 << 53) + 1), Shape("bigint")),
        (Any::from(proto), Shape("key of a map")),
        (nested, TooLarge("nesting")),
    ] {
        let update = Tab::open(10, &table).sets("r1", "tarifs/t1", value);
        assert_eq!(refuses(&table, &update), refusal);
    }
    let update = Tab::open(10, &table).types("r1", "notes", 0, "a\0b");
    assert_eq!(refuses(&table, &update), Shape("U+0000"));
}

#[test]
fn a_text_is_made_once_and_never_removed() {
    let mut table = small_table();
    let (lea, nour) = (Tab::open(10, &table), Tab::open(20, &table));
    let again = lea.makes_text("r1", "notes", "autre");
    assert_eq!(refuses(&table, &again), Shape("second thing in place of a text"));

    // Two people make the text of one cell at once: the second is refused, her words are not lost silently.
    let (his, hers) = (nour.makes_text("r2", "titre", "la"), lea.makes_text("r2", "titre", "le"));
    take_in(&mut table, &his, NOUR).unwrap();
    let refusal = judge(&table, &hers, LEA).unwrap_err();
    assert!(matches!(refusal, Shape(_) | Missing), "{refusal:?}");
    let both = Tab::open(11, &table).edits(|txn, rows| {
        let row = map(txn, rows, "r1");
        row.insert(txn, "titre", TextPrelim::new("a"));
        row.insert(txn, "titre", TextPrelim::new("b"));
    });
    assert!(matches!(refuses(&table, &both), Shape(_)));

    for table in [&table, &reloaded(&table)] {
        let tab = Tab::open(12, table);
        assert_eq!(refuses(table, &tab.unsets("r1", "notes")), Shape("removal of a text"));
        let over = Tab::open(12, table).sets("r1", "notes", "x");
        assert_eq!(refuses(table, &over), Shape("second thing in place of a text"));
        let tab = Tab::open(12, table);
        tab.makes_text("r1", "titre", "a");
        tab.unsets("r1", "titre");
        assert!(matches!(refuses(table, &tab.step2(table)), Shape(_)));
    }
}

#[test]
fn a_tombstone_cannot_wipe_what_others_wrote() {
    let mut table = small_table();
    let tab = Tab::open(20, &table);
    take_in(&mut table, &tab.sets("r2", "heures", 3), NOUR).unwrap();
    let text = table.text_of("r1", "notes").unwrap();

    // Deleted content at the end of a key makes the engine delete what stood there: that is said.
    let wiper = lone(At::after(20, 0).deleted(1));
    let judgement = judge(&table, &wiper, LEA).unwrap();
    assert_eq!(said(&judgement.changes), ["r2/heures unset"]);

    let wiper = lone(At::after(text.0, text.1).deleted(1));
    assert_eq!(refuses(&table, &wiper), Shape("second thing in place of a text"));
    let row = id_of_row(&table, "r2");
    let wiper = lone(At::after(row.0, row.1).deleted(1));
    assert_eq!(said(&judge(&table, &wiper, LEA).unwrap().changes), ["r2/ remove row"]);
    let wiper = lone(At::under(row, "~base").deleted(1));
    assert_eq!(refuses(&table, &wiper), Shape("`~base` is the server's"));
    let wiper = lone(At::under(row, "titre").deleted(1));
    assert_eq!(refuses(&table, &wiper), Shape("tombstone in this place"));
}

#[test]
fn rows_replaced_or_removed_are_said_to_be() {
    let mut table = small_table();
    let update = Tab::open(10, &table).adds_row("r1", &[("ville", "Nice")]);
    let replaced = said(&judge(&table, &update, LEA).unwrap().changes);
    assert_eq!(replaced, ["r1/ replace row", "r1/ville set \"Nice\"", "r1/~order set \"b1\""]);

    let update = Tab::open(10, &table).edits(|txn, rows| {
        rows.remove(txn, "r1");
    });
    // With its row go its base and its text, which tabs never remove: the row is what is said.
    assert_eq!(said(&judge(&table, &update, LEA).unwrap().changes), ["r1/ remove row"]);
    let update = Tab::open(10, &table).edits(|txn, rows| {
        rows.insert(txn, "n9", MapPrelim::default());
        rows.remove(txn, "n9");
    });
    let gone = said(&judge(&table, &update, LEA).unwrap().changes);
    assert!(gone.iter().any(|change| change.starts_with("n9/ remove row")), "{gone:?}");

    // The same key twice: whoever comes second replaces, whether they win or lose.
    let (a, b) = (Tab::open(100, &table), Tab::open(200, &table));
    let (ua, ub) = (a.adds_row("n1", &[]), b.adds_row("n1", &[]));
    let (first, _) = take_in(&mut table, &ub, NOUR).unwrap();
    assert_eq!(first[0], "n1/ make row (new row)");
    assert_eq!(said(&judge(&table, &ua, LEA).unwrap().changes)[0], "n1/ replace row");
    let entry = || At::at_root("rows", "n2").map().0;
    let unmade = super::bytes::update(&[(10, 0, &[entry()])], &[(10, &[(0, 1)])]);
    let unmade = said(&judge(&table, &unmade, LEA).unwrap().changes);
    assert_eq!(unmade, ["n2/ make row (new row)", "n2/ remove row (new row)"]);
    let both =
        judge(&table, &super::bytes::update(&[(10, 0, &[entry(), entry()])], &[]), LEA).unwrap();
    assert_eq!(said(&both.changes), ["n2/ make row (new row)", "n2/ replace row (new row)"]);
}

#[test]
fn every_value_that_may_come_to_stand_is_said() {
    let table = small_table();
    let row = id_of_row(&table, "r2");
    // Two values under one key that do not follow each other: which one wins is the engine's secret.
    let rivals = [At::under(row, "heures").values(&[1]).0, At::under(row, "heures").values(&[2]).0];

    let judgement = judge(&table, &update(&[(10, 0, &rivals)], &[]), LEA).unwrap();

    assert_eq!(said(&judgement.changes), ["r2/heures set 1.0", "r2/heures set 2.0"]);
    let many: Vec<_> = (0..65).map(|n| At::under(row, "heures").values(&[n % 60]).0).collect();
    assert_eq!(refuses(&table, &update(&[(10, 0, &many)], &[])), TooLarge("rivals"));
}

#[test]
fn forged_blocks_are_refused() {
    let mut table = small_table();
    let tab = Tab::open(20, &table);
    let cells = tab.edits(|txn, rows| {
        let row = map(txn, rows, "r2");
        row.insert(txn, "heures", 1);
        row.insert(txn, "themes/eau", true);
    });
    take_in(&mut table, &cells, NOUR).unwrap();
    let (heures, theme) = ((20, 0), (20, 1));
    let text = table.text_of("r1", "notes").unwrap();
    let row = id_of_row(&table, "r2");

    for (update, refusal) in [
        (
            lone(At::between(heures, theme).values(&[1])),
            Malformed("neighbours in different places"),
        ),
        (lone(At::before(heures).values(&[1])), Shape("right neighbour in a map")),
        (lone(At::under(heures, "k").values(&[1])), Malformed("parent is not a container")),
        (lone(At::inside(row).letters("x")), Malformed("parent is not a container")),
        (lone(At::under(text, "k").values(&[1])), Malformed("parent is not a container")),
        (lone(At::inside(text).values(&[1])), Shape("not a letter in a text")),
        (lone(At::after(20, 0).letters("x")), Shape("kind of content in a cell")),
        (lone(At::after(10, 0).values(&[1])), Missing),
        (lone(At::after(99, 0).values(&[1])), Missing),
        (update(&[(10, 5, &[At::after(20, 0).values(&[1]).0])], &[]), Missing),
        (update(&[(10, 0, &[vec![10, 5]])], &[]), Missing),
        (update(&[(10, 0, &[vec![0, 0]])], &[]), Malformed("empty block")),
        (update(&[(10, 0, &[])], &[]), Malformed("section without blocks")),
        (update(&[(10, 0, &[vec![0x1f, 0]])], &[]), Malformed("unknown kind of block")),
        (update(&[], &[(20, &[(0, 0)])]), Malformed("empty deletion")),
        (update(&[], &[(20, &[(9, 1)])]), Missing),
        (update(&[], &[(20, &[(0, 1)]), (20, &[(1, 1)])]), Malformed("writer listed twice")),
    ] {
        assert_eq!(refuses(&table, &update), refusal, "{update:?}");
    }

    let honest = lone(At::after(20, 0).values(&[7]));
    assert_eq!(said(&judge(&table, &honest, LEA).unwrap().changes), ["r2/heures set 7.0"]);
    for cut in 0..honest.len() {
        assert!(matches!(refuses(&table, &honest[..cut]), Malformed(_)), "{cut}");
    }
    let longer = [honest, vec![0]].concat();
    assert_eq!(refuses(&table, &longer), Malformed("bytes after the end"));
}

#[test]
fn history_is_not_rewritten() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    take_in(&mut table, &tab.types("r1", "notes", 0, "abc"), LEA).unwrap();
    let title = Tab::open(20, &table).makes_text("r2", "titre", "");
    take_in(&mut table, &title, NOUR).unwrap();
    let (notes, title) =
        (table.text_of("r1", "notes").unwrap(), table.text_of("r2", "titre").unwrap());

    // The same clocks again, longer, and declared in another text.
    let forged = lone(At::inside(title).letters("abcXYZ"));
    assert_eq!(refuses(&table, &forged), Malformed("history rewritten"));
    let honest = lone(At::inside(notes).letters("abcXYZ"));
    assert_eq!(said(&judge(&table, &honest, LEA).unwrap().changes), ["r1/notes type +3 -0"]);
    // One writer in two sections.
    let block = |clock| At::after(10, clock).letters("x").0;
    let twice = update(&[(10, 3, &[block(2)]), (10, 4, &[block(3)])], &[]);
    assert_eq!(refuses(&table, &twice), Malformed("writer listed twice"));
}

#[test]
fn edits_in_a_row_that_was_removed_have_no_effect() {
    let mut table = small_table();
    let stale = Tab::open(10, &table);
    // No tab removes a row, but an older program may have.
    let removal = Tab::open(SERVER.0, &table).edits(|txn, rows| {
        rows.remove(txn, "r1");
    });
    table.apply_logged(&removal).unwrap();
    let late = stale.edits(|txn, rows| {
        map(txn, rows, "r1").insert(txn, "ville", "trop tard");
        text(txn, rows, "r1", "notes").insert(txn, 2, "trop tard ");
    });

    for mut table in [reloaded(&table), table] {
        let before = shown(&table);
        let (_, applied) = take_in(&mut table, &late, LEA).unwrap();

        assert_eq!(applied.edits, []);
        assert_eq!(shown(&table), before);
        assert_eq!(shown(&reloaded(&table)), before);
    }
}

#[test]
fn declared_sizes_are_never_believed() {
    let table = small_table();
    let huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
    for update in [
        [&huge[..], &[]].concat(),
        [&[1], &huge[..], &[1, 0]].concat(),
        [&[0], &huge[..]].concat(),
        [&[0, 1, 1], &huge[..]].concat(),
        vec![255, 255, 255, 122],
        vec![0xff; 12],
    ] {
        let refusal = refuses(&table, &update);
        assert!(matches!(refusal, TooLarge(_) | Malformed(_)), "{update:?}: {refusal:?}");
        assert!(table.diff(&update).is_err());
    }
    let row = id_of_row(&table, "r2");
    let nested = |n: usize| lone(At::under(row, "ville").value(&[117, 1].repeat(n)));
    assert_eq!(refuses(&table, &nested(60_000)), TooLarge("nesting"));
    let far = update(&[(10, 0, &[[vec![0], var(1 << 31)].concat()])], &[]);
    assert_eq!(refuses(&table, &far), Malformed("clock over 31 bits"));
    let far = update(&[(10, u32::MAX, &[vec![0, 1]])], &[]);
    assert_eq!(refuses(&table, &far), Malformed("clock over 31 bits"));
}

#[test]
fn each_limit_holds() {
    let mut table = small_table();
    let tab = Tab::open(10, &table);
    let letters = |n: usize| "x".repeat(n);
    let limits = Limits::default();

    let most = tab.sets("r1", "ville", letters(limits.value - 8));
    assert!(judge(&table, &most, LEA).is_ok());
    let over = Tab::open(10, &table).sets("r1", "ville", letters(limits.value));
    assert_eq!(refuses(&table, &over), TooLarge("value"));

    let over = Tab::open(10, &table).types("r1", "notes", 0, &letters(limits.bytes));
    assert_eq!(refuses(&table, &over), TooLarge("bytes"));
    let text = Limits { text: 10, ..Limits::default() };
    let refusal = |update: &[u8]| table.judge(update, LEA, &text).map(|_| ());
    assert_eq!(refusal(&Tab::open(10, &table).types("r1", "notes", 0, "abc")), Ok(()));
    assert_eq!(
        refusal(&Tab::open(10, &table).types("r1", "notes", 0, "abcd")),
        Err(TooLarge("text"))
    );

    let keys = Limits { row_keys: 6, ..Limits::default() };
    let hours = Tab::open(9, &table).sets("r2", "heures", 1);
    take_in(&mut table, &hours, LEA).unwrap();
    let update = Tab::open(10, &table).edits(|txn, rows| {
        let row = map(txn, rows, "r2");
        row.insert(txn, "ville", "Nice");
        row.insert(txn, "themes/eau", true);
        row.insert(txn, "themes/foret", true);
    });
    assert!(table.judge(&update, LEA, &keys).is_ok());
    let keys = Limits { row_keys: 5, ..keys };
    assert_eq!(table.judge(&update, LEA, &keys).unwrap_err(), TooLarge("keys in a row"));

    let blocks = Limits { blocks: 2, ..Limits::default() };
    assert_eq!(table.judge(&update, LEA, &blocks).unwrap_err(), TooLarge("blocks"));
    let unset = Tab::open(11, &table).unsets("r2", "heures");
    let deletions = Limits { deletions: 0, ..Limits::default() };
    assert_eq!(table.judge(&unset, LEA, &deletions).unwrap_err(), TooLarge("deletions"));
    let key = Limits { key: 4, ..Limits::default() };
    assert_eq!(table.judge(&update, LEA, &key).unwrap_err(), TooLarge("key"));
}

#[test]
fn of_two_entries_of_one_row_the_one_that_won_is_remembered() {
    let mut table = small_table();
    let (a, b) = (Tab::open(100, &table), Tab::open(200, &table));
    let (loser, winner) = (a.adds_row("n1", &[]), b.adds_row("n1", &[]));
    for update in [winner, loser] {
        take_in(&mut table, &update, LEA).unwrap();
    }
    assert_eq!(id_of_row(&table, "n1"), (200, 0));

    let removal = Tab::open(SERVER.0, &table).edits(|txn, rows| {
        rows.remove(txn, "n1");
    });
    table.apply_logged(&removal).unwrap();

    let again = Tab::open(300, &table).adds_row("n1", &[]);
    let (said, _) = take_in(&mut table, &again, LEA).unwrap();
    assert_eq!(said[0], "n1/ make row (new row)");
}

/// A judgement is about one state: applied to another, it must not be believed.
#[test]
fn a_stale_judgement_breaks_the_document_rather_than_being_applied() {
    let mut table = small_table();
    let update = Tab::open(10, &table).sets("r1", "ville", "Nice");
    let judgement = judge(&table, &update, LEA).unwrap();
    table.write(|writing| writing.set(&row_id("r1"), "ville", "Pau".into())).unwrap();

    assert_eq!(table.apply(&update, judgement), Err(crate::Broken::Stale));
    assert_eq!(table.write(|_| ()).unwrap_err(), crate::Broken::Already);
}

/// Half of a surrogate pair is nobody's letter, yet Yjs lets a tab delete it.
#[test]
fn half_a_letter_deleted_leaves_a_document_that_loads() {
    let mut table = small_table();
    let party = Tab::open(10, &table).types("r1", "notes", 0, "a🎉b");
    take_in(&mut table, &party, LEA).unwrap();
    let half = update(&[], &[(10, &[(1, 1)])]);

    let judgement = judge(&table, &half, LEA).unwrap();
    let applied = table.apply(&half, judgement);

    assert!(applied.is_ok());
    assert_eq!(shown(&reloaded(&table)), shown(&table));
}

/// A letter of two units is one letter: whoever points between its halves, or begins anew at the second,
/// may cost nobody the table.
#[test]
fn whoever_points_into_the_middle_of_a_letter_breaks_nothing() {
    let party = |table: &mut TableDocument| {
        let party = Tab::open(10, table).types("r1", "notes", 0, "a🎉b");
        take_in(table, &party, LEA).unwrap();
    };
    let between = update(&[(11, 0, &[At::between((10, 1), (10, 2)).letters("x").0])], &[]);
    let before = update(&[(11, 0, &[At::before((10, 2)).letters("x").0])], &[]);
    // Clock 3 is known as `b`; the block says that a pair begins there.
    let overlapping = update(&[(10, 3, &[At::after(10, 2).letters("🎉").0])], &[]);
    for hostile in [between, before, overlapping] {
        let mut table = small_table();
        party(&mut table);

        if let Ok(judgement) = judge(&table, &hostile, LEA) {
            assert!(table.apply(&hostile, judgement).is_ok());
        }

        assert_eq!(shown(&reloaded(&table)), shown(&table));
        let state = table.state_vector();
        assert_eq!(reloaded(&table).state_vector(), state);
    }
}

/// A block that names one letter as its left and its right neighbour, or neighbours the wrong way round, makes
/// the engine lose its place when it cuts what stood there at a stretch: after a restart the same update reads
/// differently, and no snapshot is ever right again. Found by mutants.
#[test]
fn neighbours_the_wrong_way_round_are_refused_and_others_are_not() {
    // At once, or letter by letter: the engine joins what was written at a stretch.
    let table = |at_once: bool| {
        let mut table = small_table();
        let tab = Tab::open(10, &table);
        let typed = if at_once { vec!["abc"] } else { vec!["a", "b", "c"] };
        for (at, letters) in (0..).zip(typed) {
            take_in(&mut table, &tab.types("r1", "notes", at, letters), LEA).unwrap();
        }
        table
    };
    let wrong = [((10, 1), (10, 1)), ((10, 2), (10, 1)), ((10, 2), (10, 0))];
    let right = [((10, 0), (10, 1)), ((10, 0), (10, 2))];
    let between = |(left, right)| {
        let letters = At::between(left, right).letters("x").0;
        update(&[(10, 3, std::slice::from_ref(&letters))], &[])
    };

    for (neighbours, at_once) in wrong.into_iter().flat_map(|one| [(one, true), (one, false)]) {
        for table in [table(at_once), reloaded(&table(at_once))] {
            let refusal = refuses(&table, &between(neighbours));
            assert_eq!(refusal, Malformed("neighbours the wrong way round"), "{neighbours:?}");
        }
    }
    for neighbours in right {
        let mut table = table(true);
        take_in(&mut table, &between(neighbours), LEA).unwrap();
        assert_eq!(reloaded(&table).values(), table.values(), "{neighbours:?}");
    }
    // The same with a known part: what is new comes after it, left of nothing that stands before it.
    let longer = At::before((10, 1)).letters("abcd").0;
    let longer = update(&[(10, 0, &[longer])], &[]);
    assert_eq!(refuses(&table(true), &longer), Malformed("neighbours the wrong way round"));
}
