//! Durations and sizes as people write them in a file of settings: `"30s"`, `"10 MiB"`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A length of time with its unit: `500ms`, `30s`, `10m`, `24h`, `30d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span(pub Duration);

/// A number of bytes with its unit: `512 B`, `64 KiB`, `10 MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Size(pub usize);

/// A text that is no duration or size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{words}` is not understood: write {expected}")]
pub struct NotAQuantity {
    words: String,
    expected: &'static str,
}

const SPANS: [(&str, u64); 5] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
const SIZES: [(&str, u64); 3] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20)];

impl Span {
    /// So many milliseconds.
    pub const fn millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// So many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// The length in milliseconds, as timestamps count.
    pub fn as_millis(self) -> i64 {
        i64::try_from(self.0.as_millis()).unwrap_or(i64::MAX)
    }
}

impl FromStr for Span {
    type Err = NotAQuantity;
    fn from_str(words: &str) -> Result<Self, NotAQuantity> {
        quantity(words, &SPANS, "a whole number with ms, s, m, h or d, such as `30s`")
            .map(Self::millis)
    }
}

impl FromStr for Size {
    type Err = NotAQuantity;
    fn from_str(words: &str) -> Result<Self, NotAQuantity> {
        let bytes = quantity(words, &SIZES, "a whole number with B, KiB or MiB, such as `10 MiB`")?;
        Ok(Self(usize::try_from(bytes).unwrap_or(usize::MAX)))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (amount, unit) =
            largest_unit(u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX), &SPANS);
        write!(f, "{amount}{unit}")
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (amount, unit) = largest_unit(self.0 as u64, &SIZES);
        write!(f, "{amount} {unit}")
    }
}

fn quantity(
    words: &str,
    units: &[(&str, u64)],
    expected: &'static str,
) -> Result<u64, NotAQuantity> {
    let refused = || NotAQuantity { words: words.to_owned(), expected };
    let trimmed = words.trim();
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    let amount: u64 = trimmed[..digits].parse().map_err(|_| refused())?;
    let unit = trimmed[digits..].trim_start();
    let (_, factor) = units.iter().find(|(name, _)| *name == unit).ok_or_else(refused)?;
    amount.checked_mul(*factor).ok_or_else(refused)
}

fn largest_unit<'u>(amount: u64, units: &[(&'u str, u64)]) -> (u64, &'u str) {
    let fits = |(_, factor): &&(&str, u64)| amount != 0 && amount.is_multiple_of(*factor);
    let (name, factor) = units.iter().rev().find(fits).unwrap_or(&units[0]);
    (amount / factor, name)
}

macro_rules! written_as_text {
    ($($name:ident),*) => { $(
        impl TryFrom<String> for $name {
            type Error = NotAQuantity;
            fn try_from(words: String) -> Result<Self, NotAQuantity> {
                words.parse()
            }
        }

        impl From<$name> for String {
            fn from(quantity: $name) -> String {
                quantity.to_string()
            }
        }
    )* };
}

written_as_text!(Span, Size);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_the_same() {
        for words in ["500ms", "30s", "10m", "24h", "30d", "0ms"] {
            assert_eq!(words.parse::<Span>().unwrap().to_string().parse::<Span>(), words.parse());
        }
        for words in ["512 B", "64 KiB", "10 MiB"] {
            assert_eq!(words.parse::<Size>().unwrap().to_string(), words);
        }
    }

    #[test]
    fn a_number_without_unit_is_refused_with_what_to_write() {
        let complaint = "30".parse::<Span>().unwrap_err().to_string();

        assert!(complaint.contains("`30`") && complaint.contains("such as `30s`"), "{complaint}");
        assert!("10 MB".parse::<Size>().is_err());
        assert!("999999999999999999d".parse::<Span>().is_err());
        assert!("".parse::<Span>().is_err());
    }
}
