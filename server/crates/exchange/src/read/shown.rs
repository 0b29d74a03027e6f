//! What a person sees of a number: a price, a percentage, a date, as its format says.
//!
//! Near enough to understand a French sheet (`1 200,00 €`, `12/03/2025`, `7:30`), not a spreadsheet: fractions,
//! powers of ten and conditions are shown as plain numbers.

use std::fmt::Write as _;

use time::PrimitiveDateTime;

use super::serial::{DayZero, iso_date, iso_time, moment, time_of_day};

mod tokens;
use tokens::{Token, tokens};

/// A number format, read once and used for all its cells.
#[derive(Debug, Clone)]
pub(super) struct Format {
    sections: Vec<Vec<Token>>,
}

impl Default for Format {
    /// A number without a format is shown as it is.
    fn default() -> Self {
        Self::new("", None)
    }
}

/// A number as it looks, and the date that it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Shown {
    pub text: String,
    pub date: Option<String>,
}

impl Format {
    /// Reads a format. `id` is its number where the workbook gives one: the meaning of the first fifty is
    /// fixed, and French where it depends on the country.
    pub(super) fn new(code: &str, id: Option<u32>) -> Self {
        let code = match id {
            Some(5 | 6 | 42) => "#,##0\\ \"€\"",
            Some(7 | 8 | 44) => "#,##0.00\\ \"€\"",
            Some(14 | 27..=36 | 50..=58) => "dd/mm/yyyy",
            Some(22) => "dd/mm/yyyy hh:mm",
            _ => code,
        };
        Self { sections: tokens(code) }
    }

    /// What a person sees of this number.
    pub(super) fn show(&self, number: f64, zero: DayZero) -> Shown {
        let first = self.sections.first().map_or(&[][..], Vec::as_slice);
        if first.iter().any(Token::is_of_time) {
            return show_time(first, number, zero);
        }
        let (section, number) = match (number, self.sections.as_slice()) {
            (n, [_, negative, ..]) if n < 0.0 => (negative.as_slice(), -n),
            (n, [_, _, zero, ..]) if n == 0.0 => (zero.as_slice(), n),
            (n, _) => (first, n),
        };
        Shown { text: show_number(section, number), date: None }
    }
}

fn show_time(section: &[Token], number: f64, zero: DayZero) -> Shown {
    if section.iter().any(|token| matches!(token, Token::Elapsed(..))) {
        return Shown { text: elapsed(section, number), date: None };
    }
    let has_day = section.iter().any(Token::is_of_day);
    let has_clock = section.iter().any(Token::is_of_clock);
    if !has_day && let Some(time) = time_of_day(number) {
        let day = time::Date::MIN;
        let text = write_moment(section, PrimitiveDateTime::new(day, time));
        return Shown { text, date: Some(iso_time(time)) };
    }
    let Some(at) = moment(number, zero) else {
        return Shown { text: general(number), date: None };
    };
    let day = iso_date(at.date());
    let date = if has_clock { format!("{day}T{}", iso_time(at.time())) } else { day };
    Shown { text: write_moment(section, at), date: Some(date) }
}

fn write_moment(section: &[Token], at: PrimitiveDateTime) -> String {
    let half_days = section.contains(&Token::HalfDay);
    let hour = match (half_days, at.hour() % 12) {
        (false, _) => at.hour(),
        (true, 0) => 12,
        (true, hour) => hour,
    };
    let mut text = String::new();
    for token in section {
        match token {
            Token::Literal(words) => text.push_str(words),
            Token::Year(2) => text.push_str(&padded(at.year().rem_euclid(100) as u8, 2)),
            Token::Year(_) => text.push_str(&at.year().to_string()),
            Token::Month(width) => text.push_str(&month(at.month() as usize, *width)),
            Token::Day(width) => text.push_str(&day(at, *width)),
            Token::Hour(width) => text.push_str(&padded(hour, *width)),
            Token::Minute(width) => text.push_str(&padded(at.minute(), *width)),
            Token::Second(width) => text.push_str(&padded(at.second(), *width)),
            Token::HalfDay => text.push_str(if at.hour() < 12 { "AM" } else { "PM" }),
            _ => {}
        }
    }
    text.trim().to_owned()
}

fn padded(number: u8, width: usize) -> String {
    if width > 1 { format!("{number:02}") } else { number.to_string() }
}

const MONTHS: [(&str, &str); 12] = [
    ("janvier", "janv."),
    ("février", "févr."),
    ("mars", "mars"),
    ("avril", "avr."),
    ("mai", "mai"),
    ("juin", "juin"),
    ("juillet", "juil."),
    ("août", "août"),
    ("septembre", "sept."),
    ("octobre", "oct."),
    ("novembre", "nov."),
    ("décembre", "déc."),
];
const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

fn month(number: usize, width: usize) -> String {
    let (name, short) = MONTHS[number - 1];
    match width {
        1 => number.to_string(),
        2 => format!("{number:02}"),
        3 => short.to_owned(),
        _ => name.to_owned(),
    }
}

fn day(at: PrimitiveDateTime, width: usize) -> String {
    let name = DAYS[usize::from(at.weekday().number_days_from_monday())];
    match width {
        1 | 2 => padded(at.day(), width),
        3 => name.chars().take(3).chain(['.']).collect(),
        _ => name.to_owned(),
    }
}

/// `35:00`: hours (or minutes, or seconds) beyond a day.
fn elapsed(section: &[Token], days: f64) -> String {
    let seconds = (days.abs() * 86_400.0).round();
    if !seconds.is_finite() || seconds > 1e15 {
        return general(days);
    }
    let seconds = seconds as u64;
    let mut text = String::new();
    if days < 0.0 {
        text.push('-');
    }
    for token in section {
        let (number, width) = match token {
            Token::Literal(words) => {
                text.push_str(words);
                continue;
            }
            Token::Elapsed('h', width) => (seconds / 3_600, *width),
            Token::Elapsed('m', width) => (seconds / 60, *width),
            Token::Elapsed(_, width) => (seconds, *width),
            Token::Minute(width) | Token::Month(width) => (seconds / 60 % 60, *width),
            Token::Second(width) => (seconds % 60, *width),
            _ => continue,
        };
        // Writing to a text cannot fail.
        let _ = write!(text, "{number:0width$}");
    }
    text.trim().to_owned()
}

fn show_number(section: &[Token], number: f64) -> String {
    let is_plain = section.iter().any(|token| matches!(token, Token::General | Token::Unknown));
    if is_plain {
        return general(number);
    }
    if !section.contains(&Token::Digit('0'))
        && !section.iter().any(|t| matches!(t, Token::Digit(_)))
    {
        // No place for a digit: an empty section hides the number, others are words.
        return section.iter().filter_map(Token::literal).collect::<String>().trim().to_owned();
    }
    let percent = section.iter().filter(|token| **token == Token::Percent).count();
    let scaled = number * 100_f64.powi(i32::try_from(percent).unwrap_or(0));
    let digits = digits(section, scaled);
    let mut digits = Some(digits);
    let mut text = String::new();
    for token in section {
        match token {
            Token::Literal(words) => text.push_str(words),
            Token::Percent => text.push('%'),
            Token::Digit(_) | Token::Point | Token::Comma => {
                text.push_str(&digits.take().unwrap_or_default());
            }
            _ => {}
        }
    }
    text.trim().to_owned()
}

/// The number itself, with the decimals and thousands of its format.
fn digits(section: &[Token], number: f64) -> String {
    let mut parts = section.split(|token| *token == Token::Point);
    let (whole, decimals) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let least = decimals.iter().filter(|token| **token == Token::Digit('0')).count();
    let most = decimals.iter().filter(|token| matches!(token, Token::Digit(_))).count().min(15);
    let least_whole = whole.iter().filter(|token| **token == Token::Digit('0')).count();
    let fixed = format!("{:.most$}", number.abs());
    let (int, fraction) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let mut fraction = fraction.to_owned();
    while fraction.len() > least && fraction.ends_with('0') {
        fraction.pop();
    }
    let mut int =
        format!("{:0>least_whole$}", if int == "0" && least_whole == 0 { "" } else { int });
    if whole.contains(&Token::Comma) {
        int = in_thousands(&int);
    }
    let sign = if number < 0.0
        && (int.bytes().chain(fraction.bytes())).any(|b| b.is_ascii_digit() && b != b'0')
    {
        "-"
    } else {
        ""
    };
    if fraction.is_empty() { format!("{sign}{int}") } else { format!("{sign}{int},{fraction}") }
}

/// `1 200`, with the narrow space of French typography.
fn in_thousands(int: &str) -> String {
    let mut text = String::new();
    for (at, digit) in int.chars().enumerate() {
        if at > 0 && (int.len() - at).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A number without a format: as few digits as say it, with a comma.
pub(super) fn general(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    // Spreadsheets keep fifteen digits: 0.1 + 0.2 is 0.3 there.
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let text = if (1e-9..1e15).contains(&rounded.abs()) {
        rounded.to_string()
    } else {
        format!("{rounded:E}")
    };
    text.replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &str, number: f64) -> String {
        Format::new(code, None).show(number, DayZero::Of1900).text
    }

    fn dated(code: &str, number: f64) -> Option<String> {
        Format::new(code, None).show(number, DayZero::Of1900).date
    }

    #[test]
    fn numbers_look_as_in_a_french_sheet() {
        assert_eq!(shown("General", 1200.0), "1200");
        assert_eq!(shown("General", 2.5), "2,5");
        assert_eq!(shown("General", 0.1 + 0.2), "0,3");
        assert_eq!(shown("General", 12_345_678_901_234.0), "12345678901234");
        assert_eq!(shown("#,##0.00\\ \"€\"", 1200.0), "1\u{202f}200,00 €");
        assert_eq!(shown("#,##0\\ [$€-40C]", 1_234_567.0), "1\u{202f}234\u{202f}567 €");
        assert_eq!(shown("0.0#\" j\"", 2.5), "2,5 j");
        assert_eq!(shown("0%", 0.2), "20%");
        assert_eq!(shown("00000", 1000.0), "01000");
        assert_eq!(shown("0\\ \"HT\";[Red]-0\\ \"HT\"", -3.0), "-3 HT");
        assert_eq!(shown("0;-0;\"gratuit\"", 0.0), "gratuit");
        assert_eq!(shown("# ??/??", 0.5), "0,5");
        assert_eq!(shown("0.00E+00", 12.0), "12");
    }

    #[test]
    fn dates_look_french_and_keep_their_day() {
        assert_eq!(shown("dd/mm/yyyy", 45_728.0), "12/03/2025");
        assert_eq!(shown("mmm\\-yy", 45_717.0), "mars-25");
        assert_eq!(shown("dddd\\ d\\ mmmm\\ yyyy", 45_728.0), "mercredi 12 mars 2025");
        assert_eq!(dated("[$-40C]d\\ mmmm\\ yyyy;@", 45_728.0).as_deref(), Some("2025-03-12"));
        assert_eq!(dated("dd/mm/yy hh:mm", 45_728.5).as_deref(), Some("2025-03-12T12:00"));
        assert_eq!(dated("h:mm", 0.5).as_deref(), Some("12:00"));
        assert_eq!(shown("h:mm AM/PM", 0.5625), "1:30 PM");
        assert_eq!(
            Format::new("mm-dd-yy", Some(14)).show(45_728.0, DayZero::Of1900).text,
            "12/03/2025"
        );
    }

    #[test]
    fn hours_worked_are_no_date() {
        assert_eq!(shown("[h]:mm", 35.0 / 24.0), "35:00");
        assert_eq!(dated("[h]:mm", 35.0 / 24.0), None);
    }

    #[test]
    fn a_serial_that_is_no_sure_day_stays_a_number() {
        assert_eq!(shown("dd/mm/yyyy", 60.0), "60");
        assert_eq!(dated("dd/mm/yyyy", 60.0), None);
    }

    #[test]
    fn letters_in_words_make_no_date() {
        assert_eq!(dated("0\" jours (d)\"", 45_728.0), None);
        assert_eq!(dated("[Red]0", 45_728.0), None);
        assert_eq!(shown("", 5.0), "5");
        assert_eq!(shown(";;;", 5.0), "");
    }
}
