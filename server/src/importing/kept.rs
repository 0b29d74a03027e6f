//! What is kept of an import between its steps: JSON, deflated where it is large.

use std::io::{BufWriter, IntoInnerError, Read};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use tablee_domain::ids::{ItemId, PlanId};
use tablee_domain::table::{Column, Columns, Kind};
use tablee_storage::StoreError;

/// As it is kept where it is large.
pub(super) fn pack(value: &impl Serialize) -> Vec<u8> {
    // Somebody waits for it, and it is not kept for long.
    let deflated = ZlibEncoder::new(Vec::new(), Compression::fast());
    let mut writer = BufWriter::with_capacity(64 << 10, deflated);
    serde_json::to_writer(&mut writer, value).expect("plain data has a JSON");
    let deflated = writer.into_inner().map_err(IntoInnerError::into_error);
    deflated.and_then(ZlibEncoder::finish).expect("memory takes everything")
}

/// As it was.
pub(super) fn unpack<T: DeserializeOwned>(
    id: &PlanId,
    column: &str,
    bytes: &[u8],
) -> Result<T, StoreError> {
    let mut json = Vec::new();
    let inflated = ZlibDecoder::new(bytes).read_to_end(&mut json);
    let value = inflated.ok().and_then(|_| serde_json::from_slice(&json).ok());
    value.ok_or_else(|| corrupt(id, column))
}

/// As it is kept where it is small.
pub(super) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain data has a JSON")
}

/// As it was.
pub(super) fn from_json<T: DeserializeOwned>(
    id: &PlanId,
    column: &str,
    json: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|_| corrupt(id, column))
}

/// A line that this program did not write so.
pub(super) fn corrupt(id: &PlanId, column: &str) -> StoreError {
    let (row, column) = (id.to_string(), column.to_owned());
    StoreError::Corrupt { table: "import_plans", row, column }
}

/// What of the columns a plan depends on: which there are, what they hold, which options they offer. Their
/// words may change.
pub(super) fn columns_sha256(columns: &Columns) -> Vec<u8> {
    let mut shapes: Vec<Shape<'_>> = columns.iter().map(shape).collect();
    shapes.sort_by_key(|shape| shape.0);
    Sha256::digest(to_json(&shapes)).to_vec()
}

type Shape<'c> = (&'c str, Kind, bool, Vec<(&'c ItemId, bool)>);

fn shape(column: &Column) -> Shape<'_> {
    let options = column.options.iter().map(|option| (&option.id, option.archived));
    (column.id.as_str(), column.kind, column.archived, options.collect())
}
