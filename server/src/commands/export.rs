//! `tablee export --format …`: the table as a file. Works beside a running server.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, ValueEnum};
use tablee_domain::offer;
use tablee_domain::table::Row;
use tablee_exchange::write::{self, Extract, ExtractRow, Heading};
use tablee_live::{Rooms, Visible};

use super::sign_in_link::public_url;
use crate::app::room_config;
use crate::catalogue::{Edition, Listing};
use crate::config::Loaded;
use crate::first_start::FORMATIONS;
use crate::i18n::{Locale, t};
use crate::web::urls::{self, PublicUrl};

/// What is written, and where.
#[derive(Debug, Args)]
pub struct Export {
    /// The form of the file
    #[arg(long)]
    format: Format,
    /// The file [default: standard output]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Every row and every column, not only what visitors see
    #[arg(long)]
    all: bool,
    /// The table
    #[arg(long, default_value = FORMATIONS)]
    table: String,
}

/// The forms of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A workbook
    Xlsx,
    /// Text with `;` between cells
    Csv,
    /// Values for programs
    Json,
}

/// Runs the command.
pub async fn run(loaded: Loaded, command: Export) -> anyhow::Result<ExitCode> {
    let store = super::open_store(&loaded).await?;
    let (clock, chance) = super::machine();
    let rooms = Rooms::new(store.clone(), room_config(&loaded.config), clock, chance);
    let visible = rooms.look(&command.table).await?;
    store.close().await;
    let bytes = file(&visible, &command, &public_url(&loaded)?)?;
    if let Some(path) = &command.out {
        let written = std::fs::write(path, bytes);
        written.with_context(|| format!("the file `{}` cannot be written", path.display()))?;
    } else {
        let written = std::io::stdout().lock().write_all(&bytes);
        written.context("standard output takes no more")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn file(visible: &Visible, command: &Export, public_url: &PublicUrl) -> anyhow::Result<Vec<u8>> {
    // What visitors see is asked of the same projection as their pages.
    let edition = Edition::of(visible);
    let (columns, rows): (Vec<_>, Vec<&Row>) = if command.all {
        (visible.values.columns.in_use().collect(), visible.values.present().collect())
    } else {
        (edition.catalogue.columns().iter().collect(), Listing::of(&edition, None, visible.at).rows)
    };
    let address =
        |row: &Row| public_url.join(&urls::offer(&offer::slug(row.text("intitule")), &row.id));
    let extract = Extract {
        table: &command.table,
        title: &t(Locale::Fr, "exports.sheet", &[]),
        columns,
        rows: rows.into_iter().map(|row| ExtractRow { url: address(row), row }).collect(),
        licence: &t(Locale::Fr, "footer.licence", &[]),
        source_url: &public_url.join(urls::HOME),
        generated: visible.at,
    };
    Ok(match command.format {
        Format::Xlsx => write::xlsx(&extract)?,
        Format::Csv => write::csv(&extract, Heading::Labels, b';')?,
        Format::Json => write::json(&extract)?,
    })
}
