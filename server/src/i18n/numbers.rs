//! Numbers as each language writes them.

use super::{Locale, NARROW_NO_BREAK};

/// A number with at most two decimals: `1 200,5` in French (narrow no-break space), `1,200.5` in English.
pub fn number(locale: Locale, number: f64) -> String {
    let (group, point) = match locale {
        Locale::Fr => (NARROW_NO_BREAK, ','),
        Locale::En => (',', '.'),
    };
    let rounded = format!("{:.2}", number.abs());
    let (whole, cents) = rounded.split_once('.').unwrap_or((&rounded, "00"));
    let cents = cents.trim_end_matches('0');

    let mut out = String::new();
    if number < 0.0 && (whole != "0" || !cents.is_empty()) {
        out.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if !cents.is_empty() {
        out.push(point);
        out.push_str(cents);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_grouped_as_each_language_does() {
        assert_eq!(number(Locale::Fr, 1200.0), "1\u{202f}200");
        assert_eq!(number(Locale::En, 1200.0), "1,200");
        assert_eq!(number(Locale::Fr, 12_500_000.5), "12\u{202f}500\u{202f}000,5");
    }

    #[test]
    fn hours_keep_their_half_and_lose_their_zeros() {
        assert_eq!(number(Locale::Fr, 18.5), "18,5");
        assert_eq!(number(Locale::Fr, 14.0), "14");
        assert_eq!(number(Locale::En, 0.25), "0.25");
        assert_eq!(number(Locale::Fr, -0.001), "0");
        assert_eq!(number(Locale::Fr, -3.0), "-3");
    }
}
