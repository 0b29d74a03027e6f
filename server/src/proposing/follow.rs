//! What became of a proposal, for whoever sent it: reading, answering, changing, taking back.

use tablee_domain::ids::{PersonId, Timestamp};
use tablee_domain::proposal::Payload;
use tablee_storage::follow_links::{self, Scope};
use tablee_storage::proposal_events::{self, By, Event, Happened};
use tablee_storage::proposals::{self, Change, Proposal, Rewritten, State};
use tablee_storage::{StoreError, Tx};

use super::submit::Beside;
use super::{FOLLOWED_FOR, HOUR, Proposing, before};
use crate::desk::deciding::mail_key;
use crate::mail::{Letter, LetterKind, Recipient};
use crate::sign_in::token_hash;
use crate::web::error::WebError;
use crate::web::urls;

/// The longest message.
pub const LONGEST_MESSAGE: usize = 4_000;

/// Messages of one author about one proposal within an hour.
pub const MESSAGES: usize = 10;

/// States in which authors may still take a proposal back or write about it.
const OPEN: [State; 3] = State::OPEN;

/// By what somebody may follow a proposal.
#[derive(Clone)]
pub enum Holder {
    /// The secret of a mailed link.
    Token(String),
    /// Having sent it while signed in, and its receipt.
    Author(PersonId, String),
}

/// A proposal and what happened to it.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The proposal.
    pub proposal: Proposal,
    /// What it asks for; none where that was erased.
    pub payload: Option<Payload>,
    /// What happened, as far as its author may know.
    pub events: Vec<Happened>,
}

/// What became of something that an author asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// It is done.
    Done,
    /// The proposal went on meanwhile; nothing was done.
    TooLate,
    /// Its author wrote many messages within the hour; this one was not kept.
    TooMany,
}

impl Followed {
    /// Whether its author may still change it.
    pub fn can_be_edited(&self) -> bool {
        matches!(self.proposal.state, State::Received) && self.payload.is_some()
    }

    /// Whether its author may still take it back.
    pub fn can_be_withdrawn(&self) -> bool {
        OPEN.contains(&self.proposal.state)
    }

    /// Whether its author may write to the pilots.
    pub fn can_be_answered(&self) -> bool {
        OPEN.contains(&self.proposal.state)
    }

    /// What only pilots read beside it.
    pub fn beside(&self) -> Beside {
        Beside::of_json(self.proposal.private.as_deref())
    }
}

impl Proposing {
    /// The proposal that somebody may follow. Looking changes nothing.
    pub async fn follow(&self, holder: &Holder) -> Result<Option<Followed>, StoreError> {
        let mut tx = self.parts().store.read().await?;
        let Some(proposal) = held(&mut tx, holder, self.now()).await? else { return Ok(None) };
        let mut events = proposal_events::of(&mut tx, proposal.id).await?;
        events.retain(|happened| !happened.event.is_private());
        let payload = serde_json::from_str(&proposal.payload).ok();
        Ok(Some(Followed { proposal, payload, events }))
    }

    /// What somebody sent lately, by its receipt and the mark that our receipt page carries.
    pub async fn receipt(&self, receipt: &str) -> Result<Option<Followed>, StoreError> {
        let mut tx = self.parts().store.read().await?;
        let Some(proposal) = proposals::find_by_receipt(&mut tx, receipt).await? else {
            return Ok(None);
        };
        let payload = serde_json::from_str(&proposal.payload).ok();
        Ok(Some(Followed { proposal, payload, events: Vec::new() }))
    }

    /// Sends a message to the pilots; a question is answered by it.
    pub async fn answer(&self, holder: &Holder, words: &str) -> Result<Option<Did>, WebError> {
        let (parts, now) = (self.parts(), self.now());
        let mut tx = parts.store.begin().await?;
        let Some(proposal) = held(&mut tx, holder, now).await? else { return Ok(None) };
        if !OPEN.contains(&proposal.state) {
            return Ok(Some(Did::TooLate));
        }
        let lately = before(now, HOUR);
        let events = proposal_events::of(&mut tx, proposal.id).await?;
        let is_message = |it: &&Happened| matches!(it.event, Event::Answered(_)) && it.at > lately;
        if events.iter().filter(is_message).count() >= MESSAGES {
            return Ok(Some(Did::TooMany));
        }
        if proposal.state == State::Asked {
            // Whoever asked looks after it again.
            let by = proposal.taken.and_then(|(person, _)| person);
            let change = Change::by(by, now);
            let (from, to) = ([State::Asked], State::Taken);
            let (id, version) = (proposal.id, proposal.version);
            if !proposals::transition(&mut tx, id, version, &from, to, &change).await? {
                return Ok(Some(Did::TooLate));
            }
            // Whoever answers has read the question.
            parts.mails.drop_by_key(&mut tx, &mail_key(id)).await?;
        }
        let event = Event::Answered(words.to_owned());
        proposal_events::add(&mut tx, proposal.id, now, By::Author, &event).await?;
        let (receipt, link) = (proposal.receipt.clone(), urls::desk_proposal(proposal.id));
        let letter = Letter::new(Recipient::Pilots, LetterKind::Answered { receipt, link });
        let _ = parts.mails.post(&mut tx, letter).await?;
        tx.commit().await?;
        Ok(Some(Did::Done))
    }

    /// Keeps what its author wrote anew, while nobody looks after it. It stays about what it is about: a form
    /// for something else is as one that comes too late.
    pub async fn edit(
        &self,
        holder: &Holder,
        version: i64,
        (payload, beside): (&Payload, &Beside),
    ) -> Result<Option<Did>, WebError> {
        let now = self.now();
        let mut tx = self.parts().store.begin().await?;
        let Some(proposal) = held(&mut tx, holder, now).await? else { return Ok(None) };
        let kept: Option<Payload> = serde_json::from_str(&proposal.payload).ok();
        if kept.is_none_or(|kept| (kept.kind, &kept.row) != (payload.kind, &payload.row)) {
            return Ok(Some(Did::TooLate));
        }
        let payload = serde_json::to_string(payload).map_err(anyhow::Error::new)?;
        let private = serde_json::to_string(beside).map_err(anyhow::Error::new)?;
        let words = Rewritten { payload: &payload, private: Some(&private) };
        let is_mine = proposal.state == State::Received
            && proposals::set_payload(&mut tx, proposal.id, version, words, now).await?;
        if !is_mine {
            return Ok(Some(Did::TooLate));
        }
        proposal_events::add(&mut tx, proposal.id, now, By::Author, &Event::Edited).await?;
        tx.commit().await?;
        Ok(Some(Did::Done))
    }

    /// Takes a proposal back.
    pub async fn withdraw(&self, holder: &Holder, version: i64) -> Result<Option<Did>, WebError> {
        let now = self.now();
        let mut tx = self.parts().store.begin().await?;
        let Some(proposal) = held(&mut tx, holder, now).await? else { return Ok(None) };
        let change = Change::by(proposal.author, now);
        let to = State::Withdrawn;
        if !proposals::transition(&mut tx, proposal.id, version, &OPEN, to, &change).await? {
            return Ok(Some(Did::TooLate));
        }
        proposal_events::add(&mut tx, proposal.id, now, By::Author, &Event::Withdrawn).await?;
        self.parts().mails.drop_by_key(&mut tx, &mail_key(proposal.id)).await?;
        let until = Timestamp(now.get() + FOLLOWED_FOR);
        follow_links::set_end(&mut tx, proposal.id, until).await?;
        tx.commit().await?;
        tracing::info!(proposal.id = proposal.id.get(), "a proposal was withdrawn");
        Ok(Some(Did::Done))
    }
}

/// The proposal that somebody may follow.
async fn held(
    tx: &mut Tx,
    holder: &Holder,
    now: Timestamp,
) -> Result<Option<Proposal>, StoreError> {
    match holder {
        Holder::Token(token) => {
            let link = follow_links::find(tx, &token_hash(token), now).await?;
            let Some(link) = link.filter(|link| link.scope == Scope::Follow) else {
                return Ok(None);
            };
            let proposal = proposals::find(tx, link.proposal).await?;
            Ok(proposal.filter(|it| !it.state.is_end() || is_recent(it, now)))
        }
        Holder::Author(person, receipt) => {
            let proposal = proposals::find_by_receipt(tx, receipt).await?;
            Ok(proposal.filter(|proposal| proposal.author == Some(*person)))
        }
    }
}

/// Whether what ended did so within the year for which it is followed.
fn is_recent(proposal: &Proposal, now: Timestamp) -> bool {
    now.get() - proposal.changed_at.get() <= FOLLOWED_FOR
}
