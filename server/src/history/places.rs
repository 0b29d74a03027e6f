//! The words for a place in a row, and for what stood there.

use std::collections::BTreeMap;

use tablee_document::layout::parse_key;
use tablee_domain::ids::ColumnId;
use tablee_domain::table::{Column, Columns, Place, Plain};

use crate::i18n::{Locale, t};
use crate::wording::{Words, label, one_line, words};

/// What a line of history is about, in the words of its columns.
#[derive(Debug, Clone, Copy)]
pub struct Places<'c> {
    /// The columns of today, retired ones too.
    pub columns: &'c Columns,
    /// The language.
    pub locale: Locale,
}

impl Places<'_> {
    /// The name of a place: the label of its column.
    pub fn label(&self, key: &str) -> String {
        match parse_key(key) {
            Some(Place::Cell(column) | Place::Item(column, _)) => self.column(&column),
            Some(Place::Said(column)) => {
                let label = self.column(&column);
                t(self.locale, "history.said", &[("column", &label)]).into_owned()
            }
            Some(Place::Order) => t(self.locale, "history.order", &[]).into_owned(),
            Some(Place::Deleted) => t(self.locale, "history.bin", &[]).into_owned(),
            Some(Place::Row | Place::Base) => t(self.locale, "history.row", &[]).into_owned(),
            None => one_line(key),
        }
    }

    /// The label of a column; its id where it is no longer known.
    pub fn column(&self, id: &ColumnId) -> String {
        match self.columns.get(id.as_str()) {
            Some(column) => label(self.locale, &column.label),
            None => id.as_str().to_owned(),
        }
    }

    /// What happened to a row as a whole; none where a cell changed, whose words say it.
    pub fn event(&self, key: &str, after: &Plain) -> Option<String> {
        let key = match parse_key(key)? {
            Place::Row | Place::Base => "history.row_made",
            Place::Order => "history.row_moved",
            Place::Deleted if after.is_empty() => "history.row_restored",
            Place::Deleted => "history.row_binned",
            Place::Cell(_) | Place::Item(..) | Place::Said(_) => return None,
        };
        Some(t(self.locale, key, &[]).into_owned())
    }

    /// A value as a text to compare; empty where nothing stood.
    pub fn value(&self, key: &str, value: &Plain) -> String {
        if value.is_empty() {
            return String::new();
        }
        let column = |id: &ColumnId| self.columns.get(id.as_str());
        match parse_key(key) {
            Some(Place::Cell(id)) => match column(&id) {
                Some(known) => self.cell(known, value),
                None => raw(value),
            },
            // An item is read as a list of its own.
            Some(Place::Item(id, item)) => {
                let alone = BTreeMap::from([(item.as_str().to_owned(), value.clone())]);
                match column(&id) {
                    Some(known) => self.cell(known, &Plain::Map(alone)),
                    None => raw(value),
                }
            }
            _ => raw(value),
        }
    }

    fn cell(&self, column: &Column, value: &Plain) -> String {
        // A text is shown as it was written: what changed may be a line or a letter of an address.
        if column.kind.is_text()
            && let Plain::Text(text) = value
        {
            return legible(text);
        }
        match words(self.locale, column, value) {
            Some(Words::Prose(parts)) => parts.join("\n\n"),
            Some(words) => words.in_one_line(),
            None => raw(value),
        }
    }
}

/// A text whose lines stay, without what would turn the reading direction or hide itself.
fn legible(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(one_line).collect();
    lines.join("\n")
}

/// A value that no column explains.
fn raw(value: &Plain) -> String {
    match value {
        Plain::Text(text) => legible(text),
        other => one_line(&serde_json::to_string(other).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tablee_domain::table::defaults::formations;

    fn value(key: &str, value: &Plain) -> String {
        let columns = Columns::new(formations());
        Places { columns: &columns, locale: Locale::Fr }.value(key, value)
    }

    fn label(key: &str) -> String {
        let columns = Columns::new(formations());
        Places { columns: &columns, locale: Locale::Fr }.label(key)
    }

    #[test]
    fn a_value_is_told_in_the_words_of_its_column() {
        assert_eq!(value("etat", &"publiee".into()), "publiée");
        assert_eq!(value("duree_heures", &18.5.into()), "18,5 heures");
        assert_eq!(
            value("themes/eau", &true.into()),
            value("themes", &Plain::Map(BTreeMap::from([("eau".to_owned(), true.into())])))
        );
        assert_eq!(value("intitule", &"Un\r\n\u{202e}titre".into()), "Un\ntitre");
        assert_eq!(value("intitule", &Plain::Null), "");
        assert_eq!(value("jamais_vue", &1.0.into()), "1.0");
    }

    #[test]
    fn a_place_is_named_by_its_column() {
        assert_eq!(label("intitule"), label("intitule/x"));
        assert!(label("lieux~said").contains(&label("lieux")));
        for key in ["", "~order", "~deleted", "~base"] {
            assert!(!label(key).contains("history.") && !label(key).is_empty(), "{key}");
        }
        assert_eq!(label("jamais_vue"), "jamais_vue");
    }

    #[test]
    fn what_happens_to_a_whole_row_is_said_and_not_compared() {
        let columns = Columns::new(formations());
        let places = Places { columns: &columns, locale: Locale::Fr };

        for (key, after) in [("", Plain::Null), ("~order", "a1".into()), ("~deleted", true.into())]
        {
            assert!(places.event(key, &after).is_some_and(|it| !it.contains("history.")), "{key}");
        }
        assert_ne!(places.event("~deleted", &true.into()), places.event("~deleted", &Plain::Null));
        assert_eq!(places.event("intitule", &Plain::Null), None);
    }
}
