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
        let corrupt = |column: &str| StoreError::corrupt("edits", &line.id, column);
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
            lost: false,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};
    use tablee_domain::ids::Epoch;
    use tablee_domain::table::Plain;

    const LEA: Option<PersonId> = Some(PersonId(1));
    const NOUR: Option<PersonId> = Some(PersonId(2));
    const SECOND: i64 = 1000;

    async fn a_table(tx: &mut Tx) -> TableId {
        tables::create(tx, "formations", Epoch(1), NOON).await.unwrap().id
    }

    fn row(id: &str) -> RowId {
        RowId::new(id).unwrap()
    }

    /// Léa types in the title of row `r1`, one second per revision.
    fn typed(revision: i64, before: &str, after: &str) -> Edit {
        Edit {
            revision: Revision(revision),
            row: row("r1"),
            key: "intitule".into(),
            before: before.into(),
            after: after.into(),
            actor: LEA,
            origin: Origin::Table,
            at: Timestamp(NOON.0 + revision * SECOND),
            lost: false,
        }
    }

    async fn title_of_r1(tx: &mut Tx, table: TableId) -> Vec<Edit> {
        of_cell(tx, table, &row("r1"), "intitule", 10).await.unwrap()
    }

    both_engines! {
        async fn the_history_of_a_cell_is_told_newest_first(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let by_lea = typed(1, "", "Eau");
            let by_nour = Edit { actor: NOUR, ..typed(2, "Eau", "Eau douce") };
            let of_other_cell = Edit { key: "lieux/lyon".into(), ..typed(3, "", "x") };

            let all = [by_lea.clone(), by_nour.clone(), of_other_cell.clone()];
            add(&mut tx, table, &all).await.unwrap();

            assert_eq!(title_of_r1(&mut tx, table).await, [by_nour.clone(), by_lea.clone()]);
            let newest = of_cell(&mut tx, table, &row("r1"), "intitule", 1).await.unwrap();
            assert_eq!(newest, std::slice::from_ref(&by_nour));
            let whole = of_row(&mut tx, table, &row("r1"), 10).await.unwrap();
            assert_eq!(whole, [of_other_cell, by_nour, by_lea]);
            assert_eq!(of_row(&mut tx, table, &row("r2"), 10).await.unwrap(), []);
        }

        async fn every_value_comes_back_as_it_was(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let item = [("montant".to_owned(), Plain::Number(1234.56)), ("taxe".into(), true.into())];
            let values = [
                Plain::Null,
                Plain::Bool(false),
                Plain::Number(0.1 + 0.2),
                Plain::text("« été » 🌞 d'\"hier\" \\ \n\t ; -- %s $1"),
                Plain::text("avant\0après"),
                Plain::List(vec![Plain::Null, 1.0.into(), "a".into()]),
                Plain::Map(item.into()),
            ];

            for (number, value) in (1..).zip(&values) {
                let edit = Edit { after: value.clone(), actor: None, ..typed(number, "", "") };
                add(&mut tx, table, &[edit]).await.unwrap();
            }

            let told = title_of_r1(&mut tx, table).await;
            let told: Vec<Plain> = told.into_iter().rev().map(|edit| edit.after).collect();
            assert_eq!(told, values);
        }

        async fn letters_typed_one_by_one_are_one_entry(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;

            add(&mut tx, table, &[typed(1, "", "E")]).await.unwrap();
            add(&mut tx, table, &[typed(2, "E", "Ea"), typed(3, "Ea", "Eau")]).await.unwrap();
            add(&mut tx, table, &[typed(4, "Eau", "Eaux")]).await.unwrap();

            let run = Edit { before: "".into(), ..typed(4, "Eau", "Eaux") };
            assert_eq!(title_of_r1(&mut tx, table).await, [run]);
        }

        async fn a_run_lasts_five_minutes_at_most(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let letters = [typed(0, "", "a"), typed(299, "a", "ab"), typed(300, "ab", "abc")];
            let in_other_row = letters.clone().map(|edit| Edit { row: row("r2"), ..edit });

            for letter in &letters {
                add(&mut tx, table, std::slice::from_ref(letter)).await.unwrap();
            }
            add(&mut tx, table, &in_other_row).await.unwrap();

            let run = Edit { before: "".into(), ..letters[1].clone() };
            assert_eq!(title_of_r1(&mut tx, table).await, [letters[2].clone(), run]);
            let told = of_row(&mut tx, table, &row("r2"), 10).await.unwrap();
            let ends: Vec<Revision> = told.iter().map(|edit| edit.revision).collect();
            assert_eq!(ends, [Revision(300), Revision(299)]);
        }

        async fn a_commit_of_many_hands_keeps_their_runs_apart(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let by_nour = |revision, before, after| Edit { actor: NOUR, ..typed(revision, before, after) };

            let all = [
                typed(1, "", "E"),
                by_nour(2, "E", "Ea"),
                by_nour(3, "Ea", "Eau"),
                by_nour(4, "autre", "autre chose"),
            ];
            add(&mut tx, table, &all).await.unwrap();

            let run = Edit { before: "E".into(), ..all[2].clone() };
            let told = title_of_r1(&mut tx, table).await;
            assert_eq!(told, [all[3].clone(), run, all[0].clone()]);
        }

        async fn somebody_in_between_ends_a_run(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let by_nour = Edit { actor: NOUR, ..typed(2, "E", "Ea") };

            add(&mut tx, table, &[typed(1, "", "E")]).await.unwrap();
            add(&mut tx, table, &[by_nour, typed(3, "Ea", "Eau")]).await.unwrap();

            let told = title_of_r1(&mut tx, table).await;
            let who: Vec<_> = told.iter().map(|edit| edit.actor).collect();
            assert_eq!(who, [LEA, NOUR, LEA]);
        }

        async fn a_value_that_lost_to_a_concurrent_one_keeps_its_entry(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;

            add(&mut tx, table, &[typed(1, "", "perdu")]).await.unwrap();
            add(&mut tx, table, &[typed(2, "gagné", "gagné aussi")]).await.unwrap();

            assert_eq!(title_of_r1(&mut tx, table).await.len(), 2);
        }

        async fn a_row_put_in_the_bin_and_taken_out_is_two_entries(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let binned = Edit { key: "~deleted".into(), ..typed(1, "", "x") };
            let restored = Edit { key: "~deleted".into(), ..typed(2, "x", "") };

            add(&mut tx, table, std::slice::from_ref(&binned)).await.unwrap();
            add(&mut tx, table, std::slice::from_ref(&restored)).await.unwrap();

            let told = of_row(&mut tx, table, &row("r1"), 10).await.unwrap();
            assert_eq!(told, [restored, binned]);
        }

        async fn a_paste_is_not_taken_for_typing(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            add(&mut tx, table, &[typed(1, "", "E")]).await.unwrap();
            let paste: Vec<Edit> = (0..9)
                .map(|n| match n {
                    0 => typed(2, "E", "collé"),
                    n => Edit { row: row(&format!("p{n}")), ..typed(2, "", "collé") },
                })
                .collect();

            add(&mut tx, table, &paste).await.unwrap();

            assert_eq!(title_of_r1(&mut tx, table).await.len(), 2);
        }

        async fn an_import_is_told_whole_and_in_its_order(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let imported: Vec<Edit> = (0..683)
                .map(|n| Edit {
                    row: row(&format!("r{n}")),
                    actor: None,
                    origin: Origin::Import(ImportId(5)),
                    ..typed(1, "", "x")
                })
                .collect();
            add(&mut tx, table, &imported).await.unwrap();
            add(&mut tx, table, &[typed(2, "", "y")]).await.unwrap();

            assert_eq!(of_import(&mut tx, ImportId(5)).await.unwrap(), imported);
            assert_eq!(of_import(&mut tx, ImportId(6)).await.unwrap(), []);
        }

        async fn the_recent_past_is_told_page_by_page_and_person_by_person(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            let by_nour = Edit { actor: NOUR, ..typed(2, "b", "c") };
            let all = [typed(1, "a", "b"), by_nour.clone(), typed(3, "c", "d")];
            add(&mut tx, table, &all).await.unwrap();

            let first = recent(&mut tx, table, 0, 2).await.unwrap();
            let second = recent(&mut tx, table, 2, 2).await.unwrap();

            assert_eq!(first, [all[2].clone(), by_nour.clone()]);
            assert_eq!(second, [all[0].clone()]);
            let nours = of_person(&mut tx, table, PersonId(2), 10).await.unwrap();
            assert_eq!(nours, [by_nour]);
            assert_eq!(recent(&mut tx, other, 0, 9).await.unwrap(), []);
        }

        async fn a_key_that_cannot_be_stored_is_refused_before_anything_is(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let bad = Edit { key: "a\0".into(), actor: None, ..typed(1, "", "x") };

            let added = add(&mut tx, table, &[typed(1, "", "x"), bad]).await;

            assert_eq!(added, Err(StoreError::NotStorable { column: "edits.key" }));
            assert_eq!(recent(&mut tx, table, 0, 9).await.unwrap(), []);
        }

        async fn a_value_that_is_no_json_is_corrupt_not_empty(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            add(&mut tx, table, &[typed(1, "", "x")]).await.unwrap();
            on_engine!(tx, conn => {
                sqlx::query("update edits set value_after = 'x'").execute(&mut **conn).await.unwrap();
            });

            let told = of_cell(&mut tx, table, &row("r1"), "intitule", 9).await;

            assert_eq!(told, Err(StoreError::corrupt("edits", &1, "value_after")));
        }
    }
}
