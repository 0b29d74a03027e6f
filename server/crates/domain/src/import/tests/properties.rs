//! Whatever a file holds and whatever is decided: no panic, nothing lost, nothing that nobody asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::*;

use super::super::grid::Range;
use super::super::*;
use super::support::*;
use crate::ids::{ColumnId, RowId};
use crate::table::Kind;

fn cell_words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "Animer", "Débattre", "Lisode", "Orage", "MOOC", "eau", "2 jours", "https://a.fr", "élus ; agents",
            "idem", "-", "Total", "FORMATIONS COURTES", "r0", "r1", "r2", "formation courte (intra)", "12/03/2025",
        ]).prop_map(str::to_owned),
        1 => prop::sample::select(vec![
            "Intitulé", "Organisme", "Type", "Thèmes", "Durée", "Lien", "id", "Identifiant", "Notes", "État", "Nom",
        ]).prop_map(str::to_owned),
        1 => "[a-zé ;,.0-9€]{0,16}",
        1 => any::<String>(),
    ]
}

fn any_cell() -> impl Strategy<Value = RawCell> {
    let column = prop_oneof![9 => 0..8_u32, 1 => any::<u32>()];
    let link = prop::option::weighted(0.1, "https://[a-c]\\.fr");
    let number =
        prop::option::weighted(0.1, prop_oneof![Just(f64::NAN), any::<f64>(), Just(45_000.0)]);
    let date =
        prop::option::weighted(0.05, prop_oneof![Just("2025-03-12".to_owned()), any::<String>()]);
    (column, cell_words(), link, number, date).prop_map(|(column, shown, link, number, date)| {
        RawCell { number, date, link, ..RawCell::text(column, shown) }
    })
}

fn any_range() -> impl Strategy<Value = Range> {
    let row = || prop_oneof![4 => 0..12_u32, 1 => any::<u32>()];
    let column = || prop_oneof![4 => 0..8_u32, 1 => any::<u32>()];
    (row(), column(), row(), column()).prop_map(
        |(first_row, first_column, last_row, last_column)| Range {
            first_row,
            first_column,
            last_row,
            last_column,
        },
    )
}

/// Sheets that no program writes: rows out of order, cells twice, merges from beyond.
fn any_sheet() -> impl Strategy<Value = RawSheet> {
    let number = prop_oneof![9 => 1..14_u32, 1 => any::<u32>()];
    let row = (number, prop::collection::vec(any_cell(), 0..8), any::<bool>());
    let row = row.prop_map(|(number, cells, hidden)| RawRow { number, hidden, cells });
    let header = prop::bool::weighted(0.8);
    let hidden_columns = prop::collection::vec(0..9_u32, 0..2);
    let merges = prop::collection::vec(any_range(), 0..3);
    let name = prop_oneof![3 => Just("Feuille".to_owned()), 1 => any::<String>()];
    (name, header, prop::collection::vec(row, 0..9), merges, hidden_columns).prop_map(
        |(name, header, mut rows, merges, hidden_columns)| {
            if header {
                let cells = HEADER.iter().zip(0..).map(|(words, at)| RawCell::text(at, *words));
                rows.insert(0, RawRow { number: 1, hidden: false, cells: cells.collect() });
            }
            let notes = vec![RawNote { row: 3, column: 70_000, text: "vu avec Léa".into() }];
            RawSheet { name, rows, merges, notes, hidden_columns, ..RawSheet::default() }
        },
    )
}

fn any_book() -> impl Strategy<Value = RawBook> {
    prop::collection::vec(any_sheet(), 0..3)
        .prop_map(|sheets| RawBook { sheets, ..RawBook::default() })
}

fn any_column() -> impl Strategy<Value = ColumnId> {
    let ids = ["intitule", "themes", "url", "etat", "tarifs", "duree_texte", "n1", "n2", "nowhere"];
    prop::sample::select(ids.to_vec()).prop_map(|id| ColumnId::new(id).unwrap())
}

fn any_target() -> impl Strategy<Value = MapTo> {
    let new = (any_column(), any::<String>(), prop::sample::select(Kind::ALL.to_vec()));
    prop_oneof![
        Just(MapTo::Ignore),
        any_column().prop_map(MapTo::Column),
        any_column().prop_map(MapTo::Said),
        new.prop_map(|(id, label, kind)| MapTo::New(NewColumn { id, label, kind })),
    ]
}

fn any_keys() -> impl Strategy<Value = BTreeSet<String>> {
    let keys = prop::sample::select(vec![
        "intitule",
        "duree_texte",
        "themes/eau",
        "etat",
        "url",
        "../x",
        "",
    ]);
    prop::collection::btree_set(keys.prop_map(str::to_owned), 0..4)
}

fn any_line() -> impl Strategy<Value = (Line, LineDecision)> {
    let sheet = prop_oneof![3 => Just("Feuille".to_owned()), 1 => Just("Feuille (2)".to_owned()), 1 => any::<String>()];
    let row = prop_oneof![4 => 1..14_u32, 1 => any::<u32>()];
    let id = prop::sample::select(vec!["r0", "r1", "r9"]).prop_map(|id| RowId::new(id).unwrap());
    let is = prop::option::weighted(0.5, prop_oneof![Just(Is::New), id.prop_map(Is::Row)]);
    (sheet, row, any::<bool>(), is, any_keys(), any_keys()).prop_map(
        |(sheet, row, skip, is, skip_cells, take_cells)| {
            (Line { sheet, row }, LineDecision { skip, is, skip_cells, take_cells })
        },
    )
}

fn any_blanks() -> impl Strategy<Value = BTreeMap<ColumnId, Blank>> {
    let blank = prop_oneof![Just(Blank::Keep), Just(Blank::Clear)];
    prop::collection::btree_map(any_column(), blank, 0..4)
}

fn any_sheet_decisions() -> impl Strategy<Value = SheetDecisions> {
    let at = prop_oneof![9 => 0..9_u32, 1 => any::<u32>()];
    let line = prop::option::weighted(0.2, prop_oneof![4 => 0..9_u32, 1 => any::<u32>()]);
    let take = prop::option::weighted(0.3, prop::bool::weighted(0.8));
    (take, line, prop::collection::btree_map(at, any_target(), 0..4), any_blanks()).prop_map(
        |(take, header_line, mapping, blanks)| SheetDecisions {
            take,
            header_line,
            mapping,
            blanks,
        },
    )
}

fn any_decisions() -> impl Strategy<Value = Decisions> {
    let sheets = prop::collection::btree_map("Feuille( \\(2\\))?", any_sheet_decisions(), 0..3);
    let lines = prop::collection::btree_map(any::<u8>(), any_line(), 0..5);
    (sheets, any_blanks(), lines).prop_map(|(sheets, blanks, lines)| Decisions {
        sheets,
        blanks,
        lines: lines.into_values().collect(),
    })
}

/// A table that a file had filled, where people then worked.
fn lived_in(book: &RawBook) -> (TableValues, Vec<Remembered>) {
    let mut table = empty_table();
    let remembered = applied(&first_plan(book), &mut table);
    for (at, row) in table.rows.iter_mut().enumerate() {
        row.deleted = at % 5 == 4;
        if at % 3 == 1 {
            row.cells.insert(ColumnId::new("duree_texte").unwrap(), "changé à la main".into());
        }
    }
    (table, remembered)
}

/// Each row of the file with the list where it stands.
fn lists(plan: &ImportPlan) -> Vec<(Line, &'static str)> {
    let source = |name| move |source: &Source| (source.line(), name);
    let added = plan.added.iter().map(|it| &it.source).map(source("added"));
    let changed = plan.changed.iter().map(|it| &it.source).map(source("changed"));
    let same = plan.same.iter().map(|it| &it.source).map(source("same"));
    let undecided = plan.undecided.iter().map(|it| &it.source).map(source("undecided"));
    let others =
        plan.not_offers.iter().map(|it| (Line::new(it.sheet.as_str(), it.row), "no offer"));
    added.chain(changed).chain(same).chain(undecided).chain(others).collect()
}

fn counted(lines: impl Iterator<Item = Line>) -> BTreeMap<Line, usize> {
    let mut counts = BTreeMap::new();
    lines.for_each(|line| *counts.entry(line).or_default() += 1);
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_a_file_holds_and_whatever_is_decided_there_is_a_plan(
        before in any_book(),
        book in any_book(),
        decisions in any_decisions(),
    ) {
        let (table, remembered) = lived_in(&before);
        let recalled = first_plan(&book).sheets.iter()
            .map(|sheet| (sheet.fingerprint.clone(), decisions.sheets.values().next().cloned().unwrap_or_default()))
            .collect();

        let plan = plan(Question {
            remembered: &remembered, decisions: &decisions, recalled: &recalled, ..asked(&book, &table)
        });
        let work = plan.decided(&decisions);
        let counts = plan.counts(&decisions);
        let ids: Vec<RowId> = (0..work.add.len()).map(|at| RowId::new(&format!("new{at}")).unwrap()).collect();
        Report::of(&plan, &decisions, "f", None, &ids, &plan.conflicts);
        plan.to_json(None);
        work.to_remember(&ids);

        prop_assert_eq!((counts.added, counts.changed, counts.same), (work.add.len(), work.change.len(), work.same.len()));
        prop_assert_eq!(counts.cells, work.change.iter().map(|it| it.cells.len()).sum::<usize>());
        prop_assert_eq!(counts.skipped + plan.undecided.len(), work.skipped.len());
        // Each row of the table is one row of the file at most, and each new column has a place of its own.
        let rows: BTreeSet<&RowId> = plan.matched().map(|it| &it.row).collect();
        prop_assert_eq!(rows.len(), plan.matched().count());
        for sheet in &plan.sheets {
            let recalled = decisions.remembered_for(sheet);
            prop_assert!(recalled.mapping.len() <= sheet.columns.len());
        }
    }

    #[test]
    fn every_row_of_a_file_stands_in_one_list(book in any_book(), decisions in any_decisions()) {
        let (table, remembered) = lived_in(&book);

        let plan = plan(Question { remembered: &remembered, decisions: &decisions, ..asked(&book, &table) });

        let listed = counted(lists(&plan).into_iter().map(|(line, _)| line));
        for (raw, sheet) in book.sheets.iter().zip(&plan.sheets) {
            let header = sheet.header.as_ref().filter(|_| sheet.take);
            let below = raw.rows.iter().filter(|row| !row.is_empty());
            let rows = below.filter(|row| header.is_none_or(|it| !it.lines.contains(&row.number)));
            for (line, count) in counted(rows.map(|row| Line::new(sheet.name.as_str(), row.number))) {
                prop_assert!(listed.get(&line).copied().unwrap_or(0) >= count, "{} is nowhere in {:?}", line, plan);
            }
        }
        let offers: usize = plan.sheets.iter().map(|sheet| sheet.offers).sum();
        prop_assert_eq!(offers, plan.offers());
    }

    #[test]
    fn a_decision_about_one_row_changes_no_other(book in any_book(), (line, decision) in any_line()) {
        let (table, remembered) = lived_in(&book);
        let open = plan(Question { remembered: &remembered, ..asked(&book, &table) });
        // Which row it is changes what others can be; what is written of a row changes nothing else.
        let decision = LineDecision { is: None, ..decision };
        let decisions = Decisions { lines: [(line.clone(), decision)].into(), ..Decisions::default() };

        let decided = plan(Question { remembered: &remembered, decisions: &decisions, ..asked(&book, &table) });
        let (before, after) = (open.decided(&Decisions::default()), decided.decided(&decisions));

        prop_assert_eq!(&open, &decided);
        let of_others = |work: &Work| {
            let adds: Vec<Arc<AddedRow>> = work.add.iter().filter(|it| it.source.line() != line).cloned().collect();
            let rows = work.change.iter().chain(&work.same).filter(|it| it.source.line() != line);
            (adds, rows.cloned().collect::<Vec<MatchedRow>>())
        };
        prop_assert_eq!(of_others(&before), of_others(&after));
    }

    #[test]
    fn what_was_decided_and_done_is_done(book in any_book(), decisions in any_decisions()) {
        let mut table = empty_table();
        let mut decisions = Decisions { lines: BTreeMap::new(), ..decisions };
        // A new column that is called like a header of another sheet is from then on the column of that one, too.
        for to in decisions.sheets.values_mut().flat_map(|sheet| sheet.mapping.values_mut()) {
            if let MapTo::New(new) = to {
                new.label = format!("colonne neuve {}", new.id);
            }
        }
        let first = plan(Question { first_import: true, decisions: &decisions, ..asked(&book, &table) });
        let remembered = applied(&first, &mut table);

        let again = plan(Question { remembered: &remembered, decisions: &decisions, ..asked(&book, &table) });

        prop_assert!(again.changed.is_empty() && again.added.is_empty(), "{:?} {:?}", again.changed, again.added);
        prop_assert!(again.new_columns.is_empty() && again.conflicts.is_empty(), "{:?}", again.conflicts);
        prop_assert!(again.missing.is_empty());
    }
}
