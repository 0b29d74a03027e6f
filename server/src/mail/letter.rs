//! Letters: what the program writes to people, typed, so that a caller says what happened and not how a mail
//! looks.
//!
//! To post one, inside the transaction that decides what it tells of:
//!
//! ```ignore
//! let kind = LetterKind::Question { receipt, link: urls::follow(&token), words };
//! app.mails.post(&mut tx, Letter::new(Recipient::Person(author), kind)).await?;
//! tx.commit().await?;
//! ```
//!
//! The mail leaves only if the transaction was kept. Whether it leaves at once, waits for the daily round, or is
//! not wanted at all is decided here, by what its reader chose: a caller never asks.
//!
//! To add a letter: a variant here with its [`Topic`], its words in [`writing`](super::writing) and in
//! `i18n/mails.*.toml`, its line in `LetterKind::samples`.

use tablee_domain::ids::{PersonId, Timestamp};
use tablee_domain::people::Role;
use tablee_storage::mail_preferences::Channel;

use crate::i18n::Locale;

/// A letter on its way into the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Who reads it.
    pub to: Recipient,
    /// What it is about: readers choose per topic.
    pub topic: Topic,
    /// Of all letters with this key the first is the only one, however often it is posted, until
    /// [`MailRoom::drop_by_key`] takes it out again: a key names one event, such as `accepted 12 3` for the third
    /// version of a proposal. None: it stands for itself.
    ///
    /// [`MailRoom::drop_by_key`]: super::MailRoom::drop_by_key
    pub key: Option<String>,
    /// When it may leave: a decision can be undone until then. None: at once.
    pub not_before: Option<Timestamp>,
    /// What it says.
    pub kind: LetterKind,
}

impl Letter {
    /// A letter that leaves at once and stands for itself.
    pub fn new(to: Recipient, kind: LetterKind) -> Self {
        Self { to, topic: kind.topic(), key: None, not_before: None, kind }
    }

    /// The same under a key.
    #[must_use]
    pub fn under_key(self, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..self }
    }

    /// The same, not before a moment.
    #[must_use]
    pub fn not_before(self, at: Timestamp) -> Self {
        Self { not_before: Some(at), ..self }
    }
}

/// Who reads a letter.
#[derive(Clone, PartialEq, Eq)]
pub enum Recipient {
    /// Somebody with a login, at the address that they have when it leaves.
    Person(PersonId),
    /// All pilots and administrators, each as they chose.
    Pilots,
    /// Somebody without a login.
    Visitor {
        /// Their address, as typed; anything that is no address is refused.
        address: String,
        /// The language of the page on which they typed it.
        language: Locale,
    },
}

/// An address stands in no log.
impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Person(id) => write!(f, "Person({id})"),
            Self::Pilots => f.write_str("Pilots"),
            Self::Visitor { language, .. } => write!(f, "Visitor({})", language.tag()),
        }
    }
}

/// What a letter is about. Readers choose, for each topic of [`CHOSEN`](Topic::CHOSEN), whether they are told at
/// once, daily, weekly or never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// What somebody asked for a moment ago and waits for: no matter of choice, and nothing to unsubscribe from.
    Confirmation,
    /// That somebody was added: told once, so there is nothing to unsubscribe from.
    Welcome,
    /// What becomes of one's own proposals.
    Proposals,
    /// What others change in one's own rows, and whether these are still right.
    Rows,
    /// What waits for the pilots.
    Queue,
}

impl Topic {
    /// All topics.
    pub const ALL: [Self; 5] =
        [Self::Confirmation, Self::Welcome, Self::Proposals, Self::Rows, Self::Queue];
    /// Those that a person chooses about.
    pub const CHOSEN: [Self; 3] = [Self::Proposals, Self::Rows, Self::Queue];

    /// Whether readers choose about it, and can end its mails.
    pub fn is_chosen(self) -> bool {
        Self::CHOSEN.contains(&self)
    }

    /// Its word, in the database and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation",
            Self::Welcome => "welcome",
            Self::Proposals => "proposals",
            Self::Rows => "rows",
            Self::Queue => "queue",
        }
    }

    /// The topic with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == word)
    }

    /// Whether somebody with this role is ever told about it: what waits is for pilots, what others do in the
    /// table for those who may look at it.
    pub fn is_for(self, role: Option<Role>) -> bool {
        match self {
            Self::Queue => role.is_some_and(Role::can_curate),
            Self::Rows => role.is_some(),
            Self::Confirmation | Self::Welcome | Self::Proposals => true,
        }
    }

    /// What somebody gets who never chose: authors hear at once, the rest comes once a day.
    pub fn default_channel(self) -> Channel {
        match self {
            Self::Confirmation | Self::Welcome | Self::Proposals => Channel::Now,
            Self::Rows | Self::Queue => Channel::Daily,
        }
    }
}

/// What a letter says. Every `link` is a path of ours (from [`urls`](crate::web::urls)), never an address of
/// somebody else's: the public address is put before it, and the reader's language behind it.
///
/// Nothing private belongs in any of them: no submitter, no contact person, no remark to the pilots. Words that a
/// person typed stand in none that goes to an address which nobody has confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterKind {
    /// To a visitor who gave this address: one button confirms that they sent it. Not one typed word. At most
    /// three an hour to one address; what is over is dropped without the sender noticing.
    ConfirmProposal {
        /// The page with the button.
        link: String,
        /// The number of the receipt.
        receipt: String,
    },
    /// To an author: it came in; thank you.
    Received {
        /// The number of the receipt.
        receipt: String,
        /// Where it is followed.
        link: String,
    },
    /// To an author: a pilot asks something.
    Question {
        /// The number of the receipt.
        receipt: String,
        /// Where it is answered.
        link: String,
        /// What the pilot asks.
        words: String,
    },
    /// To the pilots: a proposal came in. What it says is read on the desk. However many come, those who want to
    /// know at once get one mail in a quarter of an hour; the others read of it in their digest.
    Submitted {
        /// The number of the receipt.
        receipt: String,
        /// The proposal on the desk.
        link: String,
    },
    /// To the pilots: an author answered. Counts with [`Submitted`](LetterKind::Submitted).
    Answered {
        /// The number of the receipt.
        receipt: String,
        /// The proposal on the desk.
        link: String,
    },
    /// To an author: it was accepted. Post it ten minutes ahead ([`Letter::not_before`]) under a key, so that an
    /// undone decision takes it back.
    Accepted {
        /// The number of the receipt.
        receipt: String,
        /// The title of the offer, as it stands in the table.
        title: String,
        /// Its public page, where it has one.
        offer: Option<String>,
        /// A pilot changed something of it first.
        retouched: bool,
    },
    /// To an author: the offer of an accepted proposal now stands in the catalogue.
    Published {
        /// The number of the receipt.
        receipt: String,
        /// Its title.
        title: String,
        /// Its public page.
        offer: String,
    },
    /// To an author: the removal they asked for was done.
    Removed {
        /// The number of the receipt.
        receipt: String,
        /// The title of what is no longer there.
        title: String,
    },
    /// To an author: it was refused, and why. Ten minutes ahead, like [`Accepted`](LetterKind::Accepted).
    Refused {
        /// The number of the receipt.
        receipt: String,
        /// The reason, in the words of the list of reasons.
        reason: String,
        /// What the pilot adds to it; may be empty.
        words: String,
    },
    /// To somebody who was added: a way in, and how to ask for another one later.
    Invitation {
        /// The page whose button signs in.
        link: String,
        /// For how many hours it is good.
        hours: usize,
    },
    /// To somebody who was added: who did it, what they may do, and how they come in, with no secret and nothing
    /// that ends. Posted by [`welcome`](super::MailRoom::welcome).
    Welcome {
        /// What they may do.
        role: Role,
        /// Their address, which signs in.
        address: String,
    },
    /// To somebody who lost the links of their proposals.
    FollowLinks {
        /// Receipt and link of each.
        proposals: Vec<(String, String)>,
    },
    /// To somebody whose rows others changed. Written by the program itself.
    RowsChanged {
        /// The rows.
        rows: Vec<RowChanged>,
    },
    /// Once a year, to somebody with offers: are they still right?
    StillRight {
        /// Title and page of each.
        offers: Vec<(String, String)>,
        /// Where they say so.
        link: String,
    },
    /// To a pilot: what waits. Written by the program itself, see [`digest`](crate::digest).
    Digest {
        /// What waits, and how many of it; nothing of which there is none.
        waiting: Vec<(Waiting, usize)>,
        /// The desk.
        link: String,
    },
}

/// A row that somebody else changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChanged {
    /// Its title.
    pub title: String,
    /// Where it is told what was changed.
    pub link: String,
    /// Who changed it.
    pub by: String,
    /// How many of its cells.
    pub cells: usize,
}

/// What can wait for the pilots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Waiting {
    /// Proposals that nobody took.
    Received,
    /// Proposals that somebody took.
    Taken,
    /// Edits that were not allowed and are suggested.
    Suggestions,
    /// Rows that are to be looked at before they are published.
    ToCheck,
    /// Published rows that are to be brought up to date.
    ToUpdate,
}

impl LetterKind {
    /// What it is about.
    pub fn topic(&self) -> Topic {
        match self {
            Self::ConfirmProposal { .. } | Self::Invitation { .. } | Self::FollowLinks { .. } => {
                Topic::Confirmation
            }
            Self::Welcome { .. } => Topic::Welcome,
            Self::Received { .. }
            | Self::Question { .. }
            | Self::Accepted { .. }
            | Self::Published { .. }
            | Self::Removed { .. }
            | Self::Refused { .. } => Topic::Proposals,
            Self::RowsChanged { .. } | Self::StillRight { .. } => Topic::Rows,
            Self::Submitted { .. } | Self::Answered { .. } | Self::Digest { .. } => Topic::Queue,
        }
    }

    /// Whether it holds a way in that can be asked for again: what the database keeps of it goes in any case.
    pub fn is_secret(&self) -> bool {
        matches!(
            self,
            Self::ConfirmProposal { .. } | Self::Invitation { .. } | Self::FollowLinks { .. }
        )
    }

    /// The receipt of the one proposal that it is about.
    pub fn receipt(&self) -> Option<&str> {
        match self {
            Self::ConfirmProposal { receipt, .. }
            | Self::Received { receipt, .. }
            | Self::Question { receipt, .. }
            | Self::Submitted { receipt, .. }
            | Self::Answered { receipt, .. }
            | Self::Accepted { receipt, .. }
            | Self::Published { receipt, .. }
            | Self::Removed { receipt, .. }
            | Self::Refused { receipt, .. } => Some(receipt),
            Self::Invitation { .. }
            | Self::Welcome { .. }
            | Self::FollowLinks { .. }
            | Self::RowsChanged { .. }
            | Self::StillRight { .. }
            | Self::Digest { .. } => None,
        }
    }

    /// One of each, holding `words` wherever somebody's words may stand.
    pub fn samples(words: &str) -> Vec<Self> {
        let receipt = || "P-12-KD".to_owned();
        let link = || "/suivi/00ff".to_owned();
        let offer = || "/formations/animer-un-debat-abcdefgh12345678".to_owned();
        let words = || words.to_owned();
        let row = |cells| RowChanged {
            title: words(),
            link: "/historique".to_owned(),
            by: words(),
            cells,
        };
        let mut samples = vec![
            Self::ConfirmProposal {
                link: "/proposer/confirmer/00ff".to_owned(),
                receipt: receipt(),
            },
            Self::Received { receipt: receipt(), link: link() },
            Self::Question { receipt: receipt(), link: link(), words: words() },
            Self::Submitted { receipt: receipt(), link: "/atelier".to_owned() },
            Self::Answered { receipt: receipt(), link: "/atelier".to_owned() },
            Self::Accepted {
                receipt: receipt(),
                title: words(),
                offer: Some(offer()),
                retouched: true,
            },
            Self::Accepted { receipt: receipt(), title: words(), offer: None, retouched: false },
            Self::Published { receipt: receipt(), title: words(), offer: offer() },
            Self::Removed { receipt: receipt(), title: words() },
            Self::Refused { receipt: receipt(), reason: words(), words: words() },
            Self::Refused { receipt: receipt(), reason: words(), words: String::new() },
            Self::Invitation { link: "/connexion/00ff".to_owned(), hours: 24 },
            Self::FollowLinks { proposals: vec![(receipt(), link()), (receipt(), link())] },
            Self::RowsChanged { rows: vec![row(1), row(7)] },
            Self::StillRight {
                offers: vec![(words(), offer()), (words(), offer())],
                link: "/mes-offres".to_owned(),
            },
            Self::Digest {
                waiting: vec![
                    (Waiting::Received, 3),
                    (Waiting::Taken, 1),
                    (Waiting::Suggestions, 2),
                    (Waiting::ToCheck, 24),
                    (Waiting::ToUpdate, 1),
                ],
                link: "/atelier".to_owned(),
            },
        ];
        let address = || "zoe@exemple.fr".to_owned();
        samples.extend(Role::ALL.map(|role| Self::Welcome { role, address: address() }));
        samples
    }
}
