//! Cells as people read them, in pages and in exports: French words, or English labels where asked.

use std::collections::BTreeMap;

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

/// `1 200 € HT, par personne (employeur)`.
fn price(item: &BTreeMap<String, Plain>) -> String {
    let word = |key: &str| item.get(key).and_then(Plain::as_text).unwrap_or_default();
    let amount = item.get("montant").and_then(Plain::as_number).map(number).unwrap_or_default();
    let currency = match word("devise") {
        "EUR" | "" => "€",
        other => other,
    };
    let from = matches!(item.get("a_partir_de"), Some(Plain::Bool(true)));
    let amount = if amount.is_empty() { amount } else { format!("{amount} {currency}") };
    let mut words = vec![if from { "à partir de" } else { "" }, amount.as_str(), word("taxe")];
    words.retain(|word| !word.is_empty());
    let mut printed = words.join(" ");
    if !word("unite").is_empty() {
        printed = format!("{printed} par {}", word("unite"));
    }
    with_remark(printed, word("profil"))
}

/// `du 2026-03-12 au 2026-03-14, Grenoble (complète)`; the words as written where there are any.
fn session(item: &BTreeMap<String, Plain>) -> String {
    let word = |key: &str| item.get(key).and_then(Plain::as_text).unwrap_or_default();
    if !word("texte").is_empty() {
        return word("texte").to_owned();
    }
    let dates = match (word("debut"), word("fin")) {
        ("", "") => String::new(),
        (from, "") => from.to_owned(),
        ("", to) => format!("jusqu'au {to}"),
        (from, to) if from == to => from.to_owned(),
        (from, to) => format!("du {from} au {to}"),
    };
    let parts = [dates.as_str(), word("lieu")];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    with_remark(parts.join(", "), word("etat_recrutement"))
}

/// `Grenoble (38)`, or the words where no town is known.
fn place(item: &BTreeMap<String, Plain>) -> String {
    let word = |key: &str| item.get(key).and_then(Plain::as_text).unwrap_or_default();
    let town = if word("commune").is_empty() { word("lieu") } else { word("commune") };
    if town.is_empty() && matches!(item.get("en_ligne"), Some(Plain::Bool(true))) {
        return "en ligne".to_owned();
    }
    let code = [word("code_postal"), word("departement")].into_iter().find(|it| !it.is_empty());
    with_remark(town.to_owned(), code.unwrap_or_default())
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
            ("taxe", "HT".into()),
            ("profil", "employeur".into()),
            ("a_partir_de", true.into()),
        ]);
        let session = map(&[("debut", "2026-03-12".into()), ("fin", "2026-03-14".into())]);
        let place = map(&[("commune", "Grenoble".into()), ("departement", "38".into())]);

        assert_eq!(shown("tarifs", &map(&[("a", price)])), "à partir de 1200 € HT (employeur)");
        assert_eq!(shown("sessions", &map(&[("a", session)])), "du 2026-03-12 au 2026-03-14");
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
