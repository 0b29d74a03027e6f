use super::super::merge::{at, cell, texts};
use super::super::*;
use super::{columns, map, price};

fn outcome(column: &str, base: &Plain, now: &Plain, proposed: &Plain) -> Outcome {
    cell(columns().get(column).unwrap(), base, now, proposed)
}

#[test]
fn two_people_who_change_different_words_of_a_sentence_both_see_their_words() {
    let merged = texts(
        "Animer une réunion publique",
        "Animer une grande réunion publique",
        "Animer une réunion citoyenne",
    );

    assert_eq!(merged.text, "Animer une grande réunion citoyenne");
    assert_eq!(merged.conflicts, []);
}

#[test]
fn two_people_who_change_the_same_word_see_both_and_it_is_said_where() {
    let merged = texts("le 12 mars", "le 13 mars", "le 14 mars");

    assert_eq!(merged.text, "le 13 14 mars");
    let [conflict] = merged.conflicts.as_slice() else { panic!("one conflict") };
    assert_eq!(&merged.text[conflict.at.clone()], "13 14");
    assert_eq!(
        (conflict.base.as_str(), conflict.theirs.as_str(), conflict.mine.as_str()),
        ("12", "13", "14")
    );
}

#[test]
fn two_people_who_add_at_one_place_are_both_heard_and_do_not_quarrel() {
    let merged = texts("Objectifs :", "Objectifs : écouter", "Objectifs : décider");

    assert_eq!(merged.text, "Objectifs : écouter décider");
    assert_eq!(merged.conflicts, []);
}

#[test]
fn the_same_change_twice_is_one_change() {
    let merged = texts("deux jours", "trois jours pleins", "trois jours pleins");

    assert_eq!(merged, Merged { text: "trois jours pleins".into(), conflicts: vec![] });
}

#[test]
fn words_that_one_takes_away_and_the_other_rewrites_are_a_question() {
    let merged = texts("Gratuit pour tous", "Gratuit", "Gratuit pour les membres");

    assert!(merged.text.contains("pour les membres"), "{}", merged.text);
    assert_eq!(merged.conflicts.len(), 1);
}

#[test]
fn a_cell_that_nobody_else_touched_takes_what_is_proposed() {
    let (before, after) = (Plain::from("hybride"), Plain::from("presentiel"));

    assert_eq!(outcome("modalite", &before, &before, &after), Outcome::Take(after.clone()));
    assert_eq!(outcome("modalite", &before, &after, &after), Outcome::Same);
    assert_eq!(outcome("modalite", &before, &after, &before), Outcome::Same);
    assert_eq!(outcome("modalite", &before, &before, &Plain::Null), Outcome::Take(Plain::Null));
}

#[test]
fn a_choice_that_both_changed_is_a_question() {
    let (base, now, proposed) =
        (Plain::from("hybride"), Plain::from("presentiel"), Plain::from("distanciel"));

    let found = outcome("modalite", &base, &now, &proposed);

    assert_eq!(found, Outcome::Conflict { now, proposed, both: None });
}

#[test]
fn options_that_two_people_tick_are_both_ticked() {
    let base = map(&[("eau", true.into())]);
    let now = map(&[("eau", true.into()), ("design", true.into())]);
    let proposed = map(&[("elus", true.into())]);

    let wanted = map(&[("design", true.into()), ("elus", true.into())]);
    assert_eq!(outcome("themes", &base, &now, &proposed), Outcome::Merged(wanted));
}

#[test]
fn two_new_prices_that_came_under_one_id_are_two_prices() {
    let now = map(&[("i01", price(300.0))]);
    let proposed = map(&[("i01", price(500.0))]);

    let wanted = map(&[("i01", price(300.0)), ("i02", price(500.0))]);
    assert_eq!(outcome("tarifs", &Plain::Null, &now, &proposed), Outcome::Merged(wanted));
}

#[test]
fn a_price_that_both_changed_stands_twice_until_a_pilot_decides() {
    let base = map(&[("i01", price(300.0)), ("i02", price(10.0))]);
    let now = map(&[("i01", price(350.0)), ("i02", price(10.0))]);
    let proposed = map(&[("i01", price(400.0))]);

    let found = outcome("tarifs", &base, &now, &proposed);

    let both = map(&[("i01", price(350.0)), ("i02", price(400.0))]);
    assert_eq!(found, Outcome::Conflict { now, proposed, both: Some(both) });
}

#[test]
fn own_words_merge_like_texts() {
    let found = at(
        &columns(),
        "lieux~said",
        &"Roubaix ; Maubeuge".into(),
        &"Roubaix ; Maubeuge ; Lille".into(),
        &"Roubaix (59) ; Maubeuge".into(),
    );

    assert_eq!(found, Outcome::Merged("Roubaix (59) ; Maubeuge ; Lille".into()));
}

#[test]
fn a_long_text_that_both_rewrote_whole_is_merged_without_end_of_patience() {
    let long = |word: &str| format!("{word} ").repeat(30_000);

    let merged = texts(&long("base"), &long("leur"), &long("mien"));

    assert!(merged.text.contains("leur") && merged.text.contains("mien"));
    assert_eq!(merged.conflicts.len(), 1);
}
