//! Which offers may be one and the same: found by a machine, decided by a person.

use serde::{Deserialize, Serialize};

/// In what two offers resemble each other, or do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// The same page.
    SameLink,
    /// The same title.
    SameTitle,
    /// Nearly the same title.
    NearTitle,
    /// The same provider.
    SameProvider,
    /// Nearly the same provider.
    NearProvider,
    /// Another provider: often another training of the same name.
    OtherProvider,
}

impl Likeness {
    /// The key of its words in the texts of the interface, and its word in plans.
    pub fn key(self) -> &'static str {
        match self {
            Self::SameLink => "same-link",
            Self::SameTitle => "same-title",
            Self::NearTitle => "near-title",
            Self::SameProvider => "same-provider",
            Self::NearProvider => "near-provider",
            Self::OtherProvider => "other-provider",
        }
    }

    /// Its words in French.
    pub fn fr(self) -> &'static str {
        match self {
            Self::SameLink => "même page",
            Self::SameTitle => "même intitulé",
            Self::NearTitle => "intitulé proche",
            Self::SameProvider => "même organisme",
            Self::NearProvider => "organisme de nom proche",
            Self::OtherProvider => "autre organisme",
        }
    }
}
