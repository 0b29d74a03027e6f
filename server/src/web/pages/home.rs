//! `GET /`: the catalogue.

use axum::extract::State;

use crate::app::SharedClock;
use crate::assets::Assets;
use crate::catalogue::{Edition, Listing, Order, Shelf};
use crate::i18n::{self, Locale, t, tn};
use crate::templates::catalogue::{
    ActiveFilter, ExportLink, FacetView, HomePage, OptionView, Pages, SortView,
};
use crate::templates::{Base, Here, Page, in_language};
use crate::web::error::WebResult;
use crate::web::pages::card::card;
use crate::web::urls::{self, PublicUrl};
use crate::wording::label;
use tablee_domain::ids::Timestamp;
use tablee_domain::offer::catalogue::{self, ON_A_PAGE};
use tablee_domain::offer::query::{SESSIONS, TO_COME};
use tablee_domain::offer::session::{self, Day};
use tablee_domain::offer::{Facet, Query, Sort};
use tablee_domain::table::Row;

/// The columns by which visitors narrow the list, in their order on the page.
const FACETS: [&str; 7] =
    ["type", "themes", "publics", "modalite", "niveau", "tarif_type", "financements"];

/// Shows what the address asks for.
pub async fn show(
    base: Base,
    State(shelf): State<Shelf>,
    State(public_url): State<PublicUrl>,
    State(clock): State<SharedClock>,
    State(assets): State<Assets>,
) -> WebResult {
    let edition = shelf.current().await?;
    let listing = Listing::of(&edition, base.uri.query(), clock.now());
    let locale = base.locale;
    let page = page_of(&listing);
    let pages = Pages::of(locale, page.number, page.pages, |number| {
        listing.address(urls::HOME, &listing.query.at_page(number))
    });
    let tab = match page.number {
        1 => t(locale, "catalogue.title", &[]),
        number => t(locale, "catalogue.title_page", &[("page", &number.to_string())]),
    };
    let view = HomePage {
        tab: tab.into_owned(),
        canonical: public_url.join(&in_language(locale, urls::HOME)),
        q: listing.query.q.clone(),
        facets: facets(locale, &edition, &listing),
        active: active(locale, &edition, &listing, urls::HOME),
        found: found(locale, &edition, &listing),
        notes: notes(locale, &listing),
        sorts: sorts(locale, &edition, &listing),
        cards: page
            .rows
            .iter()
            .map(|row| card(locale, &edition.catalogue, row, clock.now()))
            .collect(),
        pages,
        exports: exports(locale, &listing),
        nothing_yet: edition.catalogue.offers().len() == 0,
        base: Base { links: assets.find(), ..base.at(Here::Catalogue).as_of(&edition) },
    };
    Ok(view.into_page())
}

fn page_of<'a>(listing: &Listing<'a>) -> catalogue::Page<'a> {
    let total = listing.rows.len();
    let pages = total.div_ceil(ON_A_PAGE).max(1);
    let number = listing.query.page.clamp(1, pages);
    let rows =
        listing.rows.iter().skip((number - 1) * ON_A_PAGE).take(ON_A_PAGE).copied().collect();
    catalogue::Page { rows, number, pages, total }
}

/// "12 formations sur 107", or only how many where nothing narrows the list.
fn found(locale: Locale, edition: &Edition, listing: &Listing<'_>) -> String {
    let (n, all) = (listing.rows.len(), edition.catalogue.offers().len());
    if listing.query.narrows() {
        tn(locale, "catalogue.found_of", n, &[("total", &i18n::number(locale, all as f64))])
    } else {
        tn(locale, "catalogue.found", n, &[])
    }
}

/// How the words were taken, where that is not as they were typed.
fn notes(locale: Locale, listing: &Listing<'_>) -> Vec<String> {
    let corrected = listing.corrected.iter().map(|it| {
        let words = [("asked", it.asked.as_str()), ("found", it.found.as_str())];
        t(locale, "find.corrected", &words).into_owned()
    });
    let most = (listing.only_most && !listing.rows.is_empty())
        .then(|| t(locale, "find.only_most", &[]).into_owned());
    corrected.chain(most).collect()
}

/// Whether sessions are to come, as a facet of one box; none where no offer has any.
fn dates(locale: Locale, edition: &Edition, listing: &Listing<'_>) -> Option<FacetView> {
    let is_ticked = listing.query.to_come;
    let some = is_ticked || edition.catalogue.offers().any(|row| has_dates(row, edition.at));
    let column = edition.catalogue.columns().get(SESSIONS).filter(|_| some)?;
    let option = OptionView {
        value: TO_COME.to_owned(),
        label: t(locale, "find.to_come", &[]).into_owned(),
        count: listing.to_come,
        is_ticked,
    };
    Some(FacetView {
        name: SESSIONS.to_owned(),
        label: label(locale, &column.label),
        ticked: usize::from(is_ticked),
        options: vec![option],
    })
}

fn has_dates(row: &Row, at: Timestamp) -> bool {
    session::next(row, Day::of(at)).is_some()
}

fn facets(locale: Locale, edition: &Edition, listing: &Listing<'_>) -> Vec<FacetView> {
    let shown = FACETS
        .iter()
        .filter_map(|name| listing.facets.iter().find(|facet| facet.column.id.as_str() == *name));
    let views = shown.map(|facet| facet_view(locale, edition, facet));
    let views = views.filter(|view| !view.options.is_empty());
    dates(locale, edition, listing).into_iter().chain(views).collect()
}

fn facet_view(locale: Locale, edition: &Edition, facet: &Facet<'_>) -> FacetView {
    let is_offered =
        |option: &str| edition.in_use.contains(&(facet.column.id.clone(), option.to_owned()));
    let offered = facet.options.iter().filter(|it| it.chosen || is_offered(it.option.id.as_str()));
    let options: Vec<OptionView> = offered
        .map(|it| OptionView {
            value: it.option.id.to_string(),
            label: label(locale, &it.option.label),
            count: it.count,
            is_ticked: it.chosen,
        })
        .collect();
    FacetView {
        name: facet.column.id.to_string(),
        label: label(locale, &facet.column.label),
        ticked: options.iter().filter(|option| option.is_ticked).count(),
        options,
    }
}

/// What narrows the list, each with the address of the list without it.
pub fn active(
    locale: Locale,
    edition: &Edition,
    listing: &Listing<'_>,
    path: &str,
) -> Vec<ActiveFilter> {
    let without = |label: String, query: &Query| ActiveFilter {
        remove: t(locale, "catalogue.remove", &[("name", &label)]).into_owned(),
        label,
        href: listing.address(path, query),
    };
    let mut active = Vec::new();
    let query = &listing.query;
    if !query.q.is_empty() {
        let label = t(locale, "catalogue.active_words", &[("words", &query.q)]).into_owned();
        active.push(without(label, &Query { q: String::new(), page: 1, ..query.clone() }));
    }
    if query.to_come {
        let label = t(locale, "find.to_come", &[]).into_owned();
        active.push(without(label, &query.toggled_to_come()));
    }
    for (column, options) in &query.facets {
        for option in options {
            let found = edition.catalogue.columns().get(column.as_str());
            let label = found.map_or_else(
                || option.clone(),
                |it| crate::wording::option_label(locale, it, option),
            );
            active.push(without(label, &query.toggled(column, option)));
        }
    }
    active
}

/// The usual orders, and the one that an address brought from the table.
fn sorts(locale: Locale, edition: &Edition, listing: &Listing<'_>) -> Vec<SortView> {
    let order = &listing.order;
    let with_words = listing.query.has_words();
    let usual = Sort::ALL.into_iter().filter(|sort| with_words || *sort != Sort::Relevance);
    let usual = usual.map(|sort| SortView {
        value: sort.as_str().to_owned(),
        label: t(locale, &format!("catalogue.by.{}", sort.as_str()), &[]).into_owned(),
        is_current: *order == Order::Usual(sort),
    });
    let mut sorts: Vec<SortView> = usual.collect();
    if let Order::Column { id, .. } = order
        && let Some(column) = edition.catalogue.columns().get(id.as_str())
    {
        sorts.push(SortView {
            value: order.word(&listing.query).unwrap_or_default(),
            label: label(locale, &column.label),
            is_current: true,
        });
    }
    sorts
}

/// The files that hold this very list.
pub fn exports(locale: Locale, listing: &Listing<'_>) -> Vec<ExportLink> {
    ["xlsx", "csv", "json"]
        .map(|format| ExportLink {
            label: t(locale, &format!("exports.{format}"), &[]).into_owned(),
            href: listing.address(&urls::export(format), &listing.query.at_page(1)),
        })
        .into()
}
