//! What the reader promises, with files made for one thing each.
//!
//! The same files stand in `fixtures/workbooks`, so that other suites can send them through the program:
//! `good/NAME` with the grid it holds in `NAME.json`, `refused/NAME` with its sentence in `sentences.json`.
//! After a change here: `TABLEE_WRITE_FIXTURES=1 cargo test -p tablee-exchange fixtures`, and read the diff.

mod build;
mod good;
mod nonsense;
mod ods;
mod refused;
mod xls;

use std::path::PathBuf;

use tablee_domain::offer::display::Language;

use super::*;
use build::Made;

fn read_all(bytes: &[u8]) -> Result<RawBook, FileError> {
    read(bytes, &Limits::default())
}

fn fixtures(folder: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/workbooks").join(folder)
}

#[expect(clippy::disallowed_methods, reason = "asked for by hand, to write the fixtures anew")]
fn is_written_anew() -> bool {
    std::env::var_os("TABLEE_WRITE_FIXTURES").is_some()
}

/// The stored fixture, made first where that was asked for.
fn stored(path: &std::path::Path, make: impl FnOnce() -> Vec<u8>) -> Vec<u8> {
    if is_written_anew() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, make()).unwrap();
    }
    std::fs::read(path).unwrap_or_else(|error| panic!("`{}`: {error}", path.display()))
}

#[test]
fn fixtures_of_good_files_hold_their_grids() {
    for (name, made) in good::files() {
        let bytes = stored(&fixtures("good").join(name), || made.clone());

        let book = read_all(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));

        let json = serde_json::to_string_pretty(&book).unwrap() + "\n";
        let wanted = stored(&fixtures("good").join(format!("{name}.json")), || json.clone().into());
        assert_eq!(json, String::from_utf8(wanted).unwrap(), "{name}");
        assert_eq!(bytes, made, "{name} is not what its recipe makes");
    }
}

#[test]
fn fixtures_of_refused_files_get_their_sentences() {
    let mut sentences = std::collections::BTreeMap::new();
    for (name, made) in refused::files() {
        let bytes = stored(&fixtures("refused").join(name), made);

        let error = read_all(&bytes).map(|_| name).unwrap_err();

        assert!(!error.to_string().contains(['\n', '\r']), "{name}: one line");
        for language in [Language::French, Language::English] {
            let sentence = error.sentence(language);
            let is_one = sentence.ends_with('.') && !sentence.contains(['\n', '\r']);
            assert!(is_one && sentence.contains(':'), "{name}: {sentence}");
        }
        let crossed = serde_json::to_string(&error).unwrap();
        assert_eq!(serde_json::from_str::<FileError>(&crossed).unwrap(), error, "{name}");
        sentences.insert(name, error.to_string());
    }
    let json = serde_json::to_string_pretty(&sentences).unwrap() + "\n";
    let wanted = stored(&fixtures("refused").join("sentences.json"), || json.clone().into());
    assert_eq!(json, String::from_utf8(wanted).unwrap());
}

#[test]
fn a_file_just_within_a_limit_is_read() {
    let limits = Limits::default();
    let long = "é".repeat(limits.cell_bytes / 2);
    let cell =
        |at: &str, text: &str| format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let rows = format!(
        r#"<row r="1">{}{}</row><row r="60000">{}</row>"#,
        cell("A1", &long),
        cell("IV1", "last column"),
        cell("A60000", "last row")
    );
    let mut made = Made::of_rows(&rows);
    for sheet in 2..=limits.sheets {
        made = made.sheet(&format!("S{sheet}"), "<sheetData/>");
    }

    let book = read_all(&made.bytes()).unwrap();

    assert_eq!(book.sheets.len(), 50);
    assert_eq!(book.sheets[0].rows.last().unwrap().number, 60_000);
    assert_eq!(book.sheets[0].rows[0].cells.len(), 2);
}

#[test]
fn a_file_larger_than_we_take_is_not_even_opened() {
    let limits = Limits { file_bytes: 10, ..Limits::default() };

    assert_eq!(read(b"12345678901", &limits), Err(FileError::TooLarge(Excess::File(10))));
    assert!(read(b"1234567890", &limits).is_ok());
}

#[test]
fn whoever_takes_the_pieces_can_end_the_reading() {
    let made = Made::of_rows(
        r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>"#,
    );
    let mut pieces = 0;

    let outcome = read_pieces(&made.bytes(), &Limits::default(), &mut |piece| {
        pieces += 1;
        if matches!(piece, Piece::Row(_)) { Err(FileError::Stopped(Stop::Volume)) } else { Ok(()) }
    });

    assert_eq!((outcome, pieces), (Err(FileError::Stopped(Stop::Volume)), 3));
}
