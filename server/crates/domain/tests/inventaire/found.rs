//! What the import really finds in the workbook.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};
use tablee_domain::import::grid::column_letters;
use tablee_domain::import::names::Target;
use tablee_domain::import::{AddedRow, Decisions, ImportPlan, Question, plan};
use tablee_domain::offer::display;
use tablee_domain::reading::Why;
use tablee_domain::table::defaults::formations;
use tablee_domain::table::{Columns, Plain, TableValues};
use tablee_exchange::{Limits, read};

use crate::expected::{Cell, Kind, Line, Offer, Other, fixtures};

pub struct Found {
    plan: ImportPlan,
    columns: Columns,
}

impl Found {
    /// The first import of the workbook, by the real reader, into the table as it starts.
    pub fn by_importing() -> Self {
        let bytes = fs::read(fixtures().join("inventaire.xlsx")).expect("the workbook");
        let book = read::read(&bytes, &Limits::default()).expect("a workbook");
        let columns = Columns::new(formations());
        let existing = TableValues { columns: columns.clone(), rows: Vec::new() };
        let plan = plan(Question {
            book: &book,
            existing: &existing,
            remembered: &[],
            first_import: true,
            decisions: &Decisions::default(),
            recalled: &BTreeMap::new(),
        });
        Self { plan, columns }
    }

    pub fn mapping(&self) -> BTreeMap<(String, String), String> {
        let mut mapping = BTreeMap::new();
        for sheet in self.plan.sheets.iter().filter(|sheet| sheet.header.is_some()) {
            for cell in &sheet.header.as_ref().expect("a header").columns {
                let target = cell.target.as_ref().map_or_else(String::new, Target::key);
                // A group that stands over parts is no column of its own.
                mapping.insert((sheet.name.clone(), column_letters(cell.at)), target);
            }
        }
        mapping
    }

    fn row(&self, sheet: &str, line: u64) -> Option<&AddedRow> {
        let mut rows = self.plan.added.iter().map(AsRef::as_ref);
        rows.find(|row: &&AddedRow| row.source.sheet == sheet && u64::from(row.source.row) == line)
    }

    /// What the import says otherwise of an offer.
    pub fn wrong_in(&self, offer: &Offer) -> Vec<String> {
        let Some(row) = self.row(&offer.sheet, offer.line) else {
            return vec![format!("{}: not taken for an offer", offer.place())];
        };
        let mut wrong = Vec::new();
        if row.status.as_str() != offer.state {
            wrong.push(format!("state {} and not {}", row.status.as_str(), offer.state));
        }
        let values: BTreeMap<&str, &Plain> =
            row.values.iter().map(|(key, value)| (key.as_str(), value)).collect();
        let wanted = offer.cells.iter().flat_map(|cell| &cell.values).chain(&offer.carried);
        let mut filled: BTreeSet<&str> = BTreeSet::new();
        for (column, value) in wanted {
            filled.insert(column);
            let there = values.get(column.as_str()).map_or(Value::Null, |it| self.told(column, it));
            if spaced(&there) != spaced(&sorted(value)) {
                wrong.push(format!("{column} is {there} and not {value}"));
            }
        }
        for (key, value) in &values {
            // Own words invent nothing: they are looked for below.
            let words = key.ends_with("~said") || *key == "public_texte" || *key == "etat";
            if !words && !filled.contains(key) {
                wrong.push(format!("{key} is {} and not empty", self.told(key, value)));
            }
        }
        wrong.extend(offer.cells.iter().filter_map(|cell| self.wrong_cell(offer, cell, &values)));
        wrong.extend(self.untold_marks(offer));
        wrong.into_iter().map(|it| format!("{}: {it}", offer.place())).collect()
    }

    /// A doubt is told at its cell; words that say more than the value stay.
    fn wrong_cell(
        &self,
        offer: &Offer,
        cell: &Cell,
        values: &BTreeMap<&str, &Plain>,
    ) -> Option<String> {
        let told = self.complaints(offer).filter(|(letters, _, _)| *letters == cell.letters);
        let told: Vec<(&str, Why, &str)> = told.collect();
        if cell.kind != Kind::Read && told.is_empty() {
            return Some(format!("nobody is told to look at {} `{}`", cell.letters, cell.words));
        }
        let texts = values.values().filter_map(|value| value.as_text());
        let kept: Vec<String> = texts.map(letters_of).collect();
        let mended = letters_of(&tablee_domain::reading::text::repaired(&cell.words));
        let whole = kept.iter().any(|words| words.contains(&mended));
        if cell.said && !whole {
            return Some(format!("the words of {} do not stay: `{}`", cell.letters, cell.words));
        }
        let complaints = told.iter().map(|(_, _, words)| letters_of(words));
        let labels = values.iter().flat_map(|(column, value)| self.labels(column, value));
        let all = kept.into_iter().chain(complaints).chain(labels.map(|it| letters_of(&it)));
        let all: Vec<String> = all.collect();
        let repaired = tablee_domain::reading::text::repaired(&cell.words);
        let words = repaired.split(|c: char| !c.is_alphanumeric()).map(letters_of);
        let mut lost = words.filter(|word| !all.iter().any(|kept| kept.contains(word)));
        lost.next().map(|word| format!("`{word}` of {} `{}` is lost", cell.letters, cell.words))
    }

    /// What people read of chosen options.
    fn labels(&self, column: &str, value: &Plain) -> Vec<String> {
        let Some(column) = self.columns.get(column) else { return Vec::new() };
        vec![display::value(column, value, display::Language::French)]
    }

    fn complaints(&self, offer: &Offer) -> impl Iterator<Item = (&str, Why, &str)> {
        let (sheet, line) = (offer.sheet.clone(), offer.line);
        let own = self.plan.complaints.iter();
        let own = own.filter(move |it| it.sheet == sheet && u64::from(it.row) == line);
        own.map(|it| (it.letters.as_str(), it.why, it.words.as_str()))
    }

    /// Hidden lines, notes and second copies are said.
    fn untold_marks(&self, offer: &Offer) -> Vec<String> {
        let told = |why: Why| self.complaints(offer).any(|(_, it, _)| it == why);
        let note = self.complaints(offer).any(|(_, why, words)| {
            why == Why::NoteNotTaken && letters_of(words).contains(&letters_of(&offer.note))
        });
        [
            (offer.hidden && !told(Why::HiddenRow), "nobody is told that it was hidden"),
            (offer.repeats && !told(Why::TwiceInFile), "nobody is told of its first copy"),
            (!offer.note.is_empty() && !note, "nobody is told of its note"),
        ]
        .into_iter()
        .filter(|(wrong, _)| *wrong)
        .map(|(_, what)| what.to_owned())
        .collect()
    }

    /// A line that is no offer is told with its words and why.
    pub fn wrong_about(&self, other: &Other) -> Option<String> {
        let place = format!("{} {}", other.sheet, other.line);
        if self.row(&other.sheet, other.line).is_some() {
            return Some(format!("{place}: taken for an offer, is {}", other.why));
        }
        let header = self.plan.sheets.iter().find(|sheet| sheet.name == other.sheet);
        let lines = header.and_then(|it| it.header.as_ref()).map_or(&[][..], |it| &it.lines);
        let is_header = lines.iter().any(|line| u64::from(*line) == other.line);
        let mut told = self.plan.not_offers.iter();
        let told = told.find(|it| it.sheet == other.sheet && u64::from(it.row) == other.line);
        let reasons: &[&str] = match other.why.as_str() {
            "header" if is_header => return None,
            // A file does not say where its first empty lines are.
            "blank" if told.is_none() => return None,
            "title" | "instructions" => &["above-header"],
            "blank" => &["empty", "above-header"],
            "list" => &["other-sheet"],
            why => &[why],
        };
        let Some(told) = told else { return Some(format!("{place}: told nowhere")) };
        if !reasons.contains(&told.why.key()) {
            return Some(format!("{place}: told as {} and not as {}", told.why.key(), other.why));
        }
        let lost = !letters_of(&told.words).contains(&letters_of(&other.words));
        lost.then(|| format!("{place}: its words are `{}`", told.words))
    }

    /// Offers that the import found on lines where there is none.
    pub fn not_in(&self, lines: &[Line]) -> Vec<String> {
        let known: BTreeSet<(&str, u64)> = lines
            .iter()
            .map(|line| match line {
                Line::Offer(offer) => (offer.sheet.as_str(), offer.line),
                Line::Other(other) => (other.sheet.as_str(), other.line),
            })
            .collect();
        let places = self.plan.added.iter().map(|row| &row.source);
        let places = places.filter(|it| !known.contains(&(it.sheet.as_str(), u64::from(it.row))));
        places.map(|it| format!("{} {}: nobody wrote an offer there", it.sheet, it.row)).collect()
    }

    /// A value in the shape of the fixture: options in the order of their ids, items in theirs.
    fn told(&self, column: &str, value: &Plain) -> Value {
        let is_choice = self.columns.get(column).is_some_and(|it| it.kind.has_options());
        match value {
            Plain::Map(options) if is_choice => json!(options.keys().collect::<Vec<_>>()),
            Plain::Map(items) => json!(items.values().collect::<Vec<_>>()),
            other => json!(other),
        }
    }
}

/// A list of options in the order of their ids; numbers as the table holds them.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(options) if options.iter().all(Value::is_string) => {
            let mut options = options.clone();
            options.sort_by_key(|option| option.as_str().map(str::to_owned));
            Value::Array(options)
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(item) => {
            item.iter().map(|(key, value)| (key.clone(), sorted(value))).collect()
        }
        Value::Number(number) => json!(number.as_f64()),
        other => other.clone(),
    }
}

/// Kinds of spaces are no difference.
fn spaced(value: &Value) -> String {
    value.to_string().replace(['\u{a0}', '\u{202f}'], " ")
}

fn letters_of(words: &str) -> String {
    let folded = tablee_domain::text::fold(words);
    folded.chars().filter(|c| c.is_alphanumeric() || matches!(c, '?' | '"' | '#')).collect()
}
