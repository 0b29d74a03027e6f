//! Writers: Yjs client ids, each claimed for an epoch by the first actor who used it.

use tablee_domain::ids::{Epoch, PersonId, TableId, Timestamp, Writer};

use crate::engine::{Tx, on_engine};
use crate::error::{Conflict, StoreError};

/// Claims a writer for a person, or for the program. Claiming one's own again changes nothing; one that
/// somebody else claimed is a conflict.
pub async fn claim(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
    writer: Writer,
    owner: Option<PersonId>,
    at: Timestamp,
) -> Result<(), StoreError> {
    const CLAIM: &str = "insert into writers (table_id, epoch, writer, person_id, claimed_at)
        values ($1, $2, $3, $4, $5)
        on conflict (table_id, epoch, writer) do nothing";
    const WHOSE: &str = "select person_id
        from writers
        where table_id = $1
        and epoch = $2
        and writer = $3";

    let (table, epoch, writer) = (table.get(), epoch.get(), number(writer)?);
    let made = on_engine!(tx, conn => sqlx::query(CLAIM)
        .bind(table).bind(epoch).bind(writer).bind(owner.map(PersonId::get)).bind(at.get())
        .execute(&mut **conn).await?.rows_affected());
    if made == 1 {
        return Ok(());
    }
    let whose: Option<i64> = on_engine!(tx, conn => sqlx::query_scalar(WHOSE)
        .bind(table).bind(epoch).bind(writer).fetch_one(&mut **conn).await?);
    let whose = whose.map(PersonId);
    if whose == owner { Ok(()) } else { Err(Conflict::WriterTaken { owner: whose }.into()) }
}

/// All claims of an epoch.
pub async fn all(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
) -> Result<Vec<(Writer, Option<PersonId>)>, StoreError> {
    const ALL: &str = "select writer, person_id
        from writers
        where table_id = $1
        and epoch = $2
        order by writer";

    let lines: Vec<(i64, Option<i64>)> = on_engine!(tx, conn => sqlx::query_as(ALL)
        .bind(table.get()).bind(epoch.get()).fetch_all(&mut **conn).await?);
    lines
        .into_iter()
        .map(|(writer, person)| Ok((to_writer(writer)?, person.map(PersonId))))
        .collect()
}

/// All writers that were claimed in epochs before `epoch`, each once: nobody may use them again.
pub async fn of_earlier_epochs(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
) -> Result<Vec<Writer>, StoreError> {
    const EARLIER: &str = "select distinct writer
        from writers
        where table_id = $1
        and epoch < $2
        order by writer";

    let found: Vec<i64> = on_engine!(tx, conn => sqlx::query_scalar(EARLIER)
        .bind(table.get()).bind(epoch.get()).fetch_all(&mut **conn).await?);
    found.into_iter().map(to_writer).collect()
}

fn to_writer(number: i64) -> Result<Writer, StoreError> {
    let writer = u64::try_from(number);
    writer.map(Writer).map_err(|_| StoreError::corrupt("writers", &number, "writer"))
}

/// How many writers a person claimed in an epoch since a moment, that moment included.
pub async fn claimed_since(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
    person: PersonId,
    at: Timestamp,
) -> Result<i64, StoreError> {
    const COUNT: &str = "select count(*)
        from writers
        where table_id = $1
        and epoch = $2
        and person_id = $3
        and claimed_at >= $4";

    Ok(on_engine!(tx, conn => sqlx::query_scalar(COUNT)
        .bind(table.get()).bind(epoch.get()).bind(person.get()).bind(at.get())
        .fetch_one(&mut **conn).await?))
}

/// Who claimed a writer in an epoch since a moment, that moment included, each time it happened, in order.
pub async fn claims_since(
    tx: &mut Tx,
    table: TableId,
    epoch: Epoch,
    at: Timestamp,
) -> Result<Vec<(PersonId, Timestamp)>, StoreError> {
    const CLAIMS: &str = "select person_id, claimed_at
        from writers
        where table_id = $1
        and epoch = $2
        and claimed_at >= $3
        and person_id is not null
        order by claimed_at";

    let lines: Vec<(i64, i64)> = on_engine!(tx, conn => sqlx::query_as(CLAIMS)
        .bind(table.get()).bind(epoch.get()).bind(at.get()).fetch_all(&mut **conn).await?);
    Ok(lines.into_iter().map(|(person, at)| (PersonId(person), Timestamp(at))).collect())
}

/// Writers have 53 bits, so that JavaScript can hold them; a larger one is nobody's.
fn number(writer: Writer) -> Result<i64, StoreError> {
    i64::try_from(writer.0)
        .map_err(|_| Conflict::Rule(format!("`{writer}` is not a writer")).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};

    const FIRST: Epoch = Epoch(1);
    const LEA: Option<PersonId> = Some(PersonId(1));
    const NOUR: Option<PersonId> = Some(PersonId(2));
    const LARGEST: Writer = Writer((1 << 53) - 1);

    async fn a_table(tx: &mut Tx) -> TableId {
        tables::create(tx, "formations", FIRST, NOON).await.unwrap().id
    }

    both_engines! {
        async fn a_writer_stays_with_who_claimed_it_first(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            claim(&mut tx, table, FIRST, LARGEST, LEA, NOON).await.unwrap();

            let again = claim(&mut tx, table, FIRST, LARGEST, LEA, NOON).await;
            let stolen = claim(&mut tx, table, FIRST, LARGEST, NOUR, NOON).await;
            let by_program = claim(&mut tx, table, FIRST, LARGEST, None, NOON).await;

            let taken = Err(Conflict::WriterTaken { owner: LEA }.into());
            assert_eq!((again, &stolen, &by_program), (Ok(()), &taken, &taken));
            assert_eq!(all(&mut tx, table, FIRST).await.unwrap(), [(LARGEST, LEA)]);
        }

        async fn the_writer_of_the_program_is_nobody_elses(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            claim(&mut tx, table, FIRST, Writer(1), None, NOON).await.unwrap();

            let again = claim(&mut tx, table, FIRST, Writer(1), None, NOON).await;
            let stolen = claim(&mut tx, table, FIRST, Writer(1), LEA, NOON).await;

            assert_eq!(again, Ok(()));
            assert_eq!(stolen, Err(Conflict::WriterTaken { owner: None }.into()));
        }

        async fn an_epoch_knows_nothing_of_earlier_claims(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            claim(&mut tx, table, FIRST, Writer(1), LEA, NOON).await.unwrap();

            claim(&mut tx, table, Epoch(2), Writer(1), NOUR, NOON).await.unwrap();

            assert_eq!(all(&mut tx, table, Epoch(2)).await.unwrap(), [(Writer(1), NOUR)]);
        }

        async fn the_writers_of_earlier_epochs_are_remembered_each_once(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            let other = tables::create(&mut tx, "lieux", FIRST, NOON).await.unwrap().id;
            for (epoch, number, owner) in
                [(1, 9, LEA), (1, 5, None), (2, 5, NOUR), (3, 7, LEA), (4, 8, LEA)]
            {
                claim(&mut tx, table, Epoch(epoch), Writer(number), owner, NOON).await.unwrap();
            }
            claim(&mut tx, other, FIRST, Writer(1), LEA, NOON).await.unwrap();

            let earlier = of_earlier_epochs(&mut tx, table, Epoch(4)).await;

            assert_eq!(earlier, Ok(vec![Writer(5), Writer(7), Writer(9)]));
            assert_eq!(of_earlier_epochs(&mut tx, table, FIRST).await, Ok(vec![]));
        }

        async fn the_claims_of_a_day_are_counted_per_person(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;
            for (number, owner, at) in [(1, LEA, 10), (2, LEA, 20), (3, LEA, 30), (4, NOUR, 30)] {
                claim(&mut tx, table, FIRST, Writer(number), owner, Timestamp(at)).await.unwrap();
            }

            let since = claimed_since(&mut tx, table, FIRST, PersonId(1), Timestamp(20)).await;

            assert_eq!(since, Ok(2));
        }

        async fn a_number_that_is_no_writer_is_refused(db: TestDb) {
            let mut tx = db.begin().await;
            let table = a_table(&mut tx).await;

            let claimed = claim(&mut tx, table, FIRST, Writer(u64::MAX), LEA, NOON).await;

            assert!(matches!(claimed, Err(StoreError::Conflict(Conflict::Rule(_)))));
        }
    }
}
