//! A form that was sent.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tablee_domain::ids::{PersonId, ProposalId, Timestamp};
use tablee_domain::proposal::Payload;
use tablee_storage::follow_links::Scope;
use tablee_storage::proposal_events::{self, By, Event};
use tablee_storage::proposals::{self, NewProposal, Proposal, State};
use tablee_storage::{StoreError, Tx};

use super::{DAY, HOUR, Parts, Proposing, before, table_of};
use crate::i18n::Locale;
use crate::mail::{Letter, LetterKind, Recipient};
use crate::sign_in::hex;
use crate::web::error::WebError;
use crate::web::urls;

/// What is sent.
#[derive(Debug, Clone)]
pub struct Submission {
    /// What it asks for.
    pub payload: Payload,
    /// What never stands in the table.
    pub private: Beside,
    /// Who sends it.
    pub author: Author,
    /// What the sending page calls it.
    pub key: String,
    /// The language of the page.
    pub locale: Locale,
    /// How much it looks like a robot's.
    pub score: f64,
}

/// Who sends a form.
#[derive(Clone)]
pub enum Author {
    /// Somebody who is signed in.
    Person(PersonId),
    /// A visitor.
    Visitor {
        /// Where they can be reached.
        email: String,
        /// What they want to be called.
        name: String,
        /// The place they send from, under seal.
        place: String,
        /// What such a place may send.
        limits: PlaceLimits,
    },
}

/// Nobody's address stands in a log.
impl std::fmt::Debug for Author {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(id) => write!(f, "Person({id})"),
            Self::Visitor { .. } => f.write_str("Visitor"),
        }
    }
}

/// What visitors may send.
#[derive(Debug, Clone, Copy)]
pub struct PlaceLimits {
    /// In an hour from one place.
    pub an_hour: u32,
    /// In a day in all.
    pub a_day: u32,
}

/// What only pilots read, beside the payload.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Beside {
    /// A person at the provider.
    pub contact: String,
    /// A word to the pilots.
    pub remark: String,
}

/// Nothing private stands in a log.
impl std::fmt::Debug for Beside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Beside(..)")
    }
}

impl Beside {
    /// As it is kept; none where there is nothing.
    pub fn to_json(&self) -> Option<String> {
        (*self != Self::default())
            .then(|| serde_json::to_string(self).expect("texts are plain JSON"))
    }

    /// What was kept.
    pub fn of_json(json: Option<&str>) -> Self {
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }
}

/// That it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// Its number.
    pub id: ProposalId,
    /// The word by which people speak of it.
    pub receipt: String,
}

/// Too much came, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooMany {
    /// From this place.
    Place,
    /// From everywhere.
    All,
}

/// Why a form was not kept.
#[derive(Debug, thiserror::Error)]
pub enum NotKept {
    /// Too much came.
    #[error("too many proposals")]
    TooMany(TooMany),
    /// Something else.
    #[error(transparent)]
    Web(#[from] WebError),
}

impl From<StoreError> for NotKept {
    fn from(error: StoreError) -> Self {
        Self::Web(error.into())
    }
}

impl Proposing {
    /// Keeps what was sent, and writes to whoever must know. What the same page sends twice is one.
    pub async fn submit(&self, new: Submission) -> Result<Submitted, NotKept> {
        let (parts, now) = (self.parts(), self.now());
        let mut tx = parts.store.begin().await?;
        let table = table_of(&mut tx).await?;
        let too_many = over_limits(&mut tx, &new.author, now).await?;
        let stored = proposals::add(&mut tx, table, &[line(&new)?], now).await?;
        let stored = stored.into_iter().next().expect("one was given");
        if stored.new {
            if let Some(too_many) = too_many {
                return Err(NotKept::TooMany(too_many));
            }
            proposal_events::add(&mut tx, stored.id, now, By::Author, &Event::Received).await?;
            parts.tell(&mut tx, stored.id, &stored.receipt, (&new.author, new.locale)).await?;
            tx.commit().await?;
            tracing::info!(
                proposal.id = stored.id.get(),
                kind = ?new.payload.kind,
                "a proposal came in"
            );
        }
        Ok(Submitted { id: stored.id, receipt: stored.receipt })
    }

    /// Whether half of what a place may send in an hour was sent.
    pub async fn is_busy(&self, place: &str, limits: PlaceLimits) -> Result<bool, StoreError> {
        let mut tx = self.parts().store.read().await?;
        let lately = before(self.now(), HOUR);
        let sent = proposals::count_from_place(&mut tx, place.as_bytes(), lately).await?;
        Ok(sent > 0 && sent * 2 >= i64::from(limits.an_hour))
    }
}

impl Parts {
    async fn tell(
        &self,
        tx: &mut Tx,
        id: ProposalId,
        receipt: &str,
        (author, locale): (&Author, Locale),
    ) -> Result<(), StoreError> {
        let receipt = receipt.to_owned();
        let letter = match author {
            Author::Person(person) => {
                let link = urls::mine_proposal(&receipt);
                self.tell_pilots(tx, id, &receipt).await?;
                Letter::new(Recipient::Person(*person), LetterKind::Received { receipt, link })
            }
            Author::Visitor { email, .. } => {
                let link = urls::propose_confirm(&self.link(tx, id, Scope::Confirm).await?);
                let to = Recipient::Visitor { address: email.clone(), language: locale };
                Letter::new(to, LetterKind::ConfirmProposal { link, receipt })
            }
        };
        // Whoever sends it hears the same, whatever becomes of the mail.
        let _ = self.mails.post(tx, letter).await?;
        Ok(())
    }

    /// Tells the pilots that a proposal came in.
    pub(super) async fn tell_pilots(
        &self,
        tx: &mut Tx,
        id: ProposalId,
        receipt: &str,
    ) -> Result<(), StoreError> {
        let (receipt, link) = (receipt.to_owned(), urls::desk_proposal(id));
        let kind = LetterKind::Submitted { receipt, link };
        let _ = self.mails.post(tx, Letter::new(Recipient::Pilots, kind)).await?;
        Ok(())
    }
}

/// Whether as much came as may come, before what comes now.
async fn over_limits(
    tx: &mut Tx,
    author: &Author,
    now: Timestamp,
) -> Result<Option<TooMany>, StoreError> {
    let Author::Visitor { place, limits, .. } = author else { return Ok(None) };
    let here = proposals::count_from_place(tx, place.as_bytes(), before(now, HOUR)).await?;
    if here >= i64::from(limits.an_hour) {
        return Ok(Some(TooMany::Place));
    }
    let all = proposals::count_of_visitors(tx, before(now, DAY)).await?;
    Ok((all >= i64::from(limits.a_day)).then_some(TooMany::All))
}

/// What the page calls it, and what it says: a form that went twice is one proposal; other words, or another
/// address, sent by the same page are another.
fn key(new: &Submission, payload: &str) -> String {
    let mut words = vec![new.key.as_str(), payload];
    let private = new.private.to_json().unwrap_or_default();
    words.push(&private);
    if let Author::Visitor { email, name, .. } = &new.author {
        words.extend([email.as_str(), name.as_str()]);
    }
    format!("{} {}", new.key, hex(&Sha256::digest(words.join("\0"))))
}

/// What the page that sent a proposal called it.
pub fn key_of_page(proposal: &Proposal) -> &str {
    proposal.key_of_client.split(' ').next().unwrap_or_default()
}

fn line(new: &Submission) -> Result<NewProposal, WebError> {
    let payload = serde_json::to_string(&new.payload).map_err(anyhow::Error::new)?;
    let key = key(new, &payload);
    let kept = match &new.author {
        Author::Person(person) => NewProposal::of_person(new.payload.kind, *person, &key, &payload),
        Author::Visitor { email, name, place, .. } => NewProposal {
            author_name: Some(name.clone()).filter(|name| !name.is_empty()),
            place_hash: Some(place.as_bytes().to_vec()),
            ..NewProposal::of_visitor(new.payload.kind, email, &key, &payload)
        },
    };
    Ok(NewProposal {
        row: new.payload.row.clone(),
        private: new.private.to_json(),
        language: new.locale.tag().to_owned(),
        state: match new.author {
            Author::Person(_) => State::Received,
            Author::Visitor { .. } => State::Unconfirmed,
        },
        score: new.score,
        ..kept
    })
}
