//! The state of an offer, and who sees it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::table::{Plain, Row};

/// Where an offer stands. Its word is the option's id in the column `etat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Status {
    /// Being written.
    #[serde(rename = "brouillon")]
    Draft,
    /// Waits for a pilot.
    #[serde(rename = "a_verifier")]
    ToCheck,
    /// Seen by everybody.
    #[serde(rename = "publiee")]
    Published,
    /// Seen by everybody, known to be stale.
    #[serde(rename = "a_mettre_a_jour")]
    ToUpdate,
    /// No longer offered; kept.
    #[serde(rename = "archivee")]
    Archived,
}

impl Status {
    /// The column that holds it.
    pub const COLUMN: &'static str = "etat";

    /// All states, in the order of an offer's life.
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::ToCheck, Self::Published, Self::ToUpdate, Self::Archived];

    /// Whether visitors see the offer.
    pub fn is_public(self) -> bool {
        match self {
            Self::Published | Self::ToUpdate => true,
            Self::Draft | Self::ToCheck | Self::Archived => false,
        }
    }

    /// The id of its option.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "brouillon",
            Self::ToCheck => "a_verifier",
            Self::Published => "publiee",
            Self::ToUpdate => "a_mettre_a_jour",
            Self::Archived => "archivee",
        }
    }

    /// The state of a row. A row that says nothing we know is a draft: nothing is ever published by accident.
    pub fn of(row: &Row) -> Self {
        row.text(Self::COLUMN).parse().unwrap_or(Self::Draft)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Status> for Plain {
    fn from(status: Status) -> Self {
        Self::text(status.as_str())
    }
}

/// A word that names no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the state of an offer")]
pub struct NotAStatus(pub String);

impl FromStr for Status {
    type Err = NotAStatus;
    fn from_str(word: &str) -> Result<Self, NotAStatus> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == word)
            .ok_or_else(|| NotAStatus(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::defaults::formations;

    #[test]
    fn the_states_are_the_options_of_their_column_in_the_same_order() {
        let column = formations().into_iter().find(|column| column.id.as_str() == Status::COLUMN);

        let options: Vec<String> =
            column.unwrap().options.iter().map(|option| option.id.to_string()).collect();
        assert_eq!(options, Status::ALL.map(|status| status.to_string()));
    }

    #[test]
    fn visitors_see_published_offers_and_stale_ones_and_no_others() {
        let seen: Vec<_> = Status::ALL.into_iter().filter(|status| status.is_public()).collect();

        assert_eq!(seen, [Status::Published, Status::ToUpdate]);
    }
}
