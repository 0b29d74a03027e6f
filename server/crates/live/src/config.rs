//! How much a room and its peers may take. Every number is a limit that a hostile hand meets.

use std::time::Duration;

use tablee_document::admission::Limits;
use tablee_domain::people::MembersEdit;
use tablee_domain::table::Plain;

const DAY: Duration = Duration::from_hours(24);

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
    /// A room without peers closes after this long without a request. One that nobody has open for as long is
    /// quiet: it may begin a new epoch.
    pub idle_after: Duration,
    /// When a quiet room begins a new epoch.
    pub rebuild_after: RebuildAfter,
    /// How long the log of an epoch is kept after its end, so that moments of it can be had again.
    pub keep_log: Duration,
    /// How long the values of each day are kept.
    pub keep_days: Duration,
    /// Writers that one person may use in one table in a day: one per tab, with room for bad networks.
    pub writers_a_day: usize,
}

/// How much must be remembered as deleted before a quiet room begins a new epoch without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RebuildAfter {
    /// At least so many elements: below, nothing is gained.
    pub tombstones: u64,
    /// And so many for each value that stands.
    pub per_value: u64,
}

impl Default for RebuildAfter {
    fn default() -> Self {
        Self { tombstones: 50_000, per_value: 10 }
    }
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
            rebuild_after: RebuildAfter::default(),
            keep_log: DAY * 90,
            keep_days: DAY * 400,
            writers_a_day: 2_000,
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
    /// Bytes of one peer that wait for the room; beyond it the tab is read more slowly.
    pub unjudged_bytes: usize,
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
            unjudged_bytes: 8 << 20,
            send_timeout: Duration::from_secs(20),
            ping_every: Duration::from_secs(25),
            silent_after: Duration::from_secs(75),
            peers: 500,
            peers_of_person: 100,
        }
    }
}
