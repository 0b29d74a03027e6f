//! `/reglages/courriels`: what the site wrote, to whom, and what became of it. Never what it said.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use tablee_domain::ids::{MailId, Timestamp};
use tablee_storage::mails::{self, Logged, State as How};

use super::preferences::topic_label;
use crate::app::App;
use crate::i18n::{Locale, Zone, t, tn};
use crate::mail::Topic;
use crate::templates::{Base, HOSTILE, Here, Page, in_language};
use crate::web::doors::{Doors, Who};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Administer;
use crate::web::extract::{CheckedForm, TableAccess};
use crate::web::urls;

/// Mails on a page.
const ON_A_PAGE: usize = 100;
/// Mails that are looked through for those of one state.
const LOOKED_AT: u32 = 2_000;

/// The doors of this page.
pub fn routes() -> Doors {
    Doors::new().get(urls::MAILS, Who::Admin, show).post(urls::MAILS, Who::Admin, submit)
}

/// `GET /reglages/courriels`.
#[derive(Debug, Template)]
#[template(path = "pages/mails.html")]
pub struct MailsPage {
    /// What is around it.
    pub base: Base,
    is_printed: bool,
    is_again: bool,
    waiting: Option<String>,
    given_up: Option<String>,
    filters: Vec<Filter>,
    mails: Vec<Told>,
    older: Option<String>,
}

#[derive(Debug)]
struct Filter {
    label: String,
    href: String,
    is_chosen: bool,
}

/// A mail, as the page tells of it.
#[derive(Debug)]
struct Told {
    id: i64,
    at: String,
    to: String,
    subject: String,
    topic: String,
    state: String,
    is_bad: bool,
    tries: String,
    notes: Vec<String>,
    again: Option<(String, String)>,
}

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    etat: String,
    avant: Option<i64>,
    fait: String,
}

/// The button of a line.
#[derive(Debug, Deserialize)]
pub struct AgainForm {
    courriel: i64,
}

/// `GET /reglages/courriels`.
pub async fn show(
    _may: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let locale = base.locale;
    let state = asked.etat.parse::<How>().ok();
    let mut tx = app.store.read().await?;
    let counts = mails::counts(&mut tx).await?;
    let mut log = mails::log(&mut tx, LOOKED_AT, asked.avant.map(MailId)).await?;
    drop(tx);
    log.retain(|mail| state.is_none_or(|state| is_shown_under(mail.state, state)));
    let has_older = log.len() > ON_A_PAGE;
    log.truncate(ON_A_PAGE);
    let count = |states: &[How], key: &str| {
        let many: i64 = states.iter().filter_map(|state| counts.get(state)).sum();
        (many > 0).then(|| tn(locale, key, usize::try_from(many).unwrap_or_default(), &[]))
    };
    let older =
        log.last().filter(|_| has_older).map(|last| base.link(&address(state, Some(last.id))));
    let page = MailsPage {
        is_printed: app.config.mail.smtp_url.is_none(),
        is_again: !asked.fait.is_empty(),
        waiting: count(&[How::Waiting, How::Claimed], "mails.log.waiting"),
        given_up: count(&[How::GivenUp], "mails.log.given_up"),
        filters: filters(&base, state),
        mails: log.iter().map(|mail| told(locale, &app.config.web.time_zone, mail)).collect(),
        older,
        base: base.at(Here::Settings),
    };
    Ok(page.into_page())
}

/// `POST /reglages/courriels`: tries one mail again.
pub async fn submit(
    _may: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    CheckedForm(form): CheckedForm<AgainForm>,
) -> WebResult {
    let (id, now) = (MailId(form.courriel), app.clock.now());
    let mut tx = app.store.begin().await?;
    if !mails::resend(&mut tx, id, now).await? && !mails::hurry(&mut tx, id, now).await? {
        return Err(WebError::NotFound);
    }
    tx.commit().await?;
    app.mails.rest_no_longer();
    let to = in_language(base.locale, &format!("{}?fait=1", urls::MAILS));
    Ok(Redirect::to(&to).into_response())
}

fn is_shown_under(state: How, asked: How) -> bool {
    state == asked || (state == How::Claimed && asked == How::Waiting)
}

fn address(state: Option<How>, before: Option<MailId>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(state) = state {
        query.append_pair("etat", state.as_str());
    }
    if let Some(before) = before {
        query.append_pair("avant", &before.to_string());
    }
    let query = query.finish();
    if query.is_empty() { urls::MAILS.to_owned() } else { format!("{}?{query}", urls::MAILS) }
}

fn filters(base: &Base, chosen: Option<How>) -> Vec<Filter> {
    let filter = |state: Option<How>| Filter {
        label: match state {
            Some(state) => state_label(base.locale, state),
            None => t(base.locale, "mails.log.all", &[]).into_owned(),
        },
        href: base.link(&address(state, None)),
        is_chosen: state == chosen,
    };
    [None, Some(How::Waiting), Some(How::GivenUp), Some(How::Sent)].map(filter).into()
}

fn state_label(locale: Locale, state: How) -> String {
    match state {
        How::Waiting => t(locale, "mails.states.waiting", &[]),
        How::Claimed => t(locale, "mails.states.sending", &[]),
        How::Sent => t(locale, "mails.states.sent", &[]),
        How::GivenUp => t(locale, "mails.states.given_up", &[]),
    }
    .into_owned()
}

fn error_label(locale: Locale, error: &str) -> String {
    let (word, code) = error.split_once(' ').unwrap_or((error, ""));
    let code = [("code", code)];
    match word {
        "away" => t(locale, "mails.errors.away", &[]),
        "not-now" => t(locale, "mails.errors.not_now", &code),
        "refused" => t(locale, "mails.errors.refused", &code),
        "unwritable" => t(locale, "mails.errors.unwritable", &[]),
        "expired" => t(locale, "mails.errors.expired", &[]),
        "gone" => t(locale, "mails.errors.gone", &[]),
        "not-wanted" => t(locale, "mails.errors.not_wanted", &[]),
        _ => t(locale, "mails.errors.cut_off", &[]),
    }
    .into_owned()
}

fn told(locale: Locale, zone: &Zone, mail: &Logged) -> Told {
    let moment = |at| zone.moment(locale, at);
    let mut notes: Vec<String> = Vec::new();
    notes.extend(mail.error.as_deref().map(|error| error_label(locale, error)));
    if mail.state == How::Waiting {
        let key = if mail.error.is_some() { "mails.log.next" } else { "mails.log.on_send" };
        notes.push(t(locale, key, &[("moment", &moment(mail.not_before))]).into_owned());
    }
    let button = match mail.state {
        How::GivenUp if mail.has_words => Some(t(locale, "mails.log.again", &[])),
        How::Waiting if mail.error.is_some() => Some(t(locale, "mails.log.try_now", &[])),
        _ => None,
    };
    let again = button.map(|button| {
        let args = [("button", &*button), ("subject", &mail.subject), ("to", &mail.to)];
        (button.to_string(), t(locale, "mails.log.row_again", &args).into_owned())
    });
    Told {
        id: mail.id.get(),
        at: moment(mail.made_at),
        to: mail.to.clone(),
        subject: mail.subject.clone(),
        topic: Topic::from_word(&mail.topic).map(|it| topic_label(locale, it)).unwrap_or_default(),
        state: state_label(locale, mail.state),
        is_bad: mail.state == How::GivenUp,
        tries: crate::i18n::number(locale, mail.attempts as f64),
        notes,
        again,
    }
}

impl Page for MailsPage {
    fn samples() -> Vec<Self> {
        let mail = |words: &str, state, error: Option<&str>| Logged {
            id: MailId(7),
            to: words.to_owned(),
            person: None,
            topic: Topic::Queue.as_str().to_owned(),
            subject: words.to_owned(),
            state,
            attempts: 2,
            error: error.map(str::to_owned),
            made_at: Timestamp(0),
            not_before: Timestamp(0),
            ended_at: None,
            has_words: true,
        };
        let of = |words: &str| Self {
            base: Base::default(),
            is_printed: true,
            is_again: true,
            waiting: Some(words.to_owned()),
            given_up: Some(words.to_owned()),
            filters: filters(&Base::default(), Some(How::GivenUp)),
            mails: [
                mail(words, How::Waiting, None),
                mail(words, How::Waiting, Some("not-now 451")),
                mail(words, How::GivenUp, Some("refused 550")),
                mail(words, How::Sent, None),
            ]
            .iter()
            .map(|mail| told(Locale::Fr, &Zone::default(), mail))
            .collect(),
            older: Some(address(None, Some(MailId(3)))),
        };
        let empty = Self {
            is_printed: false,
            is_again: false,
            waiting: None,
            given_up: None,
            mails: Vec::new(),
            older: None,
            ..of("")
        };
        vec![of("lea@exemple.fr"), of(HOSTILE), empty]
    }
}
