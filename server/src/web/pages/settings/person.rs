//! `/reglages/personnes/{person}`: one person. What cannot be taken back, and what changes one's own rights, asks
//! first.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tablee_domain::ids::PersonId;
use tablee_domain::people::Role;
use tablee_domain::table::Row;
use tablee_storage::people::{self, Person};
use tablee_storage::{logins, owners, tables};

use super::people::{WELCOME, failure, role_name, roles, seen, wrong};
use crate::app::App;
use crate::catalogue::TABLE;
use crate::i18n::{self, Locale, t, tn};
use crate::mail::welcoming::{Became, Welcome};
use crate::mail::{Letter, LetterKind, Recipient};
use crate::people::{self as looking_after, PeopleError};
use crate::sign_in::link_by_command;
use crate::templates::people::{Ask, PersonPage};
use crate::templates::settings::{TextField, Told};
use crate::templates::{Base, Here, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::form::Fields;
use crate::web::extract::table_access::Administer;
use crate::web::extract::{Somebody, TableAccess};
use crate::web::urls;
use crate::wording::one_line;

/// Offers that the page lists.
const LISTED: usize = 50;
/// The word of no role at all.
const NO_ROLE: &str = "visitor";

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    fait: String,
}

/// How somebody is told that they may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invite {
    /// By a mail with a link.
    Mail,
    /// By a link that is shown once.
    Link,
}

impl Invite {
    /// The way that a form names.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "courriel" => Some(Self::Mail),
            "lien" => Some(Self::Link),
            _ => None,
        }
    }
}

/// `GET /reglages/personnes/{person}`.
pub async fn show(
    TableAccess { by, .. }: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let told = match asked.fait.as_str() {
        "ajoutee" => Some("people.told_added"),
        "nom" => Some("people.told_name"),
        "role" => Some("people.told_role"),
        "deconnecter" => Some("people.told_sign_out"),
        "couper" => Some("people.told_revoked"),
        "courriel" => Some("people.told_mail"),
        "prevenue" => Some("people.told_added_welcome"),
        WELCOME => Some("people.told_welcome"),
        _ => None,
    };
    let told = told.map(|key| Told::done(base.t(key)));
    let page = page(&app, base, by.id, number(&id)?).await?;
    Ok(PersonPage { told, ..page }.into_page())
}

fn number(id: &str) -> Result<PersonId, WebError> {
    id.parse().map(PersonId).map_err(|_| WebError::NotFound)
}

/// `POST /reglages/personnes/{person}`.
pub async fn submit(
    TableAccess { by, .. }: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> WebResult {
    let id = number(&id)?;
    let what = fields.one("quoi").to_owned();
    if let Some(invite) = Invite::of(&what) {
        return invited(&app, base, (by.id, id), invite).await;
    }
    if what == WELCOME {
        return welcomed(&app, base, by.id, id).await;
    }
    let mut tx = app.store.begin().await?;
    let person = people::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    let step = Step::of(&what, &fields).ok_or_else(|| WebError::Invalid(format!("quoi={what}")))?;
    if fields.one("confirme") != "oui"
        && let Some(asks) = step.asks(&base, &by, &person)
    {
        drop(tx);
        let page = page(&app, base, by.id, id).await?;
        return Ok(PersonPage { asks: Some(asks), ..page }.into_page());
    }
    let done = step.take(&mut tx, id).await;
    if let Err(error) = done {
        let Some((words, _)) = wrong(base.locale, &error) else { return Err(failure(error)) };
        drop(tx);
        let page = page(&app, base, by.id, id).await?;
        let status = if error == PeopleError::Moved {
            StatusCode::CONFLICT
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        return Ok(PersonPage { told: Some(Told::wrong(words)), ..page }.into_page_with(status));
    }
    tx.commit().await?;
    tracing::info!(by = by.id.get(), person.id = id.get(), step = what, "a person was changed");
    // Whoever gave up their own rights has no page here any more.
    let to = match step {
        _ if by.id == id && step.takes_rights() => urls::HOME.to_owned(),
        Step::Remove => format!("{}?fait=retiree", urls::PEOPLE),
        _ => format!("{}?fait={what}", urls::person(id)),
    };
    Ok(Redirect::to(&base.link(&to)).into_response())
}

/// What is to be done to somebody.
enum Step {
    Rename(String),
    Role { seen: Option<Role>, role: Role },
    SignOut,
    Revoke { seen: Option<Role> },
    Remove,
}

impl Step {
    fn of(what: &str, fields: &Fields) -> Option<Self> {
        let seen = fields.one("vu").parse().ok();
        Some(match what {
            "nom" => Self::Rename(fields.one("nom").to_owned()),
            "role" => Self::Role { seen, role: fields.one("role").parse().ok()? },
            "deconnecter" => Self::SignOut,
            "couper" => Self::Revoke { seen },
            "retirer" => Self::Remove,
            _ => return None,
        })
    }

    /// Whether whoever does it to themselves looks after people no more.
    fn takes_rights(&self) -> bool {
        match self {
            Self::Rename(_) | Self::Role { role: Role::Admin, .. } => false,
            Self::Role { .. } | Self::SignOut | Self::Revoke { .. } | Self::Remove => true,
        }
    }

    async fn take(&self, tx: &mut tablee_storage::Tx, id: PersonId) -> Result<(), PeopleError> {
        match self {
            Self::Rename(name) => looking_after::rename(tx, id, name).await,
            Self::Role { seen, role } => {
                looking_after::set_role(tx, id, *seen, Some(*role)).await.map(drop)
            }
            Self::SignOut => looking_after::sign_out(tx, id).await.map(drop),
            Self::Revoke { seen } => looking_after::revoke(tx, id, *seen).await,
            Self::Remove => looking_after::remove(tx, id).await,
        }
    }

    /// What has to be confirmed before it is done.
    fn asks(&self, base: &Base, by: &Somebody, person: &Person) -> Option<Ask> {
        let name = one_line(&person.name);
        let is_self = by.id == person.id;
        let t = |key: &str| base.t(key).into_owned();
        let named = |key: &str| base.t1(key, "name", &name).into_owned();
        let mut fields = vec![("vu".to_owned(), word(person.role).to_owned())];
        let mut means = Vec::new();
        if is_self && self.takes_rights() {
            means.push(t("people.ask_self"));
        }
        let (what, question, button) = match self {
            Self::Role { role, .. } if person.role == Some(*role) => return None,
            Self::Role { role, .. } if *role == Role::Admin || is_self => {
                fields.push(("role".to_owned(), role.as_str().to_owned()));
                if *role == Role::Admin {
                    means.push(t("people.ask_admin_means"));
                }
                let new = role_name(base.locale, Some(*role));
                let args = [("name", name.as_str()), ("role", new.as_str())];
                let question = i18n::t(base.locale, "people.ask_role", &args).into_owned();
                ("role", question, t("people.ask_role_yes"))
            }
            Self::SignOut if is_self => {
                ("deconnecter", named("people.ask_sign_out"), t("people.sign_out"))
            }
            Self::Revoke { .. } => {
                means.push(t("people.ask_revoke_means"));
                ("couper", named("people.ask_revoke"), t("people.revoke"))
            }
            Self::Remove => {
                means.extend([t("people.ask_remove_goes"), t("people.ask_remove_stays")]);
                ("retirer", named("people.ask_remove"), t("people.ask_remove_yes"))
            }
            Self::Rename(_) | Self::Role { .. } | Self::SignOut => return None,
        };
        fields.push(("quoi".to_owned(), what.to_owned()));
        Some(Ask { question, means, fields, button })
    }
}

fn word(role: Option<Role>) -> &'static str {
    role.map_or(NO_ROLE, Role::as_str)
}

/// Gives somebody a link, by mail or on the page.
pub(super) async fn invited(
    app: &App,
    base: Base,
    (by, id): (PersonId, PersonId),
    invite: Invite,
) -> WebResult<Response> {
    let mut tx = app.store.read().await?;
    let person = people::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    drop(tx);
    let Some(role) = person.role else {
        let told = Some(Told::wrong(base.t("people.wrong_no_role")));
        let page = page(app, base, by, id).await?;
        return Ok(PersonPage { told, ..page }.into_page_with(StatusCode::UNPROCESSABLE_ENTITY));
    };
    let good_for = app.config.sign_in.command_link_for.0;
    let link = link_by_command(&app.store, (&app.clock, &app.chance), id, good_for).await?;
    let hours = usize::try_from(good_for.as_secs() / 3600).unwrap_or_default();
    tracing::info!(by = by.get(), person.id = id.get(), %role, "a person was invited");
    if invite == Invite::Mail {
        let mut tx = app.store.begin().await?;
        let letter = Letter::new(Recipient::Person(id), LetterKind::Invitation { link, hours });
        app.mails.post(&mut tx, letter).await?;
        tx.commit().await?;
        let to = format!("{}?fait=courriel", urls::person(id));
        return Ok(Redirect::to(&base.link(&to)).into_response());
    }
    let until = tn(base.locale, "people.link_hours", hours, &[]);
    let link = Some((app.public_url.join(&link), until));
    let page = page(app, base, by, id).await?;
    Ok(PersonPage { link, ..page }.into_page())
}

/// Welcomes somebody who never came, at most once a day.
async fn welcomed(app: &App, base: Base, by: PersonId, id: PersonId) -> WebResult<Response> {
    let mut tx = app.store.begin().await?;
    let person = people::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    let refusal = if person.role.is_none() {
        Some(base.t("people.wrong_no_role").into_owned())
    } else if person.seen_at.is_some() {
        Some(base.t("people.wrong_has_come").into_owned())
    } else {
        let moment = |at| app.config.web.time_zone.moment(base.locale, at);
        let refused = app.mails.welcome_again(&mut tx, &person).await?.err();
        refused.map(|last| {
            let (at, from) = (moment(last.at), moment(last.again_from()));
            let args = [("when", at.as_str()), ("from", from.as_str())];
            i18n::t(base.locale, "people.wrong_welcomed", &args).into_owned()
        })
    };
    if let Some(words) = refusal {
        drop(tx);
        let told = Some(Told::wrong(words));
        let page = page(app, base, by, id).await?;
        return Ok(PersonPage { told, ..page }.into_page_with(StatusCode::UNPROCESSABLE_ENTITY));
    }
    tx.commit().await?;
    tracing::info!(by = by.get(), person.id = id.get(), "a person was welcomed");
    let to = format!("{}?fait={WELCOME}", urls::person(id));
    Ok(Redirect::to(&base.link(&to)).into_response())
}

/// What became of the last welcome of somebody, in words.
fn welcome_in_words(app: &App, locale: Locale, welcome: Option<Welcome>) -> String {
    let moment = |at| app.config.web.time_zone.moment(locale, at);
    let (key, when) = match welcome.map(|it| it.now) {
        None => ("people.welcome_none", String::new()),
        Some(Became::Waits(at)) => ("people.welcome_waits", moment(at)),
        Some(Became::OnItsWay) => ("people.welcome_on_its_way", String::new()),
        Some(Became::Left(at)) => ("people.welcome_left", moment(at)),
        Some(Became::GivenUp) => ("people.welcome_given_up", String::new()),
    };
    t(locale, key, &[("when", &when)]).into_owned()
}

async fn page(app: &App, base: Base, by: PersonId, id: PersonId) -> WebResult<PersonPage> {
    let locale = base.locale;
    let mut tx = app.store.read().await?;
    let person = people::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    let open = logins::of_person(&mut tx, id, app.clock.now()).await?.len();
    let welcome = app.mails.welcomed(&mut tx, &[id]).await?.remove(&id);
    drop(tx);
    let (offers, more) = offers(app, &base, id).await?;
    let fact = |label: &str, value: String| (base.t(label).into_owned(), value);
    let mut choices = roles(locale, person.role.unwrap_or(Role::Member));
    if person.role.is_none() {
        for choice in &mut choices {
            choice.is_chosen = false;
        }
    }
    Ok(PersonPage {
        told: None,
        link: None,
        asks: None,
        action: base.link(&urls::person(id)),
        name: one_line(&person.name),
        facts: vec![
            fact("people.email", person.email.clone()),
            fact("people.role", role_name(locale, person.role)),
            fact("people.made", i18n::day(locale, person.made_at)),
            fact("people.seen", seen(locale, &person)),
            fact("people.welcome", welcome_in_words(app, locale, welcome)),
            fact("people.logins", tn(locale, "people.logins_n", open, &[])),
        ],
        is_self: by == id,
        may_enter: person.role.is_some(),
        has_come: person.seen_at.is_some(),
        name_field: TextField {
            id: "nom".to_owned(),
            label: base.t("people.name").into_owned(),
            help: base.t("people.name_help").into_owned(),
            kind: "text",
            value: person.name.clone(),
            wrong: None,
        },
        roles: choices,
        role_seen: word(person.role).to_owned(),
        offers,
        more_offers: (more > 0).then(|| tn(locale, "people.more_offers", more, &[])),
        data: base.link(&format!("{}/donnees.json", urls::person(id))),
        base: base.at(Here::Settings),
    })
}

/// The rows of somebody, with their titles: those that the page lists, and how many more there are.
async fn offers(app: &App, base: &Base, id: PersonId) -> WebResult<(Vec<(String, String)>, usize)> {
    let rows = own_rows(app, id).await?;
    let more = rows.len().saturating_sub(LISTED);
    let link = |row: &Row| {
        let title = title(base.locale, row);
        (title, base.link(&urls::history_of(&row.id)))
    };
    Ok((rows.iter().take(LISTED).map(link).collect(), more))
}

/// The rows of somebody that are not in the bin.
pub(super) async fn own_rows(app: &App, id: PersonId) -> WebResult<Vec<Row>> {
    let mut tx = app.store.read().await?;
    let Some(table) = tables::find(&mut tx, TABLE).await? else { return Ok(Vec::new()) };
    let owned = owners::all(&mut tx, table.id).await?;
    drop(tx);
    let own: std::collections::BTreeSet<_> =
        owned.into_iter().filter(|(_, owner)| *owner == id).map(|(row, _)| row).collect();
    let visible = app.rooms.open(TABLE).await?.values().await?;
    Ok(visible.values.present().filter(|row| own.contains(&row.id)).cloned().collect())
}

/// The title of a row.
pub(super) fn title(locale: Locale, row: &Row) -> String {
    let title = one_line(row.text("intitule"));
    if title.is_empty() { t(locale, "columns.ask.untitled", &[]).into_owned() } else { title }
}
