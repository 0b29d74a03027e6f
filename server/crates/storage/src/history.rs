//! What was really done to cells and rows, for people to read and to take back.
//!
//! A run of one person's typing in one cell is one entry: letters that follow each other within five
//! minutes, with nobody else in between, move the end of the entry instead of making another.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;
use tablee_domain::ids::{ImportId, PersonId, Revision, RowId, TableId, Timestamp};
use tablee_domain::table::{Edit, Origin};

use crate::chunks::{chunks, with_values};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words;

/// How long a run of typing may be one entry, in milliseconds.
const RUN: i64 = 5 * 60 * 1000;
/// An update that touches more cells than this is no typing: a paste, a fill.
const TYPED_AT_ONCE: usize = 8;

/// What becomes one line: an edit, or a run of them.
struct Entry {
    first_revision: Revision,
    began_at: Timestamp,
    edit: Edit,
}

impl Entry {
    fn of(edit: &Edit) -> Self {
        Self { first_revision: edit.revision, began_at: edit.at, edit: edit.clone() }
    }

    /// Whether this typing continues the run that is here.
    fn is_continued_by(&self, typed: &Edit) -> bool {
        self.edit.actor == typed.actor
            && self.edit.origin == typed.origin
            && self.edit.after == typed.before
            && self.began_at.get() > typed.at.get() - RUN
    }

    fn go_on(&mut self, typed: &Edit) {
        self.edit.revision = typed.revision;
        self.edit.after = typed.after.clone();
        self.edit.at = typed.at;
    }
}

/// Adds what was done, in its order. Call it in the transaction that appends the revisions, whose lock keeps
/// entries in the order of the log.
pub async fn add(tx: &mut Tx, table: TableId, edits: &[Edit]) -> Result<(), StoreError> {
    let mut fresh: Vec<Entry> = Vec::with_capacity(edits.len());
    let mut last_of_cell: HashMap<(&RowId, &str), usize> = HashMap::new();
    for update in edits.chunk_by(|a, b| a.revision == b.revision) {
        for edit in update {
            let cell = (&edit.row, edit.key.as_str());
            let typed = update.len() <= TYPED_AT_ONCE && is_typing(edit);
            let before_it = last_of_cell.get(&cell).map(|at| &mut fresh[*at]);
            match before_it {
                Some(entry) if typed && entry.is_continued_by(edit) => entry.go_on(edit),
                None if typed && went_on(tx, table, edit).await? => {}
                _ => {
                    last_of_cell.insert(cell, fresh.len());
                    fresh.push(Entry::of(edit));
                }
            }
        }
    }
    keep(tx, table, &fresh).await
}

fn is_typing(edit: &Edit) -> bool {
    let in_a_cell = !edit.key.is_empty() && !edit.key.starts_with('~');
    in_a_cell && edit.origin == Origin::Table && edit.actor.is_some()
}

/// Moves the end of the cell's last entry, if this typing continues it.
async fn went_on(tx: &mut Tx, table: TableId, edit: &Edit) -> Result<bool, StoreError> {
    const GO_ON: &str = "update edits
        set revision = $1, value_after = $2, made_at = $3
        where id = (
            select max(id) from edits where table_id = $4 and row_id = $5 and key = $6
        )
        and actor = $7
        and origin = $8
        and value_after = $9
        and began_at > $10";

    let (origin, _) = words::of_origin(edit.origin);
    let (before, after) = (words::of_plain(&edit.before), words::of_plain(&edit.after));
    let moved = on_engine!(tx, conn => sqlx::query(GO_ON)
        .bind(edit.revision.get()).bind(&after).bind(edit.at.get())
        .bind(table.get()).bind(edit.row.as_str()).bind(&edit.key)
        .bind(edit.actor.map(PersonId::get)).bind(origin).bind(&before).bind(edit.at.get() - RUN)
        .execute(&mut **conn).await?.rows_affected());
    Ok(moved == 1)
}

async fn keep(tx: &mut Tx, table: TableId, entries: &[Entry]) -> Result<(), StoreError> {
    const KEEP: &str = "insert into edits
        (table_id, first_revision, revision, row_id, key, value_before, value_after,
        actor, origin, import_id, began_at, made_at)";

    for entry in entries {
        words::storable(&entry.edit.key, "edits.key")?;
    }
    for chunk in chunks(entries) {
        let text = with_values(KEEP, chunk.len(), 12);
        on_engine!(tx, conn => {
            let mut query = sqlx::query(AssertSqlSafe(text));
            for Entry { first_revision, began_at, edit } in chunk {
                let (origin, import) = words::of_origin(edit.origin);
                query = query
                    .bind(table.get()).bind(first_revision.get()).bind(edit.revision.get())
                    .bind(edit.row.as_str()).bind(&edit.key)
                    .bind(words::of_plain(&edit.before)).bind(words::of_plain(&edit.after))
                    .bind(edit.actor.map(PersonId::get)).bind(origin).bind(import)
                    .bind(began_at.get()).bind(edit.at.get());
            }
            query.execute(&mut **conn).await?;
        });
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    revision: i64,
    row_id: String,
    key: String,
    value_before: String,
    value_after: String,
    actor: Option<i64>,
    origin: String,
    import_id: Option<i64>,
    made_at: i64,
}

impl TryFrom<Line> for Edit {
    type Error = StoreError;

    fn try_from(line: Line) -> Result<Self, StoreError> {
        let corrupt = |column: &str| StoreError::corrupt("edits", line.id, column);
        Ok(Self {
            revision: Revision(line.revision),
            row: RowId::new(&line.row_id).map_err(|_| corrupt("row_id"))?,
            before: words::to_plain(&line.value_before).ok_or_else(|| corrupt("value_before"))?,
            after: words::to_plain(&line.value_after).ok_or_else(|| corrupt("value_after"))?,
            actor: line.actor.map(PersonId),
            origin: words::to_origin(&line.origin, line.import_id)
                .ok_or_else(|| corrupt("origin"))?,
            at: Timestamp(line.made_at),
            key: line.key,
        })
    }
}

fn edits(lines: Vec<Line>) -> Result<Vec<Edit>, StoreError> {
    lines.into_iter().map(Edit::try_from).collect()
}

/// What was done to one key of a row, newest first.
pub async fn of_cell(
    tx: &mut Tx,
    table: TableId,
    row: &RowId,
    key: &str,
    limit: u32,
) -> Result<Vec<Edit>, StoreError> {
    const OF_CELL: &str = "select id, revision, row_id, key, value_before, value_after,
            actor, origin, import_id, made_at
        from edits
        where table_id = $1
        and row_id = $2
        and key = $3
        order by id desc
        limit $4";

    edits(on_engine!(tx, conn => sqlx::query_as(OF_CELL)
        .bind(table.get()).bind(row.as_str()).bind(key).bind(i64::from(limit))
        .fetch_all(&mut **conn).await?))
}

/// What was done to a row and its cells, newest first.
pub async fn of_row(
    tx: &mut Tx,
    table: TableId,
    row: &RowId,
    limit: u32,
) -> Result<Vec<Edit>, StoreError> {
    const OF_ROW: &str = "select id, revision, row_id, key, value_before, value_after,
            actor, origin, import_id, made_at
        from edits
        where table_id = $1
        and row_id = $2
        order by id desc
        limit $3";

    edits(on_engine!(tx, conn => sqlx::query_as(OF_ROW)
        .bind(table.get()).bind(row.as_str()).bind(i64::from(limit))
        .fetch_all(&mut **conn).await?))
}

/// What was done to a table, newest first, leaving out the `skip` newest.
pub async fn recent(
    tx: &mut Tx,
    table: TableId,
    skip: u32,
    limit: u32,
) -> Result<Vec<Edit>, StoreError> {
    const RECENT: &str = "select id, revision, row_id, key, value_before, value_after,
            actor, origin, import_id, made_at
        from edits
        where table_id = $1
        order by id desc
        limit $2 offset $3";

    edits(on_engine!(tx, conn => sqlx::query_as(RECENT)
        .bind(table.get()).bind(i64::from(limit)).bind(i64::from(skip))
        .fetch_all(&mut **conn).await?))
}

/// All that an import did, in the order in which it was done.
pub async fn of_import(tx: &mut Tx, import: ImportId) -> Result<Vec<Edit>, StoreError> {
    const OF_IMPORT: &str = "select id, revision, row_id, key, value_before, value_after,
            actor, origin, import_id, made_at
        from edits
        where import_id = $1
        order by id";

    edits(on_engine!(tx, conn =>
        sqlx::query_as(OF_IMPORT).bind(import.get()).fetch_all(&mut **conn).await?))
}

/// What a person did to a table, newest first.
pub async fn of_person(
    tx: &mut Tx,
    table: TableId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<Edit>, StoreError> {
    const OF_PERSON: &str = "select id, revision, row_id, key, value_before, value_after,
            actor, origin, import_id, made_at
        from edits
        where table_id = $1
        and actor = $2
        order by id desc
        limit $3";

    edits(on_engine!(tx, conn => sqlx::query_as(OF_PERSON)
        .bind(table.get()).bind(person.get()).bind(i64::from(limit))
        .fetch_all(&mut **conn).await?))
}
