//! `/atelier/motifs`: reasons for refusing that pilots send more than once.

use axum::extract::State;
use axum::http::Uri;

use super::{asked, at_desk, by, failure, to, written};
use crate::app::App;
use crate::desk::reasons::{HOW_MANY, Reason};
use crate::templates::desk::ReasonsPage;
use crate::templates::{Base, Page};
use crate::web::error::WebResult;
use crate::web::extract::table_access::Curate;
use crate::web::extract::{Fields, TableAccess};
use crate::web::urls;
use crate::wording::one_line;

/// Shows them.
pub async fn show(
    _: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    uri: Uri,
) -> WebResult {
    let base = at_desk(&app, base);
    let reasons = app.desk.reasons(base.locale).await.map_err(failure)?.into_iter();
    let mut reasons: Vec<_> = reasons.map(|reason| (reason.name, reason.words)).collect();
    reasons.resize_with(HOW_MANY, Default::default);
    let page = ReasonsPage {
        is_saved: asked(&uri, "fait").is_some(),
        reasons,
        action: base.link(urls::DESK_REASONS),
        back: base.link(urls::DESK),
        base: base.clone(),
    };
    Ok(page.into_page())
}

/// Keeps them. One without words is left out.
pub async fn submit(
    access: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    fields: Fields,
) -> WebResult {
    let pairs = fields.all("nom").zip(fields.all("mots"));
    let reasons = pairs.map(|(name, words)| Reason { name: one_line(name), words: written(words) });
    let reasons: Vec<Reason> = reasons.filter(|reason| !reason.words.is_empty()).collect();
    app.desk.keep_reasons(by(&access), base.locale, &reasons).await.map_err(failure)?;
    Ok(to(&base.link(&format!("{}?fait=1", urls::DESK_REASONS))))
}
