//! `GET /formations/{slug}-{row}`: one offer.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect};
use tablee_domain::offer::Catalogue;
use tablee_domain::offer::slug::row_of_address;
use tablee_domain::table::defaults::SECTIONS;
use tablee_domain::table::{Column, Row};

use super::card::{address, facts, freshness, themes, title};
use crate::app::SharedClock;
use crate::catalogue::Shelf;
use crate::i18n::{self, Locale, t};
use crate::templates::offer::{Fact, OfferPage, Section};
use crate::templates::{Base, Here, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::urls::{self, PublicUrl};
use crate::wording::{Words, one_line, web_link, words};

/// The columns that stand in the head of the page.
const IN_THE_HEAD: [&str; 7] =
    ["intitule", "organisme", "type", "resume", "themes", "etat", "verifie_le"];

/// Shows an offer. A wrong slug leads to the right one; an offer that visitors may not see is not there.
pub async fn show(
    base: Base,
    Path(last_part): Path<String>,
    State(shelf): State<Shelf>,
    State(public_url): State<PublicUrl>,
    State(clock): State<SharedClock>,
) -> WebResult {
    let edition = shelf.current().await?;
    let row = row_of_address(&last_part).ok_or(WebError::NotFound)?;
    let row = edition.catalogue.offer(&row).ok_or(WebError::NotFound)?;
    let right = address(row);
    if base.uri.path() != right {
        return Ok(Redirect::permanent(&base.link(&right)).into_response());
    }
    let locale = base.locale;
    let catalogue = &edition.catalogue;
    let cell = |name: &str| words(locale, catalogue.columns().get(name)?, row.cell(name));
    let line = |name: &str| cell(name).map(|words| words.in_one_line()).unwrap_or_default();
    let by = line("organisme");
    let checked = i18n::date(locale, &one_line(row.text("verifie_le")));
    let view = OfferPage {
        canonical: public_url.join(&base.link(&right)),
        title: title(locale, row),
        by: if by.is_empty() { by } else { t(locale, "offer.by", &[("name", &by)]).into_owned() },
        kind: line("type"),
        summary: match cell("resume") {
            Some(Words::Prose(parts)) => parts,
            _ => Vec::new(),
        },
        themes: themes(locale, catalogue, row),
        visit: web_link(row.text("url")),
        freshness: freshness(locale, row, clock.now()),
        checked_on: (!checked.is_empty())
            .then(|| t(locale, "offer.checked_on", &[("date", &checked)]).into_owned()),
        brief: facts(locale, catalogue, row),
        sections: sections(locale, catalogue, row),
        history: urls::history_of(&row.id),
        base: base.at(Here::Catalogue).as_of(&edition),
    };
    Ok(view.into_page())
}

/// All that is known and does not stand in the head, in the order of the columns.
fn sections(locale: Locale, catalogue: &Catalogue, row: &Row) -> Vec<Section> {
    let mut sections: Vec<(&str, Vec<Fact>)> = Vec::new();
    let below = catalogue.columns().iter().filter(|it| !IN_THE_HEAD.contains(&it.id.as_str()));
    for column in below {
        let Some(fact) = fact(locale, column, row) else { continue };
        match sections.iter_mut().find(|(name, _)| *name == column.section) {
            Some((_, facts)) => facts.push(fact),
            None => sections.push((&column.section, vec![fact])),
        }
    }
    let titled = sections.into_iter().enumerate().map(|(at, (name, facts))| Section {
        id: format!("partie-{}", at + 1),
        title: section_title(locale, name),
        facts,
    });
    titled.collect()
}

fn section_title(locale: Locale, name: &str) -> String {
    match SECTIONS.iter().find(|(id, ..)| *id == name) {
        Some((_, fr, en)) => if locale == Locale::Fr { fr } else { en }.replace('\'', "’"),
        None if name.is_empty() => t(locale, "offer.section_other", &[]).into_owned(),
        None => one_line(name),
    }
}

/// A column of the offer: what was understood, and the contributor's own words where they say more.
fn fact(locale: Locale, column: &Column, row: &Row) -> Option<Fact> {
    let words = words(locale, column, row.cell(column.id.as_str()));
    let read = words.as_ref().map(Words::in_one_line);
    let said = row.said.get(&column.id).map(|said| one_line(said));
    let said = said.filter(|said| !said.is_empty() && Some(said) != read.as_ref());
    if words.is_none() && said.is_none() {
        return None;
    }
    Some(Fact { label: one_line(locale.label(&column.label)), words, said })
}
