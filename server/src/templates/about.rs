//! The pages that say what this site is.

use askama::Template;

use tablee_domain::people::Role;

use super::prose::Prose;
use super::{Base, HOSTILE, Page, PersonHere};
use crate::i18n::Locale;
use crate::site::prose;

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

/// `GET /mentions`, `/confidentialite` and `/accessibilite`: a text that the team can change.
#[derive(Debug, Template)]
#[template(path = "pages/about_text.html")]
pub struct AboutPage {
    /// What is around it.
    pub base: Base,
    /// The title.
    pub title: String,
    /// What the law wants said in these very words.
    pub state: Option<String>,
    /// The text.
    pub text: Prose,
    /// What the text lacks, for the team: words and the address where it is given.
    pub missing: Vec<(String, String)>,
    /// Where the team changes the text.
    pub edit: String,
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
        vec![of("Membre"), of(HOSTILE)]
    }
}

impl Page for AboutPage {
    fn samples() -> Vec<Self> {
        let of = |locale: Locale, words: &str| Self {
            base: Base {
                locale,
                person: Some(PersonHere { name: words.to_owned(), role: Role::Admin }),
                ..Base::default()
            },
            title: words.to_owned(),
            state: Some(words.to_owned()),
            text: Prose { locale, blocks: prose::read(words, &[]) },
            missing: vec![(words.to_owned(), "/reglages/site#contact".to_owned())],
            edit: "/reglages/textes/site.page.legal".to_owned(),
        };
        vec![of(Locale::Fr, "Mentions légales"), of(Locale::En, HOSTILE)]
    }
}
