//! `fixtures/documents/corpus`: a document, and updates to begin from when bytes are made up.

use std::collections::BTreeMap;
use std::path::PathBuf;

use yrs::{Any, Text};

use super::hostile::{self, Hostile};
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

/// What an honest tab sends: one update for each thing that it can do, and an afternoon at once.
fn honest(table: &TableDocument) -> Vec<(&'static str, Vec<u8>)> {
    let tab = || Tab::open(50, table);
    let map_of = |key: &str, value: Any| {
        Any::from(std::collections::HashMap::from([(key.to_owned(), value)]))
    };
    let (price, mark) = (map_of("montant", 350.5.into()), map_of("at", 7.into()));
    let mut sent = afternoon(table, &price);
    sent.extend([
        ("sets", tab().sets("r1", "ville", "Nice")),
        ("clears", tab().sets("r1", "heures", Any::Null)),
        ("unsets", tab().unsets("r2", "ville")),
        ("sets-an-item", tab().sets("r1", "tarifs/t1", price)),
        ("ticks", tab().sets("r1", "themes/foret", true)),
        ("says", tab().sets("r1", "heures~said", "trois jours 🎉")),
        ("moves", tab().sets("r2", "~order", "a0")),
        ("bins", tab().sets("r2", "~deleted", mark)),
        ("makes-a-text", tab().makes_text("r1", "titre", "Agir 🌱")),
        ("types", tab().types("r1", "notes", 3, "é🎈")),
        ("erases", tab().erases("r1", "notes", 2, 3)),
        (
            "rewrites",
            tab().edits(|txn, rows| {
                let notes = text(txn, rows, "r1", "notes");
                notes.remove_range(txn, 0, 2);
                notes.insert(txn, 1, "xyz");
            }),
        ),
        ("adds-a-row", tab().adds_row("n1", &[("ville", "Agen"), ("statut", "brouillon")])),
        ("nothing", tab().step2(table)),
    ]);
    sent
}

/// What an afternoon offline leaves, alone and with an evening in another tab.
fn afternoon(table: &TableDocument, price: &Any) -> Vec<(&'static str, Vec<u8>)> {
    let tab = Tab::open(50, table);
    tab.sets("r1", "ville", "Nice");
    tab.sets("r1", "ville", "Pau");
    tab.unsets("r2", "ville");
    tab.sets("r1", "tarifs/t1", price.clone());
    tab.types("r1", "notes", 3, "é🎈");
    tab.erases("r1", "notes", 2, 3);
    tab.types("r1", "notes", 2, "mots");
    tab.adds_row("n1", &[("ville", "Agen")]);
    tab.makes_text("n1", "notes", "à compléter");
    let evening = Tab::open(51, table);
    evening.receives(&tab.whole());
    evening.sets("r1", "ville", "Brest");
    vec![
        ("an-afternoon", tab.step2(table)),
        ("all-it-has", tab.whole()),
        ("two-writers", evening.step2(table)),
    ]
}

/// All that the corpus holds: it is made here, and kept so that other programs begin from it too.
fn made() -> (Vec<u8>, BTreeMap<String, Vec<u8>>) {
    let table = hostile::stage();
    let honest = honest(&table).into_iter();
    let mut updates: BTreeMap<_, _> =
        honest.map(|(name, update)| (format!("honest-{name}"), update)).collect();
    for Hostile { update, refusal, .. } in hostile::all(&table) {
        let words = refusal.to_string().replace(|c: char| !c.is_alphanumeric(), "-");
        let mut name = format!("hostile-{words}");
        while updates.contains_key(&name) {
            name.push_str("-again");
        }
        updates.insert(name, update);
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
    let means = |update: &[u8]| judge(&kept, update, LEA).map(|judgement| said(&judgement.changes));
    let updates = updates();
    assert_eq!(updates.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>());
    for (name, update) in &updates {
        assert_eq!(means(update), means(&made[name]), "{name}");
    }
}

#[expect(clippy::disallowed_methods, reason = "asked for by hand, to write the fixtures anew")]
fn asked_to_write() -> bool {
    std::env::var_os("TABLEE_WRITE_FIXTURES").is_some()
}
