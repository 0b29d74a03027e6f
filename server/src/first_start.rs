//! What the very first start does, once: a table with its columns, somebody to sign in as, a first import.

use anyhow::Context;
use tablee_domain::people::{Actor, Role};
use tablee_domain::table::defaults;
use tablee_storage::{Store, people, settings, tables};

use crate::app::{App, SharedClock};
use crate::importing;
use crate::sign_in::link_by_command;

/// The first table.
pub const FORMATIONS: &str = "formations";

/// Somebody to try the program as: real people come by `tablee person add`.
const FIRST_PEOPLE: [(&str, &str, Role); 2] =
    [("pilote@exemple.fr", "Pilote", Role::Pilot), ("membre@exemple.fr", "Membre", Role::Member)];

/// Set when all of it is done, so that a start that was cut off is taken up again.
const DONE: &str = "first_start";

/// Does what is missing, and gives a sign-in link for each of the first people. Afterwards it does nothing.
pub async fn prepare(app: &App) -> anyhow::Result<Vec<(Role, String)>> {
    let mut tx = app.store.read().await?;
    if settings::get(&mut tx, DONE).await?.is_some() {
        return Ok(Vec::new());
    }
    let is_there = tables::find(&mut tx, FORMATIONS).await?.is_some();
    drop(tx);
    if !is_there {
        app.rooms.create_table(FORMATIONS, &defaults::formations()).await?;
    }
    let made = first_people(&app.store, &app.clock).await?;
    if let Some(file) = &app.config.tables.first_import {
        let file_of = importing::source_file(file).await?;
        app.importer
            .import_at_once(Actor::Program, FORMATIONS, file_of)
            .await
            .with_context(|| format!("the first import of `{}` failed", file.display()))?;
    }
    let mut tx = app.store.begin().await?;
    settings::set(&mut tx, DONE, &app.clock.now().to_string()).await?;
    tx.commit().await?;
    let good_for = app.config.sign_in.command_link_for.0;
    let mut links = Vec::new();
    for (person, role) in made {
        let path = link_by_command(&app.store, (&app.clock, &app.chance), person, good_for).await?;
        links.push((role, app.public_url.join(&path)));
    }
    Ok(links)
}

/// Adds the first people where nobody is yet.
async fn first_people(
    store: &Store,
    clock: &SharedClock,
) -> anyhow::Result<Vec<(tablee_domain::ids::PersonId, Role)>> {
    let mut tx = store.begin().await?;
    let known = people::list(&mut tx).await?;
    let mut made = Vec::new();
    for (email, name, role) in FIRST_PEOPLE {
        if known.is_empty() {
            made.push((people::add(&mut tx, email, name, role, clock.now()).await?, role));
        } else if let Some(person) = known.iter().find(|person| person.email == email) {
            made.extend(person.role.map(|role| (person.id, role)));
        }
    }
    tx.commit().await?;
    Ok(made)
}
