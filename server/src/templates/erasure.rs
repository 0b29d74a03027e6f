//! Erasing for good: what to erase, where it stands, the receipt.

use askama::Template;

use super::{Base, HOSTILE, Page};

/// `GET /reglages/effacement`, and its answers to what was typed.
#[derive(Debug, Template)]
#[template(path = "pages/erasure.html")]
pub struct ErasurePage {
    /// What is around it.
    pub base: Base,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub wrong: Option<String>,
    /// How a row is named.
    pub row_example: String,
    /// How a field is named.
    pub cell_example: String,
    /// The receipt of the erasure that was just done.
    pub receipt: Option<String>,
    /// Erasures done before, in words, newest first.
    pub earlier: Vec<String>,
}

/// What somebody typed: words, rows and cells, one a line.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Words.
    pub words: String,
    /// Rows.
    pub rows: String,
    /// Cells.
    pub cells: String,
}

/// `POST /reglages/effacement` without its confirmation: where it stands.
#[derive(Debug, Template)]
#[template(path = "pages/erasure_found.html")]
pub struct ErasureFoundPage {
    /// What is around it.
    pub base: Base,
    /// What was typed, carried on by the form: it stands in no address.
    pub typed: Typed,
    /// The places and how often.
    pub places: Vec<(String, String)>,
    /// Whether there is anything to erase.
    pub is_somewhere: bool,
}

impl Typed {
    fn of(words: &str) -> Self {
        Self { words: words.to_owned(), rows: words.to_owned(), cells: words.to_owned() }
    }
}

impl Page for ErasurePage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            typed: Typed::of(words),
            wrong: Some(words.to_owned()),
            row_example: words.to_owned(),
            cell_example: words.to_owned(),
            receipt: Some(words.to_owned()),
            earlier: vec![words.to_owned()],
        };
        let fresh =
            Self { typed: Typed::default(), wrong: None, receipt: None, earlier: vec![], ..of("") };
        vec![of("Zoé Ferrand"), of(HOSTILE), fresh]
    }
}

impl Page for ErasureFoundPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, is_somewhere| Self {
            base: Base::default(),
            typed: Typed::of(words),
            places: vec![(words.to_owned(), "3".to_owned())],
            is_somewhere,
        };
        vec![of("Zoé Ferrand", true), of(HOSTILE, true), of("nulle part", false)]
    }
}
