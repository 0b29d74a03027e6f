//! The steps of a plan that waits for somebody: its pages, and what their forms decide.

use axum::extract::{Path, State};
use tablee_domain::ids::ColumnId;
use tablee_domain::import::{Decisions, ImportPlan};

use super::entries::List;
use super::look::{Look, lead};
use super::plan::PlanLook;
use super::{Asked, applying, at_odds, choices, failure, found, mapping};
use crate::app::App;
use crate::catalogue::TABLE;
use crate::importing::{ImportError, PlanView, fresh_id};
use crate::templates::{Base, Here, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Curate;
use crate::web::extract::{Fields, TableAccess};

/// What is said where somebody else was faster.
const MOVED: &str = "import.notice.moved";

/// The page of a plan that waits for somebody. Whose columns were recalled, or that somebody decided about,
/// begins with its rows.
pub async fn page(app: &App, look: Look<'_>, asked: &Asked) -> WebResult {
    let plan = look.view.plan.clone().ok_or(WebError::NotFound)?;
    if asked.step == "appliquer" {
        return applying::question(look);
    }
    let is_new = *look.view.decisions == Decisions::default();
    let is_known = plan.sheets.iter().any(|sheet| sheet.recalled);
    let visible = app.rooms.values(TABLE).await?;
    if asked.step == "correspondances" || (asked.step.is_empty() && is_new && !is_known) {
        let columns = &visible.values.columns;
        let page = mapping::page(look, &plan, columns, (asked.sheet, asked.from));
        return Ok(page.into_page());
    }
    let saved = look.view.decisions.clone();
    let decisions = look.unsaved.unwrap_or(&saved);
    let look = PlanLook { plan: &plan, decisions, values: &visible.values, look };
    Ok(look.page(asked).into_page())
}

/// `POST /import/{plan}/correspondances`.
pub async fn map_columns(
    _: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(plan): Path<String>,
    fields: Fields,
) -> WebResult {
    let view = found(&app, &plan).await?;
    let onglet = fields.one("onglet").to_owned();
    let next = fields.one("vers").to_owned();
    let Some(of_view) = &view.plan else {
        return Ok(lead(&base, &view, &[]));
    };
    let fresh = || ColumnId::new(&fresh_id(&*app.chance)).expect("16 characters are an identifier");
    let decide =
        |plan: &ImportPlan, before: &Decisions| mapping::decided(plan, before, &fields, fresh);
    let mut asked = Asked { step: "correspondances".to_owned(), ..Asked::default() };
    asked.sheet = onglet.parse().unwrap_or_default();
    asked.from = fields.number("debut").unwrap_or_default();
    if !save(&app, &view, fields.version()?, decide(of_view, &view.decisions)).await? {
        return show_moved(&app, base, &plan, decide, &asked).await;
    }
    if let Some(from) = next.strip_prefix("debut-") {
        asked.from = from.parse().unwrap_or_default();
    }
    let from = asked.from.to_string();
    let mut to = vec![("etape", "plan"), ("fait", "1")];
    if next != "plan" {
        to = vec![
            ("etape", "correspondances"),
            ("onglet", &onglet),
            ("debut", &from),
            ("fait", "1"),
        ];
    }
    if let Some(sheet) = next.strip_prefix("onglet-") {
        to = vec![("etape", "correspondances"), ("onglet", sheet), ("fait", "1")];
    }
    if next == "appliquer" {
        to = vec![("etape", "appliquer")];
    }
    Ok(lead(&base, &view, &to))
}

/// `POST /import/{plan}/lignes`.
pub async fn choose_rows(
    _: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(plan): Path<String>,
    fields: Fields,
) -> WebResult {
    let view = found(&app, &plan).await?;
    let list = List::of_word(fields.one("quoi")).unwrap_or(List::Added);
    let (next, before) = (fields.one("vers"), fields.one("avant"));
    let Some(of_view) = &view.plan else {
        return Ok(lead(&base, &view, &[]));
    };
    let decide = |plan: &ImportPlan, saved: &Decisions| {
        let decisions = choices::decided(plan, saved, list, &fields);
        match next {
            "tout" => choices::all_of(plan, &decisions, (list, before), true),
            "rien" => choices::all_of(plan, &decisions, (list, before), false),
            _ => decisions,
        }
    };
    let page = next.strip_prefix("page-").unwrap_or(fields.one("page"));
    let asked = Asked {
        step: "plan".to_owned(),
        list: Some(list),
        words: before.to_owned(),
        page: fields.number("page").unwrap_or(1),
        ..Asked::default()
    };
    if !save(&app, &view, fields.version()?, decide(of_view, &view.decisions)).await? {
        return show_moved(&app, base, &plan, decide, &asked).await;
    }
    let in_list = |word| vec![("etape", "plan"), ("quoi", word), ("fait", "1")];
    let mut to = in_list(list.word());
    match next {
        "appliquer" => to = vec![("etape", "appliquer")],
        "toute" => {}
        "chercher" => to.push(("mots", fields.one("mots"))),
        _ => to.extend([("mots", before), ("page", page)]),
    }
    if let Some(other) = next.strip_prefix("liste-").and_then(List::of_word) {
        to = in_list(other.word());
    }
    if let Some(sheet) = next.strip_prefix("onglet-") {
        to = vec![("etape", "correspondances"), ("onglet", sheet), ("fait", "1")];
    }
    Ok(lead(&base, &view, &to))
}

/// `POST /import/{plan}/refaire`.
pub async fn plan_again(
    _may: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(plan): Path<String>,
    _ours: Fields,
) -> WebResult {
    let view = found(&app, &plan).await?;
    unless_overtaken(app.importer().replan(&view.record.id).await)?;
    Ok(lead(&base, &view, &[("etape", "plan")]))
}

/// `POST /import/{plan}/abandonner`.
pub async fn give_up(
    _may: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(plan): Path<String>,
    _ours: Fields,
) -> WebResult {
    let view = found(&app, &plan).await?;
    unless_overtaken(app.importer().abandon(&view.record.id).await)?;
    Ok(lead(&base, &view, &[]))
}

/// Where somebody else was faster, the plan is as new, or as far, as it can be: its page says so.
fn unless_overtaken<T>(done: Result<T, ImportError>) -> Result<(), WebError> {
    match done {
        Ok(_) | Err(ImportError::NotPlanned { .. } | ImportError::Moved { .. }) => Ok(()),
        Err(error) => Err(failure(error)),
    }
}

/// Keeps a decision; false where somebody else was faster. Where there is nothing to decide any more, the page
/// of the plan says what is.
async fn save(
    app: &App,
    view: &PlanView,
    version: i64,
    decisions: Decisions,
) -> Result<bool, WebError> {
    if version != view.record.version {
        return Ok(false);
    }
    if decisions == *view.decisions {
        return Ok(true);
    }
    match app.importer().decide(&view.record.id, version, decisions).await {
        Ok(_) | Err(ImportError::NotPlanned { .. }) => Ok(true),
        Err(ImportError::Moved { .. }) => Ok(false),
        Err(error) => Err(failure(error)),
    }
}

/// The plan as it is now, with what this person chose laid over what the other one saved.
async fn show_moved(
    app: &App,
    base: Base,
    plan: &str,
    decide: impl FnOnce(&ImportPlan, &Decisions) -> Decisions,
    asked: &Asked,
) -> WebResult {
    let now = found(app, plan).await?;
    let Some(of_now) = &now.plan else {
        return Ok(lead(&base, &now, &[]));
    };
    let base = Base { links: app.assets.import(), ..base.at(Here::Import) };
    let (chosen, moved) = (decide(of_now, &now.decisions), Some(MOVED));
    let look = Look { base, view: &now, unsaved: Some(&chosen), moved, is_saved: false };
    at_odds(page(app, look, asked).await)
}
