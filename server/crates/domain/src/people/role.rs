//! Roles and actors.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;

/// The role of a signed-in person. Who is not signed in is a visitor and has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Adds and corrects offers.
    Member,
    /// Curates.
    Pilot,
    /// Curates, and looks after people and settings.
    Admin,
}

impl Role {
    /// All roles, least powerful first.
    pub const ALL: [Self; 3] = [Self::Member, Self::Pilot, Self::Admin];

    /// Whether this role decides, restores, imports and publishes.
    pub fn can_curate(self) -> bool {
        match self {
            Self::Pilot | Self::Admin => true,
            Self::Member => false,
        }
    }

    /// Whether this role looks after people and settings.
    pub fn can_administer(self) -> bool {
        self == Self::Admin
    }

    /// The word in the database, in commands and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Pilot => "pilot",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a role: member, pilot or admin")]
pub struct NotARole(pub String);

impl FromStr for Role {
    type Err = NotARole;
    fn from_str(word: &str) -> Result<Self, NotARole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == word)
            .ok_or_else(|| NotARole(word.to_owned()))
    }
}

/// Whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A signed-in person.
    Person(PersonId, Role),
    /// The program: an import at first start, a command of the operator, a job.
    Program,
}

impl Actor {
    /// The person, if it is one.
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person, _) => Some(person),
            Self::Program => None,
        }
    }
}
