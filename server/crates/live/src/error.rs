//! What can go wrong with a room, by what the caller must do next.

use tablee_storage::StoreError;

/// Why a room did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// There is no table of this name.
    #[error("there is no table `{0}`")]
    UnknownTable(String),
    /// The room closed meanwhile; what was asked was not done. Open it again.
    #[error("the table is being opened again")]
    Closed,
    /// The document in the database cannot be read. It is left untouched.
    #[error("the table `{table}` cannot be read: {cause}")]
    Unreadable {
        /// Its name.
        table: String,
        /// What the reader said.
        cause: String,
    },
    /// The import is still being written: what is not there yet cannot be taken back. Try again.
    #[error("the import is still being written")]
    UnderWay,
    /// Nothing is kept of that moment any more, or nothing was there yet.
    #[error("nothing is kept of that moment")]
    NoSuchMoment,
    /// The database did not answer, or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}
