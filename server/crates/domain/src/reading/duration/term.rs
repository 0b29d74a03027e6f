//! One quantity with its unit inside a duration: `2,5 jours`, `3h30 x 2`, `de 2 à 6 jours`.

use super::super::number::{self, End, Hand};
use super::super::token::Tokens;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Hours,
    Days,
    Years,
    Credits,
    /// Weeks and months: a span of the calendar.
    Span,
}

/// How much.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quantity {
    One(f64),
    Between(f64, f64),
}

/// A quantity with its unit and what stands around it.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    pub quantity: Quantity,
    pub unit: Unit,
    /// Not written as such: a product, a half.
    pub computed: bool,
    pub next: usize,
    /// In how many parentheses.
    pub depth: usize,
    /// Added to what stands before.
    pub plus: bool,
    /// `sur 3 jours`.
    pub over: bool,
    pub bound: Option<End>,
}

/// The term that starts at a place.
pub fn at(tokens: &Tokens<'_>, at: usize) -> Option<Term> {
    product(tokens, at).or_else(|| between(tokens, at)).or_else(|| times_after(tokens, at))
}

/// The sum of terms that are one quantity each; none where nothing says that they add up.
pub fn sum(terms: &[&Term]) -> Option<f64> {
    let adds = terms.iter().skip(1).all(|term| term.plus);
    let numbers: Option<Vec<f64>> = terms.iter().map(|term| term.quantity.one()).collect();
    numbers.filter(|_| adds).map(|numbers| numbers.iter().sum())
}

/// The place behind `par semaine`, `/mois`, where a quantity is one of many.
pub fn rate_behind(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let per = matches!(tokens.get(at).map_or("", |token| &token.text), "par" | "/");
    let period = matches!(
        tokens.word(at + 1),
        "semaine"
            | "sem"
            | "mois"
            | "jour"
            | "j"
            | "an"
            | "annee"
            | "trimestre"
            | "seance"
            | "session"
    );
    (per && period).then_some(at + 2)
}

impl Quantity {
    fn one(self) -> Option<f64> {
        match self {
            Self::One(number) => Some(number),
            Self::Between(..) => None,
        }
    }
}

fn term(quantity: f64, unit: Unit, computed: bool, next: usize) -> Term {
    let quantity = Quantity::One(quantity);
    Term { quantity, unit, computed, next, depth: 0, plus: false, over: false, bound: None }
}

/// A number that may count something, whether it is a half in words, and the place behind it.
fn count(tokens: &Tokens<'_>, at: usize) -> Option<(f64, bool, usize)> {
    let part = |mark: &str| match mark {
        "½" => Some(0.5),
        "¼" => Some(0.25),
        "¾" => Some(0.75),
        _ => None,
    };
    if let Some(part) = part(tokens.mark(at)) {
        return Some((part, true, at + 1));
    }
    if tokens.word(at) == "demi" || tokens.word(at) == "demie" {
        return Some((0.5, true, at + 1 + usize::from(tokens.mark(at + 1) == "-")));
    }
    if let Some(next) = tokens.phrase(at, "1 / 2") {
        return Some((0.5, true, next));
    }
    if let Some(number) = number::named(tokens.word(at)) {
        let half = matches!(tokens.word(at + 1), "demi" | "demie");
        let counted = (number, false, at + 1);
        return Some(if half { count_halves(tokens, number, at + 1) } else { counted });
    }
    let found = number::at(tokens, at).filter(|found| found.hand != Hand::Unclear)?;
    if let Some(part) = part(tokens.mark(found.next)) {
        return Some((found.value + part, true, found.next + 1));
    }
    if matches!(tokens.word(found.next), "demi" | "demie") {
        return Some(count_halves(tokens, found.value, found.next));
    }
    Some((found.value, false, found.next))
}

/// `3 demi-journées`.
fn count_halves(tokens: &Tokens<'_>, number: f64, at: usize) -> (f64, bool, usize) {
    (number / 2.0, true, at + 1 + usize::from(tokens.mark(at + 1) == "-"))
}

/// The place behind a second hour of the day, in `9h30 à 17h30`; `at` is behind the first.
pub fn clock_behind(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let to = matches!(tokens.get(at).map_or("", |token| &token.text), "a" | "-");
    let second = simple(tokens, at + 1).filter(|term| to && term.unit == Unit::Hours)?;
    Some(second.next)
}

fn unit(tokens: &Tokens<'_>, at: usize) -> Option<(Unit, usize)> {
    let unit = match tokens.word(at) {
        "j" | "jr" | "jrs" | "jour" | "jours" | "journee" | "journees" => Unit::Days,
        "h" | "hr" | "hrs" | "heure" | "heures" => Unit::Hours,
        "an" | "ans" | "annee" | "annees" => Unit::Years,
        "ects" => Unit::Credits,
        "semaine" | "semaines" | "sem" | "mois" => Unit::Span,
        _ => return None,
    };
    // `jour(s)`, `2 j.`
    let plural = tokens.phrase(at + 1, "( s )").filter(|_| tokens.touches(at + 1));
    Some((unit, plural.unwrap_or(at + 1)))
}

/// A count with its unit: `2,5 j`, `1h30`, `90 min`, `2 jours et demi`.
fn simple(tokens: &Tokens<'_>, at: usize) -> Option<Term> {
    let (number, half, next) = count(tokens, at)?;
    if matches!(tokens.word(next), "min" | "mn" | "minute" | "minutes") {
        return Some(term(number / 60.0, Unit::Hours, false, next + 1));
    }
    let (unit, next) = unit(tokens, next)?;
    let minutes = tokens.digits(next);
    if unit == Unit::Hours && minutes.len() == 2 && tokens.get(next - 1)?.text == "h" {
        let minutes: f64 = minutes.parse().ok().filter(|it: &f64| *it < 60.0)?;
        let behind = next + 1 + usize::from(matches!(tokens.word(next + 1), "min" | "mn"));
        return Some(term(number + minutes / 60.0, unit, false, behind));
    }
    if tokens.word(next) == "et" && matches!(tokens.word(next + 1), "demi" | "demie") {
        return Some(term(number + 0.5, unit, true, next + 2));
    }
    Some(term(number, unit, half, next))
}

fn is_times(tokens: &Tokens<'_>, at: usize) -> bool {
    matches!(tokens.get(at).map_or("", |token| &token.text), "x" | "*" | "fois")
}

/// `2 x 3 h`, `2 fois 2 jours`, `3 modules successifs de 2 jours`.
fn product(tokens: &Tokens<'_>, at: usize) -> Option<Term> {
    let (times, _, next) = count(tokens, at)?;
    let inner = if is_times(tokens, next) {
        simple(tokens, next + 1)?
    } else if is_part(tokens.word(next)) {
        let of = (next + 1..next + 3).find(|place| tokens.word(*place) == "de")?;
        simple(tokens, of + 1)?
    } else {
        return None;
    };
    let number = inner.quantity.one()?;
    matches!(inner.unit, Unit::Hours | Unit::Days)
        .then(|| term(times * number, inner.unit, true, inner.next))
}

fn is_part(word: &str) -> bool {
    matches!(
        word.trim_end_matches('s'),
        "module"
            | "seance"
            | "session"
            | "atelier"
            | "bloc"
            | "cycle"
            | "regroupement"
            | "rencontre"
    )
}

/// `3h30 x 2`, or the count alone with its unit.
fn times_after(tokens: &Tokens<'_>, at: usize) -> Option<Term> {
    let inner = simple(tokens, at)?;
    let times = if is_times(tokens, inner.next) { count(tokens, inner.next + 1) } else { None };
    let Some((times, _, next)) = times.filter(|(_, _, next)| unit(tokens, *next).is_none()) else {
        return Some(inner);
    };
    let number = inner.quantity.one()?;
    Some(term(number * times, inner.unit, true, next))
}

/// `2 à 6 jours`, `2-3 jours`, `entre 2 et 6 jours`, `2 jours à 3 jours`.
fn between(tokens: &Tokens<'_>, at: usize) -> Option<Term> {
    let after_entre = at > 0 && tokens.word(at - 1) == "entre";
    let (least, _, next) = count(tokens, at)?;
    let unit_of_first = unit(tokens, next);
    let next = unit_of_first.map_or(next, |(_, next)| next);
    match tokens.get(next).map_or("", |token| &token.text) {
        // `9h à 17h` are hours of the day.
        "a" | "-" if unit_of_first.is_some_and(|(unit, _)| unit == Unit::Hours) => return None,
        "a" | "-" | "/" | "ou" => {}
        "et" if after_entre => {}
        _ => return None,
    }
    let last = simple(tokens, next + 1)?;
    let most = last.quantity.one()?;
    let same_unit = unit_of_first.is_none_or(|(unit, _)| unit == last.unit);
    (same_unit && least < most && matches!(last.unit, Unit::Hours | Unit::Days))
        .then_some(Term { quantity: Quantity::Between(least, most), ..last })
}
