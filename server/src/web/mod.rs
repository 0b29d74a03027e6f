//! Everything that knows a header, a cookie, a status or an address.

pub mod urls;

pub mod doors;
pub mod error;
pub mod extract;
pub mod middleware;

pub mod api;
pub mod live;
pub mod logins;
pub mod pages;

mod health;

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use doors::{Doors, Who};
use error::WebError;
use middleware::{
    host, origin, rate_limit, request_id, security_headers, show_failures, typed_words,
};

/// A request that is not answered by then is given up.
const PATIENCE: Duration = Duration::from_mins(1);

/// Every door of the site.
pub fn doors() -> Doors {
    Doors::new()
        .get(urls::LIVE, Who::Member, live::open)
        .merge(pages::routes())
        .merge(api::routes())
        .get(urls::HEALTH_LIVE, Who::Everybody, health::live)
        .get(urls::HEALTH_READY, Who::Everybody, health::ready)
}

/// Every address of the site. What each request passes stands below, outermost last.
pub fn router(app: App) -> Router {
    let routes = doors()
        .into_router()
        .fallback(|| async { WebError::NotFound })
        .method_not_allowed_fallback(|| async { WebError::WrongMethod });
    protected(routes, app)
}

/// Routes behind all that a request passes.
pub fn protected(routes: Router<App>, app: App) -> Router {
    let state = || app.clone();
    let worth_compressing = SizeAbove::new(512)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("application/vnd"));
    routes
        .layer(logins::layer(&app))
        .layer(DefaultBodyLimit::max(app.config.web.form_size.0))
        .layer(from_fn_with_state(state(), typed_words::keep))
        .layer(from_fn_with_state(state(), origin::check))
        .layer(from_fn_with_state(state(), rate_limit::check))
        .layer(from_fn_with_state(state(), host::check))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PATIENCE))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state(), show_failures::write))
        .layer(from_fn_with_state(state(), security_headers::add))
        .layer(from_fn_with_state(state(), request_id::number))
        .layer(CompressionLayer::new().compress_when(worth_compressing))
        .with_state(app)
}

/// A handler that panics answers like any other failure; the panic itself is in the log.
#[expect(clippy::needless_pass_by_value, reason = "the layer hands over what was thrown")]
fn panicked(thrown: Box<dyn std::any::Any + Send>) -> Response {
    let words = thrown
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| thrown.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    WebError::Broken(anyhow::anyhow!("a handler panicked: {words}")).into_response()
}
