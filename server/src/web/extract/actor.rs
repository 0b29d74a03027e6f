//! Who asks, by the login cookie.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use tablee_domain::ids::PersonId;
use tablee_domain::people::{Actor, Role};
use tablee_storage::people::{self, Person};
use tower_sessions::Session;

use crate::app::App;
use crate::web::error::WebError;
use crate::web::logins::{LoginKey, PERSON, key_of};

/// When a login was last written; pages move it on once a day, so that it lasts while it is used.
const SEEN: &str = "seen";
const DAY: i64 = 86_400_000;

/// A signed-in person. As an extractor it refuses whoever is not: 401 without a login, 403 where the login's
/// person is no longer one of us. `Option<Somebody>` lets visitors pass.
#[derive(Debug, Clone)]
pub struct Somebody {
    /// The person.
    pub id: PersonId,
    /// What the person may do.
    pub role: Role,
    /// The name that others see.
    pub name: String,
    /// The login.
    pub login: LoginKey,
}

impl Somebody {
    /// The person, as rules and logs know actors.
    pub fn actor(&self) -> Actor {
        Actor::Person(self.id, self.role)
    }
}

/// A login of somebody who is one of us, with a role or without: all that proposing asks for. 401 without a
/// login, 403 where its person was removed.
#[derive(Debug, Clone, Copy)]
pub struct SignedIn(pub PersonId);

/// Whoever asks: a signed-in person, or a visitor.
#[derive(Debug, Clone)]
pub enum Visitor {
    /// Nobody is signed in.
    Unknown,
    /// Somebody is signed in.
    Known(Somebody),
}

impl Visitor {
    /// The signed-in person, if there is one.
    pub fn person(&self) -> Option<&Somebody> {
        if let Self::Known(somebody) = self { Some(somebody) } else { None }
    }
}

impl FromRequestParts<App> for Somebody {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebError> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let session = parts.extensions.get::<Session>().cloned().ok_or(WebError::SignedOut)?;
        let somebody = find(&session, app).await?;
        parts.extensions.insert(somebody.clone());
        Ok(somebody)
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebError> {
        let session = parts.extensions.get::<Session>().cloned().ok_or(WebError::SignedOut)?;
        Ok(Self(login(&session, app).await?.0.id))
    }
}

impl OptionalFromRequestParts<App> for Somebody {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, WebError> {
        match <Self as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Ok(somebody) => Ok(Some(somebody)),
            Err(WebError::SignedOut | WebError::Forbidden) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebError> {
        let somebody =
            <Somebody as OptionalFromRequestParts<App>>::from_request_parts(parts, app).await?;
        Ok(somebody.map_or(Self::Unknown, Self::Known))
    }
}

/// The person of a login, and its key.
async fn login(session: &Session, app: &App) -> Result<(Person, LoginKey), WebError> {
    let Some(person) = session.get::<i64>(PERSON).await? else {
        return Err(WebError::SignedOut);
    };
    let id = session.id().ok_or(WebError::SignedOut)?;
    let mut tx = app.store.read().await?;
    let person = people::find(&mut tx, PersonId(person)).await?.ok_or(WebError::Forbidden)?;
    Ok((person, key_of(&id)))
}

async fn find(session: &Session, app: &App) -> Result<Somebody, WebError> {
    let (person, login) = login(session, app).await?;
    // A visitor with a login reads what everybody reads, and nothing more.
    let role = person.role.ok_or(WebError::Forbidden)?;
    let now = app.clock.now().get();
    let seen = session.get::<i64>(SEEN).await?.unwrap_or_default();
    if now - seen >= DAY {
        session.insert(SEEN, now).await?;
        let mut tx = app.store.begin().await?;
        people::saw(&mut tx, person.id, app.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(Somebody { id: person.id, role, name: person.name, login })
}

/// Signs a browser in: the login gets a new identifier, nothing of the old one is kept, its sockets end.
pub async fn sign_in(session: &Session, person: PersonId, app: &App) -> Result<(), WebError> {
    let before = session.id().as_ref().map(key_of);
    session.clear().await;
    session.cycle_id().await?;
    login_ended(before, app).await?;
    session.insert(PERSON, person.get()).await?;
    session.insert(SEEN, app.clock.now().get()).await?;
    Ok(())
}

/// Signs a browser out, and ends its sockets.
pub async fn sign_out(session: &Session, app: &App) -> Result<(), WebError> {
    let key = session.id().as_ref().map(key_of);
    session.flush().await?;
    login_ended(key, app).await
}

/// Ends the sockets of a login, in this process and in others.
async fn login_ended(login: Option<LoginKey>, app: &App) -> Result<(), WebError> {
    let Some(login) = login else { return Ok(()) };
    let mut tx = app.store.begin().await?;
    crate::logins::announce(&mut tx).await?;
    tx.commit().await?;
    app.logins.login_ended(&login);
    Ok(())
}
