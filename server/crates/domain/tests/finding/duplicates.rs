//! `fixtures/duplicates`: pairs of entries, and whether a person would say that they tell of one offer.

use tablee_domain::offer::duplicate::{Kin, Traits};

use crate::offers;

/// What became of the pairs of a file.
struct Figures {
    precision: f64,
    recall: f64,
}

/// Asks as the desk does: who among all known offers, the first of the pair with them, resembles the second?
fn figures(path: &str) -> Figures {
    let catalogue = offers::catalogue();
    let traits = |title: &str, body: &str, page: &str| Traits::of(title, body, page);
    let inventory: Vec<Traits> = catalogue
        .offers()
        .map(|row| traits(row.text("intitule"), row.text("organisme"), row.text("url")))
        .collect();
    let (mut right, mut told, mut same) = (0_u32, 0_u32, 0_u32);
    for line in crate::lines(path) {
        let [judgement, title, body, page, other_title, other_body, other_page, why] = &line[..]
        else {
            panic!("eight cells: {line:?}")
        };
        let one = traits(title, body, page);
        let known: Vec<Traits> =
            inventory.iter().filter(|it| **it != one).chain([&one]).cloned().collect();
        let place = known.len() - 1;
        let found = Kin::of(known).of_one(&traits(other_title, other_body, other_page));
        let is_told = found.iter().any(|alike| alike.place == place);
        let is_same = judgement == "same";
        assert!(is_same || judgement == "other", "{judgement}");
        if is_told != is_same {
            println!("{path}: {judgement}, and we say otherwise: {title} | {other_title} ({why})");
        }
        same += u32::from(is_same);
        told += u32::from(is_told);
        right += u32::from(is_told && is_same);
    }
    let part = |of: u32| f64::from(right) / f64::from(of.max(1));
    let figures = Figures { precision: part(told), recall: part(same) };
    println!("{path}: precision {:.3}, recall {:.3}", figures.precision, figures.recall);
    figures
}

#[test]
fn entries_of_one_offer_are_told_and_others_are_left_alone() {
    let judged = crate::lines("duplicates/judged.tsv").len();

    for path in ["duplicates/weights.tsv", "duplicates/judged.tsv"] {
        let figures = figures(path);
        assert!(figures.precision >= 0.9 && figures.recall >= 0.9, "{path}");
    }
    assert!(judged >= 60, "{judged} pairs");
}
