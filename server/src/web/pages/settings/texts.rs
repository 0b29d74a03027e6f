//! `/reglages/textes`: what pages and mails say, in each language. Words, links and paragraphs; never markup.

use std::collections::BTreeMap;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use tablee_storage::people;

use super::language;
use crate::app::App;
use crate::i18n::{self, Locale, number, t};
use crate::site::prose;
use crate::site::texts::{self, Editable, Group, Wrong};
use crate::site::{KeptText, Outcome};
use crate::templates::prose::Prose;
use crate::templates::settings::{Preview, Shape, TextGroup, TextLine, TextPage, TextsPage, Told};
use crate::templates::{Base, Here, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::TableAccess;
use crate::web::extract::form::TypedFields;
use crate::web::extract::table_access::Administer;
use crate::web::urls;

/// Lines of the smallest and of the largest field.
const LINES: (usize, usize) = (4, 30);
/// Letters of a line of it.
const LINE: usize = 70;

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The language of the text; that of the page says nothing of it.
    langue: Option<String>,
    /// What was just done.
    fait: Option<String>,
}

impl Asked {
    fn locale(&self) -> Locale {
        self.langue.as_deref().and_then(Locale::from_tag).unwrap_or_default()
    }
}

/// `GET /reglages/textes`.
pub async fn list(_may: TableAccess<Administer>, base: Base, State(app): State<App>) -> WebResult {
    let names = people::list(&mut app.store.read().await?).await?;
    let names = names.into_iter().map(|person| (person.id, person.name)).collect();
    let all = texts::all();
    let group = |of: Group, title: &str, help: &str| {
        let texts = all.iter().filter(|text| text.group == of && text.mail().is_none());
        TextGroup {
            title: title.to_owned(),
            help: help.to_owned(),
            texts: texts.map(|text| line(&app, &base, *text, &names)).collect(),
        }
    };
    let mut groups = vec![
        group(Group::Pages, &base.t("site.texts.pages"), &base.t("site.texts.pages_help")),
        group(
            Group::Introductions,
            &base.t("site.texts.introductions"),
            &base.t("site.texts.introductions_help"),
        ),
    ];
    let mut mails: BTreeMap<&str, Vec<TextLine>> = BTreeMap::new();
    for text in &all {
        if let Some(mail) = text.mail() {
            mails.entry(mail).or_default().push(line(&app, &base, *text, &names));
        }
    }
    groups.extend(mails.into_iter().map(|(mail, texts)| TextGroup {
        title: mail_name(base.locale, mail),
        help: String::new(),
        texts,
    }));
    Ok(TextsPage { groups, base: base.at(Here::Settings) }.into_page())
}

type Names = std::collections::HashMap<tablee_domain::ids::PersonId, String>;

fn line(app: &App, base: &Base, text: Editable, names: &Names) -> TextLine {
    let edition = app.site.edition();
    let languages = Locale::ALL.map(|locale| {
        let state = match edition.kept(text.key, locale) {
            Some(kept) if kept.text.is_some() => changed(app, base.locale, kept, names),
            _ => base.t("site.texts.as_it_was").into_owned(),
        };
        (language(locale).to_owned(), base.link(&urls::site_text(text.key, locale)), state)
    });
    let name = match text.mail() {
        Some(_) => part_name(base.locale, text.key),
        None => name(base.locale, text),
    };
    TextLine { name, languages: languages.into() }
}

/// "Modifié par Léa, le 3 novembre 2026 à 14:05".
fn changed(app: &App, locale: Locale, kept: &KeptText, names: &Names) -> String {
    let former = || t(locale, "history.former", &[]).into_owned();
    let by = kept.by.and_then(|by| names.get(&by).cloned()).unwrap_or_else(former);
    let when = app.config.web.time_zone.moment(locale, kept.at);
    t(locale, "site.texts.changed", &[("name", &by), ("when", &when)]).into_owned()
}

/// What a text is called.
fn name(locale: Locale, text: Editable) -> String {
    let t = |key: &str| t(locale, key, &[]).into_owned();
    match (text.key, text.mail()) {
        (texts::LEGAL, _) => t("legal.title"),
        (texts::PRIVACY, _) => t("site.about.privacy"),
        (texts::ACCESSIBILITY, _) => t("accessibility.title"),
        (texts::HOME, _) => t("site.texts.home"),
        (texts::FORM, _) => t("site.texts.form"),
        (texts::FORM_PRIVACY, _) => t("site.texts.form_privacy"),
        (key, Some(mail)) => {
            let part = part_name(locale, key);
            let args = [("mail", &*mail_name(locale, mail)), ("part", &*part)];
            i18n::t(locale, "site.texts.part", &args).into_owned()
        }
        (key, None) => key.to_owned(),
    }
}

/// A mail is called by its subject.
fn mail_name(locale: Locale, mail: &str) -> String {
    let subjects = ["subject", "subject.other"].map(|part| format!("mails.{mail}.{part}"));
    let subject = subjects.iter().find_map(|key| i18n::raw(locale, key));
    // The sign-in mail is known by what its page calls it.
    let subject = subject.or_else(|| i18n::raw(locale, &format!("{mail}.mail.subject")));
    let subject = subject.unwrap_or(mail);
    t(locale, "site.texts.mail", &[("subject", subject)]).into_owned()
}

/// What a part of a mail is called.
fn part_name(locale: Locale, key: &str) -> String {
    let t = |key: &str| t(locale, key, &[]).into_owned();
    let mut parts = key.split('.').skip(2);
    let name = match parts.next().unwrap_or_default() {
        "subject" => t("site.texts.subject"),
        "intro" => t("site.texts.intro_part"),
        "member" => t("site.texts.member"),
        "pilot" => t("site.texts.pilot"),
        "admin" => t("site.texts.admin"),
        "how" => t("site.texts.how"),
        "contact" => t("site.texts.contact"),
        "retouched" => t("site.texts.retouched"),
        "later" => t("site.texts.later"),
        "keep" | "after" => t("site.texts.after"),
        "not_you" => t("site.texts.not_you"),
        other => other.to_owned(),
    };
    match parts.next() {
        Some("one") => format!("{name} {}", t("site.texts.singular")),
        Some("other") => format!("{name} {}", t("site.texts.plural")),
        _ => name,
    }
}

/// `GET /reglages/textes/{key}`.
pub async fn show(
    _may: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    Path(key): Path<String>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let text = texts::find(&key).ok_or(WebError::NotFound)?;
    let mut page = page(&app, base, text, asked.locale(), None).await?;
    page.told = asked.fait.map(|what| match what.as_str() {
        "origine" => Told::done(page.base.t("site.text.went_back")),
        _ => Told::done(page.base.t("site.text.kept")),
    });
    Ok(page.into_page())
}

/// `POST /reglages/textes/{key}`.
pub async fn submit(
    TableAccess { by, .. }: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    (Path(key), Query(asked)): (Path<String>, Query<Asked>),
    TypedFields { fields, is_ours }: TypedFields,
) -> WebResult {
    let text = texts::find(&key).ok_or(WebError::NotFound)?;
    let locale = asked.locale();
    let typed = fields.one("texte").replace("\r\n", "\n");
    if !is_ours {
        let version = fields.version().unwrap_or_default();
        let page = page(&app, base, text, locale, Some((version, typed))).await?;
        let told = Some(Told::wrong(page.base.t("site.text.stale")));
        return Ok(TextPage { told, ..page }.into_page_with(StatusCode::FORBIDDEN));
    }
    let version = fields.version()?;
    let action = fields.one("action").to_owned();
    if action == "origine" {
        let page = page(&app, base, text, locale, Some((version, typed))).await?;
        return Ok(TextPage { asks_back: true, ..page }.into_page());
    }
    let to = if action == "origine-oui" { Ok(None) } else { text.check(&typed).map(Some) };
    let to = match to {
        Ok(to) => to,
        Err(wrong) => {
            let words = in_words(base.locale, &wrong);
            let page = page(&app, base, text, locale, Some((version, typed))).await?;
            let page = TextPage { wrong: Some(words), ..page };
            return Ok(page.into_page_with(StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    if action == "apercu" {
        let preview = preview(&app, text, locale, to.as_deref().unwrap_or_default());
        let page = page(&app, base, text, locale, Some((version, typed))).await?;
        return Ok(TextPage { preview: Some(preview), ..page }.into_page());
    }
    // Who writes the text of the interface again goes back to it.
    let to = to.filter(|to| *to != text.original(locale));
    let by_at = (by.id, app.clock.now());
    let outcome = app.site.set_text(by_at, (text.key, locale), version, to.as_deref()).await?;
    if outcome == Outcome::Moved {
        return moved(&app, base, text, locale, typed).await;
    }
    if outcome == Outcome::Done {
        tracing::info!(person.id = by.id.get(), text = text.key, "a text of the site was changed");
    }
    let what = if to.is_none() { "origine" } else { "oui" };
    let to = format!("{}&fait={what}", urls::site_text(text.key, locale));
    Ok(Redirect::to(&base.link(&to)).into_response())
}

/// Somebody else wrote meanwhile: both texts are shown, and the next save is made for theirs.
async fn moved(app: &App, base: Base, text: Editable, locale: Locale, typed: String) -> WebResult {
    let kept = app.site.edition();
    let version = kept.kept(text.key, locale).map_or(0, |kept| kept.version);
    let theirs = app.site.text(text.key, locale);
    let typed = if typed.trim().is_empty() { theirs.clone() } else { typed };
    let page = page(app, base, text, locale, Some((version, typed))).await?;
    let told = Some(Told::wrong(page.base.t("site.text.moved")));
    let page = TextPage { told, theirs: Some(theirs), ..page };
    Ok(page.into_page_with(StatusCode::CONFLICT))
}

/// The page of a text as it stands, or as it was typed for a version of it.
async fn page(
    app: &App,
    base: Base,
    text: Editable,
    locale: Locale,
    typed: Option<(i64, String)>,
) -> WebResult<TextPage> {
    let edition = app.site.edition();
    let kept = edition.kept(text.key, locale);
    let (version, typed) = typed
        .unwrap_or_else(|| (kept.map_or(0, |kept| kept.version), app.site.text(text.key, locale)));
    let people = people::list(&mut app.store.read().await?).await?;
    let names: Names = people.into_iter().map(|person| (person.id, person.name)).collect();
    let languages = Locale::ALL.map(|other| {
        let href = base.link(&urls::site_text(text.key, other));
        (language(other).to_owned(), href, other == locale)
    });
    let lines: usize = typed.lines().map(|line| 1 + line.chars().count() / LINE).sum();
    Ok(TextPage {
        name: name(base.locale, text),
        action: base.link(&urls::site_text(text.key, locale)),
        told: None,
        languages: languages.into(),
        language: locale,
        version,
        lines: (lines + 2).clamp(LINES.0, LINES.1),
        typed,
        shape: match text.group {
            Group::Mails if text.is_subject() => Shape::Line,
            Group::Mails => Shape::Words,
            Group::Pages | Group::Introductions => Shape::Page,
        },
        wrong: None,
        names: told_names(app, base.locale, text),
        preview: None,
        theirs: None,
        original: text.original(locale),
        is_original: kept.is_none_or(|kept| kept.text.is_none()),
        asks_back: false,
        changed: kept.map(|kept| changed(app, base.locale, kept, &names)),
        base: base.at(Here::Settings),
    })
}

/// The names in braces of a text, and what each says.
fn told_names(app: &App, locale: Locale, text: Editable) -> Vec<(String, String)> {
    let facts = app.site.get().facts(locale);
    let told = text.names().into_iter().map(|name| {
        let fact = facts.iter().find(|fact| fact.name == name);
        let says = match fact.filter(|_| text.group != Group::Mails) {
            Some(fact) => match &fact.value {
                Some(value) => value.clone(),
                None => t(locale, "site.fact.missing", &[("what", &fact.label)]).into_owned(),
            },
            None => sample(locale, name),
        };
        (name.to_owned(), says)
    });
    told.collect()
}

/// What the program may put in, as an example.
fn sample(locale: Locale, name: &str) -> String {
    let t = |key: &str| t(locale, key, &[]).into_owned();
    match name {
        "receipt" => "P-128-KT".to_owned(),
        "title" => t("site.sample.title"),
        "name" => "Nour".to_owned(),
        "site" => t("site.name"),
        "address" | "contact" => "prenom.nom@exemple.fr".to_owned(),
        "minutes" => "10".to_owned(),
        "n" => "3".to_owned(),
        _ => t("site.sample.anything"),
    }
}

fn preview(app: &App, text: Editable, locale: Locale, typed: &str) -> Preview {
    if text.group != Group::Mails {
        let facts = app.site.get().facts(locale);
        return Preview::Page(Prose { locale, blocks: prose::read(typed, &facts) });
    }
    let samples: Vec<(&str, String)> =
        text.names().into_iter().map(|name| (name, sample(locale, name))).collect();
    let args: Vec<(&str, &str)> =
        samples.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Preview::Mail(i18n::fill(typed, &args))
}

fn in_words(locale: Locale, wrong: &Wrong) -> String {
    let say = |key: &str, args: &[(&str, &str)]| t(locale, key, args).into_owned();
    match wrong {
        Wrong::Empty => say("site.text.wrong_empty", &[]),
        Wrong::TooLong(n) => say("site.text.wrong_long", &[("n", &number(locale, *n as f64))]),
        Wrong::Control => say("site.text.wrong_signs", &[]),
        Wrong::Lines => say("site.text.wrong_lines", &[]),
        Wrong::Unknown(name) => say("site.text.wrong_name", &[("name", &format!("{{{name}}}"))]),
        Wrong::Needed(name) => say("site.text.wrong_needed", &[("name", &format!("{{{name}}}"))]),
    }
}
