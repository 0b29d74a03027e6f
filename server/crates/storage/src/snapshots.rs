//! Documents at one revision, so that nobody replays a log from its beginning.

use tablee_domain::ids::{Epoch, Revision, TableId, Timestamp};

use crate::engine::{Tx, on_engine};
use crate::error::StoreError;

/// How many snapshots of an epoch are kept: the last one, and one to fall back to.
const KEPT: i64 = 2;

/// A document at one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The life of the document.
    pub epoch: Epoch,
    /// The last revision in it.
    pub revision: Revision,
    /// SHA-256 of the bytes, as whoever saved it computed it.
    pub sha256: Vec<u8>,
    /// When it was made.
    pub at: Timestamp,
    /// The document.
    pub bytes: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Line {
    epoch: i64,
    revision: i64,
    sha256: Vec<u8>,
    made_at: i64,
    payload: Vec<u8>,
}

impl From<Line> for Snapshot {
    fn from(line: Line) -> Self {
        Self {
            epoch: Epoch(line.epoch),
            revision: Revision(line.revision),
            sha256: line.sha256,
            at: Timestamp(line.made_at),
            bytes: line.payload,
        }
    }
}

/// Keeps a snapshot, and of its epoch only the last two. One of the same revision is replaced.
pub async fn save(tx: &mut Tx, table: TableId, snapshot: &Snapshot) -> Result<(), StoreError> {
    const SAVE: &str = "insert into snapshots
        (table_id, epoch, revision, sha256, made_at, payload)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (table_id, epoch, revision) do update
        set sha256 = excluded.sha256, made_at = excluded.made_at, payload = excluded.payload";
    const TIDY: &str = "delete from snapshots
        where table_id = $1
        and epoch = $2
        and revision not in (
            select revision
            from snapshots
            where table_id = $1
            and epoch = $2
            order by revision desc
            limit $3
        )";

    let (table, epoch) = (table.get(), snapshot.epoch.get());
    on_engine!(tx, conn => {
        sqlx::query(SAVE)
            .bind(table).bind(epoch).bind(snapshot.revision.get())
            .bind(&snapshot.sha256[..]).bind(snapshot.at.get()).bind(&snapshot.bytes[..])
            .execute(&mut **conn).await?;
        sqlx::query(TIDY).bind(table).bind(epoch).bind(KEPT).execute(&mut **conn).await?;
    });
    Ok(())
}

/// The last snapshot of an epoch.
pub async fn latest(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
) -> Result<Option<Snapshot>, StoreError> {
    Ok(kept(tx, table, epoch).await?.into_iter().next())
}

/// All snapshots of an epoch, the last one first.
pub async fn kept(tx: &mut Tx, table: TableId, epoch: Epoch) -> Result<Vec<Snapshot>, StoreError> {
    const KEPT: &str = "select epoch, revision, sha256, made_at, payload
        from snapshots
        where table_id = $1
        and epoch = $2
        order by revision desc";

    let lines: Vec<Line> = on_engine!(tx, conn => sqlx::query_as(KEPT)
        .bind(table.get()).bind(epoch.get()).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(Snapshot::from).collect())
}

/// Deletes the snapshots of all epochs before `epoch`, never those of the epoch in which the table lives.
/// Says how many went.
pub async fn drop_epochs_before(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
) -> Result<u64, StoreError> {
    const DROP: &str = "delete from snapshots
        where table_id = $1
        and epoch < $2
        and epoch < (select epoch from tables where id = $1)";

    Ok(on_engine!(tx, conn => sqlx::query(DROP)
        .bind(table.get()).bind(epoch.get()).execute(&mut **conn).await?.rows_affected()))
}

/// Deletes the snapshots of earlier epochs of which nothing was made at `at` or later, in the log neither:
/// call it before or after the log's, it says the same. Says how many went.
pub async fn drop_epochs_ended_before(
    tx: &mut Tx,
    table: TableId,
    at: Timestamp,
) -> Result<u64, StoreError> {
    const DROP: &str = "delete from snapshots
        where table_id = $1
        and epoch < (select epoch from tables where id = $1)
        and epoch not in (select epoch from snapshots where table_id = $1 and made_at >= $2)
        and epoch not in (select epoch from revisions where table_id = $1 and made_at >= $2)";

    Ok(on_engine!(tx, conn => sqlx::query(DROP)
        .bind(table.get()).bind(at.get()).execute(&mut **conn).await?.rows_affected()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, revisions, tables};
    use tablee_domain::table::Origin;

    fn at_revision(revision: i64) -> Snapshot {
        Snapshot {
            epoch: Epoch(1),
            revision: Revision(revision),
            sha256: vec![revision as u8; 32],
            at: NOON,
            bytes: vec![0, 255, revision as u8],
        }
    }

    /// Snapshots of 10, 40 and 60 in three epochs; the first has a log of 20.
    async fn three_epochs(tx: &mut Tx) -> TableId {
        let table = tables::create(tx, "formations", Epoch(1), NOON).await.unwrap().id;
        let (actor, origin, at) = (None, Origin::Program, Timestamp(20));
        let entry = revisions::LogEntry { actor, origin, at, update: b"x" };
        revisions::append(tx, table, Epoch(1), Revision(0), &[entry]).await.unwrap();
        for (epoch, at) in [(1, 10), (2, 40), (3, 60)] {
            let (epoch, at) = (Epoch(epoch), Timestamp(at));
            save(tx, table, &Snapshot { epoch, at, ..at_revision(1) }).await.unwrap();
        }
        let second = tables::start_epoch(tx, table, Epoch(1)).await.unwrap();
        tables::start_epoch(tx, table, second).await.unwrap();
        table
    }

    both_engines! {
        async fn the_last_two_snapshots_are_kept(db: TestDb) {
            let mut tx = db.begin().await;
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;

            for revision in [10, 20, 30] {
                save(&mut tx, table, &at_revision(revision)).await.unwrap();
            }

            assert_eq!(latest(&mut tx, table, Epoch(1)).await.unwrap(), Some(at_revision(30)));
            let both = [at_revision(30), at_revision(20)];
            assert_eq!(kept(&mut tx, table, Epoch(1)).await.unwrap(), both);
        }

        async fn a_snapshot_of_another_epoch_is_not_taken_for_ours(db: TestDb) {
            let mut tx = db.begin().await;
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;
            let newer = Snapshot { epoch: Epoch(2), ..at_revision(40) };

            save(&mut tx, table, &at_revision(10)).await.unwrap();
            save(&mut tx, table, &newer).await.unwrap();

            assert_eq!(latest(&mut tx, table, Epoch(1)).await.unwrap(), Some(at_revision(10)));
            assert_eq!(latest(&mut tx, table, Epoch(2)).await.unwrap(), Some(newer));
            assert_eq!(latest(&mut tx, table, Epoch(3)).await.unwrap(), None);
        }

        async fn a_snapshot_made_twice_is_one(db: TestDb) {
            let mut tx = db.begin().await;
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;
            let again = Snapshot { bytes: b"again".to_vec(), ..at_revision(10) };

            save(&mut tx, table, &at_revision(10)).await.unwrap();
            save(&mut tx, table, &again).await.unwrap();

            assert_eq!(kept(&mut tx, table, Epoch(1)).await.unwrap(), [again]);
        }

        async fn the_snapshots_of_earlier_epochs_go_and_those_of_the_living_one_never(db: TestDb) {
            let mut tx = db.begin().await;
            let table = three_epochs(&mut tx).await;

            assert_eq!(drop_epochs_before(&mut tx, table, Epoch(2)).await, Ok(1));
            assert_eq!(drop_epochs_before(&mut tx, table, Epoch(99)).await, Ok(1));

            assert_eq!(kept(&mut tx, table, Epoch(3)).await.unwrap().len(), 1);
        }

        async fn a_snapshot_goes_with_the_log_of_its_epoch_and_not_before(db: TestDb) {
            let mut tx = db.begin().await;
            let table = three_epochs(&mut tx).await;
            // The log of the first epoch went on after its snapshot.
            assert_eq!(drop_epochs_ended_before(&mut tx, table, Timestamp(15)).await, Ok(0));

            let log = revisions::drop_epochs_ended_before(&mut tx, table, Timestamp(30)).await;
            assert_eq!(log, Ok(1));
            assert_eq!(drop_epochs_ended_before(&mut tx, table, Timestamp(30)).await, Ok(1));
            // The second epoch has no log, and its snapshot is of 40.
            assert_eq!(drop_epochs_ended_before(&mut tx, table, Timestamp(40)).await, Ok(0));
            assert_eq!(drop_epochs_ended_before(&mut tx, table, Timestamp(1_000)).await, Ok(1));

            assert_eq!(kept(&mut tx, table, Epoch(3)).await.unwrap().len(), 1);
        }

        async fn a_snapshot_of_nothing_is_refused(db: TestDb) {
            let mut tx = db.begin().await;

            let saved = save(&mut tx, TableId(404), &at_revision(1)).await;

            assert!(matches!(saved, Err(StoreError::Conflict(_))), "{saved:?}");
        }
    }
}
