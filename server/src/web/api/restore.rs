//! `POST /api/v1/tables/{table}/restore`: something earlier, written again, or what that would change.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use tablee_domain::ids::{ImportId, Revision, RowId, Timestamp};
use tablee_live::{Restore, Visible};

use crate::app::App;
use crate::restoring::{Restorer, Wanted};
use crate::web::error::WebResult;
use crate::web::extract::table_access::Curate;
use crate::web::extract::{CheckedJson, OpenTable, TableAccess};

/// Places that an answer names at most.
const NAMED: usize = 1_000;

/// What is asked.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(flatten)]
    what: What,
    #[serde(default)]
    dry_run: bool,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
enum What {
    Row { row: RowId, revision: Revision },
    FromBin { row: RowId },
    Import { import: ImportId },
    Moment { at: Timestamp },
    TakeBack { from: Revision, to: Revision },
}

impl From<What> for Wanted {
    fn from(what: What) -> Self {
        Self::Whole(match what {
            What::Moment { at } => Restore::MomentAt(at),
            What::Row { row, revision } => Restore::Row { row, to: revision },
            What::FromBin { row } => Restore::RowFromBin { row },
            What::Import { import } => Restore::Import(import),
            What::TakeBack { from, to } => Restore::TakeBack { from, to },
        })
    }
}

/// What was done.
#[derive(Debug, Serialize)]
pub struct Restored {
    /// The update that did it; `take-back` from it to it undoes it.
    revision: Revision,
    /// Places that say another thing now.
    cells: usize,
    /// Rows that hold them.
    rows: usize,
    /// Places left alone, the first thousand of them.
    kept: Vec<Kept>,
}

#[derive(Debug, Serialize)]
struct Kept {
    row: RowId,
    title: Option<String>,
    key: String,
}

/// Restores for pilots.
pub async fn restore(
    TableAccess { by, .. }: TableAccess<Curate>,
    OpenTable(room): OpenTable,
    State(app): State<App>,
    CheckedJson(asked): CheckedJson<Asked>,
) -> WebResult<Json<Restored>> {
    let restorer = Restorer { app: &app, room: &room, by: &by };
    let done = restorer.restore(asked.what.into(), asked.dry_run).await?;
    let visible = room.values().await?;
    Ok(Json(Restored {
        revision: done.revision,
        cells: done.restored.changed,
        rows: done.restored.rows.len(),
        kept: kept(&visible, done.restored.kept),
    }))
}

fn kept(visible: &Visible, kept: Vec<(RowId, String)>) -> Vec<Kept> {
    let rows = visible.values.rows.iter();
    let titles: BTreeMap<&RowId, &str> = rows.map(|row| (&row.id, row.text("intitule"))).collect();
    let named = kept.into_iter().take(NAMED).map(|(row, key)| {
        let title = titles.get(&row).map(|title| (*title).to_owned());
        Kept { row, title, key }
    });
    named.collect()
}
