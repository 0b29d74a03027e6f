//! `POST /api/v1/tables/{table}/columns`: work at columns, or what it would change.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use tablee_document::columns::{CellDoubt, Changed};
use tablee_domain::ids::{ColumnId, Revision, RowId};
use tablee_domain::table::column_work::{ColumnError, ColumnWork};
use tablee_live::{AskedColumns, ColumnsDone, ColumnsError};

use crate::app::App;
use crate::i18n::Locale;
use crate::web::error::WebResult;
use crate::web::extract::table_access::Curate;
use crate::web::extract::{CheckedJson, OpenTable, TableAccess};
use crate::web::middleware::request_id::RequestId;
use crate::web::pages::columns::{sentence, status};

/// Cells that an answer names at most.
const NAMED: usize = 1_000;

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    work: ColumnWork,
    /// The column as whoever asks saw it.
    #[serde(default)]
    seen: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

/// What was done.
#[derive(Debug, Serialize)]
struct Done {
    /// The update that did it; of a dry run, the last one that it saw.
    revision: Revision,
    /// The number of the change: `{"what": "undo", "change": …}` takes it back.
    change: Option<i64>,
    /// Cells that say another thing.
    cells: usize,
    /// Filled cells that are no longer shown.
    hidden: usize,
    /// Cells to look at, the first thousand of them.
    doubts: Vec<Doubt>,
    /// Places left alone, the first thousand of them.
    kept: Vec<Kept>,
}

#[derive(Debug, Serialize)]
struct Doubt {
    row: RowId,
    title: Option<String>,
    column: ColumnId,
    words: String,
    why: &'static str,
}

#[derive(Debug, Serialize)]
struct Kept {
    row: RowId,
    title: Option<String>,
    key: String,
}

/// Changes columns for pilots.
pub async fn change(
    TableAccess { by, .. }: TableAccess<Curate>,
    OpenTable(room): OpenTable,
    State(_app): State<App>,
    Extension(RequestId(request)): Extension<RequestId>,
    uri: Uri,
    CheckedJson(asked): CheckedJson<Asked>,
) -> WebResult {
    let Asked { work, seen, dry_run } = asked;
    let work = AskedColumns { work, seen };
    match room.change_columns(by.actor(), work, dry_run).await {
        Ok(ColumnsDone { change, revision, changed }) => {
            let visible = room.values().await?;
            let rows = visible.values.rows.iter();
            let titles =
                rows.map(|row| (row.id.clone(), row.text("intitule").to_owned())).collect();
            Ok(Json(Done::of(change, revision, changed, &titles)).into_response())
        }
        Err(ColumnsError::Column(error)) => {
            Ok(problem(&error, Locale::of_query(uri.query()), &request))
        }
        Err(ColumnsError::Room(error)) => Err(error.into()),
    }
}

impl Done {
    fn of(
        change: Option<i64>,
        revision: Revision,
        changed: Changed,
        titles: &BTreeMap<RowId, String>,
    ) -> Self {
        let doubt = |CellDoubt { row, column, words, why }| Doubt {
            title: titles.get(&row).cloned(),
            row,
            column,
            words,
            why: why.key(),
        };
        let kept = |(row, key)| Kept { title: titles.get(&row).cloned(), row, key };
        Self {
            revision,
            change,
            cells: changed.cells,
            hidden: changed.hidden,
            doubts: changed.doubts.into_iter().take(NAMED).map(doubt).collect(),
            kept: changed.kept.into_iter().take(NAMED).map(kept).collect(),
        }
    }
}

/// The shape of every failure of the API, with the sentence of this one.
fn problem(error: &ColumnError, locale: Locale, request: &str) -> Response {
    let (status, sentence) = (status(error), sentence(locale, error));
    let body = serde_json::json!({
        "type": "about:blank",
        "title": sentence,
        "status": status.as_u16(),
        "detail": sentence,
        "code": error.key(),
        "request": request,
        "error": { "key": error.key(), "message": sentence },
    });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}
