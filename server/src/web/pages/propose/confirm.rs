//! `/proposer/confirmer/{token}`: a visitor says by mail that a proposal is theirs. Looking at the link changes
//! nothing (mail filters look at every link); only its button does, once.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::receipt::private;
use crate::app::App;
use crate::templates::{Base, HOSTILE, Here, Page};
use crate::web::error::WebResult;
use crate::web::extract::Fields;
use crate::web::urls;

/// One button; without a receipt, the link is over.
#[derive(Debug, Template)]
#[template(path = "pages/propose_confirm.html")]
pub struct ConfirmPage {
    /// What is around it.
    pub base: Base,
    /// Where the button leads.
    pub action: String,
    /// The number of what would be confirmed.
    pub receipt: Option<String>,
}

/// `GET`: never uses the link up.
pub async fn show(State(app): State<App>, base: Base, Path(token): Path<String>) -> WebResult {
    let receipt = app.proposing.to_confirm(&token).await?;
    Ok(page(base, &token, receipt))
}

/// `POST`: uses the link up.
pub async fn confirm(
    State(app): State<App>,
    base: Base,
    Path(token): Path<String>,
    _form: Fields,
) -> WebResult {
    match app.proposing.confirm(&token).await? {
        Some(follow) => {
            let to = format!("{}?confirmee=1", urls::follow(&follow));
            Ok(Redirect::to(&base.link(&to)).into_response())
        }
        None => Ok(page(base, &token, None)),
    }
}

fn page(base: Base, token: &str, receipt: Option<String>) -> Response {
    let action = base.link(&urls::propose_confirm(token));
    let status = if receipt.is_some() { StatusCode::OK } else { StatusCode::GONE };
    // Nobody is shown as signed in here, so that the page holds one form and one button.
    let base = Base { here: Here::Propose, person: None, ..base };
    private(ConfirmPage { base, action, receipt }.into_page_with(status))
}

impl Page for ConfirmPage {
    fn samples() -> Vec<Self> {
        let of = |receipt: Option<&str>| Self {
            base: Base::default(),
            action: urls::propose_confirm("00ff"),
            receipt: receipt.map(str::to_owned),
        };
        vec![of(Some("P-12AB")), of(Some(HOSTILE)), of(None)]
    }
}
