//! Which texts can be changed in the site, and what a text must keep to.
//!
//! A text has names in braces where the program puts something in: those of its original, and in a page the facts
//! about the association. A name that nobody knows would be shown as it is, and a mail without its link would
//! be of no use: both are refused.

use std::collections::BTreeSet;

use crate::i18n::{self, Locale, t};

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// A page that says what this site is.
    Pages,
    /// An introduction above something.
    Introductions,
    /// A mail.
    Mails,
}

/// A text that can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Editable {
    /// Its key; that of its original in the texts of the interface.
    pub key: &'static str,
    /// Where it stands.
    pub group: Group,
}

/// The text of the legal notice.
pub const LEGAL: &str = "site.page.legal";
/// The text on privacy.
pub const PRIVACY: &str = "site.page.privacy";
/// The text on accessibility.
pub const ACCESSIBILITY: &str = "site.page.accessibility";
/// What stands above the catalogue.
pub const HOME: &str = "catalogue.intro";
/// What stands above the form.
pub const FORM: &str = "propose.intro";
/// What the form says of the data that it asks for.
pub const FORM_PRIVACY: &str = "site.page.form_privacy";

/// Texts of pages.
pub const PAGES: [Editable; 6] = [
    Editable { key: HOME, group: Group::Introductions },
    Editable { key: FORM, group: Group::Introductions },
    Editable { key: FORM_PRIVACY, group: Group::Introductions },
    Editable { key: LEGAL, group: Group::Pages },
    Editable { key: PRIVACY, group: Group::Pages },
    Editable { key: ACCESSIBILITY, group: Group::Pages },
];

/// Where the texts of mails stand in the interface.
const MAILS: &str = "mails.";
/// The parts of a mail that are sentences, the subject first. What its buttons say is not changed.
const PARTS: [&str; 12] = [
    "subject",
    "intro",
    "member",
    "pilot",
    "admin",
    "how",
    "retouched",
    "later",
    "after",
    "keep",
    "not_you",
    "contact",
];
/// Letters of the longest text, and of the longest subject.
const LONGEST: usize = 20_000;
const LONGEST_SUBJECT: usize = 150;

/// All texts that can be changed, those of pages first.
pub fn all() -> Vec<Editable> {
    let mut mails: Vec<(&str, usize, &'static str)> = i18n::keys()
        .filter_map(|key| part_of_mail(key).map(|(mail, at)| (mail, at, key)))
        .collect();
    mails.sort_unstable();
    let mails = mails.into_iter().map(|(_, _, key)| Editable { key, group: Group::Mails });
    PAGES.into_iter().chain(mails).collect()
}

/// The mail that a key belongs to, and which of its parts it is. A part that counts has two forms.
fn part_of_mail(key: &'static str) -> Option<(&'static str, usize)> {
    let (mail, part) = key.strip_prefix(MAILS)?.split_once('.')?;
    let part = part.split_once('.').map_or(part, |(part, _)| part);
    Some((mail, PARTS.iter().position(|known| *known == part)?))
}

/// The text with this key, where it can be changed.
pub fn find(key: &str) -> Option<Editable> {
    all().into_iter().find(|text| text.key == key)
}

/// What is wrong with a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// There is nothing in it.
    Empty,
    /// It has more letters than this.
    TooLong(usize),
    /// It holds signs that no page can show.
    Control,
    /// A subject has one line.
    Lines,
    /// A name in braces that means nothing here.
    Unknown(String),
    /// A name in braces that must stay.
    Needed(String),
}

impl Editable {
    /// Whether it is the subject of a mail.
    pub fn is_subject(self) -> bool {
        self.group == Group::Mails && part_of_mail(self.key).is_some_and(|(_, part)| part == 0)
    }

    /// The mail that it is a part of.
    pub fn mail(self) -> Option<&'static str> {
        part_of_mail(self.key).map(|(mail, _)| mail)
    }

    /// The text of the interface.
    pub fn original(self, locale: Locale) -> String {
        t(locale, self.key, &[]).into_owned()
    }

    /// The names in braces that may stand in it.
    pub fn names(self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self.own_names().into_iter().collect();
        if self.group != Group::Mails {
            let facts = super::SiteSettings::default().facts(Locale::Fr);
            let facts = facts.into_iter().map(|fact| fact.name);
            names.extend(facts.filter(|name| !names.contains(name)).collect::<Vec<_>>());
        }
        names
    }

    /// A text as it would be kept, or what is wrong with it.
    pub fn check(self, typed: &str) -> Result<String, Wrong> {
        let text = typed.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
        if text.is_empty() {
            return Err(Wrong::Empty);
        }
        let longest = if self.is_subject() { LONGEST_SUBJECT } else { LONGEST };
        if text.chars().count() > longest {
            return Err(Wrong::TooLong(longest));
        }
        if self.is_subject() && text.contains('\n') {
            return Err(Wrong::Lines);
        }
        if text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(Wrong::Control);
        }
        let known = self.names();
        if let Some(unknown) = names_in(&text).into_iter().find(|name| !known.contains(name)) {
            return Err(Wrong::Unknown(unknown.to_owned()));
        }
        let mut needed =
            if self.group == Group::Mails { self.own_names() } else { BTreeSet::new() };
        needed.retain(|name| !names_in(&text).contains(name));
        match needed.first() {
            Some(needed) => Err(Wrong::Needed((*needed).to_owned())),
            None => Ok(text),
        }
    }

    /// The names in its original.
    fn own_names(self) -> BTreeSet<&'static str> {
        i18n::raw(Locale::Fr, self.key).map(names_in).unwrap_or_default()
    }
}

/// The names between braces.
pub fn names_in(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    parts.filter(|name| is_name(name)).collect()
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(key: &str) -> Editable {
        find(key).unwrap()
    }

    #[test]
    fn the_texts_of_mails_are_found_by_their_keys_subject_first() {
        let keys: Vec<_> = all().into_iter().map(|text| text.key).collect();

        let at = keys.iter().position(|key| *key == "mails.confirm.subject").unwrap();
        assert_eq!(keys[at + 1], "mails.confirm.intro");
        assert_eq!(text("mails.confirm.intro").mail(), Some("confirm"));
        assert!(find("nav.skip").is_none(), "not every word of the interface can be changed");
        assert!(find("mails.confirm.button").is_none(), "nor what buttons say");
    }

    #[test]
    fn every_original_would_be_taken_as_it_is() {
        for text in all() {
            for locale in Locale::ALL {
                let original = text.original(locale);
                assert_eq!(text.check(&original).as_deref(), Ok(original.trim()), "{}", text.key);
            }
        }
    }

    #[test]
    fn a_mail_keeps_the_names_of_its_original() {
        let subject = text("mails.confirm.subject");

        assert!(subject.check("À confirmer : {receipt}").is_ok());
        assert_eq!(subject.check("À confirmer"), Err(Wrong::Needed("receipt".into())));
    }

    #[test]
    fn a_name_that_nobody_knows_is_refused_with_that_name() {
        assert_eq!(text(LEGAL).check("Voir {siege}."), Err(Wrong::Unknown("siege".into())));
        assert!(text(LEGAL).check("Voir {adresse}, {association}, { rien } {} {1}.").is_ok());
        let mail = text("mails.confirm.intro").check("{association}");
        assert_eq!(mail, Err(Wrong::Unknown("association".into())), "mails have their own names");
    }

    #[test]
    fn a_text_is_words_of_a_bounded_length_and_a_subject_one_line() {
        let subject = text("mails.confirm.subject");

        assert_eq!(text(LEGAL).check(" \r\n "), Err(Wrong::Empty));
        assert_eq!(text(LEGAL).check("a\0b"), Err(Wrong::Control));
        assert_eq!(text(LEGAL).check("a\r\nb\rc").as_deref(), Ok("a\nb\nc"));
        assert_eq!(text(LEGAL).check(&"é".repeat(20_001)), Err(Wrong::TooLong(20_000)));
        assert_eq!(subject.check("Bonjour\nBcc: tout@exemple.fr"), Err(Wrong::Lines));
        assert_eq!(subject.check(&"é".repeat(151)), Err(Wrong::TooLong(150)));
    }
}
