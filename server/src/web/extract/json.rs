//! What a program sends: JSON of a bounded size, in our words and no others.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::web::error::WebError;

/// The body of a request to the API. Its origin was checked for all routes, its size by the limit of its route.
#[derive(Debug)]
pub struct CheckedJson<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for CheckedJson<T> {
    type Rejection = WebError;
    async fn from_request(request: Request, app: &App) -> Result<Self, WebError> {
        match Json::<T>::from_request(request, app).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

/// What the parser says may repeat what somebody wrote: it goes into no log.
fn refusal(rejection: &JsonRejection) -> WebError {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => WebError::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => WebError::Invalid("the body is no JSON".to_owned()),
        _ => WebError::Invalid("the JSON has another shape".to_owned()),
    }
}
