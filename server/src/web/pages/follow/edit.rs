//! The form of a proposal that nobody has taken yet: what was sent stands in it.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use tablee_domain::ids::ColumnId;
use tablee_domain::proposal::read::private_fields;
use tablee_domain::proposal::{Kind, Payload};
use tablee_domain::table::{Plain, Row};
use tablee_storage::proposals::State as Stage;

use super::Thread;
use crate::app::App;
use crate::proposing::Followed;
use crate::proposing::follow::Did;
use crate::proposing::submit::Beside;
use crate::templates::Base;
use crate::web::error::{WebError, WebResult};
use crate::web::extract::{Somebody, Visitor};
use crate::web::pages::propose::about::{self, About};
use crate::web::pages::propose::questions::LICENCE;
use crate::web::pages::propose::receipt::private;
use crate::web::pages::propose::sees;
use crate::web::pages::propose::sent::Sent;
use crate::web::pages::propose::sheet::{Again, Editing, Sheet};
use crate::web::pages::propose::typed::Typed;
use crate::web::pages::propose::view::opening;

/// `GET /suivi/{token}/modifier`.
pub async fn show(
    State(app): State<App>,
    (base, visitor): (Base, Visitor),
    Path(token): Path<String>,
) -> WebResult {
    Thread::of_token(app, base, token).form(visitor.person().cloned()).await
}

/// `POST /suivi/{token}/modifier`.
pub async fn submit(State(app): State<App>, Path(token): Path<String>, sent: Sent) -> WebResult {
    Thread::of_token(app, sent.base.clone(), token).rewrite(sent).await
}

/// `GET /mes-offres/propositions/{receipt}/modifier`.
pub async fn show_mine(
    by: Somebody,
    State(app): State<App>,
    base: Base,
    Path(receipt): Path<String>,
) -> WebResult {
    Thread::of_author(app, base, &by, receipt).form(Some(by)).await
}

/// `POST /mes-offres/propositions/{receipt}/modifier`.
pub async fn submit_mine(
    State(app): State<App>,
    Path(receipt): Path<String>,
    sent: Sent,
) -> WebResult {
    let by = sent.person.clone().ok_or(WebError::SignedOut)?;
    Thread::of_author(app, sent.base.clone(), &by, receipt).rewrite(sent).await
}

impl Thread {
    async fn form(self, person: Option<Somebody>) -> WebResult {
        let followed = match self.followed().await {
            Ok(followed) => followed,
            Err(answer) => return answer,
        };
        let Some(payload) = followed.payload.clone().filter(|_| followed.can_be_edited()) else {
            return Ok(Redirect::to(&self.base.link(&self.path)).into_response());
        };
        let sees = sees(person.is_some());
        let (columns, visible) = self.app.proposing.table().await;
        let columns = about::columns(&columns, sees);
        let visible = visible?;
        let row = payload.row.as_ref().and_then(|id| about::row(&visible, sees, id));
        let about = about_of(&payload, row);
        let mut typed = match &about {
            About::Correction(before) => opening(&columns, &with(before.clone(), &payload.cells)),
            About::Removal(_) => Typed::default(),
            About::New => opening(&columns, &with(nothing(), &payload.cells)),
        };
        fill_beside(&mut typed, &followed, &payload);
        let editing = Editing {
            action: format!("{}/modifier", self.path),
            version: followed.proposal.version,
        };
        let sheet = Sheet::fresh(&self.app, self.base, person, columns, about, typed);
        Ok(private(Sheet { editing: Some(editing), ..sheet }.page(&Again::default())))
    }

    async fn rewrite(self, sent: Sent) -> WebResult {
        let app = self.app.clone();
        let mut sheet = Sheet::of(&app, sent).await;
        let version = sheet.typed.one("version").parse().unwrap_or_default();
        sheet.editing = Some(Editing { action: format!("{}/modifier", self.path), version });
        let action = sheet.typed.one("action").to_owned();
        if action != "envoyer" {
            return Ok(sheet.acted(&action).await);
        }
        let filled = sheet.read();
        if let Some(again) = sheet.kept_back(&filled).await {
            return Ok(sheet.page(&again));
        }
        let beside = Beside {
            contact: filled.private.contact.clone(),
            remark: filled.private.remark.clone(),
        };
        let payload = sheet.payload(&filled);
        match app.proposing.edit(&self.holder, version, (&payload, &beside)).await {
            Ok(Some(Did::Done)) => {
                let to = self.base.link(&format!("{}?fait=modifiee", self.path));
                Ok(Redirect::to(&to).into_response())
            }
            Ok(Some(Did::TooLate | Did::TooMany)) => Ok(self.too_late_to_edit(&sheet).await),
            Ok(None) => self.gone(),
            Err(error) if error.status().0.is_server_error() => Ok(sheet.away(&error)),
            Err(error) => Err(error),
        }
    }

    /// A pilot took it meanwhile, or another tab changed it: every word stands there still.
    async fn too_late_to_edit(&self, sheet: &Sheet) -> Response {
        let is_taken = self.app.proposing.follow(&self.holder).await.ok().flatten();
        let is_open = is_taken.is_some_and(|it| it.proposal.state == Stage::Received);
        let key = if is_open { "propose.notice.stale" } else { "propose.notice.taken" };
        sheet.page(&Again::wrong(StatusCode::CONFLICT, key))
    }
}

/// What a form is about that opens on a proposal.
fn about_of(payload: &Payload, row: Option<Row>) -> About {
    match (payload.kind, row) {
        (Kind::Correction, Some(row)) => About::Correction(with(row, &payload.base)),
        (Kind::Removal, Some(row)) => About::Removal(row),
        _ => About::New,
    }
}

/// A row without anything in it.
fn nothing() -> Row {
    Row {
        id: tablee_domain::ids::RowId::new("nouvelle").expect("a word"),
        cells: std::collections::BTreeMap::new(),
        said: std::collections::BTreeMap::new(),
        order: String::new(),
        deleted: false,
    }
}

/// A row with these cells, by the keys of a document.
fn with(mut row: Row, cells: &std::collections::BTreeMap<String, Plain>) -> Row {
    for (key, value) in cells {
        let (id, is_said) = match key.strip_suffix("~said") {
            Some(id) => (id, true),
            None => (key.as_str(), false),
        };
        let Ok(id) = ColumnId::new(id) else { continue };
        match (is_said, value) {
            (true, Plain::Text(words)) => drop(row.said.insert(id, words.clone())),
            (true, _) => drop(row.said.remove(&id)),
            (false, value) if value.is_empty() => drop(row.cells.remove(&id)),
            (false, value) => drop(row.cells.insert(id, value.clone())),
        }
    }
    row
}

/// What stands beside the cells.
fn fill_beside(typed: &mut Typed, followed: &Followed, payload: &Payload) {
    let beside = followed.beside();
    typed.add(private_fields::CONTACT, &beside.contact);
    typed.add(private_fields::REMARK, &beside.remark);
    typed.add(LICENCE, "oui");
    if let Some(reason) = &payload.reason {
        let (option, words) = reason.split_once(' ').unwrap_or((reason, ""));
        typed.add("motif", option);
        typed.add("motif-mots", words);
    }
    let name = &followed.proposal.author_name;
    typed.add(private_fields::NAME, name.as_deref().unwrap_or_default());
}
