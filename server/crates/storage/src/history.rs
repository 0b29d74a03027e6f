//! What was really done to cells and rows, for people to read and to take back.
//!
//! A run of one person's typing in one cell is one entry: letters that follow each other within five
//! minutes, with nobody else in between, move the end of the entry instead of making another. A value that
//! was admitted and lost to a concurrent one is an entry of its own, and ends a run: it never showed.

mod reading;

use std::collections::HashMap;

use sqlx::AssertSqlSafe;
use tablee_domain::ids::{PersonId, Revision, RowId, TableId, Timestamp};
use tablee_domain::table::{Edit, Origin};

use crate::chunks::{chunks, with_values};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words;

pub use reading::{
    Entry, Filter, Through, actors, entry, of_import, of_proposal, of_revisions, page,
    places_of_import, since_revision, was_imported_since,
};

/// How long a run of typing may be one entry, in milliseconds.
const RUN: i64 = 5 * 60 * 1000;
/// An update that touches more cells than this is no typing: a paste, a fill.
const TYPED_AT_ONCE: usize = 8;

/// What becomes one line: an edit, or a run of them.
struct Run {
    first_revision: Revision,
    began_at: Timestamp,
    edit: Edit,
}

impl Run {
    fn of(edit: &Edit) -> Self {
        Self { first_revision: edit.revision, began_at: edit.at, edit: edit.clone() }
    }

    /// Whether this typing continues the run that is here.
    fn is_continued_by(&self, typed: &Edit) -> bool {
        !self.edit.lost
            && self.edit.actor == typed.actor
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
    let mut fresh: Vec<Run> = Vec::with_capacity(edits.len());
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
                    fresh.push(Run::of(edit));
                }
            }
        }
    }
    keep(tx, table, &fresh).await
}

fn is_typing(edit: &Edit) -> bool {
    let in_a_cell = !edit.key.is_empty() && !edit.key.starts_with('~');
    in_a_cell && !edit.lost && edit.origin == Origin::Table && edit.actor.is_some()
}

/// Moves the end of the cell's last entry, if this typing continues it.
async fn went_on(tx: &mut Tx, table: TableId, edit: &Edit) -> Result<bool, StoreError> {
    const GO_ON: &str = "update edits
        set revision = $1, value_after = $2, made_at = $3
        where id = (
            select id
            from edits
            where table_id = $4
            and row_id = $5
            and column_id = $11
            and key = $6
            order by id desc
            limit 1
        )
        and actor = $7
        and origin = $8
        and value_after = $9
        and began_at > $10
        and lost = 0";

    let origin = words::of_origin(edit.origin).word;
    let (before, after) = (words::of_plain(&edit.before), words::of_plain(&edit.after));
    let moved = on_engine!(tx, conn => sqlx::query(GO_ON)
        .bind(edit.revision.get()).bind(&after).bind(edit.at.get())
        .bind(table.get()).bind(edit.row.as_str()).bind(&edit.key)
        .bind(edit.actor.map(PersonId::get)).bind(origin).bind(&before).bind(edit.at.get() - RUN)
        .bind(column_of(&edit.key))
        .execute(&mut **conn).await?.rows_affected());
    Ok(moved == 1)
}

/// The column of a key; empty where it is the row's own.
fn column_of(key: &str) -> &str {
    key.split(['/', '~']).next().unwrap_or_default()
}

async fn keep(tx: &mut Tx, table: TableId, entries: &[Run]) -> Result<(), StoreError> {
    const KEEP: &str = "insert into edits
        (table_id, first_revision, revision, row_id, key, column_id, value_before, value_after,
        actor, origin, import_id, proposal_id, began_at, made_at, lost)";

    for entry in entries {
        words::storable(&entry.edit.key, "edits.key")?;
    }
    for chunk in chunks(entries) {
        let text = with_values(KEEP, chunk.len(), 15);
        on_engine!(tx, conn => {
            let mut query = sqlx::query(AssertSqlSafe(text));
            for Run { first_revision, began_at, edit } in chunk {
                let origin = words::of_origin(edit.origin);
                query = query
                    .bind(table.get()).bind(first_revision.get()).bind(edit.revision.get())
                    .bind(edit.row.as_str()).bind(&edit.key).bind(column_of(&edit.key))
                    .bind(words::of_plain(&edit.before)).bind(words::of_plain(&edit.after))
                    .bind(edit.actor.map(PersonId::get)).bind(origin.word)
                    .bind(origin.import).bind(origin.proposal)
                    .bind(began_at.get()).bind(edit.at.get()).bind(i64::from(edit.lost));
            }
            query.execute(&mut **conn).await?;
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};
    use tablee_domain::ids::{ColumnId, Epoch, ImportId};
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

    fn column(id: &str) -> ColumnId {
        ColumnId::new(id).unwrap()
    }

    /// The same question, asked of an edit in memory.
    fn is_asked(asked: &Filter, edit: &Edit) -> bool {
        asked.row.as_ref().is_none_or(|row| *row == edit.row)
            && asked.key.as_ref().is_none_or(|key| *key == edit.key)
            && asked.column.as_ref().is_none_or(|column| column.as_str() == column_of(&edit.key))
            && asked.actor.is_none_or(|actor| Some(actor) == edit.actor)
            && asked
                .through
                .is_none_or(|it| (it == Through::Table) == (edit.origin == Origin::Table))
            && asked.since.is_none_or(|since| edit.at >= since)
            && asked.until.is_none_or(|until| edit.at < until)
            && (!asked.lost_only || edit.lost)
    }

    async fn newest(tx: &mut Tx, table: TableId, asked: Filter) -> Vec<Edit> {
        let entries = page(tx, table, &asked, None, 10).await.unwrap();
        entries.into_iter().map(|entry| entry.edit).collect()
    }

    async fn title_of_r1(tx: &mut Tx, table: TableId) -> Vec<Edit> {
        newest(tx, table, Filter::of_cell(&row("r1"), "intitule")).await
    }

    async fn of_row(tx: &mut Tx, table: TableId, id: &str) -> Vec<Edit> {
        newest(tx, table, Filter::of_row(&row(id))).await
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
            let title = Filter::of_cell(&row("r1"), "intitule");
            let newest = page(&mut tx, table, &title, None, 1).await.unwrap();
            assert_eq!(newest.len(), 1);
            assert_eq!(newest[0].edit, by_nour);
            let whole = of_row(&mut tx, table, "r1").await;
            assert_eq!(whole, [of_other_cell, by_nour, by_lea]);
            assert_eq!(of_row(&mut tx, table, "r2").await, []);
        }

        async fn a_page_of_long_texts_is_short_and_no_line_is_passed_over(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let long = "é".repeat(128 << 10);
            for number in 1..=40 {
                let text = format!("{long}{number}");
                let edit = Edit { key: format!("lieux/x{number}"), ..typed(number, &text, &text) };
                add(&mut tx, table, &[edit]).await.unwrap();
            }

            let (mut seen, mut pages, mut before) = (Vec::new(), Vec::new(), None);
            loop {
                let lines = page(&mut tx, table, &Filter::default(), before, 200).await.unwrap();
                let Some(last) = lines.last() else { break };
                before = Some(last.id);
                pages.push(lines.len());
                seen.extend(lines.iter().map(|line| line.edit.revision.get()));
            }

            assert_eq!(seen, (1..=40).rev().collect::<Vec<_>>());
            assert_eq!(pages, [8, 8, 8, 8, 8], "so much text is no page of 200 lines");
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

        async fn two_items_of_a_list_have_runs_of_their_own(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let item = |item: &str, edit| Edit { key: format!("lieux/{item}"), ..edit };

            add(&mut tx, table, &[item("a", typed(1, "", "L"))]).await.unwrap();
            add(&mut tx, table, &[item("b", typed(2, "L", "Ly"))]).await.unwrap();
            add(&mut tx, table, &[item("a", typed(3, "L", "Lu"))]).await.unwrap();

            let told = newest(&mut tx, table, Filter::default()).await;
            let ends: Vec<_> = told.iter().map(|edit| (edit.key.as_str(), edit.revision.get())).collect();
            assert_eq!(ends, [("lieux/b", 2), ("lieux/a", 3)]);
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
            let told = of_row(&mut tx, table, "r2").await;
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

            let told = of_row(&mut tx, table, "r1").await;
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

        async fn everybody_who_changed_something_is_named_once(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            let by = |actor, revision| Edit { actor, ..typed(revision, "a", "b") };
            let all = [by(NOUR, 1), by(None, 2), by(LEA, 3), by(NOUR, 4), by(Some(PersonId(9)), 5)];

            add(&mut tx, table, &all).await.unwrap();

            let named = actors(&mut tx, table).await.unwrap();
            assert_eq!(named, [PersonId(1), PersonId(2), PersonId(9)]);
            assert_eq!(actors(&mut tx, other).await.unwrap(), []);
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
            let places = places_of_import(&mut tx, ImportId(5)).await.unwrap();
            assert_eq!(places.len(), 683);
            assert!(imported.iter().all(|edit| places.contains(&(edit.row.clone(), edit.key.clone()))));
            assert!(places_of_import(&mut tx, ImportId(6)).await.unwrap().is_empty());
        }

        async fn the_recent_past_is_told_page_by_page_and_person_by_person(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            let by_nour = Edit { actor: NOUR, ..typed(2, "b", "c") };
            let all = [typed(1, "a", "b"), by_nour.clone(), typed(3, "c", "d")];
            add(&mut tx, table, &all).await.unwrap();

            let whole = Filter::default();
            let first = page(&mut tx, table, &whole, None, 2).await.unwrap();
            let second = page(&mut tx, table, &whole, Some(first[1].id), 2).await.unwrap();
            let third = page(&mut tx, table, &whole, Some(second[0].id), 2).await.unwrap();

            let edits = |page: Vec<Entry>| page.into_iter().map(|entry| entry.edit).collect::<Vec<_>>();
            assert_eq!(edits(first), [all[2].clone(), by_nour.clone()]);
            assert_eq!((edits(second), third), (vec![all[0].clone()], vec![]));
            let of_nour = Filter { actor: NOUR, ..Filter::default() };
            assert_eq!(newest(&mut tx, table, of_nour).await, [by_nour]);
            assert_eq!(newest(&mut tx, other, whole).await, []);
        }

        async fn a_lost_value_is_told_as_such_and_ends_the_run(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            // Somebody wrote `Eau` at the same time: what Léa wrote never showed, though it looks like typing.
            let lost = Edit { lost: true, ..typed(2, "Ea", "Eau") };

            add(&mut tx, table, &[typed(1, "", "Ea"), lost.clone()]).await.unwrap();
            add(&mut tx, table, &[typed(3, "Eau", "Eaux")]).await.unwrap();
            add(&mut tx, table, &[Edit { lost: true, ..typed(4, "Eaux", "Eaux!") }]).await.unwrap();

            let told = title_of_r1(&mut tx, table).await;
            let ends: Vec<_> = told.iter().map(|edit| (edit.revision.get(), edit.lost)).collect();
            assert_eq!(ends, [(4, true), (3, false), (2, true), (1, false)]);
            assert_eq!(told[2], lost);
            let lost_only = Filter { lost_only: true, ..Filter::default() };
            assert_eq!(newest(&mut tx, table, lost_only).await.len(), 2);
        }

        async fn of_one_commit_a_lost_value_keeps_the_runs_apart_too(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let lost = Edit { lost: true, ..typed(2, "Ea", "Eau") };

            add(&mut tx, table, &[typed(1, "", "Ea"), lost, typed(3, "Eau", "Eaux")]).await.unwrap();

            assert_eq!(title_of_r1(&mut tx, table).await.len(), 3);
        }

        async fn a_run_tells_where_it_began(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            add(&mut tx, table, &[typed(1, "", "E")]).await.unwrap();
            add(&mut tx, table, &[typed(4, "E", "Ea")]).await.unwrap();

            let told = page(&mut tx, table, &Filter::default(), None, 9).await.unwrap();

            assert_eq!(told.len(), 1);
            assert_eq!(told[0].first_revision, Revision(1));
            assert_eq!(told[0].began_at, Timestamp(NOON.0 + SECOND));
            assert_eq!(told[0].edit.at, Timestamp(NOON.0 + 4 * SECOND));
            assert_eq!(entry(&mut tx, table, told[0].id).await.unwrap(), Some(told[0].clone()));
            assert_eq!(entry(&mut tx, table, told[0].id + 1).await.unwrap(), None);
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            assert_eq!(entry(&mut tx, other, told[0].id).await.unwrap(), None);
            let while_it_ran = Some(Timestamp(NOON.0 + 3 * SECOND));
            let since = Filter { since: while_it_ran, ..Filter::default() };
            assert_eq!(newest(&mut tx, table, since).await.len(), 1);
        }

        async fn a_column_is_told_with_its_items_and_its_words(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let keys =
                ["lieux", "lieux/x1", "lieux~said", "lieux_texte", "lieu", "", "~deleted", "~order"];
            let all = (1..).zip(keys).map(|(n, key)| Edit { key: key.into(), ..typed(n, "", "x") });
            add(&mut tx, table, &all.collect::<Vec<_>>()).await.unwrap();
            let of = |filter: Filter| Filter { row: Some(row("r1")), ..filter };

            let column = Filter { column: Some(column("lieux")), ..Filter::default() };
            for asked in [column.clone(), of(column)] {
                let told = newest(&mut tx, table, asked).await;
                let told: Vec<&str> = told.iter().map(|edit| edit.key.as_str()).collect();
                assert_eq!(told, ["lieux~said", "lieux/x1", "lieux"]);
            }
            for key in keys {
                let asked = Filter { key: Some(key.to_owned()), ..Filter::default() };
                for asked in [asked.clone(), of(asked)] {
                    let told = newest(&mut tx, table, asked).await;
                    assert_eq!(told.iter().map(|edit| edit.key.as_str()).collect::<Vec<_>>(), [key]);
                }
            }
            let bad = Filter { key: Some("a\0".into()), ..Filter::default() };
            let refused = page(&mut tx, table, &bad, None, 9).await;
            assert_eq!(refused, Err(StoreError::NotStorable { column: "edits.key" }));
        }

        async fn a_period_tells_all_that_touches_it_whatever_the_clock_did(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let at = |seconds: i64| Timestamp(NOON.0 + seconds * SECOND);
            let moment = |n: i64, seconds| Edit {
                row: row(&format!("r{n}")), at: at(seconds), ..typed(n, "", "x")
            };
            // The clock was put back after the third.
            let all = [moment(1, 0), moment(2, 100), moment(3, 900), moment(4, 50), moment(5, 200)];
            add(&mut tx, table, &all).await.unwrap();
            let went_on = Edit { row: row("r5"), at: at(400), ..typed(6, "x", "xy") };
            add(&mut tx, table, &[went_on]).await.unwrap();

            for (since, until, expected) in [
                (None, None, vec![5, 4, 3, 2, 1]),
                (Some(100), None, vec![5, 3, 2]),
                (None, Some(100), vec![4, 1]),
                (None, Some(101), vec![4, 2, 1]),
                (Some(300), Some(800), vec![5]),
                (Some(401), Some(900), vec![]),
                (Some(901), None, vec![]),
                (None, Some(0), vec![]),
            ] {
                let (since, until) = (since.map(at), until.map(at));
                let asked = Filter { since, until, ..Filter::default() };
                let told = newest(&mut tx, table, asked.clone()).await;
                let rows: Vec<String> = told.iter().map(|edit| edit.row.to_string()).collect();
                let expected: Vec<String> = expected.iter().map(|n| format!("r{n}")).collect();
                assert_eq!(rows, expected, "{asked:?}");
            }
            let endless = Filter {
                since: Some(Timestamp(i64::MIN)), until: Some(Timestamp(i64::MAX)), ..Filter::default()
            };
            assert_eq!(newest(&mut tx, table, endless).await.len(), 5);
        }

        async fn every_way_in_can_be_asked_for(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let ways = [
                (Through::Table, Origin::Table),
                (Through::MakeText, Origin::MakeText),
                (Through::Import, Origin::Import(ImportId(5))),
                (Through::Restore, Origin::Restore),
                (Through::Columns, Origin::Columns),
                (Through::Command, Origin::Command),
                (Through::Program, Origin::Program),
            ];
            let all = (1..).zip(ways).map(|(n, (_, origin))| Edit { origin, ..typed(n, "", "x") });
            add(&mut tx, table, &all.collect::<Vec<_>>()).await.unwrap();

            for (through, origin) in ways {
                let asked = Filter { through: Some(through), ..Filter::default() };
                let told = newest(&mut tx, table, asked).await;
                assert_eq!(told.iter().map(|edit| edit.origin).collect::<Vec<_>>(), [origin]);
            }
            let import = Filter { import: Some(ImportId(5)), ..Filter::default() };
            assert_eq!(newest(&mut tx, table, import).await.len(), 1);
            let import = Filter { import: Some(ImportId(6)), ..Filter::default() };
            assert_eq!(newest(&mut tx, table, import).await, []);
        }

        async fn whatever_is_asked_the_pages_hold_what_is_asked_and_nothing_twice(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let mut dice = 3_u64;
            let mut throw = move |sides: u64| {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                ((dice >> 33) % sides) as i64
            };
            let keys = ["a", "a/x", "a~said", "b", "~deleted"];
            let all: Vec<Edit> = (1..=300)
                .map(|n| Edit {
                    row: row(&format!("r{}", throw(4))),
                    key: keys[throw(5) as usize].into(),
                    actor: Some(PersonId(throw(3))),
                    origin: if throw(5) == 0 { Origin::Restore } else { Origin::Table },
                    at: Timestamp(NOON.0 + n * 60 * SECOND),
                    lost: throw(9) == 0,
                    ..typed(n, &format!("{n}"), "x")
                })
                .collect();
            add(&mut tx, table, &all).await.unwrap();

            for _ in 0..60 {
                let mut asked = Filter::default();
                let [by_row, by_key, by_column, by_actor, by_way, by_time, lost_only] =
                    std::array::from_fn(|_| throw(2) == 0);
                asked.row = by_row.then(|| row(&format!("r{}", throw(4))));
                asked.key = by_key.then(|| keys[throw(5) as usize].into());
                asked.column = by_column.then(|| column(["a", "b"][throw(2) as usize]));
                asked.actor = by_actor.then(|| PersonId(throw(3)));
                asked.through = by_way.then(|| [Through::Table, Through::Restore][throw(2) as usize]);
                asked.since = by_time.then(|| Timestamp(NOON.0 + throw(300) * 60 * SECOND));
                asked.until = by_time.then(|| Timestamp(NOON.0 + throw(300) * 60 * SECOND));
                asked.lost_only = lost_only;

                let mut told = Vec::new();
                while let before = told.last().map(|entry: &Entry| entry.id)
                    && let read = page(&mut tx, table, &asked, before, 7).await.unwrap()
                    && !read.is_empty()
                {
                    assert!(read.len() <= 7);
                    told.extend(read);
                    assert!(told.len() <= all.len(), "pages without end");
                }

                let told: Vec<Edit> = told.into_iter().rev().map(|entry| entry.edit).collect();
                let expected: Vec<Edit> =
                    all.iter().filter(|edit| is_asked(&asked, edit)).cloned().collect();
                assert_eq!(told, expected, "{asked:?}");
            }
        }

        async fn what_was_done_between_two_revisions_is_told_without_the_runs_around_it(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let restored = |n: i64, id: &str| Edit {
                row: row(id), origin: Origin::Restore, ..typed(n, "nouveau", "ancien")
            };
            add(&mut tx, table, &[typed(1, "", "E")]).await.unwrap();
            add(&mut tx, table, &[restored(2, "r2"), restored(2, "r3"), typed(3, "E", "Ea")]).await.unwrap();
            add(&mut tx, table, &[restored(4, "r4")]).await.unwrap();

            let of = of_revisions(&mut tx, table, Revision(2), Revision(2)).await.unwrap();
            let both = of_revisions(&mut tx, table, Revision(2), Revision(4)).await.unwrap();
            let all = of_revisions(&mut tx, table, Revision(1), Revision(9)).await.unwrap();

            assert_eq!(of, [restored(2, "r2"), restored(2, "r3")]);
            assert_eq!(both, [restored(2, "r2"), restored(2, "r3"), restored(4, "r4")]);
            assert_eq!(all.len(), 4);
            assert_eq!(of_revisions(&mut tx, table, Revision(5), Revision(9)).await.unwrap(), []);
        }

        async fn a_row_says_whether_anything_was_done_to_it_since(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let lost = Edit { lost: true, row: row("r2"), ..typed(9, "", "x") };
            add(&mut tx, table, &[typed(1, "", "E"), typed(3, "E", "Ea"), lost]).await.unwrap();

            for (id, revision, expected) in
                [("r1", 0, true), ("r1", 2, true), ("r1", 3, false), ("r2", 0, false), ("r3", 0, false)]
            {
                let changed = since_revision(&mut tx, table, &row(id), Revision(revision)).await;
                assert_eq!(changed, Ok(expected), "{id} after {revision}");
            }
        }

        async fn a_key_that_cannot_be_stored_is_refused_before_anything_is(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let bad = Edit { key: "a\0".into(), actor: None, ..typed(1, "", "x") };

            let added = add(&mut tx, table, &[typed(1, "", "x"), bad]).await;

            assert_eq!(added, Err(StoreError::NotStorable { column: "edits.key" }));
            assert_eq!(newest(&mut tx, table, Filter::default()).await, []);
        }

        async fn a_value_that_is_no_json_is_corrupt_not_empty(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            add(&mut tx, table, &[typed(1, "", "x")]).await.unwrap();
            on_engine!(tx, conn => {
                sqlx::query("update edits set value_after = 'x'").execute(&mut **conn).await.unwrap();
            });

            let told = page(&mut tx, table, &Filter::default(), None, 9).await;

            assert_eq!(told, Err(StoreError::corrupt("edits", &1, "value_after")));
        }
    }
}
