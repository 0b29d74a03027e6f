//! The way from a room to one peer: bounded, so that one slow reader costs its own connection only.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use tokio::sync::{mpsc, watch};

use crate::config::PeerLimits;
use crate::protocol::CloseCode;

/// The room's end.
#[derive(Debug)]
pub(crate) struct Outbox {
    frames: mpsc::Sender<Counted>,
    waiting: Arc<AtomicUsize>,
    most: usize,
    goodbye: watch::Sender<Option<CloseCode>>,
}

/// The peer's end.
#[derive(Debug)]
pub(crate) struct Inbox {
    frames: mpsc::Receiver<Counted>,
    waiting: Arc<AtomicUsize>,
    /// Set when the room says goodbye.
    pub goodbye: watch::Receiver<Option<CloseCode>>,
}

/// A frame and the bytes it counts for.
#[derive(Debug)]
struct Counted(Bytes, usize);

pub(crate) fn channel(limits: &PeerLimits) -> (Outbox, Inbox) {
    let (sender, receiver) = mpsc::channel(limits.waiting_frames);
    let (goodbye, told) = watch::channel(None);
    let waiting = Arc::new(AtomicUsize::new(0));
    let outbox =
        Outbox { frames: sender, waiting: waiting.clone(), most: limits.waiting_bytes, goodbye };
    (outbox, Inbox { frames: receiver, waiting, goodbye: told })
}

impl Outbox {
    /// Queues a frame. A peer that has no room for it is dropped: it syncs anew, and lacks nothing.
    pub fn send(&self, frame: Bytes) {
        let size = frame.len();
        if self.waiting.fetch_add(size, Ordering::Relaxed) > self.most {
            return self.close(CloseCode::TooSlow);
        }
        self.queue(Counted(frame, size));
    }

    /// Queues what the peer itself asked for, however large.
    pub fn answer(&self, frame: Bytes) {
        self.queue(Counted(frame, 0));
    }

    fn queue(&self, frame: Counted) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.frames.try_send(frame) {
            self.close(CloseCode::TooSlow);
        }
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

    fn taken(&self, frame: Option<Counted>) -> Option<Bytes> {
        let Counted(frame, size) = frame?;
        self.waiting.fetch_sub(size, Ordering::Relaxed);
        Some(frame)
    }
}
