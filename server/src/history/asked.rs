//! The questions about history that an address can hold. Page and API read the same ones.

use std::collections::BTreeMap;

use tablee_domain::ids::{ColumnId, ImportId, PersonId, RowId, Timestamp};
use tablee_storage::history::{Filter, Through};

use crate::i18n::Zone;

/// Lines on a page, unless asked otherwise.
pub const ON_A_PAGE: u32 = 50;
/// Lines at most at once.
pub const AT_MOST: u32 = 200;
/// The longest key of a cell that is looked for: a column, `/`, an item.
const LONGEST_KEY: usize = ColumnId::MAX * 2 + 6;

/// What an address asks of history. Parameters that say nothing are as good as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// What the lines must be of.
    pub filter: Filter,
    /// Only lines before this one.
    pub before: Option<i64>,
    /// How many lines.
    pub limit: u32,
    /// Parameters that were not understood.
    pub wrong: Vec<String>,
    /// The filters as they were written, for the fields of the form and for links.
    written: BTreeMap<&'static str, String>,
}

/// The parameters that filter, in the order of the form.
const FILTERS: [&str; 9] =
    ["row", "key", "column", "person", "origin", "import", "since", "until", "lost"];

impl Asked {
    /// Reads the query of an address. A day means the day of the clocks in `zone`.
    pub fn of_query(query: Option<&str>, zone: &Zone) -> Self {
        let mut asked = Self { limit: ON_A_PAGE, ..Self::default() };
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match asked.read(&name, value, zone) {
                Some(()) => {
                    if let Some(name) = FILTERS.iter().find(|known| **known == name) {
                        asked.written.insert(name, value.to_owned());
                    }
                }
                None => asked.wrong.push(name.into_owned()),
            }
        }
        asked
    }

    fn read(&mut self, name: &str, value: &str, zone: &Zone) -> Option<()> {
        let filter = &mut self.filter;
        match name {
            "row" => filter.row = Some(RowId::new(value).ok()?),
            "key" => filter.key = Some(key(value)?),
            "column" => filter.column = Some(ColumnId::new(value).ok()?),
            "person" => filter.actor = Some(PersonId(value.parse().ok()?)),
            "origin" => filter.through = Some(through(value)?),
            "import" => filter.import = Some(ImportId(value.parse().ok()?)),
            "since" => filter.since = Some(millis(value).or_else(|| zone.begins(value))?),
            "until" => filter.until = Some(millis(value).or_else(|| zone.ends(value))?),
            "lost" => filter.lost_only = value == "1",
            "before" => self.before = Some(value.parse().ok().filter(|id| *id > 0)?),
            "limit" => {
                self.limit = value.parse().ok().filter(|n| (1..=AT_MOST).contains(n))?;
            }
            // The language, and whatever else somebody wrote.
            _ => {}
        }
        Some(())
    }

    /// A filter as it was written; empty where there is none.
    pub fn written(&self, name: &str) -> &str {
        self.written.get(name).map(String::as_str).unwrap_or_default()
    }

    /// Whether the lines are those of some places, people or days only.
    pub fn is_narrow(&self) -> bool {
        !self.written.is_empty()
    }

    /// The query with all filters but these, and from this line on. Empty where nothing is left.
    pub fn query(&self, without: &[&str], before: Option<i64>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for name in FILTERS.iter().filter(|name| !without.contains(name)) {
            if let Some(value) = self.written.get(name) {
                query.append_pair(name, value);
            }
        }
        if let Some(before) = before {
            query.append_pair("before", &before.to_string());
        }
        query.finish()
    }
}

/// A key as rows have them: words, with `/` before an item and `~` before what is not the value.
fn key(text: &str) -> Option<String> {
    let is_key = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_/~".contains(letter)
    };
    (text.len() <= LONGEST_KEY && text.chars().all(is_key)).then(|| text.to_owned())
}

/// A number of milliseconds; a day has dashes.
fn millis(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(Timestamp)
}

/// The ways that can be asked for.
pub const THROUGH: [(&str, Through); 8] = [
    ("table", Through::Table),
    ("import", Through::Import),
    ("proposal", Through::Proposal),
    ("merge", Through::Merge),
    ("restore", Through::Restore),
    ("columns", Through::Columns),
    ("command", Through::Command),
    ("program", Through::Program),
];

fn through(word: &str) -> Option<Through> {
    THROUGH.iter().find(|(known, _)| *known == word).map(|(_, through)| *through)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        Asked::of_query(Some(query), &Zone::default())
    }

    #[test]
    fn an_empty_form_asks_for_everything() {
        let asked = asked("row=&column=&person=&origin=&since=&until=&lang=en");

        assert_eq!(asked.filter, Filter::default());
        assert_eq!((asked.limit, asked.before, asked.is_narrow()), (50, None, false));
        assert!(asked.wrong.is_empty());
    }

    #[test]
    fn a_day_is_the_day_on_the_wall_up_to_midnight() {
        let asked = asked("since=2026-11-23&until=2026-11-23");

        assert_eq!(asked.filter.since, Some(Timestamp(1_795_388_400_000)));
        assert_eq!(asked.filter.until, Some(Timestamp(1_795_474_800_000)));
        assert_eq!(asked.written("since"), "2026-11-23");
    }

    #[test]
    fn programs_may_say_milliseconds() {
        assert_eq!(asked("since=1795388400000").filter.since, Some(Timestamp(1_795_388_400_000)));
    }

    #[test]
    fn what_is_not_understood_is_named_and_filters_nothing() {
        let query =
            "row=A%20B&key=%3Cscript%3E&person=moi&origin=ailleurs&since=hier&limit=0&before=-1";

        let asked = asked(query);

        assert_eq!(asked.wrong, ["row", "key", "person", "origin", "since", "limit", "before"]);
        assert_eq!(asked.filter, Filter::default());
    }

    #[test]
    fn a_link_keeps_the_filters_and_leaves_out_what_it_should() {
        let asked = asked("person=3&row=r1&before=9&x=y");

        assert_eq!(asked.query(&[], Some(4)), "row=r1&person=3&before=4");
        assert_eq!(asked.query(&["row"], None), "person=3");
        assert_eq!(asked.query(&["row", "person"], None), "");
    }
}
