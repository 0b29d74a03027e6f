//! The readable part of an offer's address.

use crate::ids::RowId;
use crate::text::fold::{fold, without_inclusive_endings};

/// The longest slug: enough to recognise a title, short enough for a mail.
const LONGEST: usize = 80;

/// The title as words of `[a-z0-9]` joined by dashes; `formation` where nothing is left of it.
pub fn slug(title: &str) -> String {
    let folded = fold(title);
    let folded = without_inclusive_endings(&folded);
    let mut slug = String::new();
    for word in folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        let word: String = word.chars().take(LONGEST).collect();
        if slug.len() + 1 + word.len() > LONGEST && !slug.is_empty() {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word);
    }
    if slug.is_empty() { "formation".to_owned() } else { slug }
}

/// `{slug}-{rowId}`, the last part of an offer's address.
pub fn address(title: &str, row: &RowId) -> String {
    format!("{}-{row}", slug(title))
}

/// The row that an address means, whatever its slug says; none where it cannot be one.
pub fn row_of_address(last_part: &str) -> Option<RowId> {
    let id = last_part.rsplit('-').next()?;
    RowId::new(id).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_title_becomes_an_address_that_can_be_read_aloud() {
        assert_eq!(slug("Susciter la participation"), "susciter-la-participation");
        assert_eq!(
            slug("Formation des élu·es à l’œuvre : c'est parti !"),
            "formation-des-elu-a-l-oeuvre-c-est-parti"
        );
        assert_eq!(slug("…"), "formation");
    }

    #[test]
    fn a_wrong_slug_still_leads_to_the_row() {
        let row = RowId::new("abcdef0123456789").unwrap();

        assert_eq!(row_of_address(&address("Un titre", &row)), Some(row.clone()));
        assert_eq!(row_of_address("n-importe-quoi-abcdef0123456789"), Some(row));
        assert_eq!(row_of_address("É"), None);
    }

    proptest! {
        #[test]
        fn every_title_has_a_short_slug_of_plain_letters(title in ".*") {
            let slug = slug(&title);

            prop_assert!(!slug.is_empty() && slug.len() <= LONGEST);
            prop_assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"));
        }
    }
}
