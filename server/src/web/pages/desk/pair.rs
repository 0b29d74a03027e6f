//! `/atelier/fusions/{id}`: two rows that were made one, and the button that parts them again.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use tablee_domain::ids::RowId;
use tablee_storage::merges::Merge;

use super::{Names, at_desk, by, failure, or_stale, stale, titled};
use crate::app::App;
use crate::catalogue::TABLE;
use crate::history::places::Places;
use crate::i18n::t;
use crate::templates::desk::MergedPage;
use crate::templates::{Base, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Curate;
use crate::web::extract::{TableAccess, TypedFields};
use crate::web::urls;

fn number(id: &str) -> WebResult<i64> {
    id.parse().map_err(|_| WebError::NotFound)
}

/// Shows what was made one.
pub async fn show(
    _: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(id): Path<String>,
) -> WebResult {
    let merge = app.desk.merge_of(number(&id)?).await.map_err(failure)?;
    Ok(page(&app, at_desk(&app, base), &merge, &[]).await?.into_page())
}

/// Parts them again.
pub async fn submit(
    access: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(id): Path<String>,
    TypedFields { is_ours, .. }: TypedFields,
) -> WebResult {
    if !is_ours {
        let again = async {
            let merge = app.desk.merge_of(number(&id)?).await.map_err(failure)?;
            let wrong = Some(stale(&base));
            let page = page(&app, at_desk(&app, base), &merge, &[]).await?;
            Ok(MergedPage { wrong, ..page }.into_page_with(StatusCode::FORBIDDEN))
        };
        return or_stale(again.await);
    }
    let id = number(&id)?;
    let parted = app.desk.unmerge(by(&access), id).await.map_err(failure)?;
    let merge = app.desk.merge_of(id).await.map_err(failure)?;
    Ok(page(&app, at_desk(&app, base), &merge, &parted.kept).await?.into_page())
}

async fn page(
    app: &App,
    base: Base,
    merge: &Merge,
    kept: &[(RowId, String)],
) -> WebResult<MergedPage> {
    let visible = app.rooms.values(TABLE).await?;
    let mut tx = app.store.read().await?;
    let names = Names::of(&mut tx).await?;
    drop(tx);
    let title = |id: &RowId| {
        let row = visible.values.rows.iter().find(|row| row.id == *id);
        titled(&base, row.map(|row| row.text("intitule")).unwrap_or_default())
    };
    let places = Places { columns: &visible.values.columns, locale: base.locale };
    let zone = &app.config.web.time_zone;
    let (who, at) = merge.undone.unwrap_or((merge.by, merge.at));
    let (who, when) = (names.name(&base, who), zone.moment(base.locale, at));
    let key = if merge.undone.is_some() { "desk.merge.undone" } else { "desk.merge.done" };
    let told = kept.iter().map(|(row, key)| format!("{} : {}", title(row), places.label(key)));
    Ok(MergedPage {
        wrong: None,
        title: base.t(key).into_owned(),
        by: t(base.locale, "desk.merge.by", &[("who", &who), ("when", &when)]).into_owned(),
        rows: [&merge.keep, &merge.gone].map(|id| (title(id), base.link(&urls::desk_row(id)))),
        kept: told.collect(),
        unmerge: merge.undone.is_none().then(|| base.link(&urls::desk_merge(merge.id))),
        back: base.link(urls::DESK),
        base: base.clone(),
    })
}
