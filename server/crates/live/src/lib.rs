//! Tables that are open, and the tabs in them.
//!
//! The promise to the person typing is an order: an edit is **allowed**, then **on disk**, then **visible** to
//! others, and only then **saved**. [`room`] is the only place that keeps it and reads like it.
//!
//! - [`rooms`]: one room per table, opened once however many ask.
//! - [`room`]: one task, one queue, one document. What the queue held is one transaction.
//! - [`peer`]: one tab: read, bound, hand over, say goodbye.
//! - [`protocol`]: the frames, as closed enums. [`presence`]: who is where, with the name the server knows.
//! - [`moments`]: what the table said then. [`restoring`]: something earlier, written again, by everybody's door.
//! - [`columns`]: work of pilots at columns, cells included.
//! - [`erasing`]: what must go for good, from every place that holds a copy.
//! - [`verify`]: the log, replayed, is the live state. [`limits`]: every limit, in one table.
//!
//! This crate knows no HTTP: a socket is whatever implements [`Socket`].

pub mod columns;
mod commit;
mod config;
mod days;
pub mod erasing;
mod error;
pub mod limits;
pub mod moments;
pub mod peer;
pub mod presence;
pub mod protocol;
mod queue;
pub mod restoring;
pub mod room;
pub mod rooms;
pub mod verify;

pub use columns::{AskedColumns, ColumnsDone, ColumnsError};
pub use config::{PeerLimits, RebuildAfter, RoomConfig};
pub use erasing::Erased;
pub use error::RoomError;
pub use limits::Limit;
pub use moments::Moment;
pub use peer::{Farewell, PeerIdentity, Socket, SocketEvent, serve};
pub use protocol::{CloseCode, Notice};
pub use restoring::{Done, Restore};
pub use room::Visible;
pub use rooms::{RoomHandle, Rooms};

use tablee_domain::ids::Timestamp;

/// Gives the time. Only the program's own clock reads the machine's.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// Gives chance. Only the program's own source reads the machine's.
pub trait Chance: Send + Sync {
    /// Fills `bytes` with bytes that nobody can foresee.
    fn fill(&self, bytes: &mut [u8]);
}
