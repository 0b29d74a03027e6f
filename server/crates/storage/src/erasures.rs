//! The database's copy of the journal of erasures: what was erased and where it stood, never the words.

use tablee_domain::ids::{ColumnId, PersonId, RowId, TableId, Timestamp};
use tablee_domain::table::ToErase;

use crate::engine::{Tx, on_engine};
use crate::erasure::Place;
use crate::error::StoreError;

/// An erasure that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Its number in this database. A backup that is put back may hand it out again: the moment tells them
    /// apart.
    pub id: i64,
    /// The rows that went.
    pub rows: Vec<RowId>,
    /// The cells that went.
    pub cells: Vec<(RowId, ColumnId)>,
    /// Where it stood, and how often.
    pub places: Vec<Place>,
    /// Who asked; none for the operator.
    pub asked_by: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Line {
    id: i64,
    asked_by: Option<i64>,
    made_at: i64,
    what: String,
    places: String,
}

impl TryFrom<Line> for Erasure {
    type Error = StoreError;

    fn try_from(line: Line) -> Result<Self, StoreError> {
        let corrupt = |column: &str| StoreError::corrupt("erasures", &line.id, column);
        let what: ToErase = serde_json::from_str(&line.what).map_err(|_| corrupt("what"))?;
        Ok(Self {
            id: line.id,
            rows: what.rows,
            cells: what.cells,
            places: serde_json::from_str(&line.places).map_err(|_| corrupt("places"))?,
            asked_by: line.asked_by.map(PersonId),
            at: Timestamp(line.made_at),
        })
    }
}

/// Notes an erasure in the transaction that does it. Words are left out, whoever gives them.
pub async fn record(
    tx: &mut Tx,
    table: TableId,
    what: &ToErase,
    places: &[Place],
    asked_by: Option<PersonId>,
    at: Timestamp,
) -> Result<i64, StoreError> {
    const RECORD: &str = "insert into erasures (table_id, asked_by, made_at, what, places)
        values ($1, $2, $3, $4, $5)
        returning id";

    let named = ToErase { rows: what.rows.clone(), cells: what.cells.clone(), words: Vec::new() };
    let named = serde_json::to_string(&named).expect("identifiers have a JSON");
    let places = serde_json::to_string(places).expect("words and numbers have a JSON");
    Ok(on_engine!(tx, conn => sqlx::query_scalar(RECORD)
        .bind(table.get()).bind(asked_by.map(PersonId::get)).bind(at.get()).bind(named).bind(places)
        .fetch_one(&mut **conn).await?))
}

/// All erasures in a table, oldest first.
pub async fn all(tx: &mut Tx, table: TableId) -> Result<Vec<Erasure>, StoreError> {
    const ALL: &str = "select id, asked_by, made_at, what, places
        from erasures
        where table_id = $1
        order by id";

    let lines: Vec<Line> = on_engine!(tx, conn =>
        sqlx::query_as(ALL).bind(table.get()).fetch_all(&mut **conn).await?);
    lines.into_iter().map(Erasure::try_from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::NOON;
    use crate::{both_engines, tables};
    use tablee_domain::ids::Epoch;

    both_engines! {
        async fn an_erasure_is_noted_with_its_places_and_without_its_words(db: TestDb) {
            let mut tx = db.begin().await;
            let table = tables::create(&mut tx, "formations", Epoch(1), NOON).await.unwrap().id;
            let other = tables::create(&mut tx, "lieux", Epoch(1), NOON).await.unwrap().id;
            let row = RowId::new("r1").unwrap();
            let cell = (RowId::new("r2").unwrap(), ColumnId::new("prix").unwrap());
            let what = ToErase {
                rows: vec![row.clone()],
                cells: vec![cell.clone()],
                words: vec!["Zoé Ferrand".into()],
            };
            let places = [Place::new("history", 3), Place::new("log", 0)];

            let lea = Some(PersonId(1));
            let first = record(&mut tx, table, &what, &places, lea, NOON).await.unwrap();
            let later = Timestamp(NOON.0 + 1);
            let second =
                record(&mut tx, table, &ToErase::default(), &[], None, later).await.unwrap();

            let noted = all(&mut tx, table).await.unwrap();
            let (asked_by, at) = (lea, NOON);
            let erasure =
                Erasure { id: first, rows: vec![row], cells: vec![cell], places: places.into(), asked_by, at };
            let empty = Erasure {
                id: second, rows: vec![], cells: vec![], places: vec![], asked_by: None, at: later,
            };
            assert_eq!(noted, [erasure, empty]);
            assert_eq!(all(&mut tx, other).await.unwrap(), []);
            let kept: String = on_engine!(tx, conn =>
                sqlx::query_scalar("select what from erasures where id = $1")
                    .bind(first).fetch_one(&mut **conn).await.unwrap());
            assert!(!kept.contains("Ferrand"), "{kept}");
        }
    }
}
