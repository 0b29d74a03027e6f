//! `/atelier/ligne/{row}`: what a row lacks and what does not hold in it, and what a pilot may do to it at once.

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use tablee_domain::ids::RowId;
use tablee_domain::offer::checks::{Now, qualiopi, warnings};
use tablee_domain::offer::{Status, missing, slug};
use tablee_domain::table::Row;
use tablee_storage::desk_items;

use super::entries::alike;
use super::proposal::pair;
use super::{
    asked, at_desk, by, counted, failure, keys, looked, or_stale, presence_of, stale, titled, to,
    with_status,
};
use crate::app::App;
use crate::catalogue::TABLE;
use crate::desk::DeskError;
use crate::desk::found::{EXPECTED, met, ordered, traits};
use crate::desk::list::{List, Thing};
use crate::desk::presence::Through;
use crate::i18n::t;
use crate::templates::desk::{FasterPage, Head, KeyHelp, RowPage, TwinView};
use crate::templates::{Base, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Curate;
use crate::web::extract::{TableAccess, TypedFields};
use crate::web::urls;
use crate::wording::{checks, label, words};

/// Shows a row.
pub async fn show(
    access: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
) -> WebResult {
    Ok(page(&app, at_desk(&app, base), &access, (&id, &uri)).await?.into_page())
}

async fn page(
    app: &App,
    base: Base,
    access: &TableAccess<Curate>,
    (id, uri): (&str, &Uri),
) -> WebResult<RowPage> {
    let row = RowId::new(id).map_err(|_| WebError::NotFound)?;
    let visible = app.rooms.values(TABLE).await?;
    let found = visible.values.present().find(|it| it.id == row).ok_or(WebError::NotFound)?;
    let thing = Thing::Row(row.clone());
    let me = (access.by.id, access.by.name.as_str());
    app.desk.presence().looks(&thing.word(), me, Through::Page, app.clock.now());
    let table = app.rooms.open(TABLE).await?.table();
    let mut tx = app.store.read().await?;
    let aside = desk_items::snoozed(&mut tx, table, app.clock.now()).await?;
    let not_twins = app.desk.not_twins(&mut tx).await.map_err(failure)?;
    drop(tx);
    let seen = app.desk.found(&visible).await;
    let list = List::of_word(&asked(uri, "liste").unwrap_or_default());
    let told = looked::told(app, &base, &thing, access.by.id).await?;
    let status = Status::of(found);
    let kind = state(&visible.values.columns, &base, found);
    let twins =
        seen.alike(&traits(found), Some(&row)).into_iter().filter_map(|(other, score, why)| {
            let is_known = not_twins.contains(&ordered(row.clone(), other.clone()));
            let near = visible.values.present().find(|it| it.id == other).filter(|_| !is_known)?;
            Some(TwinView {
                title: titled(&base, near.text("intitule")),
                why: alike(&base, score, &why),
                href: base.link(&pair(&row, &other)),
            })
        });
    let twins: Vec<TwinView> = twins.collect();
    let now = Now::of(app.clock.now(), app.site.get().stale_after_months);
    let acts = acts(&base, (status, missing(found).is_empty()), aside.contains_key(&thing.word()));
    let of_page = page_keys(&base, &acts, !twins.is_empty());
    Ok(RowPage {
        head: head(&base, (found, kind), (&thing, told), (list, of_page)),
        action: base.link(&format!("{}?liste={}", urls::desk_row(&row), list.word())),
        seen: found.text(Status::COLUMN).to_owned(),
        items: items(&base, found),
        told: completeness(&base, found),
        warnings: wrongs(&base, found, now),
        twins,
        acts,
        cells: cells(&visible.values.columns, &base, found),
        links: links(&base, found, status),
        base: base.clone(),
    })
}

/// The keys that do something on this page.
fn page_keys(base: &Base, acts: &[Act], has_twins: bool) -> Vec<KeyHelp> {
    let acts_at_once = acts.iter().any(|(.., key)| !key.is_empty());
    let all = [
        ("a", "desk.keys.act", acts_at_once),
        ("d", "desk.keys.twins", has_twins),
        ("j", "desk.keys.next", true),
        ("k", "desk.keys.previous", true),
    ];
    keys(base, &all)
}

fn head(
    base: &Base,
    (row, kind): (&Row, String),
    (thing, told): (&Thing, looked::Told),
    (list, keys): (List, Vec<KeyHelp>),
) -> Head {
    Head {
        title: titled(base, row.text("intitule")),
        kind,
        done: None,
        wrong: None,
        facts: Vec::new(),
        presence: presence_of(base, &thing.word()),
        known: told.known,
        who: told.who,
        back: base.link(&urls::desk_list(list.word(), 1)),
        keys,
    }
}

fn state(columns: &tablee_domain::table::Columns, base: &Base, row: &Row) -> String {
    let column = columns.get(Status::COLUMN);
    let said = column.and_then(|column| words(base.locale, column, row.cell(Status::COLUMN)));
    said.map(|words| words.in_one_line()).unwrap_or_default()
}

fn items(base: &Base, row: &Row) -> Vec<(String, bool)> {
    qualiopi(row).iter().map(|item| (checks::item(base.locale, item), item.met)).collect()
}

fn completeness(base: &Base, row: &Row) -> String {
    let (met, all) = (counted(base, met(row)), counted(base, EXPECTED));
    t(base.locale, "desk.row.told", &[("met", &met), ("all", &all)]).into_owned()
}

fn wrongs(base: &Base, row: &Row, now: Now) -> Vec<String> {
    let missing = missing(row).into_iter().map(|it| checks::missing(base.locale, it));
    let missing = missing.collect::<Vec<_>>().join(", ");
    let lacks = base.t1("desk.entry.lacks", "what", &missing).into_owned();
    let wrong = warnings(row, now);
    let wrong = wrong.iter().map(|it| checks::warning(base.locale, it));
    Some(lacks).filter(|_| !missing.is_empty()).into_iter().chain(wrong).collect()
}

fn cells(columns: &tablee_domain::table::Columns, base: &Base, row: &Row) -> Vec<(String, String)> {
    let of = columns.in_use().filter(|column| column.id.as_str() != Status::COLUMN);
    let told = of.filter_map(|column| {
        let said = words(base.locale, column, row.cell(column.id.as_str()))?;
        let said = match said {
            crate::wording::Words::Prose(parts) => parts.join("\n\n"),
            other => other.in_one_line(),
        };
        Some((label(base.locale, &column.label), said))
    });
    told.collect()
}

/// What a button does: its word, what it says, and its key.
type Act = (&'static str, String, &'static str);

fn acts(base: &Base, (status, is_whole): (Status, bool), is_aside: bool) -> Vec<Act> {
    let of = |word, key: &str, press| (word, base.t(key).into_owned(), press);
    let mut acts = match status {
        // What lacks its title or its page is no entry of a catalogue.
        Status::Draft | Status::ToCheck | Status::Archived if !is_whole => Vec::new(),
        Status::Draft | Status::ToCheck | Status::Archived => {
            vec![of("publier", "desk.row.publish", "a")]
        }
        Status::Published => vec![
            of("confirmer", "desk.row.confirm", "a"),
            of("a-mettre-a-jour", "desk.row.to_update", ""),
        ],
        Status::ToUpdate => vec![of("confirmer", "desk.row.confirm", "a")],
    };
    if status != Status::Archived {
        acts.push(of("archiver", "desk.row.archive", ""));
    }
    acts.push(if is_aside {
        of("remettre", "desk.row.back_in", "")
    } else {
        of("plus-tard", "desk.row.aside", "")
    });
    acts
}

fn links(base: &Base, row: &Row, status: Status) -> Vec<(String, String)> {
    let of = |key: &str, address: &str| (base.t(key).into_owned(), base.link(address));
    let mut links = Vec::new();
    if status.is_public() {
        links.push(of("desk.row.see", &urls::offer(&slug(row.text("intitule")), &row.id)));
    }
    links.push(of("desk.row.correct", &urls::correct(&row.id)));
    links.push(of("desk.row.history", &urls::history_of(&row.id)));
    links.push(of("desk.row.table", urls::TABLE));
    links
}

/// Does what the pressed button says.
pub async fn submit(
    access: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    TypedFields { fields, is_ours }: TypedFields,
) -> WebResult {
    let base = at_desk(&app, base);
    if !is_ours {
        let wrong = Some(stale(&base));
        let again = page(&app, base, &access, (&id, &uri)).await.map(|page| {
            let head = Head { wrong, ..page.head };
            RowPage { head, ..page }.into_page_with(StatusCode::FORBIDDEN)
        });
        return or_stale(again);
    }
    let row = RowId::new(&id).map_err(|_| WebError::NotFound)?;
    let (who, seen) = (by(&access), fields.one("vu"));
    let thing = Thing::Row(row.clone()).word();
    if fields.one("action") == "publier" {
        let visible = app.rooms.values(TABLE).await?;
        let found = visible.values.present().find(|it| it.id == row);
        if found.is_some_and(|row| !missing(row).is_empty()) {
            return Err(WebError::Invalid("form: the row lacks what publishing needs".to_owned()));
        }
    }
    let (done, word) = match fields.one("action") {
        "publier" => (app.desk.set_status(who, &row, seen, Status::Published).await, "publiee"),
        "archiver" => (app.desk.set_status(who, &row, seen, Status::Archived).await, "archivee"),
        "a-mettre-a-jour" => {
            (app.desk.set_status(who, &row, seen, Status::ToUpdate).await, "a-jour")
        }
        "confirmer" => (app.desk.confirm(who, &row, seen).await, "confirmee"),
        "plus-tard" => (app.desk.put_aside(who, &thing).await, "plus-tard"),
        "remettre" => (app.desk.put_back(&thing).await, ""),
        _ => return Err(WebError::Invalid("form: action".to_owned())),
    };
    let list = List::of_word(&asked(&uri, "liste").unwrap_or_default()).word();
    match done {
        Ok(()) => Ok(to(&base.link(&urls::desk_done(list, word, &thing)))),
        Err(DeskError::Moved(_) | DeskError::RowGone) => Ok(moved(&app, base, &row).await?),
        Err(error) => Err(failure(error)),
    }
}

/// Somebody gave the row another state, or took it away, while a pilot looked.
async fn moved(app: &App, base: Base, row: &RowId) -> WebResult {
    let visible = app.rooms.values(TABLE).await?;
    let found = visible.values.present().find(|it| it.id == *row);
    let title = titled(&base, found.map(|row| row.text("intitule")).unwrap_or_default());
    let state = found.map(|row| state(&visible.values.columns, &base, row));
    let key = if found.is_some() { "desk.faster.row" } else { "desk.wrong.row_gone" };
    let name = base.t("desk.faster.title_of_row").into_owned();
    let page = FasterPage {
        title,
        told: base.t(key).into_owned(),
        typed: state.map(|state| vec![(name, state)]).unwrap_or_default(),
        href: base.link(&found.map_or_else(|| urls::DESK.to_owned(), |_| urls::desk_row(row))),
        base,
    };
    Ok(with_status(page.into_page(), StatusCode::CONFLICT))
}
