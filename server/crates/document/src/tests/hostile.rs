//! One update for each reason to refuse, as small as it can be. The suites of bytes start from them too.

use super::bytes::*;
use super::support::*;
use crate::Refusal::{self, ForeignWriter, Malformed, Missing, Shape, TooLarge};
use crate::{Limits, TableDocument};
use tablee_domain::ids::Writer;

/// An update that Léa sends and that must not enter.
pub struct Hostile {
    pub update: Vec<u8>,
    pub limits: Limits,
    pub refusal: Refusal,
}

/// A small table in which Nour wrote a number, a theme and a text as writer 20.
pub fn stage() -> TableDocument {
    let mut table = small_table();
    let nour = Tab::open(20, &table);
    for update in [
        nour.sets("r2", "heures", 1),
        nour.sets("r2", "themes/eau", true),
        nour.makes_text("r2", "titre", "Semer"),
    ] {
        take_in(&mut table, &update, NOUR).unwrap();
    }
    let lea = Tab::open(40, &table).types("r1", "notes", 0, "abc");
    take_in(&mut table, &lea, LEA).unwrap();
    table
}

/// All of them, at least one for each reason.
pub fn all(table: &TableDocument) -> Vec<Hostile> {
    let mut all = Vec::new();
    for (refusal, update) in bytes(table).into_iter().chain(shapes(table)).chain(histories(table)) {
        all.push(Hostile { update, limits: Limits::default(), refusal });
    }
    all.extend(limits(table));
    all
}

/// Nour's elements on the stage.
const HEURES: (u64, u32) = (20, 0);
const THEME: (u64, u32) = (20, 1);

fn honest() -> Vec<u8> {
    lone(At::after(HEURES.0, HEURES.1).values(&[7]))
}

/// A section of writer 10 with these bytes after its clock.
fn raw(block: &[u8]) -> Vec<u8> {
    update(&[(10, 0, &[block.to_vec()])], &[])
}

fn bytes(table: &TableDocument) -> Vec<(Refusal, Vec<u8>)> {
    let row = id_of_row(table, "r2");
    let value = |any: &[u8]| lone(At::under(row, "ville").value(any));
    let bad_text = [&[0x28, 1, 1, 0xff][..], &string("k"), &[1, 126]].concat();
    let long = [&[1, 1][..], &[0xff; 9]].concat();
    vec![
        (Malformed("cut off"), honest()[..5].to_vec()),
        (Malformed("bytes after the end"), [honest(), vec![0]].concat()),
        (Malformed("integer too long"), long),
        (Malformed("over 53 bits"), update(&[(1 << 53, 0, &[vec![0, 1]])], &[])),
        (Malformed("over 32 bits"), [vec![1, 1, 10], var(1 << 32), vec![0, 1, 0]].concat()),
        (Malformed("not UTF-8"), raw(&bad_text)),
        (Malformed("section without blocks"), update(&[(10, 0, &[])], &[])),
        (Malformed("empty block"), raw(&[0, 0])),
        (
            Malformed("clock over 31 bits"),
            update(&[(10, 0, &[[vec![0], var(1 << 31)].concat()])], &[]),
        ),
        (Malformed("clock over 31 bits"), update(&[], &[(20, &[(1 << 31, 1)])])),
        (Malformed("unknown kind of block"), raw(&[0x1f, 0])),
        (Malformed("unknown kind of parent"), raw(&[0x08, 2])),
        (Malformed("unknown kind of content"), lone(At::under(row, "ville").content(11, &[]))),
        (Malformed("unknown kind of value"), value(&[3])),
        (Malformed("empty deletion"), update(&[], &[(20, &[(0, 0)])])),
        (Malformed("writer listed twice"), update(&[], &[(20, &[(0, 1)]), (20, &[(1, 1)])])),
        (
            Malformed("writer listed twice"),
            update(&[(10, 0, &[vec![0, 1]]), (10, 1, &[vec![0, 1]])], &[]),
        ),
        (TooLarge("nesting"), value(&[117, 1].repeat(5))),
        (Shape("undefined"), value(&[127])),
        (Shape("bigint"), value(&[122, 0, 0, 0, 0, 0, 0, 0, 1])),
        (Shape("binary"), value(&[116, 1, 7])),
        (Shape("a number that is not finite"), value(&[124, 0x7f, 0x80, 0, 0])),
        (Shape("U+0000"), value(&[119, 1, 0])),
        (
            Shape("key of a map"),
            value(&[[118, 1].as_slice(), &string("__proto__"), &[126]].concat()),
        ),
    ]
}

fn shapes(table: &TableDocument) -> Vec<(Refusal, Vec<u8>)> {
    let row = id_of_row(table, "r2");
    let notes = table.text_of("r1", "notes").unwrap();
    let at = |key: &str| At::under(row, key);
    let servers = Shape("columns and meta are the server's");
    vec![
        (Shape("unknown root"), lone(At::at_root("evil", "k").values(&[1]))),
        (servers, lone(At::at_root("columns", "titre").values(&[1]))),
        (servers, lone(At::at_root("meta", "epoch").values(&[1]))),
        (servers, update(&[], &[(SERVER.0, &[(0, 1)])])),
        (Shape("list item in a root"), lone(At::in_root("rows").values(&[1]))),
        (Shape("row id"), lone(At::at_root("rows", "R 9").map())),
        (Shape("row that is not a map"), lone(At::at_root("rows", "n9").values(&[1]))),
        (Shape("kind of shared type"), lone(at("ville").content(7, &[0]))),
        (Shape("kind of content"), lone(at("ville").content(9, &string("doc")))),
        (Shape("kind of content in a cell"), lone(at("ville").letters("x"))),
        (Shape("map in a cell"), lone(at("ville").map())),
        (Shape("formatted text"), lone(At::inside(notes).content(6, &string("b")))),
        (Shape("not a letter in a text"), lone(At::inside(notes).values(&[1]))),
        (Shape("right neighbour in a map"), lone(At::before(HEURES).values(&[1]))),
        (Shape("key"), lone(at("Ville").values(&[1]))),
        (Shape("unknown column"), lone(at("inconnue").values(&[1]))),
        (Shape("`~base` is the server's"), lone(at("~base").values(&[1]))),
        (Shape("value in this place"), lone(at("titre~said").values(&[1]))),
        (Shape("several values in one block"), lone(at("ville").values(&[1, 2]))),
        (Shape("tombstone in this place"), lone(at("notes").deleted(1))),
        (Shape("text outside a text column"), lone(at("ville").content(7, &[2]))),
        (Shape("second thing in place of a text"), lone(at("titre").content(7, &[2]))),
        (Shape("removal of a text"), update(&[], &[(notes.0, &[(notes.1, 1)])])),
        (
            Malformed("neighbours in different places"),
            lone(At::between(HEURES, THEME).values(&[1])),
        ),
        (Malformed("parent is not a container"), lone(At::under(HEURES, "k").values(&[1]))),
    ]
}

fn histories(table: &TableDocument) -> Vec<(Refusal, Vec<u8>)> {
    let titre = table.text_of("r2", "titre").unwrap();
    let foreign = |writer: u64| ForeignWriter(Writer(writer));
    let next = table_clock(table, 20);
    vec![
        (foreign(20), update(&[(20, next, &[At::after(20, 0).values(&[9]).0])], &[])),
        (foreign(20), update(&[(20, next, &[vec![0, 100]])], &[])),
        (foreign(SERVER.0), update(&[(SERVER.0, 1 << 20, &[vec![0, 1]])], &[])),
        // The same clocks again, longer, and declared in another text.
        (
            Malformed("history rewritten"),
            update(&[(40, 0, &[At::inside(titre).letters("abcX").0])], &[]),
        ),
        (
            Malformed("neighbours the wrong way round"),
            lone(At::between((40, 1), (40, 1)).letters("x")),
        ),
        (Missing, raw(&[10, 5])),
        (Missing, update(&[(10, 5, &[vec![0, 1]])], &[])),
        (Missing, lone(At::after(99, 0).values(&[1]))),
        (Missing, lone(At::after(10, 0).values(&[1]))),
        (Missing, update(&[], &[(99, &[(0, 1)])])),
    ]
}

/// The clock that the next element of a writer must have.
fn table_clock(table: &TableDocument, writer: u64) -> u32 {
    use yrs::updates::decoder::Decode;
    let clocks = yrs::StateVector::decode_v1(&table.state_vector()).unwrap();
    clocks.get(&yrs::ClientID::new(writer))
}

fn limits(table: &TableDocument) -> Vec<Hostile> {
    let row = id_of_row(table, "r2");
    let notes = table.text_of("r1", "notes").unwrap();
    let at = |key: &str| At::under(row, key);
    let none = Limits::default;
    let text = [vec![119], string(&"x".repeat(64))].concat();
    let two: &[Vec<u8>] = &[at("ville").values(&[1]).0, at("statut").values(&[2]).0];
    let writers = [(10, 0, &two[..1]), (11, 0, &two[1..])];
    let rivals: Vec<_> = (0..65).map(|n| at("heures").values(&[n % 60]).0).collect();
    let list = [
        ("bytes", Limits { bytes: 4, ..none() }, honest()),
        ("writers", Limits { writers: 1, ..none() }, update(&writers, &[])),
        (
            "writers of deletions",
            Limits { writers: 1, ..none() },
            update(&[], &[(1, &[(0, 1)]), (20, &[(0, 1)])]),
        ),
        ("new writers", Limits { claims: 1, ..none() }, update(&writers, &[])),
        ("blocks", Limits { blocks: 1, ..none() }, update(&[(10, 0, two)], &[])),
        ("values", Limits { blocks: 1, ..none() }, lone(at("ville").values(&[1, 2]))),
        ("deletions", Limits { deletions: 1, ..none() }, update(&[], &[(20, &[(0, 1), (3, 1)])])),
        ("key", Limits { key: 4, ..none() }, lone(at("ville").values(&[1]))),
        ("value", Limits { value: 64, ..none() }, lone(at("ville").value(&text))),
        ("text", Limits { text: 12, ..none() }, lone(At::inside(notes).letters("xyz"))),
        ("keys in a row", Limits { row_keys: 5, ..none() }, lone(at("tarifs/t1").value(&[120]))),
        ("rivals", none(), update(&[(10, 0, &rivals)], &[])),
        ("steps", Limits { steps: 3, ..none() }, update(&[(10, 0, two), (11, 0, two)], &[])),
    ];
    let hostile = |(what, limits, update)| Hostile { update, limits, refusal: TooLarge(what) };
    list.into_iter().map(hostile).collect()
}
