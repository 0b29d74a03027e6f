//! Once a year, in September, when the offers of the new year are settled: whoever looks after offers that nobody
//! confirmed lately is asked whether they are still right.

use std::collections::BTreeMap;

use tablee_domain::ids::{PersonId, RowId};
use tablee_domain::offer::checks::{Freshness, Now};
use tablee_domain::offer::{Status, slug};
use tablee_domain::table::Row;
use tablee_storage::mail_preferences::Channel;
use tablee_storage::{StoreError, owners, people, tables};

use super::{title, values};
use crate::catalogue::TABLE;
use crate::mail::room::MailRoom;
use crate::mail::{LetterKind, Topic};
use crate::web::urls;

/// The month in which it is asked.
const MONTH: &str = "09";

/// Asks whoever was not yet asked this year; `today` is a day as `2027-09-01`. Any morning of the month will do: a
/// server that rests on the first does it on the next.
pub(super) async fn ask(room: &MailRoom, today: &str) -> Result<(), StoreError> {
    let mut parts = today.split('-');
    let (Some(year), Some(MONTH)) = (parts.next(), parts.next()) else { return Ok(()) };
    let Some(values) = values(room).await else { return Ok(()) };
    let now = Now::of(room.now(), room.parts().site.get().stale_after_months);
    let is_asked =
        |row: &&Row| Status::of(row).is_public() && Freshness::of(row, now) != Freshness::Fresh;
    let mut tx = room.parts().store.begin().await?;
    let Some(table) = tables::find(&mut tx, TABLE).await? else { return Ok(()) };
    let owners = owners::all(&mut tx, table.id).await?;
    let owners: BTreeMap<RowId, PersonId> = owners.into_iter().collect();
    let mut offers: BTreeMap<PersonId, Vec<(String, String)>> = BTreeMap::new();
    for row in values.present().filter(is_asked) {
        if let Some(owner) = owners.get(&row.id) {
            let title = title(row);
            let page = urls::offer(&slug(&title), &row.id);
            offers.entry(*owner).or_default().push((title, page));
        }
    }
    for (person, offers) in offers {
        let Some(person) = people::find(&mut tx, person).await? else { continue };
        let channel = room.channel(&mut tx, &person, Topic::Rows).await?;
        if channel == Channel::None {
            continue;
        }
        let kind = LetterKind::StillRight { offers, link: urls::MINE.to_owned() };
        let said = room.pen(room.language(&mut tx, person.id).await?).write(&kind);
        let key = format!("still right {} {year}", person.id);
        room.tell(&mut tx, &person, (Topic::Rows, key), said).await?;
    }
    tx.commit().await
}
