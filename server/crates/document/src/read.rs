//! Document -> values: `overlay ?? base`.

use std::collections::BTreeMap;

use tablee_domain::ids::{ColumnId, ItemId, RowId};
use tablee_domain::table::{Column, Columns, Place, Plain, Row, TableValues};
use yrs::{Any, GetString, Map, MapRef, Out, ReadTxn};

use crate::layout::{self, BASE, COLUMNS, EPOCH_KEY, FORMAT_KEY, META, ROWS};
use crate::value::to_plain;

/// What one slot of `~base` holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slot {
    key: String,
    place: Option<Place>,
}

/// All lists of slots of a document, by number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slots(BTreeMap<u32, Vec<Slot>>);

impl Slots {
    pub(crate) fn insert(&mut self, n: u32, keys: &[String]) {
        let slots = keys.iter().map(|key| Slot { key: key.clone(), place: layout::parse_key(key) });
        self.0.insert(n, slots.collect());
    }

    /// The number of the list that has exactly these keys.
    pub(crate) fn number_of(&self, keys: &[String]) -> Option<u32> {
        let same = |slots: &[Slot]| slots.iter().map(|slot| &slot.key).eq(keys);
        self.0.iter().find(|(_, slots)| same(slots)).map(|(n, _)| *n)
    }

    /// A number that no list has.
    pub(crate) fn next(&self) -> u32 {
        self.0.keys().next_back().map_or(0, |n| n + 1)
    }

    /// The slots that the first value of a `~base` names.
    fn of(&self, n: &Any) -> &[Slot] {
        let known = to_plain(n).as_number().and_then(|n| self.0.get(&(n as u32)));
        known.map(Vec::as_slice).unwrap_or_default()
    }
}

/// A document's rows, open for reading.
pub(crate) struct Reading<'t, T> {
    txn: &'t T,
    rows: Option<MapRef>,
    slots: &'t Slots,
}

impl<'t, T: ReadTxn> Reading<'t, T> {
    pub(crate) fn new(txn: &'t T, slots: &'t Slots) -> Self {
        Self { txn, rows: txn.get_map(ROWS), slots }
    }

    /// All rows in their order, those in the bin too.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let Some(rows) = &self.rows else { return Vec::new() };
        let mut all: Vec<Row> = rows
            .iter(self.txn)
            .filter_map(|(id, out)| match out {
                Out::YMap(map) => Some(self.read_row(RowId::new(id).ok()?, &map)),
                _ => None,
            })
            .collect();
        all.sort_by(|a, b| a.order.cmp(&b.order).then_with(|| a.id.cmp(&b.id)));
        all
    }

    /// The table as values.
    pub(crate) fn table(&self, columns: &Columns) -> TableValues {
        TableValues { columns: columns.clone(), rows: self.rows() }
    }

    pub(crate) fn row(&self, id: &RowId) -> Option<Row> {
        self.map(id).map(|map| self.read_row(id.clone(), &map))
    }

    /// The map of a row.
    pub(crate) fn map(&self, id: &RowId) -> Option<MapRef> {
        match self.rows.as_ref()?.get(self.txn, id.as_str())? {
            Out::YMap(map) => Some(map),
            _ => None,
        }
    }

    /// What stands under one key of a row, the base included. For the row itself: whether it is there.
    pub(crate) fn place(&self, id: &RowId, place: &Place) -> Plain {
        let Some(map) = self.map(id) else { return Plain::Null };
        let key = match place {
            Place::Row => return Plain::Bool(true),
            place => layout::key_of(place),
        };
        if let Some(out) = map.get(self.txn, &key) {
            return self.plain(&out);
        }
        let (slot, item) = match place {
            Place::Item(column, item) => (column.as_str().to_owned(), Some(item)),
            Place::Cell(_) | Place::Said(_) => (key, None),
            Place::Row | Place::Base | Place::Order | Place::Deleted => return Plain::Null,
        };
        let value = self.base_of(&map, &slot);
        match (item, value) {
            (None, value) => value,
            (Some(item), Plain::Map(mut items)) => items.remove(item.as_str()).unwrap_or_default(),
            (Some(_), _) => Plain::Null,
        }
    }

    fn base_of(&self, map: &MapRef, key: &str) -> Plain {
        let Some(Out::Any(Any::Array(base))) = map.get(self.txn, BASE) else { return Plain::Null };
        let Some((n, values)) = base.split_first() else { return Plain::Null };
        let slots = self.slots.of(n);
        let at = slots.iter().position(|slot| slot.key == key);
        at.and_then(|at| values.get(at)).map(to_plain).unwrap_or_default()
    }

    /// UTF-16 units of the text under a key.
    pub(crate) fn text_len(&self, id: &RowId, key: &str) -> u32 {
        match self.map(id).and_then(|map| map.get(self.txn, key)) {
            Some(Out::YText(text)) => yrs::Text::len(&text, self.txn),
            _ => 0,
        }
    }

    fn plain(&self, out: &Out) -> Plain {
        match out {
            Out::Any(any) => to_plain(any),
            Out::YText(text) => Plain::Text(text.get_string(self.txn)),
            _ => Plain::Null,
        }
    }

    fn read_row(&self, id: RowId, map: &MapRef) -> Row {
        let mut row = Row {
            id,
            cells: BTreeMap::new(),
            said: BTreeMap::new(),
            order: String::new(),
            deleted: false,
        };
        if let Some(Out::Any(Any::Array(base))) = map.get(self.txn, BASE) {
            self.read_base(&mut row, &base);
        }
        let mut items: Vec<(ColumnId, ItemId, Plain)> = Vec::new();
        for (key, out) in map.iter(self.txn) {
            let Some(place) = layout::parse_key(key) else { continue };
            let value = self.plain(&out);
            match place {
                Place::Row | Place::Base => {}
                Place::Order => value.as_text().unwrap_or_default().clone_into(&mut row.order),
                Place::Deleted => row.deleted = value != Plain::Null,
                Place::Item(column, item) => items.push((column, item, value)),
                Place::Cell(_) | Place::Said(_) => put(&mut row, &place, value),
            }
        }
        put_items(&mut row, items);
        row.cells.retain(|_, value| !value.is_empty());
        row
    }

    fn read_base(&self, row: &mut Row, base: &[Any]) {
        let Some((n, values)) = base.split_first() else { return };
        let slots = self.slots.of(n);
        for (slot, value) in slots.iter().zip(values) {
            if let (Some(place), false) = (&slot.place, matches!(value, Any::Null)) {
                put(row, place, to_plain(value));
            }
        }
    }
}

fn put(row: &mut Row, place: &Place, value: Plain) {
    match (place, value) {
        (Place::Cell(column), value) if value.is_empty() => {
            row.cells.remove(column);
        }
        (Place::Cell(column), value) => {
            row.cells.insert(column.clone(), value);
        }
        (Place::Said(column), Plain::Text(words)) if !words.is_empty() => {
            row.said.insert(column.clone(), words);
        }
        (Place::Said(column), _) => {
            row.said.remove(column);
        }
        _ => {}
    }
}

/// Items win one by one over those of the base.
fn put_items(row: &mut Row, items: Vec<(ColumnId, ItemId, Plain)>) {
    for (column, item, value) in items {
        let cell = row.cells.entry(column).or_insert_with(|| Plain::Map(BTreeMap::new()));
        let Plain::Map(map) = cell else { continue };
        if value == Plain::Null {
            map.remove(item.as_str());
        } else {
            map.insert(item.into(), value);
        }
    }
}

/// What the document says of itself, beside its rows.
pub(crate) struct Frame {
    pub(crate) format: Option<f64>,
    pub(crate) epoch: Option<f64>,
    pub(crate) slots: Slots,
    pub(crate) columns: Columns,
}

/// Reads roots `meta` and `columns`. The error names the column that cannot be read.
pub(crate) fn read_frame<T: ReadTxn>(txn: &T) -> Result<Frame, String> {
    let mut frame =
        Frame { format: None, epoch: None, slots: Slots::default(), columns: Columns::default() };
    if let Some(meta) = txn.get_map(META) {
        let number = |key: &str| match meta.get(txn, key) {
            Some(Out::Any(any)) => to_plain(&any).as_number(),
            _ => None,
        };
        (frame.format, frame.epoch) = (number(FORMAT_KEY), number(EPOCH_KEY));
        for (key, out) in meta.iter(txn) {
            let n = key.strip_prefix(layout::SLOTS).and_then(|n| n.parse().ok());
            if let (Some(n), Out::Any(Any::Array(keys))) = (n, out) {
                let keys =
                    keys.iter().map(|key| to_plain(key).as_text().unwrap_or_default().to_owned());
                frame.slots.insert(n, &keys.collect::<Vec<_>>());
            }
        }
    }
    let mut columns = Vec::new();
    if let Some(map) = txn.get_map(COLUMNS) {
        for (id, out) in map.iter(txn) {
            let Out::Any(any) = out else { return Err(id.to_owned()) };
            columns.push(read_column(id, &any).ok_or_else(|| id.to_owned())?);
        }
    }
    frame.columns = Columns::new(columns);
    Ok(frame)
}

fn read_column(id: &str, any: &Any) -> Option<Column> {
    let Plain::Map(mut map) = to_plain(any) else { return None };
    map.insert("id".to_owned(), Plain::from(id));
    serde_json::from_value(serde_json::to_value(map).ok()?).ok()
}

/// A column as it stands in root `columns`, under its id.
pub(crate) fn column_value(column: &Column) -> Plain {
    let json = serde_json::to_value(column).and_then(serde_json::from_value);
    let Ok(Plain::Map(mut map)) = json else { unreachable!("a column is a map of plain values") };
    map.remove("id");
    Plain::Map(map)
}
