//! `/import`: files on their way into the table, from the form to the report.
//!
//! Each page works without script. What a person decides travels in the body of forms: no word of a file
//! stands in an address.

mod applying;
mod choices;
mod entries;
mod look;
mod mapping;
mod plan;
mod refused;
pub mod report;
mod row;
mod steps;
pub mod upload;

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use tablee_domain::ids::{ImportId, PersonId, PlanId};
use tablee_storage::import_plans::{PlanRecord, State as Stage};
use tablee_storage::{import_plans, imports, people, tables};

use crate::app::App;
use crate::catalogue::TABLE;
use crate::i18n::{self, t, tn};
use crate::importing::{ImportError, PlanView};
use crate::templates::import::{ClosedPage, ImportPage, OpenPlan, PastImport, WaitPage};
use crate::templates::{Base, Here, Page};
use crate::web::doors::Doors;
use crate::web::doors::Who::Pilot;
use crate::web::error::{WebError, WebResult};
use crate::web::extract::TableAccess;
use crate::web::extract::table_access::Curate;
use crate::web::urls;
use crate::wording::one_line;
use entries::List;
use look::Look;

/// Plans and imports that the list shows.
const LISTED: u32 = 50;
const PAST: u32 = 10;
/// How long a browser that asks for progress waits for some.
const PATIENCE: Duration = Duration::from_secs(15);

/// The doors of the import.
pub fn routes() -> Doors {
    Doors::new()
        .get(urls::IMPORT, Pilot, show_list)
        // Bounded while it is read: what is too large gets a page.
        .post_up_to(urls::IMPORT, Pilot, None, upload::submit)
        .get(urls::IMPORT_PLAN, Pilot, show)
        .get(urls::IMPORT_STATE, Pilot, state)
        .post(urls::IMPORT_MAPPING, Pilot, steps::map_columns)
        .post(urls::IMPORT_ROWS, Pilot, steps::choose_rows)
        .post(urls::IMPORT_APPLY, Pilot, applying::begin)
        .post(urls::IMPORT_AGAIN, Pilot, steps::plan_again)
        .post(urls::IMPORT_DROP, Pilot, steps::give_up)
        .get(urls::IMPORT_REPORT, Pilot, report::download)
}

/// What stands in the address of a plan's page.
#[derive(Debug, Default, Clone)]
pub struct Asked {
    /// The step.
    step: String,
    /// The list of the plan.
    list: Option<List>,
    /// The words that narrow it.
    words: String,
    /// The number of its page.
    page: usize,
    /// The number of the sheet.
    sheet: usize,
    /// The first column of the page.
    from: usize,
    /// Something was just saved.
    is_saved: bool,
}

impl Asked {
    fn of_query(query: Option<&str>) -> Self {
        let mut asked = Self { page: 1, ..Self::default() };
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match &*name {
                "etape" => asked.step = value.into_owned(),
                "quoi" => asked.list = List::of_word(&value),
                "mots" => asked.words = value.chars().take(100).collect(),
                "page" => asked.page = value.parse().unwrap_or(1),
                "onglet" => asked.sheet = value.parse().unwrap_or_default(),
                "debut" => asked.from = value.parse().unwrap_or_default(),
                "fait" => asked.is_saved = value == "1",
                _ => {}
            }
        }
        asked
    }
}

/// `GET /import`.
async fn show_list(_: TableAccess<Curate>, base: Base, State(app): State<App>) -> WebResult {
    list(&app, base, None, StatusCode::OK).await
}

/// The form, the files on their way, and those that are in the table.
async fn list(app: &App, base: Base, wrong: Option<String>, status: StatusCode) -> WebResult {
    let plans = app.importer().plans(TABLE, LISTED).await.map_err(failure)?;
    let mut tx = app.store.read().await?;
    let mut past = Vec::new();
    if let Some(table) = tables::find(&mut tx, TABLE).await? {
        past = imports::recent(&mut tx, table.id, PAST + 1).await?;
    }
    let everybody = people::list(&mut tx).await?;
    let (mut pages, mut counted) = (Vec::new(), Vec::new());
    for import in &past {
        counted.push(report::counted_with_columns(&mut tx, import).await?);
        pages.push(import_plans::of_import(&mut tx, import.id).await?.map(|plan| plan.id));
    }
    drop(tx);
    let (zone, locale) = (&app.config.web.time_zone, base.locale);
    let by_when = |person: Option<PersonId>, at| {
        let who = match person {
            None => t(locale, "import.program", &[]).into_owned(),
            Some(id) => everybody.iter().find(|known| known.id == id).map_or_else(
                || t(locale, "import.former", &[]).into_owned(),
                |person| one_line(&person.name),
            ),
        };
        let when = zone.moment(locale, at);
        t(locale, "import.by", &[("who", &who), ("when", &when)]).into_owned()
    };
    let is_open = |plan: &&PlanRecord| !matches!(plan.state, Stage::Applied | Stage::Abandoned);
    let open = plans.iter().filter(is_open).map(|plan| OpenPlan {
        href: base.link(&urls::import(&plan.id, "")),
        file: file_name(&plan.file_name),
        by: by_when(plan.actor, plan.made_at),
        state: t(locale, &format!("import.state.{}", plan.state), &[]).into_owned(),
    });
    let done =
        past.iter().zip(&pages).zip(counted).take(PAST as usize).map(|((import, plan), counts)| {
            let args = [("import", import.id.to_string()), ("file", file_name(&import.file_name))];
            let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
            let page = plan.as_ref().filter(|_| counts.is_some());
            PastImport {
                number: import.id.get(),
                title: t(locale, "import.number", &args).into_owned(),
                by: by_when(import.actor, import.at),
                counts: counts.map(|counts| counts.in_words(locale)).unwrap_or_default(),
                report: page.map(|plan| base.link(&urls::import(plan, ""))),
                xlsx: page.map(|plan| base.link(&urls::import(plan, "/rapport.xlsx"))),
                history: base.link(&urls::history_of_import(import.id)),
            }
        });
    let page = ImportPage {
        upload: upload::form(app, &base, wrong),
        open: open.collect(),
        done: done.collect(),
        older: (past.len() > PAST as usize).then(|| t(locale, "import.older", &[]).into_owned()),
        base: base.clone().at(Here::Import),
    };
    Ok(with_script(app, page.base.clone(), |base| ImportPage { base, ..page })
        .into_page_with(status))
}

fn file_name(name: &str) -> String {
    let name = one_line(name);
    if name.is_empty() { "—".to_owned() } else { name }
}

/// Puts the script of the import beside a page.
fn with_script<P>(app: &App, base: Base, page: impl FnOnce(Base) -> P) -> P {
    page(Base { links: app.assets.import(), ..base })
}

/// The plan of an address.
async fn found(app: &App, id: &str) -> WebResult<Arc<PlanView>> {
    let id = PlanId::new(id).map_err(|_| WebError::NotFound)?;
    app.importer().view(&id).await.map_err(failure)?.ok_or(WebError::NotFound)
}

/// An answer that says that somebody else was faster.
fn at_odds(page: WebResult) -> WebResult {
    page.map(|mut page| {
        *page.status_mut() = StatusCode::CONFLICT;
        page
    })
}

/// What an import that does not go on is for the web.
fn failure(error: ImportError) -> WebError {
    match error {
        ImportError::Store(error) => WebError::Store(error),
        ImportError::Room(error) => WebError::Room(error),
        ImportError::UnknownPlan => WebError::NotFound,
        other => WebError::Broken(anyhow::Error::new(other)),
    }
}

/// `GET /import/{plan}`.
async fn show(
    _: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(plan): Path<String>,
    uri: Uri,
) -> WebResult {
    let view = found(&app, &plan).await?;
    let base = Base { links: app.assets.import(), ..base.at(Here::Import) };
    let asked = Asked::of_query(uri.query());
    let is_saved = asked.is_saved;
    let look = Look { base, view: &view, unsaved: None, moved: None, is_saved };
    match view.record.state {
        Stage::Reading | Stage::Applying => Ok(wait(&look)),
        Stage::Refused => Ok(refused::page(&app, look)),
        Stage::Planned => steps::page(&app, look, &asked).await,
        Stage::Applied => report::page(&app, look).await,
        Stage::Abandoned | Stage::Stopped => Ok(closed(look)),
    }
}

/// `GET /import/{plan}/etat`: how far it is, as soon as it is further than what the asker knows, or after a
/// while.
async fn state(
    _may: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(plan): Path<String>,
    uri: Uri,
) -> WebResult {
    let id = PlanId::new(&plan).map_err(|_| WebError::NotFound)?;
    let how_far = async || {
        let record = app.importer().how_far(&id).await.map_err(failure)?;
        record.ok_or(WebError::NotFound)
    };
    let record = how_far().await?;
    let known = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "vu")
        .map(|(_, known)| known.into_owned());
    let mut now = (record.state, record.done, record.total);
    let word = |(state, done, _): (Stage, i64, i64)| format!("{state}-{done}");
    if let Some(mut progress) = app.importer().progress(&id)
        && known.is_some_and(|known| known == word(now))
    {
        let further = progress.wait_for(|it| (it.state, it.done) != (now.0, now.1));
        let stopping = app.tasks.stopping();
        tokio::select! {
            _ = tokio::time::timeout(PATIENCE, further) => {}
            () = stopping => {}
        }
        let record = how_far().await?;
        now = (record.state, record.done, record.total);
    }
    let (state, done, total) = now;
    let told = told(&base, done, total);
    let body = serde_json::json!({
        "state": state.as_str(), "done": done, "total": total, "known": word(now), "told": told,
    });
    Ok(Json(body).into_response())
}

/// How many rows are written, in words.
fn told(base: &Base, done: i64, total: i64) -> String {
    if total <= 0 {
        return String::new();
    }
    let total = i18n::number(base.locale, total as f64);
    let done = usize::try_from(done).unwrap_or_default();
    tn(base.locale, "import.progress.done_of", done, &[("total", &total)])
}

/// The page of a plan on which the program works.
fn wait(look: &Look<'_>) -> Response {
    let (base, record) = (&look.base, &look.view.record);
    let is_reading = record.state == Stage::Reading;
    let (title, text) = if is_reading {
        ("import.progress.reading_title", "import.progress.reading")
    } else {
        ("import.progress.applying_title", "import.progress.applying")
    };
    WaitPage {
        title: base.t(title).into_owned(),
        file: file_name(&record.file_name),
        text: base.t(text).into_owned(),
        state_href: look.address("/etat", &[]),
        page_href: look.address("", &[]),
        word: record.state.as_str(),
        done: record.done,
        total: record.total,
        told: told(base, record.done, record.total),
        drop: is_reading.then(|| look.address("/abandonner", &[])),
        base: base.clone(),
    }
    .into_page()
}

/// The page of a plan that nobody wanted, or that broke off.
fn closed(look: Look<'_>) -> Response {
    let is_stopped = look.view.record.state == Stage::Stopped;
    let (title, text) = if is_stopped {
        ("import.stopped.title", "import.stopped.text")
    } else {
        ("import.dropped_title", "import.dropped_text")
    };
    ClosedPage {
        title: look.base.t(title).into_owned(),
        file: file_name(&look.view.record.file_name),
        text: look.base.t(text).into_owned(),
        import: look.view.record.import.filter(|_| is_stopped).map(ImportId::get),
        base: look.base,
    }
    .into_page()
}
