//! One option made of two, in a cell.

use crate::ids::ItemId;
use crate::table::Plain;

/// What a cell holds once one option has become another; none where it does not hold the one.
pub fn merged(value: &Plain, from: &ItemId, into: &ItemId) -> Option<Plain> {
    match value {
        Plain::Text(option) if option == from.as_str() => Some(Plain::text(into.as_str())),
        Plain::Map(chosen) if holds(value, from) => {
            let mut chosen = chosen.clone();
            let mark = chosen.remove(from.as_str()).unwrap_or(Plain::Bool(true));
            chosen.entry(into.as_str().to_owned()).or_insert(mark);
            Some(Plain::Map(chosen))
        }
        _ => None,
    }
}

/// Whether a cell holds an option.
pub fn holds(value: &Plain, option: &ItemId) -> bool {
    match value {
        Plain::Text(held) => held == option.as_str(),
        Plain::Map(chosen) => chosen.get(option.as_str()).is_some_and(|mark| *mark != Plain::Null),
        _ => false,
    }
}
