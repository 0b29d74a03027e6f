//! What stands in the fields of a form when it opens on a row, and what became of them when it comes back.

use std::collections::BTreeMap;

use super::form::{Asked, Field, Form};
use crate::reading::{self, Vocabulary, print, text};
use crate::table::{Columns, Kind, Plain, Row};

/// The fields of a correction, by name, those of several values several times. Sent back as they are, they ask for
/// nothing.
pub fn fill(columns: &Columns, row: &Row) -> Vec<(String, String)> {
    let form = Form::of(columns);
    let filled = form.fields().flat_map(|field| {
        let opening = Opening::of(field, Some(row));
        opening.words.into_iter().map(|words| (field.name().to_owned(), words))
    });
    filled.collect()
}

/// One question as it opened.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Opening {
    /// What stood in its fields.
    pub words: Vec<String>,
    /// The items that the lines stood for, with their ids; where the own words stood there instead, none.
    pub items: Vec<(String, String, Plain)>,
    /// Items that no words of ours say: they are not shown, and stay.
    pub unsaid: BTreeMap<String, Plain>,
    /// The fields showed all that the contributor's own words say, so that new ones take their place.
    pub shows_said: bool,
}

impl Opening {
    /// How a question opens on a row; empty without one.
    pub fn of(field: &Field<'_>, row: Option<&Row>) -> Self {
        let Some(row) = row else { return Self::default() };
        let value = row.cell(field.name());
        let said = row.said.get(&field.column.id).map_or("", String::as_str);
        match field.asked {
            Asked::Choice => Self::plain(value.as_text().map(|id| normal(field, id))),
            Asked::Choices => Self::plain(chosen(value).iter().map(|id| normal(field, id))),
            Asked::Items => Self::of_items(field, value, said),
            Asked::Line | Asked::Lines if said.is_empty() || field.column.kind.is_text() => {
                Self::plain(Some(normal(field, &print::print(field.column, value))))
            }
            Asked::Line | Asked::Lines => {
                Self { shows_said: true, ..Self::plain(Some(normal(field, said))) }
            }
        }
    }

    fn plain(words: impl IntoIterator<Item = String>) -> Self {
        let words = words.into_iter().filter(|words| !words.is_empty()).collect();
        Self { words, ..Self::default() }
    }

    fn of_items(field: &Field<'_>, value: &Plain, said: &str) -> Self {
        let held = value.as_map().cloned().unwrap_or_default();
        if held.values().all(Plain::is_empty) {
            let lines = said.lines().map(|line| normal(field, line));
            return Self { shows_said: !said.is_empty(), ..Self::plain(lines) };
        }
        let list = Plain::List(held.values().filter(|item| !item.is_empty()).cloned().collect());
        let again = reading::read(field.column, &Vocabulary::default(), said).value;
        let mut opening = Self { shows_said: !said.is_empty() && again == list, ..Self::default() };
        for (id, item) in held {
            if item.is_empty() {
                continue;
            }
            let alone = Plain::List(vec![item.clone()]);
            let line = normal(field, &print::print(field.column, &alone));
            if line.is_empty() {
                opening.unsaid.insert(id, item);
            } else {
                opening.words.push(line.clone());
                opening.items.push((id, line, item));
            }
        }
        opening
    }
}

/// Words as they are compared: browsers write breaks of their own, and a line has none.
pub fn normal(field: &Field<'_>, words: &str) -> String {
    match field.asked {
        Asked::Lines => text::several_lines(words),
        _ if field.column.kind == Kind::LongText => text::several_lines(words),
        _ => text::one_line(words),
    }
}

/// The options that are chosen.
fn chosen(value: &Plain) -> Vec<String> {
    let marks = value.as_map().into_iter().flatten();
    marks.filter(|(_, mark)| **mark != Plain::Null).map(|(id, _)| id.clone()).collect()
}
