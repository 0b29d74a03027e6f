//! What a row of a file changes in the row that it is.

use std::collections::{BTreeMap, BTreeSet};

use super::super::difference::{Difference, SheetTells, difference};
use super::super::matching::Match;
use super::super::memory::Ordinals;
use super::super::offer::ReadOffer;
use super::super::*;
use crate::ids::{ColumnId, RowId};
use crate::table::defaults::formations;
use crate::table::{Columns, Plain, Row};

fn offer(cells: &[(&str, &str)]) -> ReadOffer {
    let values = cells.iter().map(|(key, words)| ((*key).to_owned(), Plain::from(*words)));
    let words = cells.iter().map(|(key, words)| ((*key).to_owned(), (*words).to_owned()));
    ReadOffer { values: values.collect(), words: words.collect(), ..ReadOffer::default() }
}

fn row(id: &str, cells: &[(&str, &str)]) -> Row {
    let cells = cells.iter().map(|(key, words)| (ColumnId::new(key).unwrap(), Plain::from(*words)));
    let id = RowId::new(id).unwrap();
    Row { id, cells: cells.collect(), said: BTreeMap::new(), order: String::new(), deleted: false }
}

/// A sheet with a title and a duration, and what else is asked for.
fn tells(cleared: &[&str]) -> SheetTells {
    let mapped = ["intitule", "duree_texte", "etat", "tarifs", "themes"];
    let owned = |it: &&str| (*it).to_owned();
    SheetTells {
        mapped: mapped.iter().map(owned).collect(),
        cleared: cleared.iter().map(owned).collect(),
        own_extract: false,
    }
}

fn differ(offer: &ReadOffer, row: &Row, memory: Option<&Memory>, tells: &SheetTells) -> Difference {
    difference(offer, Match { row, memory }, tells, &Columns::new(formations()))
}

fn compare(offer: &ReadOffer, row: &Row, memory: Option<&Memory>) -> (Vec<String>, Vec<String>) {
    keys(&differ(offer, row, memory, &tells(&[])))
}

fn keys(difference: &Difference) -> (Vec<String>, Vec<String>) {
    let changes = difference.changes.iter().map(|it| it.key.clone());
    let conflicts = difference.conflicts.iter().map(|(it, _)| it.key.clone());
    (changes.collect(), conflicts.collect())
}

fn one(key: &str) -> Vec<String> {
    vec![key.to_owned()]
}

const BEFORE: [(&str, &str); 2] = [("intitule", "Animer"), ("duree_texte", "2 jours")];
const AFTER: [(&str, &str); 2] = [("intitule", "Animer"), ("duree_texte", "3 jours")];

#[test]
fn the_same_words_change_nothing_whatever_people_did() {
    let memory = Memory::of(&offer(&BEFORE));
    let edited = row("a", &[("intitule", "Tout autre chose")]);

    assert_eq!(compare(&offer(&BEFORE), &edited, Some(&memory)), (vec![], vec![]));
}

#[test]
fn a_cell_that_nobody_touched_follows_the_file() {
    let memory = Memory::of(&offer(&BEFORE));

    let (changes, conflicts) = compare(&offer(&AFTER), &row("a", &BEFORE), Some(&memory));

    assert_eq!((changes, conflicts), (one("duree_texte"), vec![]));
}

#[test]
fn a_cell_that_people_changed_too_is_a_conflict() {
    let memory = Memory::of(&offer(&BEFORE));
    let edited = row("a", &[("intitule", "Animer"), ("duree_texte", "deux jours")]);

    let difference = differ(&offer(&AFTER), &edited, Some(&memory), &tells(&[]));

    assert_eq!(keys(&difference), (vec![], one("duree_texte")));
    assert_eq!(difference.conflicts[0].1, ConflictWhy::BothChanged);
}

#[test]
fn people_who_already_wrote_what_the_file_says_are_in_no_conflict() {
    let memory = Memory::of(&offer(&BEFORE));

    assert_eq!(compare(&offer(&AFTER), &row("a", &AFTER), Some(&memory)), (vec![], vec![]));
}

#[test]
fn a_row_in_the_bin_is_not_brought_back() {
    let memory = Memory::of(&offer(&BEFORE));
    let binned = Row { deleted: true, ..row("a", &BEFORE) };

    let difference = differ(&offer(&AFTER), &binned, Some(&memory), &tells(&[]));

    assert_eq!(keys(&difference), (vec![], one("duree_texte")));
    assert_eq!(difference.conflicts[0].1, ConflictWhy::InBin);
}

#[test]
fn a_row_that_people_made_is_filled_and_never_overwritten() {
    let by_hand = row("a", &[("intitule", "ANIMER"), ("etat", "brouillon")]);
    let mut file = offer(&AFTER);
    file.values.insert("etat".to_owned(), "publiee".into());

    let difference = differ(&file, &by_hand, None, &tells(&[]));

    assert_eq!(keys(&difference), (one("duree_texte"), one("intitule")));
    assert_eq!(difference.conflicts[0].1, ConflictWhy::ByHand);
}

#[test]
fn an_empty_cell_says_nothing_unless_its_column_is_cleared() {
    let memory = Memory::of(&offer(&BEFORE));
    let (emptied, dashed) = (offer(&BEFORE[..1]), offer(&BEFORE[..1]));
    let mut dashed = dashed;
    dashed.words.insert("duree_texte".to_owned(), "-".to_owned());
    let as_imported = row("a", &BEFORE);

    for file in [&emptied, &dashed] {
        let kept = differ(file, &as_imported, Some(&memory), &tells(&[]));
        let cleared = differ(file, &as_imported, Some(&memory), &tells(&["duree_texte"]));

        assert_eq!(kept, Difference::default());
        assert_eq!(keys(&cleared), (one("duree_texte"), vec![]));
        assert_eq!(
            (&cleared.changes[0].old, &cleared.changes[0].new),
            (&"2 jours".into(), &Plain::Null)
        );
    }
}

#[test]
fn what_people_wrote_is_not_cleared_by_an_empty_cell() {
    let memory = Memory::of(&offer(&BEFORE));
    let edited = row("a", &[("intitule", "Animer"), ("duree_texte", "deux jours")]);
    let tells = tells(&["duree_texte"]);

    let of_import = differ(&offer(&BEFORE[..1]), &edited, Some(&memory), &tells);
    let of_hand = differ(&offer(&BEFORE[..1]), &edited, None, &tells);

    assert_eq!(keys(&of_import), (vec![], one("duree_texte")));
    assert_eq!(keys(&of_hand), (vec![], one("duree_texte")));
}

#[test]
fn a_column_that_the_file_lost_says_nothing() {
    let memory = Memory::of(&offer(&BEFORE));
    let mut tells = tells(&["duree_texte"]);
    tells.mapped = BTreeSet::from(["intitule".to_owned()]);
    tells.cleared = BTreeSet::new();

    let difference = differ(&offer(&BEFORE[..1]), &row("a", &BEFORE), Some(&memory), &tells);

    assert_eq!(difference, Difference::default());
}

#[test]
fn what_a_cell_told_in_passing_goes_when_it_tells_something_else() {
    let with_setting = |words: &str, told: Option<&str>| {
        let mut offer = offer(&[("intitule", "Animer"), ("type", "formation_courte")]);
        offer.words.insert("type".to_owned(), words.to_owned());
        if let Some(told) = told {
            offer.values.insert("cadre".to_owned(), chosen(&[told]));
            offer.words.insert("cadre".to_owned(), words.to_owned());
        }
        offer
    };
    let before = with_setting("formation courte (intra)", Some("intra"));
    let memory = Memory { in_passing: ["cadre".to_owned()].into(), ..Memory::of(&before) };
    let mut row = row("a", &[("intitule", "Animer"), ("type", "formation_courte")]);
    row.cells.insert(ColumnId::new("cadre").unwrap(), chosen(&["intra"]));
    let mut tells = tells(&[]);
    tells.mapped.insert("type".to_owned());

    let after = differ(&with_setting("formation courte", None), &row, Some(&memory), &tells);
    let mut silent = with_setting("", None);
    silent.words.remove("type");
    silent.values.remove("type");
    let emptied = differ(&silent, &row, Some(&memory), &tells);

    assert_eq!(keys(&after), (one("cadre/intra"), vec![]));
    assert_eq!(emptied, Difference::default());
}

fn chosen(options: &[&str]) -> Plain {
    Plain::Map(options.iter().map(|it| ((*it).to_owned(), Plain::Bool(true))).collect())
}

fn list(items: &[(&str, f64)]) -> Plain {
    let price = |amount: f64| Plain::Map([("montant".to_owned(), Plain::Number(amount))].into());
    Plain::Map(items.iter().map(|(id, amount)| ((*id).to_owned(), price(*amount))).collect())
}

fn priced(prices: Plain) -> ReadOffer {
    let mut offer = offer(&[("intitule", "Animer")]);
    offer.words.insert("tarifs".to_owned(), format!("{prices:?}"));
    offer.values.insert("tarifs".to_owned(), prices);
    offer
}

#[test]
fn options_follow_the_file_one_by_one() {
    let themed = |options: &[&str]| {
        let mut offer = offer(&[("intitule", "Animer")]);
        offer.values.insert("themes".to_owned(), chosen(options));
        offer.words.insert("themes".to_owned(), format!("{:?}", offer.values));
        offer
    };
    let mut row = row("a", &[("intitule", "Animer")]);
    row.cells.insert(ColumnId::new("themes").unwrap(), chosen(&["eau", "design"]));

    let memory = Memory::of(&themed(&["eau"]));
    let (changes, conflicts) = compare(&themed(&["elus"]), &row, Some(&memory));

    assert_eq!(
        (changes, conflicts),
        (vec!["themes/elus".to_owned(), "themes/eau".to_owned()], vec![])
    );
}

#[test]
fn an_item_is_what_it_says_wherever_it_stands() {
    let memory = Memory::of(&priced(list(&[("i01", 100.0), ("i02", 200.0)])));
    let mut row = row("a", &[("intitule", "Animer")]);
    // People put one before the others; their lists have other ids.
    let here = list(&[("i01", 100.0), ("i02", 200.0), ("k9", 50.0)]);
    row.cells.insert(ColumnId::new("tarifs").unwrap(), here);

    let reordered =
        differ(&priced(list(&[("i01", 200.0), ("i02", 100.0)])), &row, Some(&memory), &tells(&[]));
    let raised = differ(
        &priced(list(&[("i01", 100.0), ("i02", 250.0), ("i03", 50.0), ("i04", 70.0)])),
        &row,
        Some(&memory),
        &tells(&[]),
    );

    assert_eq!(reordered, Difference::default());
    assert_eq!(keys(&raised), (vec!["tarifs/i02".to_owned(), "tarifs/i03".to_owned()], vec![]));
    assert_eq!(raised.changes[0].new, list(&[("x", 250.0)]).as_map().unwrap()["x"]);
    assert_eq!(raised.changes[1].new, list(&[("x", 70.0)]).as_map().unwrap()["x"]);
}

#[test]
fn an_item_that_people_changed_too_is_a_conflict() {
    let memory = Memory::of(&priced(list(&[("i01", 100.0)])));
    let mut row = row("a", &[("intitule", "Animer")]);
    row.cells.insert(ColumnId::new("tarifs").unwrap(), list(&[("i01", 110.0)]));

    let file = priced(list(&[("i01", 120.0)]));
    let (changes, conflicts) = compare(&file, &row, Some(&memory));

    assert_eq!((changes, conflicts), (vec![], one("tarifs/i01")));
}

#[test]
fn two_copies_in_one_file_have_two_keys() {
    let mut ordinals = Ordinals::default();

    assert_eq!(ordinals.next("k".into()), ("k".to_owned(), false));
    assert_eq!(ordinals.next("k".into()), ("k#2".to_owned(), true));
}
