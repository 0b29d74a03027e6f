//! The cases of `fixtures/readings`, and the door through which each is read.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use tablee_domain::ids::ColumnId;
use tablee_domain::offer::words::vocabulary;
use tablee_domain::reading::{self, Precision, Reading, contact, duration, text};
use tablee_domain::table::defaults::formations;
use tablee_domain::table::{Column, Kind, Label, Plain};

/// One line of a file.
pub struct Case {
    /// The file and the line, to be found again.
    pub place: String,
    /// The file without its ending.
    pub file: String,
    /// The variant of the domain reference, `csv:` and a line of `trainings.csv`, or `kin`.
    pub variant: String,
    /// The column whose reading is asked; empty for that of the file.
    pub column: String,
    pub words: String,
    pub value: Plain,
    pub precision: String,
    pub doubts: BTreeSet<String>,
    pub also: Plain,
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/readings")
}

pub fn all() -> Vec<Case> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the fixtures stand in the repository")
        .filter_map(|file| file.ok().map(|file| file.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "tsv"))
        .collect();
    files.sort();
    files.iter().flat_map(|path| of_file(path)).collect()
}

fn of_file(path: &Path) -> Vec<Case> {
    let file = path.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
    let text = fs::read_to_string(path).expect("a text");
    let lines = text.lines().enumerate().skip(1);
    lines.map(|(at, line)| case(&file, at + 1, line)).collect()
}

fn case(file: &str, line: usize, written: &str) -> Case {
    let place = format!("{file}.tsv:{line}");
    let cells: Vec<&str> = written.split('\t').collect();
    let [variant, column, words, value, precision, doubts, also] = cells.as_slice() else {
        panic!("{place} has {} cells", cells.len());
    };
    let json =
        |text: &str| serde_json::from_str(text).unwrap_or_else(|error| panic!("{place}: {error}"));
    Case {
        file: file.to_owned(),
        variant: (*variant).to_owned(),
        column: (*column).to_owned(),
        words: unescaped(words),
        value: json(value),
        precision: (*precision).to_owned(),
        doubts: doubts.split_whitespace().map(str::to_owned).collect(),
        also: if also.is_empty() { Plain::Map([].into()) } else { json(also) },
        place,
    }
}

/// `\n`, `\t` and `\u202f`, so that a line of a file is a case.
fn unescaped(words: &str) -> String {
    let mut parts = words.split('\\');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (sign, rest) = match part.split_at(1) {
            ("n", rest) => ('\n', rest),
            ("t", rest) => ('\t', rest),
            ("u", rest) => {
                let code = u32::from_str_radix(&rest[..4], 16).expect("four hexadecimal digits");
                (char::from_u32(code).expect("a character"), &rest[4..])
            }
            _ => panic!("`{words}` has an unknown sign behind its stroke"),
        };
        whole.push(sign);
        whole.push_str(rest);
    }
    whole
}

/// The columns that a table starts with, and those of codes and yes or no that it may get.
pub fn columns() -> Vec<Column> {
    let mut columns = formations();
    for (id, kind) in [
        ("booleen", Kind::Boolean),
        ("siret", Kind::Code),
        ("siren", Kind::Code),
        ("nda", Kind::Code),
        ("code_postal", Kind::Code),
        ("code_insee", Kind::Code),
        ("code_interne", Kind::Code),
    ] {
        let label = Label { fr: id.to_owned(), en: id.to_owned() };
        columns.push(Column {
            id: ColumnId::new(id).expect("a word"),
            label,
            kind,
            ..columns[0].clone()
        });
    }
    columns
}

pub fn column(id: &str) -> Column {
    let found = columns().into_iter().find(|column| column.id.as_str() == id);
    found.unwrap_or_else(|| panic!("no column `{id}`"))
}

/// The column whose cell the words of a case stand in; none where the whole text is read.
pub fn column_of(case: &Case) -> Option<Column> {
    let of_file = match case.file.as_str() {
        "price" => "tarifs",
        "session" => "sessions",
        "place" => "lieux",
        "boolean" => "booleen",
        _ => "",
    };
    let id = if case.column.is_empty() { of_file } else { case.column.as_str() };
    (!id.is_empty()).then(|| column(id))
}

/// Reads a case through the door that its file names.
pub fn read(case: &Case) -> (Kind, Reading) {
    if let Some(column) = column_of(case) {
        return (column.kind, reading::read(&column, &vocabulary(&column), &case.words));
    }
    match case.file.as_str() {
        "duration" => (Kind::Duration, duration::duration(&case.words)),
        "contact" => (Kind::Email, contact_of(&case.words)),
        "title" => {
            let parts = text::catalogue_code(&case.words);
            let map = |(code, title): (&str, &str)| {
                Plain::Map([("code".into(), code.into()), ("intitule".into(), title.into())].into())
            };
            (Kind::Text, Reading { value: parts.map_or(Plain::Null, map), ..Reading::default() })
        }
        other => panic!("{other}.tsv needs a column"),
    }
}

fn contact_of(words: &str) -> Reading {
    let (email, phone) = contact::both(words);
    let found = [("contact_courriel", &email), ("contact_tel", &phone)];
    let found = found.into_iter().filter(|(_, reading)| !reading.value.is_empty());
    let value =
        Plain::Map(found.map(|(key, reading)| (key.to_owned(), reading.value.clone())).collect());
    let doubts = email.doubts.into_iter().chain(phone.doubts).collect();
    Reading { value, doubts, ..Reading::default() }
}

/// What was read, in the form of a line.
pub fn told(kind: Kind, reading: &Reading) -> (Plain, String, BTreeSet<String>, Plain) {
    let doubts = reading.doubts.iter().map(|doubt| doubt.why.key().to_owned()).collect();
    let precision = Precision::of(kind, reading).key().to_owned();
    (reading.value.clone(), precision, doubts, Plain::Map(reading.also.clone()))
}
