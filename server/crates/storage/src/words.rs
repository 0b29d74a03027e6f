//! How values become words in a line, and words values again.

use tablee_domain::ids::{ImportId, ProposalId};
use tablee_domain::table::{Origin, Plain};

use crate::error::StoreError;

/// An origin as it stands in a line: its word, and what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OriginWords {
    pub word: &'static str,
    pub import: Option<i64>,
    pub proposal: Option<i64>,
}

/// The word of an origin, and what it names.
pub(crate) fn of_origin(origin: Origin) -> OriginWords {
    let (word, import, proposal) = match origin {
        Origin::Table => ("table", None, None),
        Origin::MakeText => ("make_text", None, None),
        Origin::Import(import) => ("import", Some(import.get()), None),
        Origin::Proposal(proposal) => ("proposal", None, Some(proposal.get())),
        Origin::Merge => ("merge", None, None),
        Origin::Restore => ("restore", None, None),
        Origin::Columns => ("columns", None, None),
        Origin::Command => ("command", None, None),
        Origin::Program => ("program", None, None),
    };
    OriginWords { word, import, proposal }
}

/// The origin behind a word; none if it is no word of ours.
pub(crate) fn to_origin(word: &str, import: Option<i64>, proposal: Option<i64>) -> Option<Origin> {
    match (word, import, proposal) {
        ("table", None, None) => Some(Origin::Table),
        ("make_text", None, None) => Some(Origin::MakeText),
        ("import", Some(import), None) => Some(Origin::Import(ImportId(import))),
        ("proposal", None, Some(proposal)) => Some(Origin::Proposal(ProposalId(proposal))),
        ("merge", None, None) => Some(Origin::Merge),
        ("restore", None, None) => Some(Origin::Restore),
        ("columns", None, None) => Some(Origin::Columns),
        ("command", None, None) => Some(Origin::Command),
        ("program", None, None) => Some(Origin::Program),
        _ => None,
    }
}

/// A value as JSON text. U+0000 inside of it is written as an escape, so both engines hold it.
pub(crate) fn of_plain(value: &Plain) -> String {
    serde_json::to_string(value).expect("plain values have text keys only")
}

/// The value behind a JSON text; none if it is none.
pub(crate) fn to_plain(text: &str) -> Option<Plain> {
    serde_json::from_str(text).ok()
}

/// Lets a text through that both engines can hold. PostgreSQL cannot hold U+0000, SQLite would cut at it
/// here and there, so neither is asked.
pub(crate) fn storable<'t>(text: &'t str, column: &'static str) -> Result<&'t str, StoreError> {
    if text.contains('\0') { Err(StoreError::NotStorable { column }) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_survives_its_words() {
        // A plain congruential generator: many bit patterns, the same ones each time.
        let mut bits = 1_u64;
        for _ in 0..100_000 {
            bits = bits
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let number = f64::from_bits(bits);
            if number.is_finite() {
                let value = Plain::Number(number);
                assert_eq!(to_plain(&of_plain(&value)), Some(value));
            }
        }
    }

    #[test]
    fn every_origin_survives_its_word() {
        let all = [
            Origin::Table,
            Origin::MakeText,
            Origin::Import(ImportId(7)),
            Origin::Proposal(ProposalId(7)),
            Origin::Merge,
            Origin::Restore,
            Origin::Columns,
            Origin::Command,
            Origin::Program,
        ];

        for origin in all {
            let OriginWords { word, import, proposal } = of_origin(origin);
            assert_eq!(to_origin(word, import, proposal), Some(origin));
        }
        assert_eq!(to_origin("import", None, None), None);
        assert_eq!(to_origin("import", None, Some(7)), None);
        assert_eq!(to_origin("proposal", Some(7), None), None);
        assert_eq!(to_origin("elsewhere", None, None), None);
    }
}
