//! Chance that is the same in every run, unless `TABLEE_SEED` says otherwise.

pub struct Dice {
    pub seed: u64,
    state: u64,
}

impl Dice {
    /// The dice of a seed.
    pub fn of(seed: u64) -> Self {
        Self { seed, state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    /// The dice of the seed in the environment.
    pub fn of_env(otherwise: usize) -> Self {
        Self::of(from_env("TABLEE_SEED", otherwise) as u64)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() >> 33) as usize % end
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// A number of the environment.
#[expect(clippy::disallowed_methods, reason = "a suite has no settings of its own")]
pub fn from_env(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}
