//! Any bytes as the records of a workbook of Excel 97: a book or a sentence.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tablee_exchange::Limits;
use tablee_exchange::read::read;

fuzz_target!(|bytes: &[u8]| {
    let _ = read(&[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes].concat(), &Limits::default());
});
