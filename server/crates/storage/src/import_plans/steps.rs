//! From one state to the next.
//!
//! Every step says from which state it may be taken, in the same statement that takes it: two people, or a
//! person and an erasure, never both succeed.

use tablee_domain::ids::{PersonId, PlanId, TableId, Timestamp};

use super::{Fixed, Made, NewPlan};
use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// Keeps a file that came, to be read.
pub async fn add(tx: &mut Tx, new: NewPlan<'_>, at: Timestamp) -> Result<(), StoreError> {
    const ADD: &str = "insert into import_plans (id, table_id, actor, file_name, sha256, made_at,
            changed_at, planned_at, state, version, epoch, revision, columns_sha256, done, total,
            decisions, upload)
        values ($1, $2, $3, $4, $5, $6, $6, 0, 'reading', 1, 0, 0, $8, 0, 0, '{}', $7)";

    let file_name = storable(new.file_name, "import_plans.file_name")?;
    on_engine!(tx, conn => {
        sqlx::query(ADD)
            .bind(new.id.as_str()).bind(new.table.get()).bind(new.actor.map(PersonId::get))
            .bind(file_name).bind(new.sha256).bind(at.get()).bind(new.upload).bind(&b""[..])
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// Keeps what the file holds in place of the file. Says whether the plan still waited for it.
pub async fn set_book(
    tx: &mut Tx,
    id: &PlanId,
    book: &[u8],
    at: Timestamp,
) -> Result<bool, StoreError> {
    const SET: &str = "update import_plans
        set book = $2, upload = null, changed_at = $3
        where id = $1
        and state = 'reading'";

    let changed = on_engine!(tx, conn => sqlx::query(SET)
        .bind(id.as_str()).bind(book).bind(at.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Keeps a plan that was made on version `version`; false where somebody was faster.
pub async fn set_plan(
    tx: &mut Tx,
    id: &PlanId,
    version: i64,
    made: Made<'_>,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const SET: &str = "update import_plans
        set plan = $3, decisions = $4, epoch = $5, revision = $6, columns_sha256 = $7,
            changed_at = $8, planned_at = $8, state = 'planned', error = null, version = version + 1
        where id = $1
        and version = $2
        and state in ('reading', 'planned')";

    let decisions = storable(made.decisions, "import_plans.decisions")?;
    let changed = on_engine!(tx, conn => sqlx::query(SET)
        .bind(id.as_str()).bind(version).bind(made.plan).bind(decisions).bind(made.epoch.get())
        .bind(made.revision.get()).bind(made.columns_sha256).bind(at.get())
        .execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Keeps why a file is not read, and drops the file.
pub async fn set_refused(
    tx: &mut Tx,
    id: &PlanId,
    error: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const SET: &str = "update import_plans
        set state = 'refused', error = $2, upload = null, book = null, changed_at = $3,
            version = version + 1
        where id = $1
        and state = 'reading'";

    let error = storable(error, "import_plans.error")?;
    let changed = on_engine!(tx, conn => sqlx::query(SET)
        .bind(id.as_str()).bind(error).bind(at.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Keeps decisions that were made on version `version`; false where somebody was faster.
pub async fn decide(
    tx: &mut Tx,
    id: &PlanId,
    version: i64,
    decisions: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const DECIDE: &str = "update import_plans
        set decisions = $3, changed_at = $4, version = version + 1
        where id = $1
        and version = $2
        and state = 'planned'";

    let decisions = storable(decisions, "import_plans.decisions")?;
    let changed = on_engine!(tx, conn => sqlx::query(DECIDE)
        .bind(id.as_str()).bind(version).bind(decisions).bind(at.get())
        .execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Begins to apply the plan as it was seen at `version`; false where somebody was faster.
pub async fn begin_applying(
    tx: &mut Tx,
    id: &PlanId,
    version: i64,
    fixed: Fixed<'_>,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const BEGIN: &str = "update import_plans
        set state = 'applying', import_id = $3, row_ids = $4, done = 0, total = $5,
            changed_at = $6, version = version + 1
        where id = $1
        and version = $2
        and state = 'planned'";

    let changed = on_engine!(tx, conn => sqlx::query(BEGIN)
        .bind(id.as_str()).bind(version).bind(fixed.import.get()).bind(fixed.row_ids)
        .bind(fixed.total).bind(at.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Notes how many rows are written.
pub async fn progress(tx: &mut Tx, id: &PlanId, done: i64) -> Result<(), StoreError> {
    const PROGRESS: &str = "update import_plans set done = $2 where id = $1 and state = 'applying'";

    on_engine!(tx, conn => {
        sqlx::query(PROGRESS).bind(id.as_str()).bind(done).execute(&mut **conn).await?;
    });
    Ok(())
}

/// Ends a plan all of which is in the table, and drops what it was made of; false where it was not being
/// applied any more.
pub async fn finish(tx: &mut Tx, id: &PlanId, at: Timestamp) -> Result<bool, StoreError> {
    const FINISH: &str = "update import_plans
        set state = 'applied', done = total, decisions = '{}', row_ids = null, plan = null,
            book = null, changed_at = $2, version = version + 1
        where id = $1
        and state = 'applying'";

    let changed = on_engine!(tx, conn => sqlx::query(FINISH)
        .bind(id.as_str()).bind(at.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Gives up a plan in the middle, and says why.
pub async fn stop(
    tx: &mut Tx,
    id: &PlanId,
    error: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const STOP: &str = "update import_plans
        set state = 'stopped', error = $2, decisions = '{}', row_ids = null, plan = null,
            book = null, changed_at = $3, version = version + 1
        where id = $1
        and state = 'applying'";

    let error = storable(error, "import_plans.error")?;
    let changed = on_engine!(tx, conn => sqlx::query(STOP)
        .bind(id.as_str()).bind(error).bind(at.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Puts a plan away that nobody wants; false where it is applied or being applied.
pub async fn abandon(tx: &mut Tx, id: &PlanId, at: Timestamp) -> Result<bool, StoreError> {
    const ABANDON: &str = "update import_plans
        set state = 'abandoned', decisions = '{}', plan = null, book = null, upload = null,
            changed_at = $2, version = version + 1
        where id = $1
        and state in ('reading', 'refused', 'planned')";

    let changed = on_engine!(tx, conn => sqlx::query(ABANDON)
        .bind(id.as_str()).bind(at.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Forgets plans that were never applied and that nobody touched since. Says how many.
pub async fn forget_before(tx: &mut Tx, moment: Timestamp) -> Result<u64, StoreError> {
    const FORGET: &str = "delete from import_plans
        where changed_at < $1
        and state in ('reading', 'refused', 'planned', 'abandoned')";

    Ok(on_engine!(tx, conn => sqlx::query(FORGET)
        .bind(moment.get()).execute(&mut **conn).await?.rows_affected()))
}

/// Why a plan stops whose table was erased from, as JSON.
pub const ERASED: &str = r#""erased""#;

/// Drops all plans of a table that are not applied; one that is being applied stops where it is, since its
/// next rows could bring back what must go. Says how many.
pub async fn drop_unapplied(tx: &mut Tx, table: TableId) -> Result<i64, StoreError> {
    const DROP: &str = "delete from import_plans
        where table_id = $1
        and state not in ('applying', 'applied', 'stopped')";
    const STOP: &str = "update import_plans
        set state = 'stopped', error = $2, decisions = '{}', row_ids = null, plan = null,
            book = null, version = version + 1
        where table_id = $1
        and state = 'applying'";

    let gone = on_engine!(tx, conn => {
        let dropped = sqlx::query(DROP).bind(table.get()).execute(&mut **conn).await?;
        let stopped =
            sqlx::query(STOP).bind(table.get()).bind(ERASED).execute(&mut **conn).await?;
        dropped.rows_affected() + stopped.rows_affected()
    });
    Ok(gone as i64)
}
