//! What machines that look for pages may read, and where the offers are.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::card::address;
use crate::catalogue::Shelf;
use crate::i18n::Locale;
use crate::templates::in_language;
use crate::web::error::WebResult;
use crate::web::urls::{self, PublicUrl};

/// What is nobody's but the reader's: links of mails, work, people.
const PRIVATE: [&str; 12] = [
    "/api/",
    "/atelier",
    "/comparer",
    "/connexion",
    "/desabonnement/",
    "/historique",
    "/import",
    "/live/",
    "/mes-offres",
    "/preferences",
    "/reglages",
    "/suivi",
];

/// `GET /robots.txt`: everybody may read the inventory.
pub async fn robots(State(public_url): State<PublicUrl>) -> Response {
    let private = PRIVATE.map(|path| format!("Disallow: {path}\n")).concat();
    let sitemap = public_url.join(urls::SITEMAP);
    let robots = format!("User-agent: *\nAllow: /\n{private}\nSitemap: {sitemap}\n");
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], robots).into_response()
}

/// `GET /sitemap.xml`: the catalogue and each offer, in both languages.
pub async fn sitemap(State(shelf): State<Shelf>, State(public_url): State<PublicUrl>) -> WebResult {
    let edition = shelf.current().await?;
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let pages = [urls::HOME, urls::TABLE, urls::PROPOSE].map(str::to_owned);
    for page in pages.into_iter().chain(edition.catalogue.offers().map(address)) {
        for locale in Locale::ALL {
            // Our addresses are plain letters; only `&` has a meaning in XML.
            let page = public_url.join(&in_language(locale, &page)).replace('&', "&amp;");
            xml.extend(["<url><loc>", &page, "</loc></url>\n"]);
        }
    }
    xml.push_str("</urlset>\n");
    let headers =
        [(CONTENT_TYPE, "application/xml; charset=utf-8"), (CACHE_CONTROL, "public, no-cache")];
    Ok((headers, xml).into_response())
}
