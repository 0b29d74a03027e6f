//! `tablee erase`: shows where rows, cells or words stand; with `--apply` erases them for good.
//!
//! The look can be made beside a running server. Erasing needs the data folder for itself.

use std::process::ExitCode;
use std::str::FromStr;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::json;
use tablee_domain::ids::{ColumnId, RowId};
use tablee_domain::people::Actor;
use tablee_domain::table::ToErase;
use tablee_live::Rooms;
use tablee_live::erasing::Place;
use tablee_storage::erasures::Erasure;

use super::Alone;
use crate::app::room_config;
use crate::config::Loaded;
use crate::erasing::Eraser;
use crate::first_start::FORMATIONS;

/// What goes for good.
#[derive(Debug, Args)]
pub struct Erase {
    /// A whole row, by its identifier; may be repeated
    #[arg(long = "row", value_name = "ROW")]
    rows: Vec<String>,
    /// One cell, with its items and its own words; may be repeated
    #[arg(long = "cell", value_name = "ROW:COLUMN")]
    cells: Vec<CellName>,
    /// Words, wherever they stand and whatever their case; may be repeated
    #[arg(long = "words", value_name = "WORDS")]
    words: Vec<String>,
    /// The table
    #[arg(long, default_value = FORMATIONS)]
    table: String,
    /// Erase: this cannot be undone
    #[arg(long)]
    apply: bool,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
}

/// `ROW:COLUMN`.
#[derive(Debug, Clone)]
struct CellName(RowId, ColumnId);

impl FromStr for CellName {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once(':');
        let cell = parts.and_then(|(row, column)| {
            Some(Self(RowId::new(row).ok()?, ColumnId::new(column).ok()?))
        });
        cell.ok_or_else(|| "a cell is `ROW:COLUMN`".to_owned())
    }
}

/// Runs the command.
pub async fn run(loaded: Loaded, command: Erase) -> anyhow::Result<ExitCode> {
    let what = what(&command)?;
    if what.is_empty() {
        bail!("nothing to erase was named: give --row, --cell or --words");
    }
    let (places, erasure) = if command.apply {
        apply(&loaded, &command.table, &what).await?
    } else {
        (look(&loaded, &command.table, &what).await?, None)
    };
    if command.json {
        println!("{:#}", to_json(&places, erasure.as_ref()));
    } else {
        print(&places, erasure.as_ref());
    }
    Ok(ExitCode::SUCCESS)
}

fn what(command: &Erase) -> anyhow::Result<ToErase> {
    let row = |text: &String| {
        RowId::new(text).with_context(|| format!("`{text}` is no identifier of a row"))
    };
    Ok(ToErase {
        rows: command.rows.iter().map(row).collect::<anyhow::Result<_>>()?,
        cells: command.cells.iter().cloned().map(|CellName(row, column)| (row, column)).collect(),
        words: command.words.clone(),
    })
}

async fn look(loaded: &Loaded, table: &str, what: &ToErase) -> anyhow::Result<Vec<Place>> {
    let store = super::open_store(loaded).await?;
    let (clock, chance) = super::machine();
    let rooms = Rooms::new(store.clone(), room_config(&loaded.config), clock, chance);
    let places = rooms.erase_places(table, what).await?;
    store.close().await;
    Ok(places)
}

async fn apply(
    loaded: &Loaded,
    table: &str,
    what: &ToErase,
) -> anyhow::Result<(Vec<Place>, Option<Erasure>)> {
    let alone = Alone::open(loaded).await?;
    let folder = &loaded.config.server.data_dir;
    let eraser = Eraser::new(alone.store.clone(), alone.rooms.clone(), folder);
    let erased = eraser.erase(Actor::Program, table, what).await;
    // Whatever came of it, the table is closed in order.
    alone.close().await;
    let erasure = erased?;
    Ok((erasure.places.clone(), Some(erasure)))
}

fn to_json(places: &[Place], erasure: Option<&Erasure>) -> serde_json::Value {
    let places: Vec<_> =
        places.iter().map(|place| json!({ "what": place.what, "count": place.count })).collect();
    let receipt = erasure.map(|erasure| json!({ "id": erasure.id, "at": erasure.at }));
    json!({ "places": places, "erasure": receipt })
}

fn print(places: &[Place], erasure: Option<&Erasure>) {
    for Place { what, count } in places {
        println!("  {what:12}  {count}");
    }
    match erasure {
        Some(erasure) => println!("erasure {} was done; its tabs load anew", erasure.id),
        None => println!("nothing was erased: --apply does it, for good"),
    }
}
