//! Opening: a room as the log tells it.

use std::collections::HashMap;
use std::sync::Arc;

use tablee_document::TableDocument;
use tablee_domain::ids::Revision;
use tablee_storage::{owners, snapshots, tables, writers};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::Room;
use super::quota::Quota;
use crate::presence::Presence;
use crate::rooms::Parts;
use crate::{RoomError, verify};

impl Room {
    /// Reads a table from the log. What cannot be read is an error, never an empty table.
    pub async fn load(name: &str, parts: Parts, tasks: TaskTracker) -> Result<Self, RoomError> {
        let mut tx = parts.store.read().await?;
        let record = tables::find(&mut tx, name).await?;
        let record = record.ok_or_else(|| RoomError::UnknownTable(name.to_owned()))?;
        let (table, epoch) = (record.id, record.epoch);
        let claims = writers::all(&mut tx, table, epoch).await?;
        let retired = writers::of_earlier_epochs(&mut tx, table, epoch).await?;
        let server = claims.iter().find(|(_, owner)| owner.is_none()).map(|(writer, _)| *writer);
        let fresh = server.is_none();
        let server = server.unwrap_or_else(|| parts.chance_writer());
        let snapshot = snapshots::latest(&mut tx, table, epoch).await?;
        let after = snapshot.as_ref().map_or(Revision(0), |snapshot| snapshot.revision);
        let log = verify::log_since(&mut tx, table, epoch, after).await?;
        let owners = owners::all(&mut tx, table).await?.into_iter().collect();
        let since = Quota::since(parts.clock.now());
        let mut quota = Quota::default();
        for (person, at) in writers::claims_since(&mut tx, table, epoch, since).await? {
            quota.count(person, at);
        }
        drop(tx);

        let unreadable = |cause: String| RoomError::Unreadable { table: name.to_owned(), cause };
        let before = if snapshot.is_some() { after } else { verify::before(epoch, &log) };
        verify::no_gap(before, record.head, &log).map_err(&unreadable)?;
        let bytes = snapshot.as_ref().map(verify::intact).transpose().map_err(&unreadable)?;
        let tail = log.iter().map(|entry| entry.update.as_slice());
        let mut document = TableDocument::load(epoch, server, bytes, tail)
            .map_err(|error| unreadable(error.to_string()))?;
        for (writer, owner) in &claims {
            document.claim(*writer, *owner);
        }
        document.claim(server, None);
        document.retire(retired);
        let head_at = log.last().map(|entry| entry.at);
        let head_at = head_at.or(snapshot.map(|snapshot| snapshot.at)).unwrap_or(record.made_at);
        Ok(Self {
            name: Arc::from(name),
            table,
            tasks,
            document,
            owners,
            binned: HashMap::new(),
            head: record.head,
            head_at,
            claims: if fresh { vec![(server, None)] } else { Vec::new() },
            quota,
            seats: HashMap::new(),
            peers: Arc::default(),
            last_peer: 0,
            presence: Presence::default(),
            visible: None,
            tail: log.len(),
            quiet_since: Instant::now(),
            parts,
        })
    }
}
