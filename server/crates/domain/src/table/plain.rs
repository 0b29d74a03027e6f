//! A plain value, as a document and a JSON text hold it.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// One plain value. Its JSON is itself, without tags.
///
/// In documents it nests at most [`Plain::MAX_DEPTH`] deep, its numbers are finite and its texts hold no
/// U+0000 (PostgreSQL cannot store it); admission refuses the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
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

/// Written out: what serde makes of an enum without tags keeps each value until it fits one of the variants, and
/// words an error for each that it does not. Plans, memories and histories hold hundreds of thousands of values.
impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlainVisitor)
    }
}

struct PlainVisitor;

impl<'de> Visitor<'de> for PlainVisitor {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plain value")
    }

    fn visit_unit<E: Error>(self) -> Result<Plain, E> {
        Ok(Plain::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Plain, E> {
        Ok(Plain::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Plain, D::Error> {
        Plain::deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Plain, E> {
        Ok(Plain::Bool(yes))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Plain, E> {
        Ok(Plain::Number(number as f64))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Plain, E> {
        Ok(Plain::Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Plain, E> {
        Ok(Plain::Number(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Plain, E> {
        Ok(Plain::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Plain, E> {
        Ok(Plain::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Plain, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Plain::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Plain, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = entries.next_entry()? {
            map.insert(key, value);
        }
        Ok(Plain::Map(map))
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
    fn a_value_is_its_json_and_back() {
        let json = r#"{"a":[null,true,1,-2,0.5,"x"],"b":{"c":"","d":[]}}"#;
        let list = Plain::List(vec![
            Plain::Null,
            true.into(),
            1.0.into(),
            (-2.0).into(),
            0.5.into(),
            "x".into(),
        ]);
        let inner = BTreeMap::from([
            ("c".to_owned(), "".into()),
            ("d".to_owned(), Plain::List(Vec::new())),
        ]);
        let value = Plain::Map(BTreeMap::from([
            ("a".to_owned(), list),
            ("b".to_owned(), Plain::Map(inner)),
        ]));

        let read: Plain = serde_json::from_str(json).unwrap();
        let from_tree: Plain =
            serde_json::from_value(serde_json::to_value(&value).unwrap()).unwrap();
        let again = serde_json::to_string(&value).unwrap();

        assert_eq!((&read, &from_tree), (&value, &value));
        assert_eq!(serde_json::from_str::<Plain>(&again).unwrap(), value);
        assert!(serde_json::from_str::<Plain>("{").is_err());
    }

    #[test]
    fn what_a_value_takes_is_the_sum_of_its_texts_keys_and_numbers() {
        let item = Plain::Map(BTreeMap::from([("lieu".to_owned(), Plain::text("Évry"))]));
        let list = Plain::List(vec![item, Plain::Null, Plain::Number(1.5)]);

        assert_eq!(list.bytes(), 4 + 5 + 8 + 8);
        assert_eq!(Plain::text("x".repeat(1_000)).bytes(), 1_000);
    }
}
