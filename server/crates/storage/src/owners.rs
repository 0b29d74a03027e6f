//! Who added a row. With `members_edit = own` it is theirs to change.

use tablee_domain::ids::{PersonId, RowId, TableId};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;

/// Gives a row to a person, whoever had it.
pub async fn set(
    tx: &mut Tx,
    table: TableId,
    row: &RowId,
    person: PersonId,
) -> Result<(), StoreError> {
    const SET: &str = "insert into row_owners (table_id, row_id, person_id)
        values ($1, $2, $3)
        on conflict (table_id, row_id) do update set person_id = excluded.person_id";

    on_engine!(tx, conn => {
        sqlx::query(SET).bind(table.get()).bind(row.as_str()).bind(person.get())
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// The person to whom a row belongs, if it is somebody's.
pub async fn of(tx: &mut Tx, table: TableId, row: &RowId) -> Result<Option<PersonId>, StoreError> {
    const OF: &str = "select person_id from row_owners where table_id = $1 and row_id = $2";

    let person: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(OF)
        .bind(table.get()).bind(row.as_str()).fetch_optional(&mut **conn).await?);
    Ok(person.map(PersonId))
}

/// All rows that belong to somebody.
pub async fn all(tx: &mut Tx, table: TableId) -> Result<Vec<(RowId, PersonId)>, StoreError> {
    const ALL: &str = "select row_id, person_id from row_owners where table_id = $1";

    let lines: Vec<(String, i64)> = on_engine!(tx, conn =>
        sqlx::query_as(ALL).bind(table.get()).fetch_all(&mut **conn).await?);
    lines
        .into_iter()
        .map(|(row, person)| {
            let id = RowId::new(&row);
            let id = id.map_err(|_| StoreError::corrupt("row_owners", &row, "row_id"))?;
            Ok((id, PersonId(person)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};
    use tablee_domain::ids::Epoch;

    both_engines! {
        async fn a_row_belongs_to_the_last_person_it_was_given_to(db: TestDb) {
            let mut tx = db.begin().await;
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            let row = RowId::new("ligne1").unwrap();

            set(&mut tx, table, &row, PersonId(1)).await.unwrap();
            set(&mut tx, table, &row, PersonId(2)).await.unwrap();

            assert_eq!(of(&mut tx, table, &row).await, Ok(Some(PersonId(2))));
            assert_eq!(of(&mut tx, other, &row).await, Ok(None));
            assert_eq!(all(&mut tx, table).await.unwrap(), [(row, PersonId(2))]);
            assert_eq!(all(&mut tx, other).await.unwrap(), []);
        }
    }
}
