//! What never stands in the table: who sends the form, whom to ask, what only the pilots read.

use serde::{Deserialize, Serialize};

use super::{Fault, FieldError, FieldsOf};
use crate::reading::{Why, contact, text};

/// The names of these fields. No column can have one: ids have no hyphen.
pub mod fields {
    /// How the author wants to be called.
    pub const NAME: &str = "vous-nom";
    /// Where the author is written to.
    pub const EMAIL: &str = "vous-courriel";
    /// A person at the provider.
    pub const CONTACT: &str = "contact-nom";
    /// A word to the pilots.
    pub const REMARK: &str = "remarque-pilotes";
}

/// What never stands in the table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Private {
    /// How the author wants to be called.
    pub name: String,
    /// Where the author is written to; empty where none was given, or what was given is no address.
    pub email: String,
    /// The address that was perhaps meant, where the one given looks mistyped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_meant: Option<String>,
    /// A person at the provider.
    pub contact: String,
    /// A word to the pilots.
    pub remark: String,
}

/// Reads these fields, whether or not the page asks for them.
pub fn read(given: &dyn FieldsOf, errors: &mut Vec<FieldError>) -> Private {
    let first = |name: &str| given.all(name).into_iter().next().unwrap_or_default();
    let mut taken = |name: &str, words: String, most: usize| {
        if words.chars().count() > most {
            let (field, fault) = (name.to_owned(), Fault::TooLong(most));
            errors.push(FieldError { field, fault, words: String::new() });
        }
        words
    };
    let name = taken(fields::NAME, text::one_line(&first(fields::NAME)), 200);
    let contact = taken(fields::CONTACT, text::one_line(&first(fields::CONTACT)), 200);
    let remark = taken(fields::REMARK, text::several_lines(&first(fields::REMARK)), 4_000);
    let typed = text::one_line(&first(fields::EMAIL));
    let email = address(&typed);
    if !typed.is_empty() && email.is_none() {
        let fault = Fault::Unread(Why::NotAnEmail);
        errors.push(FieldError { field: fields::EMAIL.to_owned(), fault, words: typed });
    }
    let email = email.unwrap_or_default();
    Private { email_meant: meant(&email), name, email, contact, remark }
}

/// The address, where the words are one and nothing else.
fn address(typed: &str) -> Option<String> {
    let reading = contact::email(typed);
    let whole = reading.doubts.is_empty() && typed.len() <= 254;
    reading.value.as_text().filter(|_| whole).map(str::to_lowercase)
}

/// `gmial.com` is most likely `gmail.com`.
fn meant(email: &str) -> Option<String> {
    const USUAL: [&str; 16] = [
        "gmail.com",
        "hotmail.fr",
        "hotmail.com",
        "outlook.fr",
        "outlook.com",
        "live.fr",
        "yahoo.fr",
        "yahoo.com",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "sfr.fr",
        "laposte.net",
        "icloud.com",
        "protonmail.com",
        "gmx.fr",
    ];
    let (name, domain) = email.rsplit_once('@')?;
    if USUAL.contains(&domain) {
        return None;
    }
    let near = USUAL.iter().find(|usual| {
        let far = if usual.len() > 8 { 2 } else { 1 };
        strsim::osa_distance(usual, domain) <= far && usual.chars().next() == domain.chars().next()
    })?;
    Some(format!("{name}@{near}"))
}
