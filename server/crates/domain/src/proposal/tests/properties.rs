//! Whatever is typed into a form and whoever writes into a row meanwhile: no panic, and nothing lost.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::super::merge::{cell, texts};
use super::super::*;
use super::{columns, map, row};
use crate::text::fold;

fn any_words() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "Animer", "2,5 j", "1 200 € HT", "du 12 au 14 mars 2027", "Grenoble (38)", "https://a.fr", "gratuit",
            "formation courte", "-", "?", "à définir", "x@y.fr (Marie)", "payant", "distanciel", "RNCP36315", "rncp",
            "[x]", "idem", "eau", "06 12 34 56 78", "formation_courte", "",
        ]).prop_map(str::to_owned),
        1 => "[a-zé ;,.0-9€\r\n]{0,24}",
        1 => any::<String>(),
    ]
}

fn any_name() -> impl Strategy<Value = String> {
    let names: Vec<String> = columns().iter().map(|column| column.id.to_string()).collect();
    let others = ["vous-courriel", "vous-nom", "remarque-pilotes", "etat", "jeton", "", "é"];
    prop::sample::select(
        names.into_iter().chain(others.map(str::to_owned)).collect::<Vec<String>>(),
    )
}

fn any_fields() -> impl Strategy<Value = Vec<(String, String)>> {
    prop::collection::vec((any_name(), any_words()), 0..24)
}

fn any_plain() -> impl Strategy<Value = Plain> {
    let leaf = prop_oneof![
        Just(Plain::Null),
        any::<bool>().prop_map(Plain::Bool),
        (-1e6..1e6_f64).prop_map(Plain::Number),
        any_words().prop_map(Plain::Text),
    ];
    leaf.prop_recursive(3, 12, 4, |inside| {
        let key = prop::sample::select(vec!["i01", "i02", "eau", "montant", "debut", "commune"]);
        prop_oneof![
            prop::collection::vec(inside.clone(), 0..3).prop_map(Plain::List),
            prop::collection::btree_map(key.prop_map(str::to_owned), inside, 0..3)
                .prop_map(Plain::Map),
        ]
    })
}

/// Rows as no program of ours writes them.
fn any_row() -> impl Strategy<Value = crate::table::Row> {
    let cells = prop::collection::vec((any_name(), any_plain()), 0..12);
    let said = prop::collection::vec((any_name(), any_words()), 0..4);
    (cells, said).prop_map(|(cells, said)| {
        let known = columns();
        let is_column = |id: &str| known.get(id).is_some();
        let cells: Vec<(&str, Plain)> = cells
            .iter()
            .filter(|(id, value)| is_column(id) && !value.is_empty())
            .map(|(id, value)| (id.as_str(), value.clone()))
            .collect();
        let said: Vec<(&str, &str)> = said
            .iter()
            .filter(|(id, words)| is_column(id) && !words.is_empty())
            .map(|(id, words)| (id.as_str(), words.as_str()))
            .collect();
        row(&cells, &said)
    })
}

fn letters(text: &str) -> BTreeSet<char> {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn all_texts(value: &Plain, into: &mut String) {
    match value {
        Plain::Text(text) => into.push_str(text),
        Plain::Number(number) => into.push_str(&crate::offer::display::number(*number)),
        Plain::Map(items) => {
            for (key, item) in items {
                into.push_str(key);
                all_texts(item, into);
            }
        }
        Plain::List(items) => items.iter().for_each(|item| all_texts(item, into)),
        Plain::Null | Plain::Bool(_) => {}
    }
}

/// A text of numbered words, and what somebody made of it: words gone, words come in.
fn rewritten(
    hand: &'static str,
) -> impl Strategy<Value = (BTreeSet<usize>, BTreeSet<usize>, &'static str)> {
    let some = || prop::collection::btree_set(0..24_usize, 0..8);
    (some(), some()).prop_map(move |(gone, come)| (gone, come, hand))
}

fn base_words() -> Vec<String> {
    (0..24).map(|at| format!("mot{at}")).collect()
}

fn written((gone, come, hand): &(BTreeSet<usize>, BTreeSet<usize>, &str)) -> String {
    let mut words = Vec::new();
    for (at, word) in base_words().into_iter().enumerate() {
        if come.contains(&at) {
            words.push(format!("{hand}{at}"));
        }
        if !gone.contains(&at) {
            words.push(word);
        }
    }
    words.join(" ")
}

proptest! {
    // A form is some fifty questions: each case is many.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_form_whatever_makes_reading_fail(fields in any_fields(), row in prop::option::of(any_row())) {
        let columns = columns();

        let filled = read(&columns, &fields, row.as_ref());

        for key in filled.cells.keys().chain(filled.base.keys()) {
            let id = key.strip_suffix("~said").unwrap_or(key);
            prop_assert!(columns.get(id).is_some_and(|it| !it.curated), "{key} is nobody's to propose");
        }
        let payload = filled.payload(row.map(|row| row.id));
        let json = serde_json::to_string(&payload).unwrap();
        prop_assert_eq!(serde_json::from_str::<Payload>(&json).unwrap(), payload);
    }

    #[test]
    fn a_row_sent_back_as_it_opened_asks_for_nothing(row in any_row()) {
        let columns = columns();
        let fields = fill(&columns, &row);

        let filled = read(&columns, &fields, Some(&row));

        prop_assert_eq!(filled.cells, BTreeMap::new());
        prop_assert_eq!(filled.errors, vec![]);
    }

    #[test]
    fn browsers_that_write_breaks_of_their_own_change_nothing(row in any_row()) {
        let columns = columns();
        let form = Form::of(&columns);
        let sent: Vec<(String, String)> = fill(&columns, &row)
            .into_iter()
            .map(|(name, words)| {
                let breaks = if form.field(&name).unwrap().asked == Asked::Lines { "\r\n" } else { "" };
                (name, words.replace('\n', breaks))
            })
            .collect();

        prop_assert_eq!(read(&columns, &sent, Some(&row)).cells, BTreeMap::new());
    }

    #[test]
    fn every_letter_that_is_typed_is_in_a_cell_or_told_about(fields in any_fields()) {
        let filled = read(&columns(), &fields, None);

        let mut told = String::new();
        for (key, value) in &filled.cells {
            all_texts(value, &mut told);
            // A choice stands by its id.
            told.push_str(key);
        }
        for reading in filled.readings.values() {
            reading.understood.iter().for_each(|it| told.push_str(it));
            reading.doubts.iter().for_each(|it| told.push_str(&it.words));
        }
        filled.errors.iter().for_each(|error| told.push_str(&error.words));
        let told = letters(&told);
        for (name, reading) in &filled.readings {
            for letter in reading.words.iter().flat_map(|it| letters(it)) {
                prop_assert!(told.contains(&letter), "`{letter}` of `{name}`: {:?}", reading.words);
            }
        }
    }

    #[test]
    fn what_is_typed_into_a_question_that_is_not_asked_is_dropped_and_not_required(fields in any_fields()) {
        let filled = read(&columns(), &fields, None);

        for name in &filled.hidden {
            prop_assert!(!filled.cells.contains_key(name));
            let said = format!("{name}~said");
            prop_assert!(!filled.cells.contains_key(&said));
            let faults = filled.errors.iter().filter(|error| error.field == *name);
            prop_assert!(faults.into_iter().all(|error| error.fault == Fault::NotAsked));
        }
    }

    #[test]
    fn nothing_private_is_in_what_would_be_written(fields in any_fields()) {
        let secret = [("vous-nom", "Zxq Nom"), ("vous-courriel", "zxq@exemple.fr"), ("contact-nom", "Zxq Contact"),
            ("remarque-pilotes", "Zxq remarque")];
        let secret = secret.map(|(name, words)| (name.to_owned(), words.to_owned()));
        let fields: Vec<(String, String)> = secret.into_iter().chain(fields).collect();

        let filled = read(&columns(), &fields, None);

        let json = serde_json::to_string(&filled.payload(None)).unwrap();
        prop_assert!(!json.to_lowercase().contains("zxq"));
        prop_assert_eq!(filled.private.email, "zxq@exemple.fr");
    }
}

proptest! {
    #[test]
    fn a_text_that_one_side_left_alone_is_the_others(base in any::<String>(), other in any::<String>()) {
        prop_assert_eq!(texts(&base, &base, &other).text, other.clone());
        prop_assert_eq!(texts(&base, &other, &base).text, other);
    }

    #[test]
    fn no_three_texts_whatever_make_merging_fail(
        base in "\\PC{0,60}|[ab \n]{0,60}",
        theirs in "\\PC{0,60}|[ab \n]{0,60}",
        mine in "\\PC{0,60}|[ab \n]{0,60}",
    ) {
        let merged = texts(&base, &theirs, &mine);

        for conflict in &merged.conflicts {
            let here = &merged.text[conflict.at.clone()];
            prop_assert!(here.contains(&conflict.theirs) && here.contains(&conflict.mine));
        }
        let is_word = |c: char| c.is_alphanumeric();
        let of_base: BTreeSet<&str> = base.split(|c| !is_word(c)).collect();
        for side in [&theirs, &mine] {
            for word in side.split(|c| !is_word(c)).filter(|word| !of_base.contains(word)) {
                prop_assert!(merged.text.contains(word), "`{word}` of `{side}` in `{}`", merged.text);
            }
        }
    }

    #[test]
    fn no_word_is_lost_that_the_other_side_did_not_take_away(
        theirs in rewritten("leur"),
        mine in rewritten("mien"),
    ) {
        let merged = texts(&base_words().join(" "), &written(&theirs), &written(&mine));

        let here: Vec<&str> = merged.text.split_whitespace().collect();
        for (at, word) in base_words().iter().enumerate() {
            let gone = theirs.0.contains(&at) || mine.0.contains(&at);
            let stands = here.iter().filter(|it| *it == word).count();
            if !gone {
                prop_assert_eq!(stands, 1, "`{}` in `{}`", word, merged.text);
            }
        }
        for (_, come, hand) in [&theirs, &mine] {
            for at in come {
                let word = format!("{hand}{at}");
                prop_assert!(here.contains(&word.as_str()), "`{word}` in `{}`", merged.text);
            }
        }
    }

    #[test]
    fn cells_of_any_shape_merge_and_an_untouched_one_stays(
        name in any_name(), base in any_plain(), now in any_plain(), proposed in any_plain(),
    ) {
        let columns = columns();
        let Some(column) = columns.get(&name) else { return Ok(()) };

        let _total = cell(column, &base, &now, &proposed);

        prop_assert_eq!(cell(column, &base, &now, &base), Outcome::Same);
        prop_assert_eq!(cell(column, &base, &now, &now), Outcome::Same);
    }

    #[test]
    fn items_that_two_people_add_change_and_remove_are_never_lost(
        base in prop::collection::btree_map(0..6_u8, 0..4_u8, 0..5),
        now in prop::collection::btree_map(0..6_u8, 0..4_u8, 0..5),
        proposed in prop::collection::btree_map(0..6_u8, 0..4_u8, 0..5),
    ) {
        let list = |items: &BTreeMap<u8, u8>| {
            let items: Vec<(String, Plain)> =
                items.iter().map(|(id, it)| (format!("i{id:02}"), super::price(f64::from(*it)))).collect();
            map(&items.iter().map(|(id, it)| (id.as_str(), it.clone())).collect::<Vec<_>>())
        };
        let columns = columns();
        let column = columns.get("tarifs").unwrap();

        let outcome = cell(column, &list(&base), &list(&now), &list(&proposed));

        let both = match outcome {
            Outcome::Same => list(&now),
            Outcome::Take(both) | Outcome::Merged(both) => both,
            Outcome::Conflict { both, .. } => both.unwrap(),
        };
        let kept: Vec<Plain> = both.as_map().into_iter().flatten().map(|(_, item)| item.clone()).collect();
        for (id, item) in &now {
            let untouched = base.get(id) == Some(item);
            let taken_away = untouched && proposed.get(id) != Some(item);
            prop_assert!(taken_away || kept.contains(&super::price(f64::from(*item))));
        }
        for (id, item) in &proposed {
            let untouched = base.get(id) == Some(item);
            prop_assert!(untouched || kept.contains(&super::price(f64::from(*item))));
        }
    }
}
