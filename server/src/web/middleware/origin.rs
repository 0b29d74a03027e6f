//! Refuses what another site's page asks for in the name of a person.
//!
//! Every method but GET, HEAD and OPTIONS is checked here, for all routes at once, so that none can forget it.
//! Together with `SameSite=Lax` cookies this is our protection against cross-site requests.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::host::asked_host;
use crate::web::error::WebError;
use crate::web::urls::PublicUrl;

/// Lets a request pass that only reads, or that comes from our own pages.
pub async fn check(
    State(public_url): State<PublicUrl>,
    request: Request,
    next: Next,
) -> Result<Response, WebError> {
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if only_reads || is_own(&public_url, request.headers(), request.uri()) {
        return Ok(next.run(request).await);
    }
    Err(WebError::ForeignOrigin)
}

/// Whether a request comes from one of our pages, or from something that is no browser.
///
/// No browser omits `Origin` on a POST or a WebSocket; where it is missing, `Sec-Fetch-Site` must not say
/// otherwise.
pub fn is_own(public_url: &PublicUrl, headers: &HeaderMap, target: &Uri) -> bool {
    let host = asked_host(headers, target);
    let mut origins = headers.get_all(header::ORIGIN).iter();
    match (origins.next(), origins.next()) {
        (Some(origin), None) => {
            origin.to_str().is_ok_and(|origin| public_url.is_own_origin(origin, host))
        }
        (Some(_), Some(_)) => false,
        (None, _) => {
            let site = headers.get("sec-fetch-site").map(axum::http::HeaderValue::as_bytes);
            matches!(site, None | Some(b"same-origin" | b"none"))
        }
    }
}
