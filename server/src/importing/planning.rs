//! From a file to a plan: read in a child, compared with the table on a thread of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use tablee_domain::ids::{Epoch, PersonId, PlanId, Revision, TableId};
use tablee_domain::import::{
    self, Decisions, ImportPlan, Memory, Question, RawBook, Remembered, SheetDecisions,
};
use tablee_domain::table::TableValues;
use tablee_storage::import_plans::{self, Made, PlanRecord};
use tablee_storage::{StoreError, import_mappings, imports};
use tokio::sync::Mutex as Turn;

use super::{ImportError, Importer, child, kept};

/// A plan that was just made, and as it is kept.
pub(super) struct Fresh {
    pub plan: Arc<ImportPlan>,
    pub decisions: Decisions,
    packed: Vec<u8>,
    json: String,
    epoch: Epoch,
    revision: Revision,
    columns_sha256: Vec<u8>,
}

impl Fresh {
    fn made(&self) -> Made<'_> {
        Made {
            plan: &self.packed,
            decisions: &self.json,
            epoch: self.epoch,
            revision: self.revision,
            columns_sha256: &self.columns_sha256,
        }
    }
}

/// What earlier imports into a table left behind.
#[derive(Default)]
pub(super) struct Before {
    remembered: Vec<Remembered>,
    /// There was none that came to its end.
    is_first: bool,
    recalled: BTreeMap<String, SheetDecisions>,
}

impl Before {
    /// Of a table that nobody has made yet.
    pub fn nothing() -> Self {
        Self { is_first: true, ..Self::default() }
    }

    pub fn question<'a>(
        &'a self,
        book: &'a RawBook,
        existing: &'a TableValues,
        decisions: &'a Decisions,
    ) -> Question<'a> {
        Question {
            book,
            existing,
            remembered: &self.remembered,
            first_import: self.is_first,
            decisions,
            recalled: &self.recalled,
        }
    }
}

impl Importer {
    /// Reads the file of a plan, where that is still to be done, and plans it.
    pub(super) async fn read(&self, record: &PlanRecord) -> Result<(), ImportError> {
        let id = &record.id;
        let turn = self.turn_of(record.actor);
        let _turn = turn.lock().await;
        let book = match self.book(id).await? {
            Some(book) => book,
            None => match self.read_upload(id).await? {
                Some(book) => book,
                None => return Ok(()),
            },
        };
        let fresh = self.plan_anew(record, book, Decisions::default()).await?;
        let mut tx = self.0.store.begin().await?;
        let at = self.0.clock.now();
        let kept = import_plans::set_plan(&mut tx, id, record.version, fresh.made(), at).await?;
        tx.commit().await?;
        if kept {
            let plan = &fresh.plan;
            tracing::info!(import.plan = %id, added = plan.added.len(), changed = plan.changed.len(),
                complaints = plan.complaints.len(), "`{}` is ready to be looked at", record.file_name);
            self.0.shelf.put(id, record.version + 1, fresh.plan, Arc::new(fresh.decisions));
        }
        Ok(())
    }

    /// A person's files are read one after the other, whoever else imports.
    fn turn_of(&self, person: Option<PersonId>) -> Arc<Turn<()>> {
        let mut turns = self.0.turns.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(turns.entry(person).or_default())
    }

    /// Reads the file itself and keeps what it holds; none where nobody waits for it any more.
    async fn read_upload(&self, id: &PlanId) -> Result<Option<Arc<RawBook>>, ImportError> {
        let upload = import_plans::upload(&mut self.0.store.read().await?, id).await?;
        let Some(upload) = upload else { return Ok(None) };
        let book = child::read_in_child(&self.0.program, &upload).await?;
        let (book, packed) = tokio::task::spawn_blocking(move || {
            let packed = kept::pack(&book);
            (book, packed)
        })
        .await?;
        let mut tx = self.0.store.begin().await?;
        let kept = import_plans::set_book(&mut tx, id, &packed, self.0.clock.now()).await?;
        tx.commit().await?;
        Ok(kept.then(|| Arc::new(book)))
    }

    /// What the file of a plan holds, as it is kept.
    pub(super) async fn book(&self, id: &PlanId) -> Result<Option<Arc<RawBook>>, ImportError> {
        let packed = import_plans::book(&mut self.0.store.read().await?, id).await?;
        let Some(packed) = packed else { return Ok(None) };
        let of = id.clone();
        let book =
            tokio::task::spawn_blocking(move || kept::unpack(&of, "book", &packed)).await??;
        Ok(Some(Arc::new(book)))
    }

    /// Plans what the file would do to the table as it is now.
    pub(super) async fn plan_anew(
        &self,
        record: &PlanRecord,
        book: Arc<RawBook>,
        decisions: Decisions,
    ) -> Result<Fresh, ImportError> {
        let visible = self.0.rooms.values(&self.table_of(record).await?).await?;
        let before = self.before(record.table).await?;
        let _hand = self.0.hands.acquire().await.expect("nobody closes it");
        // Some seconds of work for a large file: not on the threads that serve people.
        let planning = tokio::task::spawn_blocking(move || {
            let plan = import::plan(before.question(&book, &visible.values, &decisions));
            Fresh {
                packed: kept::pack(&plan),
                plan: Arc::new(plan),
                json: kept::to_json(&decisions),
                decisions,
                epoch: visible.epoch,
                revision: visible.revision,
                columns_sha256: kept::columns_sha256(&visible.values.columns),
            }
        });
        Ok(planning.await?)
    }

    /// Plans anew and keeps it over version `version`. Gives the next version.
    pub(super) async fn replan_as(
        &self,
        record: &PlanRecord,
        decisions: Decisions,
    ) -> Result<i64, ImportError> {
        let id = &record.id;
        let book = self.book(id).await?.ok_or(ImportError::UnknownPlan)?;
        let fresh = self.plan_anew(record, book, decisions).await?;
        let mut tx = self.0.store.begin().await?;
        let at = self.0.clock.now();
        let kept = import_plans::set_plan(&mut tx, id, record.version, fresh.made(), at).await?;
        tx.commit().await?;
        if !kept {
            return Err(self.why_not(id).await?);
        }
        let version = record.version + 1;
        self.0.shelf.put(id, version, fresh.plan, Arc::new(fresh.decisions));
        Ok(version)
    }

    /// What earlier imports into a table said.
    pub(super) async fn before(&self, table: TableId) -> Result<Before, StoreError> {
        /// An import that was cut off leaves no report: of so many in a row, one was not.
        const LOOKED_AT: u32 = 100;
        let mut tx = self.0.store.read().await?;
        let rows = imports::last_rows(&mut tx, table).await?;
        let earlier = imports::recent(&mut tx, table, LOOKED_AT).await?;
        let mappings = import_mappings::all(&mut tx, table).await?;
        let remembered = rows.into_iter().filter_map(|row| {
            // A memory that cannot be read is forgotten: its row is found by its title and provider.
            let memory = serde_json::from_str::<Memory>(&row.words).ok()?;
            Some(Remembered { match_key: row.match_key, row: row.row, memory })
        });
        let recalled = mappings.into_iter().filter_map(|it| {
            let decisions = serde_json::from_str(&it.decisions).ok()?;
            Some((it.fingerprint, decisions))
        });
        Ok(Before {
            remembered: remembered.collect(),
            is_first: earlier.iter().all(|import| import.report.is_none()),
            recalled: recalled.collect(),
        })
    }
}
