//! `GET /exports/formations.{xlsx,csv,json}`: the list of an address as a file.
//!
//! What you see is what you get: the query is read by the same [`Listing`] as the pages. A file is the same
//! for everybody, whoever is signed in, so other sites and caches may read it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use tablee_domain::ids::Timestamp;
use tablee_domain::offer::session::Day;
use tablee_exchange::write::{self, Extract, ExtractRow, Heading, WriteError};
use time::OffsetDateTime;
use time::macros::format_description;
use url::form_urlencoded;

use super::card::address;
use crate::app::SharedClock;
use crate::catalogue::{Edition, Listing, Shelf, TABLE};
use crate::i18n::{Locale, t};
use crate::sign_in::hex;
use crate::web::error::{WebError, WebResult};
use crate::web::urls::{self, PublicUrl};

/// The formats, by the end of the file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Xlsx,
    Csv { heading: Heading, separator: u8 },
    Json,
}

impl Format {
    /// The format of a file's name; `None` for one that we do not make.
    fn of(file: &str, query: &str) -> Option<Self> {
        match file.strip_prefix(TABLE)? {
            ".xlsx" => Some(Self::Xlsx),
            ".csv" => Some(Self::csv(query)),
            ".json" => Some(Self::Json),
            _ => None,
        }
    }

    fn csv(query: &str) -> Self {
        let asked = |wanted: &str| {
            form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
        };
        let separator = match asked("sep").as_deref() {
            Some(",") => b',',
            Some("\t") => b'\t',
            _ => b';',
        };
        let keys = asked("cles").is_some_and(|value| value == "1");
        Self::Csv { heading: if keys { Heading::Keys } else { Heading::Labels }, separator }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv { .. } => "csv",
            Self::Json => "json",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv { .. } => "text/csv; charset=utf-8; header=present",
            Self::Json => "application/json",
        }
    }

    fn write(self, extract: &Extract<'_>) -> Result<Vec<u8>, WriteError> {
        match self {
            Self::Xlsx => write::xlsx(extract),
            Self::Csv { heading, separator } => write::csv(extract, heading, separator),
            Self::Json => write::json(extract),
        }
    }
}

/// Sends the list.
pub async fn download(
    Path(file): Path<String>,
    uri: Uri,
    asked: HeaderMap,
    State(shelf): State<Shelf>,
    State(public_url): State<PublicUrl>,
    State(clock): State<SharedClock>,
) -> WebResult {
    let now = clock.now();
    let query = uri.query().unwrap_or_default().to_owned();
    let format = Format::of(&file, &query).ok_or(WebError::NotFound)?;
    let edition = shelf.current().await?;
    let headers = headers(&edition, format, &query, now)?;
    if is_known(&asked, &headers) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let making =
        tokio::task::spawn_blocking(move || file_of(&edition, format, &query, &public_url, now));
    let bytes = making.await.map_err(anyhow::Error::new)?.map_err(anyhow::Error::new)?;
    Ok(answer(format, headers, bytes))
}

fn file_of(
    edition: &Arc<Edition>,
    format: Format,
    query: &str,
    public_url: &PublicUrl,
    now: Timestamp,
) -> Result<Vec<u8>, WriteError> {
    let listing = Listing::of(edition, Some(query), now);
    let everything = listing.query.at_page(1);
    let extract = Extract {
        table: TABLE,
        title: &t(Locale::Fr, "exports.sheet", &[]),
        columns: edition.catalogue.columns().iter().collect(),
        rows: listing
            .rows
            .iter()
            .map(|row| ExtractRow { url: public_url.join(&address(row)), row })
            .collect(),
        licence: &t(Locale::Fr, "footer.licence", &[]),
        source_url: &public_url.join(&listing.address(urls::HOME, &everything)),
        // The day of the data, as the licence asks for; and so one revision always gives the same file.
        generated: edition.at,
    };
    format.write(&extract)
}

fn answer(format: Format, mut headers: HeaderMap, bytes: Vec<u8>) -> Response {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    (headers, bytes).into_response()
}

/// All headers but the media type, which a "not modified" does not carry.
fn headers(
    edition: &Edition,
    format: Format,
    query: &str,
    now: Timestamp,
) -> Result<HeaderMap, WebError> {
    // Which session is the next one is another question each day.
    let today = Day::of(now);
    let what = format!("{format:?} {query} {} {}", today.iso(), env!("CARGO_PKG_VERSION"));
    let what = hex(&Sha256::digest(what.as_bytes())[..8]);
    // Weak: a proxy may compress what we send.
    let tag = format!("W/\"{}-{}-{what}\"", edition.epoch, edition.revision);
    let day = OffsetDateTime::from_unix_timestamp(edition.at.get().div_euclid(1000));
    let day = day.map(|at| at.date().to_string()).unwrap_or_default();
    let name = format!("{TABLE}-{day}.{}", format.ending());
    let disposition = format!("attachment; filename=\"{name}\"; filename*=UTF-8''{name}");
    let values: [(HeaderName, String); 6] = [
        (header::CONTENT_DISPOSITION, disposition),
        (header::ETAG, tag),
        (header::LAST_MODIFIED, http_date(edition.at.max(today.begins()))),
        (header::CACHE_CONTROL, "public, no-cache".to_owned()),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin".to_owned()),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in values {
        headers.insert(name, HeaderValue::try_from(value).map_err(anyhow::Error::new)?);
    }
    Ok(headers)
}

/// Whether whoever asks has this very file already. A tag that is given decides alone (RFC 9110, 13.1.3).
fn is_known(asked: &HeaderMap, ours: &HeaderMap) -> bool {
    if let Some(known) = asked.get(header::IF_NONE_MATCH) {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let tag = ours.get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(bare);
        return known.to_str().is_ok_and(|known| {
            known.trim() == "*" || known.split(',').any(|one| Some(bare(one)) == tag)
        });
    }
    // A browser sends our own date back: comparing its letters is enough, and never says "known" wrongly.
    asked
        .get(header::IF_MODIFIED_SINCE)
        .is_some_and(|since| Some(since) == ours.get(header::LAST_MODIFIED))
}

fn http_date(at: Timestamp) -> String {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    let moment = OffsetDateTime::from_unix_timestamp(at.get().div_euclid(1000));
    moment.ok().and_then(|moment| moment.format(&format).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_files_that_we_make_have_an_address() {
        assert_eq!(Format::of("formations.xlsx", ""), Some(Format::Xlsx));
        assert_eq!(Format::of("formations.json", "q=eau"), Some(Format::Json));
        for unknown in [
            "formations.ods",
            "formations",
            "formations.",
            "autre.csv",
            "formations.CSV",
            "formations.csv.exe",
            "",
        ] {
            assert_eq!(Format::of(unknown, ""), None, "{unknown}");
        }
    }

    #[test]
    fn csv_is_french_unless_asked_otherwise() {
        let csv = |heading, separator| Some(Format::Csv { heading, separator });

        assert_eq!(Format::of("formations.csv", ""), csv(Heading::Labels, b';'));
        assert_eq!(Format::of("formations.csv", "sep=,&cles=1"), csv(Heading::Keys, b','));
        assert_eq!(Format::of("formations.csv", "sep=%2C&cles=0"), csv(Heading::Labels, b','));
        assert_eq!(Format::of("formations.csv", "sep=xx"), csv(Heading::Labels, b';'));
    }

    #[test]
    fn a_date_is_written_as_browsers_want_it() {
        assert_eq!(http_date(Timestamp(784_111_777_000)), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn a_file_that_is_known_is_not_sent_again() {
        let pair = |name: HeaderName, value: &'static str| {
            HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
        };
        let mut ours = pair(header::ETAG, "W/\"1-7-ab\"");
        ours.insert(
            header::LAST_MODIFIED,
            HeaderValue::from_static("Sun, 06 Nov 1994 08:49:37 GMT"),
        );

        for known in ["W/\"1-7-ab\"", "\"1-7-ab\"", "\"x\", W/\"1-7-ab\"", "*"] {
            assert!(is_known(&pair(header::IF_NONE_MATCH, known), &ours), "{known}");
        }
        assert!(!is_known(&pair(header::IF_NONE_MATCH, "\"1-8-ab\""), &ours));
        assert!(is_known(&pair(header::IF_MODIFIED_SINCE, "Sun, 06 Nov 1994 08:49:37 GMT"), &ours));
        assert!(!is_known(&HeaderMap::new(), &ours));
    }
}
