//! Takes for good what must go out of every place where this crate knows what stands.
//!
//! One walk serves the look beforehand and the erasure itself, so they cannot count differently. What is
//! erased is judged by [`ToErase`], here as everywhere; the JSON around it is read in `erasure/judging.rs`.
//! The log and the snapshots go whole (`revisions::drop_epochs_before`), and the values kept per day are
//! rewritten by whoever knows their form.

mod imports;
mod judging;
mod letters;
mod listed;
mod merged;
mod proposed;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::AssertSqlSafe;
use tablee_domain::ids::{RowId, TableId};
use tablee_domain::table::ToErase;

use crate::chunks::{chunks, with_values};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words;

/// Edits and runs of edits.
pub const HISTORY: &str = "history";
/// What imports remember: their report, the name of their file, and what they said of each line.
pub const IMPORTS: &str = "imports";
/// Files on their way into the table, which go whole, and what is recalled of earlier ones.
pub const IMPORT_PLANS: &str = "import-plans";
/// Proposals: what they ask for, who asks, what was decided and why.
pub const PROPOSALS: &str = "proposals";
/// What authors and pilots wrote to each other about proposals, and the sentences that pilots saved.
pub const THREADS: &str = "threads";
/// The links by which visitors follow proposals that go.
pub const FOLLOW_LINKS: &str = "follow-links";
/// Mails that wait or were sent, and news that wait for a digest.
pub const MAILS: &str = "mails";
/// Rows that were made one, and pairs that were judged apart.
pub const MERGES: &str = "merges";
/// Who added a row, and who said that it is still right.
pub const OWNERS: &str = "owners";

/// All places that this crate looks at, in the order in which they are told.
pub const PLACES: [&str; 9] =
    [HISTORY, IMPORTS, IMPORT_PLANS, PROPOSALS, THREADS, FOLLOW_LINKS, MAILS, MERGES, OWNERS];

/// How many lines are in memory at a time.
const PIECE: i64 = 512;

/// How often something stands somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Where: the word of a place, such as [`HISTORY`].
    pub what: String,
    /// How many lines hold something that goes.
    pub count: i64,
}

impl Place {
    /// A place and its count.
    pub fn new(what: impl Into<String>, count: i64) -> Self {
        Self { what: what.into(), count }
    }
}

/// Whether the walk only looks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Walk {
    Looks,
    Redacts,
}

/// What is walked through, for what.
#[derive(Clone, Copy)]
struct Errand<'e> {
    table: TableId,
    what: &'e ToErase,
    walk: Walk,
}

/// Where what is asked stands, and how often. Changes nothing.
///
/// Every place that is looked at is told, also one where nothing stands.
pub async fn places(tx: &mut Tx, table: TableId, what: &ToErase) -> Result<Vec<Place>, StoreError> {
    Errand { table, what, walk: Walk::Looks }.run(tx).await
}

/// Takes it out of all these places, and counts the same. When it fails, the transaction cannot be committed.
///
/// The bytes are gone once the transaction is committed and the store is scrubbed ([`crate::Store::scrub`]).
pub async fn redact(tx: &mut Tx, table: TableId, what: &ToErase) -> Result<Vec<Place>, StoreError> {
    let redacted = Errand { table, what, walk: Walk::Redacts }.run(tx).await;
    if redacted.is_err() {
        tx.doom();
    }
    redacted
}

/// A line of history, as far as it concerns us.
#[derive(sqlx::FromRow)]
struct Told {
    id: i64,
    row_id: String,
    key: String,
    value_before: String,
    value_after: String,
}

impl Errand<'_> {
    async fn run(self, tx: &mut Tx) -> Result<Vec<Place>, StoreError> {
        if self.what.is_empty() {
            return Ok(PLACES.map(|what| Place::new(what, 0)).into());
        }
        // The reports are judged by what history tells of their imports, which does not change here.
        let imports =
            self.reports(tx).await? + self.remembered(tx).await? + self.member_lists(tx).await?;
        let history = self.history(tx).await? + self.column_changes(tx).await?;
        let plans = self.plans(tx).await?;
        // Mails and threads are judged by the rows that proposals name, which stay.
        let mails = self.mails(tx).await? + self.news(tx).await?;
        let threads = self.threads(tx).await? + self.saved_reasons(tx).await?;
        let (proposals, links) = self.proposals(tx).await?;
        let merges = self.merges(tx).await? + self.judged_apart(tx).await?;
        let owners = self.owners(tx).await?;
        let counts = [history, imports, plans, proposals, threads, links, mails, merges, owners];
        Ok(PLACES.into_iter().zip(counts).map(|(what, count)| Place::new(what, count)).collect())
    }

    fn redacts(self) -> bool {
        self.walk == Walk::Redacts
    }

    /// The rows that are named; words may stand in any.
    fn rows(self) -> Option<BTreeSet<RowId>> {
        let named = self.what.rows.iter().chain(self.what.cells.iter().map(|(row, _)| row));
        self.what.words.is_empty().then(|| named.cloned().collect())
    }

    async fn history(self, tx: &mut Tx) -> Result<i64, StoreError> {
        let Some(rows) = self.rows() else { return self.history_of(tx, None).await };
        let mut count = 0;
        for row in rows {
            count += self.history_of(tx, Some(&row)).await?;
        }
        Ok(count)
    }

    /// The history of a row, or of the table: piece by piece, however long it is.
    async fn history_of(self, tx: &mut Tx, row: Option<&RowId>) -> Result<i64, StoreError> {
        const OF_TABLE: &str = "select id, row_id, key, value_before, value_after
            from edits
            where table_id = $1
            and id > $2
            order by id
            limit $3";
        const OF_ROW: &str = "select id, row_id, key, value_before, value_after
            from edits
            where table_id = $1
            and id > $2
            and row_id = $4
            order by id
            limit $3";

        let (mut count, mut after) = (0, 0);
        loop {
            let piece: Vec<Told> = on_engine!(tx, conn => {
                let query = sqlx::query_as(if row.is_some() { OF_ROW } else { OF_TABLE })
                    .bind(self.table.get()).bind(after).bind(PIECE);
                let query = if let Some(row) = row { query.bind(row.as_str()) } else { query };
                query.fetch_all(&mut **conn).await?
            });
            let Some(last) = piece.last() else { return Ok(count) };
            after = last.id;
            let redacted: Vec<_> = piece
                .iter()
                .filter_map(|line| self.told(line).transpose())
                .collect::<Result<_, _>>()?;
            count += redacted.len() as i64;
            if self.redacts() {
                tell_anew(tx, &redacted).await?;
            }
        }
    }

    /// A line's number with the values that stay; none where both stay as they are.
    fn told(self, line: &Told) -> Result<Option<(i64, String, String)>, StoreError> {
        let corrupt = |column: &str| StoreError::corrupt("edits", &line.id, column);
        let row = RowId::new(&line.row_id).map_err(|_| corrupt("row_id"))?;
        let left = |text: &str, column: &str| {
            let value = words::to_plain(text).ok_or_else(|| corrupt(column))?;
            let left = self.what.redacted(&row, &line.key, &value);
            Ok::<_, StoreError>(left.map(|left| words::of_plain(&left)))
        };
        let before = left(&line.value_before, "value_before")?;
        let after = left(&line.value_after, "value_after")?;
        if before.is_none() && after.is_none() {
            return Ok(None);
        }
        let before = before.unwrap_or_else(|| line.value_before.clone());
        let after = after.unwrap_or_else(|| line.value_after.clone());
        Ok(Some((line.id, before, after)))
    }

    /// Who added the rows that go, and who said that they are still right.
    async fn owners(self, tx: &mut Tx) -> Result<i64, StoreError> {
        const LINES: [(&str, &str); 2] = [
            (
                "select count(*) from row_owners where table_id = $1 and row_id = $2",
                "delete from row_owners where table_id = $1 and row_id = $2",
            ),
            (
                "select count(*) from confirmations where table_id = $1 and row_id = $2",
                "delete from confirmations where table_id = $1 and row_id = $2",
            ),
        ];

        let (table, mut count) = (self.table.get(), 0);
        for row in self.what.rows.iter().collect::<BTreeSet<_>>() {
            for (lines, forget) in LINES {
                count += on_engine!(tx, conn => sqlx::query_scalar::<_, i64>(lines)
                    .bind(table).bind(row.as_str()).fetch_one(&mut **conn).await?);
                if self.redacts() {
                    on_engine!(tx, conn => {
                        sqlx::query(forget)
                            .bind(table).bind(row.as_str()).execute(&mut **conn).await?;
                    });
                }
            }
        }
        Ok(count)
    }
}

/// Writes the values of many lines of history in few statements.
async fn tell_anew(tx: &mut Tx, lines: &[(i64, String, String)]) -> Result<(), StoreError> {
    // Both engines call the columns of a list of values so.
    const REWRITE: &str = "update edits
        set value_before = fresh.column2, value_after = fresh.column3
        from (";
    const EACH: &str = ") as fresh where edits.id = fresh.column1";

    for chunk in chunks(lines) {
        let text = with_values(REWRITE, chunk.len(), 3) + EACH;
        on_engine!(tx, conn => {
            let mut query = sqlx::query(AssertSqlSafe(text));
            for (id, before, after) in chunk {
                query = query.bind(id).bind(before).bind(after);
            }
            query.execute(&mut **conn).await?;
        });
    }
    Ok(())
}

fn to_json(
    text: &str,
    table: &'static str,
    id: i64,
    column: &'static str,
) -> Result<Value, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::corrupt(table, &id, column))
}

#[cfg(test)]
mod tests;
