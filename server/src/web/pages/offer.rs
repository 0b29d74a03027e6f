//! `GET /formations/{slug}-{row}`: one offer; with `.ics` behind it, the calendar of its sessions.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tablee_domain::ids::RowId;
use tablee_domain::offer::Catalogue;
use tablee_domain::offer::query::SESSIONS;
use tablee_domain::offer::session::{self, Day};
use tablee_domain::offer::slug::row_of_address;
use tablee_domain::table::defaults::SECTIONS;
use tablee_domain::table::{Column, Row};
use tablee_storage::{merges, owners, tables};
use url::{Url, form_urlencoded};

use super::card::{address, facts, freshness, past_words, themes, title, to_come_words};
use crate::app::App;
use crate::catalogue::json_ld::Course;
use crate::catalogue::{Edition, TABLE, ical};
use crate::i18n::{self, Locale, t, tn};
use crate::templates::offer::{DatesView, Fact, GonePage, OfferPage, Section};
use crate::templates::{Base, Here, Page, in_language};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::{Somebody, Visitor};
use crate::web::urls;
use crate::wording::{Words, label, one_line, web_link, words};

/// The columns that stand in the head of the page, or in a part of their own.
const IN_THE_HEAD: [&str; 8] =
    ["intitule", "organisme", "type", "resume", "themes", "etat", "verifie_le", SESSIONS];

/// The end of the address of a calendar.
const CALENDAR: &str = ".ics";

/// Shows an offer, or its calendar. A wrong slug leads to the right one, an entry that was merged to the one that it
/// became; one that is no longer given says so; any other that visitors may not see is not there.
pub async fn show(
    base: Base,
    visitor: Visitor,
    Path(last_part): Path<String>,
    State(app): State<App>,
) -> WebResult {
    let edition = app.shelf.current().await?;
    let (name, is_calendar) = match last_part.strip_suffix(CALENDAR) {
        Some(name) => (name, true),
        None => (last_part.as_str(), false),
    };
    let id = row_of_address(name).ok_or(WebError::NotFound)?;
    let Some(row) = edition.catalogue.offer(&id) else {
        return elsewhere(base, &app, &edition, &id, name).await;
    };
    let right = address(row);
    let asked = if is_calendar { urls::offer_calendar(&right) } else { right.clone() };
    if base.uri.path() != asked {
        return Ok(lead(base.link(&asked)));
    }
    if is_calendar {
        return calendar(&base, &app, &edition, row);
    }
    let remove = match visitor.person() {
        Some(person) if may_ask_removal(&app, person, &id).await? => {
            Some(base.link(&urls::ask_removal(&id)))
        }
        _ => None,
    };
    Ok(page(base, &app, &edition, row, remove).into_page())
}

/// To where an offer stands now. Rows are parted again and titles get their old words back: a browser that
/// remembered the way would go in circles.
fn lead(to: String) -> Response {
    let headers = [(header::LOCATION, to), (header::CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::TEMPORARY_REDIRECT, headers).into_response()
}

/// What stands at the address of an offer that is not published.
async fn elsewhere(base: Base, app: &App, edition: &Edition, id: &RowId, name: &str) -> WebResult {
    let mut tx = app.store.read().await?;
    if let Some(table) = tables::find(&mut tx, TABLE).await?
        && let Some(kept) = merges::redirect_of(&mut tx, table.id, id).await?
        && let Some(row) = edition.catalogue.offer(&kept)
    {
        return Ok(lead(base.link(&address(row))));
    }
    if !edition.archived.contains(id) {
        return Err(WebError::NotFound);
    }
    let words = name.rsplit_once('-').map_or("", |(slug, _)| slug).replace('-', " ");
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", &words).finish();
    let search = base.link(&format!("{}?{query}", urls::HOME));
    let base = Base { links: app.assets.find(), ..base.at(Here::Catalogue).as_of(edition) };
    Ok(GonePage { base, search }.into_page_with(StatusCode::GONE))
}

/// Pilots decide themselves; whoever gives an offer may say that it is no longer given.
async fn may_ask_removal(app: &App, person: &Somebody, id: &RowId) -> Result<bool, WebError> {
    if person.role.can_curate() {
        return Ok(true);
    }
    let mut tx = app.store.read().await?;
    let Some(table) = tables::find(&mut tx, TABLE).await? else { return Ok(false) };
    Ok(owners::of(&mut tx, table.id, id).await? == Some(person.id))
}

fn calendar(base: &Base, app: &App, edition: &Edition, row: &Row) -> WebResult {
    if !ical::has_events(row) {
        return Err(WebError::NotFound);
    }
    let page = app.public_url.join(&address(row));
    let host = Url::parse(&page).ok().and_then(|url| url.host_str().map(str::to_owned));
    let by = one_line(row.text("organisme"));
    let visit = web_link(row.text("url")).map(|link| link.href);
    let places = edition.catalogue.columns().get("lieux");
    let place = match places.and_then(|it| words(base.locale, it, row.cell("lieux"))) {
        Some(Words::List(places)) if places.len() == 1 => places.into_iter().next(),
        _ => None,
    };
    let about = ical::About {
        title: &title(base.locale, row),
        page: &page,
        host: host.as_deref().unwrap_or("localhost"),
        description: &[Some(by), visit].into_iter().flatten().collect::<Vec<_>>().join("\n"),
        place: place.as_deref().unwrap_or_default(),
        changed_at: edition.at,
        made_by: &base.t("site.name"),
    };
    let name = format!("{}{CALENDAR}", tablee_domain::offer::slug(row.text("intitule")));
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "public, no-cache".to_owned()),
    ];
    Ok((headers, ical::calendar(row, &about)).into_response())
}

fn page(base: Base, app: &App, edition: &Edition, row: &Row, remove: Option<String>) -> OfferPage {
    let locale = base.locale;
    let (now, today) = (app.clock.now(), Day::of(app.clock.now()));
    let catalogue = &edition.catalogue;
    let right = address(row);
    let cell = |name: &str| words(locale, catalogue.columns().get(name)?, row.cell(name));
    let line = |name: &str| cell(name).map(|words| words.in_one_line()).unwrap_or_default();
    let by = line("organisme");
    let by = if by.is_empty() { by } else { t(locale, "offer.by", &[("name", &by)]).into_owned() };
    let checked = i18n::date(locale, &one_line(row.text("verifie_le")));
    let canonical = app.public_url.join(&base.link(&right));
    let brief = facts(locale, catalogue, row, today);
    let course = Course {
        catalogue,
        row,
        page: &app.public_url.join(&right),
        locale,
        licence: &t(locale, "licence.url", &[]),
    };
    OfferPage {
        description: description(&line("resume"), &title(locale, row), &by),
        data: course.block(),
        alternates: Locale::ALL
            .map(|it| (it.tag(), app.public_url.join(&in_language(it, &right))))
            .into(),
        dates: dates(locale, catalogue, row, today, &base),
        correct: base.link(&urls::correct(&row.id)),
        remove,
        title: title(locale, row),
        by,
        kind: line("type"),
        summary: match cell("resume") {
            Some(Words::Prose(parts)) => parts,
            _ => Vec::new(),
        },
        themes: themes(locale, catalogue, row),
        visit: web_link(row.text("url")),
        freshness: freshness(locale, row, now),
        checked_on: (!checked.is_empty())
            .then(|| t(locale, "offer.checked_on", &[("date", &checked)]).into_owned()),
        sections: sections(locale, catalogue, row, &brief),
        brief,
        history: urls::history_of(&row.id),
        canonical,
        base: Base { links: app.assets.find(), ..base.at(Here::Catalogue).as_of(edition) },
    }
}

/// What a search engine shows below the title: about two lines.
fn description(summary: &str, title: &str, by: &str) -> String {
    const LONGEST: usize = 160;
    let words = if summary.is_empty() { format!("{title}. {by}") } else { summary.to_owned() };
    if words.chars().count() <= LONGEST {
        return words;
    }
    let cut: String = words.chars().take(LONGEST - 1).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}…")
}

fn dates(
    locale: Locale,
    catalogue: &Catalogue,
    row: &Row,
    today: Day,
    base: &Base,
) -> Option<DatesView> {
    let column = catalogue.columns().get(SESSIONS)?;
    let to_come = match to_come_words(locale, column, row, today) {
        Some(Words::List(items)) => items,
        Some(other) => vec![other.in_one_line()],
        None => Vec::new(),
    };
    let past = past_words(locale, column, row, today);
    (!to_come.is_empty() || !past.is_empty()).then(|| DatesView {
        label: label(locale, &column.label),
        past_label: tn(locale, "find.past_sessions", past.len(), &[]),
        to_come,
        past,
        // Nobody puts what is over into a calendar.
        calendar: (ical::has_events(row) && session::next(row, today).is_some())
            .then(|| base.link(&urls::offer_calendar(&address(row)))),
    })
}

/// All that is known and stands neither in the head nor, word for word, in brief, in the order of the columns.
fn sections(
    locale: Locale,
    catalogue: &Catalogue,
    row: &Row,
    brief: &[(String, String)],
) -> Vec<Section> {
    let mut sections: Vec<(&str, Vec<Fact>)> = Vec::new();
    let below = catalogue.columns().iter().filter(|it| !IN_THE_HEAD.contains(&it.id.as_str()));
    for column in below {
        let Some(fact) = fact(locale, column, row) else { continue };
        if brief.iter().any(|told| is_told_by(&fact, told)) {
            continue;
        }
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
    Some(Fact { label: label(locale, &column.label), words, said })
}

/// Whether a line says the same in the same words: own words beside what was understood would say more.
fn is_told_by(fact: &Fact, (label, told): &(String, String)) -> bool {
    let all = match (&fact.words, &fact.said) {
        (Some(words), None) => words.in_one_line(),
        (None, Some(said)) => said.clone(),
        _ => return false,
    };
    fact.label == *label && all == *told
}
