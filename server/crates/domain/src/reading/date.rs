//! One date, as precise as it was written: `2026-09-30`, `2026-09` or `2026`.

use super::calendar::{Moment, iso_of_serial};
use super::moment::{Atom, pieces};
use super::token::Tokens;
use super::{Reading, Why};

/// Reads one date. Days come before months, always; a year that is not written is not known.
pub fn date(words: &str) -> Reading {
    if let Some(iso) = serial(words) {
        return Reading::sure(iso.as_str()).doubting(Why::SerialDate, words).keeping(words);
    }
    match only_moment(words) {
        Err(why) => Reading::unread(words, why),
        Ok((moment, iso)) => {
            let reading = Reading::sure(iso.as_str());
            let reading = if iso == words { reading } else { reading.keeping(words) };
            if moment.short_year { reading.doubting(Why::AmbiguousDate, words) } else { reading }
        }
    }
}

/// The date that a spreadsheet shows as a number (domain reference, variant 59).
pub fn serial(words: &str) -> Option<String> {
    let number = if words.len() == 5 { words.parse().ok() } else { None };
    // From 1982 to 2064: other numbers of five digits are none.
    number.filter(|number| (30_000..60_000).contains(number)).and_then(iso_of_serial)
}

fn only_moment(words: &str) -> Result<(Moment, String), Why> {
    let tokens = Tokens::of(words);
    let (mut moments, mut several, mut period) = (Vec::new(), false, false);
    for piece in pieces(&tokens) {
        match piece.atom {
            Atom::Moment(moment) => moments.push(moment),
            Atom::Filler => {}
            Atom::Until | Atom::UpTo | Atom::And => several = true,
            Atom::Period | Atom::SchoolYear(_) => period = true,
            _ => return Err(Why::NotADate),
        }
    }
    let has_year = moments.iter().any(|moment| moment.year.is_some());
    match moments.as_slice() {
        [] if !period => Err(Why::NotADate),
        _ if period => Err(Why::Period),
        _ if !has_year && moments.iter().all(|moment| moment.month.is_none()) => Err(Why::NotADate),
        _ if !has_year => Err(Why::YearUnknown),
        [moment] if !several => moment.iso().map(|iso| (*moment, iso)).ok_or(Why::NotADate),
        _ => Err(Why::Range),
    }
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
        for (words, why) in [
            ("31/02/2025", Why::NotADate),
            ("13/2025", Why::NotADate),
            ("28 et 29 septembre", Why::YearUnknown),
            ("25 mars", Why::YearUnknown),
            ("automne 2025", Why::Period),
        ] {
            assert_eq!(date(words), Reading::unread(words, why), "{words}");
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
