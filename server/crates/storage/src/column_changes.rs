//! What was done to the columns of a table, so that people can see it and take it back.
//!
//! A line holds columns, not cells; but an option may be called what a cell of a file said, so an erasure looks
//! here, too.

use tablee_domain::ids::{ImportId, PersonId, Revision, TableId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// A change of columns on its way into the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// Who; none for the program.
    pub actor: Option<PersonId>,
    /// The import that made the columns, if one did.
    pub import: Option<ImportId>,
    /// The change that this one takes back.
    pub undoes: Option<i64>,
    /// Cells that say another thing now.
    pub cells: i64,
    /// What was asked, as JSON.
    pub work: String,
    /// Each column before and after, as JSON.
    pub columns: String,
}

/// A change of columns that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnChange {
    /// Stable, never reused: newer changes have larger numbers.
    pub id: i64,
    /// The update of the log that did it.
    pub revision: Revision,
    /// When.
    pub at: Timestamp,
    /// What.
    pub change: NewChange,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    revision: i64,
    made_at: i64,
    actor: Option<i64>,
    import_id: Option<i64>,
    undoes: Option<i64>,
    cells: i64,
    work: String,
    columns: String,
}

impl From<Line> for ColumnChange {
    fn from(line: Line) -> Self {
        Self {
            id: line.id,
            revision: Revision(line.revision),
            at: Timestamp(line.made_at),
            change: NewChange {
                actor: line.actor.map(PersonId),
                import: line.import_id.map(ImportId),
                undoes: line.undoes,
                cells: line.cells,
                work: line.work,
                columns: line.columns,
            },
        }
    }
}

/// Notes a change in the transaction that appends its revision, and says its number.
pub async fn add(
    tx: &mut Tx,
    table: TableId,
    (revision, at): (Revision, Timestamp),
    new: &NewChange,
) -> Result<i64, StoreError> {
    const ADD: &str = "insert into column_changes
        (table_id, revision, made_at, actor, import_id, undoes, cells, work, columns)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        returning id";

    let work = storable(&new.work, "column_changes.work")?;
    let columns = storable(&new.columns, "column_changes.columns")?;
    Ok(on_engine!(tx, conn => sqlx::query_scalar(ADD)
        .bind(table.get()).bind(revision.get()).bind(at.get())
        .bind(new.actor.map(PersonId::get)).bind(new.import.map(ImportId::get)).bind(new.undoes)
        .bind(new.cells).bind(work).bind(columns)
        .fetch_one(&mut **conn).await?))
}

/// One change of a table.
pub async fn find(
    tx: &mut Tx,
    table: TableId,
    id: i64,
) -> Result<Option<ColumnChange>, StoreError> {
    const FIND: &str =
        "select id, revision, made_at, actor, import_id, undoes, cells, work, columns
        from column_changes
        where table_id = $1
        and id = $2";

    one(tx, FIND, table, id).await
}

/// The change that an update of the log did, if it did one.
pub async fn of_revision(
    tx: &mut Tx,
    table: TableId,
    revision: Revision,
) -> Result<Option<ColumnChange>, StoreError> {
    const OF_REVISION: &str =
        "select id, revision, made_at, actor, import_id, undoes, cells, work, columns
        from column_changes
        where table_id = $1
        and revision = $2";

    one(tx, OF_REVISION, table, revision.get()).await
}

/// What an import did to columns, in the order in which it was done.
pub async fn of_import(tx: &mut Tx, import: ImportId) -> Result<Vec<ColumnChange>, StoreError> {
    const OF_IMPORT: &str =
        "select id, revision, made_at, actor, import_id, undoes, cells, work, columns
        from column_changes
        where import_id = $1
        order by id";

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(OF_IMPORT)
        .bind(import.get()).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(ColumnChange::from).collect())
}

/// The changes of a table, newest first.
pub async fn recent(
    tx: &mut Tx,
    table: TableId,
    limit: u32,
) -> Result<Vec<ColumnChange>, StoreError> {
    const RECENT: &str =
        "select id, revision, made_at, actor, import_id, undoes, cells, work, columns
        from column_changes
        where table_id = $1
        order by id desc
        limit $2";

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(RECENT)
        .bind(table.get()).bind(i64::from(limit)).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(ColumnChange::from).collect())
}

/// The newest change that takes this one back, if any does.
pub async fn undoing(
    tx: &mut Tx,
    table: TableId,
    id: i64,
) -> Result<Option<ColumnChange>, StoreError> {
    const UNDOING: &str =
        "select id, revision, made_at, actor, import_id, undoes, cells, work, columns
        from column_changes
        where table_id = $1
        and undoes = $2
        order by id desc
        limit 1";

    one(tx, UNDOING, table, id).await
}

/// The change that a statement names by a table and one number.
async fn one(
    tx: &mut Tx,
    statement: &'static str,
    table: TableId,
    number: i64,
) -> Result<Option<ColumnChange>, StoreError> {
    let line: Option<Line> = on_engine!(tx, conn => sqlx::query_as(statement)
        .bind(table.get()).bind(number).fetch_optional(&mut **conn).await?);
    Ok(line.map(ColumnChange::from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};
    use tablee_domain::ids::Epoch;

    async fn a_table(tx: &mut Tx, name: &str) -> TableId {
        tables::create(tx, name, Epoch(1), NOON).await.unwrap().id
    }

    fn renamed(label: &str) -> NewChange {
        NewChange {
            actor: Some(PersonId(1)),
            import: None,
            undoes: None,
            cells: 0,
            work: format!(r#"{{"what":"rename","label":{{"fr":"{label} « été » 🌞 \\ %s $1"}}}}"#),
            columns: "[]".into(),
        }
    }

    both_engines! {
        async fn what_was_done_to_columns_is_told_newest_first(db: TestDb) {
            let mut tx = db.begin().await;
            let (table, other) = (a_table(&mut tx, "formations").await, a_table(&mut tx, "lieux").await);
            let by_import =
                NewChange { actor: None, import: Some(ImportId(3)), cells: 12, ..renamed("B") };
            let later = Timestamp(NOON.0 + 1);

            let first = add(&mut tx, table, (Revision(4), NOON), &renamed("A")).await.unwrap();
            let second = add(&mut tx, table, (Revision(7), later), &by_import).await.unwrap();
            add(&mut tx, other, (Revision(7), NOON), &renamed("C")).await.unwrap();

            let told = recent(&mut tx, table, 10).await.unwrap();
            let expected = [
                ColumnChange { id: second, revision: Revision(7), at: later, change: by_import },
                ColumnChange { id: first, revision: Revision(4), at: NOON, change: renamed("A") },
            ];
            assert_eq!(told, expected);
            assert_eq!(recent(&mut tx, table, 1).await.unwrap(), expected[..1]);
            assert_eq!(find(&mut tx, table, first).await.unwrap().as_ref(), Some(&expected[1]));
            assert_eq!(find(&mut tx, other, first).await, Ok(None));
            let found = of_revision(&mut tx, table, Revision(7)).await.unwrap();
            assert_eq!(found.as_ref(), Some(&expected[0]));
            assert_eq!(of_revision(&mut tx, table, Revision(5)).await, Ok(None));
            assert_eq!(of_import(&mut tx, ImportId(3)).await.unwrap(), expected[..1]);
            assert_eq!(of_import(&mut tx, ImportId(4)).await, Ok(vec![]));
        }

        async fn a_change_knows_the_last_one_that_took_it_back(db: TestDb) {
            let mut tx = db.begin().await;
            let (table, other) = (a_table(&mut tx, "formations").await, a_table(&mut tx, "lieux").await);
            let first = add(&mut tx, table, (Revision(1), NOON), &renamed("A")).await.unwrap();
            assert_eq!(undoing(&mut tx, table, first).await, Ok(None));

            let undo = NewChange { undoes: Some(first), ..renamed("A") };
            for revision in [2, 4] {
                add(&mut tx, table, (Revision(revision), NOON), &undo).await.unwrap();
            }

            let last = undoing(&mut tx, table, first).await.unwrap().unwrap();
            assert_eq!((last.revision, last.change), (Revision(4), undo));
            assert_eq!(undoing(&mut tx, other, first).await, Ok(None));
        }

        async fn a_name_that_no_engine_holds_is_refused_before_anything_is_kept(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx, "formations").await;

            let refused = add(&mut tx, table, (Revision(1), NOON), &renamed("a\0b")).await;

            assert_eq!(refused, Err(StoreError::NotStorable { column: "column_changes.work" }));
            assert_eq!(recent(&mut tx, table, 9).await, Ok(vec![]));
        }
    }
}
