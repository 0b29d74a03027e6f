//! `GET /api/v1/tables/{table}/rows/{row}/checks`: what an offer lacks, what seems wrong in it, and how fresh it is.

use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use tablee_domain::ids::RowId;
use tablee_domain::offer::checks::{Freshness, Item, Now, Warning, qualiopi, warnings};
use tablee_domain::offer::missing;

use crate::app::App;
use crate::i18n::Locale;
use crate::templates::Base;
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Work;
use crate::web::extract::{OpenTable, TableAccess};
use crate::wording::checks;

/// What the checks say of one row, in the words of the page that asks (`lang`).
#[derive(Debug, Serialize)]
pub struct Told {
    /// The nine items that a training body publishes about each offer.
    items: Vec<ItemJson>,
    /// What keeps it from being published.
    missing: Vec<String>,
    warnings: Vec<WarningJson>,
    freshness: String,
}

#[derive(Debug, Serialize)]
struct ItemJson {
    words: String,
    is_met: bool,
    /// The column to fill first.
    column: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct WarningJson {
    words: String,
    /// Where it is seen.
    column: &'static str,
}

/// Answers whoever may work in the table.
pub async fn show(
    _may: TableAccess<Work>,
    OpenTable(room): OpenTable,
    State(app): State<App>,
    base: Base,
    Path((_, id)): Path<(String, String)>,
) -> WebResult<Json<Told>> {
    let id = RowId::new(&id).map_err(|_| WebError::NotFound)?;
    let visible = room.values().await?;
    let row = visible.values.present().find(|row| row.id == id).ok_or(WebError::NotFound)?;
    let now = Now::of(app.clock.now(), app.site.get().stale_after_months);
    let locale = base.locale;
    Ok(Json(Told {
        items: qualiopi(row).iter().map(|item| ItemJson::of(locale, item)).collect(),
        missing: missing(row).into_iter().map(|it| checks::missing(locale, it)).collect(),
        warnings: warnings(row, now).iter().map(|it| WarningJson::of(locale, it)).collect(),
        freshness: checks::freshness(locale, Freshness::of(row, now)),
    }))
}

impl ItemJson {
    fn of(locale: Locale, item: &Item) -> Self {
        let column = item.columns.first().copied();
        Self { words: checks::item(locale, item), is_met: item.met, column }
    }
}

impl WarningJson {
    fn of(locale: Locale, warning: &Warning) -> Self {
        Self { words: checks::warning(locale, warning), column: warning.column }
    }
}
