//! `/suivi`: a follow-up link that was lost. Whoever asks gets the same answer, whether the address and the
//! receipt go together or not; what is to be done is done after the answer left.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use tablee_storage::proposals::of_receipt;

use crate::app::App;
use crate::mail::is_address;
use crate::proposing::lost::Lost;
use crate::templates::{Base, HOSTILE, Here, Page};
use crate::web::error::WebResult;
use crate::web::extract::CheckedForm;
use crate::web::middleware::rate_limit::Place;
use crate::web::urls;

/// The form that asks for the address and the receipt, or what follows.
#[derive(Debug, Default, Template)]
#[template(path = "pages/follow_lost.html")]
pub struct LostPage {
    /// What is around it.
    pub base: Base,
    /// Where it is sent.
    pub action: String,
    /// The address that was typed.
    pub address: String,
    /// The receipt that was typed.
    pub receipt: String,
    /// The address is none.
    pub wrong_address: bool,
    /// The receipt is none.
    pub wrong_receipt: bool,
    /// It was asked for.
    pub is_done: bool,
}

/// What was typed.
#[derive(Debug, Deserialize)]
pub struct LostForm {
    courriel: String,
    recu: String,
}

/// `GET /suivi`.
pub async fn show(base: Base) -> WebResult {
    Ok(page(base).into_page())
}

/// `POST /suivi`.
pub async fn submit(
    State(app): State<App>,
    (base, place): (Base, Place),
    CheckedForm(form): CheckedForm<LostForm>,
) -> WebResult {
    let address = form.courriel.trim().to_lowercase();
    let (wrong_address, wrong_receipt) = (!is_address(&address), of_receipt(&form.recu).is_none());
    if wrong_address || wrong_receipt {
        let (address, receipt) = (form.courriel, form.recu);
        let page = LostPage { address, receipt, wrong_address, wrong_receipt, ..page(base) };
        return Ok(page.into_page_with(StatusCode::UNPROCESSABLE_ENTITY));
    }
    app.limits.lost_links.take(&place.0)?;
    app.proposing.lost(Lost { address, receipt: form.recu })?;
    Ok(LostPage { is_done: true, ..page(base) }.into_page())
}

fn page(base: Base) -> LostPage {
    let action = base.link(urls::FOLLOW_LOST);
    LostPage { base: base.at(Here::Propose), action, ..LostPage::default() }
}

impl Page for LostPage {
    fn samples() -> Vec<Self> {
        let plain = || page(Base::default());
        let wrong = Self {
            address: HOSTILE.to_owned(),
            receipt: HOSTILE.to_owned(),
            wrong_address: true,
            wrong_receipt: true,
            ..plain()
        };
        vec![plain(), wrong, Self { is_done: true, ..plain() }]
    }
}
