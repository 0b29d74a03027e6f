//! Who is where. Never stored, and in the server's words: a tab says where it is, the server says who it is.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use tablee_domain::ids::{PersonId, Writer};

use crate::protocol::AwarenessEntry;

/// The number of a peer in its room, never reused while the room is open.
pub type PeerNumber = u64;

/// Tabs that one socket may speak for: a tab that got a new writer says goodbye as the old one.
const ENTRIES_PER_PEER: usize = 4;
/// One state as it comes, in bytes.
const STATE_BYTES: usize = 2 << 10;
/// Colours that the interface has.
const COLOURS: u8 = 12;

/// The name and colour that others see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Face {
    /// The name.
    pub name: String,
    /// 0 to 11.
    pub colour: u8,
    /// The person.
    pub person: PersonId,
}

impl Face {
    /// A person keeps one colour everywhere.
    pub fn new(person: PersonId, name: &str) -> Self {
        let colour = u8::try_from(person.get().rem_euclid(i64::from(COLOURS))).unwrap_or_default();
        Self { name: name.to_owned(), colour, person }
    }
}

/// Where a tab is. The rest of what it says of itself is dropped.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct At {
    row: String,
    column: String,
    #[serde(default)]
    editing: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    anchor: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    head: Option<u32>,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    at: Option<At>,
}

#[derive(Serialize)]
struct Stamped<'a> {
    user: &'a Face,
    at: Option<At>,
}

/// The states of all tabs in a room.
#[derive(Debug, Default)]
pub struct Presence {
    states: HashMap<Writer, (PeerNumber, AwarenessEntry)>,
    /// The last clock of every tab, also of those that left, so that an old echo cannot bring one back.
    clocks: HashMap<Writer, u32>,
}

impl Presence {
    /// Takes what a peer says of its own tabs and returns what to tell everybody, the sender too: a stock
    /// provider counts on its own echo.
    ///
    /// `may_speak_as` says whether the writer is this person's or free. A tab that came back through a new
    /// socket is heard there, though nobody noticed yet that the old one is dead: its clock went on. What a peer says of others is dropped
    /// without a word, since a stock provider repeats what it heard.
    pub fn take_in(
        &mut self,
        peer: PeerNumber,
        face: &Face,
        entries: Vec<AwarenessEntry>,
        mut may_speak_as: impl FnMut(Writer) -> bool,
    ) -> Vec<AwarenessEntry> {
        let mut told = Vec::new();
        for entry in entries {
            let known = self.states.get(&entry.writer);
            let is_elsewhere = known.is_some_and(|(owner, _)| *owner != peer);
            let went_on = known.is_some_and(|(_, state)| state.clock < entry.clock);
            if is_elsewhere && !(went_on && may_speak_as(entry.writer)) {
                continue;
            }
            let renewed = known.is_some_and(|(_, state)| state.clock <= entry.clock);
            let later = self.clocks.get(&entry.writer).is_none_or(|last| *last < entry.clock);
            if !renewed && !later {
                continue;
            }
            if entry.state == "null" {
                if self.states.remove(&entry.writer).is_some() {
                    self.clocks.insert(entry.writer, entry.clock);
                    told.push(entry);
                }
                continue;
            }
            let own = self.states.values().filter(|(owner, _)| *owner == peer).count();
            if known_or_room(known.is_some(), own) && may_speak_as(entry.writer) {
                let entry = AwarenessEntry { state: stamp(face, &entry.state), ..entry };
                self.clocks.insert(entry.writer, entry.clock);
                self.states.insert(entry.writer, (peer, entry.clone()));
                told.push(entry);
            }
        }
        told
    }

    /// Forgets a peer and returns the goodbyes of its tabs.
    pub fn leave(&mut self, peer: PeerNumber) -> Vec<AwarenessEntry> {
        let gone: Vec<Writer> = self
            .states
            .iter()
            .filter(|(_, (owner, _))| *owner == peer)
            .map(|(writer, _)| *writer)
            .collect();
        gone.into_iter()
            .filter_map(|writer| self.states.remove(&writer))
            .map(|(_, entry)| {
                let clock = entry.clock.saturating_add(1);
                self.clocks.insert(entry.writer, clock);
                AwarenessEntry { clock, state: "null".to_owned(), ..entry }
            })
            .collect()
    }

    /// Everybody who is here.
    pub fn all(&self) -> Vec<AwarenessEntry> {
        self.states.values().map(|(_, entry)| entry.clone()).collect()
    }
}

fn known_or_room(known: bool, own: usize) -> bool {
    known || own < ENTRIES_PER_PEER
}

/// The state that others see: who by the server, where by the tab.
fn stamp(face: &Face, state: &str) -> String {
    let said: Option<Said> =
        if state.len() <= STATE_BYTES { serde_json::from_str(state).ok() } else { None };
    let at = said.and_then(|said| said.at).filter(|at| is_place(&at.row) && is_place(&at.column));
    serde_json::to_string(&Stamped { user: face, at }).expect("a face is plain data")
}

fn is_place(id: &str) -> bool {
    tablee_domain::ids::is_word(id, 64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEA: PeerNumber = 1;
    const NOUR: PeerNumber = 2;

    fn face(name: &str) -> Face {
        Face::new(PersonId(5), name)
    }

    fn entry(writer: u64, clock: u32, state: &str) -> AwarenessEntry {
        AwarenessEntry { writer: Writer(writer), clock, state: state.to_owned() }
    }

    #[test]
    fn the_server_says_who_a_tab_is_and_the_tab_only_where() {
        let mut presence = Presence::default();
        let said = r#"{"user":{"name":"Admin"},"at":{"row":"r1","column":"intitule","x":"<b>"}}"#;

        let told = presence.take_in(LEA, &face("Léa"), vec![entry(7, 1, said)], |_| true);

        assert_eq!(
            told[0].state,
            r#"{"user":{"name":"Léa","colour":5,"person":5},"at":{"row":"r1","column":"intitule","editing":false}}"#
        );
        assert_eq!(told[0].clock, 1, "the sender's clock is kept in its echo");
    }

    #[test]
    fn nobody_speaks_for_a_tab_of_somebody_else() {
        let mut presence = Presence::default();
        presence.take_in(LEA, &face("Léa"), vec![entry(7, 1, "{}")], |_| true);

        let replaced = presence.take_in(NOUR, &face("Nour"), vec![entry(7, 9, "{}")], |_| false);
        let removed = presence.take_in(NOUR, &face("Nour"), vec![entry(7, 9, "null")], |_| false);
        let claimed = presence.take_in(NOUR, &face("Nour"), vec![entry(8, 1, "{}")], |_| false);

        assert!(replaced.is_empty() && removed.is_empty() && claimed.is_empty());
        assert_eq!(presence.all().len(), 1);
    }

    #[test]
    fn a_tab_that_came_back_is_heard_before_its_dead_socket_is_missed() {
        const AGAIN: PeerNumber = 3;
        let mut presence = Presence::default();
        presence.take_in(LEA, &face("Léa"), vec![entry(7, 4, "{}")], |_| true);

        let echo = presence.take_in(AGAIN, &face("Léa"), vec![entry(7, 4, "{}")], |_| true);
        let back = presence.take_in(AGAIN, &face("Léa"), vec![entry(7, 5, "{}")], |_| true);
        let goodbyes = presence.leave(LEA);

        assert!(echo.is_empty(), "what another tab repeats is no news");
        assert_eq!(back.len(), 1);
        assert!(goodbyes.is_empty(), "it is here");
    }

    #[test]
    fn an_old_echo_does_not_bring_back_a_tab_that_left() {
        let mut presence = Presence::default();
        presence.take_in(LEA, &face("Léa"), vec![entry(7, 4, "{}")], |_| true);

        let goodbye = presence.leave(LEA);
        let echo = presence.take_in(NOUR, &face("Nour"), vec![entry(7, 4, "{}")], |_| true);

        assert_eq!(goodbye, vec![entry(7, 5, "null")]);
        assert!(echo.is_empty());
        assert!(presence.all().is_empty());
    }

    #[test]
    fn a_tab_that_says_the_same_again_is_answered() {
        let mut presence = Presence::default();
        presence.take_in(LEA, &face("Léa"), vec![entry(7, 4, "{}")], |_| true);

        let again = presence.take_in(LEA, &face("Léa"), vec![entry(7, 4, "{}")], |_| true);

        assert_eq!(again.len(), 1, "a stock provider takes its echo for a sign of life");
    }

    #[test]
    fn one_socket_speaks_for_a_few_tabs_only() {
        let mut presence = Presence::default();
        let many = (0..50).map(|writer| entry(writer, 1, "{}")).collect();

        let told = presence.take_in(LEA, &face("Léa"), many, |_| true);

        assert_eq!(told.len(), ENTRIES_PER_PEER);
    }
}
