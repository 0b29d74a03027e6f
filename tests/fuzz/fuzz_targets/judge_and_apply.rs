//! Any bytes as an update: what is admitted is applied whole, and a fresh copy loads what it leaves.
//!
//! A panic of the engine ends the run, although the program would survive it: admission should not have let
//! those bytes pass.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tablee_document::{Limits, TableDocument};
use tablee_domain::ids::{Epoch, PersonId, Writer};

const STAGE: &[u8] = include_bytes!("../../../fixtures/documents/corpus/stage.yjs");
const LEA: PersonId = PersonId(1);

fn load(snapshot: &[u8]) -> TableDocument {
    let mut table = TableDocument::load(Epoch(1), Writer(1), Some(snapshot), [])
        .expect("what was admitted can be loaded");
    table.claim(Writer(40), Some(LEA));
    table
}

fuzz_target!(|bytes: &[u8]| {
    let mut table = load(STAGE);
    let Ok(judgement) = table.judge(bytes, LEA, &Limits::default()) else { return };
    let is_noop = judgement.is_noop();

    let applied = table.apply(bytes, judgement).expect("what was admitted is applied");

    assert_eq!(applied.update.is_empty(), is_noop);
    assert_eq!(load(&table.snapshot()).values(), table.values());
    if !is_noop {
        let mut other = load(STAGE);
        other.apply_logged(&applied.update).expect("what was logged is applied elsewhere");
        assert_eq!(other.values(), table.values());
    }
});
