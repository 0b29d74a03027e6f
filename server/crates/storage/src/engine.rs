//! Two engines behind one door: the only file that knows which one answers.
//!
//! SQLite is one file with **one** connection that writes, so that transactions wait for each other in our
//! queue and not in SQLite's, and a few that read. PostgreSQL is a pool. Both promise the same: a committed
//! transaction is on disk, a dropped one never was.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Postgres, Sqlite, Transaction};

use crate::error::{StoreError, in_one_line};

/// How long a transaction may wait for a connection.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long SQLite may wait for another process.
const BUSY: Duration = Duration::from_secs(5);
const SQLITE_READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 10;
/// Older ones can corrupt a database in WAL mode (sqlite.org/wal.html#walresetbug).
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// Which database answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Engine {
    /// One file, in this process.
    Sqlite,
    /// A server that several nodes share.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// The database. Cheap to clone; all clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    pools: Pools,
}

#[derive(Debug, Clone)]
enum Pools {
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    Postgres(PgPool),
}

impl Store {
    /// Opens the database behind `sqlite://path`, `sqlite:path`, `sqlite::memory:` or `postgres://…`.
    ///
    /// A SQLite file and its folder are made where they are missing, readable by their owner only. One in
    /// memory has a single connection: whoever holds a transaction must not begin a second one.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        if url == "sqlite::memory:" {
            return Self::in_memory().await;
        }
        if let Some(path) = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")) {
            return Self::in_file(Path::new(path)).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::on_server(url).await;
        }
        Err(StoreError::Unavailable(
            "its address must start with `sqlite://` or `postgres://`".to_owned(),
        ))
    }

    /// Which database answers.
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Brings the schema up to date; refuses a database that a later program wrote.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        crate::migrations::run(self).await
    }

    /// Begins a transaction that may write. On SQLite one at a time: keep it short.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let on = match &self.pools {
            Pools::Sqlite { writer, .. } => On::Sqlite(writer.begin_with("begin immediate").await?),
            Pools::Postgres(pool) => On::Postgres(pool.begin().await?),
        };
        Ok(Tx { on, doomed: false })
    }

    /// Begins a transaction that looks and cannot write: all it sees is of one moment.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        const LOOK: &str = "begin transaction isolation level repeatable read, read only";
        let on = match &self.pools {
            Pools::Sqlite { readers, .. } => On::Sqlite(readers.begin().await?),
            Pools::Postgres(pool) => On::Postgres(pool.begin_with(LOOK).await?),
        };
        Ok(Tx { on, doomed: false })
    }

    /// Closes all connections, once those in use are given back.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    async fn in_memory() -> Result<Self, StoreError> {
        // A database in memory is its connection: it must be the only one and never be replaced.
        let pool = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(PATIENCE)
            .connect_with(sqlite_options().in_memory(true))
            .await?;
        check_sqlite(&pool).await?;
        Ok(Self { pools: Pools::Sqlite { writer: pool.clone(), readers: pool } })
    }

    async fn in_file(path: &Path) -> Result<Self, StoreError> {
        make_file(path)?;
        let options = sqlite_options().filename(path);
        let writer = sqlite_pool(1)
            .connect_with(options.clone().journal_mode(SqliteJournalMode::Wal))
            .await
            .map_err(|error| unreachable_at(&path.display(), &error))?;
        check_sqlite(&writer).await?;
        let readers = sqlite_pool(SQLITE_READERS)
            .connect_with(options.pragma("query_only", "on"))
            .await
            .map_err(|error| unreachable_at(&path.display(), &error))?;
        Ok(Self { pools: Pools::Sqlite { writer, readers } })
    }

    async fn on_server(url: &str) -> Result<Self, StoreError> {
        // Neither the address nor the parser's message may be repeated: a password can stand in them.
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| StoreError::Unavailable("its address cannot be read".to_owned()))?;
        // A node that is frozen inside a transaction must not hold a table's lock for ever.
        let options = options
            .application_name("tablee")
            .options([("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "30s")]);
        let place = format!("{}:{}", options.get_host(), options.get_port());
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await
            .map_err(|error| unreachable_at(&place, &error))?;
        Ok(Self { pools: Pools::Postgres(pool) })
    }
}

fn sqlite_options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("trusted_schema", "off")
}

fn sqlite_pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .acquire_timeout(PATIENCE)
}

fn unreachable_at(place: &dyn fmt::Display, error: &sqlx::Error) -> StoreError {
    StoreError::Unavailable(format!("`{place}`: {}", in_one_line(error)))
}

/// Makes the folder and the empty file, so that nobody but their owner can ever read them.
fn make_file(path: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

    let failed = |place: &Path, error: &std::io::Error| {
        StoreError::Unavailable(format!("`{}` cannot be written: {error}", place.display()))
    };
    if path.as_os_str().is_empty() {
        return Err(StoreError::Unavailable("its address names no file".to_owned()));
    }
    let folder = path.parent().map(Path::to_path_buf).filter(|folder| *folder != PathBuf::new());
    if let Some(folder) = folder {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(&folder).map_err(|e| failed(&folder, &e))?;
    }
    let mut open = std::fs::OpenOptions::new();
    open.read(true).append(true).create(true).mode(0o600);
    open.open(path).map_err(|error| failed(path, &error))?;
    Ok(())
}

async fn check_sqlite(pool: &SqlitePool) -> Result<(), StoreError> {
    let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(pool).await?;
    if is_recent_enough(&version) {
        return Ok(());
    }
    let [major, minor, patch] = OLDEST_SQLITE;
    Err(StoreError::Unavailable(format!(
        "SQLite {version} can corrupt its log: {major}.{minor}.{patch} or later is needed"
    )))
}

fn is_recent_enough(version: &str) -> bool {
    let numbers: Option<Vec<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
    numbers.is_some_and(|numbers| numbers.as_slice() >= OLDEST_SQLITE.as_slice())
}

/// A transaction. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    pub(crate) on: On,
    doomed: bool,
}

#[derive(Debug)]
pub(crate) enum On {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Keeps what was done. When this fails, whether it was kept is unknown
    /// ([`StoreError::CommitUnknown`]).
    pub async fn commit(self) -> Result<(), StoreError> {
        if self.doomed {
            return Err(StoreError::Unavailable(
                "a statement of this transaction failed half-way, so none is kept".to_owned(),
            ));
        }
        let end = match self.on {
            On::Sqlite(tx) => tx.commit().await,
            On::Postgres(tx) => tx.commit().await,
        };
        end.map_err(|error| StoreError::CommitUnknown(in_one_line(&error)))
    }

    /// Takes all back, and waits until it is.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self.on {
            On::Sqlite(tx) => tx.rollback().await?,
            On::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }

    /// From now on this transaction can only be taken back: one of its statements did half its work.
    pub(crate) fn doom(&mut self) {
        self.doomed = true;
    }

    /// Waits until no other program changes the schema, until the transaction ends.
    pub(crate) async fn lock_schema(&mut self) -> Result<(), StoreError> {
        // SQLite's `begin immediate` has done it. On PostgreSQL any number will do, so long as it is ours.
        const LOCK: &str = "select pg_advisory_xact_lock(7304411889)";
        if let On::Postgres(tx) = &mut self.on {
            sqlx::query(LOCK).execute(&mut **tx).await?;
        }
        Ok(())
    }
}

/// Runs the same expression on whichever engine the transaction is; `$conn` dereferences to its connection.
macro_rules! on_engine {
    ($tx:expr, $conn:ident => $work:expr) => {
        match &mut $tx.on {
            $crate::engine::On::Sqlite($conn) => $work,
            $crate::engine::On::Postgres($conn) => $work,
        }
    };
}
pub(crate) use on_engine;
