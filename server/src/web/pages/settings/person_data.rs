//! `/reglages/personnes/{person}/donnees.json`: all that is kept of one person, for whoever asks for theirs.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde_json::{Value, json};
use tablee_domain::ids::{PersonId, Timestamp};
use tablee_storage::history::{self, Filter};
use tablee_storage::people::{self, Person};
use tablee_storage::proposal_events::Event;
use tablee_storage::{
    StoreError, Tx, logins, mail_preferences, proposal_events, proposals, tables,
};

use super::person::{own_rows, title};
use crate::app::App;
use crate::catalogue::TABLE;
use crate::i18n::Locale;
use crate::web::error::{WebError, WebResult};
use crate::web::extract::TableAccess;
use crate::web::extract::table_access::Administer;
use crate::web::urls;

/// Entries of history that are read at once.
const AT_ONCE: u32 = 1_000;

/// `GET /reglages/personnes/{person}/donnees.json`.
pub async fn download(
    TableAccess { by, .. }: TableAccess<Administer>,
    State(app): State<App>,
    Path(id): Path<String>,
) -> WebResult {
    let id = id.parse().map(PersonId).map_err(|_| WebError::NotFound)?;
    let mut tx = app.store.read().await?;
    let person = people::find(&mut tx, id).await?.ok_or(WebError::NotFound)?;
    let mut data = of_person(&mut tx, &app, &person).await?;
    drop(tx);
    let rows = own_rows(&app, id).await?;
    let offers = rows.iter().map(|row| {
        let page = app.public_url.join(&urls::history_of(&row.id));
        json!({ "id": row.id, "title": title(Locale::Fr, row), "history": page })
    });
    data["offers"] = offers.collect();
    tracing::info!(by = by.id.get(), person.id = id.get(), "the data of a person were downloaded");
    let name = format!("attachment; filename=\"tablee-personne-{id}.json\"");
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    let text = serde_json::to_string_pretty(&data).map_err(anyhow::Error::new)?;
    Ok((headers, text).into_response())
}

async fn of_person(tx: &mut Tx, app: &App, person: &Person) -> Result<Value, StoreError> {
    let logins = logins::of_person(tx, person.id, app.clock.now()).await?;
    let logins = logins
        .iter()
        .map(|login| json!({ "since": moment(login.made_at), "until": moment(login.expires_at) }));
    let preferences = mail_preferences::of_person(tx, person.id).await?;
    let preferences =
        preferences.into_iter().map(|(topic, channel)| (topic, Value::from(channel.as_str())));
    let mut data = json!({
        "person": {
            "id": person.id,
            "email": person.email,
            "name": person.name,
            "role": person.role,
            "added": moment(person.made_at),
            "last_seen": person.seen_at.map(moment),
        },
        "logins": logins.collect::<Value>(),
        "mail_preferences": preferences.collect::<serde_json::Map<_, _>>(),
    });
    if let Some(table) = tables::find(tx, TABLE).await? {
        data["proposals"] = proposed(tx, table.id, person.id).await?;
        data["changes"] = changed(tx, table.id, person.id).await?;
    }
    Ok(data)
}

type Table = tablee_domain::ids::TableId;

async fn proposed(tx: &mut Tx, table: Table, person: PersonId) -> Result<Value, StoreError> {
    let proposals = proposals::of_author(tx, table, person, u32::MAX >> 1).await?;
    let mut told = Vec::with_capacity(proposals.len());
    for proposal in proposals {
        let events = proposal_events::of(tx, proposal.id).await?;
        // What pilots note among themselves is theirs; what was said to the author, and by them, is told.
        let words = events.iter().filter_map(|happened| match &happened.event {
            Event::Asked(words) => Some(json!({ "question": words })),
            Event::Answered(words) => Some(json!({ "answer": words })),
            _ => None,
        });
        told.push(json!({
            "receipt": proposal.receipt,
            "state": proposal.state.as_str(),
            "sent": moment(proposal.at),
            "answers": as_json(&proposal.payload),
            "private": proposal.private.as_deref().map(as_json),
            "reason": proposal.reason,
            "thread": words.collect::<Vec<_>>(),
        }));
    }
    Ok(Value::Array(told))
}

async fn changed(tx: &mut Tx, table: Table, person: PersonId) -> Result<Value, StoreError> {
    let filter = Filter { actor: Some(person), ..Filter::default() };
    let mut told = Vec::new();
    let mut before = None;
    loop {
        let page = history::page(tx, table, &filter, before, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(Value::Array(told)) };
        before = Some(last.id);
        told.extend(page.iter().map(|entry| {
            let edit = &entry.edit;
            json!({
                "at": moment(edit.at),
                "row": edit.row,
                "column": edit.key,
                "before": edit.before,
                "after": edit.after,
            })
        }));
    }
}

fn as_json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

/// `2026-11-22T12:00:00Z`.
fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.get()).map(|at| at.to_string()).unwrap_or_default()
}
