//! What a tab may put where. To allow a new key or kind, add its case here and its test beside.

use tablee_domain::ids::ItemId;
use tablee_domain::table::{Columns, Kind as ColumnKind, Place, Plain};

use super::Refusal::{self, Shape};
use super::index::Key;

/// Longest `~order` a tab may write: fractional keys grow by a character in a few hundred moves.
const MAX_ORDER: usize = 256;

/// Where a tab writes, once the key is known to be one.
pub(crate) fn place_for_tabs<'k>(key: &'k Key, columns: &Columns) -> Result<&'k Place, Refusal> {
    let place = key.place.as_ref().ok_or(Shape("key"))?;
    match place {
        Place::Row => Err(Shape("key")),
        Place::Base => Err(Shape("`~base` is the server's")),
        Place::Order | Place::Deleted => Ok(place),
        Place::Cell(column) | Place::Item(column, _) | Place::Said(column) => {
            kind(columns, column.as_str()).map(|_| place)
        }
    }
}

fn kind(columns: &Columns, column: &str) -> Result<ColumnKind, Refusal> {
    columns.get(column).map(|column| column.kind).ok_or(Shape("unknown column"))
}

/// Whether a plain value may stand there.
pub(crate) fn allows_value(place: &Place, columns: &Columns, value: &Plain) -> Result<(), Refusal> {
    let fits = match place {
        Place::Row | Place::Base => false,
        Place::Order => value.as_text().is_some_and(|order| order.len() <= MAX_ORDER),
        Place::Deleted => matches!(value, Plain::Null | Plain::Map(_)),
        Place::Cell(column) => {
            let kind = kind(columns, column.as_str())?;
            !kind.is_text() && !kind.is_list() && is_scalar(value)
        }
        Place::Item(column, item) => {
            let item_fits = matches!(value, Plain::Null | Plain::Bool(true) | Plain::Map(_));
            kind(columns, column.as_str())?.is_list() && is_fit_item(item) && item_fits
        }
        Place::Said(column) => {
            let words = matches!(value, Plain::Null | Plain::Text(_));
            !kind(columns, column.as_str())?.is_text() && words
        }
    };
    if fits { Ok(()) } else { Err(Shape("value in this place")) }
}

/// Whether something deleted before it was sent may stand there: where a value might have stood.
pub(crate) fn allows_tombstone(place: &Place, columns: &Columns) -> Result<(), Refusal> {
    let fits = match place {
        Place::Row | Place::Base => false,
        Place::Order | Place::Deleted => true,
        Place::Cell(column) => {
            let kind = kind(columns, column.as_str())?;
            !kind.is_text() && !kind.is_list()
        }
        Place::Item(column, _) => kind(columns, column.as_str())?.is_list(),
        Place::Said(column) => !kind(columns, column.as_str())?.is_text(),
    };
    if fits { Ok(()) } else { Err(Shape("tombstone in this place")) }
}

/// Whether a text may be made there.
pub(crate) fn allows_text(place: &Place, columns: &Columns) -> Result<(), Refusal> {
    match place {
        Place::Cell(column) if kind(columns, column.as_str())?.is_text() => Ok(()),
        _ => Err(Shape("text outside a text column")),
    }
}

fn is_scalar(value: &Plain) -> bool {
    match value {
        Plain::Null | Plain::Bool(_) | Plain::Number(_) | Plain::Text(_) => true,
        Plain::List(_) | Plain::Map(_) => false,
    }
}

/// `__proto__` is a trap for JavaScript objects.
fn is_fit_item(item: &ItemId) -> bool {
    item.as_str() != "__proto__"
}
