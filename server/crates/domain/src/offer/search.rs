//! Full-text search over offers: which of them hold the words that somebody looks for, and how well.
//!
//! An [`Index`] is made once per state of the table. All is compared folded, so that accents, case, apostrophes
//! and the marks of inclusive writing never matter. A word is looked for as it is, in its other number, in its family
//! ([`stem`](crate::text::stem)), as the beginning of a longer word, and, where nothing of that is there, as a typing
//! mistake of the nearest word that is. What was corrected is told, so that nobody wonders.
//!
//! The index is in Rust and not in SQL: the two engines would stem, fold and rank each in their own way, and one
//! address must show everybody the same list.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use strsim::osa_distance;

use crate::text::fold::{fold, inclusive_forms, singular};
use crate::text::stem::stem;

/// How well a word of an offer answers a word that was asked.
const SAME: f64 = 1.0;
const OTHER_NUMBER: f64 = 0.9;
const FAMILY: f64 = 0.6;
const BEGINNING: f64 = 0.5;
const MISTAKE: f64 = 0.4;
/// What an offer gains whose title holds the very words in their order.
const IN_THE_TITLE: f64 = 25.0;
/// Shorter words are not completed: `ia` is no beginning of `iatrogène`.
const SHORTEST_BEGINNING: usize = 3;

/// Words that nobody looks for: they stand in most sentences.
const EMPTY: [&str; 44] = [
    "a", "au", "aux", "avec", "ce", "ces", "comme", "comment", "dans", "de", "des", "donc", "du",
    "elle", "en", "est", "et", "il", "ils", "je", "la", "le", "les", "leur", "leurs", "mais", "ne",
    "nous", "on", "ou", "par", "pas", "pour", "que", "qui", "sa", "se", "ses", "son", "sur", "un",
    "une", "vos", "vous",
];
/// What stands before an apostrophe: `l'eau`, `d'acteurs`, `qu'est-ce`.
const ELIDED: [&str; 11] = ["l", "d", "j", "n", "s", "c", "m", "t", "qu", "jusqu", "lorsqu"];
/// Words that every offer of a catalogue of trainings holds, whatever it is about.
const GENERAL: [&str; 8] =
    ["formation", "formations", "stage", "stages", "cours", "training", "course", "former"];

/// Where a word stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    entry: u32,
    /// How telling the columns are in which it stands, all together.
    weight: f32,
}

/// The words of all offers.
#[derive(Debug, Clone, Default)]
pub struct Index {
    words: BTreeMap<String, Vec<Place>>,
    families: HashMap<String, Vec<String>>,
    /// A word as somebody wrote it, with its accents.
    spelt: HashMap<String, String>,
    /// The words of each title in their order.
    titles: Vec<String>,
}

/// The offers that answer, each with how well, and how the words were taken.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// Place of the offer and score, in the order of the places.
    pub scores: BTreeMap<usize, f64>,
    /// What was asked and what was found instead.
    pub corrected: Vec<Corrected>,
    /// No offer holds all words: these hold most of them.
    pub only_most: bool,
}

/// A word that no offer holds, and the one that was looked for instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// What was asked.
    pub asked: String,
    /// What was looked for.
    pub found: String,
}

/// The words of one offer, column by column.
pub struct Text<'a> {
    /// How telling the column is.
    pub weight: f32,
    /// What stands in it.
    pub words: &'a str,
}

impl Index {
    /// Takes in the next offer: its title, and what stands in its columns.
    pub fn add<'a>(&mut self, title: &str, texts: impl IntoIterator<Item = Text<'a>>) {
        let entry = u32::try_from(self.titles.len()).unwrap_or(u32::MAX);
        self.titles.push(in_order(title));
        let mut weights: BTreeMap<String, f32> = BTreeMap::new();
        for text in texts {
            self.keep_spelling(text.words);
            for word in all_tokens(text.words) {
                *weights.entry(word).or_default() += text.weight;
            }
        }
        for (word, weight) in weights {
            self.words.entry(word).or_default().push(Place { entry, weight });
        }
    }

    /// To be called once all offers are in.
    #[must_use]
    pub fn ready(mut self) -> Self {
        for word in self.words.keys() {
            self.families.entry(stem(word).into_owned()).or_default().push(word.clone());
        }
        self
    }

    /// Every offer answers where nothing was asked.
    pub fn asks_nothing(query: &str) -> bool {
        asked(query).is_empty()
    }

    /// The offers that answer a query.
    pub fn answer(&self, query: &str) -> Answer {
        let asked = asked(query);
        let mut answer = Answer::default();
        let mut held: BTreeMap<usize, (usize, f64)> = BTreeMap::new();
        for word in &asked {
            let (scores, corrected) = self.of_word(word);
            answer.corrected.extend(corrected);
            for (entry, score) in scores {
                let (words, sum) = held.entry(entry).or_default();
                *words += 1;
                *sum += score;
            }
        }
        let most = held.values().map(|(words, _)| *words).max().unwrap_or_default();
        if most < asked.len() {
            // Half of the words is another question.
            if most * 2 <= asked.len() {
                return Answer { scores: BTreeMap::new(), ..answer };
            }
            answer.only_most = true;
        }
        let phrase = asked.iter().map(|word| word.parts.join(" ")).collect::<Vec<_>>().join(" ");
        let best = held.into_iter().filter(|(_, (words, _))| *words == most);
        answer.scores = best
            .map(|(entry, (_, score))| {
                let in_title = self.titles.get(entry).is_some_and(|it| it.contains(&phrase));
                (entry, if in_title { score + IN_THE_TITLE } else { score })
            })
            .collect();
        answer
    }

    /// The offers that hold a word: all its parts, or all of it in one.
    fn of_word(&self, word: &Asked) -> (BTreeMap<usize, f64>, Option<Corrected>) {
        let mut scores = self.as_written(&word.whole);
        if let [one, others @ ..] = word.parts.as_slice()
            && !others.is_empty()
        {
            let mut all = self.as_written(one);
            for part in others {
                let more = self.as_written(part);
                all.retain(|entry, _| more.contains_key(entry));
                for (entry, score) in &mut all {
                    *score += more[entry];
                }
            }
            for (entry, score) in all {
                let best = scores.entry(entry).or_default();
                *best = best.max(score);
            }
        }
        if !scores.is_empty() {
            return (scores, None);
        }
        let Some(found) = self.nearest(&word.whole) else { return (scores, None) };
        let spelt = self.spelt.get(found).map_or(found, String::as_str).to_owned();
        let mut scores = BTreeMap::new();
        self.gather(&mut scores, self.families.get(&*stem(found)).into_iter().flatten(), MISTAKE);
        (scores, Some(Corrected { asked: word.written.clone(), found: spelt }))
    }

    /// The offers that hold a word in one of its forms.
    fn as_written(&self, word: &str) -> BTreeMap<usize, f64> {
        let mut scores = BTreeMap::new();
        if let Some((word, _)) = self.words.get_key_value(word) {
            self.gather(&mut scores, [word], SAME);
        }
        let one = singular(word);
        let family = self.families.get(&*stem(word)).map_or(&[][..], Vec::as_slice);
        let (number, others): (Vec<&String>, Vec<&String>) =
            family.iter().partition(|it| singular(it) == one);
        self.gather(&mut scores, number, OTHER_NUMBER);
        // A beginning is what one types on the way to a word; a word that is there is no beginning.
        if scores.is_empty() && word.chars().count() >= SHORTEST_BEGINNING {
            let from = self.words.range(word.to_owned()..);
            let longer = from.map(|(it, _)| it).take_while(|it| it.starts_with(word));
            self.gather(&mut scores, longer, BEGINNING);
        }
        self.gather(&mut scores, others, FAMILY);
        scores
    }

    /// Adds the places of words; each offer keeps its best.
    fn gather<'a>(
        &self,
        scores: &mut BTreeMap<usize, f64>,
        words: impl IntoIterator<Item = &'a String>,
        quality: f64,
    ) {
        for word in words {
            let places = &self.words[word];
            let rare = (1.0 + self.titles.len() as f64 / places.len() as f64).ln();
            for place in places {
                let best = scores.entry(place.entry as usize).or_default();
                *best = best.max(quality * rare * f64::from(place.weight));
            }
        }
    }

    /// The word that a hand most probably meant: the fewest slips away, then the one in most offers.
    fn nearest(&self, word: &str) -> Option<&str> {
        let length = word.chars().count();
        let most = match length {
            0..=3 => return None,
            4..=7 => 1,
            _ => 2,
        };
        // A number that is off by one figure is another number.
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let near = self.words.iter().filter_map(|(known, places)| {
            let far = known.chars().count().abs_diff(length) > most;
            let distance = if far { return None } else { osa_distance(word, known) };
            let other_beginning = known.bytes().next() != word.bytes().next();
            (distance <= most && known.len() > 3).then_some((
                distance,
                other_beginning,
                usize::MAX - places.len(),
                known,
            ))
        });
        near.min().map(|(_, _, _, known)| known.as_str())
    }

    fn keep_spelling(&mut self, text: &str) {
        for written in text.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_ascii()) {
            let folded = fold(written);
            self.spelt.entry(folded).or_insert_with(|| written.to_lowercase());
        }
    }
}

/// One word that is looked for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    /// As it was typed.
    written: String,
    /// Its letters together: `coconstruction`.
    whole: String,
    /// What its hyphens part: `co`, `construction`.
    parts: Vec<String>,
}

impl Asked {
    fn of(piece: &str, written: &str) -> Option<Self> {
        let parts: Vec<String> =
            piece.split('-').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let whole = parts.concat();
        (!whole.is_empty()).then(|| Self { written: written.to_owned(), whole, parts })
    }

    /// Whether somebody looks for it, rather than saying it on the way.
    fn is_telling(&self) -> bool {
        let whole = self.whole.as_str();
        let empty = EMPTY.contains(&whole) || ELIDED.contains(&whole);
        !GENERAL.contains(&whole) && (!empty || self.is_acronym())
    }

    /// `DU` is a diploma, `du` is nothing.
    fn is_acronym(&self) -> bool {
        self.written.len() > 1 && self.written.chars().all(char::is_uppercase)
    }
}

/// The words of a query that say something; all of them where none does.
fn asked(query: &str) -> Vec<Asked> {
    let words: Vec<Asked> = query
        .split_whitespace()
        .flat_map(|chunk| {
            let folded = fold(chunk);
            let (plain, _) = inclusive_forms(&folded);
            let pieces: Vec<&str> = pieces(&plain).collect();
            let chunk = chunk.trim_matches(|c: char| !c.is_alphanumeric());
            let alone = pieces.len() == 1;
            let of = |piece: &&str| Asked::of(piece, if alone { chunk } else { piece });
            pieces.iter().filter_map(of).collect::<Vec<Asked>>()
        })
        .collect();
    let mut seen = BTreeSet::new();
    // Whoever writes all in capitals means no acronym.
    let shouted = !query.chars().any(char::is_lowercase);
    let is_telling =
        |word: &Asked| word.is_telling() && !(shouted && EMPTY.contains(&word.whole.as_str()));
    let some = words.iter().any(is_telling);
    let words = words.into_iter().filter(|word| !some || is_telling(word));
    words.filter(|word| seen.insert(word.whole.clone())).collect()
}

/// Words with their hyphens.
fn pieces(folded: &str) -> impl Iterator<Item = &str> {
    let parts = folded.split(|c: char| !c.is_alphanumeric() && c != '-');
    parts.filter(|piece| piece.bytes().any(|byte| byte != b'-'))
}

/// The words under which an offer is found that holds this text: as they are, with the feminine forms that
/// inclusive writing stands for, and hyphened words both whole and in parts.
fn all_tokens(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for chunk in text.split_whitespace() {
        let folded = fold(chunk);
        let (plain, feminine) = inclusive_forms(&folded);
        for piece in pieces(&plain).chain(feminine.iter().map(String::as_str)) {
            if let Some(word) = Asked::of(piece, chunk.trim_matches(|c: char| !c.is_alphanumeric()))
            {
                let says_nothing = EMPTY.contains(&word.whole.as_str()) && !word.is_telling();
                if !says_nothing && word.parts.len() > 1 {
                    all.extend(word.parts);
                }
                if !says_nothing {
                    all.insert(word.whole);
                }
            }
        }
    }
    all
}

/// The words of a text in their order, for phrases.
fn in_order(text: &str) -> String {
    let words: Vec<String> = asked(text).into_iter().map(|word| word.parts.join(" ")).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index(titles: &[&str]) -> Index {
        let mut index = Index::default();
        for title in titles {
            index.add(title, [Text { weight: 1.0, words: title }]);
        }
        index.ready()
    }

    fn found(index: &Index, query: &str) -> Vec<usize> {
        index.answer(query).scores.into_keys().collect()
    }

    /// In the order of the scores.
    fn ranked(index: &Index, query: &str) -> Vec<usize> {
        let mut found: Vec<(usize, f64)> = index.answer(query).scores.into_iter().collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.into_iter().map(|(entry, _)| entry).collect()
    }

    #[test]
    fn accents_apostrophes_capitals_and_inclusive_marks_do_not_matter() {
        let index = index(&["L’évaluation de l'eau par les élu·es", "Formateur·trice·s d’acteurs"]);

        for query in [
            "evaluation",
            "ÉVALUATION",
            "l'eau",
            "d’eau",
            "eaux",
            "élus",
            "elue",
            "élu.e.s",
            "élu(e)s",
        ] {
            assert_eq!(found(&index, query), [0], "{query}");
        }
        for query in ["formatrices", "formateur", "formateur.trice.s", "acteur"] {
            assert_eq!(found(&index, query), [1], "{query}");
        }
    }

    #[test]
    fn the_word_itself_comes_before_its_family_and_its_family_before_beginnings() {
        let index = index(&["Participer", "La participation", "Participatif", "Partir"]);

        assert_eq!(ranked(&index, "participation")[0], 1);
        assert_eq!(found(&index, "participation"), [0, 1, 2]);
        assert_eq!(found(&index, "parti"), [0, 1, 2, 3]);
    }

    #[test]
    fn a_typing_mistake_finds_what_was_meant_and_says_so() {
        let index = index(&["Concertation et médiation", "Concert", "Budget participatif"]);

        for (typed, meant, place) in [
            ("concertaton", "concertation", 0),
            ("meditaion", "médiation", 0),
            ("particpatif", "participatif", 2),
            ("bugdet", "budget", 2),
        ] {
            let answer = index.answer(typed);
            assert!(answer.scores.contains_key(&place), "{typed}");
            let said = Corrected { asked: typed.to_owned(), found: meant.to_owned() };
            assert_eq!(answer.corrected, [said]);
        }
        assert_eq!(index.answer("médiation").corrected, []);
        assert!(found(&index, "bug2et").is_empty() && found(&index, "introuvable").is_empty());
    }

    #[test]
    fn hyphens_part_words_or_not() {
        let index = index(&["La co-construction", "La coconstruction", "Construction en bois"]);

        for query in ["co-construction", "coconstruction"] {
            assert_eq!(found(&index, query), [0, 1], "{query}");
        }
    }

    #[test]
    fn small_words_are_not_looked_for_unless_there_is_nothing_else() {
        let index =
            index(&["Une formation à la concertation", "DU de médiation", "Le tour du monde"]);

        assert_eq!(found(&index, "une formation pour la concertation"), [0]);
        assert_eq!(found(&index, "DU"), [1], "the diploma and not the word");
        assert_eq!(found(&index, "DU MÉDIATION"), [1]);
        assert_eq!(found(&index, "LE TOUR DU MONDE"), [2]);
        assert_eq!(found(&index, "formation"), [0]);
        assert!(Index::asks_nothing(" … ’ ") && !Index::asks_nothing("du"));
    }

    #[test]
    fn where_no_offer_holds_all_words_those_with_most_of_them_are_told_as_such() {
        let index = index(&["Animer une réunion publique", "Animer un atelier"]);

        let most = index.answer("animer réunion publique Quimper");
        assert!(most.only_most);
        assert_eq!(most.scores.into_keys().collect::<Vec<_>>(), [0]);
        assert!(
            found(&index, "réunion Quimper").is_empty(),
            "half of the words is another question"
        );
        assert!(!index.answer("animer").only_most);
    }

    #[test]
    fn a_title_that_says_the_very_words_comes_first() {
        let index = index(&[
            "Participation citoyenne et concertation",
            "La concertation avec participation",
        ]);

        assert_eq!(ranked(&index, "la concertation avec participation")[0], 1);
    }

    proptest! {
        #[test]
        fn no_query_makes_it_fail(query in ".{0,60}", text in ".{0,60}") {
            let index = index(&[&text]);

            let answer = index.answer(&query);

            prop_assert!(answer.scores.values().all(|score| score.is_finite()));
        }

        #[test]
        fn every_word_of_an_offer_finds_it(title in "[a-zéèàç]{4,12}( [a-zéèàç]{4,12}){0,4}") {
            let index = index(&[&title]);

            for word in title.split(' ') {
                prop_assert_eq!(found(&index, word), [0], "{}", word);
            }
        }
    }
}
