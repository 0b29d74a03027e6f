//! Bytes that were an update once: whatever they are now, they harm nobody.
//!
//! `TABLEE_MUTANTS` says how many are made (by default what a suite can afford), `TABLEE_SEED` from which
//! number; a failure says both, and the bytes.

#![expect(clippy::ptr_arg, reason = "all mutators have one signature")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::bytes::*;
use super::corpus;
use super::support::*;
use crate::{Limits, TableDocument};

const MUTANTS: usize = 4_000;
/// Accepted mutants that change one document before it starts anew: what one leaves is what the next finds.
const LIVES: usize = 25;

/// The same numbers each time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % sides.max(1) as u64) as usize
    }
}

type Mutator = fn(&mut Dice, &mut Vec<u8>, &[u8]);
const MUTATORS: [Mutator; 7] = [flip, replace, splice, truncate, duplicate, inflate, renumber];

/// Changes a few bits.
fn flip(dice: &mut Dice, update: &mut Vec<u8>, _: &[u8]) {
    for _ in 0..=dice.throw(3) {
        let at = dice.throw(update.len());
        if let Some(byte) = update.get_mut(at) {
            *byte ^= 1 << dice.throw(8);
        }
    }
}

/// Puts a byte that means something in place of another: kinds, flags and numbers at their limits.
fn replace(dice: &mut Dice, update: &mut Vec<u8>, _: &[u8]) {
    const BYTES: [u8; 16] =
        [0, 1, 2, 7, 10, 0x1f, 0x21, 0x27, 0x28, 0x40, 0x7f, 0x80, 0x81, 0x84, 0xc4, 0xff];
    let at = dice.throw(update.len());
    if let Some(byte) = update.get_mut(at) {
        *byte = BYTES[dice.throw(BYTES.len())];
    }
}

/// Begins as one update and ends as another.
fn splice(dice: &mut Dice, update: &mut Vec<u8>, other: &[u8]) {
    update.truncate(dice.throw(update.len() + 1));
    update.extend(&other[dice.throw(other.len() + 1)..]);
}

fn truncate(dice: &mut Dice, update: &mut Vec<u8>, _: &[u8]) {
    update.truncate(dice.throw(update.len() + 1));
}

/// Says a part twice.
fn duplicate(dice: &mut Dice, update: &mut Vec<u8>, _: &[u8]) {
    let from = dice.throw(update.len() + 1);
    let to = (from + dice.throw(24)).min(update.len());
    let part = update[from..to].to_vec();
    update.splice(to..to, part);
}

/// Writes a small integer with more bytes than it needs, or makes it a great one.
fn inflate(dice: &mut Dice, update: &mut Vec<u8>, _: &[u8]) {
    let at = dice.throw(update.len());
    let Some(byte) = update.get(at).copied().filter(|byte| *byte < 0x80) else { return };
    let longer: &[u8] = match dice.throw(4) {
        0 => &[byte | 0x80, 0x80, 0],
        1 => &[0xff, 0xff, 0xff, 0xff, 0x0f],
        2 => &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
        _ => &[byte | 0x80, 0],
    };
    update.splice(at..=at, longer.iter().copied());
}

/// Counts one up or down: clocks, lengths and writers that are nearly right.
fn renumber(dice: &mut Dice, update: &mut Vec<u8>, _: &[u8]) {
    let at = dice.throw(update.len());
    if let Some(byte) = update.get_mut(at) {
        *byte = if dice.throw(2) == 0 { byte.wrapping_add(1) } else { byte.wrapping_sub(1) };
    }
}

/// Mutants of the corpus, each made of one or two updates by up to three changes; and updates put together
/// from blocks that all make sense, if not together.
struct Mutants {
    seeds: Vec<Vec<u8>>,
    dice: Dice,
}

impl Mutants {
    fn next(&mut self) -> Vec<u8> {
        let mut update = match self.dice.throw(3) {
            0 => self.pieced_together(),
            _ => self.seeds[self.dice.throw(self.seeds.len())].clone(),
        };
        for _ in 0..self.dice.throw(4) {
            let other = self.dice.throw(self.seeds.len());
            let mutator = MUTATORS[self.dice.throw(MUTATORS.len())];
            mutator(&mut self.dice, &mut update, &self.seeds[other]);
        }
        update
    }

    fn pieced_together(&mut self) -> Vec<u8> {
        let writer = [10, 11, 12, 40, 20][self.dice.throw(5)];
        let clock = if writer == 40 { 3 + self.dice.throw(3) as u32 } else { 0 };
        let blocks: Vec<_> = (0..=self.dice.throw(5)).map(|_| self.block(writer).0).collect();
        let (from, len) = (self.dice.throw(30) as u32, 1 + self.dice.throw(3) as u32);
        let deleted = [writer, 20, SERVER.0][self.dice.throw(3)];
        match self.dice.throw(3) {
            0 => update(&[(writer, clock, &blocks)], &[(deleted, &[(from, len)])]),
            1 => update(&[(writer, clock, &blocks)], &[(writer, &[(clock, len)])]),
            _ => update(&[(writer, clock, &blocks)], &[]),
        }
    }

    /// An element that may be there: of the server, of Nour, or of the update itself.
    fn element(&mut self, writer: u64) -> (u64, u32) {
        let writer = [writer, writer, SERVER.0, 20, 40][self.dice.throw(5)];
        (writer, self.dice.throw(if writer == SERVER.0 { 30 } else { 8 }) as u32)
    }

    fn block(&mut self, writer: u64) -> Bytes {
        const KEYS: [&str; 12] = [
            "ville",
            "heures",
            "statut",
            "themes/eau",
            "tarifs/t1",
            "titre",
            "notes",
            "~order",
            "~deleted",
            "heures~said",
            "ville~said",
            "~base",
        ];
        let (one, other) = (self.element(writer), self.element(writer));
        let key = KEYS[self.dice.throw(KEYS.len())];
        let place = match self.dice.throw(8) {
            0 => At::at_root("rows", ["r1", "n1", "n2"][self.dice.throw(3)]),
            1 if self.dice.throw(2) == 0 => At::between(one, (one.0, self.dice.throw(8) as u32)),
            1 => At::between(one, other),
            2 => At::before(one),
            3 | 4 => At::after(one.0, one.1),
            5 => At::inside(one),
            _ => At::under(one, key),
        };
        match self.dice.throw(7) {
            0 => place.map(),
            1 => place.content(7, &[2]),
            2 => place.deleted(1 + self.dice.throw(3) as u32),
            3 | 4 => place.letters(["a", "é🎈", "mot"][self.dice.throw(3)]),
            5 => place.value(&[119, 1, b'v']),
            _ => place.values(&[self.dice.throw(60) as u8]),
        }
    }
}

/// Says of each mutant which it is, should the work with it fail.
fn each_mutant(mut work: impl FnMut(&[u8])) {
    let (seed, count) = (from_env("TABLEE_SEED", 1), from_env("TABLEE_MUTANTS", MUTANTS));
    let seeds = corpus::updates().into_values().collect();
    let mut mutants = Mutants { seeds, dice: Dice(seed as u64) };
    for number in 0..count {
        let mutant = mutants.next();
        // What fails says where; here only which mutant it was.
        let done = catch_unwind(AssertUnwindSafe(|| work(&mutant)));
        assert!(done.is_ok(), "mutant {number} of seed {seed}: {mutant:?}");
    }
    println!("{count} mutants of seed {seed}");
}

#[expect(clippy::disallowed_methods, reason = "a suite has no settings of its own")]
fn from_env(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

fn kept_stage() -> TableDocument {
    let mut table = TableDocument::load(FIRST, SERVER, Some(&corpus::stage()), []).unwrap();
    for (writer, owner) in [(20, NOUR), (40, LEA)] {
        table.claim(tablee_domain::ids::Writer(writer), Some(owner));
    }
    table
}

#[test]
fn the_reader_answers_whatever_the_bytes() {
    let table = kept_stage();

    each_mutant(|mutant| {
        let _ = table.judge(mutant, LEA, &Limits::default());
        let _ = table.diff(mutant);
    });

    assert_eq!(table.values(), kept_stage().values());
}

/// What was admitted since the document was as it is kept; said if the test fails.
#[derive(Default)]
struct Taken(Vec<Vec<u8>>);

impl Drop for Taken {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("it came after: {:?}", self.0);
        }
    }
}

#[test]
fn whatever_is_admitted_is_applied_whole_and_everybody_can_load_the_document() {
    let (mut table, mut taken) = (kept_stage(), Taken::default());
    let mut accepted = 0;

    each_mutant(|mutant| {
        let Ok(judgement) = judge(&table, mutant, LEA) else { return };
        let before = table.snapshot();
        let is_noop = judgement.is_noop();
        taken.0.push(mutant.to_owned());

        let applied = table.apply(mutant, judgement).unwrap();

        accepted += 1;
        assert_eq!(is_noop, applied.update.is_empty());
        assert_eq!(reloaded(&table).values(), table.values());
        // Who was there hears of it, and sees what those see who come now.
        let follower = Tab::with_state(8, &before);
        follower.receives(&applied.update);
        assert_eq!(follower.cells(), shown(&table));
        if taken.0.len() == LIVES {
            (table, taken) = (kept_stage(), Taken::default());
        }
    });

    println!("{accepted} were admitted");
    assert!(accepted > 0);
}
