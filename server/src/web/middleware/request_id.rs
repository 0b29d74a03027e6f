//! Gives each request a number that stands in its log lines, its answer and its error page.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;

use crate::app::{SharedChance, SharedClock};
use crate::sign_in::hex;

/// The number of one request.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The header that carries it.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Numbers the request and logs what became of it. Paths are logged as their route: an address may hold a
/// token.
pub async fn number(
    State(chance): State<SharedChance>,
    State(clock): State<SharedClock>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut bytes = [0; 8];
    chance.fill(&mut bytes);
    let id = hex(&bytes);
    request.extensions_mut().insert(RequestId(id.clone()));
    let route =
        request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", id, %method, route);
    let started = clock.now().get();
    let mut response = next.run(request).instrument(span.clone()).await;
    let took =
        Duration::from_millis(u64::try_from(clock.now().get() - started).unwrap_or_default());
    let status = response.status().as_u16();
    span.in_scope(|| tracing::debug!(status, duration_ms = took.as_millis(), "answered"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, id);
    }
    response
}
