//! The headers that every answer carries, errors too.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::web::logins::carries_login;
use crate::web::urls::PublicUrl;

/// Nothing but our own files; no inline script or style, no frame, no form to elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const PERMISSIONS_POLICY: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), \
    midi=(), magnetometer=(), gyroscope=(), accelerometer=(), browsing-topics=()";

const ALWAYS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    // Not `no-referrer`: with it, browsers send `Origin: null` with our own forms.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS_POLICY),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Two years, as browsers' preload lists ask for.
const STRICT_TRANSPORT: &str = "max-age=63072000";

/// Adds the headers. A handler that set one of them itself knows better.
///
/// What a signed-in person gets is never kept by a cache, unless the handler says that it is the same for all.
pub async fn add(State(public_url): State<PublicUrl>, request: Request, next: Next) -> Response {
    let is_private = carries_login(request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if public_url.is_https() {
        let value = HeaderValue::from_static(STRICT_TRANSPORT);
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(value);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        let kept = if is_private || headers.contains_key(header::SET_COOKIE) {
            "no-store"
        } else {
            "no-cache"
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        headers.append(header::VARY, HeaderValue::from_static("cookie"));
    }
    response
}
