//! What readers chose: when they are told of what, in which language, and which addresses want nothing.

use std::collections::BTreeSet;

use tablee_domain::ids::PersonId;
use tablee_storage::mail_preferences::{self, Channel};
use tablee_storage::people::{self, Person};
use tablee_storage::{StoreError, Tx};

use super::leaving::{Leaving, Reader, address_hash};
use super::letter::Topic;
use super::room::MailRoom;
use crate::i18n::Locale;

/// The preference that holds a language instead of a channel: it goes with its person like the others.
const ENGLISH: &str = "english";

impl MailRoom {
    /// When somebody is told about a topic. What is not for their role does not reach them, whatever was chosen.
    pub async fn channel(
        &self,
        tx: &mut Tx,
        person: &Person,
        topic: Topic,
    ) -> Result<Channel, StoreError> {
        if !topic.is_for(person.role) {
            return Ok(Channel::None);
        }
        if !topic.is_chosen() {
            return Ok(Channel::Now);
        }
        let chosen = mail_preferences::get(tx, person.id, topic.as_str()).await?;
        Ok(chosen.unwrap_or_else(|| topic.default_channel()))
    }

    /// Keeps when somebody wants to be told about a topic.
    pub async fn choose(
        &self,
        tx: &mut Tx,
        person: PersonId,
        topic: Topic,
        channel: Channel,
    ) -> Result<(), StoreError> {
        mail_preferences::set(tx, person, topic.as_str(), channel, self.now()).await
    }

    /// Everybody who wants to be written to in English.
    pub(super) async fn who_reads_english(
        &self,
        tx: &mut Tx,
    ) -> Result<BTreeSet<PersonId>, StoreError> {
        let all = mail_preferences::who_chose(tx, ENGLISH, Channel::Now).await?;
        Ok(all.into_iter().collect())
    }

    /// In which language somebody is written to, by what they said of English.
    pub(super) fn locale_of(reads_english: bool) -> Locale {
        if reads_english { Locale::En } else { Locale::Fr }
    }

    /// The language in which somebody wants to be written to.
    pub async fn language(&self, tx: &mut Tx, person: PersonId) -> Result<Locale, StoreError> {
        let english = mail_preferences::get(tx, person, ENGLISH).await?;
        Ok(Self::locale_of(english == Some(Channel::Now)))
    }

    /// Keeps it.
    pub async fn choose_language(
        &self,
        tx: &mut Tx,
        person: PersonId,
        locale: Locale,
    ) -> Result<(), StoreError> {
        let english = if locale == Locale::En { Channel::Now } else { Channel::None };
        mail_preferences::set(tx, person, ENGLISH, english, self.now()).await
    }

    /// Whether the owner of an address wants no more mails about a topic. Visitors choose for all topics at once;
    /// whoever asks for a link waits for it, whatever they ended before.
    pub async fn is_muted(
        &self,
        tx: &mut Tx,
        hash: &[u8],
        topic: Topic,
    ) -> Result<bool, StoreError> {
        if topic == Topic::Confirmation {
            return Ok(false);
        }
        mail_preferences::is_muted(tx, hash, Topic::Proposals.as_str()).await
    }

    /// Whether whoever has an address still wants to hear what becomes of their proposals.
    pub async fn is_wanted_at(&self, tx: &mut Tx, address: &str) -> Result<bool, StoreError> {
        let hash = address_hash(&self.parts().seal, &people::normal_email(address));
        Ok(!self.is_muted(tx, &hash, Topic::Proposals).await?)
    }

    /// Ends mails about a topic, or lets them come again.
    pub async fn leave(
        &self,
        tx: &mut Tx,
        leaving: Leaving,
        is_leaving: bool,
    ) -> Result<(), StoreError> {
        let topic = Topic::Proposals.as_str();
        match (leaving.who, is_leaving) {
            (Reader::Person(person), true) => {
                self.choose(tx, person, leaving.topic, Channel::None).await
            }
            (Reader::Person(person), false) => {
                self.choose(tx, person, leaving.topic, leaving.topic.default_channel()).await
            }
            (Reader::Address(hash), true) => {
                mail_preferences::mute(tx, &hash, topic, self.now()).await
            }
            (Reader::Address(hash), false) => mail_preferences::unmute(tx, &hash, topic).await,
        }
    }
}
