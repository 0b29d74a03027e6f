//! Nobody writes a text twice because a login ended, a page was too old or the database was away: the page that
//! tells of it shows what was typed, ready to be copied.
//!
//! Pages that can be shown again with everything in them do better than this, and have no [`Failure`].

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::web::error::{Failure, WebError};
use crate::web::extract::form::is_form;

/// The words of a form that was refused, for the page that tells it.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedWords(pub Vec<String>);

/// What people write stands in no log.
impl std::fmt::Debug for TypedWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TypedWords({})", self.0.len())
    }
}

/// Failures after which the same words can be sent again.
const LATER: [&str; 4] = ["signed-out", "stale-form", "unavailable", "broken"];

/// Fields that pages send along for themselves.
const NOT_TYPED: [&str; 4] = ["avant", "cle", "jeton", "vu"];

/// Keeps the words of a form until its answer is known.
pub async fn keep(State(app): State<App>, request: Request, next: Next) -> Response {
    let most = app.config.web.form_size.0;
    if !is_small_form(&request, most) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, most).await else {
        return WebError::Invalid("the form broke off".to_owned()).into_response();
    };
    let mut answer = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    let failure = answer.extensions().get::<Failure>().copied();
    if failure.is_some_and(|failure| LATER.contains(&failure.key)) {
        answer.extensions_mut().insert(TypedWords(words(&body)));
    }
    answer
}

/// Whether it is a form whose length is known beforehand, and small.
fn is_small_form(request: &Request, most: usize) -> bool {
    let length = request.body().size_hint().upper();
    let is_small = length.is_some_and(|length| usize::try_from(length).is_ok_and(|it| it <= most));
    *request.method() == Method::POST && is_form(request.headers()) && is_small
}

/// What looks typed: more than one word, each text once.
fn words(body: &[u8]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (name, value) in url::form_urlencoded::parse(body) {
        let name = name.split('-').next().unwrap_or_default();
        let value = value.trim();
        let is_typed = value.contains(char::is_whitespace) && !NOT_TYPED.contains(&name);
        if is_typed && !words.iter().any(|known| known == value) {
            words.push(value.to_owned());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    #[test]
    fn what_looks_typed_is_kept_once_and_what_pages_carry_is_not() {
        let body = b"jeton=ab+cd&message=Bonjour+%C3%A0+tous&vu-3=Deux+jours&x=Bonjour+%C3%A0+tous&action=envoyer";

        assert_eq!(words(body), ["Bonjour à tous"]);
    }

    #[test]
    fn only_a_small_form_is_kept() {
        let request = |method: Method, kind: &str, body: &'static str| {
            let request = Request::builder().method(method).header(header::CONTENT_TYPE, kind);
            request.body(Body::from(body)).unwrap()
        };
        let form = "application/x-www-form-urlencoded";

        assert!(is_small_form(&request(Method::POST, form, "0123456789"), 10));
        assert!(!is_small_form(&request(Method::POST, form, "0123456789a"), 10));
        assert!(!is_small_form(&request(Method::POST, "multipart/form-data", "a"), 10));
        assert!(!is_small_form(&request(Method::GET, form, "a"), 10));
    }
}
