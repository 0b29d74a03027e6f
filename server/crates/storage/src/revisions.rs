//! The log of a table: what was done to its document, in order, without gaps.

use sqlx::AssertSqlSafe;
use tablee_domain::ids::{Epoch, PersonId, Revision, TableId, Timestamp};
use tablee_domain::table::Origin;

use crate::chunks::{chunks, with_values};
use crate::engine::{Tx, on_engine};
use crate::error::{Conflict, StoreError};
use crate::{tables, words};

/// An update that is to become a revision.
#[derive(Debug, Clone, Copy)]
pub struct LogEntry<'a> {
    /// Who did it; none for the program.
    pub actor: Option<PersonId>,
    /// Through what.
    pub origin: Origin,
    /// When.
    pub at: Timestamp,
    /// What it does to the document.
    pub update: &'a [u8],
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRevision {
    /// Its number.
    pub revision: Revision,
    /// Who did it; none for the program.
    pub actor: Option<PersonId>,
    /// Through what.
    pub origin: Origin,
    /// When.
    pub at: Timestamp,
    /// What it does to the document.
    pub update: Vec<u8>,
}

/// How much of the log of an epoch there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The first revision; 0 if there is none.
    pub first: Revision,
    /// The last revision; 0 if there is none.
    pub last: Revision,
    /// How many there are.
    pub count: i64,
}

impl Extent {
    /// Whether none is missing between the first and the last.
    pub fn is_whole(self) -> bool {
        self.count == 0 || self.last.get() - self.first.get() + 1 == self.count
    }
}

/// The log of one epoch, seen from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
struct EpochLine {
    epoch: i64,
    first: i64,
    last: i64,
    began_at: i64,
    ended_at: i64,
    updates: i64,
    bytes: i64,
}

/// How long the log of an epoch is, and of when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EpochExtent {
    /// Which epoch.
    pub epoch: Epoch,
    /// Its first revision.
    pub first: Revision,
    /// Its last revision.
    pub last: Revision,
    /// When the first was made.
    pub began_at: Timestamp,
    /// When the last was made.
    pub ended_at: Timestamp,
    /// How many revisions there are.
    pub updates: i64,
    /// How many bytes they hold.
    pub bytes: i64,
}

#[derive(sqlx::FromRow)]
struct Line {
    revision: i64,
    actor: Option<i64>,
    origin: String,
    import_id: Option<i64>,
    proposal_id: Option<i64>,
    made_at: i64,
    payload: Vec<u8>,
}

impl TryFrom<Line> for StoredRevision {
    type Error = StoreError;

    fn try_from(line: Line) -> Result<Self, StoreError> {
        let origin = words::to_origin(&line.origin, line.import_id, line.proposal_id)
            .ok_or_else(|| StoreError::corrupt("revisions", &line.revision, "origin"))?;
        Ok(Self {
            revision: Revision(line.revision),
            actor: line.actor.map(PersonId),
            origin,
            at: Timestamp(line.made_at),
            update: line.payload,
        })
    }
}

/// Appends updates to the log of a table and says which revision the last one became.
///
/// Revisions have no gaps: taking their numbers locks the table's line until the transaction ends, so two
/// nodes can never hand out the same one. A conflict, with nothing written, where the table is in another
/// epoch or its log is not at `expected_head`.
pub async fn append(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
    expected_head: Revision,
    entries: &[LogEntry<'_>],
) -> Result<Revision, StoreError> {
    const TAKE: &str = "update tables
        set head = head + $1
        where id = $2
        and epoch = $3
        and head = $4
        returning head";

    let taken: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(TAKE)
        .bind(entries.len() as i64).bind(table.get()).bind(epoch.get()).bind(expected_head.get())
        .fetch_optional(&mut **conn).await?);
    let Some(last) = taken else { return Err(why_not(tx, table, epoch).await?) };
    let kept = keep(tx, table, epoch, expected_head, entries).await;
    if kept.is_err() {
        tx.doom();
    }
    kept.map(|()| Revision(last))
}

async fn why_not(tx: &mut Tx, table: TableId, epoch: Epoch) -> Result<StoreError, StoreError> {
    Ok(match tables::lock(tx, table).await? {
        None => StoreError::NoSuchTable,
        Some(found) if found.epoch != epoch => Conflict::EpochMoved { found: found.epoch }.into(),
        Some(found) => Conflict::HeadMoved { found: found.head }.into(),
    })
}

async fn keep(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
    head: Revision,
    entries: &[LogEntry<'_>],
) -> Result<(), StoreError> {
    const KEEP: &str = "insert into revisions
        (table_id, revision, epoch, actor, origin, import_id, proposal_id, made_at, payload)";

    let mut number = head.get();
    for chunk in chunks(entries) {
        let text = with_values(KEEP, chunk.len(), 9);
        on_engine!(tx, conn => {
            let mut query = sqlx::query(AssertSqlSafe(text));
            for entry in chunk {
                number += 1;
                let origin = words::of_origin(entry.origin);
                query = query
                    .bind(table.get()).bind(number).bind(epoch.get())
                    .bind(entry.actor.map(PersonId::get)).bind(origin.word)
                    .bind(origin.import).bind(origin.proposal)
                    .bind(entry.at.get()).bind(entry.update);
            }
            query.execute(&mut **conn).await?;
        });
    }
    Ok(())
}

/// The revisions of an epoch after `after`, oldest first, at most `limit`. Ask again after the last one;
/// none means the end.
pub async fn since(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
    after: Revision,
    limit: u32,
) -> Result<Vec<StoredRevision>, StoreError> {
    const SINCE: &str = "select revision, actor, origin, import_id, proposal_id, made_at, payload
        from revisions
        where table_id = $1
        and epoch = $2
        and revision > $3
        order by revision
        limit $4";

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(SINCE)
        .bind(table.get()).bind(epoch.get()).bind(after.get()).bind(i64::from(limit))
        .fetch_all(&mut **conn).await?);
    lines.into_iter().map(StoredRevision::try_from).collect()
}

/// How much of the log of an epoch there is.
pub async fn extent(tx: &mut Tx, table: TableId, epoch: Epoch) -> Result<Extent, StoreError> {
    const MEASURE: &str = "select coalesce(min(revision), 0), coalesce(max(revision), 0), count(*)
        from revisions
        where table_id = $1
        and epoch = $2";

    let (first, last, count): (i64, i64, i64) = on_engine!(tx, conn => sqlx::query_as(MEASURE)
        .bind(table.get()).bind(epoch.get()).fetch_one(&mut **conn).await?);
    Ok(Extent { first: Revision(first), last: Revision(last), count })
}

/// How many revisions an epoch has.
pub async fn count(tx: &mut Tx, table: TableId, epoch: Epoch) -> Result<i64, StoreError> {
    Ok(extent(tx, table, epoch).await?.count)
}

/// The revisions of an epoch after which one is missing, though a later one is there; at most `limit`.
pub async fn gaps(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
    limit: u32,
) -> Result<Vec<Revision>, StoreError> {
    const GAPS: &str = "select here.revision
        from revisions as here
        where here.table_id = $1
        and here.epoch = $2
        and here.revision < (
            select max(revision) from revisions where table_id = $1 and epoch = $2
        )
        and not exists (
            select 1 from revisions as later
            where later.table_id = here.table_id
            and later.epoch = here.epoch
            and later.revision = here.revision + 1
        )
        order by here.revision
        limit $3";

    let found: Vec<i64> = on_engine!(tx, conn => sqlx::query_scalar(GAPS)
        .bind(table.get()).bind(epoch.get()).bind(i64::from(limit))
        .fetch_all(&mut **conn).await?);
    Ok(found.into_iter().map(Revision).collect())
}

/// The epochs of which there is a log, oldest first.
pub async fn epochs(tx: &mut Tx, table: TableId) -> Result<Vec<EpochExtent>, StoreError> {
    const EPOCHS: &str = "select epoch, min(revision) as first, max(revision) as last,
            min(made_at) as began_at, max(made_at) as ended_at,
            count(*) as updates, sum(length(payload)) as bytes
        from revisions
        where table_id = $1
        group by epoch
        order by epoch";

    let lines: Vec<EpochLine> = on_engine!(tx, conn =>
        sqlx::query_as(EPOCHS).bind(table.get()).fetch_all(&mut **conn).await?);
    let extents = lines.into_iter().map(|line| EpochExtent {
        epoch: Epoch(line.epoch),
        first: Revision(line.first),
        last: Revision(line.last),
        began_at: Timestamp(line.began_at),
        ended_at: Timestamp(line.ended_at),
        updates: line.updates,
        bytes: line.bytes,
    });
    Ok(extents.collect())
}

/// Deletes the logs of all epochs before `epoch`, never that of the epoch in which the table lives. Says how
/// many revisions went.
pub async fn drop_epochs_before(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
) -> Result<u64, StoreError> {
    const DROP: &str = "delete from revisions
        where table_id = $1
        and epoch < $2
        and epoch < (select epoch from tables where id = $1)";

    Ok(on_engine!(tx, conn => sqlx::query(DROP)
        .bind(table.get()).bind(epoch.get()).execute(&mut **conn).await?.rows_affected()))
}

/// Deletes the logs of earlier epochs of which nothing was made at `at` or later. Says how many revisions
/// went.
pub async fn drop_epochs_ended_before(
    tx: &mut Tx,
    table: TableId,
    at: Timestamp,
) -> Result<u64, StoreError> {
    const DROP: &str = "delete from revisions
        where table_id = $1
        and epoch < (select epoch from tables where id = $1)
        and epoch in (
            select epoch from revisions where table_id = $1 group by epoch having max(made_at) < $2
        )";

    Ok(on_engine!(tx, conn => sqlx::query(DROP)
        .bind(table.get()).bind(at.get()).execute(&mut **conn).await?.rows_affected()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both_engines;
    use crate::tables::TableRecord;
    use crate::testing::{NOON, TestDb};

    const FIRST: Epoch = Epoch(1);

    async fn a_table(tx: &mut Tx) -> TableRecord {
        tables::create(tx, "formations", FIRST, NOON).await.unwrap()
    }

    async fn a_kept_table(db: &TestDb) -> TableRecord {
        let mut tx = db.begin().await;
        let table = a_table(&mut tx).await;
        tx.commit().await.unwrap();
        table
    }

    /// A log of three epochs with 2, 1 and 2 revisions, made at 10, 20, 30, 40 and 50.
    async fn three_epochs(tx: &mut Tx) -> TableId {
        let table = a_table(tx).await.id;
        let made = |at| LogEntry { at: Timestamp(at), ..by_the_program(b"bytes") };
        append(tx, table, FIRST, Revision(0), &[made(10), made(20)]).await.unwrap();
        let second = tables::start_epoch(tx, table, FIRST).await.unwrap();
        append(tx, table, second, Revision(2), &[made(30)]).await.unwrap();
        let third = tables::start_epoch(tx, table, second).await.unwrap();
        append(tx, table, third, Revision(3), &[made(40), made(50)]).await.unwrap();
        table
    }

    fn by_the_program(update: &[u8]) -> LogEntry<'_> {
        LogEntry { actor: None, origin: Origin::Program, at: NOON, update }
    }

    /// Appends one update wherever the log stands, as a node does that catches up under the lock.
    async fn append_one(store: crate::Store, table: TableId) -> Result<Revision, StoreError> {
        let mut tx = store.begin().await?;
        let head = tables::lock(&mut tx, table).await?.expect("the table is there").head;
        let last = append(&mut tx, table, FIRST, head, &[by_the_program(b"x")]).await?;
        tx.commit().await?;
        Ok(last)
    }

    both_engines! {
        async fn revisions_count_from_one_and_tell_their_story(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let typed = LogEntry {
                actor: Some(PersonId(7)),
                origin: Origin::Import(tablee_domain::ids::ImportId(3)),
                at: NOON,
                update: b"\0typed\xff",
            };

            let entries = [by_the_program(b"columns"), typed];
            let last = append(&mut tx, table.id, FIRST, Revision(0), &entries).await;

            assert_eq!(last, Ok(Revision(2)));
            let log = since(&mut tx, table.id, FIRST, Revision(1), 10).await.unwrap();
            let told = StoredRevision {
                revision: Revision(2),
                actor: typed.actor,
                origin: typed.origin,
                at: NOON,
                update: typed.update.to_vec(),
            };
            assert_eq!(log, [told]);
        }

        async fn an_unknown_table_gets_no_revision(db: TestDb) {
            let mut tx = db.begin().await;

            let none = append(&mut tx, TableId(404), FIRST, Revision(0), &[by_the_program(b"x")]).await;

            assert_eq!(none, Err(StoreError::NoSuchTable));
        }

        async fn a_moved_epoch_is_a_conflict_and_writes_nothing(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            tables::start_epoch(&mut tx, table.id, FIRST).await.unwrap();

            let late = append(&mut tx, table.id, FIRST, Revision(0), &[by_the_program(b"x")]).await;

            assert_eq!(late, Err(Conflict::EpochMoved { found: Epoch(2) }.into()));
            tx.commit().await.unwrap();
            let mut tx = db.read().await;
            assert_eq!(count(&mut tx, table.id, FIRST).await.unwrap(), 0);
            let head = tables::find(&mut tx, "formations").await.unwrap().unwrap().head;
            assert_eq!(head, Revision(0));
        }

        async fn a_log_that_grew_meanwhile_is_a_conflict_and_writes_nothing(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            append(&mut tx, table.id, FIRST, Revision(0), &[by_the_program(b"a")]).await.unwrap();

            let late = append(&mut tx, table.id, FIRST, Revision(0), &[by_the_program(b"b")]).await;

            assert_eq!(late, Err(Conflict::HeadMoved { found: Revision(1) }.into()));
            tx.commit().await.unwrap();
            let mut tx = db.read().await;
            assert_eq!(count(&mut tx, table.id, FIRST).await.unwrap(), 1);
        }

        async fn an_empty_append_moves_nothing_but_still_checks(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;

            assert_eq!(append(&mut tx, table.id, FIRST, Revision(0), &[]).await, Ok(Revision(0)));
            let late = append(&mut tx, table.id, FIRST, Revision(5), &[]).await;
            assert_eq!(late, Err(Conflict::HeadMoved { found: Revision(0) }.into()));
        }

        async fn two_nodes_never_hand_out_the_same_revision(db: TestDb) {
            let table = a_kept_table(&db).await;

            let nodes: Vec<_> =
                (0..40).map(|_| tokio::spawn(append_one(db.store().clone(), table.id))).collect();
            let mut handed_out = Vec::new();
            for node in nodes {
                handed_out.push(node.await.unwrap().unwrap().get());
            }

            handed_out.sort_unstable();
            assert_eq!(handed_out, (1..=40).collect::<Vec<i64>>());
            let mut tx = db.read().await;
            assert_eq!(gaps(&mut tx, table.id, FIRST, 9).await.unwrap(), []);
        }

        async fn of_two_that_saw_the_same_head_one_is_told_to_catch_up(db: TestDb) {
            let table = a_kept_table(&db).await;
            let mut first = db.begin().await;
            append(&mut first, table.id, FIRST, Revision(0), &[by_the_program(b"a")]).await.unwrap();

            let store = db.store().clone();
            let second = tokio::spawn(async move {
                let mut tx = store.begin().await?;
                append(&mut tx, table.id, FIRST, Revision(0), &[by_the_program(b"b")]).await
            });
            first.commit().await.unwrap();

            let late = second.await.unwrap();
            assert_eq!(late, Err(Conflict::HeadMoved { found: Revision(1) }.into()));
        }

        async fn what_was_not_committed_leaves_no_gap(db: TestDb) {
            let table = a_kept_table(&db).await;
            let mut lost = db.begin().await;
            append(&mut lost, table.id, FIRST, Revision(0), &[by_the_program(b"a")]).await.unwrap();
            lost.rollback().await.unwrap();

            let kept = append_one(db.store().clone(), table.id).await;

            assert_eq!(kept, Ok(Revision(1)));
        }

        async fn a_long_afternoon_is_read_in_pieces(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let updates: Vec<Vec<u8>> = (0..683_u32).map(|n| n.to_le_bytes().to_vec()).collect();
            let entries: Vec<_> = updates.iter().map(|update| by_the_program(update)).collect();
            append(&mut tx, table.id, FIRST, Revision(0), &entries).await.unwrap();

            let mut read = Vec::new();
            loop {
                let after = Revision(read.len() as i64);
                let piece = since(&mut tx, table.id, FIRST, after, 100).await.unwrap();
                if piece.is_empty() {
                    break;
                }
                assert!(piece.len() <= 100);
                read.extend(piece);
            }

            let numbers: Vec<i64> = read.iter().map(|line| line.revision.get()).collect();
            assert_eq!(numbers, (1..=683).collect::<Vec<i64>>());
            assert!(read.into_iter().map(|line| line.update).eq(updates));
        }

        async fn revisions_go_on_counting_in_a_new_epoch(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            append(&mut tx, table.id, FIRST, Revision(0), &[by_the_program(b"a")]).await.unwrap();
            let next = tables::start_epoch(&mut tx, table.id, FIRST).await.unwrap();

            let last = append(&mut tx, table.id, next, Revision(1), &[by_the_program(b"b")]).await;

            assert_eq!(last, Ok(Revision(2)));
            let log = since(&mut tx, table.id, next, Revision(0), 10).await.unwrap();
            assert_eq!(log.len(), 1);
            let extent = extent(&mut tx, table.id, next).await.unwrap();
            assert_eq!(extent, Extent { first: Revision(2), last: Revision(2), count: 1 });
        }

        async fn a_missing_revision_is_found(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let entries = [by_the_program(b"x"); 5];
            append(&mut tx, table.id, FIRST, Revision(0), &entries).await.unwrap();
            assert!(extent(&mut tx, table.id, FIRST).await.unwrap().is_whole());

            db_forget_revision(&mut tx, table.id, 3).await;

            assert!(!extent(&mut tx, table.id, FIRST).await.unwrap().is_whole());
            assert_eq!(gaps(&mut tx, table.id, FIRST, 9).await.unwrap(), [Revision(2)]);
        }

        async fn each_epoch_says_how_long_its_log_is_and_of_when(db: TestDb) {
            let mut tx = db.begin().await;
            let table = three_epochs(&mut tx).await;
            let other = tables::create(&mut tx, "lieux", FIRST, NOON).await.unwrap().id;

            let told = epochs(&mut tx, table).await.unwrap();

            let extent = |epoch, first, last, began_at, ended_at| EpochExtent {
                epoch: Epoch(epoch),
                first: Revision(first),
                last: Revision(last),
                began_at: Timestamp(began_at),
                ended_at: Timestamp(ended_at),
                updates: last - first + 1,
                bytes: 5 * (last - first + 1),
            };
            let expected = [extent(1, 1, 2, 10, 20), extent(2, 3, 3, 30, 30), extent(3, 4, 5, 40, 50)];
            assert_eq!(told, expected);
            assert_eq!(epochs(&mut tx, other).await.unwrap(), []);
        }

        async fn the_logs_of_earlier_epochs_go_and_the_living_one_never(db: TestDb) {
            let mut tx = db.begin().await;
            let table = three_epochs(&mut tx).await;

            assert_eq!(drop_epochs_before(&mut tx, table, Epoch(2)).await, Ok(2));
            assert_eq!(drop_epochs_before(&mut tx, table, Epoch(2)).await, Ok(0));
            assert_eq!(drop_epochs_before(&mut tx, table, Epoch(99)).await, Ok(1));

            let left = epochs(&mut tx, table).await.unwrap();
            assert_eq!(left.iter().map(|extent| extent.epoch).collect::<Vec<_>>(), [Epoch(3)]);
        }

        async fn a_log_goes_when_its_last_revision_is_old_and_then_whole(db: TestDb) {
            let mut tx = db.begin().await;
            let table = three_epochs(&mut tx).await;

            // The first epoch has one revision before 15 and one after.
            assert_eq!(drop_epochs_ended_before(&mut tx, table, Timestamp(15)).await, Ok(0));
            assert_eq!(drop_epochs_ended_before(&mut tx, table, Timestamp(20)).await, Ok(0));
            assert_eq!(drop_epochs_ended_before(&mut tx, table, Timestamp(21)).await, Ok(2));
            assert_eq!(drop_epochs_ended_before(&mut tx, table, Timestamp(1_000)).await, Ok(1));

            let left = epochs(&mut tx, table).await.unwrap();
            assert_eq!(left.iter().map(|extent| extent.epoch).collect::<Vec<_>>(), [Epoch(3)]);
        }

        async fn an_origin_that_nobody_wrote_is_corrupt_not_guessed(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            append(&mut tx, table.id, FIRST, Revision(0), &[by_the_program(b"x")]).await.unwrap();
            on_engine!(tx, conn => {
                sqlx::query("update revisions set origin = 'elsewhere'")
                    .execute(&mut **conn).await.unwrap();
            });

            let log = since(&mut tx, table.id, FIRST, Revision(0), 10).await;

            assert_eq!(log, Err(StoreError::corrupt("revisions", &1, "origin")));
        }

        async fn a_half_written_append_cannot_be_committed(db: TestDb) {
            let table = a_kept_table(&db).await;
            let mut tx = db.begin().await;
            // A line in the way, as only a foreign program could put it.
            on_engine!(tx, conn => {
                sqlx::query("insert into revisions (table_id, revision, epoch, origin, made_at, payload)
                    values ($1, 2, 1, 'program', 0, $2)")
                    .bind(table.id.get()).bind(&b"x"[..]).execute(&mut **conn).await.unwrap();
            });

            let entries = [by_the_program(b"a"); 5];
            let failed = append(&mut tx, table.id, FIRST, Revision(0), &entries).await;

            assert!(matches!(failed, Err(StoreError::Conflict(Conflict::Rule(_)))), "{failed:?}");
            assert!(matches!(tx.commit().await, Err(StoreError::Unavailable(_))));
            let kept = append_one(db.store().clone(), table.id).await;
            assert_eq!(kept, Ok(Revision(1)));
        }
    }

    async fn db_forget_revision(tx: &mut Tx, table: TableId, revision: i64) {
        on_engine!(tx, conn => {
            sqlx::query("delete from revisions where table_id = $1 and revision = $2")
                .bind(table.get()).bind(revision).execute(&mut **conn).await.unwrap();
        });
    }
}
