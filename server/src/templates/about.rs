//! The pages that say what this site is.

use askama::Template;

use super::{Base, Page};
use crate::i18n::Locale;

/// `GET /a-propos/droits`: the table of rules, asked from the rules themselves.
#[derive(Debug, Template)]
#[template(path = "pages/rights.html")]
pub struct RightsPage {
    /// What is around it.
    pub base: Base,
    /// The names of the roles, visitor first.
    pub roles: Vec<String>,
    /// One line for each thing that can be done.
    pub lines: Vec<RightsLine>,
}

/// What can be done, and by whom.
#[derive(Debug)]
pub struct RightsLine {
    /// What.
    pub action: String,
    /// For each role, whether it may.
    pub may: Vec<bool>,
}

/// `GET /accessibilite`.
#[derive(Debug, Template)]
#[template(path = "pages/accessibility.html")]
pub struct AccessibilityPage {
    /// What is around it.
    pub base: Base,
}

/// `GET /mentions`.
#[derive(Debug, Template)]
#[template(path = "pages/legal.html")]
pub struct LegalPage {
    /// What is around it.
    pub base: Base,
}

impl Page for RightsPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str| Self {
            base: Base::default(),
            roles: vec![words.to_owned(); 4],
            lines: vec![RightsLine {
                action: words.to_owned(),
                may: vec![false, true, true, true],
            }],
        };
        vec![of("Membre"), of(super::HOSTILE)]
    }
}

fn in_both_languages() -> [Base; 2] {
    Locale::ALL.map(|locale| Base { locale, ..Base::default() })
}

impl Page for AccessibilityPage {
    fn samples() -> Vec<Self> {
        in_both_languages().map(|base| Self { base }).into()
    }
}

impl Page for LegalPage {
    fn samples() -> Vec<Self> {
        in_both_languages().map(|base| Self { base }).into()
    }
}
