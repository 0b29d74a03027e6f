//! What every page has around it, of this request.

use axum::extract::{FromRequestParts, OptionalFromRequestParts, OriginalUri};
use axum::http::request::Parts;

use super::Somebody;
use crate::app::App;
use crate::i18n::Locale;
use crate::templates::{Base, PersonHere};
use crate::web::error::WebError;

impl FromRequestParts<App> for Base {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebError> {
        let somebody =
            <Somebody as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await?;
        let uri = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |original| &original.0)
            .clone();
        Ok(Self {
            locale: Locale::of_query(uri.query()),
            person: somebody
                .map(|somebody| PersonHere { name: somebody.name, role: somebody.role }),
            links: app.assets.page(),
            uri,
            ..Self::default()
        })
    }
}
