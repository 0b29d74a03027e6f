//! What the cell of one column says of others: `formation courte (intra)`, `2 jours (28 et 29 mars 2025)`.
//!
//! Only the default columns have such habits; a column that pilots made says nothing of others. To teach
//! one: a function here, and its line in [`complete`].

use std::collections::BTreeMap;

use super::dates;
use crate::offer::display;
use crate::reading::duration::{self, ColumnUnit};
use crate::reading::identifier::{self, Code};
use crate::reading::token::{Tokens, items_of};
use crate::reading::{self, Doubt, Reading, Vocabulary, Why, number, sign, text};
use crate::table::{Column, Columns, Kind, Plain};

/// What one needs to know beside the cell.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The columns of the table.
    pub columns: &'a Columns,
    /// The words by which their options are known.
    pub vocabularies: &'a BTreeMap<String, Vocabulary>,
    /// The words of the header over the cell.
    pub header: &'a str,
    /// The number that the cell holds.
    pub number: Option<f64>,
}

/// The reading of a cell with what its words say of other columns, and what these make of its own value.
pub fn complete(around: Around<'_>, column: &Column, words: &str, reading: Reading) -> Reading {
    match column.id.as_str() {
        "intitule" => title(reading),
        "type" => kind_of_training(around, reading),
        "modalite" => format(reading, words),
        "publics" => audience(reading, words),
        "duree_texte" | "duree_heures" | "duree_jours" => durations(around, column, words, reading),
        "tarif_texte" | "tarif_type" | "tarifs" => prices(around, column, words, reading),
        "lieux" => places(reading),
        "certification_type" => certification(around, reading, words),
        _ => reading,
    }
}

/// `C4_Ingénierie` is called `Ingénierie`; `[intitulé non visible] …` is what somebody put in place of a title.
fn title(reading: Reading) -> Reading {
    let Some(title) = reading.value.as_text().map(str::to_owned) else { return reading };
    if let Some((_, rest)) = text::catalogue_code(&title) {
        let told = title.strip_suffix(rest).unwrap_or(&title).trim_end().to_owned();
        let value = rest.into();
        return Reading { value, ..reading }.doubting(Why::CatalogueCode, &told);
    }
    let tokens = Tokens::of(&title);
    match tokens.closing(0).filter(|_| title.starts_with('[')) {
        Some(close) => reading.doubting(Why::ToCheck, tokens.slice(0, close + 1)),
        None => reading,
    }
}

/// A remark behind the kind of training may say for whom it is held: `(intra)`, `(sur mesure)`.
fn kind_of_training(around: Around<'_>, mut reading: Reading) -> Reading {
    let Some(settings) = around.vocabularies.get("cadre") else { return reading };
    let mut found = BTreeMap::new();
    reading.doubts.retain(|doubt| {
        let inside = doubt.words.trim_matches(['(', ')']);
        let parts = inside.split([',', ';', '/']).flat_map(|part| part.split(" et "));
        let named: Option<Vec<&str>> = parts.map(|part| settings.find(part.trim())).collect();
        let named = named.filter(|_| doubt.why == Why::RemarkKept);
        let told = named.is_some();
        found.extend(named.into_iter().flatten().map(|it| (it.to_owned(), true.into())));
        !told
    });
    tell(&mut reading, "cadre", Plain::Map(found));
    reading
}

/// `distanciel (regroupement présentiel à Rabat)` is neither of the two, and not said to be a blend.
fn format(reading: Reading, words: &str) -> Reading {
    const IN_ROOM: [&str; 4] = ["presentiel", "presentielle", "en presence", "en salle"];
    const REMOTE: [&str; 5] = ["distanciel", "distancielle", "a distance", "en ligne", "visio"];
    let other = match reading.value.as_text() {
        Some("presentiel") => REMOTE.as_slice(),
        Some("distanciel" | "distanciel_synchrone" | "distanciel_asynchrone") => &IN_ROOM,
        _ => return reading,
    };
    let remarks = reading.doubts.iter().filter(|doubt| doubt.why == Why::RemarkKept);
    let against = remarks.into_iter().any(|doubt| Tokens::of(&doubt.words).says(other));
    if against { Reading::unread(&text::several_lines(words), Why::SeveralForOne) } else { reading }
}

/// How many people a group holds, and that nothing is asked of them.
fn audience(mut reading: Reading, words: &str) -> Reading {
    const PEOPLE: [&str; 4] = ["personnes", "participants", "participantes", "stagiaires"];
    const NOTHING_ASKED: [&str; 3] = ["sans prérequis", "aucun prérequis", "pas de prérequis"];
    let tokens = Tokens::of(words);
    let size = |at: usize| tokens.digits(at).parse::<u16>().ok().map(f64::from);
    let range = (0..tokens.len()).find_map(|at| {
        let (least, most) = (size(at)?, size(at + 2)?);
        let joined = matches!(tokens.get(at + 1).map_or("", |it| &it.text), "a" | "-");
        let before =
            at.checked_sub(2).and_then(|from| tokens.phrase_of(from, &["groupe de", "groupes de"]));
        let of_people = before.is_some() || PEOPLE.contains(&tokens.word(at + 3));
        (joined && of_people && least <= most).then_some((least, most))
    });
    if let Some((least, most)) = range {
        tell(&mut reading, "effectif_min", least.into());
        tell(&mut reading, "effectif_max", most.into());
    }
    let parts = words.split([',', ';', '\n']).map(str::trim);
    let asked = parts.into_iter().find(|part| {
        let folded = crate::text::fold(part).replace("pre-requis", "prerequis");
        NOTHING_ASKED.iter().any(|known| crate::text::fold(known) == folded)
    });
    if let Some(asked) = asked {
        tell(&mut reading, "prerequis", asked.into());
    }
    reading
}

fn durations(around: Around<'_>, column: &Column, words: &str, mut reading: Reading) -> Reading {
    let words = if column.kind.is_text() {
        // What was taken out of the words (who is to check them) says nothing here either.
        let Some(kept) = reading.value.as_text() else { return reading };
        kept.to_owned()
    } else {
        text::one_line(&text::repaired(words))
    };
    let by_accident =
        [Why::DateByAccident, Why::ClockOrDuration, Why::NotYetKnown, Why::NothingSaid];
    if words.is_empty() || doubts_any(&reading, &by_accident) {
        return reading;
    }
    // `1h30` stays beside `1,5`.
    let spelt = reading.value.as_number().map(display::number);
    if reading.words.is_empty() && spelt.is_some_and(|it| !words.replace('.', ",").contains(&it)) {
        reading.words.clone_from(&words);
    }
    if sign::not_yet_known(&words) {
        add(&mut reading, Why::NotYetKnown, &words);
        return reading;
    }
    let told = match (unit_of(column, around.header), number::number(&words)) {
        (Some(key), bare) if !bare.value.is_empty() && bare.doubts.is_empty() => {
            Reading::sure(Plain::Map([(key.to_owned(), bare.value)].into()))
        }
        _ => duration::duration(&words),
    };
    let found = told.value.as_map().cloned().unwrap_or_default();
    for (key, other) in [("heures", "duree_heures"), ("jours", "duree_jours")] {
        if let Some(value) = found.get(key).filter(|_| column.id.as_str() != other) {
            tell(&mut reading, other, value.clone());
        }
    }
    for (other, value) in told.also {
        tell(&mut reading, &other, value);
    }
    if column.kind.is_text() {
        let counted = found.contains_key("heures") || found.contains_key("jours");
        let doubts = told.doubts.into_iter().filter(|doubt| doubt.why != Why::RemarkKept);
        let doubts: Vec<Doubt> = doubts.collect();
        if doubts.is_empty() && !counted {
            add(&mut reading, Why::CalendarSpan, &words);
        }
        for doubt in doubts {
            add(&mut reading, doubt.why, &doubt.words);
        }
        if let Some(pace) = dates::pace(&words) {
            tell(&mut reading, "rythme", pace.into());
        }
    }
    if let Some((sessions, doubt)) = dates::sessions_in(&words) {
        tell(&mut reading, "sessions", sessions);
        if let Some(doubt) = doubt {
            add(&mut reading, doubt.why, &doubt.words);
        }
    }
    reading
}

/// `Durée (jours)` says in what the numbers under it count.
fn unit_of(column: &Column, header: &str) -> Option<&'static str> {
    let of_column = match ColumnUnit::of(column) {
        ColumnUnit::Hours => Some("heures"),
        ColumnUnit::Days => Some("jours"),
        ColumnUnit::Unsaid => None,
    };
    let header = crate::text::fold(header);
    let of_header = match (header.contains("heure"), header.contains("jour")) {
        (true, false) => Some("heures"),
        (false, true) => Some("jours"),
        _ => None,
    };
    of_column.filter(|_| column.kind == Kind::Duration).or(of_header)
}

fn prices(around: Around<'_>, column: &Column, words: &str, mut reading: Reading) -> Reading {
    let Some(list) = around.columns.get("tarifs") else { return reading };
    let is_list = column.id == list.id;
    let is_choice_read = column.kind.has_options() && !reading.value.is_empty();
    if is_choice_read || doubts_any(&reading, &[Why::NothingSaid, Why::DateByAccident]) {
        return reading;
    }
    let of_text = reading.value.as_text().filter(|_| column.kind.is_text()).map(str::to_owned);
    let mut told = if is_list {
        std::mem::take(&mut reading)
    } else {
        let nothing = Vocabulary::default();
        reading::read(list, &nothing, of_text.as_deref().unwrap_or(words))
    };
    let (mut items, without): (Vec<Plain>, Vec<Plain>) = match std::mem::take(&mut told.value) {
        Plain::List(items) => items.into_iter().partition(|item| amount(item).is_some()),
        _ => (Vec::new(), Vec::new()),
    };
    take_raw_number(&mut items, around.number);
    told.also.retain(|_, value| *value != "inconnu".into());
    let paid = !without.is_empty() || items.iter().filter_map(amount).any(|it| it > 0.0);
    if paid {
        told.also.entry("tarif_type".to_owned()).or_insert_with(|| "payant".into());
    }
    let without_tax = |item: &Plain| item.as_map().is_some_and(|it| !it.contains_key("taxe"));
    if items.iter().any(|item| without_tax(item) && amount(item) > Some(0.0))
        && says_a_tax(around.header)
    {
        add(&mut told, Why::TaxOfHeader, around.header);
    }
    let value = if items.is_empty() { Plain::Null } else { Plain::List(items) };
    if is_list {
        return Reading { value, ..told };
    }
    tell(&mut reading, "tarifs", value);
    for (other, value) in told.also {
        tell(&mut reading, &other, value);
    }
    if column.kind.has_options() {
        // A kind of price that is a sum says its kind.
        if let Some(kind) = reading.also.remove(column.id.as_str()) {
            reading.value = kind;
        }
    }
    for doubt in told.doubts {
        add(&mut reading, doubt.why, &doubt.words);
    }
    reading
}

/// One price in a cell that holds a number is that number, however its format rounds it.
fn take_raw_number(items: &mut [Plain], number: Option<f64>) {
    if let ([Plain::Map(item)], Some(number)) = (items, number) {
        let shown = item.get("montant").and_then(Plain::as_number);
        if shown.is_some_and(|shown| (shown - number).abs() < 1.0) {
            item.insert("montant".to_owned(), number.into());
        }
    }
}

fn amount(item: &Plain) -> Option<f64> {
    item.as_map()?.get("montant")?.as_number()
}

fn says_a_tax(header: &str) -> bool {
    Tokens::of(header).says(&["ht", "ttc", "hors taxe", "hors taxes", "net de tva"])
}

/// A place without a town is where nobody can go: someone should look.
fn places(mut reading: Reading) -> Reading {
    const FOUND: [&str; 4] = ["commune", "departement", "code_postal", "en_ligne"];
    let items = if let Plain::List(items) = &reading.value { items.clone() } else { Vec::new() };
    for item in items.iter().filter_map(Plain::as_map) {
        let place = item.get("lieu").and_then(Plain::as_text);
        let place = place.filter(|_| FOUND.iter().all(|key| !item.contains_key(*key)));
        if let Some(place) = place.filter(|_| !doubts_any(&reading, &[Why::PlaceInWords])) {
            add(&mut reading, Why::PlaceInWords, place);
        }
    }
    reading
}

/// A level, an agreement of the provider, a code of a register.
fn certification(around: Around<'_>, mut reading: Reading, words: &str) -> Reading {
    let tokens = Tokens::of(words);
    let level = (0..tokens.len()).find_map(|at| match tokens.word(at) {
        "niveau" if tokens.digits(at + 1).len() == 1 => Some(format!("n{}", tokens.digits(at + 1))),
        _ if tokens.phrase(at, "grade de master").is_some() => Some("n7".to_owned()),
        _ if tokens.phrase(at, "grade de licence").is_some() => Some("n6".to_owned()),
        _ => None,
    });
    let levels = around.columns.get("niveau_sortie");
    if let Some(level) = level.filter(|id| levels.is_some_and(|it| it.option(id).is_some())) {
        tell(&mut reading, "niveau_sortie", level.into());
    }
    if tokens.says(&["dif elus", "dif elu", "dif des elus"]) {
        let paid_by = Plain::Map([("dif_elus".to_owned(), true.into())].into());
        tell(&mut reading, "financements", paid_by);
    }
    for (register, code) in [("code_rncp", Code::Rncp), ("code_rs", Code::Rs)] {
        // Digits alone are no code of a register here.
        let named = tokens.says(&[if code == Code::Rncp { "rncp" } else { "rs" }]);
        let items = items_of(words, &[",", ";", "\n"]);
        let codes = items.iter().map(|item| identifier::code(code, item).value);
        let mut codes: Vec<Plain> = codes.filter(|code| named && !code.is_empty()).collect();
        codes.dedup();
        if let [code] = codes.as_slice() {
            tell(&mut reading, register, code.clone());
        }
    }
    reading
}

fn tell(reading: &mut Reading, column: &str, value: Plain) {
    if !value.is_empty() {
        reading.also.entry(column.to_owned()).or_insert(value);
    }
}

/// Adds a doubt that is not told yet.
fn add(reading: &mut Reading, why: Why, words: &str) {
    let doubt = Doubt { why, words: words.to_owned() };
    if !reading.doubts.contains(&doubt) {
        reading.doubts.push(doubt);
    }
}

fn doubts_any(reading: &Reading, whys: &[Why]) -> bool {
    reading.doubts.iter().any(|doubt| whys.contains(&doubt.why))
}
