//! What an offer must have before it is published, and the rule by which an import publishes.

use serde::{Deserialize, Serialize};

use super::Status;
use crate::table::{Plain, Row};

/// What keeps an offer from being published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// No title.
    Title,
    /// No provider.
    Provider,
    /// No type.
    Type,
    /// Neither a page nor a contact.
    PageOrContact,
}

impl Missing {
    /// The key of its sentence in the texts of the interface.
    pub fn key(self) -> &'static str {
        match self {
            Self::Title => "missing-title",
            Self::Provider => "missing-provider",
            Self::Type => "missing-type",
            Self::PageOrContact => "missing-page-or-contact",
        }
    }

    /// Its sentence in French.
    pub fn fr(self) -> &'static str {
        match self {
            Self::Title => "l'intitulé manque",
            Self::Provider => "l'organisme manque",
            Self::Type => "le type de formation manque",
            Self::PageOrContact => "il manque une page ou un contact",
        }
    }
}

/// What keeps a row from being published; nothing when it may be.
pub fn missing(row: &Row) -> Vec<Missing> {
    missing_in(|column| row.cell(column))
}

/// The same for cells that are no row yet.
pub fn missing_in<'a>(cell: impl Fn(&str) -> &'a Plain) -> Vec<Missing> {
    let has = |column: &str| match cell(column) {
        Plain::Text(text) => !text.trim().is_empty(),
        other => !other.is_empty(),
    };
    let demands = [
        (Missing::Title, has("intitule")),
        (Missing::Provider, has("organisme")),
        (Missing::Type, has("type")),
        (Missing::PageOrContact, has("url") || has("contact_courriel") || has("contact_tel")),
    ];
    demands.into_iter().filter(|(_, met)| !met).map(|(missing, _)| missing).collect()
}

/// The state of a row that an import adds.
///
/// The first import publishes what may be published, since the association's sheet was public already; a
/// later one leaves that to the pilots. A file may hold a row back, never push it forward.
pub fn status_of_an_import(
    missing: &[Missing],
    first_import: bool,
    in_file: Option<Status>,
) -> Status {
    match in_file {
        Some(held @ (Status::Draft | Status::ToCheck | Status::Archived)) => held,
        Some(Status::ToUpdate) if first_import && missing.is_empty() => Status::ToUpdate,
        _ if first_import && missing.is_empty() => Status::Published,
        _ => Status::ToCheck,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn missing_of(cells: &[(&str, &str)]) -> Vec<Missing> {
        let cells: BTreeMap<&str, Plain> =
            cells.iter().map(|(key, text)| (*key, Plain::from(*text))).collect();
        missing_in(|column| cells.get(column).unwrap_or(&Plain::Null))
    }

    #[test]
    fn an_offer_needs_a_title_a_provider_a_type_and_a_way_to_reach_it() {
        let all = [Missing::Title, Missing::Provider, Missing::Type, Missing::PageOrContact];
        let complete =
            [("intitule", "A"), ("organisme", "B"), ("type", "autre"), ("url", "https://x.fr")];

        assert_eq!(missing_of(&[]), all);
        assert_eq!(missing_of(&complete), []);
        assert_eq!(
            missing_of(&[("intitule", " "), complete[1], complete[2], complete[3]]),
            [Missing::Title]
        );
    }

    #[test]
    fn a_contact_does_as_well_as_a_page() {
        let base = [("intitule", "A"), ("organisme", "B"), ("type", "autre")];
        for contact in [("contact_courriel", "formation@x.fr"), ("contact_tel", "+33123456789")] {
            assert_eq!(missing_of(&[base[0], base[1], base[2], contact]), []);
        }
        assert_eq!(missing_of(&base), [Missing::PageOrContact]);
    }

    #[test]
    fn only_the_first_import_publishes_and_only_what_is_complete() {
        assert_eq!(status_of_an_import(&[], true, None), Status::Published);
        assert_eq!(status_of_an_import(&[Missing::Type], true, None), Status::ToCheck);
        assert_eq!(status_of_an_import(&[], false, None), Status::ToCheck);
        assert_eq!(status_of_an_import(&[], false, Some(Status::Published)), Status::ToCheck);
        assert_eq!(status_of_an_import(&[], true, Some(Status::Archived)), Status::Archived);
    }
}
