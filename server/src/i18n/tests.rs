use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::*;

fn keys_of(locale: Locale) -> BTreeSet<&'static str> {
    TEXTS[locale as usize].keys().map(String::as_str).collect()
}

/// The names between braces, in order of the alphabet.
fn arguments(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// All files under `folder` with this ending.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found
}

/// The keys that a source asks for by a literal, each with whether it depends on a number.
fn asked(source: &str) -> Vec<(String, bool)> {
    // `base.t("key")`, `t(locale, "key", …)`, and the same with `tn`.
    let mut found = Vec::new();
    for (marker, counted) in [("t(", false), ("tn(", true)] {
        for (at, _) in source.match_indices(marker) {
            let before = source[..at].chars().next_back().unwrap_or(' ');
            if before.is_alphanumeric() || before == '_' {
                continue;
            }
            let call: String = source[at + marker.len()..].chars().take(90).collect();
            let call = call.split([')', ';', '\n']).next().unwrap_or_default();
            let Some((_, rest)) = call.split_once('"') else { continue };
            let Some((key, _)) = rest.split_once('"') else { continue };
            let is_key = key.contains('.')
                && key
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c));
            if is_key {
                found.push((key.to_owned(), counted));
            }
        }
    }
    found
}

#[test]
fn both_languages_say_the_same_things() {
    let french = keys_of(Locale::Fr);
    let english = keys_of(Locale::En);

    assert_eq!(french.difference(&english).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert_eq!(english.difference(&french).collect::<Vec<_>>(), Vec::<&&str>::new());
    for key in french {
        let [fr, en] = Locale::ALL.map(|locale| TEXTS[locale as usize][key].as_str());
        assert!(!fr.trim().is_empty() && !en.trim().is_empty(), "`{key}` is empty");
        assert_eq!(arguments(fr), arguments(en), "arguments of `{key}`");
    }
}

#[test]
fn a_text_that_counts_has_its_two_forms() {
    let all = keys_of(Locale::Fr);
    for key in &all {
        if let Some(stem) = key.strip_suffix(".one") {
            assert!(all.contains(format!("{stem}.other").as_str()), "`{stem}` lacks `other`");
        }
        if let Some(stem) = key.strip_suffix(".other") {
            assert!(all.contains(format!("{stem}.one").as_str()), "`{stem}` lacks `one`");
        }
    }
}

/// What the program and its templates are written in, these tests left out.
fn sources() -> Vec<(PathBuf, String)> {
    let server = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = files(&server.join("src"), "rs");
    paths.extend(files(&server.join("templates"), "html"));
    paths.retain(|path| !path.ends_with("i18n/tests.rs"));
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// Keys whose last part is a word of the program: their own tests ask for each.
const MADE_OF_A_WORD: &[&str] = &[
    "checks.item.",
    "checks.warning.",
    "checks.missing.",
    "columns.did.",
    "columns.ask.",
    "catalogue.by.",
    "exports.",
    "month.",
    "role.",
    "rights.may.",
    "error.",
    "history.through.",
    "history.ways.",
    "restore.button.",
    "restore.what.",
    "erasure.place.",
    "import.state.",
    "value.country.",
    "import.kinds.",
    "import.kind.",
    "import.kind_help.",
    "import.why.",
    "import.not_offer.",
    "import.lacks.",
    "import.conflict_why.",
    "import.likeness.",
    "import.map_issue.",
    "import.not_taken.",
    "import.outcome.",
    "import.because.",
    "propose.block.",
    "propose.private.",
    "propose.removal.",
    "follow.event.",
    "follow.state.",
    "follow.state_help.",
];

#[test]
fn every_text_that_a_page_asks_for_was_written() {
    let all = keys_of(Locale::Fr);

    let mut seen = 0;
    for (path, source) in sources() {
        for (key, counted) in asked(&source) {
            let key = if counted { format!("{key}.one") } else { key };
            assert!(all.contains(key.as_str()), "{}: nobody wrote `{key}`", path.display());
            seen += 1;
        }
    }
    assert!(seen > 50, "only {seen} keys were found: has the way of asking changed?");
}

#[test]
fn every_text_that_was_written_is_asked_for() {
    let sources: String = sources().into_iter().map(|(_, source)| source).collect();

    for key in keys_of(Locale::Fr) {
        let stem = key.strip_suffix(".one").or(key.strip_suffix(".other")).unwrap_or(key);
        let is_asked = sources.contains(&format!("\"{stem}\""))
            || MADE_OF_A_WORD.iter().any(|start| key.starts_with(start));
        assert!(is_asked, "nobody asks for `{key}`");
    }
}

#[test]
fn words_of_the_program_have_their_texts() {
    let orders =
        tablee_domain::offer::Sort::ALL.map(|sort| format!("catalogue.by.{}", sort.as_str()));
    let roles = tablee_domain::people::Role::ALL.map(|role| format!("role.{role}"));
    let months = (1..=12).map(|month| format!("month.{month}"));
    let files = ["xlsx", "csv", "json"].map(|format| format!("exports.{format}"));

    for key in orders.into_iter().chain(roles).chain(months).chain(files) {
        assert!(keys_of(Locale::Fr).contains(key.as_str()), "nobody wrote `{key}`");
    }
}

#[test]
fn french_never_breaks_a_line_before_its_punctuation() {
    let breaks = |text: &str| {
        [" :", " ;", " !", " ?", " »", " €", " %", "« "].iter().any(|pair| text.contains(pair))
    };
    for key in keys_of(Locale::Fr) {
        let text = &TEXTS[Locale::Fr as usize][key];
        assert!(!breaks(text), "`{key}`: {text}");
        assert!(!text.contains('\''), "`{key}` has a straight apostrophe: {text}");
    }
    assert_eq!(typeset(Locale::Fr, "« Qui ? » : l'eau"), "«\u{a0}Qui\u{202f}?\u{a0}»\u{a0}: l’eau");
    assert_eq!(typeset(Locale::En, "What : here"), "What : here");
}

#[test]
fn french_writes_a_space_before_its_double_punctuation() {
    for key in keys_of(Locale::Fr).into_iter().filter(|key| !key.ends_with("url")) {
        let text = &TEXTS[Locale::Fr as usize][key];
        let letters: Vec<char> = text.chars().collect();
        for (at, pair) in letters.windows(2).enumerate() {
            let glued = pair[0].is_alphanumeric() && matches!(pair[1], ':' | ';' | '!' | '?' | '»');
            // The colon of an address is none of the sentence's.
            let is_address = letters[at + 2..].starts_with(&['/', '/']);
            assert!(!glued || is_address, "`{key}`: {text}");
        }
    }
}

#[test]
fn an_argument_is_put_in_as_it_is() {
    assert_eq!(
        fill("Page {page} sur {pages}", &[("page", "{pages}"), ("pages", "9")]),
        "Page {pages} sur 9"
    );
    assert_eq!(fill("rien", &[("n", "1")]), "rien");
    assert_eq!(fill("{inconnu} {", &[("n", "1")]), "{inconnu} {");
}

#[test]
fn zero_is_singular_in_french_and_plural_in_english() {
    assert_eq!(tn(Locale::Fr, "catalogue.found", 0, &[]), "0 formation");
    assert_eq!(tn(Locale::Fr, "catalogue.found", 2, &[]), "2 formations");
    assert_eq!(tn(Locale::En, "catalogue.found", 0, &[]), "0 courses");
    assert_eq!(tn(Locale::En, "catalogue.found", 1, &[]), "1 course");
    assert_eq!(tn(Locale::Fr, "catalogue.found", 1200, &[]), "1\u{202f}200 formations");
}

#[test]
fn an_address_speaks_french_unless_it_says_otherwise() {
    assert_eq!(Locale::of_query(None), Locale::Fr);
    assert_eq!(Locale::of_query(Some("q=eau&lang=en")), Locale::En);
    assert_eq!(Locale::of_query(Some("lang=xx")), Locale::Fr);
}
