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

/// Holds the line of a setting until the transaction ends, so that what is read after it is what is changed. A
/// setting that nobody set is empty from then on.
pub async fn hold(tx: &mut Tx, key: &str) -> Result<(), StoreError> {
    const HOLD: &str = "insert into settings (key, value)
        values ($1, '')
        on conflict (key) do update set value = settings.value";

    let key = storable(key, "settings.key")?;
    on_engine!(tx, conn => {
        sqlx::query(HOLD).bind(key).execute(&mut **conn).await?;
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both_engines;

    both_engines! {
        async fn a_setting_keeps_the_last_value(db: TestDb) {
            let mut tx = db.begin().await;
            assert_eq!(get(&mut tx, "members_edit").await, Ok(None));

            set(&mut tx, "members_edit", "all").await.unwrap();
            set(&mut tx, "members_edit", "own « 🌞 » '\"").await.unwrap();

            let kept = get(&mut tx, "members_edit").await;
            assert_eq!(kept, Ok(Some("own « 🌞 » '\"".into())));
        }

        async fn who_holds_a_setting_reads_what_the_last_holder_wrote(db: TestDb) {
            let mut first = db.begin().await;
            hold(&mut first, "site_version").await.unwrap();
            let db_of_second = db.clone();
            let second = tokio::spawn(async move {
                let mut tx = db_of_second.begin().await;
                hold(&mut tx, "site_version").await.unwrap();
                get(&mut tx, "site_version").await
            });
            assert_eq!(get(&mut first, "site_version").await, Ok(Some(String::new())));

            set(&mut first, "site_version", "1").await.unwrap();
            first.commit().await.unwrap();

            assert_eq!(second.await.unwrap(), Ok(Some("1".into())));
        }

        async fn a_value_that_cannot_be_stored_changes_nothing(db: TestDb) {
            let mut tx = db.begin().await;
            set(&mut tx, "licence", "Etalab 2.0").await.unwrap();

            let refused = set(&mut tx, "licence", "Etalab\0").await;

            assert_eq!(refused, Err(StoreError::NotStorable { column: "settings.value" }));
            assert_eq!(get(&mut tx, "licence").await, Ok(Some("Etalab 2.0".into())));
        }
    }
}
