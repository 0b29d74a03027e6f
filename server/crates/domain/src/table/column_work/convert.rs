//! A cell of one kind read as another: the words of the old value, as the readings understand them.
//!
//! Nothing is guessed and nothing goes: words that are not read stand beside the value as the person's own,
//! and the old column keeps its cell.

use std::collections::BTreeMap;

use crate::reading::{self, Doubt, Vocabulary, Weight, Why, print, sign};
use crate::table::{Column, Kind, Plain};
use crate::text::fold::fold;

/// A cell in another kind.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Converted {
    /// What was understood.
    pub value: Plain,
    /// The words that the value does not say; empty where it says all.
    pub said: String,
    /// What somebody should look at.
    pub doubts: Vec<Doubt>,
}

/// A column that gives its place to another.
pub struct Conversion<'c> {
    /// The old column and its words.
    pub from: (&'c Column, &'c Vocabulary),
    /// The new column and its words.
    pub to: (&'c Column, &'c Vocabulary),
}

impl Conversion<'_> {
    /// What the new cell holds of what the old one did: its value, and the words beside it.
    pub fn of(&self, value: &Plain, said: &str) -> Converted {
        let words = self.words(value, said);
        if words.whole.trim().is_empty() {
            return Converted::default();
        }
        let (to, vocabulary) = self.to;
        if to.kind.is_text() {
            return text(to.kind, &words);
        }
        if let Some(kept) = self.kept_options(value) {
            return Converted { value: kept, said: words.beside, doubts: Vec::new() };
        }
        let read = reading::read(to, vocabulary, &words.whole);
        let value = reading::items(&read.value);
        let heavy = |doubt: &Doubt| doubt.why.weight() > Weight::Note;
        let mut doubts: Vec<Doubt> = read.doubts.iter().filter(|it| heavy(it)).cloned().collect();
        let mut said = read.words.clone();
        // What a reading leaves out on purpose (`à vérifier`, `NC`) was in the table before: it stays there.
        let left_out = value.is_empty() || doubts.iter().any(|doubt| doubt.why == Why::ToCheck);
        if left_out && sign::has_words(&words.whole) {
            words.whole.clone_into(&mut said);
        }
        if value.is_empty() && !said.is_empty() && doubts.is_empty() {
            let why = read.doubts.first().map_or(Why::UnknownWords, |doubt| doubt.why);
            doubts.push(Doubt { why, words: said.clone() });
        }
        Converted { value, said: joined(&said, &words.beside), doubts }
    }

    /// The words of a cell. The person's own go before the printed value where they say the same and more.
    fn words(&self, value: &Plain, said: &str) -> Words {
        let (from, vocabulary) = self.from;
        let printed = match value {
            Plain::Text(text) if from.kind.is_text() => text.clone(),
            value => print::print(from, value),
        };
        let printed = if printed.is_empty() { bare(value) } else { printed };
        if said.is_empty() || printed.is_empty() {
            let whole = if printed.is_empty() { said.to_owned() } else { printed };
            return Words { whole, beside: String::new() };
        }
        let read = reading::read(from, vocabulary, said);
        if reading::items(&read.value) == *value {
            return Words { whole: said.to_owned(), beside: String::new() };
        }
        Words { whole: printed, beside: said.to_owned() }
    }

    /// Options are the same in both columns: one of a choice is one of several, and one of several alone is
    /// that one.
    fn kept_options(&self, value: &Plain) -> Option<Plain> {
        let (to, _) = self.to;
        let known = |id: &str| to.option(id).is_some();
        match (to.kind, value) {
            (Kind::Choices, Plain::Text(id)) if self.from.0.kind == Kind::Choice && known(id) => {
                Some(Plain::Map(BTreeMap::from([(id.clone(), Plain::Bool(true))])))
            }
            (Kind::Choice, Plain::Map(chosen)) if self.from.0.kind == Kind::Choices => {
                let mut ids = chosen.keys();
                match (ids.next(), ids.next()) {
                    (Some(id), None) if known(id) => Some(Plain::text(id.as_str())),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// The words of a cell, and those that stand beside them.
struct Words {
    whole: String,
    beside: String,
}

/// A text takes the words as they are.
fn text(kind: Kind, words: &Words) -> Converted {
    let whole = joined(&words.whole, &words.beside);
    let whole = if kind == Kind::Text { reading::text::one_line(&whole) } else { whole };
    Converted { value: Plain::Text(whole), said: String::new(), doubts: Vec::new() }
}

/// Both, once: words that already stand in the others are not said twice.
fn joined(words: &str, more: &str) -> String {
    match (words, more) {
        ("", one) | (one, "") => one.to_owned(),
        (words, more) if fold(words).contains(&fold(more)) => words.to_owned(),
        (words, more) => format!("{words}\n{more}"),
    }
}

/// All that stands in a value that its kind does not print: somebody's tab may have put anything there.
fn bare(value: &Plain) -> String {
    match value {
        Plain::Null => String::new(),
        Plain::Bool(yes) => if *yes { "oui" } else { "non" }.to_owned(),
        Plain::Number(number) => crate::offer::display::number(*number),
        Plain::Text(text) => text.clone(),
        Plain::List(list) => pieces(list.iter().map(bare)),
        Plain::Map(map) => pieces(map.iter().map(|(key, value)| match value {
            Plain::Bool(true) => key.clone(),
            value => bare(value),
        })),
    }
}

fn pieces(pieces: impl Iterator<Item = String>) -> String {
    pieces.filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" ; ")
}

/// Names for the options of a column that becomes a choice: what its cells say, the most frequent first, each
/// once, as long as they are few and short enough to be names.
pub fn names_for_options(
    from: (&Column, &Vocabulary),
    several: bool,
    cells: impl Iterator<Item = (Plain, String)>,
    (most, longest): (usize, usize),
) -> Vec<String> {
    let mut counted: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let conversion = Conversion { from, to: from };
    for (value, said) in cells {
        let whole = conversion.words(&value, &said).whole;
        let marks: &[char] = if several { &[';', '\n', '|', '•', '/'] } else { &['\n'] };
        for piece in whole.split(marks) {
            let name = reading::text::one_line(piece);
            if sign::has_words(&name) && name.chars().count() <= longest {
                counted.entry(fold(&name)).or_insert((0, name)).0 += 1;
            }
        }
    }
    let mut names: Vec<(usize, String)> = counted.into_values().collect();
    names.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    if names.len() > most {
        // Words that nobody wrote twice are no list of names.
        names.retain(|(times, _)| *times > 1);
        names.truncate(most);
    }
    names.into_iter().map(|(_, name)| name).collect()
}
