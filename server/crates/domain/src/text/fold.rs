//! Folding: what two writings of the same words have in common.
//!
//! For matching and searching only; nothing that a person reads is ever folded.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text without accents and case; `œ` as `oe`, one kind of apostrophe and of dash, single spaces.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    if text.is_ascii() {
        fold_ascii(text, &mut folded);
        return folded;
    }
    if fold_french(text, &mut folded) {
        return folded;
    }
    folded.clear();
    // Twice, because a compatibility form may hide a capital, and a capital an accent.
    let letters = text.nfkd().flat_map(char::to_lowercase).nfkd();
    for c in letters.filter(|c| !is_combining_mark(*c)) {
        let written = match c {
            'œ' => "oe",
            'æ' => "ae",
            'ß' => "ss",
            'ø' => "o",
            'đ' => "d",
            'ł' => "l",
            '’' | '‘' | 'ʼ' | '´' | '`' | '′' => "'",
            '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
            '«' | '»' | '“' | '”' | '„' | '″' => "\"",
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => continue,
            c if c.is_whitespace() || c.is_control() => {
                gap = !folded.is_empty();
                continue;
            }
            c => {
                push(&mut folded, &mut gap, c.encode_utf8(&mut [0; 4]));
                continue;
            }
        };
        push(&mut folded, &mut gap, written);
    }
    folded
}

/// The same for plain letters, which most words are.
fn fold_ascii(text: &str, folded: &mut String) {
    let mut gap = false;
    for byte in text.bytes() {
        if byte.is_ascii_whitespace() || byte.is_ascii_control() {
            gap = !folded.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            folded.push(' ');
        }
        let plain = if byte == b'`' { b'\'' } else { byte.to_ascii_lowercase() };
        folded.push(char::from(plain));
    }
}

/// The same for what French is written with; false, with nothing promised, where another letter stands.
fn fold_french(text: &str, folded: &mut String) -> bool {
    let mut gap = false;
    for c in text.chars() {
        let written = match c {
            '`' => "'",
            c if c.is_ascii_whitespace() || c.is_ascii_control() => {
                gap = !folded.is_empty();
                continue;
            }
            c if c.is_ascii() => {
                push(folded, &mut gap, c.to_ascii_lowercase().encode_utf8(&mut [0; 4]));
                continue;
            }
            '\u{a0}' | '\u{202f}' => {
                gap = !folded.is_empty();
                continue;
            }
            'à' | 'â' | 'ä' | 'À' | 'Â' | 'Ä' => "a",
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => "e",
            'î' | 'ï' | 'Î' | 'Ï' => "i",
            'ô' | 'ö' | 'Ô' | 'Ö' => "o",
            'ù' | 'û' | 'ü' | 'Ù' | 'Û' | 'Ü' => "u",
            'ç' | 'Ç' => "c",
            'œ' | 'Œ' => "oe",
            '’' | '‘' => "'",
            '–' | '—' => "-",
            '«' | '»' | '“' | '”' => "\"",
            '…' => "...",
            '€' => "€",
            '·' => "·",
            '°' => "°",
            '²' => "2",
            _ => return false,
        };
        push(folded, &mut gap, written);
    }
    true
}

fn push(folded: &mut String, gap: &mut bool, written: &str) {
    if std::mem::take(gap) {
        folded.push(' ');
    }
    folded.push_str(written);
}

/// What is left of a text when only its concept counts: folded, inclusive endings and plurals taken off,
/// punctuation gone. `élu·es`, `Élus`, `élu(e)s` and `ELU` have one key.
pub fn key(text: &str) -> String {
    let folded = fold(text);
    let folded = without_inclusive_endings(&folded);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(singular).collect::<Vec<_>>().join(" ")
}

/// A folded word without the mark of its plural: `elus`, `niveaux`, `sociaux` are `elu`, `niveau`, `social`.
pub fn singular(word: &str) -> Cow<'_, str> {
    if word.chars().count() < 4 {
        return Cow::Borrowed(word);
    }
    match word.strip_suffix("aux") {
        Some(stem) if !stem.ends_with('e') => Cow::Owned(format!("{stem}al")),
        _ => Cow::Borrowed(word.strip_suffix(['s', 'x']).unwrap_or(word)),
    }
}

/// The marks that stand between the endings of inclusive writing, and the endings.
static INCLUSIVE: LazyLock<Regex> = LazyLock::new(|| {
    let endings = "trices?|teuses?|euses?|rices?|ices?|eres?|nes?|les?|tes?|ses?|ves?|fes?|es?|s";
    Regex::new(&format!(
        r"(?P<base>[a-z]{{2,}}?)(?P<first>[·‧•∙⋅.\-]|\()(?P<ending>{endings})\)?(?:[·‧•∙⋅.\-]?s)?(?P<after>[^a-z0-9·‧•∙⋅.\-(]|[.\-](?:\s|$)|$)"
    ))
    .expect("a fixed pattern")
});

/// A folded text in which `elu·es`, `agent.es`, `etudiant(e)s`, `charge-es` are `elu`, `agent`…
pub fn without_inclusive_endings(folded: &str) -> Cow<'_, str> {
    // Most texts have no such mark, and the pattern is dear.
    if folded.contains(['·', '‧', '•', '∙', '⋅', '.', '-', '(']) {
        INCLUSIVE.replace_all(folded, "$base$after")
    } else {
        Cow::Borrowed(folded)
    }
}

/// A folded text without inclusive endings, and the feminine words that those stand for.
pub fn inclusive_forms(folded: &str) -> (Cow<'_, str>, Vec<String>) {
    let plain = without_inclusive_endings(folded);
    if plain == folded {
        return (plain, Vec::new());
    }
    let feminine = INCLUSIVE.captures_iter(folded).map(|found| {
        let ending = found["ending"].trim_end_matches('s');
        feminine(&found["base"], ending)
    });
    let feminine = feminine.collect();
    (plain, feminine)
}

fn feminine(base: &str, ending: &str) -> String {
    let base = base.trim_end_matches('s');
    let turned = |masculine: &str| base.strip_suffix(masculine);
    match ending {
        "trice" | "rice" | "ice" => turned("teur").map(|stem| format!("{stem}trice")),
        "euse" | "teuse" => turned("eur").map(|stem| format!("{stem}euse")),
        "ere" => turned("er").map(|stem| format!("{stem}ere")),
        "ve" => turned("f").map(|stem| format!("{stem}ve")),
        "se" => turned("x").map(|stem| format!("{stem}se")),
        _ => None,
    }
    .unwrap_or_else(|| format!("{base}{ending}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accents_case_ligatures_and_typography_do_not_part_two_writings() {
        for (one, other) in [
            ("Éducation  populaire", "education populaire"),
            ("le cœur de l’été", "LE COEUR DE L'ETE"),
            ("12\u{202f}500\u{a0}€", "12 500 €"),
            ("sur\u{2011}mesure — demain", "sur-mesure - demain"),
            ("de\u{301}mocratie\u{200b}", "démocratie"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
    }

    proptest! {
        #[test]
        fn what_french_is_written_with_folds_as_any_other_letters(
            text in "[a-zA-Z0-9`~ \n\t\u{7f}\u{a0}\u{202f}àâäÀÂÄéèêëÉÈÊËîïÎÏôöÔÖùûüÙÛÜçÇœŒ’‘–—«»“”…€·°²-]{0,24}",
        ) {
            // A letter of another language takes the long way.
            let by_the_long_way = fold(&format!("ł{text}"));

            prop_assert_eq!(fold(&text), by_the_long_way[1..].trim_start());
        }
    }

    #[test]
    fn inclusive_writing_in_all_its_habits_has_one_key() {
        for (written, plain) in [
            ("élu·es", "élus"),
            ("élu.e.s", "élus"),
            ("Élu(e)s", "élu"),
            ("Agent.es", "agents"),
            ("formateur.trice.s", "formateurs"),
            ("facilitateurs.trices", "facilitateur"),
            ("consultant·e·s", "consultants"),
            ("praticien‧nes", "praticiens"),
            ("étudiant(e)s", "étudiants"),
            ("chargé-es", "chargés"),
            ("citoyen-ne-s", "citoyen"),
            ("acteur·ices", "acteurs"),
            ("Porteur·euses", "porteurs"),
            ("tou-te-s", "tou"),
            ("tou.te.s", "tou"),
            ("travailleurs sociaux", "travailleur social"),
            ("niveaux", "niveau"),
        ] {
            assert_eq!(key(written), key(plain), "{written}");
        }
    }

    #[test]
    fn hyphens_and_dots_that_are_no_inclusive_writing_stay() {
        for word in
            ["co-construction", "vis-a-vis", "rendez-vous", "www.lisode.com", "rez-de-jardin"]
        {
            assert_eq!(without_inclusive_endings(word), word);
        }
    }

    #[test]
    fn a_feminine_word_finds_what_inclusive_writing_stands_for() {
        for (written, plain, feminine) in [
            ("les formateur·trice·s", "les formateur", "formatrice"),
            ("citoyen·nes", "citoyen", "citoyenne"),
            ("élu.es locaux", "elu locaux", "elue"),
        ] {
            let folded = fold(written);
            let forms = inclusive_forms(&folded);
            assert_eq!((&*forms.0, &*forms.1), (plain, &[feminine.to_owned()][..]), "{written}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in ".*") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
        }

        #[test]
        fn plain_letters_fold_like_all_others(text in "[ -~\t\n]{0,40}") {
            // A letter that is not plain sends the text the long way.
            let long_way = fold(&format!("{text}é"));
            let wanted = long_way.strip_suffix('e').unwrap().trim_end();
            prop_assert_eq!(fold(&text), wanted);
        }

        #[test]
        fn keys_and_inclusive_forms_never_fail(text in "[a-zé·.()\\- ]*") {
            key(&text);
            inclusive_forms(&fold(&text));
        }
    }
}
