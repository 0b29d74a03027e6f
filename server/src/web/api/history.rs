//! `GET /api/v1/tables/{table}/history`: what was done, newest first.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use serde::Serialize;
use tablee_document::layout::parse_key;
use tablee_domain::ids::{
    ColumnId, ImportId, ItemId, PersonId, ProposalId, Revision, RowId, Timestamp,
};
use tablee_domain::table::{Origin, Place, Plain};

use crate::app::App;
use crate::history::told::By;
use crate::history::{Asked, Line, told};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Work;
use crate::web::extract::{OpenTable, TableAccess};

/// A page of lines.
#[derive(Debug, Serialize)]
pub struct Page {
    entries: Vec<EntryJson>,
    /// Where to go on: the parameter `before` of the next page.
    next: Option<i64>,
}

/// One line, as programs read it.
#[derive(Debug, Serialize)]
struct EntryJson {
    id: i64,
    revision: Revision,
    row: RowId,
    title: Option<String>,
    key: String,
    column: Option<ColumnId>,
    item: Option<ItemId>,
    before: Plain,
    after: Plain,
    by: Option<ByJson>,
    origin: &'static str,
    import: Option<ImportId>,
    proposal: Option<ProposalId>,
    proposed_by: Option<ByJson>,
    began_at: Timestamp,
    at: Timestamp,
    lost: bool,
}

#[derive(Debug, Serialize)]
struct ByJson {
    id: PersonId,
    name: Option<String>,
}

/// Answers whoever may work in the table.
pub async fn show(
    _may: TableAccess<Work>,
    OpenTable(room): OpenTable,
    State(app): State<App>,
    uri: Uri,
) -> WebResult<Json<Page>> {
    let asked = Asked::of_query(uri.query(), &app.config.web.time_zone);
    if !asked.wrong.is_empty() {
        return Err(WebError::Invalid(format!("parameters: {}", asked.wrong.join(", "))));
    }
    let visible = room.values().await?;
    let mut tx = app.store.read().await?;
    let told = told(&mut tx, room.table(), &visible, &asked).await?;
    let entries = told.lines.into_iter().map(EntryJson::from).collect();
    Ok(Json(Page { entries, next: told.next }))
}

impl From<Line> for EntryJson {
    fn from(Line { entry, by, proposed, title, .. }: Line) -> Self {
        let edit = entry.edit;
        let place = parse_key(&edit.key);
        let (origin, import) = origin(edit.origin);
        Self {
            id: entry.id,
            revision: edit.revision,
            row: edit.row,
            title,
            column: place.as_ref().and_then(Place::column).cloned(),
            item: if let Some(Place::Item(_, item)) = place { Some(item) } else { None },
            key: edit.key,
            before: edit.before,
            after: edit.after,
            by: by.map(ByJson::from),
            origin,
            import,
            proposal: proposed.as_ref().map(|proposed| proposed.id),
            proposed_by: proposed.and_then(|proposed| proposed.by).map(ByJson::from),
            began_at: entry.began_at,
            at: edit.at,
            lost: edit.lost,
        }
    }
}

impl From<By> for ByJson {
    fn from(By { id, name }: By) -> Self {
        Self { id, name }
    }
}

/// The word of an origin on the wire, and the import that it names.
pub fn origin(origin: Origin) -> (&'static str, Option<ImportId>) {
    match origin {
        Origin::Table => ("table", None),
        Origin::MakeText => ("make-text", None),
        Origin::Import(import) => ("import", Some(import)),
        Origin::Proposal(_) => ("proposal", None),
        Origin::Merge => ("merge", None),
        Origin::Restore => ("restore", None),
        Origin::Columns => ("columns", None),
        Origin::Command => ("command", None),
        Origin::Program => ("program", None),
    }
}
