//! What can go wrong between us and the database.

use tablee_domain::ids::{Epoch, PersonId, Revision};

/// Why the database did not do what was asked.
///
/// A lookup that finds nothing is no error: it returns `None`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, is locked by somebody else, or its disk fails. Nothing was written.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// Somebody else was first. Nothing was written.
    #[error("somebody else was first: {0}")]
    Conflict(#[from] Conflict),
    /// A line that this program could not have written.
    #[error("`{table}` holds what cannot be understood: line `{row}`, column `{column}`")]
    Corrupt {
        /// The table of the database.
        table: &'static str,
        /// The key of the line, as far as it is known.
        row: String,
        /// The column.
        column: String,
    },
    /// The database was written by a later version of this program. It is left as it is.
    #[error(
        "the database is at version {found}, this program knows {known}: a later one is needed"
    )]
    TooNew {
        /// The version of the database.
        found: i64,
        /// The latest version that this program knows.
        known: i64,
    },
    /// The end of a commit is unknown: it may be on disk or not. Whoever holds state in memory must throw
    /// it away and read anew.
    #[error("it is unknown whether the transaction was kept: {0}")]
    CommitUnknown(String),
    /// A text with U+0000, which PostgreSQL cannot hold. Nothing was written.
    #[error("`{column}` holds the character U+0000, which cannot be stored")]
    NotStorable {
        /// The column it was meant for.
        column: &'static str,
    },
    /// There is no such table in this database. Nothing was written.
    #[error("there is no such table")]
    NoSuchTable,
}

/// What somebody else did first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The document lives in another epoch.
    #[error("the table is in epoch {found}")]
    EpochMoved {
        /// The epoch in which it lives.
        found: Epoch,
    },
    /// The log has grown.
    #[error("the log of the table is at revision {found}")]
    HeadMoved {
        /// The last revision of the log.
        found: Revision,
    },
    /// The writer belongs to somebody else.
    #[error("the writer is claimed by somebody else")]
    WriterTaken {
        /// Who claimed it; none is the program.
        owner: Option<PersonId>,
    },
    /// The name or address is in use.
    #[error("`{0}` is in use")]
    NameTaken(String),
    /// A login with this identifier exists.
    #[error("a login with this identifier exists")]
    LoginExists,
    /// Another transaction was in the way: the same work may succeed when it is tried again.
    #[error("another transaction was in the way")]
    Raced,
    /// A rule of the schema; its name or what the database said.
    #[error("a rule of the database forbids it: {0}")]
    Rule(String),
}

impl StoreError {
    /// A line whose column does not hold what this program writes.
    pub(crate) fn corrupt(
        table: &'static str,
        row: &(impl ToString + ?Sized),
        column: impl Into<String>,
    ) -> Self {
        Self::Corrupt { table, row: row.to_string(), column: column.into() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(cause) if is_race(cause.code().as_deref()) => {
                Conflict::Raced.into()
            }
            sqlx::Error::Database(cause)
                if cause.is_unique_violation()
                    || cause.is_foreign_key_violation()
                    || cause.is_check_violation() =>
            {
                Conflict::Rule(cause.message().to_owned()).into()
            }
            sqlx::Error::ColumnDecode { index, .. } => Self::corrupt("?", "?", index.clone()),
            sqlx::Error::Decode(cause) => Self::corrupt("?", "?", cause.to_string()),
            _ => Self::Unavailable(in_one_line(&error)),
        }
    }
}

/// PostgreSQL ended one of two transactions that waited for each other, or that could not be put in order.
fn is_race(code: Option<&str>) -> bool {
    matches!(code, Some("40001" | "40P01"))
}

/// An error and its causes, each said once, on one line.
pub(crate) fn in_one_line(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
