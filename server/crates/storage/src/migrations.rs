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
const STEPS: &[Step] =
    &[step!(1, "0001_tables"), step!(2, "0002_people"), step!(3, "0003_imports")];

/// Takes the steps that the database has not seen, all or none, one program at a time.
pub(crate) async fn run(store: &Store) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    tx.lock_schema().await?;
    let found = version(&mut tx).await?;
    let known = STEPS.last().map_or(0, |step| step.number);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    for step in STEPS.iter().filter(|step| step.number > found) {
        take(&mut tx, step, store.engine()).await?;
    }
    tx.commit().await
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
