//! `tablee doctor`: every setting with its origin, every limit, and whether what the settings name works.

use std::path::Path;
use std::process::ExitCode;

use tablee_live::Limit;
use tablee_storage::Store;

use crate::app::room_config;
use crate::config::{Config, Loaded};
use crate::data_folder::DataFolder;
use crate::history::asked::AT_MOST;
use crate::web::api::suggestions;
use crate::web::middleware::rate_limit::{SUGGESTED, SUGGESTIONS};

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
    print_limits(&loaded.config);
    let checks = [folder(&loaded), database(&loaded).await];
    for line in checks.iter().map(|check| match check {
        Ok(line) => format!("ok    {line}"),
        Err(line) => format!("WRONG {line}"),
    }) {
        println!("{line}");
    }
    Ok(if checks.iter().all(Result::is_ok) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Every limit that a hostile hand meets, with what happens beyond it: those of the web, then those of rooms.
fn print_limits(config: &Config) {
    let mut limits = web_limits(config);
    limits.extend(tablee_live::limits::of(&room_config(config)));
    println!("limits:");
    let widest = |of: fn(&Limit) -> usize| limits.iter().map(of).max().unwrap_or_default();
    let name = widest(|limit| limit.name.len());
    let value = widest(|limit| limit.value.to_string().len());
    let unit = widest(|limit| limit.unit.chars().count());
    for limit in &limits {
        println!(
            "  {:name$}  {:>value$} {:unit$}  {}",
            limit.name, limit.value, limit.unit, limit.about
        );
    }
}

/// The limits of the web, under these settings.
fn web_limits(config: &Config) -> Vec<Limit> {
    let (web, sign_in) = (&config.web, &config.sign_in);
    let limit = |name, value, unit, about| Limit { name, value, unit, about };
    let each = |name, value: u32, unit, about| limit(name, u64::from(value), unit, about);
    let (suggestions, of_history) = (suggestions::LARGEST_BODY as u64, u64::from(AT_MOST));
    vec![
        limit("web.form_size", web.form_size.0 as u64, "bytes", "a larger form answers 413"),
        limit("web.suggestions", suggestions, "bytes", "a larger body of suggestions answers 413"),
        each("web.requests_per_second", web.requests_per_second, "requests", "from one place: 429"),
        each("web.requests_burst", web.requests_burst, "requests", "from one place at once: 429"),
        each(
            "web.proposals_per_place",
            web.proposals_per_place,
            "proposals of visitors",
            "from one place in an hour: 429",
        ),
        each(
            "web.proposals_in_all",
            web.proposals_in_all,
            "proposals of visitors",
            "in all in a day: 429",
        ),
        each("web.suggestions_per_hour", SUGGESTIONS, "requests", "of one person: 429"),
        each("web.suggested_per_hour", SUGGESTED, "KiB", "of one person: 429"),
        limit("web.history", of_history, "lines", "a page of history holds at most as many"),
        each("sign_in.askings_per_place", sign_in.askings_per_place, "an hour", "for a mail: 429"),
        each("sign_in.askings_in_all", sign_in.askings_in_all, "an hour", "for a mail: 429"),
        each("sign_in.mails_per_address", sign_in.mails_per_address, "an hour", "no mail is sent"),
    ]
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
