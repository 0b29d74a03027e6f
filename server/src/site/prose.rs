//! What people write as a text of a page: paragraphs, lists, titles, links, facts. Never markup.
//!
//! An empty line ends a paragraph; `## ` begins a title, `- ` an item of a list. `[words](address)` is a link,
//! and so is an address that stands by itself. Everything else is words, and reaches the page as words.

use super::settings::Fact;
use crate::mail::is_address;

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A title.
    Title(Vec<Run>),
    /// A paragraph, line by line.
    Paragraph(Vec<Vec<Run>>),
    /// A list, item by item.
    List(Vec<Vec<Run>>),
}

/// Words of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// Words.
    Words(String),
    /// A link.
    Link {
        /// What it says.
        words: String,
        /// Where it leads.
        href: String,
        /// Whether that is another site.
        is_away: bool,
    },
    /// A fact that nobody gave yet: what it would be.
    Missing(String),
}

/// Reads a text.
pub fn read(text: &str, facts: &[Fact]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut joins = false;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() {
            joins = false;
            continue;
        }
        if let Some(title) = line.strip_prefix("## ") {
            blocks.push(Block::Title(runs(title, facts)));
            joins = false;
            continue;
        }
        let (is_item, words) = match line.strip_prefix("- ") {
            Some(item) => (true, runs(item, facts)),
            None => (false, runs(line, facts)),
        };
        match blocks.last_mut().filter(|_| joins) {
            Some(Block::List(items)) if is_item => items.push(words),
            Some(Block::Paragraph(lines)) if !is_item => lines.push(words),
            _ if is_item => blocks.push(Block::List(vec![words])),
            _ => blocks.push(Block::Paragraph(vec![words])),
        }
        joins = true;
    }
    blocks
}

/// The words, links and facts of one line.
fn runs(line: &str, facts: &[Fact]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let at = rest.find(['{', '[']).unwrap_or(rest.len());
        let (before, from) = rest.split_at(at);
        push_words(&mut runs, before);
        let (run, len) = match from.chars().next() {
            Some('{') => fact(from, facts),
            Some(_) => labelled(from).map(|(run, len)| (vec![run], len)),
            None => break,
        }
        .unwrap_or_else(|| (vec![Run::Words(from[..1].to_owned())], 1));
        for run in run {
            push(&mut runs, run);
        }
        rest = &from[len..];
    }
    runs
}

/// `{name}`, and how long it was written.
fn fact(from: &str, facts: &[Fact]) -> Option<(Vec<Run>, usize)> {
    let (name, _) = from[1..].split_once('}')?;
    let fact = facts.iter().find(|fact| fact.name == name)?;
    let mut runs = Vec::new();
    match &fact.value {
        Some(value) => push_words(&mut runs, value),
        None => runs.push(Run::Missing(fact.label.clone())),
    }
    Some((runs, name.len() + 2))
}

/// `[words](address)`, and how long it was written.
fn labelled(from: &str) -> Option<(Run, usize)> {
    let (words, after) = from[1..].split_once("](")?;
    let (address, _) = after.split_once(')')?;
    if words.trim().is_empty() || words.contains('[') {
        return None;
    }
    let (href, is_away) = safe(address)?;
    let len = words.len() + address.len() + 4;
    Some((Run::Link { words: words.to_owned(), href, is_away }, len))
}

/// An address that a page may lead to: of the web, of a mailbox, or one of our own pages.
fn safe(address: &str) -> Option<(String, bool)> {
    if address.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return None;
    }
    if is_address(address) {
        return Some((format!("mailto:{address}"), false));
    }
    if address.starts_with('/') && !address.starts_with("//") {
        return Some((address.to_owned(), false));
    }
    let url = url::Url::parse(address).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    is_web.then(|| (address.to_owned(), true))
}

/// Words; addresses among them are links.
fn push_words(runs: &mut Vec<Run>, words: &str) {
    for part in words.split_inclusive(char::is_whitespace) {
        let word = part.trim_end();
        let bare = word.trim_start_matches(['(', '«', '"', '<']);
        let before = &word[..word.len() - bare.len()];
        let bare = bare.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '»', '"', '>']);
        let after = &part[before.len() + bare.len()..];
        let is_link =
            bare.starts_with("https://") || bare.starts_with("http://") || is_address(bare);
        match safe(bare).filter(|_| is_link) {
            Some((href, is_away)) => {
                push(runs, Run::Words(before.to_owned()));
                push(runs, Run::Link { words: bare.to_owned(), href, is_away });
                push(runs, Run::Words(after.to_owned()));
            }
            None => push(runs, Run::Words(part.to_owned())),
        }
    }
}

fn push(runs: &mut Vec<Run>, run: Run) {
    match (runs.last_mut(), run) {
        (_, Run::Words(words)) if words.is_empty() => {}
        (Some(Run::Words(last)), Run::Words(words)) => last.push_str(&words),
        (_, run) => runs.push(run),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &str) -> Run {
        Run::Words(words.to_owned())
    }

    fn link(words: &str, href: &str, is_away: bool) -> Run {
        Run::Link { words: words.to_owned(), href: href.to_owned(), is_away }
    }

    fn line(text: &str) -> Vec<Run> {
        match read(text, &[]).as_slice() {
            [Block::Paragraph(lines)] => lines.concat(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn paragraphs_titles_and_lists_are_told_apart() {
        let text = "## Éditeur\nL'association\nà Paris\n\n- un\n- deux\nsuite\n\n\n- trois";

        let blocks = read(text, &[]);

        let expected = [
            Block::Title(vec![words("Éditeur")]),
            Block::Paragraph(vec![vec![words("L'association")], vec![words("à Paris")]]),
            Block::List(vec![vec![words("un")], vec![words("deux")]]),
            Block::Paragraph(vec![vec![words("suite")]]),
            Block::List(vec![vec![words("trois")]]),
        ];
        assert_eq!(blocks, expected);
    }

    #[test]
    fn links_are_the_ones_with_words_and_the_addresses_by_themselves() {
        assert_eq!(
            line(
                "Voir (https://cnil.fr/fr), [la CNIL](https://cnil.fr), [nos droits](/a-propos/droits)."
            ),
            [
                words("Voir ("),
                link("https://cnil.fr/fr", "https://cnil.fr/fr", true),
                words("), "),
                link("la CNIL", "https://cnil.fr", true),
                words(", "),
                link("nos droits", "/a-propos/droits", false),
                words("."),
            ]
        );
        assert_eq!(
            line("à contact@exemple.fr."),
            [
                words("à "),
                link("contact@exemple.fr", "mailto:contact@exemple.fr", false),
                words(".")
            ]
        );
    }

    #[test]
    fn what_could_harm_is_words() {
        for harmless in [
            "<script>alert(1)</script>",
            "[cliquez](javascript:alert(1))",
            "[cliquez](data:text/html,x)",
            "[cliquez](//evil.example)",
            "[cliquez](/\\evil.example)",
            "[cliquez](java\tscript:alert(1))",
            "[](https://exemple.fr)",
            "[a](b",
            "[",
            "{",
            "{inconnu}",
            "javascript:alert(1)",
        ] {
            assert_eq!(line(harmless), [words(harmless)], "{harmless}");
        }
    }

    #[test]
    fn a_fact_is_put_in_and_one_that_nobody_gave_is_marked() {
        let fact = |value: Option<&str>| Fact {
            name: "contact",
            label: "adresse de contact".into(),
            value: value.map(str::to_owned),
        };

        let known = read("Écrire à {contact}.", &[fact(Some("a@exemple.fr"))]);
        let missing = read("Écrire à {contact}.", &[fact(None)]);
        let hostile = read("{contact}", &[fact(Some("[x](javascript:1) {contact}"))]);

        let link = link("a@exemple.fr", "mailto:a@exemple.fr", false);
        assert_eq!(known, [Block::Paragraph(vec![vec![words("Écrire à "), link, words(".")]])]);
        let gap = Run::Missing("adresse de contact".into());
        assert_eq!(missing, [Block::Paragraph(vec![vec![words("Écrire à "), gap, words(".")]])]);
        let as_it_is = words("[x](javascript:1) {contact}");
        assert_eq!(hostile, [Block::Paragraph(vec![vec![as_it_is]])]);
    }
}
