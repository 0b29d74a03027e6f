//! Which offers may be one and the same: found by a machine, decided by a person.
//!
//! The same title at another body is another offer, and two offers may share a page: a likeness needs a title
//! that is near, and a provider that is near or a page that is the same. Titles that name two levels, modules, degrees
//! or audiences are told apart by that alone. The weights were chosen with `fixtures/duplicates/weights.tsv` and
//! judged by the pairs beside it. Candidates share a rare word or a page,
//! so that thousands are compared with thousands in the time of a few each.

use std::collections::{BTreeMap, HashMap};

use super::kin::{Provider, Title};
use crate::reading::link;
use serde::{Deserialize, Serialize};

/// Below this, nobody is asked.
pub const ASKED_FROM: f64 = 0.75;
/// Titles below this are two titles.
const NEAR_TITLE: f64 = 0.82;
/// Titles below this are two titles even on one page.
const NEAR_TITLE_ON_A_PAGE: f64 = 0.72;
/// Providers below this are two bodies.
const NEAR_PROVIDER: f64 = 0.72;
/// Offers that share the rarest words, of which the letters are compared.
const COMPARED: usize = 6;
/// Offers that one offer may resemble.
const TOLD: usize = 3;

/// In what two offers resemble each other, or do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// The same page.
    SameLink,
    /// The same title.
    SameTitle,
    /// Nearly the same title.
    NearTitle,
    /// The same provider.
    SameProvider,
    /// Nearly the same provider.
    NearProvider,
    /// Another provider: often another training of the same name.
    OtherProvider,
}

impl Likeness {
    /// The key of its words in the texts of the interface, and its word in plans.
    pub fn key(self) -> &'static str {
        match self {
            Self::SameLink => "same-link",
            Self::SameTitle => "same-title",
            Self::NearTitle => "near-title",
            Self::SameProvider => "same-provider",
            Self::NearProvider => "near-provider",
            Self::OtherProvider => "other-provider",
        }
    }

    /// Its words in French.
    pub fn fr(self) -> &'static str {
        match self {
            Self::SameLink => "même page",
            Self::SameTitle => "même intitulé",
            Self::NearTitle => "intitulé proche",
            Self::SameProvider => "même organisme",
            Self::NearProvider => "organisme de nom proche",
            Self::OtherProvider => "autre organisme",
        }
    }
}

/// What an offer is compared by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Traits {
    title: Title,
    provider: Provider,
    page: String,
}

/// One offer that resembles another.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    /// Its place among the known ones.
    pub place: usize,
    /// From 0 to 1.
    pub score: f64,
    /// In what they resemble each other.
    pub why: Vec<Likeness>,
}

impl Traits {
    /// The traits of an offer by its title, its provider and its page.
    pub fn of(title: &str, provider: &str, page: &str) -> Self {
        Self {
            title: Title::of(title),
            provider: Provider::of(provider),
            page: if page.is_empty() { String::new() } else { link::match_key(page) },
        }
    }

    /// How much two offers resemble each other; none where nobody need be asked.
    pub fn alike(&self, other: &Self) -> Option<(f64, Vec<Likeness>)> {
        let same_page = !self.page.is_empty() && self.page == other.page;
        let told = !self.provider.is_empty() && !other.provider.is_empty();
        let provider = if told { self.provider.near(&other.provider) } else { NEAR_PROVIDER };
        if self.title.is_told_apart_from(&other.title) || provider < NEAR_PROVIDER && !same_page {
            return None;
        }
        let title = self.title.near(&other.title);
        if title < if same_page { NEAR_TITLE_ON_A_PAGE } else { NEAR_TITLE } {
            return None;
        }
        let page = if same_page { 1.0 } else { 0.5 };
        // Another body at the same page is a former name or a partner more often than another body.
        let by = provider.max(if same_page { NEAR_PROVIDER } else { 0.0 });
        let score = 0.6 * title + 0.25 * by + 0.15 * page;
        let same_title = self.title.words == other.title.words;
        let mut why = vec![if same_title { Likeness::SameTitle } else { Likeness::NearTitle }];
        if told {
            why.push(match provider {
                _ if self.provider == other.provider => Likeness::SameProvider,
                near if near >= NEAR_PROVIDER => Likeness::NearProvider,
                _ => Likeness::OtherProvider,
            });
        }
        if same_page {
            why.push(Likeness::SameLink);
        }
        (score >= ASKED_FROM).then_some((score, why))
    }
}

/// Known offers, to be asked for those that resemble another.
#[derive(Debug, Clone, Default)]
pub struct Kin {
    known: Vec<Traits>,
    by_word: HashMap<String, Vec<usize>>,
    by_page: HashMap<String, Vec<usize>>,
}

impl Kin {
    /// Offers in an order that their places refer to.
    pub fn of(known: Vec<Traits>) -> Self {
        let mut kin = Self::default();
        for (place, traits) in known.iter().enumerate() {
            for word in traits.title.all_words() {
                kin.by_word.entry(word.clone()).or_default().push(place);
            }
            if !traits.page.is_empty() {
                kin.by_page.entry(traits.page.clone()).or_default().push(place);
            }
        }
        kin.known = known;
        kin
    }

    /// The known offers that resemble this one, the nearest first.
    pub fn of_one(&self, traits: &Traits) -> Vec<Alike> {
        let mut alike: Vec<Alike> = self
            .candidates(traits)
            .into_iter()
            .filter_map(|place| {
                let (score, why) = traits.alike(&self.known[place])?;
                Some(Alike { place, score, why })
            })
            .collect();
        alike.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.place.cmp(&b.place)));
        alike.truncate(TOLD);
        alike
    }

    /// Those that share the most, counting rare words for more; words that stand everywhere do not count.
    fn candidates(&self, traits: &Traits) -> Vec<usize> {
        const RAREST_WORDS: usize = 4;
        const OFTEN: usize = 64;
        let words = traits.title.all_words();
        let mut lists: Vec<&Vec<usize>> = words.filter_map(|word| self.by_word.get(word)).collect();
        lists.sort_by_key(|list| list.len());
        lists.truncate(RAREST_WORDS);
        lists.extend(self.by_page.get(&traits.page));
        let mut shared: BTreeMap<usize, f64> = BTreeMap::new();
        for list in lists {
            #[expect(clippy::cast_precision_loss, reason = "a weight, from a count of rows")]
            let weight = 1.0 / (list.len() as f64).sqrt();
            for place in list.iter().take(OFTEN) {
                *shared.entry(*place).or_default() += weight;
            }
        }
        let mut shared: Vec<(usize, f64)> = shared.into_iter().collect();
        shared.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        shared.into_iter().take(COMPARED).map(|(place, _)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: [&str; 3], other: [&str; 3]) -> Option<Vec<Likeness>> {
        let of = |it: [&str; 3]| Traits::of(it[0], it[1], it[2]);
        of(one).alike(&of(other)).map(|(_, why)| why)
    }

    #[test]
    fn the_same_title_at_another_body_is_another_offer() {
        let orage = ["Susciter la participation", "L'Orage", "https://orage.fr/a"];
        let ete = ["Susciter la participation", "ETE Emploi", "https://ete.fr"];

        assert_eq!(alike(orage, ete), None);
    }

    #[test]
    fn two_trainings_on_one_page_are_two() {
        let page = "https://ndbd.fr/formations";
        let one = ["Animer une réunion publique", "NDBD", page];
        let other = ["Financer un projet culturel", "NDBD", page];

        assert_eq!(alike(one, other), None);
    }

    #[test]
    fn a_title_that_was_spelt_otherwise_is_asked_about() {
        let before = ["Animer des réunions participatives", "Lisode", "https://lisode.com/a"];
        let after = ["Formation : animer les réunions participatives !", "LISODE", ""];
        let longer = ["Animer des réunions participatives et publiques", "Lisode", ""];

        let same = alike(before, after).unwrap();
        let near = alike(before, longer).unwrap();

        assert_eq!(same, [Likeness::SameTitle, Likeness::SameProvider]);
        assert_eq!(near, [Likeness::NearTitle, Likeness::SameProvider]);
    }

    #[test]
    fn numbers_of_modules_tell_them_apart_but_years_on_one_page_are_asked_about() {
        let first = ["Concertation module 1", "Lisode", "https://a.fr/1"];
        let second = ["Concertation module 2", "Lisode", "https://a.fr/2"];
        let old = ["Susciter la participation 2012", "L'Orage", "https://orage.fr"];
        let new = ["Susciter la participation 2025", "L'Orage", "https://orage.fr"];

        assert_eq!(alike(first, second), None);
        assert_eq!(
            alike(old, new).unwrap(),
            [Likeness::SameTitle, Likeness::SameProvider, Likeness::SameLink]
        );
    }

    #[test]
    fn a_university_under_its_former_name_is_no_other_body_on_the_same_page() {
        let before = ["DU Démocratie", "Lille 2", "https://univ.fr/du"];
        let after = ["DU Démocratie", "Université de Lille", "https://univ.fr/du"];

        let why = alike(before, after).unwrap();

        assert_eq!(why, [Likeness::SameTitle, Likeness::NearProvider, Likeness::SameLink]);
    }

    #[test]
    fn among_thousands_the_nearest_is_found_first() {
        let known = (0..1_800)
            .map(|n| Traits::of(&format!("Concertation et médiation, parcours {n}"), "Lisode", ""));
        let kin = Kin::of(known.collect());

        let found =
            kin.of_one(&Traits::of("Parcours 1234 : concertation, médiation", "Lisode", ""));

        assert_eq!(found[0].place, 1_234);
        assert!(found.len() <= TOLD);
    }

    #[test]
    fn offers_without_a_title_resemble_nobody() {
        assert_eq!(alike(["", "", ""], ["", "", ""]), None);
        assert_eq!(alike(["", "Lisode", "https://a.fr"], ["", "Lisode", "https://a.fr"]), None);
    }
}
