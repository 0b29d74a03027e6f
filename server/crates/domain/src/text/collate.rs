//! The order of a French dictionary, the same on every engine and in every locale of the machine.

use std::cmp::Ordering;

use icu_collator::options::{AlternateHandling, CollatorOptions, Strength};
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::locale;

/// Compares texts as French readers expect: accents and case last, numbers by value.
pub struct French(CollatorBorrowed<'static>);

impl French {
    /// Builds the order once; it is cheap to keep.
    pub fn new() -> Self {
        let mut preferences = CollatorPreferences::from(&locale!("fr"));
        preferences.numeric_ordering = Some(CollationNumericOrdering::True);
        let mut options = CollatorOptions::default();
        options.strength = Some(Strength::Tertiary);
        options.alternate_handling = Some(AlternateHandling::NonIgnorable);
        Self(Collator::try_new(preferences, options).expect("the data of French is compiled in"))
    }

    /// Compares two texts; the empty one comes last.
    pub fn compare(&self, one: &str, other: &str) -> Ordering {
        let (one, other) = (one.trim(), other.trim());
        one.is_empty().cmp(&other.is_empty()).then_with(|| self.0.compare(one, other))
    }
}

impl Default for French {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for French {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("French")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_as_in_a_dictionary() {
        let french = French::new();
        let mut words = vec![
            "",
            "zone",
            "Évaluer",
            "eau",
            "œuvre",
            "module 10",
            "module 2",
            "cote",
            "Coté",
            "côte",
        ];

        words.sort_by(|a, b| french.compare(a, b));

        let wanted = [
            "cote",
            "Coté",
            "côte",
            "eau",
            "Évaluer",
            "module 2",
            "module 10",
            "œuvre",
            "zone",
            "",
        ];
        assert_eq!(words, wanted);
    }
}
