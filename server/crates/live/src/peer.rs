//! One tab: read, bound size and rate, hand over to the room, say goodbye.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tablee_domain::ids::{Epoch, PersonId};
use tablee_domain::people::Role;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::config::{PeerLimits, RoomConfig};
use crate::presence::PeerNumber;
use crate::protocol::{self, AwarenessEntry, CloseCode, FromTab, TabSays};
use crate::queue::{self, Inbox};
use crate::room::{Join, Request};
use crate::rooms::RoomHandle;

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(5);

/// Entries of awareness that wait to be passed on: more are noise.
const WAITING_ENTRIES: usize = 1_000;

/// What frames cost, in edits. Where a tab is costs little; an answer to sync step 1 may be the whole table; a
/// large edit is read byte by byte, and what it took to judge is charged when it was judged.
const BYTES_OF_AN_EDIT: f64 = 4_096.0;
const STEPS_OF_AN_EDIT: f64 = 1_000.0;
const STEP_1_COST: f64 = 25.0;
const AWARENESS_COST: f64 = 0.1;
const AWARENESS_ENTRY_COST: f64 = 0.02;

/// Why a tab must go although it did nothing wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell {
    /// The login ended: signed out, expired, person removed.
    LoginEnded,
    /// The person has another role now: the tab comes back with it.
    RoleChanged,
    /// The server stops.
    Restarting,
}

impl Farewell {
    fn code(self) -> CloseCode {
        match self {
            Self::LoginEnded => CloseCode::LoginEnded,
            Self::RoleChanged | Self::Restarting => CloseCode::Restarting,
        }
    }
}

/// Who sits behind a socket, as the server knows it.
#[derive(Debug, Clone)]
pub struct PeerIdentity {
    /// The person.
    pub person: PersonId,
    /// What the person may do.
    pub role: Role,
    /// The name that others see.
    pub name: String,
    /// Set when the login or the role ends.
    pub ended: watch::Receiver<Option<Farewell>>,
}

/// What a socket brought.
#[derive(Debug)]
pub enum SocketEvent {
    /// A whole binary message.
    Message(Bytes),
    /// A sign of life.
    Pong,
    /// A message larger than the socket takes.
    TooLarge,
    /// The other side left.
    Gone,
}

/// A WebSocket, whoever made it.
pub trait Socket: Send {
    /// The next thing that came. Must be safe to drop while it waits.
    fn next(&mut self) -> impl Future<Output = SocketEvent> + Send;
    /// Sends one binary message; `false` when the other side is gone.
    fn send(&mut self, message: Bytes) -> impl Future<Output = bool> + Send;
    /// Asks for a sign of life.
    fn ping(&mut self) -> impl Future<Output = bool> + Send;
    /// Says why and closes.
    fn close(&mut self, code: u16, reason: &'static str) -> impl Future<Output = ()> + Send;
}

/// Serves one tab until it leaves or must go.
///
/// `ours` says that the tab offered the subprotocol; `epoch` is that of the document it holds.
pub async fn serve(
    mut socket: impl Socket,
    room: RoomHandle,
    who: PeerIdentity,
    ours: bool,
    epoch: Option<Epoch>,
) {
    // Whoever stops the rooms waits until this tab was told.
    let _here = room.token();
    let config = room.config();
    let (outbox, inbox) = queue::channel(&config.peer);
    let (reply, answer) = tokio::sync::oneshot::channel();
    let ended = who.ended.clone();
    let join = Join { who, ours, epoch, outbox, reply };
    let joined = match room.ask(Request::Join(Box::new(join))).await {
        Ok(()) => answer.await.ok(),
        Err(_) => None,
    };
    let Some(number) = joined else {
        return take_leave(&mut socket, CloseCode::RoomClosed).await;
    };
    let code = Tab::new(number, &room, &config.peer, inbox, ended).run(&mut socket, &config).await;
    let _ = room.ask(Request::Leave(number)).await;
    if let Some(code) = code {
        take_leave(&mut socket, code).await;
    }
}

/// Says goodbye, to a tab that may never answer.
async fn take_leave(socket: &mut impl Socket, code: CloseCode) {
    let _ = timeout(GOODBYE, socket.close(code.number(), code.reason())).await;
}

/// One tab while it is in the room.
struct Tab<'r> {
    number: PeerNumber,
    room: &'r RoomHandle,
    limits: &'r PeerLimits,
    inbox: Inbox,
    goodbye: watch::Receiver<Option<CloseCode>>,
    ended: watch::Receiver<Option<Farewell>>,
    /// Step 2 and update frames so far.
    frames: u64,
    tokens: Tokens,
    /// Room for the bytes of frames that the room has not judged yet.
    unjudged: Arc<Semaphore>,
    heard: Instant,
    awareness: Coalesced,
}

/// Why the loop ends: with a code to say, or silently because nobody listens.
type Ending = Option<CloseCode>;

impl<'r> Tab<'r> {
    fn new(
        number: PeerNumber,
        room: &'r RoomHandle,
        limits: &'r PeerLimits,
        inbox: Inbox,
        ended: watch::Receiver<Option<Farewell>>,
    ) -> Self {
        let now = Instant::now();
        let tokens = Tokens::new(limits, now);
        let awareness = Coalesced { waiting: Vec::new(), next: now };
        Self {
            number,
            room,
            limits,
            goodbye: inbox.goodbye.clone(),
            inbox,
            ended,
            frames: 0,
            tokens,
            unjudged: Arc::new(Semaphore::new(limits.unjudged_bytes)),
            heard: now,
            awareness,
        }
    }

    async fn run(mut self, socket: &mut impl Socket, config: &RoomConfig) -> Ending {
        let mut ping = tokio::time::interval_at(
            Instant::now() + self.limits.ping_every,
            self.limits.ping_every,
        );
        loop {
            self.tokens.take(self.inbox.owed() as f64 / STEPS_OF_AN_EDIT);
            let may_read = self.tokens.ready_at();
            tokio::select! {
                biased;
                code = farewell(&mut self.ended) => return Some(code),
                code = goodbye(&mut self.goodbye) => return self.send_rest(socket, code).await,
                frame = self.inbox.next() => match frame {
                    Some(frame) => if let Some(ending) = self.bring(socket.send(frame)).await {
                        return ending;
                    },
                    None => return Some(CloseCode::RoomClosed),
                },
                _ = ping.tick() => {
                    if self.heard.elapsed() > self.limits.silent_after {
                        return None;
                    }
                    if let Some(ending) = self.bring(socket.ping()).await {
                        return ending;
                    }
                }
                () = sleep_until(self.awareness.next), if !self.awareness.waiting.is_empty() => {
                    let entries = std::mem::take(&mut self.awareness.waiting);
                    self.awareness.next = Instant::now() + self.limits.awareness_every;
                    let request = Request::Awareness { peer: self.number, entries };
                    if let Err(ending) = self.ask(request).await {
                        return ending;
                    }
                }
                event = read_from(socket, may_read) => if let Err(ending) = self.hear(event, config).await {
                    return ending;
                },
            }
        }
    }

    /// Sends something; a tab that does not take it in time is gone, and so is one that must go meanwhile.
    async fn bring(&mut self, sending: impl Future<Output = bool>) -> Option<Ending> {
        let told = &mut self.goodbye;
        let patience = async {
            match timeout(self.limits.send_timeout, goodbye(told)).await {
                // The room has said goodbye: what is on its way may still arrive.
                Ok(_) => {
                    sleep(GOODBYE).await;
                    None
                }
                Err(_) => Some(CloseCode::TooSlow),
            }
        };
        tokio::select! {
            biased;
            code = farewell(&mut self.ended) => Some(Some(code)),
            sent = sending => if sent { None } else { Some(None) },
            code = patience => Some(code),
        }
    }

    /// What was promised before the goodbye is still sent: `saved`, then `refused`.
    async fn send_rest(&mut self, socket: &mut impl Socket, code: CloseCode) -> Ending {
        let rest = async {
            while let Some(frame) = self.inbox.rest() {
                if !socket.send(frame).await {
                    return;
                }
            }
        };
        if code == CloseCode::TooSlow {
            return Some(code);
        }
        timeout(GOODBYE, rest).await.ok().map(|()| code)
    }

    async fn hear(&mut self, event: SocketEvent, config: &RoomConfig) -> Result<(), Ending> {
        self.heard = Instant::now();
        let bytes = match event {
            SocketEvent::Message(bytes) => bytes,
            SocketEvent::Pong => return Ok(()),
            SocketEvent::TooLarge => return Err(Some(CloseCode::TooLarge)),
            SocketEvent::Gone => return Err(None),
        };
        if bytes.len() > self.limits.awareness_bytes && protocol::is_awareness(&bytes) {
            // No honest tab has so much to say; where it is, it says again.
            self.tokens.take(STEP_1_COST);
            return Ok(());
        }
        let frame = protocol::decode(&bytes).map_err(|error| {
            tracing::debug!(peer = self.number, %error, "a tab sent what is no frame");
            Some(CloseCode::Refused)
        })?;
        match self.request(frame, config)? {
            Some(request) => self.ask(request).await,
            None => Ok(()),
        }
    }

    /// Asks the room, which may have much to do. A tab that must go meanwhile goes.
    async fn ask(&mut self, mut request: Request) -> Result<(), Ending> {
        let asking = async {
            if let Request::Frame { bytes, held, .. } = &mut request {
                *held = make_room(&self.unjudged, bytes.len(), self.limits.unjudged_bytes).await;
            }
            self.room.ask(request).await
        };
        tokio::select! {
            biased;
            code = farewell(&mut self.ended) => Err(Some(code)),
            asked = asking => asked.map_err(|_| Some(CloseCode::RoomClosed)),
        }
    }

    /// What the room is asked for, sizes checked.
    fn request(&mut self, frame: FromTab, config: &RoomConfig) -> Result<Option<Request>, Ending> {
        let peer = self.number;
        let (bytes, most, whole) = match frame {
            FromTab::Step2(bytes) => (bytes, config.step2.bytes, true),
            FromTab::Update(bytes) => (bytes, config.update.bytes, false),
            FromTab::Step1(state_vector) => {
                self.tokens.take(STEP_1_COST);
                return Ok(Some(Request::Step1 { peer, state_vector }));
            }
            FromTab::QueryAwareness => {
                self.tokens.take(1.0);
                return Ok(Some(Request::QueryAwareness(peer)));
            }
            FromTab::Awareness(entries) => {
                self.tokens.take(AWARENESS_COST + AWARENESS_ENTRY_COST * entries.len() as f64);
                self.awareness.keep(entries);
                return Ok(None);
            }
            FromTab::Ours(TabSays::MakeText { row, column }) => {
                self.tokens.take(1.0);
                return Ok(Some(Request::MakeText { peer, row, column }));
            }
        };
        if bytes.len() > most {
            return Err(Some(CloseCode::TooLarge));
        }
        self.tokens.take(1.0 + bytes.len() as f64 / BYTES_OF_AN_EDIT);
        self.frames += 1;
        Ok(Some(Request::Frame { peer, number: self.frames, whole, bytes, held: None }))
    }
}

/// Waits until `bytes` more may wait for the room. What is larger than all there may be goes alone.
async fn make_room(
    unjudged: &Arc<Semaphore>,
    bytes: usize,
    most: usize,
) -> Option<OwnedSemaphorePermit> {
    let wanted = u32::try_from(bytes.min(most)).unwrap_or(u32::MAX);
    // It is never closed.
    unjudged.clone().acquire_many_owned(wanted).await.ok()
}

/// The next event, not before the tab may send again: too fast a tab is read more slowly, nothing is dropped.
async fn read_from(socket: &mut impl Socket, may_read: Option<Instant>) -> SocketEvent {
    if let Some(at) = may_read {
        sleep_until(at).await;
    }
    socket.next().await
}

async fn farewell(ended: &mut watch::Receiver<Option<Farewell>>) -> CloseCode {
    match ended.wait_for(Option::is_some).await.map(|told| *told) {
        Ok(Some(farewell)) => farewell.code(),
        // Whoever watched over this login is gone: so is our knowledge that it holds.
        Ok(None) | Err(_) => CloseCode::Restarting,
    }
}

async fn goodbye(told: &mut watch::Receiver<Option<CloseCode>>) -> CloseCode {
    match told.wait_for(Option::is_some).await.map(|told| *told) {
        Ok(Some(code)) => code,
        Ok(None) | Err(_) => CloseCode::RoomClosed,
    }
}

/// The latest word about each tab, until it may be passed on.
struct Coalesced {
    waiting: Vec<AwarenessEntry>,
    next: Instant,
}

impl Coalesced {
    fn keep(&mut self, entries: Vec<AwarenessEntry>) {
        for entry in entries {
            let known = self.waiting.iter().position(|waiting| waiting.writer == entry.writer);
            match known {
                Some(at) if self.waiting[at].clock <= entry.clock => self.waiting[at] = entry,
                None if self.waiting.len() < WAITING_ENTRIES => self.waiting.push(entry),
                Some(_) | None => {}
            }
        }
    }
}

/// A bucket of tokens that fills with time.
struct Tokens {
    left: f64,
    most: f64,
    per_second: f64,
    at: Instant,
}

impl Tokens {
    fn new(limits: &PeerLimits, now: Instant) -> Self {
        let most = f64::from(limits.frames_burst);
        Self { left: most, most, per_second: f64::from(limits.frames_per_second), at: now }
    }

    fn refill(&mut self) {
        let now = Instant::now();
        let gained = now.duration_since(self.at).as_secs_f64() * self.per_second;
        self.left = (self.left + gained).min(self.most);
        self.at = now;
    }

    fn take(&mut self, cost: f64) {
        self.refill();
        self.left -= cost;
    }

    /// When the tab may be read again; none where it may be now.
    fn ready_at(&mut self) -> Option<Instant> {
        self.refill();
        let missing = 1.0 - self.left;
        (missing > 0.0).then(|| self.at + Duration::from_secs_f64(missing / self.per_second))
    }
}

/// The queue of a room, as peers and handles know it.
pub(crate) type RoomQueue = mpsc::Sender<Request>;
