//! Cells as people read them, in pages and in exports: French words, or English labels where asked.

use std::collections::BTreeMap;

use crate::reading::print;
use crate::table::{Column, Kind, Label, Plain, Row};

/// The language of labels. Values that people wrote are never translated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// The first language of the house.
    #[default]
    French,
    /// English.
    English,
}

impl Language {
    /// The label in this language; French where the other is empty.
    pub fn label(self, label: &Label) -> &str {
        match self {
            Self::English if !label.en.is_empty() => &label.en,
            _ => &label.fr,
        }
    }
}

/// What joins the items of a list.
pub const BETWEEN_ITEMS: &str = " ; ";

/// A cell of a row: its value, else the contributor's own words, else nothing.
pub fn cell(row: &Row, column: &Column) -> String {
    cell_in(row, column, Language::French)
}

/// The same with labels in a language.
pub fn cell_in(row: &Row, column: &Column, language: Language) -> String {
    let shown = value(column, row.cell(column.id.as_str()), language);
    if shown.is_empty() { said(row, column).to_owned() } else { shown }
}

/// The contributor's own words about a cell, empty where there are none.
pub fn said<'a>(row: &'a Row, column: &Column) -> &'a str {
    row.said.get(&column.id).map_or("", String::as_str)
}

/// The items of a list cell as people read them, or the one value of another; nothing for an empty cell.
pub fn items(column: &Column, value: &Plain, language: Language) -> Vec<String> {
    match (column.kind, value) {
        (_, value) if value.is_empty() => Vec::new(),
        (Kind::Choices, Plain::Map(chosen)) => options(column, chosen, language),
        (Kind::Choice, Plain::Text(id)) => vec![option(column, id, language)],
        (Kind::Prices, Plain::Map(items)) => of_maps(items, price),
        (Kind::Sessions, Plain::Map(items)) => of_maps(items, session),
        (Kind::Places, Plain::Map(items)) => of_maps(items, place),
        (Kind::Phone, Plain::Text(number)) => vec![phone(number)],
        (_, other) => vec![plain(other)],
    }
}

/// A value of a column as people read it.
pub fn value(column: &Column, value: &Plain, language: Language) -> String {
    items(column, value, language).join(BETWEEN_ITEMS)
}

/// A number as French hands write it: a comma, and no more digits than it has.
pub fn number(number: f64) -> String {
    if number == 0.0 { "0".to_owned() } else { number.to_string().replace('.', ",") }
}

/// A telephone number in pairs, as French people dictate it; others as they are.
pub fn phone(number: &str) -> String {
    let national = number.strip_prefix("+33").filter(|rest| rest.len() == 9 && rest.is_ascii());
    let Some(rest) = national else { return number.to_owned() };
    let digits = format!("0{rest}");
    let pairs: Vec<&str> = (0..5).map(|pair| &digits[pair * 2..pair * 2 + 2]).collect();
    pairs.join(" ")
}

fn plain(value: &Plain) -> String {
    match value {
        Plain::Null => String::new(),
        Plain::Bool(yes) => if *yes { "oui" } else { "non" }.to_owned(),
        Plain::Number(n) => number(*n),
        Plain::Text(text) => text.clone(),
        Plain::List(list) => list.iter().map(plain).collect::<Vec<_>>().join(BETWEEN_ITEMS),
        Plain::Map(map) => map.values().map(plain).collect::<Vec<_>>().join(BETWEEN_ITEMS),
    }
}

/// Options in the order of the column, then those it no longer knows.
fn options(column: &Column, chosen: &BTreeMap<String, Plain>, language: Language) -> Vec<String> {
    let is_chosen = |id: &str| chosen.get(id).is_some_and(|mark| *mark != Plain::Null);
    let known = column.options.iter().filter(|option| is_chosen(option.id.as_str()));
    let known = known.map(|option| language.label(&option.label).to_owned());
    let others = chosen.keys().filter(|id| column.option(id).is_none() && is_chosen(id));
    known.chain(others.cloned()).collect()
}

fn option(column: &Column, id: &str, language: Language) -> String {
    column.option(id).map_or_else(|| id.to_owned(), |it| language.label(&it.label).to_owned())
}

fn of_maps(
    items: &BTreeMap<String, Plain>,
    print: fn(&BTreeMap<String, Plain>) -> String,
) -> Vec<String> {
    let printed = items.values().filter_map(Plain::as_map).map(print);
    printed.filter(|item| !item.is_empty()).collect()
}

/// `à partir de 1 200 € HT par personne (employeur)`. A sum of no known currency has none.
fn price(item: &BTreeMap<String, Plain>) -> String {
    let mut item = item.clone();
    let amount = item.remove("montant");
    let Some(amount) = amount.as_ref().and_then(Plain::as_number) else {
        return print::price(&item);
    };
    print::price_of(&item, &grouped(amount))
}

/// A number with a narrow space between thousands.
fn grouped(amount: f64) -> String {
    let plain = number(amount);
    let (whole, rest) = match plain.split_once(',') {
        Some((whole, rest)) => (whole, Some(rest)),
        None => (plain.as_str(), None),
    };
    let digits: Vec<char> = whole.chars().collect();
    let groups: Vec<String> = digits.rchunks(3).rev().map(|group| group.iter().collect()).collect();
    let whole = groups.join("\u{202f}");
    rest.map_or_else(|| whole.clone(), |rest| format!("{whole},{rest}"))
}

/// `du 12 au 14 mars 2026, 9h à 17h30, Grenoble (complète)`; the words as written where there are any.
fn session(item: &BTreeMap<String, Plain>) -> String {
    let word = |key: &str| item.get(key).and_then(Plain::as_text).unwrap_or_default();
    if !word("texte").is_empty() {
        return word("texte").to_owned();
    }
    let days = match item.get("jours") {
        Some(Plain::List(days)) => {
            days.iter().filter_map(Plain::as_text).map(date).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    let dates = match (word("debut"), word("fin")) {
        _ if !days.is_empty() => days,
        ("", "") => String::new(),
        (from, "") => date(from),
        ("", to) => format!("jusqu'au {}", date(to)),
        (from, to) if from == to => date(from),
        (from, to) => span(from, to),
    };
    let parts = [dates.as_str(), word("horaires"), word("lieu")];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    with_remark(parts.join(", "), word("etat_recrutement"))
}

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// `2026-09-30`, `2026-09` or `2026` in words: `30 septembre 2026`.
pub fn date(iso: &str) -> String {
    let (day, month, year) = parts_of_date(iso);
    [day, month.to_owned(), year]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn parts_of_date(iso: &str) -> (String, &'static str, String) {
    let mut parts = iso.split('-');
    let year = parts.next().unwrap_or_default().to_owned();
    let month = parts.next().and_then(|month| month.parse::<usize>().ok());
    let month = month.and_then(|month| MONTHS.get(month.wrapping_sub(1))).copied();
    let day = parts.next().map(|day| match day.trim_start_matches('0') {
        "1" => "1er".to_owned(),
        day => day.to_owned(),
    });
    (day.unwrap_or_default(), month.unwrap_or_default(), year)
}

/// `du 12 au 14 mars 2026`, `de septembre 2025 à juin 2026`, `2025/2026`.
fn span(from: &str, to: &str) -> String {
    let (begin, end) = (parts_of_date(from), parts_of_date(to));
    match (begin.0.is_empty(), begin.1.is_empty()) {
        (true, true) => format!("{from}/{to}"),
        (true, false) => format!("{} – {}", date(from), date(to)),
        _ if !end.0.is_empty() && begin.1 == end.1 && begin.2 == end.2 => {
            format!("du {} au {}", begin.0, date(to))
        }
        _ => format!("du {} au {}", date(from), date(to)),
    }
}

/// `Grenoble (38)`, `Centre social, 38700 Le Sappey`, or the words where no town is known.
fn place(item: &BTreeMap<String, Plain>) -> String {
    print::place(item)
}

fn with_remark(words: String, remark: &str) -> String {
    match (words.as_str(), remark) {
        (_, "") => words,
        ("", remark) => remark.to_owned(),
        (words, remark) => format!("{words} ({remark})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::RowId;
    use crate::table::Columns;
    use crate::table::defaults::formations;

    fn shown(column: &str, value_in_cell: &Plain) -> String {
        let columns = Columns::new(formations());
        value(columns.get(column).unwrap(), value_in_cell, Language::French)
    }

    fn map(items: &[(&str, Plain)]) -> Plain {
        Plain::Map(items.iter().map(|(key, item)| ((*key).to_owned(), item.clone())).collect())
    }

    #[test]
    fn choices_read_as_their_labels_in_the_order_of_the_column() {
        let both = map(&[("eau", true.into()), ("concertation", true.into())]);

        assert_eq!(shown("themes", &both), "concertation ; eau et milieux aquatiques");
        assert_eq!(shown("modalite", &"hybride".into()), "hybride");
    }

    #[test]
    fn numbers_have_a_comma_and_telephones_their_pairs() {
        assert_eq!(shown("duree_jours", &2.5.into()), "2,5");
        assert_eq!(shown("effectif_max", &18.0.into()), "18");
        assert_eq!(shown("contact_tel", &"+33612345678".into()), "06 12 34 56 78");
        assert_eq!(shown("contact_tel", &"+41216543210".into()), "+41216543210");
    }

    #[test]
    fn prices_sessions_and_places_read_as_one_would_say_them() {
        let price = map(&[
            ("montant", 1200.0.into()),
            ("devise", "EUR".into()),
            ("taxe", "HT".into()),
            ("profil", "employeur".into()),
            ("a_partir_de", true.into()),
        ]);
        let session = map(&[("debut", "2026-03-12".into()), ("fin", "2026-03-14".into())]);
        let place = map(&[("commune", "Grenoble".into()), ("departement", "38".into())]);

        assert_eq!(
            shown("tarifs", &map(&[("a", price)])),
            "à partir de 1\u{202f}200 € HT (employeur)"
        );
        assert_eq!(shown("sessions", &map(&[("a", session)])), "du 12 au 14 mars 2026");
        assert_eq!(shown("lieux", &map(&[("a", place)])), "Grenoble (38)");
    }

    #[test]
    fn where_nothing_was_understood_the_own_words_are_shown() {
        let columns = Columns::new(formations());
        let column = columns.get("lieux").unwrap();
        let row = Row {
            id: RowId::new("r").unwrap(),
            cells: BTreeMap::new(),
            said: [(column.id.clone(), "quatre coins de la France".to_owned())].into(),
            order: String::new(),
            deleted: false,
        };

        assert_eq!(cell(&row, column), "quatre coins de la France");
    }
}
