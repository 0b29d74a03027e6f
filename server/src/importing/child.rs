//! Reading a file in a process of its own: if it dies, the person gets a sentence and the server did not
//! notice. The other side is [`crate::commands::read_workbook`].

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::Signal;
use serde::{Deserialize, Serialize};
use tablee_domain::import::grid::RawBook;
use tablee_exchange::read::{self, Excess, Piece, Stop};
use tablee_exchange::{FileError, Limits};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdout, Command};

/// The hidden subcommand.
pub const COMMAND: &str = "read-workbook";
/// How the child exits when it refused the file, its reason printed.
pub const REFUSED: u8 = 3;
/// How long it may take, waiting included; its own limit counts only work.
const WITHIN: Duration = Duration::from_secs(30);
/// Bytes of answers that we take in.
const VOLUME: u64 = 192 << 20;

/// One line of the child.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The next piece of the grid.
    Piece(Piece),
    /// Why the file is not read. The last line.
    Refused(FileError),
    /// All was read. The last line.
    End,
}

/// Reads a file in a child of `program`, which is this program itself
/// ([`current_exe`](std::env::current_exe)).
///
/// The child gets the bytes and nothing else: no environment, no files, and limits on memory and time. It is
/// killed when the caller stops waiting.
pub async fn read_in_child(program: &Path, bytes: &[u8]) -> Result<RawBook, FileError> {
    let limits = Limits::default();
    if bytes.len() as u64 > limits.file_bytes {
        return Err(FileError::TooLarge(Excess::File(limits.file_bytes)));
    }
    let reading = run(program, bytes);
    tokio::time::timeout(WITHIN, reading).await.unwrap_or(Err(FileError::Stopped(Stop::Time)))
}

async fn run(program: &Path, bytes: &[u8]) -> Result<RawBook, FileError> {
    let crash = FileError::Stopped(Stop::Crash);
    let spawned = Command::new(program)
        .arg(COMMAND)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    let mut child = spawned.map_err(|error| {
        tracing::error!(%error, "the reader of workbooks cannot be started");
        crash.clone()
    })?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(crash);
    };
    let give = async move {
        // A child that died does not take it all; how it died is said below.
        let _ = input.write_all(bytes).await;
    };
    let (book, ()) = tokio::join!(listen(output), give);
    if let Some(outcome) = book {
        return outcome;
    }
    let status = child.wait().await.map_err(|_| crash)?;
    tracing::warn!(%status, "the reader of workbooks stopped before its end");
    Err(FileError::Stopped(how_it_ended(status)))
}

/// Puts the book together. Nothing where the child stopped speaking before its last line.
async fn listen(output: ChildStdout) -> Option<Result<RawBook, FileError>> {
    let mut book = RawBook::default();
    let mut output = BufReader::new(output.take(VOLUME));
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = output.read_until(b'\n', &mut line).await.ok()?;
        if read == 0 || line.last() != Some(&b'\n') {
            let is_full = output.get_ref().limit() == 0;
            return is_full.then_some(Err(FileError::Stopped(Stop::Volume)));
        }
        match serde_json::from_slice(&line).ok()? {
            Answer::Piece(piece) => read::put(&mut book, piece),
            Answer::Refused(error) => return Some(Err(error)),
            Answer::End => return Some(Ok(book)),
        }
    }
}

/// What the end of the child says: the limits of the system speak by signals, and a process that gets no
/// memory aborts.
fn how_it_ended(status: ExitStatus) -> Stop {
    match status.signal().and_then(Signal::from_named_raw) {
        Some(Signal::XCPU | Signal::KILL) => Stop::Time,
        Some(Signal::ABORT) => Stop::Memory,
        _ => Stop::Crash,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program that ignores what it is asked and does this instead.
    async fn read_with(script: &str) -> Result<RawBook, FileError> {
        let folder = std::env::temp_dir().join(format!("tablee-child-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let name = script.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
        let program = folder.join(format!("{name}"));
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        let runnable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, runnable).unwrap();
        read_in_child(&program, b"x").await
    }

    #[tokio::test]
    async fn a_reader_that_dies_costs_a_sentence_and_nothing_else() {
        for (script, stop) in [
            ("kill -ABRT $$", Stop::Memory),
            ("kill -XCPU $$", Stop::Time),
            ("kill -SEGV $$", Stop::Crash),
            ("exit 101", Stop::Crash),
            ("echo nonsense", Stop::Crash),
            ("printf '\"end\"'", Stop::Crash),
        ] {
            assert_eq!(read_with(script).await, Err(FileError::Stopped(stop)), "{script}");
        }
    }

    #[tokio::test]
    async fn what_the_reader_says_is_put_together() {
        let refused = read_with(r#"echo '{"refused":"encrypted"}'"#).await;
        let book = read_with(
            r#"echo '{"piece":{"sheet":{"name":"A","hidden":true}}}'
            echo '{"piece":{"row":{"number":2,"cells":[{"column":1,"shown":"x"}]}}}'
            echo '"end"'"#,
        );

        assert_eq!(refused, Err(FileError::Encrypted));
        let book = book.await.unwrap();
        assert_eq!(
            (book.sheets[0].hidden, book.sheets[0].rows[0].cells[0].shown.as_str()),
            (true, "x")
        );
    }

    #[tokio::test]
    async fn the_reader_gets_no_environment() {
        let script = r#"[ -z "$HOME$CARGO$USER" ] && echo '"end"'"#;

        assert!(read_with(script).await.is_ok());
    }
}
