//! Readings: what people write and what is understood of it, as `fixtures/readings` says; and what holds for
//! any words whatever. The client's tests read the same files.

mod cases;
mod fixtures;
mod properties;
mod rows;
