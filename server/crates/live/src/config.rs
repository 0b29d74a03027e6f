//! How much a room and its peers may take. Every number is a limit that a hostile hand meets.

use std::time::Duration;

use tablee_document::admission::Limits;
use tablee_domain::people::MembersEdit;
use tablee_domain::table::Plain;

/// The settings of rooms.
#[derive(Debug, Clone)]
pub struct RoomConfig {
    /// Whose rows a member may change.
    pub members_edit: MembersEdit,
    /// What a row that a tab makes starts with, by key: written by the server where the tab wrote nothing.
    pub row_starts_with: Vec<(String, Plain)>,
    /// What one update may hold.
    pub update: Limits,
    /// What an answer to sync step 1 may hold: all that a tab did while it was away.
    pub step2: Limits,
    /// What each tab may ask for.
    pub peer: PeerLimits,
    /// A snapshot is made when this many updates were written since the last.
    pub snapshot_after: usize,
    /// A room without peers closes after this long without a request.
    pub idle_after: Duration,
}

impl Default for RoomConfig {
    fn default() -> Self {
        Self {
            members_edit: MembersEdit::default(),
            row_starts_with: Vec::new(),
            update: Limits::default(),
            step2: Limits::of_step2(),
            peer: PeerLimits::default(),
            snapshot_after: 500,
            idle_after: Duration::from_mins(10),
        }
    }
}

/// What one tab may ask for, and how far it may lag behind.
#[derive(Debug, Clone)]
pub struct PeerLimits {
    /// Sync frames a second, sustained; a faster tab is read more slowly.
    pub frames_per_second: u32,
    /// Sync frames that may come at once.
    pub frames_burst: u32,
    /// Awareness messages are passed on at most this often; the latest wins.
    pub awareness_every: Duration,
    /// One awareness message, in bytes.
    pub awareness_bytes: usize,
    /// Frames that wait for one peer; beyond it the peer is dropped and syncs anew.
    pub waiting_frames: usize,
    /// Bytes that wait for one peer, the answer to its own sync step 1 apart.
    pub waiting_bytes: usize,
    /// A frame that is not taken by the network in this time ends the peer.
    pub send_timeout: Duration,
    /// A ping is sent this often.
    pub ping_every: Duration,
    /// A tab that sends nothing, not even a pong, for this long is gone.
    pub silent_after: Duration,
    /// Peers in one room.
    pub peers: usize,
    /// Peers of one person in one room: nobody keeps the others out. Those that left without a word count
    /// until they are missed.
    pub peers_of_person: usize,
}

impl Default for PeerLimits {
    fn default() -> Self {
        Self {
            frames_per_second: 200,
            frames_burst: 1_000,
            awareness_every: Duration::from_millis(50),
            awareness_bytes: 64 << 10,
            waiting_frames: 2_000,
            waiting_bytes: 8 << 20,
            send_timeout: Duration::from_secs(20),
            ping_every: Duration::from_secs(25),
            silent_after: Duration::from_secs(75),
            peers: 500,
            peers_of_person: 100,
        }
    }
}
