//! JSON for our own tabs and for other programs: one file per door.
//!
//! A failure is `{"error": {"key", "message"}}` among what RFC 9457 says; its key is one of
//! [`WebError::status`](super::error::WebError::status).

pub mod checks;
pub mod columns;
pub mod duplicates;
pub mod history;
pub mod restore;
pub mod suggestions;

use crate::web::doors::Doors;
use crate::web::doors::Who::{Everybody, Member, Pilot, SignedIn};
use crate::web::urls;

/// The doors of the API.
pub fn routes() -> Doors {
    let most = Some(suggestions::LARGEST_BODY);
    Doors::new()
        .get(urls::API_CHECKS, Member, checks::show)
        .post(urls::API_COLUMNS, Pilot, columns::change)
        .get(urls::API_DUPLICATES, Everybody, duplicates::show)
        .get(urls::API_HISTORY, Member, history::show)
        .post(urls::API_RESTORE, Pilot, restore::restore)
        .post_up_to(urls::API_SUGGESTIONS, SignedIn, most, suggestions::leave)
}
