//! Columns: what a cell may hold, and how people call it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::{ColumnId, ItemId};

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One line, merged letter by letter.
    Text,
    /// Several lines, merged letter by letter.
    LongText,
    /// A finite number.
    Number,
    /// Prices: items `{montant, devise, taxe, unite, profil, a_partir_de}`.
    Prices,
    /// A duration in the unit that the column's name says, as a number.
    Duration,
    /// A date: `2026-09-30`, `2026-09` or `2026`.
    Date,
    /// Sessions: items `{debut, fin, precision, lieu, etat_recrutement, texte}`.
    Sessions,
    /// Places: items `{lieu, commune, code_postal, departement, pays, en_ligne}`.
    Places,
    /// One option: its id as text.
    Choice,
    /// Several options: items `true` by option id.
    Choices,
    /// An address of the web, `http` or `https`.
    Url,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// Yes or no.
    Boolean,
    /// A code such as SIRET or RNCP: a text, never a number.
    Code,
}

impl Kind {
    /// All of them, in the order in which people are offered them.
    pub const ALL: [Self; 15] = [
        Self::Text,
        Self::LongText,
        Self::Choice,
        Self::Choices,
        Self::Number,
        Self::Boolean,
        Self::Date,
        Self::Duration,
        Self::Url,
        Self::Email,
        Self::Phone,
        Self::Code,
        Self::Prices,
        Self::Sessions,
        Self::Places,
    ];

    /// Its word in documents, forms and the texts of the interface.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Number => "number",
            Self::Prices => "prices",
            Self::Duration => "duration",
            Self::Date => "date",
            Self::Sessions => "sessions",
            Self::Places => "places",
            Self::Choice => "choice",
            Self::Choices => "choices",
            Self::Url => "url",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Boolean => "boolean",
            Self::Code => "code",
        }
    }

    /// The kind of this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether its cells are texts that several hands write at once (a Y.Text in the document).
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::LongText)
    }

    /// Whether its cells are lists whose items merge one by one.
    pub fn is_list(self) -> bool {
        matches!(self, Self::Prices | Self::Sessions | Self::Places | Self::Choices)
    }

    /// Whether its cells name options of the column.
    pub fn has_options(self) -> bool {
        matches!(self, Self::Choice | Self::Choices)
    }
}

/// A name in the languages of the interface.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Label {
    /// French, always there.
    pub fr: String,
    /// English.
    pub en: String,
}

/// One option of a choice. Retired options keep their id, so that old cells stay readable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Stands in the cells.
    pub id: ItemId,
    /// What people read.
    pub label: Label,
    /// No longer offered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
}

/// One column of a table. In the document it is a plain map under its id, in these names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent fact of a column, by its name"
)]
pub struct Column {
    /// Stable, never reused.
    pub id: ColumnId,
    /// What people read.
    pub label: Label,
    /// What its cells hold.
    pub kind: Kind,
    /// The options of a choice, in the order in which they are offered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Asked by the form; an imported row may lack it.
    #[serde(default)]
    pub required: bool,
    /// What to write here, in a sentence.
    #[serde(default)]
    pub help: Label,
    /// Place among the columns, smallest first.
    pub order: f64,
    /// The block of the row panel where it stands.
    #[serde(default)]
    pub section: String,
    /// Seen by visitors and in exports.
    #[serde(default)]
    pub public: bool,
    /// Shown in the live table unless a view says otherwise.
    #[serde(default)]
    pub shown: bool,
    /// Only pilots and the program write it.
    #[serde(default)]
    pub curated: bool,
    /// Retired: hidden, its cells kept.
    #[serde(default)]
    pub archived: bool,
}

impl Column {
    /// The option with this id.
    pub fn option(&self, id: &str) -> Option<&Choice> {
        self.options.iter().find(|option| option.id.as_str() == id)
    }
}

/// The columns of a table, by id and in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    in_order: Vec<Column>,
    by_id: BTreeMap<ColumnId, usize>,
}

impl Columns {
    /// Puts columns in their order (`order`, then id).
    pub fn new(mut columns: Vec<Column>) -> Self {
        columns.sort_by(|a, b| a.order.total_cmp(&b.order).then_with(|| a.id.cmp(&b.id)));
        let by_id =
            columns.iter().enumerate().map(|(at, column)| (column.id.clone(), at)).collect();
        Self { in_order: columns, by_id }
    }

    /// The column with this id, retired ones too.
    pub fn get(&self, id: &str) -> Option<&Column> {
        self.by_id.get(id).map(|at| &self.in_order[*at])
    }

    /// All columns in order, retired ones too.
    pub fn iter(&self) -> impl Iterator<Item = &Column> {
        self.in_order.iter()
    }

    /// The columns in use, in order.
    pub fn in_use(&self) -> impl Iterator<Item = &Column> {
        self.in_order.iter().filter(|column| !column.archived)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_has_one_word_in_documents_and_in_forms() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(Kind::of_word(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::of_word("Text"), None);
    }
}
