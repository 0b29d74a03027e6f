//! Any bytes as a file of any kind, most often a table of text: a book or a sentence.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tablee_exchange::Limits;
use tablee_exchange::read::read;

fuzz_target!(|bytes: &[u8]| {
    let _ = read(bytes, &Limits::default());
});
