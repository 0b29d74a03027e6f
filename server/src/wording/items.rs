//! The items of list cells: a price, a session, a place.

use std::collections::BTreeMap;

use tablee_domain::table::Plain;

use super::one_line;
use crate::i18n::{Locale, date, number, t};

/// The text of one part of an item, on one line; empty where there is none.
fn part(item: &Plain, name: &str) -> String {
    let value = item.as_map().and_then(|parts| parts.get(name));
    value.and_then(Plain::as_text).map(one_line).unwrap_or_default()
}

fn is_true(item: &Plain, name: &str) -> bool {
    item.as_map().and_then(|parts| parts.get(name)) == Some(&Plain::Bool(true))
}

/// "à partir de 1 200 € HT par personne (employeur)".
pub(super) fn price(locale: Locale, item: &Plain) -> Option<String> {
    let amount = item.as_map()?.get("montant").and_then(Plain::as_number);
    let mut said = match amount {
        Some(amount) => money(locale, amount, &part(item, "devise")),
        None => part(item, "texte"),
    };
    if amount.is_some() {
        push(&mut said, "\u{a0}", Some(part(item, "taxe")).filter(|tax| tax != "?").as_deref());
        let unit = part(item, "unite");
        if !unit.is_empty() {
            said = t(locale, "value.per", &[("price", &said), ("unit", &unit)]).into_owned();
        }
    }
    if is_true(item, "a_partir_de") && amount.is_some() {
        said = t(locale, "value.from_price", &[("price", &said)]).into_owned();
    }
    let profile = part(item, "profil");
    if !profile.is_empty() {
        push(&mut said, " ", Some(&format!("({profile})")));
    }
    (!said.is_empty()).then_some(said)
}

fn push(said: &mut String, between: &str, more: Option<&str>) {
    if let Some(more) = more.filter(|more| !more.is_empty()) {
        if !said.is_empty() {
            said.push_str(between);
        }
        said.push_str(more);
    }
}

fn money(locale: Locale, amount: f64, currency: &str) -> String {
    let written = number(locale, amount);
    match (locale, currency) {
        (Locale::Fr, "EUR" | "") => format!("{written}\u{a0}€"),
        (Locale::En, "EUR" | "") => format!("€{written}"),
        _ => format!("{written}\u{a0}{currency}"),
    }
}

/// "Grenoble (38)", "en ligne".
pub(super) fn place(locale: Locale, item: &Plain) -> Option<String> {
    let town = part(item, "commune");
    let mut said = part(item, "lieu");
    // A place often repeats its town: once is enough.
    if said.is_empty() || said == town {
        said = town;
    } else if !town.is_empty() && !said.contains(&town) {
        push(&mut said, ", ", Some(&town));
    }
    let area = [part(item, "departement"), part(item, "code_postal")];
    if let Some(area) = area.iter().find(|area| !area.is_empty() && !said.contains(area.as_str())) {
        if said.is_empty() {
            said.clone_from(area);
        } else {
            push(&mut said, "\u{a0}", Some(&format!("({area})")));
        }
    }
    let country = part(item, "pays");
    if !matches!(country.as_str(), "" | "FR" | "France") {
        push(&mut said, ", ", Some(&country_name(locale, &country)));
    }
    if is_true(item, "en_ligne") {
        push(&mut said, ", ", Some(&t(locale, "value.online", &[])));
    }
    (!said.is_empty()).then_some(said)
}

/// The name of a country; its code where nobody wrote the name.
fn country_name(locale: Locale, code: &str) -> String {
    let key = format!("value.country.{}", code.to_lowercase());
    let name = t(locale, &key, &[]);
    if name == key { code.to_owned() } else { name.into_owned() }
}

/// Sessions in the order of their beginnings, those without one last.
pub(super) fn sessions(locale: Locale, items: &BTreeMap<String, Plain>) -> Vec<String> {
    let mut in_order: Vec<&Plain> = items.values().collect();
    in_order.sort_by_key(|item| {
        let start = part(item, "debut");
        (start.is_empty(), start)
    });
    in_order.into_iter().filter_map(|item| session(locale, item)).collect()
}

/// "du 12 au 14 mars 2025, Grenoble (complète)".
fn session(locale: Locale, item: &Plain) -> Option<String> {
    let (start, end) = (part(item, "debut"), part(item, "fin"));
    let mut said = match (start.is_empty(), end.is_empty()) {
        (true, true) => part(item, "texte"),
        (false, true) => date(locale, &start),
        (true, false) => t(locale, "value.until", &[("to", &date(locale, &end))]).into_owned(),
        (false, false) if start == end => date(locale, &start),
        (false, false) => range(locale, &start, &end),
    };
    push(&mut said, ", ", Some(&part(item, "lieu")));
    let state = part(item, "etat_recrutement");
    if !state.is_empty() {
        push(&mut said, " ", Some(&format!("({state})")));
    }
    (!said.is_empty()).then_some(said)
}

/// Two dates, without saying the month and the year twice.
fn range(locale: Locale, start: &str, end: &str) -> String {
    let last = date(locale, end);
    let mut first = date(locale, start);
    let is_days = start.len() == 10 && end.len() == 10;
    if is_days && start[..7] == end[..7] {
        let day = first.split(' ').next().unwrap_or(&first).to_owned();
        first = day;
    } else if start.len() >= 7 && end.len() >= 7 && start.get(..4) == end.get(..4) {
        first = first.trim_end_matches(&start[..4]).trim_end().to_owned();
    }
    let key = if is_days { "value.from_to" } else { "value.months_from_to" };
    t(locale, key, &[("from", &first), ("to", &last)]).into_owned()
}
