//! Logins in cookies: tower-sessions over our own table.
//!
//! The cookie holds 128 bits of chance, the database their hash. `save` only changes a line that is there: a
//! request that was under way while its login was deleted does not bring it back. How long a login lasts is
//! counted by the program's clock.

use std::fmt;

use async_trait::async_trait;
use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use tablee_domain::ids::{PersonId, Timestamp};
use tablee_storage::logins::Login;
use tablee_storage::{Conflict, Store, StoreError, logins};
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore};

use crate::app::{App, SharedClock};
use crate::config::SignInConfig;

/// Under which key of a login's data the person stands.
pub const PERSON: &str = "person";

/// The hash under which the database keeps a login.
pub type LoginKey = [u8; 32];

/// The key of a login.
pub fn key_of(id: &Id) -> LoginKey {
    Sha256::digest(id.0.to_le_bytes()).into()
}

/// The layer that reads and writes the login cookie.
pub fn layer(app: &App) -> SessionManagerLayer<LoginStore> {
    let is_https = app.public_url.is_https();
    let lasts = i64::try_from(app.config.sign_in.login_for.0.as_secs()).unwrap_or(i64::MAX);
    let store = LoginStore {
        store: app.store.clone(),
        clock: app.clock.clone(),
        rules: app.config.sign_in.clone(),
    };
    SessionManagerLayer::new(store)
        .with_name(if is_https { SECURE_NAME } else { NAME })
        .with_secure(is_https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::seconds(lasts)))
}

/// The name of the cookie on https: browsers take it from this very host only.
pub const SECURE_NAME: &str = "__Host-tablee";
/// The name of the cookie on plain http.
pub const NAME: &str = "tablee";

/// Makes a browser forget the cookie. On https a `__Host-` cookie only goes with the words it came with.
pub fn forget_cookie(app: &App) -> String {
    let (name, secure) =
        if app.public_url.is_https() { (SECURE_NAME, "; Secure") } else { (NAME, "") };
    format!("{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}")
}

/// Whether a request brings a login cookie, good or not.
pub fn carries_login(headers: &HeaderMap) -> bool {
    headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok()).any(|line| {
        line.split(';').filter_map(|pair| pair.split_once('=')).any(|(name, _)| {
            let name = name.trim();
            name == NAME || name == SECURE_NAME
        })
    })
}

/// The store behind the cookies.
#[derive(Clone)]
pub struct LoginStore {
    store: Store,
    clock: SharedClock,
    rules: SignInConfig,
}

impl fmt::Debug for LoginStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginStore")
    }
}

impl LoginStore {
    /// Whoever is signed in stays so for long; whoever only asked for a mail, as long as its code is good.
    fn line(&self, record: &Record) -> Result<Login> {
        let person = record.data.get(PERSON).and_then(serde_json::Value::as_i64).map(PersonId);
        let lasts = if person.is_some() { self.rules.login_for } else { self.rules.mail_link_for };
        let now = self.clock.now();
        Ok(Login {
            id_hash: key_of(&record.id).to_vec(),
            person,
            data: serde_json::to_string(&record.data)
                .map_err(|error| Error::Encode(error.to_string()))?,
            made_at: now,
            expires_at: Timestamp(now.get().saturating_add(lasts.as_millis())),
        })
    }
}

#[async_trait]
impl SessionStore for LoginStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            let mut tx = self.store.begin().await.map_err(backend)?;
            match logins::create(&mut tx, &self.line(record)?).await {
                Ok(()) => return tx.commit().await.map_err(backend),
                Err(StoreError::Conflict(Conflict::LoginExists)) => record.id = Id::default(),
                Err(error) => return Err(backend(error)),
            }
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let mut tx = self.store.begin().await.map_err(backend)?;
        logins::save(&mut tx, &self.line(record)?).await.map_err(backend)?;
        tx.commit().await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let mut tx = self.store.read().await.map_err(backend)?;
        let login = logins::load(&mut tx, &key_of(id), self.clock.now()).await.map_err(backend)?;
        let Some(login) = login else { return Ok(None) };
        let data =
            serde_json::from_str(&login.data).map_err(|error| Error::Decode(error.to_string()))?;
        // Only our own clock decides when a login ends; the layer does not look at this date.
        Ok(Some(Record { id: *id, data, expiry_date: time::OffsetDateTime::UNIX_EPOCH }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let mut tx = self.store.begin().await.map_err(backend)?;
        logins::delete(&mut tx, &key_of(id)).await.map_err(backend)?;
        tx.commit().await.map_err(backend)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn backend(error: StoreError) -> Error {
    Error::Backend(error.to_string())
}
