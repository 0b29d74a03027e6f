//! Every limit that a room meets a hostile hand with, in one table: for the operator, and for documents.

use std::time::Duration;

use serde::Serialize;

use crate::RoomConfig;

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// Its name, as code calls it.
    pub name: &'static str,
    /// The number.
    pub value: u64,
    /// What it counts: `bytes`, `ms`, `frames`…
    pub unit: &'static str,
    /// What happens beyond it.
    pub about: &'static str,
}

/// All limits as the program starts with them.
pub fn table() -> Vec<Limit> {
    of(&RoomConfig::default())
}

/// All limits under these settings.
pub fn of(config: &RoomConfig) -> Vec<Limit> {
    let limit = |name, value: usize, unit, about| Limit { name, value: value as u64, unit, about };
    let lasts = |name, length: Duration, about| Limit {
        name,
        value: u64::try_from(length.as_millis()).unwrap_or(u64::MAX),
        unit: "ms",
        about,
    };
    let (update, step2, peer) = (&config.update, &config.step2, &config.peer);
    vec![
        limit("update.bytes", update.bytes, "bytes", "a larger live edit closes its socket, 4413"),
        limit(
            "step2.bytes",
            step2.bytes,
            "bytes",
            "more work of an absence closes the socket, 4413",
        ),
        limit("update.writers", update.writers, "writers", "an update with more is refused"),
        limit("update.claims", update.claims, "writers", "an update that claims more is refused"),
        limit("update.blocks", update.blocks, "blocks", "an update with more is refused"),
        limit("update.deletions", update.deletions, "ranges", "an update with more is refused"),
        limit("update.key", update.key, "bytes", "a longer key is refused"),
        limit("update.value", update.value, "bytes", "a larger plain value is refused"),
        limit("update.text", update.text, "letters", "a text that would be longer is refused"),
        limit(
            "update.text_blocks",
            update.text_blocks,
            "blocks",
            "more pieces in one text are refused",
        ),
        limit(
            "update.comparisons",
            update.comparisons,
            "steps",
            "an update that costs more is refused",
        ),
        limit(
            "update.row_keys",
            update.row_keys,
            "keys",
            "a row with more keys, ever, takes no new one",
        ),
    ]
    .into_iter()
    .chain([
        limit(
            "peer.frames_per_second",
            peer.frames_per_second as usize,
            "frames",
            "a faster tab is read more slowly",
        ),
        limit(
            "peer.frames_burst",
            peer.frames_burst as usize,
            "frames",
            "as many may come at once",
        ),
        lasts(
            "peer.awareness_every",
            peer.awareness_every,
            "where a tab is, is passed on at most this often",
        ),
        limit(
            "peer.awareness_bytes",
            peer.awareness_bytes,
            "bytes",
            "a longer awareness message is not heard",
        ),
        limit(
            "peer.waiting_frames",
            peer.waiting_frames,
            "frames",
            "a tab with more waiting is dropped, 1013",
        ),
        limit(
            "peer.waiting_bytes",
            peer.waiting_bytes,
            "bytes",
            "a tab with more waiting is dropped, 1013",
        ),
        lasts(
            "peer.send_timeout",
            peer.send_timeout,
            "a frame that is not taken in this time drops its tab",
        ),
        lasts("peer.ping_every", peer.ping_every, "a sign of life is asked for this often"),
        lasts("peer.silent_after", peer.silent_after, "a tab that is silent for longer is gone"),
        limit("peer.peers", peer.peers, "tabs", "a table with more turns others away, 1013"),
        limit(
            "peer.peers_of_person",
            peer.peers_of_person,
            "tabs",
            "a person with more is turned away, 1013",
        ),
    ])
    .chain([
        limit(
            "room.snapshot_after",
            config.snapshot_after,
            "updates",
            "a snapshot is made after as many",
        ),
        lasts("room.idle_after", config.idle_after, "a room without tabs closes after this time"),
    ])
    .collect()
}
