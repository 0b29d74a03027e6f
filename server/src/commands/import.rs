//! `tablee import FILE`: shows what a workbook would bring into a table; with `--apply` brings it in.
//!
//! The plan can be made beside a running server. Applying needs the data folder for itself.

use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use tablee_domain::import::{ImportPlan, SheetPlan};
use tablee_domain::people::Actor;
use tablee_domain::table::{Columns, TableValues, defaults};
use tablee_live::{RoomError, Rooms};
use tablee_storage::Store;

use super::Alone;
use crate::app::{Tasks, room_config};
use crate::config::Loaded;
use crate::first_start::FORMATIONS;
use crate::importing::{Importer, SourceFile, source_file, this_program};

/// Which file, into which table.
#[derive(Debug, Args)]
pub struct Import {
    /// A workbook (.xlsx) or a table of text (.csv)
    file: PathBuf,
    /// The table
    #[arg(long, default_value = FORMATIONS)]
    table: String,
    /// Do what the plan says
    #[arg(long)]
    apply: bool,
    /// Print the plan as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub async fn run(loaded: Loaded, command: Import) -> anyhow::Result<ExitCode> {
    let file = source_file(&command.file).await?;
    let (plan, batch) = if command.apply {
        apply(&loaded, &command, &file).await?
    } else {
        look(&loaded, &command, &file).await?
    };
    if command.json {
        // Thousands of lines: not one write for each of them.
        let mut out = BufWriter::new(std::io::stdout().lock());
        serde_json::to_writer_pretty(&mut out, &plan.to_json(batch))?;
        writeln!(out)?;
        out.flush()?;
    } else {
        print(&plan);
        match batch {
            Some(batch) => println!("import {batch} was applied"),
            None => println!("nothing was written: --apply does it"),
        }
    }
    Ok(ExitCode::SUCCESS)
}

type Outcome = (ImportPlan, Option<tablee_domain::ids::ImportId>);

/// Makes the plan and leaves everything as it is.
async fn look(loaded: &Loaded, command: &Import, file: &SourceFile) -> anyhow::Result<Outcome> {
    let store = super::open_store(loaded).await?;
    let (clock, chance) = super::machine();
    let rooms = Rooms::new(store.clone(), room_config(&loaded.config), clock, chance);
    let existing = match rooms.look(&command.table).await {
        Ok(visible) => visible.values.clone(),
        Err(RoomError::UnknownTable(name)) if name == FORMATIONS => not_yet_made(),
        Err(error) => return Err(error.into()),
    };
    let importer = importer(&store, &rooms, Tasks::default())?;
    let plan = importer.look(&command.table, file, existing).await?;
    store.close().await;
    Ok((plan, None))
}

/// Makes the plan and does it.
async fn apply(loaded: &Loaded, command: &Import, file: &SourceFile) -> anyhow::Result<Outcome> {
    let alone = Alone::open(loaded).await?;
    let (table, rooms) = (command.table.as_str(), &alone.rooms);
    if let Err(RoomError::UnknownTable(name)) = rooms.values(table).await
        && name == FORMATIONS
    {
        rooms.create_table(table, &defaults::formations()).await?;
    }
    let tasks = Tasks::default();
    let importer = importer(&alone.store, rooms, tasks.clone())?;
    // What an earlier run left in the middle comes to its end first.
    importer.resume_all().await?;
    importer.until_quiet().await?;
    let applied = importer.import_at_once(Actor::Program, table, file.clone()).await;
    tasks.stop().await;
    let applied = applied?;
    alone.close().await;
    Ok((applied.plan, Some(applied.import)))
}

/// The first table, before the first start made it.
fn not_yet_made() -> TableValues {
    TableValues { columns: Columns::new(defaults::formations()), rows: Vec::new() }
}

fn importer(store: &Store, rooms: &Rooms, tasks: Tasks) -> anyhow::Result<Importer> {
    let (store, rooms) = (store.clone(), rooms.clone());
    Ok(Importer::new(store, rooms, super::machine(), this_program()?, tasks))
}

fn print(plan: &ImportPlan) {
    plan.sheets.iter().for_each(print_sheet);
    if !plan.sheets.iter().any(|sheet| sheet.take) {
        println!("no sheet has a line that names a title and another column");
    }
    for row in &plan.not_offers {
        println!(
            "  not an offer: {} line {}: {}: {}",
            row.sheet,
            row.row,
            row.why.fr(),
            short(&row.words)
        );
    }
    for conflict in &plan.conflicts {
        let (sheet, row, key) = (&conflict.sheet, conflict.file_row, &conflict.cell.key);
        println!(
            "  conflict: {sheet} line {row}, `{key}`: changed here too since the last import, stays"
        );
    }
    for complaint in &plan.complaints {
        let (sheet, cell) = (&complaint.sheet, format!("{}{}", complaint.letters, complaint.row));
        println!(
            "  {sheet} {cell} ({}): {}: {}",
            complaint.column,
            complaint.why.fr(),
            short(&complaint.words)
        );
    }
    println!(
        "{} added, {} changed, {} the same, {} not offers, {} conflicts, {} complaints",
        plan.added.len(),
        plan.changed.len(),
        plan.same.len(),
        plan.not_offers.len(),
        plan.conflicts.len(),
        plan.complaints.len()
    );
}

fn print_sheet(sheet: &SheetPlan) {
    let hidden = if sheet.hidden { ", hidden" } else { "" };
    let Some(header) = sheet.header.as_ref().filter(|_| sheet.take) else {
        println!("sheet `{}`{hidden}: not taken", sheet.name);
        return;
    };
    let lines: Vec<String> = header.lines.iter().map(u32::to_string).collect();
    println!(
        "sheet `{}`{hidden}: {} offers under line {}",
        sheet.name,
        sheet.offers,
        lines.join("-")
    );
    for cell in &header.columns {
        match &cell.target {
            Some(target) => {
                println!(
                    "  {} -> {} ({:.0} %)",
                    short(&cell.words),
                    target.key(),
                    cell.confidence * 100.0
                );
            }
            None => println!("  {} -> not taken", short(&cell.words)),
        }
    }
}

/// The beginning of some words, on one line of a terminal.
fn short(words: &str) -> String {
    const MOST: usize = 80;
    let line: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let cut: String = line.chars().take(MOST).collect();
    if cut.len() < line.len() { format!("`{cut}…`") } else { format!("`{cut}`") }
}
