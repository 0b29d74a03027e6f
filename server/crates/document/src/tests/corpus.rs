//! `fixtures/documents/corpus`: a document, and updates to begin from when bytes are made up.

use std::collections::BTreeMap;
use std::path::PathBuf;

use yrs::{Any, Map, MapPrelim, Text};

use super::hostile;
use super::support::*;
use crate::TableDocument;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/documents/corpus")
}

/// The document against which the updates are judged, as it is kept.
pub fn stage() -> Vec<u8> {
    std::fs::read(folder().join("stage.yjs")).unwrap()
}

/// The updates that are kept, by name.
pub fn updates() -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(folder().join("updates")).unwrap();
    let updates = files.map(|file| {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read(path).unwrap())
    });
    updates.collect()
}

/// What an honest tab sends, one update for each thing that it can do, and all of it at once.
fn honest(table: &TableDocument) -> Vec<(&'static str, Vec<u8>)> {
    let tab = Tab::open(50, table);
    let mut sent = vec![
        ("sets", tab.sets("r1", "ville", "Nice")),
        ("sets-again", tab.sets("r1", "ville", "Pau")),
        ("clears", tab.sets("r1", "heures", Any::Null)),
        ("unsets", tab.unsets("r2", "ville")),
        (
            "sets-items",
            tab.edits(|txn, rows| {
                let price = [("montant", Any::from(350.5)), ("devise", "EUR".into())];
                let price: std::collections::HashMap<_, _> =
                    price.map(|(key, value)| (key.to_owned(), value)).into();
                map(txn, rows, "r1").insert(txn, "tarifs/t1", Any::from(price));
                map(txn, rows, "r1").insert(txn, "themes/foret", true);
            }),
        ),
        ("says", tab.sets("r1", "heures~said", "trois jours 🎉")),
        ("moves", tab.sets("r2", "~order", "a0")),
        (
            "bins",
            tab.sets(
                "r2",
                "~deleted",
                Any::from(std::collections::HashMap::from([("at".to_owned(), Any::from(7))])),
            ),
        ),
        ("makes-text", tab.makes_text("r1", "titre", "Agir 🌱")),
        ("types", tab.types("r1", "notes", 3, "é🎈")),
        ("types-elsewhere", tab.types("r1", "notes", 0, "Oui, ")),
        ("erases", tab.erases("r1", "notes", 2, 3)),
        (
            "rewrites",
            tab.edits(|txn, rows| {
                let notes = text(txn, rows, "r1", "notes");
                notes.remove_range(txn, 0, 2);
                notes.insert(txn, 1, "xyz");
            }),
        ),
        ("adds-row", tab.adds_row("n1", &[("ville", "Agen"), ("statut", "brouillon")])),
        (
            "adds-rows",
            tab.edits(|txn, rows| {
                for n in 0..4 {
                    let row = rows.insert(txn, format!("p{n}"), MapPrelim::default());
                    row.insert(txn, "~order", format!("c{n}"));
                    row.insert(txn, "heures", n);
                }
            }),
        ),
        ("step2", tab.step2(table)),
        ("whole", tab.whole()),
    ];
    let second = Tab::open(51, table);
    sent.push(("nothing", second.step2(table)));
    second.receives(&tab.whole());
    second.sets("r1", "ville", "Brest");
    sent.push(("two-writers", second.step2(table)));
    sent
}

/// All that the corpus holds: it is made here, and kept so that other programs begin from it too.
fn made() -> (Vec<u8>, BTreeMap<String, Vec<u8>>) {
    let table = hostile::stage();
    let honest = honest(&table).into_iter();
    let mut updates: BTreeMap<_, _> =
        honest.map(|(name, update)| (format!("honest-{name}"), update)).collect();
    for (n, hostile) in (1..).zip(hostile::all(&table)) {
        updates.insert(format!("hostile-{n:02}-{}", hostile.refusal.key()), hostile.update);
    }
    (table.snapshot(), updates)
}

/// With `TABLEE_WRITE_FIXTURES` it writes the corpus anew.
#[test]
fn the_corpus_is_the_one_that_is_made_here() {
    let (document, made) = made();
    if asked_to_write() {
        let folder = folder().join("updates");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("../stage.yjs"), &document).unwrap();
        for (name, update) in &made {
            std::fs::write(folder.join(name), update).unwrap();
        }
    }

    // Which key of a value comes first is chance, so bytes may differ that mean the same.
    let [kept, new] = [stage(), document]
        .map(|bytes| TableDocument::load(FIRST, SERVER, Some(&bytes), []).unwrap());
    assert_eq!((kept.values(), kept.state_vector()), (new.values(), new.state_vector()));
    let means =
        |update: &Vec<u8>| judge(&kept, update, LEA).map(|judgement| said(&judgement.changes));
    let meanings = |updates: BTreeMap<String, Vec<u8>>| {
        updates.into_iter().map(|(name, update)| (name, means(&update))).collect::<Vec<_>>()
    };
    assert_eq!(meanings(updates()), meanings(made));
}

#[expect(clippy::disallowed_methods, reason = "asked for by hand, to write the fixtures anew")]
fn asked_to_write() -> bool {
    std::env::var_os("TABLEE_WRITE_FIXTURES").is_some()
}
