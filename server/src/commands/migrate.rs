//! `tablee migrate`: brings the database up to date, for whoever wants to do that before a start.

use std::process::ExitCode;

use crate::config::Loaded;
use crate::data_folder::DataFolder;

/// Runs the command.
pub async fn run(loaded: Loaded) -> anyhow::Result<ExitCode> {
    let folder = DataFolder::take(&loaded.config.server.data_dir)?;
    let store = super::open_store(&loaded).await?;
    println!("the database is up to date ({})", store.engine());
    store.close().await;
    drop(folder);
    Ok(ExitCode::SUCCESS)
}
