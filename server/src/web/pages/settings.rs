//! `/reglages`: what administrators set without a developer, a page for each thing.
//!
//! To add a page: its handler in a file here, its line in [`routes`], its entry in [`entries`].

mod members;
mod people;
mod person;
mod person_data;
mod site;
mod texts;
mod vocabularies;

use axum::extract::State;

use crate::app::App;
use crate::i18n::{Locale, tn};
use crate::site::Site;
use crate::templates::settings::{Entry, SettingsPage};
use crate::templates::{Base, Here, Page};
use crate::web::doors::Doors;
use crate::web::doors::Who::{Admin, Pilot};
use crate::web::error::WebResult;
use crate::web::extract::TableAccess;
use crate::web::extract::table_access::Administer;
use crate::web::urls;

/// The doors of the settings.
pub fn routes() -> Doors {
    Doors::new()
        .get(urls::SETTINGS, Admin, show)
        .get(urls::PEOPLE, Admin, people::list)
        .get(urls::ADD_PERSON, Admin, people::ask)
        .post(urls::ADD_PERSON, Admin, people::add)
        .get(urls::MEMBERS_FILES, Admin, members::list)
        .post_up_to(urls::MEMBERS_FILES, Admin, None, members::send)
        .get(urls::MEMBERS_FILE, Admin, members::show)
        .post(urls::MEMBERS_FILE, Admin, members::submit)
        .get(urls::PERSON, Admin, person::show)
        .post(urls::PERSON, Admin, person::submit)
        .get(urls::PERSON_DATA, Admin, person_data::download)
        .get(urls::SITE, Admin, site::show)
        .post(urls::SITE, Admin, site::submit)
        .get(urls::TEXTS, Admin, texts::list)
        .get(urls::TEXT, Admin, texts::show)
        .post(urls::TEXT, Admin, texts::submit)
        .get(urls::VOCABULARIES, Pilot, vocabularies::show)
}

/// `GET /reglages`.
async fn show(_may: TableAccess<Administer>, base: Base, State(app): State<App>) -> WebResult {
    let people = tablee_storage::people::list(&mut app.store.read().await?).await?.len();
    let missing = app.site.get().missing(base.locale);
    let to_do = missing.into_iter();
    let to_do = to_do.map(|fact| (fact.label, base.link(&urls::site_setting(fact.name)))).collect();
    let entries = entries(&base, &app.site, people);
    Ok(SettingsPage { to_do, entries, base: base.at(Here::Settings) }.into_page())
}

fn entries(base: &Base, site: &Site, people: usize) -> Vec<Entry> {
    let entry = |address: &str, title: &str, what_for: &str, state: String| Entry {
        title: title.to_owned(),
        href: base.link(address),
        what_for: what_for.to_owned(),
        state,
    };
    let none = String::new;
    let t = |key: &str| base.t(key);
    let known = tn(base.locale, "site.settings.people_state", people, &[]);
    let changed = site.edition().changed_texts();
    let texts = tn(base.locale, "site.settings.texts_state", changed, &[]);
    vec![
        entry(urls::PEOPLE, &t("site.settings.people"), &t("site.settings.people_for"), known),
        entry(urls::SITE, &t("site.settings.site"), &t("site.settings.site_for"), none()),
        entry(urls::TEXTS, &t("site.settings.texts"), &t("site.settings.texts_for"), texts),
        entry(
            urls::VOCABULARIES,
            &t("site.settings.vocabularies"),
            &t("site.settings.vocabularies_for"),
            none(),
        ),
        entry(urls::MAILS, &t("mails.log.title"), &t("mails.log.what_for"), none()),
        entry(urls::COLUMNS, &t("site.settings.columns"), &t("site.settings.columns_for"), none()),
        entry(urls::ERASURE, &t("site.settings.erasure"), &t("site.settings.erasure_for"), none()),
        entry(urls::RIGHTS, &t("site.settings.rights"), &t("site.settings.rights_for"), none()),
    ]
}

/// A language by its own name.
fn language(locale: Locale) -> &'static str {
    match locale {
        Locale::Fr => "Français",
        Locale::En => "English",
    }
}
