//! What pilots may do to columns, and that nothing anybody wrote goes with it.

mod properties;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::convert::{Conversion, names_for_options};
use super::*;
use crate::offer::Status;
use crate::offer::words::vocabulary;
use crate::reading::{self, Vocabulary, print};
use crate::table::defaults::formations;
use crate::table::{Choice, Plain};
use crate::text::fold::fold;

fn column(id: &str) -> ColumnId {
    ColumnId::new(id).unwrap()
}

fn item(id: &str) -> ItemId {
    ItemId::new(id).unwrap()
}

fn label(fr: &str) -> Label {
    Label { fr: fr.to_owned(), en: String::new() }
}

fn add(id: &str, name: &str) -> ColumnWork {
    ColumnWork::Add(NewColumn { id: column(id), label: name.to_owned(), kind: Kind::Text })
}

fn to_kind(id: &str, to: Kind) -> ColumnWork {
    let new_id = column("c_nouvelle");
    ColumnWork::ChangeKind { column: column(id), to, new_id, options: Vec::new() }
}

fn table() -> Columns {
    Columns::new(formations())
}

/// The columns once these are written over them.
fn with(columns: &Columns, changed: &[Column]) -> Columns {
    let others = columns.iter().filter(|it| changed.iter().all(|new| new.id != it.id));
    Columns::new(others.chain(changed).cloned().collect())
}

fn done(columns: &Columns, work: &ColumnWork) -> (Columns, Vec<Both>) {
    let changed = apply(work, columns).unwrap();
    let both = |after: &Column| Both {
        before: columns.get(after.id.as_str()).cloned(),
        after: after.clone(),
    };
    (with(columns, &changed), changed.iter().map(both).collect())
}

fn order(columns: &Columns) -> Vec<&str> {
    columns.in_use().map(|it| it.id.as_str()).collect()
}

#[test]
fn a_new_column_stands_last_and_visitors_do_not_see_it_before_a_pilot_says_so() {
    let (columns, _) = done(&table(), &add("c_note", "  Note\u{a0}de  l'équipe\n"));

    let new = columns.get("c_note").unwrap();
    assert_eq!(order(&columns).last(), Some(&"c_note"));
    assert_eq!(new.label.fr, "Note\u{a0}de l'équipe");
    assert!(new.shown && !new.public && !new.required && !new.archived);
}

#[test]
fn a_name_is_there_short_and_nobody_elses() {
    let refused = |name: &str| apply(&add("c", name), &table()).unwrap_err();

    assert_eq!(refused(" \u{200b}\t"), ColumnError::NoLabel);
    assert_eq!(refused(&"é".repeat(81)), ColumnError::LongLabel);
    assert_eq!(refused("DUREE"), ColumnError::LabelTaken("Durée".to_owned()));
    let (columns, _) = done(&table(), &ColumnWork::Retire { column: column("rythme") });
    assert!(apply(&add("c", "Rythme"), &columns).is_ok(), "a retired column gives its name back");
    let rename = |column, fr: &str| ColumnWork::Rename { column, label: label(fr) };
    assert!(
        apply(&rename(column("rythme"), "RYTHME"), &table()).is_ok(),
        "its own in other letters"
    );
    let same = table().get("rythme").unwrap().label.clone();
    let same = ColumnWork::Rename { column: column("rythme"), label: same };
    assert_eq!(apply(&same, &table()), Err(ColumnError::Unchanged));
}

#[test]
fn columns_that_the_house_needs_stay_and_those_it_reads_keep_their_kind() {
    let columns = table();
    for id in NEEDED.iter().chain(&KEEPS_ITS_KIND) {
        assert!(columns.get(id).is_some(), "{id} is no default column");
    }
    assert_eq!(Status::COLUMN, "etat");
    for known in columns.iter() {
        let id = known.id.as_str();
        let retired = apply(&ColumnWork::Retire { column: known.id.clone() }, &columns);
        let other = if known.kind == Kind::Email { Kind::Phone } else { Kind::Email };
        let changed = apply(&to_kind(id, other), &columns);

        assert_eq!(retired.is_err(), NEEDED.contains(&id), "{id}");
        let kept = NEEDED.contains(&id) || KEEPS_ITS_KIND.contains(&id);
        assert_eq!(changed.is_err(), kept, "{id}");
    }
    let hidden = ColumnWork::Describe {
        column: column("intitule"),
        help: None,
        section: None,
        public: Some(false),
        shown: None,
        required: None,
    };
    assert!(matches!(apply(&hidden, &columns), Err(ColumnError::Needed(_))));
}

#[test]
fn states_can_be_renamed_and_nothing_else() {
    let columns = table();
    let (column, option) = (column("etat"), item("publiee"));
    let rename = ColumnWork::RenameOption {
        column: column.clone(),
        option: option.clone(),
        label: label("en ligne"),
    };
    let into = item("brouillon");
    let others = [
        ColumnWork::RetireOption { column: column.clone(), option: option.clone() },
        ColumnWork::MoveOption { column: column.clone(), option: option.clone(), before: None },
        ColumnWork::MergeOptions { column: column.clone(), from: option, into },
        ColumnWork::AddOption {
            column,
            option: NewOption { id: item("o"), label: label("perdue") },
        },
    ];

    assert!(apply(&rename, &columns).is_ok());
    for work in others {
        assert_eq!(apply(&work, &columns).unwrap_err().key(), "keeps-its-options");
    }
}

#[test]
fn a_change_of_kind_is_another_column_in_the_same_place() {
    let columns = table();
    let (after, _) = done(&columns, &to_kind("rythme", Kind::Number));

    let (old, new) = (after.get("rythme").unwrap(), after.get("c_nouvelle").unwrap());
    assert!(old.archived && !new.archived && new.kind == Kind::Number);
    let as_before = Column { id: old.id.clone(), kind: old.kind, ..new.clone() };
    assert_eq!(Some(&as_before), columns.get("rythme"));
    let swapped: Vec<&str> = order(&after)
        .into_iter()
        .map(|id| if id == "c_nouvelle" { "rythme" } else { id })
        .collect();
    assert_eq!(swapped, order(&columns));
}

#[test]
fn options_go_with_a_choice_that_becomes_one_of_several_and_are_made_for_others() {
    let made = |names: &[&str]| {
        let option = |(at, name): (usize, &&str)| NewOption {
            id: item(&format!("o{at}")),
            label: label(name),
        };
        names.iter().enumerate().map(option).collect::<Vec<_>>()
    };
    let work = |id: &str, to, options| ColumnWork::ChangeKind {
        column: column(id),
        to,
        new_id: column("c_nouvelle"),
        options,
    };

    let (after, _) = done(&table(), &work("niveau", Kind::Choices, made(&["x"])));
    assert_eq!(after.get("c_nouvelle").unwrap().options, table().get("niveau").unwrap().options);
    let (after, _) = done(&table(), &work("rythme", Kind::Choice, made(&["matin", "soir"])));
    assert_eq!(after.get("c_nouvelle").unwrap().options.len(), 2);
    let twice = apply(&work("rythme", Kind::Choice, made(&["Matin", "matin"])), &table());
    assert_eq!(twice, Err(ColumnError::LabelTaken("Matin".to_owned())));
    let (after, _) = done(&table(), &work("niveau", Kind::Text, Vec::new()));
    assert!(after.get("c_nouvelle").unwrap().options.is_empty());
}

#[test]
fn there_is_an_end_to_columns_and_to_options() {
    let mut columns = table();
    for n in columns.in_use().count()..MOST_COLUMNS {
        columns = done(&columns, &add(&format!("c{n}"), &format!("Colonne {n}"))).0;
    }
    assert_eq!(apply(&add("plus", "Une de plus"), &columns), Err(ColumnError::TooManyColumns));
    assert!(apply(&to_kind("rythme", Kind::Number), &columns).is_ok(), "none more is in use");

    let mut themes = table().get("themes").unwrap().clone();
    themes.options = (0..MOST_OPTIONS)
        .map(|n| Choice {
            id: item(&format!("o{n}")),
            label: label(&n.to_string()),
            archived: true,
        })
        .collect();
    let option = NewOption { id: item("plus"), label: label("un de plus") };
    let work = ColumnWork::AddOption { column: themes.id.clone(), option };
    assert_eq!(apply(&work, &with(&table(), &[themes])), Err(ColumnError::TooManyOptions));
}

#[test]
fn what_is_retired_must_be_brought_back_first_and_only_where_its_name_is_free() {
    let (columns, _) = done(&table(), &ColumnWork::Retire { column: column("rythme") });
    let rename = ColumnWork::Rename { column: column("rythme"), label: label("Cadence") };
    assert_eq!(apply(&rename, &columns), Err(ColumnError::Retired("Rythme".to_owned())));
    let again = ColumnWork::Unretire { column: column("rythme") };
    assert_eq!(done(&columns, &again).0, table());

    let (columns, _) = done(&columns, &add("c", "rythme"));
    assert_eq!(apply(&again, &columns), Err(ColumnError::LabelTaken("rythme".to_owned())));
}

#[test]
fn every_refusal_has_its_sentence_in_both_languages_and_its_own_word() {
    let name = "Durée".to_owned();
    let all = [
        ColumnError::UnknownColumn,
        ColumnError::UnknownOption,
        ColumnError::UnknownChange,
        ColumnError::IdTaken,
        ColumnError::NoLabel,
        ColumnError::LongLabel,
        ColumnError::LongHelp,
        ColumnError::LabelTaken(name.clone()),
        ColumnError::TooManyColumns,
        ColumnError::TooManyOptions,
        ColumnError::Needed(name.clone()),
        ColumnError::KeepsItsKind(name.clone()),
        ColumnError::KeepsItsOptions(name.clone()),
        ColumnError::NoOptions(name.clone()),
        ColumnError::UnknownSection,
        ColumnError::Retired(name.clone()),
        ColumnError::SameOption,
        ColumnError::Unchanged,
        ColumnError::Moved,
    ];

    let keys: BTreeSet<&str> = all.iter().map(ColumnError::key).collect();
    assert_eq!(keys.len(), all.len());
    for error in &all {
        for sentence in [error.fr(), error.en()] {
            assert!(sentence.ends_with('.'), "{sentence}");
            assert_eq!(sentence.contains(&name), !error.name().is_empty(), "{sentence}");
        }
    }
}

#[test]
fn what_somebody_changed_since_stays_when_a_change_is_taken_back() {
    let (renamed, change) =
        done(&table(), &ColumnWork::Rename { column: column("rythme"), label: label("Cadence") });
    let hide = ColumnWork::Describe {
        column: column("rythme"),
        help: None,
        section: None,
        public: Some(false),
        shown: Some(true),
        required: None,
    };
    let (described, _) = done(&renamed, &hide);

    let back = undo(&change, &described).unwrap();
    assert_eq!(back.changed[0].label.fr, "Rythme");
    assert!(back.changed[0].shown && !back.changed[0].public, "another fact of the same column");

    let (again, _) = done(
        &described,
        &ColumnWork::Rename { column: column("rythme"), label: label("Fréquence") },
    );
    assert_eq!(undo(&change, &again), Err(ColumnError::Unchanged));
}

#[test]
fn an_option_that_was_made_is_retired_and_two_that_became_one_are_two_again() {
    let themes = column("themes");
    let new = NewOption { id: item("o1"), label: label("forêts") };
    let (added, change) =
        done(&table(), &ColumnWork::AddOption { column: themes.clone(), option: new });
    let back = undo(&change, &added).unwrap();
    assert!(back.changed[0].option("o1").unwrap().archived);

    let (from, into) = (item("eau"), item("environnement"));
    let work = ColumnWork::MergeOptions { column: themes.clone(), from: from.clone(), into };
    let (merged, change) = done(&table(), &work);
    assert!(merged.get("themes").unwrap().option("eau").unwrap().archived);
    let rename =
        ColumnWork::RenameOption { column: themes, option: item("elus"), label: label("élu") };
    let (later, _) = done(&merged, &rename);
    let back = undo(&change, &later).unwrap();
    assert!(!back.changed[0].option("eau").unwrap().archived);
    assert_eq!(back.changed[0].option("elus").unwrap().label.fr, "élu");
    let both =
        Plain::Map([("eau".to_owned(), true.into()), ("elus".to_owned(), true.into())].into());
    let one = merge::merged(&both, &from, &item("environnement")).unwrap();
    assert!(merge::holds(&one, &item("environnement")) && merge::holds(&one, &item("elus")));
    assert!(!merge::holds(&one, &from));
}

/// A default column, and any other kind in its place.
fn pair(at: usize, to: Kind) -> ((Column, Vocabulary), (Column, Vocabulary)) {
    static ALL: LazyLock<Vec<(Column, Vocabulary)>> = LazyLock::new(|| {
        formations().into_iter().map(|column| (column.clone(), vocabulary(&column))).collect()
    });
    let (from, words) = ALL[at % ALL.len()].clone();
    let mut new = Column { id: column("c_nouvelle"), kind: to, ..from.clone() };
    if !to.has_options() {
        new.options.clear();
    }
    let new_words = Vocabulary::new(&new, &[]);
    ((from, words), (new, new_words))
}

fn letters(text: &str) -> Vec<char> {
    let mut all: Vec<char> = fold(text).chars().filter(|c| c.is_alphanumeric()).collect();
    all.sort_unstable();
    all
}

#[test]
fn words_are_read_as_the_new_kind_and_what_is_not_read_stays_beside() {
    let convert = |words: &str, to: Kind| {
        let (_, (new, _)) = pair(0, to);
        let from = table().get("rythme").unwrap().clone();
        let (a, b) = (vocabulary(&from), vocabulary(&new));
        Conversion { from: (&from, &a), to: (&new, &b) }.of(&words.into(), "")
    };

    assert_eq!(convert("12", Kind::Number).value, 12.0.into());
    assert_eq!(convert("12 mars 2026", Kind::Date).value, "2026-03-12".into());
    for (words, kind) in
        [("à voir avec Zoé", Kind::Number), ("à définir", Kind::Date), ("idem", Kind::Url)]
    {
        let unread = convert(words, kind);
        assert!(unread.value.is_empty() && unread.doubts.len() == 1, "{words}: {unread:?}");
        assert_eq!(unread.said, words);
    }
    let asked = convert("500 (à vérifier)", Kind::Number);
    assert_eq!((asked.value, asked.said.as_str()), (500.0.into(), "500 (à vérifier)"));
}

#[test]
fn the_own_words_of_a_cell_come_along_once() {
    let duration = table().get("duree_jours").unwrap().clone();
    let convert = |value: Plain, said: &str, to: Kind| {
        let new = Column { kind: to, ..duration.clone() };
        let words = vocabulary(&duration);
        Conversion { from: (&duration, &words), to: (&new, &words) }.of(&value, said)
    };

    let text = convert(2.5.into(), "2 jours et demi", Kind::LongText);
    assert_eq!(text.value, "2 jours et demi".into(), "they say the value and more");
    let text = convert(3.0.into(), "ou quatre", Kind::LongText);
    assert_eq!(text.value, "3\nou quatre".into());
    let number = convert(3.0.into(), "ou quatre", Kind::Number);
    assert_eq!((number.value, number.said.as_str()), (3.0.into(), "ou quatre"));
    assert_eq!(convert(Plain::Null, "", Kind::Number), convert::Converted::default());
}

#[test]
fn a_column_that_becomes_a_choice_offers_what_its_cells_say() {
    let from = table().get("rythme").unwrap().clone();
    let words = vocabulary(&from);
    let cells = ["Le soir", "le matin", "le soir", "", "-", "le matin ; le soir"];
    let names = |several| {
        let cells = cells.iter().map(|words| (Plain::from(*words), String::new()));
        names_for_options((&from, &words), several, cells, (50, 80))
    };

    assert_eq!(names(true), ["Le soir", "le matin"]);
    assert_eq!(names(false), ["Le soir", "le matin", "le matin ; le soir"]);
}
