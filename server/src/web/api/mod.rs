//! JSON for our own tabs and for other programs: one file per door.
//!
//! A failure is `{"error": {"key", "message"}}` among what RFC 9457 says; its key is one of
//! [`WebError::status`](super::error::WebError::status).

pub mod columns;
pub mod history;
pub mod restore;
pub mod suggestions;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::App;
use crate::web::urls;

/// The addresses of the API.
pub fn routes() -> Router<App> {
    let suggest = post(suggestions::leave).layer(DefaultBodyLimit::max(suggestions::LARGEST_BODY));
    Router::new()
        .route(urls::API_COLUMNS, post(columns::change))
        .route(urls::API_HISTORY, get(history::show))
        .route(urls::API_RESTORE, post(restore::restore))
        .route(urls::API_SUGGESTIONS, suggest)
}
