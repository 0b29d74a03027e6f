//! What a French hand wrote, and what we understood of it.
//!
//! Reading never fails and never invents: where it is not sure it fills nothing, says why, and keeps the
//! words. Each kind has a grammar in a file of its own, which walks over [`token`]s from left to right; the
//! same files stand in the client, and `fixtures/readings` holds both to the same readings. To add a reading:
//! the rows of its fixture first, then a function from words to [`Reading`] here and there, and its line in
//! [`read`].

pub mod audience;
pub mod calendar;
pub mod choice;
pub mod contact;
pub mod date;
pub mod doubt;
pub mod duration;
pub mod identifier;
pub mod link;
pub mod moment;
pub mod number;
pub mod place;
pub mod precision;
pub mod price;
pub mod print;
pub mod session;
pub mod sign;
pub mod text;
pub mod token;

use std::collections::BTreeMap;

pub use choice::Vocabulary;
pub use doubt::{Doubt, Weight, Why};
pub use precision::Precision;
pub use sign::refers_above;

use crate::table::{Column, Kind, Plain};
use duration::ColumnUnit;
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
    /// What the words say of other columns, by their ids: `gratuit` in a list of prices is the kind of price.
    pub also: BTreeMap<String, Plain>,
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
            also: BTreeMap::new(),
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

/// How many items one cell may hold; more are left as words (the rest of a row needs room, too).
const MOST_ITEMS: usize = 50;

fn too_many(items: &[Plain]) -> bool {
    items.len() > MOST_ITEMS
}

/// Reads the words of one cell of a column, prices, sessions and places too: these as lists in the shape of
/// the JSON contract, which [`items`] makes into what a document holds.
///
/// `vocabulary` is that of the column where it has options.
pub fn read(column: &Column, vocabulary: &Vocabulary, written: &str) -> Reading {
    let repaired = text::repaired(written);
    let reading = match column.kind {
        Kind::Text => text::line(&repaired),
        Kind::LongText => text::long(&repaired),
        Kind::Prices | Kind::Sessions | Kind::Places => read_list(column, vocabulary, &repaired),
        _ => read_signs(column, vocabulary, &repaired),
    };
    if repaired == text::without_marks(written) {
        reading
    } else {
        reading.doubting(Why::Repaired, written.trim())
    }
}

/// A list as a document holds it: items by id. Ids say the place, so that the same words give the same ids.
pub fn items(list: &Plain) -> Plain {
    match list {
        Plain::List(items) => {
            let by_id = items
                .iter()
                .enumerate()
                .map(|(at, item)| (format!("i{:02}", at + 1), item.clone()));
            Plain::Map(by_id.collect())
        }
        other => other.clone(),
    }
}

/// A list that our own words would not carry is left in the person's: what is printed must be read back.
fn read_list(column: &Column, vocabulary: &Vocabulary, repaired: &str) -> Reading {
    let reading = read_signs(column, vocabulary, repaired);
    if reading.value.is_empty() {
        return reading;
    }
    let printed = text::repaired(&print::print(column, &reading.value));
    if read_signs(column, vocabulary, &printed).value == reading.value {
        return reading;
    }
    let words = reading.words.clone();
    Reading { value: Plain::Null, ..reading }.doubting(Why::UnknownWords, &words)
}

/// First what people write instead of a value, then the value.
fn read_signs(column: &Column, vocabulary: &Vocabulary, repaired: &str) -> Reading {
    let words = text::several_lines(repaired);
    let is_option = column.kind.has_options() && vocabulary.find(&words).is_some();
    if words.is_empty() {
        return Reading::nothing();
    }
    if is_option {
        return read_value(column, vocabulary, &words);
    }
    if sign::refers_above(&words) {
        return Reading::unread(&words, Why::RefersAbove);
    }
    if sign::not_yet_known(&words) {
        return Reading::unread(&words, Why::NotYetKnown);
    }
    if let Some((rest, asks)) = sign::check_asked(&words) {
        // Nothing is kept of the words that ask: they may name a person.
        let reading = if sign::has_words(&rest) {
            read_value(column, vocabulary, &rest)
        } else {
            Reading::nothing()
        };
        return reading.doubting(Why::ToCheck, &asks);
    }
    // A mark alone may still be a yes.
    let only_marks = column.kind != Kind::Boolean && !sign::has_words(&words);
    if only_marks || sign::says_nothing(&words) {
        return Reading::nothing().doubting(Why::NothingSaid, &words);
    }
    read_value(column, vocabulary, &words)
}

fn read_value(column: &Column, vocabulary: &Vocabulary, words: &str) -> Reading {
    let line = text::one_line(words);
    match column.kind {
        Kind::Choice => choice::one(vocabulary, words),
        Kind::Choices => choice::many(vocabulary, words),
        Kind::Url => link::link(&line),
        Kind::Email => contact::email(&line),
        Kind::Phone => contact::phone(&line),
        Kind::Boolean => number::boolean(&line),
        Kind::Number => number::number(&line),
        Kind::Duration => duration::in_unit(ColumnUnit::of(column), &line),
        Kind::Date => date::date(&line),
        Kind::Code => identifier::code(Code::of_column(column.id.as_str()), &line),
        Kind::Prices => price::prices(words),
        Kind::Sessions => session::sessions(words),
        Kind::Places => place::places(words),
        Kind::Text | Kind::LongText => Reading::sure(words),
    }
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

                let read = read(&column, &vocabulary, &value(&column, &held, Language::French));

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

            prop_assert_eq!(read(&column, &vocabulary(&column), &printed).value, held);
        }

        #[test]
        fn no_words_whatever_make_reading_fail_or_lose_them(written in "\\PC{0,60}|[a-zé0-9@:/.,;()+ \n-]{0,60}") {
            for (column, vocabulary) in COLUMNS.iter() {
                let reading = read(column, vocabulary, &written);
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
                let reading = read(column, vocabulary, &written);

                prop_assert_eq!(letters(reading.value.as_text().unwrap_or_default()), letters(&written));
            }
        }
    }
}
