//! Which questions are asked: one small language, evaluated here and in the browser.
//!
//! `{"all":[{"is":["type","mooc"]},{"not":{"filled":"lieux"}}]}`. The vectors of `fixtures/rules` hold the client's
//! `rules/` to the same answers. A question that is not asked has no answer: whatever was typed into it is not sent
//! on, and rules about it see nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::read::FieldsOf;

/// What must hold of the other answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rule {
    /// Each of them; nothing at all holds.
    All(Vec<Rule>),
    /// One of them at least; of nothing, none does.
    Any(Vec<Rule>),
    /// The contrary.
    Not(Box<Rule>),
    /// The one answer to a question is this, to the letter.
    Is(String, String),
    /// This is among the answers to a question.
    Has(String, String),
    /// A question is answered: blanks are no answer.
    Filled(String),
}

impl Rule {
    /// Whether it holds. Blanks around an answer are no part of it.
    pub fn holds(&self, answers: &dyn FieldsOf) -> bool {
        match self {
            Self::All(rules) => rules.iter().all(|rule| rule.holds(answers)),
            Self::Any(rules) => rules.iter().any(|rule| rule.holds(answers)),
            Self::Not(rule) => !rule.holds(answers),
            Self::Is(name, word) => {
                let given = given(answers, name);
                matches!(given.as_slice(), [only] if only == word)
            }
            Self::Has(name, word) => given(answers, name).contains(word),
            Self::Filled(name) => !given(answers, name).is_empty(),
        }
    }

    /// The questions it asks about.
    pub fn names(&self) -> BTreeSet<&str> {
        match self {
            Self::All(rules) | Self::Any(rules) => rules.iter().flat_map(Self::names).collect(),
            Self::Not(rule) => rule.names(),
            Self::Is(name, _) | Self::Has(name, _) | Self::Filled(name) => [name.as_str()].into(),
        }
    }

    /// The rule as JSON, for the page.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a rule is plain JSON")
    }
}

/// The answers to a question, without blanks.
fn given(answers: &dyn FieldsOf, name: &str) -> Vec<String> {
    let all = answers.all(name).into_iter();
    all.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
}

/// The answers without those to questions that are not asked.
struct Asked<'a> {
    answers: &'a dyn FieldsOf,
    hidden: &'a BTreeSet<String>,
}

impl FieldsOf for Asked<'_> {
    fn all(&self, name: &str) -> Vec<String> {
        if self.hidden.contains(name) { Vec::new() } else { self.answers.all(name) }
    }
}

/// The questions that are not asked: `rules` says by question when one is. Rules that go in a circle are followed
/// round once and left there, in the browser alike.
pub fn hidden(rules: &BTreeMap<String, Rule>, answers: &dyn FieldsOf) -> BTreeSet<String> {
    let mut hidden = BTreeSet::new();
    for _ in 0..=rules.len() {
        let asked = Asked { answers, hidden: &hidden };
        let now: BTreeSet<String> = rules
            .iter()
            .filter(|(_, rule)| !rule.holds(&asked))
            .map(|(name, _)| name.clone())
            .collect();
        if now == hidden {
            break;
        }
        hidden = now;
    }
    hidden
}
