//! What holds for the rows of any file, whatever stands in their cells.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tablee_domain::import::grid::{RawCell, RawRow, RawSheet};
use tablee_domain::import::header::Header;
use tablee_domain::import::names::Names;
use tablee_domain::import::offer::{OfferReader, ReadOffer, vocabularies};
use tablee_domain::import::rows;
use tablee_domain::offer::display::{Language, value};
use tablee_domain::reading::{Vocabulary, Why, print, text};
use tablee_domain::table::defaults::formations;
use tablee_domain::table::{Columns, Plain};
use tablee_domain::text::fold;

use crate::properties::{hostile, mixed, numbers, stands_in};

/// Headers as people write them, one of each kind of cell; nobody knows the last.
const HEADERS: [&str; 22] = [
    "Intitulé",
    "Organisme",
    "Type",
    "Thèmes",
    "Pour qui ?",
    "Format",
    "Durée",
    "Durée en heures",
    "Quand ?",
    "Où ?",
    "Coût",
    "Tarifs détaillés",
    "Type de tarif",
    "Financements possibles",
    "Diplôme",
    "Lien",
    "Contact",
    "Téléphone",
    "Effectif maximal",
    "Code RNCP",
    "Objectifs",
    "Suivi par",
];

fn cell(words: &str, at: usize) -> RawCell {
    RawCell::text(u32::try_from(at).expect("few columns"), words)
}

/// The row and all that was told of it.
fn read(words: &[String], link: Option<&str>) -> (Columns, ReadOffer, Vec<String>) {
    let columns = Columns::new(formations());
    let header = HEADERS.iter().enumerate().map(|(at, words)| cell(words, at)).collect();
    let mut cells: Vec<RawCell> =
        words.iter().enumerate().map(|(at, words)| cell(words, at)).collect();
    if let Some(first) = cells.first_mut() {
        first.link = link.map(str::to_owned);
    }
    let rows = vec![
        RawRow { number: 1, hidden: false, cells: header },
        RawRow { number: 2, hidden: false, cells },
    ];
    let sheet = RawSheet { name: "Feuille".into(), rows, ..RawSheet::default() };
    let header = Header::find(&sheet, &Names::of(&columns), &columns).expect("a title and more");
    let vocabularies: BTreeMap<String, Vocabulary> = vocabularies(&columns);
    let sorted = rows::sort(&sheet, &header, &vocabularies["type"]);
    let others = sorted.others.into_iter().map(|other| other.words).collect();
    let read = sorted
        .offers
        .first()
        .map(|row| OfferReader::new(&sheet.name, &header, &columns, &vocabularies).read(row));
    (columns, read.unwrap_or_default(), others)
}

fn letters(words: &str) -> String {
    fold(words).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// All that an offer says, and all that is said about it.
fn told(columns: &Columns, offer: &ReadOffer, others: &[String]) -> String {
    let mut told = others.to_vec();
    for (key, held) in &offer.values {
        let column = columns.get(key.strip_suffix("~said").unwrap_or(key)).expect("a column");
        // In what a number counts, its column says.
        told.push(column.label.fr.clone());
        told.push(value(column, held, Language::French));
        told.push(print::print(column, held));
        told.extend(held.as_text().map(str::to_owned));
    }
    // What nobody takes is told as it stood, with its spoilt accents.
    told.extend(offer.complaints.iter().map(|complaint| text::repaired(&complaint.words)));
    told.extend(offer.complaints.iter().map(|complaint| complaint.words.clone()));
    told.iter().map(|words| letters(words)).collect::<Vec<_>>().join(" ")
}

fn row(words: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<String>> {
    let some = prop::option::weighted(0.5, words);
    let cells = prop::collection::vec(some, HEADERS.len());
    cells.prop_map(|cells| cells.into_iter().map(Option::unwrap_or_default).collect())
}

/// Places without the code of a department that the words call by its name.
fn without_codes_of_names(held: &Plain) -> Plain {
    let Plain::Map(items) = held else { return held.clone() };
    let plain = |item: &Plain| {
        let mut item = item.as_map().cloned().unwrap_or_default();
        item.remove("departement");
        Plain::Map(item)
    };
    Plain::List(items.values().map(plain).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn no_words_whatever_make_the_import_of_a_row_fail_or_lose_one(words in row(hostile())) {
        let (columns, offer, others) = read(&words, Some("https://x.fr/derriere"));

        let told = told(&columns, &offer, &others);
        for words in &words {
            let repaired = text::repaired(words);
            for word in repaired.split(|c: char| !c.is_alphanumeric()).map(letters) {
                let mut runs = word.split(|c: char| c.is_ascii_digit()).chain(
                    word.split(|c: char| !c.is_ascii_digit()),
                );
                let there = told.contains(&word) || runs.all(|run| told.contains(run.trim_start_matches('0')));
                prop_assert!(there, "`{}` of {:?} in {:?}", word, words, offer);
            }
        }
        prop_assert!(told.contains("derriere") || !others.is_empty() || offer == ReadOffer::default());
    }

    #[test]
    fn a_row_is_never_given_a_number_that_nobody_wrote_in_it(words in row(mixed())) {
        let (columns, offer, _) = read(&words, None);

        let all = words.join(" ");
        let counts = [Why::Computed, Why::SerialDate, Why::AmbiguousDate];
        let counted = offer.complaints.iter().any(|complaint| counts.contains(&complaint.why));
        for (key, held) in &offer.values {
            let of_words = columns.get(key).is_none_or(|it| it.kind.is_text() || it.kind.has_options());
            // Days between two days are counted; their years are looked at beside the readings.
            if of_words || counted || key == "sessions" {
                continue;
            }
            let mut found = Vec::new();
            numbers(&without_codes_of_names(held), &mut found);
            for number in found {
                // The country stands before a telephone number, in the place of its zero.
                let national = number.strip_prefix("33").filter(|_| key == "contact_tel");
                let number = national.map_or(number.clone(), str::to_owned);
                prop_assert!(stands_in(&number, &all), "{} of {} in {:?}", number, key, words);
            }
        }
    }

    #[test]
    fn own_words_and_texts_hold_no_word_that_nobody_wrote(words in row(mixed())) {
        let (columns, offer, _) = read(&words, None);

        let all: Vec<String> = words.iter().map(|words| letters(&text::repaired(words))).collect();
        for (key, held) in &offer.values {
            let is_text = columns.get(key).is_none_or(|column| column.kind.is_text());
            let lines = held.as_text().filter(|_| is_text).into_iter().flat_map(str::lines);
            for word in lines.flat_map(|line| line.split(|c: char| !c.is_alphanumeric())) {
                let word = letters(word);
                prop_assert!(all.iter().any(|all| all.contains(&word)), "{} of {} in {:?}", word, key, words);
            }
        }
    }
}

#[test]
fn a_sum_that_was_reckoned_is_said_to_be_wherever_it_stands() {
    for header in ["Coût", "Tarifs détaillés", "Type de tarif"] {
        let mut words = vec![String::new(); HEADERS.len()];
        words[0] = "Animer".to_owned();
        words[1] = "Lisode".to_owned();
        words[HEADERS.iter().position(|it| *it == header).unwrap()] = "2 k€ HT".to_owned();

        let (_, offer, _) = read(&words, None);

        let amounts = offer.values["tarifs"].as_map().unwrap().values();
        let amounts: Vec<f64> =
            amounts.map(|item| item.as_map().unwrap()["montant"].as_number().unwrap()).collect();
        assert_eq!(
            (amounts, &offer.values["tarif_type"]),
            (vec![2_000.0], &"payant".into()),
            "{header}"
        );
        assert!(offer.complaints.iter().any(|it| it.why == Why::Computed), "{header}");
    }
}

#[test]
fn what_two_cells_say_of_one_column_and_disagree_about_is_a_doubt() {
    let mut words = vec![String::new(); HEADERS.len()];
    let at = |name: &str| HEADERS.iter().position(|it| *it == name).unwrap();
    for (header, said) in [
        ("Intitulé", "Animer"),
        ("Organisme", "Lisode"),
        ("Durée", "2 jours (14 h)"),
        ("Durée en heures", "12"),
        ("Type de tarif", "gratuit"),
        ("Coût", "600 € HT"),
    ] {
        words[at(header)] = said.to_owned();
    }

    let (_, offer, _) = read(&words, None);

    let doubts = offer.complaints.iter().filter(|it| it.why == Why::OtherCellSays);
    let doubts: Vec<(&str, &str)> =
        doubts.map(|it| (it.column.as_str(), it.words.as_str())).collect();
    assert_eq!(doubts, [("Durée", "2 jours (14 h)"), ("Coût", "600 € HT")]);
    assert_eq!(offer.values["duree_heures"], Plain::Number(12.0));
    assert_eq!(offer.values["duree_jours"], Plain::Number(2.0));
    assert_eq!(offer.values["tarif_type"], "gratuit".into());
    assert_eq!(offer.values["duree_texte"], "2 jours (14 h)".into());
}
