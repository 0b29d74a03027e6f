//! Reads the arguments, runs the command, prints what went wrong on one line.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use tablee::commands::{Arguments, run, run_alone};

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return told(&error),
    };
    match run_alone(&arguments).unwrap_or_else(|| run_with_others(arguments)) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("tablee: {}", one_line(&error));
            ExitCode::from(2)
        }
    }
}

/// How long threads that compute may still take once all that must be kept is kept.
const WITHIN: Duration = Duration::from_secs(1);

fn run_with_others(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let code = runtime.block_on(run(arguments));
    // Nobody waits for a plan in the middle: the next start makes it.
    runtime.shutdown_timeout(WITHIN);
    code
}

/// What was asked for (`--help`), or one line about what is not understood.
fn told(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        print!("{error}");
        return ExitCode::SUCCESS;
    }
    let words = error.to_string();
    let line = words.lines().next().unwrap_or_default().trim_start_matches("error: ");
    eprintln!("tablee: {line} (see `tablee --help`)");
    ExitCode::from(2)
}

/// The chain of causes on one line, without saying the same twice.
fn one_line(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain() {
        let words = cause.to_string().replace(['\n', '\r'], " ");
        if line.contains(&words) {
            continue;
        }
        if !line.is_empty() {
            line.push_str(": ");
        }
        line.push_str(&words);
    }
    line
}
