//! An offer in a few lines, for lists.

use tablee_domain::ids::Timestamp;
use tablee_domain::offer::query::SESSIONS;
use tablee_domain::offer::session::{self, Day, Session, sessions};
use tablee_domain::offer::{Catalogue, Query, Status, slug};
use tablee_domain::table::{Column, Plain, Row};
use url::form_urlencoded;

use crate::i18n::{self, Locale, t};
use crate::templates::catalogue::{Card, Freshness, ThemeLink};
use crate::templates::in_language;
use crate::web::pages::compare;
use crate::web::urls;
use crate::wording::{Words, and_more, label, one_line, option_label, words};

/// Places, themes and the like beyond this many are only counted on a card.
const NAMED: usize = 3;

/// A card.
pub fn card(locale: Locale, catalogue: &Catalogue, row: &Row, now: Timestamp) -> Card {
    let text = |column: &str| {
        let column = catalogue.columns().get(column)?;
        Some(said_or_read(locale, column, row)?.in_one_line())
    };
    Card {
        href: in_language(locale, &address(row)),
        title: title(locale, row),
        by: text("organisme").unwrap_or_default(),
        kind: text("type").unwrap_or_default(),
        summary: text("resume").unwrap_or_default(),
        themes: themes(locale, catalogue, row).into_iter().take(NAMED + 2).collect(),
        facts: facts(locale, catalogue, row, Day::of(now)),
        name: compare::name(row),
        choose: t(locale, "find.compare.choose", &[("title", &title(locale, row))]).into_owned(),
        freshness: freshness(locale, row, now),
    }
}

/// The page of an offer.
pub fn address(row: &Row) -> String {
    urls::offer(&slug(row.text("intitule")), &row.id)
}

/// The title of an offer, or a word that says it has none.
pub fn title(locale: Locale, row: &Row) -> String {
    let title = one_line(row.text("intitule"));
    if title.is_empty() { t(locale, "offer.untitled", &[]).into_owned() } else { title }
}

/// The words of a cell; the contributor's own where nothing was understood.
pub fn said_or_read(locale: Locale, column: &Column, row: &Row) -> Option<Words> {
    words(locale, column, row.cell(column.id.as_str())).or_else(|| {
        let said = one_line(row.said.get(&column.id)?);
        (!said.is_empty()).then_some(Words::Line(said))
    })
}

/// The themes of an offer, each with the list of all offers that share it.
pub fn themes(locale: Locale, catalogue: &Catalogue, row: &Row) -> Vec<ThemeLink> {
    let Some(column) = catalogue.columns().get("themes") else { return Vec::new() };
    let Some(chosen) = row.cell("themes").as_map() else { return Vec::new() };
    let links = column.options.iter().filter(|it| chosen.contains_key(it.id.as_str())).map(|it| {
        let query = Query::default().toggled(&column.id, it.id.as_str());
        let query =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(query.pairs()).finish();
        ThemeLink {
            label: option_label(locale, column, it.id.as_str()),
            href: in_language(locale, &format!("{}?{query}", urls::HOME)),
        }
    });
    links.collect()
}

/// The sessions that one can still attend, the next first: those to come and those of which nobody knows the
/// date. Those of which only words are known are told as they were said.
pub fn to_come_words(locale: Locale, column: &Column, row: &Row, today: Day) -> Option<Words> {
    let open = |it: &Session<'_>| it.dates.is_none() || it.is_to_come(today);
    told(locale, column, sessions(row).iter().filter(|it| open(it))).or_else(|| {
        let said = row.said.get(&column.id).map(|said| one_line(said));
        let said = said.filter(|said| !said.is_empty() && row.cell("sessions").is_empty());
        said.map(Words::Line)
    })
}

/// The sessions that are over or were called off, the latest first.
pub fn past_words(locale: Locale, column: &Column, row: &Row, today: Day) -> Vec<String> {
    let over = |it: &Session<'_>| it.dates.is_some() && !it.is_to_come(today);
    match told(locale, column, sessions(row).iter().filter(|it| over(it))) {
        Some(Words::List(mut past)) => {
            past.reverse();
            past
        }
        _ => Vec::new(),
    }
}

fn told<'a>(
    locale: Locale,
    column: &Column,
    sessions: impl Iterator<Item = &'a Session<'a>>,
) -> Option<Words> {
    let items = sessions.map(|it| (it.id.to_owned(), Plain::Map(it.item.clone())));
    words(locale, column, &Plain::Map(items.collect()))
}

/// The next session, with the word for it.
fn next_session(
    locale: Locale,
    catalogue: &Catalogue,
    row: &Row,
    today: Day,
) -> Option<(String, String)> {
    let column = catalogue.columns().get("sessions")?;
    let words = match session::next(row, today) {
        Some(next) => told(locale, column, [&next].into_iter())?,
        None => to_come_words(locale, column, row, today)?,
    };
    let label = t(locale, "find.next_session", &[]).into_owned();
    Some((label, few(locale, &words)))
}

/// Where, when, how long, how much: the label of the column and its words, where there are any.
pub fn facts(
    locale: Locale,
    catalogue: &Catalogue,
    row: &Row,
    today: Day,
) -> Vec<(String, String)> {
    // Each line of the card takes the first of its columns that says something.
    const LINES: [&[&str]; 5] = [
        &["modalite"],
        &["lieux"],
        &[SESSIONS],
        &["duree_texte", "duree_jours", "duree_heures"],
        &["tarif_texte", "tarifs", "tarif_type"],
    ];
    let line = |columns: &&[&str]| {
        // Past sessions are history: a card tells the next one.
        if columns[0] == SESSIONS {
            return next_session(locale, catalogue, row, today);
        }
        let known = columns.iter().filter_map(|name| catalogue.columns().get(name));
        let mut words = known.clone().filter_map(|column| said_or_read(locale, column, row));
        let label = label(locale, &known.clone().next()?.label);
        Some((label, few(locale, &words.find(is_telling)?)))
    };
    LINES.iter().filter_map(line).collect()
}

/// "inconnu" is true, but a card says what is known.
fn is_telling(words: &Words) -> bool {
    !matches!(words, Words::Line(line) if line == "inconnu" || line == "unknown")
}

fn few(locale: Locale, words: &Words) -> String {
    match words {
        Words::List(items) if items.len() > NAMED => {
            let named = items[..NAMED - 1].join(", ");
            format!("{named} {}", and_more(locale, items.len() + 1 - NAMED))
        }
        other => other.in_one_line(),
    }
}

/// How fresh an offer is.
pub fn freshness(locale: Locale, row: &Row, now: Timestamp) -> Freshness {
    let is_stale = Status::of(row) == Status::ToUpdate;
    let checked = row.text("verifie_le");
    let words = match i18n::ago(locale, checked, now) {
        _ if is_stale => t(locale, "offer.to_update", &[]).into_owned(),
        Some(ago) => t(locale, "offer.checked", &[("ago", &ago)]).into_owned(),
        None => t(locale, "offer.never_checked", &[]).into_owned(),
    };
    Freshness { words, is_stale }
}
