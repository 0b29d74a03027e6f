//! `tablee verify`: each table's log, replayed, is its live state. One line per table and one for each epoch
//! whose log is kept; exit 1 when something is not as it was written.

use std::process::ExitCode;

use tablee_live::verify::verify;
use tablee_storage::tables;

use crate::config::Loaded;

/// Runs the command. It only reads, so it works beside a running server.
pub async fn run(loaded: Loaded) -> anyhow::Result<ExitCode> {
    let store = super::open_store(&loaded).await?;
    let tables = tables::all(&mut store.read().await?).await?;
    let mut code = ExitCode::SUCCESS;
    for table in tables {
        match verify(&store, &table.name).await {
            Ok(found) => {
                let snapshot = found.snapshot.map_or_else(
                    || "no snapshot yet".to_owned(),
                    |revision| format!("snapshot {revision} agrees"),
                );
                println!(
                    "{}: ok, {} rows, {} updates up to revision {}, no gap, {snapshot}",
                    table.name, found.rows, found.updates, found.head
                );
                for kept in &found.epochs {
                    println!(
                        "{}: epoch {}, {} updates from revision {} to {}",
                        table.name, kept.epoch, kept.updates, kept.first, kept.last
                    );
                }
            }
            Err(error) => {
                println!("{}: FAILED, {error}", table.name);
                code = ExitCode::FAILURE;
            }
        }
    }
    store.close().await;
    Ok(code)
}
