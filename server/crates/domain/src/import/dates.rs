//! Dates among other words: `4 jours (25, 26, 27, 28 mars 2025)`.

use crate::reading::calendar::month;
use crate::reading::token::{Tokens, items_of};
use crate::reading::{Doubt, Reading, Why, duration, session};
use crate::table::Plain;

/// The sessions that words about a duration name, and the doubt about them. Of days without a year, the
/// words are the session.
pub fn sessions_in(words: &str) -> Option<(Plain, Option<Doubt>)> {
    let parts = Parts::of(words);
    let mut told = parts.widest_first().filter(|part| has_form_of_date(part));
    let whole = told.find_map(|part| {
        let reading = session::sessions(part);
        says_it_all(&reading).then_some(reading)
    });
    if let Some(reading) = whole {
        return Some((reading.value, None));
    }
    let dated = parts.narrowest_first().filter(|part| has_form_of_date(part)).find_map(|part| {
        let reading = session::sessions(part);
        (has_dates(&reading) && !vague(&reading)).then_some(reading)
    });
    if let Some(reading) = dated {
        return Some((reading.value, None));
    }
    let day = parts.without_durations();
    if !names_a_day(day) {
        return None;
    }
    let item = Plain::Map([("texte".to_owned(), day.into())].into());
    let doubt = Doubt { why: Why::YearUnknown, words: day.to_owned() };
    Some((Plain::List(vec![item]), Some(doubt)))
}

/// `une semaine par mois`, where it stands between commas or alone.
pub fn pace(words: &str) -> Option<&str> {
    const COUNTED: [&str; 8] =
        ["jour", "jours", "journee", "journees", "semaine", "semaines", "week", "soiree"];
    const EACH: [&str; 4] = ["semaine", "mois", "trimestre", "an"];
    items_of(words, &[",", ";", "\n"]).into_iter().find(|part| {
        let tokens = Tokens::of(part);
        let counted =
            !tokens.digits(0).is_empty() || matches!(tokens.word(0), "un" | "une" | "deux");
        tokens.len() == 4
            && counted
            && COUNTED.contains(&tokens.word(1))
            && tokens.word(2) == "par"
            && EACH.contains(&tokens.word(3))
    })
}

/// The parts of words in which dates may stand.
struct Parts<'w> {
    whole: &'w str,
    /// What stands in parentheses and between them.
    stretches: Vec<&'w str>,
    /// What stands behind a colon.
    behind_colons: Vec<&'w str>,
    /// What stands between commas, where no other part between commas has a date.
    between_commas: Vec<&'w str>,
}

impl<'w> Parts<'w> {
    fn of(whole: &'w str) -> Self {
        let stretches = stretches(whole);
        let behind_colon = |part: &&'w str| part.split_once(": ").map(|(_, behind)| behind.trim());
        let behind_colons: Vec<&str> = stretches.iter().filter_map(behind_colon).collect();
        let mut between_commas = Vec::new();
        for part in stretches.iter().chain(&behind_colons) {
            let dated = part.split(',').map(str::trim).filter(|it| has_form_of_date(it));
            let dated: Vec<&str> = dated.collect();
            if let [only] = dated.as_slice() {
                between_commas.push(*only);
            }
        }
        Self { whole, stretches, behind_colons, between_commas }
    }

    fn widest_first(&self) -> impl Iterator<Item = &'w str> + '_ {
        let parts = self.stretches.iter().chain(&self.behind_colons).chain(&self.between_commas);
        [self.whole].into_iter().chain(parts.copied())
    }

    fn narrowest_first(&self) -> impl Iterator<Item = &'w str> + '_ {
        let parts = self.between_commas.iter().chain(&self.behind_colons).chain(&self.stretches);
        parts.copied().chain([self.whole])
    }

    /// The one stretch that says no duration; the whole, where several do.
    fn without_durations(&self) -> &'w str {
        let is_duration =
            |part: &&&str| duration::duration(part).value.is_empty() || names_a_day(part);
        let mut others = self.stretches.iter().filter(is_duration);
        match (others.next(), others.next()) {
            (Some(only), None) => only,
            _ => self.whole,
        }
    }
}

fn stretches(words: &str) -> Vec<&str> {
    let tokens = Tokens::of(words);
    let (mut stretches, mut from, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        if let Some(close) = tokens.closing(at) {
            stretches.extend([tokens.slice(from, at), tokens.slice(at + 1, close)]);
            (from, at) = (close + 1, close);
        }
        at += 1;
    }
    stretches.push(tokens.slice(from, tokens.len()));
    stretches.retain(|stretch| !stretch.is_empty());
    stretches
}

/// A month by its name, `17/09/2025`, `2012/2013`: other figures are not about days.
fn has_form_of_date(part: &str) -> bool {
    let tokens = Tokens::of(part);
    let parted = |at: usize| matches!(tokens.mark(at), "/" | "." | "-");
    (0..tokens.len()).any(|at| {
        let year = |at: usize| tokens.digits(at).len() == 4;
        let figures = !tokens.digits(at).is_empty() && parted(at + 1);
        let day = figures && !tokens.digits(at + 2).is_empty() && parted(at + 3);
        month(tokens.word(at)).is_some()
            || day && !tokens.digits(at + 4).is_empty()
            || figures && year(at + 2) && (year(at) || tokens.digits(at).len() <= 2)
    })
}

/// `28 septembre`: a day of a month.
fn names_a_day(part: &str) -> bool {
    let tokens = Tokens::of(part);
    (0..tokens.len()).any(|at| {
        (1..=2).contains(&tokens.digits(at).len()) && month(tokens.word(at + 1)).is_some()
    })
}

fn items(reading: &Reading) -> impl Iterator<Item = &std::collections::BTreeMap<String, Plain>> {
    let list = if let Plain::List(items) = &reading.value { items.as_slice() } else { &[] };
    list.iter().filter_map(Plain::as_map)
}

fn has_dates(reading: &Reading) -> bool {
    items(reading).count() > 0
        && items(reading).all(|item| item.contains_key("debut") || item.contains_key("fin"))
        && reading.doubts.iter().all(|doubt| doubt.why != Why::SerialDate)
}

/// Nothing but a year.
fn vague(reading: &Reading) -> bool {
    items(reading).any(|item| item.get("precision").and_then(Plain::as_text) == Some("annee"))
}

/// The dates and what belongs to them are all that the words say.
fn says_it_all(reading: &Reading) -> bool {
    has_dates(reading)
        && items(reading).all(|item| !item.contains_key("texte"))
        && reading.doubts.iter().all(|doubt| doubt.why != Why::RemarkKept)
}
