//! The values of a day, as they are kept for moments whose log is gone: JSON, deflated.
//!
//! Plain values and no document, so that what must go can be taken out of them.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::{Deserialize, Serialize};
use tablee_domain::ids::{ColumnId, RowId, Timestamp};
use tablee_domain::table::{Column, Columns, Plain, Row, TableValues};
use time::{Duration, OffsetDateTime};

/// A table as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    columns: Vec<Column>,
    rows: Vec<KeptRow>,
}

#[derive(Serialize, Deserialize)]
struct KeptRow {
    id: RowId,
    order: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    cells: BTreeMap<ColumnId, Plain>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    said: BTreeMap<ColumnId, String>,
}

/// The day of a moment, `2026-11-22`, in UTC.
pub(crate) fn day_of(at: Timestamp) -> String {
    (OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(at.get())).date().to_string()
}

/// Values as they are kept.
pub(crate) fn pack(values: &TableValues) -> Vec<u8> {
    let kept = Kept {
        columns: values.columns.iter().cloned().collect(),
        rows: values.rows.iter().map(to_kept).collect(),
    };
    let mut deflated = ZlibEncoder::new(Vec::new(), Compression::default());
    let json = serde_json::to_vec(&kept).expect("values are plain data");
    deflated.write_all(&json).and_then(|()| deflated.finish()).expect("memory takes everything")
}

/// Values as they were.
pub(crate) fn unpack(payload: &[u8]) -> Result<TableValues, String> {
    let mut json = Vec::new();
    ZlibDecoder::new(payload).read_to_end(&mut json).map_err(|error| error.to_string())?;
    let kept: Kept = serde_json::from_slice(&json).map_err(|error| error.to_string())?;
    let rows = kept.rows.into_iter().map(from_kept).collect();
    Ok(TableValues { columns: Columns::new(kept.columns), rows })
}

fn to_kept(row: &Row) -> KeptRow {
    let Row { id, cells, said, order, deleted } = row.clone();
    KeptRow { id, order, deleted, cells, said }
}

fn from_kept(row: KeptRow) -> Row {
    let KeptRow { id, order, deleted, cells, said } = row;
    Row { id, cells, said, order, deleted }
}

#[cfg(test)]
mod tests {
    use tablee_domain::table::defaults;

    use super::*;

    #[test]
    fn values_come_back_as_they_were_kept() {
        let id = |id: &str| ColumnId::new(id).unwrap();
        let themes = Plain::Map([("eau".to_owned(), Plain::Bool(true))].into());
        let row = Row {
            id: RowId::new("rang1").unwrap(),
            cells: [(id("intitule"), Plain::text("L’eau\u{1F4A7}")), (id("themes"), themes)].into(),
            said: [(id("duree"), "0,1 + 0,2 jour".to_owned())].into(),
            order: "m".to_owned(),
            deleted: true,
        };
        let number = (id("duree_heures"), Plain::Number(0.1 + 0.2));
        let other = Row { cells: [number].into(), deleted: false, ..row.clone() };
        let values =
            TableValues { columns: Columns::new(defaults::formations()), rows: vec![row, other] };

        assert_eq!(unpack(&pack(&values)), Ok(values));
    }

    #[test]
    fn a_day_is_that_of_the_world_clock() {
        assert_eq!(day_of(Timestamp(0)), "1970-01-01");
        assert_eq!(day_of(Timestamp(1_790_769_600_000)), "2026-09-30");
        assert_eq!(day_of(Timestamp(1_790_812_799_999)), "2026-09-30");
        assert_eq!(day_of(Timestamp(1_790_812_800_000)), "2026-10-01");
    }
}
