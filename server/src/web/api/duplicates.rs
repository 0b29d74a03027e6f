//! `GET /api/v1/tables/{table}/duplicates`: offers that resemble one that is being typed.
//!
//! Visitors hear of published offers only.

use axum::Json;
use axum::extract::{Query, State};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::catalogue::TABLE;
use crate::i18n::t;
use crate::proposing::alike::{Near, Sees};
use crate::templates::Base;
use crate::web::error::{WebError, WebResult};
use crate::web::middleware::rate_limit::Place;
use crate::web::urls;

/// The longest title that is compared.
const LONGEST: usize = 600;

/// What was typed so far.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    intitule: String,
    organisme: String,
    url: String,
}

/// What resembles it.
#[derive(Debug, Serialize)]
pub struct Found {
    offers: Vec<Offer>,
}

#[derive(Debug, Serialize)]
struct Offer {
    row: String,
    title: String,
    provider: String,
    href: Option<String>,
    correct: String,
    why: Vec<String>,
    score: f64,
}

/// Answers visitors and members.
pub async fn show(
    State(app): State<App>,
    (base, place): (Base, Place),
    axum::extract::Path(table): axum::extract::Path<String>,
    Query(typed): Query<Typed>,
) -> WebResult<Json<Found>> {
    if table != TABLE {
        return Err(WebError::NotFound);
    }
    app.limits.looked_up.take(&place.0)?;
    if [&typed.intitule, &typed.organisme, &typed.url].iter().any(|text| text.len() > LONGEST) {
        return Ok(Json(Found { offers: Vec::new() }));
    }
    let sees = if base.person.is_some() { Sees::Everything } else { Sees::Published };
    let near = app.proposing.nearby().to(sees, (&typed.intitule, &typed.organisme, &typed.url));
    let offers = near.await?.into_iter().map(|near| offer(&base, near)).collect();
    Ok(Json(Found { offers }))
}

fn offer(base: &Base, near: Near) -> Offer {
    let why = |likeness: &tablee_domain::offer::duplicate::Likeness| {
        t(base.locale, &format!("import.likeness.{}", likeness.key()), &[]).into_owned()
    };
    Offer {
        correct: base.link(&urls::correct(&near.row)),
        row: near.row.to_string(),
        title: near.title,
        provider: near.provider,
        href: near.href.map(|href| base.link(&href)),
        why: near.why.iter().map(why).collect(),
        score: near.score,
    }
}
