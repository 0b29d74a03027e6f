//! What a form is about: a new offer, or a row as it was when the form opened.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use tablee_domain::ids::{ColumnId, RowId};
use tablee_domain::offer::Status;
use tablee_domain::table::{Columns, Plain, Row};
use tablee_live::Visible;

use crate::proposing::alike::Sees;
use crate::seal::{Purpose, Seal};

/// What a form is about.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// An offer that is not there.
    New,
    /// Other words in a row.
    Correction(Row),
    /// That a row should go.
    Removal(Row),
}

impl About {
    /// The row as it was when the form opened.
    pub fn before(&self) -> Option<&Row> {
        match self {
            Self::New => None,
            Self::Correction(row) | Self::Removal(row) => Some(row),
        }
    }

    /// The field of the address that says so, and its row.
    pub fn field(&self) -> Option<(&'static str, &RowId)> {
        match self {
            Self::New => None,
            Self::Correction(row) => Some(("corriger", &row.id)),
            Self::Removal(row) => Some(("retirer", &row.id)),
        }
    }
}

/// The columns of which somebody may know.
pub fn columns(all: &Columns, sees: Sees) -> Columns {
    let told = all.iter().filter(|column| sees == Sees::Everything || column.public);
    Columns::new(told.cloned().collect())
}

/// A row of the table as somebody sees it: what is in the bin, or not published, is not there for visitors.
pub fn row(visible: &Visible, sees: Sees, id: &RowId) -> Option<Row> {
    let row = visible.values.present().find(|row| row.id == *id)?;
    (sees == Sees::Everything || Status::of(row).is_public())
        .then(|| told(row, &visible.values.columns, sees))
}

/// The cells of a row of which somebody may know.
fn told(row: &Row, columns: &Columns, sees: Sees) -> Row {
    let is_told = |id: &ColumnId| {
        sees == Sees::Everything || columns.get(id.as_str()).is_some_and(|column| column.public)
    };
    let mut row = row.clone();
    row.cells.retain(|id, _| is_told(id));
    row.said.retain(|id, _| is_told(id));
    row
}

/// A row on its way through a form.
#[derive(Serialize, Deserialize)]
struct Opened {
    row: RowId,
    cells: BTreeMap<ColumnId, Plain>,
    said: BTreeMap<ColumnId, String>,
}

/// A row as it was when the form opened, under seal.
pub fn opened(seal: &Seal, row: &Row) -> String {
    let opened = Opened { row: row.id.clone(), cells: row.cells.clone(), said: row.said.clone() };
    let json = serde_json::to_string(&opened).expect("a row is plain JSON");
    format!("{json}.{}", seal.on(Purpose::Opened, json.as_bytes()))
}

/// The row under a seal that is ours.
pub fn reopened(seal: &Seal, words: &str) -> Option<Row> {
    let (json, on) = words.rsplit_once('.')?;
    if !seal.is_on(Purpose::Opened, json.as_bytes(), on) {
        return None;
    }
    let Opened { row, cells, said } = serde_json::from_str(json).ok()?;
    Some(Row { id: row, cells, said, order: String::new(), deleted: false })
}

/// A mark of what a row says: the same for the same words.
pub fn mark(seal: &Seal, row: &Row) -> String {
    let opened = opened(seal, row);
    opened.rsplit_once('.').map(|(_, on)| on.to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(title: &str) -> Row {
        Row {
            id: RowId::new("r1").unwrap(),
            cells: [(ColumnId::new("intitule").unwrap(), Plain::from(title))].into(),
            said: [(ColumnId::new("lieux").unwrap(), "près de Lyon".to_owned())].into(),
            order: String::new(),
            deleted: false,
        }
    }

    #[test]
    fn a_row_comes_back_as_it_was_when_the_form_opened() {
        let seal = Seal::for_tests();

        assert_eq!(reopened(&seal, &opened(&seal, &row("Débattre."))), Some(row("Débattre.")));
        assert_ne!(mark(&seal, &row("Débattre")), mark(&seal, &row("Débattre.")));
    }

    #[test]
    fn nobody_says_for_themselves_what_a_row_said() {
        let seal = Seal::for_tests();
        let forged = opened(&seal, &row("Débattre")).replace("Débattre", "Combattre");

        for words in [forged.as_str(), "", ".", "{}.00"] {
            assert_eq!(reopened(&seal, words), None, "{words}");
        }
    }
}
