//! The hours of a place. What people read and type is the time on their wall, with its summer and winter;
//! what is kept is UTC.

use std::fmt;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use tablee_domain::ids::Timestamp;

use super::{Locale, date};

/// A time zone by its name in the IANA list, such as `Europe/Paris`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

/// A name that is in no list of time zones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time zone: write one such as `Europe/Paris`")]
pub struct NoSuchZone(String);

impl Zone {
    /// A moment as the clocks of the place show it.
    fn on_the_wall(&self, at: Timestamp) -> Option<DateTime> {
        let at = jiff::Timestamp::from_millisecond(at.get()).ok()?;
        Some(at.to_zoned(self.0.clone()).datetime())
    }

    /// The day of a moment, as `2026-09-30`.
    pub fn day(&self, at: Timestamp) -> String {
        self.on_the_wall(at).map(|wall| wall.date().to_string()).unwrap_or_default()
    }

    /// Whether it is a Monday there.
    pub fn is_monday(&self, at: Timestamp) -> bool {
        let wall = self.on_the_wall(at);
        wall.is_some_and(|wall| wall.weekday() == jiff::civil::Weekday::Monday)
    }

    /// The hour of a moment: "14 h 05", "14:05".
    pub fn hour(&self, locale: Locale, at: Timestamp) -> String {
        let Some(wall) = self.on_the_wall(at) else { return String::new() };
        let (hour, minute) = (wall.hour(), wall.minute());
        match locale {
            Locale::Fr => format!("{hour}\u{a0}h\u{a0}{minute:02}"),
            Locale::En => format!("{hour:02}:{minute:02}"),
        }
    }

    /// Day and hour of a moment, in words.
    pub fn moment(&self, locale: Locale, at: Timestamp) -> String {
        let (day, hour) = (date(locale, &self.day(at)), self.hour(locale, at));
        super::t(locale, "moment.at", &[("day", &day), ("hour", &hour)]).into_owned()
    }

    /// A moment as a field of a form holds it: `2026-09-30T14:05`.
    pub fn field(&self, at: Timestamp) -> String {
        self.on_the_wall(at)
            .map(|wall| wall.strftime("%Y-%m-%dT%H:%M").to_string())
            .unwrap_or_default()
    }

    /// The moment at which a day (`2026-09-30`) begins here.
    pub fn begins(&self, day: &str) -> Option<Timestamp> {
        let day: jiff::civil::Date = exactly(day, 10)?;
        Some(Timestamp(day.to_zoned(self.0.clone()).ok()?.timestamp().as_millisecond()))
    }

    /// The moment at which the day after begins: the end of a day, which does not belong to it.
    pub fn ends(&self, day: &str) -> Option<Timestamp> {
        let day: jiff::civil::Date = exactly(day, 10)?;
        let next = day.tomorrow().ok()?.to_zoned(self.0.clone()).ok()?;
        Some(Timestamp(next.timestamp().as_millisecond()))
    }

    /// The moment that a field of a form says (`2026-09-30T14:05`, with seconds or without). An hour that
    /// comes twice in the year is the first of the two; one that never comes is taken an hour later.
    pub fn said(&self, field: &str) -> Option<Timestamp> {
        let wall: DateTime = exactly(field, 16).or_else(|| exactly(field, 19))?;
        let zoned = self.0.to_ambiguous_zoned(wall).compatible().ok()?;
        Some(Timestamp(zoned.timestamp().as_millisecond()))
    }
}

/// What a form sends has one length; the library takes more than that.
fn exactly<T: std::str::FromStr>(text: &str, length: usize) -> Option<T> {
    (text.len() == length).then(|| text.parse().ok())?
}

impl Default for Zone {
    fn default() -> Self {
        Self::try_from("Europe/Paris".to_owned()).expect("the list of zones is in the program")
    }
}

impl TryFrom<String> for Zone {
    type Error = NoSuchZone;
    fn try_from(name: String) -> Result<Self, NoSuchZone> {
        TimeZone::get(&name).map(Self).map_err(|_| NoSuchZone(name))
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.to_string()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-11-22T23:30:00Z and 2026-07-14T22:30:00Z
    const WINTER: Timestamp = Timestamp(1_795_390_200_000);
    const SUMMER: Timestamp = Timestamp(1_784_068_200_000);

    #[test]
    fn a_late_evening_of_utc_is_already_tomorrow_in_paris() {
        let paris = Zone::default();

        assert_eq!(paris.day(WINTER), "2026-11-23");
        assert_eq!(paris.hour(Locale::Fr, WINTER), "0\u{a0}h\u{a0}30");
        assert_eq!(paris.hour(Locale::En, SUMMER), "00:30");
        assert_eq!(paris.moment(Locale::Fr, SUMMER), "15 juillet 2026 à 0\u{a0}h\u{a0}30");
    }

    #[test]
    fn what_is_typed_is_the_moment_that_is_shown() {
        let paris = Zone::default();

        for at in [WINTER, SUMMER] {
            assert_eq!(paris.said(&paris.field(at)), Some(at));
        }
        assert_eq!(paris.begins("2026-11-23"), Some(Timestamp(1_795_388_400_000)));
        assert_eq!(paris.ends("2026-11-22"), paris.begins("2026-11-23"));
    }

    #[test]
    fn the_two_odd_hours_of_the_year_are_moments_too() {
        let paris = Zone::default();

        // Summer begins: 02:30 never comes. It ends: 02:30 comes twice.
        assert_eq!(paris.said("2026-03-29T02:30"), paris.said("2026-03-29T03:30"));
        let first = paris.said("2026-10-25T02:30").unwrap();
        assert_eq!(paris.said("2026-10-25T03:30").unwrap().get() - first.get(), 2 * 3_600_000);
    }

    #[test]
    fn what_is_no_day_is_none() {
        let paris = Zone::default();

        for odd in ["", "2026", "2026-13-01", "demain", "2026-11-22T25:00", "2026-11-22[UTC]"] {
            assert_eq!((paris.begins(odd), paris.said(odd)), (None, None), "{odd}");
        }
        assert!(Zone::try_from("Paris".to_owned()).is_err());
    }
}
