//! `/reglages/personnes`: who may come in; adding somebody.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use tablee_domain::ids::Timestamp;
use tablee_domain::people::Role;
use tablee_storage::people::{self, Person, Search};

use super::person::{self, Invite};
use crate::app::App;
use crate::i18n::{self, Locale, t, tn};
use crate::people::{self as looking_after, PeopleError};
use crate::templates::catalogue::Pages;
use crate::templates::people::{AddPersonPage, PeoplePage, PersonLine};
use crate::templates::settings::{TextField, Ticked, Told};
use crate::templates::{Base, Here, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::TableAccess;
use crate::web::extract::form::Fields;
use crate::web::extract::table_access::Administer;
use crate::web::urls;
use crate::wording::one_line;

/// People on a page.
const ON_A_PAGE: usize = 50;
/// After so long without a visit, an account is to be removed.
const IDLE: i64 = 3 * 365 * 86_400_000;

/// How a form says that somebody is to be welcomed.
pub(super) const WELCOME: &str = "bienvenue";

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    qui: String,
    page: String,
    fait: String,
}

/// `GET /reglages/personnes`.
pub async fn list(
    _may: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let role = match asked.qui.as_str() {
        "visitor" => Some(None),
        word => word.parse::<Role>().ok().map(Some),
    };
    let search = Search { words: &asked.q, role };
    let mut tx = app.store.read().await?;
    let (mut found, _) = people::page(&mut tx, &search, 0, usize::MAX).await?;
    drop(tx);
    let now = app.clock.now();
    if asked.qui == "absent" {
        found.retain(|person| is_idle(person, now));
    }
    let total = found.len();
    let pages = total.div_ceil(ON_A_PAGE).max(1);
    let number = asked.page.parse().unwrap_or(1).clamp(1, pages);
    let shown = found.into_iter().skip((number - 1) * ON_A_PAGE).take(ON_A_PAGE);
    let address = |page: usize| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("q", &asked.q).append_pair("qui", &asked.qui);
        query.append_pair("page", &page.to_string());
        base.link(&format!("{}?{}", urls::PEOPLE, query.finish()))
    };
    let told = (asked.fait == "retiree").then(|| Told::done(base.t("people.removed")));
    let page = PeoplePage {
        told,
        words: asked.q.clone(),
        which: which(&base, &asked.qui),
        found: tn(base.locale, "people.found", total, &[]),
        people: shown.map(|person| line(&base, &person)).collect(),
        pages: Pages::of(base.locale, number, pages, address),
        base: base.at(Here::Settings),
    };
    Ok(page.into_page())
}

/// Whether somebody has not been here for three years, or was never.
fn is_idle(person: &Person, now: Timestamp) -> bool {
    person.seen_at.unwrap_or(person.made_at).get() < now.get() - IDLE
}

fn which(base: &Base, chosen: &str) -> Vec<Ticked> {
    let mut all = vec![("", base.t("people.everybody").into_owned())];
    all.extend(Role::ALL.map(|role| (role.as_str(), role_name(base.locale, Some(role)))));
    all.push(("visitor", base.t("people.without_role").into_owned()));
    all.push(("absent", base.t("people.idle").into_owned()));
    let ticked = |(value, label): (&str, String)| Ticked {
        value: value.to_owned(),
        label,
        help: String::new(),
        is_chosen: value == chosen,
    };
    all.into_iter().map(ticked).collect()
}

fn line(base: &Base, person: &Person) -> PersonLine {
    PersonLine {
        name: one_line(&person.name),
        href: base.link(&urls::person(person.id)),
        email: person.email.clone(),
        role: role_name(base.locale, person.role),
        seen: seen(base.locale, person),
    }
}

/// When somebody was last here, in words.
pub(super) fn seen(locale: Locale, person: &Person) -> String {
    match person.seen_at {
        Some(at) => i18n::day(locale, at),
        None => t(locale, "people.never", &[]).into_owned(),
    }
}

/// A role in words.
pub(super) fn role_name(locale: Locale, role: Option<Role>) -> String {
    match role {
        Some(role) => t(locale, &format!("role.{role}"), &[]).into_owned(),
        None => t(locale, "people.without_role", &[]).into_owned(),
    }
}

/// The roles, as something to choose.
pub(super) fn roles(locale: Locale, chosen: Role) -> Vec<Ticked> {
    let help = |role| match role {
        Role::Member => t(locale, "people.member_help", &[]),
        Role::Pilot => t(locale, "people.pilot_help", &[]),
        Role::Admin => t(locale, "people.admin_help", &[]),
    };
    let ticked = |role: Role| Ticked {
        value: role.as_str().to_owned(),
        label: role_name(locale, Some(role)),
        help: help(role).into_owned(),
        is_chosen: role == chosen,
    };
    Role::ALL.map(ticked).into()
}

/// What is wrong, in words, and the field it is about.
pub(super) fn wrong(locale: Locale, error: &PeopleError) -> Option<(String, &'static str)> {
    let say = |key: &str| t(locale, key, &[]).into_owned();
    Some(match error {
        PeopleError::AddressTaken(_) => (say("people.wrong_taken"), "courriel"),
        PeopleError::NotAnAddress(_) => (say("people.wrong_address"), "courriel"),
        PeopleError::NotAName => (say("people.wrong_name"), "nom"),
        PeopleError::LastAdmin => (say("people.wrong_last"), "role"),
        PeopleError::Moved => (say("people.wrong_moved"), "role"),
        PeopleError::Unknown | PeopleError::Store(_) => return None,
    })
}

/// What a page cannot tell otherwise.
pub(super) fn failure(error: PeopleError) -> WebError {
    match error {
        PeopleError::Unknown => WebError::NotFound,
        PeopleError::Store(error) => error.into(),
        other => WebError::Invalid(other.to_string()),
    }
}

/// `GET /reglages/personnes/ajouter`.
pub async fn ask(_may: TableAccess<Administer>, base: Base) -> WebResult {
    Ok(add_page(base, &Fields::default(), None).into_page())
}

/// `POST /reglages/personnes/ajouter`.
pub async fn add(
    TableAccess { by, .. }: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    fields: Fields,
) -> WebResult {
    let role = fields.one("role").parse().unwrap_or(Role::Member);
    let mut tx = app.store.begin().await?;
    let typed = (fields.one("courriel"), fields.one("nom"));
    let added = looking_after::add(&mut tx, typed, role, app.clock.now()).await;
    let id = match added {
        Ok(id) => id,
        Err(error) => {
            let Some(wrong) = wrong(base.locale, &error) else { return Err(failure(error)) };
            let page = add_page(base, &fields, Some(wrong));
            return Ok(page.into_page_with(StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let is_welcomed = fields.one("inviter") == WELCOME;
    if is_welcomed {
        let added = people::find_many(&mut tx, &[id]).await?;
        app.mails.welcome(&mut tx, &added, app.mails.welcomes_leave()).await?;
    }
    tx.commit().await?;
    tracing::info!(by = by.id.get(), person.id = id.get(), %role, "a person was added");
    if let Some(invite) = Invite::of(fields.one("inviter")) {
        return person::invited(&app, base, (by.id, id), invite).await;
    }
    let what = if is_welcomed { "prevenue" } else { "ajoutee" };
    let to = format!("{}?fait={what}", urls::person(id));
    Ok(Redirect::to(&base.link(&to)).into_response())
}

fn add_page(base: Base, typed: &Fields, wrong: Option<(String, &'static str)>) -> AddPersonPage {
    let field = |id: &str, kind, label: &str, help: &str| TextField {
        id: id.to_owned(),
        label: base.t(label).into_owned(),
        help: base.t(help).into_owned(),
        kind,
        value: typed.one(id).to_owned(),
        wrong: wrong.as_ref().filter(|(_, at)| *at == id).map(|(words, _)| words.clone()),
    };
    let invite = |value: &str, label: &str, help: &str, is_chosen| Ticked {
        value: value.to_owned(),
        label: base.t(label).into_owned(),
        help: base.t(help).into_owned(),
        is_chosen,
    };
    let chosen = typed.one("inviter");
    AddPersonPage {
        email: field("courriel", "email", "people.email", "people.email_help"),
        name: field("nom", "text", "people.name", "people.name_help"),
        roles: roles(base.locale, typed.one("role").parse().unwrap_or(Role::Member)),
        invite: vec![
            invite(
                WELCOME,
                "people.invite_by_welcome",
                "people.invite_by_welcome_help",
                chosen.is_empty() || chosen == WELCOME,
            ),
            invite(
                "courriel",
                "people.invite_by_mail",
                "people.invite_by_mail_help",
                chosen == "courriel",
            ),
            invite("lien", "people.invite_by_link", "people.invite_by_link_help", chosen == "lien"),
            invite("non", "people.invite_not", "people.invite_not_help", chosen == "non"),
        ],
        wrong: wrong.into_iter().map(|(words, at)| (words, at.to_owned())).collect(),
        base: base.at(Here::Settings),
    }
}
