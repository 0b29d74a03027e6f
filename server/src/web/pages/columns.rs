//! `/reglages/colonnes`: pilots' work at columns. What hides cells or changes what they say asks first.

mod asked;
mod confirm;
mod told;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use tablee_domain::ids::ColumnId;
use tablee_domain::table::column_work::{ColumnError, ColumnWork};
use tablee_live::{AskedColumns, ColumnsError};

use self::asked::ColumnsForm;
use self::told::Look;
use crate::app::App;
use crate::catalogue::TABLE;
use crate::i18n::{Locale, set_in_type};
use crate::templates::{Base, Here, Page, in_language};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Curate;
use crate::web::extract::{CheckedForm, TableAccess};
use crate::web::urls;

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The change that was just done.
    fait: Option<i64>,
}

/// `GET /reglages/colonnes`.
pub async fn show(
    _may: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let look = Look::of(&app, base.at(Here::Columns)).await?;
    Ok(look.list(asked.fait, None, "").into_page())
}

/// `GET /reglages/colonnes/{column}`.
pub async fn show_one(
    _may: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(column): Path<String>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let look = Look::of(&app, base.at(Here::Columns)).await?;
    let page = look.one(&column, asked.fait, None).ok_or(WebError::NotFound)?;
    Ok(page.into_page())
}

/// `POST /reglages/colonnes`.
pub async fn submit(
    TableAccess { by, .. }: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    CheckedForm(form): CheckedForm<ColumnsForm>,
) -> WebResult {
    let room = app.rooms.open(TABLE).await?;
    let base = base.at(Here::Columns);
    let work = form.work(&app.chance)?;
    let is_sure = form.confirme == "oui" || !asks_first(&work);
    let seen = Some(form.vu.clone()).filter(|seen| !seen.is_empty());
    let work = if is_sure { work } else { confirm::with_options(&room, work, &form, &app).await? };
    let asked = AskedColumns { work: work.clone(), seen };
    let done = match room.change_columns(by.actor(), asked, !is_sure).await {
        Ok(done) => done,
        Err(ColumnsError::Column(error)) => return refused(&app, base, &form, &error).await,
        Err(ColumnsError::Room(error)) => return Err(error.into()),
    };
    if is_sure {
        let to = next(&work, done.change);
        return Ok(Redirect::to(&in_language(base.locale, &to)).into_response());
    }
    let look = Look::of(&app, base).await?;
    Ok(look.confirm(&form, &work, &done.changed).into_page())
}

fn asks_first(work: &ColumnWork) -> bool {
    work.asks_first() || matches!(work, ColumnWork::Undo { .. })
}

/// Where the person goes on: to the line of the column that was moved, brought back or made, or to its page.
fn next(work: &ColumnWork, change: Option<i64>) -> String {
    let list = |column: &ColumnId| urls::columns_done(change, Some(column));
    match work {
        ColumnWork::Add(new) => list(&new.id),
        ColumnWork::Move { column, .. } | ColumnWork::Unretire { column } => list(column),
        ColumnWork::Retire { .. } | ColumnWork::Undo { .. } => urls::columns_done(change, None),
        ColumnWork::ChangeKind { new_id, .. } => urls::column_done(new_id, change),
        work => match work.column() {
            Some(column) => urls::column_done(column, change),
            None => urls::columns_done(change, None),
        },
    }
}

/// The page again with the reason: that of the column where the form stood on it.
async fn refused(app: &App, base: Base, form: &ColumnsForm, error: &ColumnError) -> WebResult {
    let status = status(error);
    let wrong = Some(sentence(base.locale, error));
    let look = Look::of(app, base).await?;
    let one = form.page_of().and_then(|column| look.one(column, None, wrong.clone()));
    Ok(match one {
        Some(page) => page.into_page_with(status),
        None => look.list(None, wrong, &form.nom).into_page_with(status),
    })
}

/// The status of a refusal, for people and programs alike.
pub(crate) fn status(error: &ColumnError) -> StatusCode {
    match error {
        ColumnError::Moved => StatusCode::CONFLICT,
        ColumnError::UnknownColumn | ColumnError::UnknownOption | ColumnError::UnknownChange => {
            StatusCode::NOT_FOUND
        }
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Why something was refused, to whoever asked.
pub(crate) fn sentence(locale: Locale, error: &ColumnError) -> String {
    let words = if locale == Locale::Fr { error.fr() } else { error.en() };
    set_in_type(locale, &words)
}
