//! The subcommands of `tablee`, one file each.
//!
//! To add one: a file with its arguments and `run`, its variant here and its line in [`run`]. An answer goes to
//! standard output, a failure is one line on standard error and exit 2.

pub mod doctor;
pub mod erase;
pub mod export;
pub mod import;
mod memory;
pub mod migrate;
pub mod person;
pub mod read_workbook;
pub mod serve;
pub mod sign_in_link;
pub mod verify;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::{Parser, Subcommand};
use tablee_live::{RoomConfig, Rooms};
use tablee_storage::Store;

use crate::app::{SharedChance, SharedClock, room_config};
use crate::clock::{SystemChance, SystemClock};
use crate::config::{Flags, Loaded, environment};
use crate::data_folder::DataFolder;
use crate::telemetry;

/// A shared table that a network keeps together, live, in the browser.
#[derive(Debug, Parser)]
#[command(name = "tablee", version)]
pub struct Arguments {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server
    Serve,
    /// Bring the database up to date
    Migrate,
    /// Check that each table's log, replayed, is its live state
    Verify,
    /// Show every setting, where it comes from, and whether it works
    Doctor,
    /// Show what a workbook would bring into a table, or bring it in
    Import(import::Import),
    /// Write the table to a file
    Export(export::Export),
    /// Show where something stands that must go for good, or erase it
    Erase(erase::Erase),
    /// Add, list, change or remove people
    #[command(subcommand)]
    Person(person::PersonCommand),
    /// Read a file under hard limits and print its raw grid: the child of an import
    #[command(hide = true)]
    ReadWorkbook,
    /// Print a link that signs a person in once
    SignInLink(sign_in_link::SignInLink),
}

/// Runs the command, if it is one that needs a process without other threads: each of them would take address
/// space, which the child of an import has little of. It has no settings and no environment either. A server may
/// begin again here.
pub fn run_alone(arguments: &Arguments) -> Option<anyhow::Result<ExitCode>> {
    match arguments.command {
        Command::ReadWorkbook => Some(read_workbook::run()),
        Command::Serve => {
            memory::give_back_what_is_freed();
            None
        }
        _ => None,
    }
}

/// Runs the command.
pub async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let loaded = Loaded::read(&arguments.flags, &environment)?;
    telemetry::start(&loaded.config.log)?;
    match arguments.command {
        Command::Serve => serve::run(loaded).await,
        Command::Migrate => migrate::run(loaded).await,
        Command::Verify => verify::run(loaded).await,
        Command::Doctor => doctor::run(loaded).await,
        Command::Import(command) => import::run(loaded, command).await,
        Command::Export(command) => export::run(loaded, command).await,
        Command::ReadWorkbook => read_workbook::run(),
        Command::Erase(command) => erase::run(loaded, command).await,
        Command::Person(command) => person::run(loaded, command).await,
        Command::SignInLink(command) => sign_in_link::run(loaded, command).await,
    }
}

/// The clock and the chance of the machine.
pub fn machine() -> (SharedClock, SharedChance) {
    (Arc::new(SystemClock), Arc::new(SystemChance))
}

/// Opens the database and brings it up to date.
pub async fn open_store(loaded: &Loaded) -> anyhow::Result<Store> {
    let store = Store::connect(&loaded.config.database_url()).await?;
    store.migrate().await?;
    Ok(store)
}

/// What a command needs that changes a table: the data folder for itself, the database, and the rooms whose
/// door it goes through.
pub struct Alone {
    /// Nobody else serves this folder while it is held.
    pub folder: DataFolder,
    /// The database, up to date.
    pub store: Store,
    /// The only way to write a table.
    pub rooms: Rooms,
}

impl Alone {
    /// Takes the data folder, or says who has it.
    pub async fn open(loaded: &Loaded) -> anyhow::Result<Self> {
        let folder = DataFolder::take(&loaded.config.server.data_dir)?;
        let store = open_store(loaded).await?;
        let (clock, chance) = machine();
        let config: RoomConfig = room_config(&loaded.config);
        let rooms = Rooms::new(store.clone(), config, clock, chance);
        Ok(Self { folder, store, rooms })
    }

    /// Closes the rooms and the database in order.
    pub async fn close(self) {
        self.rooms.stop().await;
        self.store.close().await;
    }
}

/// The person with this address, or one clear line.
pub(crate) async fn person_by_email(
    tx: &mut tablee_storage::Tx,
    email: &str,
) -> anyhow::Result<tablee_storage::people::Person> {
    tablee_storage::people::find_by_email(tx, email)
        .await?
        .with_context(|| format!("nobody here has the address `{email}`"))
}
