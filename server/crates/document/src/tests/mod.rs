//! What a table's document promises, told with tabs as Yjs would have them.

mod bytes;
mod hostile;
mod support;

mod attacks;
mod corpus;
mod cost;
mod fixture;
mod honest;
mod mutants;
mod properties;
mod reasons;
mod refused;
mod restore;
mod server;
mod writers;
