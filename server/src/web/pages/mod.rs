//! Pages made by the server: one file per page.

pub mod failure;
pub mod sign_in;

pub mod about;
pub mod card;
pub mod columns;
pub mod compare;
pub mod crawlers;
pub mod desk;
pub mod erasure;
pub mod exports;
pub mod follow;
pub mod history;
pub mod home;
pub mod import;
pub mod mails;
pub mod mine;
pub mod offer;
pub mod preferences;
pub mod propose;
pub mod restore;
pub mod settings;
pub mod table;
pub mod unsubscribe;

use crate::assets;
use crate::web::doors::Doors;
use crate::web::doors::Who::{Admin, Everybody, Holder, Member, Pilot};
use crate::web::urls;

/// The doors of the pages, of the shell of the live table, and of built files.
pub fn routes() -> Doors {
    Doors::new()
        .get(urls::SIGN_IN, Everybody, sign_in::show)
        .post(urls::SIGN_IN, Everybody, sign_in::ask)
        .get(urls::SIGN_IN_CODE, Everybody, sign_in::show_code)
        .post(urls::SIGN_IN_CODE, Everybody, sign_in::redeem_code)
        .get(urls::SIGN_IN_LINK, Holder, sign_in::show_link)
        .post(urls::SIGN_IN_LINK, Holder, sign_in::redeem_link)
        .post(urls::SIGN_OUT, Everybody, sign_in::sign_out)
        .get(urls::HOME, Everybody, home::show)
        .get(urls::OFFER, Everybody, offer::show)
        .get(urls::TABLE, Everybody, table::show)
        .get(urls::OFFLINE, Everybody, table::offline)
        .get(urls::HISTORY, Member, history::show)
        .post(urls::RESTORE, Pilot, restore::restore)
        .get(urls::RESTORED, Member, restore::restored)
        .get(urls::COLUMNS, Pilot, columns::show)
        .post(urls::COLUMNS, Pilot, columns::submit)
        .get(urls::COLUMN, Pilot, columns::show_one)
        .get(urls::ERASURE, Admin, erasure::show)
        .post(urls::ERASURE, Admin, erasure::submit)
        .merge(settings::routes())
        .merge(desk::routes())
        .merge(import::routes())
        .merge(mails::routes())
        .merge(preferences::routes())
        .merge(unsubscribe::routes())
        .merge(propose::routes())
        .merge(follow::routes())
        .merge(mine::routes())
        .get(urls::EXPORTS, Everybody, exports::download)
        .get(urls::RIGHTS, Everybody, about::rights)
        .get(urls::ACCESSIBILITY, Everybody, about::accessibility)
        .get(urls::LEGAL, Everybody, about::legal)
        .get(urls::PRIVACY, Everybody, about::privacy)
        .get(urls::ASSETS, Everybody, assets::serve)
        .get(urls::SERVICE_WORKER, Everybody, assets::service_worker)
        .get(urls::FAVICON, Everybody, assets::favicon)
        .get(urls::FAVICON_ICO, Everybody, assets::favicon_ico)
        .get(urls::COMPARE, Everybody, compare::show)
        .get(urls::ROBOTS, Everybody, crawlers::robots)
        .get(urls::SITEMAP, Everybody, crawlers::sitemap)
}
