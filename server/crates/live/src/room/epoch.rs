//! A new epoch: the same values in a new document, and nothing else of the old one.
//!
//! What a document remembers of all that was deleted stays in it for ever. A quiet room that remembers too much
//! begins anew from its values; so does any room from which something must go for good. Either is one
//! transaction, and the new document is read back before it is committed.

use tablee_document::TableDocument;
use tablee_domain::ids::{Epoch, Writer};
use tablee_domain::table::{Row, TableValues, ToErase};

use super::{Copy, Ending, Erase, Room};
use crate::RoomError;
use crate::commit::{NewEpoch, begin_epoch};
use crate::erasing::{self, Erased, Erasure};

impl Room {
    /// Whether nobody has had the table open or written to it for a while.
    pub(super) fn is_quiet(&self) -> bool {
        self.seats.is_empty() && self.quiet_since.elapsed() >= self.parts.config.idle_after
    }

    /// Whether what is remembered as deleted outgrows what stands.
    pub(super) fn has_outgrown(&mut self) -> bool {
        let after = self.parts.config.rebuild_after;
        let tombstones = self.document.tombstones();
        // The values are counted only where it matters.
        tombstones > after.tombstones && {
            let visible = self.visible();
            let in_row = |row: &Row| 1 + row.cells.len() + row.said.len();
            let values: usize = visible.values.rows.iter().map(in_row).sum();
            tombstones > after.per_value.saturating_mul(values as u64)
        }
    }

    /// Ends the room in which nobody is, with a new epoch where that is due.
    pub(super) async fn go_to_rest(&mut self) -> Ending {
        if !self.has_outgrown() {
            return Ending::Orderly;
        }
        let tombstones = self.document.tombstones();
        match self.begin_anew(None).await {
            Ok(Erased { epoch, .. }) => {
                tracing::info!(
                    table = &*self.name,
                    epoch = epoch.get(),
                    tombstones,
                    "a new epoch begins with the values of the last"
                );
                Ending::NewEpoch { then: Box::new(|| {}) }
            }
            Err(error) => {
                let cause = format!("the new epoch did not begin: {error}");
                Ending::Broken { by: None, cause }
            }
        }
    }

    /// Erases for good: a new epoch without what must go, and every other copy redacted.
    pub(super) async fn erase(&mut self, erase: Erase) -> Ending {
        let Erase { what, asked_by, reply } = erase;
        let erasure = Erasure::of(what, asked_by, &self.visible().values);
        match self.begin_anew(Some(erasure)).await {
            // Whoever asked may have left.
            Ok(erased) => Ending::NewEpoch { then: Box::new(move || drop(reply.send(Ok(erased)))) },
            Err(error) => {
                let cause = format!("the erasure failed: {error}");
                let _ = reply.send(Err(error));
                Ending::Broken { by: None, cause }
            }
        }
    }

    async fn begin_anew(&mut self, erasure: Option<Erasure>) -> Result<Erased, RoomError> {
        let evening = self.last_evening();
        let unreadable =
            |cause: String| RoomError::Unreadable { table: self.name.to_string(), cause };
        let server = self.document.first_writer_of_next_epoch();
        let what = erasure.as_ref().map(|erasure| erasure.what.clone()).unwrap_or_default();
        let (copy, standing) = (self.copy(), self.document.values());
        let rebuilding =
            tokio::task::spawn_blocking(move || rebuilt(&copy, server, &standing, &what));
        let rebuilt = rebuilding.await.map_err(|panic| unreadable(panic.to_string()))?;
        let new = NewEpoch {
            evening,
            target: self.target(),
            claims: &self.claims,
            server,
            update: &rebuilt.map_err(unreadable)?,
            now: self.parts.clock.now(),
            erasure: erasure.as_ref(),
        };
        Ok(begin_epoch(&self.parts.store, new).await?)
    }
}

/// The next document in bytes, from a copy of this one. It must say, read back, what stands now less what must
/// go.
fn rebuilt(
    copy: &Copy,
    server: Writer,
    standing: &TableValues,
    what: &ToErase,
) -> Result<Vec<u8>, String> {
    // Nothing is written into the copy.
    let old = TableDocument::load(copy.epoch, Writer(1), Some(&copy.bytes), [])
        .map_err(|error| error.to_string())?;
    let forget = |row: &Row| what.takes_row(&row.id);
    let columns = erasing::columns_without(what, old.columns());
    let (_, whole) = old
        .rebuild_under(&columns, server, forget, |row| drop(erasing::redact(what, row)))
        .map_err(|error| error.to_string())?;
    let next = Epoch(copy.epoch.get() + 1);
    let read_back = TableDocument::load(next, server, None, [whole.update.as_slice()])
        .map_err(|error| error.to_string())?;
    if read_back.values() == erasing::without(what, standing) {
        Ok(whole.update)
    } else {
        Err("the document of the new epoch reads differently".to_owned())
    }
}
