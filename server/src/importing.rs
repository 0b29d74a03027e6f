//! The ordinary import: a file is read in a process of its own, becomes a plan, and is written through the
//! room of its table.
//!
//! Nothing is written before somebody said yes to the plan. A cell that moved between the plan and the yes
//! is a conflict and stays. An import that was cut off can be done again: rows that are there are found.

pub mod apply;
pub mod child;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use tablee_domain::import::{self, Decisions, ImportPlan, Memory, Question, Remembered};
use tablee_domain::people::Actor;
use tablee_domain::table::TableValues;
use tablee_exchange::{FileError, Limits};
use tablee_live::{RoomError, Rooms};
use tablee_storage::{Store, StoreError, imports, tables};

use crate::app::{App, SharedChance, SharedClock};

pub use apply::Applied;

/// What imports are made with.
#[derive(Clone)]
pub struct Importer {
    /// Remembers what files said.
    pub store: Store,
    /// The only way to write a table.
    pub rooms: Rooms,
    /// The time.
    pub clock: SharedClock,
    /// Makes the identifiers of rows.
    pub chance: SharedChance,
    /// This program, which reads the file as its own child.
    pub program: PathBuf,
}

/// A file from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// As whoever sent it called it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why there is no plan, or it was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is not read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The table did not take it.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// The database did not answer, or what it remembers cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The planning stopped: a fault of ours, not of the file.
    #[error("the plan could not be made")]
    Planning(#[from] tokio::task::JoinError),
}

/// The program that runs now.
pub fn this_program() -> anyhow::Result<PathBuf> {
    std::env::current_exe().context("the program does not find itself")
}

/// Reads a file of this machine.
pub async fn source_file(path: &Path) -> anyhow::Result<SourceFile> {
    let shown = path.display();
    let unread = || format!("the file `{shown}` cannot be read");
    let size = tokio::fs::metadata(path).await.with_context(unread)?.len();
    let most = Limits::default().file_bytes;
    if size > most {
        let excess = tablee_exchange::read::Excess::File(most);
        return Err(FileError::TooLarge(excess).into());
    }
    let bytes = tokio::fs::read(path).await.with_context(unread)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(SourceFile { name, bytes })
}

/// Imports the first workbook of a new table, as the program.
pub async fn first_import(app: &App, table: &str, path: &Path) -> anyhow::Result<()> {
    let importer = Importer {
        store: app.store.clone(),
        rooms: app.rooms.clone(),
        clock: Arc::clone(&app.clock),
        chance: Arc::clone(&app.chance),
        program: this_program()?,
    };
    let file = source_file(path).await?;
    let visible = app.rooms.values(table).await?;
    let plan = importer.plan(table, &file, &visible.values).await?;
    let applied = importer.apply(Actor::Program, table, &file, plan).await?;
    tracing::info!(import.id = %applied.import, rows = applied.plan.added.len(),
        complaints = applied.plan.complaints.len(), "`{}` was imported", file.name);
    Ok(())
}

impl Importer {
    /// What the file would do to the table. Nothing is written.
    pub async fn plan(
        &self,
        table: &str,
        file: &SourceFile,
        existing: &TableValues,
    ) -> Result<ImportPlan, ImportError> {
        let book = child::read_in_child(&self.program, &file.bytes).await?;
        let (remembered, first_import) = self.remembered(table).await?;
        let existing = existing.clone();
        // Some seconds of work for a large file: not on the threads that serve people.
        let planning = tokio::task::spawn_blocking(move || {
            import::plan(Question {
                book: &book,
                existing: &existing,
                remembered: &remembered,
                first_import,
                decisions: &Decisions::default(),
                recalled: &BTreeMap::new(),
            })
        });
        Ok(planning.await?)
    }

    /// What earlier imports said, and whether there was none that came to its end.
    async fn remembered(&self, table: &str) -> Result<(Vec<Remembered>, bool), StoreError> {
        /// An import that was cut off leaves no report: of so many in a row, one was not.
        const LOOKED_AT: u32 = 100;
        let mut tx = self.store.read().await?;
        let Some(record) = tables::find(&mut tx, table).await? else {
            return Ok((Vec::new(), true));
        };
        let rows = imports::last_rows(&mut tx, record.id).await?;
        let earlier = imports::recent(&mut tx, record.id, LOOKED_AT).await?;
        let is_first = earlier.iter().all(|import| import.report.is_none());
        let remembered = rows.into_iter().map(|row| {
            // A memory that cannot be read is forgotten: its row is found by its title and provider.
            let memory = serde_json::from_str::<Memory>(&row.words).ok()?;
            Some(Remembered { match_key: row.match_key, row: row.row, memory })
        });
        Ok((remembered.flatten().collect(), is_first))
    }
}
