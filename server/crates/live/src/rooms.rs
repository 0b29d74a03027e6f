//! One room per table, opened once however many ask.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tablee_document::{TableDocument, Writing};
use tablee_domain::ids::{Epoch, PersonId, Revision, RowId, TableId, Writer};
use tablee_domain::people::Actor;
use tablee_domain::table::{Column, Origin};
use tablee_storage::{Store, revisions, tables, writers};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use crate::peer::RoomQueue;
use crate::protocol::Notice;
use crate::room::{self, Request, Room, Visible, WriteRequest};
use crate::{Chance, Clock, RoomConfig, RoomError};

/// Requests that may wait for a room; beyond it, sockets are read more slowly.
const QUEUE: usize = 1_024;

/// All rooms of this process.
#[derive(Clone)]
pub struct Rooms(Arc<Inner>);

struct Inner {
    parts: Parts,
    // One lock for all tables: a table is opened in milliseconds, and there are few of them.
    open: Mutex<HashMap<String, RoomHandle>>,
    tasks: TaskTracker,
}

/// What every room is made with.
#[derive(Clone)]
pub(crate) struct Parts {
    pub store: Store,
    pub config: Arc<RoomConfig>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
}

impl Parts {
    /// A writer that nobody can foresee. 32 bits, as Yjs tabs choose them; zero is never one.
    pub fn chance_writer(&self) -> Writer {
        let mut bytes = [0; 4];
        self.chance.fill(&mut bytes);
        Writer(u64::from(u32::from_le_bytes(bytes)).max(1))
    }
}

impl Rooms {
    /// Rooms over a database. `clock` and `chance` are those of the program.
    pub fn new(
        store: Store,
        config: RoomConfig,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Self {
        let parts = Parts { store, config: Arc::new(config), clock, chance };
        Self(Arc::new(Inner { parts, open: Mutex::default(), tasks: TaskTracker::new() }))
    }

    /// Makes a table with its first columns. Its document is written by the server from its first byte on.
    pub async fn create_table(&self, name: &str, columns: &[Column]) -> Result<TableId, RoomError> {
        let parts = &self.0.parts;
        let (epoch, server, at) = (Epoch(1), parts.chance_writer(), parts.clock.now());
        let (_, first) = TableDocument::create(epoch, server, columns);
        let mut tx = parts.store.begin().await?;
        let table = tables::create(&mut tx, name, epoch, at).await?.id;
        writers::claim(&mut tx, table, epoch, server, None, at).await?;
        let entry =
            revisions::LogEntry { actor: None, origin: Origin::Program, at, update: &first.update };
        revisions::append(&mut tx, table, epoch, Revision(0), &[entry]).await?;
        tx.commit().await?;
        Ok(table)
    }

    /// The room of a table.
    pub async fn open(&self, name: &str) -> Result<RoomHandle, RoomError> {
        let mut open = self.0.open.lock().await;
        if let Some(room) = open.get(name).filter(|room| !room.queue.is_closed()) {
            return Ok(room.clone());
        }
        if self.0.tasks.is_closed() {
            return Err(RoomError::Closed);
        }
        let parts = self.0.parts.clone();
        let room = Room::load(name, parts, self.0.tasks.clone()).await?;
        let (queue, requests) = mpsc::channel(QUEUE);
        let parts = self.0.parts.clone();
        let (name_of, tasks) = (Arc::from(name), self.0.tasks.clone());
        let (table, peers) = (room.table(), room.peers());
        let handle = RoomHandle { name: name_of, table, queue, peers, parts, tasks };
        self.0.tasks.spawn(room.run(requests));
        open.insert(name.to_owned(), handle.clone());
        Ok(handle)
    }

    /// What is durable in a table, opening it where it is closed.
    pub async fn values(&self, name: &str) -> Result<Arc<Visible>, RoomError> {
        match self.open(name).await?.values().await {
            // It closed between our look and our question: it opens again, once.
            Err(RoomError::Closed) => self.open(name).await?.values().await,
            answer => answer,
        }
    }

    /// What is durable in a table, read without opening it. Nothing is kept and nothing is written, so a
    /// command can look beside a running server.
    pub async fn look(&self, name: &str) -> Result<Arc<Visible>, RoomError> {
        Ok(self.look_at(name).await?.1)
    }

    pub(crate) async fn look_at(&self, name: &str) -> Result<(TableId, Arc<Visible>), RoomError> {
        let mut room = Room::load(name, self.0.parts.clone(), self.0.tasks.clone()).await?;
        Ok((room.table(), room.visible()))
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.parts.store
    }

    /// Closes all rooms: what is queued is written, peers are told to come back, snapshots are made.
    pub async fn stop(&self) {
        let open = {
            let mut open = self.0.open.lock().await;
            // Closed while nobody else can open: a room made now would never be told to stop.
            self.0.tasks.close();
            std::mem::take(&mut *open)
        };
        for room in open.into_values() {
            let _ = room.ask(Request::Stop).await;
        }
        self.0.tasks.wait().await;
    }
}

/// A way to a room that is open, or was.
#[derive(Clone)]
pub struct RoomHandle {
    name: Arc<str>,
    table: TableId,
    queue: RoomQueue,
    peers: Arc<AtomicUsize>,
    pub(crate) parts: Parts,
    tasks: TaskTracker,
}

impl RoomHandle {
    /// The table's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The table.
    pub fn table(&self) -> TableId {
        self.table
    }

    /// Whether somebody has the table open, as of the last round of its queue.
    pub fn has_peers(&self) -> bool {
        self.peers.load(Ordering::Relaxed) > 0
    }

    /// What is durable in this table: nothing that is not on disk is ever seen here.
    pub async fn values(&self) -> Result<Arc<Visible>, RoomError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::Values(reply)).await?;
        answer.await.map_err(|_| RoomError::Closed)
    }

    /// The server's own door: `work` is one transaction of the document, one entry of the log. When this
    /// returns it is durable and visible. [`RoomError::Closed`] says that nothing of it was done, or that its
    /// end is unknown because the log could not be written: read the table again before trying again.
    pub async fn write<R: Send + 'static>(
        &self,
        actor: Actor,
        origin: Origin,
        work: impl FnOnce(&mut Writing<'_>) -> R + Send + 'static,
    ) -> Result<(R, Revision), RoomError> {
        let (reply, answer) = oneshot::channel();
        let work: WriteRequest = Box::new(move |writing| {
            let result = work(writing);
            Box::new(move |revision| {
                // Whoever asked may have left; the work is done all the same.
                let _ = reply.send((result, revision));
            })
        });
        self.ask(Request::Write { actor, origin, work }).await?;
        answer.await.map_err(|_| RoomError::Closed)
    }

    /// Lets the room know to whom a row belongs, once the database does: the rules ask the room, and whoever has
    /// the table open may change their row at once. A room that is closed reads it when it opens.
    pub async fn owns(&self, row: &RowId, person: PersonId) {
        // Closed: there is nobody to tell.
        let _ = self.ask(Request::Owns { row: row.clone(), person }).await;
    }

    /// Tells something to everybody who has the table open in a tab of ours.
    pub async fn announce(&self, notice: Notice) -> Result<(), RoomError> {
        self.ask(Request::Announce(notice)).await
    }

    /// Lets the room rest now, as it does by itself when nobody needed it for a while: it closes, with a new
    /// epoch where one is due. Nothing happens while somebody has the table open.
    pub async fn rest(&self) -> Result<(), RoomError> {
        self.ask(Request::Rest).await
    }

    /// Resolves when the room is closed: whoever opens the table then reads the log anew.
    pub async fn closed(&self) {
        self.queue.closed().await;
    }

    /// Held while something goes on that a stop must wait for.
    pub(crate) fn token(&self) -> TaskTrackerToken {
        self.tasks.token()
    }

    pub(crate) async fn copy(&self) -> Result<room::Copy, RoomError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Request::Copy(reply)).await?;
        answer.await.map_err(|_| RoomError::Closed)
    }

    pub(crate) fn config(&self) -> Arc<RoomConfig> {
        self.parts.config.clone()
    }

    pub(crate) async fn ask(&self, request: Request) -> Result<(), RoomError> {
        self.queue.send(request).await.map_err(|_| RoomError::Closed)
    }
}
