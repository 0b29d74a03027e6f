//! Pages made by the server: one file per page.

pub mod failure;
pub mod sign_in;

pub mod about;
pub mod card;
pub mod columns;
pub mod erasure;
pub mod exports;
pub mod history;
pub mod home;
pub mod import;
pub mod offer;
pub mod restore;
pub mod table;

use axum::Router;
use axum::routing::{get, post};

use crate::app::App;
use crate::assets;
use crate::web::urls;

/// The addresses of the pages, of the shell of the live table, and of built files.
pub fn routes() -> Router<App> {
    Router::new()
        .route(urls::HOME, get(home::show))
        .route(urls::OFFER, get(offer::show))
        .route(urls::TABLE, get(table::show))
        .route(urls::OFFLINE, get(table::offline))
        .route(urls::HISTORY, get(history::show))
        .route(urls::RESTORE, post(restore::restore))
        .route(urls::RESTORED, get(restore::restored))
        .route(urls::COLUMNS, get(columns::show).post(columns::submit))
        .route(urls::COLUMN, get(columns::show_one))
        .route(urls::ERASURE, get(erasure::show).post(erasure::submit))
        .merge(import::routes())
        .route(urls::EXPORTS, get(exports::download))
        .route(urls::RIGHTS, get(about::rights))
        .route(urls::ACCESSIBILITY, get(about::accessibility))
        .route(urls::LEGAL, get(about::legal))
        .route(urls::ASSETS, get(assets::serve))
        .route(urls::SERVICE_WORKER, get(assets::service_worker))
        .route(urls::FAVICON, get(assets::favicon))
        .route("/favicon.ico", get(assets::favicon_ico))
        .route(urls::ROBOTS, get(assets::robots))
}
