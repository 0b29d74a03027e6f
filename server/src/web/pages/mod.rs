//! Pages made by the server: one file per page.

pub mod failure;
pub mod sign_in;

pub mod about;
pub mod card;
pub mod exports;
pub mod home;
pub mod offer;
pub mod table;

use axum::Router;
use axum::routing::get;

use crate::app::App;
use crate::assets;
use crate::web::urls;

/// The addresses of the public pages and of the shell of the live table.
pub fn routes() -> Router<App> {
    Router::new()
        .route(urls::HOME, get(home::show))
        .route(urls::OFFER, get(offer::show))
        .route(urls::TABLE, get(table::show))
        .route(urls::EXPORTS, get(exports::download))
        .route(urls::RIGHTS, get(about::rights))
        .route(urls::ACCESSIBILITY, get(about::accessibility))
        .route(urls::LEGAL, get(about::legal))
        .route(urls::ASSETS, get(assets::serve))
        .route(urls::FAVICON, get(assets::favicon))
        .route("/favicon.ico", get(assets::favicon_ico))
        .route(urls::ROBOTS, get(assets::robots))
}
