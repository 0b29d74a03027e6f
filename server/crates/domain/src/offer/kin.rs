//! Titles and names of bodies, as far as they tell whether two entries mean the same.

use std::collections::BTreeSet;

use strsim::osa_distance;

use crate::text::fold::{fold, key, without_inclusive_endings};
use crate::text::stem::stem;

/// Words that stand in every other title and tell nothing.
const EMPTY: [&str; 40] = [
    "de", "la", "le", "les", "des", "du", "d", "l", "s", "et", "a", "au", "aux", "en", "un", "une",
    "pour", "sur", "dans", "avec", "par", "ou", "ce", "se", "son", "sa", "ses", "votre", "vos",
    "nos", "mon", "the", "of", "and", "que", "qui", "quel", "quelle", "il", "y",
];
/// Words that say what kind of thing it is, or when: two hands put them or leave them out.
const FRAME: [&str; 45] = [
    "formation",
    "former",
    "forme",
    "stage",
    "cour",
    "cycle",
    "parcour",
    "session",
    "edition",
    "programme",
    "mini",
    "action",
    "seminaire",
    "journee",
    "jour",
    "heure",
    "h",
    "j",
    "moi",
    "semaine",
    "printemp",
    "ete",
    "automne",
    "hiver",
    "janvier",
    "fevrier",
    "mar",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
    "certificat",
    "specialisation",
    "universite",
    "pro",
    "professionnel",
    "professionnelle",
    "non",
    "visible",
    "intitule",
];
/// Families of which a title names one member: another member is another offer.
const TELLING_APART: [&[(&str, &str)]; 5] = [
    &[
        ("initiation", "1"),
        ("debutant", "1"),
        ("decouverte", "1"),
        ("fondamental", "1"),
        ("approfondissement", "2"),
        ("perfectionnement", "2"),
        ("intermediaire", "2"),
        ("avance", "3"),
        ("expert", "3"),
    ],
    &[
        ("master", "master"),
        ("m1", "master"),
        ("m2", "master"),
        ("licence", "licence"),
        ("du", "du"),
        ("diu", "du"),
        ("mooc", "mooc"),
        ("webinaire", "webinaire"),
        ("colloque", "colloque"),
    ],
    &[
        ("elu", "elu"),
        ("agent", "agent"),
        ("habitant", "habitant"),
        ("jeune", "jeune"),
        ("consultant", "consultant"),
        ("benevole", "benevole"),
    ],
    &[
        ("distance", "distance"),
        ("distanciel", "distance"),
        ("visio", "distance"),
        ("presentiel", "sur place"),
    ],
    &[("printemp", "p"), ("ete", "e"), ("automne", "a"), ("hiver", "h")],
];
/// Words whose number tells two offers of a row apart.
const NUMBERED: [&str; 6] = ["module", "niveau", "partie", "volet", "bloc", "jour"];

/// A title.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Title {
    /// Its words, without those that tell nothing: their families.
    pub words: BTreeSet<String>,
    /// Those that only say what kind of thing it is, where there are no others.
    frame: BTreeSet<String>,
    /// Which member it names of the families that tell offers apart.
    marks: [BTreeSet<&'static str>; TELLING_APART.len()],
    /// `module 2`, `niveau 1`.
    numbered: BTreeSet<(String, String)>,
    /// Other numbers that are no dates and count nothing.
    numbers: BTreeSet<String>,
}

impl Title {
    /// Takes a title apart.
    pub fn of(title: &str) -> Self {
        let folded = fold(&without_code(title).replace('&', " et "));
        let folded = folded.replace("diplome d'universite", "du").replace("co-", "co");
        let folded = key(&without_inclusive_endings(&folded));
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let mut read = Self::default();
        for (at, word) in words.iter().enumerate() {
            for (family, marks) in TELLING_APART.iter().zip(&mut read.marks) {
                marks.extend(family.iter().filter(|(name, _)| name == word).map(|(_, it)| *it));
            }
            if word.bytes().any(|byte| byte.is_ascii_digit()) {
                let before = at.checked_sub(1).map_or("", |before| words[before]);
                if NUMBERED.contains(&before) {
                    read.numbered.insert((before.to_owned(), (*word).to_owned()));
                } else if before == "master" || !is_date_or_amount(word, words.get(at + 1)) {
                    read.numbers.insert((*word).to_owned());
                }
            } else if FRAME.contains(word) {
                read.frame.insert((*word).to_owned());
            } else if !EMPTY.contains(word) && !NUMBERED.contains(word) {
                read.words.insert(stem(word).into_owned());
            }
        }
        if read.words.is_empty() {
            read.words.clone_from(&read.frame);
        }
        read
    }

    /// All words under which it is looked for.
    pub fn all_words(&self) -> impl Iterator<Item = &String> {
        self.words.iter().chain(&self.numbers).chain(self.numbered.iter().map(|(_, number)| number))
    }

    /// Whether the two name two members of a family: two levels, two degrees, two modules.
    pub fn is_told_apart_from(&self, other: &Self) -> bool {
        let mut families = self.marks.iter().zip(&other.marks);
        let by_mark = families.any(|(ours, theirs)| {
            !ours.is_empty() && !theirs.is_empty() && ours.is_disjoint(theirs)
        });
        let number = |title: &Self, name: &str| {
            title.numbered.iter().find(|(it, _)| it == name).map(|(_, number)| number.clone())
        };
        let by_number = NUMBERED.iter().any(|name| {
            let (ours, theirs) = (number(self, name), number(other, name));
            ours != theirs && (ours.is_some() || *name == "module") && theirs.is_some()
        });
        let by_other_numbers = !self.numbers.is_empty()
            && !other.numbers.is_empty()
            && self.numbers.is_disjoint(&other.numbers);
        by_mark || by_number || by_other_numbers
    }

    /// How near two titles are, from 0 to 1: how many of their words they share. A word that is off by a letter
    /// is shared; a title that is the beginning of the other is near.
    pub fn near(&self, other: &Self) -> f64 {
        let (few, many) = if self.words.len() <= other.words.len() {
            (&self.words, &other.words)
        } else {
            (&other.words, &self.words)
        };
        if few.is_empty() {
            return 0.0;
        }
        let shared = few.iter().filter(|word| many.contains(*word) || has_slip(many, word)).count();
        let all = (few.len() + many.len()) as f64;
        let dice = 2.0 * shared as f64 / all;
        let whole = shared == few.len() && few.len() > 1;
        if whole { dice.max(LONGER - 0.02 * (many.len() - few.len()) as f64) } else { dice }
    }
}

/// How near a title is to one that says all of it and one word more.
const LONGER: f64 = 0.9;

fn has_slip(words: &BTreeSet<String>, word: &str) -> bool {
    word.len() > 5
        && words.iter().any(|other| {
            other.len() > 5
                && other.len().abs_diff(word.len()) <= 1
                && osa_distance(other, word) == 1
        })
}

/// `C4_Ingénierie`, `C_17 Découverte`, `24 - Le tour d'horizon`: the number in a catalogue is not the title.
fn without_code(title: &str) -> &str {
    let title = title.trim();
    let end = title.find(|c: char| c.is_whitespace()).unwrap_or(title.len());
    let code =
        title[..end].rfind('_').map_or(end, |at| if is_code(&title[..at]) { at + 1 } else { end });
    let (code, rest) = title.split_at(code);
    if is_code(code.trim_end_matches('_')) && rest.chars().any(char::is_alphabetic) {
        rest.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '«' && c != '(')
    } else {
        title
    }
}

fn is_code(word: &str) -> bool {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    digits > 0 && letters <= 1 && digits <= 3 && word.is_ascii()
}

/// Whether a number is a year, a day or an amount of something: two editions are one offer.
fn is_date_or_amount(word: &str, next: Option<&&str>) -> bool {
    let is_year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let counts = next.is_some_and(|next| FRAME.contains(next));
    is_year || counts || word.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// The name of a body, or the names of several.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Provider {
    /// The words of each name that is told, without what bodies of their kind are all called.
    names: Vec<BTreeSet<String>>,
    /// The first letters of each name.
    initials: BTreeSet<String>,
}

impl Provider {
    /// Takes a name apart.
    pub fn of(name: &str) -> Self {
        let mut read = Self::default();
        let folded = fold(name).replace('&', " et ").replace(" avec ", " / ");
        for part in folded.split(['/', ';', '(', ')', ',', '×']) {
            let part = without_points(part);
            let words: Vec<&str> = part
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            let telling: BTreeSet<String> = words
                .iter()
                .filter(|word| !KINDS.contains(word))
                .map(|it| (*it).to_owned())
                .collect();
            let initials = words.iter().filter(|word| !EMPTY.contains(word));
            let initials: String = initials.filter_map(|word| word.chars().next()).collect();
            if initials.len() > 2 {
                read.initials.insert(initials);
            }
            if !telling.is_empty() {
                read.names.push(telling);
            }
        }
        read
    }

    /// Whether nobody is named.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// How near two names are, from 0 to 1: the nearest of the bodies that they name.
    pub fn near(&self, other: &Self) -> f64 {
        let pairs = self.names.iter().flat_map(|one| other.names.iter().map(move |it| (one, it)));
        let by_words = pairs.map(|(one, it)| near_names(one, it)).fold(0.0, f64::max);
        if self.is_short_for(other) || other.is_short_for(self) {
            by_words.max(0.9)
        } else {
            by_words
        }
    }

    /// Whether one of its names is made of the first letters of one of the other's.
    fn is_short_for(&self, long: &Self) -> bool {
        let short = self.names.iter().filter(|name| name.len() == 1).flatten();
        short.map(|name| name.trim_end_matches(|c: char| c.is_ascii_digit())).any(|name| {
            name.len() > 2 && long.initials.iter().any(|initials| initials.starts_with(name))
        })
    }
}

/// What bodies of one kind are all called, and what joins names.
const KINDS: [&str; 36] = [
    "scop",
    "scic",
    "association",
    "asso",
    "sarl",
    "sas",
    "asbl",
    "universite",
    "institut",
    "ecole",
    "centre",
    "federation",
    "reseau",
    "collectif",
    "chaire",
    "formation",
    "continue",
    "faculte",
    "campus",
    "pole",
    "le",
    "la",
    "les",
    "l",
    "de",
    "du",
    "des",
    "d",
    "et",
    "pour",
    "en",
    "a",
    "au",
    "aux",
    "sur",
    "mouvement",
];

fn near_names(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    let shared = one.iter().filter(|word| other.contains(*word) || has_slip(other, word)).count();
    let (few, many) = (one.len().min(other.len()), one.len().max(other.len()));
    let together = |names: &BTreeSet<String>| names.iter().map(String::as_str).collect::<String>();
    if shared == many || together(one) == together(other) {
        1.0
    } else if shared == few {
        0.9
    } else {
        2.0 * shared as f64 / (few + many) as f64
    }
}

/// `i.f.a.r.` is `ifar`.
fn without_points(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let is_alone = |at: usize| {
        let before = at.checked_sub(2).and_then(|before| letters.get(before));
        before.is_none_or(|it| !it.is_alphanumeric())
    };
    let kept = letters.iter().enumerate().filter(|(at, letter)| {
        **letter != '.' || *at == 0 || !letters[at - 1].is_alphabetic() || !is_alone(*at)
    });
    kept.map(|(_, letter)| *letter).collect()
}
