//! What admission costs beside the engine's own work: the same one-cell edits, judged, applied with all that
//! the table learns from them, and applied by the engine alone, in turn and in one run.
//!
//! Prints one JSON line for each size: medians in microseconds, and what they are of the engine's. The promise:
//! a judgement costs less than three times what the engine needs to apply the edit, and at 50,000 rows at most
//! twice what it costs at 5,000.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tablee_document::{Limits, TableDocument};
use tablee_domain::ids::{Epoch, PersonId, RowId, Writer};
use tablee_domain::table::defaults::formations;
use tablee_domain::table::{Column, Plain};
use yrs::updates::decoder::Decode;
use yrs::{ClientID, Doc, Map, MapRef, OffsetKind, Options, Out, Transact, Update};

const COLUMNS: usize = 25;
const EDITS: usize = 4_000;
const LEA: PersonId = PersonId(1);

fn main() {
    let judged: Vec<Duration> = [5_000, 50_000].into_iter().map(measure).collect();
    let growth = judged[1].as_secs_f64() / judged[0].as_secs_f64();
    println!(r#"{{"bench":"admission growth","judge_50000_of_5000":{growth:.2}}}"#);
}

/// Measures at one size; gives back the median of the judgements.
fn measure(rows: usize) -> Duration {
    let columns: Vec<Column> = formations().into_iter().take(COLUMNS).collect();
    let cells: Vec<&Column> =
        columns.iter().filter(|column| !column.kind.is_text() && !column.kind.is_list()).collect();
    let mut table = table_of(rows, &columns);
    let (engine, tab) = (copy_of(&table, 7), copy_of(&table, 10));
    let mut times: [Vec<Duration>; 3] = Default::default();
    for n in 0..EDITS {
        let row = row_id(n * 7_919 % rows);
        let update = edit(&tab, row.as_str(), cells[n % cells.len()].id.as_str(), n);

        let start = Instant::now();
        let judgement = table.judge(&update, LEA, &Limits::default()).expect("it is honest");
        times[0].push(start.elapsed());
        table.apply(&update, judgement).expect("it was judged");
        times[1].push(start.elapsed());

        let start = Instant::now();
        apply_alone(&engine, &update);
        times[2].push(start.elapsed());
    }
    let [judge, all, alone] = times.map(median);
    let of_alone = |time: Duration| time.as_secs_f64() / alone.as_secs_f64();
    println!(
        r#"{{"bench":"admission","rows":{rows},"columns":{COLUMNS},"edits":{EDITS},"judge_us":{:.2},"judge_and_apply_us":{:.2},"engine_us":{:.2},"judge_of_engine":{:.2},"judge_and_apply_of_engine":{:.2}}}"#,
        micros(judge),
        micros(all),
        micros(alone),
        of_alone(judge),
        of_alone(all),
    );
    judge
}

fn row_id(n: usize) -> RowId {
    RowId::new(&format!("r{n:015}")).expect("it is a word")
}

/// A table as an import makes it: every value in the base.
fn table_of(rows: usize, columns: &[Column]) -> TableDocument {
    let (mut table, _) = TableDocument::create(Epoch(1), Writer(1), columns);
    let slots: Vec<String> = columns.iter().map(|column| column.id.to_string()).collect();
    let values = |row: usize| {
        let value = |column: &Column| {
            if column.kind.is_list() {
                return Plain::Map(BTreeMap::from([(format!("i{row}"), Plain::Bool(true))]));
            }
            Plain::text(format!("{} {row}", column.id))
        };
        columns.iter().map(value).collect()
    };
    table
        .write(|writing| {
            let n = writing.add_slots(&slots);
            for row in 0..rows {
                let base = Some((n, values(row)));
                writing.add_row(&row_id(row), &format!("a{row:08}"), base, BTreeMap::new());
            }
        })
        .expect("the engine writes");
    table
}

/// The same document in an engine alone.
fn copy_of(table: &TableDocument, writer: u64) -> Doc {
    let doc = Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_client_id(ClientID::new(writer))
    });
    apply_alone(&doc, &table.snapshot());
    doc
}

/// What any server does with an update: decodes, applies, and encodes it for the others.
fn apply_alone(doc: &Doc, update: &[u8]) -> Vec<u8> {
    let mut txn = doc.transact_mut();
    txn.apply_update(Update::decode_v1(update).expect("it is an update")).expect("it applies");
    txn.commit();
    txn.encode_update_v1()
}

/// Sets one cell, as a tab does.
fn edit(tab: &Doc, row: &str, column: &str, n: usize) -> Vec<u8> {
    let rows: MapRef = tab.get_or_insert_map("rows");
    let mut txn = tab.transact_mut();
    let Some(Out::YMap(row)) = rows.get(&txn, row) else { unreachable!("the row was made") };
    row.insert(&mut txn, column, format!("valeur {n}"));
    txn.commit();
    txn.encode_update_v1()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
