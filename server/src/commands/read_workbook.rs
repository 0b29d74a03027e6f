//! `tablee read-workbook`, hidden: reads a file from standard input under hard limits and prints its raw grid.
//!
//! A workbook from outside can ask for any amount of memory, and an allocation that fails ends the process:
//! so it is this process that ends, and not the server. See [`crate::importing::child`] for the other side.
//!
//! Nothing is printed before all was read: of a file that is refused in the end, however large, the server
//! hears one line.

use std::io::{Read, Write};
use std::process::ExitCode;

use rustix::process::{DumpableBehavior, Resource, Rlimit, nice, set_dumpable_behavior, setrlimit};
use rustix::thread::set_no_new_privs;
use tablee_exchange::read::{self, Stop};
use tablee_exchange::{FileError, Limits};

use crate::importing::child::{Answer, REFUSED, VOLUME};

/// Address space. An honest workbook at our limits needs half of it.
const MEMORY: u64 = 768 << 20;
/// Seconds of a processor; then it is told to end, and soon after it is ended.
const SECONDS: u64 = 20;
const SECONDS_AT_MOST: u64 = 22;

/// How far it stands behind the server when both want a processor.
const LAST_IN_LINE: i32 = 5;

/// Reads standard input to its end, then prints one [`Answer`] a line.
pub fn run() -> anyhow::Result<ExitCode> {
    bind()?;
    let limits = Limits::default();
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(limits.file_bytes + 1).read_to_end(&mut bytes)?;
    let mut answers = Answers::default();
    let read = read::read_pieces(&bytes, &limits, &mut |piece| answers.say(&Answer::Piece(piece)));
    let outcome = read.and_then(|()| answers.say(&Answer::End));
    let code = match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            answers = Answers::default();
            answers.say(&Answer::Refused(error))?;
            ExitCode::from(REFUSED)
        }
    };
    let mut out = std::io::stdout().lock();
    out.write_all(&answers.lines)?;
    out.flush()?;
    Ok(code)
}

/// Gives up everything that reading bytes and printing lines does not need. What was given up cannot be had
/// back, whatever the file makes of us.
fn bind() -> rustix::io::Result<()> {
    // Whoever edits comes first.
    nice(LAST_IN_LINE)?;
    let no_more = |resource, soft, hard| {
        setrlimit(resource, Rlimit { current: Some(soft), maximum: Some(hard) })
    };
    no_more(Resource::As, MEMORY, MEMORY)?;
    no_more(Resource::Cpu, SECONDS, SECONDS_AT_MOST)?;
    // No file is written, and no image of the memory is left when we are stopped.
    no_more(Resource::Fsize, 0, 0)?;
    no_more(Resource::Core, 0, 0)?;
    // Nothing is opened any more: no file, and no way into the network.
    no_more(Resource::Nofile, 0, 0)?;
    no_more(Resource::Nproc, 0, 0)?;
    set_no_new_privs(true)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

/// What is to be printed.
#[derive(Default)]
struct Answers {
    lines: Vec<u8>,
}

impl Answers {
    /// One line more, as long as the other side takes so much in.
    fn say(&mut self, answer: &Answer) -> Result<(), FileError> {
        let written = serde_json::to_writer(&mut self.lines, answer);
        written.map_err(|_| FileError::Stopped(Stop::Crash))?;
        self.lines.push(b'\n');
        if self.lines.len() as u64 > VOLUME {
            return Err(FileError::Stopped(Stop::Volume));
        }
        Ok(())
    }
}
