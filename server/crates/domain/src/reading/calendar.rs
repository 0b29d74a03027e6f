//! Days of the calendar, and the names of months and week days.

use time::{Date, Month};

/// A moment as precisely as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// The year, in four digits.
    pub year: Option<i32>,
    /// The month, from 1.
    pub month: Option<i32>,
    /// The day of the month.
    pub day: Option<i32>,
    /// The year was written with two digits.
    pub short_year: bool,
}

impl Moment {
    /// `2026-09-30`, `2026-09` or `2026`; none where the year is missing or the day does not exist.
    pub fn iso(self) -> Option<String> {
        // The inventory speaks of courses, not of history.
        let year = self.year.filter(|year| (1900..=2200).contains(year))?;
        match (self.month, self.day) {
            (None, None) => Some(format!("{year}")),
            (Some(month), None) => (1..=12).contains(&month).then(|| format!("{year}-{month:02}")),
            (Some(_), Some(_)) => self.day_number().and_then(iso_of_day),
            (None, Some(_)) => None,
        }
    }

    /// The number of its day in a count without gaps.
    pub fn day_number(self) -> Option<i32> {
        let month = Month::try_from(u8::try_from(self.month?).ok()?).ok()?;
        let day = u8::try_from(self.day?).ok()?;
        Date::from_calendar_date(self.year?, month, day).ok().map(Date::to_julian_day)
    }

    /// Whether such a day or month can exist in some year.
    pub fn can_exist(self) -> bool {
        Self { year: self.year.or(Some(2024)), ..self }.iso().is_some()
    }
}

/// The day of a number in the count of [`Moment::day_number`].
pub fn iso_of_day(number: i32) -> Option<String> {
    let date = Date::from_julian_day(number).ok()?;
    Some(format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()))
}

/// The day that a spreadsheet means by a number, in the system that starts in 1900.
pub fn iso_of_serial(serial: i32) -> Option<String> {
    // Day 0 is 30 December 1899, because the system believes in a 29 February 1900.
    const DAY_ZERO: i32 = 2_415_019;
    iso_of_day(DAY_ZERO.checked_add(serial)?)
}

/// The month that a folded name or its usual short form means.
pub fn month(name: &str) -> Option<i32> {
    const NAMES: [&str; 12] = [
        "janvier",
        "fevrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "aout",
        "septembre",
        "octobre",
        "novembre",
        "decembre",
    ];
    let is_short = |full: &str| name.len() >= 3 && full.starts_with(name) && name != "jui";
    NAMES.iter().position(|full| is_short(full)).and_then(|at| i32::try_from(at + 1).ok())
}

/// Whether a folded word names a day of the week.
pub fn is_week_day(word: &str) -> bool {
    const NAMES: [&str; 14] = [
        "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mer",
        "jeu", "ven", "sam", "dim", "lundis",
    ];
    NAMES.contains(&word) || word.strip_suffix('s').is_some_and(|one| NAMES.contains(&one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_a_spreadsheet_is_the_day_that_it_shows() {
        assert_eq!(iso_of_serial(45728).as_deref(), Some("2025-03-12"));
    }
}
