//! Pages: typed contexts for the templates, each with samples of itself.
//!
//! To add a page: a struct here (or beside its handler) with a field `base: Base`, a template that extends
//! `base.html`, an `impl Page` with samples, a hostile one among them, and its line in
//! [`tests::every_page`]: the test renders all samples and looks at what every page must have.

pub mod about;
pub mod catalogue;
pub mod columns;
pub mod compare;
pub mod desk;
pub mod erasure;
pub mod history;
pub mod import;
pub mod import_plan;
pub mod offer;
pub mod people;
pub mod prose;
pub mod settings;
pub mod table;

use std::borrow::Cow;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use tablee_domain::people::Role;

use self::prose::Prose;
use crate::app::App;
use crate::assets::Links;
use crate::catalogue::Edition;
use crate::i18n::{self, Locale};
use crate::site::Site;
use crate::site::prose::read as prose_of;
use crate::web::error::WebError;
use crate::web::extract::{Somebody, Visitor};

/// A page that can show itself.
pub trait Page: askama::Template + Sized {
    /// Contexts as they come, a plain one first, a hostile one among them.
    fn samples() -> Vec<Self>;

    /// The page as an answer.
    fn into_page(self) -> Response {
        self.into_page_with(StatusCode::OK)
    }

    /// The page as an answer with this status.
    fn into_page_with(self, status: StatusCode) -> Response {
        match self.render() {
            Ok(html) => (status, Html(html)).into_response(),
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// What samples hold to prove that nothing a person writes becomes markup.
pub const HOSTILE: &str =
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ base }}&amp;\u{202e}";

/// Which entry of the navigation a page stands under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Here {
    /// The catalogue and its offers.
    Catalogue,
    /// The table.
    Table,
    /// What was done in it.
    History,
    /// Files on their way into the table.
    Import,
    /// The form that proposes an offer.
    Propose,
    /// One's own offers and proposals.
    Mine,
    /// The pilots' desk.
    Desk,
    /// Settings.
    Settings,
    /// Work at columns, one of the settings.
    Columns,
    /// Erasing for good, one of the settings.
    Erasure,
    /// Signing in.
    SignIn,
    /// None of them.
    #[default]
    Elsewhere,
}

/// The signed-in person, as the header shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonHere {
    /// Their name.
    pub name: String,
    /// Their role.
    pub role: Role,
}

/// What every page has around it.
#[derive(Debug, Clone, Default)]
pub struct Base {
    /// The language of the page.
    pub locale: Locale,
    /// Who is signed in.
    pub person: Option<PersonHere>,
    /// Styles and scripts.
    pub links: Links,
    /// Which entry of the navigation is current.
    pub here: Here,
    /// The token of its forms.
    pub token: String,
    /// The path of the page, with its query.
    pub uri: Uri,
    /// The day of the last change in the inventory, in words.
    pub updated: Option<String>,
    /// What administrators set; where there is none, the interface speaks for itself.
    pub site: Option<Site>,
}

impl Base {
    /// What is around a page at this address, for this person. Never waits, so that errors can use it too.
    pub fn of(app: &App, uri: &Uri, person: Option<&Somebody>) -> Self {
        let locale = Locale::of_query(uri.query());
        Self {
            locale,
            person: person.map(|it| PersonHere { name: it.name.clone(), role: it.role }),
            links: app.assets.page(),
            here: Here::default(),
            token: app.seal.form_token(person.map(|it| &it.login), app.clock.now()),
            uri: uri.clone(),
            updated: app.shelf.last_change().map(|at| i18n::day(locale, at)),
            site: Some(app.site.clone()),
        }
    }

    /// The same under an entry of the navigation.
    #[must_use]
    pub fn at(self, here: Here) -> Self {
        Self { here, ..self }
    }

    /// The same, dated by the edition it shows.
    #[must_use]
    pub fn as_of(self, edition: &Edition) -> Self {
        let updated = Some(i18n::day(self.locale, edition.at));
        Self { updated, ..self }
    }

    /// A text of the interface.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        i18n::t(self.locale, key, &[])
    }

    /// A text of the interface with one argument.
    pub fn t1(&self, key: &str, name: &str, value: &str) -> Cow<'static, str> {
        i18n::t(self.locale, key, &[(name, value)])
    }

    /// A text that administrators may have written, as words.
    pub fn text(&self, key: &str) -> String {
        match &self.site {
            Some(site) => site.text(key, self.locale),
            None => self.t(key).into_owned(),
        }
    }

    /// A text that administrators may have written, as paragraphs and links.
    pub fn prose(&self, key: &str) -> Prose {
        self.prose_of(&self.text(key))
    }

    /// Words as paragraphs and links.
    pub fn prose_of(&self, words: &str) -> Prose {
        let settings = self.site.as_ref().map(Site::get).unwrap_or_default();
        Prose { locale: self.locale, blocks: prose_of(words, &settings.facts(self.locale)) }
    }

    /// Whether the other language is offered.
    pub fn offers_switch(&self) -> bool {
        self.site.as_ref().is_none_or(|site| site.get().speaks(self.locale.other()))
    }

    /// One of our addresses, in the language of this page. A fragment stays last.
    pub fn link(&self, address: &str) -> String {
        in_language(self.locale, address)
    }

    /// Whether the page stands under this entry of the navigation.
    pub fn is_here(&self, here: &str) -> bool {
        matches!(
            (self.here, here),
            (Here::Catalogue, "catalogue")
                | (Here::Table, "table")
                | (Here::SignIn, "sign-in")
                | (Here::History, "history")
                | (Here::Import, "import")
                | (Here::Propose, "propose")
                | (Here::Mine, "mine")
                | (Here::Desk, "desk")
                | (Here::Settings | Here::Columns | Here::Erasure, "settings")
        )
    }

    /// Whether whoever reads it decides about the table.
    pub fn curates(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.role.can_curate())
    }

    /// Whether whoever reads it looks after people and settings.
    pub fn administers(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.role.can_administer())
    }

    /// This page without its query, but in its language.
    pub fn cleared(&self) -> String {
        self.link(self.uri.path())
    }

    /// This page in the other language.
    pub fn switch(&self) -> String {
        let others = url::form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes())
            .filter(|(name, _)| name != "lang");
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(others);
        let query = query.finish();
        let path = self.uri.path();
        let address = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        in_language(self.locale.other(), &address)
    }
}

/// A page for whoever asks.
impl FromRequestParts<App> for Base {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, WebError> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        Ok(Self::of(app, &parts.uri, visitor.person()))
    }
}

/// An address of ours in a language: French is what it speaks by itself.
pub fn in_language(locale: Locale, address: &str) -> String {
    if locale == Locale::Fr {
        return address.to_owned();
    }
    let (address, fragment) = match address.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (address, String::new()),
    };
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}lang={}{fragment}", locale.tag())
}

#[cfg(test)]
pub(crate) mod tests;
