//! Lists of members on their way in: read, looked at, applied in one transaction, taken back where nobody touched
//! what was done.
//!
//! What a list holds is kept as long as it is of use: ninety days after it was last touched at the longest, and
//! not beyond the removal of somebody who stands in it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tablee_domain::ids::{PersonId, Timestamp};
use tablee_domain::people::Role;
use tablee_storage::people::{self, Person};
use tablee_storage::{StoreError, Tx, logins, mails, member_lists, owners, tables};

use super::reading::{Had, Line, MembersPlan, ROLE_OF_NEW, What};
use super::{PeopleError, add, checked_name, hold, set_role};
use crate::catalogue::TABLE;

/// How long a list is kept that nobody touches.
const KEPT_FOR: i64 = 90 * 86_400_000;

/// How far a list is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// It was read; nothing was done.
    Planned(MembersPlan),
    /// It was applied.
    Applied(Done),
    /// It was applied and taken back.
    Undone(Undone),
}

/// What was done with a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Who was added, with the name and role they were given.
    pub added: Vec<Added>,
    /// Who was given another name.
    pub renamed: Vec<Replaced<String>>,
    /// Who was given another role.
    pub roles: Vec<Replaced<Had>>,
    /// Lines that were to be taken and were not.
    pub skipped: Vec<(u32, Skipped)>,
    /// Lines that said what was so already.
    pub same: usize,
    /// Lines that nobody took, or could.
    pub left: usize,
}

/// Somebody who was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// Who.
    pub id: PersonId,
    /// The line.
    pub row: u32,
    /// The name they were given.
    pub name: String,
    /// The role they were given.
    pub role: Role,
}

/// Something of somebody that was replaced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced<T> {
    /// Who.
    pub id: PersonId,
    /// The line.
    pub row: u32,
    /// What was there.
    pub before: T,
    /// What is there since.
    pub after: T,
}

/// Why a line was not taken after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Skipped {
    /// Somebody with this address was added meanwhile.
    ThereByNow,
    /// The person, or what was to be replaced, was changed meanwhile.
    ChangedMeanwhile,
    /// Nobody could look after people any more, or it was one's own role.
    RoleIsKept,
}

/// What was taken back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// How many were removed.
    pub removed: usize,
    /// How many got their name back.
    pub renamed: usize,
    /// How many got their role back.
    pub roles: usize,
    /// Who stayed as they were, because they or somebody else did something since.
    pub kept: Vec<PersonId>,
}

impl Content {
    /// The word under which lists of this kind are kept.
    pub fn state(&self) -> &'static str {
        match self {
            Self::Planned(_) => "planned",
            Self::Applied(_) => "applied",
            Self::Undone(_) => "undone",
        }
    }

    /// As it is kept.
    pub fn words(&self) -> String {
        serde_json::to_string(self).expect("a list is JSON")
    }

    /// As it was kept.
    pub fn of(words: &str) -> Option<Self> {
        serde_json::from_str(words).ok()
    }
}

impl Done {
    /// Who was added, in the order of the file.
    pub fn added_ids(&self) -> Vec<PersonId> {
        self.added.iter().map(|it| it.id).collect()
    }
}

/// Does what is ticked. Whoever changed meanwhile stays as they are.
pub async fn apply(
    tx: &mut Tx,
    by: PersonId,
    plan: &MembersPlan,
    at: Timestamp,
) -> Result<Done, PeopleError> {
    hold(tx).await?;
    let mut done = Done::default();
    for line in &plan.lines {
        if line.is_same() {
            done.same += 1;
        } else if !line.is_taken && !line.takes_role {
            done.left += 1;
        }
        match &line.what {
            What::Added if line.is_taken => bring_in(tx, line, at, &mut done).await?,
            What::Known { id, renamed, had } => {
                if let Some(before) = renamed.as_ref().filter(|_| line.is_taken) {
                    rename(tx, (*id, before), line, &mut done).await?;
                }
                if let (Some(had), Some(role)) = (had, line.role)
                    && line.takes_role
                {
                    let is_own = *id == by;
                    give_role(tx, (*id, *had, is_own), (line.row, role), &mut done).await?;
                }
            }
            _ => {}
        }
    }
    Ok(done)
}

async fn bring_in(
    tx: &mut Tx,
    line: &Line,
    at: Timestamp,
    done: &mut Done,
) -> Result<(), PeopleError> {
    let role = line.role.unwrap_or(ROLE_OF_NEW);
    match add(tx, (&line.email, &line.name), role, at).await {
        Ok(id) => {
            let name = checked_name(&line.name, &line.email)?;
            done.added.push(Added { id, row: line.row, name, role });
        }
        Err(PeopleError::AddressTaken(_)) => done.skipped.push((line.row, Skipped::ThereByNow)),
        Err(error) => return Err(error),
    }
    Ok(())
}

async fn rename(
    tx: &mut Tx,
    (id, before): (PersonId, &str),
    line: &Line,
    done: &mut Done,
) -> Result<(), PeopleError> {
    let person = people::find(tx, id).await?;
    if person.is_none_or(|person| person.name != before) {
        done.skipped.push((line.row, Skipped::ChangedMeanwhile));
        return Ok(());
    }
    people::set_name(tx, id, &line.name).await?;
    let (before, after) = (before.to_owned(), line.name.clone());
    done.renamed.push(Replaced { id, row: line.row, before, after });
    Ok(())
}

async fn give_role(
    tx: &mut Tx,
    (id, had, is_own): (PersonId, Had, bool),
    (row, role): (u32, Role),
    done: &mut Done,
) -> Result<(), PeopleError> {
    if is_own {
        done.skipped.push((row, Skipped::RoleIsKept));
        return Ok(());
    }
    match set_role(tx, id, had.0, Some(role)).await {
        Ok(true) => {
            done.roles.push(Replaced { id, row, before: had, after: Had(Some(role)) });
        }
        Ok(false) | Err(PeopleError::Moved | PeopleError::Unknown) => {
            done.skipped.push((row, Skipped::ChangedMeanwhile));
        }
        Err(PeopleError::LastAdmin) => done.skipped.push((row, Skipped::RoleIsKept)),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Takes back what nobody touched since.
pub async fn undo(
    tx: &mut Tx,
    by: PersonId,
    done: &Done,
    now: Timestamp,
) -> Result<Undone, PeopleError> {
    hold(tx).await?;
    let mut undone = Undone::default();
    for it in &done.roles {
        let back = it.before.0;
        let is_back = it.id != by && is_set(set_role(tx, it.id, it.after.0, back).await)?;
        if is_back { undone.roles += 1 } else { undone.kept.push(it.id) }
    }
    for it in &done.renamed {
        let person = people::find(tx, it.id).await?;
        if person.is_some_and(|person| person.name == it.after) {
            people::set_name(tx, it.id, &it.before).await?;
            undone.renamed += 1;
        } else {
            undone.kept.push(it.id);
        }
    }
    let mut gone = Vec::new();
    let owners = owners_of_rows(tx).await?;
    let added: BTreeMap<PersonId, &Added> = done.added.iter().map(|it| (it.id, it)).collect();
    for person in people::find_many(tx, &done.added_ids()).await? {
        let is_as_added = added.get(&person.id).is_some_and(|it| is_as_added(&person, it));
        let owns = owners.contains(&person.id);
        // Whoever takes the list back stays: somebody looks after people in any case.
        if person.id != by && is_as_added && !owns && !is_signed_in(tx, &person, now).await? {
            gone.push(person.id);
        } else {
            undone.kept.push(person.id);
        }
    }
    // What was written to them goes with each of them. Gone first, it is not looked through for the others' names.
    mails::drop_of_people(tx, &gone).await?;
    for id in gone {
        people::remove(tx, id).await?;
        undone.removed += 1;
    }
    undone.kept.sort_unstable();
    undone.kept.dedup();
    Ok(undone)
}

fn is_set(outcome: Result<bool, PeopleError>) -> Result<bool, PeopleError> {
    match outcome {
        Err(PeopleError::Moved | PeopleError::Unknown | PeopleError::LastAdmin) => Ok(false),
        other => other,
    }
}

/// Whether somebody is as they were added, and never came.
fn is_as_added(person: &Person, added: &Added) -> bool {
    person.name == added.name && person.role == Some(added.role) && person.seen_at.is_none()
}

async fn is_signed_in(tx: &mut Tx, person: &Person, now: Timestamp) -> Result<bool, StoreError> {
    Ok(!logins::of_person(tx, person.id, now).await?.is_empty())
}

/// Everybody whose rows there are.
async fn owners_of_rows(tx: &mut Tx) -> Result<BTreeSet<PersonId>, StoreError> {
    let Some(table) = tables::find(tx, TABLE).await? else { return Ok(BTreeSet::new()) };
    Ok(owners::all(tx, table.id).await?.into_iter().map(|(_, owner)| owner).collect())
}

/// Forgets the lists that nobody touched for long.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> Result<u64, StoreError> {
    member_lists::forget_before(tx, Timestamp(now.get() - KEPT_FOR)).await
}
