//! A member's own new offer, where the association lets members publish without waiting: it goes the way of a
//! decision, in the member's name, and can be undone like one.

use tablee_domain::ids::ProposalId;
use tablee_domain::proposal::{Kind, Payload};
use tablee_domain::table::Plain;
use tablee_storage::proposals::{self, Proposal, State};

use super::deciding::{Choices, Chosen, Way};
use super::{By, Desk, DeskError, DeskResult};
use crate::site::MembersPublish;

impl Desk {
    /// Publishes what a member just proposed, where members may. Gives the proposal as it is then; nothing where
    /// a pilot looks at it first.
    pub async fn publish_own(&self, by: By, receipt: &str) -> DeskResult<Option<Proposal>> {
        if self.0.site.get().members_publish != MembersPublish::AtOnce {
            return Ok(None);
        }
        let found = proposals::find_by_receipt(&mut self.0.store.read().await?, receipt).await?;
        let found = found.ok_or(DeskError::Unknown)?;
        let is_theirs = found.author == Some(by.id);
        if !is_theirs || found.kind != Kind::New || found.state != State::Received {
            return Ok(None);
        }
        let Ok(payload) = serde_json::from_str::<Payload>(&found.payload) else { return Ok(None) };
        let choices = Choices { cells: all_of(found.id, payload), ..Choices::default() };
        let seen = [(found.id, found.version)];
        Ok(self.accept(by, &seen, Way::Publish, choices).await?.pop())
    }
}

/// Every answer of a form, as it was given.
fn all_of(of: ProposalId, payload: Payload) -> Vec<Chosen> {
    let cells = payload.cells.into_iter();
    cells.map(|(key, result)| Chosen { of, key, seen: Plain::Null, result }).collect()
}
