//! From the moments of one session to its first and last day, and its days where they do not follow each other.

use super::super::Why;
use super::super::calendar::{Moment, iso_of_day};
use super::super::moment::{Atom, Piece};

/// How many days a list may hold; a longer session says its ends.
const MOST_DAYS: usize = 62;

/// What the pieces of one session say about days.
#[derive(Debug, Default)]
pub struct Days {
    pub dates: Option<Dates>,
    pub doubts: Vec<Why>,
    /// Pieces that looked like days and are none.
    pub strays: Vec<usize>,
}

/// The days of a session.
#[derive(Debug, Default)]
pub struct Dates {
    pub debut: Option<String>,
    pub fin: Option<String>,
    /// Only where they do not follow each other.
    pub jours: Vec<String>,
}

#[derive(Clone, Copy)]
struct Part {
    piece: usize,
    from: Moment,
    to: Moment,
    /// Reaches on from the part before.
    until: bool,
    /// Words stand between it and the part before.
    apart: bool,
    /// Some of it was written with a later part.
    filled: bool,
}

impl Days {
    /// Reads the days of a session.
    pub fn of(pieces: &[Piece]) -> Self {
        let mut parts = parts(pieces);
        fill_from_behind(&mut parts);
        let mut days = Self::default();
        let is_stray = |part: &Part| part.from.year.is_none() && part.from.month.is_none();
        days.strays = parts.iter().filter(|part| is_stray(part)).map(|part| part.piece).collect();
        parts.retain(|part| !is_stray(part));
        if pieces.iter().any(|piece| piece.atom == Atom::NoDate) {
            days.doubts.push(Why::NotADate);
            return days;
        }
        if parts.iter().any(|part| part.to.year.is_none()) {
            days.doubts.push(Why::YearUnknown);
            return days;
        }
        if parts.is_empty() {
            return days;
        }
        let only_end =
            pieces.iter().find(|piece| matches!(piece.atom, Atom::Moment(_) | Atom::UpTo));
        let only_end = parts.len() == 1 && only_end.is_some_and(|piece| piece.atom == Atom::UpTo);
        match Dates::of(&parts) {
            Some(mut dates) => {
                if only_end {
                    dates.fin = dates.debut.take();
                }
                if parts.iter().any(|part| part.to.short_year) {
                    days.doubts.push(Why::AmbiguousDate);
                }
                days.dates = Some(dates);
            }
            None if parts.iter().any(|part| part.filled) => days.doubts.push(Why::YearUnknown),
            None => days.doubts.push(Why::AmbiguousDate),
        }
        days
    }
}

fn parts(pieces: &[Piece]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let (mut until, mut apart) = (false, false);
    for (piece, Piece { atom, .. }) in pieces.iter().enumerate() {
        let (from, to) = match *atom {
            Atom::Moment(moment) => (moment, moment),
            Atom::SchoolYear(year) => {
                let of = |year| Moment { year: Some(year), ..Moment::default() };
                (of(year), of(year + 1))
            }
            other => {
                match other {
                    Atom::Until | Atom::UpTo => until = true,
                    Atom::And => until = false,
                    Atom::Other | Atom::Hours | Atom::Period => apart = true,
                    _ => {}
                }
                continue;
            }
        };
        let until_here = until && !parts.is_empty() && !apart;
        parts.push(Part { piece, from, to, until: until_here, apart, filled: false });
        (until, apart) = (false, false);
    }
    parts
}

/// `16 et 17 octobre, 11 et 12 décembre 2017`: month and year are written once, behind.
fn fill_from_behind(parts: &mut [Part]) {
    for at in (1..parts.len()).rev() {
        let next = parts[at].from;
        if parts[at].apart {
            continue;
        }
        let part = &mut parts[at - 1];
        let mut moment = part.from;
        if moment.day.is_some() && moment.month.is_none() && moment.year.is_none() {
            (moment.month, moment.year) = (next.month, next.year);
        } else if moment.month.is_some() && moment.year.is_none() && next.month.is_some() {
            moment.year = next.year;
        }
        if moment != part.from {
            (part.from, part.to, part.filled) = (moment, moment, true);
        }
    }
}

impl Dates {
    /// None where a day does not exist or the days go backwards.
    fn of(parts: &[Part]) -> Option<Self> {
        let mut blocks: Vec<(Moment, Moment)> = Vec::new();
        for part in parts {
            match blocks.last_mut() {
                Some(block) if part.until => block.1 = part.to,
                _ => blocks.push((part.from, part.to)),
            }
        }
        let mut last = String::new();
        for (from, to) in &blocks {
            let (from, to) = (from.iso()?, to.iso()?);
            let goes_back = |one: &str, other: &str| {
                let common = one.len().min(other.len());
                one[..common] > other[..common]
            };
            if goes_back(&from, &to) || goes_back(&last, &from) || last == from {
                return None;
            }
            last = to;
        }
        let (first, _) = blocks.first()?;
        let debut = first.iso()?;
        let fin = Some(last).filter(|last| *last != debut);
        Some(Self { debut: Some(debut), fin, jours: scattered_days(&blocks) })
    }

    /// The vaguest of its ends.
    pub fn precision(&self) -> &'static str {
        let ends = [&self.debut, &self.fin].into_iter().flatten();
        match ends.map(String::len).min() {
            Some(4) => "annee",
            Some(7) => "mois",
            _ => "jour",
        }
    }
}

/// All days, where there are gaps between them.
fn scattered_days(blocks: &[(Moment, Moment)]) -> Vec<String> {
    let mut days: Vec<i32> = Vec::new();
    for (from, to) in blocks {
        let (Some(from), Some(to)) = (from.day_number(), to.day_number()) else {
            return Vec::new();
        };
        if days.len() + usize::try_from(to - from).unwrap_or(MOST_DAYS) >= MOST_DAYS {
            return Vec::new();
        }
        days.extend(from..=to);
    }
    let has_gaps = days.windows(2).any(|pair| pair[1] - pair[0] > 1);
    if has_gaps { days.into_iter().filter_map(iso_of_day).collect() } else { Vec::new() }
}
