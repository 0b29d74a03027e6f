//! What people find: judged queries, and judged pairs of entries that may tell of one offer.

mod duplicates;
mod offers;
mod queries;

use std::path::PathBuf;

/// What Rust, TypeScript and people read alike.
fn fixtures() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "..", "fixtures"].iter().collect()
}

/// The lines of a table of text below its header, cell by cell.
fn lines(path: &str) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(fixtures().join(path)).expect("a fixture");
    let lines = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    lines.map(|line| line.split('\t').map(|cell| cell.trim().to_owned()).collect()).collect()
}
