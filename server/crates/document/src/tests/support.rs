//! A small table, the tabs that edit it, and bytes by hand.

use std::collections::BTreeMap;

use tablee_domain::ids::{ColumnId, Epoch, ItemId, PersonId, RowId, Writer};
use tablee_domain::table::{Action, Change, Choice, Column, Kind, Label, Plain};
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{
    ClientID, Doc, GetString, Map, MapPrelim, MapRef, OffsetKind, Options, Out, ReadTxn,
    StateVector, Text, TextPrelim, TextRef, Transact, TransactionMut, Update,
};

use crate::layout::{ORDER, ROWS, key_of};
use crate::{Applied, Judgement, Limits, Refusal, TableDocument};

pub const LEA: PersonId = PersonId(1);
pub const NOUR: PersonId = PersonId(2);
pub const SERVER: Writer = Writer(1);
pub const FIRST: Epoch = Epoch(1);

pub fn row_id(id: &str) -> RowId {
    RowId::new(id).unwrap()
}

pub fn column_id(id: &str) -> ColumnId {
    ColumnId::new(id).unwrap()
}

fn column(id: &str, kind: Kind, order: f64) -> Column {
    let options = ["eau", "climat", "foret"].map(|id| Choice {
        id: ItemId::new(id).unwrap(),
        label: Label { fr: id.to_owned(), en: id.to_owned() },
        archived: false,
    });
    Column {
        id: column_id(id),
        label: Label { fr: id.to_owned(), en: id.to_owned() },
        kind,
        options: if kind.has_options() { options.to_vec() } else { Vec::new() },
        required: false,
        help: Label::default(),
        order,
        section: String::new(),
        public: true,
        shown: true,
        curated: false,
        archived: false,
    }
}

/// One column of each sort that admission tells apart.
pub fn columns() -> Vec<Column> {
    let kinds = [
        ("titre", Kind::Text),
        ("notes", Kind::LongText),
        ("ville", Kind::Code),
        ("statut", Kind::Choice),
        ("heures", Kind::Number),
        ("themes", Kind::Choices),
        ("tarifs", Kind::Prices),
    ];
    kinds.iter().zip(1..).map(|((id, kind), order)| column(id, *kind, f64::from(order))).collect()
}

/// A document with columns and no rows.
pub fn empty_table() -> TableDocument {
    TableDocument::create(FIRST, SERVER, &columns()).0
}

/// Two rows: `r1` with a base and a text, `r2` without base.
pub fn small_table() -> TableDocument {
    let mut table = empty_table();
    let done = table.write(|writing| {
        let keys = ["titre", "ville", "themes", "heures~said"].map(str::to_owned);
        let n = writing.add_slots(&keys);
        let themes = Plain::Map(BTreeMap::from([("eau".to_owned(), Plain::Bool(true))]));
        let base = vec!["Agir".into(), "Lyon".into(), themes, "deux jours".into()];
        writing.add_row(&row_id("r1"), "a1", Some((n, base)), BTreeMap::new());
        writing.set(&row_id("r1"), "notes", "bonjour".into());
        let cells = [("ville", "Lille"), ("statut", "brouillon")];
        let overlay = cells.map(|(key, value)| (key.to_owned(), Plain::from(value)));
        writing.add_row(&row_id("r2"), "a2", None, BTreeMap::from(overlay));
    });
    done.unwrap();
    table
}

/// The same document after a restart.
pub fn reloaded(table: &TableDocument) -> TableDocument {
    let snapshot = table.snapshot();
    let mut again = TableDocument::load(FIRST, SERVER, Some(&snapshot), []).unwrap();
    for (writer, owner) in table.claims() {
        again.claim(writer, owner);
    }
    again
}

pub fn judge(table: &TableDocument, update: &[u8], sender: PersonId) -> Result<Judgement, Refusal> {
    table.judge(update, sender, &Limits::default())
}

/// Judges and applies.
pub fn take_in(
    table: &mut TableDocument,
    update: &[u8],
    sender: PersonId,
) -> Result<(Vec<String>, Applied), Refusal> {
    let judgement = judge(table, update, sender)?;
    let said = said(&judgement.changes);
    Ok((said, table.apply(update, judgement).unwrap()))
}

/// Changes as short sentences, sorted.
pub fn said(changes: &[Change]) -> Vec<String> {
    let mut said: Vec<String> = changes.iter().map(sentence).collect();
    said.sort();
    said
}

fn sentence(change: &Change) -> String {
    let what = match &change.action {
        Action::Set(value) => format!("set {}", serde_json::to_string(value).unwrap()),
        Action::EditText { inserted, deleted } => format!("type +{inserted} -{deleted}"),
        Action::MakeRow => "make row".to_owned(),
        Action::ReplaceRow => "replace row".to_owned(),
        Action::RemoveRow => "remove row".to_owned(),
        Action::MakeText => "make text".to_owned(),
        Action::Unset => "unset".to_owned(),
    };
    let new = if change.in_new_row { " (new row)" } else { "" };
    format!("{}/{} {what}{new}", change.row, key_of(&change.place))
}

/// A tab: a Y.Doc of its own, as Yjs would have it.
pub struct Tab {
    pub doc: Doc,
    pub rows: MapRef,
}

impl Tab {
    pub fn open(writer: u64, table: &TableDocument) -> Self {
        Self::with_state(writer, &table.snapshot())
    }

    pub fn with_state(writer: u64, state: &[u8]) -> Self {
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            ..Options::with_client_id(ClientID::new(writer))
        });
        let rows = doc.get_or_insert_map(ROWS);
        let tab = Self { doc, rows };
        tab.receives(state);
        tab
    }

    /// Edits in one transaction; returns the update that the tab would send.
    pub fn edits(&self, work: impl FnOnce(&mut TransactionMut<'_>, &MapRef)) -> Vec<u8> {
        let mut txn = self.doc.transact_mut();
        work(&mut txn, &self.rows);
        txn.commit();
        txn.encode_update_v1()
    }

    pub fn sets(&self, row: &str, key: &str, value: impl Into<yrs::Any>) -> Vec<u8> {
        self.edits(|txn, rows| {
            map(txn, rows, row).insert(txn, key, value.into());
        })
    }

    pub fn unsets(&self, row: &str, key: &str) -> Vec<u8> {
        self.edits(|txn, rows| {
            map(txn, rows, row).remove(txn, key);
        })
    }

    pub fn types(&self, row: &str, key: &str, at: u32, letters: &str) -> Vec<u8> {
        self.edits(|txn, rows| text(txn, rows, row, key).insert(txn, at, letters))
    }

    pub fn erases(&self, row: &str, key: &str, at: u32, units: u32) -> Vec<u8> {
        self.edits(|txn, rows| text(txn, rows, row, key).remove_range(txn, at, units))
    }

    pub fn makes_text(&self, row: &str, key: &str, letters: &str) -> Vec<u8> {
        self.edits(|txn, rows| {
            map(txn, rows, row).insert(txn, key, TextPrelim::new(letters));
        })
    }

    pub fn adds_row(&self, row: &str, cells: &[(&str, &str)]) -> Vec<u8> {
        self.edits(|txn, rows| {
            let map = rows.insert(txn, row, MapPrelim::default());
            map.insert(txn, ORDER, "b1");
            for (key, value) in cells {
                map.insert(txn, *key, *value);
            }
        })
    }

    /// Takes in an update; an empty one, said by the server when nothing happened, is none.
    pub fn receives(&self, update: &[u8]) {
        if update.is_empty() {
            return;
        }
        self.doc.transact_mut().apply_update(Update::decode_v1(update).unwrap()).unwrap();
    }

    /// All that the tab has, as an answer to an empty state vector.
    pub fn whole(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    /// The tab's answer to the server's step 1.
    pub fn step2(&self, table: &TableDocument) -> Vec<u8> {
        let state_vector = StateVector::decode_v1(&table.state_vector()).unwrap();
        self.doc.transact().encode_state_as_update_v1(&state_vector)
    }

    pub fn state_vector(&self) -> Vec<u8> {
        self.doc.transact().state_vector().encode_v1()
    }

    pub fn cells(&self) -> Cells {
        cells(&self.doc)
    }
}

pub fn map(txn: &TransactionMut<'_>, rows: &MapRef, row: &str) -> MapRef {
    match rows.get(txn, row) {
        Some(Out::YMap(map)) => map,
        other => panic!("{row}: {other:?}"),
    }
}

pub fn text(txn: &TransactionMut<'_>, rows: &MapRef, row: &str, key: &str) -> TextRef {
    match map(txn, rows, row).get(txn, key) {
        Some(Out::YText(text)) => text,
        other => panic!("{row}/{key}: {other:?}"),
    }
}

/// All that a document shows, by row and key; key "" for the row itself.
pub type Cells = BTreeMap<(String, String), Plain>;

pub fn cells(doc: &Doc) -> Cells {
    let txn = doc.transact();
    let mut cells = Cells::new();
    for (row, out) in txn.get_map(ROWS).unwrap().iter(&txn) {
        cells.insert((row.to_owned(), String::new()), Plain::Null);
        let Out::YMap(map) = out else { panic!("row `{row}` is no map") };
        for (key, out) in map.iter(&txn) {
            let shown = match out {
                Out::YText(text) => Plain::Text(text.get_string(&txn)),
                Out::Any(any) => crate::value::to_plain(&any),
                other => panic!("{row}/{key}: {other:?}"),
            };
            cells.insert((row.to_owned(), key.to_owned()), shown);
        }
    }
    cells
}

/// What the server's document shows, read by an engine of its own.
pub fn shown(table: &TableDocument) -> Cells {
    Tab::open(9_999, table).cells()
}

/// The element that made a row's map.
pub fn id_of_row(table: &TableDocument, row: &str) -> (u64, u32) {
    table.entry_of(row).unwrap()
}
