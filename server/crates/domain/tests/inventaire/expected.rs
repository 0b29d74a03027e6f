//! `inventaire.json`: what a careful person reads.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// How sure a reading of a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Read,
    Doubt,
    Words,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Doubt => "in doubt",
            Self::Words => "left as words",
        })
    }
}

pub enum Line {
    Offer(Offer),
    Other(Other),
}

/// A line that is no offer.
pub struct Other {
    pub sheet: String,
    pub line: u64,
    pub why: String,
    pub words: String,
}

pub struct Offer {
    pub sheet: String,
    pub line: u64,
    pub state: String,
    pub hidden: bool,
    pub repeats: bool,
    pub note: String,
    /// What a section or a merged cell gave it.
    pub carried: BTreeMap<String, Value>,
    pub cells: Vec<Cell>,
}

pub struct Cell {
    pub letters: String,
    pub words: String,
    pub kind: Kind,
    pub values: BTreeMap<String, Value>,
    /// The value is right and poorer than the words.
    pub said: bool,
}

pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures")
}

fn json() -> Value {
    let text = fs::read_to_string(fixtures().join("inventaire.json")).expect("the fixture");
    serde_json::from_str(&text).expect("JSON")
}

pub fn lines() -> Vec<Line> {
    let json = json();
    let lines = json["lines"].as_array().expect("lines").iter();
    lines.map(|line| if line["offer"] == true { offer(line) } else { other(line) }).collect()
}

/// The columns of each tab by their letters, empty where none is meant.
pub fn mapping() -> BTreeMap<(String, String), String> {
    let json = json();
    let mut mapping = BTreeMap::new();
    for sheet in json["sheets"].as_array().expect("sheets") {
        let columns = sheet["columns"].as_object().into_iter().flatten();
        for (letters, column) in columns {
            mapping.insert((text(&sheet["sheet"]), letters.clone()), text(&column["column"]));
        }
    }
    mapping
}

fn other(line: &Value) -> Line {
    Line::Other(Other {
        sheet: text(&line["sheet"]),
        line: number(&line["line"]),
        why: text(&line["why"]),
        words: text(&line["words"]),
    })
}

fn offer(line: &Value) -> Line {
    let cells = line["cells"].as_object().expect("cells").iter();
    let carried = line["carried"].as_object().into_iter().flatten();
    Line::Offer(Offer {
        sheet: text(&line["sheet"]),
        line: number(&line["line"]),
        state: text(&line["etat"]),
        hidden: line["hidden"] == true,
        repeats: !line["duplicate_of"].is_null(),
        note: text(&line["note"]),
        carried: carried.map(|(column, from)| (column.clone(), from["value"].clone())).collect(),
        cells: cells.map(|(at, cell)| of_cell(at, cell)).collect(),
    })
}

fn of_cell(at: &str, cell: &Value) -> Cell {
    let values = cell["values"].as_object().into_iter().flatten();
    Cell {
        letters: at.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned(),
        words: text(&cell["words"]),
        kind: match cell["reading"].as_str() {
            Some("read") => Kind::Read,
            Some("doubt") => Kind::Doubt,
            Some("words") => Kind::Words,
            other => panic!("{at} has the reading {other:?}"),
        },
        values: values.map(|(column, value)| (column.clone(), value.clone())).collect(),
        said: cell["said"] == true,
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}
