//! Words that only this server can have written: the tokens of its forms, the links of its mails.
//!
//! A seal proves where words come from and for what they were given; it hides nothing and remembers nothing.

use std::fmt;
use std::sync::Arc;

use anyhow::Context;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tablee_domain::ids::Timestamp;
use tablee_live::Chance;
use tablee_storage::{Store, settings};

use crate::sign_in::hex;
use crate::web::logins::LoginKey;

/// Where the key stands among the settings.
const KEY: &str = "seal_key";
const DAY: i64 = 86_400_000;
/// For how many days the form of somebody who is not signed in is good: a page left open over a weekend.
const FORMS_LAST: i64 = 7;

/// What is sealed for one purpose is worth nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The forms of a login, or of a visitor on one day.
    Form,
    /// When a form was shown.
    Shown,
    /// A link of a mail that changes what its reader is sent.
    Mails,
    /// A place on the network, for limits: never kept in clear.
    Place,
    /// Work that a sender's machine is asked to do.
    Riddle,
    /// The receipt of a proposal, for the browser that sent it.
    Receipt,
    /// A row as it was when a form opened on it.
    Opened,
}

impl Purpose {
    fn word(self) -> &'static [u8] {
        match self {
            Self::Form => b"form\0",
            Self::Shown => b"shown\0",
            Self::Mails => b"mails\0",
            Self::Place => b"place\0",
            Self::Riddle => b"riddle\0",
            Self::Receipt => b"receipt\0",
            Self::Opened => b"opened\0",
        }
    }
}

/// The key of this server, made once and kept with its database.
#[derive(Clone)]
pub struct Seal(Arc<[u8; 32]>);

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal(..)")
    }
}

impl Seal {
    /// The seal of a database; one is made where there is none.
    pub async fn of(store: &Store, chance: &dyn Chance) -> anyhow::Result<Self> {
        let mut tx = store.begin().await?;
        let kept = settings::get(&mut tx, KEY).await?;
        let key = if let Some(words) = kept {
            read_hex(&words).context("the key of the seal is not understood")?
        } else {
            let mut key = [0; 32];
            chance.fill(&mut key);
            settings::set(&mut tx, KEY, &hex(&key)).await?;
            tx.commit().await?;
            key
        };
        Ok(Self(Arc::new(key)))
    }

    /// A seal with a key that everybody knows.
    #[cfg(test)]
    pub fn for_tests() -> Self {
        Self(Arc::new([7; 32]))
    }

    /// The seal on some words: 32 hexadecimal figures.
    pub fn on(&self, purpose: Purpose, words: &[u8]) -> String {
        hex(&self.mac(purpose, words).finalize().into_bytes()[..16])
    }

    /// Whether this is our seal on these words. Takes as long whether it is or not.
    pub fn is_on(&self, purpose: Purpose, words: &[u8], seal: &str) -> bool {
        let Some(seal) = read_hex::<16>(seal) else { return false };
        self.mac(purpose, words).verify_truncated_left(&seal).is_ok()
    }

    fn mac(&self, purpose: Purpose, words: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0[..]).expect("any key will do");
        mac.update(purpose.word());
        mac.update(words);
        mac
    }

    /// The token of the forms that we give to a login, or to whoever is not signed in.
    pub fn form_token(&self, login: Option<&LoginKey>, now: Timestamp) -> String {
        match login {
            Some(login) => self.on(Purpose::Form, login),
            None => self.on(Purpose::Form, &day(now)),
        }
    }

    /// Whether a form is one that we gave to this login, or to a visitor in the last days.
    pub fn is_form_token(&self, login: Option<&LoginKey>, now: Timestamp, token: &str) -> bool {
        match login {
            Some(login) => self.is_on(Purpose::Form, login, token),
            None => (0..=FORMS_LAST).any(|ago| {
                let then = Timestamp(now.get() - ago * DAY);
                self.is_on(Purpose::Form, &day(then), token)
            }),
        }
    }
}

fn day(at: Timestamp) -> [u8; 8] {
    at.get().div_euclid(DAY).to_be_bytes()
}

fn read_hex<const N: usize>(words: &str) -> Option<[u8; N]> {
    if words.len() != 2 * N || !words.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(&words[at..at + 2], 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp(1_795_435_200_000);

    fn seal() -> Seal {
        Seal::for_tests()
    }

    #[test]
    fn a_seal_is_good_for_its_words_and_its_purpose_only() {
        let seal = seal();
        let on = seal.on(Purpose::Mails, b"12 digest");

        assert!(seal.is_on(Purpose::Mails, b"12 digest", &on));
        assert!(!seal.is_on(Purpose::Mails, b"13 digest", &on));
        assert!(!seal.is_on(Purpose::Form, b"12 digest", &on));
        assert!(!Seal(Arc::new([8; 32])).is_on(Purpose::Mails, b"12 digest", &on));
        for broken in ["", "é", &on[1..], &format!("{on}0"), &on.replace('a', "g")[..31]] {
            assert!(!seal.is_on(Purpose::Mails, b"12 digest", broken), "{broken}");
        }
    }

    #[test]
    fn the_form_of_a_login_is_good_for_nobody_else_and_that_of_a_visitor_for_a_week() {
        let seal = seal();
        let (mine, theirs) = ([1; 32], [2; 32]);

        let token = seal.form_token(Some(&mine), NOON);
        assert!(seal.is_form_token(Some(&mine), Timestamp(NOON.0 + 99 * DAY), &token));
        assert!(!seal.is_form_token(Some(&theirs), NOON, &token));
        assert!(!seal.is_form_token(None, NOON, &token));
        let visitors = seal.form_token(None, NOON);
        assert!(!seal.is_form_token(Some(&mine), NOON, &visitors));
        for (days, good) in [(0, true), (7, true), (9, false), (-2, false)] {
            let then = Timestamp(NOON.0 + days * DAY);
            assert_eq!(seal.is_form_token(None, then, &visitors), good, "{days}");
        }
    }
}
