//! A plain value, as a document and a JSON text hold it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One plain value. Its JSON is itself, without tags.
///
/// In documents it nests at most [`Plain::MAX_DEPTH`] deep, its numbers are finite and its texts hold no
/// U+0000 (PostgreSQL cannot store it); admission refuses the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(untagged)]
pub enum Plain {
    /// Cleared.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// A finite number.
    Number(f64),
    /// A text.
    Text(String),
    /// Values in order.
    List(Vec<Plain>),
    /// Values by key. A list cell is a map from item id to item.
    Map(BTreeMap<String, Plain>),
}

impl Plain {
    /// How many lists and maps may stand in each other.
    pub const MAX_DEPTH: usize = 4;

    /// A text value.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Whether nothing is there: null, no characters, no items. `0` and `false` are something.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Map(map) => map.is_empty(),
            Self::Bool(_) | Self::Number(_) => false,
        }
    }

    /// About how many bytes it takes where it is kept as text.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) => size_of::<f64>(),
            Self::Text(text) => text.len(),
            Self::List(list) => list.iter().map(Self::bytes).sum(),
            Self::Map(map) => map.iter().map(|(key, value)| key.len() + value.bytes()).sum(),
        }
    }

    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The map, where it is one.
    pub fn as_map(&self) -> Option<&BTreeMap<String, Plain>> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }

    /// The number, where it is one.
    pub fn as_number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }
}

impl From<&str> for Plain {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Plain {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Plain {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Plain {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_takes_is_the_sum_of_its_texts_keys_and_numbers() {
        let item = Plain::Map(BTreeMap::from([("lieu".to_owned(), Plain::text("Évry"))]));
        let list = Plain::List(vec![item, Plain::Null, Plain::Number(1.5)]);

        assert_eq!(list.bytes(), 4 + 5 + 8 + 8);
        assert_eq!(Plain::text("x".repeat(1_000)).bytes(), 1_000);
    }
}
