//! What a cell is: its value, and the words that a French sheet shows for it.

use quick_xml::events::BytesStart;
use tablee_domain::import::grid::RawCell;

use super::repetitions;
use super::styles::Styles;
use crate::read::clean;
use crate::read::links::linked;
use crate::read::serial::{iso_moment, iso_time};
use crate::read::shown::general;
use crate::read::values::truth_cell;
use crate::read::xml::{attribute, prefixed};

/// What the start of a cell says.
pub(super) struct Head {
    kind: String,
    value: Option<String>,
    formula: Option<String>,
    is_error: bool,
    is_elapsed: bool,
    pub times: u32,
    pub right: u32,
    pub down: u32,
}

/// What stands in a cell.
#[derive(Default)]
pub(super) struct Content {
    pub text: String,
    pub links: Vec<String>,
    pub note: String,
}

/// Reads the start of a cell.
pub(super) fn head(element: &BytesStart<'_>, styles: &Styles) -> Head {
    let kind = prefixed(element, "office", "value-type").unwrap_or_default();
    let value = match kind.as_str() {
        "float" | "percentage" | "currency" => attribute(element, "value"),
        "date" => attribute(element, "date-value"),
        "time" => attribute(element, "time-value"),
        "boolean" => attribute(element, "boolean-value"),
        _ => attribute(element, "string-value"),
    };
    let times = |name| repetitions(attribute(element, name).as_deref());
    let style = attribute(element, "style-name").unwrap_or_default();
    Head {
        kind,
        value,
        formula: attribute(element, "formula").map(|formula| without_namespace(&formula)),
        is_error: prefixed(element, "calcext", "value-type").as_deref() == Some("error"),
        is_elapsed: styles.is_elapsed(&style),
        times: times("number-columns-repeated"),
        right: times("number-columns-spanned"),
        down: times("number-rows-spanned"),
    }
}

/// `of:=SUM([.A1])` without what names its language.
fn without_namespace(formula: &str) -> String {
    let (before, after) = formula.split_once('=').unwrap_or(("", formula));
    let is_name = before.ends_with(':') || before.is_empty();
    clean(if is_name { after } else { formula })
}

/// The cell, as the rest of the program knows it.
pub(super) fn cell(head: &Head, content: Content) -> RawCell {
    let shown = clean(&content.text);
    let mut links = content.links.into_iter();
    let formula = head.formula.clone();
    let link = formula.as_deref().and_then(linked).or_else(|| links.next());
    let mut cell = value(head, &shown);
    let is_error = head.is_error || (formula.is_some() && is_error_word(&cell.shown));
    if is_error && !cell.shown.is_empty() {
        cell = RawCell { error: Some(cell.shown.clone()), ..RawCell::text(0, cell.shown) };
    }
    let more_links = links.filter(|other| Some(other) != link.as_ref()).collect();
    RawCell { link, more_links, formula, ..cell }
}

/// What the cell is, beside what it shows. Where the file says no words, they are made of the value.
fn value(head: &Head, shown: &str) -> RawCell {
    let text = head.value.as_deref().unwrap_or_default();
    if let Some(yes) = truth(head, text) {
        return truth_cell(yes);
    }
    let or = |made: String| if shown.trim().is_empty() { made } else { shown.to_owned() };
    match head.kind.as_str() {
        "float" | "percentage" | "currency" => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => {
                let scaled = if head.kind == "percentage" { number * 100.0 } else { number };
                let shown = in_french(&or(general(number)), scaled);
                RawCell { number: Some(number), ..RawCell::text(0, shown) }
            }
            _ => RawCell::text(0, or(clean(text))),
        },
        "date" => match iso_moment(text) {
            Some((french, iso)) => RawCell { date: Some(iso), ..RawCell::text(0, or(french)) },
            None => RawCell::text(0, or(clean(text))),
        },
        "time" => {
            let time = time_of_day(text).filter(|_| !head.is_elapsed).map(iso_time);
            let made = time.clone().unwrap_or_else(|| clean(text));
            RawCell { date: time, ..RawCell::text(0, or(made)) }
        }
        _ => RawCell::text(0, or(clean(text))),
    }
}

/// The words of a number as a French sheet shows it. The file keeps those of whoever saved it: `1,500.50 €`
/// would be read as one and a half.
fn in_french(shown: &str, number: f64) -> String {
    let is_of_number =
        |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ' | '\u{a0}' | '\u{202f}');
    let is_digit = |c: char| c.is_ascii_digit();
    let (Some(first), Some(last)) = (shown.find(is_digit), shown.rfind(is_digit)) else {
        return shown.to_owned();
    };
    let digits = &shown[first..=last];
    let says = |point: char| {
        let plain: String = digits.chars().filter(|c| is_digit(*c) || *c == point).collect();
        let plain = plain.replace(point, ".");
        let decimals = plain.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        plain == format!("{:.decimals$}", number.abs())
    };
    if !digits.chars().all(is_of_number) || says(',') || !says('.') {
        return shown.to_owned();
    }
    let french = digits.replace(',', "\u{202f}").replace('.', ",");
    format!("{}{french}{}", &shown[..first], &shown[last + 1..])
}

/// Yes or no, whatever the language of the file. LibreOffice keeps what came from Excel as a formula.
fn truth(head: &Head, text: &str) -> Option<bool> {
    match (head.kind.as_str(), head.formula.as_deref()) {
        ("boolean", _) => Some(text == "true"),
        (_, Some("TRUE()")) => Some(true),
        (_, Some("FALSE()")) => Some(false),
        _ => None,
    }
}

/// The time in `PT07H30M00S`, where it is less than a day.
fn time_of_day(text: &str) -> Option<time::Time> {
    let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
    let (minutes, rest) = rest.split_once('M')?;
    let seconds = rest.strip_suffix('S')?;
    let seconds = seconds.split(['.', ',']).next()?;
    time::Time::from_hms(hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?).ok()
}

/// What spreadsheets show, in English or French, where a formula could not be computed.
fn is_error_word(shown: &str) -> bool {
    const WORDS: [&str; 14] = [
        "#N/A",
        "#N/D",
        "#REF!",
        "#RÉF!",
        "#RÉF !",
        "#VALUE!",
        "#VALEUR!",
        "#VALEUR !",
        "#NAME?",
        "#NOM?",
        "#NOM ?",
        "#DIV/0!",
        "#DIV/0 !",
        "#NUM!",
    ];
    let plain = shown.trim().replace(['\u{a0}', '\u{202f}'], " ");
    WORDS.contains(&plain.as_str())
        || plain.strip_prefix("Err:").is_some_and(|rest| rest.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_saved_in_english_is_shown_in_french() {
        assert_eq!(in_french("1,500.50 €", 1500.5), "1\u{202f}500,50 €");
        assert_eq!(in_french("€1,500", 1500.0), "€1\u{202f}500");
        assert_eq!(in_french("17.5 h", 17.5), "17,5 h");
        assert_eq!(in_french("-20.25%", -20.25), "-20,25%");
    }

    #[test]
    fn a_number_saved_in_french_stays_as_it_is() {
        for (shown, number) in [
            ("1 500,50 €", 1500.5),
            ("1,5", 1.5),
            ("12", 12.0),
            ("1.500,50", 1500.5),
            ("01000", 1000.0),
            ("3/4", 0.75),
            ("gratuit", 0.0),
            ("", 1.0),
        ] {
            assert_eq!(in_french(shown, number), shown);
        }
    }

    #[test]
    fn hours_beyond_a_day_are_no_time_of_day() {
        assert_eq!(time_of_day("PT07H30M00S").map(iso_time).as_deref(), Some("07:30"));
        assert_eq!(time_of_day("PT07H30M00.000000001S").map(iso_time).as_deref(), Some("07:30"));
        for odd in ["PT35H00M00S", "PT7H", "", "-PT07H30M00S"] {
            assert_eq!(time_of_day(odd), None, "{odd}");
        }
    }
}
