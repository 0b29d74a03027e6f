//! The promises of rooms, through the same frames that a socket brings, on both engines.

mod order;
mod presence;
mod refusal;
mod tab;
mod texts;
