//! A plan as people see it, and what they decide about it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use tablee_domain::ids::{ImportId, PlanId};
use tablee_domain::import::{Decisions, ImportPlan, Is, Line, Report};
use tablee_live::Visible;
use tablee_storage::import_plans::{self, PlanRecord, State};
use tablee_storage::{history, imports, tables};

use super::{Failure, ImportError, Importer, kept};

/// How long a plan may wait for somebody.
const FRESH_FOR: i64 = 7 * 24 * 60 * 60 * 1000;
/// Plans that are kept in memory as they are: those that somebody looks at.
const SHELVED: usize = 4;
/// Rows of all of them: some kilobytes each.
const ROWS_SHELVED: usize = 10_000;

/// A plan, and all that a person needs to decide.
#[derive(Debug, Clone)]
pub struct PlanView {
    /// How far it is. While it is applied, with what is done so far.
    pub record: PlanRecord,
    /// What it would do; none before it was read, and after it was applied.
    pub plan: Option<Arc<ImportPlan>>,
    /// What was decided.
    pub decisions: Arc<Decisions>,
    /// Why it cannot be applied as it is.
    pub stale: Option<Stale>,
    /// Why it is refused or stopped.
    pub failure: Option<Failure>,
}

/// Why a plan has to be made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// It waits since more than seven days.
    Old,
    /// The columns of the table are others now.
    Columns,
    /// The table began a new life.
    Epoch,
    /// Another import wrote to the table: it may have brought the same rows.
    Imported,
}

/// A decision that was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decided {
    /// The version of the plan now.
    pub version: i64,
    /// The plan was made anew.
    pub planned_anew: bool,
}

impl Importer {
    /// A plan as it is now; none where there is no such plan.
    pub async fn view(&self, id: &PlanId) -> Result<Option<Arc<PlanView>>, ImportError> {
        let Some(record) = self.how_far(id).await? else { return Ok(None) };
        let error = record.error.as_deref();
        let failure = error.map(|error| kept::from_json(id, "error", error)).transpose()?;
        let (mut plan, mut decisions, mut stale) = (None, Arc::default(), None);
        if matches!(record.state, State::Planned | State::Applying)
            && let Some((found, decided)) = self.planned(&record).await?
        {
            (plan, decisions) = (Some(found), decided);
        }
        if record.state == State::Planned {
            stale = self.is_stale(&record).await?;
        }
        Ok(Some(Arc::new(PlanView { record, plan, decisions, stale, failure })))
    }

    /// How far a plan is, without the plan itself; none where there is no such plan.
    pub async fn how_far(&self, id: &PlanId) -> Result<Option<PlanRecord>, ImportError> {
        let Some(mut record) = self.record(id).await? else {
            self.0.shelf.forget(id);
            return Ok(None);
        };
        if let Some(progress) = self.progress(id).map(|progress| *progress.borrow())
            && record.state == State::Applying
        {
            (record.done, record.total) = (progress.done, progress.total);
        }
        Ok(Some(record))
    }

    /// The plans of a table, newest first.
    pub async fn plans(&self, table: &str, limit: u32) -> Result<Vec<PlanRecord>, ImportError> {
        let mut tx = self.0.store.read().await?;
        let Some(found) = tables::find(&mut tx, table).await? else { return Ok(Vec::new()) };
        Ok(import_plans::of_table(&mut tx, found.id, limit).await?)
    }

    /// What an import did, row by row; none where it did not come to its end, or was made before there were
    /// such reports.
    pub async fn report(&self, import: ImportId) -> Result<Option<Report>, ImportError> {
        let found = imports::find(&mut self.0.store.read().await?, import).await?;
        let Some(json) = found.and_then(|import| import.report) else { return Ok(None) };
        let parsed: Option<serde_json::Value> = serde_json::from_str(&json).ok();
        let report =
            parsed.and_then(|mut json| json.get_mut("report").map(serde_json::Value::take));
        Ok(report.and_then(|report| serde_json::from_value(report).ok()))
    }

    /// Keeps what somebody decided who saw version `version`. Where the decision changes what the rows of the
    /// file are, the plan is made anew.
    pub async fn decide(
        &self,
        id: &PlanId,
        version: i64,
        decisions: Decisions,
    ) -> Result<Decided, ImportError> {
        let record = self.planned_at(id, version).await?;
        let (plan, before) = self.planned(&record).await?.ok_or(ImportError::UnknownPlan)?;
        if changes_the_plan(&before, &decisions) {
            let version = self.replan_as(&record, decisions).await?;
            return Ok(Decided { version, planned_anew: true });
        }
        let json = kept::to_json(&decisions);
        let mut tx = self.0.store.begin().await?;
        let at = self.0.clock.now();
        let kept = import_plans::decide(&mut tx, id, version, &json, at).await?;
        tx.commit().await?;
        if !kept {
            return Err(self.why_not(id).await?);
        }
        self.0.shelf.put(id, version + 1, plan, Arc::new(decisions));
        Ok(Decided { version: version + 1, planned_anew: false })
    }

    /// Makes a plan anew for the table as it is now. Decisions that still fit are kept.
    pub async fn replan(&self, id: &PlanId) -> Result<Decided, ImportError> {
        let record = self.record(id).await?.ok_or(ImportError::UnknownPlan)?;
        if record.state != State::Planned {
            return Err(ImportError::NotPlanned { state: record.state });
        }
        let decisions = kept::from_json(id, "decisions", &record.decisions)?;
        let version = self.replan_as(&record, decisions).await?;
        Ok(Decided { version, planned_anew: true })
    }

    /// Puts a plan away that nobody wants.
    pub async fn abandon(&self, id: &PlanId) -> Result<(), ImportError> {
        let mut tx = self.0.store.begin().await?;
        let gone = import_plans::abandon(&mut tx, id, self.0.clock.now()).await?;
        tx.commit().await?;
        self.0.shelf.forget(id);
        if gone { Ok(()) } else { Err(self.why_not(id).await?) }
    }

    /// The plan, if it is still the one that somebody saw.
    pub(super) async fn planned_at(
        &self,
        id: &PlanId,
        version: i64,
    ) -> Result<PlanRecord, ImportError> {
        let record = self.record(id).await?.ok_or(ImportError::UnknownPlan)?;
        if record.state != State::Planned {
            return Err(ImportError::NotPlanned { state: record.state });
        }
        if record.version != version {
            return Err(ImportError::Moved { version: record.version });
        }
        Ok(record)
    }

    /// Why a step was not taken that was possible a moment ago.
    pub(super) async fn why_not(&self, id: &PlanId) -> Result<ImportError, ImportError> {
        Ok(match self.record(id).await? {
            None => ImportError::UnknownPlan,
            Some(record) if record.state == State::Planned => {
                ImportError::Moved { version: record.version }
            }
            Some(record) => ImportError::NotPlanned { state: record.state },
        })
    }

    /// The plan and the decisions of this version, from memory where they are there.
    pub(super) async fn planned(
        &self,
        record: &PlanRecord,
    ) -> Result<Option<(Arc<ImportPlan>, Arc<Decisions>)>, ImportError> {
        let id = &record.id;
        if let Some(found) = self.0.shelf.get(id, record.version) {
            return Ok(Some(found));
        }
        let packed = import_plans::plan(&mut self.0.store.read().await?, id).await?;
        let Some(packed) = packed else { return Ok(None) };
        let of = id.clone();
        let plan: ImportPlan =
            tokio::task::spawn_blocking(move || kept::unpack(&of, "plan", &packed)).await??;
        let decisions: Decisions = kept::from_json(id, "decisions", &record.decisions)?;
        let (plan, decisions) = (Arc::new(plan), Arc::new(decisions));
        self.0.shelf.put(id, record.version, Arc::clone(&plan), Arc::clone(&decisions));
        Ok(Some((plan, decisions)))
    }

    /// Why a plan cannot be applied as it is.
    pub(super) async fn is_stale(&self, record: &PlanRecord) -> Result<Option<Stale>, ImportError> {
        let visible = self.0.rooms.values(&self.table_of(record).await?).await?;
        if let Some(stale) = self.stale_beside(record, &visible) {
            return Ok(Some(stale));
        }
        let mut tx = self.0.store.read().await?;
        let came = history::was_imported_since(&mut tx, record.table, record.revision).await?;
        Ok(came.then_some(Stale::Imported))
    }

    fn stale_beside(&self, record: &PlanRecord, visible: &Visible) -> Option<Stale> {
        if visible.epoch != record.epoch {
            Some(Stale::Epoch)
        } else if kept::columns_sha256(&visible.values.columns) != record.columns_sha256 {
            Some(Stale::Columns)
        } else if self.0.clock.now().get() - record.planned_at.get() > FRESH_FOR {
            Some(Stale::Old)
        } else {
            None
        }
    }
}

/// Whether the rows of the file have to be read or matched anew.
fn changes_the_plan(before: &Decisions, after: &Decisions) -> bool {
    fn matches(decisions: &Decisions) -> BTreeMap<&Line, &Is> {
        let lines = decisions.lines.iter();
        lines.filter_map(|(line, it)| it.is.as_ref().map(|is| (line, is))).collect()
    }
    before.sheets != after.sheets
        || before.blanks != after.blanks
        || matches(before) != matches(after)
}

/// A plan of one version, as it was kept.
type Shelved = (i64, Arc<ImportPlan>, Arc<Decisions>);

/// The plans that somebody looks at, so that each page does not read them anew.
#[derive(Default)]
pub(super) struct Shelf(Mutex<(u64, Uses)>);

/// Each with when it was last asked for.
type Uses = HashMap<PlanId, (u64, Shelved)>;

impl Shelf {
    pub fn get(&self, id: &PlanId, version: i64) -> Option<(Arc<ImportPlan>, Arc<Decisions>)> {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.0 += 1;
        let now = shelf.0;
        let (used, (of, plan, decisions)) = shelf.1.get_mut(id)?;
        *used = now;
        (*of == version).then(|| (Arc::clone(plan), Arc::clone(decisions)))
    }

    pub fn put(&self, id: &PlanId, version: i64, plan: Arc<ImportPlan>, decided: Arc<Decisions>) {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.0 += 1;
        let now = shelf.0;
        shelf.1.insert(id.clone(), (now, (version, plan, decided)));
        let rows =
            |uses: &Uses| uses.values().map(|(_, (_, plan, _))| plan.offers()).sum::<usize>();
        // The one that was just asked for stays, however large it is.
        while shelf.1.len() > 1 && (shelf.1.len() > SHELVED || rows(&shelf.1) > ROWS_SHELVED) {
            let oldest = shelf.1.iter().min_by_key(|(_, (used, _))| *used);
            let Some(oldest) = oldest.map(|(id, _)| id.clone()) else { return };
            shelf.1.remove(&oldest);
        }
    }

    pub fn forget(&self, id: &PlanId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.remove(id);
    }
}
