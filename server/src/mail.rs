//! Mails: letters that people are written, the queue in which they wait, and who carries them.
//!
//! - [`letter`]: what a caller says. [`writing`]: the words of it, as text and as HTML.
//! - [`room`]: the queue. A letter is posted in the transaction that decides what it tells of, and waits there
//!   until somebody else answers for it: neither a mail server that is away nor a kill loses it. [`carrying`]:
//!   how it is emptied.
//! - [`message`], [`postman`]: a mail as it leaves, and who carries it.
//! - [`choosing`]: when readers want to be told of what. [`leaving`]: links that end mails without a login.
//! - [`welcoming`]: somebody who was added is told so.

pub mod carrying;
pub mod choosing;
pub mod leaving;
pub mod letter;
pub mod message;
pub mod postman;
pub mod room;
pub mod welcoming;
pub mod writing;

pub use letter::{Letter, LetterKind, Recipient, Topic};
pub use message::{Mail, is_address};
pub use postman::{Postman, Undelivered, postman};
pub use room::{MailParts, MailRoom, Posted};
pub use tablee_storage::mail_preferences::Channel;
