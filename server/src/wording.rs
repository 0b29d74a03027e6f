//! Values as a person reads them: the words of a cell, in the language of the page.
//!
//! Nothing here is markup: templates escape what they are given. Addresses become links only when they lead
//! to the web, a mailbox or a telephone, so that no cell can hold a `javascript:` that a click would run.

pub mod checks;
mod items;

use std::collections::BTreeMap;

use tablee_domain::table::{Column, Kind, Label, Plain};
use url::Url;

use crate::i18n::{Locale, date, number, set_in_type, t, tn};

/// A cell, as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// One line.
    Line(String),
    /// Paragraphs; a line break inside one counts.
    Prose(Vec<String>),
    /// Something to follow.
    Link(Link),
    /// Several things.
    List(Vec<String>),
}

/// A link that is safe to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads: `http`, `https`, `mailto` or `tel`.
    pub href: String,
    /// What is read.
    pub text: String,
    /// The host it leads to, for the web: in its ASCII form, which no look-alike letter can fake.
    pub host: Option<String>,
}

/// The words of a cell; `None` where there is nothing to read.
pub fn words(locale: Locale, column: &Column, value: &Plain) -> Option<Words> {
    let said = match (column.kind, value) {
        (Kind::LongText, Plain::Text(text)) => Words::Prose(paragraphs(text)),
        (Kind::Url, Plain::Text(text)) => web_link(text).map_or_else(|| line_of(text), Words::Link),
        (Kind::Email, Plain::Text(text)) => {
            mail_link(text).map_or_else(|| line_of(text), Words::Link)
        }
        (Kind::Phone, Plain::Text(text)) => {
            tel_link(text).map_or_else(|| line_of(text), Words::Link)
        }
        (Kind::Date, Plain::Text(text)) => Words::Line(date(locale, &one_line(text))),
        (Kind::Choice, Plain::Text(id)) => Words::Line(option_label(locale, column, id)),
        (Kind::Choices, Plain::Map(chosen)) => Words::List(options(locale, column, chosen)),
        (Kind::Prices, Plain::Map(prices)) => {
            Words::List(prices.values().filter_map(|item| items::price(locale, item)).collect())
        }
        (Kind::Sessions, Plain::Map(sessions)) => Words::List(items::sessions(locale, sessions)),
        (Kind::Places, Plain::Map(places)) => {
            Words::List(places.values().filter_map(|item| items::place(locale, item)).collect())
        }
        (Kind::Duration, Plain::Number(amount)) => Words::Line(duration(locale, column, *amount)),
        (_, Plain::Bool(yes)) => {
            Words::Line(t(locale, if *yes { "value.yes" } else { "value.no" }, &[]).into_owned())
        }
        (_, Plain::Number(n)) => Words::Line(number(locale, *n)),
        (_, Plain::Text(text)) => line_of(text),
        (_, Plain::Null | Plain::List(_) | Plain::Map(_)) => return None,
    };
    (!said.is_empty()).then_some(said)
}

impl Words {
    fn is_empty(&self) -> bool {
        match self {
            Self::Line(text) => text.is_empty(),
            Self::Prose(parts) | Self::List(parts) => parts.is_empty(),
            Self::Link(_) => false,
        }
    }

    /// All of it on one line, for a card or a cell of a table.
    pub fn in_one_line(&self) -> String {
        match self {
            Self::Line(text) => text.clone(),
            Self::Prose(parts) => one_line(&parts.join(" ")),
            Self::List(parts) => parts.join(", "),
            Self::Link(link) => link.text.clone(),
        }
    }
}

/// What a column or an option is called, or what it tells of itself, as a page writes it: whoever named it typed
/// straight apostrophes.
pub fn label(locale: Locale, label: &Label) -> String {
    set_in_type(locale, &one_line(locale.label(label)))
}

/// The name of an option; its id where the column no longer knows it.
pub fn option_label(locale: Locale, column: &Column, id: &str) -> String {
    column.option(id).map_or_else(|| one_line(id), |option| label(locale, &option.label))
}

/// The names of the chosen options in the order of the column, then those it no longer knows.
fn options(locale: Locale, column: &Column, chosen: &BTreeMap<String, Plain>) -> Vec<String> {
    let known = column.options.iter().filter(|it| chosen.contains_key(it.id.as_str()));
    let known = known.map(|it| label(locale, &it.label));
    let others = chosen.keys().filter(|id| column.option(id).is_none());
    known.chain(others.map(|id| one_line(id))).collect()
}

fn line_of(text: &str) -> Words {
    Words::Line(one_line(text))
}

/// A text on one line: white space runs become one space, and characters that would turn the reading
/// direction or hide themselves are left out, so that a title is what it looks like.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !is_deceptive(*letter)) {
        // No-break spaces are meant: they stay.
        if letter.is_control() || letter == ' ' || letter == '\u{2028}' || letter == '\u{2029}' {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(letter);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn is_deceptive(letter: char) -> bool {
    matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Paragraphs stand apart by an empty line.
fn paragraphs(text: &str) -> Vec<String> {
    let clean: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|letter| {
            !is_deceptive(*letter) && (!letter.is_control() || matches!(letter, '\n' | '\t'))
        })
        .collect();
    let mut parts = vec![String::new()];
    for line in clean.lines().map(str::trim_end) {
        let last = parts.last_mut().expect("there is always a paragraph under way");
        if line.is_empty() {
            if !last.is_empty() {
                parts.push(String::new());
            }
        } else {
            if !last.is_empty() {
                last.push('\n');
            }
            last.push_str(line);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// A link to the web; `None` for an address that is not `http` or `https` with a host.
pub fn web_link(text: &str) -> Option<Link> {
    let url =
        Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    // Names and passwords in an address only serve to mislead.
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let host = url.host_str()?.to_owned();
    let shown = one_line(text.trim());
    let shown =
        shown.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    // Unless what is read is plain ASCII it may look like another host: then the real one is shown.
    let text = if shown.is_ascii() { shown.to_owned() } else { host.clone() };
    Some(Link { href: url.into(), text, host: Some(host) })
}

fn mail_link(text: &str) -> Option<Link> {
    let address = text.trim();
    let (local, host) = address.rsplit_once('@')?;
    let is_plain = |part: &str, more: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    (is_plain(local, ".-_+'") && is_plain(host, ".-") && host.contains('.')).then(|| Link {
        href: format!("mailto:{}@{host}", local.replace('+', "%2B").replace('\'', "%27")),
        text: address.to_owned(),
        host: None,
    })
}

fn tel_link(text: &str) -> Option<Link> {
    let shown = one_line(text);
    let number: String =
        shown.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '\u{a0}' | '\u{202f}')).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    let is_number = (6..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| Link { href: format!("tel:{number}"), text: in_pairs(&number), host: None })
}

/// A French number as the French say it: `01 23 45 67 89`. Others stay as they are.
fn in_pairs(number: &str) -> String {
    let national =
        number.strip_prefix("+33").filter(|rest| rest.len() == 9).map(|rest| format!("0{rest}"));
    let national = national.unwrap_or_else(|| number.to_owned());
    if national.len() != 10 || !national.starts_with('0') {
        return national;
    }
    let pairs: Vec<&str> = (0..5).map(|at| &national[at * 2..at * 2 + 2]).collect();
    pairs.join("\u{a0}")
}

fn duration(locale: Locale, column: &Column, amount: f64) -> String {
    let key = match column.id.as_str() {
        "duree_heures" => "value.hours",
        "duree_jours" => "value.days",
        _ => return number(locale, amount),
    };
    // "1,5 jour" is singular in French; English counts it as several.
    let n = if amount > 1.0 && (locale == Locale::En || amount >= 2.0) { 2 } else { 1 };
    let form = if n == 1 { "one" } else { "other" };
    t(locale, &format!("{key}.{form}"), &[("n", &number(locale, amount))]).into_owned()
}

/// How many more there are than are shown: "et 3 autres".
pub fn and_more(locale: Locale, n: usize) -> String {
    tn(locale, "offer.more", n, &[])
}

#[cfg(test)]
mod tests;
