//! Files on their way into a table: kept from the upload to the last row, so that a restart loses none.
//!
//! How a plan goes from one state to the next stands in `import_plans/steps.rs`.

mod steps;

use std::fmt;
use std::str::FromStr;

use tablee_domain::ids::{Epoch, ImportId, PersonId, Revision, TableId, Timestamp};

pub use steps::*;
pub use tablee_domain::ids::PlanId;

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;

/// How far a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// The file is stored and not read yet.
    Reading,
    /// The file could not be read; the error says why.
    Refused,
    /// There is a plan, and somebody decides.
    Planned,
    /// Its rows are being written.
    Applying,
    /// All of it is in the table.
    Applied,
    /// Somebody did not want it.
    Abandoned,
    /// It could not be applied to its end; what it wrote can be taken back. The error says why.
    Stopped,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Reading,
        Self::Refused,
        Self::Planned,
        Self::Applying,
        Self::Applied,
        Self::Abandoned,
        Self::Stopped,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Refused => "refused",
            Self::Planned => "planned",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Abandoned => "abandoned",
            Self::Stopped => "stopped",
        }
    }

    /// Whether the program works on it: what comes next is waited for.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Reading | Self::Applying)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no state of a plan")]
pub struct NoState;

impl FromStr for State {
    type Err = NoState;

    fn from_str(word: &str) -> Result<Self, NoState> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or(NoState)
    }
}

/// A plan without what is large in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRecord {
    /// Stands in its address; nobody can foresee it.
    pub id: PlanId,
    /// The table it would go into.
    pub table: TableId,
    /// Who brought the file; none for the program.
    pub actor: Option<PersonId>,
    /// As whoever brought it called it.
    pub file_name: String,
    /// SHA-256 of the file.
    pub sha256: Vec<u8>,
    /// When the file came.
    pub made_at: Timestamp,
    /// When something was last done to it.
    pub changed_at: Timestamp,
    /// When the plan was made; 0 before.
    pub planned_at: Timestamp,
    /// How far it is.
    pub state: State,
    /// Why it is refused or stopped, as JSON.
    pub error: Option<String>,
    /// How often it changed: a decision says which one it was made on.
    pub version: i64,
    /// The life of the document that the plan was made for.
    pub epoch: Epoch,
    /// The last update that the plan saw.
    pub revision: Revision,
    /// What the columns were that the plan was made for.
    pub columns_sha256: Vec<u8>,
    /// The import that applies or applied it.
    pub import: Option<ImportId>,
    /// Rows of it that are written.
    pub done: i64,
    /// Rows that will be written.
    pub total: i64,
    /// What was decided, as JSON.
    pub decisions: String,
}

/// A file that has just come.
#[derive(Debug, Clone, Copy)]
pub struct NewPlan<'p> {
    /// A fresh one.
    pub id: &'p PlanId,
    /// The table it would go into.
    pub table: TableId,
    /// Who brought it.
    pub actor: Option<PersonId>,
    /// As whoever brought it called it.
    pub file_name: &'p str,
    /// SHA-256 of the file.
    pub sha256: &'p [u8],
    /// The file, as it shall be kept.
    pub upload: &'p [u8],
}

/// A plan that was just made, and what it was made for.
#[derive(Debug, Clone, Copy)]
pub struct Made<'p> {
    /// The plan in bytes.
    pub plan: &'p [u8],
    /// What was decided, as JSON.
    pub decisions: &'p str,
    /// The life of the document.
    pub epoch: Epoch,
    /// The last update it saw.
    pub revision: Revision,
    /// The columns it saw.
    pub columns_sha256: &'p [u8],
}

/// What is fixed before the first row is written, so that a second run does the same.
#[derive(Debug, Clone, Copy)]
pub struct Fixed<'p> {
    /// The import whose name every edit carries.
    pub import: ImportId,
    /// The identifiers of the new rows, as JSON.
    pub row_ids: &'p str,
    /// Rows that will be written.
    pub total: i64,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: String,
    table_id: i64,
    actor: Option<i64>,
    file_name: String,
    sha256: Vec<u8>,
    made_at: i64,
    changed_at: i64,
    planned_at: i64,
    state: String,
    error: Option<String>,
    version: i64,
    epoch: i64,
    revision: i64,
    columns_sha256: Vec<u8>,
    import_id: Option<i64>,
    done: i64,
    total: i64,
    decisions: String,
}

impl TryFrom<Line> for PlanRecord {
    type Error = StoreError;

    fn try_from(line: Line) -> Result<Self, StoreError> {
        let corrupt = |column| StoreError::corrupt("import_plans", &line.id, column);
        Ok(Self {
            id: PlanId::new(&line.id).map_err(|_| corrupt("id"))?,
            table: TableId(line.table_id),
            actor: line.actor.map(PersonId),
            state: line.state.parse().map_err(|_| corrupt("state"))?,
            file_name: line.file_name,
            sha256: line.sha256,
            made_at: Timestamp(line.made_at),
            changed_at: Timestamp(line.changed_at),
            planned_at: Timestamp(line.planned_at),
            error: line.error,
            version: line.version,
            epoch: Epoch(line.epoch),
            revision: Revision(line.revision),
            columns_sha256: line.columns_sha256,
            import: line.import_id.map(ImportId),
            done: line.done,
            total: line.total,
            decisions: line.decisions,
        })
    }
}

fn records(lines: Vec<Line>) -> Result<Vec<PlanRecord>, StoreError> {
    lines.into_iter().map(PlanRecord::try_from).collect()
}

/// The plan with this identifier.
pub async fn find(tx: &mut Tx, id: &PlanId) -> Result<Option<PlanRecord>, StoreError> {
    const FIND: &str = "select id, table_id, actor, file_name, sha256, made_at, changed_at, planned_at,
            state, error, version, epoch, revision, columns_sha256, import_id, done, total, decisions
        from import_plans
        where id = $1";

    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(FIND).bind(id.as_str()).fetch_optional(&mut **conn).await?);
    line.map(PlanRecord::try_from).transpose()
}

/// The plans of a table, newest first.
pub async fn of_table(
    tx: &mut Tx,
    table: TableId,
    limit: u32,
) -> Result<Vec<PlanRecord>, StoreError> {
    const OF_TABLE: &str =
        "select id, table_id, actor, file_name, sha256, made_at, changed_at, planned_at,
            state, error, version, epoch, revision, columns_sha256, import_id, done, total,
            decisions
        from import_plans
        where table_id = $1
        order by made_at desc, id
        limit $2";

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(OF_TABLE)
        .bind(table.get()).bind(i64::from(limit)).fetch_all(&mut **conn).await?);
    records(lines)
}

/// The plans of all tables that are that far, oldest first.
pub async fn in_state(tx: &mut Tx, state: State) -> Result<Vec<PlanRecord>, StoreError> {
    const IN_STATE: &str =
        "select id, table_id, actor, file_name, sha256, made_at, changed_at, planned_at,
            state, error, version, epoch, revision, columns_sha256, import_id, done, total,
            decisions
        from import_plans
        where state = $1
        order by made_at, id";

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(IN_STATE)
        .bind(state.as_str()).fetch_all(&mut **conn).await?);
    records(lines)
}

/// The plan that an import applied.
pub async fn of_import(tx: &mut Tx, import: ImportId) -> Result<Option<PlanRecord>, StoreError> {
    const OF_IMPORT: &str = "select id, table_id, actor, file_name, sha256, made_at, changed_at,
            planned_at, state, error, version, epoch, revision, columns_sha256, import_id, done,
            total, decisions
        from import_plans
        where import_id = $1";

    let line: Option<Line> = on_engine!(tx, conn => sqlx::query_as(OF_IMPORT)
        .bind(import.get()).fetch_optional(&mut **conn).await?);
    line.map(PlanRecord::try_from).transpose()
}

/// The file, while it is not read.
pub async fn upload(tx: &mut Tx, id: &PlanId) -> Result<Option<Vec<u8>>, StoreError> {
    const UPLOAD: &str = "select upload from import_plans where id = $1";
    blob(tx, UPLOAD, id).await
}

/// What the file holds, in bytes.
pub async fn book(tx: &mut Tx, id: &PlanId) -> Result<Option<Vec<u8>>, StoreError> {
    const BOOK: &str = "select book from import_plans where id = $1";
    blob(tx, BOOK, id).await
}

/// The plan, in bytes.
pub async fn plan(tx: &mut Tx, id: &PlanId) -> Result<Option<Vec<u8>>, StoreError> {
    const PLAN: &str = "select plan from import_plans where id = $1";
    blob(tx, PLAN, id).await
}

async fn blob(
    tx: &mut Tx,
    statement: &'static str,
    id: &PlanId,
) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<Option<Vec<u8>>> = on_engine!(tx, conn =>
        sqlx::query_scalar(statement).bind(id.as_str()).fetch_optional(&mut **conn).await?);
    Ok(found.flatten())
}

/// The identifiers that were fixed for the new rows, as JSON.
pub async fn row_ids(tx: &mut Tx, id: &PlanId) -> Result<Option<String>, StoreError> {
    const ROW_IDS: &str = "select row_ids from import_plans where id = $1";

    let found: Option<Option<String>> = on_engine!(tx, conn =>
        sqlx::query_scalar(ROW_IDS).bind(id.as_str()).fetch_optional(&mut **conn).await?);
    Ok(found.flatten())
}

/// How many plans of a table are not applied.
pub async fn unapplied(tx: &mut Tx, table: TableId) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*) from import_plans
        where table_id = $1
        and state not in ('applied', 'stopped')";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(table.get()).fetch_one(&mut **conn).await?))
}

#[cfg(test)]
mod tests;
