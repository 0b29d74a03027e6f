//! The sessions of an offer in time: which are past, which come next, which are known to the day.
//!
//! A session may be known to the day, the month or the year. It is past once the last day that it may mean is.

use std::collections::BTreeMap;

use time::{Date, Duration, Month};

use crate::ids::Timestamp;
use crate::table::{Plain, Row};

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// The day of a moment, at Greenwich.
    pub fn of(at: Timestamp) -> Self {
        let seconds = at.get().div_euclid(1000);
        let at = time::OffsetDateTime::from_unix_timestamp(seconds);
        Self(at.map_or(Date::MIN, time::OffsetDateTime::date))
    }

    /// The first day that `2026-09-30`, `2026-09` or `2026` may mean.
    pub fn first_of(written: &str) -> Option<Self> {
        let (year, month, day) = parts(written)?;
        let month = month.unwrap_or(Month::January);
        Date::from_calendar_date(year, month, day.unwrap_or(1)).ok().map(Self)
    }

    /// The last day that it may mean.
    pub fn last_of(written: &str) -> Option<Self> {
        let (year, month, day) = parts(written)?;
        let month = month.unwrap_or(Month::December);
        let day = day.unwrap_or_else(|| month.length(year));
        Date::from_calendar_date(year, month, day).ok().map(Self)
    }

    /// The day so many months before; the last of its month where that month is shorter.
    #[must_use]
    pub fn months_before(self, months: u32) -> Self {
        let all = self.0.year() * 12 + i32::from(u8::from(self.0.month())) - 1;
        let all = all.saturating_sub(i32::try_from(months).unwrap_or(i32::MAX));
        let month =
            u8::try_from(all.rem_euclid(12) + 1).ok().and_then(|it| Month::try_from(it).ok());
        let (year, month) = (all.div_euclid(12), month.unwrap_or(Month::January));
        let day = self.0.day().min(month.length(year));
        Self(Date::from_calendar_date(year, month, day).unwrap_or(Date::MIN))
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add(Duration::DAY).unwrap_or(Date::MAX))
    }

    /// The moment at which it begins.
    pub fn begins(self) -> Timestamp {
        Timestamp(self.0.midnight().assume_utc().unix_timestamp().saturating_mul(1000))
    }

    /// How many days it lies after another.
    pub fn days_since(self, other: Self) -> i64 {
        (self.0 - other.0).whole_days()
    }

    /// `2026-09-30`.
    pub fn iso(self) -> String {
        let date = self.0;
        format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
    }

    /// `20260930`.
    pub fn basic(self) -> String {
        self.iso().replace('-', "")
    }
}

/// The year, and the month and the day as far as they are written.
fn parts(written: &str) -> Option<(i32, Option<Month>, Option<u8>)> {
    let mut parts = written.split('-');
    let year = digits(parts.next()?, 4)?;
    let Some(month) = parts.next() else { return Some((year, None, None)) };
    let month = Month::try_from(digits::<u8>(month, 2)?).ok()?;
    let Some(day) = parts.next() else { return Some((year, Some(month), None)) };
    let day = digits(day, 2)?;
    parts.next().is_none().then_some((year, Some(month), Some(day)))
}

fn digits<N: std::str::FromStr>(text: &str, length: usize) -> Option<N> {
    let is_number = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

/// When a session takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// The first day it may mean.
    pub first: Day,
    /// The last day it may mean.
    pub last: Day,
    /// Both are known to the day.
    pub to_the_day: bool,
}

/// One session of an offer.
#[derive(Debug, Clone)]
pub struct Session<'a> {
    /// Its id within the cell: stable while it is edited.
    pub id: &'a str,
    /// What is known of it.
    pub item: &'a BTreeMap<String, Plain>,
    /// When it takes place, where that is known.
    pub dates: Option<Dates>,
}

impl<'a> Session<'a> {
    fn of(id: &'a str, item: &'a BTreeMap<String, Plain>) -> Self {
        Self { id, item, dates: dates(item) }
    }

    /// One of its words; empty where it has none.
    pub fn word(&self, key: &str) -> &'a str {
        self.item.get(key).and_then(Plain::as_text).unwrap_or_default()
    }

    /// Whether it will not take place as written.
    pub fn is_called_off(&self) -> bool {
        matches!(self.word("etat_recrutement"), "annulée" | "reportée")
    }

    /// Whether it is not over yet and will take place.
    pub fn is_to_come(&self, today: Day) -> bool {
        !self.is_called_off() && self.dates.is_some_and(|dates| dates.last >= today)
    }

    /// Whether it is over.
    pub fn is_past(&self, today: Day) -> bool {
        self.dates.is_some_and(|dates| dates.last < today)
    }

    /// Its separate days, where they do not follow each other and all of them are known.
    pub fn days(&self) -> Vec<Day> {
        let Some(Plain::List(days)) = self.item.get("jours") else { return Vec::new() };
        let known = days.iter().map(|day| {
            let written = day.as_text().filter(|written| written.len() == 10)?;
            Day::first_of(written)
        });
        known.collect::<Option<Vec<Day>>>().unwrap_or_default()
    }
}

fn dates(item: &BTreeMap<String, Plain>) -> Option<Dates> {
    let word = |key: &str| item.get(key).and_then(Plain::as_text).unwrap_or_default();
    let (from, to) = (word("debut"), word("fin"));
    let begin = if from.is_empty() { to } else { from };
    let end = if to.is_empty() { from } else { to };
    let (first, last) = (Day::first_of(begin)?, Day::last_of(end)?);
    // Ends that stand the wrong way round are a slip of the hand: both days are meant.
    let (first, last) =
        if first <= last { (first, last) } else { (Day::first_of(end)?, Day::last_of(begin)?) };
    Some(Dates { first, last, to_the_day: begin.len() == 10 && end.len() == 10 })
}

/// The sessions of an offer in the order of their beginnings, those without a date last.
pub fn sessions(row: &Row) -> Vec<Session<'_>> {
    let Some(items) = row.cell("sessions").as_map() else { return Vec::new() };
    let known = items.iter().filter_map(|(id, item)| Some(Session::of(id, item.as_map()?)));
    let mut sessions: Vec<Session<'_>> = known.collect();
    sessions.sort_by(|a, b| {
        let begin = |session: &Session<'_>| session.dates.map(|dates| (dates.first, dates.last));
        let (one, other) = (begin(a), begin(b));
        one.is_none().cmp(&other.is_none()).then(one.cmp(&other)).then(a.id.cmp(b.id))
    });
    sessions
}

/// The session that begins next, or runs now.
pub fn next(row: &Row, today: Day) -> Option<Session<'_>> {
    sessions(row).into_iter().find(|session| session.is_to_come(today))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ColumnId, RowId};

    fn row(sessions: &[(&str, &[(&str, &str)])]) -> Row {
        let item = |parts: &[(&str, &str)]| {
            let parts = parts.iter().map(|(key, word)| ((*key).to_owned(), Plain::from(*word)));
            Plain::Map(parts.collect())
        };
        let items = sessions.iter().map(|(id, parts)| ((*id).to_owned(), item(parts)));
        Row {
            id: RowId::new("r").unwrap(),
            cells: [(ColumnId::new("sessions").unwrap(), Plain::Map(items.collect()))].into(),
            said: BTreeMap::new(),
            order: String::new(),
            deleted: false,
        }
    }

    fn day(iso: &str) -> Day {
        Day::first_of(iso).unwrap()
    }

    #[test]
    fn a_session_known_to_the_month_is_not_past_before_the_month_is() {
        let row = row(&[("a", &[("debut", "2026-11")])]);

        assert!(next(&row, day("2026-11-30")).is_some());
        assert!(next(&row, day("2026-12-01")).is_none());
        assert!(!sessions(&row)[0].dates.unwrap().to_the_day);
    }

    #[test]
    fn the_next_session_is_the_one_that_runs_or_begins_first_and_takes_place() {
        let row = row(&[
            ("a", &[("debut", "2027-03-01")]),
            ("b", &[("debut", "2026-12-01"), ("etat_recrutement", "annulée")]),
            ("c", &[("debut", "2026-11-20"), ("fin", "2026-11-24")]),
            ("d", &[("debut", "2020-01-01")]),
            ("e", &[("texte", "bientôt")]),
        ]);

        assert_eq!(next(&row, day("2026-11-22")).unwrap().id, "c");
        assert_eq!(next(&row, day("2026-11-25")).unwrap().id, "a");
        let order: Vec<&str> = sessions(&row).iter().map(|session| session.id).collect();
        assert_eq!(order, ["d", "c", "b", "a", "e"]);
    }

    #[test]
    fn ends_that_stand_the_wrong_way_round_are_both_meant() {
        let row = row(&[("a", &[("debut", "2026-11-24"), ("fin", "2026-11-20")])]);

        let dates = sessions(&row)[0].dates.unwrap();
        assert_eq!(
            (dates.first.iso(), dates.last.iso()),
            ("2026-11-20".into(), "2026-11-24".into())
        );
    }

    #[test]
    fn months_are_counted_back_over_years_and_short_months() {
        assert_eq!(day("2026-03-31").months_before(1).iso(), "2026-02-28");
        assert_eq!(day("2026-01-15").months_before(12).iso(), "2025-01-15");
        assert_eq!(day("2026-12-31").next().iso(), "2027-01-01");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for odd in ["", "2026-13", "2026-02-30", "26", "2026-1-1", "2026-09-30-1", "+026"] {
            assert_eq!(Day::first_of(odd), None, "{odd}");
            assert_eq!(Day::last_of(odd), None, "{odd}");
        }
    }
}
