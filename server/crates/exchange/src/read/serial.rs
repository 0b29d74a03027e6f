//! Serial numbers of days, as spreadsheets keep dates.

use time::macros::{date, format_description};
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
const FIRST_SURE_DAY: Date = date!(1900 - 03 - 01);
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

/// A moment that a file keeps as text (`2025-03-12T14:30:00`): as French people write it, and in short.
pub(super) fn iso_moment(text: &str) -> Option<(String, String)> {
    let (day, clock) = text.trim().split_once('T').unwrap_or((text.trim(), ""));
    let day = Date::parse(day, format_description!("[year]-[month]-[day]")).ok()?;
    // Below, spreadsheets disagree about what a day is.
    if day < FIRST_SURE_DAY {
        return None;
    }
    let french = format!("{:02}/{:02}/{:04}", day.day(), u8::from(day.month()), day.year());
    let clock = clock.trim_end_matches('Z').split('.').next().unwrap_or_default();
    let time = match clock {
        "" => Time::MIDNIGHT,
        clock => Time::parse(clock, format_description!("[hour]:[minute]:[second]"))
            .or_else(|_| Time::parse(clock, format_description!("[hour]:[minute]")))
            .ok()?,
    };
    if time == Time::MIDNIGHT {
        return Some((french, iso_date(day)));
    }
    let time = iso_time(time);
    Some((format!("{french} {time}"), format!("{}T{time}", iso_date(day))))
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
    fn a_date_kept_as_text_reads_as_a_date() {
        let read = |text| {
            let (shown, date) = iso_moment(text)?;
            Some(format!("{shown} | {date}"))
        };

        assert_eq!(read("2025-03-12T00:00:00").as_deref(), Some("12/03/2025 | 2025-03-12"));
        assert_eq!(read("2025-03-12").as_deref(), Some("12/03/2025 | 2025-03-12"));
        assert_eq!(
            read("2025-03-12T14:30:00.000000000").as_deref(),
            Some("12/03/2025 14:30 | 2025-03-12T14:30")
        );
        for odd in ["", "2025-13-01", "1899-12-30", "le 12", "2025-03-12T99:00:00"] {
            assert_eq!(read(odd), None, "{odd}");
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
