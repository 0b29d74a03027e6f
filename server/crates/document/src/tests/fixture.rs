//! `fixtures/documents`: a document and the table it holds, read by Rust and TypeScript alike.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use tablee_domain::ids::{ColumnId, RowId, Timestamp, Writer};
use tablee_domain::table::{Column, Plain, Row, TableValues};
use yrs::{Any, Map, Text};

use super::support::*;
use crate::TableDocument;

/// The JSON beside the document.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Told {
    epoch: i64,
    columns: Vec<Column>,
    rows: Vec<ToldRow>,
    /// Cells that are shared texts, as `row/column`.
    texts: Vec<String>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct ToldRow {
    id: RowId,
    order: String,
    deleted: bool,
    cells: BTreeMap<ColumnId, Plain>,
    said: BTreeMap<ColumnId, String>,
}

impl Told {
    fn of(table: &TableDocument) -> Self {
        let TableValues { columns, rows } = table.values();
        let ids: Vec<RowId> = rows.iter().map(|row| row.id.clone()).collect();
        let texts = ids.iter().flat_map(|row| {
            let texts = columns.iter().filter(|column| table.has_text(row, &column.id));
            texts.map(|column| format!("{row}/{}", column.id)).collect::<Vec<_>>()
        });
        Self {
            epoch: table.epoch().get(),
            texts: texts.collect(),
            columns: columns.iter().cloned().collect(),
            rows: rows.into_iter().map(told).collect(),
        }
    }
}

fn told(Row { id, cells, said, order, deleted }: Row) -> ToldRow {
    ToldRow { id, order, deleted, cells, said }
}

fn path(extension: &str) -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.join("../../../fixtures/documents").join(format!("0001.{extension}"))
}

fn items(items: &[(&str, Plain)]) -> Plain {
    Plain::Map(items.iter().map(|(id, item)| ((*id).to_owned(), item.clone())).collect())
}

/// Two imports with other columns each, a row without base, a binned one, and what tabs did since.
fn afternoon() -> TableDocument {
    let mut table = empty_table();
    let price = items(&[("montant", 350.0.into()), ("devise", "EUR".into())]);
    let whole = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    table
        .write(|w| {
            let n = w.add_slots(&whole(&[
                "titre",
                "ville",
                "heures",
                "themes",
                "tarifs",
                "heures~said",
            ]));
            let themes = items(&[("eau", true.into()), ("climat", true.into())]);
            let tarifs = items(&[("t1", price.clone())]);
            let base = |titre: &str| {
                let (titre, said) = (Plain::from(titre), Plain::from("deux jours, soit 14 h"));
                vec![titre, "Lyon".into(), 14.0.into(), themes.clone(), tarifs.clone(), said]
            };
            w.add_row(&row_id("untouched"), "a1", Some((n, base("Agir 🌱"))), BTreeMap::new());
            w.add_row(&row_id("edited"), "a3", Some((n, base("Animer"))), BTreeMap::new());
            w.add_row(&row_id("binned"), "a2", Some((n, base("Vieux"))), BTreeMap::new());
            let n = w.add_slots(&whole(&["notes", "statut"]));
            let base = vec![Plain::Null, "brouillon".into()];
            w.add_row(&row_id("second"), "a4", Some((n, base)), BTreeMap::new());
            w.set_deleted(&row_id("binned"), Some(Timestamp(1_764_000_000_000)));
            w.make_text(&row_id("edited"), &column_id("titre"));
        })
        .unwrap();
    let lea = Tab::open(10, &table);
    let mut updates = vec![lea.edits(|txn, rows| {
        let row = map(txn, rows, "edited");
        row.insert(txn, "ville", "Villeurbanne");
        row.insert(txn, "ville", Any::Null);
        row.insert(txn, "heures", 10.5);
        row.insert(txn, "heures~said", Any::Null);
        row.insert(txn, "themes/eau", Any::Null);
        row.insert(txn, "themes/foret", true);
        row.insert(txn, "tarifs/t1", Any::Null);
        row.insert(txn, "ville~said", "en ligne surtout");
        text(txn, rows, "edited", "titre").insert(txn, 6, " une réunion 🎉");
    })];
    updates.push(lea.adds_row("added", &[("ville", "Pau"), ("statut", "brouillon")]));
    updates.push(lea.makes_text("added", "notes", "à compléter"));
    updates.push(lea.erases("added", "notes", 0, 11));
    updates.push(lea.sets("second", "statut", "publiee"));
    updates.push(lea.unsets("second", "statut"));
    for update in updates {
        take_in(&mut table, &update, LEA).unwrap();
    }
    table
}

#[test]
fn the_stored_document_says_what_stands_beside_it() {
    let document = std::fs::read(path("yjs")).unwrap();
    let json = std::fs::read_to_string(path("json")).unwrap();

    let table = TableDocument::load(FIRST, SERVER, Some(&document), []).unwrap();

    assert_eq!(Told::of(&table), serde_json::from_str::<Told>(&json).unwrap());
}

#[test]
fn the_stored_document_is_the_one_that_is_made_here() {
    let json = std::fs::read_to_string(path("json")).unwrap();

    assert_eq!(Told::of(&afternoon()), serde_json::from_str::<Told>(&json).unwrap());
}

/// `cargo test -p tablee-document writes_the_fixture -- --ignored`
#[test]
#[ignore = "writes fixtures/documents anew"]
fn writes_the_fixture() {
    let table = afternoon();

    std::fs::write(path("yjs"), table.snapshot()).unwrap();
    let json = serde_json::to_string_pretty(&Told::of(&table)).unwrap();
    std::fs::write(path("json"), json + "\n").unwrap();
}

/// What a real Yjs tab sent, made by `fixtures/documents/make-edits.mjs`.
#[derive(Debug, Deserialize)]
struct YjsTab {
    what: String,
    writer: u64,
    /// In hexadecimal digits.
    updates: Vec<String>,
    /// What each of them is, sorted.
    changes: Vec<Vec<String>>,
    /// What the tab shows in the end.
    rows: BTreeMap<String, BTreeMap<String, Plain>>,
}

#[test]
fn what_real_yjs_tabs_send_passes_and_means_the_same_to_both_engines() {
    let edits = std::fs::read_to_string(path("edits.json")).unwrap();
    let tabs: Vec<YjsTab> = serde_json::from_str(&edits).unwrap();

    for tab in tabs {
        let document = std::fs::read(path("yjs")).unwrap();
        let mut table = TableDocument::load(FIRST, SERVER, Some(&document), []).unwrap();
        table.claim(Writer(10), Some(LEA));
        let mut heard = Vec::new();
        for update in &tab.updates {
            let bytes: Vec<u8> = (0..update.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&update[at..at + 2], 16).unwrap())
                .collect();
            let (changes, _) = take_in(&mut table, &bytes, LEA)
                .unwrap_or_else(|refusal| panic!("{}: {refusal}", tab.what));
            heard.push(changes);
        }

        assert_eq!(heard, tab.changes, "{}", tab.what);
        assert_eq!(table.owner_of(Writer(tab.writer)), Some(Some(LEA)));
        let mut rows: BTreeMap<String, BTreeMap<String, Plain>> = BTreeMap::new();
        for ((row, key), value) in shown(&table).into_iter().filter(|((_, key), _)| !key.is_empty())
        {
            rows.entry(row).or_default().insert(key, value);
        }
        assert_eq!(rows, tab.rows, "{}", tab.what);
    }
}
