//! Pages made by the server: one file per page.

pub mod failure;
pub mod sign_in;

use axum::Router;

use crate::app::App;

/// The addresses of the public pages and of the shell of the live table.
pub fn routes() -> Router<App> {
    Router::new()
}
