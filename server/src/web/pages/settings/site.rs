//! `/reglages/site`: facts about the association, and how the site behaves.

use std::collections::HashMap;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use tablee_storage::people;

use crate::app::App;
use crate::config::WhoseRows;
use crate::i18n::{Locale, number, t};
use crate::mail::is_address;
use crate::site::{Change, MembersPublish, Outcome, SiteSettings};
use crate::templates::settings::{SitePage, TextField, Ticked, Told};
use crate::templates::{Base, Here, Page};
use crate::web::error::WebResult;
use crate::web::extract::TableAccess;
use crate::web::extract::form::Fields;
use crate::web::extract::table_access::Administer;
use crate::web::urls;

/// Letters of the longest fact.
const LONGEST: usize = 300;
/// Months after which an entry may become stale.
const MONTHS: std::ops::RangeInclusive<u32> = 1..=60;
/// Hours of a day.
const HOURS: std::ops::Range<u8> = 0..24;

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Something was just kept.
    fait: Option<String>,
}

/// What was typed, and what is wrong with it by field.
struct Typed {
    settings: SiteSettings,
    months: String,
    wrong: HashMap<&'static str, String>,
}

/// `GET /reglages/site`.
pub async fn show(
    _may: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let edition = app.site.edition();
    let settings = (*edition.settings).clone();
    let months = settings.stale_after_months.to_string();
    let typed = Typed { settings, months, wrong: HashMap::new() };
    let told = asked.fait.map(|_| Told::done(base.t("site.form.kept")));
    Ok(page(&app, base, typed, edition.settings_version, told).await?.into_page())
}

/// `POST /reglages/site`.
pub async fn submit(
    TableAccess { by, .. }: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    fields: Fields,
) -> WebResult {
    let version = fields.version()?;
    let typed = read(base.locale, &fields);
    if !typed.wrong.is_empty() {
        let page = page(&app, base, typed, version, None).await?;
        return Ok(page.into_page_with(StatusCode::UNPROCESSABLE_ENTITY));
    }
    let by_at = (by.id, app.clock.now());
    match app.site.set(by_at, version, typed.settings.clone()).await? {
        Outcome::Done => {
            tracing::info!(person.id = by.id.get(), "settings of the site were changed");
        }
        Outcome::Same => {}
        Outcome::Moved => {
            let edition = app.site.edition();
            let told = Told::wrong(base.t("site.form.moved"));
            let page = page(&app, base, typed, edition.settings_version, Some(told)).await?;
            return Ok(page.into_page_with(StatusCode::CONFLICT));
        }
    }
    let to = base.link(&format!("{}?fait=oui", urls::SITE));
    Ok(Redirect::to(&to).into_response())
}

fn read(locale: Locale, fields: &Fields) -> Typed {
    let mut wrong = HashMap::new();
    let mut line = |id: &'static str| {
        let typed = fields.one(id).trim();
        let is_line = typed.chars().count() <= LONGEST && !typed.chars().any(char::is_control);
        if !is_line {
            let longest = number(locale, LONGEST as f64);
            let words = t(locale, "site.form.not_a_line", &[("n", &longest)]);
            wrong.insert(id, words.into_owned());
        }
        typed.to_owned()
    };
    let mut settings = SiteSettings {
        association: line("association"),
        address: line("adresse"),
        registration: line("immatriculation"),
        publisher: line("direction_publication"),
        host: line("hebergeur"),
        contact: line("contact"),
        data_contact: line("contact_donnees"),
        english: fields.has("anglais"),
        ..SiteSettings::default()
    };
    if fields.one("publication") == "tout-de-suite" {
        settings.members_publish = MembersPublish::AtOnce;
    }
    for (id, typed) in [("contact", &settings.contact), ("contact_donnees", &settings.data_contact)]
    {
        if !typed.is_empty() && !is_address(typed) {
            wrong.insert(id, t(locale, "site.form.not_an_address", &[]).into_owned());
        }
    }
    let months = fields.one("mois").trim().to_owned();
    match months.parse().ok().filter(|months| MONTHS.contains(months)) {
        Some(months) => settings.stale_after_months = months,
        None => {
            wrong.insert("mois", t(locale, "site.form.not_months", &[]).into_owned());
        }
    }
    if let Some(hour) = fields.number("heure").filter(|hour| HOURS.contains(hour)) {
        settings.digest_hour = hour;
    }
    Typed { settings, months, wrong }
}

async fn page(
    app: &App,
    base: Base,
    typed: Typed,
    version: i64,
    told: Option<Told>,
) -> WebResult<SitePage> {
    let locale = base.locale;
    let facts = facts(&base, &typed);
    let months = TextField {
        id: "mois".to_owned(),
        label: base.t("site.form.months").into_owned(),
        help: base.t("site.form.months_help").into_owned(),
        kind: "text",
        value: typed.months,
        wrong: typed.wrong.get("mois").cloned(),
    };
    let fields = facts.iter().chain([&months]);
    let wrong = fields.filter_map(|field| {
        Some((format!("{} : {}", field.label, field.wrong.as_deref()?), field.id.clone()))
    });
    let hours = HOURS.map(|hour| Ticked {
        value: hour.to_string(),
        label: t(locale, "site.form.hour", &[("hour", &hour.to_string())]).into_owned(),
        help: String::new(),
        is_chosen: hour == typed.settings.digest_hour,
    });
    Ok(SitePage {
        told,
        version,
        wrong: wrong.collect(),
        publish: publish(&base, typed.settings.members_publish),
        hours: hours.collect(),
        english: typed.settings.english,
        by_operator: by_operator(app, &base),
        changes: changes(app, locale).await?,
        facts,
        months,
        base: base.at(Here::Settings),
    })
}

fn facts(base: &Base, typed: &Typed) -> Vec<TextField> {
    let it = &typed.settings;
    let field = |id: &'static str, kind, label: &str, help: &str, value: &str| TextField {
        id: id.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        kind,
        value: value.to_owned(),
        wrong: typed.wrong.get(id).cloned(),
    };
    let t = |key: &str| base.t(key);
    vec![
        field(
            "association",
            "text",
            &t("site.form.association"),
            &t("site.form.association_help"),
            &it.association,
        ),
        field(
            "adresse",
            "text",
            &t("site.form.address"),
            &t("site.form.address_help"),
            &it.address,
        ),
        field(
            "immatriculation",
            "text",
            &t("site.form.registration"),
            &t("site.form.registration_help"),
            &it.registration,
        ),
        field(
            "direction_publication",
            "text",
            &t("site.form.publisher"),
            &t("site.form.publisher_help"),
            &it.publisher,
        ),
        field("hebergeur", "text", &t("site.form.host"), &t("site.form.host_help"), &it.host),
        field(
            "contact",
            "email",
            &t("site.form.contact"),
            &t("site.form.contact_help"),
            &it.contact,
        ),
        field(
            "contact_donnees",
            "email",
            &t("site.form.data_contact"),
            &t("site.form.data_contact_help"),
            &it.data_contact,
        ),
    ]
}

fn publish(base: &Base, chosen: MembersPublish) -> Vec<Ticked> {
    let choice = |value: &str, label: &str, help: &str, is_chosen| Ticked {
        value: value.to_owned(),
        label: label.to_owned(),
        help: help.to_owned(),
        is_chosen,
    };
    vec![
        choice(
            "apres-relecture",
            &base.t("site.form.after_review"),
            &base.t("site.form.after_review_help"),
            chosen == MembersPublish::AfterReview,
        ),
        choice(
            "tout-de-suite",
            &base.t("site.form.at_once"),
            &base.t("site.form.at_once_help"),
            chosen == MembersPublish::AtOnce,
        ),
    ]
}

/// What stands in the file of the operator: it is shown, so that nobody looks for it here.
fn by_operator(app: &App, base: &Base) -> Vec<(String, String)> {
    let rows = match app.config.people.members_edit {
        WhoseRows::All => base.t("site.form.rows_all"),
        WhoseRows::Own => base.t("site.form.rows_own"),
    };
    let pair = |what: &str, value: String| (base.t(what).into_owned(), value);
    vec![
        pair("site.form.public_url", app.public_url.to_string()),
        pair("site.form.from", app.config.mail.from.clone()),
        pair("site.form.rows", rows.into_owned()),
        pair("site.form.zone", app.config.web.time_zone.to_string()),
    ]
}

async fn changes(app: &App, locale: Locale) -> WebResult<Vec<String>> {
    let edition = app.site.edition();
    let people = people::list(&mut app.store.read().await?).await?;
    let names: HashMap<_, _> = people.into_iter().map(|it| (it.id, it.name)).collect();
    let told = edition.changes.iter().map(|change| {
        let name = names.get(&change.by).cloned();
        let name = name.unwrap_or_else(|| t(locale, "history.former", &[]).into_owned());
        let when = app.config.web.time_zone.moment(locale, change.at);
        in_words(locale, change, &when, &name)
    });
    Ok(told.collect())
}

fn in_words(locale: Locale, change: &Change, when: &str, name: &str) -> String {
    let t = |key: &str| t(locale, key, &[]).into_owned();
    let what = match change.field.as_str() {
        "association" => t("site.form.association"),
        "address" => t("site.form.address"),
        "registration" => t("site.form.registration"),
        "publisher" => t("site.form.publisher"),
        "host" => t("site.form.host"),
        "contact" => t("site.form.contact"),
        "data_contact" => t("site.form.data_contact"),
        "members_publish" => t("site.form.publish"),
        "stale_after_months" => t("site.form.months"),
        "digest_hour" => t("site.form.digest"),
        "english" => t("site.form.english"),
        other => other.to_owned(),
    };
    let value = |value: &str| match value {
        "" => t("site.form.nothing"),
        "after_review" => t("site.form.after_review"),
        "at_once" => t("site.form.at_once"),
        "true" => t("site.form.yes"),
        "false" => t("site.form.no"),
        value => value.to_owned(),
    };
    let (before, after) = (value(&change.before), value(&change.after));
    let args =
        [("when", when), ("name", name), ("what", &what), ("before", &before), ("after", &after)];
    crate::i18n::t(locale, "site.form.change", &args).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_its_words_in_the_list_of_changes() {
        for (field, before) in SiteSettings::default().told() {
            let change = Change {
                at: tablee_domain::ids::Timestamp(0),
                by: tablee_domain::ids::PersonId(1),
                field: field.to_owned(),
                before,
                after: "x".to_owned(),
            };

            let words = in_words(Locale::Fr, &change, "hier", "Léa");

            assert!(!words.contains('_') && !words.contains("site."), "{field}: {words}");
        }
    }
}
