//! The page that tells why a request failed, and what to do.

use askama::Template;
use axum::http::StatusCode;

use crate::templates::{Base, HOSTILE, Page};
use crate::web::error::Failure;

/// A failure, told to a person.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct FailurePage {
    /// What is around it.
    pub base: Base,
    title: String,
    text: String,
    is_signed_out: bool,
    id: String,
    /// What was typed into the form that failed.
    words: Vec<String>,
}

impl FailurePage {
    /// The page of a failure; `id` is the number of the request, `words` are what was typed into its form.
    pub fn new(base: Base, failure: Failure, id: String, words: Vec<String>) -> Self {
        Self {
            title: base.t(&format!("error.{}.title", failure.key)).into_owned(),
            text: base.t(&format!("error.{}.text", failure.key)).into_owned(),
            is_signed_out: failure.status == StatusCode::UNAUTHORIZED,
            base,
            id,
            words,
        }
    }
}

impl Page for FailurePage {
    fn samples() -> Vec<Self> {
        let failure = Failure::of_status(StatusCode::NOT_FOUND);
        vec![
            Self::new(Base::default(), failure, "00ff".to_owned(), Vec::new()),
            Self::new(Base::default(), failure, HOSTILE.to_owned(), vec![HOSTILE.to_owned()]),
        ]
    }
}

#[cfg(test)]
mod tests {
    use crate::i18n::{Locale, t};

    #[test]
    fn every_failure_has_its_sentences_in_both_languages() {
        let keys = [
            "signed-out",
            "forbidden",
            "foreign-origin",
            "stale-form",
            "not-found",
            "no-such-moment",
            "wrong-method",
            "too-large",
            "invalid",
            "other-host",
            "too-many",
            "unavailable",
            "broken",
        ];

        for (locale, key) in
            Locale::ALL.into_iter().flat_map(|locale| keys.map(|key| (locale, key)))
        {
            for part in ["title", "text"] {
                let key = format!("error.{key}.{part}");
                assert_ne!(t(locale, &key, &[]), key);
            }
        }
    }
}
