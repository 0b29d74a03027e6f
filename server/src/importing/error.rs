//! Why an import did not go on, for the program and for people.

use serde::{Deserialize, Serialize};
use tablee_exchange::FileError;
use tablee_live::RoomError;
use tablee_storage::StoreError;
use tablee_storage::import_plans::State;

use super::Stale;

/// Why there is no plan, or it was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is not read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The table did not take it.
    #[error(transparent)]
    Room(#[from] RoomError),
    /// The database did not answer, or what it remembers cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The planning stopped: a fault of ours, not of the file.
    #[error("the plan could not be made")]
    Planning(#[from] tokio::task::JoinError),
    /// There is no such plan, or no more.
    #[error("there is no such plan")]
    UnknownPlan,
    /// Somebody else changed the plan meanwhile. Nothing was done.
    #[error("somebody else changed the plan meanwhile")]
    Moved {
        /// Its version now.
        version: i64,
    },
    /// What was asked makes no sense any more, or not yet. Nothing was done.
    #[error("the plan is {state}")]
    NotPlanned {
        /// How far it is.
        state: State,
    },
    /// The plan was made for a table that is another one now. Nothing was done.
    #[error("the plan is too old")]
    Stale(Stale),
}

impl ImportError {
    /// Whether the same may succeed when it is tried again.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Store(error) | Self::Room(RoomError::Store(error)) => matches!(
                error,
                StoreError::Unavailable(_) | StoreError::CommitUnknown(_) | StoreError::Conflict(_)
            ),
            Self::Room(RoomError::Closed) => true,
            _ => false,
        }
    }
}

/// Why a plan is refused or stopped, as it is kept for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// The file is not read.
    File(FileError),
    /// Something was erased for good while it was applied.
    Erased,
    /// The table cannot be read.
    Table,
    /// A fault of ours.
    Program,
}

impl Failure {
    /// What people are told of an error.
    pub(super) fn of(error: &ImportError) -> Self {
        match error {
            ImportError::File(error) => Self::File(error.clone()),
            ImportError::Room(_) => Self::Table,
            _ => Self::Program,
        }
    }
}
