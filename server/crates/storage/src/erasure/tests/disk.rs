//! What an erasure leaves on the disk: nothing.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::*;
use crate::day_values::{self, DayValues};
use crate::engine::Engine;
use crate::revisions::{self, LogEntry};
use crate::snapshots::{self, Snapshot};

/// In which of the database's files a text stands, in any case, in UTF-8 or UTF-16.
fn files_with(db: &TestDb, text: &str) -> Vec<String> {
    let file = std::path::Path::new(db.url().strip_prefix("sqlite://").unwrap());
    let plain = text.to_lowercase().into_bytes();
    let wide: Vec<u8> = plain.iter().flat_map(|byte| [*byte, 0]).collect();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
        let holds = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
        if holds(&plain) || holds(&wide) {
            found.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn nothing_of_the_words_is_left_on_the_disk() {
    let db = TestDb::open(Engine::Sqlite).await.unwrap();
    let mut tx = db.begin().await;
    let table = a_table(&mut tx).await;
    // Long enough to need pages of their own, which an erasure gives back.
    let long = format!("{NAME}, ").repeat(2_000);
    history::add(&mut tx, table, &[edit(4, "r3", "objectifs", &long, "")]).await.unwrap();
    let entry =
        LogEntry { actor: None, origin: Origin::Program, at: NOON, update: long.as_bytes() };
    revisions::append(&mut tx, table, FIRST, Revision(0), &[entry]).await.unwrap();
    let (sha256, bytes) = (vec![0; 32], long.clone().into_bytes());
    let snapshot =
        Snapshot { epoch: FIRST, revision: Revision(1), sha256, at: NOON, bytes: bytes.clone() };
    snapshots::save(&mut tx, table, &snapshot).await.unwrap();
    let (day, revision) = ("2026-09-30".to_owned(), Revision(1));
    let values = DayValues { day, epoch: FIRST, revision, at: NOON, payload: bytes };
    day_values::keep(&mut tx, table, &values).await.unwrap();
    tx.commit().await.unwrap();
    // Half of it is in the file, half of it still in the log beside it.
    db.store().scrub().await.unwrap();
    let mut tx = db.begin().await;
    history::add(&mut tx, table, &[edit(5, "r4", "objectifs", &long, "")]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(files_with(&db, NAME), ["tablee.db", "tablee.db-wal"]);

    let mut tx = db.begin().await;
    let next = tables::start_epoch(&mut tx, table, FIRST).await.unwrap();
    redact(&mut tx, table, &words(NAME)).await.unwrap();
    revisions::drop_epochs_before(&mut tx, table, next).await.unwrap();
    snapshots::drop_epochs_before(&mut tx, table, next).await.unwrap();
    day_values::replace_payload(&mut tx, table, "2026-09-30", b"rien").await.unwrap();
    tx.commit().await.unwrap();
    assert_ne!(files_with(&db, NAME), Vec::<String>::new(), "deleting is not enough");
    db.store().scrub().await.unwrap();

    assert_eq!(files_with(&db, NAME), Vec::<String>::new());
    assert_eq!(files_with(&db, "Eau douce"), ["tablee.db"], "what stays is found");
    db.remove().await;
}

#[tokio::test]
async fn what_an_earlier_program_only_forgot_is_rubbed_out_too() {
    let db = TestDb::open(Engine::Sqlite).await.unwrap();
    let mut tx = db.begin().await;
    a_table(&mut tx).await;
    tx.commit().await.unwrap();
    db.store().close().await;
    let file = db.url().strip_prefix("sqlite://").unwrap();
    let forgetful = SqliteConnectOptions::new().filename(file).pragma("secure_delete", "off");
    let mut conn = forgetful.connect().await.unwrap();
    for forget in ["edits", "import_rows", "imports", "proposals"] {
        let forget = AssertSqlSafe(format!("delete from {forget}"));
        sqlx::raw_sql(forget).execute(&mut conn).await.unwrap();
    }
    conn.close().await.unwrap();
    assert_eq!(files_with(&db, NAME), ["tablee.db"]);

    let store = crate::Store::connect(db.url()).await.unwrap();
    store.scrub().await.unwrap();

    assert_eq!(files_with(&db, NAME), Vec::<String>::new());
    store.close().await;
    db.remove().await;
}

#[tokio::test]
async fn a_scrub_says_when_somebody_still_reads_what_was() {
    let db = TestDb::open(Engine::Sqlite).await.unwrap();
    let mut tx = db.begin().await;
    let table = a_table(&mut tx).await;
    tx.commit().await.unwrap();
    let mut reader = db.read().await;
    everything(&mut reader).await;
    let mut tx = db.begin().await;
    redact(&mut tx, table, &words(NAME)).await.unwrap();
    tx.commit().await.unwrap();

    let hindered = db.store().scrub().await;
    drop(reader);
    let freed = db.store().scrub().await;

    assert!(matches!(hindered, Err(StoreError::Unavailable(_))), "{hindered:?}");
    assert_eq!(freed, Ok(()));
    assert_eq!(files_with(&db, NAME), Vec::<String>::new());
    db.remove().await;
}

/// In which tables' files a text stands.
async fn tables_with(db: &TestDb, text: &str) -> Vec<String> {
    const FILE: &str = "select pg_read_binary_file(pg_relation_filepath($1::regclass))";

    let mut conn = PgConnection::connect(db.url()).await.unwrap();
    sqlx::raw_sql("checkpoint").execute(&mut conn).await.unwrap();
    let wanted = text.to_lowercase().into_bytes();
    let mut found = Vec::new();
    for table in ["edits", "import_rows", "imports", "proposals", "revisions"] {
        let bytes: Vec<u8> =
            sqlx::query_scalar(FILE).bind(table).fetch_one(&mut conn).await.unwrap();
        let bytes = bytes.to_ascii_lowercase();
        if bytes.windows(wanted.len()).any(|window| window == wanted) {
            found.push(table.to_owned());
        }
    }
    conn.close().await.unwrap();
    found
}

#[tokio::test]
async fn nothing_of_the_words_is_left_in_the_tables_of_postgres() {
    let Some(db) = TestDb::open(Engine::Postgres).await else { return };
    let mut tx = db.begin().await;
    let table = a_table(&mut tx).await;
    let (actor, origin) = (None, Origin::Program);
    let entry = LogEntry { actor, origin, at: NOON, update: NAME.as_bytes() };
    revisions::append(&mut tx, table, FIRST, Revision(0), &[entry]).await.unwrap();
    tx.commit().await.unwrap();
    let all = ["edits", "import_rows", "imports", "proposals", "revisions"];
    assert_eq!(tables_with(&db, NAME).await, all);

    let mut tx = db.begin().await;
    let next = tables::start_epoch(&mut tx, table, FIRST).await.unwrap();
    redact(&mut tx, table, &words(NAME)).await.unwrap();
    revisions::drop_epochs_before(&mut tx, table, next).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(tables_with(&db, NAME).await, all, "deleting is not enough");
    db.store().scrub().await.unwrap();

    assert_eq!(tables_with(&db, NAME).await, Vec::<String>::new());
    assert_eq!(tables_with(&db, "Eau douce").await, ["edits"], "what stays is found");
    db.remove().await;
}
