//! A room with a clock that stands still, and tabs that are real documents behind sockets of memory.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tablee_document::Writing;
use tablee_domain::ids::{Epoch, PersonId, Revision, Timestamp};
use tablee_domain::people::{Actor, Role};
use tablee_domain::table::{Origin, defaults};
use tablee_live::protocol::{self, AwarenessEntry, FromTab, Hello, ServerSays, TabSays};
use tablee_live::{
    Chance, Clock, Farewell, PeerIdentity, RoomConfig, Rooms, Socket, SocketEvent, Visible, serve,
};
use tablee_storage::testing::{NOON, TestDb};
use tablee_storage::{history, people, revisions, tables};
use tokio::sync::{mpsc, watch};
use yrs::block::ClientID;
use yrs::encoding::read::{Cursor, Read};
use yrs::encoding::write::Write;
use yrs::updates::decoder::Decode;
use yrs::updates::encoder::Encode;
use yrs::{Any, Doc, Map, MapPrelim, MapRef, OffsetKind, Options, Out, ReadTxn, StateVector, Text};
use yrs::{TextPrelim, TextRef, Transact, TransactionMut, Update};

/// Nothing here may take longer, on the busiest machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A clock whose hands only tests move. It begins at noon.
#[derive(Clone)]
pub struct Hands(Arc<AtomicI64>);

impl Default for Hands {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(NOON.get())))
    }
}

impl Hands {
    pub fn go_on(&self, length: Duration) {
        let length = i64::try_from(length.as_millis()).expect("a few years");
        self.0.fetch_add(length, Ordering::Relaxed);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// Chance that is the same in every run.
#[derive(Default)]
struct Counting(AtomicU64);

impl Chance for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let next = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            *byte = (next >> 40) as u8;
        }
    }
}

/// A table with its rooms.
pub struct House {
    pub db: TestDb,
    pub rooms: Rooms,
    pub clock: Hands,
    config: RoomConfig,
}

impl House {
    pub async fn open(db: &TestDb) -> Self {
        Self::with(db, RoomConfig::default()).await
    }

    pub async fn with(db: &TestDb, config: RoomConfig) -> Self {
        Self::at(db, config, Hands::default()).await
    }

    async fn at(db: &TestDb, config: RoomConfig, clock: Hands) -> Self {
        let rooms = Self::rooms_at(db, config.clone(), clock.clone());
        if rooms.open("formations").await.is_err() {
            rooms.create_table("formations", &defaults::formations()).await.expect("a table");
        }
        Self { db: db.clone(), rooms, clock, config }
    }

    /// Rooms over a database, as a program that starts has them.
    pub fn rooms_over(db: &TestDb, config: RoomConfig) -> Rooms {
        Self::rooms_at(db, config, Hands::default())
    }

    fn rooms_at(db: &TestDb, config: RoomConfig, clock: Hands) -> Rooms {
        Rooms::new(db.store().clone(), config, Arc::new(clock), Arc::new(Counting::default()))
    }

    /// The same database, after the program was started again.
    pub async fn again(&self) -> Self {
        self.rooms.stop().await;
        Self::at(&self.db, self.config.clone(), self.clock.clone()).await
    }

    /// The server's own work, as an import or a command does it.
    pub async fn writes<R: Send + 'static>(
        &self,
        origin: Origin,
        work: impl FnOnce(&mut Writing<'_>) -> R + Send + 'static,
    ) -> R {
        let room = self.rooms.open("formations").await.expect("a room");
        room.write(Actor::Program, origin, work).await.expect("it is written").0
    }

    /// The table as everybody sees it.
    pub async fn table(&self) -> Arc<Visible> {
        self.rooms.values("formations").await.expect("a table")
    }

    /// All that a refused update could have left behind: the log and history, byte for byte, and the values.
    pub async fn everything(&self) -> String {
        let visible = self.table().await;
        let mut tx = self.db.read().await;
        let table = tables::find(&mut tx, "formations").await.expect("it answers");
        let table = table.expect("a table");
        let log = revisions::since(&mut tx, table.id, table.epoch, Revision(0), 100_000).await;
        let filter = history::Filter::default();
        let told = history::page(&mut tx, table.id, &filter, None, 100_000).await;
        format!("{:?} {:?} {:?}", visible.values, log.expect("a log"), told.expect("history"))
    }

    /// A person, known to the database.
    pub async fn person(&self, name: &str, role: Role) -> Who {
        let mut tx = self.db.begin().await;
        let email = format!("{}@exemple.fr", name.to_lowercase());
        let id = people::add(&mut tx, &email, name, role, NOON).await.expect("a person");
        tx.commit().await.expect("kept");
        let (ends, ended) = watch::channel(None);
        let identity = PeerIdentity { person: id, role, name: name.to_owned(), ended };
        Who { identity, ends: Arc::new(ends) }
    }

    /// What is durable, as JSON-like text that can be compared.
    pub async fn visible(&self) -> String {
        let visible = self.rooms.values("formations").await.expect("a table");
        format!("{:?} {:?}", visible.revision, visible.values.rows)
    }

    /// The value of a cell, as everybody sees it.
    pub async fn cell(&self, row: &str, column: &str) -> String {
        let visible = self.rooms.values("formations").await.expect("a table");
        let row = visible.values.rows.iter().find(|found| found.id.as_str() == row);
        row.map_or_else(String::new, |row| match row.cell(column) {
            tablee_domain::table::Plain::Text(text) => text.clone(),
            other => serde_json::to_string(other).expect("plain"),
        })
    }
}

/// A person with a login.
#[derive(Clone)]
pub struct Who {
    pub identity: PeerIdentity,
    ends: Arc<watch::Sender<Option<Farewell>>>,
}

impl Who {
    pub fn id(&self) -> PersonId {
        self.identity.person
    }

    pub fn actor(&self) -> Actor {
        Actor::Person(self.identity.person, self.identity.role)
    }

    /// Ends the login.
    pub fn is_told(&self, farewell: Farewell) {
        self.ends.send_replace(Some(farewell));
    }

    /// Opens the table in a tab of ours and waits until it has everything.
    pub async fn opens(&self, house: &House) -> Tab {
        let mut tab = self.knocks(house, true, None).await;
        tab.until_synced().await;
        tab
    }

    /// Knocks at the room without waiting.
    pub async fn knocks(&self, house: &House, ours: bool, epoch: Option<Epoch>) -> Tab {
        let doc =
            Doc::with_options(Options { offset_kind: OffsetKind::Utf16, ..Options::default() });
        self.comes_back(house, &doc, ours, epoch).await
    }

    /// Knocks at the room with a document that a tab has kept.
    pub async fn comes_back(
        &self,
        house: &House,
        doc: &Doc,
        ours: bool,
        epoch: Option<Epoch>,
    ) -> Tab {
        let doc = doc.clone();
        let room = house.rooms.open("formations").await.expect("a room");
        let (to_room, from_tab) = mpsc::unbounded_channel();
        let (to_tab, from_room) = mpsc::channel(1);
        let socket = Memory { incoming: from_tab, outgoing: to_tab };
        tokio::spawn(serve(socket, room, self.identity.clone(), ours, epoch));
        let rows = doc.get_or_insert_map("rows");
        let tab = Tab {
            _login: self.clone(),
            doc,
            rows,
            to_room,
            from_room,
            sent: 0,
            saved: 0,
            hello: None,
            said: Vec::new(),
            awareness: Vec::new(),
            updates_seen: 0,
            asked: 0,
            heard: 0,
            synced: false,
            closed: None,
        };
        let vector = tab.doc.transact().state_vector().encode_v1();
        tab.send(protocol::step1(&vector));
        tab
    }
}

enum Down {
    Message(Bytes),
    Closed(u16),
}

/// A socket of memory. Its way to the tab holds one message, so that a tab that does not read is slow.
struct Memory {
    incoming: mpsc::UnboundedReceiver<Bytes>,
    outgoing: mpsc::Sender<Down>,
}

impl Socket for Memory {
    async fn next(&mut self) -> SocketEvent {
        self.incoming.recv().await.map_or(SocketEvent::Gone, SocketEvent::Message)
    }

    async fn send(&mut self, message: Bytes) -> bool {
        self.outgoing.send(Down::Message(message)).await.is_ok()
    }

    async fn ping(&mut self) -> bool {
        true
    }

    async fn close(&mut self, code: u16, _: &'static str) {
        let _ = self.outgoing.send(Down::Closed(code)).await;
    }
}

/// A tab: a document of its own, and what it was told.
pub struct Tab {
    /// Its login holds as long as it is open.
    _login: Who,
    pub doc: Doc,
    pub rows: MapRef,
    to_room: mpsc::UnboundedSender<Bytes>,
    from_room: mpsc::Receiver<Down>,
    pub sent: u64,
    pub saved: u64,
    pub hello: Option<Hello>,
    pub said: Vec<ServerSays>,
    pub awareness: Vec<AwarenessEntry>,
    pub updates_seen: usize,
    /// How often the room asked for what the tab has.
    pub asked: usize,
    /// Messages of any kind.
    pub heard: usize,
    synced: bool,
    pub closed: Option<u16>,
}

impl Tab {
    pub fn send(&self, frame: Bytes) {
        // A socket that the room closed takes nothing more, like a real one.
        let _ = self.to_room.send(frame);
    }

    /// Edits its document and gives the update without sending it.
    pub fn edits(&self, work: impl FnOnce(&mut TransactionMut<'_>, &MapRef)) -> Vec<u8> {
        let mut txn = self.doc.transact_mut();
        work(&mut txn, &self.rows);
        txn.commit();
        txn.encode_update_v1()
    }

    /// Edits its document and sends the update, like a person at a keyboard.
    pub fn writes(&mut self, work: impl FnOnce(&mut TransactionMut<'_>, &MapRef)) {
        let update = self.edits(work);
        self.sends_update(&update);
    }

    pub fn sends_update(&mut self, update: &[u8]) {
        self.sent += 1;
        self.send(protocol::update(update));
    }

    pub fn sends_step2(&mut self, update: &[u8]) {
        self.sent += 1;
        self.send(protocol::step2(update));
    }

    /// Sends a frame of ours.
    pub fn says(&self, says: &TabSays) {
        let mut frame = vec![100];
        frame.write_string(&serde_json::to_string(says).expect("plain"));
        self.send(frame.into());
    }

    /// Adds a row with a title.
    pub fn adds_row(&mut self, id: &str, title: &str) {
        self.writes(|txn, rows| {
            let row = rows.insert(txn, id, MapPrelim::default());
            row.insert(txn, "~order", "m");
            row.insert(txn, "intitule", TextPrelim::new(title));
        });
    }

    /// Sets a plain value.
    pub fn sets(&mut self, row: &str, key: &str, value: &str) {
        self.writes(|txn, rows| {
            map_at(txn, rows, row).insert(txn, key, value);
        });
    }

    /// Sets a value that is no text, or clears it.
    pub fn puts(&mut self, row: &str, key: &str, value: Any) {
        self.writes(|txn, rows| {
            map_at(txn, rows, row).insert(txn, key, value);
        });
    }

    pub fn has_row(&self, row: &str) -> bool {
        self.rows.contains_key(&self.doc.transact(), row)
    }

    /// Puts a row in the bin.
    pub fn bins(&mut self, row: &str) {
        self.sets_bin_mark(row, 1.0);
    }

    /// Puts a row in the bin at a moment, in the bin or not.
    pub fn sets_bin_mark(&mut self, row: &str, at: f64) {
        self.writes(|txn, rows| {
            let mark = Any::from(HashMap::from([("at".to_owned(), Any::from(at))]));
            map_at(txn, rows, row).insert(txn, "~deleted", mark);
        });
    }

    /// Takes a row out of the bin.
    pub fn unbins(&mut self, row: &str) {
        self.writes(|txn, rows| {
            map_at(txn, rows, row).remove(txn, "~deleted");
        });
    }

    /// Closes its socket, and waits until the room knows.
    pub async fn leaves(&mut self) {
        let (nowhere, _) = mpsc::unbounded_channel();
        self.to_room = nowhere;
        while self.from_room.recv().await.is_some() {}
    }

    /// Reads frames until the condition holds.
    pub async fn until(&mut self, holds: impl Fn(&Self) -> bool) {
        let wait = async {
            while !holds(self) {
                match self.from_room.recv().await {
                    Some(Down::Message(bytes)) => self.hears(&bytes),
                    Some(Down::Closed(code)) => self.closed = Some(code),
                    None => {
                        self.closed.get_or_insert(0);
                        assert!(holds(self), "the room let go: {:?}", self.said);
                    }
                }
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, wait).await;
        assert!(in_time.is_ok(), "it never came; said: {:?}, closed: {:?}", self.said, self.closed);
    }

    pub async fn until_synced(&mut self) {
        self.until(|tab| tab.synced || tab.closed.is_some()).await;
    }

    pub async fn until_saved(&mut self) {
        self.until(|tab| tab.saved >= tab.sent).await;
    }

    pub async fn until_closed(&mut self) -> u16 {
        self.until(|tab| tab.closed.is_some()).await;
        self.closed.expect("it is closed")
    }

    fn hears(&mut self, bytes: &[u8]) {
        self.heard += 1;
        if let Ok(frame) = protocol::decode(bytes) {
            return self.takes_in(frame);
        }
        let mut cursor = Cursor::new(bytes);
        assert_eq!(cursor.read_var::<u32>().expect("a kind"), 100, "a frame of ours");
        let says = serde_json::from_str(cursor.read_string().expect("a text")).expect("JSON");
        match &says {
            ServerSays::Hello(hello) => self.hello = Some(hello.clone()),
            ServerSays::Saved { upto } => self.saved = *upto,
            _ => {}
        }
        self.said.push(says);
    }

    fn takes_in(&mut self, frame: FromTab) {
        match frame {
            FromTab::Step1(state_vector) => {
                self.asked += 1;
                let vector = StateVector::decode_v1(&state_vector).expect("a state vector");
                let missing = self.doc.transact().encode_diff_v1(&vector);
                self.sends_step2(&missing);
            }
            FromTab::Step2(update) => {
                self.applies(&update);
                self.synced = true;
            }
            FromTab::Update(update) => {
                self.applies(&update);
                self.updates_seen += 1;
            }
            FromTab::Awareness(entries) => self.awareness.extend(entries),
            FromTab::QueryAwareness | FromTab::Ours(_) => {}
        }
    }

    pub fn applies(&self, update: &[u8]) {
        let update = Update::decode_v1(update).expect("an update");
        self.doc.transact_mut().apply_update(update).expect("it applies");
    }

    /// The text of a cell as this tab sees it.
    pub fn text(&self, row: &str, column: &str) -> String {
        let txn = self.doc.transact();
        match self.rows.get(&txn, row) {
            Some(Out::YMap(row)) => row.get(&txn, column).map(|out| out.to_string(&txn)),
            _ => None,
        }
        .unwrap_or_default()
    }

    /// A copy of this tab's document under a writer of somebody's choice.
    pub fn forged_as(&self, writer: u64) -> (Doc, MapRef) {
        let doc = Doc::with_options(Options::with_client_id(ClientID::new(writer)));
        let rows = doc.get_or_insert_map("rows");
        let state = self.doc.transact().encode_diff_v1(&StateVector::default());
        doc.transact_mut()
            .apply_update(Update::decode_v1(&state).expect("a state"))
            .expect("applied");
        (doc, rows)
    }

    pub fn writer(&self) -> u64 {
        self.doc.client_id().get()
    }
}

pub fn map_at(txn: &TransactionMut<'_>, rows: &MapRef, row: &str) -> MapRef {
    match rows.get(txn, row) {
        Some(Out::YMap(map)) => map,
        other => panic!("no row {row}: {other:?}"),
    }
}

pub fn text_at(txn: &TransactionMut<'_>, rows: &MapRef, row: &str, column: &str) -> TextRef {
    match map_at(txn, rows, row).get(txn, column) {
        Some(Out::YText(text)) => text,
        other => panic!("no text {row}/{column}: {other:?}"),
    }
}

/// Types at the end of a text.
pub fn types(txn: &mut TransactionMut<'_>, text: &TextRef, words: &str) {
    let end = text.len(txn);
    text.insert(txn, end, words);
}
