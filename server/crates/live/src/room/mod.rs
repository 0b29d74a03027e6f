//! One open table: one task, one queue, one document.
//!
//! [`Room::take_in`] is the promise in the order of its lines. Everything that reads (joins, answers, exports)
//! waits until what was taken in with it is on disk, so nobody ever sees what the log does not know. When the
//! log cannot be written, or its end is unknown, the room closes: its memory is thrown away, tabs come back,
//! and the log is read anew.

mod admit;
mod answer;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use tablee_document::{TableDocument, Writing};
use tablee_domain::ids::{ColumnId, Epoch, PersonId, Revision, RowId, TableId, Timestamp, Writer};
use tablee_domain::people::Actor;
use tablee_domain::table::{Origin, TableValues};
use tablee_storage::snapshots::Snapshot;
use tablee_storage::{owners, snapshots, tables, writers};
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;

use crate::commit::{self, Pending, Target, write_down};
use crate::peer::PeerIdentity;
use crate::presence::{Face, PeerNumber, Presence};
use crate::protocol::{self, AwarenessEntry, CloseCode, Notice, RefusedCell};
use crate::queue::Outbox;
use crate::rooms::Parts;
use crate::{RoomError, verify};

/// Requests taken in at once: one commit.
const AT_ONCE: usize = 256;

/// What is durable in a table.
#[derive(Debug, Clone)]
pub struct Visible {
    /// The last update in it.
    pub revision: Revision,
    /// The life of the document.
    pub epoch: Epoch,
    /// The values, rows in the bin too.
    pub values: TableValues,
    /// When the last update in it was made.
    pub at: Timestamp,
}

/// A piece of the server's own work, and what to do with its result once it is durable.
pub(crate) type WriteRequest =
    Box<dyn FnOnce(&mut Writing<'_>) -> Box<dyn FnOnce(Revision) + Send> + Send>;

/// The document as it is durable, in bytes.
pub(crate) struct Copy {
    pub epoch: Epoch,
    pub revision: Revision,
    pub bytes: Vec<u8>,
}

/// A tab that wants in.
pub(crate) struct Join {
    pub who: PeerIdentity,
    pub ours: bool,
    pub epoch: Option<Epoch>,
    pub outbox: Outbox,
    pub reply: oneshot::Sender<PeerNumber>,
}

/// What a room can be asked.
pub(crate) enum Request {
    Join(Box<Join>),
    Leave(PeerNumber),
    /// A step 2 (`whole`) or an update, the `number`th of its socket.
    Frame {
        peer: PeerNumber,
        number: u64,
        whole: bool,
        bytes: Vec<u8>,
    },
    Step1 {
        peer: PeerNumber,
        state_vector: Vec<u8>,
    },
    Awareness {
        peer: PeerNumber,
        entries: Vec<AwarenessEntry>,
    },
    QueryAwareness(PeerNumber),
    MakeText {
        peer: PeerNumber,
        row: RowId,
        column: ColumnId,
    },
    Write {
        actor: Actor,
        origin: Origin,
        work: WriteRequest,
    },
    Values(oneshot::Sender<Arc<Visible>>),
    Copy(oneshot::Sender<Copy>),
    Announce(Notice),
    Stop,
}

/// A tab that is in.
struct Seat {
    who: PeerIdentity,
    face: Face,
    ours: bool,
    outbox: Outbox,
    /// An update of this tab depends on what it has not sent: it was asked for all it has.
    asked_again: bool,
}

/// What is said to a peer once the commit is on disk.
enum Outcome {
    Saved { peer: PeerNumber, frame: u64 },
    Refused { peer: PeerNumber, frame: u64, cells: Vec<RefusedCell>, reason: &'static str },
    AskAgain(PeerNumber),
    TextMade { peer: PeerNumber, row: RowId, column: ColumnId },
    TextRefused { peer: PeerNumber, row: RowId, column: ColumnId, reason: &'static str },
    Done { work: Box<dyn FnOnce(Revision) + Send> },
}

/// What one round of the queue leads to.
#[derive(Default)]
struct Batch {
    updates: Vec<Pending>,
    outcomes: Vec<Outcome>,
    refused: Vec<PeerNumber>,
}

/// Why a room ends.
enum Ending {
    /// Asked to, or idle.
    Orderly,
    /// The document or the log can no longer be trusted to be the same.
    Broken { by: Option<PeerNumber>, cause: String },
}

/// One open table.
pub(crate) struct Room {
    name: Arc<str>,
    table: TableId,
    parts: Parts,
    tasks: TaskTracker,
    document: TableDocument,
    owners: HashMap<RowId, PersonId>,
    /// Who binned which row since the room opened: that much may be undone by its author.
    binned: HashMap<RowId, PersonId>,
    head: Revision,
    head_at: Timestamp,
    claims: Vec<(Writer, Option<PersonId>)>,
    claimed: HashMap<PersonId, VecDeque<Timestamp>>,
    seats: HashMap<PeerNumber, Seat>,
    last_peer: PeerNumber,
    presence: Presence,
    visible: Option<Arc<Visible>>,
    /// Updates since the last snapshot.
    tail: usize,
}

impl Room {
    /// Reads a table from the log. What cannot be read is an error, never an empty table.
    pub async fn load(name: &str, parts: Parts, tasks: TaskTracker) -> Result<Self, RoomError> {
        let mut tx = parts.store.read().await?;
        let record = tables::find(&mut tx, name).await?;
        let record = record.ok_or_else(|| RoomError::UnknownTable(name.to_owned()))?;
        let (table, epoch) = (record.id, record.epoch);
        let claims = writers::all(&mut tx, table, epoch).await?;
        let server = claims.iter().find(|(_, owner)| owner.is_none()).map(|(writer, _)| *writer);
        let fresh = server.is_none();
        let server = server.unwrap_or_else(|| parts.chance_writer());
        let snapshot = snapshots::latest(&mut tx, table, epoch).await?;
        let after = snapshot.as_ref().map_or(Revision(0), |snapshot| snapshot.revision);
        let log = verify::log_since(&mut tx, table, epoch, after).await?;
        let owners = owners::all(&mut tx, table).await?.into_iter().collect();
        drop(tx);

        let unreadable = |cause: String| RoomError::Unreadable { table: name.to_owned(), cause };
        verify::no_gap(after, record.head, &log).map_err(&unreadable)?;
        let bytes = snapshot.as_ref().map(verify::intact).transpose().map_err(&unreadable)?;
        let tail = log.iter().map(|entry| entry.update.as_slice());
        let mut document = TableDocument::load(epoch, server, bytes, tail)
            .map_err(|error| unreadable(error.to_string()))?;
        for (writer, owner) in &claims {
            document.claim(*writer, *owner);
        }
        document.claim(server, None);
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
            claimed: HashMap::new(),
            seats: HashMap::new(),
            last_peer: 0,
            presence: Presence::default(),
            visible: None,
            tail: log.len(),
            parts,
        })
    }

    pub fn table(&self) -> TableId {
        self.table
    }

    /// Serves the queue until the room is stopped, idle or broken.
    pub async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let idle_after = self.parts.config.idle_after;
        let mut waiting = Vec::with_capacity(AT_ONCE);
        let ending = loop {
            let taken = tokio::time::timeout(idle_after, requests.recv_many(&mut waiting, AT_ONCE));
            match taken.await {
                Ok(0) => break Ending::Orderly,
                Err(_) if self.seats.is_empty() => break Ending::Orderly,
                Err(_) => continue,
                Ok(_) => {}
            }
            let stop = waiting.iter().any(|request| matches!(request, Request::Stop));
            match self.take_in(waiting.drain(..)).await {
                Ok(()) if stop => break Ending::Orderly,
                Ok(()) => {}
                Err(ending) => break ending,
            }
        };
        // From here on nobody can ask, so whoever opens the table anew reads the log after our last word.
        requests.close();
        self.end(ending).await;
    }

    /// Takes in what waited while the last commit ran.
    ///
    /// The order is our promise to the person typing: allowed, then on disk, then visible to others, and only
    /// then "saved".
    async fn take_in(&mut self, waiting: impl Iterator<Item = Request>) -> Result<(), Ending> {
        let mut batch = Batch::default();
        let mut readers = Vec::new();
        for request in waiting {
            if let Some(reader) = self.admit(&mut batch, request)? {
                readers.push(reader);
            }
        }
        self.write_down(&batch.updates).await?;
        self.show(&batch.updates);
        self.acknowledge(batch);
        for reader in readers {
            self.answer(reader);
        }
        self.make_snapshot();
        Ok(())
    }

    /// On disk, in one transaction. A failure, or an end that nobody knows, ends the room.
    async fn write_down(&mut self, updates: &[Pending]) -> Result<(), Ending> {
        if updates.is_empty() && self.claims.is_empty() {
            return Ok(());
        }
        let target = Target { table: self.table, epoch: self.document.epoch(), head: self.head };
        let now = self.parts.clock.now();
        match write_down(&self.parts.store, target, updates, &self.claims, now).await {
            Ok(head) => {
                self.head = head;
                self.head_at = updates.last().map_or(self.head_at, |pending| pending.at);
                self.claims.clear();
                self.tail += updates.len();
                Ok(())
            }
            Err(error) => {
                Err(Ending::Broken { by: None, cause: format!("the log was not written: {error}") })
            }
        }
    }

    /// Visible: encoded once, sent to everybody but its author.
    fn show(&mut self, updates: &[Pending]) {
        if !updates.is_empty() {
            self.visible = None;
        }
        for pending in updates {
            let frame = protocol::update(&pending.applied.update);
            for (number, seat) in &self.seats {
                if Some(*number) != pending.author {
                    seat.outbox.send(frame.clone());
                }
            }
        }
    }

    pub fn visible(&mut self) -> Arc<Visible> {
        let (revision, epoch, at) = (self.head, self.document.epoch(), self.head_at);
        let document = &self.document;
        let made = || Arc::new(Visible { revision, epoch, values: document.values(), at });
        self.visible.get_or_insert_with(made).clone()
    }

    /// A snapshot when the tail is long: checked by reading it back before it is kept.
    fn make_snapshot(&mut self) {
        if self.tail >= self.parts.config.snapshot_after {
            self.tail = 0;
            let snapshot = self.snapshot();
            self.tasks.spawn(snapshot);
        }
    }

    fn snapshot(&mut self) -> impl Future<Output = ()> + use<> {
        let values = self.visible();
        let bytes = self.document.snapshot();
        let snapshot = Snapshot {
            epoch: self.document.epoch(),
            revision: self.head,
            at: self.head_at,
            sha256: verify::sha256(&bytes).to_vec(),
            bytes,
        };
        let (store, table, name) = (self.parts.store.clone(), self.table, self.name.clone());
        async move {
            if let Err(error) = commit::keep_snapshot(&store, table, snapshot, values).await {
                tracing::error!(table = &*name, error, "a snapshot was not kept; the log is whole");
            }
        }
    }

    /// Says goodbye. Only a room that is whole leaves a snapshot.
    async fn end(mut self, ending: Ending) {
        match ending {
            Ending::Orderly => {
                for seat in self.seats.values() {
                    seat.outbox.close(CloseCode::Restarting);
                }
                self.seats.clear();
                // Claims that no commit carried yet. The log is whole without them.
                if let Err(Ending::Broken { cause, .. }) = self.write_down(&[]).await {
                    tracing::warn!(table = &*self.name, cause, "writers were not kept");
                }
                if self.tail > 0 {
                    self.snapshot().await;
                }
            }
            Ending::Broken { by, cause } => {
                tracing::error!(
                    table = &*self.name,
                    cause,
                    "the room closes and reads the log anew"
                );
                for (number, seat) in &self.seats {
                    let code = if by == Some(*number) {
                        CloseCode::Refused
                    } else {
                        CloseCode::RoomClosed
                    };
                    seat.outbox.close(code);
                }
            }
        }
    }
}
