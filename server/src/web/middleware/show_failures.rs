//! Writes the answer of what failed: a page for people, `problem+json` for programs.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::request_id::RequestId;
use super::typed_words::TypedWords;
use crate::app::App;
use crate::i18n::{Locale, t};
use crate::templates::{Base, Page};
use crate::web::error::Failure;
use crate::web::pages::failure::FailurePage;

/// Writes the body of every failure that has none of ours yet.
///
/// A handler that answers a status of 4xx with a page of its own (a form with its mistakes) is left alone: it
/// has a body of HTML or JSON and no [`Failure`].
pub async fn write(State(app): State<App>, request: Request, next: Next) -> Response {
    let uri = request.uri().clone();
    let id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    let Some(failure) = failure_of(&response) else { return response };
    let id = id.map(|id| id.0).unwrap_or_default();
    let locale = Locale::of_query(uri.query());
    let body = if speaks_json(uri.path()) {
        problem(failure, locale, &id)
    } else {
        let base = Base::of(&app, &uri, None);
        let words = response.extensions().get::<TypedWords>().map(|it| it.0.clone());
        FailurePage::new(base, failure, id, words.unwrap_or_default()).into_page()
    };
    replace_body(response, body)
}

fn failure_of(response: &Response) -> Option<Failure> {
    let status = response.status();
    if let Some(failure) = response.extensions().get::<Failure>() {
        return Some(*failure);
    }
    let failed = status.is_client_error() || status.is_server_error();
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_bare = kind.is_none_or(|kind| kind.starts_with(b"text/plain"));
    (failed && is_bare && status != StatusCode::UPGRADE_REQUIRED)
        .then(|| Failure::of_status(status))
}

fn speaks_json(path: &str) -> bool {
    ["/api/", "/live/", "/health/"].iter().any(|door| path.starts_with(door))
}

/// RFC 9457, with the key and the sentence once more under `error`: that is all that our own tabs read.
fn problem(failure: Failure, locale: Locale, id: &str) -> Response {
    let title = t(locale, &format!("error.{}.title", failure.key), &[]);
    let body = serde_json::json!({
        "type": "about:blank",
        "title": title,
        "status": failure.status.as_u16(),
        "detail": t(locale, &format!("error.{}.text", failure.key), &[]),
        "code": failure.key,
        "request": id,
        "error": { "key": failure.key, "message": title },
    });
    ([(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

/// The new body under the old status, with the old headers that are not about the old body.
fn replace_body(failed: Response, written: Response) -> Response {
    let (mut parts, _) = failed.into_parts();
    let (new, body) = written.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    if let Some(kind) = new.headers.get(header::CONTENT_TYPE) {
        parts.headers.insert(header::CONTENT_TYPE, kind.clone());
    }
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, Body::new(body))
}
