//! Reading a file in a process of its own: if it dies, the person gets a sentence and the server did not
//! notice. The other side is [`crate::commands::read_workbook`].

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::Signal;
use serde::{Deserialize, Serialize};
use tablee_domain::import::grid::RawBook;
use tablee_exchange::read::{Assembly, Excess, Piece, Stop};
use tablee_exchange::{FileError, Limits};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdout, Command};
use tokio::sync::Semaphore;

/// The hidden subcommand.
pub const COMMAND: &str = "read-workbook";
/// How the child exits when it refused the file, its reason printed.
pub const REFUSED: u8 = 3;
/// How long it may take once it has begun; its own limit counts only work.
const WITHIN: Duration = Duration::from_secs(30);
/// Bytes of answers that we take in: what a book at our limits takes.
pub const VOLUME: u64 = 96 << 20;
/// Children of this process at a time, whoever asks. The others wait for their turn.
static SEATS: Semaphore = Semaphore::const_new(2);

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
/// killed when the caller stops waiting. What it says is not believed: our own limits hold again for every
/// piece, before it is kept.
pub async fn read_in_child(program: &Path, bytes: &[u8]) -> Result<RawBook, FileError> {
    let limits = Limits::default();
    if bytes.len() as u64 > limits.file_bytes {
        return Err(FileError::TooLarge(Excess::File(limits.file_bytes)));
    }
    let _seat = SEATS.acquire().await.map_err(|_| FileError::Stopped(Stop::Crash))?;
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
    let limits = Limits::default();
    let mut book = Assembly::new(&limits);
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
            Answer::Piece(piece) => {
                if let Err(error) = book.put(piece) {
                    return Some(Err(error));
                }
            }
            Answer::Refused(error) => return Some(Err(error)),
            Answer::End => return Some(Ok(book.finish())),
        }
    }
}

/// What the end of the child says: the limits of the system speak by signals, a process that gets no memory
/// aborts, and one that takes the last memory of the machine is killed.
fn how_it_ended(status: ExitStatus) -> Stop {
    match status.signal().and_then(Signal::from_named_raw) {
        Some(Signal::XCPU) => Stop::Time,
        Some(Signal::ABORT | Signal::KILL) => Stop::Memory,
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
            ("kill -KILL $$", Stop::Memory),
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
    async fn a_reader_that_speaks_without_end_is_not_listened_to() {
        let cells = r#"{"column":0,"shown":"x"}"#;
        let many = vec![cells; 250].join(",");
        let rows = format!(
            r#"echo '{{"piece":{{"sheet":{{"name":"A","hidden":false}}}}}}'
            yes '{{"piece":{{"row":{{"number":2,"cells":[{many}]}}}}}}'"#
        );
        let sheets = r#"yes '{"piece":{"sheet":{"name":"A","hidden":false}}}'"#;

        assert_eq!(read_with(&rows).await, Err(FileError::TooLarge(Excess::Filled(500_000))));
        assert_eq!(read_with(sheets).await, Err(FileError::TooLarge(Excess::Sheets(50))));
        let line = "head -c 101000000 /dev/zero | tr '\\0' ' '";
        assert_eq!(read_with(line).await, Err(FileError::Stopped(Stop::Volume)));
    }

    #[tokio::test]
    async fn a_reader_that_nobody_waits_for_is_gone_and_its_seat_is_free() {
        let impatient =
            |script| tokio::time::timeout(Duration::from_millis(200), read_with(script));
        for _ in 0..3 {
            assert!(impatient("exec sleep 600").await.is_err());
        }

        assert!(read_with(r#"echo '"end"'"#).await.is_ok());
    }

    #[tokio::test]
    async fn the_reader_gets_no_environment() {
        let script = r#"[ -z "$HOME$CARGO$USER" ] && echo '"end"'"#;

        assert!(read_with(script).await.is_ok());
    }
}
