//! Values as words that are read back as the same values.
//!
//! Pages show cells in their own way; this is what a file or an editor can hand to [`super::read`] again.

use std::collections::BTreeMap;

use super::place::says_france;
use crate::offer::display;
use crate::table::{Column, Kind, Plain};

/// What joins the items of a list.
const BETWEEN: &str = " ; ";

/// A value of a column in words.
pub fn print(column: &Column, value: &Plain) -> String {
    let items: fn(&Item) -> String = match column.kind {
        Kind::Prices => price,
        Kind::Sessions => session,
        Kind::Places => place,
        Kind::Date => return value.as_text().map(date).unwrap_or_default(),
        _ => return display::value(column, value, display::Language::French),
    };
    list(value, items)
}

/// The items of a list in words, whether they stand in order or by id.
fn list(value: &Plain, print: fn(&Item) -> String) -> String {
    let items: Vec<&Plain> = match value {
        Plain::List(items) => items.iter().collect(),
        Plain::Map(items) => items.values().collect(),
        _ => Vec::new(),
    };
    let printed = items.into_iter().filter_map(Plain::as_map).map(print);
    printed.filter(|item| !item.is_empty()).collect::<Vec<_>>().join(BETWEEN)
}

/// A duration in words: `2,5 jours (18,5 heures)`.
pub fn duration(value: &Plain) -> String {
    let Some(found) = value.as_map() else { return String::new() };
    let number = |key: &str| found.get(key).and_then(Plain::as_number).map(display::number);
    let one = |key: &str, unit: &str| {
        let plain = number(key).map(|number| format!("{number} {unit}"));
        plain.or_else(|| match (number(&format!("{key}_min")), number(&format!("{key}_max"))) {
            (Some(least), Some(most)) => Some(format!("de {least} à {most} {unit}")),
            (Some(least), None) => Some(format!("au moins {least} {unit}")),
            (None, Some(most)) => Some(format!("au plus {most} {unit}")),
            (None, None) => None,
        })
    };
    let years = number("annees").map(|number| format!("{number} ans"));
    let credits = number("ects").map(|number| format!("{number} ECTS"));
    let span = found.get("etalement").and_then(Plain::as_text).map(|span| format!("sur {span}"));
    let parts = [one("jours", "jours"), one("heures", "heures"), years, credits, span];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// `2026-09-30`, `2026-09` or `2026` as a French hand writes it.
pub fn date(iso: &str) -> String {
    iso.split('-').rev().collect::<Vec<_>>().join("/")
}

type Item = BTreeMap<String, Plain>;

fn word<'i>(item: &'i Item, key: &str) -> &'i str {
    item.get(key).and_then(Plain::as_text).unwrap_or_default()
}

fn is(item: &Item, key: &str) -> bool {
    matches!(item.get(key), Some(Plain::Bool(true)))
}

/// `à partir de 1200 € HT par personne par jour (employeur)`.
pub(crate) fn price(item: &Item) -> String {
    let amount = item.get("montant").and_then(Plain::as_number).map(display::number);
    price_of(item, amount.as_deref().unwrap_or_default())
}

/// The same with the sum as somebody else writes it.
pub(crate) fn price_of(item: &Item, amount: &str) -> String {
    let currency = if word(item, "devise") == "EUR" { "€" } else { word(item, "devise") };
    let per = word(item, "unite").split('×').filter(|unit| !unit.is_empty());
    let per: Vec<String> = per.map(|unit| format!("par {unit}")).collect();
    let profile = word(item, "profil");
    let profile = if profile.is_empty() { String::new() } else { format!("({profile})") };
    let parts = [
        if is(item, "a_partir_de") { "à partir de" } else { "" },
        amount,
        currency,
        word(item, "taxe"),
        &per.join(" "),
        &profile,
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `du 12/03/2026 au 14/03/2026, 9h à 17h30, Grenoble (complète)`; the own words where they say more.
fn session(item: &Item) -> String {
    if !word(item, "texte").is_empty() {
        return word(item, "texte").to_owned();
    }
    let days = match item.get("jours") {
        Some(Plain::List(days)) => {
            days.iter().filter_map(Plain::as_text).map(date).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    let (from, to) = (date(word(item, "debut")), date(word(item, "fin")));
    let dates = match (days.as_str(), from.as_str(), to.as_str()) {
        ("", from, "") => from.to_owned(),
        ("", "", to) => format!("jusqu'au {to}"),
        ("", from, to) => format!("du {from} au {to}"),
        (days, _, _) => days.to_owned(),
    };
    let parts = [dates.as_str(), word(item, "horaires"), word(item, "lieu")];
    let printed = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    match word(item, "etat_recrutement") {
        "" => printed,
        state => format!("{printed} ({state})"),
    }
}

/// `Centre social, 38700 Le Sappey (Suisse)`, `en ligne`.
pub(crate) fn place(item: &Item) -> String {
    if is(item, "en_ligne") {
        return "en ligne".to_owned();
    }
    let (place, town) = (word(item, "lieu"), word(item, "commune"));
    let country = match word(item, "pays") {
        "FR" => "France",
        "BE" => "Belgique",
        "CH" => "Suisse",
        "CA" => "Canada",
        "LU" => "Luxembourg",
        "MA" => "Maroc",
        "TN" => "Tunisie",
        "SN" => "Sénégal",
        _ => "",
    };
    let code = word(item, "code_postal");
    let department = word(item, "departement");
    let coded =
        [code, town].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let named =
        [place, &coded].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let inside = place.starts_with(char::is_uppercase) && !town.is_empty();
    if inside && code.is_empty() && department.is_empty() && country.is_empty() {
        return format!("{town} ({place})");
    }
    match (named.as_str(), department, country) {
        ("", "", country) => country.to_owned(),
        ("", department, _) => format!("({department})"),
        (named, "", "") => named.to_owned(),
        // A province names its country by itself, and so do words that say it.
        (named, "", "Canada") if named == "Québec" => named.to_owned(),
        (named, "", "France") if says_france(named) => named.to_owned(),
        (named, "", country) => format!("{named} ({country})"),
        (named, department, _) => format!("{named} ({department})"),
    }
}
