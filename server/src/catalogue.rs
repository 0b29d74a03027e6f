//! The public part of the table, kept until the table changes.
//!
//! Pages and exports ask here and nowhere else for what visitors may see: the projection holds published rows
//! and public columns only, so no page can show more. It is made once per revision, whoever asks first.

pub mod ical;
pub mod json_ld;
mod listing;

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use tablee_domain::ids::{ColumnId, Epoch, Revision, RowId, Timestamp};
use tablee_domain::offer::session::Day;
use tablee_domain::offer::{Catalogue, Query, Status};
use tablee_live::{RoomError, Rooms, Visible};
use tokio::sync::Mutex;

pub use listing::{Listing, Order};

/// The table that the public pages show.
pub const TABLE: &str = "formations";

/// The catalogue at one revision.
#[derive(Debug)]
pub struct Edition {
    /// The revision it shows.
    pub revision: Revision,
    /// The life of the document.
    pub epoch: Epoch,
    /// When the last change in it was made.
    pub at: Timestamp,
    /// The offers.
    pub catalogue: Catalogue,
    /// The options that at least one offer has, by column: others would only lead to nothing.
    pub in_use: BTreeSet<(ColumnId, String)>,
    /// Offers that are no longer given: their pages say so.
    pub archived: BTreeSet<RowId>,
}

/// Where the last edition is kept.
#[derive(Clone)]
pub struct Shelf(Arc<Inner>);

struct Inner {
    rooms: Rooms,
    last: RwLock<Option<Arc<Edition>>>,
    // One edition is made at a time: a hundred visitors after an edit wait for one work, not for a hundred.
    making: Mutex<()>,
}

impl Shelf {
    /// A shelf over the tables of this process.
    pub fn new(rooms: Rooms) -> Self {
        Self(Arc::new(Inner { rooms, last: RwLock::default(), making: Mutex::default() }))
    }

    /// The edition of what is durable now.
    pub async fn current(&self) -> Result<Arc<Edition>, RoomError> {
        let visible = self.0.rooms.values(TABLE).await?;
        if let Some(edition) = self.kept(&visible) {
            return Ok(edition);
        }
        let _turn = self.0.making.lock().await;
        if let Some(edition) = self.kept(&visible) {
            return Ok(edition);
        }
        let edition = Arc::new(Edition::of(&visible));
        *self.0.last.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&edition));
        Ok(edition)
    }

    /// The day of the last change, as far as anybody asked: for the foot of pages, which must not wait.
    pub fn last_change(&self) -> Option<Timestamp> {
        self.last().map(|edition| edition.at)
    }

    fn last(&self) -> Option<Arc<Edition>> {
        self.0.last.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The kept edition, where it shows this state or a later one.
    fn kept(&self, visible: &Visible) -> Option<Arc<Edition>> {
        self.last().filter(|kept| kept.epoch == visible.epoch && kept.revision >= visible.revision)
    }
}

impl Edition {
    /// The public part of a state of the table.
    pub fn of(visible: &Visible) -> Self {
        let catalogue = Catalogue::new(&visible.values);
        let all = catalogue.find(&Query::default(), Day::of(visible.at));
        let in_use = all.facets.iter().flat_map(|facet| {
            let used = facet.options.iter().filter(|option| option.count > 0);
            used.map(|used| (facet.column.id.clone(), used.option.id.as_str().to_owned()))
        });
        let in_use = in_use.collect();
        let archived = visible.values.present().filter(|row| Status::of(row) == Status::Archived);
        let archived = archived.map(|row| row.id.clone()).collect();
        let (revision, epoch, at) = (visible.revision, visible.epoch, visible.at);
        Self { revision, epoch, at, catalogue, in_use, archived }
    }
}
