//! Reads the arguments, runs the command, prints what went wrong on one line.

use std::process::ExitCode;

use clap::Parser;
use tablee::commands::{Arguments, run};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("tablee: {}", one_line(&error));
            ExitCode::from(2)
        }
    }
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
