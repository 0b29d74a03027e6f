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
        .map(|(writer, person)| {
            let number = u64::try_from(writer)
                .map_err(|_| StoreError::corrupt("writers", writer, "writer"))?;
            Ok((Writer(number), person.map(PersonId)))
        })
        .collect()
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

/// Writers have 53 bits, so that JavaScript can hold them; a larger one is nobody's.
fn number(writer: Writer) -> Result<i64, StoreError> {
    i64::try_from(writer.0)
        .map_err(|_| Conflict::Rule(format!("`{writer}` is not a writer")).into())
}
