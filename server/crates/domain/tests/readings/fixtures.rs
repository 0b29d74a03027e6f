use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use tablee_domain::offer::display;
use tablee_domain::offer::words::vocabulary;
use tablee_domain::reading::{self, Why, duration, print};
use tablee_domain::table::Plain;

use crate::cases::{all, column_of, columns, folder, read, told};

#[test]
fn every_line_is_read_as_a_careful_person_reads_it() {
    let mut wrong = Vec::new();
    for case in all() {
        let (kind, reading) = read(&case);
        let wanted = (case.value, case.precision, case.doubts, case.also);
        let told = told(kind, &reading);
        if told != wanted {
            wrong.push(format!(
                "{} `{}`\n  read   {told:?}\n  wanted {wanted:?}",
                case.place, case.words
            ));
        }
    }

    assert!(wrong.is_empty(), "{} wrong readings:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_ninety_variants_of_the_reference_and_sixty_real_cells_are_among_the_lines() {
    let cases = all();

    let numbered =
        cases.iter().filter_map(|case| case.variant.rsplit_once('-')?.1.parse::<u32>().ok());
    let variants: BTreeSet<u32> = numbered.filter(|number| (1..=90).contains(number)).collect();
    assert_eq!(variants.len(), 90);
    assert!(cases.iter().filter(|case| case.variant.starts_with("csv:")).count() >= 60);
    assert!(cases.len() >= 300);
}

#[test]
fn a_real_cell_stands_in_the_line_of_the_file_that_it_names() {
    let text = fs::read_to_string(folder().join("../trainings.csv")).unwrap();
    let rows = rows_of(&text);

    for case in all() {
        let Some(line) = case.variant.strip_prefix("csv:") else { continue };
        let row = &rows[line.parse::<usize>().unwrap() - 1];
        let stands = row.iter().any(|cell| cell.contains(&case.words));
        assert!(stands, "{}: `{}` is not in line {line}", case.place, case.words);
    }
}

/// The cells of a file with commas and quotes.
fn rows_of(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' => {}
            c => cell.push(c),
        }
    }
    rows
}

#[test]
fn what_pages_and_files_show_of_a_list_is_read_back_as_it_was() {
    let mut wrong = Vec::new();
    for case in all() {
        let Some(column) = column_of(&case).filter(|column| column.kind.is_list()) else {
            continue;
        };
        let held = reading::items(&case.value);

        let shown = display::value(&column, &held, display::Language::French);

        let read = reading::read(&column, &vocabulary(&column), &shown).value;
        let words = matches!(&case.value, Plain::List(items) if items.iter().any(|item| {
            item.as_map().is_some_and(|item| item.contains_key("texte"))
        }));
        if read != case.value && !words {
            wrong.push(format!("{} `{shown}` is {read:?}", case.place));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_was_read_is_read_again_from_what_we_print() {
    for case in all() {
        let (_, reading) = read(&case);
        let again = match (column_of(&case), case.file.as_str()) {
            (Some(column), _) => {
                let printed = print::print(&column, &reading.value);
                (reading::read(&column, &vocabulary(&column), &printed).value, printed)
            }
            (None, "duration") => {
                let printed = print::duration(&reading.value);
                (duration::duration(&printed).value, printed)
            }
            _ => continue,
        };

        assert_eq!(again.0, reading.value, "{} printed `{}`", case.place, again.1);
    }
}

#[test]
fn each_doubt_of_a_reading_has_a_line() {
    // These are about files and their rows, not about the words of one cell.
    let of_files: BTreeSet<Why> = [
        Why::DateByAccident,
        Why::ErrorCell,
        Why::SameAsAbove,
        Why::NothingAbove,
        Why::LinkText,
        Why::LinkBehindText,
        Why::UnknownColumn,
        Why::OutsideHeader,
        Why::NoteNotTaken,
        Why::HiddenRow,
        Why::HiddenColumn,
        Why::TwiceInFile,
        Why::UnknownId,
        Why::StateOfTheFile,
        Why::TaxOfHeader,
        Why::OtherCellSays,
        Why::CatalogueCode,
        Why::TooManyItems,
    ]
    .into();
    let seen: BTreeSet<String> = all().into_iter().flat_map(|case| case.doubts).collect();

    let of_cells = Why::ALL.iter().filter(|why| !of_files.contains(why));
    let unseen: Vec<&str> =
        of_cells.map(|why| why.key()).filter(|key| !seen.contains(*key)).collect();
    assert!(unseen.is_empty(), "no line has {unseen:?}");
}

/// The columns and their words as the client's tests need them.
fn columns_as_json() -> Value {
    let columns = columns().into_iter().map(|column| {
        let known: BTreeMap<String, String> = vocabulary(&column).words().collect();
        let mut json = serde_json::to_value(&column).expect("a column is plain");
        json["words"] = serde_json::to_value(known).expect("words are plain");
        json
    });
    columns.collect()
}

#[test]
fn the_columns_of_the_client_s_tests_are_those_that_a_table_starts_with() {
    let text = fs::read_to_string(folder().join("columns.json")).unwrap();

    let written: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        written,
        columns_as_json(),
        "write it anew: cargo test -p tablee-domain -- --ignored"
    );
}

#[test]
#[ignore = "writes a fixture"]
fn the_columns_are_written_anew() {
    let text = serde_json::to_string_pretty(&columns_as_json()).unwrap();
    fs::write(folder().join("columns.json"), text + "\n").unwrap();
}

#[test]
fn a_list_is_held_by_ids_that_say_the_place() {
    let list = Plain::List(vec!["a".into(), "b".into()]);

    let held = reading::items(&list);

    assert_eq!(held, Plain::Map([("i01".into(), "a".into()), ("i02".into(), "b".into())].into()));
}
