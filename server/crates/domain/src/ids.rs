//! Every identifier of the house, in one list.
//!
//! An identifier is never derived from data and never reused. Those that stand in documents or addresses
//! are words of `[a-z0-9_]`, so that no writing system, case or path can make two of one.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Why a text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: 1 to {max} characters of a-z, 0-9 and _ are expected")]
pub struct NotAnId {
    /// The longest form that would have been taken.
    pub max: usize,
}

/// Whether `text` is a word of `[a-z0-9_]` with 1 to `max` characters.
pub fn is_word(text: &str, max: usize) -> bool {
    !text.is_empty()
        && text.len() <= max
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

macro_rules! word_id {
    ($(#[$doc:meta])* $name:ident, $max:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// The longest form, in characters.
            pub const MAX: usize = $max;

            /// Takes a text that is a word of `[a-z0-9_]`.
            pub fn new(text: &str) -> Result<Self, NotAnId> {
                if is_word(text, $max) { Ok(Self(Arc::from(text))) } else { Err(NotAnId { max: $max }) }
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().to_owned()
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

word_id! {
    /// A row. Tabs and the server make it of 16 random characters of a-z0-9.
    RowId, 32
}
word_id! {
    /// A column, such as `intitule`.
    ColumnId, 64
}
word_id! {
    /// A file on its way into a table: 16 random characters of a-z0-9, which stand in an address.
    PlanId, 32
}
word_id! {
    /// One item of a list cell: an option of a choice, a session, a price, a place.
    ItemId, 64
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub i64);

        impl $name {
            /// The number itself.
            pub fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

number_id! {
    /// A table in this database.
    TableId
}
number_id! {
    /// A person with a login.
    PersonId
}
number_id! {
    /// The number of a durable update in a table's log: 1, 2, 3… without gaps, over all epochs.
    Revision
}
number_id! {
    /// The life of a document between two rebuilds: 1, 2, 3…
    Epoch
}
number_id! {
    /// One import that was applied.
    ImportId
}
number_id! {
    /// What somebody asks for, until a pilot decides.
    ProposalId
}
number_id! {
    /// A mail that waits, or was sent.
    MailId
}
number_id! {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Timestamp
}

/// A Yjs client id, claimed for an epoch by the first actor who used it in a table. Fits in 53 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Writer(pub u64);

impl fmt::Display for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
