//! `POST /api/v1/tables/{table}/suggestions`: edits that a tab may not make, kept for the pilots to decide.
//!
//! What a tab sends twice is kept once: it names each by an identifier of its own. Somebody whose role was
//! taken away while they were offline may still leave what they wrote; nothing of it is in the table.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use tablee_document::layout::parse_key;
use tablee_domain::ids::{PersonId, RowId, Timestamp};
use tablee_domain::table::Plain;
use tablee_storage::proposals::{self, Kind, NewProposal};

use crate::app::App;
use crate::web::error::{WebError, WebResult};
use crate::web::extract::{CheckedJson, OpenTable, SignedIn};

/// All that one request may hold.
pub const LARGEST_BODY: usize = 4 << 20;
/// Suggestions in one request.
const AT_ONCE: usize = 500;
/// One of them, as it is kept, in bytes: the longest text that a cell takes, before and after.
const LARGEST: usize = 2 << 20;
/// The device's own identifier, and the key of a reason.
const LONGEST_WORD: usize = 64;
/// Suggestions that wait in a table: the pilots read them one by one.
const WAITING: i64 = 20_000;
/// Suggestions of one person that wait: nobody fills the list of the others.
const WAITING_OF_ONE: i64 = 2_000;

/// What is sent.
#[derive(Debug, Deserialize)]
pub struct Asked {
    suggestions: Vec<Suggestion>,
}

/// One edit that was not made.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Suggestion {
    #[serde(skip_serializing)]
    id: String,
    row: RowId,
    what: What,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Plain>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<Plain>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Plain>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<Plain>,
    reason: String,
    at: Timestamp,
}

/// What the edit would have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
enum What {
    Set,
    Text,
    AddRow,
    Bin,
    Move,
    Unset,
}

/// What was kept.
#[derive(Debug, Serialize)]
pub struct Kept {
    stored: Vec<Stored>,
}

#[derive(Debug, Serialize)]
struct Stored {
    id: String,
    receipt: String,
}

/// Keeps what whoever is signed in could not write.
pub async fn leave(
    SignedIn(author): SignedIn,
    OpenTable(room): OpenTable,
    State(app): State<App>,
    CheckedJson(asked): CheckedJson<Asked>,
) -> WebResult<Json<Kept>> {
    app.limits.suggestions.take(&author)?;
    if asked.suggestions.len() > AT_ONCE {
        return Err(WebError::TooLarge);
    }
    let new = asked.suggestions.iter().map(|asked| proposal(author, asked));
    let new: Vec<NewProposal> = new.collect::<WebResult<_>>()?;
    let bytes: usize = new.iter().map(|one| one.payload.len()).sum();
    app.limits.suggested.take_many(&author, bytes.div_ceil(1_024))?;
    let mut tx = app.store.begin().await?;
    let kept = proposals::add(&mut tx, room.table(), &new, app.clock.now()).await?;
    let is_fresh = kept.iter().any(|stored| stored.new);
    let is_full = proposals::count_open(&mut tx, room.table()).await? > WAITING
        || proposals::count_open_of(&mut tx, room.table(), author).await? > WAITING_OF_ONE;
    if is_fresh && is_full {
        return Err(WebError::TooMany { wait: std::time::Duration::from_hours(24) });
    }
    tx.commit().await?;
    tracing::info!(person.id = author.get(), suggestions = kept.len(), "suggestions were left");
    let ids = asked.suggestions.into_iter().map(|suggestion| suggestion.id);
    let stored = ids.zip(kept).map(|(id, kept)| Stored { id, receipt: kept.receipt });
    Ok(Json(Kept { stored: stored.collect() }))
}

/// A suggestion as it is kept, if it is one of ours in shape and size.
fn proposal(author: PersonId, suggestion: &Suggestion) -> WebResult<NewProposal> {
    let wrong = |what: &str| WebError::Invalid(format!("a suggestion's {what}"));
    if !is_word(&suggestion.id) {
        return Err(wrong("id"));
    }
    if !is_word(&suggestion.reason) {
        return Err(wrong("reason"));
    }
    let needs_key = matches!(suggestion.what, What::Set | What::Text | What::Unset);
    let key = suggestion.key.as_deref();
    if key.map_or(needs_key, |key| key.is_empty() || parse_key(key).is_none()) {
        return Err(wrong("key"));
    }
    let values = [&suggestion.value, &suggestion.before, &suggestion.from, &suggestion.to];
    if values.into_iter().flatten().any(|value| !is_plain(value, Plain::MAX_DEPTH)) {
        return Err(wrong("value"));
    }
    let payload = serde_json::to_string(suggestion).map_err(anyhow::Error::new)?;
    if payload.len() > LARGEST {
        return Err(WebError::TooLarge);
    }
    Ok(NewProposal {
        // A row that was never added is no row yet; the payload names it all the same.
        row: (suggestion.what != What::AddRow).then(|| suggestion.row.clone()),
        ..NewProposal::of_person(Kind::Suggestion, author, &suggestion.id, &payload)
    })
}

fn is_word(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(&byte);
    (1..=LONGEST_WORD).contains(&text.len()) && text.bytes().all(is_letter)
}

/// Whether a document could hold the value: not too deep, and no U+0000, which PostgreSQL cannot hold.
fn is_plain(value: &Plain, depth: usize) -> bool {
    let is_storable = |text: &str| !text.contains('\0');
    match value {
        Plain::Null | Plain::Bool(_) | Plain::Number(_) => true,
        Plain::Text(text) => is_storable(text),
        Plain::List(list) => depth > 0 && list.iter().all(|one| is_plain(one, depth - 1)),
        Plain::Map(map) => depth > 0 && are_plain(map, depth - 1, is_storable),
    }
}

fn are_plain(
    map: &BTreeMap<String, Plain>,
    depth: usize,
    is_storable: impl Fn(&str) -> bool,
) -> bool {
    map.iter().all(|(key, one)| is_storable(key) && is_plain(one, depth))
}
