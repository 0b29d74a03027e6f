mod forms;
mod merging;
mod properties;

use std::collections::BTreeMap;

use crate::ids::{ColumnId, RowId};
use crate::table::defaults::formations;
use crate::table::{Columns, Plain, Row};

fn columns() -> Columns {
    Columns::new(formations())
}

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, words)| ((*name).to_owned(), (*words).to_owned())).collect()
}

fn row(cells: &[(&str, Plain)], said: &[(&str, &str)]) -> Row {
    let id = |id: &str| ColumnId::new(id).unwrap();
    Row {
        id: RowId::new("r").unwrap(),
        cells: cells.iter().map(|(key, value)| (id(key), value.clone())).collect(),
        said: said.iter().map(|(key, words)| (id(key), (*words).to_owned())).collect(),
        order: String::new(),
        deleted: false,
    }
}

fn map(items: &[(&str, Plain)]) -> Plain {
    Plain::Map(items.iter().map(|(id, item)| ((*id).to_owned(), item.clone())).collect())
}

fn price(amount: f64) -> Plain {
    Plain::Map(BTreeMap::from([
        ("montant".to_owned(), amount.into()),
        ("devise".to_owned(), "EUR".into()),
    ]))
}
