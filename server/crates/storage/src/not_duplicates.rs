//! Pairs of rows that somebody judged not to be the same: they are not proposed as duplicates again.

use std::collections::BTreeSet;

use tablee_domain::ids::{PersonId, RowId, TableId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;

/// The pair in the order in which it is kept.
pub fn pair<'r>(a: &'r RowId, b: &'r RowId) -> (&'r RowId, &'r RowId) {
    if a <= b { (a, b) } else { (b, a) }
}

/// Remembers that two rows are not the same, in whichever order they are given. Said twice, the first stays.
pub async fn add(
    tx: &mut Tx,
    table: TableId,
    a: &RowId,
    b: &RowId,
    by: Option<PersonId>,
    at: Timestamp,
) -> Result<(), StoreError> {
    const ADD: &str = "insert into not_duplicates (table_id, row_a, row_b, judged_by, made_at)
        values ($1, $2, $3, $4, $5)
        on conflict (table_id, row_a, row_b) do nothing";

    let (a, b) = pair(a, b);
    on_engine!(tx, conn => {
        sqlx::query(ADD)
            .bind(table.get()).bind(a.as_str()).bind(b.as_str())
            .bind(by.map(PersonId::get)).bind(at.get())
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// Forgets the judgement; says whether there was one.
pub async fn remove(tx: &mut Tx, table: TableId, a: &RowId, b: &RowId) -> Result<bool, StoreError> {
    const REMOVE: &str =
        "delete from not_duplicates where table_id = $1 and row_a = $2 and row_b = $3";

    let (a, b) = pair(a, b);
    let gone = on_engine!(tx, conn => sqlx::query(REMOVE)
        .bind(table.get()).bind(a.as_str()).bind(b.as_str())
        .execute(&mut **conn).await?.rows_affected());
    Ok(gone == 1)
}

/// All pairs of a table, each with the smaller word first.
pub async fn all(tx: &mut Tx, table: TableId) -> Result<BTreeSet<(RowId, RowId)>, StoreError> {
    const ALL: &str = "select row_a, row_b from not_duplicates where table_id = $1";

    let lines: Vec<(String, String)> = on_engine!(tx, conn =>
        sqlx::query_as(ALL).bind(table.get()).fetch_all(&mut **conn).await?);
    let row = |word: &str, column| {
        RowId::new(word).map_err(|_| StoreError::corrupt("not_duplicates", &word, column))
    };
    lines.iter().map(|(a, b)| Ok((row(a, "row_a")?, row(b, "row_b")?))).collect()
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
        async fn two_rows_are_judged_once_in_whichever_order(db: TestDb) {
            let mut tx = db.begin().await;
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            let nour = Some(PersonId(2));

            add(&mut tx, table, &row("b"), &row("a"), nour, NOON).await.unwrap();
            add(&mut tx, table, &row("a"), &row("b"), None, NOON).await.unwrap();
            add(&mut tx, other, &row("a"), &row("c"), None, NOON).await.unwrap();

            assert_eq!(all(&mut tx, table).await.unwrap(), [(row("a"), row("b"))].into());
            assert_eq!(remove(&mut tx, table, &row("b"), &row("a")).await, Ok(true));
            assert_eq!(remove(&mut tx, table, &row("b"), &row("a")).await, Ok(false));
            assert_eq!(all(&mut tx, table).await.unwrap(), BTreeSet::new());
            assert_eq!(all(&mut tx, other).await.unwrap().len(), 1);
        }
    }
}
