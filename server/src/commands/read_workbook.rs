//! `tablee read-workbook`, hidden: reads a file from standard input under hard limits and prints its raw grid.
//!
//! A workbook from outside can ask for any amount of memory, and an allocation that fails ends the process:
//! so it is this process that ends, and not the server. See [`crate::importing::child`] for the other side.

use std::io::{BufWriter, Read, Write};
use std::process::ExitCode;

use rustix::process::{Resource, Rlimit, setrlimit};
use tablee_exchange::read::{self, Stop};
use tablee_exchange::{FileError, Limits};

use crate::importing::child::{Answer, REFUSED};

/// Address space. An honest workbook at our limits needs a tenth of it.
const MEMORY: u64 = 1 << 30;
/// Seconds of a processor.
const SECONDS: u64 = 20;

/// Reads standard input to its end, then prints one [`Answer`] a line.
pub fn run() -> anyhow::Result<ExitCode> {
    for (resource, most) in [
        (Resource::As, MEMORY),
        (Resource::Cpu, SECONDS),
        // No file is written, and no image of the memory is left when we are stopped.
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    let limits = Limits::default();
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(limits.file_bytes + 1).read_to_end(&mut bytes)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut take = |piece| say(&mut out, &Answer::Piece(piece));
    let (answer, code) = match read::read_pieces(&bytes, &limits, &mut take) {
        Ok(()) => (Answer::End, ExitCode::SUCCESS),
        Err(error) => (Answer::Refused(error), ExitCode::from(REFUSED)),
    };
    say(&mut out, &answer)?;
    out.flush()?;
    Ok(code)
}

/// One line. Where nobody listens any more, the reading ends.
fn say(out: &mut impl Write, answer: &Answer) -> Result<(), FileError> {
    let written = serde_json::to_writer(&mut *out, answer).map_err(std::io::Error::from);
    written.and_then(|()| out.write_all(b"\n")).map_err(|_| FileError::Stopped(Stop::Crash))
}
