//! `/atelier`: the pilots' desk, from the list to a decision that is undone.
//!
//! Each page works without script. What a pilot types travels in the body of forms, and comes back where it was
//! not done.

mod choices;
mod entries;
mod looked;
mod pair;
mod proposal;
mod reasons;
mod row;
mod twins;

use std::collections::HashMap;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use tablee_domain::ids::{PersonId, Timestamp};
use tablee_storage::{Tx, people};

use crate::app::App;
use crate::desk::list::Thing;
use crate::desk::presence::Through;
use crate::desk::{By, DeskError};
use crate::i18n::{self, t, tn};
use crate::templates::desk::KeyHelp;
use crate::templates::{Base, Here};
use crate::web::doors::Doors;
use crate::web::doors::Who::Pilot;
use crate::web::error::{WebError, WebResult};
use crate::web::extract::TableAccess;
use crate::web::extract::table_access::Curate;
use crate::web::urls;
use crate::wording::one_line;

/// How long a browser that asks who is there waits for news.
const PATIENCE: Duration = Duration::from_secs(15);
/// Letters of what a pilot writes to an author, or to pilots.
const LONGEST: usize = 2_000;

/// The doors of the desk.
pub fn routes() -> Doors {
    Doors::new()
        .get(urls::DESK, Pilot, entries::show)
        .get(urls::DESK_PRESENCE, Pilot, presence)
        .get(urls::DESK_REASONS, Pilot, reasons::show)
        .post(urls::DESK_REASONS, Pilot, reasons::submit)
        .get(urls::DESK_PROPOSAL, Pilot, proposal::show)
        .post_up_to(urls::DESK_PROPOSAL, Pilot, Some(proposal::LARGEST), proposal::submit)
        .get(urls::DESK_ROW, Pilot, row::show)
        .post(urls::DESK_ROW, Pilot, row::submit)
        .get(urls::DESK_TWINS, Pilot, twins::show)
        .post(urls::DESK_TWINS, Pilot, twins::submit)
        .get(urls::DESK_MERGE, Pilot, pair::show)
        .post(urls::DESK_MERGE, Pilot, pair::submit)
}

/// What came of something on the desk, for the web.
fn failure(error: DeskError) -> WebError {
    match error {
        DeskError::Store(error) => WebError::Store(error),
        DeskError::Room(error) => WebError::Room(error),
        DeskError::Unknown => WebError::NotFound,
        other => WebError::Broken(anyhow::Error::new(other)),
    }
}

fn by(access: &TableAccess<Curate>) -> By {
    By { id: access.by.id, role: access.by.role }
}

/// What is answered to a form that is not ours any more: its page again, with this sentence and all that was chosen
/// and typed; where there is no such page, what every form answers.
fn stale(base: &Base) -> String {
    base.t("desk.wrong.stale").into_owned()
}

fn or_stale(answer: WebResult) -> WebResult {
    match answer {
        Err(WebError::NotFound) => Err(WebError::StaleForm),
        answer => answer,
    }
}

/// A page of the desk.
fn at_desk(app: &App, base: Base) -> Base {
    Base { links: app.assets.desk(), ..base.at(Here::Desk) }
}

fn to(address: &str) -> Response {
    Redirect::to(address).into_response()
}

/// The value of a parameter of an address.
fn asked(uri: &Uri, name: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.into_iter().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// What a pilot wrote, without what no page shows, and not too long.
fn written(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\0'], "\n");
    text.trim().chars().take(LONGEST).collect()
}

/// The names of people.
struct Names(HashMap<PersonId, String>);

impl Names {
    async fn of(tx: &mut Tx) -> WebResult<Self> {
        let all = people::list(tx).await?.into_iter();
        Ok(Self(all.map(|person| (person.id, one_line(&person.name))).collect()))
    }

    fn name(&self, base: &Base, person: Option<PersonId>) -> String {
        let known = person.and_then(|person| self.0.get(&person)).filter(|name| !name.is_empty());
        known.cloned().unwrap_or_else(|| base.t("desk.somebody").into_owned())
    }
}

/// Who else looks at a thing, in words.
fn who_looks(base: &Base, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let and = t(base.locale, "desk.entry.and", &[]);
    let names: Vec<String> = names.iter().map(|name| one_line(name)).collect();
    let who = match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{}{and}{last}", others.join(", ")),
        None => String::new(),
    };
    tn(base.locale, "desk.entry.looked", names.len(), &[("who", &who)])
}

/// How long ago something came in.
fn age(base: &Base, at: Timestamp, now: Timestamp) -> String {
    const DAY: i64 = 86_400_000;
    match usize::try_from((now.get() - at.get()) / DAY).unwrap_or_default() {
        0 => base.t("desk.entry.today").into_owned(),
        days => tn(base.locale, "desk.entry.ago", days, &[]),
    }
}

/// The title of something; a word where it has none.
fn titled(base: &Base, title: &str) -> String {
    let title = one_line(title);
    if title.is_empty() { base.t("desk.no_title").into_owned() } else { title }
}

/// A title in a sentence of what was done: short enough to be one.
fn short(title: &str) -> String {
    const MOST: usize = 80;
    if title.chars().count() <= MOST {
        return title.to_owned();
    }
    let cut: String = title.chars().take(MOST).collect();
    format!("{}…", cut.trim_end())
}

/// The keys of a page: those that do something there.
fn keys(base: &Base, of: &[(&'static str, &'static str, bool)]) -> Vec<KeyHelp> {
    let there = of.iter().filter(|(.., does_something)| *does_something);
    there.map(|(key, words, _)| (*key, base.t(words).into_owned())).collect()
}

/// The address where a page asks who else is there.
fn presence_of(base: &Base, thing: &str) -> String {
    base.link(&format!("{}?sur={thing}", urls::DESK_PRESENCE))
}

/// `GET /atelier/presence`: who else looks at a thing, as soon as that is another answer, or after a while. Whoever
/// asks is there themselves for as long.
async fn presence(
    access: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    uri: Uri,
) -> WebResult {
    let thing =
        asked(&uri, "sur").and_then(|word| Thing::of_word(&word)).ok_or(WebError::NotFound)?;
    let known = asked(&uri, "vu").unwrap_or_default();
    let word = thing.word();
    let me = (access.by.id, access.by.name.as_str());
    let presence = app.desk.presence();
    let mut news = presence.watch();
    presence.looks(&word, me, Through::Script, app.clock.now());
    let waiting = async {
        loop {
            let told = looked::told(&app, &base, &thing, me.0).await?;
            if told.known != known || news.changed().await.is_err() {
                return Ok::<_, WebError>(told);
            }
        }
    };
    let stopping = app.tasks.stopping();
    let told = tokio::select! {
        told = waiting => Some(told?),
        () = tokio::time::sleep(PATIENCE) => None,
        () = stopping => None,
    };
    let told = match told {
        Some(told) => told,
        None => looked::told(&app, &base, &thing, me.0).await?,
    };
    let body = serde_json::json!({ "known": told.known, "who": told.who, "moved": told.moved });
    Ok(Json(body).into_response())
}

/// An answer with another status than the page brings.
fn with_status(mut page: Response, status: axum::http::StatusCode) -> Response {
    *page.status_mut() = status;
    page
}

/// A number in words.
fn counted(base: &Base, n: usize) -> String {
    i18n::number(base.locale, n as f64)
}
