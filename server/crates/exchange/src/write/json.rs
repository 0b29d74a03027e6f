//! JSON: values as they are kept, choices by their French label.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value, json as value};
use tablee_domain::offer::Status;
use tablee_domain::offer::display::{self, Language};
use tablee_domain::table::{Column, Kind, Plain};

use super::{Extract, ExtractRow, WriteError, iso, words_key};

/// The extract as `{"table","licence","source","generated","rows":[{"id","fiche","etat","<columnId>":…}]}`.
/// `fiche` is the address of the row's page here; `url`, as every column, is what the cell holds.
/// What is empty is absent; `etat` is the word of the state, not its label; the contributor's own words
/// stand under `<columnId>_texte`.
pub fn json(extract: &Extract<'_>) -> Result<Vec<u8>, WriteError> {
    let file = File {
        table: extract.table,
        licence: extract.licence,
        source: extract.source_url,
        generated: iso(extract.generated),
        rows: extract.rows.iter().map(|row| JsonRow { row, columns: &extract.columns }).collect(),
    };
    Ok(serde_json::to_vec(&file)?)
}

#[derive(Serialize)]
struct File<'a> {
    table: &'a str,
    licence: &'a str,
    source: &'a str,
    generated: String,
    rows: Vec<JsonRow<'a>>,
}

struct JsonRow<'a> {
    row: &'a ExtractRow<'a>,
    columns: &'a [&'a Column],
}

impl Serialize for JsonRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = self.row.row;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", row.id.as_str())?;
        map.serialize_entry("fiche", &self.row.url)?;
        map.serialize_entry(Status::COLUMN, Status::of(row).as_str())?;
        for column in self.columns.iter().filter(|column| column.id.as_str() != Status::COLUMN) {
            let id = column.id.as_str();
            if let Some(value) = cell(column, row.cell(id)) {
                map.serialize_entry(id, &value)?;
            }
            let words_key = words_key(column);
            let is_taken = self.columns.iter().any(|other| other.id.as_str() == words_key);
            let words = display::said(row, column);
            if !words.is_empty() && !is_taken {
                map.serialize_entry(&words_key, words)?;
            }
        }
        map.end()
    }
}

/// A cell; none where it is empty.
fn cell(column: &Column, cell: &Plain) -> Option<Value> {
    if cell.is_empty() {
        return None;
    }
    match (column.kind, cell) {
        (Kind::Choice, Plain::Text(_)) => {
            display::items(column, cell, Language::French).pop().map(Value::String)
        }
        (Kind::Choices, Plain::Map(_)) => {
            Some(value!(display::items(column, cell, Language::French)))
        }
        (Kind::Prices | Kind::Sessions | Kind::Places, Plain::Map(items)) => {
            let items: Vec<Value> = items.values().filter_map(plain).collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        _ => plain(cell),
    }
}

fn plain(plain_value: &Plain) -> Option<Value> {
    let of_map = |map: &BTreeMap<String, Plain>| {
        map.iter().filter_map(|(key, item)| Some((key.clone(), plain(item)?))).collect()
    };
    match plain_value {
        Plain::Null => None,
        Plain::Bool(yes) => Some(value!(yes)),
        Plain::Number(number) => Some(as_written(*number)),
        Plain::Text(text) => (!text.is_empty()).then(|| value!(text)),
        Plain::List(list) => Some(Value::Array(list.iter().filter_map(plain).collect())),
        Plain::Map(map) => Some(Value::Object(of_map(map))),
    }
}

/// A whole number without a point: `1200`, not `1200.0`.
fn as_written(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        value!(number as i64)
    } else {
        value!(number)
    }
}
