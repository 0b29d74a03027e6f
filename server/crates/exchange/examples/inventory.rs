//! Makes `fixtures/workbooks/good/inventaire-tableau.xlsx` as `rust_xlsxwriter` writes workbooks: a table with
//! a filter and choices to pick from, links, notes, formatted days and prices, a hidden column.
//!
//! Run: `cargo run -p tablee-exchange --example inventory`

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use rust_xlsxwriter::{
    DataValidation, ExcelDateTime, Format, Note, Table, TableColumn, Url, Workbook,
};

type Offers = BTreeMap<String, BTreeMap<String, String>>;

const HEADER: [&str; 9] = [
    "Titre",
    "Prestataire",
    "Type",
    "Quand ?",
    "Nombre de jours",
    "Prix",
    "Langue",
    "En savoir plus",
    "Remarques",
];

const KEYS: [&str; 10] = [
    "animer",
    "ecouter",
    "budget",
    "medier",
    "aller",
    "evaluer",
    "faciliter",
    "gouverner",
    "ecole",
    "mooc",
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../fixtures/workbooks");
    let offers: Offers = serde_json::from_slice(&std::fs::read(folder.join("make/offers.json"))?)?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Tableau 2026")?;
    let (day, euros) =
        (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("#,##0 \"€\""));
    for (row, key) in (3..).zip(KEYS) {
        let offer = &offers[key];
        for (column, name) in [(0, "intitule"), (1, "organisme"), (2, "type")] {
            sheet.write(row, column, &offer[name])?;
        }
        let when = ExcelDateTime::from_ymd(2026, u8::try_from(row)?, 12)?;
        sheet.write_datetime_with_format(row, 3, &when, &day)?;
        sheet.write(row, 4, f64::from(row) / 2.0)?;
        if row % 2 == 1 {
            sheet.write_with_format(row, 5, 100 * row, &euros)?;
        } else {
            sheet.write(row, 5, &offer["tarif"])?;
        }
        sheet.write(row, 7, Url::new(offer["url"].as_str()).set_text("Fiche"))?;
    }
    sheet.write(0, 0, "Tableau des formations, filtre sur la ligne 3")?;
    sheet.write(3, 6, "français, anglais")?;
    sheet.write(4, 6, "français ; langue des signes française")?;
    sheet.write(5, 8, "salle à réserver")?;
    sheet.insert_note(4, 0, &Note::new("Groupe complet au printemps").set_author("Bureau"))?;
    sheet.set_column_hidden(4)?;
    let choices = DataValidation::new().allow_list_strings(&[
        "formation courte",
        "formation longue",
        "MOOC, en ligne",
    ])?;
    sheet.add_data_validation(3, 2, 40, 2, &choices)?;
    let columns: Vec<TableColumn> =
        HEADER.iter().map(|words| TableColumn::new().set_header(*words)).collect();
    sheet.add_table(2, 0, 12, 8, &Table::new().set_columns(&columns))?;
    book.save(folder.join("good/inventaire-tableau.xlsx"))?;
    Ok(())
}
