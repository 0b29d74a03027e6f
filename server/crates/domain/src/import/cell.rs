//! One cell as a reading: what its text says, and what its number or its date says more.
//!
//! A spreadsheet keeps a raw value and shows a text that a format made of it. Either may be the poorer one: a
//! telephone number that lost its zero, a code shown as `1.19E+10`, `2-3` turned into a date.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::grid::RawCell;
use crate::reading::{self, Reading, Vocabulary, Why, sign, text};
use crate::table::{Column, Kind, Plain};

/// Reads one cell of a column.
pub fn read(column: &Column, vocabulary: &Vocabulary, cell: &RawCell) -> Reading {
    let shown = shown(cell);
    let Some(date) = &cell.date else { return of_words(column, vocabulary, cell, &shown) };
    let one_line = text::one_line(&shown);
    if is_time(date) {
        let timed = is_about_time(column);
        let why = if timed { Why::ClockOrDuration } else { Why::DateByAccident };
        let reading = of_words(column, vocabulary, cell, &shown);
        let said = reading.doubts.iter().any(|doubt| doubt.why == why);
        return if said { reading } else { reading.doubting(why, &one_line) };
    }
    match column.kind {
        Kind::Date | Kind::Sessions => of_date(column, vocabulary, date, &shown),
        _ => of_words(column, vocabulary, cell, &shown).doubting(Why::DateByAccident, &one_line),
    }
}

/// What a person sees in a cell, its accents composed; the number itself where its format hides digits of it.
pub fn shown(cell: &RawCell) -> String {
    let hides = cell.shown.trim().is_empty() || is_rounded(&cell.shown);
    match whole_number(cell).filter(|_| hides && cell.date.is_none()) {
        // What ends in zeros was rounded before it was a number.
        Some(digits) if !digits.ends_with("0000") => digits,
        _ if is_nfc_quick(cell.shown.chars()) == IsNormalized::Yes => cell.shown.clone(),
        _ => cell.shown.nfc().collect(),
    }
}

fn of_words(column: &Column, vocabulary: &Vocabulary, cell: &RawCell, shown: &str) -> Reading {
    let number = cell.number.filter(|number| cell.date.is_none() && number.is_finite());
    match (column.kind, number) {
        (Kind::Number | Kind::Duration, Some(number)) => {
            let plain = Reading::sure(number);
            let spelt = reading::number::number(shown).value == plain.value;
            if spelt { plain } else { plain.keeping(&text::one_line(shown)) }
        }
        (Kind::Phone | Kind::Code, Some(_)) => {
            let raw = whole_number(cell).filter(|digits| *digits != digits_of(shown));
            // Zeros that a format shows before the number are part of it.
            let raw = raw.filter(|digits| !digits_of(shown).ends_with(digits.as_str()));
            let raw = raw.filter(|digits| !(is_rounded(shown) && digits.ends_with("0000")));
            reading::read(column, vocabulary, raw.as_deref().unwrap_or(shown))
        }
        (kind, _) if kind.is_text() => of_text(column, vocabulary, shown),
        _ => reading::read(column, vocabulary, shown),
    }
}

/// A text stands as it is, but a mark for "nothing" is none, and who was to check what is nobody's business.
fn of_text(column: &Column, vocabulary: &Vocabulary, shown: &str) -> Reading {
    let words = text::several_lines(&text::repaired(shown));
    if sign::says_nothing(&words) {
        return Reading::nothing().doubting(Why::NothingSaid, &words);
    }
    let asked =
        sign::check_asked(&words).filter(|(_, asks)| column.kind == Kind::Text && is_aside(asks));
    let Some((rest, asks)) = asked else { return reading::read(column, vocabulary, shown) };
    reading::read(column, vocabulary, &rest).doubting(Why::ToCheck, &asks)
}

/// `(à confirmer)`, `??`, `todo`: beside the words, where `à revoir` inside a sentence belongs to it.
fn is_aside(asks: &str) -> bool {
    asks.starts_with(['(', '?'])
        || asks.get(..4).is_some_and(|word| word.eq_ignore_ascii_case("todo"))
}

/// A day that is a day. Where only its month is shown, only the month was meant.
fn of_date(column: &Column, vocabulary: &Vocabulary, date: &str, shown: &str) -> Reading {
    let day = date.split('T').next().unwrap_or(date);
    let of_shown = reading::read(column, vocabulary, shown);
    let first = |reading: &Reading| match &reading.value {
        Plain::Text(date) => Some(date.clone()),
        Plain::List(items) => items.first()?.as_map()?.get("debut")?.as_text().map(str::to_owned),
        _ => None,
    };
    if first(&of_shown).is_some_and(|shown| day.starts_with(&shown) && shown.len() < day.len()) {
        return Reading { doubts: Vec::new(), ..of_shown };
    }
    let reading = reading::read(column, vocabulary, day);
    if reading.value.is_empty() { reading } else { reading.keeping(&text::one_line(shown)) }
}

/// Whether hours may be written in a column.
fn is_about_time(column: &Column) -> bool {
    column.kind == Kind::Duration || column.id.as_str() == "duree_texte"
}

fn is_time(date: &str) -> bool {
    date.contains(':') && !date.contains('-')
}

/// `1.19E+10`.
fn is_rounded(shown: &str) -> bool {
    let shown = shown.trim();
    shown.starts_with(|c: char| c.is_ascii_digit())
        && shown.contains(['E', 'e'])
        && shown.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | 'E' | 'e' | '+'))
}

fn digits_of(shown: &str) -> String {
    shown.chars().filter(char::is_ascii_digit).collect()
}

/// The digits of a whole number that no rounding touched.
fn whole_number(cell: &RawCell) -> Option<String> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let number = cell.number?;
    let whole = number.fract() == 0.0 && (0.0..EXACT).contains(&number);
    whole.then(|| format!("{number:.0}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offer::words::vocabulary;
    use crate::table::defaults::formations;

    fn read_in(column: &str, cell: &RawCell) -> Reading {
        let column = formations().into_iter().find(|it| it.id.as_str() == column).unwrap();
        read(&column, &vocabulary(&column), cell)
    }

    fn number(number: f64, shown: &str) -> RawCell {
        RawCell { number: Some(number), ..RawCell::text(0, shown) }
    }

    fn date(date: &str, shown: &str) -> RawCell {
        RawCell { date: Some(date.to_owned()), ..number(45_000.0, shown) }
    }

    fn whys(reading: &Reading) -> Vec<Why> {
        reading.doubts.iter().map(|doubt| doubt.why).collect()
    }

    #[test]
    fn a_telephone_that_became_a_number_gets_its_zero_back() {
        for shown in ["612345678", "6,12E+08", "6.12E+08"] {
            let reading = read_in("contact_tel", &number(612_345_678.0, shown));

            assert_eq!(reading.value, "+33612345678".into(), "{shown}");
            assert_eq!(whys(&reading), [Why::ZeroRestored]);
        }
    }

    #[test]
    fn a_code_shown_as_a_power_is_read_from_its_number_unless_that_was_rounded_too() {
        let whole = read_in("code_rncp", &number(36_315.0, "3.63E+04"));
        let rounded = read_in("code_rncp", &number(119_210_000.0, "1.19E+08"));

        assert_eq!(whole.value, "RNCP36315".into());
        assert_eq!(whys(&rounded), [Why::RoundedCode]);
    }

    #[test]
    fn hours_of_a_spreadsheet_are_asked_about() {
        let in_words = read_in("duree_texte", &date("14:00", "14:00"));
        let in_hours = read_in("duree_heures", &date("14:00", "14:00"));

        assert_eq!(
            (in_words.value.clone(), whys(&in_words)),
            ("14:00".into(), vec![Why::ClockOrDuration])
        );
        assert_eq!(
            (in_hours.value.clone(), whys(&in_hours)),
            (Plain::Null, vec![Why::ClockOrDuration])
        );
        assert_eq!(in_hours.words, "14:00");
    }

    #[test]
    fn a_date_is_read_from_the_day_however_it_is_shown() {
        let debut = |cell: &RawCell| match read_in("sessions", cell).value {
            Plain::List(items) => items[0].as_map().unwrap()["debut"].clone(),
            other => other,
        };

        assert_eq!(debut(&date("2024-03-28", "28 mars 2024")), "2024-03-28".into());
        assert_eq!(debut(&date("2024-03-04", "3/4/24")), "2024-03-04".into());
        assert_eq!(debut(&date("2025-03-01", "mars-25")), "2025-03".into());
        assert_eq!(
            read_in("verifie_le", &date("2024-03-28T10:00", "28/03")).value,
            "2024-03-28".into()
        );
    }

    #[test]
    fn a_date_that_a_spreadsheet_made_of_words_is_kept_and_doubted() {
        for column in ["duree_texte", "effectif_max", "publics"] {
            let reading = read_in(column, &date("2024-03-02", "02/03/2024"));

            assert!(whys(&reading).contains(&Why::DateByAccident), "{column}");
        }
    }

    #[test]
    fn a_sign_for_nothing_is_no_title_and_aucun_is_an_answer() {
        let nothing = read_in("prerequis", &RawCell::text(0, "-"));

        assert_eq!((nothing.value.clone(), whys(&nothing)), (Plain::Null, vec![Why::NothingSaid]));
        assert_eq!(read_in("prerequis", &RawCell::text(0, "Aucun")), Reading::sure("Aucun"));
    }

    #[test]
    fn who_was_to_check_something_stays_out_of_a_title() {
        let reading = read_in("intitule", &RawCell::text(0, concat!("Animer (TO", "DO Louise)")));

        assert_eq!(reading.value, "Animer".into());
        assert_eq!(
            (whys(&reading), reading.doubts[0].words.as_str()),
            (vec![Why::ToCheck], concat!("(TO", "DO Louise)"))
        );
        assert_eq!(
            read_in("intitule", &RawCell::text(0, "Savoirs à revoir")),
            Reading::sure("Savoirs à revoir")
        );
    }
}
