//! Plain values and the engine's values.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tablee_domain::table::Plain;
use yrs::{Any, Number};

/// A plain value made fit for a document: numbers finite, no U+0000, at most [`Plain::MAX_DEPTH`] deep.
/// What does not fit becomes null or is left out.
pub(crate) fn fit(value: Plain) -> Plain {
    fit_within(value, Plain::MAX_DEPTH)
}

fn fit_within(value: Plain, depth: usize) -> Plain {
    match value {
        Plain::Number(number) if !number.is_finite() => Plain::Null,
        Plain::Text(text) => Plain::Text(fit_text(text)),
        Plain::List(_) | Plain::Map(_) if depth == 0 => Plain::Null,
        Plain::List(list) => {
            Plain::List(list.into_iter().map(|value| fit_within(value, depth - 1)).collect())
        }
        Plain::Map(map) => Plain::Map(
            map.into_iter()
                .filter(|(key, _)| is_fit_map_key(key))
                .map(|(key, value)| (key, fit_within(value, depth - 1)))
                .collect(),
        ),
        Plain::Null | Plain::Bool(_) | Plain::Number(_) => value,
    }
}

/// A text without U+0000, which PostgreSQL cannot hold.
pub(crate) fn fit_text(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

/// Whether a map inside a value may have this key. `__proto__` is a trap for JavaScript objects.
pub(crate) fn is_fit_map_key(key: &str) -> bool {
    key != "__proto__" && !key.contains('\0')
}

/// The engine's form of a value that [`fit`] made fit.
pub(crate) fn to_any(value: &Plain) -> Any {
    match value {
        Plain::Null => Any::Null,
        Plain::Bool(yes) => Any::Bool(*yes),
        Plain::Number(number) => Any::Number(Number::try_i64(*number)),
        Plain::Text(text) => Any::String(Arc::from(text.as_str())),
        Plain::List(list) => Any::Array(list.iter().map(to_any).collect()),
        Plain::Map(map) => Any::Map(Arc::new(
            map.iter().map(|(key, value)| (key.clone(), to_any(value))).collect::<HashMap<_, _>>(),
        )),
    }
}

/// The plain form of the engine's value. What admission never lets in becomes null.
pub(crate) fn to_plain(any: &Any) -> Plain {
    match any {
        Any::Null | Any::Undefined | Any::Buffer(_) => Plain::Null,
        Any::Bool(yes) => Plain::Bool(*yes),
        Any::Number(Number::Int(number)) => Plain::Number(*number as f64),
        Any::Number(Number::Float(number)) => Plain::Number(*number),
        Any::String(text) => Plain::Text(text.as_ref().to_owned()),
        Any::Array(list) => Plain::List(list.iter().map(to_plain).collect()),
        Any::Map(map) => Plain::Map(
            map.iter()
                .map(|(key, value)| (key.clone(), to_plain(value)))
                .collect::<BTreeMap<_, _>>(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_database_can_hold_is_left_out() {
        let nested = (0..6).fold(Plain::Bool(true), |inner, _| Plain::List(vec![inner]));
        let map = BTreeMap::from([
            ("__proto__".to_owned(), Plain::Null),
            ("a".to_owned(), "x\0y".into()),
        ]);

        assert_eq!(fit(Plain::Number(f64::NAN)), Plain::Null);
        assert_eq!(
            fit(Plain::Map(map)),
            Plain::Map(BTreeMap::from([("a".to_owned(), "xy".into())]))
        );
        let four = (0..3).fold(Plain::List(vec![Plain::Null]), |inner, _| Plain::List(vec![inner]));
        assert_eq!(fit(nested), four);
    }

    #[test]
    fn a_fit_value_survives_the_engine() {
        let value = Plain::Map(BTreeMap::from([
            ("montant".to_owned(), Plain::Number(1250.5)),
            ("taxe".to_owned(), Plain::Bool(false)),
            ("grand".to_owned(), Plain::Number(12_345_678_901.0)),
            ("mots".to_owned(), Plain::List(vec!["é🎉".into(), Plain::Null])),
        ]));

        assert_eq!(to_plain(&to_any(&value)), value);
    }
}
