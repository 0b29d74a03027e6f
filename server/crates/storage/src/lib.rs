//! What the database remembers, one file per noun.
//!
//! The crate knows bytes and records, not documents. A [`Store`] gives transactions: [`Store::begin`] to
//! write, [`Store::read`] to look; each statement takes the transaction as its first argument, so that what
//! belongs together is committed together.
//!
//! To add a statement: write it once in the noun's file, in SQL that both engines understand, with `$1` for
//! its parameters; run it through `on_engine!`; return `Option` when a thing may be absent; then promise
//! its behaviour in the same file's `both_engines!` tests. A column that only one engine can express does
//! not exist here, and a function that only one engine has stands in `engine.rs` or nowhere:
//!
//! ```text
//! pub async fn name_of(tx: &mut Tx, id: TableId) -> Result<Option<String>, StoreError> {
//!     const FIND: &str = "select name from tables where id = $1";
//!     Ok(on_engine!(tx, conn =>
//!         sqlx::query_scalar(FIND).bind(id.get()).fetch_optional(&mut **conn).await?))
//! }
//! ```
//!
//! Text is compared and sorted in Rust, never by the database's locale. Times are parameters.

mod chunks;
mod engine;
mod error;
mod migrations;
mod words;

pub mod tables;

pub mod column_changes;
pub mod day_values;
pub mod history;
pub mod owners;
pub mod revisions;
pub mod snapshots;
pub mod writers;

pub mod confirmations;
pub mod desk_items;
pub mod follow_links;
pub mod member_lists;
pub mod merges;
pub mod not_duplicates;
pub mod proposal_events;
pub mod proposals;
pub mod saved_reasons;

pub mod mail_news;
pub mod mail_preferences;
pub mod mails;

pub mod logins;
pub mod people;
pub mod sign_in;

pub mod erasure;
pub mod erasures;
pub mod import_mappings;
pub mod import_plans;
pub mod imports;
pub mod settings;
pub mod site_texts;

#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use engine::{Engine, Store, Tx};
pub use error::{Conflict, StoreError};
