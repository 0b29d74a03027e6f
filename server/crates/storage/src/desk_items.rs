//! Items of the desk that somebody put aside for a while. An item is a word of whoever makes the list.

use std::collections::BTreeMap;

use tablee_domain::ids::{PersonId, TableId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// Puts an item aside until a moment; the last word counts.
pub async fn snooze(
    tx: &mut Tx,
    table: TableId,
    item: &str,
    until: Timestamp,
    by: Option<PersonId>,
    at: Timestamp,
) -> Result<(), StoreError> {
    const SNOOZE: &str = "insert into desk_snoozes (table_id, item, until, put_by, made_at)
        values ($1, $2, $3, $4, $5)
        on conflict (table_id, item) do update
        set until = excluded.until, put_by = excluded.put_by, made_at = excluded.made_at";

    let item = storable(item, "desk_snoozes.item")?;
    on_engine!(tx, conn => {
        sqlx::query(SNOOZE)
            .bind(table.get()).bind(item).bind(until.get()).bind(by.map(PersonId::get)).bind(at.get())
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// Takes an item up again; says whether it was put aside.
pub async fn wake(tx: &mut Tx, table: TableId, item: &str) -> Result<bool, StoreError> {
    const WAKE: &str = "delete from desk_snoozes where table_id = $1 and item = $2";

    let item = storable(item, "desk_snoozes.item")?;
    let gone = on_engine!(tx, conn => sqlx::query(WAKE)
        .bind(table.get()).bind(item).execute(&mut **conn).await?.rows_affected());
    Ok(gone == 1)
}

/// What is put aside at this moment, and until when.
pub async fn snoozed(
    tx: &mut Tx,
    table: TableId,
    at: Timestamp,
) -> Result<BTreeMap<String, Timestamp>, StoreError> {
    const SNOOZED: &str = "select item, until from desk_snoozes where table_id = $1 and until > $2";

    let lines: Vec<(String, i64)> = on_engine!(tx, conn => sqlx::query_as(SNOOZED)
        .bind(table.get()).bind(at.get()).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(|(item, until)| (item, Timestamp(until))).collect())
}

/// Forgets what was put aside until before this moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    const FORGET: &str = "delete from desk_snoozes where until <= $1";

    Ok(on_engine!(tx, conn => sqlx::query(FORGET)
        .bind(before.get()).execute(&mut **conn).await?.rows_affected()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};
    use tablee_domain::ids::Epoch;

    fn later(hours: i64) -> Timestamp {
        Timestamp(NOON.0 + hours * 3_600_000)
    }

    both_engines! {
        async fn an_item_is_put_aside_until_its_time_and_taken_up_again(db: TestDb) {
            let mut tx = db.begin().await;
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            let nour = Some(PersonId(2));

            snooze(&mut tx, table, "stale:r1", later(1), nour, NOON).await.unwrap();
            snooze(&mut tx, table, "stale:r1", later(3), None, NOON).await.unwrap();
            snooze(&mut tx, table, "stale:r2", later(2), nour, NOON).await.unwrap();
            snooze(&mut tx, other, "stale:r3", later(2), nour, NOON).await.unwrap();

            let aside = snoozed(&mut tx, table, later(1)).await.unwrap();
            let expected =
                [("stale:r1".to_owned(), later(3)), ("stale:r2".to_owned(), later(2))];
            assert_eq!(aside, expected.into());
            assert_eq!(snoozed(&mut tx, table, later(3)).await.unwrap(), BTreeMap::new());
            assert_eq!(wake(&mut tx, other, "stale:r1").await, Ok(false), "that is another table");
            assert_eq!(wake(&mut tx, table, "stale:r1").await, Ok(true));
            assert_eq!(wake(&mut tx, table, "stale:r1").await, Ok(false));
            assert_eq!(forget(&mut tx, later(2)).await, Ok(2));
            assert_eq!(snoozed(&mut tx, table, NOON).await.unwrap(), BTreeMap::new());
        }
    }
}
