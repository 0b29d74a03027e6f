//! A database of its own for each test, on each engine.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tablee_domain::ids::Timestamp;

use crate::engine::{Engine, Store, Tx};
use crate::error::StoreError;

/// A moment for tests: 2026-09-30 at noon, UTC.
pub const NOON: Timestamp = Timestamp(1_790_769_600_000);

/// Promises each test on both engines: `on_sqlite` in a temporary file, `on_postgres` in a database of its
/// own behind `TABLEE_TEST_POSTGRES_URL`.
///
/// Without that variable the second one passes without a word, unless `TABLEE_REQUIRE_POSTGRES=1`.
#[macro_export]
macro_rules! both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block)+) => {
        $(
            mod $name {
                use super::*;

                $(#[$meta])*
                async fn promise($db: $crate::testing::TestDb) $body

                #[tokio::test]
                async fn on_sqlite() {
                    let db = $crate::testing::TestDb::open($crate::Engine::Sqlite).await;
                    let db = db.expect("SQLite is always there");
                    promise(db.clone()).await;
                    db.remove().await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn on_postgres() {
                    let db = $crate::testing::TestDb::open($crate::Engine::Postgres).await;
                    let Some(db) = db else { return };
                    promise(db.clone()).await;
                    db.remove().await;
                }
            }
        )+
    };
}

/// A database, removed when the test is over.
#[derive(Clone)]
pub struct TestDb {
    store: Store,
    url: Arc<str>,
    place: Arc<Place>,
}

enum Place {
    /// A folder, removed with everything in it.
    Folder(PathBuf),
    /// A database of this name on the server behind this address.
    Server { url: String, name: String },
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Folder(folder) = self {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl TestDb {
    /// Makes a database with the schema; none where PostgreSQL is asked for and there is none.
    pub async fn open(engine: Engine) -> Option<Self> {
        let db = Self::bare(engine).await?;
        db.store.migrate().await.expect("the migrations run");
        Some(db)
    }

    /// Makes a database with nothing in it; none where PostgreSQL is asked for and there is none.
    pub async fn bare(engine: Engine) -> Option<Self> {
        let (url, place) = match engine {
            Engine::Sqlite => in_folder(),
            Engine::Postgres => on_server(&server_url()?).await,
        };
        let store = Store::connect(&url).await.expect("the test's database opens");
        Some(Self { store, url: url.into(), place: Arc::new(place) })
    }

    /// Its store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Its address, to open it a second time.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Begins a transaction that may write.
    pub async fn begin(&self) -> Tx {
        self.store.begin().await.expect("a transaction begins")
    }

    /// Begins a transaction that looks.
    pub async fn read(&self) -> Tx {
        self.store.read().await.expect("a transaction begins")
    }

    /// Closes and removes it. A test that fails leaves its PostgreSQL database behind, to be looked at.
    pub async fn remove(self) {
        self.store.close().await;
        if let Place::Server { url, name } = &*self.place {
            on_the_server(url, &format!("drop database {name} with (force)")).await;
        }
    }
}

/// All that an SQLite database holds, line by line under the names of its tables, but for those left out: what two
/// moments are compared by.
pub async fn contents(
    store: &Store,
    left_out: &[&str],
) -> std::collections::BTreeMap<String, Vec<String>> {
    const TABLES: &str =
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'";

    let mut tx = store.read().await.expect("a transaction begins");
    let crate::engine::On::Sqlite(conn) = &mut tx.on else { panic!("this looks at SQLite") };
    let tables: Vec<String> =
        sqlx::query_scalar(TABLES).fetch_all(&mut **conn).await.expect("it has tables");
    let mut contents = std::collections::BTreeMap::new();
    for table in tables.into_iter().filter(|table| !left_out.contains(&table.as_str())) {
        let columns = AssertSqlSafe(format!("select name from pragma_table_info('{table}')"));
        let columns: Vec<String> =
            sqlx::query_scalar(columns).fetch_all(&mut **conn).await.expect("it has columns");
        let said: Vec<String> = columns
            .iter()
            .filter(|column| !left_out.contains(&format!("{table}.{column}").as_str()))
            .map(|column| format!("'{column}=' || quote({column})"))
            .collect();
        let lines = AssertSqlSafe(format!("select {} from {table}", said.join(" || ' · ' || ")));
        let lines: Vec<String> =
            sqlx::query_scalar(lines).fetch_all(&mut **conn).await.expect("it has lines");
        contents.insert(table, lines);
    }
    contents
}

/// What befalls a commit ([`Store::next_commit`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It fails before anything reaches the disk, and says so ([`StoreError::Unavailable`]).
    Fails,
    /// It is kept, but nobody hears of it ([`StoreError::CommitUnknown`]).
    EndUnknown,
    /// It is not kept, and nobody hears of it ([`StoreError::CommitUnknown`]).
    EndUnknownAndLost,
}

impl Fault {
    pub(crate) fn error(self) -> StoreError {
        match self {
            Self::Fails => StoreError::Unavailable("the disk is full, says the test".to_owned()),
            Self::EndUnknown | Self::EndUnknownAndLost => {
                StoreError::CommitUnknown("the test says no more".to_owned())
            }
        }
    }
}

/// The faults that wait for commits, shared by all clones of a store.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults(Arc<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    next: Mutex<Next>,
    gone: tokio::sync::watch::Sender<bool>,
}

#[derive(Debug, Default)]
enum Next {
    #[default]
    Nothing,
    /// One commit fails.
    Once(Fault),
    /// So many commits succeed, the next meets the fault, and none succeeds after it.
    PowerGoes {
        after: u32,
        fault: Fault,
    },
    PowerIsGone,
}

impl Faults {
    pub(crate) fn set(&self, fault: Fault) {
        *self.next() = Next::Once(fault);
    }

    pub(crate) fn power_goes(&self, after: u32, fault: Fault) {
        *self.next() = Next::PowerGoes { after, fault };
    }

    pub(crate) fn has_power(&self) -> bool {
        !*self.0.gone.borrow()
    }

    pub(crate) async fn power_is_gone(&self) {
        let gone = self.0.gone.subscribe().wait_for(|gone| *gone).await.map(drop);
        gone.expect("the store is there");
    }

    pub(crate) fn take(&self) -> Option<Fault> {
        let mut next = self.next();
        match std::mem::take(&mut *next) {
            Next::Nothing => None,
            Next::Once(fault) => Some(fault),
            Next::PowerGoes { after: 0, fault } => {
                *next = Next::PowerIsGone;
                self.0.gone.send_replace(true);
                Some(fault)
            }
            Next::PowerGoes { after, fault } => {
                *next = Next::PowerGoes { after: after - 1, fault };
                None
            }
            Next::PowerIsGone => {
                *next = Next::PowerIsGone;
                Some(Fault::Fails)
            }
        }
    }

    fn next(&self) -> std::sync::MutexGuard<'_, Next> {
        self.0.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn own_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("tablee_test_{}_{number}", std::process::id())
}

/// Hundreds of tests that each wait for the disk a dozen times are slow; what a disk keeps is proven by the
/// suites that kill the program. So memory is taken where nobody said otherwise.
fn scratch_folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let temporary = std::env::temp_dir();
    if temporary == Path::new("/tmp") && memory.is_dir() { memory.to_owned() } else { temporary }
}

fn in_folder() -> (String, Place) {
    let folder = scratch_folder().join(own_name());
    let url = format!("sqlite://{}", folder.join("tablee.db").display());
    (url, Place::Folder(folder))
}

async fn on_server(url: &str) -> (String, Place) {
    let name = own_name();
    on_the_server(url, &format!("create database {name}")).await;
    let host_begins = url.find("://").expect("an address has a scheme") + 3;
    let path = url[host_begins..].find('/').map_or(url.len(), |at| host_begins + at);
    let query = url[path..].find('?').map_or("", |at| &url[path + at..]);
    let own_url = format!("{}/{name}{query}", &url[..path]);
    (own_url, Place::Server { url: url.to_owned(), name })
}

async fn on_the_server(url: &str, statement: &str) {
    let mut conn = PgConnection::connect(url).await.expect("PostgreSQL answers");
    let statement = AssertSqlSafe(statement);
    sqlx::raw_sql(statement).execute(&mut conn).await.expect("PostgreSQL obeys");
    conn.close().await.expect("PostgreSQL says goodbye");
}

#[expect(clippy::disallowed_methods, reason = "a test has no settings of its own")]
fn server_url() -> Option<String> {
    let url = std::env::var("TABLEE_TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty());
    let required = std::env::var("TABLEE_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
    assert!(url.is_some() || !required, "TABLEE_TEST_POSTGRES_URL is not set");
    url
}
