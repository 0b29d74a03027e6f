//! A proposal and what happened to the row meanwhile, brought together: nobody's word is lost.
//!
//! Texts merge word by word, lists item by item. Where both sides changed the same words, both stand in the result,
//! and it is said where, so that a pilot looks at it. Other values that both sides changed are a question.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::table::{Column, Columns, Plain};

/// A text that two hands changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Merged {
    /// The text with the changes of both.
    pub text: String,
    /// Where both changed the same words.
    pub conflicts: Vec<Conflict>,
}

/// Words that both changed: both stand in the text, theirs first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Where in the merged text, in bytes.
    pub at: Range<usize>,
    /// What stood there.
    pub base: String,
    /// What the others wrote.
    pub theirs: String,
    /// What the proposal says.
    pub mine: String,
}

/// What becomes of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The row says it already, or the proposal asks for nothing here.
    Same,
    /// Nobody else touched it: what is proposed.
    Take(Plain),
    /// Others changed other parts of it: this holds both changes.
    Merged(Plain),
    /// Others changed the same.
    Conflict {
        /// What the row says.
        now: Plain,
        /// What is proposed.
        proposed: Plain,
        /// Both in one, where a cell can hold both.
        both: Option<Plain>,
    },
}

/// What becomes of the cell under a key of a document: `<column>` or `<column>~said`.
pub fn at(columns: &Columns, key: &str, base: &Plain, now: &Plain, proposed: &Plain) -> Outcome {
    match columns.get(key) {
        Some(column) => cell(column, base, now, proposed),
        None if key.ends_with("~said") => settle(base, now, proposed, words),
        None => settle(base, now, proposed, one_of_two),
    }
}

/// What becomes of a cell: `base` is what it said when the form was opened, `now` what it says.
pub fn cell(column: &Column, base: &Plain, now: &Plain, proposed: &Plain) -> Outcome {
    if column.kind.is_text() {
        settle(base, now, proposed, words)
    } else if column.kind.is_list() {
        settle(base, now, proposed, lists)
    } else {
        settle(base, now, proposed, one_of_two)
    }
}

fn settle(
    base: &Plain,
    now: &Plain,
    proposed: &Plain,
    both_changed: fn(&Plain, &Plain, &Plain) -> Outcome,
) -> Outcome {
    let same = |one: &Plain, other: &Plain| one == other || (one.is_empty() && other.is_empty());
    if same(proposed, base) || same(proposed, now) {
        return Outcome::Same;
    }
    if same(now, base) {
        return Outcome::Take(proposed.clone());
    }
    match both_changed(base, now, proposed) {
        Outcome::Merged(both) | Outcome::Take(both) if same(&both, now) => Outcome::Same,
        outcome => outcome,
    }
}

fn one_of_two(_: &Plain, now: &Plain, proposed: &Plain) -> Outcome {
    Outcome::Conflict { now: now.clone(), proposed: proposed.clone(), both: None }
}

fn words(base: &Plain, now: &Plain, proposed: &Plain) -> Outcome {
    let text = |value: &Plain| match value {
        Plain::Text(text) => Some(text.clone()),
        value if value.is_empty() => Some(String::new()),
        _ => None,
    };
    let (Some(before), Some(theirs), Some(mine)) = (text(base), text(now), text(proposed)) else {
        return one_of_two(base, now, proposed);
    };
    let merged = texts(&before, &theirs, &mine);
    let both = Plain::Text(merged.text);
    if merged.conflicts.is_empty() {
        return Outcome::Merged(both);
    }
    Outcome::Conflict { now: now.clone(), proposed: proposed.clone(), both: Some(both) }
}

fn lists(base: &Plain, now: &Plain, proposed: &Plain) -> Outcome {
    let map = |value: &Plain| match value {
        Plain::Map(items) => Some(items.clone()),
        value if value.is_empty() => Some(BTreeMap::new()),
        _ => None,
    };
    let (Some(before), Some(theirs), Some(mine)) = (map(base), map(now), map(proposed)) else {
        return one_of_two(base, now, proposed);
    };
    let mut both = theirs.clone();
    let mut beside = Vec::new();
    let mut is_conflict = false;
    let ids: BTreeSet<&String> = before.keys().chain(mine.keys()).collect();
    for id in ids {
        let (then, here, wanted) = (before.get(id), theirs.get(id), mine.get(id));
        match wanted {
            wanted if wanted == then || wanted == here => {}
            Some(item) if then == here || here.is_none() => {
                is_conflict |= then != here;
                both.insert(id.clone(), item.clone());
            }
            // Two new items that came under one id are two items, and no quarrel.
            Some(item) => {
                is_conflict |= then.is_some();
                beside.push(item.clone());
            }
            None if then == here => drop(both.remove(id)),
            // Others changed what the proposal takes away: it stays until somebody decides.
            None => is_conflict = true,
        }
    }
    for item in beside {
        if !both.values().any(|known| *known == item) {
            both.insert(free_id(&both, &mine), item);
        }
    }
    let both = if both.is_empty() { Plain::Null } else { Plain::Map(both) };
    if is_conflict {
        return Outcome::Conflict {
            now: now.clone(),
            proposed: proposed.clone(),
            both: Some(both),
        };
    }
    Outcome::Merged(both)
}

/// An id that neither has.
fn free_id(one: &BTreeMap<String, Plain>, other: &BTreeMap<String, Plain>) -> String {
    let mut ids = (1_u32..).map(|number| format!("i{number:02}"));
    let free = ids.find(|id| !one.contains_key(id) && !other.contains_key(id));
    free.expect("there are more numbers than items")
}

/// Three texts made one, word by word.
///
/// No word that either side wrote or left standing is lost, unless the other took it away. A text that only one side
/// changed is that side's text, letter by letter.
pub fn texts(base: &str, theirs: &str, mine: &str) -> Merged {
    if theirs == mine || mine == base {
        return Merged { text: theirs.to_owned(), conflicts: Vec::new() };
    }
    if theirs == base {
        return Merged { text: mine.to_owned(), conflicts: Vec::new() };
    }
    let parts = [base, theirs, mine].map(words_of);
    let parts = if is_too_much(&parts) { [base, theirs, mine].map(lines_of) } else { parts };
    let mut weaving = Weaving { parts: &parts, text: String::new(), conflicts: Vec::new() };
    if is_too_much(&parts) {
        weaving.stretch(&[0..parts[0].len(), 0..parts[1].len(), 0..parts[2].len()]);
    } else {
        weaving.weave();
    }
    Merged { text: weaving.text, conflicts: weaving.conflicts }
}

/// Words, and each sign or space between them alone.
fn words_of(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut from = None;
    for (at, c) in text.char_indices() {
        if is_of_a_word(c) {
            from.get_or_insert(at);
        } else {
            words.extend(from.take().map(|from: usize| &text[from..at]));
            words.push(&text[at..at + c.len_utf8()]);
        }
    }
    words.extend(from.map(|from| &text[from..]));
    words
}

fn lines_of(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Comparing takes a time that grows with the product of two lengths: beyond this, by lines; then as a whole.
fn is_too_much([base, theirs, mine]: &[Vec<&str>; 3]) -> bool {
    const MOST: usize = 16_000_000;
    base.len().max(1).saturating_mul(theirs.len().max(mine.len())) > MOST
}

/// The way through three texts.
struct Weaving<'t> {
    parts: &'t [Vec<&'t str>; 3],
    text: String,
    conflicts: Vec<Conflict>,
}

impl Weaving<'_> {
    /// Walks from one stretch that all three share to the next.
    fn weave(&mut self) {
        let [base, theirs, mine] = self.parts;
        let (there, here) = (counterparts(base, theirs), counterparts(base, mine));
        let mut from = [0, 0, 0];
        for (at, word) in base.iter().enumerate() {
            let (Some(there), Some(here)) = (there[at], here[at]) else { continue };
            self.stretch(&[from[0]..at, from[1]..there, from[2]..here]);
            self.text.push_str(word);
            from = [at + 1, there + 1, here + 1];
        }
        self.stretch(&[from[0]..base.len(), from[1]..theirs.len(), from[2]..mine.len()]);
    }

    /// What stands between two words that all three share.
    fn stretch(&mut self, at: &[Range<usize>; 3]) {
        let [base, theirs, mine] = [0, 1, 2].map(|side| &self.parts[side][at[side].clone()]);
        if theirs == mine || mine == base {
            return self.text.extend(theirs.iter().copied());
        }
        if theirs == base {
            return self.text.extend(mine.iter().copied());
        }
        // The signs and spaces around what both changed belong to all.
        let before = alike([base, theirs, mine].map(|part| part.iter()));
        let rest = [base, theirs, mine].map(|part| &part[before..]);
        let behind = alike(rest.map(|part| part.iter().rev()));
        self.text.extend(base[..before].iter().copied());
        let [first, second, third] = rest.map(|part| part[..part.len() - behind].concat());
        self.both(first, second, third);
        self.text.extend(base[base.len() - behind..].iter().copied());
    }

    /// What both wrote in one place, theirs first.
    fn both(&mut self, base: String, theirs: String, mine: String) {
        let from = self.text.len();
        self.push_apart(&theirs);
        self.push_apart(&mine);
        // Two hands that wrote where nothing was do not quarrel: one behind the other is what both meant.
        if !base.trim().is_empty() {
            self.conflicts.push(Conflict { at: from..self.text.len(), base, theirs, mine });
        }
    }

    /// Two words that come from two hands do not become one.
    fn push_apart(&mut self, words: &str) {
        let glued = self.text.ends_with(is_of_a_word) && words.starts_with(is_of_a_word);
        if glued {
            self.text.push(' ');
        }
        self.text.push_str(words);
    }
}

/// How many parts three rows of them begin with alike.
fn alike<'a, 't: 'a>(sides: [impl Iterator<Item = &'a &'t str>; 3]) -> usize {
    let [base, theirs, mine] = sides;
    base.zip(theirs)
        .zip(mine)
        .take_while(|((base, theirs), mine)| base == theirs && base == mine)
        .count()
}

/// For each part of a text, where another text has it still. Only words are looked for: signs and spaces are alike
/// everywhere, and would be found in the place of others.
fn counterparts(base: &[&str], other: &[&str]) -> Vec<Option<usize>> {
    let words = |parts: &[&str]| -> Vec<usize> {
        (0..parts.len()).filter(|at| parts[*at].contains(is_of_a_word)).collect()
    };
    let (of_base, of_other) = (words(base), words(other));
    let old: Vec<&str> = of_base.iter().map(|at| base[*at]).collect();
    let new: Vec<&str> = of_other.iter().map(|at| other[*at]).collect();
    let mut found = vec![None; base.len()];
    for op in capture_diff_slices(Algorithm::Myers, &old, &new) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            for step in 0..len {
                found[of_base[old_index + step]] = Some(of_other[new_index + step]);
            }
        }
    }
    found
}

/// Letters, digits, and accents apart from their letters.
fn is_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}
