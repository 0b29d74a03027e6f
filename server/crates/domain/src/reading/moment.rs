//! The moments that a text names, with what stands between them. Days come before months, always.

use super::calendar::{Moment, is_week_day, month};
use super::token::{Sort, Tokens};

/// What stands at one place of a text about dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Atom {
    /// A day, a month, a year, or parts of them.
    Moment(Moment),
    /// `2012/2013`: from one autumn to the next summer.
    SchoolYear(i32),
    /// `au`, `–`.
    Until,
    /// `jusqu'au`.
    UpTo,
    /// `et`, a comma.
    And,
    /// `9h30 à 17h30`.
    Hours,
    /// A quarter, a season: the year alone can be taken.
    Period,
    /// `à partir du`.
    OpenEnd,
    /// `complet`, `reporté`.
    State(&'static str),
    /// Figures in the form of a date that does not exist, or that may be another one.
    NoDate,
    /// Words without weight: `le`, `session`, the days of the week.
    Filler,
    /// Everything else.
    Other,
}

/// An atom and the tokens that it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub atom: Atom,
    /// Its first token.
    pub from: usize,
    /// The token behind it.
    pub to: usize,
}

/// All pieces of a text, in order.
pub fn pieces(tokens: &Tokens<'_>) -> Vec<Piece> {
    let (mut pieces, mut at): (Vec<Piece>, usize) = (Vec::new(), 0);
    while at < tokens.len() {
        let (atom, to) = days_before_month(tokens, at, &mut pieces)
            .or_else(|| hours(tokens, at))
            .or_else(|| period(tokens, at))
            .or_else(|| figures(tokens, at))
            .or_else(|| named_month(tokens, at))
            .or_else(|| word(tokens, at))
            .unwrap_or((Atom::Other, at + 1));
        pieces.push(Piece { atom, from: at, to });
        at = to;
    }
    joined(pieces)
}

type Taken = Option<(Atom, usize)>;

fn part(moment: Moment, to: usize) -> (Atom, usize) {
    (Atom::Moment(moment), to)
}

fn of_day(day: i32) -> Moment {
    Moment { day: Some(day), ..Moment::default() }
}

fn small(digits: &str) -> Option<i32> {
    if digits.len() <= 2 { digits.parse().ok() } else { None }
}

/// `23/24/25 avril`: days of one month, not a date. All but the last are put away.
fn days_before_month(tokens: &Tokens<'_>, at: usize, pieces: &mut Vec<Piece>) -> Taken {
    let mut places = vec![at];
    let mut next = at + 1;
    while tokens.mark(next) == "/" && small(tokens.digits(next + 1)).is_some() && places.len() < 12
    {
        places.push(next + 1);
        next += 2;
    }
    if places.len() < 2 || month(tokens.word(next)).is_none() {
        return None;
    }
    let days: Option<Vec<i32>> = places.iter().map(|place| small(tokens.digits(*place))).collect();
    let days = days.filter(|days| days.iter().all(|day| (1..=31).contains(day)))?;
    let (last, others) = days.split_last()?;
    for (day, place) in others.iter().zip(&places) {
        pieces.push(Piece { atom: Atom::Moment(of_day(*day)), from: *place, to: place + 1 });
        pieces.push(Piece { atom: Atom::And, from: place + 1, to: place + 2 });
    }
    Some(part(of_day(*last), next))
}

/// `9h30 à 17h30`, `14 h`.
fn hours(tokens: &Tokens<'_>, at: usize) -> Taken {
    let one = |at: usize| {
        let hour = small(tokens.digits(at)).filter(|hour| *hour < 24)?;
        let sign = tokens.get(at + 1).filter(|token| matches!(token.text.as_str(), "h" | ":"))?;
        let minutes =
            small(tokens.digits(at + 2)).filter(|it| *it < 60 && tokens.digits(at + 2).len() == 2);
        match (sign.text.as_str(), minutes) {
            (_, Some(_)) if tokens.touches(at + 2) => Some((hour, at + 3)),
            ("h", _) => Some((hour, at + 2)),
            _ => None,
        }
    };
    let (_, to) = one(at)?;
    let joins = matches!(tokens.get(to).map_or("", |token| &token.text), "a" | "-");
    let second = if joins { one(to + 1) } else { None };
    Some((Atom::Hours, second.map_or(to, |(_, to)| to)))
}

/// `1er trimestre`, `T1`, `automne`, `rentrée`.
fn period(tokens: &Tokens<'_>, at: usize) -> Taken {
    let ordinal = usize::from(!tokens.digits(at).is_empty());
    let suffix = usize::from(
        ordinal == 1 && matches!(tokens.word(at + 1), "er" | "e" | "eme" | "nd" | "ere"),
    );
    let place = at + ordinal + suffix;
    if matches!(tokens.word(place), "trimestre" | "semestre" | "quadrimestre" | "quinzaine") {
        return Some((Atom::Period, place + 1));
    }
    if matches!(tokens.word(at), "t" | "s")
        && tokens.touches(at + 1)
        && tokens.digits(at + 1).len() == 1
    {
        return Some((Atom::Period, at + 2));
    }
    let seasons = matches!(
        tokens.word(at),
        "automne"
            | "printemps"
            | "ete"
            | "hiver"
            | "rentree"
            | "fin"
            | "debut"
            | "mi"
            | "courant"
            | "semaine"
    );
    seasons.then_some((Atom::Period, at + 1))
}

/// Dates in figures, and single numbers.
fn figures(tokens: &Tokens<'_>, at: usize) -> Taken {
    let first = tokens.digits(at);
    let sign = tokens.mark(at + 1);
    let tight = |place: usize| tokens.touches(place) && tokens.touches(place + 1);
    let second = tokens.digits(at + 2);
    let parted = matches!(sign, "/" | "." | "-") && tight(at + 1) && !second.is_empty();
    match first.len() {
        4 => year_first(tokens, at, parted),
        1 | 2 if parted => {
            day_first(tokens, at, sign, tight(at + 3) && tokens.mark(at + 3) == sign)
        }
        1 | 2 => {
            let day = small(first).filter(|day| (1..=31).contains(day))?;
            let ordinal = tokens.word(at + 1) == "er" && tokens.touches(at + 1);
            let next = at + 1 + usize::from(ordinal);
            // `(29)` is a department, `3 jours` and `2 sessions` are counts.
            let alone = at > 0 && tokens.mark(at - 1) == "(" && tokens.mark(at + 1) == ")";
            (!alone && may_follow_day(tokens.word(next)))
                .then_some((Atom::Moment(of_day(day)), next))
        }
        _ => None,
    }
}

fn may_follow_day(word: &str) -> bool {
    let joins = matches!(word, "" | "et" | "au" | "a" | "puis" | "ou" | "jusqu");
    joins || month(word).is_some() || is_week_day(word)
}

fn year_first(tokens: &Tokens<'_>, at: usize, parted: bool) -> Taken {
    let year: i32 = tokens.digits(at).parse().ok().filter(|year| (1900..=2200).contains(year))?;
    let alone = Moment { year: Some(year), ..Moment::default() };
    let (sign, second) = (tokens.mark(at + 1), tokens.digits(at + 2));
    if !parted || sign == "." || second.len() > 4 {
        return Some(part(alone, at + 1));
    }
    let number: i32 = second.parse().ok()?;
    let is_next = second.len() == 4 && number == year + 1;
    let is_next_short = second.len() == 2 && number == (year + 1) % 100;
    if sign == "-" && second.len() == 2 && (1..=12).contains(&number) {
        let third = if tokens.mark(at + 3) == "-" { tokens.digits(at + 4) } else { "" };
        let moment = Moment { month: Some(number), day: small(third), ..alone };
        let to = if third.is_empty() { at + 3 } else { at + 5 };
        return if moment.iso().is_some() {
            Some(part(moment, to))
        } else {
            Some((Atom::NoDate, to))
        };
    }
    if is_next || is_next_short {
        return Some((Atom::SchoolYear(year), at + 3));
    }
    // Any other two figures are read one by one.
    Some(part(alone, at + 1))
}

fn day_first(tokens: &Tokens<'_>, at: usize, sign: &str, goes_on: bool) -> Taken {
    let first = small(tokens.digits(at))?;
    let second = tokens.digits(at + 2);
    let third = if goes_on { tokens.digits(at + 4) } else { "" };
    if second.len() == 4 {
        let moment = Moment { year: second.parse().ok(), month: Some(first), ..Moment::default() };
        let atom = if moment.iso().is_some() { Atom::Moment(moment) } else { Atom::NoDate };
        return Some((atom, at + 3));
    }
    let day_and_month = Moment { day: Some(first), month: small(second), ..Moment::default() };
    let (year, short_year) = match third.len() {
        4 => (third.parse().ok(), false),
        2 => (small(third).map(|year| 2000 + year), true),
        _ if sign == "-" => return Some(part(of_day(first), at + 1)),
        _ => {
            let atom =
                if day_and_month.can_exist() { Atom::Moment(day_and_month) } else { Atom::NoDate };
            return Some((atom, at + 3));
        }
    };
    let moment = Moment { year, short_year, ..day_and_month };
    let atom = if moment.iso().is_some() { Atom::Moment(moment) } else { Atom::NoDate };
    Some((atom, at + 5))
}

/// `mars`, `mars-25`, `janv.`.
fn named_month(tokens: &Tokens<'_>, at: usize) -> Taken {
    let month = month(tokens.word(at))?;
    let moment = Moment { month: Some(month), ..Moment::default() };
    let dot = usize::from(tokens.mark(at + 1) == "." && tokens.touches(at + 1));
    let next = at + 1 + dot;
    let tight = tokens.touches(next) && tokens.touches(next + 1) && !tokens.touches(next + 2);
    let short = small(tokens.digits(next + 1)).filter(|_| tokens.digits(next + 1).len() == 2);
    if tokens.mark(next) == "-" && tight && short.is_some() {
        let year = short.map(|year| 2000 + year);
        return Some(part(Moment { year, short_year: true, ..moment }, next + 2));
    }
    // `mars 25`: a day or a year.
    let behind = tokens.digits(next);
    if behind.len() == 2 && month_follows(tokens, next).is_none() && !tokens.touches(next + 1) {
        return Some((Atom::NoDate, next + 1));
    }
    Some(part(moment, next))
}

/// The month behind a day, whatever joins other days to it.
fn month_follows(tokens: &Tokens<'_>, at: usize) -> Option<i32> {
    let joins = |place: &usize| {
        matches!(
            tokens.get(*place).map_or("", |token| &token.text),
            "et" | "," | "-" | "au" | "a" | "/" | "&"
        )
    };
    month(tokens.word(at + 1)).or_else(|| joins(&(at + 1)).then_some(0))
}

fn word(tokens: &Tokens<'_>, at: usize) -> Taken {
    const OPEN: [&str; 4] = ["a partir du", "a partir de", "a compter du", "depuis"];
    if let Some(to) = tokens.phrase_of(at, &OPEN) {
        return Some((Atom::OpenEnd, to));
    }
    if let Some(to) = tokens.phrase_of(at, &["jusqu ' au", "jusqu ' a", "jusqu au"]) {
        return Some((Atom::UpTo, to));
    }
    // `. . .` and `…` stand between blocks of days.
    let token = tokens.get(at)?;
    let one = |atom: Atom| Some((atom, at + 1));
    match token.text.as_str() {
        "au" | "-" => one(Atom::Until),
        "a" if names_date(tokens, at + 1) => one(Atom::Until),
        "a" => one(Atom::Filler),
        "et" | "," | "&" | "/" | "puis" | "+" | "..." | "…" => one(Atom::And),
        "complet" | "complete" | "complets" | "completes" => one(Atom::State("complète")),
        "reporte" | "reportee" | "reportes" | "reportees" => one(Atom::State("reportée")),
        "annule" | "annulee" | "annules" | "annulees" => one(Atom::State("annulée")),
        "ouvert" | "ouverte" | "ouvertes" | "ouverts" => one(Atom::State("ouverte")),
        "session" | "sessions" | "module"
            if small(tokens.digits(at + 1)).is_some() && tokens.mark(at + 2) == ":" =>
        {
            Some((Atom::Filler, at + 3))
        }
        text if is_filler(text) || is_week_day(text) || token.sort == Sort::Mark => {
            one(Atom::Filler)
        }
        _ => None,
    }
}

/// Whether a date starts here: then `à` means until, and no place.
fn names_date(tokens: &Tokens<'_>, at: usize) -> bool {
    !tokens.digits(at).is_empty()
        || month(tokens.word(at)).is_some()
        || is_week_day(tokens.word(at))
}

fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "le" | "les"
            | "du"
            | "de"
            | "des"
            | "d"
            | "l"
            | "en"
            | "date"
            | "dates"
            | "session"
            | "sessions"
            | "prochaine"
            | "prochaines"
            | "prochain"
            | "annee"
            | "universitaire"
            | "scolaire"
            | "inscription"
            | "inscriptions"
            | "stage"
    )
}

/// Parts that follow each other become one moment: `28`, `septembre`, `2025`.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        let last = joined.last_mut();
        if let (Atom::Moment(next), Some(Piece { atom: Atom::Moment(before), to, .. })) =
            (piece.atom, last)
            && let Some(both) = together(*before, next)
        {
            (*before, *to) = (both, piece.to);
            continue;
        }
        joined.push(piece);
    }
    joined
}

fn together(before: Moment, next: Moment) -> Option<Moment> {
    match (before, next) {
        (
            Moment { year: None, month: None, day: Some(_), .. },
            Moment { month: Some(_), day: None, .. },
        ) => Some(Moment { day: before.day, ..next }),
        (Moment { year: None, month: Some(_), .. }, Moment { year: Some(_), month: None, .. }) => {
            Some(Moment { year: next.year, ..before })
        }
        _ => None,
    }
}
