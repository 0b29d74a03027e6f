//! Shared tables: their name, their epoch and the head of their log.

use tablee_domain::ids::{Epoch, Revision, TableId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::{Conflict, StoreError};
use crate::words::storable;

/// What the database knows of a table beside its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRecord {
    /// Stable, never reused.
    pub id: TableId,
    /// The word in its addresses, such as `formations`.
    pub name: String,
    /// The life in which its document is.
    pub epoch: Epoch,
    /// The last revision of its log; 0 before the first.
    pub head: Revision,
    /// When it was made.
    pub made_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    name: String,
    epoch: i64,
    head: i64,
    made_at: i64,
}

impl From<Line> for TableRecord {
    fn from(line: Line) -> Self {
        Self {
            id: TableId(line.id),
            name: line.name,
            epoch: Epoch(line.epoch),
            head: Revision(line.head),
            made_at: Timestamp(line.made_at),
        }
    }
}

/// Makes a table with an empty log; a conflict where the name is in use.
pub async fn create(
    tx: &mut Tx,
    name: &str,
    epoch: Epoch,
    at: Timestamp,
) -> Result<TableRecord, StoreError> {
    const ADD: &str = "insert into tables (name, epoch, head, made_at)
        values ($1, $2, 0, $3)
        on conflict (name) do nothing
        returning id, name, epoch, head, made_at";

    let name = storable(name, "tables.name")?;
    let line: Option<Line> = on_engine!(tx, conn => sqlx::query_as(ADD)
        .bind(name).bind(epoch.get()).bind(at.get()).fetch_optional(&mut **conn).await?);
    line.map(TableRecord::from).ok_or_else(|| Conflict::NameTaken(name.to_owned()).into())
}

/// The table of this name.
pub async fn find(tx: &mut Tx, name: &str) -> Result<Option<TableRecord>, StoreError> {
    const FIND: &str = "select id, name, epoch, head, made_at from tables where name = $1";

    let name = storable(name, "tables.name")?;
    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(FIND).bind(name).fetch_optional(&mut **conn).await?);
    Ok(line.map(TableRecord::from))
}

/// The table with this identifier.
pub async fn of_id(tx: &mut Tx, table: TableId) -> Result<Option<TableRecord>, StoreError> {
    const FIND: &str = "select id, name, epoch, head, made_at from tables where id = $1";

    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(FIND).bind(table.get()).fetch_optional(&mut **conn).await?);
    Ok(line.map(TableRecord::from))
}

/// All tables, oldest first.
pub async fn all(tx: &mut Tx) -> Result<Vec<TableRecord>, StoreError> {
    const ALL: &str = "select id, name, epoch, head, made_at from tables order by id";

    let lines: Vec<Line> =
        on_engine!(tx, conn => sqlx::query_as(ALL).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(TableRecord::from).collect())
}

/// The table as it is, and nobody else's to change until the transaction ends.
///
/// A node that shares the database catches up under this lock before it judges an update.
pub async fn lock(tx: &mut Tx, table: TableId) -> Result<Option<TableRecord>, StoreError> {
    const LOCK: &str = "update tables
        set head = head
        where id = $1
        returning id, name, epoch, head, made_at";

    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(LOCK).bind(table.get()).fetch_optional(&mut **conn).await?);
    Ok(line.map(TableRecord::from))
}

/// Begins the epoch after `from`; a conflict where the table is in another. Revisions go on counting.
pub async fn start_epoch(tx: &mut Tx, table: TableId, from: Epoch) -> Result<Epoch, StoreError> {
    const START: &str = "update tables
        set epoch = epoch + 1
        where id = $1
        and epoch = $2
        returning epoch";

    let begun: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(START)
        .bind(table.get()).bind(from.get()).fetch_optional(&mut **conn).await?);
    match begun {
        Some(epoch) => Ok(Epoch(epoch)),
        None => match lock(tx, table).await? {
            Some(record) => Err(Conflict::EpochMoved { found: record.epoch }.into()),
            None => Err(StoreError::NoSuchTable),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both_engines;
    use crate::testing::NOON;

    both_engines! {
        async fn a_table_is_found_by_its_name(db: TestDb) {
            let mut tx = db.begin().await;
            let made = create(&mut tx, "formations", Epoch(1), NOON).await.unwrap();
            tx.commit().await.unwrap();

            let mut tx = db.read().await;
            let found = find(&mut tx, "formations").await.unwrap();

            assert_eq!(found, Some(made.clone()));
            assert_eq!(of_id(&mut tx, made.id).await.unwrap(), found);
            assert_eq!(of_id(&mut tx, TableId(404)).await.unwrap(), None);
            assert_eq!((made.epoch, made.head, made.made_at), (Epoch(1), Revision(0), NOON));
            assert_eq!(find(&mut tx, "Formations").await.unwrap(), None);
            assert_eq!(all(&mut tx).await.unwrap(), [made]);
        }

        async fn two_tables_never_share_a_name(db: TestDb) {
            let mut tx = db.begin().await;
            create(&mut tx, "formations", Epoch(1), NOON).await.unwrap();

            let second = create(&mut tx, "formations", Epoch(1), NOON).await;

            assert_eq!(second, Err(Conflict::NameTaken("formations".into()).into()));
            assert_eq!(all(&mut tx).await.unwrap().len(), 1);
        }

        async fn a_table_without_a_storable_name_is_not_made(db: TestDb) {
            let mut tx = db.begin().await;

            let made = create(&mut tx, "forma\0tions", Epoch(1), NOON).await;

            assert_eq!(made, Err(StoreError::NotStorable { column: "tables.name" }));
            assert_eq!(all(&mut tx).await.unwrap(), []);
        }

        async fn a_new_epoch_begins_once(db: TestDb) {
            let mut tx = db.begin().await;
            let table = create(&mut tx, "formations", Epoch(1), NOON).await.unwrap();

            let begun = start_epoch(&mut tx, table.id, Epoch(1)).await;
            let again = start_epoch(&mut tx, table.id, Epoch(1)).await;

            assert_eq!(begun, Ok(Epoch(2)));
            assert_eq!(again, Err(Conflict::EpochMoved { found: Epoch(2) }.into()));
            let nobodys = start_epoch(&mut tx, TableId(404), Epoch(1)).await;
            assert_eq!(nobodys, Err(StoreError::NoSuchTable));
        }

        async fn who_holds_the_lock_is_waited_for(db: TestDb) {
            let mut tx = db.begin().await;
            let table = create(&mut tx, "formations", Epoch(1), NOON).await.unwrap();
            tx.commit().await.unwrap();
            let mut first = db.begin().await;
            assert_eq!(lock(&mut first, table.id).await.unwrap(), Some(table.clone()));

            let store = db.store().clone();
            let second = tokio::spawn(async move {
                let mut tx = store.begin().await?;
                lock(&mut tx, table.id).await
            });
            start_epoch(&mut first, table.id, Epoch(1)).await.unwrap();
            first.commit().await.unwrap();

            let seen = second.await.unwrap().unwrap();
            assert_eq!(seen.map(|record| record.epoch), Some(Epoch(2)));
        }

        async fn nothing_can_be_locked_that_is_not_there(db: TestDb) {
            let mut tx = db.begin().await;

            assert_eq!(lock(&mut tx, TableId(404)).await.unwrap(), None);
        }
    }
}
