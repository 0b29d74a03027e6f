//! What holds for any words. A failure prints its words cut down; its seed is kept beside this file.

use std::sync::LazyLock;

use proptest::prelude::*;
use tablee_domain::offer::words::vocabulary;
use tablee_domain::reading::{self, Reading, Vocabulary, Why, duration, print};
use tablee_domain::table::{Column, Kind, Plain};

use crate::cases::{all, columns};

/// One column of each kind, and one of each kind of code.
static COLUMNS: LazyLock<Vec<(Column, Vocabulary)>> = LazyLock::new(|| {
    const IDS: [&str; 19] = [
        "intitule",
        "objectifs",
        "effectif_max",
        "tarifs",
        "duree_heures",
        "duree_jours",
        "date_echeance",
        "sessions",
        "lieux",
        "modalite",
        "publics",
        "url",
        "contact_courriel",
        "contact_tel",
        "booleen",
        "code_rncp",
        "siret",
        "code_postal",
        "code_insee",
    ];
    let one_of_each = columns().into_iter().filter(|column| IDS.contains(&column.id.as_str()));
    one_of_each.map(|column| (column.clone(), vocabulary(&column))).collect()
});

static WORDS: LazyLock<Vec<String>> =
    LazyLock::new(|| all().into_iter().map(|case| case.words).collect());

/// Words of the fixtures cut and joined anew: what people write, in an order that nobody thought of.
pub fn mixed() -> impl Strategy<Value = String> {
    let piece =
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let piece = piece.prop_map(|(case, from, to)| {
        let chars: Vec<char> = case.get(WORDS.as_slice()).chars().collect();
        let (from, to) = (from.index(chars.len() + 1), to.index(chars.len() + 1));
        chars[from.min(to)..from.max(to)].iter().collect::<String>()
    });
    let joint = prop::sample::select(vec![
        " ", "", " ; ", ", ", "\n", " et ", " / ", "(", ")", " à ", "-", " + ",
    ]);
    prop::collection::vec((piece, joint), 1..5)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, joint)| piece + joint).collect())
}

pub fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => mixed(),
        1 => ".{0,80}",
        1 => "\\PC{0,80}",
        1 => "[0-9 .,/:x+€h()-]{0,40}",
    ]
}

/// Whether each parenthesis has its partner in its line: one that has none may find another in what we print.
fn is_balanced(words: &str) -> bool {
    words.lines().all(|line| {
        let depth = line.chars().try_fold(0_usize, |depth, c| match c {
            '(' => Some(depth + 1),
            ')' => depth.checked_sub(1),
            _ => Some(depth),
        });
        depth == Some(0)
    })
}

/// Every number inside a value.
pub fn numbers(value: &Plain, into: &mut Vec<String>) {
    match value {
        Plain::Number(number) => into.push(number.abs().to_string()),
        Plain::Text(text) => {
            into.extend(text.split(|c: char| !c.is_ascii_digit()).map(str::to_owned));
        }
        Plain::List(list) => list.iter().for_each(|item| numbers(item, into)),
        Plain::Map(map) => map.values().for_each(|item| numbers(item, into)),
        Plain::Null | Plain::Bool(_) => {}
    }
}

/// Whether a number stands in the words: in digits, in letters, as a month, as hours made of minutes.
pub fn stands_in(number: &str, words: &str) -> bool {
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    let bare: String = number.chars().filter(char::is_ascii_digit).collect();
    let bare = bare.trim_start_matches('0');
    let value: f64 = number.parse().unwrap_or_default();
    let minutes = (value * 60.0).round();
    let in_letters = value <= 12.0 && words.chars().any(char::is_alphabetic);
    bare.is_empty()
        || digits.contains(bare)
        || in_letters
        || digits.contains(&minutes.to_string())
        || digits.contains(&value.floor().to_string())
            && digits.contains(&(minutes % 60.0).to_string())
}

/// What a person sees as made of other numbers: days between two, the century of two digits, a spreadsheet's day.
fn may_count(kind: Kind, reading: &Reading) -> bool {
    let counts = [Why::Computed, Why::SerialDate, Why::AmbiguousDate];
    reading.doubts.iter().any(|doubt| counts.contains(&doubt.why)) || kind == Kind::Sessions
}

/// The years of a value stand in the words, whatever else was counted.
fn years_stand_in(reading: &Reading, words: &str) -> bool {
    let told = [Why::SerialDate, Why::AmbiguousDate];
    if reading.doubts.iter().any(|doubt| told.contains(&doubt.why)) {
        return true;
    }
    let mut all = Vec::new();
    numbers(&reading.value, &mut all);
    let years = all.iter().filter(|number| number.len() == 4);
    let digits: String = words.chars().filter(char::is_ascii_digit).collect();
    // The second year of `2025-26` is written in two digits.
    years.into_iter().all(|year| digits.contains(year.as_str()) || digits.contains(&year[2..]))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn no_words_make_reading_fail(words in hostile()) {
        for (column, vocabulary) in COLUMNS.iter() {
            reading::read(column, vocabulary, &words);
        }
        duration::duration(&words);
    }

    #[test]
    fn no_number_is_ever_invented(words in hostile()) {
        for (column, vocabulary) in COLUMNS.iter() {
            let reading = reading::read(column, vocabulary, &words);
            let plain = reading::text::repaired(&words);
            if column.kind == Kind::Sessions || column.kind == Kind::Date {
                prop_assert!(years_stand_in(&reading, &plain), "`{words}` in {}: {reading:?}", column.id);
            }
            // Options are named by their ids, codes of departments by their names, and `%20` is a space.
            let own = matches!(column.kind, Kind::Choice | Kind::Choices | Kind::Places | Kind::Url | Kind::Text | Kind::LongText);
            if own || may_count(column.kind, &reading) {
                continue;
            }
            let mut found = Vec::new();
            numbers(&reading.value, &mut found);
            for number in found {
                let number = number.strip_prefix("33").filter(|_| column.kind == Kind::Phone).unwrap_or(&number);
                prop_assert!(stands_in(number, &plain), "{number} of `{words}` in {}", column.id);
            }
        }
    }

    #[test]
    fn what_is_not_understood_stays_as_words_with_a_flag(words in hostile()) {
        for (column, vocabulary) in COLUMNS.iter() {
            let reading = reading::read(column, vocabulary, &words);
            let said = reading::text::one_line(&reading::text::repaired(&words));
            let unread = reading.value.is_empty() && reading.also.is_empty() && !said.is_empty();
            prop_assert!(!unread || !reading.doubts.is_empty(), "`{words}` in {} is lost", column.id);
        }
    }

    #[test]
    fn what_was_read_is_read_again_from_what_we_print(words in mixed().prop_filter("balanced", |it| is_balanced(it))) {
        for (column, vocabulary) in COLUMNS.iter().filter(|(column, _)| !column.kind.is_text()) {
            let value = reading::read(column, vocabulary, &words).value;
            let printed = print::print(column, &value);

            let again = reading::read(column, vocabulary, &printed).value;

            prop_assert_eq!(again, value, "`{}` in {} printed `{}`", words, column.id, printed);
        }
    }

    #[test]
    fn a_duration_printed_is_read_back(halves in 1..80u32, minutes in 0..4u32, hours in 1..500u32, span in any::<bool>()) {
        let mut value = vec![
            ("jours".to_owned(), Plain::Number(f64::from(halves) / 2.0)),
            ("heures".to_owned(), Plain::Number(f64::from(hours) + f64::from(minutes) / 4.0)),
        ];
        value.extend(span.then(|| ("etalement".to_owned(), "14 semaines".into())));
        let value = Plain::Map(value.into_iter().collect());

        prop_assert_eq!(duration::duration(&print::duration(&value)).value, value);
    }

    #[test]
    fn prices_printed_are_read_back(prices in prop::collection::vec(price(), 1..4)) {
        let (column, vocabulary) = COLUMNS.iter().find(|(column, _)| column.kind == Kind::Prices).unwrap();
        let value = Plain::List(prices);

        let printed = print::print(column, &value);

        prop_assert_eq!(reading::read(column, vocabulary, &printed).value, value, "{}", printed);
    }
}

fn price() -> impl Strategy<Value = Plain> {
    let one_of = |words: &[&'static str]| prop::option::of(prop::sample::select(words.to_vec()));
    let parts = (
        0..9_000_000_u32,
        prop::sample::select(vec!["EUR", "CHF", "CAD"]),
        one_of(&["HT", "TTC", "net de TVA"]),
        one_of(&[
            "personne",
            "groupe",
            "structure",
            "jour",
            "heure",
            "personne×jour",
            "structure×jour",
        ]),
        one_of(&[
            "employeur",
            "particulier",
            "étudiants",
            "Petit groupe 5 à 15 agents",
            "non adh.",
        ]),
        any::<bool>(),
    );
    parts.prop_map(|(cents, currency, tax, unit, profile, from)| {
        let mut item =
            vec![("montant", Plain::Number(f64::from(cents) / 100.0)), ("devise", currency.into())];
        item.extend(tax.map(|tax| ("taxe", tax.into())));
        item.extend(unit.map(|unit| ("unite", unit.into())));
        item.extend(profile.map(|profile| ("profil", profile.into())));
        item.extend(from.then_some(("a_partir_de", true.into())));
        // `Petit groupe` says by what the price is counted.
        if profile.is_some_and(|words| words.contains("groupe"))
            && unit.is_none_or(|unit| !unit.contains("pe"))
        {
            let time = unit
                .and_then(|unit| unit.rsplit('×').next())
                .filter(|unit| matches!(*unit, "jour" | "heure"));
            let unit = time.map_or("groupe".to_owned(), |time| format!("groupe×{time}"));
            item.retain(|(key, _)| *key != "unite");
            item.push(("unite", unit.into()));
        }
        Plain::Map(item.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    })
}

/// Pieces that are dear to a careless grammar when they stand a thousand times, and where they are read.
const DEAR: [(&[&str], &[&str]); 8] = [
    (&["sessions", "date_echeance"], &["12 mars et ", "12/", "1 ", "2025-", "Lyon 1, "]),
    (&["lieux"], &["Lyon, ", "Lyon, France, ", "et ", "((", ") (", "38000 "]),
    (&["tarifs"], &["1 € ", "€ ", "gratuit ", "1.000.", "par jour ("]),
    (&["duree_jours", "effectif_max"], &["2 fois ", "1 x ", "+ 2 h ", "de 1 à ", "environ "]),
    (&["contact_courriel", "contact_tel"], &["a@", "a.", "00", "01 ", "+1("]),
    (&["publics", "modalite"], &["élu·", "(e)", "et ", "élus, "]),
    (&["url", "code_rncp"], &["http ", "a.", "http://a ", "RNCP 1 "]),
    (&["intitule", "booleen"], &["\u{301}", "Ã", "à vérifier ", "\n", "\u{fdfa}"]),
];

fn read_dear(characters: usize) -> std::time::Duration {
    let start = std::time::Instant::now();
    for (ids, pieces) in DEAR {
        for (column, vocabulary) in
            COLUMNS.iter().filter(|(column, _)| ids.contains(&column.id.as_str()))
        {
            for piece in pieces {
                reading::read(
                    column,
                    vocabulary,
                    &piece.repeat(characters / piece.chars().count()),
                );
            }
        }
    }
    start.elapsed()
}

#[test]
fn ten_thousand_characters_cost_about_ten_times_what_one_thousand_do() {
    read_dear(1_000);

    let ratio = read_dear(10_000).as_secs_f64() / read_dear(1_000).as_secs_f64();

    // A square would be a hundred. The machine may be busy with other things meanwhile.
    assert!(ratio < 40.0, "ten times the words cost {ratio} times the work");
}
