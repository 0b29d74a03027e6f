//! The built files of the client: what a page must link to, and the files themselves.
//!
//! The client is built by Vite into `client/dist` and embedded in the program; a debug build reads the folder
//! at each request, so that the client can be built anew while the server runs. The manifest that Vite leaves
//! there says under which hashed name each source is found. A server built without the client still answers:
//! its pages are plain HTML.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(rust_embed::RustEmbed)]
#[folder = "../client/dist"]
#[allow_missing = true]
struct Built;

const WORKER: &str = "sw.js";
const MANIFEST: &str = ".vite/manifest.json";
const FAVICON: &str = include_str!("assets/favicon.svg");

/// The styles of every page made by the server.
const PAGE_STYLES: [&str; 3] =
    ["src/styles/tokens.css", "src/styles/base.css", "src/styles/pages.css"];
const FIND_STYLES: [&str; 1] = ["src/styles/find.css"];
const PRINT_STYLE: &str = "src/styles/print.css";
const PUBLIC_SCRIPT: &str = "src/entries/public.ts";
const IMPORT_STYLES: [&str; 4] = [
    "src/styles/tokens.css",
    "src/styles/base.css",
    "src/styles/pages.css",
    "src/styles/import.css",
];
const IMPORT_SCRIPT: &str = "src/entries/import.ts";
/// One file with what the others share: a page of few requests.
const PROPOSE_STYLES: [&str; 1] = ["src/styles/propose.css"];
const PROPOSE_SCRIPT: &str = "src/entries/propose.ts";
const DESK_STYLES: [&str; 4] =
    ["src/styles/tokens.css", "src/styles/base.css", "src/styles/pages.css", "src/styles/desk.css"];
const DESK_SCRIPT: &str = "src/entries/desk.ts";
const TABLE_STYLES: [&str; 3] =
    ["src/styles/tokens.css", "src/styles/base.css", "src/styles/grid.css"];
const TABLE_SCRIPT: &str = "src/entries/table.ts";

/// One file of the build, as the manifest tells it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Chunk {
    file: String,
    css: Vec<String>,
    imports: Vec<String>,
}

type Manifest = BTreeMap<String, Chunk>;

/// What a page links to. Addresses, in the order in which they are needed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// Style sheets.
    pub styles: Vec<String>,
    /// The style sheet for paper.
    pub print: Option<String>,
    /// Modules to run.
    pub scripts: Vec<String>,
    /// Modules that those will import.
    pub preloads: Vec<String>,
}

/// Knows the built files.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    manifest: Arc<Manifest>,
}

impl Assets {
    /// Reads the manifest of the build.
    pub fn load() -> Self {
        let manifest = read_manifest();
        if manifest.is_empty() {
            tracing::warn!("the client is not built: pages will have no style and no live table");
        }
        Self { manifest: Arc::new(manifest) }
    }

    /// The links of the pages that the server makes.
    pub fn page(&self) -> Links {
        let manifest = self.current();
        let print = manifest.get(PRINT_STYLE).map(address);
        Links { print, ..links(&manifest, &PAGE_STYLES, PUBLIC_SCRIPT) }
    }

    /// The links of the pages on which people find offers: all their styles in one file.
    pub fn find(&self) -> Links {
        let manifest = self.current();
        let print = manifest.get(PRINT_STYLE).map(address);
        Links { print, ..links(&manifest, &FIND_STYLES, PUBLIC_SCRIPT) }
    }

    /// The links of the pages of the import.
    pub fn import(&self) -> Links {
        let manifest = self.current();
        let print = manifest.get(PRINT_STYLE).map(address);
        Links { print, ..links(&manifest, &IMPORT_STYLES, IMPORT_SCRIPT) }
    }

    /// The links of the form and of what follows it.
    pub fn propose(&self) -> Links {
        let manifest = self.current();
        let print = manifest.get(PRINT_STYLE).map(address);
        Links { print, ..links(&manifest, &PROPOSE_STYLES, PROPOSE_SCRIPT) }
    }

    /// The links of the pilots' desk.
    pub fn desk(&self) -> Links {
        let manifest = self.current();
        let print = manifest.get(PRINT_STYLE).map(address);
        Links { print, ..links(&manifest, &DESK_STYLES, DESK_SCRIPT) }
    }

    /// The links of the live table's shell.
    pub fn table(&self) -> Links {
        links(&self.current(), &TABLE_STYLES, TABLE_SCRIPT)
    }

    fn current(&self) -> Arc<Manifest> {
        if cfg!(debug_assertions) && !self.manifest.is_empty() {
            Arc::new(read_manifest())
        } else {
            Arc::clone(&self.manifest)
        }
    }
}

fn links(manifest: &Manifest, styles: &[&str], script: &str) -> Links {
    let mut links = Links::default();
    links.styles.extend(styles.iter().filter_map(|source| manifest.get(*source)).map(address));
    if let Some(chunk) = manifest.get(script) {
        links.scripts.push(address(chunk));
        follow(manifest, chunk, &mut BTreeSet::from([script]), &mut links);
    }
    links
}

/// Collects the style sheets of a chunk and of all that it imports.
fn follow<'m>(
    manifest: &'m Manifest,
    chunk: &'m Chunk,
    seen: &mut BTreeSet<&'m str>,
    links: &mut Links,
) {
    for import in &chunk.imports {
        if let Some(imported) = manifest.get(import).filter(|_| seen.insert(import)) {
            links.preloads.push(address(imported));
            follow(manifest, imported, seen, links);
        }
    }
    for file in &chunk.css {
        let sheet = format!("/assets/{file}");
        if !links.styles.contains(&sheet) {
            links.styles.push(sheet);
        }
    }
}

fn address(chunk: &Chunk) -> String {
    format!("/assets/{}", chunk.file)
}

fn read_manifest() -> Manifest {
    let Some(file) = Built::get(MANIFEST) else { return Manifest::new() };
    serde_json::from_slice(&file.data).unwrap_or_else(|error| {
        tracing::error!(%error, "the client's manifest cannot be read");
        Manifest::new()
    })
}

/// `GET /assets/{*path}`: a built file. Its name holds a hash of its content, so it is kept for ever. The build
/// compressed it once; whoever takes that is given it, the others are served by the layer that compresses pages.
pub async fn serve(Path(path): Path<String>, asked: HeaderMap) -> Response {
    let known = kind_of(&path).filter(|_| !path.split('/').any(|part| part.starts_with('.')));
    let Some((kind, plain)) = known.and_then(|kind| Some((kind, Built::get(&path)?))) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    if let Some(small) = takes_brotli(&asked).then(|| Built::get(&format!("{path}.br"))).flatten() {
        let how = [(CONTENT_ENCODING, "br"), (VARY, "accept-encoding")];
        return (headers, how, body(small)).into_response();
    }
    (headers, body(plain)).into_response()
}

/// The bytes of a file; those that stand in the program are not copied.
fn body(file: rust_embed::EmbeddedFile) -> Bytes {
    match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }
}

/// Whether whoever asks takes brotli: `q=0` says that they do not (RFC 9110, 12.5.3).
fn takes_brotli(asked: &HeaderMap) -> bool {
    let said = asked.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let mut codings = said.flat_map(|value| value.split(',')).map(str::trim);
    codings.any(|coding| {
        let (name, rest) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = rest.trim().strip_prefix("q=").and_then(|it| it.trim().parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case("br") && weight.is_none_or(|weight| weight > 0.0)
    })
}

/// `GET /sw.js`: what keeps the shell of the table on a device. It stands at the root, so that it may look
/// after the table's page; browsers ask for it anew at each visit.
pub async fn service_worker() -> Response {
    let Some(file) = Built::get(WORKER) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("service-worker-allowed"), "/"),
    ];
    (headers, body(file)).into_response()
}

/// The media type of a file that a build may hold; nothing else is served.
fn kind_of(path: &str) -> Option<&'static str> {
    let (_, ending) = path.rsplit_once('.')?;
    Some(match ending {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

/// `GET /favicon.svg`.
pub async fn favicon(asked: HeaderMap) -> Response {
    // The text never changes while a program lives: its own version names it.
    const TAG: HeaderValue =
        HeaderValue::from_static(concat!("\"favicon-", env!("CARGO_PKG_VERSION"), "\""));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400")),
        (ETAG, TAG),
    ];
    if asked.get(IF_NONE_MATCH) == Some(&TAG) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, FAVICON).into_response()
}

/// `GET /favicon.ico`, which browsers ask without being told.
pub async fn favicon_ico() -> Redirect {
    Redirect::permanent("/favicon.svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built() -> Manifest {
        let manifest = serde_json::json!({
            "src/styles/tokens.css": { "file": "assets/tokens-1.css", "isEntry": true },
            "src/styles/base.css": { "file": "assets/base-2.css" },
            "src/entries/public.ts": { "file": "assets/public-3.js", "imports": ["_shared.js"] },
            "_shared.js": {
                "file": "assets/shared-4.js", "css": ["assets/shared-5.css"], "imports": ["_shared.js"],
            },
        });
        serde_json::from_value(manifest).unwrap()
    }

    #[test]
    fn a_page_links_to_all_that_its_script_will_need() {
        let links = links(&built(), &PAGE_STYLES, PUBLIC_SCRIPT);

        let styles = ["tokens-1", "base-2", "shared-5"];
        assert_eq!(links.styles, styles.map(|name| format!("/assets/assets/{name}.css")));
        assert_eq!(links.scripts, ["/assets/assets/public-3.js"]);
        assert_eq!(links.preloads, ["/assets/assets/shared-4.js"]);
    }

    #[test]
    fn a_server_without_its_client_still_has_pages() {
        assert_eq!(Assets::default().page(), Links::default());
    }

    #[test]
    fn brotli_is_for_those_who_say_that_they_take_it() {
        let takes = |said: &str| {
            takes_brotli(&HeaderMap::from_iter([(ACCEPT_ENCODING, said.parse().unwrap())]))
        };
        for said in ["br", "gzip, deflate, br, zstd", "gzip;q=0.5,BR;q=0.1", "gzip, br; q=1.0"] {
            assert!(takes(said), "{said}");
        }
        for said in ["", "gzip", "brr", "gzip, br;q=0", "br; q=0.0", "x-br"] {
            assert!(!takes(said), "{said}");
        }
        assert!(!takes_brotli(&HeaderMap::new()));
    }

    #[tokio::test]
    async fn only_files_of_the_build_are_served() {
        for path in [
            "",
            ".vite/manifest.json",
            "../Cargo.toml",
            "..%2fa.js",
            "a.html",
            "assets/none.js",
            "/etc/passwd",
        ] {
            assert_eq!(
                serve(Path(path.to_owned()), HeaderMap::new()).await.status(),
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }
}
