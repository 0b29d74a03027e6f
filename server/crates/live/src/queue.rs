//! The way from a room to one peer: bounded, so that one slow reader costs its own connection only.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use bytes::Bytes;
use tokio::sync::{mpsc, watch};

use crate::config::PeerLimits;
use crate::protocol::CloseCode;

/// The room's end.
#[derive(Debug)]
pub(crate) struct Outbox {
    frames: mpsc::Sender<Counted>,
    waiting: Arc<AtomicUsize>,
    /// What the peer asked for and has not taken yet.
    asked: Arc<AtomicUsize>,
    most: usize,
    /// What judging its frames cost, and its bucket has not paid yet.
    owed: Arc<AtomicU64>,
    goodbye: watch::Sender<Option<CloseCode>>,
}

/// The peer's end.
#[derive(Debug)]
pub(crate) struct Inbox {
    frames: mpsc::Receiver<Counted>,
    waiting: Arc<AtomicUsize>,
    asked: Arc<AtomicUsize>,
    owed: Arc<AtomicU64>,
    /// Set when the room says goodbye.
    pub goodbye: watch::Receiver<Option<CloseCode>>,
}

/// A frame, and whether the peer asked for it.
#[derive(Debug)]
struct Counted {
    frame: Bytes,
    is_answer: bool,
}

pub(crate) fn channel(limits: &PeerLimits) -> (Outbox, Inbox) {
    let (sender, receiver) = mpsc::channel(limits.waiting_frames);
    let (goodbye, told) = watch::channel(None);
    let waiting = Arc::new(AtomicUsize::new(0));
    let asked = Arc::new(AtomicUsize::new(0));
    let owed = Arc::new(AtomicU64::new(0));
    let outbox = Outbox {
        frames: sender,
        waiting: waiting.clone(),
        asked: asked.clone(),
        most: limits.waiting_bytes,
        owed: owed.clone(),
        goodbye,
    };
    (outbox, Inbox { frames: receiver, waiting, asked, owed, goodbye: told })
}

impl Outbox {
    /// Queues a frame. A peer that has no room for it is dropped: it syncs anew, and lacks nothing.
    pub fn send(&self, frame: Bytes) {
        self.queue(Counted { frame, is_answer: false }, &self.waiting);
    }

    /// Queues what the peer itself asked for, however large. Whoever asks again and again without taking the
    /// answers is dropped like any other that does not read.
    pub fn answer(&self, frame: Bytes) {
        self.queue(Counted { frame, is_answer: true }, &self.asked);
    }

    fn queue(&self, frame: Counted, waiting: &AtomicUsize) {
        if waiting.fetch_add(frame.frame.len(), Ordering::Relaxed) > self.most {
            return self.close(CloseCode::TooSlow);
        }
        if let Err(mpsc::error::TrySendError::Full(_)) = self.frames.try_send(frame) {
            self.close(CloseCode::TooSlow);
        }
    }

    /// Puts on the peer's account what judging a frame of it cost.
    pub fn charge(&self, cost: u64) {
        self.owed.fetch_add(cost, Ordering::Relaxed);
    }

    /// Says goodbye. The first reason stays.
    pub fn close(&self, code: CloseCode) {
        self.goodbye.send_if_modified(|told| {
            let first = told.is_none();
            if first {
                *told = Some(code);
            }
            first
        });
    }
}

impl Inbox {
    /// The next frame; none when the room let go of this peer.
    pub async fn next(&mut self) -> Option<Bytes> {
        let frame = self.frames.recv().await;
        self.taken(frame)
    }

    /// A frame that is already there.
    pub fn rest(&mut self) -> Option<Bytes> {
        let frame = self.frames.try_recv().ok();
        self.taken(frame)
    }

    /// What the room charged since this was asked last.
    pub fn owed(&self) -> u64 {
        self.owed.swap(0, Ordering::Relaxed)
    }

    fn taken(&self, frame: Option<Counted>) -> Option<Bytes> {
        let Counted { frame, is_answer } = frame?;
        let waiting = if is_answer { &self.asked } else { &self.waiting };
        waiting.fetch_sub(frame.len(), Ordering::Relaxed);
        Some(frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_queue_of(waiting_bytes: usize) -> (Outbox, Inbox) {
        channel(&PeerLimits { waiting_bytes, ..PeerLimits::default() })
    }

    #[test]
    fn one_answer_may_be_as_large_as_the_table() {
        let (outbox, mut inbox) = a_queue_of(10);

        outbox.answer(Bytes::from_static(&[0; 1_000]));
        outbox.send(Bytes::from_static(&[1; 5]));

        assert_eq!(*inbox.goodbye.borrow(), None);
        assert_eq!([inbox.rest(), inbox.rest()].map(|frame| frame.unwrap().len()), [1_000, 5]);
    }

    #[test]
    fn whoever_asks_again_without_taking_the_answer_is_dropped() {
        let (outbox, mut inbox) = a_queue_of(10);

        for _ in 0..3 {
            outbox.answer(Bytes::from_static(&[0; 1_000]));
        }

        assert_eq!(*inbox.goodbye.borrow(), Some(CloseCode::TooSlow));
        let kept: usize = std::iter::from_fn(|| inbox.rest()).map(|frame| frame.len()).sum();
        assert_eq!(kept, 1_000, "no more than one answer waits in memory");
    }

    #[test]
    fn answers_that_are_taken_may_be_asked_for_again() {
        let (outbox, mut inbox) = a_queue_of(10);

        for _ in 0..3 {
            outbox.answer(Bytes::from_static(&[0; 1_000]));
            assert!(inbox.rest().is_some());
        }

        assert_eq!(*inbox.goodbye.borrow(), None);
    }

    #[test]
    fn what_judging_cost_is_owed_once() {
        let (outbox, inbox) = a_queue_of(10);

        outbox.charge(3);
        outbox.charge(4);

        assert_eq!((inbox.owed(), inbox.owed()), (7, 0));
    }
}
