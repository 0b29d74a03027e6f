//! The names of roots and keys inside a document, and nothing else.
//!
//! The TypeScript mirror is `client/src/model/layout.ts`; `fixtures/documents` holds both to it.

use tablee_domain::ids::{ColumnId, ItemId};
use tablee_domain::table::Place;

/// The root map of rows.
pub const ROWS: &str = "rows";
/// The root map of columns.
pub const COLUMNS: &str = "columns";
/// The root map of what the document says of itself.
pub const META: &str = "meta";

/// Key of a row: what an import or a rebuild brought.
pub const BASE: &str = "~base";
/// Key of a row: its place among the rows.
pub const ORDER: &str = "~order";
/// Key of a row: whether it is in the bin.
pub const DELETED: &str = "~deleted";
/// End of the key of somebody's own words about a cell.
pub const SAID: &str = "~said";
/// Between a column and an item in the key of a list's item.
pub const ITEM: char = '/';

/// Key of `meta`: the version of this layout.
pub const FORMAT_KEY: &str = "format";
/// Key of `meta`: the epoch of the document.
pub const EPOCH_KEY: &str = "epoch";
/// Start of the keys of `meta` that list the slots of `~base`.
pub const SLOTS: &str = "slots/";
/// The version of this layout.
pub const FORMAT: f64 = 1.0;

/// The place in a row that a key names; none for a key outside the grammar.
///
/// The empty key names the row itself, as in history; no entry of a row's map has it.
pub fn parse_key(key: &str) -> Option<Place> {
    match key {
        "" => return Some(Place::Row),
        BASE => return Some(Place::Base),
        ORDER => return Some(Place::Order),
        DELETED => return Some(Place::Deleted),
        _ => {}
    }
    if let Some((column, item)) = key.split_once(ITEM) {
        return Some(Place::Item(ColumnId::new(column).ok()?, ItemId::new(item).ok()?));
    }
    if let Some(column) = key.strip_suffix(SAID) {
        return Some(Place::Said(ColumnId::new(column).ok()?));
    }
    ColumnId::new(key).ok().map(Place::Cell)
}

/// The key under which a place stands in its row's map; empty for the row itself.
pub fn key_of(place: &Place) -> String {
    match place {
        Place::Row => String::new(),
        Place::Base => BASE.to_owned(),
        Place::Order => ORDER.to_owned(),
        Place::Deleted => DELETED.to_owned(),
        Place::Cell(column) => column.as_str().to_owned(),
        Place::Item(column, item) => format!("{column}{ITEM}{item}"),
        Place::Said(column) => format!("{column}{SAID}"),
    }
}

/// The key of `meta` that lists slots `n`.
pub fn slots_key(n: u32) -> String {
    format!("{SLOTS}{n}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_one_key_and_every_key_one_place() {
        for key in
            ["", "~base", "~order", "~deleted", "intitule", "themes/eau", "duree_heures~said"]
        {
            let place = parse_key(key).unwrap();
            assert_eq!(key_of(&place), key);
        }
    }

    #[test]
    fn keys_outside_the_grammar_name_no_place() {
        for key in [
            "~",
            "~said",
            "Intitule",
            "a/b/c",
            "a/",
            "/b",
            "a~b",
            "a~said~said",
            "a b",
            "é",
            "a/~said",
        ] {
            assert_eq!(parse_key(key), None, "{key}");
        }
    }
}
