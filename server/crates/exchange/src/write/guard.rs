//! The guard of csv: no cell that a spreadsheet would run as a formula.
//!
//! A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` (CWE-1236). We put `'` before it, which
//! shows it as text. Our own reader takes the `'` away, so that what we write we read back unchanged.

use std::borrow::Cow;

/// The text as it may stand in a csv file.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that was guarded.
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

/// Whether a spreadsheet may run the text. Some trim it first; some read full-width letters as plain ones.
fn is_formula(text: &str) -> bool {
    let runs = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    text.starts_with(['\t', '\r', '\0']) || text.trim_start().starts_with(runs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_shown_instead() {
        for formula in [
            "=1+1", "+33 6 12", "-", "@SUM(A1)", " =1", "\u{a0}=1", "\t=1", "\rx", "＝1", "＠x",
            "－1", "＋1", "\n=1",
        ] {
            assert_eq!(guarded(formula), format!("'{formula}"));
        }
    }

    #[test]
    fn addresses_numbers_and_words_are_left_alone() {
        for plain in
            ["https://x.fr/?a=1", "1200", "2,5", "a=1", "l'eau", "'entre guillemets'", "", "« - »"]
        {
            assert_eq!(guarded(plain), plain);
        }
    }

    proptest! {
        #[test]
        fn the_guard_can_be_taken_away(text in "['=+@ \t-]{0,4}.{0,4}") {
            let guarded = guarded(&text).into_owned();

            prop_assert_eq!(unguarded(&guarded), text.as_str());
        }

        #[test]
        fn nothing_guarded_runs(text in ".*") {
            prop_assert!(!is_formula(&guarded(&text)));
        }
    }
}
