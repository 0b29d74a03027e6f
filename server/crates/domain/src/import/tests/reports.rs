//! What the report says of each row of a file.

use super::super::*;
use super::support::*;
use crate::ids::{ColumnId, ImportId, RowId};
use crate::offer::Missing;

#[test]
fn each_row_of_the_file_has_one_line_that_says_what_became_of_it() {
    let row = |title, kind, duration, link| [title, "Lisode", kind, "", duration, link];
    let before = book(&[
        HEADER,
        &row("Animer", "MOOC", "2 jours", "https://a.fr"),
        &row("Débattre", "MOOC", "2 jours", "https://b.fr"),
        &row("Voter", "MOOC", "2 jours", "https://c.fr"),
        &row("Écouter", "MOOC", "2 jours", "https://d.fr"),
        &row("Relier", "MOOC", "2 jours", "https://e.fr"),
    ]);
    let after = book(&[
        HEADER,
        &row("Animer", "MOOC", "3 jours", "https://a.fr"),
        &row("Débattre", "MOOC", "2 jours", "https://moved.fr"),
        &row("Voter", "MOOC", "3 jours", "https://c.fr"),
        &row("Écouter", "MOOC", "3 jours", "https://d.fr"),
        &row("Relier", "MOOC", "2 jours", "https://e.fr"),
        &["Faciliter", "", "MOOC", "", "", "", "Léa"],
        &["Total : 6"],
    ]);
    let mut table = empty_table();
    let remembered = applied(&first_plan(&before), &mut table);
    table.rows[1].cells.insert(ColumnId::new("url").unwrap(), "https://hand.fr".into());
    table.rows[3].deleted = true;
    let plan = plan(Question { remembered: &remembered, ..asked(&after, &table) });
    let skip = LineDecision { skip: true, ..LineDecision::default() };
    let decisions =
        Decisions { lines: [(Line::new("Feuille", 4), skip)].into(), ..Decisions::default() };
    let moved = Conflict {
        sheet: "Feuille".into(),
        file_row: 2,
        row: table.rows[0].id.clone(),
        cell: plan.changed[0].cells[0].clone(),
        why: ConflictWhy::Moved,
    };

    let ids = [RowId::new("new").unwrap()];
    let report = Report::of(
        &plan,
        &decisions,
        "f.xlsx",
        Some(ImportId(4)),
        &ids,
        std::slice::from_ref(&moved),
    );

    let told: Vec<_> =
        report.lines.iter().map(|it| (it.line.row, it.outcome, it.why.clone())).collect();
    let lacks = vec![Missing::Provider, Missing::PageOrContact];
    let wanted = [
        (2, Outcome::Changed, None),
        (3, Outcome::Conflict, None),
        (4, Outcome::Skipped, Some(Because::Decided)),
        (5, Outcome::Same, Some(Because::InBin)),
        (6, Outcome::Same, None),
        (7, Outcome::Added, Some(Because::Lacks(lacks))),
        (8, Outcome::NotOffer, Some(Because::NotOffer(WhyNot::Total))),
    ];
    assert_eq!(told, wanted);
    assert_eq!(report.lines[0].conflicts[0].cell, moved.cell);
    assert!(report.lines[0].cells.iter().all(|cell| cell.key != moved.cell.key));
    assert_eq!(report.lines[5].row, Some(ids[0].clone()));
    assert_eq!(report.lines[5].complaints[0].words, "Léa");
}

#[test]
fn what_belongs_to_no_row_is_told_too() {
    let mut file = book(&[HEADER, &["Animer", "Lisode"]]);
    file.sheets[0].notes = vec![RawNote { row: 1, column: 0, text: "à relire".into() }];

    let plan = first_plan(&file);
    let report = Report::of(&plan, &Decisions::default(), "f.xlsx", None, &[], &[]);

    assert_eq!(report.elsewhere[0].words, "à relire");
    assert_eq!(report.lines.len(), 1);
}

#[test]
fn plans_reports_and_decisions_are_the_same_after_their_json() {
    let file = book(&[HEADER, &["Animer", "Lisode", "MOOC", "eau", "2 jours", "", "x"]]);
    let plan = first_plan(&file);
    let report = Report::of(&plan, &Decisions::default(), "f.xlsx", None, &[], &[]);

    let read: ImportPlan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    let told: Report = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();

    assert_eq!((read, told), (plan, report));
}
