//! Whether the process runs, and whether it can do its work. For machines; says nothing more.

use axum::extract::State;
use axum::http::StatusCode;
use tablee_storage::{Store, tables};

/// The process answers.
pub async fn live() -> &'static str {
    "ok"
}

/// The database answers too.
pub async fn ready(State(store): State<Store>) -> (StatusCode, &'static str) {
    let looked = async { tables::all(&mut store.read().await?).await };
    match looked.await {
        Ok(_) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}
