//! Looking after people: who comes in, with which role, and who does not any more.
//!
//! Whoever changes a role or ends a login holds [`hold`] first: what is read after it is what is changed, so that
//! two administrators who lower each other at the same moment leave one. Sockets of this process and of others
//! end within two seconds. Logs name people by their number.

pub mod lists;
pub mod reading;

use tablee_domain::ids::{PersonId, Timestamp};
use tablee_domain::people::Role;
use tablee_storage::people::{self, Person};
use tablee_storage::{Conflict, StoreError, Tx, logins, sign_in};

use crate::logins::announce;
use crate::mail::is_address;

/// Letters of the longest name.
pub const LONGEST_NAME: usize = 80;

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeopleError {
    /// There is nobody with this number, or no more.
    #[error("there is no such person")]
    Unknown,
    /// Nobody could look after people any more.
    #[error("this is the only administrator: name another one first")]
    LastAdmin,
    /// Somebody here has this address.
    #[error("somebody here has the address `{0}` already")]
    AddressTaken(String),
    /// Not an address that a mail could be sent to.
    #[error("`{0}` is not an e-mail address")]
    NotAnAddress(String),
    /// Not a name that others could read.
    #[error("a name has 1 to {LONGEST_NAME} characters, on one line")]
    NotAName,
    /// Somebody else changed the role meanwhile.
    #[error("the role was changed meanwhile")]
    Moved,
    /// The database did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An address as it is kept, or why it is none.
pub fn checked_email(typed: &str) -> Result<String, PeopleError> {
    let email = people::normal_email(typed);
    if is_address(&email) { Ok(email) } else { Err(PeopleError::NotAnAddress(typed.trim().into())) }
}

/// A name as others read it, or why it is none. Where none is typed, the address before its `@`.
pub fn checked_name(typed: &str, email: &str) -> Result<String, PeopleError> {
    let typed = typed.trim();
    let name = if typed.is_empty() { email.split('@').next().unwrap_or(email) } else { typed };
    let is_name = !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && !name.chars().any(char::is_control);
    if is_name { Ok(name.to_owned()) } else { Err(PeopleError::NotAName) }
}

/// Makes everybody else who changes people wait until this transaction ends, and tells sockets to look.
pub async fn hold(tx: &mut Tx) -> Result<(), StoreError> {
    announce(tx).await
}

/// Adds somebody.
pub async fn add(
    tx: &mut Tx,
    (email, name): (&str, &str),
    role: Role,
    at: Timestamp,
) -> Result<PersonId, PeopleError> {
    let email = checked_email(email)?;
    let name = checked_name(name, &email)?;
    match people::add(tx, &email, &name, role, at).await {
        Err(StoreError::Conflict(Conflict::NameTaken(_))) => Err(PeopleError::AddressTaken(email)),
        other => Ok(other?),
    }
}

/// Gives another name.
pub async fn rename(tx: &mut Tx, id: PersonId, name: &str) -> Result<(), PeopleError> {
    let person = found(tx, id).await?;
    let name = checked_name(name, &person.email)?;
    people::set_name(tx, id, &name).await?;
    Ok(())
}

/// Gives another role, or none: a visitor's. `seen` is the role that whoever asks was shown. Says whether
/// anything changed.
pub async fn set_role(
    tx: &mut Tx,
    id: PersonId,
    seen: Option<Role>,
    role: Option<Role>,
) -> Result<bool, PeopleError> {
    hold(tx).await?;
    let person = found(tx, id).await?;
    if person.role == role {
        return Ok(false);
    }
    if person.role != seen {
        return Err(PeopleError::Moved);
    }
    if role != Some(Role::Admin) {
        leaves_an_admin(tx, &person).await?;
    }
    people::set_role(tx, id, role).await?;
    Ok(true)
}

/// Ends all logins of somebody, and the links that could open another.
pub async fn sign_out(tx: &mut Tx, id: PersonId) -> Result<u64, PeopleError> {
    hold(tx).await?;
    found(tx, id).await?;
    sign_in::revoke_of(tx, id).await?;
    Ok(logins::delete_of_person(tx, id).await?)
}

/// Takes away the role, all logins, and the links that could open another.
pub async fn revoke(tx: &mut Tx, id: PersonId, seen: Option<Role>) -> Result<(), PeopleError> {
    set_role(tx, id, seen, None).await?;
    sign_out(tx, id).await?;
    Ok(())
}

/// Removes somebody: their address, their name, their logins. What they did stays, without their name.
pub async fn remove(tx: &mut Tx, id: PersonId) -> Result<(), PeopleError> {
    hold(tx).await?;
    let person = found(tx, id).await?;
    leaves_an_admin(tx, &person).await?;
    people::remove(tx, id).await?;
    Ok(())
}

async fn found(tx: &mut Tx, id: PersonId) -> Result<Person, PeopleError> {
    people::find(tx, id).await?.ok_or(PeopleError::Unknown)
}

/// Refuses where this is the last person who looks after people.
async fn leaves_an_admin(tx: &mut Tx, person: &Person) -> Result<(), PeopleError> {
    if person.role != Some(Role::Admin) {
        return Ok(());
    }
    let all = people::list(tx).await?;
    let others = all.iter().any(|it| it.id != person.id && it.role == Some(Role::Admin));
    if others { Ok(()) } else { Err(PeopleError::LastAdmin) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_given_is_the_address_before_its_sign() {
        assert_eq!(checked_name(" ", "lea.dupont@exemple.fr").as_deref(), Ok("lea.dupont"));
        assert_eq!(checked_name(" Léa D. ", "lea@exemple.fr").as_deref(), Ok("Léa D."));
        assert_eq!(checked_name("Lé\na", "lea@exemple.fr"), Err(PeopleError::NotAName));
        assert_eq!(checked_name(&"é".repeat(81), "lea@exemple.fr"), Err(PeopleError::NotAName));
    }

    #[test]
    fn an_address_is_kept_in_one_writing() {
        assert_eq!(checked_email(" Lea@Exemple.FR ").as_deref(), Ok("lea@exemple.fr"));
        for typed in ["lea", "lea@", "Léa <lea@exemple.fr>", "a@b.fr, c@d.fr", ""] {
            assert!(matches!(checked_email(typed), Err(PeopleError::NotAnAddress(_))), "{typed}");
        }
    }
}
