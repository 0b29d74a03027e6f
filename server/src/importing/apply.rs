//! A plan becomes rows: through the room, in batches, and remembered for the next file.

use std::collections::{BTreeMap, VecDeque};

use sha2::{Digest, Sha256};
use tablee_document::Writing;
use tablee_domain::ids::{ImportId, RowId};
use tablee_domain::import::{
    AddedRow, CellChange, Conflict, ConflictWhy, Decisions, ImportPlan, MatchedRow,
};
use tablee_domain::people::Actor;
use tablee_domain::table::{Origin, Plain, order};
use tablee_live::{Chance, RoomHandle};
use tablee_storage::imports::{self, ImportedRow};

use super::{ImportError, Importer, SourceFile};

/// Rows in one transaction: tabs see a large import arrive, and nobody waits long behind it.
const BATCH: usize = 500;

/// What was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// The number of the import; history and undo name it.
    pub import: ImportId,
    /// What was done. Cells that moved since the plan was made stand among its conflicts.
    pub plan: ImportPlan,
}

impl Importer {
    /// Does what the plan says. When this returns, it is durable and visible.
    ///
    /// On an error, what was written stays and can be seen; the same file can be planned and applied again.
    pub async fn apply(
        &self,
        actor: Actor,
        table: &str,
        file: &SourceFile,
        mut plan: ImportPlan,
    ) -> Result<Applied, ImportError> {
        let room = self.rooms.open(table).await?;
        let import = self.begin(&room, actor, file).await?;
        let door = Door { room: &room, actor, origin: Origin::Import(import) };
        let ids: Vec<RowId> = plan.added.iter().map(|_| row_id(&*self.chance)).collect();
        door.add(&plan, &ids).await?;
        let moved = door.change(&plan.changed).await?;
        plan.conflicts.extend(moved);
        self.remember(&room, import, &plan, &ids).await?;
        Ok(Applied { import, plan })
    }

    async fn begin(
        &self,
        room: &RoomHandle,
        actor: Actor,
        file: &SourceFile,
    ) -> Result<ImportId, ImportError> {
        let (sha256, at) = (Sha256::digest(&file.bytes), self.clock.now());
        let name: String = file.name.chars().filter(|c| !c.is_control()).take(255).collect();
        let mut tx = self.store.begin().await?;
        let import =
            imports::begin(&mut tx, room.table(), &name, &sha256, actor.person(), at).await?;
        tx.commit().await?;
        Ok(import)
    }

    async fn remember(
        &self,
        room: &RoomHandle,
        import: ImportId,
        plan: &ImportPlan,
        ids: &[RowId],
    ) -> Result<(), ImportError> {
        let rows = plan.decided(&Decisions::default()).to_remember(ids).into_iter().map(|it| {
            let words = serde_json::to_string(&it.memory).expect("texts and values have a JSON");
            ImportedRow { match_key: it.match_key, row: it.row, words }
        });
        let rows: Vec<ImportedRow> = rows.collect();
        let report = plan.to_json(Some(import)).to_string();
        let mut tx = self.store.begin().await?;
        imports::remember_rows(&mut tx, room.table(), import, &rows).await?;
        imports::finish(&mut tx, import, &report).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The room's door, with whom and why.
struct Door<'r> {
    room: &'r RoomHandle,
    actor: Actor,
    origin: Origin,
}

impl Door<'_> {
    /// Adds the new rows after those that are there.
    async fn add(&self, plan: &ImportPlan, ids: &[RowId]) -> Result<(), ImportError> {
        let visible = self.room.values().await?;
        let last = visible.values.rows.iter().map(|row| row.order.as_str()).max();
        let orders = order::keys_after(last, ids.len());
        let slots = plan.decided(&Decisions::default()).slots();
        let mut rows: VecDeque<NewRow> = plan
            .added
            .iter()
            .zip(ids.iter().zip(orders))
            .map(|(row, (id, order))| NewRow { id: id.clone(), order, base: base(row, &slots) })
            .collect();
        while !rows.is_empty() {
            let batch: Vec<NewRow> = rows.drain(..rows.len().min(BATCH)).collect();
            let slots = slots.clone();
            let write = move |writing: &mut Writing<'_>| {
                let number = writing.add_slots(&slots);
                for row in batch {
                    writing.add_row(&row.id, &row.order, Some((number, row.base)), BTreeMap::new());
                }
            };
            self.room.write(self.actor, self.origin, write).await?;
        }
        Ok(())
    }

    /// Changes cells that still stand as the plan saw them; gives those that do not.
    async fn change(&self, rows: &[MatchedRow]) -> Result<Vec<Conflict>, ImportError> {
        let mut conflicts = Vec::new();
        for batch in rows.chunks(BATCH) {
            let changes: Vec<(RowId, Vec<CellChange>)> =
                batch.iter().map(|row| (row.row.clone(), row.cells.clone())).collect();
            let write = move |writing: &mut Writing<'_>| {
                let changed = changes.into_iter().map(|(row, cells)| {
                    cells.into_iter().filter_map(|cell| change(writing, &row, cell)).collect()
                });
                changed.collect::<Vec<Vec<CellChange>>>()
            };
            let (moved, _) = self.room.write(self.actor, self.origin, write).await?;
            for (row, cells) in batch.iter().zip(moved) {
                conflicts.extend(cells.into_iter().map(|cell| Conflict {
                    sheet: row.source.sheet.clone(),
                    file_row: row.source.row,
                    row: row.row.clone(),
                    cell,
                    why: ConflictWhy::Moved,
                }));
            }
        }
        Ok(conflicts)
    }
}

struct NewRow {
    id: RowId,
    order: String,
    base: Vec<Plain>,
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

/// Changes a cell, or gives it back with what stands there now.
fn change(writing: &mut Writing<'_>, row: &RowId, cell: CellChange) -> Option<CellChange> {
    let now = writing.cell(row, &cell.key);
    let is_as_seen = now == cell.old || (now.is_empty() && cell.old.is_empty());
    if !is_as_seen {
        return Some(CellChange { old: now, ..cell });
    }
    writing.set(row, &cell.key, cell.new);
    None
}

/// A new identifier: 16 characters of a-z0-9, each as likely as the others.
fn row_id(chance: &dyn Chance) -> RowId {
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
    RowId::new(&id).expect("16 characters of a-z0-9 are an identifier")
}
