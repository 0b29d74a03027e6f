//! Stems: what the words of one French family have in common, such as `participer`, `participatif` and
//! `participation`.
//!
//! Own rules rather than Snowball's for French, for two reasons. People search without accents, and most of
//! Snowball's rules wait for an accent (`évalué`, `qualité`). And it looks for suffixes behind the second
//! syllable only, so that `médiation` and `médiateur` stay apart. Ours start from folded
//! words, and are few: a search ranks a stem below the word itself, so that one too many costs little.
//!
//! To add a rule: one line in [`ENDINGS`], longest first within its family, and a line in the test.

use std::borrow::Cow;

use super::fold::singular;

/// A stem keeps at least so many letters.
const SHORTEST: usize = 4;

/// What a word loses at its end, and what it gets instead. The first that fits is taken, and only one.
const ENDINGS: &[(&str, &str)] = &[
    // construction, construire, conductrice
    ("uctrice", "u"),
    ("ucteur", "u"),
    ("uction", "u"),
    ("uctive", "u"),
    ("uctif", "u"),
    ("uire", "u"),
    // participation, participatif, animateur, facilitatrice, obligatoire
    ("ications", "ic"),
    ("ication", "ic"),
    ("ation", ""),
    ("atrice", ""),
    ("ateur", ""),
    ("ative", ""),
    ("atif", ""),
    ("atoire", ""),
    // democratie, democratique, democrate
    ("cratique", "crat"),
    ("cratie", "crat"),
    ("crate", "crat"),
    // pedagogie, pedagogique, sociologue
    ("ogique", "og"),
    ("ogie", "og"),
    ("ogue", "og"),
    // territorial, territoire
    ("oriale", "or"),
    ("orial", "or"),
    ("oire", "or"),
    // citoyennete, citoyenne, culturelle, professionnelle
    ("ennete", "en"),
    ("onnelle", "on"),
    ("onnel", "on"),
    ("enne", "en"),
    ("elle", ""),
    ("el", ""),
    ("ale", "al"),
    // developpement, developper
    ("issement", ""),
    ("ement", ""),
    // gouvernance, intelligence, participant
    ("ance", ""),
    ("ence", ""),
    ("ante", ""),
    ("ant", ""),
    ("ente", ""),
    ("ent", ""),
    // urbanisme, urbaniste, urbain
    ("isme", ""),
    ("iste", ""),
    ("aine", "an"),
    ("ain", "an"),
    // solidarite, solidaire, precarite
    ("aire", "ar"),
    ("alite", "al"),
    ("ite", ""),
    // politique, communiquer
    ("iquer", "ic"),
    ("ique", "ic"),
    // inclusion, inclusif; reunion, reunir; porteuse, porteur
    ("ionner", ""),
    ("ion", ""),
    ("ive", ""),
    ("if", ""),
    ("euse", ""),
    ("eur", ""),
    ("ir", ""),
    // animer, animee, anime
    ("er", ""),
    ("ee", ""),
    ("ez", ""),
    ("e", ""),
];

/// The stem of a folded word; the word itself where it is too short to have one, or no word.
pub fn stem(word: &str) -> Cow<'_, str> {
    if word.len() <= SHORTEST || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return singular(word);
    }
    let one = match singular(word) {
        // `evaluees` loses its plural, then its ending.
        Cow::Borrowed(one) => one,
        Cow::Owned(one) => return Cow::Owned(without_ending(&one).into_owned()),
    };
    without_ending(one)
}

fn without_ending(word: &str) -> Cow<'_, str> {
    let fitting = ENDINGS.iter().find_map(|(ending, instead)| {
        let stem = word.strip_suffix(ending)?;
        (stem.len() + instead.len() >= SHORTEST).then_some((stem, *instead))
    });
    match fitting {
        Some((stem, "")) => Cow::Borrowed(stem),
        Some((stem, instead)) => Cow::Owned(format!("{stem}{instead}")),
        None => Cow::Borrowed(word),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::fold;

    #[test]
    fn the_words_of_a_family_have_one_stem() {
        for family in [
            "participer participation participatif participative participant participée",
            "concerter concertation concerté",
            "médiation médiateur médiatrice médiations",
            "animer animation animateur animatrice",
            "faciliter facilitation facilitateur facilitatrice",
            "démocratie démocratique démocraties",
            "délibérer délibération délibératif délibérative",
            "évaluer évaluation évaluatif",
            "former formation formateur formatrice",
            "mobiliser mobilisation",
            "citoyen citoyenne citoyenneté citoyens",
            "territoire territorial territoriaux territoriale",
            "développer développement développements",
            "inclusion inclusif inclusive",
            "réunion réunir réunions",
            "gouvernance gouverner",
            "associer association associatif",
            "coopérer coopération coopératif coopérative",
            "solidaire solidarité",
            "urbain urbanisme urbaniste urbaine",
            "politique politiques",
            "précaire précarité",
            "pédagogie pédagogique",
            "culture culturel culturelle",
            "communiquer communication",
            "engager engagement engagé",
            "local locale locaux",
            "intelligence intelligent",
            "construire construction constructif",
        ] {
            let stems: Vec<String> =
                family.split(' ').map(|word| stem(&fold(word)).into_owned()).collect();
            assert!(stems.iter().all(|it| *it == stems[0]), "{family}: {stems:?}");
        }
    }

    #[test]
    fn words_of_two_families_stay_apart() {
        for (one, other) in [
            ("eau", "eaux-vives"),
            ("médiation", "méditation"),
            ("élu", "élection"),
            ("acteur", "action"),
            ("débat", "débutant"),
            ("concertation", "concept"),
            ("région", "régime"),
        ] {
            assert_ne!(stem(&fold(one)), stem(&fold(other)), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn a_stem_is_never_empty_nor_longer(word in "[a-z]{1,20}") {
            let stem = stem(&word);
            prop_assert!(!stem.is_empty() && stem.len() <= word.len());
        }
    }
}
