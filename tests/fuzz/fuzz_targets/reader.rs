//! Any bytes as an update or a state vector: admission answers, and touches nothing.

#![no_main]

use std::cell::LazyCell;

use libfuzzer_sys::fuzz_target;
use tablee_document::{Limits, TableDocument};
use tablee_domain::ids::{Epoch, PersonId, Writer};

const STAGE: &[u8] = include_bytes!("../../../fixtures/documents/corpus/stage.yjs");

thread_local! {
    static TABLE: LazyCell<TableDocument> = LazyCell::new(|| {
        TableDocument::load(Epoch(1), Writer(1), Some(STAGE), []).expect("the corpus can be read")
    });
}

fuzz_target!(|bytes: &[u8]| {
    TABLE.with(|table| {
        let _ = table.judge(bytes, PersonId(1), &Limits::of_step2());
        let _ = table.diff(bytes);
    });
});
