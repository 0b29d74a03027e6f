//! What a form of the page asks, in the words of the domain.

use serde::Deserialize;
use tablee_domain::ids::{ColumnId, ItemId};
use tablee_domain::table::column_work::{ColumnWork, MOST_OPTIONS, NewColumn, NewOption};
use tablee_domain::table::{Kind, Label};

use crate::app::SharedChance;
use crate::web::error::{WebError, WebResult};

/// The fields of all forms of the page; each form has some of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ColumnsForm {
    /// What: the word of a work, or `undo`.
    pub quoi: String,
    /// Which column.
    pub colonne: String,
    /// Which option.
    pub choix: String,
    /// Into which option.
    pub vers: String,
    /// The column or option that will follow; empty for the end.
    pub avant: String,
    /// A name.
    pub nom: String,
    /// The same in English.
    pub nom_en: String,
    /// A kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// What to write there.
    pub aide: String,
    /// The same in English.
    pub aide_en: String,
    /// The block of the row panel.
    pub rubrique: String,
    /// `oui`: seen by visitors.
    pub public: String,
    /// `oui`: shown in the table.
    pub montree: String,
    /// `oui`: asked by the form.
    pub demandee: String,
    /// Options to make, one a line; absent where the page has not proposed any.
    pub options: Option<String>,
    /// The column as the person saw it.
    pub vu: String,
    /// The change to take back.
    pub changement: String,
    /// `oui` does it.
    pub confirme: String,
}

impl ColumnsForm {
    /// What is asked. New identifiers are made here.
    pub fn work(&self, chance: &SharedChance) -> Result<ColumnWork, WebError> {
        let label = || Label { fr: self.nom.clone(), en: self.nom_en.clone() };
        let column = || id(&self.colonne);
        Ok(match self.quoi.as_str() {
            "add" => {
                let (id, kind) = (new_column_id(chance), self.kind()?);
                ColumnWork::Add(NewColumn { id, label: self.nom.clone(), kind })
            }
            "rename" => ColumnWork::Rename { column: column()?, label: label() },
            "describe" => ColumnWork::Describe {
                column: column()?,
                help: Some(Label { fr: self.aide.clone(), en: self.aide_en.clone() }),
                section: Some(self.rubrique.clone()),
                public: Some(self.public == "oui"),
                shown: Some(self.montree == "oui"),
                required: Some(self.demandee == "oui"),
            },
            "move" => ColumnWork::Move { column: column()?, before: maybe(&self.avant, id)? },
            "retire" => ColumnWork::Retire { column: column()? },
            "unretire" => ColumnWork::Unretire { column: column()? },
            "change-kind" => ColumnWork::ChangeKind {
                column: column()?,
                to: self.kind()?,
                new_id: new_column_id(chance),
                options: new_options(self.options.as_deref().unwrap_or_default(), chance),
            },
            "add-option" => {
                let option = NewOption { id: new_item_id(chance), label: label() };
                ColumnWork::AddOption { column: column()?, option }
            }
            "rename-option" => {
                let (column, option) = (column()?, item(&self.choix)?);
                ColumnWork::RenameOption { column, option, label: label() }
            }
            "move-option" => ColumnWork::MoveOption {
                column: column()?,
                option: item(&self.choix)?,
                before: maybe(&self.avant, item)?,
            },
            "retire-option" => {
                ColumnWork::RetireOption { column: column()?, option: item(&self.choix)? }
            }
            "unretire-option" => {
                ColumnWork::UnretireOption { column: column()?, option: item(&self.choix)? }
            }
            "merge-options" => ColumnWork::MergeOptions {
                column: column()?,
                from: item(&self.choix)?,
                into: item(&self.vers)?,
            },
            "undo" => {
                let change = self.changement.parse().map_err(|_| wrong("change"))?;
                ColumnWork::Undo { change }
            }
            _ => return Err(wrong("what")),
        })
    }

    /// The column on whose own page the form stands.
    pub fn page_of(&self) -> Option<&str> {
        let in_the_list = ["add", "move", "unretire", "undo"].contains(&self.quoi.as_str());
        (!in_the_list).then_some(&*self.colonne)
    }

    fn kind(&self) -> Result<Kind, WebError> {
        Kind::of_word(&self.kind).ok_or_else(|| wrong("kind"))
    }
}

fn wrong(what: &str) -> WebError {
    WebError::Invalid(format!("columns: {what}"))
}

fn id(text: &str) -> Result<ColumnId, WebError> {
    ColumnId::new(text).map_err(|_| wrong("column"))
}

fn item(text: &str) -> Result<ItemId, WebError> {
    ItemId::new(text).map_err(|_| wrong("option"))
}

fn maybe<T>(text: &str, read: fn(&str) -> WebResult<T>) -> WebResult<Option<T>> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some) }
}

/// Each line a name; the same one twice is one.
fn new_options(lines: &str, chance: &SharedChance) -> Vec<NewOption> {
    let names = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let option = |name: &str| NewOption {
        id: new_item_id(chance),
        label: Label { fr: name.to_owned(), en: String::new() },
    };
    names.take(MOST_OPTIONS + 1).map(option).collect()
}

/// Sixteen letters and figures that nobody has. The first says what it is.
fn random_word(first: char, chance: &SharedChance) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut bytes = [0; 15];
    chance.fill(&mut bytes);
    let letters = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    std::iter::once(first).chain(letters).collect()
}

fn new_column_id(chance: &SharedChance) -> ColumnId {
    ColumnId::new(&random_word('c', chance)).expect("letters and figures")
}

/// An identifier for an option.
pub fn new_item_id(chance: &SharedChance) -> ItemId {
    ItemId::new(&random_word('o', chance)).expect("letters and figures")
}
