//! What a person decided about a plan. What they did not touch is as the plan proposes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::sheet::{MappedBy, SheetPlan};
use crate::ids::{ColumnId, RowId};
pub use crate::table::column_work::NewColumn;

/// All that was decided about one plan. Nothing decided is the default: everything as proposed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Decisions {
    /// About sheets, by their names.
    pub sheets: BTreeMap<String, SheetDecisions>,
    /// What an empty cell of the file says, by column of the table.
    pub blanks: BTreeMap<ColumnId, Blank>,
    /// About rows of the file.
    pub lines: BTreeMap<Line, LineDecision>,
}

/// What was decided about one sheet; also what is recalled of it when its header comes again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SheetDecisions {
    /// Whether its rows are taken.
    pub take: Option<bool>,
    /// The line of its header, from 1.
    pub header_line: Option<u32>,
    /// Where its columns go, by their places from 0.
    pub mapping: BTreeMap<u32, MapTo>,
    /// What its empty cells say, where [`Decisions::blanks`] says nothing.
    pub blanks: BTreeMap<ColumnId, Blank>,
}

/// Where a column of a sheet goes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MapTo {
    /// Nowhere.
    Ignore,
    /// Into a column of the table.
    Column(ColumnId),
    /// Among the contributor's own words beside a column.
    Said(ColumnId),
    /// Into a column that the import adds.
    New(NewColumn),
}

/// What an empty cell of the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blank {
    /// Nothing: what the table has stays.
    #[default]
    Keep,
    /// That the cell of the table is to be emptied.
    Clear,
}

/// A row of the file. As text `sheet!row`, so that it can be a key of JSON.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    /// The name of the sheet.
    pub sheet: String,
    /// The row, from 1.
    pub row: u32,
}

/// What was decided about one row of the file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LineDecision {
    /// The row is left out, this time.
    pub skip: bool,
    /// Which row of the table it is.
    pub is: Option<Is>,
    /// Keys of cells that stay as the table has them.
    pub skip_cells: BTreeSet<String>,
    /// Keys of conflicts where the file wins.
    pub take_cells: BTreeSet<String>,
}

/// Which row of the table a row of the file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Is {
    /// None: it is a new one.
    New,
    /// This one.
    Row(RowId),
}

impl Decisions {
    /// What was decided about a row of the file.
    pub fn line(&self, line: &Line) -> Option<&LineDecision> {
        self.lines.get(line)
    }

    /// What is worth recalling when the header of this sheet comes again: its mapping and what its empty cells
    /// say. Nothing about single rows.
    pub fn remembered_for(&self, sheet: &SheetPlan) -> SheetDecisions {
        let decided = self.sheets.get(&sheet.name);
        let chosen = sheet.columns.iter().filter(|column| {
            matches!(column.by, MappedBy::Person | MappedBy::Recalled) && column.issue.is_none()
        });
        let mapping = chosen.filter_map(|column| Some((column.at, column.target.clone()?)));
        let cleared = sheet.columns.iter().filter(|column| column.blank == Blank::Clear);
        let cleared = cleared.filter_map(|column| match &column.target {
            Some(MapTo::Column(id) | MapTo::New(NewColumn { id, .. })) => {
                Some((id.clone(), Blank::Clear))
            }
            _ => None,
        });
        SheetDecisions {
            take: decided.and_then(|it| it.take),
            header_line: None,
            mapping: mapping.collect(),
            blanks: cleared.collect(),
        }
    }
}

impl Line {
    /// The row with this number in this sheet.
    pub fn new(sheet: impl Into<String>, row: u32) -> Self {
        Self { sheet: sheet.into(), row }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}!{}", self.sheet, self.row)
    }
}

/// Why a text names no row of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a row of a file: `sheet!row` is expected")]
pub struct NotALine;

impl FromStr for Line {
    type Err = NotALine;

    /// A sheet may have a `!` in its name: the last one counts.
    fn from_str(text: &str) -> Result<Self, NotALine> {
        let (sheet, row) = text.rsplit_once('!').ok_or(NotALine)?;
        Ok(Self::new(sheet, row.parse().map_err(|_| NotALine)?))
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_a_file_is_a_key_of_json_whatever_its_sheet_is_called() {
        let line = Line::new("À voir ! \"vite\"", 7);
        let decision = LineDecision { skip: true, ..LineDecision::default() };
        let decisions =
            Decisions { lines: [(line.clone(), decision)].into(), ..Decisions::default() };

        let json = serde_json::to_string(&decisions).unwrap();

        assert_eq!(serde_json::from_str::<Decisions>(&json).unwrap(), decisions);
        assert_eq!(line.to_string().parse(), Ok(line));
        assert_eq!("7".parse::<Line>(), Err(NotALine));
        assert_eq!("a!-1".parse::<Line>(), Err(NotALine));
    }

    #[test]
    fn nothing_decided_is_nothing_written() {
        assert_eq!(serde_json::from_str::<Decisions>("{}").unwrap(), Decisions::default());
    }
}
