//! What imports remember, and what stays of it.

use std::collections::BTreeSet;

use tablee_domain::ids::{ImportId, RowId};
use tablee_domain::table::erasure::ERASED;

use super::judging::{self, Left};
use super::{Errand, to_json};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::{import_mappings, import_plans, imports};

#[derive(sqlx::FromRow)]
struct Reported {
    id: i64,
    file_name: String,
    report: Option<String>,
}

impl Errand<'_> {
    /// The reports of imports and the names of their files.
    pub(super) async fn reports(self, tx: &mut Tx) -> Result<i64, StoreError> {
        const NEXT: &str = "select id, file_name, report
            from imports
            where table_id = $1
            and id > $2
            order by id
            limit 1";
        const REWRITE: &str = "update imports set file_name = $1, report = $2 where id = $3";

        let (mut count, mut after) = (0, 0);
        loop {
            let next: Option<Reported> = on_engine!(tx, conn => sqlx::query_as(NEXT)
                .bind(self.table.get()).bind(after).fetch_optional(&mut **conn).await?);
            let Some(Reported { id, file_name, report }) = next else { return Ok(count) };
            after = id;
            let touched = self.touched_by(tx, ImportId(id)).await?;
            let renamed = self.what.redacted_text(&file_name);
            let mut rewritten = None;
            if let Some(report) = &report {
                let mut value = to_json(report, "imports", id, "report")?;
                if judging::report(self.what, &touched, &mut value) {
                    rewritten = Some(value.to_string());
                }
            }
            if renamed.is_none() && rewritten.is_none() {
                continue;
            }
            count += 1;
            if self.redacts() {
                on_engine!(tx, conn => {
                    sqlx::query(REWRITE)
                        .bind(renamed.unwrap_or(file_name)).bind(rewritten.or(report)).bind(id)
                        .execute(&mut **conn).await?;
                });
            }
        }
    }

    /// Which of the named rows an import wrote to.
    async fn touched_by(
        self,
        tx: &mut Tx,
        import: ImportId,
    ) -> Result<BTreeSet<RowId>, StoreError> {
        const TOUCHED: &str = "select exists (
            select 1 from edits where table_id = $1 and row_id = $2 and import_id = $3
        ) or exists (
            select 1 from import_rows where table_id = $1 and row_id = $2 and import_id = $3
        )";

        let named = self.what.rows.iter().chain(self.what.cells.iter().map(|(row, _)| row));
        let mut touched = BTreeSet::new();
        for row in named.collect::<BTreeSet<_>>() {
            let yes: bool = on_engine!(tx, conn => sqlx::query_scalar(TOUCHED)
                .bind(self.table.get()).bind(row.as_str()).bind(import.get())
                .fetch_one(&mut **conn).await?);
            if yes {
                touched.insert(row.clone());
            }
        }
        Ok(touched)
    }

    /// What imports remember of each line of a file.
    pub(super) async fn remembered(self, tx: &mut Tx) -> Result<i64, StoreError> {
        let (table, rows) = (self.table.get(), self.rows());
        let lines = imports::last_rows(tx, self.table).await?;
        let mut keys: BTreeSet<String> = lines.iter().map(|line| line.match_key.clone()).collect();
        let mut count = 0;
        for line in lines {
            if rows.as_ref().is_some_and(|rows| !rows.contains(&line.row)) {
                continue;
            }
            let Some(left) = judging::memory(self.what, &line)? else { continue };
            count += 1;
            if self.redacts() {
                let left = match left {
                    Left::Nothing => None,
                    Left::Words(words) => Some((free_key(&mut keys, &line.row), words)),
                };
                remember_anew(tx, table, &line.match_key, left).await?;
            }
        }
        Ok(count)
    }
}

impl Errand<'_> {
    /// Files that are not applied yet: they hold whatever their sheets hold, so they go whole, whatever is
    /// asked. Of those that were applied only the name is left, and what is recalled of their headers.
    pub(super) async fn plans(self, tx: &mut Tx) -> Result<i64, StoreError> {
        const NAMES: &str = "select id, file_name from import_plans
            where table_id = $1
            and state in ('applied', 'stopped')";
        const RENAME: &str = "update import_plans set file_name = $1 where id = $2";

        let mut count = if self.redacts() {
            import_plans::drop_unapplied(tx, self.table).await?
        } else {
            import_plans::unapplied(tx, self.table).await?
        };
        let names: Vec<(String, String)> = on_engine!(tx, conn => sqlx::query_as(NAMES)
            .bind(self.table.get()).fetch_all(&mut **conn).await?);
        for (id, name) in names {
            let Some(left) = self.what.redacted_text(&name) else { continue };
            count += 1;
            if self.redacts() {
                on_engine!(tx, conn => {
                    sqlx::query(RENAME).bind(left).bind(id).execute(&mut **conn).await?;
                });
            }
        }
        for mapping in import_mappings::all(tx, self.table).await? {
            let decided = serde_json::from_str(&mapping.decisions);
            // One that cannot be read is of no use to anybody.
            if decided.is_ok_and(|decided| !judging::holds_words(self.what, decided)) {
                continue;
            }
            count += 1;
            if self.redacts() {
                import_mappings::forget(tx, self.table, &mapping.fingerprint).await?;
            }
        }
        Ok(count)
    }
}

#[derive(sqlx::FromRow)]
struct Worked {
    id: i64,
    work: String,
    columns: String,
}

impl Errand<'_> {
    /// What was done to columns: names of options may be what cells of a file said.
    pub(super) async fn column_changes(self, tx: &mut Tx) -> Result<i64, StoreError> {
        const ALL: &str = "select id, work, columns from column_changes where table_id = $1";
        const REWRITE: &str = "update column_changes set work = $1, columns = $2 where id = $3";

        let all: Vec<Worked> = on_engine!(tx, conn => sqlx::query_as(ALL)
            .bind(self.table.get()).fetch_all(&mut **conn).await?);
        let mut count = 0;
        for Worked { id, work, columns } in all {
            let mut work = to_json(&work, "column_changes", id, "work")?;
            let mut columns = to_json(&columns, "column_changes", id, "columns")?;
            let changed = judging::columns(self.what, &mut work);
            if !(judging::columns(self.what, &mut columns) | changed) {
                continue;
            }
            count += 1;
            if self.redacts() {
                on_engine!(tx, conn => {
                    sqlx::query(REWRITE)
                        .bind(work.to_string()).bind(columns.to_string()).bind(id)
                        .execute(&mut **conn).await?;
                });
            }
        }
        Ok(count)
    }
}

/// A key that no line of an import has: nothing is ever found by it.
fn free_key(taken: &mut BTreeSet<String>, row: &RowId) -> String {
    let keys = (1..).map(|number| format!("{ERASED}#{row}#{number}"));
    let mut free = keys.filter(|key| taken.insert(key.clone()));
    free.next().expect("there are more numbers than lines")
}

/// Keeps what is left of a line that an import remembers, or nothing.
async fn remember_anew(
    tx: &mut Tx,
    table: i64,
    key: &str,
    left: Option<(String, String)>,
) -> Result<(), StoreError> {
    const FORGET: &str = "delete from import_rows where table_id = $1 and match_key = $2";
    const REWRITE: &str = "update import_rows
        set match_key = $3, words = $4
        where table_id = $1
        and match_key = $2";

    on_engine!(tx, conn => {
        let query = sqlx::query(if left.is_some() { REWRITE } else { FORGET });
        let query = query.bind(table).bind(key);
        let query = match left {
            Some((key, words)) => query.bind(key).bind(words),
            None => query,
        };
        query.execute(&mut **conn).await?;
    });
    Ok(())
}
