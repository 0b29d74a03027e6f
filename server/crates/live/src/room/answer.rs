//! Answers: what a room says to its peers, from what is durable.

use std::collections::HashMap;

use bytes::Bytes;
use tablee_domain::ids::{Epoch, PersonId, Writer};
use tokio::time::Instant;

use super::{Batch, Copy, Join, Outcome, Request, Room, Seat};
use crate::peer::PeerIdentity;
use crate::presence::{Face, PeerNumber};
use crate::protocol::{self, AwarenessEntry, CloseCode, Hello, HelloLimits, Notice, ServerSays};

impl Room {
    /// "Saved", and only now. What a peer has saved is said once, then what was refused.
    pub(super) fn acknowledge(&mut self, batch: Batch) {
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

    pub(super) fn tell_outcome(&mut self, outcome: Outcome) {
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
                let notice = Notice {
                    key: "make-text-refused".to_owned(),
                    row: Some(row),
                    column: Some(column),
                    reason: Some(reason.to_owned()),
                    ..Notice::default()
                };
                self.tell(peer, &ServerSays::Notice(notice));
            }
            Outcome::Done { revision, work } => work(revision),
        }
    }

    /// Answers what only reads, from what is durable.
    pub(super) fn answer(&mut self, reader: Request) {
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
            Request::Copy(reply) => {
                let _ = reply.send(self.copy());
            }
            Request::Announce(notice) => self.announce(notice),
            Request::Stop
            | Request::Rest
            | Request::Erase(_)
            | Request::Frame { .. }
            | Request::MakeText { .. }
            | Request::Write { .. }
            | Request::Columns(_)
            | Request::Owns { .. } => {}
        }
    }

    pub(super) fn let_in(&mut self, join: Join) {
        let Join { who, ours, epoch, outbox, reply } = join;
        let here = self.document.epoch();
        let limits = &self.parts.config.peer;
        let of_person = self.seats.values().filter(|seat| seat.who.person == who.person).count();
        let full = self.seats.len() >= limits.peers || of_person >= limits.peers_of_person;
        self.last_peer += 1;
        let number = self.last_peer;
        let stays = if full || (ours && self.quota_is_used_up(who.person, 1)) {
            outbox.close(CloseCode::TooSlow);
            false
        } else if epoch.is_some_and(|epoch| epoch != here) {
            outbox.send(protocol::ours(&ServerSays::Reload { reason: "epoch".to_owned() }));
            outbox.close(CloseCode::OtherEpoch);
            false
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
            true
        };
        // Who is turned away has no seat: a tab of another epoch must hear nothing of this one.
        if stays {
            let face = Face::new(who.person, &who.name);
            let seat = Seat { who, face, ours, outbox, asked_again: false };
            self.seats.insert(number, seat);
        }
        if reply.send(number).is_err() {
            self.let_go(number);
        }
    }

    pub(super) fn hello(&mut self, who: &PeerIdentity) -> Hello {
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

    /// Reserves a writer for a tab, above all that earlier epochs knew; the claim is written with the next
    /// commit.
    pub(super) fn reserve_writer(&mut self, person: PersonId) -> Writer {
        let earlier = if self.document.epoch() > Epoch(1) { self.document.server().0 } else { 0 };
        loop {
            let writer = Writer(earlier + self.parts.chance_writer().0);
            if self.document.owner_of(writer).is_none() {
                self.claim(&[writer], person);
                return writer;
            }
        }
    }

    pub(super) fn let_go(&mut self, peer: PeerNumber) {
        self.quiet_since = Instant::now();
        self.seats.remove(&peer);
        let goodbyes = self.presence.leave(peer);
        self.tell_awareness(&goodbyes);
    }

    pub(super) fn hear_awareness(&mut self, peer: PeerNumber, entries: Vec<AwarenessEntry>) {
        let Some(seat) = self.seats.get(&peer) else { return };
        let person = seat.who.person;
        let (document, mut free) = (&self.document, Vec::new());
        let quota_left = !self.quota_is_used_up(person, 1);
        let may_speak_as = |writer| {
            let owner = document.owner_of(writer);
            if owner.is_none() {
                free.push(writer);
            }
            owner.map_or(quota_left, |owner| owner == Some(person))
        };
        let told = self.presence.take_in(peer, &seat.face, entries, may_speak_as);
        free.retain(|writer| told.iter().any(|entry| entry.writer == *writer));
        self.claim(&free, person);
        self.tell_awareness(&told);
    }

    pub(super) fn tell_awareness(&self, entries: &[AwarenessEntry]) {
        if entries.is_empty() {
            return;
        }
        let frame = protocol::awareness(entries.iter());
        for seat in self.seats.values() {
            seat.outbox.send(frame.clone());
        }
    }

    pub(super) fn tell(&self, peer: PeerNumber, says: &ServerSays) {
        if let Some(seat) = self.seats.get(&peer).filter(|seat| seat.ours) {
            seat.outbox.send(protocol::ours(says));
        }
    }

    /// Tells all tabs of ours.
    fn announce(&self, notice: Notice) {
        let frame = protocol::ours(&ServerSays::Notice(notice));
        for seat in self.seats.values().filter(|seat| seat.ours) {
            seat.outbox.send(frame.clone());
        }
    }

    /// The durable document, for somebody who wants to try something on it.
    pub(super) fn copy(&self) -> Copy {
        let bytes = self.document.snapshot();
        Copy { epoch: self.document.epoch(), revision: self.head, bytes }
    }

    pub(super) fn send(&self, peer: PeerNumber, frame: Bytes) {
        if let Some(seat) = self.seats.get(&peer) {
            seat.outbox.send(frame);
        }
    }

    pub(super) fn dismiss(&mut self, peer: PeerNumber, code: CloseCode) {
        if let Some(seat) = self.seats.get(&peer) {
            seat.outbox.close(code);
        }
        self.let_go(peer);
    }
}
