//! Rows that a pilot made one: where the address of the one that went leads, and what is needed to part them.

use std::collections::BTreeMap;

use tablee_domain::ids::{PersonId, Revision, RowId, TableId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::{Conflict, StoreError};
use crate::words::storable;

/// Two rows that become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMerge<'a> {
    /// The row that stays.
    pub keep: &'a RowId,
    /// The row that goes; its address leads to the other.
    pub gone: &'a RowId,
    /// The update that did it.
    pub revision: Revision,
    /// Who did it.
    pub by: Option<PersonId>,
    /// What was chosen for each cell, as JSON: `{"<column>": …}`.
    pub cells: &'a str,
}

/// Two rows that became one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its number.
    pub id: i64,
    /// The row that stays.
    pub keep: RowId,
    /// The row that went.
    pub gone: RowId,
    /// The update that did it.
    pub revision: Revision,
    /// Who did it; none for somebody who has left.
    pub by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
    /// What was chosen for each cell, as JSON.
    pub cells: String,
    /// Who parted them again, and when.
    pub undone: Option<(Option<PersonId>, Timestamp)>,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    keep_row: String,
    gone_row: String,
    revision: i64,
    merged_by: Option<i64>,
    made_at: i64,
    cells: String,
    undone_by: Option<i64>,
    undone_at: Option<i64>,
}

impl TryFrom<Line> for Merge {
    type Error = StoreError;

    fn try_from(line: Line) -> Result<Self, StoreError> {
        let corrupt = |column: &str| StoreError::corrupt("merges", &line.id, column);
        Ok(Self {
            id: line.id,
            keep: RowId::new(&line.keep_row).map_err(|_| corrupt("keep_row"))?,
            gone: RowId::new(&line.gone_row).map_err(|_| corrupt("gone_row"))?,
            revision: Revision(line.revision),
            by: line.merged_by.map(PersonId),
            at: Timestamp(line.made_at),
            undone: line.undone_at.map(|at| (line.undone_by.map(PersonId), Timestamp(at))),
            cells: line.cells,
        })
    }
}

/// Remembers that two rows became one; a conflict where the one that goes already went into another.
pub async fn add(
    tx: &mut Tx,
    table: TableId,
    new: &NewMerge<'_>,
    at: Timestamp,
) -> Result<i64, StoreError> {
    const ADD: &str = "insert into merges
        (table_id, keep_row, gone_row, revision, merged_by, made_at, cells)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict do nothing
        returning id";

    let cells = storable(new.cells, "merges.cells")?;
    let id: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(ADD)
        .bind(table.get()).bind(new.keep.as_str()).bind(new.gone.as_str())
        .bind(new.revision.get()).bind(new.by.map(PersonId::get)).bind(at.get()).bind(cells)
        .fetch_optional(&mut **conn).await?);
    id.ok_or_else(|| Conflict::NameTaken(new.gone.to_string()).into())
}

/// The merge of this number, if it is one of this table.
pub async fn find(tx: &mut Tx, table: TableId, id: i64) -> Result<Option<Merge>, StoreError> {
    const FIND: &str = "select id, keep_row, gone_row, revision, merged_by, made_at, cells,
            undone_by, undone_at
        from merges
        where table_id = $1
        and id = $2";

    let line: Option<Line> = on_engine!(tx, conn => sqlx::query_as(FIND)
        .bind(table.get()).bind(id).fetch_optional(&mut **conn).await?);
    line.map(Merge::try_from).transpose()
}

/// The merges of a table, newest first.
pub async fn list(tx: &mut Tx, table: TableId, limit: u32) -> Result<Vec<Merge>, StoreError> {
    const LIST: &str = "select id, keep_row, gone_row, revision, merged_by, made_at, cells,
            undone_by, undone_at
        from merges
        where table_id = $1
        order by id desc
        limit $2";

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(LIST)
        .bind(table.get()).bind(i64::from(limit)).fetch_all(&mut **conn).await?);
    lines.into_iter().map(Merge::try_from).collect()
}

/// The merges that were kept and are not in the rows yet, oldest first: what is left to be carried out.
pub async fn unwritten(tx: &mut Tx, table: TableId) -> Result<Vec<Merge>, StoreError> {
    const UNWRITTEN: &str = "select id, keep_row, gone_row, revision, merged_by, made_at, cells,
            undone_by, undone_at
        from merges
        where table_id = $1
        and revision = 0
        and undone_at is null
        order by id";

    let lines: Vec<Line> = on_engine!(tx, conn =>
        sqlx::query_as(UNWRITTEN).bind(table.get()).fetch_all(&mut **conn).await?);
    lines.into_iter().map(Merge::try_from).collect()
}

/// Where the addresses of rows that went lead, each in one step.
pub async fn redirects(tx: &mut Tx, table: TableId) -> Result<BTreeMap<RowId, RowId>, StoreError> {
    const ALL: &str = "select gone_row, keep_row
        from merges
        where table_id = $1
        and undone_at is null";

    let lines: Vec<(String, String)> = on_engine!(tx, conn =>
        sqlx::query_as(ALL).bind(table.get()).fetch_all(&mut **conn).await?);
    lines.iter().map(|(gone, keep)| Ok((row(gone, "gone_row")?, row(keep, "keep_row")?))).collect()
}

/// Where the address of a row leads, over all merges that followed each other; none where it went into none.
pub async fn redirect_of(
    tx: &mut Tx,
    table: TableId,
    gone: &RowId,
) -> Result<Option<RowId>, StoreError> {
    const NEXT: &str = "select keep_row
        from merges
        where table_id = $1
        and gone_row = $2
        and undone_at is null";

    let mut passed = vec![gone.clone()];
    loop {
        let from = passed.last().expect("it begins with one");
        let next: Option<String> = on_engine!(tx, conn => sqlx::query_scalar(NEXT)
            .bind(table.get()).bind(from.as_str()).fetch_optional(&mut **conn).await?);
        match next.map(|next| row(&next, "keep_row")).transpose()? {
            // Rows that went into each other in a circle lead nowhere.
            Some(next) if passed.contains(&next) => return Ok(None),
            Some(next) => passed.push(next),
            None => return Ok(passed.pop().filter(|last| last != gone)),
        }
    }
}

fn row(word: &str, column: &'static str) -> Result<RowId, StoreError> {
    RowId::new(word).map_err(|_| StoreError::corrupt("merges", &word, column))
}

/// Remembers which update made two rows one; false where that is known, or they were parted.
pub async fn written(
    tx: &mut Tx,
    table: TableId,
    id: i64,
    revision: Revision,
) -> Result<bool, StoreError> {
    const WRITTEN: &str = "update merges
        set revision = $3
        where table_id = $1
        and id = $2
        and revision = 0
        and undone_at is null";

    let changed = on_engine!(tx, conn => sqlx::query(WRITTEN)
        .bind(table.get()).bind(id).bind(revision.get())
        .execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Parts two rows again; false where they were parted before.
pub async fn undo(
    tx: &mut Tx,
    table: TableId,
    id: i64,
    by: Option<PersonId>,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const UNDO: &str = "update merges
        set undone_by = $3, undone_at = $4
        where table_id = $1
        and id = $2
        and undone_at is null";

    let changed = on_engine!(tx, conn => sqlx::query(UNDO)
        .bind(table.get()).bind(id).bind(by.map(PersonId::get)).bind(at.get())
        .execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};
    use tablee_domain::ids::Epoch;

    const NOUR: Option<PersonId> = Some(PersonId(2));

    fn row(id: &str) -> RowId {
        RowId::new(id).unwrap()
    }

    async fn a_table(tx: &mut Tx) -> TableId {
        tables::create(tx, "formations", Epoch(1), NOON).await.unwrap().id
    }

    /// Nour lets `gone` go into `keep`.
    async fn merge(tx: &mut Tx, table: TableId, gone: &str, keep: &str) -> Result<i64, StoreError> {
        let (keep, gone) = (&row(keep), &row(gone));
        let revision = Revision(9);
        let cells = r#"{"titre":"Eau"}"#;
        add(tx, table, &NewMerge { keep, gone, revision, by: NOUR, cells }, NOON).await
    }

    both_engines! {
        async fn the_address_of_a_row_that_went_leads_to_the_one_that_stays(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;

            let id = merge(&mut tx, table, "a", "b").await.unwrap();

            assert_eq!(redirect_of(&mut tx, table, &row("a")).await, Ok(Some(row("b"))));
            assert_eq!(redirect_of(&mut tx, table, &row("b")).await, Ok(None));
            let kept = find(&mut tx, table, id).await.unwrap().unwrap();
            let expected = Merge {
                id,
                keep: row("b"),
                gone: row("a"),
                revision: Revision(9),
                by: NOUR,
                at: NOON,
                cells: r#"{"titre":"Eau"}"#.into(),
                undone: None,
            };
            assert_eq!(kept, expected);
            assert_eq!(list(&mut tx, table, 9).await.unwrap(), [expected]);
        }

        async fn addresses_lead_over_all_merges_that_followed_each_other(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;

            merge(&mut tx, table, "a", "b").await.unwrap();
            merge(&mut tx, table, "b", "c").await.unwrap();
            merge(&mut tx, other, "c", "d").await.unwrap();

            assert_eq!(redirect_of(&mut tx, table, &row("a")).await, Ok(Some(row("c"))));
            let all = redirects(&mut tx, table).await.unwrap();
            assert_eq!(all, [(row("a"), row("b")), (row("b"), row("c"))].into());
            merge(&mut tx, table, "c", "a").await.unwrap();
            for id in ["a", "b", "c"] {
                assert_eq!(redirect_of(&mut tx, table, &row(id)).await, Ok(None), "a circle");
            }
        }

        async fn what_is_kept_and_not_in_the_rows_is_found_until_it_is(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            merge(&mut tx, table, "a", "b").await.unwrap();
            let mut kept = Vec::new();
            for (table, gone) in [(table, "c"), (table, "d"), (table, "e"), (other, "c")] {
                let (keep, gone, revision) = (&row("b"), &row(gone), Revision(0));
                let new = NewMerge { keep, gone, revision, by: NOUR, cells: "{}" };
                kept.push(add(&mut tx, table, &new, NOON).await.unwrap());
            }

            assert!(written(&mut tx, table, kept[0], Revision(12)).await.unwrap());
            assert!(undo(&mut tx, table, kept[1], NOUR, NOON).await.unwrap());

            let left = unwritten(&mut tx, table).await.unwrap();
            let left: Vec<i64> = left.iter().map(|merge| merge.id).collect();
            assert_eq!(left, [kept[2]]);
        }

        async fn a_merge_is_found_and_parted_in_its_own_table_only(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            let id = merge(&mut tx, table, "a", "b").await.unwrap();

            assert_eq!(find(&mut tx, other, id).await, Ok(None));
            assert_eq!(undo(&mut tx, other, id, NOUR, NOON).await, Ok(false));
            assert_eq!(redirect_of(&mut tx, table, &row("a")).await, Ok(Some(row("b"))));
        }

        async fn a_row_goes_into_one_other_until_they_are_parted(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let id = merge(&mut tx, table, "a", "b").await.unwrap();

            let again = merge(&mut tx, table, "a", "c").await;
            assert_eq!(again, Err(Conflict::NameTaken("a".into()).into()));

            let later = Timestamp(NOON.0 + 1);
            assert_eq!(undo(&mut tx, table, id, NOUR, later).await, Ok(true));
            assert_eq!(undo(&mut tx, table, id, NOUR, later).await, Ok(false));
            assert_eq!(redirect_of(&mut tx, table, &row("a")).await, Ok(None));
            assert_eq!(redirects(&mut tx, table).await, Ok(BTreeMap::new()));
            let kept = find(&mut tx, table, id).await.unwrap().unwrap();
            assert_eq!(kept.undone, Some((NOUR, later)));
            merge(&mut tx, table, "a", "c").await.unwrap();
            assert_eq!(redirect_of(&mut tx, table, &row("a")).await, Ok(Some(row("c"))));
        }
    }
}
