//! Links that end mails about one topic without a login: the seal proves that a mail of ours held them.
//!
//! A link names a person by number, a visitor by a hash of their address that only this server can make: no
//! address stands in an address.

use sha2::{Digest, Sha256};
use tablee_domain::ids::PersonId;
use tablee_storage::people::normal_email;

use super::letter::Topic;
use crate::seal::{Purpose, Seal};
use crate::sign_in::hex;

/// The hash under which a visitor's address is known.
pub type AddressHash = [u8; 32];

/// Whose mails, about what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaving {
    /// Whose.
    pub who: Reader,
    /// About what.
    pub topic: Topic,
}

/// Who reads mails, as the link of a mail knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Somebody with a login.
    Person(PersonId),
    /// Somebody without, by their address.
    Address(AddressHash),
}

/// The hash of an address, however it is written. Made with the seal: a list of addresses does not tell which.
pub fn address_hash(seal: &Seal, address: &str) -> AddressHash {
    let address = normal_email(address);
    let mark = seal.on(Purpose::Mails, format!("address {address}").as_bytes());
    Sha256::new().chain_update(mark).chain_update(address).finalize().into()
}

impl Leaving {
    /// The link's secret part.
    pub fn token(self, seal: &Seal) -> String {
        let words = self.words();
        format!("{words}-{}", seal.on(Purpose::Mails, words.as_bytes()))
    }

    /// What a token says; nothing where it is not ours.
    pub fn of(seal: &Seal, token: &str) -> Option<Self> {
        let (words, mark) = token.rsplit_once('-')?;
        if !seal.is_on(Purpose::Mails, words.as_bytes(), mark) {
            return None;
        }
        let (who, topic) = words.split_once('-')?;
        let who = if who.len() == 64 {
            Reader::Address(read_hash(who)?)
        } else {
            Reader::Person(PersonId(who.parse().ok()?))
        };
        Some(Self { who, topic: Topic::from_word(topic)? })
    }

    fn words(self) -> String {
        let who = match self.who {
            Reader::Person(id) => id.to_string(),
            Reader::Address(hash) => hex(&hash),
        };
        format!("{who}-{}", self.topic.as_str())
    }
}

fn read_hash(words: &str) -> Option<AddressHash> {
    let mut hash = [0; 32];
    for (byte, at) in hash.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(words.get(at..at + 2)?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_ends_the_mails_of_its_reader_about_its_topic_and_no_others() {
        let seal = Seal::for_tests();
        let hash = address_hash(&seal, "Nour@Exemple.fr ");
        assert_eq!(hash, address_hash(&seal, "nour@exemple.fr"));

        for leaving in [
            Leaving { who: Reader::Person(PersonId(12)), topic: Topic::Queue },
            Leaving { who: Reader::Address(hash), topic: Topic::Proposals },
        ] {
            let token = leaving.token(&seal);

            assert_eq!(Leaving::of(&seal, &token), Some(leaving));
            assert!(!token.contains("nour"), "{token}");
            for forged in [
                token.replace("12-", "13-"),
                token.replace("queue", "rows").replace("proposals", "rows"),
                format!("{token}0"),
                token[1..].to_owned(),
                token.to_uppercase(),
                String::new(),
                "--".to_owned(),
                "é-ö-ü".to_owned(),
            ] {
                if forged != token {
                    assert_eq!(Leaving::of(&seal, &forged), None, "{forged}");
                }
            }
        }
    }
}
