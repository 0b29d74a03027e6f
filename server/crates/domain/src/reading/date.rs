//! One date, as precise as it was written: `2026-09-30`, `2026-09` or `2026`.

use std::sync::LazyLock;

use regex::Regex;
use time::{Date, Month};

use super::{Reading, Why};
use crate::text::fold;

/// Reads one date. Days come before months, always.
pub fn date(words: &str) -> Reading {
    static ISO: LazyLock<Regex> = LazyLock::new(|| shape(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$"));
    static DAYS: LazyLock<Regex> =
        LazyLock::new(|| shape(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$"));
    static MONTHS: LazyLock<Regex> = LazyLock::new(|| shape(r"^(\d{1,2})[/.-](\d{4})$"));
    static NAMED: LazyLock<Regex> =
        LazyLock::new(|| shape(r"^(?:le )?(?:(\d{1,2}|1er) )?([a-z]{3,9})\.? (\d{4})$"));
    let folded = fold(words);
    let number =
        |text: Option<regex::Match<'_>>| text.and_then(|it| it.as_str().parse::<i32>().ok());
    let parts = if let Some(found) = ISO.captures(&folded) {
        Some((number(found.get(1)), number(found.get(2)), number(found.get(3))))
    } else if let Some(found) = DAYS.captures(&folded) {
        Some((number(found.get(3)), number(found.get(2)), number(found.get(1))))
    } else if let Some(found) = MONTHS.captures(&folded) {
        Some((number(found.get(2)), number(found.get(1)), None))
    } else if let Some(found) = NAMED.captures(&folded) {
        let day = found.get(1).map(|day| day.as_str().trim_end_matches("er"));
        let month = month(&found[2]);
        month.map(|month| (number(found.get(3)), Some(month), day.and_then(|day| day.parse().ok())))
    } else {
        None
    };
    let Some((Some(year), month, day)) = parts else {
        return Reading::unread(words, Why::NotADate);
    };
    let short_year = year < 100;
    let year = if short_year { 2000 + year } else { year };
    let Some(iso) = written(year, month, day) else { return Reading::unread(words, Why::NotADate) };
    let reading = Reading::sure(iso.as_str());
    let reading = if iso == words { reading } else { reading.keeping(words) };
    if short_year { reading.doubting(Why::AmbiguousDate, words) } else { reading }
}

fn shape(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a fixed pattern")
}

fn written(year: i32, month: Option<i32>, day: Option<i32>) -> Option<String> {
    // The inventory speaks of courses, not of history.
    if !(1900..=2200).contains(&year) {
        return None;
    }
    let part = |number: i32| u8::try_from(number).ok();
    match (month, day) {
        (None, _) => Some(format!("{year}")),
        (Some(month), None) => {
            Month::try_from(part(month)?).ok()?;
            Some(format!("{year}-{month:02}"))
        }
        (Some(month), Some(day)) => {
            let named = Month::try_from(part(month)?).ok()?;
            Date::from_calendar_date(year, named, part(day)?).ok()?;
            Some(format!("{year}-{month:02}-{day:02}"))
        }
    }
}

/// The month that a folded name or its usual short form means.
fn month(name: &str) -> Option<i32> {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::Plain;

    #[test]
    fn dates_are_read_as_precisely_as_they_are_written() {
        for (words, iso) in [
            ("12/03/2025", "2025-03-12"),
            ("16.09.2021", "2021-09-16"),
            ("03/2025", "2025-03"),
            ("mars 2025", "2025-03"),
            ("1er sept. 2026", "2026-09-01"),
            ("le 3 Août 2026", "2026-08-03"),
            ("2026", "2026"),
        ] {
            assert_eq!(date(words).value, iso.into(), "{words}");
        }
        assert_eq!(date("2026-09-30"), Reading::sure("2026-09-30"));
        assert_eq!(date("12/3/25").doubts[0].why, Why::AmbiguousDate);
    }

    #[test]
    fn days_that_do_not_exist_and_dates_without_a_year_are_not_guessed() {
        for words in ["31/02/2025", "28 et 29 septembre", "automne 2025", "25 mars", "13/2025"] {
            assert_eq!(date(words), Reading::unread(words, Why::NotADate), "{words}");
        }
    }

    proptest! {
        #[test]
        fn reading_never_fails(words in "\\PC*|[0-9/. a-zé-]*") {
            date(&words);
        }

        #[test]
        fn a_date_that_we_wrote_is_read_back(year in 1900..2200i32, month in 1..13i32, day in 1..29i32) {
            let iso = format!("{year}-{month:02}-{day:02}");
            prop_assert_eq!(date(&iso).value, Plain::from(iso));
        }
    }
}
