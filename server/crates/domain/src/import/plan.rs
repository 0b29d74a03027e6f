//! What an import would do: complete, so that applying it needs no second look at the file.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::header::Header;
use super::matching::{CellChange, Memory, Remembered};
use super::offer::Complaint;
use super::rows::NotOffer;
use crate::ids::{ImportId, RowId};
use crate::offer::{Missing, Status};
use crate::table::Plain;

/// What an import would do. Nothing has been done yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ImportPlan {
    /// The sheets that hold offers, in order.
    pub sheets: Vec<SheetPlan>,
    /// Rows that the table has not yet.
    pub added: Vec<AddedRow>,
    /// Rows of the table of which cells would change.
    pub changed: Vec<MatchedRow>,
    /// Rows of the table that stay as they are.
    pub same: Vec<MatchedRow>,
    /// Rows of the file that are no offers.
    pub not_offers: Vec<NotOffer>,
    /// Cells that both the file and people changed since the last import. They stay.
    pub conflicts: Vec<Conflict>,
    /// What could not be taken as it stands.
    pub complaints: Vec<Complaint>,
}

/// A sheet with offers.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetPlan {
    /// Its name.
    pub name: String,
    /// Its tab is hidden; it was taken.
    pub hidden: bool,
    /// Its header.
    pub header: Header,
    /// How many offers it holds.
    pub offers: usize,
}

/// Where a row of a plan comes from, and what will be remembered of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: u32,
    /// By which the row is found again at the next import.
    pub match_key: String,
    /// What the file said.
    pub memory: Memory,
}

/// A row that would be added.
#[derive(Debug, Clone, PartialEq)]
pub struct AddedRow {
    /// Where it comes from.
    pub source: Source,
    /// Its values by slot key, `etat` among them.
    pub values: Vec<(String, Plain)>,
    /// Its state.
    pub status: Status,
    /// What keeps it from being published.
    pub missing: Vec<Missing>,
}

/// A row of the file that the table already has.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchedRow {
    /// Where it comes from.
    pub source: Source,
    /// The row of the table.
    pub row: RowId,
    /// The cells that would change; none in a row that stays the same.
    pub cells: Vec<CellChange>,
}

/// A cell that both the file and people changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The sheet.
    pub sheet: String,
    /// The row in the file.
    pub file_row: u32,
    /// The row of the table.
    pub row: RowId,
    /// What stands there, and what the file says.
    pub cell: CellChange,
}

impl ImportPlan {
    /// How many rows of the file are offers.
    pub fn offers(&self) -> usize {
        self.added.len() + self.changed.len() + self.same.len()
    }

    /// Whether applying it would change nothing.
    pub fn changes_nothing(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty()
    }

    /// The keys that the added rows fill, in order: the slots of their base.
    pub fn slots(&self) -> Vec<String> {
        let keys: BTreeSet<&String> =
            self.added.iter().flat_map(|row| row.values.iter().map(|(key, _)| key)).collect();
        keys.into_iter().cloned().collect()
    }

    /// What to remember once it was applied. `ids` are those of the added rows, in their order.
    pub fn to_remember(&self, ids: &[RowId]) -> Vec<Remembered> {
        let added = self.added.iter().zip(ids).map(|(row, id)| (&row.source, id));
        let matched = self.changed.iter().chain(&self.same).map(|row| (&row.source, &row.row));
        let rows = added.chain(matched).map(|(source, id)| Remembered {
            match_key: source.match_key.clone(),
            row: id.clone(),
            memory: source.memory.clone(),
        });
        rows.collect()
    }

    /// The plan as `import --json` prints it. `batch` is the import that applied it.
    pub fn to_json(&self, batch: Option<ImportId>) -> Value {
        let main = self.sheets.iter().max_by_key(|sheet| sheet.offers);
        json!({
            "sheet": main.map(|sheet| &sheet.name),
            "header_line": main.and_then(|sheet| sheet.header.lines.first()),
            "mapping": main.map_or_else(|| json!([]), mapping),
            "sheets": self.sheets.iter().map(sheet).collect::<Vec<_>>(),
            "added": self.added.len(),
            "changed": self.changed.len(),
            "same": self.same.len(),
            "not_offers": self.not_offers.iter().map(not_offer).collect::<Vec<_>>(),
            "conflicts": self.conflicts.iter().map(conflict).collect::<Vec<_>>(),
            "complaints": self.complaints.iter().map(complaint).collect::<Vec<_>>(),
            "to_check": self.added.iter().filter(|row| !row.missing.is_empty()).map(to_check).collect::<Vec<_>>(),
            "changes": self.changed.iter().flat_map(changes).collect::<Vec<_>>(),
            "batch": batch,
        })
    }
}

fn mapping(sheet: &SheetPlan) -> Value {
    let cells = sheet.header.columns.iter().map(|cell| {
        json!({
            "header": cell.words,
            "column": cell.target.as_ref().map(super::names::Target::key),
            "confidence": cell.confidence,
        })
    });
    Value::Array(cells.collect())
}

fn sheet(sheet: &SheetPlan) -> Value {
    json!({
        "sheet": sheet.name,
        "hidden": sheet.hidden,
        "header_line": sheet.header.lines.first(),
        "header_lines": sheet.header.lines,
        "mapping": mapping(sheet),
        "offers": sheet.offers,
    })
}

fn not_offer(row: &NotOffer) -> Value {
    json!({
        "sheet": row.sheet,
        "row": row.row,
        "words": row.words,
        "reason": row.why.fr(),
        "key": row.why.key(),
    })
}

fn conflict(conflict: &Conflict) -> Value {
    json!({
        "sheet": conflict.sheet,
        "row": conflict.file_row,
        "id": conflict.row,
        "column": conflict.cell.key,
        "current": conflict.cell.old,
        "file": conflict.cell.new,
    })
}

fn complaint(complaint: &Complaint) -> Value {
    json!({
        "sheet": complaint.sheet,
        "row": complaint.row,
        "column": complaint.column,
        "cell": format!("{}{}", complaint.letters, complaint.row),
        "words": complaint.words,
        "reason": complaint.why.fr(),
        "key": complaint.why.key(),
        "weight": complaint.why.weight().as_str(),
    })
}

fn to_check(row: &AddedRow) -> Value {
    json!({
        "sheet": row.source.sheet,
        "row": row.source.row,
        "reasons": row.missing.iter().map(|missing| missing.fr()).collect::<Vec<_>>(),
        "keys": row.missing.iter().map(|missing| missing.key()).collect::<Vec<_>>(),
    })
}

fn changes(row: &MatchedRow) -> impl Iterator<Item = Value> + '_ {
    row.cells.iter().map(|cell| {
        json!({
            "sheet": row.source.sheet,
            "row": row.source.row,
            "id": row.row,
            "column": cell.key,
            "old": cell.old,
            "new": cell.new,
        })
    })
}
