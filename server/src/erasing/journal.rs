//! The journal of erasures: a file beside the database, one line for each, that no backup of the database
//! holds and no restore takes back.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use tablee_domain::ids::{ColumnId, PersonId, RowId, Timestamp};
use tablee_domain::table::ToErase;
use tablee_storage::erasures::Erasure;
use tokio::io::AsyncWriteExt;

/// The name of the file in the data folder.
pub const FILE: &str = "erasures.jsonl";

/// One erasure: what and when, never the words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The name of the table.
    pub table: String,
    /// Its number in the database that did it.
    pub id: i64,
    /// When it was done.
    pub at: Timestamp,
    /// Who asked; none for the operator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// The rows that went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<RowId>,
    /// The cells that went, and those in which words were erased.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub cells: BTreeSet<(RowId, ColumnId)>,
}

impl Line {
    /// The line of an erasure; `stood` are the cells in which its words stood.
    pub fn of(table: &str, erasure: &Erasure, stood: BTreeSet<(RowId, ColumnId)>) -> Self {
        let mut cells = stood;
        cells.extend(erasure.cells.iter().cloned());
        Self {
            table: table.to_owned(),
            id: erasure.id,
            at: erasure.at,
            by: erasure.asked_by,
            rows: erasure.rows.clone(),
            cells,
        }
    }

    /// Whether this is the line of that erasure. Numbers come again after a restore; moments do not.
    pub fn tells_of(&self, erasure: &Erasure) -> bool {
        (self.id, self.at) == (erasure.id, erasure.at)
    }

    /// Whether a database that knows that erasure needs this one no more.
    pub fn is_done_by(&self, erasure: &Erasure) -> bool {
        let covers = erasure.at >= self.at
            && self.rows.iter().all(|row| erasure.rows.contains(row))
            && self.cells.iter().all(|cell| erasure.cells.contains(cell));
        covers || self.tells_of(erasure)
    }

    /// The erasure, to be done again.
    pub fn to_erase(&self) -> ToErase {
        ToErase {
            rows: self.rows.clone(),
            cells: self.cells.iter().cloned().collect(),
            words: Vec::new(),
        }
    }
}

/// The file.
#[derive(Debug)]
pub struct Journal(PathBuf);

impl Journal {
    /// The journal of a data folder. It is made with its first line.
    pub fn in_folder(folder: &Path) -> Self {
        Self(folder.join(FILE))
    }

    /// All lines. A last line that was cut off, by a crash in the middle of its writing, is as good as none:
    /// its erasure stands in the database and is noted again. Any other odd line is an error, so that no
    /// erasure is ever passed over.
    pub async fn read(&self) -> anyhow::Result<Vec<Line>> {
        let shown = self.0.display();
        let text = match tokio::fs::read_to_string(&self.0).await {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("the journal of erasures `{shown}` cannot be read"));
            }
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        let lines = whole.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let read = lines.map(|(at, line)| {
            serde_json::from_str(line).with_context(|| {
                format!("line {} of the journal of erasures `{shown}` is not understood", at + 1)
            })
        });
        read.collect()
    }

    /// Adds a line, on disk when this returns.
    pub async fn append(&self, line: Line) -> anyhow::Result<()> {
        let mut text = serde_json::to_string(&line)?;
        text.push('\n');
        let write = async {
            let mut options = tokio::fs::OpenOptions::new();
            options.create(true).read(true).write(true).truncate(false).mode(0o600);
            let mut file = options.open(&self.0).await?;
            let end = end_of_last_line(&self.0).await?;
            file.set_len(end).await?;
            tokio::io::AsyncSeekExt::seek(&mut file, std::io::SeekFrom::Start(end)).await?;
            file.write_all(text.as_bytes()).await?;
            file.sync_all().await
        };
        let written = write.await;
        written.with_context(|| format!("the journal `{}` cannot be written", self.0.display()))
    }
}

/// Where the last whole line ends: what follows was cut off.
async fn end_of_last_line(path: &Path) -> std::io::Result<u64> {
    let bytes = tokio::fs::read(path).await?;
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Ok(end as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erasure(id: i64, at: i64, rows: &[&str], cells: &[(&str, &str)]) -> Erasure {
        Erasure {
            id,
            rows: rows.iter().map(|row| RowId::new(row).unwrap()).collect(),
            cells: cells.iter().map(|(row, column)| cell(row, column)).collect(),
            places: Vec::new(),
            asked_by: None,
            at: Timestamp(at),
        }
    }

    fn cell(row: &str, column: &str) -> (RowId, ColumnId) {
        (RowId::new(row).unwrap(), ColumnId::new(column).unwrap())
    }

    #[test]
    fn an_erasure_is_known_by_its_moment_or_by_one_that_took_as_much() {
        let done = erasure(1, 10, &["r1"], &[]);
        let line = Line::of("formations", &done, BTreeSet::from([cell("r2", "resume")]));

        assert!(line.is_done_by(&done), "the database that did it");
        assert!(line.is_done_by(&erasure(1, 99, &["r1"], &[("r2", "resume")])), "done again");
        assert!(!line.is_done_by(&erasure(1, 5, &["r1"], &[("r2", "resume")])), "before it");
        assert!(!line.is_done_by(&erasure(1, 11, &["r1"], &[])), "another with its number");
    }

    #[tokio::test]
    async fn lines_come_back_and_one_that_was_cut_off_is_written_over() {
        let folder = std::env::temp_dir().join(format!("tablee-journal-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let journal = Journal::in_folder(&folder);
        let line = |id| Line::of("formations", &erasure(id, id, &["r1"], &[]), BTreeSet::new());

        assert_eq!(journal.read().await.unwrap(), []);
        journal.append(line(1)).await.unwrap();
        let whole = std::fs::read(folder.join(FILE)).unwrap();
        std::fs::write(folder.join(FILE), [&whole[..], b"{\"table\":\"form"].concat()).unwrap();
        assert_eq!(journal.read().await.unwrap(), [line(1)]);
        journal.append(line(2)).await.unwrap();
        assert_eq!(journal.read().await.unwrap(), [line(1), line(2)]);
        std::fs::write(folder.join(FILE), "odd\n{}\n").unwrap();
        assert!(journal.read().await.is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
