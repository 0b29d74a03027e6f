//! `tablee person`: the people who may sign in. Works beside a running server, which notices within a second.

use std::fmt;
use std::process::ExitCode;
use std::str::FromStr;

use anyhow::bail;
use clap::Subcommand;
use tablee_domain::people::Role;
use tablee_domain::people::role::NotARole;
use tablee_storage::{Conflict, StoreError, people};

use crate::config::Loaded;
use crate::logins::announce;
use crate::mail::is_address;

/// What can be done with people.
#[derive(Debug, Subcommand)]
pub enum PersonCommand {
    /// Add a person
    Add {
        /// The e-mail address that signs in
        email: String,
        /// member, pilot or admin
        #[arg(long)]
        role: Role,
        /// The name that others see [default: the address before its @]
        #[arg(long)]
        name: Option<String>,
    },
    /// List all people
    List,
    /// Give a person another role
    Role {
        /// The e-mail address
        email: String,
        /// visitor, member, pilot or admin
        role: Standing,
    },
    /// Remove a person and end their logins
    Remove {
        /// The e-mail address
        email: String,
    },
}

/// A role, or none: that of a visitor.
#[derive(Debug, Clone, Copy)]
pub struct Standing(Option<Role>);

impl FromStr for Standing {
    type Err = NotARole;

    fn from_str(word: &str) -> Result<Self, NotARole> {
        if word == "visitor" { Ok(Self(None)) } else { word.parse().map(|role| Self(Some(role))) }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.map_or("visitor", Role::as_str))
    }
}

/// Runs the command.
pub async fn run(loaded: Loaded, command: PersonCommand) -> anyhow::Result<ExitCode> {
    let store = super::open_store(&loaded).await?;
    let (clock, _) = super::machine();
    let mut tx = store.begin().await?;
    let takes = matches!(command, PersonCommand::Role { .. } | PersonCommand::Remove { .. });
    match command {
        PersonCommand::Add { email, role, name } => {
            let email = email.trim().to_lowercase();
            if !is_address(&email) {
                bail!("`{email}` is not an e-mail address");
            }
            let name = checked_name(name.as_deref(), &email)?;
            match people::add(&mut tx, &email, &name, role, clock.now()).await {
                Ok(id) => println!("added {email} as {role} (person {id})"),
                Err(StoreError::Conflict(Conflict::NameTaken(_))) => {
                    bail!("somebody here has the address `{email}` already")
                }
                Err(error) => return Err(error.into()),
            }
        }
        PersonCommand::List => {
            for person in people::list(&mut tx).await? {
                let standing = Standing(person.role);
                println!("{}\t{standing}\t{}\t{}", person.id, person.email, person.name);
            }
        }
        PersonCommand::Role { email, role } => {
            let person = super::person_by_email(&mut tx, &email).await?;
            people::set_role(&mut tx, person.id, role.0).await?;
            announce(&mut tx).await?;
            println!("{} is {role} now", person.email);
        }
        PersonCommand::Remove { email } => {
            let person = super::person_by_email(&mut tx, &email).await?;
            people::remove(&mut tx, person.id).await?;
            announce(&mut tx).await?;
            println!("removed {}", person.email);
        }
    }
    // Whoever has the machine may take the last administrator away, and is told how to make another one.
    let is_orphaned = takes && people::count_with_role(&mut tx, Role::Admin).await? == 0;
    tx.commit().await?;
    store.close().await;
    if is_orphaned {
        eprintln!("no administrator is left: `tablee person add ADDRESS --role admin` makes one");
    }
    Ok(ExitCode::SUCCESS)
}

fn checked_name(name: Option<&str>, email: &str) -> anyhow::Result<String> {
    let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or(email)).trim();
    if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
        bail!("a name has 1 to 80 characters, on one line");
    }
    Ok(name.to_owned())
}
