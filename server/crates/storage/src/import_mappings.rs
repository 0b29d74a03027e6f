//! What was decided for a file, kept by the header of its sheets: the next file with that header is read alike.

use tablee_domain::ids::{TableId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// What was decided for sheets with one header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The fingerprint of the header.
    pub fingerprint: String,
    /// What was decided, as JSON.
    pub decisions: String,
}

/// All that is known of headers of files for this table.
pub async fn all(tx: &mut Tx, table: TableId) -> Result<Vec<Mapping>, StoreError> {
    const ALL: &str = "select fingerprint, decisions from import_mappings where table_id = $1";

    let lines: Vec<(String, String)> = on_engine!(tx, conn =>
        sqlx::query_as(ALL).bind(table.get()).fetch_all(&mut **conn).await?);
    Ok(lines
        .into_iter()
        .map(|(fingerprint, decisions)| Mapping { fingerprint, decisions })
        .collect())
}

/// Remembers what was decided for a header, in place of what was decided before.
pub async fn remember(
    tx: &mut Tx,
    table: TableId,
    mapping: &Mapping,
    at: Timestamp,
) -> Result<(), StoreError> {
    const REMEMBER: &str =
        "insert into import_mappings (table_id, fingerprint, decisions, changed_at)
        values ($1, $2, $3, $4)
        on conflict (table_id, fingerprint) do update
        set decisions = excluded.decisions, changed_at = excluded.changed_at";

    let fingerprint = storable(&mapping.fingerprint, "import_mappings.fingerprint")?;
    let decisions = storable(&mapping.decisions, "import_mappings.decisions")?;
    on_engine!(tx, conn => {
        sqlx::query(REMEMBER)
            .bind(table.get()).bind(fingerprint).bind(decisions).bind(at.get())
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// Forgets what was decided for a header.
pub async fn forget(tx: &mut Tx, table: TableId, fingerprint: &str) -> Result<(), StoreError> {
    const FORGET: &str = "delete from import_mappings where table_id = $1 and fingerprint = $2";

    on_engine!(tx, conn => {
        sqlx::query(FORGET).bind(table.get()).bind(fingerprint).execute(&mut **conn).await?;
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};
    use tablee_domain::ids::Epoch;

    fn mapping(fingerprint: &str, decisions: &str) -> Mapping {
        Mapping { fingerprint: fingerprint.into(), decisions: decisions.into() }
    }

    both_engines! {
        async fn the_last_decision_for_a_header_is_the_one_that_is_recalled(db: TestDb) {
            let mut tx = db.begin().await;
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;
            let other = tables::create(&mut tx, "autre", Epoch(1), NOON).await.unwrap().id;
            remember(&mut tx, table, &mapping("a", "{}"), NOON).await.unwrap();
            remember(&mut tx, table, &mapping("b", "{}"), NOON).await.unwrap();
            remember(&mut tx, other, &mapping("a", r#"{"autre":1}"#), NOON).await.unwrap();

            remember(&mut tx, table, &mapping("a", r#"{"étape":"é 🌞"}"#), NOON).await.unwrap();
            forget(&mut tx, table, "b").await.unwrap();

            let known = all(&mut tx, table).await;
            assert_eq!(known, Ok(vec![mapping("a", r#"{"étape":"é 🌞"}"#)]));
            assert_eq!(all(&mut tx, other).await.unwrap().len(), 1);
        }

        async fn a_mapping_that_cannot_be_stored_is_refused(db: TestDb) {
            let mut tx = db.begin().await;
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;

            let refused = remember(&mut tx, table, &mapping("a", "\0"), NOON).await;

            let column = "import_mappings.decisions";
            assert_eq!(refused, Err(StoreError::NotStorable { column }));
            assert_eq!(all(&mut tx, table).await, Ok(vec![]));
        }
    }
}
