//! News that wait for their hour, and the morning's mails.
//!
//! - What somebody wants to hear of daily or weekly waits as a [`Piece`] and is told in one mail per topic.
//! - What others change in somebody's rows waits until nobody has touched it for ten minutes: an afternoon of
//!   edits of one person in one row is one line.
//! - What waits for the pilots is not collected but counted, at the hour of the digest: a thousand events are one
//!   mail, and where nothing waits there is none.
//! - In September, whoever looks after offers that nobody confirmed lately is asked whether they are still right.

mod rows;
mod yearly;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use tablee_domain::ids::{ColumnId, PersonId, RowId, Timestamp};
use tablee_domain::offer::Status;
use tablee_domain::table::{Row, TableValues};
use tablee_storage::mail_news::{self, News};
use tablee_storage::mail_preferences::Channel;
use tablee_storage::people::{self, Person};
use tablee_storage::proposals::{self, Kind, State};
use tablee_storage::{StoreError, Tx, settings, tables};

use crate::catalogue::TABLE;
use crate::i18n::Locale;
use crate::mail::letter::{RowChanged, Waiting};
use crate::mail::room::{MailRoom, pilots};
use crate::mail::writing::Block;
use crate::mail::{LetterKind, Topic};
use crate::web::urls;

/// The day whose morning was done last.
const MORNING: &str = "mails_morning";
/// A digest counts no more proposals than these.
const COUNTED: u32 = 1_000;

/// Something that waits to be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Piece {
    /// A letter to somebody who wants such letters later.
    Letter {
        /// Its subject.
        subject: String,
        /// What it says.
        blocks: Vec<Block>,
    },
    /// A row that somebody else changed. Names and titles are looked up when it is told.
    Row {
        /// The row.
        row: RowId,
        /// Who changed it.
        by: PersonId,
        /// Which columns.
        columns: BTreeSet<String>,
    },
}

impl Piece {
    /// As it is kept.
    pub fn words(&self) -> String {
        serde_json::to_string(self).expect("names and texts are JSON")
    }

    /// As it was kept; nothing where an erasure went through it.
    fn of(words: &str) -> Option<Self> {
        serde_json::from_str(words).ok()
    }
}

/// What was before anybody looked is no news: a database that has never seen a morning begins with the next one.
pub(crate) async fn begin(room: &MailRoom) -> Result<(), StoreError> {
    let mut tx = room.parts().store.begin().await?;
    let mut is_new = false;
    if settings::get(&mut tx, MORNING).await?.is_none() {
        let hour = room.parts().site.get().digest_hour;
        let (zone, now) = (&room.parts().zone, room.now());
        let today = zone.day(now);
        let is_over = zone.said(&format!("{today}T{hour:02}:00")).is_some_and(|at| at <= now);
        settings::set(&mut tx, MORNING, if is_over { &today } else { "" }).await?;
        is_new = true;
    }
    is_new |= rows::begin(&mut tx).await?;
    if is_new { tx.commit().await } else { Ok(()) }
}

/// Does what is due, and says when there may be more.
pub(crate) async fn round(room: &MailRoom) -> Result<Option<Timestamp>, StoreError> {
    rows::notice(room).await?;
    let zone = &room.parts().zone;
    let hour = room.parts().site.get().digest_hour;
    let now = room.now();
    let today = zone.day(now);
    let morning = zone.said(&format!("{today}T{hour:02}:00"));
    let is_over = morning.is_some_and(|morning| morning <= now);
    let is_monday = zone.is_monday(now);
    let next_piece = tell(room, |channel| channel == Channel::Now).await?;
    if is_over && takes_the_morning(room, &today).await? {
        let is_told = |channel| match channel {
            Channel::Daily => true,
            Channel::Weekly => is_monday,
            Channel::Now | Channel::None => false,
        };
        tell(room, is_told).await?;
        digests(room, &today, is_told).await?;
        yearly::ask(room, &today).await?;
    }
    let tomorrow = zone.ends(&today).map(|end| zone.day(end));
    let next_morning = match morning {
        Some(morning) if !is_over => Some(morning),
        _ => tomorrow.and_then(|day| zone.said(&format!("{day}T{hour:02}:00"))),
    };
    Ok(next_piece.into_iter().chain(next_morning).min())
}

/// Whether this process does the morning of this day: one of all does, once.
async fn takes_the_morning(room: &MailRoom, today: &str) -> Result<bool, StoreError> {
    let store = &room.parts().store;
    let done = settings::get(&mut store.read().await?, MORNING).await?;
    let is_done = |done: Option<String>| done.is_some_and(|done| done.as_str() >= today);
    if is_done(done) {
        return Ok(false);
    }
    let mut tx = store.begin().await?;
    settings::hold(&mut tx, MORNING).await?;
    let done = settings::get(&mut tx, MORNING).await?;
    if is_done(done) {
        return Ok(false);
    }
    settings::set(&mut tx, MORNING, today).await?;
    room.forget_old(&mut tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// Tells the pieces of those whose channel it is; says when the next one is ready.
async fn tell(
    room: &MailRoom,
    is_told: impl Fn(Channel) -> bool,
) -> Result<Option<Timestamp>, StoreError> {
    let store = &room.parts().store;
    let waiting = mail_news::waiting(&mut store.read().await?, Timestamp(i64::MAX)).await?;
    if waiting.is_empty() {
        return Ok(None);
    }
    let (now, mut next) = (room.now(), None);
    let mut by_reader: BTreeMap<(PersonId, Topic), Vec<News>> = BTreeMap::new();
    for news in waiting {
        let Some(topic) = Topic::from_word(&news.topic) else { continue };
        if news.at <= now {
            by_reader.entry((news.person, topic)).or_default().push(news);
        } else {
            next = Some(next.map_or(news.at, |next: Timestamp| next.min(news.at)));
        }
    }
    for ((person, topic), news) in by_reader {
        let mut tx = store.begin().await?;
        let Some(person) = people::find(&mut tx, person).await? else { continue };
        let channel = room.channel(&mut tx, &person, topic).await?;
        if channel != Channel::None && !is_told(channel) {
            continue;
        }
        let mut mine = Vec::new();
        for piece in &news {
            // Another process was faster: it is told already.
            if mail_news::remove(&mut tx, piece.id).await? {
                mine.push(piece);
            }
        }
        if channel != Channel::None
            && let Some(said) = said(room, &mut tx, &person, &mine).await?
        {
            let key = format!("news {} {}", person.id, mine.first().map_or(0, |piece| piece.id));
            room.tell(&mut tx, &person, (topic, key), said).await?;
        }
        tx.commit().await?;
    }
    Ok(next)
}

/// Pieces as one letter.
async fn said(
    room: &MailRoom,
    tx: &mut Tx,
    person: &Person,
    news: &[&News],
) -> Result<Option<(String, Vec<Block>)>, StoreError> {
    let locale = room.language(tx, person.id).await?;
    let pen = room.pen(locale);
    let (mut letters, mut rows) = (Vec::new(), Vec::new());
    for piece in news.iter().filter_map(|news| Piece::of(&news.words)) {
        match piece {
            Piece::Letter { subject, blocks } => letters.push((subject, blocks)),
            Piece::Row { row, by, columns } => rows.push((row, by, columns.len())),
        }
    }
    if !rows.is_empty() {
        let rows = titled(room, tx, locale, rows).await?;
        letters.push(pen.write(&LetterKind::RowsChanged { rows }));
    }
    if letters.len() <= 1 {
        return Ok(letters.pop());
    }
    let blocks = letters
        .into_iter()
        .flat_map(|(subject, blocks)| std::iter::once(Block::Title(subject)).chain(blocks));
    Ok(Some((pen.say("mails.bundle.subject"), blocks.collect())))
}

/// Rows with their titles and the names of those who changed them, as both are now.
async fn titled(
    room: &MailRoom,
    tx: &mut Tx,
    locale: Locale,
    rows: Vec<(RowId, PersonId, usize)>,
) -> Result<Vec<RowChanged>, StoreError> {
    let values = values(room).await;
    let untitled = || room.pen(locale).say("offer.untitled");
    let mut told = Vec::with_capacity(rows.len());
    for (row, by, cells) in rows {
        let found = values.as_ref().and_then(|all| all.rows.iter().find(|it| it.id == row));
        let title = found.map(title).filter(|title| !title.is_empty());
        let by = people::find(tx, by).await?.map(|person| person.name);
        told.push(RowChanged {
            link: urls::history_of(&row),
            title: title.unwrap_or_else(untitled),
            by: by.unwrap_or_else(|| room.pen(locale).say("mails.somebody")),
            cells: cells.max(1),
        });
    }
    Ok(told)
}

fn title(row: &Row) -> String {
    let title = ColumnId::new("intitule").ok().and_then(|column| row.cells.get(&column));
    title.and_then(|title| title.as_text()).unwrap_or_default().trim().to_owned()
}

async fn values(room: &MailRoom) -> Option<TableValues> {
    match room.parts().rooms.values(TABLE).await {
        Ok(visible) => Some(visible.values.clone()),
        Err(error) => {
            tracing::warn!(%error, "a mail is written without looking at the table");
            None
        }
    }
}

/// What waits for the pilots, to each of those who want to hear of it now.
async fn digests(
    room: &MailRoom,
    today: &str,
    is_told: impl Fn(Channel) -> bool,
) -> Result<(), StoreError> {
    let waiting = waiting(room).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let mut tx = room.parts().store.begin().await?;
    for person in pilots(&mut tx).await? {
        if is_told(room.channel(&mut tx, &person, Topic::Queue).await?) {
            let kind = LetterKind::Digest { waiting: waiting.clone(), link: urls::DESK.to_owned() };
            let said = room.pen(room.language(&mut tx, person.id).await?).write(&kind);
            let key = format!("digest {} {today}", person.id);
            room.tell(&mut tx, &person, (Topic::Queue, key), said).await?;
        }
    }
    tx.commit().await
}

/// What waits for the pilots, nothing of which there is none.
async fn waiting(room: &MailRoom) -> Result<Vec<(Waiting, usize)>, StoreError> {
    let mut counts: BTreeMap<Waiting, usize> = BTreeMap::new();
    let mut count = |what| *counts.entry(what).or_default() += 1;
    let mut tx = room.parts().store.read().await?;
    if let Some(table) = tables::find(&mut tx, TABLE).await? {
        let open = proposals::list(&mut tx, table.id, &State::OPEN, COUNTED, None).await?;
        for proposal in open {
            count(match (proposal.kind, proposal.state) {
                (Kind::Suggestion, _) => Waiting::Suggestions,
                (_, State::Received) => Waiting::Received,
                _ => Waiting::Taken,
            });
        }
    }
    drop(tx);
    let values = values(room).await.unwrap_or_default();
    for row in values.present() {
        match Status::of(row) {
            Status::ToCheck => count(Waiting::ToCheck),
            Status::ToUpdate => count(Waiting::ToUpdate),
            Status::Draft | Status::Published | Status::Archived => {}
        }
    }
    Ok(counts.into_iter().collect())
}
