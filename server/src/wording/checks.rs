//! What an offer lacks and what seems wrong in it, in words.

use tablee_domain::offer::Missing;
use tablee_domain::offer::checks::{Freshness, Item, Warning};

use crate::i18n::{Locale, date, t};

/// The name of one of the nine items that a training body publishes about each offer.
pub fn item(locale: Locale, item: &Item) -> String {
    t(locale, &format!("checks.item.{}", item.key), &[]).into_owned()
}

/// What seems wrong, in a sentence that says what to do.
pub fn warning(locale: Locale, warning: &Warning) -> String {
    t(locale, &format!("checks.warning.{}", warning.key), &[]).into_owned()
}

/// What keeps an offer from being published.
pub fn missing(locale: Locale, missing: Missing) -> String {
    t(locale, &format!("checks.missing.{}", missing.key()), &[]).into_owned()
}

/// How fresh an offer is: "Confirmée", "À confirmer : dernière vérification le 3 mars 2024".
pub fn freshness(locale: Locale, freshness: Freshness) -> String {
    let key = match freshness {
        Freshness::Fresh => "checks.fresh",
        Freshness::Never => "checks.never",
        Freshness::Stale { since } => {
            let day = date(locale, &since.iso());
            return t(locale, "checks.stale", &[("date", &day)]).into_owned();
        }
    };
    t(locale, key, &[]).into_owned()
}

#[cfg(test)]
mod tests {
    use tablee_domain::ids::{RowId, Timestamp};
    use tablee_domain::offer::checks::qualiopi;
    use tablee_domain::table::Row;

    use super::*;

    #[test]
    fn everything_that_may_be_said_of_an_offer_has_its_words() {
        let row = Row {
            id: RowId::new("r").unwrap(),
            cells: std::collections::BTreeMap::new(),
            said: std::collections::BTreeMap::new(),
            order: String::new(),
            deleted: false,
        };
        for locale in Locale::ALL {
            for it in qualiopi(&row) {
                assert!(!item(locale, &it).contains("checks."), "{it:?}");
            }
            for key in Warning::KEYS {
                let sentence = t(locale, &format!("checks.warning.{key}"), &[]);
                assert!(!sentence.contains("checks."), "{key}");
            }
            for it in tablee_domain::offer::missing(&row) {
                assert!(!missing(locale, it).contains("checks."), "{it:?}");
            }
            assert!(!freshness(locale, Freshness::of(&row, Timestamp(0))).contains("checks."));
        }
    }
}
