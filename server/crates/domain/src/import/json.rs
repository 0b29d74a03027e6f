//! The plan as `import --json` prints it: a contract with other programs, whose keys stay.

use serde_json::{Value, json};

use super::names::Target;
use super::offer::Complaint;
use super::plan::{AddedRow, Conflict, ImportPlan, MatchedRow};
use super::rows::NotOffer;
use super::sheet::{SheetPlan, WhyNotTaken};
use super::similar::Similar;
use crate::ids::ImportId;

impl ImportPlan {
    /// The plan as `import --json` prints it. `batch` is the import that applied it.
    pub fn to_json(&self, batch: Option<ImportId>) -> Value {
        let taken = self.sheets.iter().filter(|sheet| sheet.take);
        // Of several, the first with the most offers.
        let main = taken.rev().max_by_key(|sheet| sheet.offers);
        json!({
            "sheet": main.map(|sheet| &sheet.name),
            "header_line": main.and_then(SheetPlan::header_line),
            "mapping": main.map_or_else(|| json!([]), mapping),
            "sheets": self.sheets.iter().map(sheet).collect::<Vec<_>>(),
            "new_columns": self.new_columns,
            "added": self.added.len(),
            "changed": self.changed.len(),
            "same": self.same.len(),
            "not_offers": self.not_offers.iter().map(not_offer).collect::<Vec<_>>(),
            "conflicts": self.conflicts.iter().map(conflict).collect::<Vec<_>>(),
            "complaints": self.complaints.iter().map(complaint).collect::<Vec<_>>(),
            "undecided": self.undecided.iter().map(|it| json!({
                "sheet": it.source.sheet, "row": it.source.row, "title": it.title, "ids": it.rows,
            })).collect::<Vec<_>>(),
            "twice": self.twice.iter().map(|it| json!({
                "sheet": it.line.sheet, "row": it.line.row, "title": it.title,
                "first_sheet": it.first.sheet, "first_row": it.first.row,
            })).collect::<Vec<_>>(),
            "similar": self.similar.iter().map(similar).collect::<Vec<_>>(),
            "missing": self.missing.iter().map(|it| json!({
                "id": it.row, "title": it.title, "sheet": it.sheet,
            })).collect::<Vec<_>>(),
            "to_check": self.added.iter().filter(|row| !row.missing.is_empty()).map(|row| to_check(row))
                .collect::<Vec<_>>(),
            "changes": self.changed.iter().flat_map(changes).collect::<Vec<_>>(),
            "batch": batch,
        })
    }
}

fn mapping(sheet: &SheetPlan) -> Value {
    let cells = sheet.header.iter().flat_map(|header| &header.columns).map(|cell| {
        json!({
            "header": cell.words,
            "column": cell.target.as_ref().map(Target::key),
            "confidence": cell.confidence,
        })
    });
    Value::Array(cells.collect())
}

fn sheet(sheet: &SheetPlan) -> Value {
    json!({
        "sheet": sheet.name,
        "hidden": sheet.hidden,
        "taken": sheet.take,
        "why_not": sheet.why_not.map(WhyNotTaken::fr),
        "header_line": sheet.header_line(),
        "header_lines": sheet.header.as_ref().map_or(&[][..], |header| &header.lines),
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
        "reason": conflict.why.fr(),
        "key": conflict.why.key(),
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

fn similar(similar: &Similar) -> Value {
    json!({
        "sheet": similar.line.sheet,
        "row": similar.line.row,
        "id": similar.row,
        "title": similar.title,
        "score": similar.score,
        "reasons": similar.why.iter().map(|why| why.fr()).collect::<Vec<_>>(),
        "keys": similar.why.iter().map(|why| why.key()).collect::<Vec<_>>(),
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
