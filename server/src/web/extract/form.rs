//! A form of our own pages: small, with the token of whoever it was given to.
//!
//! Beside `Origin` and the cookie's `SameSite`, the token sees to it that no form which another page made, and no
//! program which merely opens links, does anything in somebody's name.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;

use super::Visitor;
use crate::app::App;
use crate::web::error::WebError;

/// The field that holds the token.
pub const TOKEN: &str = "jeton";

/// The fields of a form that knows each once. A token that is not ours, a field that comes twice, or one that is
/// missing is refused.
#[derive(Debug)]
pub struct CheckedForm<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for CheckedForm<T> {
    type Rejection = WebError;
    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        let (body, token_is_ours) = read(request, app).await?;
        let fields: T = serde_urlencoded::from_bytes(&body)
            .map_err(|error| WebError::Invalid(error.to_string()))?;
        if token_is_ours { Ok(Self(fields)) } else { Err(WebError::StaleForm) }
    }
}

/// The fields of a form, each as often as it came. Its token was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

/// The same where a form that is not ours, or no longer, is shown again with all that was typed, and nothing is
/// done: only for handlers that look at `is_ours` first.
#[derive(Debug, Clone)]
pub struct TypedFields {
    /// What was typed.
    pub fields: Fields,
    /// Whether the form is one that we gave to whoever sends it.
    pub is_ours: bool,
}

impl Fields {
    /// The first value of a field; empty where it did not come.
    pub fn one(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// Whether a field came.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// All values of a field.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All fields whose names begin so, with the rest of the name.
    pub fn beginning<'f>(&'f self, start: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.0
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(start)?, value.as_str())))
    }

    /// All fields, in the order in which they came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A field as a number.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.one(name).parse().ok()
    }

    /// The version of the thing that the form was made for.
    pub fn version(&self) -> Result<i64, WebError> {
        self.number("version").ok_or_else(|| WebError::Invalid("form: version".to_owned()))
    }
}

impl From<Vec<(String, String)>> for Fields {
    fn from(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }
}

impl FromRequest<App> for Fields {
    type Rejection = WebError;
    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        let TypedFields { fields, is_ours } = TypedFields::from_request(request, app).await?;
        if is_ours { Ok(fields) } else { Err(WebError::StaleForm) }
    }
}

impl FromRequest<App> for TypedFields {
    type Rejection = WebError;
    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        let (body, is_ours) = read(request, app).await?;
        let fields = Fields(url::form_urlencoded::parse(&body).into_owned().collect());
        Ok(Self { fields, is_ours })
    }
}

/// Whether what is sent says that it is a form as ours are.
pub fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.starts_with(b"application/x-www-form-urlencoded"))
}

/// The body of a form, and whether its token is that of whoever sends it.
async fn read(request: Request, app: &App) -> Result<(Bytes, bool), WebError> {
    let (mut parts, body) = request.into_parts();
    if !is_form(&parts.headers) {
        return Err(WebError::Invalid("not a form".to_owned()));
    }
    let by = Visitor::from_request_parts(&mut parts, app).await?;
    let body = Bytes::from_request(Request::from_parts(parts, body), app).await;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
        _ => WebError::Invalid(rejection.body_text()),
    })?;
    let is_ours = url::form_urlencoded::parse(&body)
        .any(|(name, token)| name == TOKEN && is_own(app, &by, &token));
    Ok((body, is_ours))
}

/// Whether a token is that of the forms which we give to whoever asks.
pub fn is_own(app: &App, by: &Visitor, token: &str) -> bool {
    let login = by.person().map(|person| &person.login);
    app.seal.is_form_token(login, app.clock.now(), token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_comes_as_often_as_it_was_ticked() {
        let pairs = [("l", "0!2"), ("m3", "=url"), ("l", "0!4"), ("version", "7")];
        let fields = Fields(pairs.map(|(a, b)| (a.to_owned(), b.to_owned())).into());

        assert_eq!(fields.all("l").collect::<Vec<_>>(), ["0!2", "0!4"]);
        assert_eq!(fields.beginning("m").collect::<Vec<_>>(), [("3", "=url")]);
        assert_eq!((fields.version().ok(), fields.one("x"), fields.has("l")), (Some(7), "", true));
    }
}
