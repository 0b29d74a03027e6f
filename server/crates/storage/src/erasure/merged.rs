//! What is kept of rows that were made one, or judged apart.

use tablee_domain::ids::RowId;

use super::{Errand, judging, to_json};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;

#[derive(sqlx::FromRow)]
struct Merged {
    id: i64,
    keep_row: String,
    gone_row: String,
    cells: String,
}

impl Errand<'_> {
    /// What was chosen when rows were made one. That they were stays: an address leads somewhere by it.
    pub(super) async fn merges(self, tx: &mut Tx) -> Result<i64, StoreError> {
        const ALL: &str = "select id, keep_row, gone_row, cells
            from merges
            where table_id = $1
            order by id";
        const REWRITE: &str = "update merges set cells = $1 where id = $2";

        let lines: Vec<Merged> = on_engine!(tx, conn => sqlx::query_as(ALL)
            .bind(self.table.get()).fetch_all(&mut **conn).await?);
        let mut count = 0;
        for Merged { id, keep_row, gone_row, cells } in lines {
            let row = |word: &str, column: &str| {
                RowId::new(word).map_err(|_| StoreError::corrupt("merges", &id, column))
            };
            let (keep, gone) = (row(&keep_row, "keep_row")?, row(&gone_row, "gone_row")?);
            let mut chosen = to_json(&cells, "merges", id, "cells")?;
            if !judging::chosen(self.what, &[&keep, &gone], &mut chosen) {
                continue;
            }
            count += 1;
            if self.redacts() {
                on_engine!(tx, conn => {
                    sqlx::query(REWRITE)
                        .bind(chosen.to_string()).bind(id).execute(&mut **conn).await?;
                });
            }
        }
        Ok(count)
    }

    /// Pairs of which a row goes.
    pub(super) async fn judged_apart(self, tx: &mut Tx) -> Result<i64, StoreError> {
        const ALL: &str = "select row_a, row_b from not_duplicates where table_id = $1";
        const FORGET: &str = "delete from not_duplicates
            where table_id = $1
            and row_a = $2
            and row_b = $3";

        let lines: Vec<(String, String)> = on_engine!(tx, conn => sqlx::query_as(ALL)
            .bind(self.table.get()).fetch_all(&mut **conn).await?);
        let goes = |word: &String| self.what.rows.iter().any(|row| row.as_str() == word);
        let mut count = 0;
        for (a, b) in lines.iter().filter(|(a, b)| goes(a) || goes(b)) {
            count += 1;
            if self.redacts() {
                on_engine!(tx, conn => {
                    sqlx::query(FORGET)
                        .bind(self.table.get()).bind(a).bind(b).execute(&mut **conn).await?;
                });
            }
        }
        Ok(count)
    }
}
