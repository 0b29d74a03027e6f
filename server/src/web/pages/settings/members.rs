//! `/reglages/personnes/importer`: a list of members becomes a plan that is looked at, ticked and applied at once.
//!
//! [`done`]: what became of it, and who is told of it.

mod done;

use std::collections::BTreeSet;

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use tablee_domain::ids::PersonId;
use tablee_storage::member_lists::{self, MemberList};
use tablee_storage::{Tx, people};

use super::people::{failure, role_name};
use crate::app::App;
use crate::i18n::{Locale, t, tn};
use crate::importing::SourceFile;
use crate::people::lists::{self, Content, Done, Undone};
use crate::people::reading::{self, Because, Had, Line, MembersPlan, Unread, What};
use crate::templates::people::{MemberLine, MembersFilesPage, MembersPlanPage, Take, Telling};
use crate::templates::settings::Told;
use crate::templates::{Base, Here, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::form::Fields;
use crate::web::extract::table_access::Administer;
use crate::web::extract::{Somebody, TableAccess};
use crate::web::pages::import::{report, upload};
use crate::web::urls;
use crate::wording::one_line;
use done::{done_page, tell, undone_page};

/// Lines on a page.
const ON_A_PAGE: usize = 100;

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: usize,
    fait: String,
}

/// `GET /reglages/personnes/importer`.
pub async fn list(_may: TableAccess<Administer>, base: Base, State(app): State<App>) -> WebResult {
    Ok(files(&app, base, None).await?.into_page())
}

async fn files(app: &App, base: Base, wrong: Option<String>) -> WebResult<MembersFilesPage> {
    let all = member_lists::list(&mut app.store.read().await?).await?;
    let earlier = all.iter().map(|list| {
        let when = app.config.web.time_zone.moment(base.locale, list.made_at);
        let key = match list.state.as_str() {
            "planned" => "people.list_planned",
            "applied" => "people.list_applied",
            _ => "people.list_undone",
        };
        let state = base.t1(key, "when", &when).into_owned();
        (base.link(&urls::members_file(list.id)), one_line(&list.file_name), state)
    });
    Ok(MembersFilesPage { wrong, earlier: earlier.collect(), base: base.at(Here::Settings) })
}

/// `POST /reglages/personnes/importer`.
pub async fn send(State(app): State<App>, request: Request) -> WebResult {
    let (by, base, file) = upload::receive::<Administer>(&app, request).await?;
    let read = match file {
        Ok(file) => {
            app.limits.imports.take(&by.id)?;
            read(&app, &base, &by, &file).await?
        }
        Err(wrong) => Err(wrong),
    };
    match read {
        Ok(id) => Ok(Redirect::to(&base.link(&urls::members_file(id))).into_response()),
        Err(wrong) => {
            let page = files(&app, base, Some(wrong)).await?;
            Ok(page.into_page_with(StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// Reads a list and keeps its plan, or says why there is none.
async fn read(
    app: &App,
    base: &Base,
    by: &Somebody,
    file: &SourceFile,
) -> WebResult<Result<i64, String>> {
    let book = match app.importer.book_of(file).await {
        Ok(book) => book,
        Err(error) => return Ok(Err(one_line(&error.sentence(report::language(base.locale))))),
    };
    let known = people::list(&mut app.store.read().await?).await?;
    let planning = tokio::task::spawn_blocking(move || reading::plan(&book, &known));
    let plan = match planning.await.map_err(anyhow::Error::new)? {
        Ok(plan) => Content::Planned(plan),
        Err(Unread::NoAddresses) => return Ok(Err(base.t("people.list_no_addresses").into())),
        Err(Unread::TooMany) => return Ok(Err(base.t("people.list_too_many").into())),
    };
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    lists::forget_old(&mut tx, now).await?;
    let name = one_line(&file.name);
    let kept = (plan.state(), &*plan.words());
    let id = member_lists::add(&mut tx, by.id, &name, kept, now).await?;
    tx.commit().await?;
    tracing::info!(by = by.id.get(), list = id, "a list of members was read");
    Ok(Ok(id))
}

/// A list and what is in it.
async fn found(app: &App, id: &str) -> WebResult<(MemberList, Content)> {
    let id: i64 = id.parse().map_err(|_| WebError::NotFound)?;
    let list = member_lists::find(&mut app.store.read().await?, id).await?;
    let list = list.ok_or(WebError::NotFound)?;
    let content = Content::of(&list.content).ok_or_else(|| anyhow::anyhow!("list {id}"))?;
    Ok((list, content))
}

/// `GET /reglages/personnes/importer/{file}`.
pub async fn show(
    _may: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let (list, content) = found(&app, &id).await?;
    match content {
        Content::Planned(plan) => {
            let told = (asked.fait == "garde").then(|| Told::done(base.t("people.list_kept")));
            Ok(plan_page(base, &list, &plan, asked.page, told).into_page())
        }
        Content::Applied(done) => {
            done_page(&app, base, &list, &done, asked.fait == "prevenues").await
        }
        Content::Undone(undone) => undone_page(&app, base, &list, &undone).await,
    }
}

/// `POST /reglages/personnes/importer/{file}`.
pub async fn submit(
    TableAccess { by, .. }: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> WebResult {
    let (list, content) = found(&app, &id).await?;
    let action = fields.one("action").to_owned();
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let is_current = fields.version()? == list.version;
    let (next, to) = match (content, action.as_str()) {
        (Content::Planned(_), "abandonner") => {
            member_lists::remove(&mut tx, list.id).await?;
            tx.commit().await?;
            return Ok(Redirect::to(&base.link(urls::MEMBERS_FILES)).into_response());
        }
        (Content::Planned(plan), _) if !is_current => {
            drop(tx);
            let told = Some(Told::wrong(base.t("people.list_moved")));
            let page = plan_page(base, &list, &plan, 1, told);
            return Ok(page.into_page_with(StatusCode::CONFLICT));
        }
        (Content::Planned(mut plan), "appliquer") => {
            tick(&mut plan, &fields);
            let done = apply(&app, &mut tx, by.id, &plan).await?;
            (Content::Applied(done), urls::members_file(list.id))
        }
        (Content::Planned(mut plan), action) => {
            tick(&mut plan, &fields);
            let page = action.strip_prefix("page-").unwrap_or("1");
            let to = format!("{}?page={page}&fait=garde", urls::members_file(list.id));
            (Content::Planned(plan), to)
        }
        (Content::Applied(done), "annuler") if is_current => {
            drop(tx);
            return take_back(&app, base, by.id, (&list, &done)).await;
        }
        (Content::Applied(done), "prevenir") => {
            drop(tx);
            return tell(&app, base, by.id, (&list, &done)).await;
        }
        // It was applied or taken back by somebody else, or by a second click: the page tells.
        _ => {
            let to = urls::members_file(list.id);
            return Ok(Redirect::to(&base.link(&to)).into_response());
        }
    };
    let kept = (next.state(), &*next.words());
    if member_lists::set(&mut tx, list.id, list.version, kept, now).await? {
        tx.commit().await?;
        tracing::info!(by = by.id.get(), list = list.id, action, "a list of members went on");
    }
    Ok(Redirect::to(&base.link(&to)).into_response())
}

/// Does what is ticked, and writes to those who are added by it where that is ticked too.
async fn apply(app: &App, tx: &mut Tx, by: PersonId, plan: &MembersPlan) -> WebResult<Done> {
    let done = lists::apply(tx, by, plan, app.clock.now()).await.map_err(failure)?;
    if plan.tells {
        let added = people::find_many(tx, &done.added_ids()).await?;
        app.mails.welcome(tx, &added, app.mails.welcomes_leave()).await?;
    }
    Ok(done)
}

/// Takes back what nobody touched since.
async fn take_back(
    app: &App,
    base: Base,
    by: PersonId,
    (list, done): (&MemberList, &Done),
) -> WebResult {
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let to = base.link(&urls::members_file(list.id));
    // A list goes with whoever stands in it: from here on it names nobody.
    let nobody = Content::Undone(Undone::default());
    let kept = (nobody.state(), &*nobody.words());
    if !member_lists::set(&mut tx, list.id, list.version, kept, now).await? {
        return Ok(Redirect::to(&to).into_response());
    }
    let undone = lists::undo(&mut tx, by, done, now).await.map_err(failure)?;
    let undone = Content::Undone(undone);
    let kept = (undone.state(), &*undone.words());
    member_lists::set(&mut tx, list.id, list.version + 1, kept, now).await?;
    tx.commit().await?;
    tracing::info!(by = by.get(), list = list.id, "a list of members was taken back");
    Ok(Redirect::to(&to).into_response())
}

/// Takes over what is ticked among the lines that the page showed.
fn tick(plan: &mut MembersPlan, fields: &Fields) {
    let rows = |name: &str| -> BTreeSet<u32> {
        fields.all(name).filter_map(|row| row.parse().ok()).collect()
    };
    let shown: BTreeSet<u32> =
        fields.one("vues").split(',').filter_map(|row| row.parse().ok()).collect();
    let (taken, roles) = (rows("prendre"), rows("role"));
    plan.tells = fields.one("prevenir") == "oui";
    for line in plan.lines.iter_mut().filter(|line| shown.contains(&line.row)) {
        line.is_taken = line.can_be_taken() && taken.contains(&line.row);
        line.takes_role = line.can_change_role() && roles.contains(&line.row);
    }
}

fn plan_page(
    base: Base,
    list: &MemberList,
    plan: &MembersPlan,
    page: usize,
    told: Option<Told>,
) -> MembersPlanPage {
    let locale = base.locale;
    let told_lines: Vec<&Line> = plan.lines.iter().filter(|line| !line.is_same()).collect();
    let pages = told_lines.len().div_ceil(ON_A_PAGE).max(1);
    let page = page.clamp(1, pages);
    let here: Vec<&Line> =
        told_lines.into_iter().skip((page - 1) * ON_A_PAGE).take(ON_A_PAGE).collect();
    let numbers = [("page", &*page.to_string()), ("pages", &*pages.to_string())];
    let shown: Vec<String> = here.iter().map(|line| line.row.to_string()).collect();
    MembersPlanPage {
        told,
        file: one_line(&list.file_name),
        action: base.link(&urls::members_file(list.id)),
        version: list.version,
        sums: sums(locale, plan),
        read_as: read_as(locale, plan),
        lines: here.into_iter().map(|line| in_words(locale, line)).collect(),
        shown: shown.join(","),
        here: (pages > 1).then(|| t(locale, "pages.here", &numbers).into_owned()),
        before: (page > 1).then(|| page - 1),
        after: (page < pages).then(|| page + 1),
        telling: plan.lines.iter().any(|it| it.what == What::Added).then(|| Telling {
            is_chosen: plan.tells,
            help: tn(locale, "people.list_tell_help", plan.adds(), &[]),
        }),
        does_something: plan.lines.iter().any(|it| it.can_be_taken() || it.can_change_role()),
        base: base.at(Here::Settings),
    }
}

/// What the list would do, by kinds of lines; nothing of kinds that do not occur.
fn sums(locale: Locale, plan: &MembersPlan) -> Vec<String> {
    let count =
        |is_it: &dyn Fn(&Line) -> bool| plan.lines.iter().filter(|line| is_it(line)).count();
    let renamed = |line: &Line| matches!(&line.what, What::Known { renamed: Some(_), .. });
    let refused = |line: &Line| matches!(line.what, What::NotAnAddress(_) | What::NotAName);
    let sums = [
        ("people.list_added", count(&|line| line.what == What::Added)),
        ("people.list_renamed", count(&renamed)),
        ("people.list_roles", count(&Line::can_change_role)),
        ("people.list_same", count(&Line::is_same)),
        ("people.list_refused", count(&refused)),
        ("people.list_twice", count(&|line| matches!(line.what, What::Twice { .. }))),
    ];
    let told = sums.into_iter().filter(|(_, n)| *n > 0);
    let mut told: Vec<String> = told.map(|(key, n)| tn(locale, key, n, &[])).collect();
    if told.is_empty() {
        told.push(t(locale, "people.list_empty", &[]).into_owned());
    }
    told
}

fn read_as(locale: Locale, plan: &MembersPlan) -> Vec<(String, String)> {
    let say = |key: &str| t(locale, key, &[]).into_owned();
    let column = |name: &Option<String>| match name {
        Some(name) => one_line(name),
        None => say("people.list_no_column"),
    };
    let columns = &plan.columns;
    let mut told = vec![
        (say("people.list_sheet"), one_line(&plan.sheet)),
        (say("people.email"), one_line(&columns.email)),
        (say("people.name"), column(&columns.name)),
        (say("people.list_first_name"), column(&columns.first_name)),
        (say("people.role"), column(&columns.role)),
    ];
    let names =
        |names: &[String]| names.iter().map(|it| one_line(it)).collect::<Vec<_>>().join(", ");
    if !plan.unread.is_empty() {
        told.push((say("people.list_unread"), names(&plan.unread)));
    }
    if !plan.other_sheets.is_empty() {
        told.push((say("people.list_other_sheets"), names(&plan.other_sheets)));
    }
    told.retain(|(_, value)| !value.is_empty());
    told
}

fn in_words(locale: Locale, line: &Line) -> MemberLine {
    let say = |key: &str, args: &[(&str, &str)]| t(locale, key, args).into_owned();
    let mut takes = Vec::new();
    let mut what = match &line.what {
        What::Added => {
            let role = role_name(locale, Some(line.role.unwrap_or(reading::ROLE_OF_NEW)));
            let label = say("people.list_take_add", &[("role", &role)]);
            takes.push(Take { field: "prendre", label, is_taken: line.is_taken });
            String::new()
        }
        What::Known { renamed, had, .. } => {
            if let Some(before) = renamed {
                let args = [("before", before.as_str()), ("after", line.name.as_str())];
                let label = say("people.list_take_name", &args);
                takes.push(Take { field: "prendre", label, is_taken: line.is_taken });
            }
            if let Some(Had(had)) = had {
                let args = [
                    ("before", &*role_name(locale, *had)),
                    ("after", &*role_name(locale, line.role)),
                ];
                let label = say("people.list_take_role", &args);
                takes.push(Take { field: "role", label, is_taken: line.takes_role });
            }
            say("people.list_here", &[])
        }
        What::NotAnAddress(Because::Empty) => say("people.list_no_address", &[]),
        What::NotAnAddress(Because::Several) => say("people.list_several", &[]),
        What::NotAnAddress(Because::Malformed) => say("people.list_malformed", &[]),
        What::NotAName => say("people.wrong_name", &[]),
        What::Twice { first } => say("people.list_as_line", &[("line", &first.to_string())]),
    };
    if let Some(words) = &line.not_a_role {
        let note = say("people.list_not_a_role", &[("words", words)]);
        what = if what.is_empty() { note } else { format!("{what} {note}") };
    }
    MemberLine {
        row: line.row,
        name: one_line(&line.name),
        email: one_line(&line.email),
        is_refused: takes.is_empty(),
        what,
        takes,
    }
}
