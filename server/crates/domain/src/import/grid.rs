//! A workbook as it was found: grids of raw cells, before anything is understood.
//!
//! Whoever opens the bytes of a file fills these types (crate `exchange`, in a child process); they cross its
//! pipe as JSON lines. Nothing here is interpreted: a date that Excel made of `2-3` stands beside the text
//! that the person saw.

use serde::{Deserialize, Serialize};

/// A whole workbook. A file of plain values (csv) is a book of one sheet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RawBook {
    /// As what the file was read: told to people, since it was found out and could be wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_as: Option<ReadAs>,
    /// The sheets in the order of their tabs.
    pub sheets: Vec<RawSheet>,
}

/// What a file was found to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadAs {
    /// Its kind, by its bytes; names lie.
    pub kind: FileKind,
    /// How the letters of a table of text are kept, by the name of a standard (`UTF-8`, `windows-1252`…).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// What stands between the cells of a table of text. None where each line is one cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub separator: Option<char>,
    /// A table of text opens a quotation mark that it never closes, so all of them were read as letters.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unclosed_quote: bool,
}

/// A kind of file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// Excel since 2007.
    Xlsx,
    /// Excel before 2007.
    Xls,
    /// OpenDocument.
    Ods,
    /// A table of text.
    Csv,
}

/// One sheet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RawSheet {
    /// The name on its tab.
    pub name: String,
    /// The tab is not shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// The rows that hold something, in order. Rows without any cell may be left out.
    #[serde(default)]
    pub rows: Vec<RawRow>,
    /// Cells merged into one; the value stands in the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merges: Vec<Range>,
    /// Notes and comments hung on cells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<RawNote>,
    /// Columns that are not shown, from 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_columns: Vec<u32>,
}

/// One row of a sheet.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RawRow {
    /// Its number as people read it, from 1.
    pub number: u32,
    /// Hidden by hand or by a filter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// The cells that hold something, by column.
    #[serde(default)]
    pub cells: Vec<RawCell>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RawCell {
    /// Its column, from 0.
    pub column: u32,
    /// What a person sees in it, as near as the reader can tell; the raw text of a text cell.
    #[serde(default)]
    pub shown: String,
    /// The number, where the cell holds one (a date is a number too).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<f64>,
    /// The date in ISO form (`2025-03-12`, `2025-03-12T14:00`, `14:00`), where the number is shown as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The address behind the text: a hyperlink, or the first argument of `HYPERLINK()`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Where one cell has several links, the addresses after the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_links: Vec<String>,
    /// `#N/A` and its like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The formula, without its `=`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formula: Option<String>,
}

/// A note hung on a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RawNote {
    /// The row, from 1.
    pub row: u32,
    /// The column, from 0.
    pub column: u32,
    /// Its words.
    pub text: String,
}

/// A rectangle of cells, both corners included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Range {
    /// From 1.
    pub first_row: u32,
    /// From 0.
    pub first_column: u32,
    /// From 1.
    pub last_row: u32,
    /// From 0.
    pub last_column: u32,
}

impl Range {
    /// Whether the cell stands in it.
    pub fn holds(&self, row: u32, column: u32) -> bool {
        (self.first_row..=self.last_row).contains(&row)
            && (self.first_column..=self.last_column).contains(&column)
    }
}

impl RawRow {
    /// The cell in this column, if it holds something.
    pub fn cell(&self, column: u32) -> Option<&RawCell> {
        self.cells.iter().find(|cell| cell.column == column)
    }

    /// Whether no cell shows anything.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(RawCell::is_empty)
    }
}

impl RawCell {
    /// A cell of text, as in a csv file.
    pub fn text(column: u32, shown: impl Into<String>) -> Self {
        Self { column, shown: shown.into(), ..Self::default() }
    }

    /// Whether there is nothing to read in it.
    pub fn is_empty(&self) -> bool {
        self.shown.trim().is_empty()
            && self.number.is_none()
            && self.link.is_none()
            && self.error.is_none()
    }
}

/// The letters above a column: `A`, `B`, … `Z`, `AA`…
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    loop {
        letters.push(char::from(b'A' + u8::try_from(rest % 26).expect("a rest below 26")));
        if rest < 26 {
            break;
        }
        rest = rest / 26 - 1;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_called_as_in_a_spreadsheet() {
        let names: Vec<_> = [0, 25, 26, 701, 702].into_iter().map(column_letters).collect();

        assert_eq!(names, ["A", "Z", "AA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_book_crosses_a_pipe_unchanged() {
        let cell = RawCell { link: Some("https://x.fr".into()), ..RawCell::text(3, "Lien") };
        let row = RawRow { number: 7, hidden: true, cells: vec![cell] };
        let sheet = RawSheet { name: "Courtes".into(), rows: vec![row], ..RawSheet::default() };

        let json = serde_json::to_string(&sheet).unwrap();

        assert_eq!(serde_json::from_str::<RawSheet>(&json).unwrap(), sheet);
    }
}
