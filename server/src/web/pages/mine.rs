//! `/mes-offres`: what a member proposed and what became of it, and the offers they look after: sessions kept
//! current by a small form, "still right" by one button, publishing and archiving.

pub mod told;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tablee_domain::ids::RowId;
use tablee_domain::table::Row;

use crate::app::App;
use crate::proposing::mine::{Kept, SESSIONS};
use crate::templates::{Base, Here, Page};
use crate::web::doors::Doors;
use crate::web::doors::Who::Member;
use crate::web::error::{WebError, WebResult};
use crate::web::extract::{Fields, Somebody};
use crate::web::pages::propose::about;
use crate::web::pages::propose::receipt::private;
use crate::web::pages::propose::typed::Typed;
use crate::web::urls;
use told::{Look, OfferPage};

/// The doors of one's own offers.
pub fn routes() -> Doors {
    Doors::new().get(urls::MINE, Member, show).get(urls::MINE_OFFER, Member, show_offer).post(
        urls::MINE_OFFER,
        Member,
        act,
    )
}

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The page of the proposals.
    propositions: usize,
    /// The page of the offers.
    offres: usize,
    /// What was just done.
    fait: String,
}

/// `GET /mes-offres`.
pub async fn show(
    by: Somebody,
    State(app): State<App>,
    base: Base,
    Query(asked): Query<Asked>,
) -> WebResult {
    let look = Look::of(&app, here(&app, base)).await?;
    let page = look.list(&by, (asked.propositions.max(1), asked.offres.max(1))).await?;
    Ok(private(page.into_page()))
}

/// `GET /mes-offres/{row}`.
pub async fn show_offer(
    by: Somebody,
    State(app): State<App>,
    base: Base,
    Path(row): Path<String>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let row = app.proposing.check_own(&by, &id(&row)?).await?;
    let look = Look::of(&app, here(&app, base)).await?;
    let mut page = look.offer(&row, None).await?;
    page.notice = said(&page.base, &asked.fait);
    Ok(private(page.into_page()))
}

/// `POST /mes-offres/{row}`.
pub async fn act(
    by: Somebody,
    State(app): State<App>,
    base: Base,
    Path(row): Path<String>,
    fields: Fields,
) -> WebResult {
    let id = id(&row)?;
    let row = app.proposing.check_own(&by, &id).await?;
    let look = Look::of(&app, here(&app, base)).await?;
    match fields.one("action") {
        "toujours" => {
            let kept = app.proposing.still_right(&by, &id).await?;
            done(&look, &row, kept, "toujours").await
        }
        "publier" => {
            let kept = app.proposing.publish_own(&by, &id).await?;
            done(&look, &row, kept, "publiee").await
        }
        "archiver" => {
            let mut page = look.offer(&row, None).await?;
            page.asks_archive = page.can_archive;
            Ok(private(page.into_page()))
        }
        "archiver-oui" => {
            let kept = app.proposing.archive_own(&by, &id).await?;
            done(&look, &row, kept, "archivee").await
        }
        "ajouter-sessions" => {
            let mut typed = Typed::from(&fields);
            typed.add(SESSIONS, "");
            let mut page = look.offer(&row, Some(&typed)).await?;
            page.add_line();
            Ok(private(page.into_page()))
        }
        "sessions" => sessions(&app, &look, (&by, &row), Typed::from(&fields)).await,
        _ => Err(WebError::Invalid("own offer: action".to_owned())),
    }
}

async fn sessions(app: &App, look: &Look, (by, row): (&Somebody, &Row), typed: Typed) -> WebResult {
    let before = about::reopened(&app.seal, typed.one("avant")).filter(|it| it.id == row.id);
    let before = before.unwrap_or_else(|| row.clone());
    match app.proposing.set_sessions(by, &before, &typed).await? {
        Kept::Wrong(filled) => {
            let mut page = look.offer(row, Some(&typed)).await?;
            page.wrong(&filled);
            Ok(private(page.into_page_with(StatusCode::UNPROCESSABLE_ENTITY)))
        }
        Kept::Moved => {
            let mut page = look.offer(row, Some(&typed)).await?;
            page.error = Some(page.base.t("follow.mine.sessions_moved").into_owned());
            Ok(private(page.into_page_with(StatusCode::CONFLICT)))
        }
        Kept::Same => done(look, row, Kept::Done, "rien").await,
        kept => done(look, row, kept, "sessions").await,
    }
}

/// Back to the offer where it was done; the page that says why not, where it was not.
async fn done(look: &Look, row: &Row, kept: Kept, word: &str) -> WebResult<Response> {
    let key = match kept {
        Kept::Done | Kept::Same => {
            let to = format!("{}?fait={word}", urls::mine_offer(&row.id));
            return Ok(Redirect::to(&look.base.link(&to)).into_response());
        }
        Kept::Lacks(_) => "follow.mine.lacking",
        Kept::AfterReview => "follow.mine.after_review",
        Kept::Moved => "follow.mine.gone",
        Kept::Wrong(_) => "follow.mine.sessions_wrong",
    };
    let mut page: OfferPage = look.offer(row, None).await?;
    page.error = Some(page.base.t(key).into_owned());
    Ok(private(page.into_page_with(StatusCode::CONFLICT)))
}

/// What was just done, as the address says.
fn said(base: &Base, word: &str) -> Option<String> {
    let key = match word {
        "toujours" => "follow.mine.still_done",
        "publiee" => "follow.mine.published",
        "archivee" => "follow.mine.archived",
        "sessions" => "follow.mine.sessions_saved",
        "rien" => "follow.mine.sessions_same",
        _ => return None,
    };
    Some(base.t(key).into_owned())
}

fn id(row: &str) -> WebResult<RowId> {
    RowId::new(row).map_err(|_| WebError::NotFound)
}

fn here(app: &App, base: Base) -> Base {
    Base { links: app.assets.propose(), ..base }.at(Here::Mine)
}
