//! Sessions: each item of a cell with its days, its place and its state.
//!
//! The value is a list of `{debut, fin, precision, jours, horaires, lieu, etat_recrutement, texte}`, each key
//! only where the words say it (domain reference, 2.5 C and 3.4): `jours` where the days do not follow each
//! other, `texte` where the other keys do not say it all.

mod days;

use std::collections::BTreeMap;

use super::date::serial;
use super::moment::{Atom, Piece, pieces};
use super::token::{Sort, Tokens, items_of};
use super::{Reading, Why, too_many};
use crate::table::Plain;
use days::Days;

/// Reads all sessions of a cell.
pub fn sessions(words: &str) -> Reading {
    let mut reading = Reading::default();
    let mut items = Vec::new();
    for part in items_of(words, &[";", "\n", "•", "|", " / "]) {
        let tokens = Tokens::of(part.trim());
        if let Some(option) = entries(&tokens) {
            reading.also.insert("entrees".to_owned(), option.into());
        }
        let (item, doubts) = one(part.trim(), &tokens);
        items.extend(item.map(Plain::Map));
        for why in doubts {
            reading = reading.doubting(why, part.trim());
        }
    }
    let reading = reading.keeping(words);
    if too_many(&items) {
        return reading.doubting(Why::TooManyItems, words);
    }
    let dated = |item: &Plain| item.as_map().is_some_and(|it| it.len() > 1);
    // Where no item has a date, the words of the cell say as much.
    if !items.iter().any(dated) {
        return reading;
    }
    Reading { value: Plain::List(items), ..reading }
}

/// How one enters, where no date is needed (variant 54).
fn entries(tokens: &Tokens<'_>) -> Option<&'static str> {
    const ALWAYS: [&str; 7] = [
        "en continu",
        "toute l ' annee",
        "permanent",
        "permanente",
        "permanentes",
        "en permanence",
        "permanents",
    ];
    if tokens.says(&ALWAYS) {
        return Some("permanentes");
    }
    tokens.says(&["a la demande", "sur demande"]).then_some("a_la_demande")
}

type Item = BTreeMap<String, Plain>;

/// One session; none where the words say only how one enters.
fn one(part: &str, tokens: &Tokens<'_>) -> (Option<Item>, Vec<Why>) {
    let mut item = Item::new();
    let mut put = |key: &str, value: &str| item.insert(key.to_owned(), value.into());
    if let Some(iso) = serial(part) {
        put("debut", &iso);
        put("precision", "jour");
        return (Some(item), vec![Why::SerialDate]);
    }
    let pieces = pieces(tokens);
    let says = |atom: Atom| pieces.iter().any(|piece| piece.atom == atom);
    let days = Days::of(&pieces);
    let mut doubts = days.doubts.clone();
    let Some(dates) = &days.dates else {
        if doubts.is_empty() {
            let period = says(Atom::Period);
            if entries(tokens).is_some() {
                return (None, doubts);
            }
            doubts.push(if period { Why::YearUnknown } else { Why::NotASession });
        }
        put("texte", part);
        return (Some(item), doubts);
    };
    for (key, value) in [("debut", &dates.debut), ("fin", &dates.fin)] {
        if let Some(value) = value {
            put(key, value);
        }
    }
    put("precision", dates.precision());
    if let Some(state) = pieces.iter().find_map(state) {
        put("etat_recrutement", state);
    }
    if let Some(hours) = pieces.iter().find(|piece| piece.atom == Atom::Hours) {
        put("horaires", tokens.slice(hours.from, hours.to));
    }
    let rest = rest(&pieces, &days.strays);
    let place = place(tokens, &rest);
    if let Some(place) = place {
        put("lieu", place);
    } else if !rest.is_empty() {
        doubts.push(Why::RemarkKept);
    }
    if says(Atom::Period) {
        doubts.push(Why::Period);
    }
    let told = (rest.is_empty() || place.is_some()) && !says(Atom::Period) && !says(Atom::OpenEnd);
    if !told {
        put("texte", part);
    }
    if !dates.jours.is_empty() {
        let days = dates.jours.iter().map(|day| Plain::from(day.as_str())).collect();
        item.insert("jours".to_owned(), Plain::List(days));
    }
    (Some(item), doubts)
}

fn state(piece: &Piece) -> Option<&'static str> {
    match piece.atom {
        Atom::State(state) => Some(state),
        _ => None,
    }
}

/// The runs of pieces that say something else than dates: first and last piece of each.
fn rest(pieces: &[Piece], strays: &[usize]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    let mut broken = true;
    for (at, piece) in pieces.iter().enumerate() {
        let other = piece.atom == Atom::Other || strays.binary_search(&at).is_ok();
        match runs.last_mut() {
            Some(run) if other && !broken => run.1 = at,
            _ if other => runs.push((at, at)),
            _ => {
                broken |= !matches!(piece.atom, Atom::Filler | Atom::Until);
                continue;
            }
        }
        broken = false;
    }
    // Only pieces are compared here; which tokens they take is the caller's.
    runs.into_iter().map(|(first, last)| (pieces[first].from, pieces[last].to)).collect()
}

/// The place, where all that is left is one name in capitals: `Lyon`, `Le Sappey en Chartreuse (38)`.
fn place<'w>(tokens: &Tokens<'w>, rest: &[(usize, usize)]) -> Option<&'w str> {
    const SMALL: [&str; 10] = ["de", "du", "des", "la", "le", "les", "en", "sur", "sous", "et"];
    let &[(mut from, mut to)] = rest else { return None };
    let capital = |at: usize| tokens.slice(at, at + 1).starts_with(char::is_uppercase);
    while from > 0 && SMALL.contains(&tokens.word(from - 1)) && capital(from - 1) {
        from -= 1;
    }
    let code = (from..to).rev().find(|at| tokens.mark(*at) == "(");
    if let Some(open) = code {
        let closed = tokens.closing(open)? == to
            && to - open == 2
            && tokens.get(to - 1)?.sort == Sort::Digits;
        to = closed.then_some(to + 1)?;
    }
    let name = from..code.unwrap_or(to);
    let words = name.clone().filter(|at| !tokens.word(*at).is_empty());
    if words.clone().any(|at| is_of_trainings(tokens.word(at))) {
        return None;
    }
    let named = words.clone().all(|at| capital(at) || SMALL.contains(&tokens.word(at)));
    let plain = name
        .clone()
        .all(|at| tokens.digits(at).is_empty() && !matches!(tokens.mark(at), ":" | "."));
    (capital(from) && named && plain && words.count() <= 8).then(|| tokens.slice(from, to))
}

/// Words that begin with a capital before a date and are no towns.
fn is_of_trainings(word: &str) -> bool {
    const WORDS: [&str; 18] = [
        "programme",
        "formation",
        "formations",
        "module",
        "modules",
        "cycle",
        "parcours",
        "promotion",
        "groupe",
        "atelier",
        "ateliers",
        "webinaire",
        "webinaires",
        "cours",
        "edition",
        "semaine",
        "journee",
        "journees",
    ];
    WORDS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_a_year_stays_words() {
        let reading = sessions("28 et 29 septembre");

        assert_eq!(reading.value, Plain::Null);
        assert_eq!(reading.words, "28 et 29 septembre");
        assert_eq!(reading.doubts[0].why, Why::YearUnknown);
    }
}
