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
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Postgres, Sqlite, Transaction};

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
    #[cfg(any(test, feature = "testing"))]
    faults: crate::testing::Faults,
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

    /// The last step of the schema that this database has seen; 0 for an empty one. Changes nothing.
    pub async fn schema_version(&self) -> Result<i64, StoreError> {
        crate::migrations::version_of(self).await
    }

    /// Begins a transaction that may write. On SQLite one at a time: keep it short.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        const WRITE: &str = "begin transaction isolation level read committed, read write";
        let on = match &self.pools {
            Pools::Sqlite { writer, .. } => On::Sqlite(writer.begin_with("begin immediate").await?),
            Pools::Postgres(pool) => On::Postgres(pool.begin_with(WRITE).await?),
        };
        Ok(Tx {
            on,
            doomed: false,
            #[cfg(any(test, feature = "testing"))]
            faults: self.faults.clone(),
        })
    }

    /// Begins a transaction that looks and cannot write: all it sees is of one moment.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        const LOOK: &str = "begin transaction isolation level repeatable read, read only";
        let on = match &self.pools {
            Pools::Sqlite { readers, .. } => On::Sqlite(readers.begin().await?),
            Pools::Postgres(pool) => On::Postgres(pool.begin_with(LOOK).await?),
        };
        Ok(Tx {
            on,
            doomed: false,
            #[cfg(any(test, feature = "testing"))]
            faults: crate::testing::Faults::default(),
        })
    }

    /// Rubs out what deleted lines leave on the disk: call it after an erasure.
    ///
    /// On SQLite the file is written anew and the log beside it cut off; on PostgreSQL the tables are written
    /// anew, while its own log and its replicas age out by its settings. Nobody can write meanwhile.
    pub async fn scrub(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { writer, .. } => scrub_sqlite(writer).await,
            Pools::Postgres(pool) => scrub_postgres(pool).await,
        }
    }

    /// What befalls the next commit of a transaction that may write, of this store or any of its clones.
    #[cfg(any(test, feature = "testing"))]
    pub fn next_commit(&self, fault: crate::testing::Fault) {
        self.faults.set(fault);
    }

    /// Lets so many commits succeed, then one meets this fault, and none succeeds after it: as if the power
    /// went, with another store to be opened over the same database.
    #[cfg(any(test, feature = "testing"))]
    pub fn power_goes(&self, after: u32, fault: crate::testing::Fault) {
        self.faults.power_goes(after, fault);
    }

    /// Whether it has not gone yet.
    #[cfg(any(test, feature = "testing"))]
    pub fn has_power(&self) -> bool {
        self.faults.has_power()
    }

    /// Resolves when it went.
    #[cfg(any(test, feature = "testing"))]
    pub async fn power_is_gone(&self) {
        self.faults.power_is_gone().await;
    }

    fn of(pools: Pools) -> Self {
        Self {
            pools,
            #[cfg(any(test, feature = "testing"))]
            faults: crate::testing::Faults::default(),
        }
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
        Ok(Self::of(Pools::Sqlite { writer: pool.clone(), readers: pool }))
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
        Ok(Self::of(Pools::Sqlite { writer, readers }))
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
        // The pool would knock at a closed door until its patience ends; whoever starts wants to know now.
        let first = options.connect().await.map_err(|error| unreachable_at(&place, &error))?;
        first.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_lazy_with(options);
        Ok(Self::of(Pools::Postgres(pool)))
    }
}

fn sqlite_options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("trusted_schema", "off")
        // What is deleted is overwritten, not only forgotten.
        .pragma("secure_delete", "on")
}

fn sqlite_pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        // Where the disk fails, SQLite takes a transaction back by itself and the driver goes on counting it:
        // such a connection begins nothing any more, and another one takes its place.
        .before_acquire(|conn, _| Box::pin(async move { Ok(!conn.is_in_transaction()) }))
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

async fn scrub_sqlite(writer: &SqlitePool) -> Result<(), StoreError> {
    const VACUUM: &str = "vacuum";
    // The file is written anew through the log, so that is cut off last.
    const CUT: &str = "pragma wal_checkpoint(truncate)";

    let mut conn = writer.acquire().await?;
    sqlx::query(VACUUM).execute(&mut *conn).await?;
    let (busy, _, _): (i64, i64, i64) = sqlx::query_as(CUT).fetch_one(&mut *conn).await?;
    if busy == 0 {
        return Ok(());
    }
    Err(StoreError::Unavailable("somebody reads an earlier state of it".to_owned()))
}

/// The tables in which a person's words can stand.
const SCRUBBED: [&str; 10] = [
    "edits",
    "revisions",
    "snapshots",
    "day_values",
    "imports",
    "import_rows",
    "import_plans",
    "import_mappings",
    "proposals",
    "row_owners",
];

async fn scrub_postgres(pool: &PgPool) -> Result<(), StoreError> {
    for table in SCRUBBED {
        // Without `full`, what was deleted stays in the file until its place is needed.
        let statement = AssertSqlSafe(format!("vacuum (full) {table}"));
        sqlx::raw_sql(statement).execute(pool).await?;
    }
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
    #[cfg(any(test, feature = "testing"))]
    faults: crate::testing::Faults,
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
        #[cfg(any(test, feature = "testing"))]
        if let Some(fault) = self.faults.take() {
            return self.end_with(fault).await;
        }
        self.keep().await
    }

    async fn keep(self) -> Result<(), StoreError> {
        let end = match self.on {
            On::Sqlite(tx) => tx.commit().await,
            On::Postgres(tx) => tx.commit().await,
        };
        end.map_err(|error| StoreError::CommitUnknown(in_one_line(&error)))
    }

    #[cfg(any(test, feature = "testing"))]
    async fn end_with(self, fault: crate::testing::Fault) -> Result<(), StoreError> {
        use crate::testing::Fault;

        match fault {
            Fault::EndUnknown => self.keep().await?,
            Fault::Fails | Fault::EndUnknownAndLost => self.rollback().await?,
        }
        Err(fault.error())
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Fault, TestDb};
    use crate::{both_engines, settings};

    async fn why_not(url: &str) -> String {
        match Store::connect(url).await {
            Ok(_) => panic!("`{url}` was opened"),
            Err(error) => error.to_string(),
        }
    }

    both_engines! {
        async fn a_dropped_transaction_never_happened(db: TestDb) {
            let mut tx = db.begin().await;
            settings::set(&mut tx, "a", "1").await.unwrap();
            drop(tx);

            let mut tx = db.begin().await;

            assert_eq!(settings::get(&mut tx, "a").await, Ok(None));
        }

        async fn a_transaction_that_looks_cannot_write(db: TestDb) {
            let mut tx = db.read().await;

            let written = settings::set(&mut tx, "a", "1").await;

            assert!(matches!(written, Err(StoreError::Unavailable(_))), "{written:?}");
        }

        async fn a_transaction_that_looks_sees_one_moment(db: TestDb) {
            let mut look = db.read().await;
            assert_eq!(settings::get(&mut look, "a").await, Ok(None));

            let mut tx = db.begin().await;
            settings::set(&mut tx, "a", "1").await.unwrap();
            tx.commit().await.unwrap();

            assert_eq!(settings::get(&mut look, "a").await, Ok(None));
            assert_eq!(settings::get(&mut db.read().await, "a").await, Ok(Some("1".into())));
        }

        async fn a_commit_that_is_made_to_fail_fails_once_and_as_asked(db: TestDb) {
            for (fault, is_kept) in
                [(Fault::Fails, false), (Fault::EndUnknown, true), (Fault::EndUnknownAndLost, false)]
            {
                let mut tx = db.begin().await;
                settings::set(&mut tx, "a", &format!("{fault:?}")).await.unwrap();
                db.store().clone().next_commit(fault);
                db.read().await.commit().await.unwrap();

                let end = tx.commit().await;

                assert_eq!(end, Err(fault.error()));
                let mut tx = db.begin().await;
                let kept = settings::get(&mut tx, "a").await.unwrap();
                assert_eq!(kept == Some(format!("{fault:?}")), is_kept, "{fault:?}");
                tx.commit().await.unwrap();
            }
        }

        async fn when_the_power_goes_nothing_is_kept_any_more(db: TestDb) {
            db.store().power_goes(2, Fault::EndUnknown);
            let mut ends = Vec::new();
            for key in ["a", "b", "c", "d", "e"] {
                let mut tx = db.begin().await;
                settings::set(&mut tx, key, "1").await.unwrap();
                ends.push(tx.commit().await.is_ok());
            }
            db.store().power_is_gone().await;

            assert_eq!(ends, [true, true, false, false, false]);
            let mut tx = db.read().await;
            let mut kept = Vec::new();
            for key in ["a", "b", "c", "d", "e"] {
                kept.push(settings::get(&mut tx, key).await.unwrap().is_some());
            }
            assert_eq!(kept, [true, true, true, false, false], "of the third nobody heard");
        }

        async fn what_was_committed_is_there_for_who_opens_it_next(db: TestDb) {
            let mut tx = db.begin().await;
            settings::set(&mut tx, "a", "1").await.unwrap();
            tx.commit().await.unwrap();
            db.store().close().await;

            let again = Store::connect(db.url()).await.unwrap();

            let mut tx = again.read().await.unwrap();
            assert_eq!(settings::get(&mut tx, "a").await, Ok(Some("1".into())));
            drop(tx);
            again.close().await;
        }

        async fn a_commit_that_fails_says_that_its_end_is_unknown(db: TestDb) {
            let mut tx = db.begin().await;
            settings::set(&mut tx, "a", "1").await.unwrap();
            db_break_the_commit(&mut tx).await;

            let end = tx.commit().await;

            assert!(matches!(end, Err(StoreError::CommitUnknown(_))), "{end:?}");
            let mut tx = db.begin().await;
            assert_eq!(settings::get(&mut tx, "a").await, Ok(None));
        }

        async fn a_closed_store_is_not_available(db: TestDb) {
            db.store().close().await;

            let begun = db.store().begin().await;

            assert!(matches!(begun, Err(StoreError::Unavailable(_))));
        }
    }

    /// Makes the commit fail: by a promise that is checked at its end, or by cutting the line.
    async fn db_break_the_commit(tx: &mut Tx) {
        match &mut tx.on {
            On::Sqlite(tx) => {
                let broken = "pragma defer_foreign_keys = on;
                    insert into row_owners (table_id, row_id, person_id) values (404, 'r', 1)";
                sqlx::raw_sql(broken).execute(&mut **tx).await.unwrap();
            }
            On::Postgres(tx) => {
                let cut = "select pg_terminate_backend(pg_backend_pid())";
                sqlx::query(cut).execute(&mut **tx).await.unwrap_err();
            }
        }
    }

    #[tokio::test]
    async fn a_database_in_memory_is_one_however_it_is_used() {
        let store = Store::connect("sqlite::memory:").await.unwrap();
        store.migrate().await.unwrap();
        let mut tx = store.begin().await.unwrap();
        settings::set(&mut tx, "a", "1").await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = store.read().await.unwrap();

        assert_eq!(settings::get(&mut tx, "a").await, Ok(Some("1".into())));
        assert_eq!(store.engine(), Engine::Sqlite);
        drop(tx);
        assert_eq!(store.scrub().await, Ok(()));
    }

    #[tokio::test]
    async fn sqlite_writes_ahead_and_waits_for_the_disk() {
        let db = TestDb::open(Engine::Sqlite).await.unwrap();
        let mut tx = db.begin().await;
        let On::Sqlite(conn) = &mut tx.on else { panic!("this is SQLite") };

        for (pragma, expected) in [
            ("select journal_mode from pragma_journal_mode", "wal"),
            ("select cast(synchronous as text) from pragma_synchronous", "2"),
            ("select cast(foreign_keys as text) from pragma_foreign_keys", "1"),
            ("select cast(timeout as text) from pragma_busy_timeout", "5000"),
            ("select cast(trusted_schema as text) from pragma_trusted_schema", "0"),
            ("select cast(secure_delete as text) from pragma_secure_delete", "1"),
        ] {
            let found: String = sqlx::query_scalar(pragma).fetch_one(&mut **conn).await.unwrap();
            assert_eq!(found, expected, "{pragma}");
        }
    }

    #[tokio::test]
    async fn the_file_and_its_folder_are_their_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let db = TestDb::open(Engine::Sqlite).await.unwrap();
        let file = Path::new(db.url().strip_prefix("sqlite://").unwrap());

        for (path, expected) in [(file, 0o600), (file.parent().unwrap(), 0o700)] {
            let mode = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, expected, "{}", path.display());
        }
    }

    #[tokio::test]
    async fn a_database_that_cannot_be_opened_says_why_in_one_line() {
        let db = TestDb::open(Engine::Sqlite).await.unwrap();
        let file = db.url().strip_prefix("sqlite://").unwrap();
        let folder = Path::new(file).parent().unwrap().display().to_string();

        let under_a_file = why_not(&format!("sqlite://{file}/deeper/tablee.db")).await;
        let is_a_folder = why_not(&format!("sqlite:{folder}")).await;
        let nobody_there = why_not("postgres://tablee:secret@127.0.0.1:1/tablee").await;

        assert!(under_a_file.contains("deeper"), "{under_a_file}");
        assert!(is_a_folder.contains(&format!("`{folder}` cannot be written")), "{is_a_folder}");
        assert!(nobody_there.contains("`127.0.0.1:1`"), "{nobody_there}");
        for said in [&under_a_file, &is_a_folder, &nobody_there] {
            assert!(said.starts_with("the database is not available: "), "{said}");
            assert!(!said.contains('\n') && !said.contains("secret"), "{said}");
        }
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_left_as_it_is() {
        let db = TestDb::open(Engine::Sqlite).await.unwrap();
        let file = Path::new(db.url().strip_prefix("sqlite://").unwrap());
        let letter = file.with_file_name("letter.txt");
        std::fs::write(&letter, "Chère Léa, ".repeat(500)).unwrap();

        let said = why_not(&format!("sqlite://{}", letter.display())).await;

        assert!(said.contains("not a database"), "{said}");
        assert_eq!(std::fs::read_to_string(&letter).unwrap(), "Chère Léa, ".repeat(500));
    }

    #[tokio::test]
    async fn an_address_that_makes_no_sense_is_refused_without_repeating_it() {
        for url in
            ["", "tablee.db", "mysql://u:secret@h/d", "sqlite://", "postgres://u:secret@h:x/d"]
        {
            let said = why_not(url).await;

            assert!(said.starts_with("the database is not available: its address"), "{said}");
            assert!(!said.contains("secret"), "{said}");
        }
    }

    #[test]
    fn an_sqlite_that_can_corrupt_its_log_is_refused() {
        for good in ["3.51.3", "3.51.10", "3.53.0", "4.0.0"] {
            assert!(is_recent_enough(good), "{good}");
        }
        for bad in ["3.51.2", "3.46.0", "2.99.99", "3.51", "", "new"] {
            assert!(!is_recent_enough(bad), "{bad}");
        }
    }
}
