//! Every limit that a room meets a hostile hand with, in one table: for the operator, and for documents.

use std::time::Duration;

use serde::Serialize;

use crate::{PeerLimits, RebuildAfter, RoomConfig};

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
    let all = [of_updates(config), of_peers(&config.peer), of_rooms(config)];
    all.into_iter().flatten().collect()
}

fn of_updates(config: &RoomConfig) -> Vec<Limit> {
    let (live, whole) = (&config.update, &config.step2);
    vec![
        count("update.bytes", live.bytes, "bytes", "a larger live edit ends its socket, 4413"),
        count("step2.bytes", whole.bytes, "bytes", "more work of an absence ends it, 4413"),
        count("update.writers", live.writers, "writers", "an update with more is refused"),
        count("update.claims", live.claims, "writers", "an update that claims more is refused"),
        count("update.blocks", live.blocks, "blocks", "an update with more is refused"),
        count("update.deletions", live.deletions, "ranges", "an update with more is refused"),
        count("update.key", live.key, "bytes", "a longer key is refused"),
        count("update.value", live.value, "bytes", "a larger plain value is refused"),
        count("update.text", live.text, "letters", "a text that becomes longer is refused"),
        count("update.row_keys", live.row_keys, "keys", "a row with as many, ever, takes no more"),
        steps("update.steps", live.steps, "a live edit that costs the engine more is refused"),
        steps("step2.steps", whole.steps, "work of an absence that costs more is refused"),
    ]
}

fn of_peers(peer: &PeerLimits) -> Vec<Limit> {
    let (often, burst) = (peer.frames_per_second as usize, peer.frames_burst as usize);
    vec![
        count("peer.frames_per_second", often, "frames", "a faster tab is read more slowly"),
        count("peer.frames_burst", burst, "frames", "as many may come at once"),
        count("peer.unjudged_bytes", peer.unjudged_bytes, "bytes", "more waits in the network"),
        count("peer.waiting_frames", peer.waiting_frames, "frames", "a slower tab goes, 1013"),
        count("peer.waiting_bytes", peer.waiting_bytes, "bytes", "a slower tab goes, 1013"),
        count("peer.awareness_bytes", peer.awareness_bytes, "bytes", "longer words are not heard"),
        lasts("peer.awareness_every", peer.awareness_every, "presence is passed on this often"),
        lasts("peer.send_timeout", peer.send_timeout, "a tab that takes no frame so long goes"),
        lasts("peer.ping_every", peer.ping_every, "a sign of life is asked for this often"),
        lasts("peer.silent_after", peer.silent_after, "a tab that is silent so long is gone"),
        count("peer.peers", peer.peers, "tabs", "a table with as many turns others away, 1013"),
        count("peer.peers_of_person", peer.peers_of_person, "tabs", "as many per person, 1013"),
    ]
}

fn of_rooms(config: &RoomConfig) -> Vec<Limit> {
    let RebuildAfter { tombstones, per_value } = config.rebuild_after;
    let elements = |name, value, about| Limit { name, value, unit: "elements", about };
    vec![
        count("room.writers_a_day", config.writers_a_day, "writers", "no more per person"),
        count("room.snapshot_after", config.snapshot_after, "updates", "then a snapshot is made"),
        lasts("room.idle_after", config.idle_after, "a room without tabs closes then"),
        elements("room.tombstones", tombstones, "a quiet room with more begins a new epoch"),
        elements("room.tombstones_per_value", per_value, "… if it has more for each value too"),
        lasts("room.keep_log", config.keep_log, "the log of an ended epoch is deleted then"),
        lasts("room.keep_days", config.keep_days, "the values of a day are deleted then"),
    ]
}

fn count(name: &'static str, value: usize, unit: &'static str, about: &'static str) -> Limit {
    Limit { name, value: value as u64, unit, about }
}

fn steps(name: &'static str, value: u64, about: &'static str) -> Limit {
    Limit { name, value, unit: "steps", about }
}

fn lasts(name: &'static str, length: Duration, about: &'static str) -> Limit {
    let value = u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
    Limit { name, value, unit: "ms", about }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_limit_is_told_twice_and_none_is_zero() {
        let limits = table();

        let names: HashSet<_> = limits.iter().map(|limit| limit.name).collect();
        assert_eq!(names.len(), limits.len());
        assert!(limits.iter().all(|limit| limit.value > 0), "{limits:?}");
    }
}
