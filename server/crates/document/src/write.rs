//! What the server itself writes, in one transaction.

use std::collections::{BTreeMap, HashSet};

use tablee_domain::ids::{ColumnId, RowId, Timestamp};
use tablee_domain::table::column_work::Both;
use tablee_domain::table::{Column, Columns, Place, Plain, Row};
use yrs::{
    Any, GetString, Map, MapPrelim, MapRef, Out, Text, TextPrelim, TransactionMut, WriteTxn,
};

use crate::document::Touched;
use crate::layout::{self, BASE, COLUMNS, DELETED, META, ORDER, ROWS};
use crate::read::{Reading, Slots, column_value};
use crate::text::smallest_change;
use crate::value::{fit, fit_text, to_any};

/// The server's own transaction: import, restore, text for an editor, change of columns.
///
/// Each method leaves out what would change nothing, since every overwrite leaves a tombstone for ever.
/// What reads through it sees what it wrote before.
pub struct Writing<'t> {
    txn: TransactionMut<'t>,
    rows: MapRef,
    columns: Columns,
    slots: Slots,
    /// Each key written with its first value, in the order of writing.
    touched: Vec<Touched>,
    seen: HashSet<(RowId, Place)>,
    made: Vec<RowId>,
    /// Columns made or changed, each once.
    work: Vec<Both>,
}

/// What a [`Writing`] leaves behind.
pub(crate) struct Written<'t> {
    pub(crate) txn: TransactionMut<'t>,
    pub(crate) columns: Columns,
    pub(crate) slots: Slots,
    pub(crate) touched: Vec<Touched>,
    pub(crate) made: Vec<RowId>,
    pub(crate) work: Vec<Both>,
}

impl<'t> Writing<'t> {
    pub(crate) fn new(mut txn: TransactionMut<'t>, columns: Columns, slots: Slots) -> Self {
        let rows = txn.get_or_insert_map(ROWS);
        let (touched, made, work) = (Vec::new(), Vec::new(), Vec::new());
        Self { txn, rows, columns, slots, touched, seen: HashSet::new(), made, work }
    }

    pub(crate) fn finish(self) -> Written<'t> {
        let Self { txn, columns, slots, touched, made, work, .. } = self;
        Written { txn, columns, slots, touched, made, work }
    }

    pub(crate) fn txn_mut(&mut self) -> &mut TransactionMut<'t> {
        &mut self.txn
    }

    /// Adds columns, or replaces those that have the same id.
    pub fn add_columns(&mut self, columns: &[Column]) {
        let map = self.txn.get_or_insert_map(COLUMNS);
        for column in columns {
            let before = self.columns.get(column.id.as_str());
            if before != Some(column) {
                match self.work.iter_mut().find(|both| both.after.id == column.id) {
                    Some(both) => both.after = column.clone(),
                    None => self.work.push(Both { before: before.cloned(), after: column.clone() }),
                }
                let value = fit(column_value(column));
                map.insert(&mut self.txn, column.id.as_str(), to_any(&value));
            }
        }
        let others = self.columns.iter().filter(|old| columns.iter().all(|new| new.id != old.id));
        self.columns = Columns::new(others.chain(columns).cloned().collect());
    }

    /// The number of the list of these slot keys (`<column>` or `<column>~said`), made if there is none.
    pub fn add_slots(&mut self, keys: &[String]) -> u32 {
        if let Some(n) = self.slots.number_of(keys) {
            return n;
        }
        let n = self.slots.next();
        let list: Any = keys.iter().map(|key| Any::from(key.as_str())).collect::<Vec<_>>().into();
        self.txn.get_or_insert_map(META).insert(&mut self.txn, layout::slots_key(n), list);
        self.slots.insert(n, keys);
        n
    }

    /// Adds a row: its base values in the order of slots `n`, and values over them by key. Texts of the
    /// overlay become shared texts. Returns whether it was added: a row is made once.
    pub fn add_row(
        &mut self,
        row: &RowId,
        order: &str,
        base: Option<(u32, Vec<Plain>)>,
        overlay: BTreeMap<String, Plain>,
    ) -> bool {
        if self.rows.get(&self.txn, row.as_str()).is_some() {
            return false;
        }
        self.remember(row, &Place::Row);
        let map = self.rows.insert(&mut self.txn, row.as_str(), MapPrelim::default());
        if let Some((n, values)) = base {
            let values = values.into_iter().map(|value| to_any(&fit(Plain::List(vec![value]))));
            // Each value may nest as deep as below a list of its own: the base is that list.
            let values = values.filter_map(|one| match one {
                Any::Array(one) => one.first().cloned(),
                _ => None,
            });
            let list: Vec<Any> = std::iter::once(Any::from(f64::from(n))).chain(values).collect();
            map.insert(&mut self.txn, BASE, Any::from(list));
        }
        map.insert(&mut self.txn, ORDER, fit_text(order.to_owned()));
        self.made.push(row.clone());
        for (key, value) in overlay {
            self.set(row, &key, value);
        }
        true
    }

    /// Sets what stands under a key of a row; null clears. Returns whether that changed anything.
    ///
    /// In a text column the text that is there is changed by as little as possible, or made. In a list column
    /// a whole list may be given: items that are the same stay untouched. Keys outside the grammar, unknown
    /// columns and values of another shape change nothing.
    pub fn set(&mut self, row: &RowId, key: &str, value: Plain) -> bool {
        let Some(map) = self.map(row) else { return false };
        let Some(place) = layout::parse_key(key) else { return false };
        let value = fit(value);
        match &place {
            Place::Row | Place::Base => false,
            Place::Order => value.as_text().is_some() && self.put(&map, row, &place, &value),
            Place::Deleted => self.put(&map, row, &place, &value),
            Place::Said(_) => {
                matches!(value, Plain::Null | Plain::Text(_)) && self.put(&map, row, &place, &value)
            }
            Place::Item(column, _) => {
                let is_list = self.columns.get(column.as_str()).is_some_and(|c| c.kind.is_list());
                is_list && self.put(&map, row, &place, &value)
            }
            Place::Cell(column) => {
                let Some(kind) = self.columns.get(column.as_str()).map(|c| c.kind) else {
                    return false;
                };
                match value {
                    value if kind.is_list() => self.set_list(&map, row, column, &value),
                    Plain::List(_) | Plain::Map(_) => false,
                    Plain::Null if kind.is_text() => self.set_text(&map, row, &place, ""),
                    Plain::Text(text) if kind.is_text() => self.set_text(&map, row, &place, &text),
                    Plain::Bool(_) | Plain::Number(_) if kind.is_text() => false,
                    value => self.put(&map, row, &place, &value),
                }
            }
        }
    }

    /// Makes the shared text of a cell from what the cell says, for an editor. Returns whether it was made:
    /// a text is made once, in a text column, in a row that is there.
    pub fn make_text(&mut self, row: &RowId, column: &ColumnId) -> bool {
        let Some(map) = self.map(row) else { return false };
        let is_text = self.columns.get(column.as_str()).is_some_and(|c| c.kind.is_text());
        if !is_text || matches!(map.get(&self.txn, column.as_str()), Some(Out::YText(_))) {
            return false;
        }
        let text = match self.cell(row, column.as_str()) {
            Plain::Text(text) => text,
            _ => String::new(),
        };
        self.remember(row, &Place::Cell(column.clone()));
        map.insert(&mut self.txn, column.as_str(), TextPrelim::new(text));
        true
    }

    /// Puts a row in the bin at that moment, or takes it out. Returns whether that changed anything.
    pub fn set_deleted(&mut self, row: &RowId, at: Option<Timestamp>) -> bool {
        let is_deleted = self.cell(row, DELETED) != Plain::Null;
        if is_deleted == at.is_some() {
            return false;
        }
        let mark = at.map_or(Plain::Null, |at| {
            Plain::Map(BTreeMap::from([("at".to_owned(), Plain::Number(at.get() as f64))]))
        });
        self.set(row, DELETED, mark)
    }

    /// All rows in their order, those in the bin too.
    pub fn rows(&self) -> Vec<Row> {
        self.reading().rows()
    }

    /// One row.
    pub fn row(&self, row: &RowId) -> Option<Row> {
        self.reading().row(row)
    }

    /// What stands under a key of a row, the base included.
    pub fn cell(&self, row: &RowId, key: &str) -> Plain {
        layout::parse_key(key).map(|place| self.reading().place(row, &place)).unwrap_or_default()
    }

    /// The columns, those just added too.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    fn reading(&self) -> Reading<'_, TransactionMut<'t>> {
        Reading::new(&self.txn, &self.slots)
    }

    fn map(&self, row: &RowId) -> Option<MapRef> {
        self.reading().map(row)
    }

    fn remember(&mut self, row: &RowId, place: &Place) {
        if self.seen.insert((row.clone(), place.clone())) {
            let before = self.reading().place(row, place);
            let (row, place) = (row.clone(), place.clone());
            self.touched.push(Touched { row, place, before, asked: Vec::new() });
        }
    }

    fn put(&mut self, map: &MapRef, row: &RowId, place: &Place, value: &Plain) -> bool {
        if self.reading().place(row, place) == *value {
            return false;
        }
        self.remember(row, place);
        map.insert(&mut self.txn, layout::key_of(place), to_any(value));
        true
    }

    fn set_list(&mut self, map: &MapRef, row: &RowId, column: &ColumnId, value: &Plain) -> bool {
        let none = BTreeMap::new();
        let new = match value {
            Plain::Null => &none,
            Plain::Map(items) => items,
            _ => return false,
        };
        let old = self.row(row).and_then(|row| row.cells.get(column).cloned());
        let old = old.as_ref().and_then(Plain::as_map).unwrap_or(&none);
        let gone =
            old.keys().filter(|item| !new.contains_key(*item)).map(|item| (item, &Plain::Null));
        let mut changed = false;
        for (item, value) in gone.chain(new) {
            let key = format!("{column}{}{item}", layout::ITEM);
            if let Some(place @ Place::Item(..)) = layout::parse_key(&key) {
                changed |= self.put(map, row, &place, value);
            }
        }
        changed
    }

    fn set_text(&mut self, map: &MapRef, row: &RowId, place: &Place, new: &str) -> bool {
        let key = layout::key_of(place);
        let Some(Out::YText(text)) = map.get(&self.txn, &key) else {
            let old = self.reading().place(row, place);
            if old.as_text().unwrap_or_default() == new {
                return false;
            }
            self.remember(row, place);
            map.insert(&mut self.txn, key, TextPrelim::new(new));
            return true;
        };
        let old = text.get_string(&self.txn);
        let Some(change) = smallest_change(&old, new) else { return false };
        self.remember(row, place);
        if change.remove > 0 {
            text.remove_range(&mut self.txn, change.at, change.remove);
        }
        text.insert(&mut self.txn, change.at, change.insert);
        true
    }
}
