//! Links and codes: how they are made, kept and sent.
//!
//! A link holds 256 bits of chance, a code six figures. The database keeps hashes only. A code works in the
//! browser that asked, since its hash is made with that browser's cookie, which the database does not know
//! either: a stolen copy of the database opens nothing.
//!
//! Whoever asks gets the same answer at the same pace, known or not: the desk works after the answer left.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use sha2::{Digest, Sha256};
use tablee_domain::ids::{PersonId, Timestamp};
use tablee_storage::sign_in::Invitation;
use tablee_storage::{Store, StoreError, people, sign_in};
use tokio::sync::mpsc;

use crate::app::{SharedChance, SharedClock, Tasks};
use crate::config::SignInConfig;
use crate::i18n::{Locale, t};
use crate::mail::writing::{Block, Section, Written};
use crate::mail::{Mail, Postman};
use crate::web::urls::{self, PublicUrl};

/// Askings that may wait for the desk.
const QUEUE: usize = 200;
const HOUR: i64 = 3_600_000;
/// How often a mail is tried, with a longer pause each time.
const TRIES: u32 = 3;

/// A SHA-256.
pub type Hash = [u8; 32];

/// The hash under which a link is kept.
pub fn token_hash(token: &str) -> Hash {
    hash(&[b"tablee link", token.as_bytes()])
}

/// The mark of the browser that asked, made of the value of its cookie.
pub fn browser_hash(cookie: &str) -> Hash {
    hash(&[b"tablee browser", cookie.as_bytes()])
}

/// The hash under which a code is kept: it is good in one browser only.
pub fn code_hash(cookie: &str, code: &str) -> Hash {
    hash(&[b"tablee code", cookie.as_bytes(), code.as_bytes()])
}

/// Bytes in base 16.
pub fn hex(bytes: &[u8]) -> String {
    const FIGURES: &[u8; 16] = b"0123456789abcdef";
    let figure = |half: u8| char::from(FIGURES[usize::from(half)]);
    bytes.iter().flat_map(|byte| [figure(byte >> 4), figure(byte & 15)]).collect()
}

fn hash(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The secret of a link: 256 bits of chance.
pub fn token(chance: &SharedChance) -> String {
    let mut bytes = [0; 32];
    chance.fill(&mut bytes);
    hex(&bytes)
}

/// Six figures, each code as likely as any other.
fn code(chance: &SharedChance) -> String {
    const CODES: u32 = 1_000_000;
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    loop {
        let mut bytes = [0; 4];
        chance.fill(&mut bytes);
        let number = u32::from_le_bytes(bytes);
        if number < FAIR {
            return format!("{:06}", number % CODES);
        }
    }
}

/// A link for somebody whom the operator knows, as a command prints it. Returns its path.
pub async fn link_by_command(
    store: &Store,
    (clock, chance): (&SharedClock, &SharedChance),
    person: PersonId,
    good_for: Duration,
) -> Result<String, StoreError> {
    let token = token(chance);
    let now = clock.now();
    let until = Timestamp(now.get() + i64::try_from(good_for.as_millis()).unwrap_or(i64::MAX / 2));
    let mut tx = store.begin().await?;
    let invitation = Invitation {
        person,
        token_hash: &token_hash(&token),
        code_hash: None,
        asked_by: None,
        made_at: now,
        expires_at: until,
    };
    sign_in::issue(&mut tx, invitation).await?;
    tx.commit().await?;
    Ok(urls::sign_in_link(&token))
}

/// Somebody asks for a mail.
pub struct Asking {
    /// The address, as typed.
    pub address: String,
    /// The value of the asking browser's cookie.
    pub cookie: String,
    /// The language of the page.
    pub locale: Locale,
}

/// What the desk keeps to.
#[derive(Debug, Clone)]
pub struct SignInRules {
    good_for: Duration,
    mails_per_address: u32,
}

impl SignInRules {
    /// The rules that the settings ask for.
    pub fn of(config: &SignInConfig) -> Self {
        Self { good_for: config.mail_link_for.0, mails_per_address: config.mails_per_address }
    }
}

/// Where askings are left.
#[derive(Clone)]
pub struct SignInDesk(mpsc::Sender<Asking>);

/// The desk has more askings than it can look at.
#[derive(Debug)]
pub struct DeskIsFull;

impl DeskIsFull {
    /// When to try again.
    pub fn wait(&self) -> Duration {
        Duration::from_mins(1)
    }
}

impl SignInDesk {
    /// Opens the desk; it works until the program stops.
    pub fn open(
        store: Store,
        (clock, chance): (SharedClock, SharedChance),
        (postman, from): (Arc<dyn Postman>, String),
        (public_url, rules): (PublicUrl, SignInRules),
        tasks: &Tasks,
    ) -> Self {
        let (askings, mut waiting) = mpsc::channel::<Asking>(QUEUE);
        let clerk = Clerk { store, clock, chance, postman, from, public_url, rules };
        let stopping = tasks.clone();
        tasks.spawn(async move {
            loop {
                tokio::select! {
                    () = stopping.stopping() => return,
                    asking = waiting.recv() => match asking {
                        Some(asking) => tokio::select! {
                            // Whoever waited for this mail asks again; a stop does not wait for mail servers.
                            () = stopping.stopping() => return,
                            () = clerk.look_at(asking) => {}
                        },
                        None => return,
                    },
                }
            }
        });
        Self(askings)
    }

    /// Leaves an asking, known or not.
    pub fn leave(&self, asking: Asking) -> Result<(), DeskIsFull> {
        self.0.try_send(asking).map_err(|_| DeskIsFull)
    }
}

struct Clerk {
    store: Store,
    clock: SharedClock,
    chance: SharedChance,
    postman: Arc<dyn Postman>,
    from: String,
    public_url: PublicUrl,
    rules: SignInRules,
}

impl Clerk {
    async fn look_at(&self, asking: Asking) {
        match self.answer(&asking).await {
            Ok(Some(mail)) => self.send(mail).await,
            Ok(None) => {}
            Err(error) => {
                tracing::error!(error = %format!("{error:#}"), "no sign-in mail was made");
            }
        }
    }

    async fn answer(&self, asking: &Asking) -> anyhow::Result<Option<Mail>> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let Some(person) = people::find_by_email(&mut tx, &asking.address).await? else {
            tracing::info!("a sign-in mail was asked for an address that nobody here has");
            return Ok(None);
        };
        let lately = sign_in::count_since(&mut tx, person.id, Timestamp(now.get() - HOUR)).await?;
        if lately >= i64::from(self.rules.mails_per_address) {
            tracing::warn!(
                person.id = person.id.get(),
                "too many sign-in mails were asked for one person"
            );
            return Ok(None);
        }
        let (token, code) = (token(&self.chance), code(&self.chance));
        let good_for = i64::try_from(self.rules.good_for.as_millis())
            .context("a link is good for too long")?;
        let invitation = Invitation {
            person: person.id,
            token_hash: &token_hash(&token),
            code_hash: Some(&code_hash(&asking.cookie, &code)),
            asked_by: Some(&browser_hash(&asking.cookie)),
            made_at: now,
            expires_at: Timestamp(now.get() + good_for),
        };
        sign_in::issue(&mut tx, invitation).await?;
        tx.commit().await?;
        Ok(Some(self.mail(person.email, &token, &code, asking.locale)))
    }

    /// French first, English below; the other way round for who asked in English.
    fn mail(&self, to: String, token: &str, code: &str, locale: Locale) -> Mail {
        let url = self.public_url.join(&urls::sign_in_link(token));
        let minutes = (self.rules.good_for.as_secs() / 60).to_string();
        let sections = [locale, locale.other()].map(|locale| {
            let say = |key: &str| Block::Words(t(locale, key, &[]).into_owned());
            let once = t(locale, "mails.sign_in.once", &[("minutes", &minutes)]).into_owned();
            let button = t(locale, "mails.sign_in.button", &[]).into_owned();
            let blocks = vec![
                say("mails.hello"),
                say("mails.sign_in.link"),
                Block::Button { label: button, url: url.clone() },
                say("mails.sign_in.code"),
                Block::Code(code.to_owned()),
                Block::Words(once),
                say("mails.sign_in.not_you"),
            ];
            Section { locale, blocks }
        });
        let subject = t(locale, "sign_in.mail.subject", &[]).into_owned();
        let Written { subject, text, html } = Written::of(&subject, &sections, locale, &[]);
        // What it is known by tells nothing of what it holds.
        let mut mark = [0; 12];
        self.chance.fill(&mut mark);
        Mail {
            from: self.from.clone(),
            to,
            subject,
            body: text,
            html,
            id: self.public_url.message_id(&hex(&mark)),
            at: self.clock.now(),
            unsubscribe: None,
        }
    }

    async fn send(&self, mail: Mail) {
        for attempt in 1..=TRIES {
            match self.postman.carry(mail.clone()).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::warn!(attempt, error = %format!("{error:#}"), "a sign-in mail was not taken");
                }
            }
            tokio::time::sleep(Duration::from_secs(2 * u64::from(attempt))).await;
        }
        tracing::error!("a sign-in mail was given up");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_in_one_browser_only() {
        assert_eq!(code_hash("cookie", "123456"), code_hash("cookie", "123456"));
        assert_ne!(code_hash("cookie", "123456"), code_hash("other", "123456"));
        assert_ne!(code_hash("cookie1", "23456"), code_hash("cookie", "123456"));
    }
}
