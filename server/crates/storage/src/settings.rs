//! Settings that people change in the site, beside those of the file.

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// The value of a setting, if somebody set it.
pub async fn get(tx: &mut Tx, key: &str) -> Result<Option<String>, StoreError> {
    const GET: &str = "select value from settings where key = $1";

    let key = storable(key, "settings.key")?;
    Ok(on_engine!(tx, conn =>
        sqlx::query_scalar(GET).bind(key).fetch_optional(&mut **conn).await?))
}

/// Sets a setting.
pub async fn set(tx: &mut Tx, key: &str, value: &str) -> Result<(), StoreError> {
    const SET: &str = "insert into settings (key, value)
        values ($1, $2)
        on conflict (key) do update set value = excluded.value";

    let (key, value) = (storable(key, "settings.key")?, storable(value, "settings.value")?);
    on_engine!(tx, conn => {
        sqlx::query(SET).bind(key).bind(value).execute(&mut **conn).await?;
    });
    Ok(())
}
