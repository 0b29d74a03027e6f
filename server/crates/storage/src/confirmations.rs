//! "Still right": what people say of rows that need no change.

use std::collections::BTreeMap;

use tablee_domain::ids::{PersonId, RowId, TableId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;

/// That somebody said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confirmation {
    /// Who; none for somebody who has left.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// Remembers that somebody said of a row that it is still right.
pub async fn add(
    tx: &mut Tx,
    table: TableId,
    row: &RowId,
    by: Option<PersonId>,
    at: Timestamp,
) -> Result<(), StoreError> {
    const ADD: &str = "insert into confirmations (table_id, row_id, person_id, made_at)
        values ($1, $2, $3, $4)";

    on_engine!(tx, conn => {
        sqlx::query(ADD)
            .bind(table.get()).bind(row.as_str()).bind(by.map(PersonId::get)).bind(at.get())
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// Who said so last of a row, and when.
pub async fn latest(
    tx: &mut Tx,
    table: TableId,
    row: &RowId,
) -> Result<Option<Confirmation>, StoreError> {
    const LATEST: &str = "select person_id, made_at
        from confirmations
        where table_id = $1
        and row_id = $2
        order by made_at desc, id desc
        limit 1";

    let line: Option<(Option<i64>, i64)> = on_engine!(tx, conn => sqlx::query_as(LATEST)
        .bind(table.get()).bind(row.as_str()).fetch_optional(&mut **conn).await?);
    Ok(line.map(|(by, at)| Confirmation { by: by.map(PersonId), at: Timestamp(at) }))
}

/// When it was last said of each row of which it was.
pub async fn latest_of_all(
    tx: &mut Tx,
    table: TableId,
) -> Result<BTreeMap<RowId, Timestamp>, StoreError> {
    const LATEST: &str = "select row_id, max(made_at)
        from confirmations
        where table_id = $1
        group by row_id";

    let lines: Vec<(String, i64)> = on_engine!(tx, conn =>
        sqlx::query_as(LATEST).bind(table.get()).fetch_all(&mut **conn).await?);
    let of = |(row, at): (String, i64)| {
        let id =
            RowId::new(&row).map_err(|_| StoreError::corrupt("confirmations", &row, "row_id"))?;
        Ok((id, Timestamp(at)))
    };
    lines.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};
    use tablee_domain::ids::Epoch;

    fn row(id: &str) -> RowId {
        RowId::new(id).unwrap()
    }

    both_engines! {
        async fn the_last_one_who_said_it_is_told(db: TestDb) {
            let mut tx = db.begin().await;
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;
            let (lea, later) = (Some(PersonId(1)), Timestamp(NOON.0 + 1));

            add(&mut tx, table, &row("a"), None, later).await.unwrap();
            add(&mut tx, table, &row("a"), lea, later).await.unwrap();
            add(&mut tx, table, &row("a"), None, NOON).await.unwrap();
            add(&mut tx, table, &row("b"), lea, NOON).await.unwrap();
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            add(&mut tx, other, &row("a"), None, Timestamp(NOON.0 + 9)).await.unwrap();

            let last = latest(&mut tx, table, &row("a")).await.unwrap();
            assert_eq!(last, Some(Confirmation { by: lea, at: later }));
            assert_eq!(latest(&mut tx, table, &row("c")).await, Ok(None));
            let all = latest_of_all(&mut tx, table).await.unwrap();
            assert_eq!(all, [(row("a"), later), (row("b"), NOON)].into());
        }
    }
}
