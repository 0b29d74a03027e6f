//! A clock, a source of chance and a folder that tests own.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use tablee_domain::ids::Timestamp;
use tablee_live::{Chance, Clock};

/// A clock that stands still until a test moves it.
pub struct TestClock(AtomicI64);

impl TestClock {
    /// 2026-11-23, noon.
    pub fn at_noon() -> Self {
        Self(AtomicI64::new(1_795_435_200_000))
    }

    pub fn minutes_pass(&self, minutes: i64) {
        self.0.fetch_add(minutes * 60_000, Ordering::SeqCst);
    }

    pub fn days_pass(&self, days: i64) {
        self.minutes_pass(days * 24 * 60);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// Chance that is the same in each run.
pub struct TestChance(Mutex<u64>);

impl TestChance {
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Chance for TestChance {
    /// `SplitMix64`.
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap();
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = *state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^= mixed >> 31;
            chunk.copy_from_slice(&mixed.to_le_bytes()[..chunk.len()]);
        }
    }
}

/// A folder that goes when the test ends.
pub struct Folder(PathBuf);

impl Folder {
    pub fn fresh() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path =
            std::env::temp_dir().join(format!("tablee-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Another one that holds the same.
    pub fn copied(&self) -> Self {
        let copy = Self::fresh();
        for file in std::fs::read_dir(&self.0).unwrap() {
            let file = file.unwrap().path();
            if file.is_file() {
                std::fs::copy(&file, copy.0.join(file.file_name().unwrap())).unwrap();
            }
        }
        copy
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
