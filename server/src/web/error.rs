//! What can go wrong for a request: one match from error to status and page.
//!
//! An error leaves its handler as a bare answer with a [`Failure`] attached;
//! [`show_failures`](super::middleware::show_failures) then writes the page, or the JSON under `/api`. The
//! cause is logged here, once, and never shown.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tablee_live::RoomError;
use tablee_storage::StoreError;

use crate::erasing::EraseError;

/// Why a request is not answered as it hoped.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// Nobody is signed in, and this needs somebody.
    #[error("nobody is signed in")]
    SignedOut,
    /// The person may not do this.
    #[error("not allowed")]
    Forbidden,
    /// Another site's page asked.
    #[error("asked by a page of another site")]
    ForeignOrigin,
    /// The form is not one that we gave to whoever sends it, or no longer.
    #[error("the form is not ours, or too old")]
    StaleForm,
    /// There is nothing at this address.
    #[error("not found")]
    NotFound,
    /// This address does not take this method.
    #[error("this address does not take this method")]
    WrongMethod,
    /// What was sent is larger than we take.
    #[error("too large")]
    TooLarge,
    /// What was sent is not understood.
    #[error("not understood: {0}")]
    Invalid(String),
    /// The request is for another name than ours.
    #[error("another host was asked")]
    OtherHost,
    /// Asked too often.
    #[error("asked too often")]
    TooMany {
        /// When to try again.
        wait: Duration,
    },
    /// The work took too long.
    #[error("took too long")]
    TooSlow,
    /// The database did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The table did not do what was asked.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// Something else broke.
    #[error(transparent)]
    Broken(#[from] anyhow::Error),
}

impl WebError {
    /// The status, and the key of the sentence in the texts of the interface.
    pub fn status(&self) -> (StatusCode, &'static str) {
        match self {
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "signed-out"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::ForeignOrigin => (StatusCode::FORBIDDEN, "foreign-origin"),
            Self::StaleForm => (StatusCode::FORBIDDEN, "stale-form"),
            Self::NotFound | Self::Room(RoomError::UnknownTable(_)) => {
                (StatusCode::NOT_FOUND, "not-found")
            }
            Self::Room(RoomError::NoSuchMoment) => (StatusCode::GONE, "no-such-moment"),
            Self::WrongMethod => (StatusCode::METHOD_NOT_ALLOWED, "wrong-method"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            Self::OtherHost => (StatusCode::MISDIRECTED_REQUEST, "other-host"),
            Self::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "too-many"),
            Self::TooSlow
            | Self::Store(StoreError::Unavailable(_))
            | Self::Room(
                RoomError::Closed
                | RoomError::UnderWay
                | RoomError::Store(StoreError::Unavailable(_)),
            ) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Self::Store(_) | Self::Room(_) | Self::Broken(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "broken")
            }
        }
    }
}

impl From<EraseError> for WebError {
    fn from(error: EraseError) -> Self {
        match error {
            EraseError::Room(error) => Self::Room(error),
            EraseError::Store(error) => Self::Store(error),
            EraseError::NotNoted(_) => Self::Broken(anyhow::Error::new(error)),
        }
    }
}

/// A login is lines of our database: where they cannot be read or written, it is the database that fails.
impl From<tower_sessions::session::Error> for WebError {
    fn from(error: tower_sessions::session::Error) -> Self {
        use tower_sessions::session::Error;
        use tower_sessions::session_store::Error as Cause;
        match error {
            Error::Store(Cause::Backend(words)) => Self::Store(StoreError::Unavailable(words)),
            other => Self::Broken(anyhow::Error::new(other).context("a login is not understood")),
        }
    }
}

/// What an answer failed of, for the page that tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// The status.
    pub status: StatusCode,
    /// The key of the sentence in the texts of the interface, under `error`.
    pub key: &'static str,
}

impl Failure {
    /// What a bare status of the framework means: a route, a method or an extractor refused.
    pub fn of_status(status: StatusCode) -> Self {
        let key = match status {
            StatusCode::NOT_FOUND => "not-found",
            StatusCode::METHOD_NOT_ALLOWED => "wrong-method",
            StatusCode::PAYLOAD_TOO_LARGE => "too-large",
            StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => "unavailable",
            other if other.is_server_error() => "broken",
            _ => "invalid",
        };
        Self { status, key }
    }
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let (status, key) = self.status();
        if status.is_server_error() {
            tracing::error!(error = %self, "a request failed");
        } else {
            tracing::debug!(error = %self, "a request was refused");
        }
        let mut response = status.into_response();
        response.extensions_mut().insert(Failure { status, key });
        if let Self::TooMany { wait } = self {
            let seconds = wait.as_secs().saturating_add(1);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What a handler answers.
pub type WebResult<T = Response> = Result<T, WebError>;
