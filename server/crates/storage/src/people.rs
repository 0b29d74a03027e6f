//! People with a login: their address, their name and their role.

use tablee_domain::ids::{PersonId, Timestamp};
use tablee_domain::people::Role;

use crate::engine::{Tx, on_engine};
use crate::error::{Conflict, StoreError};
use crate::words::storable;

/// A person with a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Stable, never reused: the log remembers it after the person left.
    pub id: PersonId,
    /// The address, trimmed and in lower case.
    pub email: String,
    /// What others read.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// When they were added.
    pub made_at: Timestamp,
    /// When they were last here.
    pub seen_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    email: String,
    name: String,
    role: String,
    made_at: i64,
    seen_at: Option<i64>,
}

impl TryFrom<Line> for Person {
    type Error = StoreError;

    fn try_from(line: Line) -> Result<Self, StoreError> {
        let role = line.role.parse().map_err(|_| StoreError::corrupt("people", line.id, "role"))?;
        Ok(Self {
            id: PersonId(line.id),
            email: line.email,
            name: line.name,
            role,
            made_at: Timestamp(line.made_at),
            seen_at: line.seen_at.map(Timestamp),
        })
    }
}

/// An address as it is kept and compared: trimmed, in lower case.
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Adds a person; a conflict where the address is in use.
pub async fn add(
    tx: &mut Tx,
    email: &str,
    name: &str,
    role: Role,
    at: Timestamp,
) -> Result<PersonId, StoreError> {
    const ADD: &str = "insert into people (email, name, role, made_at)
        values ($1, $2, $3, $4)
        on conflict (email) do nothing
        returning id";

    let email = normal_email(storable(email, "people.email")?);
    let name = storable(name.trim(), "people.name")?;
    let id: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(ADD)
        .bind(&email).bind(name).bind(role.as_str()).bind(at.get())
        .fetch_optional(&mut **conn).await?);
    id.map(PersonId).ok_or_else(|| Conflict::NameTaken(email).into())
}

/// The person with this identifier.
pub async fn find(tx: &mut Tx, id: PersonId) -> Result<Option<Person>, StoreError> {
    const FIND: &str = "select id, email, name, role, made_at, seen_at from people where id = $1";

    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(FIND).bind(id.get()).fetch_optional(&mut **conn).await?);
    line.map(Person::try_from).transpose()
}

/// The person with this address, however it is written.
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<Person>, StoreError> {
    const FIND: &str =
        "select id, email, name, role, made_at, seen_at from people where email = $1";

    let email = normal_email(storable(email, "people.email")?);
    let line: Option<Line> = on_engine!(tx, conn =>
        sqlx::query_as(FIND).bind(&email).fetch_optional(&mut **conn).await?);
    line.map(Person::try_from).transpose()
}

/// Everybody, in the order in which they were added.
pub async fn list(tx: &mut Tx) -> Result<Vec<Person>, StoreError> {
    const LIST: &str = "select id, email, name, role, made_at, seen_at from people order by id";

    let lines: Vec<Line> =
        on_engine!(tx, conn => sqlx::query_as(LIST).fetch_all(&mut **conn).await?);
    lines.into_iter().map(Person::try_from).collect()
}

/// Gives a role; says whether there is such a person. Ending their logins is up to the caller, who knows
/// the open tabs.
pub async fn set_role(tx: &mut Tx, id: PersonId, role: Role) -> Result<bool, StoreError> {
    const SET: &str = "update people set role = $1 where id = $2";

    let changed = on_engine!(tx, conn => sqlx::query(SET)
        .bind(role.as_str()).bind(id.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Gives a name; says whether there is such a person.
pub async fn set_name(tx: &mut Tx, id: PersonId, name: &str) -> Result<bool, StoreError> {
    const SET: &str = "update people set name = $1 where id = $2";

    let name = storable(name.trim(), "people.name")?;
    let changed = on_engine!(tx, conn => sqlx::query(SET)
        .bind(name).bind(id.get()).execute(&mut **conn).await?.rows_affected());
    Ok(changed == 1)
}

/// Notes that a person is here. Never goes back in time.
pub async fn saw(tx: &mut Tx, id: PersonId, at: Timestamp) -> Result<(), StoreError> {
    const SAW: &str = "update people
        set seen_at = $1
        where id = $2
        and coalesce(seen_at, 0) < $1";

    on_engine!(tx, conn => {
        sqlx::query(SAW).bind(at.get()).bind(id.get()).execute(&mut **conn).await?;
    });
    Ok(())
}

/// Removes a person: their address and name are gone, their logins and links end, their rows are nobody's.
/// What they did stays in the log under a number that nobody else ever gets. Says whether they were there.
pub async fn remove(tx: &mut Tx, id: PersonId) -> Result<bool, StoreError> {
    const GIVE_UP: &str = "delete from row_owners where person_id = $1";
    // Logins and links go with the line, by their foreign keys.
    const REMOVE: &str = "delete from people where id = $1";

    let removed = on_engine!(tx, conn => {
        sqlx::query(GIVE_UP).bind(id.get()).execute(&mut **conn).await?;
        sqlx::query(REMOVE).bind(id.get()).execute(&mut **conn).await?.rows_affected()
    });
    Ok(removed == 1)
}
