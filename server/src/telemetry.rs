//! Log lines, for people or for machines. They go to standard error; standard output is for answers.
//!
//! Each line is one event, where it was handled. Addresses of people, tokens, codes and cell values are never
//! fields of one.

use std::io::IsTerminal;

use anyhow::Context;
use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// Starts logging. Called once, by the command that runs.
pub fn start(config: &LogConfig) -> anyhow::Result<()> {
    // An old cookie is no event: anybody could fill the log with such.
    let words = format!("tower_sessions_core=error,tower_sessions=error,{}", config.filter);
    let filter = EnvFilter::try_new(&words)
        .with_context(|| format!("`{}` is not a log filter", config.filter))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match config.format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|_| anyhow::anyhow!("the log was started twice"))
}
