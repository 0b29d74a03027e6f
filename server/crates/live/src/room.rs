//! One open table: one task, one queue, one document.
//!
//! [`Room::take_in`] is the promise in the order of its lines. Everything that reads (joins, answers, exports)
//! waits until what was taken in with it is on disk, so nobody ever sees what the log does not know. When the
//! log cannot be written, or its end is unknown, the room closes: its memory is thrown away, tabs come back,
//! and the log is read anew.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tablee_document::admission::{Judgement, Limits, Refusal};
use tablee_document::{TableDocument, Writing, layout};
use tablee_domain::ids::{ColumnId, Epoch, PersonId, Revision, RowId, TableId, Timestamp, Writer};
use tablee_domain::people::{self, Actor, Forbidden, RowFacts};
use tablee_domain::table::{Action, Change, Origin, Place, TableValues};
use tablee_storage::snapshots::Snapshot;
use tablee_storage::{owners, snapshots, tables, writers};
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;

use crate::commit::{self, Pending, Target, made_rows, write_down};
use crate::peer::PeerIdentity;
use crate::presence::{Face, PeerNumber, Presence};
use crate::protocol::{
    self, AwarenessEntry, CloseCode, Hello, HelloLimits, RefusedCell, ServerSays,
};
use crate::queue::Outbox;
use crate::rooms::Parts;
use crate::{RoomError, verify};

/// Requests taken in at once: one commit.
const AT_ONCE: usize = 256;
/// Cells named in a refusal.
const CELLS_NAMED: usize = 100;
/// Writers that one person may use in one table in a day: one per tab, with room for bad networks.
const WRITERS_A_DAY: usize = 2_000;
const DAY: i64 = 24 * 60 * 60 * 1_000;

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

    /// Judges and applies what writes; gives back what only reads.
    fn admit(&mut self, batch: &mut Batch, request: Request) -> Result<Option<Request>, Ending> {
        match request {
            Request::Frame { peer, number, whole, bytes } => {
                self.admit_frame(batch, peer, (number, whole), &bytes)?;
            }
            Request::MakeText { peer, row, column } => {
                self.admit_text(batch, peer, row, column)?;
            }
            Request::Write { actor, origin, work } => {
                let result = self.document.write(work);
                let (finish, applied) = result.map_err(|broken| broken_by(None, &broken))?;
                self.push(batch, None, actor.person(), origin, applied);
                batch.outcomes.push(Outcome::Done { work: finish });
            }
            reader => return Ok(Some(reader)),
        }
        Ok(None)
    }

    fn admit_frame(
        &mut self,
        batch: &mut Batch,
        peer: PeerNumber,
        (frame, whole): (u64, bool),
        bytes: &[u8],
    ) -> Result<(), Ending> {
        let Some(seat) = self.seats.get_mut(&peer).filter(|_| !batch.refused.contains(&peer))
        else {
            return Ok(());
        };
        let person = seat.who.person;
        let config = &self.parts.config;
        let limits = if whole { &config.step2 } else { &config.update };
        let judged = self.judge(peer, bytes, &limits.clone());
        let refusal = match judged {
            Ok(judgement) => {
                let seat = self.seats.get_mut(&peer).expect("the seat was found above");
                seat.asked_again &= !whole;
                let silent = seat.asked_again;
                if !judgement.is_noop() {
                    self.claim(&judgement.claims, person);
                    let applied = self.document.apply(bytes, judgement);
                    let applied = applied.map_err(|broken| broken_by(Some(peer), &broken))?;
                    self.push(batch, Some(peer), Some(person), Origin::Table, applied);
                }
                if !silent {
                    batch.outcomes.push(Outcome::Saved { peer, frame });
                }
                return Ok(());
            }
            Err(refusal) => refusal,
        };
        let seat = self.seats.get_mut(&peer).expect("the seat was found above");
        if refusal.reason == MISSING && !(whole && seat.asked_again) {
            if !std::mem::replace(&mut seat.asked_again, true) {
                batch.outcomes.push(Outcome::AskAgain(peer));
            }
            return Ok(());
        }
        let Refused { cells, reason } = refusal;
        batch.refused.push(peer);
        batch.outcomes.push(Outcome::Refused { peer, frame, cells, reason });
        Ok(())
    }

    /// Admission, then the rules: all changes of a frame are allowed, or the whole frame is refused.
    fn judge(&self, peer: PeerNumber, bytes: &[u8], limits: &Limits) -> Result<Judgement, Refused> {
        let who = &self.seats[&peer].who;
        let judgement = self.document.judge(bytes, who.person, limits)?;
        if !judgement.claims.is_empty() && self.quota_is_used_up(who.person, judgement.claims.len())
        {
            return Err(Refusal::WriterQuota.into());
        }
        let mut cells = Vec::new();
        let mut reason = None;
        for change in &judgement.changes {
            if let Err(forbidden) = self.allows(who, change) {
                reason.get_or_insert(forbidden);
                if cells.len() < CELLS_NAMED {
                    let column = layout::key_of(&change.place);
                    cells.push(RefusedCell { row: change.row.clone(), column });
                }
            }
        }
        match reason {
            None => Ok(judgement),
            Some(forbidden) => Err(Refused { cells, reason: forbidden.key() }),
        }
    }

    fn allows(&self, who: &PeerIdentity, change: &Change) -> Result<(), Forbidden> {
        let facts = RowFacts { owner: self.owners.get(&change.row).copied() };
        let members_edit = self.parts.config.members_edit;
        let columns = self.document.columns();
        people::allows((who.person, who.role), members_edit, columns, facts, change)
    }

    /// Makes the text of a cell for an editor: in the server's own transaction, so that two people who open
    /// one cell at once get one text.
    fn admit_text(
        &mut self,
        batch: &mut Batch,
        peer: PeerNumber,
        row: RowId,
        column: ColumnId,
    ) -> Result<(), Ending> {
        let Some(seat) = self.seats.get(&peer).filter(|_| !batch.refused.contains(&peer)) else {
            return Ok(());
        };
        let person = seat.who.person;
        let change = Change {
            row: row.clone(),
            place: Place::Cell(column.clone()),
            action: Action::MakeText,
            in_new_row: false,
        };
        let is_text = self
            .document
            .columns()
            .get(column.as_str())
            .is_some_and(|column| column.kind.is_text());
        let reason = match self.allows(&seat.who, &change) {
            Err(forbidden) => Some(forbidden.key()),
            Ok(()) if !is_text || self.document.row(&row).is_none() => Some("shape"),
            Ok(()) => None,
        };
        if let Some(reason) = reason {
            batch.outcomes.push(Outcome::TextRefused { peer, row, column, reason });
            return Ok(());
        }
        if !self.document.has_text(&row, &column) {
            let made = self.document.write(|writing| writing.make_text(&row, &column));
            let (_, applied) = made.map_err(|broken| broken_by(None, &broken))?;
            self.push(batch, None, Some(person), Origin::MakeText, applied);
        }
        batch.outcomes.push(Outcome::TextMade { peer, row, column });
        Ok(())
    }

    fn push(
        &mut self,
        batch: &mut Batch,
        author: Option<PeerNumber>,
        actor: Option<PersonId>,
        origin: Origin,
        applied: tablee_document::Applied,
    ) {
        if applied.update.is_empty() {
            return;
        }
        let at = self.parts.clock.now();
        let pending = Pending { author, actor, origin, at, applied };
        // A row may be made and changed again before the commit: its owner is known at once.
        let made = std::slice::from_ref(&pending);
        self.owners.extend(made_rows(made).map(|(row, person)| (row.clone(), person)));
        batch.updates.push(pending);
    }

    fn claim(&mut self, claims: &[Writer], person: PersonId) {
        let now = self.parts.clock.now();
        for writer in claims {
            self.document.claim(*writer, Some(person));
            self.claims.push((*writer, Some(person)));
            self.claimed.entry(person).or_default().push_back(now);
        }
    }

    fn quota_is_used_up(&self, person: PersonId, more: usize) -> bool {
        let since = self.parts.clock.now().get() - DAY;
        let used = self
            .claimed
            .get(&person)
            .map_or(0, |times| times.iter().rev().take_while(|time| time.get() > since).count());
        used + more > WRITERS_A_DAY
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

    /// "Saved", and only now. What a peer has saved is said once, then what was refused.
    fn acknowledge(&mut self, batch: Batch) {
        let mut saved: HashMap<PeerNumber, u64> = HashMap::new();
        let mut others = Vec::new();
        for outcome in batch.outcomes {
            if let Outcome::Saved { peer, frame } = outcome {
                saved.insert(peer, frame);
            } else {
                others.push(outcome);
            }
        }
        for (peer, upto) in saved {
            self.tell(peer, &ServerSays::Saved { upto });
        }
        for outcome in others {
            self.tell_outcome(outcome);
        }
    }

    fn tell_outcome(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Saved { peer, frame } => self.tell(peer, &ServerSays::Saved { upto: frame }),
            Outcome::Refused { peer, frame, cells, reason } => {
                tracing::info!(table.id = self.table.get(), peer, reason, "an update was refused");
                let reason = reason.to_owned();
                self.tell(peer, &ServerSays::Refused { frame, cells, reason });
                self.dismiss(peer, CloseCode::Refused);
            }
            Outcome::AskAgain(peer) => {
                let step1 = protocol::step1(&self.document.state_vector());
                self.send(peer, step1);
            }
            Outcome::TextMade { peer, row, column } => {
                self.tell(peer, &ServerSays::TextMade { row, column });
            }
            Outcome::TextRefused { peer, row, column, reason } => {
                let notice = ServerSays::Notice {
                    key: "make-text-refused".to_owned(),
                    row: Some(row),
                    column: Some(column),
                    reason: Some(reason.to_owned()),
                };
                self.tell(peer, &notice);
            }
            Outcome::Done { work } => work(self.head),
        }
    }

    /// Answers what only reads, from what is durable.
    fn answer(&mut self, reader: Request) {
        match reader {
            Request::Join(join) => self.let_in(*join),
            Request::Leave(peer) => self.let_go(peer),
            Request::Step1 { peer, state_vector } => match self.document.diff(&state_vector) {
                Ok(diff) => {
                    if let Some(seat) = self.seats.get(&peer) {
                        seat.outbox.answer(protocol::step2(&diff));
                    }
                }
                Err(refusal) => {
                    tracing::info!(peer, %refusal, "a state vector was refused");
                    self.dismiss(peer, CloseCode::Refused);
                }
            },
            Request::Awareness { peer, entries } => self.hear_awareness(peer, entries),
            Request::QueryAwareness(peer) => {
                let all = self.presence.all();
                self.send(peer, protocol::awareness(all.iter()));
            }
            Request::Values(reply) => {
                // Whoever asked may have left.
                let _ = reply.send(self.visible());
            }
            Request::Stop
            | Request::Frame { .. }
            | Request::MakeText { .. }
            | Request::Write { .. } => {}
        }
    }

    fn visible(&mut self) -> Arc<Visible> {
        let (revision, epoch, at) = (self.head, self.document.epoch(), self.head_at);
        let document = &self.document;
        let made = || Arc::new(Visible { revision, epoch, values: document.values(), at });
        self.visible.get_or_insert_with(made).clone()
    }

    fn let_in(&mut self, join: Join) {
        let Join { who, ours, epoch, outbox, reply } = join;
        let here = self.document.epoch();
        if self.seats.len() >= self.parts.config.peer.peers {
            outbox.close(CloseCode::TooSlow);
        } else if epoch.is_some_and(|epoch| epoch != here) {
            outbox.send(protocol::ours(&ServerSays::Reload { reason: "epoch".to_owned() }));
            outbox.close(CloseCode::OtherEpoch);
        } else {
            if ours {
                let hello = self.hello(&who);
                outbox.send(protocol::ours(&ServerSays::Hello(hello)));
            }
            outbox.answer(protocol::step1(&self.document.state_vector()));
            let all = self.presence.all();
            if !all.is_empty() {
                outbox.answer(protocol::awareness(all.iter()));
            }
        }
        self.last_peer += 1;
        let number = self.last_peer;
        let face = Face::new(who.person, &who.name);
        let seat = Seat { who, face, ours, outbox, asked_again: false };
        self.seats.insert(number, seat);
        if reply.send(number).is_err() {
            self.let_go(number);
        }
    }

    fn hello(&mut self, who: &PeerIdentity) -> Hello {
        let writer = self.reserve_writer(who.person);
        let config = &self.parts.config;
        let limits = HelloLimits {
            update: config.update.bytes,
            step2: config.step2.bytes,
            cell: config.update.value,
            text: config.update.text,
        };
        Hello {
            epoch: self.document.epoch(),
            writer,
            role: who.role,
            person: who.person,
            name: who.name.clone(),
            colour: Face::new(who.person, &who.name).colour,
            revision: self.head,
            limits,
        }
    }

    /// Reserves a writer for a tab; the claim is written with the next commit.
    fn reserve_writer(&mut self, person: PersonId) -> Writer {
        loop {
            let writer = self.parts.chance_writer();
            if self.document.owner_of(writer).is_none() {
                self.claim(&[writer], person);
                return writer;
            }
        }
    }

    fn let_go(&mut self, peer: PeerNumber) {
        self.seats.remove(&peer);
        let goodbyes = self.presence.leave(peer);
        self.tell_awareness(&goodbyes);
    }

    fn hear_awareness(&mut self, peer: PeerNumber, entries: Vec<AwarenessEntry>) {
        let Some(seat) = self.seats.get(&peer) else { return };
        let person = seat.who.person;
        let (document, mut free) = (&self.document, Vec::new());
        let quota_left = !self.quota_is_used_up(person, 1);
        let may_speak_as = |writer| match document.owner_of(writer) {
            Some(owner) => owner == Some(person),
            None => {
                free.push(writer);
                quota_left
            }
        };
        let told = self.presence.take_in(peer, &seat.face, entries, may_speak_as);
        free.retain(|writer| told.iter().any(|entry| entry.writer == *writer));
        self.claim(&free, person);
        self.tell_awareness(&told);
    }

    fn tell_awareness(&self, entries: &[AwarenessEntry]) {
        if entries.is_empty() {
            return;
        }
        let frame = protocol::awareness(entries.iter());
        for seat in self.seats.values() {
            seat.outbox.send(frame.clone());
        }
    }

    fn tell(&self, peer: PeerNumber, says: &ServerSays) {
        if let Some(seat) = self.seats.get(&peer).filter(|seat| seat.ours) {
            seat.outbox.send(protocol::ours(says));
        }
    }

    fn send(&self, peer: PeerNumber, frame: Bytes) {
        if let Some(seat) = self.seats.get(&peer) {
            seat.outbox.send(frame);
        }
    }

    fn dismiss(&mut self, peer: PeerNumber, code: CloseCode) {
        if let Some(seat) = self.seats.get(&peer) {
            seat.outbox.close(code);
        }
        self.let_go(peer);
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

const MISSING: &str = "missing";

/// A frame that is not taken in, in words that a tab understands.
struct Refused {
    cells: Vec<RefusedCell>,
    reason: &'static str,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { cells: Vec::new(), reason: refusal.key() }
    }
}

fn broken_by(by: Option<PeerNumber>, cause: &impl std::fmt::Display) -> Ending {
    Ending::Broken { by, cause: cause.to_string() }
}

/// How long an orderly stop may take before the program ends anyway.
pub const STOP_WITHIN: Duration = Duration::from_secs(15);
