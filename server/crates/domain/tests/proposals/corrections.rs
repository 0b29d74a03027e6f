use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tablee_domain::ids::{ColumnId, RowId};
use tablee_domain::import::{Decisions, Question, plan};
use tablee_domain::proposal::{Outcome, fill, merge, read};
use tablee_domain::table::defaults::formations;
use tablee_domain::table::{Columns, Plain, Row, TableValues};
use tablee_exchange::Limits;

/// The table as the first import of the inventory makes it.
fn inventory() -> TableValues {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/inventaire.xlsx");
    let bytes = fs::read(file).expect("the workbook");
    let book = tablee_exchange::read::read(&bytes, &Limits::default()).expect("a workbook");
    let existing = TableValues { columns: Columns::new(formations()), rows: Vec::new() };
    let plan = plan(Question {
        book: &book,
        existing: &existing,
        remembered: &[],
        first_import: true,
        decisions: &Decisions::default(),
        recalled: &BTreeMap::new(),
    });
    let rows = plan.added.iter().enumerate().map(|(at, added)| {
        let mut row = Row {
            id: RowId::new(&format!("r{at}")).unwrap(),
            cells: BTreeMap::new(),
            said: BTreeMap::new(),
            order: String::new(),
            deleted: false,
        };
        for (key, value) in &added.values {
            if let Some(column) = key.strip_suffix("~said") {
                let words = value.as_text().unwrap_or_default().to_owned();
                row.said.insert(ColumnId::new(column).unwrap(), words);
            } else {
                row.cells.insert(ColumnId::new(key).unwrap(), value.clone());
            }
        }
        row
    });
    TableValues { rows: rows.collect(), ..existing }
}

#[test]
fn a_correction_of_an_entry_of_the_inventory_sent_back_as_it_opened_asks_for_nothing() {
    let table = inventory();

    for row in &table.rows {
        let fields = fill(&table.columns, row);
        let filled = read(&table.columns, &fields, Some(row));

        assert_eq!(filled.cells, BTreeMap::new(), "{}", row.text("intitule"));
        assert_eq!(filled.errors, [], "{}", row.text("intitule"));
    }
    assert_eq!(table.rows.len(), 107);
}

#[test]
fn a_word_added_to_one_question_changes_that_one_alone() {
    let table = inventory();

    for row in table.rows.iter().step_by(9) {
        for column in ["intitule", "organisme", "resume", "contenu", "rythme"] {
            let mut fields = fill(&table.columns, row);
            let before = row.text(column).to_owned();
            fields.retain(|(name, _)| name != column);
            fields.push((column.to_owned(), format!("{before} bis")));

            let filled = read(&table.columns, &fields, Some(row));

            let keys: Vec<&str> = filled.cells.keys().map(String::as_str).collect();
            assert_eq!(keys, [column], "{before}");
            let proposed = &filled.cells[column];
            let base = filled.base.get(column).cloned().unwrap_or_default();
            let column = table.columns.get(column).unwrap();
            let outcome = merge::cell(column, &base, &base, proposed);
            assert_eq!(outcome, Outcome::Take(proposed.clone()));
        }
    }
}

#[test]
fn emptying_every_field_asks_for_nothing_to_be_kept_and_says_what_must_stay() {
    let table = inventory();
    let nothing: Vec<(String, String)> = Vec::new();

    for row in &table.rows {
        let filled = read(&table.columns, &nothing, Some(row));

        assert!(filled.cells.values().all(Plain::is_empty), "{:?}", filled.cells);
        assert!(filled.errors.iter().any(|error| error.field == "intitule"));
        assert!(!filled.cells.contains_key("etat"), "the state is the pilots'");
    }
}

#[test]
fn an_entry_filled_into_an_empty_form_gives_the_same_cells_or_its_words() {
    let table = inventory();

    for row in &table.rows {
        let fields = fill(&table.columns, row);
        let filled = read(&table.columns, &fields, None);

        for (name, words) in &fields {
            let here = filled.cells.get(name).cloned().unwrap_or_default();
            let said = filled.cells.get(&format!("{name}~said")).and_then(Plain::as_text);
            let is_said = said.is_some_and(|said| said.contains(words.as_str()));
            let same = here == *row.cell(name);
            assert!(same || is_said, "{name} of {}: {words}", row.text("intitule"));
        }
    }
}
