//! What a person decides, and what is written of a plan then.

use super::super::*;
use super::support::*;
use crate::ids::{ColumnId, RowId};
use crate::table::{Kind, Plain};

const SHEET: &str = "Feuille";

fn decided(line: u32, decision: LineDecision) -> Decisions {
    Decisions { lines: [(Line::new(SHEET, line), decision)].into(), ..Decisions::default() }
}

fn mapped(mapping: &[(u32, MapTo)]) -> Decisions {
    let mapping = mapping.iter().cloned().collect();
    let sheet = SheetDecisions { mapping, ..SheetDecisions::default() };
    Decisions { sheets: [(SHEET.to_owned(), sheet)].into(), ..Decisions::default() }
}

fn column(id: &str) -> ColumnId {
    ColumnId::new(id).unwrap()
}

fn new_column(id: &str, label: &str, kind: Kind) -> MapTo {
    MapTo::New(NewColumn { id: column(id), label: label.to_owned(), kind })
}

fn value<'p>(row: &'p AddedRow, key: &str) -> &'p Plain {
    row.values.iter().find(|(it, _)| it == key).map_or(&Plain::Null, |(_, value)| value)
}

/// A table in which people changed the type of the only row, and a later file that changes it and its duration.
fn a_conflict() -> (TableValues, Vec<Remembered>, RawBook) {
    let line = |kind, duration| ["Animer", "Lisode", kind, "eau", duration, "https://a.fr"];
    let before = book(&[HEADER, &line("MOOC", "2 jours")]);
    let after = book(&[HEADER, &line("atelier", "3 jours")]);
    let mut table = empty_table();
    let remembered = applied(&first_plan(&before), &mut table);
    table.rows[0].cells.insert(column("type"), "autre".into());
    (table, remembered, after)
}

#[test]
fn nothing_decided_is_all_that_is_proposed() {
    let (table, remembered, book) = a_conflict();
    let plan = plan(Question { remembered: &remembered, ..asked(&book, &table) });

    let work = plan.decided(&Decisions::default());
    let counts = plan.counts(&Decisions::default());

    assert_eq!((&work.add, &work.change, &work.same), (&plan.added, &plan.changed, &plan.same));
    assert!(work.skipped.is_empty());
    assert_eq!((counts.changed, counts.conflicts, counts.settled), (1, 1, 0));
    assert_eq!(counts.cells, plan.changed[0].cells.len());
}

#[test]
fn a_row_that_is_left_out_is_proposed_again_and_a_cell_that_is_left_out_is_not() {
    let (mut table, remembered, book) = a_conflict();
    let question = Question { remembered: &remembered, ..asked(&book, &table) };
    let first = plan(question);
    let keys: std::collections::BTreeSet<String> =
        first.changed[0].cells.iter().map(|cell| cell.key.clone()).collect();

    let no_row = first.decided(&decided(2, LineDecision { skip: true, ..LineDecision::default() }));
    let no_cells = LineDecision { skip_cells: keys, ..LineDecision::default() };
    let no_cells = first.decided(&decided(2, no_cells));

    assert_eq!(no_row.skipped, [(Line::new(SHEET, 2), Skipped::Decided)]);
    assert_eq!((no_row.change.len(), no_row.to_remember(&[]).len()), (0, 0));
    assert_eq!((no_cells.change.len(), no_cells.same.len()), (0, 1));
    let remembered = no_cells.to_remember(&[]);
    table.rows[0].cells.insert(column("resume"), "écrit depuis".into());
    let again = plan(Question { remembered: &remembered, ..asked(&book, &table) });
    assert!(again.changes_nothing() && again.conflicts.is_empty());
}

#[test]
fn a_person_may_take_the_side_of_the_file() {
    let (table, remembered, book) = a_conflict();
    let plan = plan(Question { remembered: &remembered, ..asked(&book, &table) });
    let take_cells = ["type".to_owned()].into();
    let decisions = decided(2, LineDecision { take_cells, ..LineDecision::default() });

    let work = plan.decided(&decisions);

    let cell = work.change[0].cells.iter().find(|cell| cell.key == "type").unwrap();
    assert_eq!((&cell.old, &cell.new), (&"autre".into(), &"atelier_webinaire".into()));
    assert_eq!(plan.counts(&decisions).settled, 1);
}

#[test]
fn nobody_settles_a_conflict_in_the_bin() {
    let (mut table, remembered, book) = a_conflict();
    table.rows[0].deleted = true;
    let plan = plan(Question { remembered: &remembered, ..asked(&book, &table) });
    let take_cells = plan.conflicts.iter().map(|it| it.cell.key.clone()).collect();
    let decisions = decided(2, LineDecision { take_cells, ..LineDecision::default() });

    let work = plan.decided(&decisions);

    assert!(plan.same[0].in_bin);
    assert!(plan.conflicts.iter().all(|it| it.why == ConflictWhy::InBin));
    assert_eq!((work.change.len(), work.add.len()), (0, 0));
}

#[test]
fn a_person_says_which_row_it_is_or_that_it_is_a_new_one() {
    let before = book(&[HEADER, &["Animer une réunion", "Lisode", "MOOC", "", "", "https://a.fr"]]);
    let after = book(&[
        HEADER,
        &["Animer une réunion autrement", "Lisode", "MOOC", "", "", "https://b.fr"],
    ]);
    let mut table = empty_table();
    let remembered = applied(&first_plan(&before), &mut table);
    let row = table.rows[0].id.clone();
    let with = |is: Option<Is>, book| {
        let decisions = decided(2, LineDecision { is, ..LineDecision::default() });
        plan(Question { remembered: &remembered, decisions: &decisions, ..asked(book, &table) })
    };

    let (open, this, new) = (
        with(None, &after),
        with(Some(Is::Row(row.clone())), &after),
        with(Some(Is::New), &before),
    );

    assert_eq!((open.added.len(), open.similar.len()), (1, 1));
    assert_eq!((&open.similar[0].row, open.similar[0].line.row), (&row, 2));
    assert_eq!((this.added.len(), this.similar.len(), this.changed.len()), (0, 0, 1));
    assert_eq!(this.changed[0].row, row);
    assert!(this.conflicts.is_empty(), "nobody had touched what the file had said");
    assert_eq!((new.added.len(), new.same.len()), (1, 0));
}

#[test]
fn a_row_that_is_not_there_is_nobodys() {
    let book = book(&[HEADER, &["Animer", "Lisode"]]);
    let is = Some(Is::Row(RowId::new("gone").unwrap()));
    let decisions = decided(2, LineDecision { is, ..LineDecision::default() });
    let table = empty_table();

    let plan = plan(Question { decisions: &decisions, ..asked(&book, &table) });

    assert_eq!(plan.added.len(), 1);
}

#[test]
fn a_column_goes_where_a_person_says() {
    let book = book(&[HEADER, &["Animer", "Lisode", "MOOC", "eau", "2 jours", "", "Léa"]]);
    let decisions = mapped(&[
        (3, MapTo::Ignore),
        (4, MapTo::Column(column("resume"))),
        (6, new_column("n1", "Suivi par", Kind::Text)),
        (9_999, MapTo::Column(column("langue"))),
    ]);
    let table = empty_table();

    let plan = plan(Question { decisions: &decisions, ..asked(&book, &table) });

    let row = &plan.added[0];
    assert_eq!(value(row, "resume"), &"2 jours".into());
    assert_eq!(value(row, "n1"), &"Léa".into());
    assert_eq!((value(row, "themes"), value(row, "duree_texte")), (&Plain::Null, &Plain::Null));
    assert!(plan.complaints.is_empty(), "{:?}", plan.complaints);
    assert_eq!((plan.new_columns.len(), plan.new_columns[0].label.fr.as_str()), (1, "Suivi par"));
    assert_eq!(plan.decided(&decisions).columns, plan.new_columns);
    let columns = &plan.sheets[0].columns;
    assert!(columns[6].new && columns[6].by == MappedBy::Person);
    assert_eq!(columns[3].target, Some(MapTo::Ignore));
}

#[test]
fn the_options_of_a_new_choice_are_the_words_of_the_file() {
    let cell = |words| ["Animer", "Lisode", "MOOC", "", "", "", words];
    let book =
        book(&[HEADER, &cell("Nord ; Sud"), &cell("sud"), &cell("-"), &cell("Est / Ouest\nNord")]);
    let with = |kind| {
        let decisions = mapped(&[(6, new_column("n1", "Région", kind))]);
        let table = empty_table();
        plan(Question { decisions: &decisions, ..asked(&book, &table) })
    };
    let labels = |plan: &ImportPlan| -> Vec<String> {
        plan.new_columns[0].options.iter().map(|it| it.label.fr.clone()).collect()
    };

    let (many, one) = (with(Kind::Choices), with(Kind::Choice));

    assert_eq!(labels(&many), ["Nord", "Sud", "Est", "Ouest"]);
    let chosen: Vec<_> = value(&many.added[3], "n1").as_map().unwrap().keys().cloned().collect();
    assert_eq!(chosen, ["o001", "o003", "o004"]);
    assert_eq!(value(&one.added[1], "n1"), &"o002".into());
    assert_eq!(labels(&one)[1], "sud");
}

#[test]
fn new_columns_are_read_as_what_they_are() {
    let book = book(&[HEADER, &["Animer", "Lisode", "MOOC", "", "", "", "12/03/2025"]]);
    let decisions = mapped(&[(6, new_column("n1", "Vu le", Kind::Date))]);
    let table = empty_table();

    let plan = plan(Question { decisions: &decisions, ..asked(&book, &table) });

    assert_eq!(value(&plan.added[0], "n1"), &"2025-03-12".into());
}

#[test]
fn where_a_column_goes_does_not_hang_on_which_stands_first() {
    let book = book(&[HEADER, &["Animer", "Lisode", "MOOC", "", "", "à relancer", "Inès"]]);
    let (to, new) = (MapTo::Column(column("n1")), new_column("n1", "Suivi", Kind::LongText));
    let table = empty_table();
    let with = |mapping: &[(u32, MapTo)]| {
        let decisions = mapped(mapping);
        plan(Question { decisions: &decisions, ..asked(&book, &table) })
    };

    let before = with(&[(5, to.clone()), (6, new.clone())]);
    let after = with(&[(5, new), (6, to)]);

    for plan in [before, after] {
        assert!(plan.sheets[0].columns.iter().all(|it| it.issue.is_none()), "{:?}", plan.sheets);
        assert_eq!(value(&plan.added[0], "n1"), &"à relancer\nInès".into());
    }
}

#[test]
fn two_columns_go_to_one_place_only_where_words_can_be_added() {
    let book = book(&[HEADER, &["Animer", "Lisode", "MOOC", "eau", "2 jours", "", "élus"]]);
    let to = |id| mapped(&[(6, MapTo::Column(column(id)))]);
    let table = empty_table();
    let with = |decisions: &Decisions| plan(Question { decisions, ..asked(&book, &table) });

    let (added, refused) = (with(&to("themes")), with(&to("type")));

    assert!(added.sheets[0].columns.iter().all(|it| it.issue.is_none()));
    // What a person says goes before what the header says.
    let columns = &refused.sheets[0].columns;
    assert_eq!(columns[6].issue, None);
    assert_eq!(columns[2].issue, Some(MapIssue::TwoForOne { with: "G".to_owned() }));
    assert!(refused.complaints.iter().any(|it| it.words == "MOOC"));
}

#[test]
fn a_mapping_that_cannot_be_is_said_and_not_taken() {
    let book = book(&[HEADER, &["Animer", "Lisode", "MOOC", "eau", "", "", "x"]]);
    let mut table = empty_table();
    let mut columns: Vec<_> = table.columns.iter().cloned().collect();
    columns.iter_mut().find(|it| it.id.as_str() == "langue").unwrap().archived = true;
    table.columns = crate::table::Columns::new(columns);
    for (to, issue) in [
        (MapTo::Column(column("langue")), MapIssue::NoSuchColumn),
        (MapTo::Column(column("nowhere")), MapIssue::NoSuchColumn),
        (MapTo::Said(column("intitule")), MapIssue::NoWordsBeside),
        (new_column("n1", "intitulé", Kind::Text), MapIssue::NameTaken),
        (new_column("langue", "Autre", Kind::Text), MapIssue::NoSuchColumn),
    ] {
        let decisions = mapped(&[(6, to)]);

        let plan = plan(Question { decisions: &decisions, ..asked(&book, &table) });

        assert_eq!(plan.sheets[0].columns[6].issue, Some(issue));
        assert_eq!((plan.added.len(), plan.new_columns.len()), (1, 0));
    }
}

#[test]
fn a_mapping_is_recalled_by_the_header_wherever_it_stands() {
    let line: &[&str] = &["Animer", "Lisode", "MOOC", "eau", "", "", "Léa"];
    let first = book(&[HEADER, line]);
    let later = book(&[&["Mis à jour hier"], &[], HEADER, line]);
    let mut decisions = mapped(&[
        (3, MapTo::Ignore),
        (6, new_column("n1", "Suivi par", Kind::Text)),
        (2, MapTo::Column(column("nowhere"))),
    ]);
    decisions.blanks.insert(column("url"), Blank::Clear);
    let mut table = empty_table();
    let before = plan(Question { decisions: &decisions, ..asked(&first, &table) });
    let sheet = &before.sheets[0];
    let recalled = [(sheet.fingerprint.clone(), decisions.remembered_for(sheet))].into();
    let columns = table.columns.iter().cloned().chain(before.new_columns.clone());
    table.columns = crate::table::Columns::new(columns.collect());

    let after = plan(Question { recalled: &recalled, ..asked(&later, &table) });

    let sheet = &after.sheets[0];
    assert!(sheet.recalled && sheet.header_line() == Some(3));
    assert_eq!(sheet.columns[3].target, Some(MapTo::Ignore));
    assert_eq!(sheet.columns[6].target, Some(MapTo::Column(column("n1"))));
    assert_eq!((sheet.columns[5].blank, sheet.columns[0].blank), (Blank::Clear, Blank::Keep));
    assert_eq!(sheet.columns[2].by, MappedBy::Header);
    assert!(after.new_columns.is_empty());
    assert_eq!(value(&after.added[0], "n1"), &"Léa".into());
}

#[test]
fn a_sheet_is_taken_or_not_and_its_header_is_where_a_person_says() {
    let mut file = book(&[
        &["Formation", "Organisme", "Lien"],
        &["Intitulé", "Qui ?", "Page"],
        &["Animer", "Lisode", "https://a.fr"],
    ]);
    file.sheets.push(file.sheets[0].clone());
    let sheets = [
        (SHEET.to_owned(), SheetDecisions { header_line: Some(2), ..SheetDecisions::default() }),
        (
            "Feuille (2)".to_owned(),
            SheetDecisions { take: Some(false), ..SheetDecisions::default() },
        ),
    ];
    let decisions = Decisions { sheets: sheets.into(), ..Decisions::default() };
    let table = empty_table();

    let plan = plan(Question { decisions: &decisions, ..asked(&file, &table) });

    assert_eq!((plan.sheets[0].header_line(), plan.sheets[0].offers), (Some(2), 1));
    assert_eq!((plan.sheets[1].take, plan.sheets[1].why_not), (false, Some(WhyNotTaken::Decided)));
    assert_eq!(plan.added.len(), 1);
    let left_out = plan.not_offers.iter().filter(|it| it.why == WhyNot::NotTaken);
    let left_out: Vec<_> = left_out.map(|it| (it.sheet.as_str(), it.row)).collect();
    assert_eq!(left_out, [1, 2, 3].map(|row| ("Feuille (2)", row)));
}

#[test]
fn an_empty_line_is_no_header() {
    let file = book(&[HEADER, &["Animer", "Lisode"]]);
    let sheet = SheetDecisions { header_line: Some(77), ..SheetDecisions::default() };
    let decisions =
        Decisions { sheets: [(SHEET.to_owned(), sheet)].into(), ..Decisions::default() };
    let table = empty_table();

    let plan = plan(Question { decisions: &decisions, ..asked(&file, &table) });

    assert_eq!(plan.sheets[0].why_not, Some(WhyNotTaken::EmptyLine));
    assert_eq!((plan.added.len(), plan.not_offers.len()), (0, 2));
}

#[test]
fn a_person_sees_what_stands_in_each_column_and_on_the_first_lines() {
    let long = "mot ".repeat(500);
    let rows: Vec<[&str; 7]> = ["a", "b", "a", "c", "d", "e", "f"]
        .into_iter()
        .map(|it| ["Animer", it, "", "", "", "", long.as_str()])
        .collect();
    let rows: Vec<&[&str]> =
        std::iter::once(HEADER).chain(rows.iter().map(<[&str; 7]>::as_slice)).collect();
    let mut file = book(&rows);
    file.sheets[0].hidden_columns = vec![1];

    let plan = first_plan(&file);

    let sheet = &plan.sheets[0];
    assert_eq!(sheet.columns[1].samples, ["a", "b", "c", "d", "e"]);
    assert_eq!((sheet.columns[1].filled, sheet.columns[1].hidden), (7, true));
    assert_eq!((sheet.columns[2].filled, sheet.columns[2].letters.as_str()), (0, "C"));
    assert!(sheet.columns[6].samples[0].chars().count() < 200);
    assert_eq!((sheet.head.len(), sheet.head[0].0), (8, 1));
    assert!(sheet.head.iter().all(|(_, words)| words.chars().count() < 400));
}
