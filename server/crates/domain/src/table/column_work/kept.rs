//! Default columns that the house relies on, by their ids: what pilots may not do to them.

use crate::table::Column;

/// Columns without which no offer can be shown, published, exported or recognised again.
pub const NEEDED: [&str; 5] = ["intitule", "organisme", "type", "url", "etat"];

/// Columns whose values pages, rules, readings or exports look into by id. They may go; another kind of value
/// under another id would be theirs no longer.
pub const KEEPS_ITS_KIND: [&str; 18] = [
    "resume",
    "themes",
    "modalite",
    "publics",
    "public_texte",
    "lieux",
    "sessions",
    "duree_texte",
    "duree_heures",
    "duree_jours",
    "tarif_texte",
    "tarif_type",
    "tarifs",
    "code_rncp",
    "code_rs",
    "contact_courriel",
    "contact_tel",
    "verifie_le",
];

/// The column whose options are states that rules of publication know.
const STATES: &str = "etat";

/// How far the house relies on a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reliance {
    /// Not at all: pilots do what they like.
    Free,
    /// It may be retired, but keeps its kind.
    Kind,
    /// It stays as it is, but for its name, its place and its options.
    Needed,
    /// Its options stay, too.
    Options,
}

/// How far the house relies on this column.
pub fn reliance(column: &Column) -> Reliance {
    match column.id.as_str() {
        STATES => Reliance::Options,
        id if NEEDED.contains(&id) => Reliance::Needed,
        id if KEEPS_ITS_KIND.contains(&id) => Reliance::Kind,
        _ => Reliance::Free,
    }
}
