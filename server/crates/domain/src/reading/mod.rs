//! What a French hand wrote, and what we understood of it.
//!
//! Reading never fails and never invents: where it is not sure it fills nothing, says why, and keeps the
//! words. To add a reading: a file here with a function from words to [`Reading`], its line in [`cell`], and
//! the rows of its fixture first.

pub mod choice;
pub mod contact;
pub mod date;
pub mod doubt;
pub mod identifier;
pub mod link;
pub mod number;
pub mod text;

pub use choice::Vocabulary;
pub use doubt::{Doubt, Weight, Why};

use crate::table::{Column, Kind, Plain};
use identifier::Code;

/// A text someone wrote, the value we understood, and our doubts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// What was understood; null where nothing was.
    pub value: Plain,
    /// What we are not sure of.
    pub doubts: Vec<Doubt>,
    /// The person's own words, where the value does not say all of them; empty where it does.
    pub words: String,
}

impl Reading {
    /// Nothing was written.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Understood, the value says it all.
    pub fn sure(value: impl Into<Plain>) -> Self {
        Self { value: value.into(), ..Self::default() }
    }

    /// Not understood: the words stay, and we say why.
    pub fn unread(words: &str, why: Why) -> Self {
        Self {
            value: Plain::Null,
            doubts: vec![Doubt { why, words: words.to_owned() }],
            words: words.to_owned(),
        }
    }

    /// The same with a doubt about some words.
    #[must_use]
    pub fn doubting(mut self, why: Why, words: &str) -> Self {
        self.doubts.push(Doubt { why, words: words.to_owned() });
        self
    }

    /// The same, keeping these words beside the value.
    #[must_use]
    pub fn keeping(mut self, words: &str) -> Self {
        words.clone_into(&mut self.words);
        self
    }
}

/// Reads the words of one cell of a column.
///
/// `vocabulary` is that of the column where it has options. Prices, sessions and places stay words.
pub fn cell(column: &Column, vocabulary: &Vocabulary, written: &str) -> Reading {
    let repaired = text::repaired(written);
    let words = text::one_line(&repaired);
    let mut reading = match column.kind {
        Kind::Text => text::line(&repaired),
        Kind::LongText => text::long(&repaired),
        _ if words.is_empty() => Reading::nothing(),
        _ if text::says_nothing(&words) => Reading::nothing().doubting(Why::NothingSaid, &words),
        Kind::Choice => choice::one(vocabulary, &repaired),
        Kind::Choices => choice::many(vocabulary, &repaired),
        Kind::Url => link::link(&words),
        Kind::Email => contact::email(&words),
        Kind::Phone => contact::phone(&words),
        Kind::Boolean => number::boolean(&words),
        Kind::Number | Kind::Duration => number::number(&words),
        Kind::Date => date::date(&words),
        Kind::Code => identifier::code(Code::of_column(column.id.as_str()), &words),
        Kind::Prices | Kind::Sessions | Kind::Places => {
            Reading::nothing().keeping(&text::several_lines(&repaired))
        }
    };
    if repaired != text::without_marks(written) {
        reading = reading.doubting(Why::Repaired, written.trim());
    }
    reading
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::offer::display::{Language, value};
    use crate::offer::words::vocabulary;
    use crate::table::defaults::formations;
    use crate::text::fold;

    static COLUMNS: LazyLock<Vec<(Column, Vocabulary)>> = LazyLock::new(|| {
        let columns = formations().into_iter();
        columns.map(|column| (column.clone(), vocabulary(&column))).collect()
    });

    fn letters(text: &str) -> Vec<char> {
        fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
    }

    #[test]
    fn what_we_print_is_read_back_as_it_was() {
        for column in formations().into_iter().filter(|column| column.kind.has_options()) {
            let vocabulary = vocabulary(&column);
            for option in &column.options {
                let id = option.id.as_str();
                let held = match column.kind {
                    Kind::Choice => Plain::from(id),
                    _ => Plain::Map([(id.to_owned(), Plain::Bool(true))].into()),
                };

                let read = cell(&column, &vocabulary, &value(&column, &held, Language::French));

                assert_eq!(read, Reading::sure(held), "{} {}", column.id, option.id);
            }
        }
    }

    proptest! {
        #[test]
        fn several_options_printed_are_read_back(picked in prop::collection::btree_set(0usize..37, 0..6)) {
            let column = formations().into_iter().find(|it| it.id.as_str() == "themes").unwrap();
            let ids = picked.iter().filter_map(|at| column.options.get(*at));
            let held: std::collections::BTreeMap<String, Plain> =
                ids.map(|option| (option.id.to_string(), Plain::Bool(true))).collect();
            let held = if held.is_empty() { Plain::Null } else { Plain::Map(held) };

            let printed = value(&column, &held, Language::French);

            prop_assert_eq!(cell(&column, &vocabulary(&column), &printed).value, held);
        }

        #[test]
        fn no_words_whatever_make_reading_fail_or_lose_them(written in "\\PC{0,60}|[a-zé0-9@:/.,;()+ \n-]{0,60}") {
            for (column, vocabulary) in COLUMNS.iter() {
                let reading = cell(column, vocabulary, &written);
                let doubted = reading.doubts.iter().map(|doubt| doubt.words.as_str());
                let told = [
                    &value(column, &reading.value, Language::French),
                    &reading.words,
                    &doubted.collect::<String>(),
                    reading.value.as_text().unwrap_or_default(),
                ];
                let told = letters(&told.concat());
                for letter in letters(&written) {
                    prop_assert!(told.contains(&letter), "`{}` of `{}` in {}", letter, written, column.id);
                }
            }
        }

        #[test]
        fn a_text_never_holds_a_word_that_nobody_wrote(written in "[a-zàéèêç0-9 .,'’\n-]{0,80}") {
            for (column, vocabulary) in COLUMNS.iter().filter(|(column, _)| column.kind.is_text()) {
                let reading = cell(column, vocabulary, &written);

                prop_assert_eq!(letters(reading.value.as_text().unwrap_or_default()), letters(&written));
            }
        }
    }
}
