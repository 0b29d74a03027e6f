//! What somebody asks for, until a pilot decides.
//!
//! A proposal comes from a form, or from a refused edit that its author offers to the pilots (a suggestion): a
//! device sends it until it hears the receipt, and what it sent twice is one. What only pilots read stands
//! beside the payload, never in it. How a proposal goes from one state to the next stands in
//! `proposals/steps.rs`; what happened to it in [`crate::proposal_events`].

mod reading;
mod steps;

use std::fmt;
use std::str::FromStr;

use tablee_domain::ids::{PersonId, ProposalId, RowId, TableId, Timestamp};

pub use reading::*;
pub use steps::*;
pub use tablee_domain::proposal::Kind;

/// The kinds with their words.
const KINDS: [(Kind, &str); 4] = [
    (Kind::New, "new"),
    (Kind::Correction, "correction"),
    (Kind::Removal, "removal"),
    (Kind::Suggestion, "suggestion"),
];

fn word_of(kind: Kind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, word)| word)
}

fn kind_of(word: &str) -> Option<Kind> {
    KINDS.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// A visitor has not yet said by mail that it is theirs. Nobody else sees it.
    Unconfirmed,
    /// It came in; nobody looks after it.
    Received,
    /// A pilot looks after it.
    Taken,
    /// A pilot asked its author something.
    Asked,
    /// It is decided, and the row is not yet written.
    Accepting,
    /// It stands in the table.
    Accepted,
    /// A pilot said no, and why.
    Refused,
    /// Its author took it back.
    Withdrawn,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Unconfirmed,
        Self::Received,
        Self::Taken,
        Self::Asked,
        Self::Accepting,
        Self::Accepted,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// Those in which pilots have something to do.
    pub const OPEN: [Self; 3] = [Self::Received, Self::Taken, Self::Asked];

    /// Its word, in the database and elsewhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Received => "received",
            Self::Taken => "taken",
            Self::Asked => "asked",
            Self::Accepting => "accepting",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether nothing more is expected to happen.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Accepted | Self::Refused | Self::Withdrawn)
    }
}

/// A word that is no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no state of a proposal")]
pub struct NoState;

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = NoState;

    fn from_str(word: &str) -> Result<Self, NoState> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or(NoState)
    }
}

/// A proposal that comes in.
#[derive(Debug, Clone, PartialEq)]
pub struct NewProposal {
    /// What is asked for.
    pub kind: Kind,
    /// The row it is about; none for one that is to be added.
    pub row: Option<RowId>,
    /// What the asking device or form calls it: the same author's second one of this name is the first.
    pub key_of_client: String,
    /// What is asked, as JSON. Nothing private is in it.
    pub payload: String,
    /// Who asks; none where nobody has signed in.
    pub author: Option<PersonId>,
    /// Where a visitor can be reached.
    pub author_email: Option<String>,
    /// What a visitor wants to be called.
    pub author_name: Option<String>,
    /// What only pilots read, as JSON.
    pub private: Option<String>,
    /// The language in which its author reads.
    pub language: String,
    /// Where it begins: [`State::Unconfirmed`] or [`State::Received`].
    pub state: State,
    /// The place it came from, as a hash.
    pub place_hash: Option<Vec<u8>>,
    /// How much it looks like what machines send: 0 to 1.
    pub score: f64,
}

impl NewProposal {
    /// What somebody with a login asks for: it is received at once.
    pub fn of_person(kind: Kind, author: PersonId, key: &str, payload: &str) -> Self {
        Self {
            kind,
            row: None,
            key_of_client: key.to_owned(),
            payload: payload.to_owned(),
            author: Some(author),
            author_email: None,
            author_name: None,
            private: None,
            language: "fr".to_owned(),
            state: State::Received,
            place_hash: None,
            score: 0.0,
        }
    }

    /// What a visitor asks for: it waits until they say by mail that it is theirs.
    pub fn of_visitor(kind: Kind, email: &str, key: &str, payload: &str) -> Self {
        Self {
            author: None,
            author_email: Some(email.to_owned()),
            state: State::Unconfirmed,
            ..Self::of_person(kind, PersonId(0), key, payload)
        }
    }
}

/// That a proposal is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its number.
    pub id: ProposalId,
    /// The word by which people speak of it. It is no secret: whoever shows a proposal checks who asks.
    pub receipt: String,
    /// It was not there before.
    pub new: bool,
}

/// A proposal as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Its number.
    pub id: ProposalId,
    /// The table it is about.
    pub table: TableId,
    /// The word by which people speak of it.
    pub receipt: String,
    /// What is asked for.
    pub kind: Kind,
    /// What became of it.
    pub state: State,
    /// Who asks; none where nobody had signed in, or whoever did has left.
    pub author: Option<PersonId>,
    /// Where a visitor can be reached: for pilots only.
    pub author_email: Option<String>,
    /// What a visitor wants to be called: for pilots only.
    pub author_name: Option<String>,
    /// What only pilots read, as JSON.
    pub private: Option<String>,
    /// The language in which its author reads.
    pub language: String,
    /// What the asking device or form calls it.
    pub key_of_client: String,
    /// The row it is about; for one that was added, the row that came of it.
    pub row: Option<RowId>,
    /// What is asked, as JSON.
    pub payload: String,
    /// How much it looks like what machines send.
    pub score: f64,
    /// When it came in.
    pub at: Timestamp,
    /// When it changed last.
    pub changed_at: Timestamp,
    /// Who looks after it, and since when.
    pub taken: Option<(Option<PersonId>, Timestamp)>,
    /// Who decided, and when.
    pub decided: Option<(Option<PersonId>, Timestamp)>,
    /// Why it was decided so.
    pub reason: Option<String>,
    /// What was decided, field by field, as JSON.
    pub decision: Option<String>,
    /// Until when the decision can be undone and nobody is told.
    pub not_before: Option<Timestamp>,
    /// How often it changed: whoever decides says which one they saw.
    pub version: i64,
}

/// The letters that prove a receipt: none that is taken for a figure, or for another by telephone.
const CHECKS: &[u8; 23] = b"ABCDEFGHJKLMNPQRSTUVWXY";

/// The word by which people speak of a proposal: `P-`, its number, and two letters that catch a wrong figure.
pub fn receipt_of(id: ProposalId) -> String {
    let letters = CHECKS.len() as i64;
    // No wrong figure and no two swapped ones differ by a multiple of this.
    let check = (id.get().rem_euclid(letters * letters) * 97 + 59) % (letters * letters);
    let letter = |at: i64| char::from(CHECKS[usize::try_from(at).unwrap_or_default()]);
    format!("P-{id}{}{}", letter(check / letters), letter(check % letters))
}

/// The proposal that a receipt speaks of, however people write it; none where it is no receipt.
pub fn of_receipt(word: &str) -> Option<ProposalId> {
    let plain = |word: &str| -> String {
        let is_gap = |letter: &char| letter.is_whitespace() || "-‐‑–".contains(*letter);
        word.chars().filter(|letter| !is_gap(letter)).map(|it| it.to_ascii_uppercase()).collect()
    };
    let word = plain(word);
    let number =
        word.strip_prefix('P')?.trim_end_matches(|letter: char| letter.is_ascii_uppercase());
    let id = ProposalId(number.parse().ok().filter(|number| *number > 0)?);
    (plain(&receipt_of(id)) == word).then_some(id)
}

#[cfg(test)]
mod tests;
