//! A form of our own pages: small, with each field once.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::web::error::WebError;

/// The fields of a form. Its origin was checked for all routes, its size by the router's limit; a field that
/// comes twice, or none of ours that is needed, is refused.
#[derive(Debug)]
pub struct CheckedForm<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for CheckedForm<T> {
    type Rejection = WebError;
    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        match Form::<T>::from_request(request, app).await {
            Ok(Form(fields)) => Ok(Self(fields)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

fn refusal(rejection: &FormRejection) -> WebError {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return WebError::TooLarge;
    }
    WebError::Invalid(rejection.body_text())
}
