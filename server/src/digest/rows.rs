//! What others change in somebody's rows.

use std::collections::{BTreeMap, BTreeSet};

use tablee_domain::ids::{PersonId, Revision, RowId, Timestamp};
use tablee_storage::mail_news::{self, News};
use tablee_storage::mail_preferences::Channel;
use tablee_storage::{StoreError, Tx, owners, people, settings, tables};

use super::Piece;
use crate::catalogue::TABLE;
use crate::mail::{MailRoom, Topic};

/// Somebody's edits in one row are told when there were none for so long.
const QUIET: i64 = 10 * 60_000;
/// The last revision in which was looked for changes of others.
const SEEN: &str = "mails_rows_seen";

/// What was done before anybody looked is no news. Says whether it had to be noted.
pub(super) async fn begin(tx: &mut Tx) -> Result<bool, StoreError> {
    if settings::get(tx, SEEN).await?.is_some() {
        return Ok(false);
    }
    let head = tables::find(tx, TABLE).await?.map_or(0, |table| table.head.get());
    settings::set(tx, SEEN, &head.to_string()).await?;
    Ok(true)
}

/// Keeps what others changed in somebody's rows since the last look, until it is quiet there.
pub(super) async fn notice(room: &MailRoom) -> Result<(), StoreError> {
    let store = &room.parts().store;
    let mut tx = store.read().await?;
    let Some(table) = tables::find(&mut tx, TABLE).await? else { return Ok(()) };
    let seen = seen(&mut tx).await?;
    if seen >= table.head || owners::all(&mut tx, table.id).await?.is_empty() {
        return Ok(());
    }
    drop(tx);
    let mut tx = store.begin().await?;
    settings::hold(&mut tx, SEEN).await?;
    let seen = self::seen(&mut tx).await?;
    let changed = owners::changed_by_others(&mut tx, table.id, seen, table.head).await?;
    keep(room, &mut tx, changed).await?;
    settings::set(&mut tx, SEEN, &table.head.max(seen).to_string()).await?;
    tx.commit().await
}

async fn seen(tx: &mut Tx) -> Result<Revision, StoreError> {
    let seen = settings::get(tx, SEEN).await?;
    Ok(Revision(seen.and_then(|seen| seen.parse().ok()).unwrap_or_default()))
}

async fn keep(
    room: &MailRoom,
    tx: &mut Tx,
    changed: Vec<owners::ChangedByOther>,
) -> Result<(), StoreError> {
    if changed.is_empty() {
        return Ok(());
    }
    let mut groups: BTreeMap<(PersonId, RowId, PersonId), (BTreeSet<String>, Timestamp)> =
        BTreeMap::new();
    for change in changed {
        let (columns, last) = groups
            .entry((change.owner, change.row, change.by))
            .or_insert_with(|| (BTreeSet::new(), change.at));
        columns.insert(change.column);
        *last = (*last).max(change.at);
    }
    let waiting = mail_news::waiting(tx, Timestamp(i64::MAX)).await?;
    for ((owner, row, by), (mut columns, last)) in groups {
        let Some(person) = people::find(tx, owner).await? else { continue };
        if room.channel(tx, &person, Topic::Rows).await? == Channel::None {
            continue;
        }
        let key = format!("row {row} {by}");
        let earlier = waiting
            .iter()
            .find(|news| news.person == owner && news.dedupe_key.as_deref() == Some(key.as_str()));
        if let Some(earlier) = earlier {
            mail_news::remove(tx, earlier.id).await?;
            if let Some(Piece::Row { columns: before, .. }) = Piece::of(&earlier.words) {
                columns.extend(before);
            }
        }
        let news = News {
            id: 0,
            person: owner,
            topic: Topic::Rows.as_str().to_owned(),
            proposal: None,
            dedupe_key: Some(key),
            words: Piece::Row { row, by, columns }.words(),
            at: Timestamp(last.get() + QUIET),
        };
        mail_news::add(tx, &news).await?;
    }
    Ok(())
}
