//! The schema and its growth: both sets of migrations, embedded in the program.

use crate::engine::{Engine, Store, Tx, on_engine};
use crate::error::StoreError;

/// One step of the schema, in the words of each engine.
struct Step {
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! step {
    ($number:literal, $name:literal) => {
        Step {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../../../migrations/postgres/", $name, ".sql")),
        }
    };
}

/// All steps in their order. One that shipped is never edited.
const STEPS: &[Step] = &[
    step!(1, "0001_tables"),
    step!(2, "0002_people"),
    step!(3, "0003_imports"),
    step!(4, "0004_history"),
    step!(5, "0005_import_plans"),
    step!(6, "0006_column_changes"),
    step!(7, "0007_proposals"),
    step!(8, "0008_mails"),
    step!(9, "0009_site"),
    step!(10, "0010_member_lists"),
];

/// Takes the steps that the database has not seen, all or none, one program at a time.
pub(crate) async fn run(store: &Store) -> Result<(), StoreError> {
    run_until(store, known()).await
}

async fn run_until(store: &Store, last: i64) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    tx.lock_schema().await?;
    let (found, known) = (version(&mut tx).await?, known());
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for step in STEPS.iter().filter(|step| step.number > found && step.number <= last) {
        take(&mut tx, step, store.engine()).await?;
    }
    tx.commit().await
}

/// The latest version that this program knows.
fn known() -> i64 {
    STEPS.last().map_or(0, |step| step.number)
}

/// The last step that the database has seen. Looking changes nothing: an empty database stays empty.
pub(crate) async fn version_of(store: &Store) -> Result<i64, StoreError> {
    let mut tx = store.begin().await?;
    let found = version(&mut tx).await?;
    tx.rollback().await?;
    Ok(found)
}

async fn version(tx: &mut Tx) -> Result<i64, StoreError> {
    const MAKE: &str =
        "create table if not exists migrations (number bigint primary key, name text not null)";
    const LAST: &str = "select coalesce(max(number), 0) from migrations";

    on_engine!(tx, conn => {
        sqlx::query(MAKE).execute(&mut **conn).await?;
        Ok(sqlx::query_scalar(LAST).fetch_one(&mut **conn).await?)
    })
}

async fn take(tx: &mut Tx, step: &Step, engine: Engine) -> Result<(), StoreError> {
    const NOTE: &str = "insert into migrations (number, name) values ($1, $2)";

    let text = match engine {
        Engine::Sqlite => step.sqlite,
        Engine::Postgres => step.postgres,
    };
    on_engine!(tx, conn => {
        sqlx::raw_sql(text).execute(&mut **conn).await?;
        sqlx::query(NOTE).bind(step.number).bind(step.name).execute(&mut **conn).await?;
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{self, Entry, Filter};
    use crate::testing::TestDb;
    use crate::{both_engines, settings, tables};
    use tablee_domain::ids::{ColumnId, PersonId};
    use tablee_domain::table::{Edit, Plain};

    both_engines! {
        async fn a_second_start_changes_nothing(db: TestDb) {
            let mut tx = db.begin().await;
            settings::set(&mut tx, "a", "1").await.unwrap();
            tx.commit().await.unwrap();

            db.store().migrate().await.unwrap();

            let mut tx = db.begin().await;
            assert_eq!(settings::get(&mut tx, "a").await, Ok(Some("1".into())));
            assert_eq!(version(&mut tx).await, Ok(known()));
        }

        async fn a_database_of_a_later_program_is_left_alone(db: TestDb) {
            let mut tx = db.begin().await;
            db_note(&mut tx, 9999).await;
            tx.commit().await.unwrap();

            let refused = db.store().migrate().await;

            assert_eq!(refused, Err(StoreError::TooNew { found: 9999, known: known() }));
            assert_eq!(db.store().schema_version().await, Ok(9999));
        }
    }

    async fn db_note(tx: &mut Tx, number: i64) {
        on_engine!(tx, conn => {
            sqlx::query("insert into migrations (number, name) values ($1, 'later')")
                .bind(number).execute(&mut **conn).await.unwrap();
        });
    }

    /// A history as the first three steps kept it: a value for each form of a key.
    async fn db_old_history(tx: &mut Tx, keys: &[&str]) {
        on_engine!(tx, conn => {
            sqlx::query("insert into tables (name, epoch, head, made_at) values ('formations', 1, 9, 0)")
                .execute(&mut **conn).await.unwrap();
            for key in keys {
                sqlx::query("insert into edits (table_id, first_revision, revision, row_id, key,
                        value_before, value_after, actor, origin, began_at, made_at)
                    values (1, 1, 2, 'r1', $1, 'null', '\"x\"', 7, 'table', 1000, 2000)")
                    .bind(*key).execute(&mut **conn).await.unwrap();
            }
        });
    }

    async fn an_older_database_takes_the_steps_it_lacks(engine: Engine) {
        let Some(db) = TestDb::bare(engine).await else { return };
        run_until(db.store(), 3).await.unwrap();
        assert_eq!(db.store().schema_version().await, Ok(3));
        let keys = [
            "intitule",
            "lieux",
            "lieux/x1",
            "lieux/u_i_l",
            "lieux~said",
            "lieux_texte",
            "",
            "~deleted",
            "~order",
            "~base",
            "aaa/a",
            "aaa~said",
        ];
        let mut tx = db.begin().await;
        db_old_history(&mut tx, &keys).await;
        tx.commit().await.unwrap();

        db.store().migrate().await.unwrap();

        let mut tx = db.begin().await;
        let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
        let told = history::page(&mut tx, table, &Filter::default(), None, 99).await.unwrap();
        let told: Vec<Entry> = told.into_iter().rev().collect();
        assert!(told.iter().map(|entry| entry.edit.key.as_str()).eq(keys));
        assert!(told.iter().all(|entry| !entry.edit.lost && entry.edit.actor == Some(PersonId(7))));
        for entry in &told {
            let key = Filter { key: Some(entry.edit.key.clone()), ..Filter::default() };
            let found = history::page(&mut tx, table, &key, None, 9).await.unwrap();
            assert_eq!(found, std::slice::from_ref(entry));
        }
        for (id, expected) in [("lieux", 4), ("aaa", 2), ("intitule", 1), ("lieux_texte", 1)] {
            let column = Filter { column: Some(ColumnId::new(id).unwrap()), ..Filter::default() };
            let found = history::page(&mut tx, table, &column, None, 9).await.unwrap();
            assert_eq!(found.len(), expected, "{id}");
        }
        // Typing goes on where it was before the new version.
        let typed = Edit { before: "x".into(), after: "xy".into(), ..told[0].edit.clone() };
        history::add(&mut tx, table, &[typed]).await.unwrap();
        let title = Filter::of_cell(&told[0].edit.row, "intitule");
        let found = history::page(&mut tx, table, &title, None, 9).await.unwrap();
        assert_eq!((found.len(), &found[0].edit.after), (1, &Plain::text("xy")));
        tx.commit().await.unwrap();
        db.remove().await;
    }

    #[tokio::test]
    async fn an_older_database_takes_the_steps_it_lacks_on_sqlite() {
        an_older_database_takes_the_steps_it_lacks(Engine::Sqlite).await;
    }

    #[tokio::test]
    async fn an_older_database_takes_the_steps_it_lacks_on_postgres() {
        an_older_database_takes_the_steps_it_lacks(Engine::Postgres).await;
    }

    /// Eight programs start on an empty database at the same moment.
    async fn all_start_at_once(engine: Engine) {
        let Some(db) = TestDb::bare(engine).await else { return };
        assert_eq!(db.store().schema_version().await, Ok(0));

        let starts: Vec<_> = (0..8)
            .map(|_| {
                let url = db.url().to_owned();
                tokio::spawn(async move {
                    let store = Store::connect(&url).await?;
                    store.migrate().await?;
                    store.close().await;
                    Ok::<_, StoreError>(())
                })
            })
            .collect();
        for start in starts {
            assert_eq!(start.await.unwrap(), Ok(()));
        }

        assert_eq!(db.store().schema_version().await, Ok(known()));
        db.remove().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn programs_that_start_at_once_migrate_once_on_sqlite() {
        all_start_at_once(Engine::Sqlite).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn programs_that_start_at_once_migrate_once_on_postgres() {
        all_start_at_once(Engine::Postgres).await;
    }

    #[test]
    fn steps_are_counted_without_gaps_and_named_by_their_number() {
        for (number, step) in (1..).zip(STEPS) {
            assert_eq!(step.number, number);
            assert!(step.name.starts_with(&format!("{number:04}_")), "{}", step.name);
        }
    }

    #[test]
    fn every_file_of_the_folders_is_a_step() {
        for engine in ["sqlite", "postgres"] {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../migrations");
            let folder = std::fs::read_dir(format!("{folder}/{engine}")).unwrap();

            let mut files: Vec<String> =
                folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
            files.sort();

            let steps: Vec<String> =
                STEPS.iter().map(|step| format!("{}.sql", step.name)).collect();
            assert_eq!(files, steps, "{engine}");
        }
    }

    /// What PostgreSQL's words are called in SQLite.
    fn in_sqlite_words(line: &str) -> String {
        let identity = "bigint generated always as identity primary key";
        line.replace(identity, "integer primary key autoincrement")
            .replace(" bigint", " integer")
            .replace(" bytea", " blob")
            .replace(" double precision", " real")
    }

    #[test]
    fn both_engines_have_the_same_tables_and_columns() {
        for step in STEPS {
            let sqlite: Vec<String> =
                step.sqlite.lines().map(|line| line.replace(") strict;", ");")).collect();
            let postgres: Vec<String> = step.postgres.lines().map(in_sqlite_words).collect();

            assert_eq!(sqlite, postgres, "{}", step.name);
        }
    }

    #[test]
    fn every_table_of_sqlite_is_strict() {
        for step in STEPS {
            let tables = step.sqlite.matches("create table ").count();
            assert_eq!(step.sqlite.matches(") strict;").count(), tables, "{}", step.name);
        }
    }
}
