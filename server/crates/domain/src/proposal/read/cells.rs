//! From the words of the answers to the cells that they would write.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answer, held};
use crate::import::grid::{RawCell, column_letters};
use crate::import::header::{Header, HeaderCell};
use crate::import::names::{Target, said_key};
use crate::import::offer::{OfferReader, ReadOffer, vocabularies};
use crate::import::rows::OfferRow;
use crate::offer::display::{self, Language};
use crate::proposal::form::{Asked, Field};
use crate::reading::{Doubt, Vocabulary, print};
use crate::table::{Columns, Plain, Row};
use crate::text::fold::fold;

/// What the answers say.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// What would be written.
    pub cells: BTreeMap<String, Plain>,
    /// The value of each answered question, changed or not.
    pub values: BTreeMap<String, Plain>,
    /// What is not sure, by question.
    pub doubts: BTreeMap<String, Vec<Doubt>>,
}

/// Reads the answers; against a row, only what the changed ones say anew.
pub(super) fn read(
    columns: &Columns,
    answers: &[Answer<'_>],
    base: Option<&Row>,
    hidden: &BTreeSet<String>,
) -> Told {
    let vocabularies = vocabularies(columns);
    let reader = Reader { columns, vocabularies: &vocabularies };
    let (now, mut doubts) = reader.read(answers, |answer| Lines::now(answer).read);
    // Options that were picked by hand are what they are, whatever their labels may look like.
    let picked = answers.iter().filter(|answer| is_picked(answer));
    picked.for_each(|answer| drop(doubts.remove(answer.field.name())));
    let mut told = Told { doubts, ..Told::default() };
    for answer in answers {
        let value = value_of(answer, &now);
        if !value.is_empty() {
            told.values.insert(answer.field.name().to_owned(), value.clone());
        }
        if answer.touched {
            take(answer, value, &now, base, &mut told.cells);
        }
    }
    if !answers.iter().any(|answer| answer.touched) {
        return told;
    }
    let then = match base {
        Some(_) => reader.read(answers, |answer| Lines::then(answer).read).0,
        None => ReadOffer::default(),
    };
    let news = told_by_others(columns, answers, (&then, &now), base, hidden);
    told.cells.extend(news);
    told
}

/// What a changed question asks to write.
fn take(
    answer: &Answer<'_>,
    value: Plain,
    now: &ReadOffer,
    base: Option<&Row>,
    cells: &mut BTreeMap<String, Plain>,
) {
    let name = answer.field.name();
    let stands = |key: &str| base.and_then(|row| held(row, key)).unwrap_or_default();
    let mut put = |key: String, value: Plain| {
        if value != stands(&key) {
            cells.insert(key, value);
        }
    };
    put(name.to_owned(), value);
    let key = said_key(name);
    if answer.field.column.kind.is_text() || is_picked(answer) {
        return;
    }
    let said = now.values.get(&key).and_then(Plain::as_text).unwrap_or_default();
    let read = now.values.get(name).unwrap_or(&Plain::Null);
    let said = if is_said(answer.field, read, said) { "" } else { said };
    let before = stands(&key).as_text().unwrap_or_default().to_owned();
    if said.is_empty() {
        // The words that stood in the field are what was written over; others are nobody's to take away.
        if answer.opening.shows_said {
            put(key, Plain::Null);
        }
    } else if answer.opening.shows_said || before.is_empty() {
        put(key, said.into());
    } else if !before.lines().any(|line| line == said) {
        put(key, format!("{before}\n{said}").into());
    }
}

/// Whether a value says words, letter by letter.
fn is_said(field: &Field<'_>, value: &Plain, words: &str) -> bool {
    let letters =
        |text: &str| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let words = letters(words);
    let shown = display::value(field.column, value, Language::French);
    let printed = print::print(field.column, value);
    !value.is_empty() && (letters(&shown) == words || letters(&printed) == words)
}

/// What the changed answers say of cells that have no question, or whose question was left empty.
fn told_by_others(
    columns: &Columns,
    answers: &[Answer<'_>],
    (then, now): (&ReadOffer, &ReadOffer),
    base: Option<&Row>,
    hidden: &BTreeSet<String>,
) -> BTreeMap<String, Plain> {
    let is_answered = |column: &str| {
        let own = answers.iter().find(|answer| answer.field.name() == column);
        own.is_some_and(|it| it.touched || !it.words.is_empty() || !it.opening.words.is_empty())
    };
    let keys: BTreeSet<&String> = then.values.keys().chain(now.values.keys()).collect();
    let mut news = BTreeMap::new();
    for key in keys {
        let id = key.strip_suffix("~said").unwrap_or(key);
        let open = columns.get(id).is_some_and(|it| !it.archived && !it.curated);
        if !open || hidden.contains(id) || is_answered(id) {
            continue;
        }
        let (before, after) = (then.values.get(key), now.values.get(key));
        let stands = base.and_then(|row| held(row, key));
        if before == after || stands.as_ref() == after {
            continue;
        }
        // What other words told before may go with them; what somebody wrote there stays.
        if stands.is_none() || stands.as_ref() == before {
            news.insert(key.clone(), after.cloned().unwrap_or_default());
        }
    }
    news
}

/// The value of a question after its answer.
fn value_of(answer: &Answer<'_>, now: &ReadOffer) -> Plain {
    let field = answer.field;
    let read = || now.values.get(field.name()).cloned().unwrap_or_default();
    match field.asked {
        Asked::Choice | Asked::Choices if is_picked(answer) => {
            Chosen::of(answer).value(field, &answer.opening.words)
        }
        Asked::Items => items(answer, &read()),
        _ => read(),
    }
}

/// Whether an answer is options by their ids, and nothing else.
fn is_picked(answer: &Answer<'_>) -> bool {
    answer.field.column.kind.has_options() && Chosen::of(answer).others.is_empty()
}

/// The options of an answer, and what else it says: a link may fill a form by words.
struct Chosen<'a> {
    options: Vec<&'a str>,
    others: Vec<&'a str>,
}

impl<'a> Chosen<'a> {
    fn of(answer: &'a Answer<'_>) -> Self {
        let words = answer.words.iter().map(String::as_str);
        let (options, others): (Vec<&str>, Vec<&str>) =
            words.partition(|it| answer.field.column.option(it).is_some());
        let several = answer.field.asked == Asked::Choice && options.len() > 1;
        if several {
            Self { options: Vec::new(), others: options }
        } else {
            Self { options, others }
        }
    }

    fn value(&self, field: &Field<'_>, before: &[String]) -> Plain {
        if field.asked == Asked::Choice {
            return self.options.first().map_or(Plain::Null, |id| Plain::text(*id));
        }
        let unknown = before.iter().filter(|id| field.column.option(id).is_none());
        let ids = self.options.iter().map(|id| (*id).to_owned()).chain(unknown.cloned());
        let marks: BTreeMap<String, Plain> = ids.map(|id| (id, Plain::Bool(true))).collect();
        if marks.is_empty() { Plain::Null } else { Plain::Map(marks) }
    }
}

/// The items of a list: lines that did not change keep theirs, changed ones take the places of those that went.
fn items(answer: &Answer<'_>, read: &Plain) -> Plain {
    let lines = Lines::now(answer);
    let mut held: BTreeMap<String, Plain> = answer.opening.unsaid.clone();
    held.extend(lines.kept.iter().cloned());
    let gone = answer.opening.items.iter().map(|(id, _, _)| id.clone());
    let mut free: Vec<String> = gone.filter(|id| !held.contains_key(id)).collect();
    free.reverse();
    let taken: BTreeSet<&String> = answer.opening.items.iter().map(|(id, _, _)| id).collect();
    let mut fresh = (1_u32..)
        .map(|number| format!("i{number:02}"))
        .filter(|id| !taken.contains(id) && !answer.opening.unsaid.contains_key(id));
    for item in read.as_map().into_iter().flat_map(BTreeMap::values) {
        let id = free.pop().or_else(|| fresh.next());
        held.extend(id.map(|id| (id, item.clone())));
    }
    if held.is_empty() { Plain::Null } else { Plain::Map(held) }
}

/// The lines of an answer: those that are to be read, and the items of those that stood there already.
#[derive(Default)]
struct Lines {
    read: Vec<String>,
    kept: Vec<(String, Plain)>,
}

impl Lines {
    fn now(answer: &Answer<'_>) -> Self {
        Self::of(answer, &answer.words)
    }

    fn then(answer: &Answer<'_>) -> Self {
        Self::of(answer, &answer.opening.words)
    }

    fn of(answer: &Answer<'_>, words: &[String]) -> Self {
        let mut known: Vec<&(String, String, Plain)> = answer.opening.items.iter().collect();
        let mut lines = Self::default();
        for line in words {
            match known.iter().position(|(_, before, _)| before == line) {
                Some(at) => {
                    let (id, _, item) = known.remove(at);
                    lines.kept.push((id.clone(), item.clone()));
                }
                None => lines.read.push(line.clone()),
            }
        }
        lines
    }
}

/// The reader of imports over one row that a form makes.
struct Reader<'a> {
    columns: &'a Columns,
    vocabularies: &'a BTreeMap<String, Vocabulary>,
}

impl Reader<'_> {
    fn read(
        &self,
        answers: &[Answer<'_>],
        lines: impl Fn(&Answer<'_>) -> Vec<String>,
    ) -> (ReadOffer, BTreeMap<String, Vec<Doubt>>) {
        let mut header = Header { lines: vec![1], columns: Vec::new() };
        let mut cells = BTreeMap::new();
        let mut fields: BTreeMap<String, &str> = BTreeMap::new();
        for answer in answers {
            let column = answer.field.column;
            let mut words: Vec<String> = lines(answer);
            if column.kind.has_options() {
                words = vec![labels(answer.field, &words)];
            }
            // A question without an answer has its place all the same: no other one speaks in its stead.
            words.push(String::new());
            for words in words {
                let at = u32::try_from(header.columns.len()).unwrap_or(u32::MAX);
                header.columns.push(HeaderCell {
                    at,
                    words: column.label.fr.clone(),
                    target: Some(Target::Cell(column.id.clone())),
                    confidence: 1.0,
                });
                fields.insert(column_letters(at), answer.field.name());
                if !words.is_empty() {
                    cells.insert(at, RawCell::text(at, words));
                }
            }
        }
        let row = OfferRow { number: 2, hidden: false, cells, repeated: Vec::new(), section: None };
        let reader = OfferReader::new("", &header, self.columns, self.vocabularies);
        let offer = reader.read(&row);
        let mut doubts: BTreeMap<String, Vec<Doubt>> = BTreeMap::new();
        for complaint in &offer.complaints {
            if let Some(field) = fields.get(&complaint.letters) {
                let doubt = Doubt { why: complaint.why, words: complaint.words.clone() };
                doubts.entry((*field).to_owned()).or_default().push(doubt);
            }
        }
        (offer, doubts)
    }
}

/// Options by the words that are read as these options.
fn labels(field: &Field<'_>, words: &[String]) -> String {
    let said = words.iter().map(|word| {
        field.column.option(word).map_or(word.as_str(), |option| option.label.fr.as_str())
    });
    said.collect::<Vec<_>>().join(" ; ")
}
