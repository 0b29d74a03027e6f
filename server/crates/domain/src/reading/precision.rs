//! How much of the words a value says.

use super::{Reading, Why};
use crate::table::{Kind, Plain};

/// How much of the words a value says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// No value was read.
    None,
    /// The value says what the words say.
    Exact,
    /// Some words are not in the value; they are kept.
    Part,
    /// The words say `environ`, `au moins`, or two ends.
    Approximate,
    /// The number does not stand in the words: it was added up or multiplied from what does.
    Computed,
    /// To the day.
    Day,
    /// To the month.
    Month,
    /// To the year.
    Year,
}

impl Precision {
    /// Its stable key.
    pub fn key(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Exact => "exact",
            Self::Part => "part",
            Self::Approximate => "approximate",
            Self::Computed => "computed",
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// The precision of a reading of a kind. Dates are as precise as their vaguest end.
    pub fn of(kind: Kind, reading: &Reading) -> Self {
        if reading.value.is_empty() {
            return Self::None;
        }
        let of_dates = match (kind, &reading.value) {
            (Kind::Date, Plain::Text(date)) => Some(Self::of_date(date)),
            (Kind::Sessions, Plain::List(sessions)) => {
                sessions.iter().filter_map(Self::of_session).max()
            }
            _ => None,
        };
        let doubted = |why: Why| reading.doubts.iter().any(|doubt| doubt.why == why);
        match of_dates {
            Some(precision) => precision,
            _ if doubted(Why::Computed) => Self::Computed,
            _ if [Why::Approximate, Why::Bound, Why::Range].into_iter().any(doubted) => {
                Self::Approximate
            }
            _ if [Why::UnknownWords, Why::NoAmount, Why::PlaceInWords].into_iter().any(doubted) => {
                Self::Part
            }
            _ => Self::Exact,
        }
    }

    fn of_session(session: &Plain) -> Option<Self> {
        let session = session.as_map()?;
        let dates = ["debut", "fin"].into_iter().filter_map(|key| session.get(key)?.as_text());
        dates.map(Self::of_date).max()
    }

    fn of_date(date: &str) -> Self {
        match date.len() {
            4 => Self::Year,
            7 => Self::Month,
            _ => Self::Day,
        }
    }
}
