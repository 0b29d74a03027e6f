//! What the interface says, in French and in English.
//!
//! To add a text: write it under the same key in `i18n/fr.toml` and in `i18n/en.toml`, with `{name}` where an
//! argument goes; a text that depends on a number has the two keys `one` and `other`. Tests refuse a key that
//! only one language has, an empty text, an argument that only one language uses, and a key that the code or
//! a template asks for and nobody wrote. Ordinary spaces and straight apostrophes are enough: the no-break
//! spaces of French and the curly apostrophes are set when the texts are loaded.

mod dates;
mod numbers;
mod zone;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

pub use dates::{ago, date, day};
pub use numbers::number;
pub use zone::{NoSuchZone, Zone};

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    /// French: the language of the network, and what a page speaks unless asked otherwise.
    #[default]
    Fr,
    /// English.
    En,
}

impl Locale {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// The tag of the language, as in `lang="fr"`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The language with this tag; `None` for one that we do not speak.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.tag() == tag)
    }

    /// The language of an address: its parameter `lang`, French where there is none that we speak.
    ///
    /// The browser's preference is not asked: an address shows everybody the same page, and no cookie is
    /// needed to remember a choice.
    pub fn of_query(query: Option<&str>) -> Self {
        url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
            .find(|(name, _)| name == "lang")
            .and_then(|(_, tag)| Self::from_tag(&tag))
            .unwrap_or_default()
    }

    /// The other language, for the switch.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Fr => Self::En,
            Self::En => Self::Fr,
        }
    }

    /// Which of the two names of a label this language reads; French where the English is missing.
    pub fn label(self, label: &tablee_domain::table::Label) -> &str {
        if self == Self::En && !label.en.is_empty() { &label.en } else { &label.fr }
    }
}

/// The text under `key`, with its arguments put in.
///
/// A key that nobody wrote gives the key itself: a person sees an odd word, not an error page.
pub fn t(locale: Locale, key: &str, args: &[(&str, &str)]) -> Cow<'static, str> {
    let Some(text) = TEXTS[locale as usize].get(key) else { return Cow::Owned(key.to_owned()) };
    if args.is_empty() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(fill(text, args))
}

/// The text under `key` for a number of things: its form `one` or `other`, where `{n}` is the number.
pub fn tn(locale: Locale, key: &str, n: usize, args: &[(&str, &str)]) -> String {
    let form = if is_singular(locale, n) { "one" } else { "other" };
    let n = number(locale, n as f64);
    let mut all = vec![("n", n.as_str())];
    all.extend_from_slice(args);
    t(locale, &format!("{key}.{form}"), &all).into_owned()
}

/// French says "0 formation", English "0 courses".
pub fn is_singular(locale: Locale, n: usize) -> bool {
    match locale {
        Locale::Fr => n < 2,
        Locale::En => n == 1,
    }
}

/// The text under `key` as it is written, if somebody wrote it.
pub fn raw(locale: Locale, key: &str) -> Option<&'static str> {
    TEXTS[locale as usize].get(key).map(String::as_str)
}

/// All keys, in no order.
pub fn keys() -> impl Iterator<Item = &'static str> {
    TEXTS[Locale::Fr as usize].keys().map(String::as_str)
}

/// Puts arguments in, in one pass: an argument that looks like another one stays as it is.
pub fn fill(text: &str, args: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        out.push_str(before);
        let close = after.find('}').unwrap_or(after.len() - 1);
        let name = &after[1..close.max(1)];
        match args.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&after[..=close]),
        }
        rest = &after[close + 1..];
    }
    out.push_str(rest);
    out
}

static TEXTS: LazyLock<[HashMap<String, String>; 2]> = LazyLock::new(|| {
    [
        load(
            Locale::Fr,
            &[
                include_str!("i18n/fr.toml"),
                include_str!("i18n/import.fr.toml"),
                include_str!("i18n/columns.fr.toml"),
                include_str!("i18n/propose.fr.toml"),
                include_str!("i18n/follow.fr.toml"),
                include_str!("i18n/desk.fr.toml"),
                include_str!("i18n/mails.fr.toml"),
                include_str!("i18n/people.fr.toml"),
                include_str!("i18n/site.fr.toml"),
                include_str!("i18n/find.fr.toml"),
                include_str!("i18n/checks.fr.toml"),
            ],
        ),
        load(
            Locale::En,
            &[
                include_str!("i18n/en.toml"),
                include_str!("i18n/import.en.toml"),
                include_str!("i18n/columns.en.toml"),
                include_str!("i18n/propose.en.toml"),
                include_str!("i18n/follow.en.toml"),
                include_str!("i18n/desk.en.toml"),
                include_str!("i18n/mails.en.toml"),
                include_str!("i18n/people.en.toml"),
                include_str!("i18n/site.en.toml"),
                include_str!("i18n/find.en.toml"),
                include_str!("i18n/checks.en.toml"),
            ],
        ),
    ]
});

/// The texts of a language. Each area of pages has a file of its own.
fn load(locale: Locale, sources: &[&str]) -> HashMap<String, String> {
    let mut texts = HashMap::new();
    for source in sources {
        let table: toml::Table = source.parse().expect("the embedded texts are TOML");
        flatten(locale, "", &table, &mut texts);
    }
    texts
}

fn flatten(locale: Locale, prefix: &str, table: &toml::Table, texts: &mut HashMap<String, String>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::String(text) => {
                texts.insert(key, typeset(locale, text));
            }
            toml::Value::Table(inner) => flatten(locale, &key, inner, texts),
            other => panic!("the embedded texts hold `{other}` under `{key}`"),
        }
    }
}

/// A text that stands elsewhere, with the apostrophes and spaces of those that stand here.
pub fn set_in_type(locale: Locale, text: &str) -> String {
    typeset(locale, text)
}

const NO_BREAK: char = '\u{a0}';
const NARROW_NO_BREAK: char = '\u{202f}';

/// Sets the apostrophes, and in French the spaces that must not break.
fn typeset(locale: Locale, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let set = match (letter, letters.peek()) {
            ('\'', _) => '’',
            (' ', Some(':' | '»' | '€' | '%')) if locale == Locale::Fr => NO_BREAK,
            (' ', Some(';' | '!' | '?')) if locale == Locale::Fr => NARROW_NO_BREAK,
            (' ', _) if locale == Locale::Fr && out.ends_with('«') => NO_BREAK,
            _ => letter,
        };
        out.push(set);
    }
    out
}

#[cfg(test)]
mod tests;
