//! Dates as each language writes them. A date may be a day, a month or a year: what is not known is not said.

use tablee_domain::ids::Timestamp;

use super::{Locale, t, tn};

/// `2026-09-30`, `2026-09` or `2026` in words; anything else as it stands.
pub fn date(locale: Locale, written: &str) -> String {
    in_words(locale, written).unwrap_or_else(|| written.to_owned())
}

/// The day of a moment, in words. Days are those of UTC: what is said is when, not at what hour.
pub fn day(locale: Locale, at: Timestamp) -> String {
    let Some(day) = day_of(at) else { return String::new() };
    date(locale, &format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day()))
}

fn day_of(at: Timestamp) -> Option<time::Date> {
    Some(time::OffsetDateTime::from_unix_timestamp(at.get().div_euclid(1000)).ok()?.date())
}

fn in_words(locale: Locale, written: &str) -> Option<String> {
    let mut parts = written.split('-');
    let year: u16 = digits(parts.next()?, 4)?;
    let Some(month) = parts.next() else { return Some(year.to_string()) };
    let month: u8 = digits(month, 2).filter(|month| (1..=12).contains(month))?;
    let month = t(locale, &format!("month.{month}"), &[]);
    let Some(day) = parts.next() else { return Some(format!("{month} {year}")) };
    let day: u8 = digits(day, 2).filter(|day| (1..=31).contains(day))?;
    if parts.next().is_some() {
        return None;
    }
    Some(match (locale, day) {
        (Locale::Fr, 1) => format!("1er {month} {year}"),
        _ => format!("{day} {month} {year}"),
    })
}

fn digits<N: std::str::FromStr>(text: &str, length: usize) -> Option<N> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// How long ago a day, month or year was, in the roundest words: "aujourd'hui", "il y a 3 mois".
///
/// `None` for what is not a date or lies ahead.
pub fn ago(locale: Locale, written: &str, now: Timestamp) -> Option<String> {
    let days = days_since(written, now)?;
    Some(match days {
        0 => t(locale, "ago.today", &[]).into_owned(),
        1..=31 => tn(locale, "ago.days", usize::try_from(days).ok()?, &[]),
        32..=364 => tn(locale, "ago.months", usize::try_from(days * 12 / 365).ok()?, &[]),
        _ => tn(locale, "ago.years", usize::try_from(days / 365).ok()?, &[]),
    })
}

/// Whole days between the first day that `written` may mean and now.
fn days_since(written: &str, now: Timestamp) -> Option<i64> {
    let mut parts = written.split('-');
    let year: i32 = digits(parts.next()?, 4)?;
    let month: u8 = parts.next().map_or(Some(1), |month| digits(month, 2))?;
    let day: u8 = parts.next().map_or(Some(1), |day| digits(day, 2))?;
    let month = time::Month::try_from(month).ok()?;
    let then = time::Date::from_calendar_date(year, month, day).ok()?;
    let days = (day_of(now)? - then).whole_days();
    (days >= 0).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    // 2026-10-02T12:00:00Z
    const NOW: Timestamp = Timestamp(1_790_942_400_000);

    #[test]
    fn a_date_says_as_much_as_is_known() {
        assert_eq!(date(Locale::Fr, "2026-09-30"), "30 septembre 2026");
        assert_eq!(date(Locale::Fr, "2026-08-01"), "1er août 2026");
        assert_eq!(date(Locale::Fr, "2026-09"), "septembre 2026");
        assert_eq!(date(Locale::En, "2026-09-30"), "30 September 2026");
        assert_eq!(date(Locale::En, "2026"), "2026");
    }

    #[test]
    fn what_is_not_a_date_stays_as_it_was_written() {
        for odd in ["", "bientôt", "2026-13", "2026-9-1", "2026-09-30-1", "２０２６", "2026-09-99"]
        {
            assert_eq!(date(Locale::Fr, odd), odd);
        }
    }

    #[test]
    fn freshness_is_said_in_round_words() {
        assert_eq!(ago(Locale::Fr, "2026-10-02", NOW).unwrap(), "aujourd’hui");
        assert_eq!(ago(Locale::Fr, "2026-10-01", NOW).unwrap(), "il y a 1 jour");
        assert_eq!(ago(Locale::Fr, "2026-07-01", NOW).unwrap(), "il y a 3 mois");
        assert_eq!(ago(Locale::En, "2024-05", NOW).unwrap(), "2 years ago");
        assert_eq!(ago(Locale::Fr, "2027-01-01", NOW), None);
        assert_eq!(ago(Locale::Fr, "bientôt", NOW), None);
    }
}
