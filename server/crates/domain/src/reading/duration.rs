//! Durations: hours and days as they are written, never one from the other.
//!
//! The value is `{heures, jours, heures_min, heures_max, jours_min, jours_max, annees, ects, etalement}`, each
//! key only where the words say it (domain reference, 3.2). A range is never averaged; what is added up or
//! multiplied is said to be.

mod term;

use std::collections::BTreeMap;

use super::number::{self, End};
use super::token::Tokens;
use super::{Reading, Why};
use crate::table::{Column, Plain};
use crate::text::fold;
use term::{Quantity, Term, Unit};

/// The unit in which a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnUnit {
    /// Hours.
    Hours,
    /// Days.
    Days,
    /// Its name does not say.
    Unsaid,
}

impl ColumnUnit {
    /// The unit that the name of a column says.
    pub fn of(column: &Column) -> Self {
        let name = fold(&format!("{} {}", column.id, column.label.fr));
        match (name.contains("heure"), name.contains("jour")) {
            (true, _) => Self::Hours,
            (_, true) => Self::Days,
            _ => Self::Unsaid,
        }
    }
}

/// Reads the duration that a column counts in its own unit. A bare number is in that unit.
pub fn in_unit(unit: ColumnUnit, words: &str) -> Reading {
    let bare = number::number(words);
    let key = match unit {
        ColumnUnit::Hours => "heures",
        ColumnUnit::Days => "jours",
        ColumnUnit::Unsaid => return bare,
    };
    if !bare.value.is_empty() && bare.doubts.iter().all(|doubt| doubt.why != Why::UnknownWords) {
        return bare;
    }
    let whole = duration(words);
    let Some(found) = whole.value.as_map() else { return whole };
    let Some(value) = found.get(key).cloned() else {
        let has = |end: &str| found.contains_key(&format!("{key}{end}"));
        let why = match (has("_min"), has("_max")) {
            (true, true) => Why::Range,
            (false, false) if found.contains_key("etalement") => Why::CalendarSpan,
            (false, false) => Why::OtherUnit,
            _ => Why::Bound,
        };
        return Reading::unread(words, why);
    };
    let others = found.len() > 1;
    let reading = Reading { value, words: String::new(), ..whole };
    if others || !reading.doubts.is_empty() { reading.keeping(words) } else { reading }
}

/// Reads a duration in words.
pub fn duration(words: &str) -> Reading {
    let tokens = Tokens::of(words);
    if is_clock(&tokens) {
        return Reading::unread(words, Why::ClockOrDuration);
    }
    let found = Found::in_words(&tokens);
    if found.adds_unlike_units() {
        return Reading::unread(words, Why::TwoReadings);
    }
    let mut value = BTreeMap::new();
    let mut doubts = found.doubts.clone();
    for unit in [Unit::Hours, Unit::Days] {
        found.settle(unit, &mut value, &mut doubts);
    }
    for (key, unit) in [("annees", Unit::Years), ("ects", Unit::Credits)] {
        if let Some(Quantity::One(number)) = found.first(unit) {
            value.insert(key.to_owned(), number.into());
        }
    }
    let says_time = ["heures", "jours", "annees"].iter().any(|key| {
        ["", "_min", "_max"].iter().any(|end| value.contains_key(&format!("{key}{end}")))
    });
    if let Some((from, to)) = found.span {
        value.insert("etalement".to_owned(), tokens.slice(from, to).into());
        if !says_time {
            doubts.push(Why::CalendarSpan);
        }
    }
    let also = also(&tokens);
    if value.is_empty() {
        let why = match (found.has_clock, found.has_rate) {
            (true, _) => Why::ClockOrDuration,
            (_, true) => Why::CalendarSpan,
            _ => Why::NotADuration,
        };
        let why = doubts.first().copied().unwrap_or(why);
        return Reading { also, ..Reading::unread(words, why) };
    }
    let mut reading = Reading { value: Plain::Map(value), also, ..Reading::default() };
    doubts.dedup();
    for why in doubts {
        reading = reading.doubting(why, words);
    }
    if found.has_other_words {
        reading = reading.doubting(Why::RemarkKept, words);
    }
    reading.keeping(words)
}

/// `14:00`: a spreadsheet's time, which may be an hour of the day (variant 20).
fn is_clock(tokens: &Tokens<'_>) -> bool {
    let minutes = tokens.digits(2).len() == 2;
    let seconds = tokens.len() == 5 && tokens.mark(3) == ":" && tokens.digits(4).len() == 2;
    !tokens.digits(0).is_empty()
        && tokens.mark(1) == ":"
        && minutes
        && (tokens.len() == 3 || seconds)
}

fn also(tokens: &Tokens<'_>) -> BTreeMap<String, Plain> {
    const IN_ROOM: [&str; 3] = ["presentiel", "presentielle", "sur place"];
    const REMOTE: [&str; 5] = ["en ligne", "distanciel", "a distance", "classe virtuelle", "visio"];
    let mut also = BTreeMap::new();
    if tokens.says(&["sur mesure", "sur - mesure"]) {
        also.insert(
            "cadre".to_owned(),
            Plain::Map([("sur_mesure".to_owned(), true.into())].into()),
        );
    }
    if tokens.says(&IN_ROOM) && tokens.says(&REMOTE) && !tokens.says(&["ou"]) {
        also.insert("modalite".to_owned(), "hybride".into());
    }
    also
}

/// What stands in the words.
#[derive(Default)]
struct Found {
    terms: Vec<Term>,
    /// Where an `étalement` stands.
    span: Option<(usize, usize)>,
    /// `2h par semaine`.
    has_rate: bool,
    /// `9h30 à 17h30`.
    has_clock: bool,
    has_other_words: bool,
    doubts: Vec<Why>,
}

impl Found {
    fn in_words(tokens: &Tokens<'_>) -> Self {
        let mut found = Self::default();
        let (mut at, mut depth, mut bound, mut plus, mut over) = (0, 0_usize, None, false, false);
        while at < tokens.len() {
            if let Some((end, next)) = number::bound(tokens, at) {
                (bound, at) = (Some(end), next);
                continue;
            }
            let Some(mut term) = term::at(tokens, at) else {
                match tokens.get(at).map_or("", |token| &token.text) {
                    "(" => (depth, plus) = (depth + 1, false),
                    ")" => depth = depth.saturating_sub(1),
                    "+" | "plus" => plus = true,
                    "sur" | "pendant" => over = true,
                    text if number::is_about(text) => found.doubts.push(Why::Approximate),
                    // Digits that belong to no duration end what a sign before them began.
                    _ if !tokens.digits(at).is_empty() => {
                        (plus, over, found.has_other_words) = (false, false, true);
                    }
                    text => {
                        found.has_other_words |= !tokens.word(at).is_empty() && !is_filler(text);
                    }
                }
                at += 1;
                continue;
            };
            (term.depth, term.plus, term.over) = (depth, plus, over);
            term.bound = bound.take().or_else(|| number::bound(tokens, term.next).map(|it| it.0));
            (plus, over) = (false, false);
            let from = at;
            at = term.next;
            let hours = term.unit == Unit::Hours;
            if let Some(next) = term::clock_behind(tokens, at).filter(|_| hours) {
                (found.has_clock, found.has_other_words, at) = (true, true, next);
            } else if let Some(next) = term::rate_behind(tokens, at) {
                (found.has_rate, at) = (true, next);
            } else if term.unit == Unit::Span {
                found.span = found.span.or(Some((from, at)));
            } else {
                found.terms.push(term);
            }
        }
        found
    }

    fn first(&self, unit: Unit) -> Option<Quantity> {
        self.terms.iter().find(|term| term.unit == unit).map(|term| term.quantity)
    }

    /// `1 jour + 2 h` has no number in either unit.
    fn adds_unlike_units(&self) -> bool {
        (1..self.terms.len()).any(|at| {
            let term = &self.terms[at];
            let before = self.terms[..at].iter().rev().find(|before| before.depth <= term.depth);
            term.plus && before.is_some_and(|before| before.unit != term.unit)
        })
    }

    /// The number of one unit: what stands outside parentheses, and what these confirm or add.
    fn settle(&self, unit: Unit, value: &mut BTreeMap<String, Plain>, doubts: &mut Vec<Why>) {
        let adds_up = self.terms.iter().any(|term| term.plus && term.depth == 0);
        let added =
            self.terms.iter().find(|term| term.plus && term.depth == 0).map(|term| term.unit);
        let of_unit = self.terms.iter().filter(|term| term.unit == unit);
        // Where a sum is made in one unit, `sur 2 jours` speaks of one part of it only.
        let of_unit: Vec<&Term> =
            of_unit.filter(|term| !(adds_up && added != Some(unit) && term.over)).collect();
        let (outside, inside): (Vec<&Term>, Vec<&Term>) =
            of_unit.into_iter().partition(|term| term.depth == 0);
        let main = if outside.is_empty() { &inside } else { &outside };
        let Some(first) = main.first() else { return };
        let key = if unit == Unit::Hours { "heures" } else { "jours" };
        let mut put = |end: &str, number: f64| value.insert(format!("{key}{end}"), number.into());
        if let Quantity::Between(least, most) = first.quantity {
            put("_min", least);
            put("_max", most);
            doubts.push(Why::Range);
            return;
        }
        let Some(mut sum) = term::sum(main) else {
            doubts.push(Why::TwoReadings);
            return;
        };
        let mut computed = main.len() > 1 || first.computed;
        if !outside.is_empty() && !inside.is_empty() {
            match term::sum(&inside) {
                Some(more) if inside[0].plus => (sum, computed) = (sum + more, true),
                // What the parenthesis says again is written, and so no longer our sum.
                Some(again) if same(again, sum) => {
                    computed &= inside.len() > 1 || inside[0].computed;
                }
                _ => doubts.push(Why::TwoReadings),
            }
        }
        match first.bound {
            Some(End::Least) => put("_min", sum),
            Some(End::Most) => put("_max", sum),
            None => put("", sum),
        };
        if first.bound.is_some() {
            doubts.push(Why::Bound);
        }
        if computed {
            doubts.push(Why::Computed);
        }
    }
}

fn same(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

/// Words that say nothing beyond the numbers.
fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "de" | "entre"
            | "d"
            | "du"
            | "a"
            | "soit"
            | "duree"
            | "total"
            | "complet"
            | "complets"
            | "complete"
            | "completes"
            | "repartie"
            | "reparties"
            | "repartis"
            | "reparti"
            | "sur"
            | "en"
            | "et"
            | "formation"
            | "presentiel"
            | "distanciel"
            | "ligne"
            | "ou"
            | "au"
            | "s"
            | "la"
            | "le"
            | "pendant"
            | "mesure"
            | "distance"
    )
}
