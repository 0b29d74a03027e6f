//! The form as it comes back. Nothing that was typed is lost where the login is gone, the token is too old or
//! the database is away: the handler has all of it, and is told.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{StatusCode, Uri};

use super::typed::Typed;
use crate::app::App;
use crate::templates::Base;
use crate::web::error::WebError;
use crate::web::extract::form::{TOKEN, is_form, is_own};
use crate::web::extract::{Somebody, Visitor};
use crate::web::middleware::rate_limit::Place;

/// What came back.
pub struct Sent {
    /// What is around the page that answers.
    pub base: Base,
    /// Who sends it, as far as anybody knows.
    pub person: Option<Somebody>,
    /// Where it comes from.
    pub place: Place,
    /// What was typed.
    pub typed: Typed,
    /// Whether the form is one that we gave to whoever sends it.
    pub is_ours: bool,
    /// Whether the database did not answer when it was asked who sends it.
    pub is_away: bool,
}

impl FromRequest<App> for Sent {
    type Rejection = WebError;
    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        let (mut parts, body) = request.into_parts();
        if !is_form(&parts.headers) {
            return Err(WebError::Invalid("not a form".to_owned()));
        }
        let (visitor, is_away) = match Visitor::from_request_parts(&mut parts, app).await {
            Ok(visitor) => (visitor, false),
            Err(error) if error.status().0.is_server_error() => {
                tracing::warn!(%error, "nobody knows who sends a form: the database is away");
                (Visitor::Unknown, true)
            }
            Err(error) => return Err(error),
        };
        let Ok(place) = Place::from_request_parts(&mut parts, app).await;
        let uri = parts.uri.clone();
        let body = read(Request::from_parts(parts, body), app).await?;
        let typed = url::form_urlencoded::parse(&body).into_owned().collect::<Vec<_>>();
        let tokens = typed.iter().filter(|(name, _)| name == TOKEN);
        let is_ours = tokens.clone().any(|(_, token)| is_own(app, &visitor, token));
        let token = tokens.map(|(_, token)| token.clone()).next();
        let person = visitor.person().cloned();
        let base = base(app, &uri, person.as_ref(), token.filter(|_| is_away));
        Ok(Self { base, person, place, typed: Typed::from(typed), is_ours, is_away })
    }
}

/// What is around the page. Where nobody knows who sends the form, it keeps its own token: it is good again
/// when the database is back.
fn base(app: &App, uri: &Uri, person: Option<&Somebody>, token: Option<String>) -> Base {
    let base = Base::of(app, uri, person);
    match token {
        Some(token) => Base { token, ..base },
        None => base,
    }
}

async fn read(request: Request, app: &App) -> Result<Bytes, WebError> {
    Bytes::from_request(request, app).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
        _ => WebError::Invalid(rejection.body_text()),
    })
}
