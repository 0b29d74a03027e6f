//! What a table said, day by day, for moments whose log is gone.
//!
//! A day is the word of a date in UTC, such as `2026-11-22`. What the bytes say is `live`'s to know: this file
//! keeps them.

use tablee_domain::ids::{Epoch, Revision, TableId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// What a table said on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayValues {
    /// The day, such as `2026-11-22`.
    pub day: String,
    /// The life of the document.
    pub epoch: Epoch,
    /// The last revision in it.
    pub revision: Revision,
    /// Of when they are.
    pub at: Timestamp,
    /// The values.
    pub payload: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Line {
    day: String,
    epoch: i64,
    revision: i64,
    made_at: i64,
    payload: Vec<u8>,
}

impl From<Line> for DayValues {
    fn from(line: Line) -> Self {
        Self {
            day: line.day,
            epoch: Epoch(line.epoch),
            revision: Revision(line.revision),
            at: Timestamp(line.made_at),
            payload: line.payload,
        }
    }
}

/// Keeps the values of a day; says whether it did. A day that is there stays as it is.
pub async fn keep(tx: &mut Tx, table: TableId, values: &DayValues) -> Result<bool, StoreError> {
    const KEEP: &str = "insert into day_values (table_id, day, epoch, revision, made_at, payload)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (table_id, day) do nothing";

    let day = storable(&values.day, "day_values.day")?;
    let kept = on_engine!(tx, conn => sqlx::query(KEEP)
        .bind(table.get()).bind(day).bind(values.epoch.get()).bind(values.revision.get())
        .bind(values.at.get()).bind(&values.payload[..])
        .execute(&mut **conn).await?.rows_affected());
    Ok(kept == 1)
}

/// The last values that are of `at` or earlier.
pub async fn latest_before(
    tx: &mut Tx,
    table: TableId,
    at: Timestamp,
) -> Result<Option<DayValues>, StoreError> {
    const LATEST: &str = "select day, epoch, revision, made_at, payload
        from day_values
        where table_id = $1
        and made_at <= $2
        order by made_at desc
        limit 1";

    let line: Option<Line> = on_engine!(tx, conn => sqlx::query_as(LATEST)
        .bind(table.get()).bind(at.get()).fetch_optional(&mut **conn).await?);
    Ok(line.map(DayValues::from))
}

/// The values of one day.
pub async fn of_day(
    tx: &mut Tx,
    table: TableId,
    day: &str,
) -> Result<Option<DayValues>, StoreError> {
    const OF_DAY: &str = "select day, epoch, revision, made_at, payload
        from day_values
        where table_id = $1
        and day = $2";

    let day = storable(day, "day_values.day")?;
    let line: Option<Line> = on_engine!(tx, conn => sqlx::query_as(OF_DAY)
        .bind(table.get()).bind(day).fetch_optional(&mut **conn).await?);
    Ok(line.map(DayValues::from))
}

/// The days of which there are values, oldest first. A year of values is not read at once: ask for each.
pub async fn days(tx: &mut Tx, table: TableId) -> Result<Vec<String>, StoreError> {
    const DAYS: &str = "select day from day_values where table_id = $1";

    let mut days: Vec<String> = on_engine!(tx, conn =>
        sqlx::query_scalar(DAYS).bind(table.get()).fetch_all(&mut **conn).await?);
    days.sort_unstable();
    Ok(days)
}

/// The values of all days, oldest first.
pub async fn all(tx: &mut Tx, table: TableId) -> Result<Vec<DayValues>, StoreError> {
    let mut all = Vec::new();
    for day in days(tx, table).await? {
        all.extend(of_day(tx, table, &day).await?);
    }
    Ok(all)
}

/// Writes the values of a day anew, as an erasure must; says whether there is such a day.
pub async fn replace_payload(
    tx: &mut Tx,
    table: TableId,
    day: &str,
    payload: &[u8],
) -> Result<bool, StoreError> {
    const REPLACE: &str = "update day_values set payload = $1 where table_id = $2 and day = $3";

    let day = storable(day, "day_values.day")?;
    let replaced = on_engine!(tx, conn => sqlx::query(REPLACE)
        .bind(payload).bind(table.get()).bind(day)
        .execute(&mut **conn).await?.rows_affected());
    Ok(replaced == 1)
}

/// Forgets all days before `day`; says how many.
pub async fn forget_before(tx: &mut Tx, table: TableId, day: &str) -> Result<u64, StoreError> {
    const FORGET: &str = "delete from day_values where table_id = $1 and day = $2";

    let earlier = days(tx, table).await?.into_iter().filter(|kept| kept.as_str() < day);
    let mut forgotten = 0;
    for kept in earlier {
        forgotten += on_engine!(tx, conn => sqlx::query(FORGET)
            .bind(table.get()).bind(kept).execute(&mut **conn).await?.rows_affected());
    }
    Ok(forgotten)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};

    async fn a_table(tx: &mut Tx) -> TableId {
        tables::create(tx, "formations", Epoch(1), NOON).await.unwrap().id
    }

    fn values(day: &str, at: i64) -> DayValues {
        DayValues {
            day: day.into(),
            epoch: Epoch(1),
            revision: Revision(at),
            at: Timestamp(at),
            payload: vec![0, 255, at as u8],
        }
    }

    both_engines! {
        async fn a_day_is_kept_once(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let first = values("2026-11-22", 10);

            assert_eq!(keep(&mut tx, table, &first).await, Ok(true));
            assert_eq!(keep(&mut tx, table, &values("2026-11-22", 20)).await, Ok(false));

            assert_eq!(of_day(&mut tx, table, "2026-11-22").await, Ok(Some(first.clone())));
            assert_eq!(of_day(&mut tx, table, "2026-11-23").await, Ok(None));
            assert_eq!(all(&mut tx, table).await, Ok(vec![first]));
        }

        async fn the_last_values_before_a_moment_are_found(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            let days = [values("2026-11-20", 10), values("2026-11-22", 30), values("2026-11-21", 20)];
            for day in &days {
                keep(&mut tx, table, day).await.unwrap();
            }
            keep(&mut tx, other, &values("2026-11-22", 35)).await.unwrap();

            for (at, expected) in [(9, None), (10, Some(0)), (29, Some(2)), (30, Some(1)), (99, Some(1))] {
                let found = latest_before(&mut tx, table, Timestamp(at)).await.unwrap();
                assert_eq!(found, expected.map(|place: usize| days[place].clone()), "{at}");
            }
        }

        async fn days_are_told_in_their_order_and_forgotten_from_the_oldest(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            for (day, at) in [("2026-11-22", 3), ("2025-12-31", 1), ("2026-01-01", 2)] {
                keep(&mut tx, table, &values(day, at)).await.unwrap();
                keep(&mut tx, other, &values(day, at)).await.unwrap();
            }
            assert_eq!(days(&mut tx, table).await.unwrap(), ["2025-12-31", "2026-01-01", "2026-11-22"]);

            assert_eq!(forget_before(&mut tx, table, "2025-12-31").await, Ok(0));
            assert_eq!(forget_before(&mut tx, table, "2026-11-22").await, Ok(2));

            assert_eq!(days(&mut tx, table).await.unwrap(), ["2026-11-22"]);
            assert_eq!(days(&mut tx, other).await.unwrap().len(), 3);
        }

        async fn the_values_of_a_day_can_be_written_anew(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            keep(&mut tx, table, &values("2026-11-21", 20)).await.unwrap();
            keep(&mut tx, table, &values("2026-11-22", 30)).await.unwrap();

            assert_eq!(replace_payload(&mut tx, table, "2026-11-22", b"rien").await, Ok(true));
            assert_eq!(replace_payload(&mut tx, table, "2026-11-23", b"rien").await, Ok(false));

            let anew = DayValues { payload: b"rien".to_vec(), ..values("2026-11-22", 30) };
            assert_eq!(all(&mut tx, table).await.unwrap(), [values("2026-11-21", 20), anew]);
        }

        async fn a_day_that_cannot_be_stored_is_refused(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let refused = StoreError::NotStorable { column: "day_values.day" };

            assert_eq!(keep(&mut tx, table, &values("2026\0", 1)).await, Err(refused.clone()));
            assert_eq!(of_day(&mut tx, table, "2026\0").await, Err(refused.clone()));
            assert_eq!(replace_payload(&mut tx, table, "2026\0", b"").await, Err(refused));
        }
    }
}
