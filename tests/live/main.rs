//! The promises of rooms, through the same frames that a socket brings, on both engines.

#![expect(clippy::unwrap_used, reason = "in a suite, what is missing is the failure")]

mod chance;
mod columns;
mod epochs;
mod erasure;
mod faults;
mod frames;
mod history;
mod moments;
mod mutants;
mod no_trace;
mod order;
mod presence;
mod refusal;
mod sockets;
mod tab;
mod texts;
