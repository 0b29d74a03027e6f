//! The names under which columns stand in people's files.
//!
//! To teach a name: one word in [`ALIASES`]. Case, accents, plurals and punctuation need no line. A name that
//! could mean two columns has no line: a header that is not known is said, never guessed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::aliases::ALIASES;
use crate::ids::ColumnId;
use crate::table::Columns;
use crate::text::fold::{fold, key};

/// Where the cells under a header go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The value of a column.
    Cell(ColumnId),
    /// The contributor's own words beside it, as our own exports have them.
    Said(ColumnId),
}

impl Target {
    /// The key of the place in a row: `themes`, `themes~said`.
    pub fn key(&self) -> String {
        match self {
            Self::Cell(column) => column.to_string(),
            Self::Said(column) => said_key(column.as_str()),
        }
    }

    /// The column.
    pub fn column(&self) -> &ColumnId {
        match self {
            Self::Cell(column) | Self::Said(column) => column,
        }
    }
}

/// The key of the own words beside a column.
pub fn said_key(column: &str) -> String {
    format!("{column}~said")
}

/// All known names of a table's columns.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Ids to the letter, as our own exports have them: `tarifs` and `tarif_texte` are two columns.
    ids: BTreeMap<String, Target>,
    keys: BTreeMap<String, (Target, f64)>,
    short_keys: BTreeMap<String, Target>,
}

/// How sure a header is: the column's own name.
const OWN_NAME: f64 = 1.0;
/// A usual other name.
const USUAL_NAME: f64 = 0.95;
/// A known name once a remark in parentheses is left out.
const WITHOUT_REMARK: f64 = 0.85;
/// A known name once small words are left out.
const WITHOUT_SMALL_WORDS: f64 = 0.75;

impl Names {
    /// The names of the columns in use.
    pub fn of(columns: &Columns) -> Self {
        let mut names = Self::default();
        for column in columns.in_use() {
            let id = column.id.to_string();
            names.ids.insert(format!("{id}_texte"), Target::Said(column.id.clone()));
            names.ids.insert(said_key(&id), Target::Said(column.id.clone()));
        }
        for column in columns.in_use() {
            names.ids.insert(column.id.to_string(), Target::Cell(column.id.clone()));
        }
        for column in columns.in_use() {
            let own = [column.label.fr.clone(), column.label.en.clone(), column.id.to_string()];
            for name in &own {
                names.learn(name, &Target::Cell(column.id.clone()), OWN_NAME);
            }
        }
        for column in columns.in_use() {
            let said = Target::Said(column.id.clone());
            for name in [column.id.as_str(), &column.label.fr, &column.label.en] {
                names.learn(&format!("{name} texte"), &said, OWN_NAME);
                names.learn(&format!("{name} said"), &said, OWN_NAME);
            }
        }
        for (column, aliases) in ALIASES {
            let column = columns.get(column).filter(|column| !column.archived);
            for (column, alias) in column.iter().flat_map(|it| aliases.iter().map(move |a| (it, a)))
            {
                names.learn(alias, &Target::Cell(column.id.clone()), USUAL_NAME);
            }
        }
        names
    }

    fn learn(&mut self, name: &str, target: &Target, confidence: f64) {
        let key = header_key(name);
        let short = without_small_words(&key);
        if !short.is_empty() {
            self.short_keys.entry(short).or_insert_with(|| target.clone());
        }
        if !key.is_empty() {
            self.keys.entry(key).or_insert_with(|| (target.clone(), confidence));
        }
    }

    /// The column that a header means, and how sure that is.
    pub fn find(&self, header: &str) -> Option<(Target, f64)> {
        if let Some(target) = self.ids.get(header.trim()) {
            return Some((target.clone(), OWN_NAME));
        }
        let whole = header_key(header);
        if let Some((target, confidence)) = self.keys.get(&whole) {
            return Some((target.clone(), *confidence));
        }
        let bare = header_key(&without_parentheses(without_number(header)));
        if let Some((target, _)) = self.keys.get(&bare).filter(|_| !bare.is_empty()) {
            return Some((target.clone(), WITHOUT_REMARK));
        }
        let found = self.short_keys.get(&without_small_words(&bare));
        found.map(|target| (target.clone(), WITHOUT_SMALL_WORDS))
    }
}

/// A sign alone is a name too: `€`.
fn header_key(header: &str) -> String {
    let key = key(header);
    if key.is_empty() { fold(header).replace(['?', '*', ':', ' '], "") } else { key }
}

/// `1. Titre`, `2) Organisme`: the columns of some files are counted.
fn without_number(header: &str) -> &str {
    let header = header.trim_start();
    let rest = header.trim_start_matches(|c: char| c.is_ascii_digit());
    match rest.strip_prefix(['.', ')', '-']) {
        Some(name) if rest.len() < header.len() => name,
        _ => header,
    }
}

fn without_parentheses(header: &str) -> String {
    let mut depth = 0_i32;
    let outside = header.chars().filter(|c| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => return depth <= 0,
        }
        false
    });
    outside.collect()
}

fn without_small_words(key: &str) -> String {
    const SMALL: &[&str] = &[
        "de",
        "la",
        "le",
        "les",
        "des",
        "du",
        "d",
        "l",
        "en",
        "un",
        "une",
        "ttc",
        "ht",
        "net",
        "tva",
        "par",
        "personne",
        "euro",
        "indicatif",
        "eventuel",
        "eventuelle",
        "prevu",
        "prevue",
        "si",
        "connu",
    ];
    let kept: Vec<&str> = key.split(' ').filter(|word| !SMALL.contains(word)).collect();
    kept.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::defaults::formations;

    fn found(header: &str) -> Option<String> {
        let names = Names::of(&Columns::new(formations()));
        names.find(header).map(|(target, _)| target.key())
    }

    #[test]
    fn headers_of_french_offices_are_known_in_any_writing() {
        for (header, column) in [
            ("INTITULÉ *", "intitule"),
            ("Nom de la\nformation ", "intitule"),
            ("Structure(s)", "organisme"),
            ("Qui ?", "organisme"),
            ("Coût", "tarif_texte"),
            ("Prix (HT)", "tarif_texte"),
            ("Tarif TTC par personne", "tarif_texte"),
            ("€", "tarif_texte"),
            ("Pour qui ?", "publics"),
            ("Où ?", "lieux"),
            ("Quand ?", "sessions"),
            ("+ d’infos", "url"),
            ("Présentiel/Distanciel", "modalite"),
            ("thématiques", "themes"),
            ("Qui propose ?", "organisme"),
            ("Intitulé du stage", "intitule"),
            ("1. Titre de la formation", "intitule"),
            ("Volume horaire", "duree_texte"),
            ("Durée (jours)", "duree_jours"),
            ("Date(s) de la prochaine session", "sessions"),
            ("Coût (en €)", "tarif_texte"),
            ("Tarif (HT, par personne)", "tarif_texte"),
            ("Lieu(x) de formation", "lieux"),
            ("Public(s) visé(s)", "publics"),
            ("Lien vers la page", "url"),
            ("N° de téléphone", "contact_tel"),
            ("Nombre max. de participants", "effectif_max"),
            ("Durée (en jours ou en heures)", "duree_texte"),
            ("duree_heures", "duree_heures"),
            ("tarifs", "tarifs"),
            ("Tarifs", "tarif_texte"),
            ("tarif_texte", "tarif_texte"),
            ("tarifs_texte", "tarifs~said"),
            ("Thèmes (texte)", "themes~said"),
        ] {
            assert_eq!(found(header).as_deref(), Some(column), "{header}");
        }
    }

    #[test]
    fn a_header_that_is_not_known_is_not_guessed() {
        for header in [
            "Qui s'en occupe ?",
            "Remarques",
            "",
            "2024",
            "Nom du référent",
            "Formation suivie par",
        ] {
            assert_eq!(found(header), None, "{header}");
        }
    }

    #[test]
    fn every_alias_leads_to_its_column() {
        let names = Names::of(&Columns::new(formations()));
        for (column, aliases) in ALIASES {
            for alias in *aliases {
                let target = names.find(alias).map(|(target, _)| target.key());
                assert_eq!(target.as_deref(), Some(*column), "{alias}");
            }
        }
    }
}
