//! Offers that resemble one that is being proposed: whoever writes it may complete the one that is there.

use std::sync::{Arc, Mutex, PoisonError};

use tablee_domain::ids::{Epoch, Revision, RowId};
use tablee_domain::offer::duplicate::{ASKED_FROM, Kin, Likeness, Traits};
use tablee_domain::offer::{Status, slug};
use tablee_domain::reading::link;
use tablee_domain::table::Row;
use tablee_live::{RoomError, Rooms, Visible};

use crate::catalogue::TABLE;
use crate::web::urls;
use crate::wording::one_line;

/// Offers on the page that was named, where nothing else was written yet.
const ON_PAGE: usize = 3;

/// Who asks: visitors hear of published offers only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sees {
    /// What everybody sees.
    Published,
    /// What members see in the table.
    Everything,
}

/// One offer that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Which.
    pub row: RowId,
    /// Its title.
    pub title: String,
    /// Who gives it.
    pub provider: String,
    /// Its page, where it has one that everybody sees.
    pub href: Option<String>,
    /// In what it resembles the other.
    pub why: Vec<Likeness>,
    /// From 0 to 1.
    pub score: f64,
}

/// Knows the offers of the table by what they are compared by.
#[derive(Clone)]
pub struct Nearby {
    rooms: Rooms,
    made: Arc<[Made; 2]>,
}

/// What was made last, and the turn of whoever makes the next: of many who ask after a change one makes it, and the
/// others wait without keeping a thread.
#[derive(Default)]
struct Made {
    last: Mutex<Option<Arc<Known>>>,
    turn: tokio::sync::Mutex<()>,
}

impl Made {
    fn at(&self, of: (Epoch, Revision)) -> Option<Arc<Known>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|known| known.of == of).cloned()
    }

    /// Thousands of offers take their time: away from the threads that serve people.
    async fn known(&self, sees: Sees, visible: Arc<Visible>) -> Result<Arc<Known>, RoomError> {
        let of = (visible.epoch, visible.revision);
        if let Some(known) = self.at(of) {
            return Ok(known);
        }
        let _turn = self.turn.lock().await;
        if let Some(known) = self.at(of) {
            return Ok(known);
        }
        let making = tokio::task::spawn_blocking(move || Known::of(sees, &visible));
        // It is given up with the program only.
        let known = Arc::new(making.await.map_err(|_| RoomError::Closed)?);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&known));
        Ok(known)
    }
}

/// The offers at one revision.
struct Known {
    of: (Epoch, Revision),
    kin: Kin,
    offers: Vec<Offer>,
}

struct Offer {
    near: Near,
    page: String,
}

impl Nearby {
    /// Over the tables of this process.
    pub fn new(rooms: Rooms) -> Self {
        Self { rooms, made: Arc::default() }
    }

    /// The offers that resemble one of this title, provider and page, the nearest first.
    pub async fn to(
        &self,
        sees: Sees,
        (title, provider, page): (&str, &str, &str),
    ) -> Result<Vec<Near>, RoomError> {
        if title.trim().is_empty() && page.trim().is_empty() {
            return Ok(Vec::new());
        }
        let visible = self.rooms.values(TABLE).await?;
        let known = self.made[usize::from(sees == Sees::Everything)].known(sees, visible).await?;
        if title.trim().is_empty() {
            return Ok(known.on_page(page));
        }
        let alike = known.kin.of_one(&Traits::of(title, provider, page));
        let near = alike.into_iter().map(|alike| Near {
            why: alike.why,
            score: alike.score,
            ..known.offers[alike.place].near.clone()
        });
        Ok(near.collect())
    }
}

impl Known {
    fn of(sees: Sees, visible: &Visible) -> Self {
        let is_told = |row: &&Row| sees == Sees::Everything || Status::of(row).is_public();
        let rows: Vec<&Row> = visible.values.present().filter(is_told).collect();
        let traits =
            |row: &&Row| Traits::of(row.text("intitule"), row.text("organisme"), row.text("url"));
        Self {
            of: (visible.epoch, visible.revision),
            kin: Kin::of(rows.iter().map(traits).collect()),
            offers: rows.into_iter().map(Offer::of).collect(),
        }
    }

    fn on_page(&self, page: &str) -> Vec<Near> {
        let asked = link::match_key(page);
        let on_it = self.offers.iter().filter(|offer| !asked.is_empty() && offer.page == asked);
        on_it.take(ON_PAGE).map(|offer| offer.near.clone()).collect()
    }
}

impl Offer {
    fn of(row: &Row) -> Self {
        let is_public = Status::of(row).is_public();
        let near = Near {
            row: row.id.clone(),
            title: one_line(row.text("intitule")),
            provider: one_line(row.text("organisme")),
            href: is_public.then(|| urls::offer(&slug(row.text("intitule")), &row.id)),
            why: vec![Likeness::SameLink],
            score: ASKED_FROM,
        };
        let page = row.text("url");
        Self { near, page: if page.is_empty() { String::new() } else { link::match_key(page) } }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use super::*;
    use tablee_domain::ids::Timestamp;
    use tablee_domain::table::TableValues;

    #[tokio::test]
    async fn others_are_served_while_the_offers_are_learnt_and_they_are_learnt_once() {
        let (values, at) = (TableValues::default(), Timestamp(0));
        let visible = Arc::new(Visible { revision: Revision(1), epoch: Epoch(1), values, at });
        let made = Made::default();

        let mut first = Box::pin(made.known(Sees::Published, Arc::clone(&visible)));
        let begun =
            std::future::poll_fn(|context| Poll::Ready(first.as_mut().poll(context).is_pending()));
        let leaves_the_thread = begun.await;
        let is_free = made.last.try_lock().is_ok();
        let second = made.known(Sees::Published, Arc::clone(&visible));
        let (first, second) = tokio::join!(first, second);

        assert!(leaves_the_thread, "whoever asks leaves the thread to others");
        assert!(is_free);
        assert!(Arc::ptr_eq(&first.unwrap(), &second.unwrap()));
    }
}
