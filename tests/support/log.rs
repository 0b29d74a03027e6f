//! What this process logs. A process has one log, and spans cross its threads: the tests of one binary share it, and
//! each looks for its own words.

use std::sync::{LazyLock, Mutex};

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

static LOG: LazyLock<Log> = LazyLock::new(Log::begun);

/// The log from the first test on that listens.
pub struct Log {
    /// What an operator reads.
    told: Page,
    /// Lines of every level that hold a word somebody listens for.
    heard: Page,
}

/// Begins to listen. The words are looked for at every level, whatever their case.
pub fn listens(words: &[&'static str]) -> &'static Log {
    let log = &*LOG;
    log.heard.words.lock().unwrap().extend(words.iter().map(|word| word.to_lowercase()));
    log
}

impl Log {
    fn begun() -> Self {
        let (told, heard) = (Page::default(), Page::default());
        told.words.lock().unwrap().push(String::new());
        let filter = EnvFilter::new("info,tablee=debug,tablee_live=debug");
        let layer = tracing_subscriber::fmt::layer().with_ansi(false);
        let read = layer.with_writer(told.clone()).with_filter(filter);
        let layer = tracing_subscriber::fmt::layer().with_ansi(false);
        let all = layer.with_writer(heard.clone());
        let log = tracing_subscriber::registry().with(read).with(all);
        tracing::subscriber::set_global_default(log).expect("nobody else logs");
        Self { told, heard }
    }

    /// What an operator reads, of all tests that ran since.
    pub fn told(&self) -> String {
        self.told.lines.lock().unwrap().concat()
    }

    /// The lines of every level that hold the word.
    pub fn lines_with(&self, word: &str) -> Vec<String> {
        let lines = self.heard.lines.lock().unwrap();
        lines
            .iter()
            .filter(|line| line.to_lowercase().contains(&word.to_lowercase()))
            .cloned()
            .collect()
    }
}

/// Keeps the lines that hold one of its words.
#[derive(Clone, Default)]
struct Page {
    words: std::sync::Arc<Mutex<Vec<String>>>,
    lines: std::sync::Arc<Mutex<Vec<String>>>,
}

impl std::io::Write for Page {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        let small = text.to_lowercase();
        if self.words.lock().unwrap().iter().any(|word| small.contains(word.as_str())) {
            self.lines.lock().unwrap().push(text.into_owned());
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'p> MakeWriter<'p> for Page {
    type Writer = Self;
    fn make_writer(&'p self) -> Self {
        self.clone()
    }
}
