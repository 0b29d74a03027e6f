//! `tablee doctor`: every setting with its origin, and whether what it names works.

use std::path::Path;
use std::process::ExitCode;

use tablee_storage::Store;

use crate::config::Loaded;
use crate::data_folder::DataFolder;

/// Runs the command. Exit 1 when something that a start needs does not work.
pub async fn run(loaded: Loaded) -> anyhow::Result<ExitCode> {
    println!("tablee {}", env!("CARGO_PKG_VERSION"));
    match &loaded.file {
        Some(file) => println!("file of settings: {}", file.display()),
        None => println!("file of settings: none"),
    }
    let settings = loaded.shown();
    let longest = settings.iter().map(|(key, ..)| key.len()).max().unwrap_or_default();
    for (key, value, origin) in settings {
        println!("  {key:longest$}  {value}  ({origin})");
    }
    let checks = [folder(&loaded), database(&loaded).await];
    for line in checks.iter().map(|check| match check {
        Ok(line) => format!("ok    {line}"),
        Err(line) => format!("WRONG {line}"),
    }) {
        println!("{line}");
    }
    Ok(if checks.iter().all(Result::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn folder(loaded: &Loaded) -> Result<String, String> {
    let folder = &loaded.config.server.data_dir;
    if let Some(address) = DataFolder::address_of_server(folder) {
        return Ok(format!("data folder: a server uses it and listens on {address}"));
    }
    match DataFolder::take(folder) {
        Ok(_) => Ok("data folder: can be written, no server uses it".to_owned()),
        Err(error) => Err(format!("{error:#}")),
    }
}

async fn database(loaded: &Loaded) -> Result<String, String> {
    let url = loaded.config.database_url();
    if let Some(file) = url.strip_prefix("sqlite://").filter(|file| !Path::new(file).exists()) {
        return Ok(format!("database: `{file}` is not there yet, the first start makes it"));
    }
    let look = async {
        let store = Store::connect(&url).await?;
        let version = store.schema_version().await?;
        store.close().await;
        Ok::<_, tablee_storage::StoreError>((store.engine(), version))
    };
    let (engine, version) = look.await.map_err(|error| error.to_string())?;
    Ok(format!("database: {engine}, schema {version}"))
}
