//! A visitor says by mail that a proposal is theirs: by a button, never by looking at the link.

use tablee_storage::follow_links::{self, Scope};
use tablee_storage::proposal_events::{self, By, Event};
use tablee_storage::proposals::{self, Change, Proposal, State};
use tablee_storage::{StoreError, Tx};

use super::Proposing;
use crate::i18n::Locale;
use crate::mail::{Letter, LetterKind, Recipient};
use crate::sign_in::token_hash;
use crate::web::urls;

impl Proposing {
    /// The receipt behind a link that can still confirm it. Looking uses nothing.
    pub async fn to_confirm(&self, token: &str) -> Result<Option<String>, StoreError> {
        let mut tx = self.parts().store.read().await?;
        let proposal = unconfirmed(&mut tx, token, self.now()).await?;
        Ok(proposal.map(|proposal| proposal.receipt))
    }

    /// Confirms, once: the token of the follow-up page, or nothing where the link was used or is none.
    pub async fn confirm(&self, token: &str) -> Result<Option<String>, StoreError> {
        let (parts, now) = (self.parts(), self.now());
        let mut tx = parts.store.begin().await?;
        let Some(proposal) = unconfirmed(&mut tx, token, now).await? else { return Ok(None) };
        let is_first = follow_links::use_once(&mut tx, &token_hash(token), now).await?;
        let change = Change::by(None, now);
        let (from, to) = ([State::Unconfirmed], State::Received);
        let is_received = is_first
            && proposals::transition(&mut tx, proposal.id, proposal.version, &from, to, &change)
                .await?;
        if !is_received {
            return Ok(None);
        }
        proposal_events::add(&mut tx, proposal.id, now, By::Author, &Event::Confirmed).await?;
        let follow = parts.link(&mut tx, proposal.id, Scope::Follow).await?;
        if let Some(address) = proposal.author_email.clone() {
            let language = Locale::from_tag(&proposal.language).unwrap_or_default();
            let (receipt, link) = (proposal.receipt.clone(), urls::follow(&follow));
            let to = Recipient::Visitor { address, language };
            let letter = Letter::new(to, LetterKind::Received { receipt, link });
            let _ = parts.mails.post(&mut tx, letter).await?;
        }
        parts.tell_pilots(&mut tx, proposal.id, &proposal.receipt).await?;
        tx.commit().await?;
        tracing::info!(proposal.id = proposal.id.get(), "a visitor confirmed a proposal");
        Ok(Some(follow))
    }
}

/// The proposal that a link can still confirm.
async fn unconfirmed(
    tx: &mut Tx,
    token: &str,
    now: tablee_domain::ids::Timestamp,
) -> Result<Option<Proposal>, StoreError> {
    let link = follow_links::find(tx, &token_hash(token), now).await?;
    let link = link.filter(|link| link.scope == Scope::Confirm && link.used_at.is_none());
    let Some(link) = link else { return Ok(None) };
    let proposal = proposals::find(tx, link.proposal).await?;
    Ok(proposal.filter(|proposal| proposal.state == State::Unconfirmed))
}
