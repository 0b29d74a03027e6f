//! `/atelier/proposition/{id}`: a proposal, or somebody's suggestions about one row, field by field.

mod deciding;
mod view;

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use tablee_domain::ids::ProposalId;
use tablee_storage::proposals::State as Stage;

use super::{Names, asked, at_desk, failure};
use crate::app::App;
use crate::desk::case::Case;
use crate::desk::list::{List, Thing};
use crate::desk::presence::Through;
use crate::templates::desk::{Done, Typed};
use crate::templates::{Base, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Curate;
use crate::web::extract::{Fields, TableAccess};

pub use deciding::submit;
pub use view::pair;

/// The largest decision: each field as it was shown and as it was changed.
pub const LARGEST: usize = 4 << 20;

/// What a page shows beside what is kept.
#[derive(Default)]
pub struct Beside {
    /// What was just done.
    pub done: Option<Done>,
    /// Why nothing was done.
    pub wrong: Option<String>,
    /// Cells that moved.
    pub moved: Vec<String>,
    /// Cells whose words were not understood.
    pub unread: Vec<String>,
    /// What was typed.
    pub fields: Option<Fields>,
    /// The words for its author and for pilots.
    pub typed: Typed,
}

/// Who looks at a proposal, and from which list they came.
pub struct Looking {
    /// What is around the page.
    pub base: Base,
    /// Who.
    pub access: TableAccess<Curate>,
    /// The list.
    pub list: List,
}

/// Shows a proposal.
pub async fn show(
    access: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
) -> WebResult {
    let case = found(&app, &id).await?;
    let looking = Looking { base: at_desk(&app, base), access, list: list_of(&uri) };
    let done = match asked(&uri, "fait").as_deref() {
        Some("prise") => Some("desk.done.taken"),
        Some("rendue") => Some("desk.done.given_back"),
        Some("notee") => Some("desk.done.noted"),
        _ => None,
    };
    let done =
        done.map(|key| Done { words: looking.base.t(key).into_owned(), undo: None, link: None });
    page(&app, looking, &case, Beside { done, ..Beside::default() }, StatusCode::OK).await
}

fn list_of(uri: &Uri) -> List {
    List::of_word(&asked(uri, "liste").unwrap_or_default())
}

/// The case of an address. A decision that was left under way is carried out first.
async fn found(app: &App, id: &str) -> WebResult<Case> {
    let id = ProposalId(id.parse().map_err(|_| WebError::NotFound)?);
    let mut tx = app.store.read().await?;
    let case = app.desk.case(&mut tx, id).await.map_err(failure)?;
    drop(tx);
    if case.first().state != Stage::Accepting {
        return Ok(case);
    }
    app.desk.settle(id).await.map_err(failure)?;
    let mut tx = app.store.read().await?;
    app.desk.case(&mut tx, id).await.map_err(failure)
}

/// The page of a case.
async fn page(
    app: &App,
    looking: Looking,
    case: &Case,
    beside: Beside,
    status: StatusCode,
) -> WebResult {
    let thing = Thing::Case(case.first().id);
    let me = (looking.access.by.id, looking.access.by.name.as_str());
    app.desk.presence().looks(&thing.word(), me, Through::Page, app.clock.now());
    let mut tx = app.store.read().await?;
    let names = Names::of(&mut tx).await?;
    drop(tx);
    let view = view::View::of(app, &looking, case, &names).await?;
    Ok(view.page(beside).await?.into_page_with(status))
}
