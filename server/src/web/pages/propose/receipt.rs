//! `GET /proposer/recu/{receipt}`: the receipt of what was just sent, for the browser that sent it. The address
//! carries a seal, good for a week: a number alone shows nothing.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use tablee_domain::ids::Timestamp;
use tablee_storage::proposals::State as Stage;

use super::content::{self, Line};
use crate::app::App;
use crate::i18n::{Locale, t};
use crate::proposing::submit::key_of_page;
use crate::seal::Purpose;
use crate::templates::{Base, HOSTILE, Here, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::Visitor;
use crate::web::pages::follow::told::{OfferLink, offer_link};
use crate::web::urls;
use crate::wording::Words;

const DAY: i64 = 86_400_000;
/// For how many days the address is good.
const GOOD_FOR: i64 = 7;

/// The receipt.
#[derive(Debug, Template)]
#[template(path = "pages/proposed.html")]
pub struct ReceiptPage {
    /// What is around it.
    pub base: Base,
    /// Its title.
    pub title: String,
    /// The number.
    pub receipt: String,
    /// What the sending page called it: its draft may go.
    pub key: String,
    /// Where the mail went that asks to confirm it; none where nothing needs to be confirmed.
    pub confirm: Option<String>,
    /// Where its author follows it.
    pub follow: Option<String>,
    /// Where it stands in the catalogue already.
    pub offer: Option<OfferLink>,
    /// What was sent.
    pub lines: Vec<Line>,
}

/// The address of the receipt, for the browser that sent the proposal.
pub fn address(app: &App, receipt: &str) -> String {
    urls::proposed(receipt, &app.seal.on(Purpose::Receipt, &sealed(receipt, app.clock.now())))
}

fn sealed(receipt: &str, at: Timestamp) -> Vec<u8> {
    format!("{receipt} {}", at.get().div_euclid(DAY)).into_bytes()
}

fn is_ours(app: &App, receipt: &str, seal: &str) -> bool {
    let now = app.clock.now().get();
    (0..=GOOD_FOR).any(|ago| {
        let then = sealed(receipt, Timestamp(now - ago * DAY));
        app.seal.is_on(Purpose::Receipt, &then, seal)
    })
}

/// Shows it.
pub async fn show(
    State(app): State<App>,
    base: Base,
    visitor: Visitor,
    Path(named): Path<String>,
) -> WebResult {
    let (receipt, seal) = named.rsplit_once('-').ok_or(WebError::NotFound)?;
    if !is_ours(&app, receipt, seal) {
        return Err(WebError::NotFound);
    }
    let followed = app.proposing.receipt(receipt).await?.ok_or(WebError::NotFound)?;
    let (columns, visible) = app.proposing.table().await;
    let locale = base.locale;
    let proposal = followed.proposal;
    let is_author = visitor.person().is_some_and(|person| Some(person.id) == proposal.author);
    let waits = proposal.state == Stage::Unconfirmed;
    let visible = visible.ok().filter(|_| is_author && proposal.state == Stage::Accepted);
    let row = visible
        .zip(proposal.row.as_ref())
        .and_then(|(visible, id)| visible.values.present().find(|row| row.id == *id).cloned());
    let key = if waits { "propose.sent.title_confirm" } else { "propose.sent.title" };
    let base = Base { links: app.assets.propose(), ..base }.at(Here::Propose);
    let page = ReceiptPage {
        offer: row.map(|row| offer_link(&base, &row)).filter(|offer| offer.href.is_some()),
        title: t(locale, key, &[]).into_owned(),
        confirm: proposal.author_email.clone().filter(|_| waits),
        follow: is_author.then(|| base.link(&urls::mine_proposal(&proposal.receipt))),
        lines: followed
            .payload
            .map(|payload| content::lines(locale, &columns, &payload))
            .unwrap_or_default(),
        key: key_of_page(&proposal).to_owned(),
        receipt: proposal.receipt,
        base,
    };
    Ok(private(page.into_page()))
}

/// A page that only its reader may keep.
pub fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    response
}

/// A line as samples have it.
pub fn sample_lines(words: &str) -> Vec<Line> {
    let line = |read: Words| Line {
        label: words.to_owned(),
        words: Some(read),
        said: Some(words.to_owned()),
        was: Some(words.to_owned()),
    };
    let text = words.to_owned();
    vec![
        line(Words::Line(text.clone())),
        line(Words::Prose(vec![text.clone()])),
        line(Words::List(vec![text])),
        Line { label: words.to_owned(), words: None, said: None, was: None },
    ]
}

impl Page for ReceiptPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, confirm: Option<&str>| Self {
            base: Base::default(),
            title: t(Locale::Fr, "propose.sent.title", &[]).into_owned(),
            receipt: "P-12AB".to_owned(),
            key: "0af3".to_owned(),
            confirm: confirm.map(str::to_owned),
            follow: confirm.is_none().then(|| "/mes-offres/propositions/P-12AB".to_owned()),
            offer: confirm.is_none().then(|| OfferLink {
                title: words.to_owned(),
                href: Some("/formations/x-r1".to_owned()),
            }),
            lines: sample_lines(words),
        };
        vec![of("Débattre", None), of(HOSTILE, Some(HOSTILE))]
    }
}
