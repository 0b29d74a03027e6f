//! One open table: one task, one queue, one document.
//!
//! [`Room::take_in`] is the promise in the order of its lines. Everything that reads (joins, answers, exports)
//! waits until what was taken in with it is on disk, so nobody ever sees what the log does not know. When the
//! log cannot be written, or its end is unknown, the room closes: its memory is thrown away, tabs come back,
//! and the log is read anew. So it does after a new epoch, which it begins when it is quiet and remembers too
//! much, or when something must go for good.

mod admit;
mod answer;
mod epoch;
mod open;
mod quota;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tablee_document::columns::Changed;
use tablee_document::{TableDocument, Writing};
use tablee_domain::ids::{ColumnId, Epoch, PersonId, Revision, RowId, TableId, Timestamp, Writer};
use tablee_domain::people::Actor;
use tablee_domain::table::column_work::{ColumnError, ColumnWork};
use tablee_domain::table::{Origin, TableValues, ToErase};
use tablee_storage::snapshots::Snapshot;
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use self::quota::Quota;
use crate::columns::ColumnJob;
use crate::commit::{self, Commit, Pending, Target, write_down};
use crate::erasing::Erased;
use crate::peer::PeerIdentity;
use crate::presence::{Face, PeerNumber, Presence};
use crate::protocol::{self, AwarenessEntry, CloseCode, Notice, RefusedCell, ServerSays};
use crate::queue::Outbox;
use crate::rooms::Parts;
use crate::{RoomError, days};

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
        /// The room that the bytes take among what waits; given back when they are judged.
        held: Option<OwnedSemaphorePermit>,
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
    Columns(Box<ColumnRequest>),
    /// A row was given to somebody, and that is durable.
    Owns {
        row: RowId,
        person: PersonId,
    },
    Values(oneshot::Sender<Arc<Visible>>),
    Copy(oneshot::Sender<Copy>),
    Announce(Notice),
    Erase(Box<Erase>),
    Rest,
    Stop,
}

/// Work at columns, who asks for it, and who waits for it.
pub(crate) struct ColumnRequest {
    pub actor: Actor,
    pub note: ColumnNote,
    pub work: ColumnJob,
    pub reply: oneshot::Sender<(Result<Changed, ColumnError>, Revision)>,
}

/// What the database notes of work at columns, beside the columns.
pub(crate) struct ColumnNote {
    /// What was asked, as JSON.
    pub work: String,
    /// The change that it takes back.
    pub undoes: Option<i64>,
    /// Cells that say another thing now.
    pub cells: usize,
}

impl ColumnNote {
    pub fn of(work: &ColumnWork) -> Self {
        let undoes = if let ColumnWork::Undo { change } = work { Some(*change) } else { None };
        Self { work: serde_json::to_string(work).expect("work has a JSON"), undoes, cells: 0 }
    }
}

/// What must go for good, who says so, and who waits for it.
pub(crate) struct Erase {
    pub what: ToErase,
    pub asked_by: Option<PersonId>,
    pub reply: oneshot::Sender<Result<Erased, RoomError>>,
}

/// What a room does last.
enum LastWord {
    Stop,
    Rest,
    Erase(Box<Erase>),
}

impl LastWord {
    /// Takes it out of what waits. All that waits with it is still taken in; a stop goes before all else, and
    /// whoever waits for an erasure then hears that nothing was done.
    fn among(waiting: &mut Vec<Request>) -> Option<Self> {
        let first = |wanted: fn(&Request) -> bool| waiting.iter().position(wanted);
        let at = first(|it| matches!(it, Request::Stop))
            .or_else(|| first(|it| matches!(it, Request::Erase(_))))
            .or_else(|| first(|it| matches!(it, Request::Rest)))?;
        match waiting.remove(at) {
            Request::Erase(erase) => Some(Self::Erase(erase)),
            Request::Rest => Some(Self::Rest),
            _ => Some(Self::Stop),
        }
    }
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
    Done { revision: Revision, work: Box<dyn FnOnce(Revision) + Send> },
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
    /// The table lives in a new epoch: tabs load it anew.
    NewEpoch { then: Box<dyn FnOnce() + Send> },
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
    quota: Quota,
    seats: HashMap<PeerNumber, Seat>,
    /// How many seats there were after the last round, for whoever writes beside them.
    peers: Arc<AtomicUsize>,
    last_peer: PeerNumber,
    presence: Presence,
    visible: Option<Arc<Visible>>,
    /// Updates since the last snapshot.
    tail: usize,
    /// Since when nobody has had it open or written to it.
    quiet_since: Instant,
}

impl Room {
    pub fn table(&self) -> TableId {
        self.table
    }

    pub fn peers(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.peers)
    }

    /// Serves the queue until the room is stopped, idle, begun anew or broken.
    pub async fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let idle_after = self.parts.config.idle_after;
        let mut waiting = Vec::with_capacity(AT_ONCE);
        let ending = loop {
            let taken = tokio::time::timeout(idle_after, requests.recv_many(&mut waiting, AT_ONCE));
            match taken.await {
                Ok(0) => break Ending::Orderly,
                Err(_) if self.seats.is_empty() => break self.go_to_rest().await,
                Err(_) => continue,
                Ok(_) => {}
            }
            let last_word = LastWord::among(&mut waiting);
            if let Err(ending) = self.take_in(waiting.drain(..)).await {
                break ending;
            }
            match last_word {
                Some(LastWord::Stop) => break Ending::Orderly,
                Some(LastWord::Erase(erase)) => break self.erase(*erase).await,
                Some(LastWord::Rest) if self.seats.is_empty() => break self.go_to_rest().await,
                // Readers of pages may keep a room awake that nobody edits.
                None if self.is_quiet() && self.has_outgrown() => break self.go_to_rest().await,
                Some(LastWord::Rest) | None => {}
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
        let evening = self.last_evening();
        let mut batch = Batch::default();
        let mut readers = Vec::new();
        for request in waiting {
            if let Some(reader) = self.admit(&mut batch, request)? {
                readers.push(reader);
            }
        }
        self.write_down(&batch.updates, evening).await?;
        self.show(&batch.updates);
        self.acknowledge(batch);
        for reader in readers {
            self.answer(reader);
        }
        self.peers.store(self.seats.len(), Ordering::Relaxed);
        self.make_snapshot();
        Ok(())
    }

    /// On disk, in one transaction. A failure, or an end that nobody knows, ends the room.
    ///
    /// Where nothing was edited nothing is written: who only looks waits for no disk, and looks on while it is
    /// full. The writers reserved meanwhile are written with the next edit.
    async fn write_down(
        &mut self,
        updates: &[Pending],
        evening: Option<Arc<Visible>>,
    ) -> Result<(), Ending> {
        if updates.is_empty() {
            return Ok(());
        }
        let commit = Commit {
            target: self.target(),
            updates,
            claims: &self.claims,
            now: self.parts.clock.now(),
            evening,
            config: &self.parts.config,
        };
        match write_down(&self.parts.store, commit).await {
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

    /// Writers that no commit carried yet. The log is whole without them.
    async fn write_claims(&mut self) {
        if self.claims.is_empty() {
            return;
        }
        let (target, claims) = (self.target(), std::mem::take(&mut self.claims));
        let now = self.parts.clock.now();
        if let Err(error) = commit::write_claims(&self.parts.store, target, &claims, now).await {
            tracing::warn!(table = &*self.name, %error, "writers were not kept");
        }
    }

    fn target(&self) -> Target {
        Target { table: self.table, epoch: self.document.epoch(), head: self.head }
    }

    /// What stood when the last day of edits ended, if this is a later one: kept with the first commit of today.
    fn last_evening(&mut self) -> Option<Arc<Visible>> {
        let today = days::day_of(self.parts.clock.now());
        (self.head > Revision(1) && days::day_of(self.head_at) < today).then(|| self.visible())
    }

    /// Visible: encoded once, sent to everybody but its author.
    fn show(&mut self, updates: &[Pending]) {
        if !updates.is_empty() {
            self.visible = None;
            self.quiet_since = Instant::now();
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
            // Reckoned when it has been read back, away from whoever edits.
            sha256: Vec::new(),
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
                self.write_claims().await;
                if self.tail > 0 {
                    self.snapshot().await;
                }
            }
            Ending::NewEpoch { then } => {
                let reload = protocol::ours(&ServerSays::Reload { reason: "epoch".to_owned() });
                for seat in self.seats.values() {
                    if seat.ours {
                        seat.outbox.send(reload.clone());
                    }
                    seat.outbox.close(CloseCode::OtherEpoch);
                }
                then();
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
