//! Our own extracts come back: what was changed in them is an update, the rest changes nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::super::*;
use super::support::*;
use crate::ids::{ColumnId, RowId};
use crate::offer::display;
use crate::table::{Column, Kind, Plain, Row};

/// The table as an extract of ours shows it: labels or keys on top, identifiers last.
fn extract(table: &TableValues, keys: bool) -> RawBook {
    let columns: Vec<&Column> = table.columns.in_use().collect();
    let said = |column: &&&Column| table.rows.iter().any(|row| row.said.contains_key(&column.id));
    let said: Vec<&Column> = columns.iter().filter(said).copied().collect();
    let name = |column: &Column| if keys { column.id.to_string() } else { column.label.fr.clone() };
    let beside = |column: &Column| {
        if keys { format!("{}_texte", column.id) } else { format!("{} (texte)", column.label.fr) }
    };
    let header = columns.iter().map(|it| name(it)).chain(said.iter().map(|it| beside(it)));
    let mut lines = vec![header.chain(["id".to_owned()]).collect::<Vec<String>>()];
    for row in table.present() {
        let cells = columns.iter().map(|column| display::cell(row, column));
        let words = said.iter().map(|column| display::said(row, column).to_owned());
        lines.push(cells.chain(words).chain([row.id.to_string()]).collect());
    }
    let lines: Vec<Vec<&str>> =
        lines.iter().map(|line| line.iter().map(String::as_str).collect()).collect();
    book(&lines.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

const LIVED_IN: &[&[&str]] = &[
    HEADER,
    &[
        "Animer",
        "Lisode",
        "formation courte (intra)",
        "eau ; autre chose",
        "2 jours",
        "https://a.fr",
    ],
    &["Débattre", "", "on ne sait", "", "14 h", "https://b.fr"],
    &["Animer", "Lisode", "MOOC", "", "", "https://a.fr"],
];

#[test]
fn an_extract_that_comes_back_changes_nothing() {
    let mut table = empty_table();
    let remembered = applied(&first_plan(&book(LIVED_IN)), &mut table);
    let odd = [
        ("intitule", "  -  "),
        ("resume", "idem"),
        ("contenu", "=1+1\n; ;"),
        ("url", "pas une page"),
    ];
    for (key, words) in odd {
        table.rows[1].cells.insert(ColumnId::new(key).unwrap(), words.into());
    }
    for keys in [false, true] {
        for remembered in [&remembered[..], &[]] {
            let file = extract(&table, keys);

            let plan = plan(Question { remembered, ..asked(&file, &table) });

            assert!(plan.changes_nothing(), "{:?}", plan.changed);
            assert_eq!((plan.same.len(), plan.conflicts.len()), (3, 0), "{:?}", plan.conflicts);
            assert!(plan.twice.is_empty() && plan.missing.is_empty() && plan.undecided.is_empty());
        }
    }
}

#[test]
fn what_was_changed_in_an_extract_is_an_update() {
    let mut table = empty_table();
    let remembered = applied(&first_plan(&book(LIVED_IN)), &mut table);
    let mut file = extract(&table, false);
    let at = file.sheets[0].rows[0].cells.iter().find(|it| it.shown == "Durée").unwrap().column;
    let cell = file.sheets[0].rows[1].cells.iter_mut().find(|it| it.column == at).unwrap();
    cell.shown = "3 jours".to_owned();

    let plan = plan(Question { remembered: &remembered, ..asked(&file, &table) });

    let keys: Vec<_> = plan.changed[0].cells.iter().map(|it| it.key.as_str()).collect();
    assert!(keys.contains(&"duree_texte"), "{keys:?}");
    assert_eq!((plan.changed.len(), plan.added.len(), plan.conflicts.len()), (1, 0, 0));
}

#[test]
fn an_extract_that_comes_back_leaves_the_memory_of_the_sheet_alone() {
    let file = book(LIVED_IN);
    let mut table = empty_table();
    let mut remembered = applied(&first_plan(&file), &mut table);
    let edited = ColumnId::new("resume").unwrap();
    table.rows[0].cells.insert(ColumnId::new("intitule").unwrap(), "Faciliter".into());
    table.rows[0].cells.insert(edited, "écrit à la main".into());

    let of_extract = extract(&table, false);
    let back = plan(Question { remembered: &remembered, ..asked(&of_extract, &table) });
    remembered.extend(back.decided(&Decisions::default()).to_remember(&[]));
    let again = plan(Question { remembered: &remembered, ..asked(&file, &table) });

    assert!(again.changes_nothing() && again.conflicts.is_empty(), "{:?}", again.conflicts);
}

fn any_value(kind: Kind) -> BoxedStrategy<Plain> {
    let words = "[a-zA-Zéà0-9;,/:.()€% \n-]{1,24}";
    match kind {
        Kind::Number | Kind::Duration => {
            (0..10_000_i32).prop_map(|n| Plain::Number(f64::from(n) / 4.0)).boxed()
        }
        Kind::Boolean => any::<bool>().prop_map(Plain::Bool).boxed(),
        Kind::Choices => Just(Plain::Null).boxed(),
        Kind::Prices => (0..9_000_i32)
            .prop_map(|n| {
                let item = [("montant".to_owned(), Plain::Number(f64::from(n)))];
                Plain::Map([("k1".to_owned(), Plain::Map(item.into()))].into())
            })
            .boxed(),
        Kind::Places => words
            .prop_map(|it| {
                let item = [("lieu".to_owned(), Plain::Text(it))];
                Plain::Map([("k1".to_owned(), Plain::Map(item.into()))].into())
            })
            .boxed(),
        Kind::Sessions => words
            .prop_map(|it| {
                let item = [("texte".to_owned(), Plain::Text(it))];
                Plain::Map([("k1".to_owned(), Plain::Map(item.into()))].into())
            })
            .boxed(),
        _ => words.prop_map(Plain::Text).boxed(),
    }
}

fn any_row() -> impl Strategy<Value = BTreeMap<ColumnId, Plain>> {
    let columns = crate::table::defaults::formations();
    let columns: Vec<(ColumnId, Kind)> =
        columns.into_iter().map(|column| (column.id, column.kind)).collect();
    prop::sample::subsequence(columns.clone(), 0..columns.len()).prop_flat_map(|some| {
        let cells: Vec<_> =
            some.into_iter().map(|(id, kind)| (Just(id), any_value(kind))).collect();
        cells.prop_map(|cells| cells.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_a_table_holds_its_extract_changes_nothing(rows in prop::collection::vec(any_row(), 1..5)) {
        let mut table = empty_table();
        table.rows = rows.into_iter().enumerate().map(|(at, cells)| Row {
            id: RowId::new(&format!("row{at}")).unwrap(),
            cells,
            said: BTreeMap::new(),
            order: String::new(),
            deleted: false,
        }).collect();
        let file = extract(&table, false);

        let plan = plan(asked(&file, &table));

        prop_assert!(plan.changes_nothing(), "{:?} {:?}", plan.changed, plan.added);
        prop_assert!(plan.conflicts.is_empty(), "{:?}", plan.conflicts);
    }
}
