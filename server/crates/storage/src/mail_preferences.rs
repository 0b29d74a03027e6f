//! How people want to hear of what, and which addresses want to hear nothing.

use std::collections::BTreeMap;

use tablee_domain::ids::{PersonId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;
use crate::words::storable;

/// How somebody wants to hear of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// By a mail of its own.
    Now,
    /// In the mail of the day.
    Daily,
    /// In the mail of the week.
    Weekly,
    /// Not at all.
    None,
}

impl Channel {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Now, Self::Daily, Self::Weekly, Self::None];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::None => "none",
        }
    }

    /// The channel of a word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == word)
    }
}

/// What a person chose for a topic; none where they never did.
pub async fn get(
    tx: &mut Tx,
    person: PersonId,
    topic: &str,
) -> Result<Option<Channel>, StoreError> {
    Ok(of_person(tx, person).await?.remove(topic))
}

/// All that a person chose.
pub async fn of_person(
    tx: &mut Tx,
    person: PersonId,
) -> Result<BTreeMap<String, Channel>, StoreError> {
    const OF: &str = "select topic, channel from mail_preferences where person_id = $1";

    let lines: Vec<(String, String)> = on_engine!(tx, conn =>
        sqlx::query_as(OF).bind(person.get()).fetch_all(&mut **conn).await?);
    let of = |(topic, channel): (String, String)| {
        let channel = Channel::of(&channel)
            .ok_or_else(|| StoreError::corrupt("mail_preferences", &person, "channel"))?;
        Ok((topic, channel))
    };
    lines.into_iter().map(of).collect()
}

/// Everybody who chose this channel for a topic.
pub async fn who_chose(
    tx: &mut Tx,
    topic: &str,
    channel: Channel,
) -> Result<Vec<PersonId>, StoreError> {
    const WHO: &str = "select person_id
        from mail_preferences
        where topic = $1
        and channel = $2
        order by person_id";

    let topic = storable(topic, "mail_preferences.topic")?;
    let ids: Vec<i64> = on_engine!(tx, conn => sqlx::query_scalar(WHO)
        .bind(topic).bind(channel.as_str()).fetch_all(&mut **conn).await?);
    Ok(ids.into_iter().map(PersonId).collect())
}

/// Keeps what a person chose for a topic.
pub async fn set(
    tx: &mut Tx,
    person: PersonId,
    topic: &str,
    channel: Channel,
    at: Timestamp,
) -> Result<(), StoreError> {
    const SET: &str = "insert into mail_preferences (person_id, topic, channel, changed_at)
        values ($1, $2, $3, $4)
        on conflict (person_id, topic) do update
        set channel = excluded.channel, changed_at = excluded.changed_at";

    let topic = storable(topic, "mail_preferences.topic")?;
    on_engine!(tx, conn => {
        sqlx::query(SET)
            .bind(person.get()).bind(topic).bind(channel.as_str()).bind(at.get())
            .execute(&mut **conn).await?;
    });
    Ok(())
}

/// Remembers that an address, as its hash says, wants no more mails of a topic.
pub async fn mute(
    tx: &mut Tx,
    address_hash: &[u8],
    topic: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    const MUTE: &str = "insert into muted_addresses (address_hash, topic, made_at)
        values ($1, $2, $3)
        on conflict (address_hash, topic) do nothing";

    let topic = storable(topic, "muted_addresses.topic")?;
    on_engine!(tx, conn => {
        sqlx::query(MUTE).bind(address_hash).bind(topic).bind(at.get()).execute(&mut **conn).await?;
    });
    Ok(())
}

/// Whether an address wants no more mails of a topic.
pub async fn is_muted(tx: &mut Tx, address_hash: &[u8], topic: &str) -> Result<bool, StoreError> {
    const IS_MUTED: &str = "select exists (
        select 1 from muted_addresses where address_hash = $1 and topic = $2
    )";

    let topic = storable(topic, "muted_addresses.topic")?;
    Ok(on_engine!(tx, conn => sqlx::query_scalar(IS_MUTED)
        .bind(address_hash).bind(topic).fetch_one(&mut **conn).await?))
}

/// Forgets that an address wanted no more mails of a topic.
pub async fn unmute(tx: &mut Tx, address_hash: &[u8], topic: &str) -> Result<(), StoreError> {
    const UNMUTE: &str = "delete from muted_addresses where address_hash = $1 and topic = $2";

    let topic = storable(topic, "muted_addresses.topic")?;
    on_engine!(tx, conn => {
        sqlx::query(UNMUTE).bind(address_hash).bind(topic).execute(&mut **conn).await?;
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, people};
    use tablee_domain::people::Role;

    both_engines! {
        async fn a_person_chooses_for_each_topic(db: TestDb) {
            let mut tx = db.begin().await;
            let lea = people::add(&mut tx, "lea@exemple.fr", "Léa", Role::Pilot, NOON).await.unwrap();
            let nour =
                people::add(&mut tx, "nour@exemple.fr", "Nour", Role::Member, NOON).await.unwrap();
            assert_eq!(get(&mut tx, lea, "decisions").await, Ok(None));

            set(&mut tx, lea, "decisions", Channel::Now, NOON).await.unwrap();
            set(&mut tx, lea, "decisions", Channel::Weekly, NOON).await.unwrap();
            set(&mut tx, lea, "desk", Channel::None, NOON).await.unwrap();
            set(&mut tx, nour, "desk", Channel::Daily, NOON).await.unwrap();

            assert_eq!(get(&mut tx, lea, "decisions").await, Ok(Some(Channel::Weekly)));
            let chosen = of_person(&mut tx, lea).await.unwrap();
            let expected =
                [("decisions".to_owned(), Channel::Weekly), ("desk".to_owned(), Channel::None)];
            assert_eq!(chosen, expected.into());
            people::remove(&mut tx, lea).await.unwrap();
            assert_eq!(of_person(&mut tx, lea).await.unwrap(), BTreeMap::new());
            assert_eq!(get(&mut tx, nour, "desk").await, Ok(Some(Channel::Daily)));
        }

        async fn those_who_chose_the_same_are_found_at_once(db: TestDb) {
            let mut tx = db.begin().await;
            for (n, channel) in [(1, Channel::Now), (2, Channel::None), (3, Channel::Now)] {
                let email = format!("p{n}@exemple.fr");
                let id = people::add(&mut tx, &email, "P", Role::Member, NOON).await.unwrap();
                set(&mut tx, id, "english", channel, NOON).await.unwrap();
                set(&mut tx, id, "desk", Channel::Now, NOON).await.unwrap();
            }

            let now = who_chose(&mut tx, "english", Channel::Now).await.unwrap();

            let ids: Vec<_> = people::list(&mut tx).await.unwrap().iter().map(|it| it.id).collect();
            assert_eq!(now, [ids[0], ids[2]]);
            assert_eq!(who_chose(&mut tx, "english", Channel::Daily).await, Ok(Vec::new()));
        }

        async fn an_address_that_wants_nothing_is_known_by_its_hash_only(db: TestDb) {
            let mut tx = db.begin().await;

            mute(&mut tx, b"hash", "decisions", NOON).await.unwrap();
            mute(&mut tx, b"hash", "decisions", NOON).await.unwrap();

            assert_eq!(is_muted(&mut tx, b"hash", "decisions").await, Ok(true));
            assert_eq!(is_muted(&mut tx, b"hash", "other").await, Ok(false));
            assert_eq!(is_muted(&mut tx, b"other", "decisions").await, Ok(false));
            unmute(&mut tx, b"hash", "other").await.unwrap();
            assert_eq!(is_muted(&mut tx, b"hash", "decisions").await, Ok(true), "that one stays");
            unmute(&mut tx, b"hash", "decisions").await.unwrap();
            assert_eq!(is_muted(&mut tx, b"hash", "decisions").await, Ok(false));
        }
    }
}
