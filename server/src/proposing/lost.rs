//! Links that were lost. Whoever asks gets the same answer at the same pace, known or not: the counter looks
//! after the answer left.

use std::time::Duration;

use tablee_storage::follow_links::Scope;
use tablee_storage::proposals::{self, Proposal, State};
use tablee_storage::{StoreError, Tx, people};
use tokio::sync::mpsc;

use super::{Parts, Proposing};
use crate::app::Tasks;
use crate::i18n::Locale;
use crate::mail::{Letter, LetterKind, Recipient};
use crate::web::error::WebError;
use crate::web::urls;

/// Askings that may wait.
const QUEUE: usize = 200;

/// Somebody lost a link.
pub struct Lost {
    /// The address, as typed.
    pub address: String,
    /// The receipt, as typed.
    pub receipt: String,
}

/// Where askings are left.
#[derive(Clone)]
pub(super) struct Counter(mpsc::Sender<Lost>);

impl Counter {
    /// Opens; it works until the program stops.
    pub(super) fn open(parts: &Parts, tasks: &Tasks) -> Self {
        let (askings, mut waiting) = mpsc::channel::<Lost>(QUEUE);
        let (parts, stopping) = (parts.clone(), tasks.clone());
        tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = stopping.stopping() => return,
                    lost = waiting.recv() => match lost {
                        Some(lost) => parts.look_at(&lost).await,
                        None => return,
                    },
                }
            }
        });
        Self(askings)
    }
}

impl Proposing {
    /// Leaves an asking, known or not.
    pub fn lost(&self, lost: Lost) -> Result<(), WebError> {
        let wait = Duration::from_mins(1);
        self.0.lost.0.try_send(lost).map_err(|_| WebError::TooMany { wait })
    }
}

impl Parts {
    async fn look_at(&self, lost: &Lost) {
        match self.resend(lost).await {
            Ok(true) => tracing::info!("a lost link was sent again"),
            Ok(false) => tracing::info!(
                "a link was asked for an address and a receipt that do not go together"
            ),
            Err(error) => tracing::error!(%error, "a lost link was not sent"),
        }
    }

    async fn resend(&self, lost: &Lost) -> Result<bool, StoreError> {
        let mut tx = self.store.begin().await?;
        let Some(proposal) = proposals::find_by_receipt(&mut tx, &lost.receipt).await? else {
            return Ok(false);
        };
        let address = lost.address.trim().to_lowercase();
        let Some(letter) = self.letter(&mut tx, &proposal, &address).await? else {
            return Ok(false);
        };
        let _ = self.mails.post(&mut tx, letter).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The letter to whoever sent a proposal; none where the address is another's.
    async fn letter(
        &self,
        tx: &mut Tx,
        proposal: &Proposal,
        address: &str,
    ) -> Result<Option<Letter>, StoreError> {
        let receipt = proposal.receipt.clone();
        if let Some(author) = proposal.author {
            let person = people::find(tx, author).await?;
            let is_theirs = person.is_some_and(|person| person.email == address);
            let proposals = vec![(receipt.clone(), urls::mine_proposal(&receipt))];
            let kind = LetterKind::FollowLinks { proposals };
            return Ok(is_theirs.then(|| Letter::new(Recipient::Person(author), kind)));
        }
        if proposal.author_email.as_deref() != Some(address) {
            return Ok(None);
        }
        let language = Locale::from_tag(&proposal.language).unwrap_or_default();
        let to = Recipient::Visitor { address: address.to_owned(), language };
        let kind = if proposal.state == State::Unconfirmed {
            let link = urls::propose_confirm(&self.link(tx, proposal.id, Scope::Confirm).await?);
            LetterKind::ConfirmProposal { link, receipt }
        } else {
            let link = urls::follow(&self.link(tx, proposal.id, Scope::Follow).await?);
            LetterKind::FollowLinks { proposals: vec![(receipt, link)] }
        };
        Ok(Some(Letter::new(to, kind)))
    }
}
