//! Whatever pilots do to columns, and take back.

use super::*;

/// Something that a pilot might do, from two throws of the dice.
fn some_work(columns: &Columns, what: u8, at: usize, n: usize) -> ColumnWork {
    let all: Vec<&Column> = columns.iter().collect();
    let one = |at: usize| all[at % all.len()].id.clone();
    let option = |at: usize| {
        let choices: Vec<&Column> =
            all.iter().copied().filter(|it| !it.options.is_empty()).collect();
        let of = choices[at % choices.len()];
        (of.id.clone(), of.options[n % of.options.len()].id.clone(), of.options[0].id.clone())
    };
    let fresh = column(&format!("c_{n}"));
    match what % 11 {
        0 => ColumnWork::Add(NewColumn {
            id: fresh,
            label: format!("Colonne {n}"),
            kind: Kind::ALL[n % Kind::ALL.len()],
        }),
        1 => ColumnWork::Rename { column: one(at), label: label(&format!("Nom {n}")) },
        2 => ColumnWork::Move { column: one(at), before: Some(one(n)) },
        3 => ColumnWork::Move { column: one(at), before: None },
        4 => ColumnWork::Retire { column: one(at) },
        5 => ColumnWork::Unretire { column: one(at) },
        6 => ColumnWork::ChangeKind {
            column: one(at),
            to: Kind::ALL[n % Kind::ALL.len()],
            new_id: fresh,
            options: Vec::new(),
        },
        7 => {
            let (column, option, _) = option(at);
            ColumnWork::RenameOption { column, option, label: label(&format!("choix {n}")) }
        }
        8 => {
            let (column, option, before) = option(at);
            ColumnWork::MoveOption { column, option, before: Some(before) }
        }
        9 => {
            let (column, from, into) = option(at);
            ColumnWork::MergeOptions { column, from, into }
        }
        _ => {
            let (column, ..) = option(at);
            let new =
                NewOption { id: item(&format!("o_{n}")), label: label(&format!("choix {n}")) };
            ColumnWork::AddOption { column, option: new }
        }
    }
}

/// What people see of columns: those in use, with the options on offer.
fn seen(columns: &Columns) -> Vec<Column> {
    let offered = |column: &Column| {
        let options = column.options.iter().filter(|it| !it.archived).cloned().collect();
        Column { options, ..column.clone() }
    };
    columns.in_use().map(offered).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_done_and_taken_back_one_by_one_people_see_what_they_saw(
        steps in prop::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 1..20),
    ) {
        let mut columns = table();
        let mut past: Vec<(Vec<Column>, Vec<Both>)> = Vec::new();
        for (what, at, n) in steps {
            let work = some_work(&columns, what, at, n % 1_000);
            if apply(&work, &columns).is_ok() {
                let before = seen(&columns);
                let (after, change) = done(&columns, &work);
                prop_assert!(apply::may_stand(&after).is_ok(), "{:?}", work);
                past.push((before, change));
                columns = after;
            }
        }
        for (before, change) in past.into_iter().rev() {
            let back = undo(&change, &columns).unwrap();
            prop_assert!(back.kept.is_empty());
            let both: Vec<Both> = back.changed.iter().map(|after| Both {
                before: columns.get(after.id.as_str()).cloned(), after: after.clone(),
            }).collect();
            let undone = with(&columns, &back.changed);
            prop_assert_eq!(seen(&undone), before);
            // And what was taken back can be done again.
            let again = undo(&both, &undone).unwrap();
            prop_assert_eq!(seen(&with(&undone, &again.changed)), seen(&columns));
            columns = undone;
        }
    }

    #[test]
    fn a_column_put_anywhere_stands_there(moves in prop::collection::vec((any::<usize>(), any::<usize>()), 1..80)) {
        let mut columns = table();
        for (at, to) in moves {
            let ids: Vec<String> = order(&columns).into_iter().map(str::to_owned).collect();
            let (moving, before) = (&ids[at % ids.len()], &ids[to % ids.len()]);
            let work = ColumnWork::Move { column: column(moving), before: Some(column(before)) };
            if moving == before || apply(&work, &columns) == Err(ColumnError::Unchanged) {
                continue;
            }

            columns = done(&columns, &work).0;

            let mut expected: Vec<&str> = ids.iter().map(String::as_str).filter(|id| id != moving).collect();
            let place = expected.iter().position(|id| id == before).unwrap();
            expected.insert(place, moving);
            prop_assert_eq!(order(&columns), expected);
        }
    }

    #[test]
    fn no_letter_of_a_cell_goes_where_a_reading_is_not_sure(
        at in any::<usize>(), kind in 0usize..15,
        written in "[a-zé0-9@:/.,;()€+ \n-]{0,60}|(le )?[0-9]{1,2} (mars|h|€|jours?|places)( à (vérifier|définir))?|idem|NC|gratuit",
        said in "[a-zé0-9 ]{0,20}",
    ) {
        let ((from, old), (to, new)) = pair(at, Kind::ALL[kind]);
        let read = reading::read(&from, &old, &written);
        let (value, own) = (reading::items(&read.value), if from.kind.is_text() { String::new() } else { said });
        let conversion = Conversion { from: (&from, &old), to: (&to, &new) };

        let converted = conversion.of(&value, &own);

        let there = if to.kind.is_text() {
            converted.value.as_text().unwrap_or_default().to_owned()
        } else {
            format!("{} {}", print::print(&to, &converted.value), converted.said)
        };
        let there = letters(&there);
        prop_assert!(!to.kind.is_text() || converted.said.is_empty(), "a text has no words beside it");
        for letter in letters(&own) {
            prop_assert!(there.contains(&letter) , "`{}` of `{}` in {:?}", letter, own, converted);
        }
        let words = if from.kind.is_text() { value.as_text().unwrap_or_default().to_owned() } else { print::print(&from, &value) };
        if to.kind.is_text() || converted.value.is_empty() {
            for letter in letters(&words) {
                prop_assert!(there.contains(&letter), "`{}` of `{}` in {:?}", letter, words, converted);
            }
        }
        // Read as its own kind again, or a text as a longer one, nothing changes.
        if from.kind.is_text() && to.kind == Kind::LongText {
            prop_assert_eq!(converted.value.as_text().unwrap_or_default(), words);
        }
    }
}
