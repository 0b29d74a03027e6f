//! The ordinary import: a file is kept, read in a process of its own, becomes a plan that people decide about,
//! and is written through the room of its table.
//!
//! Nothing is written before somebody said yes to the plan. A cell that moved between the plan and the yes
//! stays and is told. What is under way is in the database at every step: a restart reads files again that
//! were not read to their end ([`planning`]) and goes on where an import was cut off ([`apply`]), so that
//! nothing is ever half done, or done twice.

pub mod apply;
pub mod child;
mod cleaning;
mod error;
mod kept;
mod look;
mod planning;
mod view;
mod watching;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use sha2::{Digest, Sha256};
use tablee_domain::ids::{PersonId, PlanId, RowId};
use tablee_domain::import::RawBook;
use tablee_domain::people::Actor;
use tablee_exchange::read::Excess;
use tablee_exchange::{FileError, Limits};
use tablee_live::{Chance, RoomError, Rooms};
use tablee_storage::import_plans::{self, NewPlan, PlanRecord, State};
use tablee_storage::{Store, tables};
use tokio::sync::{Mutex as Turn, Semaphore, watch};

use crate::app::{SharedChance, SharedClock, Tasks};

pub use error::{Failure, ImportError};
pub use look::Applied;
pub use view::{Decided, PlanView, Stale};
pub use watching::Progress;

use view::Shelf;
use watching::UnderWay;

/// Files that are planned at once; as many are read ([`child`]).
const AT_ONCE: usize = 2;
/// How long to wait before what failed is tried again, at first.
const SOON: Duration = Duration::from_millis(50);
/// How long to wait at most.
const LATER: Duration = Duration::from_secs(30);

/// The way of files into tables.
#[derive(Clone)]
pub struct Importer(Arc<Parts>);

struct Parts {
    store: Store,
    rooms: Rooms,
    clock: SharedClock,
    chance: SharedChance,
    program: PathBuf,
    tasks: Tasks,
    /// Threads that plan.
    hands: Semaphore,
    /// Each person's files are read one after the other.
    turns: Mutex<HashMap<Option<PersonId>, Arc<Turn<()>>>>,
    under_way: UnderWay,
    shelf: Shelf,
}

/// A file from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// As whoever sent it called it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
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
    not_too_large(size)?;
    let bytes = tokio::fs::read(path).await.with_context(unread)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(SourceFile { name, bytes })
}

fn not_too_large(bytes: u64) -> Result<(), FileError> {
    let most = Limits::default().file_bytes;
    if bytes > most { Err(FileError::TooLarge(Excess::File(most))) } else { Ok(()) }
}

impl Importer {
    /// An importer. `program` is this program, which reads files as its own child; `tasks` is what a stop
    /// waits for.
    pub fn new(
        store: Store,
        rooms: Rooms,
        (clock, chance): (SharedClock, SharedChance),
        program: PathBuf,
        tasks: Tasks,
    ) -> Self {
        Self(Arc::new(Parts {
            store,
            rooms,
            clock,
            chance,
            program,
            tasks,
            hands: Semaphore::new(AT_ONCE),
            turns: Mutex::default(),
            under_way: UnderWay::default(),
            shelf: Shelf::default(),
        }))
    }

    /// Keeps a file and has it read and planned in the background. [`Importer::wait_for`] resolves when that is
    /// done.
    pub async fn submit(
        &self,
        by: Actor,
        table: &str,
        file: SourceFile,
    ) -> Result<PlanId, ImportError> {
        not_too_large(file.bytes.len() as u64)?;
        self.keep(by, table, &file, None).await
    }

    /// As [`Importer::submit`], of a file that somebody has read already.
    pub async fn submit_book(
        &self,
        by: Actor,
        table: &str,
        name: &str,
        book: &RawBook,
    ) -> Result<PlanId, ImportError> {
        let bytes = kept::pack(book);
        let file = SourceFile { name: name.to_owned(), bytes: Vec::new() };
        self.keep(by, table, &file, Some(bytes)).await
    }

    async fn keep(
        &self,
        by: Actor,
        table: &str,
        file: &SourceFile,
        book: Option<Vec<u8>>,
    ) -> Result<PlanId, ImportError> {
        let id = PlanId::new(&fresh_id(&*self.0.chance)).expect("16 characters are an identifier");
        let name: String = file.name.chars().filter(|c| !c.is_control()).take(255).collect();
        let sha256 = Sha256::digest(book.as_deref().unwrap_or(&file.bytes));
        let at = self.0.clock.now();
        let mut tx = self.0.store.begin().await?;
        let Some(found) = tables::find(&mut tx, table).await? else {
            return Err(RoomError::UnknownTable(table.to_owned()).into());
        };
        let new = NewPlan {
            id: &id,
            table: found.id,
            actor: by.person(),
            file_name: &name,
            sha256: &sha256,
            upload: &file.bytes,
        };
        import_plans::add(&mut tx, new, at).await?;
        if let Some(book) = book {
            import_plans::set_book(&mut tx, &id, &book, at).await?;
        }
        // Whoever sees it in the database can wait for it.
        self.0.under_way.begin(&id, Progress::at(State::Reading));
        if let Err(error) = tx.commit().await
            // It may be kept all the same.
            && !matches!(self.record(&id).await, Ok(Some(_)))
        {
            self.0.under_way.end(&id, None);
            return Err(error.into());
        }
        tracing::info!(import.plan = %id, table, bytes = file.bytes.len(), "`{name}` is to be read");
        self.work_on(id.clone());
        Ok(id)
    }

    /// How far the work on a plan is; none where nothing is under way.
    pub fn progress(&self, id: &PlanId) -> Option<watch::Receiver<Progress>> {
        self.0.under_way.watch(id)
    }

    /// Resolves when the program does nothing for this plan any more, with what it is then; none where there is
    /// no such plan.
    pub async fn wait_for(&self, id: &PlanId) -> Result<Option<PlanRecord>, ImportError> {
        if let Some(mut progress) = self.progress(id) {
            // An end of the watch is an end of the work, too.
            let _ = progress.wait_for(|now| !now.state.is_under_way()).await;
        }
        self.record(id).await
    }

    /// Takes up what an earlier run of the program left under way. To be called once, at start.
    pub async fn resume_all(&self) -> Result<(), ImportError> {
        self.forget_old_plans().await?;
        let mut tx = self.0.store.read().await?;
        let mut left = import_plans::in_state(&mut tx, State::Reading).await?;
        left.extend(import_plans::in_state(&mut tx, State::Applying).await?);
        drop(tx);
        for record in left {
            tracing::info!(import.plan = %record.id, state = %record.state, "an import is taken up again");
            self.take_up(&record);
        }
        Ok(())
    }

    /// Works on a plan on which nobody does.
    fn take_up(&self, record: &PlanRecord) {
        let (done, total) = (record.done, record.total);
        if self.0.under_way.begin(&record.id, Progress { state: record.state, done, total }) {
            self.work_on(record.id.clone());
        }
    }

    /// Works on a plan in the background until it needs a person, or the program stops.
    fn work_on(&self, id: PlanId) {
        let importer = self.clone();
        self.0.tasks.spawn(async move {
            let tasks = importer.0.tasks.clone();
            let state = tokio::select! {
                biased;
                () = tasks.stopping() => None,
                state = importer.to_its_end(&id) => state,
            };
            importer.0.under_way.end(&id, state);
        });
    }

    /// Tries again as long as the cause may pass: a half import must not stay. Gives the state it ends in.
    async fn to_its_end(&self, id: &PlanId) -> Option<State> {
        let mut patience = SOON;
        loop {
            let error = match self.step(id).await {
                Ok(state) => return state,
                Err(error) => error,
            };
            tracing::warn!(import.plan = %id, %error, "an import was held up");
            if !error.may_pass()
                && let Ok(()) = self.give_up(id, &error).await
            {
                continue;
            }
            tokio::time::sleep(patience).await;
            patience = (patience * 2).min(LATER);
        }
    }

    /// Does what is next for a plan; none where there is no such plan any more.
    async fn step(&self, id: &PlanId) -> Result<Option<State>, ImportError> {
        loop {
            let Some(record) = self.record(id).await? else { return Ok(None) };
            match record.state {
                State::Reading => self.read(&record).await?,
                State::Applying => self.apply(&record).await?,
                other => return Ok(Some(other)),
            }
        }
    }

    /// Ends a plan that cannot go on, and keeps the reason.
    async fn give_up(&self, id: &PlanId, error: &ImportError) -> Result<(), ImportError> {
        let (why, at) = (kept::to_json(&Failure::of(error)), self.0.clock.now());
        let mut tx = self.0.store.begin().await?;
        let ended = import_plans::set_refused(&mut tx, id, &why, at).await?
            || import_plans::stop(&mut tx, id, &why, at).await?;
        tx.commit().await?;
        if ended {
            tracing::info!(import.plan = %id, %error, "an import was given up");
        }
        Ok(())
    }

    async fn record(&self, id: &PlanId) -> Result<Option<PlanRecord>, ImportError> {
        Ok(import_plans::find(&mut self.0.store.read().await?, id).await?)
    }

    /// The name of the table that a plan is for.
    async fn table_of(&self, record: &PlanRecord) -> Result<String, ImportError> {
        let found = tables::of_id(&mut self.0.store.read().await?, record.table).await?;
        let unknown = || RoomError::UnknownTable(record.table.to_string());
        Ok(found.ok_or_else(unknown)?.name)
    }
}

/// 16 characters of a-z0-9, each as likely as the others.
pub(crate) fn fresh_id(chance: &dyn Chance) -> String {
    const LETTERS: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    /// The largest multiple of 36 in a byte: what lies above would favour the first letters.
    const FAIR: u8 = 252;
    let mut id = String::new();
    while id.len() < 16 {
        let mut bytes = [0; 32];
        chance.fill(&mut bytes);
        let fair = bytes.into_iter().filter(|byte| *byte < FAIR);
        id.extend(fair.map(|byte| char::from(LETTERS[usize::from(byte % 36)])).take(16 - id.len()));
    }
    id
}

/// The identifier of a row that nobody has.
fn fresh_row(chance: &dyn Chance) -> RowId {
    RowId::new(&fresh_id(chance)).expect("16 characters of a-z0-9 are an identifier")
}
