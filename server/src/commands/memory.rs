//! The memory of a server that takes large files in.
//!
//! The allocator of glibc gives a large piece back to the system when it is freed, but each time it raises what
//! it calls large, up to 32 MB. After some large files it keeps hundreds of megabytes that nobody uses. The
//! size stays fixed where the environment says so before the program starts, and without unsafe code there is
//! no other way to say it: so the server begins again once, in the same process, with the same arguments.

use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::config::environment;

/// The variable that fixes the size, and the size that glibc begins with.
const FIXED: (&str, &str) = ("MALLOC_MMAP_THRESHOLD_", "131072");

/// Begins the program again with the variable. Comes back where it is set, where the allocator is another one,
/// or where that fails: the server works all the same.
pub fn give_back_what_is_freed() {
    let (name, value) = FIXED;
    if !cfg!(target_env = "gnu") || environment(name).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let error = Command::new(program).args(std::env::args_os().skip(1)).env(name, value).exec();
        eprintln!("tablee: memory is given back late: {error}");
    }
}
