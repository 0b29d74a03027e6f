//! `/desabonnement/{token}`: ends mails about one topic, without a login.
//!
//! Looking changes nothing. A press of the page's button does, and so does the one form that mail programs send
//! by themselves (RFC 8058): it has no token of ours, since no page of ours was shown. That exception holds
//! here only, for exactly that form, from no page at all: it can do nothing but end mails, and the page that is
//! shown lets them come again.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::preferences::topic_label;
use crate::app::App;
use crate::i18n::Locale;
use crate::mail::Topic;
use crate::mail::leaving::{Leaving, Reader};
use crate::templates::{Base, HOSTILE, Page};
use crate::web::doors::{Doors, Who};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::Fields;
use crate::web::urls;

/// The one field of RFC 8058, and what it holds.
const ONE_CLICK: (&str, &str) = ("List-Unsubscribe", "One-Click");
/// The field that lets mails come again.
const AGAIN: &str = "reprendre";

/// The doors of this page.
pub fn routes() -> Doors {
    Doors::new().get(urls::UNSUBSCRIBE, Who::Holder, show).post(
        urls::UNSUBSCRIBE,
        Who::Holder,
        submit,
    )
}

/// `GET /desabonnement/{token}`, and what it answers to its buttons.
#[derive(Debug, Template)]
#[template(path = "pages/unsubscribe.html")]
pub struct UnsubscribePage {
    /// What is around it.
    pub base: Base,
    action: String,
    topic: String,
    is_person: bool,
    step: Step,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Asked,
    Left,
    Again,
}

/// `GET /desabonnement/{token}`.
pub async fn show(base: Base, State(app): State<App>, Path(token): Path<String>) -> WebResult {
    let leaving = Leaving::of(&app.seal, &token).ok_or(WebError::NotFound)?;
    Ok(page(base, &token, leaving, Step::Asked))
}

/// `POST /desabonnement/{token}`.
pub async fn submit(
    base: Base,
    State(app): State<App>,
    Path(token): Path<String>,
    request: Request,
) -> WebResult {
    let leaving = Leaving::of(&app.seal, &token).ok_or(WebError::NotFound)?;
    let (parts, body) = request.into_parts();
    let headers = parts.headers.clone();
    let body = Bytes::from_request(Request::from_parts(parts.clone(), body), &app).await;
    let body = body.map_err(|_| WebError::TooLarge)?;
    if is_one_click(&headers, &body) {
        leave(&app, leaving, true).await?;
        return Ok(StatusCode::OK.into_response());
    }
    let fields = Fields::from_request(Request::from_parts(parts, body.into()), &app).await?;
    let is_leaving = !fields.has(AGAIN);
    leave(&app, leaving, is_leaving).await?;
    Ok(page(base, &token, leaving, if is_leaving { Step::Left } else { Step::Again }))
}

async fn leave(app: &App, leaving: Leaving, is_leaving: bool) -> WebResult<()> {
    let mut tx = app.store.begin().await?;
    if let Reader::Person(person) = leaving.who
        && tablee_storage::people::find(&mut tx, person).await?.is_none()
    {
        return Err(WebError::NotFound);
    }
    app.mails.leave(&mut tx, leaving, is_leaving).await?;
    Ok(tx.commit().await?)
}

/// Whether a mail program pressed the button of a mail: its one field and no other, and no page that sends it.
fn is_one_click(headers: &HeaderMap, body: &[u8]) -> bool {
    let is_from_a_page =
        headers.contains_key(header::ORIGIN) || headers.contains_key(header::COOKIE);
    if is_from_a_page {
        return false;
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let fields: Vec<_> = url::form_urlencoded::parse(body).collect();
        return matches!(&fields[..], [(name, value)] if (&**name, &**value) == ONE_CLICK);
    }
    kind.starts_with("multipart/form-data") && is_one_part(body)
}

/// A form of parts that has one part, and it is that field.
fn is_one_part(body: &[u8]) -> bool {
    let Ok(body) = std::str::from_utf8(body) else { return false };
    let body = body.replace("\r\n", "\n");
    let Some((boundary, rest)) = body.trim_start().split_once('\n') else { return false };
    let Some((head, rest)) = rest.split_once("\n\n") else { return false };
    let Some((value, end)) = rest.split_once('\n') else { return false };
    let names = format!("name=\"{}\"", ONE_CLICK.0);
    boundary.starts_with("--")
        && head.split(';').any(|part| part.trim() == names)
        && value == ONE_CLICK.1
        && end.trim() == format!("{boundary}--")
}

fn page(base: Base, token: &str, leaving: Leaving, step: Step) -> Response {
    let page = UnsubscribePage {
        action: base.link(&urls::unsubscribe(token)),
        topic: topic_label(base.locale, leaving.topic),
        is_person: matches!(leaving.who, Reader::Person(_)),
        step,
        base,
    };
    page.into_page()
}

impl UnsubscribePage {
    fn is(&self, step: &str) -> bool {
        matches!((self.step, step), (Step::Asked, "asked") | (Step::Left, "left"))
    }
}

impl Page for UnsubscribePage {
    fn samples() -> Vec<Self> {
        let of = |topic: &str, is_person, step| Self {
            base: Base::default(),
            action: urls::unsubscribe("12-queue-00ff"),
            topic: topic.to_owned(),
            is_person,
            step,
        };
        let queue = topic_label(Locale::Fr, Topic::Queue);
        vec![
            of(&queue, true, Step::Asked),
            of(HOSTILE, false, Step::Asked),
            of(&queue, true, Step::Left),
            of(&queue, false, Step::Left),
            of(&queue, true, Step::Again),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

    #[test]
    fn only_the_form_of_mail_programs_needs_no_token_and_only_from_no_page() {
        let body = b"List-Unsubscribe=One-Click";
        assert!(is_one_click(&headers(&[FORM]), body));

        for page in
            [("origin", "https://tablee.example.org"), ("origin", "null"), ("cookie", "a=b")]
        {
            assert!(!is_one_click(&headers(&[FORM, page]), body), "{page:?}");
        }
        for other in [
            "",
            "List-Unsubscribe=one-click",
            "List-Unsubscribe=One-Click&x=1",
            "x=1&List-Unsubscribe=One-Click",
            "List-Unsubscribe=One-Click&List-Unsubscribe=One-Click",
            "reprendre=1",
        ] {
            assert!(!is_one_click(&headers(&[FORM]), other.as_bytes()), "{other}");
        }
        assert!(!is_one_click(&headers(&[]), body));
        assert!(!is_one_click(&headers(&[("content-type", "text/plain")]), body));
    }

    #[test]
    fn a_form_of_parts_is_understood_where_it_has_that_one_part() {
        let kind = headers(&[("content-type", "multipart/form-data; boundary=b")]);
        let part =
            "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n";

        assert!(is_one_click(&kind, format!("{part}--b--\r\n").as_bytes()));
        for other in [
            part.to_owned(),
            format!("{part}{part}--b--\r\n"),
            format!(
                "{part}--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--b--\r\n"
            ),
            format!("{}--b--\r\n", part.replace("One-Click", "Two-Click")),
            format!("{}--b--\r\n", part.replace("name=", "filename=")),
        ] {
            assert!(!is_one_click(&kind, other.as_bytes()), "{other}");
        }
    }
}
