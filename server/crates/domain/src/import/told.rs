//! What a plan says beside its rows: what was not taken, and what people know an offer by.

use std::collections::BTreeMap;

use super::decisions::Line;
use super::grid::{self, RawSheet};
use super::mapping::MappedSheet;
use super::offer::Complaint;
use crate::offer::Status;
use crate::reading::{Why, text};
use crate::table::{Plain, Row};
use crate::text::key;

/// Notes may hold anything about anybody: they are told to the pilots and never taken.
pub(super) fn notes<'s>(
    sheet: &'s RawSheet,
    name: &'s str,
) -> impl Iterator<Item = Complaint> + 's {
    sheet.notes.iter().map(move |note| {
        let letters = grid::column_letters(note.column);
        let (column, words) = (letters.clone(), text::several_lines(&note.text));
        Complaint {
            sheet: name.to_owned(),
            row: note.row,
            column,
            letters,
            words,
            why: Why::NoteNotTaken,
        }
    })
}

pub(super) fn hidden_columns<'s>(
    sheet: &'s MappedSheet<'_>,
    last_line: u32,
) -> impl Iterator<Item = Complaint> + 's {
    let header = sheet.plan.header.iter().flat_map(|header| &header.columns);
    let hidden = header.filter(|cell| {
        sheet.raw.hidden_columns.contains(&cell.at) && !sheet.set_aside.contains(&cell.at)
    });
    hidden.map(move |cell| Complaint {
        sheet: sheet.plan.name.clone(),
        row: last_line,
        letters: grid::column_letters(cell.at),
        column: cell.words.clone(),
        words: cell.words.clone(),
        why: Why::HiddenColumn,
    })
}

pub(super) fn complaint(line: &Line, words: &str, why: Why) -> Complaint {
    Complaint {
        sheet: line.sheet.clone(),
        row: line.row,
        letters: String::new(),
        column: String::new(),
        words: words.to_owned(),
        why,
    }
}

pub(super) fn state_not_taken(line: &Line, words: &str) -> Complaint {
    Complaint { column: Status::COLUMN.to_owned(), ..complaint(line, words, Why::StateOfTheFile) }
}

/// What people know an offer by: its title, else who gives it, else its page.
const KNOWN_BY: [&str; 3] = ["intitule", "organisme", "url"];

pub(super) fn title_of(values: &BTreeMap<String, Plain>) -> &str {
    let mut known = KNOWN_BY.into_iter().map(|key| text_of(values, key));
    known.find(|words| !words.is_empty()).unwrap_or_default()
}

pub(super) fn title_of_row(row: &Row) -> &str {
    let mut known = KNOWN_BY.into_iter().map(|key| row.text(key));
    known.find(|words| !words.is_empty()).unwrap_or_default()
}

/// By which a second copy in one file is found: who gives it, without what stands in parentheses behind the
/// name, and what it is called.
pub(super) fn copy_key(values: &BTreeMap<String, Plain>) -> Option<String> {
    let provider = text_of(values, "organisme");
    let bare = provider.split(" (").next().unwrap_or(provider);
    let (who, what) = (key(bare), key(title_of(values)));
    (!who.is_empty() && !what.is_empty()).then(|| format!("{who}|{what}"))
}

pub(super) fn text_of<'a>(values: &'a BTreeMap<String, Plain>, key: &str) -> &'a str {
    values.get(key).and_then(Plain::as_text).unwrap_or_default()
}
