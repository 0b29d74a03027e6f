//! `GET /exports/formations.{xlsx,csv,json}`: the list of an address as a file.

use crate::web::error::{WebError, WebResult};

/// Sends the list.
pub async fn download() -> WebResult {
    Err(WebError::NotFound)
}
