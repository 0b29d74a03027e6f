//! Signing in by mail, and out.
//!
//! Whoever asks gets the same answer, known or not. Looking at a link never uses it up (mail filters look at
//! every link); only its button does.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;
use tablee_domain::ids::PersonId;
use tablee_storage::sign_in::CodeOutcome;
use tablee_storage::{people, sign_in};
use tower_sessions::Session;

use crate::app::App;
use crate::mail::is_address;
use crate::sign_in::{Asking, browser_hash, code_hash, token_hash};
use crate::templates::{Base, HOSTILE, Here, Page, in_language};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::{CheckedForm, actor};
use crate::web::logins::forget_cookie;
use crate::web::middleware::rate_limit::Place;
use crate::web::urls::{self, Next};

/// Under which key of a login's data the asked address stands, until the code is typed.
const ASKED: &str = "asked";

/// `GET /connexion`: the form that asks for an address.
#[derive(Debug, Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// What is around it.
    pub base: Base,
    action: String,
    typed: String,
    is_wrong: bool,
}

/// `GET /connexion/code`: what was sent, and the form for the code.
#[derive(Debug, Template)]
#[template(path = "sign_in_code.html")]
pub struct CodePage {
    /// What is around it.
    pub base: Base,
    action: String,
    minutes: String,
    is_wrong: bool,
}

/// `GET /connexion/{token}`: one button; without a name, the link is over.
#[derive(Debug, Template)]
#[template(path = "sign_in_link.html")]
pub struct LinkPage {
    /// What is around it.
    pub base: Base,
    action: String,
    name: Option<String>,
}

/// What stands in the addresses of these pages.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    suite: String,
}

impl Asked {
    fn next(&self) -> Next {
        Next::from_word(&self.suite)
    }

    /// An address of these pages that still knows where to go afterwards.
    fn keep(&self, base: &Base, path: &str) -> String {
        match self.next() {
            Next::Table => base.link(path),
            next => base.link(&format!("{path}?suite={}", next.as_word())),
        }
    }
}

/// The form that asks for an address.
#[derive(Debug, Deserialize)]
pub struct AskForm {
    adresse: String,
}

/// A form that is a button: whatever opens links, and presses what it finds there, has no token of its page.
#[derive(Debug, Deserialize)]
pub struct ButtonForm {}

/// The form that asks for the code.
#[derive(Debug, Deserialize)]
pub struct CodeForm {
    code: String,
}

/// `GET /connexion`.
pub async fn show(base: Base, Query(asked): Query<Asked>) -> Response {
    ask_page(base, &asked, String::new(), false).into_page()
}

/// `POST /connexion`: leaves the asking at the desk, and says what happens next.
pub async fn ask(
    State(app): State<App>,
    (base, place): (Base, Place),
    (Query(asked), session): (Query<Asked>, Session),
    CheckedForm(form): CheckedForm<AskForm>,
) -> WebResult {
    let address = form.adresse.trim().to_lowercase();
    if !is_address(&address) {
        let page = ask_page(base, &asked, form.adresse, true);
        return Ok(page.into_page_with(StatusCode::UNPROCESSABLE_ENTITY));
    }
    app.limits.askings.take(&place.0)?;
    app.limits.askings_in_all.take(&())?;
    session.insert(ASKED, &address).await?;
    session.save().await?;
    let cookie = session.id().ok_or_else(|| anyhow::anyhow!("a saved login has no identifier"))?;
    let asking = Asking { address, cookie: cookie.to_string(), locale: base.locale };
    app.sign_in.leave(asking).map_err(|full| WebError::TooMany { wait: full.wait() })?;
    Ok(Redirect::to(&asked.keep(&base, urls::SIGN_IN_CODE)).into_response())
}

/// `GET /connexion/code`.
pub async fn show_code(State(app): State<App>, base: Base, Query(asked): Query<Asked>) -> Response {
    code_page(&app, base, &asked, false).into_page()
}

/// `POST /connexion/code`: signs in the browser that asked. What is wrong with a code is never told.
pub async fn redeem_code(
    State(app): State<App>,
    (base, place): (Base, Place),
    (Query(asked), session): (Query<Asked>, Session),
    CheckedForm(form): CheckedForm<CodeForm>,
) -> WebResult {
    app.limits.codes.take(&place.0)?;
    let code: String = form.code.chars().filter(|letter| !letter.is_whitespace()).collect();
    if let Some(person) = try_code(&app, &session, &code).await? {
        let to = in_language(base.locale, asked.next().path());
        return enter(&app, &session, person, &to).await;
    }
    Ok(code_page(&app, base, &asked, true).into_page_with(StatusCode::UNPROCESSABLE_ENTITY))
}

/// `GET /connexion/{token}`: never uses the link up.
pub async fn show_link(State(app): State<App>, base: Base, Path(token): Path<String>) -> WebResult {
    let mut tx = app.store.read().await?;
    let link = sign_in::peek(&mut tx, &token_hash(&token), app.clock.now()).await?;
    let person = match link {
        Some(link) => people::find(&mut tx, link.person).await?,
        None => None,
    };
    Ok(link_page(base, &token, person.map(|person| person.name)))
}

/// `POST /connexion/{token}`: uses the link up and signs in.
pub async fn redeem_link(
    State(app): State<App>,
    base: Base,
    session: Session,
    Path(token): Path<String>,
    CheckedForm(ButtonForm {}): CheckedForm<ButtonForm>,
) -> WebResult {
    let mut tx = app.store.begin().await?;
    let person = sign_in::redeem(&mut tx, &token_hash(&token), app.clock.now()).await?;
    let Some(person) = person else { return Ok(link_page(base, &token, None)) };
    people::saw(&mut tx, person, app.clock.now()).await?;
    tx.commit().await?;
    enter(&app, &session, person, &in_language(base.locale, Next::Table.path())).await
}

/// `POST /deconnexion`.
pub async fn sign_out(
    State(app): State<App>,
    base: Base,
    session: Session,
    CheckedForm(ButtonForm {}): CheckedForm<ButtonForm>,
) -> WebResult {
    actor::sign_out(&session, &app).await?;
    let forget = [(header::SET_COOKIE, forget_cookie(&app))];
    Ok((AppendHeaders(forget), Redirect::to(&base.link(urls::HOME))).into_response())
}

async fn enter(app: &App, session: &Session, person: PersonId, to: &str) -> WebResult {
    actor::sign_in(session, person, app).await?;
    tracing::info!(person.id = person.get(), "somebody signed in");
    Ok(Redirect::to(to).into_response())
}

async fn try_code(app: &App, session: &Session, code: &str) -> WebResult<Option<PersonId>> {
    let asked = session.get::<String>(ASKED).await?;
    let (Some(address), Some(cookie)) = (asked, session.id()) else { return Ok(None) };
    let cookie = cookie.to_string();
    let mut tx = app.store.begin().await?;
    let Some(person) = people::find_by_email(&mut tx, &address).await? else { return Ok(None) };
    let (browser, hash) = (browser_hash(&cookie), code_hash(&cookie, code));
    let now = app.clock.now();
    let outcome = sign_in::redeem_code(&mut tx, person.id, Some(&browser), &hash, now).await?;
    // Whatever came out: the try must count.
    let good = match outcome {
        CodeOutcome::Good(person) => Some(person),
        CodeOutcome::Wrong { .. } | CodeOutcome::None => None,
    };
    if let Some(person) = good {
        people::saw(&mut tx, person, now).await?;
    }
    tx.commit().await?;
    Ok(good)
}

fn ask_page(base: Base, asked: &Asked, typed: String, is_wrong: bool) -> SignInPage {
    let action = asked.keep(&base, urls::SIGN_IN);
    SignInPage { base: Base { here: Here::SignIn, ..base }, action, typed, is_wrong }
}

fn code_page(app: &App, base: Base, asked: &Asked, is_wrong: bool) -> CodePage {
    let action = asked.keep(&base, urls::SIGN_IN_CODE);
    let minutes = (app.config.sign_in.mail_link_for.0.as_secs() / 60).to_string();
    CodePage { base: Base { here: Here::SignIn, ..base }, action, minutes, is_wrong }
}

fn link_page(base: Base, token: &str, name: Option<String>) -> Response {
    let action = base.link(&urls::sign_in_link(token));
    let status = if name.is_some() { StatusCode::OK } else { StatusCode::GONE };
    // Nobody is shown as signed in here, so that the page holds one form and one button.
    let base = Base { here: Here::SignIn, person: None, ..base };
    LinkPage { base, action, name }.into_page_with(status)
}

impl Page for SignInPage {
    fn samples() -> Vec<Self> {
        let of = |typed: &str, is_wrong| {
            ask_page(Base::default(), &Asked::default(), typed.to_owned(), is_wrong)
        };
        vec![of("", false), of(HOSTILE, true)]
    }
}

impl Page for CodePage {
    fn samples() -> Vec<Self> {
        let of = |is_wrong| Self {
            base: Base { here: Here::SignIn, ..Base::default() },
            action: urls::SIGN_IN_CODE.to_owned(),
            minutes: "10".to_owned(),
            is_wrong,
        };
        vec![of(false), of(true)]
    }
}

impl Page for LinkPage {
    fn samples() -> Vec<Self> {
        let of = |name: Option<&str>| Self {
            base: Base { here: Here::SignIn, ..Base::default() },
            action: urls::sign_in_link("00ff"),
            name: name.map(str::to_owned),
        };
        vec![of(Some("Léa")), of(Some(HOSTILE)), of(None)]
    }
}
