//! Who added a row. With `members_edit = own` it is theirs to change.

use tablee_domain::ids::{PersonId, Revision, RowId, TableId, Timestamp};

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

/// A cell of somebody's row that somebody else changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedByOther {
    /// To whom the row belongs.
    pub owner: PersonId,
    /// The row.
    pub row: RowId,
    /// The column; empty for the row itself.
    pub column: String,
    /// Who changed it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// What people changed in rows of others, after one revision and up to another. Neither what an import wrote
/// nor work at columns: those go through all rows alike.
pub async fn changed_by_others(
    tx: &mut Tx,
    table: TableId,
    after: Revision,
    up_to: Revision,
) -> Result<Vec<ChangedByOther>, StoreError> {
    const CHANGED: &str = "select row_owners.person_id, edits.row_id, edits.column_id, edits.actor,
            edits.made_at
        from edits
        join row_owners on row_owners.table_id = edits.table_id and row_owners.row_id = edits.row_id
        where edits.table_id = $1
        and edits.revision > $2
        and edits.revision <= $3
        and edits.lost = 0
        and edits.actor <> row_owners.person_id
        and edits.origin in ('table', 'proposal', 'merge', 'restore')
        order by edits.id";

    let lines: Vec<(i64, String, String, i64, i64)> = on_engine!(tx, conn =>
        sqlx::query_as(CHANGED).bind(table.get()).bind(after.get()).bind(up_to.get())
            .fetch_all(&mut **conn).await?);
    let of = |(owner, row, column, by, at): (i64, String, String, i64, i64)| {
        let id = RowId::new(&row).map_err(|_| StoreError::corrupt("edits", &row, "row_id"))?;
        let (owner, by) = (PersonId(owner), PersonId(by));
        Ok(ChangedByOther { owner, row: id, column, by, at: Timestamp(at) })
    };
    lines.into_iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, history, tables};
    use tablee_domain::ids::{Epoch, ImportId};
    use tablee_domain::table::{Edit, Origin, Plain};

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

        async fn what_others_changed_in_a_row_is_told_apart_from_its_owners_own_work(db: TestDb) {
            let mut tx = db.begin().await;
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;
            let [mine, nobodys] = ["ligne1", "ligne2"].map(|row| RowId::new(row).unwrap());
            set(&mut tx, table, &mine, PersonId(1)).await.unwrap();
            let edit = |revision, row: &RowId, key: &str, actor: Option<i64>, origin| Edit {
                revision: Revision(revision),
                row: row.clone(),
                key: key.to_owned(),
                before: Plain::Null,
                after: Plain::text("x"),
                actor: actor.map(PersonId),
                origin,
                at: Timestamp(NOON.0 + revision),
                lost: false,
            };
            let lost = Edit { lost: true, ..edit(6, &mine, "prix", Some(2), Origin::Table) };
            let edits = [
                edit(1, &mine, "url", Some(2), Origin::Table),
                edit(2, &mine, "themes/eau", Some(2), Origin::Table),
                edit(3, &mine, "url", Some(1), Origin::Table),
                edit(4, &nobodys, "url", Some(2), Origin::Table),
                edit(5, &mine, "url", Some(2), Origin::Import(ImportId(1))),
                lost,
                edit(7, &mine, "url", None, Origin::Program),
                edit(8, &mine, "url", Some(3), Origin::Restore),
                edit(9, &mine, "url", Some(2), Origin::Table),
            ];
            history::add(&mut tx, table, &edits).await.unwrap();

            let changed = changed_by_others(&mut tx, table, Revision(1), Revision(8)).await.unwrap();

            let told: Vec<_> =
                changed.iter().map(|it| (it.column.as_str(), it.by.get(), it.at.get())).collect();
            assert_eq!(told, [("themes", 2, NOON.0 + 2), ("url", 3, NOON.0 + 8)]);
            assert!(changed.iter().all(|it| it.owner == PersonId(1) && it.row == mine));
        }
    }
}
