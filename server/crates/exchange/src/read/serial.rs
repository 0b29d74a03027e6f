//! Serial numbers of days, as spreadsheets keep dates.

use time::{Date, Duration, Month, PrimitiveDateTime, Time};

/// From which day a workbook counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayZero {
    /// Day 1 is 1 January 1900, and day 60 a 29 February that never was.
    Of1900,
    /// Day 0 is 1 January 1904: workbooks born on a Macintosh.
    Of1904,
}

/// The first serial that all spreadsheets read alike: 1 March 1900. Below, Excel counts a leap day that
/// never was and others do not.
const FIRST_SURE: f64 = 61.0;
const LAST_DAY: i64 = 2_958_465;
const MACINTOSH_DAYS: f64 = 1_462.0;

/// The day and time that a serial means; none where spreadsheets disagree or have no day.
pub(super) fn moment(serial: f64, zero: DayZero) -> Option<PrimitiveDateTime> {
    let serial = match zero {
        DayZero::Of1900 => serial,
        DayZero::Of1904 => serial + MACINTOSH_DAYS,
    };
    if !serial.is_finite() || serial < FIRST_SURE {
        return None;
    }
    // Rounded to seconds: 14:00 is kept as 0.583333….
    let seconds = (serial * 86_400.0).round();
    let (days, second) = ((seconds / 86_400.0).floor() as i64, seconds.rem_euclid(86_400.0) as i64);
    if days > LAST_DAY {
        return None;
    }
    let origin = Date::from_calendar_date(1899, Month::December, 30).ok()?;
    let day = origin.checked_add(Duration::days(days))?;
    Some(PrimitiveDateTime::new(day, Time::MIDNIGHT) + Duration::seconds(second))
}

/// The time of day that the fraction of a serial means.
pub(super) fn time_of_day(serial: f64) -> Option<Time> {
    if !(0.0..1.0).contains(&serial) {
        return None;
    }
    let second = (serial * 86_400.0).round() as i64 % 86_400;
    Some(Time::MIDNIGHT + Duration::seconds(second))
}

/// `2025-03-12`.
pub(super) fn iso_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// `14:00`, or `14:00:05` where seconds count.
pub(super) fn iso_time(time: Time) -> String {
    match time.second() {
        0 => format!("{:02}:{:02}", time.hour(), time.minute()),
        second => format!("{:02}:{:02}:{second:02}", time.hour(), time.minute()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(serial: f64, zero: DayZero) -> Option<String> {
        moment(serial, zero).map(|moment| iso_date(moment.date()))
    }

    #[test]
    fn a_day_is_the_same_in_both_calendars() {
        assert_eq!(day(45_728.0, DayZero::Of1900).as_deref(), Some("2025-03-12"));
        assert_eq!(day(44_266.0, DayZero::Of1904).as_deref(), Some("2025-03-12"));
    }

    #[test]
    fn the_days_on_which_spreadsheets_disagree_are_no_dates() {
        assert_eq!(day(61.0, DayZero::Of1900).as_deref(), Some("1900-03-01"));
        for serial in [60.0, 1.0, 0.0, -1.0, f64::NAN, f64::INFINITY, 2_958_466.0, 1e300] {
            assert_eq!(day(serial, DayZero::Of1900), None, "{serial}");
        }
    }

    #[test]
    fn hours_are_rounded_to_what_was_typed() {
        let at_two = moment(45_728.0 + 14.0 / 24.0, DayZero::Of1900).unwrap();

        assert_eq!(iso_time(at_two.time()), "14:00");
        assert_eq!(time_of_day(0.395_833_333_333_333_3).map(iso_time).as_deref(), Some("09:30"));
        assert_eq!(time_of_day(1.5), None);
    }
}
