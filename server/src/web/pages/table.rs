//! `GET /table`: the live table for whoever is signed in, the published rows for visitors.

use axum::extract::State;
use axum::http::{Uri, header};
use axum::response::{IntoResponse, Response};
use tablee_domain::ids::Timestamp;
use tablee_domain::table::{Column, Row};

use super::card::{address, said_or_read, title};
use super::home::{active, exports};
use crate::app::{App, SharedClock};
use crate::assets::Assets;
use crate::catalogue::{Edition, Listing, Order, Shelf, TABLE};
use crate::i18n::{self, Locale, t};
use crate::templates::catalogue::Pages;
use crate::templates::table::{
    Head, HeadSort, LiveTablePage, PublicTablePage, TableCell, TablePerson, TableRow,
};
use crate::templates::{Base, Here, Page, in_language};
use crate::web::error::WebResult;
use crate::web::extract::{Somebody, Visitor};
use crate::web::urls::{self, PublicUrl};
use crate::wording::{Words, label};

/// Rows on a page of the visitors' table.
const ON_A_PAGE: usize = 50;

/// Shows the table that fits whoever asks.
pub async fn show(
    base: Base,
    visitor: Visitor,
    State(shelf): State<Shelf>,
    State(assets): State<Assets>,
    State(public_url): State<PublicUrl>,
    State(clock): State<SharedClock>,
) -> WebResult {
    let base = base.at(Here::Table);
    if let Visitor::Known(person) = visitor {
        return Ok(live(base, &assets, &person));
    }
    let edition = shelf.current().await?;
    let base = base.as_of(&edition);
    let canonical = public_url.join(&in_language(base.locale, urls::TABLE));
    Ok(published(base, &edition, canonical, clock.now()).into_page())
}

/// `GET /table/hors-ligne`: the same shell for everybody, which a device may keep. Who asks is not looked at,
/// so nothing of them can stand in it.
pub async fn offline(State(app): State<App>, uri: Uri) -> Response {
    let base = Base { updated: None, ..Base::of(&app, &uri, None) };
    let page = shell(base.at(Here::Table), &app.assets, None);
    // Said here, or it would be kept by nobody when a login comes with the request.
    ([(header::CACHE_CONTROL, "no-cache")], page.into_page()).into_response()
}

fn live(base: Base, assets: &Assets, person: &Somebody) -> Response {
    let (id, role, name) = (person.id.get(), person.role.as_str(), person.name.clone());
    shell(base, assets, Some(TablePerson { id, role, name })).into_page()
}

/// The shell in which the client builds the live table.
fn shell(base: Base, assets: &Assets, person: Option<TablePerson>) -> LiveTablePage {
    LiveTablePage {
        base: Base { links: assets.table(), ..base },
        table: TABLE.to_owned(),
        live: urls::live(TABLE),
        person,
    }
}

fn published(base: Base, edition: &Edition, canonical: String, now: Timestamp) -> PublicTablePage {
    let locale = base.locale;
    let listing = Listing::of(edition, base.uri.query(), now);
    let columns: Vec<&Column> =
        edition.catalogue.columns().iter().filter(|column| column.shown).collect();
    let total = listing.rows.len();
    let pages = total.div_ceil(ON_A_PAGE).max(1);
    let number = listing.query.page.clamp(1, pages);
    let first = (number - 1) * ON_A_PAGE;
    let shown = listing.rows.iter().skip(first).take(ON_A_PAGE);
    let rows: Vec<TableRow> = shown.map(|row| table_row(locale, &columns, row)).collect();
    let in_words = |n: usize| i18n::number(locale, n as f64);
    let caption = if rows.is_empty() {
        t(locale, "table.caption_empty", &[])
    } else {
        let (from, to, all) = (in_words(first + 1), in_words(first + rows.len()), in_words(total));
        t(locale, "table.caption", &[("from", &from), ("to", &to), ("total", &all)])
    };
    PublicTablePage {
        canonical,
        caption: caption.into_owned(),
        active: active(locale, edition, &listing, urls::TABLE),
        heads: heads(locale, &columns, &listing),
        rows,
        pages: Pages::of(locale, number, pages, |number| {
            listing.address(urls::TABLE, &listing.query.at_page(number))
        }),
        exports: exports(locale, &listing),
        base,
    }
}

fn heads(locale: Locale, columns: &[&Column], listing: &Listing<'_>) -> Vec<Head> {
    let title_first = in_order(columns);
    title_first.map(|column| head(locale, column, listing)).collect()
}

/// The title stands first, as the head of its row.
fn in_order<'a>(columns: &'a [&'a Column]) -> impl Iterator<Item = &'a Column> {
    let is_title = |column: &&&Column| column.id.as_str() == "intitule";
    let others = columns.iter().filter(move |column| !is_title(column));
    columns.iter().filter(is_title).chain(others).copied()
}

fn head(locale: Locale, column: &Column, listing: &Listing<'_>) -> Head {
    let label = label(locale, &column.label);
    let current = listing.order.of_column(column.id.as_str());
    let order = Order::Column { id: column.id.clone(), descending: current == Some(false) };
    let sort = HeadSort {
        title: t(locale, "table.sort_by", &[("name", &label)]).into_owned(),
        href: listing.address_in(urls::TABLE, &listing.query.at_page(1), &order),
        current: current.map(|descending| if descending { "descending" } else { "ascending" }),
    };
    Head { label, sort: Some(sort) }
}

fn table_row(locale: Locale, columns: &[&Column], row: &Row) -> TableRow {
    let cells = in_order(columns).skip(1).map(|column| match said_or_read(locale, column, row) {
        Some(Words::Link(link)) => {
            TableCell { text: link.host.unwrap_or(link.text), href: Some(link.href) }
        }
        Some(words) => TableCell { text: words.in_one_line(), href: None },
        None => TableCell { text: String::new(), href: None },
    });
    TableRow {
        href: in_language(locale, &address(row)),
        title: title(locale, row),
        cells: cells.collect(),
    }
}
