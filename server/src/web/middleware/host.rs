//! Refuses requests for another name: no link, cookie or cache entry is ever made for it.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::web::error::WebError;
use crate::web::urls::PublicUrl;

/// Lets a request pass whose `Host` is that of the public address, or any on a loopback address.
///
/// Health checks come from machines that know us by another name, and their answers hold no address.
pub async fn check(
    State(public_url): State<PublicUrl>,
    request: Request,
    next: Next,
) -> Result<Response, WebError> {
    let is_health = request.uri().path().starts_with("/health/");
    let is_ours = asked_host(request.headers(), request.uri())
        .is_some_and(|host| public_url.serves_host(host));
    if is_ours || is_health { Ok(next.run(request).await) } else { Err(WebError::OtherHost) }
}

/// The host that was asked. An absolute request target wins over the header, as HTTP says.
pub fn asked_host<'r>(headers: &'r HeaderMap, target: &'r Uri) -> Option<&'r str> {
    let mut named = headers.get_all(header::HOST).iter();
    let in_header = match (named.next(), named.next()) {
        (Some(host), None) => host.to_str().ok(),
        _ => None,
    };
    target.authority().map(axum::http::uri::Authority::as_str).or(in_header)
}
