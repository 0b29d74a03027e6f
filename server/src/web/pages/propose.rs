//! `/proposer`: a new offer, a correction, a removal. Works without script: buttons that add a line, that show
//! what was understood or that complete an offer which is there post to the same address and come back with all
//! that was typed.

pub mod about;
pub mod confirm;
pub mod content;
pub mod folding;
pub mod questions;
pub mod receipt;
pub mod sending;
pub mod sent;
pub mod sheet;
pub mod typed;
pub mod view;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use tablee_domain::ids::RowId;
use tablee_domain::proposal::{Form, read};
use tablee_domain::text::fold::key;

use crate::app::App;
use crate::proposing::alike::Sees;
use crate::templates::Base;
use crate::web::doors::Doors;
use crate::web::doors::Who::{Everybody, Holder};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::Visitor;
use crate::web::urls;
use about::About;
use sent::Sent;
use sheet::{Again, Sheet};
use typed::Typed;

/// The largest form: ten long texts, and the row as it was when the form opened.
pub const LARGEST: usize = 1 << 20;

/// The doors of the form.
pub fn routes() -> Doors {
    Doors::new()
        .get(urls::PROPOSE, Everybody, show)
        .post_up_to(urls::PROPOSE, Everybody, Some(LARGEST), submit)
        .get(urls::PROPOSED, Holder, receipt::show)
        .get(urls::PROPOSE_CONFIRM, Holder, confirm::show)
        .post(urls::PROPOSE_CONFIRM, Holder, confirm::confirm)
}

/// `GET /proposer`.
pub async fn show(State(app): State<App>, base: Base, visitor: Visitor) -> WebResult {
    let asked = asked(&base);
    let sheet = Sheet::open(&app, base, visitor.person().cloned(), &asked).await?;
    let is_prefilled = !matches!(sheet.about, About::Removal(_)) && sheet.is_prefilled;
    let notice = is_prefilled.then(|| sheet.base.t("propose.prefilled").into_owned());
    Ok(sheet.page(&Again { calm: notice, ..Again::default() }))
}

/// `POST /proposer`.
pub async fn submit(State(app): State<App>, sent: Sent) -> Response {
    let mut sheet = Sheet::of(&app, sent).await;
    let action = sheet.typed.one("action").to_owned();
    if action == "envoyer" { sheet.send().await } else { sheet.acted(&action).await }
}

/// What stands in the address.
fn asked(base: &Base) -> Vec<(String, String)> {
    let query = base.uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

impl Sheet {
    /// A form that opens: on a row, or with what the address says.
    async fn open(
        app: &App,
        base: Base,
        person: Option<crate::web::extract::Somebody>,
        asked: &[(String, String)],
    ) -> WebResult<Self> {
        let sees = sees(person.is_some());
        let (columns, visible) = app.proposing.table().await;
        let visible = visible?;
        let one = |name: &str| asked.iter().find(|(known, _)| known == name).map(|(_, id)| id);
        let find = |id: &String| {
            let id = RowId::new(id).ok()?;
            about::row(&visible, sees, &id)
        };
        let about = match (one("corriger"), one("retirer")) {
            (Some(id), _) => About::Correction(find(id).ok_or(WebError::NotFound)?),
            (None, Some(id)) => About::Removal(find(id).ok_or(WebError::NotFound)?),
            (None, None) => About::New,
        };
        let columns = about::columns(&columns, sees);
        let mut typed = match &about {
            About::Correction(row) => view::opening(&columns, row),
            _ => Typed::default(),
        };
        let is_prefilled = prefill(&mut typed, &columns, asked);
        Ok(Self { is_prefilled, ..Self::fresh(app, base, person, columns, about, typed) })
    }

    /// What the other buttons do: nothing is sent.
    pub async fn acted(&mut self, action: &str) -> Response {
        if let Some(column) = action.strip_prefix("ajouter-") {
            return self.with_line(column);
        }
        if let Some(row) = action.strip_prefix("completer-") {
            return self.completing(row).await;
        }
        self.read_again()
    }

    /// `Relire`: what was understood, and what is wrong.
    fn read_again(&mut self) -> Response {
        let filled = self.read();
        let errors = self.errors(&filled);
        let status =
            if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        self.page(&Again {
            status,
            is_read: errors.is_empty(),
            errors,
            filled: Some(filled),
            ..Again::default()
        })
    }

    /// One line more for a list.
    fn with_line(&mut self, column: &str) -> Response {
        self.typed.add(column, "");
        self.page(&Again { added: Some(column.to_owned()), ..Again::default() })
    }

    /// The form of a row that is there, with what was typed carried over where the row says nothing.
    async fn completing(&mut self, row: &str) -> Response {
        let found = self.live_row(row).await;
        let Some(row) = found else {
            return self.page(&Again::wrong(StatusCode::CONFLICT, "propose.notice.gone"));
        };
        let opening = view::opening(&self.columns, &row);
        let left = carry_over(&self.columns, &opening, &mut self.typed);
        self.about = About::Correction(row);
        let calm = Some(self.base.t("propose.notice.completed").into_owned());
        self.page(&Again { calm, left, ..Again::default() })
    }

    /// What was understood of what was typed.
    pub fn read(&self) -> tablee_domain::proposal::Filled {
        let row = match &self.about {
            About::Correction(row) => Some(row),
            About::New | About::Removal(_) => None,
        };
        read(&self.columns, &self.typed, row)
    }
}

/// What somebody may know of the table.
pub fn sees(is_signed_in: bool) -> Sees {
    if is_signed_in { Sees::Everything } else { Sees::Published }
}

/// Puts what the address says into the form; says whether it said anything. Options go by id or by name.
fn prefill(
    typed: &mut Typed,
    columns: &tablee_domain::table::Columns,
    asked: &[(String, String)],
) -> bool {
    let form = Form::of(columns);
    let mut is_prefilled = false;
    for field in form.fields() {
        let given = asked.iter().filter(|(name, value)| name == field.name() && !value.is_empty());
        let given = given.map(|(_, value)| {
            let named = field.column.options.iter().find(|option| {
                [&option.label.fr, &option.label.en].iter().any(|label| key(label) == key(value))
            });
            named.map_or_else(|| value.clone(), |option| option.id.to_string())
        });
        let given: Vec<String> = given.collect();
        if !given.is_empty() {
            is_prefilled = true;
            typed.set(field.name(), given);
        }
    }
    is_prefilled
}

/// Brings what was typed into the form of a row: lists take both, what the row says stays, and what could not
/// be carried over is told beside it.
fn carry_over(
    columns: &tablee_domain::table::Columns,
    opening: &Typed,
    typed: &mut Typed,
) -> Vec<(String, String)> {
    use tablee_domain::proposal::{Asked, FieldsOf};
    let mut left = Vec::new();
    for field in Form::of(columns).fields() {
        let name = field.name();
        let stands = opening.all(name);
        let mine: Vec<String> =
            typed.all(name).into_iter().filter(|words| !words.trim().is_empty()).collect();
        if stands.is_empty() {
            continue;
        }
        let more: Vec<String> =
            mine.iter().filter(|words| !stands.contains(words)).cloned().collect();
        let is_list = matches!(field.asked, Asked::Choices | Asked::Items);
        if is_list {
            typed.set(name, stands.into_iter().chain(more));
        } else {
            left.extend(more.into_iter().map(|words| (name.to_owned(), said(field, words))));
            typed.set(name, stands);
        }
    }
    left
}

/// The words of an answer, those of an option by its name.
fn said(field: &tablee_domain::proposal::Field<'_>, words: String) -> String {
    field.column.option(&words).map_or(words, |option| option.label.fr.clone())
}
