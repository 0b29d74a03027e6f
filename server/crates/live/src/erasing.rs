//! What must go for good, from every place that holds a copy.
//!
//! An erasure is one transaction of the room: a new epoch whose document never held what must go, the logs and
//! snapshots of earlier epochs deleted, and every other copy redacted by the same judge
//! ([`ToErase`]). Then every tab loads anew: one that comes back with the old document is refused.

use tablee_domain::ids::{ColumnId, Epoch, PersonId, RowId, TableId, Timestamp};
use tablee_domain::people::Actor;
use tablee_domain::table::{Columns, Plain, Row, TableValues, ToErase};
use tablee_storage::{Store, StoreError, Tx, day_values, erasure, revisions, settings, snapshots};
use tokio::sync::oneshot;

pub use tablee_storage::erasure::Place;

use crate::room::{self, Request};
use crate::{RoomError, RoomHandle, Rooms, days};

/// The setting that says whether free space of the disk may hold what was erased.
const OWED: &str = "rubbing_out_owed";

/// Values that everybody sees.
pub const LIVE: &str = "live";
/// Values of rows in the bin.
pub const BIN: &str = "bin";
/// Updates of the log, which goes whole.
pub const LOG: &str = "log";
/// Snapshots, which go whole.
pub const SNAPSHOTS: &str = "snapshots";
/// Days whose values are kept.
pub const DAY_VALUES: &str = "day-values";

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The life of the document that begins without it.
    pub epoch: Epoch,
    /// Where it was, and how often.
    pub places: Vec<Place>,
    /// The same erasure without its words: the rows and cells in which they stood, for the journal. Done again
    /// over a backup, it erases at least as much.
    pub journal: ToErase,
    /// When: the number of an erasure may come again after a backup was put back, its moment does not.
    pub at: Timestamp,
}

/// An erasure that a room is about to do.
pub(crate) struct Erasure {
    pub what: ToErase,
    pub journal: ToErase,
    /// Live values and values in the bin that go.
    pub standing: [Place; 2],
    pub asked_by: Option<PersonId>,
}

impl Erasure {
    /// Looks where it stands in what everybody sees.
    pub fn of(what: ToErase, asked_by: Option<PersonId>, values: &TableValues) -> Self {
        let (standing, cells) = survey(&what, values);
        let mut journal = ToErase { words: Vec::new(), ..what.clone() };
        for cell in cells {
            if !journal.takes_row(&cell.0) && !journal.cells.contains(&cell) {
                journal.cells.push(cell);
            }
        }
        Self { what, journal, standing, asked_by }
    }
}

impl RoomHandle {
    /// Erases for good, in one transaction; then every tab loads anew and this room closes.
    ///
    /// Where it fails, nothing was erased, or the end is unknown and the database says so.
    pub async fn erase(&self, actor: Actor, what: &ToErase) -> Result<Erased, RoomError> {
        let (reply, answer) = oneshot::channel();
        let erase = room::Erase { what: what.clone(), asked_by: actor.person(), reply };
        self.ask(Request::Erase(Box::new(erase))).await?;
        let erased = answer.await.map_err(|_| RoomError::Closed)??;
        // It is done: whoever asked is not told otherwise because the disk is slow, full or in use.
        if let Err(error) = rub_out(&self.parts.store).await {
            tracing::error!(%error, "erased words may stand in free space of the disk until the next start");
        }
        Ok(erased)
    }
}

/// Notes, in the transaction that erases, that free space of the disk may still hold what went.
pub(crate) async fn owe_rubbing_out(tx: &mut Tx) -> Result<(), StoreError> {
    settings::set(tx, OWED, "yes").await
}

/// Takes off the disk what transactions took out of the database, where that is still to be done.
async fn rub_out(store: &Store) -> Result<bool, StoreError> {
    let owed = settings::get(&mut store.read().await?, OWED).await?;
    if owed.as_deref() != Some("yes") {
        return Ok(false);
    }
    store.scrub().await?;
    let mut tx = store.begin().await?;
    settings::set(&mut tx, OWED, "no").await?;
    tx.commit().await?;
    Ok(true)
}

impl Rooms {
    /// Takes off the disk what an earlier erasure took out of the database, where the program ended or the disk
    /// refused before that was done. Says whether there was anything to do.
    pub async fn rub_out_what_is_owed(&self) -> Result<bool, RoomError> {
        Ok(rub_out(self.store()).await?)
    }

    /// Where an erasure would find something, and how often. Changes nothing, and opens no room.
    pub async fn erase_places(&self, table: &str, what: &ToErase) -> Result<Vec<Place>, RoomError> {
        let (id, visible) = self.look_at(table).await?;
        let mut tx = self.store().read().await?;
        let (standing, _) = survey(what, &visible.values);
        let mut places = Vec::from(standing);
        let epochs = revisions::epochs(&mut tx, id).await?;
        let mut kept = 0;
        for epoch in &epochs {
            kept += snapshots::kept(&mut tx, id, epoch.epoch).await?.len();
        }
        places.push(Place::new(LOG, epochs.iter().map(|epoch| epoch.updates).sum()));
        places.push(Place::new(SNAPSHOTS, kept as i64));
        let mut of_days = 0;
        for day in day_values::days(&mut tx, id).await? {
            let kept = day_values::of_day(&mut tx, id, &day).await?;
            let values = kept.map(|kept| days::unpack(&kept.payload)).transpose();
            let values = values.map_err(|cause| unreadable(table, &day, &cause))?;
            of_days += i64::from(values.is_some_and(|values| without(what, &values) != values));
        }
        places.push(Place::new(DAY_VALUES, of_days));
        places.extend(erasure::places(&mut tx, id, what).await?);
        Ok(places)
    }
}

fn unreadable(table: &str, day: &str, cause: &str) -> RoomError {
    let cause = format!("the values of {day}: {cause}");
    RoomError::Unreadable { table: table.to_owned(), cause }
}

/// Takes it out of every place of the database but the new document, in the transaction that begins the epoch.
pub(crate) async fn everywhere(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
    erasure: &Erasure,
) -> Result<Vec<Place>, StoreError> {
    let what = &erasure.what;
    let mut places = Vec::from(erasure.standing.clone());
    let kept = snapshots::drop_epochs_before(tx, table, epoch).await?;
    let log = revisions::drop_epochs_before(tx, table, epoch).await?;
    places.push(Place::new(LOG, log as i64));
    places.push(Place::new(SNAPSHOTS, kept as i64));
    places.push(Place::new(DAY_VALUES, of_days(tx, table, what).await?));
    places.extend(erasure::redact(tx, table, what).await?);
    Ok(places)
}

/// Writes the days anew that hold what must go, and counts them.
async fn of_days(tx: &mut Tx, table: TableId, what: &ToErase) -> Result<i64, StoreError> {
    let mut count = 0;
    for day in day_values::days(tx, table).await? {
        let Some(kept) = day_values::of_day(tx, table, &day).await? else { continue };
        let values = days::unpack(&kept.payload).map_err(|_| corrupt(&day))?;
        let left = without(what, &values);
        if left != values {
            day_values::replace_payload(tx, table, &day, &days::pack(&left)).await?;
            count += 1;
        }
    }
    Ok(count)
}

fn corrupt(day: &str) -> StoreError {
    let (row, column) = (day.to_owned(), "payload".to_owned());
    StoreError::Corrupt { table: "day_values", row, column }
}

/// The table without what must go.
pub(crate) fn without(what: &ToErase, values: &TableValues) -> TableValues {
    let rows = values.rows.iter().filter(|row| !what.takes_row(&row.id));
    let redacted = rows.cloned().map(|mut row| {
        redact(what, &mut row);
        row
    });
    TableValues { columns: columns_without(what, &values.columns), rows: redacted.collect() }
}

/// The columns without the words that must go: an option may be called what a cell of a file said.
pub(crate) fn columns_without(what: &ToErase, columns: &Columns) -> Columns {
    let redact = |words: &mut String| {
        if let Some(left) = what.redacted_text(words) {
            *words = left;
        }
    };
    let redacted = columns.iter().cloned().map(|mut column| {
        let options = column.options.iter_mut().map(|option| &mut option.label);
        for label in options.chain([&mut column.label, &mut column.help]) {
            redact(&mut label.fr);
            redact(&mut label.en);
        }
        column
    });
    Columns::new(redacted.collect())
}

/// Takes out of a row what must go and says of which columns.
pub(crate) fn redact(what: &ToErase, row: &mut Row) -> Vec<ColumnId> {
    let mut touched = Vec::new();
    let id = row.id.clone();
    row.cells.retain(|column, value| {
        let Some(left) = what.redacted(&id, column.as_str(), value) else { return true };
        touched.push(column.clone());
        *value = left;
        !value.is_empty()
    });
    row.said.retain(|column, words| {
        let key = format!("{column}~said");
        let value = Plain::text(words.as_str());
        let Some(left) = what.redacted(&id, &key, &value) else { return true };
        touched.push(column.clone());
        left.as_text().unwrap_or_default().clone_into(words);
        !words.is_empty()
    });
    touched
}

/// How many values go, live and in the bin, and of which cells.
fn survey(what: &ToErase, values: &TableValues) -> ([Place; 2], Vec<(RowId, ColumnId)>) {
    let (mut live, mut bin, mut cells) = (0, 0, Vec::new());
    for row in &values.rows {
        let touched = redact(what, &mut row.clone());
        *(if row.deleted { &mut bin } else { &mut live }) += touched.len() as i64;
        cells.extend(touched.into_iter().map(|column| (row.id.clone(), column)));
    }
    ([Place::new(LIVE, live), Place::new(BIN, bin)], cells)
}
