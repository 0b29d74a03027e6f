//! Which of the default questions are asked only when another answer makes sense of them.
//!
//! To add one: its line in [`asked_if`] or [`needed_if`]. A rule about a column that the table no longer has is left
//! out: what nobody can answer hides nothing.

use super::rule::Rule;
use crate::table::Columns;

/// When a question is asked; none where it always is.
pub fn asked_if(columns: &Columns, column: &str) -> Option<Rule> {
    let certification = |words: &[&str]| any(words.iter().map(|it| is("certification_type", it)));
    let rule = match column {
        "code_rncp" => certification(&["rncp", "blocs_rncp"]),
        "code_rs" => is("certification_type", "rs"),
        "date_echeance" => certification(&["rncp", "rs", "blocs_rncp"]),
        "certificateur" => Rule::All(vec![
            filled("certification_type"),
            not(certification(&["aucune", "inconnu"])),
        ]),
        "tarifs" => not(any(["gratuit", "inclus"].iter().map(|it| is("tarif_type", it)))),
        "lieux" => {
            let remote = ["distanciel", "distanciel_synchrone", "distanciel_asynchrone"];
            not(any(remote.iter().map(|it| is("modalite", it))))
        }
        _ => return None,
    };
    Some(rule).filter(|rule| is_answerable(columns, rule))
}

/// When a question that the table does not require must be answered; none where it never must.
pub fn needed_if(columns: &Columns, column: &str) -> Option<Rule> {
    let contacts = ["contact_courriel", "contact_tel"];
    let there = contacts.into_iter().filter(|it| columns.get(it).is_some_and(|it| !it.archived));
    // Either the page or a way to reach somebody.
    (column == "url").then(|| not(any(there.map(filled))))
}

fn is_answerable(columns: &Columns, rule: &Rule) -> bool {
    rule.names().iter().all(|name| columns.get(name).is_some_and(|it| !it.archived && !it.curated))
}

fn is(column: &str, word: &str) -> Rule {
    Rule::Is(column.to_owned(), word.to_owned())
}

fn filled(column: &str) -> Rule {
    Rule::Filled(column.to_owned())
}

fn any(rules: impl Iterator<Item = Rule>) -> Rule {
    Rule::Any(rules.collect())
}

fn not(rule: Rule) -> Rule {
    Rule::Not(Box::new(rule))
}
