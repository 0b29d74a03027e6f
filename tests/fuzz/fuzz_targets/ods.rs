//! Any bytes as the content of an OpenDocument workbook: a book or a sentence.

#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use tablee_exchange::Limits;
use tablee_exchange::read::read;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fuzz_target!(|bytes: &[u8]| {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("mimetype", &b"x"[..]), ("content.xml", bytes)] {
        let begun = zip.start_file(name, SimpleFileOptions::default());
        begun.and_then(|()| Ok(zip.write_all(content)?)).expect("memory takes it");
    }
    let file = zip.finish().expect("memory takes it").into_inner();
    let _ = read(&file, &Limits::default());
});
