//! A browser without a window: cookies, `Origin`, and no redirect followed unless asked.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt;
use tablee::web::logins::{NAME, SECURE_NAME};
use tower::ServiceExt;

/// Says the tokens that pages may give to whoever has this login cookie.
pub type Forms = Arc<dyn Fn(Option<&str>) -> Vec<String> + Send + Sync>;

/// One browser, with the cookies it was given.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    origin: String,
    forms: Forms,
    cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    /// The body as it came, where it is no text.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// A header as text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

impl Browser {
    pub fn new(router: Router, origin: String, forms: Forms) -> Self {
        Self { router, origin, forms, cookies: BTreeMap::new() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], String::new()).await
    }

    pub async fn head(&mut self, path: &str) -> Answer {
        self.send(Method::HEAD, path, &[], String::new()).await
    }

    /// Sends a form from one of our own pages, with its token where the test brings none.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.origin.clone();
        self.post_from(Some(&origin), path, fields).await
    }

    /// The tokens that our pages may give to this browser: as a visitor, and as a login where there is one.
    pub fn tokens(&self) -> Vec<String> {
        let cookie = self.cookies.get(SECURE_NAME).or_else(|| self.cookies.get(NAME));
        (self.forms)(cookie.map(String::as_str))
    }

    /// The tokens as a body of a form says them.
    pub fn form_token(&self) -> String {
        let tokens = self.tokens();
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(tokens.iter().map(|token| ("jeton", token.as_str()))).finish()
    }

    /// Sends a form from a page of `origin`; `None` is no browser at all.
    pub async fn post_from(
        &mut self,
        origin: Option<&str>,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let brings_one = fields.iter().any(|(name, _)| *name == "jeton");
        let tokens = if brings_one { Vec::new() } else { self.tokens() };
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(tokens.iter().map(|token| ("jeton", token.as_str())))
            .extend_pairs(fields)
            .finish();
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend(origin.map(|origin| ("origin", origin)));
        self.send(Method::POST, path, &headers, body).await
    }

    /// Sends a request with headers of the test's choice; a `host` replaces the browser's own.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header(header::HOST, self.origin.split_once("://").unwrap().1);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            request = request.header(header::COOKIE, self.cookie());
        }
        let request = request.body(Body::from(body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        self.keep_cookies(&parts.headers);
        let body = body.collect().await.unwrap().to_bytes();
        let (body, bytes) = (String::from_utf8_lossy(&body).into_owned(), body.to_vec());
        Answer { status: parts.status.as_u16(), headers: parts.headers, body, bytes }
    }

    /// The cookies as the header says them.
    pub fn cookie(&self) -> String {
        let pairs: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    /// Takes a cookie, as whoever stole it would.
    pub fn takes_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// The value of a cookie.
    pub fn cookie_named(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() || line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
