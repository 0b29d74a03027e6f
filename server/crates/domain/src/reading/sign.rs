//! What people write in a cell instead of a value: `idem`, `à vérifier`, `à définir`, `NC`.

use super::text::one_line;
use super::token::{Sort, Tokens};
use crate::text::fold;

pub use super::text::says_nothing;

/// Whether the words point to the row above (domain reference, variant 84).
pub fn refers_above(words: &str) -> bool {
    /// Folding keeps each plain letter, and no such word has more of them.
    const LETTERS: usize = 13;
    if words.bytes().filter(u8::is_ascii_alphanumeric).count() > LETTERS {
        return false;
    }
    let folded = fold(words);
    matches!(
        folded.trim_matches(['.', ' ', '(', ')']),
        "idem"
            | "id"
            | "\""
            | "\"\""
            | "''"
            | "〃"
            | "//"
            | "-//-"
            | "cf. ci-dessus"
            | "cf ci-dessus"
            | "ci-dessus"
            | "voir ci-dessus"
            | "meme chose"
            | "idem ci-dessus"
    )
}

/// Whether the words only say that the thing was not known when they were written (variants 19 and 57).
pub fn not_yet_known(words: &str) -> bool {
    const SUBJECTS: [&str; 8] =
        ["dates", "date", "lieu", "lieux", "prix", "tarif", "tarifs", "duree"];
    let folded = fold(words);
    let bare = folded.trim_matches(['.', ' ', '(', ')', ':', '!', '[', ']', '…']);
    let rest = SUBJECTS.iter().find_map(|subject| bare.strip_prefix(subject)?.strip_prefix(' '));
    matches!(
        rest.unwrap_or(bare),
        "a definir"
            | "a preciser"
            | "a determiner"
            | "a venir"
            | "a programmer"
            | "prochainement"
            | "communique prochainement"
            | "communiquees prochainement"
            | "en attente"
            | "non communique"
            | "non precise"
            | "non precisee"
            | "tbd"
            | "tba"
            | "variable"
            | "cf. site"
            | "cf site"
            | "cf. le site"
            | "voir site"
            | "voir le site"
    )
}

/// What is left of words in which someone asks for a check, and the words that ask (variant 85).
///
/// A name may stand beside a `todo`; it belongs to what is taken out.
pub fn check_asked(words: &str) -> Option<(String, String)> {
    const ASKS: [&str; 5] = ["a verifier", "a confirmer", "a revoir", "a valider", "a recontroler"];
    let tokens = Tokens::of(words);
    let (mut from, mut to) = (0..tokens.len()).find_map(|at| {
        let behind = if tokens.word(at) == "todo" {
            let open = (0..at).rev().find(|open| tokens.mark(*open) == "(");
            open.and_then(|open| tokens.closing(open)).unwrap_or(tokens.len())
        } else if tokens.mark(at) == "?" && tokens.mark(at + 1) == "?" {
            let more = (at..tokens.len()).take_while(|it| tokens.mark(*it) == "?").count();
            at + more
        } else {
            tokens.phrase_of(at, &ASKS)?
        };
        Some((at, behind))
    })?;
    if from > 0 && tokens.mark(from - 1) == "(" && tokens.closing(from - 1) == Some(to) {
        (from, to) = (from - 1, to + 1);
    }
    let asks = tokens.slice(from, to);
    let rest = format!("{}\n{}", tokens.slice(0, from), tokens.slice(to, tokens.len()));
    let joins = |c: char| c.is_whitespace() || matches!(c, ':' | ',' | '-' | '–' | ';');
    let rest = rest.trim_matches(joins);
    // Words on both sides: one line again, as far as they were.
    let rest = if words.contains('\n') { rest.to_owned() } else { one_line(rest) };
    Some((rest, asks.to_owned()))
}

/// Whether there is anything but marks in the words.
pub fn has_words(words: &str) -> bool {
    let tokens = Tokens::of(words);
    (0..tokens.len()).any(|at| tokens.get(at).is_some_and(|token| token.sort != Sort::Mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_ask_for_a_check_are_taken_out_whole() {
        for (words, rest, asks) in [
            ("12/03/2025 (à confirmer)", "12/03/2025", "(à confirmer)"),
            ("todo Louise", "", "todo Louise"),
            ("500 € (todo : Louise)", "500 €", "(todo : Louise)"),
            ("à vérifier : 500 €", "500 €", "à vérifier"),
            ("2 jours ??", "2 jours", "??"),
        ] {
            assert_eq!(check_asked(words), Some((rest.to_owned(), asks.to_owned())), "{words}");
        }
        assert_eq!(check_asked("800 € ?"), None);
    }
}
