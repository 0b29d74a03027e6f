//! The table that an address names.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::Deserialize;
use tablee_live::RoomHandle;

use crate::app::App;
use crate::web::error::WebError;

/// The room of the table in `{table}`; 404 where there is none. It stands behind the proof of a permission in
/// a handler's parameters, so that strangers do not learn which tables there are.
pub struct OpenTable(pub RoomHandle);

#[derive(Deserialize)]
struct Named {
    table: String,
}

impl FromRequestParts<App> for OpenTable {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebError> {
        let path = Path::<Named>::from_request_parts(parts, app).await;
        let Path(Named { table }) = path.map_err(|_| WebError::NotFound)?;
        Ok(Self(app.rooms.open(&table).await?))
    }
}
