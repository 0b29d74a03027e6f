//! Bytes that nobody meant: whatever comes, there is a book or a sentence.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::{fixtures, good, ods, xls};
use crate::Limits;
use crate::read::{FileError, read};

/// Small, so that a mutation that asks for much is refused at once.
fn limits() -> Limits {
    Limits { part_bytes: 1 << 20, unpacked_bytes: 4 << 20, cells: 50_000, ..Limits::default() }
}

static STREAM: LazyLock<Vec<u8>> = LazyLock::new(xls::good_stream);
static CONTENT: LazyLock<Vec<u8>> = LazyLock::new(ods::good_content);
static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(seeds);

/// A good file of each kind.
fn seeds() -> Vec<Vec<u8>> {
    let chosen = [
        "caches.xlsx",
        "liens.xlsx",
        "dates-1904.xlsx",
        "textes.xlsx",
        "excel.csv",
        "unicode-tabulations.csv",
    ];
    let of_recipes = good::files().into_iter().filter(|(name, _)| chosen.contains(name));
    let by_others = ["inventaire-bureau.ods", "inventaire-bureau.xls", "inventaire-ancien.xls"];
    let by_others =
        by_others.iter().filter_map(|name| std::fs::read(fixtures("good").join(name)).ok());
    of_recipes.map(|(_, bytes)| bytes).chain([ods::good(), xls::good()]).chain(by_others).collect()
}

#[derive(Debug, Clone)]
enum Harm {
    Set(usize, u8),
    Flip(usize, u8),
    Cut(usize),
    Drop(usize, usize),
    Repeat(usize, usize),
    Word(usize, u32),
}

fn harm() -> impl Strategy<Value = Harm> {
    let at = any::<usize>;
    prop_oneof![
        3 => (at(), any::<u8>()).prop_map(|(at, byte)| Harm::Set(at, byte)),
        3 => (at(), 0_u8..8).prop_map(|(at, bit)| Harm::Flip(at, bit)),
        1 => at().prop_map(Harm::Cut),
        1 => (at(), 1_usize..64).prop_map(|(at, size)| Harm::Drop(at, size)),
        1 => (at(), 1_usize..64).prop_map(|(at, size)| Harm::Repeat(at, size)),
        2 => (at(), prop::sample::select(vec![0, 1, 0xff, 0xffff, 0x7fff_ffff, u32::MAX, 0xffff_fffe]))
            .prop_map(|(at, word)| Harm::Word(at, word)),
    ]
}

fn harmed(bytes: &mut Vec<u8>, harm: &Harm) {
    let size = bytes.len();
    if size == 0 {
        return;
    }
    match *harm {
        Harm::Set(at, byte) => bytes[at % size] = byte,
        Harm::Flip(at, bit) => bytes[at % size] ^= 1 << bit,
        Harm::Cut(at) => bytes.truncate(at % size),
        Harm::Drop(at, count) => {
            let at = at % size;
            bytes.drain(at..size.min(at + count));
        }
        Harm::Repeat(at, count) => {
            let at = at % size;
            let again = bytes[at..size.min(at + count)].to_vec();
            bytes.splice(at..at, again);
        }
        Harm::Word(at, word) => {
            let at = at % size;
            let end = size.min(at + 4);
            bytes[at..end].copy_from_slice(&word.to_le_bytes()[..end - at]);
        }
    }
}

/// A book within the limits, or a sentence of one line.
fn ends_well(bytes: &[u8]) -> Result<(), TestCaseError> {
    match read(bytes, &limits()) {
        Ok(book) => {
            for sheet in &book.sheets {
                prop_assert!(sheet.rows.windows(2).all(|pair| pair[0].number < pair[1].number));
                for row in &sheet.rows {
                    prop_assert!(row.number >= 1 && row.number <= limits().rows);
                    prop_assert!(row.cells.windows(2).all(|pair| pair[0].column < pair[1].column));
                    prop_assert!(row.cells.iter().all(|cell| cell.column < limits().columns));
                }
            }
        }
        Err(error) => prop_assert!(is_one_line(&error), "{error:?}"),
    }
    Ok(())
}

fn is_one_line(error: &FileError) -> bool {
    !error.to_string().contains(['\n', '\r'])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn a_file_that_was_harmed_gives_a_book_or_a_sentence(
        seed in any::<usize>(),
        harms in prop::collection::vec(harm(), 1..12),
    ) {
        let mut bytes = SEEDS[seed % SEEDS.len()].clone();
        for harm in &harms {
 harmed(&mut bytes, harm);
}

        ends_well(&bytes)?;
    }

    #[test]
    fn content_that_was_harmed_inside_its_archive_gives_a_book_or_a_sentence(
        harms in prop::collection::vec(harm(), 1..12),
        is_stream in any::<bool>(),
    ) {
        let bytes = if is_stream {
            let mut stream = STREAM.clone();
            for harm in &harms {
 harmed(&mut stream, harm);
}
            xls::compound("Workbook", &stream)
        } else {
            let mut content = CONTENT.clone();
            for harm in &harms {
 harmed(&mut content, harm);
}
            ods::of_content(content)
        };

        ends_well(&bytes)?;
    }

    #[test]
    fn any_bytes_at_all_give_a_book_or_a_sentence(
        begin in prop::sample::select(vec![
            &b""[..], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"sep=;\n",
        ]),
        rest in prop::collection::vec(any::<u8>(), 0..2_000),
    ) {
        ends_well(&[begin, &rest].concat())?;
    }

    #[test]
    fn every_word_of_a_table_of_text_is_found_in_its_book(
        rows in prop::collection::vec(prop::collection::vec("[a-zé ,;\"\n]{0,12}", 1..6), 1..6),
    ) {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let lines = rows.iter().map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(";"));
        let text = format!("sep=;\n{}\n", lines.collect::<Vec<_>>().join("\n"));

        for bytes in [
            text.as_bytes().to_vec(),
            [&b"\xff\xfe"[..], &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat(),
            encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        ] {
            let Ok(book) = read(&bytes, &limits()) else { continue };
            let found: Vec<&str> =
                book.sheets[0].rows.iter().flat_map(|row| &row.cells).map(|cell| cell.shown.as_str()).collect();
            let wanted: Vec<&str> =
                rows.iter().flatten().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
            prop_assert_eq!(found, wanted);
        }
    }
}
