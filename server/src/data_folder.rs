//! The folder that holds everything a server keeps, and the lock that makes it one server's.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::Context;

const LOCK: &str = "tablee.lock";

/// A data folder that this process has for itself. The system gives it back when the process ends, however
/// it ends.
#[derive(Debug)]
pub struct DataFolder {
    lock: File,
}

impl DataFolder {
    /// Makes the folder where it is missing and takes it.
    pub fn take(folder: &Path) -> anyhow::Result<Self> {
        let shown = folder.display();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .with_context(|| format!("the data folder `{shown}` cannot be made"))?;
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(folder.join(LOCK))
            .with_context(|| format!("the data folder `{shown}` cannot be written"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let who = read_address(&mut lock).unwrap_or_default();
                let who =
                    if who.is_empty() { String::new() } else { format!(" (it listens on {who})") };
                anyhow::bail!("the data folder `{shown}` is in use by another tablee{who}");
            }
            Err(TryLockError::Error(cause)) => {
                return Err(cause)
                    .with_context(|| format!("the data folder `{shown}` cannot be locked"));
            }
        }
        let mut folder = Self { lock };
        folder.tell_address("")?;
        Ok(folder)
    }

    /// Leaves the address we listen on, for commands that print links beside the server.
    pub fn tell_address(&mut self, address: &str) -> anyhow::Result<()> {
        let written = self
            .lock
            .set_len(0)
            .and_then(|()| self.lock.seek(SeekFrom::Start(0)))
            .and_then(|_| self.lock.write_all(address.as_bytes()));
        written.context("the data folder cannot be written")
    }

    /// Where the server of a folder listens, if one runs.
    pub fn address_of_server(folder: &Path) -> Option<String> {
        let mut lock = File::open(folder.join(LOCK)).ok()?;
        match lock.try_lock_shared() {
            // Nobody has it: what stands there is old.
            Ok(()) | Err(TryLockError::Error(_)) => None,
            Err(TryLockError::WouldBlock) => {
                read_address(&mut lock).filter(|address| !address.is_empty())
            }
        }
    }
}

fn read_address(lock: &mut File) -> Option<String> {
    let mut address = String::new();
    lock.seek(SeekFrom::Start(0)).ok()?;
    lock.take(300).read_to_string(&mut address).ok()?;
    Some(address)
}
