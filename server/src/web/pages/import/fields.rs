//! The forms of an import: fields that come several times, with the token of the login that sent them.

use std::fmt::Write;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::web::error::WebError;
use crate::web::extract::Somebody;
use crate::web::logins::LoginKey;

/// The field that holds the token.
pub const TOKEN: &str = "jeton";

/// The token of a login's own forms: beside `Origin` and the cookie's `SameSite`, so that no form that another
/// page made can send a file or a decision in somebody's name.
pub fn token_of(login: &LoginKey) -> String {
    let mut hash = Sha256::new();
    hash.update(b"forms of the import");
    hash.update(login);
    let mut token = String::with_capacity(32);
    for byte in hash.finalize().iter().take(16) {
        // Writing to a text never fails.
        let _ = write!(token, "{byte:02x}");
    }
    token
}

/// Whether a form is one that we gave to this login.
pub fn is_own(by: &Somebody, token: &str) -> bool {
    let ours = token_of(&by.login);
    let pairs = ours.bytes().zip(token.bytes());
    ours.len() == token.len() && pairs.fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// The fields of a form of ours, each as often as it came. Its token was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

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

    /// A field as a number.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.one(name).parse().ok()
    }

    /// The version of the plan that the form was made for.
    pub fn version(&self) -> Result<i64, WebError> {
        self.number("version").ok_or_else(|| WebError::Invalid("import: version".to_owned()))
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
        let kind =
            request.headers().get(header::CONTENT_TYPE).map(|kind| kind.as_bytes().to_owned());
        let is_form =
            kind.is_some_and(|kind| kind.starts_with(b"application/x-www-form-urlencoded"));
        let by = request.extensions().get::<Somebody>().cloned().ok_or(WebError::SignedOut)?;
        let body = Bytes::from_request(request, app).await.map_err(|rejection| {
            if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                WebError::TooLarge
            } else {
                WebError::Invalid(rejection.body_text())
            }
        })?;
        if !is_form {
            return Err(WebError::Invalid("not a form".to_owned()));
        }
        let fields = Self(url::form_urlencoded::parse(&body).into_owned().collect());
        if is_own(&by, fields.one(TOKEN)) { Ok(fields) } else { Err(WebError::ForeignOrigin) }
    }
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

    #[test]
    fn each_login_has_a_token_of_its_own() {
        assert_ne!(token_of(&[1; 32]), token_of(&[2; 32]));
        assert_eq!(token_of(&[1; 32]).len(), 32);
    }
}
