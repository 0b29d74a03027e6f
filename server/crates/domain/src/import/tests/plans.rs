//! Plans of small files.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::super::*;
use super::support::{HEADER, applied, asked, book, empty_table, first_plan};
use crate::ids::{ColumnId, RowId};
use crate::offer::Status;
use crate::reading::{Why, text};
use crate::table::defaults::formations;
use crate::table::{Plain, Row};
use crate::text::fold;

fn everything_told(plan: &ImportPlan) -> BTreeSet<String> {
    let mut told = String::new();
    let mut tell = |words: &str| {
        told.push(' ');
        told.push_str(&fold(words));
    };
    for sheet in &plan.sheets {
        sheet.header.iter().flat_map(|it| &it.columns).for_each(|cell| tell(&cell.words));
    }
    for row in &plan.added {
        for (key, value) in &row.values {
            match value {
                Plain::Text(text) => tell(text),
                Plain::Map(options) => options.keys().for_each(|option| tell(option)),
                _ => {}
            }
            // An option says its label.
            let columns = formations();
            let column = columns.iter().find(|column| column.id.as_str() == key);
            for option in column.into_iter().flat_map(|column| &column.options) {
                tell(&option.label.fr);
            }
        }
    }
    plan.not_offers.iter().for_each(|row| tell(&row.words));
    plan.complaints.iter().for_each(|complaint| tell(&complaint.words));
    told.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect()
}

#[test]
fn the_first_import_publishes_what_is_complete_and_marks_the_rest() {
    let plan = first_plan(&book(&[
        HEADER,
        &["Animer", "Lisode", "formation courte", "eau", "2 jours", "https://lisode.com"],
        &["Évaluer", "", "MOOC", "", "", "https://x.fr"],
        &["Débattre", "Lisode", "on ne sait", "", "", "https://y.fr"],
    ]));

    let states: Vec<_> = plan.added.iter().map(|row| (row.status, row.missing.clone())).collect();
    let wanted = [
        (Status::Published, vec![]),
        (Status::ToCheck, vec![crate::offer::Missing::Provider]),
        (Status::ToCheck, vec![crate::offer::Missing::Type]),
    ];
    assert_eq!(states, wanted);
    assert!(plan.added.iter().all(|row| row.values.iter().any(|(key, _)| key == "etat")));
}

#[test]
fn a_later_import_leaves_publishing_to_the_pilots() {
    let book = book(&[HEADER, &["Animer", "Lisode", "MOOC", "", "", "https://lisode.com"]]);
    let existing = empty_table();
    let question = asked(&book, &existing);

    assert_eq!(plan(question).added[0].status, Status::ToCheck);
}

#[test]
fn the_same_file_again_changes_nothing_even_after_people_worked() {
    let book = book(&[
        HEADER,
        &[
            "Animer",
            "Lisode",
            "formation courte (intra)",
            "eau ; autre chose",
            "2 jours",
            "https://a.fr",
        ],
        &["Animer", "Lisode", "MOOC", "", "", "https://a.fr"],
        &["Évaluer"],
    ]);
    let mut table = empty_table();
    let remembered = applied(&first_plan(&book), &mut table);
    table.rows[0].cells.insert(ColumnId::new("intitule").unwrap(), "Tout changé".into());
    table.rows[1].deleted = true;

    let again = plan(Question { remembered: &remembered, ..asked(&book, &table) });

    assert!(again.changes_nothing());
    assert_eq!((again.same.len(), again.conflicts.len()), (3, 0));
}

#[test]
fn a_file_that_changed_changes_only_what_nobody_touched() {
    let before = book(&[HEADER, &["Animer", "Lisode", "MOOC", "eau", "2 jours", "https://a.fr"]]);
    let after = book(&[HEADER, &["Animer", "Lisode", "atelier", "eau", "3 jours", "https://a.fr"]]);
    let mut table = empty_table();
    let remembered = applied(&first_plan(&before), &mut table);
    table.rows[0].cells.insert(ColumnId::new("type").unwrap(), "autre".into());

    let plan = plan(Question { remembered: &remembered, ..asked(&after, &table) });

    let changed: Vec<_> = plan.changed[0].cells.iter().map(|cell| cell.key.as_str()).collect();
    assert!(changed.contains(&"duree_texte"));
    assert_eq!(plan.conflicts.len(), 1);
    assert_eq!(plan.conflicts[0].cell.key, "type");
}

#[test]
fn a_state_written_in_a_file_holds_a_new_row_back_and_moves_no_known_one() {
    let header: &[&str] = &["Intitulé", "Organisme", "Type", "Lien", "Statut"];
    let row = |state| ["Animer", "Lisode", "MOOC", "https://a.fr", state];
    let (before, after) = (book(&[header, &row("archivé")]), book(&[header, &row("publiée")]));
    let mut table = empty_table();
    let first = first_plan(&before);
    let remembered = applied(&first, &mut table);

    let again = plan(Question { remembered: &remembered, ..asked(&after, &table) });

    assert_eq!(first.added[0].status, Status::Archived);
    assert_eq!(first.complaints[0].words, "archivé");
    assert!(again.changes_nothing());
    assert_eq!(again.complaints[0].why, Why::StateOfTheFile);
}

#[test]
fn an_offer_that_people_had_added_is_not_added_twice() {
    let book = book(&[HEADER, &["Animer", "LISODE", "", "", "", "http://www.a.fr/"]]);
    let mut table = empty_table();
    let cells = [("intitule", "animer"), ("organisme", "Lisode"), ("url", "https://a.fr")];
    let cells = cells.map(|(key, text)| (ColumnId::new(key).unwrap(), Plain::from(text)));
    table.rows.push(Row {
        id: RowId::new("a").unwrap(),
        cells: cells.into(),
        said: BTreeMap::new(),
        order: String::new(),
        deleted: false,
    });

    let plan = plan(asked(&book, &table));

    assert_eq!(plan.added.len(), 0);
}

#[test]
fn a_second_copy_is_taken_and_said() {
    let row: &[&str] = &["Animer", "Lisode", "MOOC", "", "", "https://a.fr"];
    let again: &[&str] = &["ANIMER ", "Lisode", "MOOC", "", "", "https://a.fr/"];

    let plan = first_plan(&book(&[HEADER, row, again]));

    assert_eq!(plan.added.len(), 2);
    assert!(plan.complaints.iter().any(|it| it.why == Why::TwiceInFile && it.row == 3));
}

#[test]
fn notes_and_sheets_of_lists_are_told_and_not_taken() {
    let mut book = book(&[HEADER, &["Animer", "Lisode"]]);
    book.sheets[0].notes = vec![RawNote { row: 2, column: 0, text: "vérifié par tel".into() }];
    let list = RawRow { number: 1, hidden: false, cells: vec![RawCell::text(0, "MOOC")] };
    book.sheets.push(RawSheet { name: "Listes".into(), rows: vec![list], ..RawSheet::default() });

    let plan = first_plan(&book);

    assert_eq!(plan.complaints[0].words, "vérifié par tel");
    assert_eq!(plan.not_offers[0].why, WhyNot::OtherSheet);
    assert_eq!((plan.sheets.len(), plan.sheets[1].take), (2, false));
}

#[test]
fn the_plan_is_printed_as_the_contract_says() {
    let plan = first_plan(&book(&[HEADER, &["Animer", "Lisode", "", "", "", "", "x"]]));

    let json = plan.to_json(None);

    assert_eq!(json["sheet"], "Feuille");
    assert_eq!(json["header_line"], 1);
    assert_eq!(json["mapping"][0]["header"], "Intitulé");
    assert_eq!(json["mapping"][0]["column"], "intitule");
    assert_eq!(json["mapping"][6]["column"], Value::Null);
    assert_eq!(
        (&json["added"], &json["changed"], &json["same"]),
        (&1.into(), &0.into(), &0.into())
    );
    for key in ["sheet", "row", "column", "words", "reason"] {
        assert!(!json["complaints"][0][key].is_null(), "{key}");
    }
    assert!(
        json["batch"].is_null() && json["conflicts"].is_array() && json["not_offers"].is_array()
    );
}

#[test]
fn a_workbook_without_any_header_adds_nothing_and_tells_every_row() {
    let plan = first_plan(&book(&[&["bonjour"], &["à", "tous"]]));

    assert_eq!((plan.added.len(), plan.not_offers.len()), (0, 2));
}

fn cell_words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zé]{1,6}",
        1 => "[a-zA-Zé0-9@:/.,;()+ \n-]{0,30}",
        1 => Just("idem".to_owned()),
        1 => Just(String::new()),
        1 => prop::sample::select(vec![
            "élus ; agents", "présentiel", "https://a.fr/b?utm_source=c", "FORMATIONS COURTES", "Total : 4",
            "formation courte (intra)", "DurĂ©e", "à vérifier", "formation@x.fr (Marie)", "NC",
        ]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_word_of_every_cell_is_found_somewhere(
        rows in prop::collection::vec(prop::collection::vec(cell_words(), 0..9), 0..8),
        links in prop::collection::vec((0usize..8, 0usize..9), 0..4),
    ) {
        let mut grid: Vec<Vec<&str>> = vec![vec!["titre du fichier"], HEADER.to_vec()];
        grid.extend(rows.iter().map(|row| row.iter().map(String::as_str).collect::<Vec<_>>()));
        let grid: Vec<&[&str]> = grid.iter().map(Vec::as_slice).collect();
        let mut book = book(&grid);
        for (row, cell) in links {
            if let Some(cell) = book.sheets[0].rows.get_mut(row + 2).and_then(|it| it.cells.get_mut(cell)) {
                cell.link = Some(format!("https://page{row}.fr/derriere"));
            }
        }

        let plan = first_plan(&book);

        let told = everything_told(&plan);
        for cell in book.sheets[0].rows.iter().flat_map(|row| &row.cells) {
            let repaired = fold(&text::repaired(&cell.shown));
            let said = format!("{} {}", fold(&cell.shown), cell.link.clone().unwrap_or_default());
            for word in said.split(|c: char| !c.is_alphanumeric()) {
                let told = told.contains(word) || repaired.contains(word)
                    && repaired.split(|c: char| !c.is_alphanumeric()).all(|it| told.contains(it));
                prop_assert!(told, "`{}` of {:?} in {:?}", word, cell, plan);
            }
        }
        prop_assert_eq!(plan.offers() + plan.not_offers.len() + 1 >= plan.sheets.len(), true);
    }

    #[test]
    fn importing_twice_is_importing_once(
        rows in prop::collection::vec(prop::collection::vec(cell_words(), 0..9), 0..8),
    ) {
        let mut grid: Vec<Vec<&str>> = vec![HEADER.to_vec()];
        grid.extend(rows.iter().map(|row| row.iter().map(String::as_str).collect::<Vec<_>>()));
        let grid: Vec<&[&str]> = grid.iter().map(Vec::as_slice).collect();
        let book = book(&grid);
        let mut table = empty_table();
        let first = first_plan(&book);
        let remembered = applied(&first, &mut table);

        let again = plan(Question { remembered: &remembered, ..asked(&book, &table) });

        prop_assert!(again.changes_nothing());
        prop_assert_eq!((again.same.len(), again.conflicts.len()), (first.added.len(), 0));
    }
}
