//! Imports in one go: what a file would do without keeping anything, and doing it at once.

use sha2::{Digest, Sha256};
use tablee_domain::ids::ImportId;
use tablee_domain::import::grid::RawBook;
use tablee_domain::import::{self, Conflict, ConflictWhy, Decisions, ImportPlan, ReportLine};
use tablee_domain::people::Actor;
use tablee_domain::table::TableValues;
use tablee_exchange::FileError;
use tablee_storage::import_plans::{PlanRecord, State};
use tablee_storage::tables;

use super::planning::Before;
use super::{Failure, ImportError, Importer, SourceFile, child};

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// The number of the import; history and undo name it.
    pub import: ImportId,
    /// What was done. Cells that moved since the plan was made stand among its conflicts.
    pub plan: ImportPlan,
}

/// How often a plan is made for a table that changes meanwhile.
const TRIES: u32 = 3;

impl Importer {
    /// What stands in a file, read in a process of its own. Nothing is kept.
    pub async fn book_of(&self, file: &SourceFile) -> Result<RawBook, FileError> {
        child::read_in_child(&self.0.program, &file.bytes).await
    }

    /// What the file would do to these values. Nothing is written, and nothing is kept.
    pub async fn look(
        &self,
        table: &str,
        file: &SourceFile,
        existing: TableValues,
    ) -> Result<ImportPlan, ImportError> {
        let book = child::read_in_child(&self.0.program, &file.bytes).await?;
        let found = tables::find(&mut self.0.store.read().await?, table).await?;
        let before = match found {
            Some(found) => self.before(found.id).await?,
            None => Before::nothing(),
        };
        let planning = tokio::task::spawn_blocking(move || {
            import::plan(before.question(&book, &existing, &Decisions::default()))
        });
        Ok(planning.await?)
    }

    /// Imports a file as it is proposed. When this returns, all of it is durable and visible.
    ///
    /// Where an earlier run of the program was cut off in the middle of the same file, it is brought to its end.
    pub async fn import_at_once(
        &self,
        by: Actor,
        table: &str,
        file: SourceFile,
    ) -> Result<Applied, ImportError> {
        let (id, mut plan) = match self.begun_before(by, table, &file).await? {
            Some(record) => {
                // Once all of it is in the table, the plan is not kept any more.
                let plan = self.planned(&record).await?.map(|(plan, _)| plan);
                self.take_up(&record);
                (record.id, plan)
            }
            None => (self.submit(by, table, file).await?, None),
        };
        let mut tries = 0;
        loop {
            let record = self.wait_for(&id).await?.ok_or(ImportError::UnknownPlan)?;
            if record.state != State::Planned {
                return self.applied(&record, plan.as_deref()).await;
            }
            plan = self.planned(&record).await?.map(|(plan, _)| plan);
            tries += 1;
            match self.begin(by, &id, record.version).await {
                Err(ImportError::Stale(_) | ImportError::Moved { .. }) if tries < TRIES => {
                    // Another import may be on its way into the table.
                    self.until_quiet().await?;
                    self.replan(&id).await?;
                }
                begun => drop(begun?),
            }
        }
    }

    /// Resolves when nothing is under way.
    pub async fn until_quiet(&self) -> Result<(), ImportError> {
        while let Some(id) = self.0.under_way.any() {
            self.wait_for(&id).await?;
        }
        Ok(())
    }

    /// What became of a plan.
    async fn applied(
        &self,
        record: &PlanRecord,
        plan: Option<&ImportPlan>,
    ) -> Result<Applied, ImportError> {
        let import = record.import.filter(|_| record.state == State::Applied);
        let (Some(import), Some(plan)) = (import, plan) else {
            let error = record.error.as_deref();
            return Err(match error.and_then(|error| serde_json::from_str(error).ok()) {
                Some(Failure::File(error)) => error.into(),
                _ => ImportError::NotPlanned { state: record.state },
            });
        };
        let mut plan = plan.clone();
        let report = self.report(import).await?.unwrap_or_default();
        plan.conflicts.extend(report.lines.iter().flat_map(moved));
        Ok(Applied { import, plan })
    }

    /// A plan of the same file by the same person that is not at its end yet.
    async fn begun_before(
        &self,
        by: Actor,
        table: &str,
        file: &SourceFile,
    ) -> Result<Option<PlanRecord>, ImportError> {
        const LOOKED_AT: u32 = 100;
        let sha256 = Sha256::digest(&file.bytes);
        let open = [State::Reading, State::Planned, State::Applying];
        let plans = self.plans(table, LOOKED_AT).await?;
        Ok(plans.into_iter().find(|record| {
            record.actor == by.person()
                && record.sha256 == sha256[..]
                && open.contains(&record.state)
        }))
    }
}

/// The cells of a row that moved after the plan was made.
fn moved(line: &ReportLine) -> impl Iterator<Item = Conflict> + '_ {
    let moved = line.conflicts.iter().filter(|it| it.why == ConflictWhy::Moved);
    moved.filter_map(|it| {
        Some(Conflict {
            sheet: line.line.sheet.clone(),
            file_row: line.line.row,
            row: line.row.clone()?,
            cell: it.cell.clone(),
            why: it.why,
        })
    })
}
