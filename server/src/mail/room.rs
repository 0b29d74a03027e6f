//! The queue of mails: how letters get into it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tablee_domain::ids::{PersonId, Timestamp};
use tablee_domain::people::Role;
use tablee_live::Rooms;
use tablee_storage::mail_news::{self, News};
use tablee_storage::mail_preferences::Channel;
use tablee_storage::people::{self, Person};
use tablee_storage::{Store, StoreError, Tx, mails, proposals};
use tokio::sync::{Mutex, Notify};

use super::carrying::Carrier;
use super::leaving::{Leaving, Reader, address_hash};
use super::letter::{Letter, LetterKind, Recipient, Topic};
use super::message::is_address;
use super::postman::Postman;
use super::writing::{Below, Block, Pen, Written};
use crate::app::SharedClock;
use crate::digest::Piece;
use crate::i18n::{Locale, Zone};
use crate::seal::Seal;
use crate::site::Site;
use crate::web::urls::{self, PublicUrl};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// Confirmations to one address in an hour.
const CONFIRMATIONS: i64 = 3;
/// Confirmations in an hour, to whomever.
const CONFIRMATIONS_IN_ALL: i64 = 200;
/// A link of a confirmation is good for so long.
const CONFIRMATION_FOR: i64 = 7 * 24 * HOUR;
/// Pilots who want to know at once of what comes in get one mail in so long, however much comes.
const WINDOW: i64 = 15 * MINUTE;

/// What became of a letter that was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posted {
    /// It waits in the queue, or is told with the next news of its reader.
    Kept,
    /// Its reader does not want such mails, or is no longer there.
    NotWanted,
    /// That address got as many such mails as it may get in an hour, or all addresses did.
    TooMany,
}

/// What a queue of mails needs.
pub struct MailParts {
    /// The database.
    pub store: Store,
    /// The tables that are open.
    pub rooms: Rooms,
    /// The time.
    pub clock: SharedClock,
    /// Who carries mails.
    pub postman: Arc<dyn Postman>,
    /// Who they come from.
    pub from: String,
    /// The address people type.
    pub public_url: PublicUrl,
    /// What proves that links are ours.
    pub seal: Seal,
    /// Texts and hours that administrators set.
    pub site: Site,
    /// By which clocks the morning comes.
    pub zone: Zone,
}

/// Where letters are posted. Cheap to clone.
#[derive(Clone)]
pub struct MailRoom(Arc<Inner>);

struct Inner {
    parts: MailParts,
    /// Something was posted, or is to be tried again.
    posted: Notify,
    /// Held during a round, so that there is one at a time.
    carrier: Mutex<Carrier>,
    /// Somebody wants it to be tried now.
    hurried: AtomicBool,
}

/// Somebody who is about to be written to.
pub(super) struct Addressee {
    person: Option<PersonId>,
    address: String,
    locale: Locale,
    reader: Reader,
}

impl MailRoom {
    /// Opens the room. Nothing leaves before [`start`](Self::start).
    pub fn open(parts: MailParts) -> Self {
        Self(Arc::new(Inner {
            parts,
            posted: Notify::new(),
            carrier: Mutex::default(),
            hurried: AtomicBool::new(false),
        }))
    }

    /// Posts a letter in the transaction that decides what it tells of: it leaves only if that is kept.
    ///
    /// Whatever comes out of it, whoever asked must be answered alike: what is posted to an address tells
    /// something about its owner.
    pub async fn post(&self, tx: &mut Tx, letter: Letter) -> Result<Posted, StoreError> {
        let posted = match &letter.to {
            Recipient::Person(id) => match people::find(tx, *id).await? {
                Some(person) => self.to_person(tx, &person, &letter).await?,
                None => Posted::NotWanted,
            },
            Recipient::Pilots => {
                for person in pilots(tx).await? {
                    self.to_person(tx, &person, &letter).await?;
                }
                Posted::Kept
            }
            Recipient::Visitor { address, language } => {
                self.to_visitor(tx, address, *language, &letter).await?
            }
        };
        self.wake();
        Ok(posted)
    }

    /// Takes what waits under a key out again; says whether it still waited.
    pub async fn drop_by_key(&self, tx: &mut Tx, key: &str) -> Result<bool, StoreError> {
        let mail = mails::drop_by_key(tx, key).await?;
        let news = mail_news::drop_by_key(tx, key).await?;
        Ok(mail || news > 0)
    }

    /// Frees a key for the next letter: what waits under it is told no more, what left stays in the log.
    pub async fn free_key(&self, tx: &mut Tx, key: &str) -> Result<(), StoreError> {
        mails::free_key(tx, key).await?;
        mail_news::drop_by_key(tx, key).await?;
        Ok(())
    }

    async fn to_person(
        &self,
        tx: &mut Tx,
        person: &Person,
        letter: &Letter,
    ) -> Result<Posted, StoreError> {
        let channel = self.channel(tx, person, letter.topic).await?;
        if channel == Channel::None {
            return Ok(Posted::NotWanted);
        }
        let to = Self::addressee(person, self.language(tx, person.id).await?);
        if letter.topic == Topic::Queue && !matches!(letter.kind, LetterKind::Digest { .. }) {
            // Their digest counts what waits, at the hour at which it is made.
            return match channel {
                Channel::Now => self.news_of_the_queue(tx, &to, letter).await,
                _ => Ok(Posted::Kept),
            };
        }
        if !letter.topic.is_chosen() || channel == Channel::Now {
            return self.enqueue(tx, &to, letter).await;
        }
        let (subject, blocks) = self.pen(to.locale).write(&letter.kind);
        let news = News {
            id: 0,
            person: person.id,
            topic: letter.topic.as_str().to_owned(),
            proposal: letter.kind.receipt().and_then(proposals::of_receipt),
            dedupe_key: letter.key.clone(),
            words: Piece::Letter { subject, blocks }.words(),
            at: letter.not_before.unwrap_or_else(|| self.now()),
        };
        mail_news::add(tx, &news).await?;
        Ok(Posted::Kept)
    }

    /// One mail at the end of each quarter of an hour in which something came in.
    async fn news_of_the_queue(
        &self,
        tx: &mut Tx,
        to: &Addressee,
        letter: &Letter,
    ) -> Result<Posted, StoreError> {
        let end = (self.now().get().div_euclid(WINDOW) + 1) * WINDOW;
        let person = to.person.map(PersonId::get).unwrap_or_default();
        let letter = Letter {
            key: Some(format!("queue {person} {end}")),
            not_before: Some(Timestamp(end)),
            ..letter.clone()
        };
        self.enqueue(tx, to, &letter).await
    }

    async fn to_visitor(
        &self,
        tx: &mut Tx,
        address: &str,
        locale: Locale,
        letter: &Letter,
    ) -> Result<Posted, StoreError> {
        let address = people::normal_email(address);
        if !is_address(&address) {
            tracing::warn!("a letter was posted to what is no address");
            return Ok(Posted::NotWanted);
        }
        let hash = address_hash(&self.0.parts.seal, &address);
        if self.is_muted(tx, &hash, letter.topic).await? {
            return Ok(Posted::NotWanted);
        }
        if letter.topic == Topic::Confirmation && self.is_too_many(tx, &address).await? {
            return Ok(Posted::TooMany);
        }
        let to = Addressee { person: None, address, locale, reader: Reader::Address(hash) };
        self.enqueue(tx, &to, letter).await
    }

    /// What nobody confirmed may be somebody else's address: it is never flooded.
    async fn is_too_many(&self, tx: &mut Tx, address: &str) -> Result<bool, StoreError> {
        let since = Timestamp(self.now().get() - HOUR + 1);
        let topic = Topic::Confirmation.as_str();
        if mails::count_to_since(tx, address, topic, since).await? >= CONFIRMATIONS {
            tracing::warn!("too many confirmations were asked for one address");
            return Ok(true);
        }
        let in_all = mails::count_since(tx, topic, since).await?;
        if in_all == CONFIRMATIONS_IN_ALL / 2 || in_all >= CONFIRMATIONS_IN_ALL {
            tracing::warn!(mails = in_all, "many confirmations were asked within an hour");
        }
        Ok(in_all >= CONFIRMATIONS_IN_ALL)
    }

    /// A letter to somebody, in words.
    pub(super) fn written(&self, to: &Addressee, kind: &LetterKind) -> Written {
        let pen = self.pen(to.locale);
        Written::letter(pen.write(kind), pen, &self.footer(to, kind.topic()))
    }

    pub(super) async fn enqueue(
        &self,
        tx: &mut Tx,
        to: &Addressee,
        letter: &Letter,
    ) -> Result<Posted, StoreError> {
        let written = self.written(to, &letter.kind);
        let now = self.now();
        let expires_at = matches!(letter.kind, LetterKind::ConfirmProposal { .. })
            .then_some(Timestamp(now.get() + CONFIRMATION_FOR));
        let mail = mails::NewMail {
            to: to.address.clone(),
            person: to.person,
            proposal: letter.kind.receipt().and_then(proposals::of_receipt),
            topic: letter.topic.as_str().to_owned(),
            subject: written.subject,
            text: written.text,
            html: written.html,
            not_before: letter.not_before.unwrap_or(now),
            dedupe_key: letter.key.clone(),
            expires_at,
            secret: letter.kind.is_secret(),
        };
        mails::enqueue(tx, &mail, now).await?;
        Ok(Posted::Kept)
    }

    /// A mail of these blocks to a person who chose to hear of a topic, made by the program itself.
    pub(crate) async fn tell(
        &self,
        tx: &mut Tx,
        person: &Person,
        (topic, key): (Topic, String),
        said: (String, Vec<Block>),
    ) -> Result<(), StoreError> {
        let to = Self::addressee(person, self.language(tx, person.id).await?);
        let written = Written::letter(said, self.pen(to.locale), &self.footer(&to, topic));
        let now = self.now();
        let mail = mails::NewMail {
            to: to.address,
            person: to.person,
            proposal: None,
            topic: topic.as_str().to_owned(),
            subject: written.subject,
            text: written.text,
            html: written.html,
            not_before: now,
            dedupe_key: Some(key),
            expires_at: None,
            secret: false,
        };
        mails::enqueue(tx, &mail, now).await?;
        Ok(())
    }

    /// Below the words: why the mail came, and how to end such mails.
    fn footer(&self, to: &Addressee, topic: Topic) -> Vec<Below> {
        let pen = self.pen(to.locale);
        let name = pen.say("site.name");
        let home = pen.url(urls::HOME);
        let from = pen.fill("mails.footer.from", &[("site", &name), ("address", &home)]);
        let mut footer = vec![Below { words: from, link: None }];
        if !topic.is_chosen() {
            return footer;
        }
        let why = match to.reader {
            Reader::Person(_) => pen.say("mails.footer.why_person"),
            Reader::Address(_) => pen.say("mails.footer.why_visitor"),
        };
        let stop = self.leaving_url(Leaving { who: to.reader, topic }, to.locale);
        footer.insert(0, Below { words: why, link: Some((pen.say("mails.footer.stop"), stop)) });
        if to.person.is_some() {
            let choose = (pen.say("mails.footer.choose"), pen.url(urls::PREFERENCES));
            footer.insert(1, Below { words: String::new(), link: Some(choose) });
        }
        footer
    }

    /// Where somebody ends mails about a topic.
    pub fn leaving_url(&self, leaving: Leaving, locale: Locale) -> String {
        self.pen(locale).url(&urls::unsubscribe(&leaving.token(&self.0.parts.seal)))
    }

    pub(super) fn addressee(person: &Person, locale: Locale) -> Addressee {
        let reader = Reader::Person(person.id);
        Addressee { person: Some(person.id), address: person.email.clone(), locale, reader }
    }
}

/// What rounds need.
impl MailRoom {
    pub(crate) fn parts(&self) -> &MailParts {
        &self.0.parts
    }

    pub(super) fn carrier(&self) -> &Mutex<Carrier> {
        &self.0.carrier
    }

    pub(super) fn hurry(&self) {
        self.0.hurried.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_hurried(&self) -> bool {
        self.0.hurried.swap(false, Ordering::Relaxed)
    }

    pub(super) fn posted(&self) -> &Notify {
        &self.0.posted
    }

    /// Lets the carrier look at the queue.
    pub fn wake(&self) {
        self.0.posted.notify_one();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    pub(crate) fn pen(&self, locale: Locale) -> Pen<'_> {
        let MailParts { public_url, site, .. } = &self.0.parts;
        Pen { public_url, site: Some(site), locale }
    }
}

/// Those who look after the queue of proposals.
pub(crate) async fn pilots(tx: &mut Tx) -> Result<Vec<Person>, StoreError> {
    let mut people = people::list(tx).await?;
    people.retain(|person| person.role.is_some_and(Role::can_curate));
    Ok(people)
}
