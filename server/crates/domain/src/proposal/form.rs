//! The questions of the form: the columns of the table as it is now, in four blocks.
//!
//! A column that pilots add appears in the block of its section by itself. To give a question an example or a
//! length: [`example`], [`most_letters`].

use super::conditions;
use super::rule::Rule;
use crate::table::{Column, Columns, Kind};

/// A form over the columns of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Form<'c> {
    /// Its blocks, those without a question left out.
    pub blocks: Vec<Block<'c>>,
}

/// Questions that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Block<'c> {
    /// Which.
    pub key: BlockKey,
    /// Its questions in order.
    pub fields: Vec<Field<'c>>,
}

/// The blocks of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlockKey {
    /// What it is, who gives it.
    Essentials,
    /// What is taught, and to whom.
    Content,
    /// When, where, for how much, towards which certificate.
    Practical,
    /// Where to read more and whom to ask.
    Contact,
}

impl BlockKey {
    /// All of them in order.
    pub const ALL: [Self; 4] = [Self::Essentials, Self::Content, Self::Practical, Self::Contact];

    /// Its word in pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Essentials => "essentiel",
            Self::Content => "contenu",
            Self::Practical => "pratique",
            Self::Contact => "contact",
        }
    }

    fn of_section(section: &str) -> Self {
        match section {
            "essentiel" => Self::Essentials,
            "deroulement" | "tarif" | "certification" => Self::Practical,
            "contact" | "suivi" => Self::Contact,
            _ => Self::Content,
        }
    }
}

/// One question. Its name in the form is the id of its column.
#[derive(Debug, Clone, PartialEq)]
pub struct Field<'c> {
    /// The column that it fills.
    pub column: &'c Column,
    /// How it is asked.
    pub asked: Asked,
    /// Whether it must be answered.
    pub required: Requirement,
    /// When it is asked; none where it always is.
    pub shown_if: Option<Rule>,
    /// How a French hand would answer; empty where its label says enough.
    pub example: &'static str,
    /// How many letters it takes.
    pub most: usize,
}

/// How a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asked {
    /// One line of words.
    Line,
    /// Several lines of words.
    Lines,
    /// One of some options, by id.
    Choice,
    /// Some of some options, by ids.
    Choices,
    /// One line of words for each item: the same name several times.
    Items,
}

/// Whether a question must be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// No.
    No,
    /// Yes.
    Always,
    /// Yes where this holds of the other answers.
    When(Rule),
}

impl<'c> Form<'c> {
    /// The form of a table.
    pub fn of(columns: &'c Columns) -> Self {
        let fields: Vec<(BlockKey, Field<'c>)> = asked_columns(columns)
            .map(|column| (BlockKey::of_section(&column.section), Field::of(columns, column)))
            .collect();
        let blocks = BlockKey::ALL.into_iter().map(|key| Block {
            key,
            fields: fields.iter().filter(|(of, _)| *of == key).map(|(_, it)| it.clone()).collect(),
        });
        Self { blocks: blocks.filter(|block| !block.fields.is_empty()).collect() }
    }

    /// All questions in the order of the page.
    pub fn fields(&self) -> impl Iterator<Item = &Field<'c>> {
        self.blocks.iter().flat_map(|block| &block.fields)
    }

    /// The question about a column.
    pub fn field(&self, column: &str) -> Option<&Field<'c>> {
        self.fields().find(|field| field.column.id.as_str() == column)
    }
}

impl<'c> Field<'c> {
    fn of(columns: &Columns, column: &'c Column) -> Self {
        let id = column.id.as_str();
        let required = if column.required {
            Requirement::Always
        } else {
            conditions::needed_if(columns, id).map_or(Requirement::No, Requirement::When)
        };
        Self {
            column,
            asked: asked(column.kind),
            required,
            shown_if: conditions::asked_if(columns, id),
            example: example(column),
            most: most_letters(column),
        }
    }

    /// The name of its fields.
    pub fn name(&self) -> &'c str {
        self.column.id.as_str()
    }

    /// When it is asked, as JSON for the page.
    pub fn shown_if_json(&self) -> Option<String> {
        self.shown_if.as_ref().map(Rule::to_json)
    }
}

/// The columns that people are asked about: those they may write, unless another question tells them.
fn asked_columns(columns: &Columns) -> impl Iterator<Item = &Column> {
    columns
        .in_use()
        .filter(|column| !column.curated && (column.public || column.shown))
        .filter(|column| !is_told_by_another(columns, column.id.as_str()))
}

/// Hours and days are read from the words of the duration: nobody is asked twice.
fn is_told_by_another(columns: &Columns, column: &str) -> bool {
    let by = match column {
        "duree_heures" | "duree_jours" => "duree_texte",
        _ => return false,
    };
    columns.get(by).is_some_and(|it| !it.archived && !it.curated && (it.public || it.shown))
}

fn asked(kind: Kind) -> Asked {
    match kind {
        Kind::LongText => Asked::Lines,
        Kind::Choice => Asked::Choice,
        Kind::Choices => Asked::Choices,
        Kind::Prices | Kind::Sessions | Kind::Places => Asked::Items,
        Kind::Text
        | Kind::Number
        | Kind::Duration
        | Kind::Date
        | Kind::Url
        | Kind::Email
        | Kind::Phone
        | Kind::Boolean
        | Kind::Code => Asked::Line,
    }
}

fn example(column: &Column) -> &'static str {
    match (column.id.as_str(), column.kind) {
        ("intitule", _) => "Animer une réunion publique",
        ("organisme", _) => "Scop L’Orage",
        ("code_rncp", _) => "RNCP36315",
        ("code_rs", _) => "RS5080",
        (_, Kind::Prices) => "1 200 € HT par personne",
        (_, Kind::Sessions) => "du 12 au 14 mars 2027, Grenoble",
        (_, Kind::Places) => "Grenoble (38)",
        (_, Kind::Duration) => "2,5",
        (_, Kind::Number) => "12",
        (_, Kind::Date) => "30/09/2027",
        (_, Kind::Url) => "https://exemple.fr/formation",
        (_, Kind::Email) => "formation@exemple.fr",
        (_, Kind::Phone) => "01 23 45 67 89",
        (_, Kind::Boolean) => "oui",
        _ => "",
    }
}

fn most_letters(column: &Column) -> usize {
    match (column.id.as_str(), column.kind) {
        ("resume", _) => 300,
        ("intitule", _) => 255,
        (_, Kind::LongText) => 20_000,
        (_, Kind::Url) => 2_000,
        _ => 1_000,
    }
}
