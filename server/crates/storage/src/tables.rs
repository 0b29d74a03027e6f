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
