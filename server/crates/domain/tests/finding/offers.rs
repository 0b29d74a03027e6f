//! The offers of `fixtures/trainings.csv`, read by the real import, all of them published.

use std::collections::BTreeMap;

use tablee_domain::ids::{ColumnId, RowId};
use tablee_domain::import::{Decisions, Question, plan};
use tablee_domain::offer::{Catalogue, Status};
use tablee_domain::table::defaults::formations;
use tablee_domain::table::{Columns, Plain, Row, TableValues};
use tablee_exchange::{Limits, read};

/// A catalogue whose rows are named by the number of their offer, from 1.
pub fn catalogue() -> Catalogue {
    let bytes = std::fs::read(crate::fixtures().join("trainings.csv")).expect("the offers");
    let book = read::read(&bytes, &Limits::default()).expect("a table of text");
    let columns = Columns::new(formations());
    let existing = TableValues { columns: columns.clone(), rows: Vec::new() };
    let plan = plan(Question {
        book: &book,
        existing: &existing,
        remembered: &[],
        first_import: true,
        decisions: &Decisions::default(),
        recalled: &BTreeMap::new(),
    });
    let rows = plan.added.iter().map(|added| {
        // The first line of the file is its header.
        row(added.source.row - 1, &added.values)
    });
    Catalogue::new(&TableValues { columns, rows: rows.collect() })
}

/// The number of an offer.
pub fn number(row: &Row) -> usize {
    row.id.as_str().trim_start_matches('n').parse().expect("a number")
}

fn row(number: u32, values: &[(String, Plain)]) -> Row {
    let mut row = Row {
        id: RowId::new(&format!("n{number:03}")).expect("an id"),
        cells: BTreeMap::new(),
        said: BTreeMap::new(),
        order: format!("{number:03}"),
        deleted: false,
    };
    for (key, value) in values {
        let column = ColumnId::new(key.strip_suffix("~said").unwrap_or(key)).expect("a column");
        match value.as_text().filter(|_| key.ends_with("~said")) {
            Some(said) => drop(row.said.insert(column, said.to_owned())),
            None => drop(row.cells.insert(column, value.clone())),
        }
    }
    row.cells.insert(ColumnId::new(Status::COLUMN).expect("a column"), Status::Published.into());
    row
}
