//! What came back from a form: cells to write, what was understood of each answer, and what keeps it from being sent.
//!
//! Answers are read by the reader of imports, so that a form and a file understand the same words alike. Against a
//! row, only questions whose words changed ask for anything.

mod cells;
mod private;

use std::collections::{BTreeMap, BTreeSet};

pub use private::{Private, fields as private_fields};

use super::fill::{Opening, normal};
use super::form::{Asked, Field, Form, Requirement};
use super::rule::{self, Rule};
use super::{Kind, Payload};
use crate::ids::RowId;
use crate::offer::display::{self, Language};
use crate::reading::{Doubt, Weight, Why, duration, print};
use crate::table::{Columns, Plain, Row};

/// The fields of a form, each as often as it came.
pub trait FieldsOf {
    /// All values of a field, in their order.
    fn all(&self, name: &str) -> Vec<String>;
}

impl FieldsOf for BTreeMap<String, Vec<String>> {
    fn all(&self, name: &str) -> Vec<String> {
        self.get(name).cloned().unwrap_or_default()
    }
}

impl FieldsOf for Vec<(String, String)> {
    fn all(&self, name: &str) -> Vec<String> {
        self.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }
}

/// A form as it was understood.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filled {
    /// What it asks to write, by the keys of a document. Against a row: only what would change.
    pub cells: BTreeMap<String, Plain>,
    /// What these cells say in the row; what is empty is not there.
    pub base: BTreeMap<String, Plain>,
    /// What was understood of each answer, by field.
    pub readings: BTreeMap<String, FieldReading>,
    /// Cells that other answers told, by column, in words: `2,5` days from the words of the duration.
    pub also: BTreeMap<String, String>,
    /// What keeps it from being sent, in the order of the page.
    pub errors: Vec<FieldError>,
    /// What never stands in the table.
    pub private: Private,
    /// The questions that are not asked after these answers.
    pub hidden: BTreeSet<String>,
}

/// What was understood of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FieldReading {
    /// What was typed.
    pub words: Vec<String>,
    /// What was understood, as a page says it: one line for each item. Empty where words are words, and where
    /// nothing was understood.
    pub understood: Vec<String>,
    /// What is not sure.
    pub doubts: Vec<Doubt>,
}

/// An answer that cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The name of its field.
    pub field: String,
    /// What is wrong with it.
    pub fault: Fault,
    /// The words in question; empty where there are none.
    pub words: String,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is missing.
    Missing,
    /// Neither a page nor a contact is given.
    PageOrContact,
    /// It has more letters than this.
    TooLong(usize),
    /// It has more items than this.
    TooMany(usize),
    /// The question is not asked after the other answers, and yet it is answered.
    NotAsked,
    /// It could not be taken, and why.
    Unread(Why),
}

impl Fault {
    /// The key of its sentence in the texts of the interface.
    pub fn key(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::PageOrContact => "page-or-contact",
            Self::TooLong(_) => "too-long",
            Self::TooMany(_) => "too-many",
            Self::NotAsked => "not-asked",
            Self::Unread(why) => why.key(),
        }
    }
}

/// How many items a question takes: as many as a cell holds.
const MOST_ITEMS: usize = 50;

/// One question with what stood in it and what came back.
struct Answer<'f> {
    field: &'f Field<'f>,
    opening: Opening,
    /// What was typed; nothing where the question is not asked.
    words: Vec<String>,
    /// What was typed into a question that is not asked.
    unasked: Vec<String>,
    touched: bool,
}

/// Reads a form. `base` is the row as it was when the form opened; none for an offer that is not there yet.
pub fn read(columns: &Columns, fields: &dyn FieldsOf, base: Option<&Row>) -> Filled {
    let form = Form::of(columns);
    let rules: BTreeMap<String, Rule> =
        form.fields().filter_map(|it| Some((it.name().to_owned(), it.shown_if.clone()?))).collect();
    let hidden = rule::hidden(&rules, fields);
    let before = base.map(|row| super::fill(columns, row)).unwrap_or_default();
    let hidden_before = rule::hidden(&rules, &before);
    let answers: Vec<Answer<'_>> =
        form.fields().map(|field| answer(field, fields, base, &hidden, &hidden_before)).collect();

    let told = cells::read(columns, &answers, base, &hidden);
    let asked = asked_only(&answers);
    let mut errors = Vec::new();
    for answer in &answers {
        let doubts = told.doubts.get(answer.field.name()).map_or(&[][..], Vec::as_slice);
        let around = Around { cells: &told.cells, asked: &asked, before: base.map(|_| &before) };
        find_faults(answer, doubts, around, &mut errors);
    }
    let private = private::read(fields, &mut errors);
    let readings = answers
        .iter()
        .filter(|answer| !answer.words.is_empty())
        .map(|answer| (answer.field.name().to_owned(), reading(answer, &told)))
        .collect();
    let base = told.cells.keys().filter_map(|key| Some((key.clone(), held(base?, key)?))).collect();
    let also = also(columns, &answers, &told.cells);
    Filled { cells: told.cells, base, readings, also, errors, private, hidden }
}

impl Filled {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// What would be written, for a row or for an offer that is not there yet.
    pub fn payload(&self, row: Option<RowId>) -> Payload {
        let kind = if row.is_some() { Kind::Correction } else { Kind::New };
        let (cells, base) = (self.cells.clone(), self.base.clone());
        Payload { kind, row, cells, base, reason: None }
    }
}

/// What a row holds under a key of a document; nothing where it is empty.
pub fn held(row: &Row, key: &str) -> Option<Plain> {
    let value = match key.strip_suffix("~said") {
        Some(column) => row.said.get(column).map(|words| Plain::text(words.as_str()))?,
        None => row.cell(key).clone(),
    };
    Some(value).filter(|value| !value.is_empty())
}

fn answer<'f>(
    field: &'f Field<'f>,
    fields: &dyn FieldsOf,
    base: Option<&Row>,
    hidden: &BTreeSet<String>,
    hidden_before: &BTreeSet<String>,
) -> Answer<'f> {
    let opening = Opening::of(field, base);
    let name = field.name();
    let typed = fields.all(name).into_iter().map(|words| normal(field, &words));
    // An option that the column does not know stays as it is: a form can neither give it nor take it away.
    let stays = |words: &String| {
        let has_options = field.column.kind.has_options();
        has_options && field.column.option(words).is_none() && opening.words.contains(words)
    };
    let typed: Vec<String> = typed.filter(|it| !it.is_empty() && !stays(it)).collect();
    let typed =
        if field.asked == Asked::Lines && typed.len() > 1 { vec![typed.join("\n")] } else { typed };
    let is_hidden = hidden.contains(name);
    let (words, unasked) = if is_hidden { (Vec::new(), typed) } else { (typed, Vec::new()) };
    let stays_hidden = is_hidden && hidden_before.contains(name);
    let touched = !stays_hidden && differs(field, &words, &opening.words);
    // What stood in a question before it was hidden is not complained about: the browser sends it or not.
    let unasked = if unasked == opening.words { Vec::new() } else { unasked };
    Answer { field, opening, words, unasked, touched }
}

/// Whether other words came back than stood there.
fn differs(field: &Field<'_>, words: &[String], before: &[String]) -> bool {
    let known = |id: &String| field.column.option(id).is_some();
    match field.asked {
        Asked::Choices => {
            let now: BTreeSet<&String> = words.iter().collect();
            let then: BTreeSet<&String> = before.iter().filter(|id| known(id)).collect();
            now != then
        }
        Asked::Choice if words.is_empty() => before.iter().any(known),
        _ => words != before,
    }
}

/// The answers to the questions that are asked.
fn asked_only(answers: &[Answer<'_>]) -> BTreeMap<String, Vec<String>> {
    answers.iter().map(|it| (it.field.name().to_owned(), it.words.clone())).collect()
}

/// What a fault depends on beside the answer itself.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// What would be written.
    cells: &'a BTreeMap<String, Plain>,
    /// The answers to the questions that are asked.
    asked: &'a BTreeMap<String, Vec<String>>,
    /// What stood in the form of a correction.
    before: Option<&'a Vec<(String, String)>>,
}

fn find_faults(
    answer: &Answer<'_>,
    doubts: &[Doubt],
    around: Around<'_>,
    errors: &mut Vec<FieldError>,
) {
    let Around { cells, asked, before } = around;
    let field = answer.field;
    let mut find = |fault: Fault, words: &str| {
        let error = FieldError { field: field.name().to_owned(), fault, words: words.to_owned() };
        if !errors.contains(&error) {
            errors.push(error);
        }
    };
    if let Some(words) = answer.unasked.first() {
        find(Fault::NotAsked, words);
    }
    let was_there = !answer.opening.words.is_empty();
    let must = match &field.required {
        Requirement::No => None,
        // What a row lacks already is the pilots' to find, not the corrector's.
        Requirement::Always => {
            (before.is_none() || (was_there && answer.touched)).then_some(Fault::Missing)
        }
        Requirement::When(rule) => {
            let lacked = !was_there && before.is_some_and(|before| rule.holds(before));
            (rule.holds(asked) && !lacked).then_some(Fault::PageOrContact)
        }
    };
    if let Some(fault) = must {
        let value = cells.get(field.name()).unwrap_or(&Plain::Null);
        match (answer.words.first(), doubts.first()) {
            (None, _) => find(fault, ""),
            (Some(words), doubt) if answer.touched && value.is_empty() => {
                find(doubt.map_or(fault, |doubt| Fault::Unread(doubt.why)), words);
            }
            _ => {}
        }
    }
    if !answer.touched {
        return;
    }
    let longest = |words: &[String]| words.iter().map(|it| it.chars().count()).max().unwrap_or(0);
    let letters = longest(&answer.words);
    if letters > field.most && letters > longest(&answer.opening.words) {
        find(Fault::TooLong(field.most), "");
    }
    if field.asked == Asked::Items && answer.words.len() > MOST_ITEMS {
        find(Fault::TooMany(MOST_ITEMS), "");
    }
    for doubt in doubts.iter().filter(|doubt| doubt.why.weight() == Weight::Lost) {
        find(Fault::Unread(doubt.why), &doubt.words);
    }
}

fn reading(answer: &Answer<'_>, told: &cells::Told) -> FieldReading {
    let field = answer.field;
    let value = told.values.get(field.name()).unwrap_or(&Plain::Null);
    let understood = if field.name() == "duree_texte" {
        let words = answer.words.first().map_or("", String::as_str);
        vec![print::duration(&duration::duration(words).value)]
    } else if field.column.kind.is_text() {
        Vec::new()
    } else {
        display::items(field.column, value, Language::French)
    };
    FieldReading {
        words: answer.words.clone(),
        understood: understood.into_iter().filter(|it| !it.is_empty()).collect(),
        doubts: told.doubts.get(field.name()).cloned().unwrap_or_default(),
    }
}

/// The cells that no question of their own told.
fn also(
    columns: &Columns,
    answers: &[Answer<'_>],
    cells: &BTreeMap<String, Plain>,
) -> BTreeMap<String, String> {
    let own: BTreeSet<&str> =
        answers.iter().filter(|it| it.touched).map(|it| it.field.name()).collect();
    let others = cells.iter().filter(|(key, _)| !own.contains(key.as_str()));
    let told = others.filter_map(|(key, value)| {
        let column = columns.get(key)?;
        Some((key.clone(), display::value(column, value, Language::French)))
    });
    told.filter(|(_, words)| !words.is_empty()).collect()
}
