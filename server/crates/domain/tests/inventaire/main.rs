//! The import of `fixtures/inventaire.xlsx` is held to what a careful person reads in each of its cells.
//!
//! The workbook is read by the real reader and planned as the first import of the default table. Every line,
//! every state and every cell is compared with `fixtures/inventaire.json`; there is no list of exceptions.

mod expected;
mod found;

use std::collections::BTreeMap;

use expected::{Kind, Line, Offer};
use found::Found;

#[test]
fn every_cell_of_the_inventory_is_read_as_a_careful_person_reads_it() {
    let lines = expected::lines();
    let found = Found::by_importing();

    let mut wrong: Vec<String> = Vec::new();
    let mut cells: BTreeMap<Kind, usize> = BTreeMap::new();
    let (mut offers, mut others) = (0, 0);
    for line in &lines {
        match line {
            Line::Offer(offer) => {
                offers += 1;
                offer.cells.iter().for_each(|cell| *cells.entry(cell.kind).or_default() += 1);
                wrong.extend(found.wrong_in(offer));
            }
            Line::Other(other) => {
                others += 1;
                wrong.extend(found.wrong_about(other));
            }
        }
    }
    wrong.extend(found.not_in(&lines));

    println!("{offers} offers, {others} other lines");
    for (kind, count) in &cells {
        println!("{count} cells: {kind}");
    }
    println!("{} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((offers, cells.values().sum::<usize>() > 600), (107, true));
}

#[test]
fn every_header_of_the_inventory_leads_to_the_column_that_a_person_sees_in_it() {
    let found = Found::by_importing();

    assert_eq!(found.mapping(), expected::mapping());
}

impl Offer {
    /// Where it stands, for whoever looks.
    fn place(&self) -> String {
        format!("{} {}", self.sheet, self.line)
    }
}
