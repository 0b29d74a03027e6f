//! `GET /comparer?o={slug}-{row}&o=…`: two to four offers side by side.

use axum::extract::State;
use tablee_domain::offer::session::Day;
use tablee_domain::offer::slug::row_of_address;
use tablee_domain::table::{Column, Row};
use url::form_urlencoded;

use super::card::{address, said_or_read, title, to_come_words};
use crate::app::SharedClock;
use crate::assets::Assets;
use crate::catalogue::{Edition, Shelf};
use crate::i18n::{Locale, t};
use crate::templates::compare::{ComparePage, Compared, Line};
use crate::templates::{Base, Here, Page, in_language};
use crate::web::error::WebResult;
use crate::web::urls::{self, PublicUrl};
use crate::wording::{Words, label};

/// How many offers stand side by side.
const MOST: usize = 4;
/// The parameter that names one.
const OFFER: &str = "o";

/// The lines, each with its columns: the first that says something is shown.
const LINES: [&[&str]; 15] = [
    &["organisme"],
    &["type"],
    &["resume"],
    &["themes"],
    &["publics", "public_texte"],
    &["niveau"],
    &["prerequis"],
    &["modalite"],
    &["duree_texte", "duree_jours", "duree_heures"],
    &["sessions"],
    &["lieux"],
    &["tarif_texte", "tarifs", "tarif_type"],
    &["financements"],
    &["certification_type"],
    &["accessibilite"],
];

/// Shows those of an address that are there.
pub async fn show(
    base: Base,
    State(shelf): State<Shelf>,
    State(assets): State<Assets>,
    State(public_url): State<PublicUrl>,
    State(clock): State<SharedClock>,
) -> WebResult {
    let edition = shelf.current().await?;
    let locale = base.locale;
    let asked = asked(base.uri.query());
    let mut rows: Vec<&Row> = Vec::new();
    let mut gone = 0;
    for last_part in &asked {
        match row_of_address(last_part).and_then(|id| edition.catalogue.offer(&id)) {
            Some(row) if rows.iter().all(|known| known.id != row.id) => rows.push(row),
            Some(_) => {}
            None => gone += 1,
        }
    }
    let too_many = rows.len() > MOST;
    rows.truncate(MOST);
    let notes = [
        (gone > 0, "find.compare.gone"),
        (too_many, "find.compare.too_many"),
        (rows.len() < 2, "find.compare.too_few"),
    ];
    let notes = notes.into_iter().filter(|(is, _)| *is).map(|(_, key)| t(locale, key, &[]));
    let today = Day::of(clock.now());
    let view = ComparePage {
        canonical: public_url.join(&of_rows(locale, &rows)),
        offers: rows.iter().map(|row| compared(locale, &rows, row)).collect(),
        lines: lines(locale, &edition, &rows, today),
        notes: notes.map(std::borrow::Cow::into_owned).collect(),
        list: in_language(locale, urls::HOME),
        base: Base { links: assets.find(), ..base.at(Here::Catalogue).as_of(&edition) },
    };
    Ok(view.into_page())
}

/// The offers that an address names, at most twice as many as are shown.
fn asked(query: Option<&str>) -> Vec<String> {
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let named = pairs.filter(|(name, _)| name == OFFER).map(|(_, value)| value.into_owned());
    named.take(MOST * 2).collect()
}

/// The address of a comparison.
fn of_rows(locale: Locale, rows: &[&Row]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(rows.iter().map(|row| (OFFER, name(row))));
    let query = query.finish();
    let path = urls::COMPARE;
    in_language(locale, &if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") })
}

/// How an address names an offer: readable, and right whatever its title becomes.
pub fn name(row: &Row) -> String {
    tablee_domain::offer::address(row.text("intitule"), &row.id)
}

fn compared(locale: Locale, rows: &[&Row], row: &Row) -> Compared {
    let others: Vec<&Row> = rows.iter().copied().filter(|other| other.id != row.id).collect();
    Compared {
        title: title(locale, row),
        href: in_language(locale, &address(row)),
        without: of_rows(locale, &others),
    }
}

fn lines(locale: Locale, edition: &Edition, rows: &[&Row], today: Day) -> Vec<Line> {
    let known = |name: &&str| edition.catalogue.columns().get(name);
    let lines = LINES.iter().filter_map(|columns| {
        let columns: Vec<&Column> = columns.iter().filter_map(known).collect();
        let label = label(locale, &columns.first()?.label);
        let cells: Vec<(String, Vec<String>)> = rows
            .iter()
            .map(|row| (title(locale, row), cell(locale, &columns, row, today)))
            .collect();
        let differs = cells.windows(2).any(|pair| pair[0].1 != pair[1].1);
        let says = cells.iter().any(|(_, words)| !words.is_empty());
        says.then_some(Line { label, cells, differs })
    });
    lines.collect()
}

/// What an offer says on a line; of its sessions only those to come.
fn cell(locale: Locale, columns: &[&Column], row: &Row, today: Day) -> Vec<String> {
    let words = columns.iter().find_map(|column| {
        if column.id.as_str() == tablee_domain::offer::query::SESSIONS {
            return to_come_words(locale, column, row, today);
        }
        said_or_read(locale, column, row)
    });
    match words {
        Some(Words::List(items) | Words::Prose(items)) => items,
        Some(other) => vec![other.in_one_line()],
        None => Vec::new(),
    }
}
