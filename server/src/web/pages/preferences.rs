//! `/preferences`: when somebody wants to hear of what, by mail.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use tablee_domain::people::Role;
use tablee_storage::people;

use crate::app::App;
use crate::i18n::{Locale, t};
use crate::mail::{Channel, Topic};
use crate::templates::{Base, Page, in_language};
use crate::web::doors::{Doors, Who};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::{Fields, SignedIn};
use crate::web::urls;

/// The field of the language.
const LANGUAGE: &str = "langue";

/// The doors of this page.
pub fn routes() -> Doors {
    Doors::new().get(urls::PREFERENCES, Who::SignedIn, show).post(
        urls::PREFERENCES,
        Who::SignedIn,
        submit,
    )
}

/// `GET /preferences`.
#[derive(Debug, Template)]
#[template(path = "pages/preferences.html")]
pub struct PreferencesPage {
    /// What is around it.
    pub base: Base,
    topics: Vec<Chosen>,
    languages: Vec<Choice>,
    is_saved: bool,
}

/// A topic, and what was chosen for it.
#[derive(Debug)]
struct Chosen {
    field: &'static str,
    label: String,
    help: String,
    choices: Vec<Choice>,
}

/// One thing that can be chosen.
#[derive(Debug)]
struct Choice {
    value: &'static str,
    label: String,
    is_chosen: bool,
}

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    fait: String,
}

/// `GET /preferences`.
pub async fn show(
    SignedIn(id): SignedIn,
    base: Base,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let mut tx = app.store.read().await?;
    let person = people::find(&mut tx, id).await?.ok_or(WebError::Forbidden)?;
    let mut topics = Vec::new();
    for topic in offered(person.role) {
        let now = app.mails.channel(&mut tx, &person, topic).await?;
        topics.push(chosen(base.locale, topic, now));
    }
    let language = app.mails.language(&mut tx, id).await?;
    let languages = languages(base.locale, language);
    let is_saved = !asked.fait.is_empty();
    Ok(PreferencesPage { base, topics, languages, is_saved }.into_page())
}

/// `POST /preferences`.
pub async fn submit(
    SignedIn(id): SignedIn,
    base: Base,
    State(app): State<App>,
    fields: Fields,
) -> WebResult {
    let mut tx = app.store.begin().await?;
    let person = people::find(&mut tx, id).await?.ok_or(WebError::Forbidden)?;
    for topic in offered(person.role) {
        if let Some(channel) = Channel::of(fields.one(topic.as_str())) {
            app.mails.choose(&mut tx, id, topic, channel).await?;
        }
    }
    if let Some(language) = Locale::from_tag(fields.one(LANGUAGE)) {
        app.mails.choose_language(&mut tx, id, language).await?;
    }
    tx.commit().await?;
    // What waits may now be told at once.
    app.mails.wake();
    let to = in_language(base.locale, &format!("{}?fait=1", urls::PREFERENCES));
    Ok(Redirect::to(&to).into_response())
}

/// What somebody with this role is ever told about.
fn offered(role: Option<Role>) -> impl Iterator<Item = Topic> {
    Topic::CHOSEN.into_iter().filter(move |topic| topic.is_for(role))
}

/// The name of a topic.
pub(super) fn topic_label(locale: Locale, topic: Topic) -> String {
    match topic {
        Topic::Confirmation => t(locale, "mails.topic.confirmation", &[]),
        Topic::Welcome => t(locale, "mails.topic.welcome", &[]),
        Topic::Proposals => t(locale, "mails.topic.proposals", &[]),
        Topic::Rows => t(locale, "mails.topic.rows", &[]),
        Topic::Queue => t(locale, "mails.topic.queue", &[]),
    }
    .into_owned()
}

fn chosen(locale: Locale, topic: Topic, now: Channel) -> Chosen {
    let help = match topic {
        Topic::Confirmation | Topic::Welcome | Topic::Proposals => "mails.topic.proposals_help",
        Topic::Rows => "mails.topic.rows_help",
        Topic::Queue => "mails.topic.queue_help",
    };
    let choice = |channel: Channel| Choice {
        value: channel.as_str(),
        label: match channel {
            Channel::Now => t(locale, "mails.channel.now", &[]),
            Channel::Daily => t(locale, "mails.channel.daily", &[]),
            Channel::Weekly => t(locale, "mails.channel.weekly", &[]),
            Channel::None => t(locale, "mails.channel.none", &[]),
        }
        .into_owned(),
        is_chosen: channel == now,
    };
    Chosen {
        field: topic.as_str(),
        label: topic_label(locale, topic),
        help: t(locale, help, &[]).into_owned(),
        choices: Channel::ALL.into_iter().map(choice).collect(),
    }
}

fn languages(locale: Locale, now: Locale) -> Vec<Choice> {
    let choice = |language: Locale| Choice {
        value: language.tag(),
        label: match language {
            Locale::Fr => t(locale, "mails.language.fr", &[]),
            Locale::En => t(locale, "mails.language.en", &[]),
        }
        .into_owned(),
        is_chosen: language == now,
    };
    Locale::ALL.into_iter().map(choice).collect()
}

impl Page for PreferencesPage {
    fn samples() -> Vec<Self> {
        let of = |is_saved, topics: &[Topic]| Self {
            base: Base::default(),
            topics: topics.iter().map(|it| chosen(Locale::Fr, *it, it.default_channel())).collect(),
            languages: languages(Locale::Fr, Locale::Fr),
            is_saved,
        };
        vec![of(false, &Topic::CHOSEN), of(true, &Topic::CHOSEN[..2])]
    }
}
