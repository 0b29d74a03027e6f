//! A plan becomes rows: through the room, in batches, and remembered for the next file.
//!
//! Before the first row is written, the identifiers of all are fixed and kept. So a second run after a stop
//! knows what the first one did: what history names for this import is there, and is left alone, whatever
//! people made of it since.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tablee_document::Writing;
use tablee_document::layout::DELETED;
use tablee_domain::ids::{ImportId, PersonId, PlanId, RowId};
use tablee_domain::import::{
    AddedRow, CellChange, Conflict, ConflictWhy, Decisions, ImportPlan, MatchedRow, Report, Work,
};
use tablee_domain::people::{Actor, Role};
use tablee_domain::table::{Column, Origin, Plain, order};
use tablee_live::protocol::Notice;
use tablee_live::{RoomError, RoomHandle};
use tablee_storage::import_mappings::Mapping;
use tablee_storage::import_plans::{Fixed, PlanRecord, State};
use tablee_storage::imports::ImportedRow;
use tablee_storage::{history, import_mappings, import_plans, imports, people, tables};

use super::{ImportError, Importer, Progress, Stale, fresh_row, kept};

/// Rows in one transaction where nobody has the table open.
const BATCH: usize = 200;
/// Rows in one transaction where somebody has: tabs see a large import arrive, and nobody waits long behind it.
const BATCH_AMONG_PEOPLE: usize = 20;
/// How long an import then waits before it goes on: each tab has to take in what came, between what people type.
const BREATH: Duration = Duration::from_millis(50);
/// Rows after which the database is told how far an import is.
const TOLD_EVERY: usize = 200;

/// The key of the sentence that everybody is told.
const IMPORTED: &str = "imported";

/// A new row's identifier and place in the table, fixed before it is written.
type Place = (RowId, String);

impl Importer {
    /// Applies a plan as it was seen at `version`, in the background: [`Importer::wait_for`] resolves when all
    /// of it is in the table.
    pub async fn begin(
        &self,
        by: Actor,
        id: &PlanId,
        version: i64,
    ) -> Result<ImportId, ImportError> {
        let record = self.planned_at(id, version).await?;
        if let Some(stale) = self.is_stale(&record).await? {
            return Err(ImportError::Stale(stale));
        }
        let (plan, decisions) = self.planned(&record).await?.ok_or(ImportError::UnknownPlan)?;
        let of = (Arc::clone(&plan), Arc::clone(&decisions));
        let work = tokio::task::spawn_blocking(move || of.0.decided(&of.1)).await?;
        let visible = self.0.rooms.values(&self.table_of(&record).await?).await?;
        let last = visible.values.rows.iter().map(|row| row.order.as_str()).max();
        let orders = order::keys_after(last, work.add.len());
        let places: Vec<Place> =
            orders.into_iter().map(|order| (fresh_row(&*self.0.chance), order)).collect();
        let total = (work.add.len() + work.change.len()) as i64;
        let fixed = (kept::to_json(&places), total);
        let import = self.fix(by, &record, fixed).await?;
        // It has another version now, and is the same: whoever applies it does not read it anew.
        self.0.shelf.put(id, version + 1, plan, decisions);
        tracing::info!(import.id = %import, import.plan = %id, rows = total,
            "`{}` is being imported", record.file_name);
        self.work_on(id.clone());
        Ok(import)
    }

    /// Fixes what will be written, so that whoever goes on writes the same.
    async fn fix(
        &self,
        by: Actor,
        record: &PlanRecord,
        (row_ids, total): (String, i64),
    ) -> Result<ImportId, ImportError> {
        let PlanRecord { id, table, version, file_name, sha256, .. } = record;
        let at = self.0.clock.now();
        let mut tx = self.0.store.begin().await?;
        tables::lock(&mut tx, *table).await?;
        // Of two files that bring the same rows, the second is compared with what the first brought.
        let under_way = import_plans::in_state(&mut tx, State::Applying).await?;
        if under_way.iter().any(|it| it.table == *table)
            || history::was_imported_since(&mut tx, *table, record.revision).await?
        {
            tx.rollback().await?;
            let now = self.record(id).await?.ok_or(ImportError::UnknownPlan)?;
            return Err(match now.state {
                State::Planned if now.version == *version => ImportError::Stale(Stale::Imported),
                _ => self.why_not(id).await?,
            });
        }
        let import = imports::begin(&mut tx, *table, file_name, sha256, by.person(), at).await?;
        let fixed = Fixed { import, row_ids: &row_ids, total };
        if !import_plans::begin_applying(&mut tx, id, *version, fixed, at).await? {
            tx.rollback().await?;
            return Err(self.why_not(id).await?);
        }
        // Whoever sees it in the database can wait for it.
        self.0.under_way.begin(id, Progress { state: State::Applying, done: 0, total });
        if let Err(error) = tx.commit().await {
            // It may have begun all the same.
            let now = self.record(id).await;
            if !matches!(now, Ok(Some(now)) if now.import == Some(import)) {
                self.0.under_way.end(id, None);
                return Err(error.into());
            }
        }
        Ok(import)
    }

    /// Writes what is not written yet, and ends the import.
    pub(super) async fn apply(&self, record: &PlanRecord) -> Result<(), ImportError> {
        let id = &record.id;
        let corrupt = |column| kept::corrupt(id, column);
        let import = record.import.ok_or_else(|| corrupt("import_id"))?;
        let (plan, decisions) = self.planned(record).await?.ok_or_else(|| corrupt("plan"))?;
        let mut tx = self.0.store.read().await?;
        let places = import_plans::row_ids(&mut tx, id).await?;
        let begun = imports::find(&mut tx, import).await?.ok_or_else(|| corrupt("import_id"))?;
        let written = history::places_of_import(&mut tx, import).await?;
        drop(tx);
        let places = places.ok_or_else(|| corrupt("row_ids"))?;
        let places: Vec<Place> = kept::from_json(id, "row_ids", &places)?;
        let of = (Arc::clone(&plan), Arc::clone(&decisions));
        let work = Arc::new(tokio::task::spawn_blocking(move || of.0.decided(&of.1)).await?);
        let job = Job {
            importer: self,
            record,
            table: self.table_of(record).await?,
            by: begun.actor,
            import,
            places,
            written,
        };
        let mut moved = job.add(&work).await?;
        moved.extend(job.change(&work).await?);
        let done = Done { plan, decisions, work, moved };
        if job.finish(&done).await? {
            job.tell(&done).await;
        }
        Ok(())
    }
}

/// An import that is being applied.
struct Job<'i> {
    importer: &'i Importer,
    record: &'i PlanRecord,
    table: String,
    by: Option<PersonId>,
    import: ImportId,
    places: Vec<Place>,
    /// What an earlier run wrote: row and key, an empty key for a row that was made.
    written: HashSet<(RowId, String)>,
}

/// All of it is in the table.
struct Done {
    plan: Arc<ImportPlan>,
    decisions: Arc<Decisions>,
    work: Arc<Work>,
    moved: Vec<Conflict>,
}

/// What stays of an import once all of it is in the table.
#[derive(Serialize)]
struct Told<'r> {
    #[serde(flatten)]
    plan: Value,
    report: &'r Report,
}

impl Job<'_> {
    /// Adds the columns, then the new rows, in the places that were fixed for them. Gives the cells that nobody
    /// sees: somebody retired their columns meanwhile, or gave their place to one of another kind.
    async fn add(&self, work: &Work) -> Result<Vec<Conflict>, ImportError> {
        let slots = work.slots();
        let mut unseen = Vec::new();
        let rows: Vec<(&AddedRow, &Place)> =
            work.add.iter().map(Arc::as_ref).zip(&self.places).collect();
        let mut done = 0;
        let mut columns = work.columns.clone();
        while done < rows.len() || !columns.is_empty() {
            let batch = &rows[done..rows.len().min(done + self.batch().await?)];
            let is_there = |row: &RowId| self.written.contains(&(row.clone(), String::new()));
            let fresh = batch.iter().filter(|(_, (id, _))| !is_there(id));
            let fresh: Vec<(RowId, String, Vec<Plain>)> = fresh
                .map(|(row, (id, order))| (id.clone(), order.clone(), base(row, &slots)))
                .collect();
            let columns = std::mem::take(&mut columns);
            if !(fresh.is_empty() && columns.is_empty()) {
                let slots = slots.clone();
                let write = move |writing: &mut Writing<'_>| {
                    add_missing(writing, &columns);
                    let retired = |key: &&String| is_retired(writing, key);
                    let retired: HashSet<String> = slots.iter().filter(retired).cloned().collect();
                    if fresh.is_empty() {
                        return (HashSet::new(), retired);
                    }
                    let number = writing.add_slots(&slots);
                    let mut added = HashSet::new();
                    for (id, order, base) in fresh {
                        writing.add_row(&id, &order, Some((number, base)), BTreeMap::new());
                        added.insert(id);
                    }
                    (added, retired)
                };
                let (added, retired) = self.write(write).await?;
                let added = batch.iter().filter(|(_, (id, _))| added.contains(id));
                unseen.extend(added.flat_map(|(row, (id, _))| unseen_cells(row, id, &retired)));
            }
            self.progress(done, batch.len()).await;
            done += batch.len();
        }
        Ok(unseen)
    }

    /// Changes cells that still stand as the plan saw them; gives those that do not.
    async fn change(&self, work: &Work) -> Result<Vec<Conflict>, ImportError> {
        let mut moved = Vec::new();
        let mut done = 0;
        while done < work.change.len() {
            let batch = &work.change[done..work.change.len().min(done + self.batch().await?)];
            let of_row = |row: &MatchedRow| {
                let is_fresh = |cell: &&CellChange| {
                    !self.written.contains(&(row.row.clone(), cell.key.clone()))
                };
                (row.row.clone(), row.cells.iter().filter(is_fresh).cloned().collect())
            };
            let changes: Vec<(RowId, Vec<CellChange>)> = batch.iter().map(of_row).collect();
            if changes.iter().any(|(_, cells)| !cells.is_empty()) {
                let write = move |writing: &mut Writing<'_>| {
                    let rows = changes.into_iter().map(|(row, cells)| {
                        cells.iter().filter_map(|cell| change(writing, &row, cell)).collect()
                    });
                    rows.collect::<Vec<Vec<(CellChange, ConflictWhy)>>>()
                };
                let stayed = self.write(write).await?;
                for (row, cells) in batch.iter().zip(stayed) {
                    moved.extend(cells.into_iter().map(|(cell, why)| Conflict {
                        sheet: row.source.sheet.clone(),
                        file_row: row.source.row,
                        row: row.row.clone(),
                        cell,
                        why,
                    }));
                }
            }
            self.progress(work.add.len() + done, batch.len()).await;
            done += batch.len();
        }
        Ok(moved)
    }

    /// One transaction of the room, in the name of the import.
    async fn write<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writing<'_>) -> R + Send + 'static,
    ) -> Result<R, ImportError> {
        // Whoever began it could; their role may have ended since.
        let by = self.by.map_or(Actor::Program, |person| Actor::Person(person, Role::Pilot));
        let room = self.room().await?;
        let (result, _) = room.write(by, Origin::Import(self.import), work).await?;
        // Whoever edits has their turn between two batches.
        if room.has_peers() {
            tokio::time::sleep(BREATH).await;
        } else {
            tokio::task::yield_now().await;
        }
        Ok(result)
    }

    /// How many rows the next transaction takes.
    async fn batch(&self) -> Result<usize, ImportError> {
        let room = self.importer.0.rooms.open(&self.table).await?;
        Ok(if room.has_peers() { BATCH_AMONG_PEOPLE } else { BATCH })
    }

    /// The room, as long as the plan is being applied. An erasure closes the room and stops the plan in one
    /// transaction: so nothing is written through this room that must not come back.
    async fn room(&self) -> Result<RoomHandle, ImportError> {
        let room = self.importer.0.rooms.open(&self.table).await?;
        let now = self.importer.record(&self.record.id).await?;
        match now {
            Some(now) if now.state == State::Applying => Ok(room),
            // Read again by whoever called, who finds that there is nothing to do.
            _ => Err(RoomError::Closed.into()),
        }
    }

    /// Tells that so many rows more are written. What is kept of it only serves to be looked at.
    async fn progress(&self, before: usize, rows: usize) {
        let (id, now) = (&self.record.id, before + rows);
        let (done, total) = (now as i64, self.record.total);
        self.importer.0.under_way.tell(id, Progress { state: State::Applying, done, total });
        // A transaction for each of the small batches would hold up whoever edits as much as the batch.
        let is_small = rows == BATCH_AMONG_PEOPLE;
        if is_small && before / TOLD_EVERY == now / TOLD_EVERY && done < total {
            return;
        }
        let keep = async {
            let mut tx = self.importer.0.store.begin().await?;
            import_plans::progress(&mut tx, id, done).await?;
            tx.commit().await
        };
        if let Err(error) = keep.await {
            tracing::debug!(import.plan = %id, %error, "the progress of an import was not kept");
        }
    }

    /// Remembers what the file said, under the table's lock: an erasure either stopped the plan before, and
    /// then nothing of it is kept, or it finds all of it afterwards.
    async fn finish(&self, done: &Done) -> Result<bool, ImportError> {
        let (id, at) = (&self.record.id, self.importer.0.clock.now());
        let (rows, report) = self.to_keep(done).await?;
        let mut tx = self.importer.0.store.begin().await?;
        tables::lock(&mut tx, self.record.table).await?;
        if !import_plans::finish(&mut tx, id, at).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        imports::remember_rows(&mut tx, self.record.table, self.import, &rows).await?;
        imports::finish(&mut tx, self.import, &report).await?;
        for sheet in done.plan.sheets.iter().filter(|it| it.take && !it.fingerprint.is_empty()) {
            let decided = done.decisions.remembered_for(sheet);
            let fingerprint = sheet.fingerprint.clone();
            if decided == tablee_domain::import::SheetDecisions::default() {
                import_mappings::forget(&mut tx, self.record.table, &fingerprint).await?;
            } else {
                let mapping = Mapping { fingerprint, decisions: kept::to_json(&decided) };
                import_mappings::remember(&mut tx, self.record.table, &mapping, at).await?;
            }
        }
        tx.commit().await?;
        self.importer.0.shelf.forget(id);
        let written = done.work.add.len() + done.work.change.len();
        tracing::info!(import.id = %self.import, rows = written, moved = done.moved.len(),
            complaints = done.plan.complaints.len(), "`{}` was imported", self.record.file_name);
        Ok(true)
    }

    /// What is remembered of each line, and the report: away from the threads that serve people.
    async fn to_keep(&self, done: &Done) -> Result<(Vec<ImportedRow>, String), ImportError> {
        let plan = Arc::clone(&done.plan);
        let (work, moved) = (Arc::clone(&done.work), done.moved.clone());
        let ids: Vec<RowId> = self.places.iter().map(|(id, _)| id.clone()).collect();
        let (import, file) = (self.import, self.record.file_name.clone());
        let keeping = tokio::task::spawn_blocking(move || {
            let rows = work.remembered(&ids).map(|(source, row)| ImportedRow {
                match_key: source.match_key.clone(),
                row: row.clone(),
                words: kept::to_json(&source.memory),
            });
            let rows: Vec<ImportedRow> = rows.collect();
            let report = Report::of_work(&plan, &work, &file, Some(import), &ids, &moved);
            let mut told = plan.to_json(Some(import));
            told["added"] = work.add.len().into();
            told["changed"] = work.change.len().into();
            // Written out as it is: a large report as a tree of values would be many times its size.
            (rows, kept::to_json(&Told { plan: told, report: &report }))
        });
        Ok(keeping.await?)
    }

    /// Tells everybody who has the table open.
    async fn tell(&self, done: &Done) {
        let values = done.work.add.iter().flat_map(|row| &row.values);
        let added = values.filter(|(_, value)| !value.is_empty()).count();
        let changed: usize = done.work.change.iter().map(|row| row.cells.len()).sum();
        let cells = added + changed - done.moved.len();
        if cells == 0 {
            return;
        }
        let notice = Notice {
            key: IMPORTED.to_owned(),
            by: self.name().await.unwrap_or_default(),
            cells: Some(cells),
            at: Some(self.importer.0.clock.now()),
            ..Notice::default()
        };
        // A room that closed meanwhile has nobody to tell.
        if let Ok(room) = self.importer.0.rooms.open(&self.table).await {
            let _ = room.announce(notice).await;
        }
    }

    async fn name(&self) -> Result<Option<String>, ImportError> {
        let Some(person) = self.by else { return Ok(None) };
        let found = people::find(&mut self.importer.0.store.read().await?, person).await?;
        Ok(found.map(|person| person.name))
    }
}

/// Adds the columns that are not there. One that an earlier run added may have been renamed since.
fn add_missing(writing: &mut Writing<'_>, columns: &[Column]) {
    let there = writing.columns();
    let missing = columns.iter().filter(|column| there.get(column.id.as_str()).is_none());
    let missing: Vec<Column> = missing.cloned().collect();
    if !missing.is_empty() {
        writing.add_columns(&missing);
    }
}

/// Whether nobody sees what is written under a key.
fn is_retired(writing: &Writing<'_>, key: &str) -> bool {
    let column = key.split(['/', '~']).next().unwrap_or(key);
    writing.columns().get(column).is_none_or(|column| column.archived)
}

/// What the file says itself in cells of a new row that nobody sees.
fn unseen_cells(row: &AddedRow, id: &RowId, retired: &HashSet<String>) -> Vec<Conflict> {
    let said = row.values.iter().filter(|(key, value)| {
        retired.contains(key) && !value.is_empty() && !row.source.memory.in_passing.contains(key)
    });
    let unseen = said.map(|(key, value)| Conflict {
        sheet: row.source.sheet.clone(),
        file_row: row.source.row,
        row: id.clone(),
        cell: CellChange { key: key.clone(), old: Plain::Null, new: value.clone() },
        why: ConflictWhy::Moved,
    });
    unseen.collect()
}

/// The values of a row in the order of the slots.
fn base(row: &AddedRow, slots: &[String]) -> Vec<Plain> {
    let values: BTreeMap<&str, &Plain> =
        row.values.iter().map(|(key, value)| (key.as_str(), value)).collect();
    slots
        .iter()
        .map(|slot| values.get(slot.as_str()).copied().cloned().unwrap_or_default())
        .collect()
}

/// Changes a cell, or gives it back with what stands there now, and why it stays.
fn change(
    writing: &mut Writing<'_>,
    row: &RowId,
    cell: &CellChange,
) -> Option<(CellChange, ConflictWhy)> {
    let same = |one: &Plain, other: &Plain| one == other || one.is_empty() && other.is_empty();
    let now = writing.cell(row, &cell.key);
    if same(&now, &cell.new) {
        return None;
    }
    let in_bin = !writing.cell(row, DELETED).is_empty();
    let stays = |why| Some((CellChange { old: now.clone(), ..cell.clone() }, why));
    if in_bin {
        stays(ConflictWhy::InBin)
    } else if is_retired(writing, &cell.key)
        || !same(&now, &cell.old)
        || !writing.set(row, &cell.key, cell.new.clone())
    {
        stays(ConflictWhy::Moved)
    } else {
        None
    }
}
