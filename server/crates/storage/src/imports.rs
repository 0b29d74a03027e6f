//! Imports that were applied, and what the last one said of each line of a file.

use sqlx::AssertSqlSafe;
use tablee_domain::ids::{ImportId, PersonId, RowId, TableId, Timestamp};

use crate::chunks::{chunks, with_values};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// An import that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Stable, never reused: history names it.
    pub id: ImportId,
    /// The table it went into.
    pub table: TableId,
    /// The name of the file, as whoever sent it called it.
    pub file_name: String,
    /// SHA-256 of the file.
    pub sha256: Vec<u8>,
    /// Who did it; none for the program.
    pub actor: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// What came of it, as JSON; none while it runs, or if it never ended.
    pub report: Option<String>,
}

/// What an import said of one line of a file, to tell next time what changed since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRow {
    /// What the line is recognised by.
    pub match_key: String,
    /// The row it became.
    pub row: RowId,
    /// Its words, as JSON.
    pub words: String,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    table_id: i64,
    file_name: String,
    sha256: Vec<u8>,
    actor: Option<i64>,
    began_at: i64,
    report: Option<String>,
}

impl From<Line> for Import {
    fn from(line: Line) -> Self {
        Self {
            id: ImportId(line.id),
            table: TableId(line.table_id),
            file_name: line.file_name,
            sha256: line.sha256,
            actor: line.actor.map(PersonId),
            at: Timestamp(line.began_at),
            report: line.report,
        }
    }
}

/// Begins an import, so that its edits can name it.
pub async fn begin(
    tx: &mut Tx,
    table: TableId,
    file_name: &str,
    sha256: &[u8],
    actor: Option<PersonId>,
    at: Timestamp,
) -> Result<ImportId, StoreError> {
    const BEGIN: &str = "insert into imports (table_id, file_name, sha256, actor, began_at)
        values ($1, $2, $3, $4, $5)
        returning id";

    let file_name = storable(file_name, "imports.file_name")?;
    let id: i64 = on_engine!(tx, conn => sqlx::query_scalar(BEGIN)
        .bind(table.get()).bind(file_name).bind(sha256).bind(actor.map(PersonId::get))
        .bind(at.get()).fetch_one(&mut **conn).await?);
    Ok(ImportId(id))
}

/// Keeps what came of an import; says whether there is such an import.
pub async fn finish(tx: &mut Tx, id: ImportId, report: &str) -> Result<bool, StoreError> {
    const FINISH: &str = "update imports set report = $1 where id = $2";

    let report = storable(report, "imports.report")?;
    let changed = on_engine!(tx, conn => sqlx::query(FINISH)
        .bind(report).bind(id.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// The import with this identifier.
pub async fn find(tx: &mut Tx, id: ImportId) -> Result<Option<Import>, StoreError> {
    const FIND: &str = "select id, table_id, file_name, sha256, actor, began_at, report
        from imports
        where id = $1";

    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(FIND).bind(id.get()).fetch_optional(&mut **conn).await?);
    Ok(line.map(Import::from))
}

/// The imports into a table, newest first.
pub async fn recent(tx: &mut Tx, table: TableId, limit: u32) -> Result<Vec<Import>, StoreError> {
    const RECENT: &str = "select id, table_id, file_name, sha256, actor, began_at, report
        from imports
        where table_id = $1
        order by id desc
        limit $2";

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(RECENT)
        .bind(table.get()).bind(i64::from(limit)).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(Import::from).collect())
}

/// What the last import that knew it said of each line, over all imports into a table.
pub async fn last_rows(tx: &mut Tx, table: TableId) -> Result<Vec<ImportedRow>, StoreError> {
    const LAST: &str = "select match_key, row_id, words from import_rows where table_id = $1";

    let lines: Vec<(String, String, String)> = on_engine!(tx, conn =>
        sqlx::query_as(LAST).bind(table.get()).fetch_all(&mut **conn).await?);
    lines
        .into_iter()
        .map(|(match_key, row, words)| {
            let row = RowId::new(&row)
                .map_err(|_| StoreError::corrupt("import_rows", &match_key, "row_id"))?;
            Ok(ImportedRow { match_key, row, words })
        })
        .collect()
}

/// Remembers what an import said; of a line that is said twice, the last word counts.
pub async fn remember_rows(
    tx: &mut Tx,
    table: TableId,
    import: ImportId,
    rows: &[ImportedRow],
) -> Result<(), StoreError> {
    const REMEMBER: &str =
        "insert into import_rows (table_id, match_key, row_id, words, import_id)";
    const AGAIN: &str = " on conflict (table_id, match_key) do update
        set row_id = excluded.row_id, words = excluded.words, import_id = excluded.import_id";

    let rows = last_of_each(rows)?;
    for chunk in chunks(&rows) {
        let text = with_values(REMEMBER, chunk.len(), 5) + AGAIN;
        on_engine!(tx, conn => {
            let mut query = sqlx::query(AssertSqlSafe(text));
            for row in chunk {
                query = query
                    .bind(table.get()).bind(&row.match_key).bind(row.row.as_str())
                    .bind(&row.words).bind(import.get());
            }
            query.execute(&mut **conn).await?;
        });
    }
    Ok(())
}

/// PostgreSQL refuses a statement that would write one line twice.
fn last_of_each(rows: &[ImportedRow]) -> Result<Vec<&ImportedRow>, StoreError> {
    let mut by_key = std::collections::BTreeMap::new();
    for row in rows {
        storable(&row.match_key, "import_rows.match_key")?;
        storable(&row.words, "import_rows.words")?;
        by_key.insert(row.match_key.as_str(), row);
    }
    Ok(by_key.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};
    use tablee_domain::ids::Epoch;

    const FILE: &str = "inventaire « été » 🌞 d'2026.xlsx";

    async fn a_table(tx: &mut Tx) -> TableId {
        tables::create(tx, "formations", Epoch(1), NOON).await.unwrap().id
    }

    fn line(match_key: &str, row: &str, words: &str) -> ImportedRow {
        let row = RowId::new(row).unwrap();
        ImportedRow { match_key: match_key.into(), row, words: words.into() }
    }

    async fn sorted_rows(tx: &mut Tx, table: TableId) -> Vec<ImportedRow> {
        let mut rows = last_rows(tx, table).await.unwrap();
        rows.sort_by(|a, b| a.match_key.cmp(&b.match_key));
        rows
    }

    both_engines! {
        async fn an_import_is_told_from_its_beginning_to_its_report(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let first = begin(&mut tx, table, FILE, b"hash", None, NOON).await.unwrap();
            let second = begin(&mut tx, table, "b.csv", b"hash", Some(PersonId(3)), NOON).await;

            assert_eq!(finish(&mut tx, first, r#"{"added":107}"#).await, Ok(true));

            let told = Import {
                id: first,
                table,
                file_name: FILE.into(),
                sha256: b"hash".to_vec(),
                actor: None,
                at: NOON,
                report: Some(r#"{"added":107}"#.into()),
            };
            assert_eq!(find(&mut tx, first).await, Ok(Some(told)));
            let newest = recent(&mut tx, table, 10).await.unwrap();
            let ids: Vec<ImportId> = newest.iter().map(|import| import.id).collect();
            assert_eq!(ids, [second.unwrap(), first]);
            assert_eq!((newest[0].actor, &newest[0].report), (Some(PersonId(3)), &None));
        }

        async fn an_import_that_never_began_has_no_end(db: TestDb) {
            let mut tx = db.begin().await;

            assert_eq!(finish(&mut tx, ImportId(404), "{}").await, Ok(false));
            assert_eq!(find(&mut tx, ImportId(404)).await, Ok(None));
        }

        async fn the_next_import_knows_what_the_last_one_said(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let first = begin(&mut tx, table, FILE, b"1", None, NOON).await.unwrap();
            let second = begin(&mut tx, table, FILE, b"2", None, NOON).await.unwrap();

            let (a, b) = (line("a", "r1", "{}"), line("b", "r2", r#"{"x":"é 🌞"}"#));
            remember_rows(&mut tx, table, first, &[a.clone(), b]).await.unwrap();
            let changed = line("b", "r2", r#"{"x":"\\u0000"}"#);
            remember_rows(&mut tx, table, second, std::slice::from_ref(&changed)).await.unwrap();

            assert_eq!(sorted_rows(&mut tx, table).await, [a, changed]);
        }

        async fn of_a_line_that_stands_twice_the_last_word_counts(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let import = begin(&mut tx, table, FILE, b"1", None, NOON).await.unwrap();

            // Four lines go in one statement, which may not write one line twice.
            let rows = ["1", "2", "3", "4"].map(|words| line("a", &format!("r{words}"), words));
            remember_rows(&mut tx, table, import, &rows).await.unwrap();

            assert_eq!(last_rows(&mut tx, table).await.unwrap(), [line("a", "r4", "4")]);
        }

        async fn a_long_file_is_remembered_whole(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let import = begin(&mut tx, table, FILE, b"1", None, NOON).await.unwrap();
            let rows: Vec<_> =
                (0..683).map(|n| line(&format!("{n:04}"), &format!("r{n}"), "{}")).collect();

            remember_rows(&mut tx, table, import, &rows).await.unwrap();

            assert_eq!(sorted_rows(&mut tx, table).await, rows);
        }

        async fn what_cannot_be_stored_is_refused_before_anything_is(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let import = begin(&mut tx, table, FILE, b"1", None, NOON).await.unwrap();

            let begun = begin(&mut tx, table, "\0.xlsx", b"1", None, NOON).await;
            let rows = [line("a", "r1", "{}"), line("b", "r2", "\0")];
            let remembered = remember_rows(&mut tx, table, import, &rows).await;
            let finished = finish(&mut tx, import, "\0").await;

            let refused = |column| StoreError::NotStorable { column };
            assert_eq!(begun, Err(refused("imports.file_name")));
            assert_eq!(remembered, Err(refused("import_rows.words")));
            assert_eq!(finished, Err(refused("imports.report")));
            assert_eq!(last_rows(&mut tx, table).await, Ok(vec![]));
            assert_eq!(recent(&mut tx, table, 9).await.unwrap().len(), 1);
        }
    }
}
