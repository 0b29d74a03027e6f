//! The addresses that hang on the cells of a sheet.

use std::collections::HashMap;

use tablee_domain::import::grid::Range;

use super::error::{Excess, FileError};
use crate::Limits;

/// Links by their cells. Those over several cells are few: all of them are asked about every cell.
#[derive(Debug, Default)]
pub(super) struct Links {
    single: HashMap<(u32, u32), String>,
    wide: Vec<(Range, String)>,
}

impl Links {
    /// The address that hangs on a cell.
    pub(super) fn at(&self, row: u32, column: u32) -> Option<&str> {
        let wide = || self.wide.iter().find(|(range, _)| range.holds(row, column));
        self.single.get(&(row, column)).or_else(|| wide().map(|(_, link)| link)).map(String::as_str)
    }

    /// Hangs an address, and the place within it, on some cells. Without an address it leads to another
    /// place of the same workbook, and is left out.
    pub(super) fn hang(
        &mut self,
        range: Range,
        target: &str,
        location: Option<&str>,
        limits: &Limits,
    ) -> Result<(), FileError> {
        if target.is_empty() {
            return Ok(());
        }
        if self.single.len() >= limits.marks {
            return Err(FileError::TooLarge(Excess::Links(limits.marks)));
        }
        let link = match location.filter(|it| !it.is_empty()) {
            Some(location) => format!("{target}#{location}"),
            None => target.to_owned(),
        };
        if link.len() > limits.cell_bytes {
            return Ok(());
        }
        if (range.last_row, range.last_column) == (range.first_row, range.first_column) {
            self.single.insert((range.first_row, range.first_column), link);
        } else if self.wide.len() < limits.wide_links {
            self.wide.push((range, link));
        } else {
            return Err(FileError::TooLarge(Excess::WideLinks(limits.wide_links)));
        }
        Ok(())
    }
}

/// The address in `HYPERLINK("https://…";"ici")`, where it is written out.
pub(super) fn linked(formula: &str) -> Option<String> {
    let rest = formula.trim_start();
    let rest = rest
        .get(.."HYPERLINK".len())
        .filter(|name| name.eq_ignore_ascii_case("HYPERLINK"))
        .map(|_| &rest["HYPERLINK".len()..])?;
    let rest = rest.trim_start().strip_prefix('(')?.trim_start().strip_prefix('"')?;
    let mut link = String::new();
    let mut letters = rest.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('"', Some('"')) => link.extend(letters.next()),
            ('"', _) => {
                let next = letters.find(|letter| !letter.is_whitespace());
                return matches!(next, Some(',' | ';' | ')')).then(|| super::clean(&link));
            }
            (letter, _) => link.push(letter),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_written_in_a_formula_is_found() {
        assert_eq!(
            linked(r#"HYPERLINK("https://x.fr/a","ici")"#).as_deref(),
            Some("https://x.fr/a")
        );
        assert_eq!(
            linked(r#"HYPERLINK("https://x.fr/a";"ici")"#).as_deref(),
            Some("https://x.fr/a")
        );
        assert_eq!(linked(r#" hyperlink ( "a""b" ; 1 )"#).as_deref(), Some("a\"b"));
        assert_eq!(linked(r#"HYPERLINK("https://"&A1,"ici")"#), None);
        assert_eq!(linked("SUM(A1:A2)"), None);
        assert_eq!(linked("HYPERLINÉ"), None);
    }
}
