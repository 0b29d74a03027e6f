//! `/atelier/motifs`: reasons for refusing that pilots send more than once.

use axum::extract::State;
use axum::http::{StatusCode, Uri};

use super::{asked, at_desk, by, failure, stale, to, written};
use crate::app::App;
use crate::desk::reasons::{HOW_MANY, Reason};
use crate::templates::desk::ReasonsPage;
use crate::templates::{Base, Page};
use crate::web::error::WebResult;
use crate::web::extract::table_access::Curate;
use crate::web::extract::{TableAccess, TypedFields};
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
    let reasons = reasons.map(|reason| (reason.name, reason.words)).collect();
    let page = ReasonsPage { is_saved: asked(&uri, "fait").is_some(), ..page(base, reasons) };
    Ok(page.into_page())
}

fn page(base: Base, mut reasons: Vec<(String, String)>) -> ReasonsPage {
    reasons.resize_with(HOW_MANY, Default::default);
    ReasonsPage {
        is_saved: false,
        wrong: None,
        reasons,
        action: base.link(urls::DESK_REASONS),
        back: base.link(urls::DESK),
        base,
    }
}

/// Keeps them. One without words is left out.
pub async fn submit(
    access: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    TypedFields { fields, is_ours }: TypedFields,
) -> WebResult {
    let pairs = fields.all("nom").zip(fields.all("mots")).take(HOW_MANY);
    let typed: Vec<_> = pairs.map(|(name, words)| (one_line(name), written(words))).collect();
    if !is_ours {
        let base = at_desk(&app, base);
        let page = ReasonsPage { wrong: Some(stale(&base)), ..page(base, typed) };
        return Ok(page.into_page_with(StatusCode::FORBIDDEN));
    }
    let reasons = typed.into_iter().filter(|(_, words)| !words.is_empty());
    let reasons: Vec<Reason> = reasons.map(|(name, words)| Reason { name, words }).collect();
    app.desk.keep_reasons(by(&access), base.locale, &reasons).await.map_err(failure)?;
    Ok(to(&base.link(&format!("{}?fait=1", urls::DESK_REASONS))))
}
