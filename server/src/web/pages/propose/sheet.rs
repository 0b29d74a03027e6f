//! A form with all that was typed, and the page that shows it again.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use tablee_domain::ids::RowId;
use tablee_domain::proposal::read::private_fields;
use tablee_domain::proposal::{Fault, FieldError, Filled};
use tablee_domain::table::{Columns, Row};

use super::about::{self, About};
use super::questions::{LICENCE, Questions};
use super::sees;
use super::sent::Sent;
use super::typed::Typed;
use super::view::{FormPage, Licence, Notice, OfferHere, OptionView, Removal, near_offers};
use crate::app::App;
use crate::i18n::tn;
use crate::proposing::alike::{Near, Sees};
use crate::proposing::robots;
use crate::sign_in::hex;
use crate::templates::{Base, Here, Page};
use crate::web::error::WebError;
use crate::web::extract::Somebody;
use crate::web::middleware::rate_limit::Place;
use crate::web::urls;
use crate::wording::one_line;

/// Why a row should go: the options of the question.
pub const REASONS: [&str; 4] = ["closed", "moved", "mine", "wrong"];

/// A form on its way.
pub struct Sheet {
    /// The program.
    pub app: App,
    /// What is around the page.
    pub base: Base,
    /// Who fills it.
    pub person: Option<Somebody>,
    /// Where it comes from.
    pub place: Option<Place>,
    /// The columns that may be seen and written.
    pub columns: Columns,
    /// What it is about.
    pub about: About,
    /// The row as it is now; none where it is gone, or there never was one.
    pub now: Option<Row>,
    /// What was typed.
    pub typed: Typed,
    /// The form is one that we gave to whoever sends it.
    pub is_ours: bool,
    /// The database is away.
    pub is_away: bool,
    /// The address said what stands in it.
    pub is_prefilled: bool,
    /// The proposal that it changes, where it changes one.
    pub editing: Option<Editing>,
}

/// A proposal that is being changed.
#[derive(Debug, Clone)]
pub struct Editing {
    /// Where it is sent.
    pub action: String,
    /// Its version when the form opened.
    pub version: i64,
}

/// Why the page comes again.
pub struct Again {
    /// The status.
    pub status: StatusCode,
    /// The key of the sentence that says what went wrong.
    pub wrong: Option<(&'static str, Vec<(&'static str, String)>)>,
    /// A sentence where nothing went wrong.
    pub calm: Option<String>,
    /// What was understood.
    pub filled: Option<Filled>,
    /// It comes to show that.
    pub is_read: bool,
    /// What is wrong with answers.
    pub errors: Vec<FieldError>,
    /// Offers that are there.
    pub near: Vec<Near>,
    /// It comes to show them.
    pub near_first: bool,
    /// Work for the sender's machine.
    pub riddle: Option<String>,
    /// The list that got a line.
    pub added: Option<String>,
    /// What could not be carried over.
    pub left: Vec<(String, String)>,
    /// The row moved, and that is what it comes to show.
    pub has_moved: bool,
}

impl Default for Again {
    fn default() -> Self {
        Self {
            status: StatusCode::OK,
            wrong: None,
            calm: None,
            filled: None,
            is_read: false,
            errors: Vec::new(),
            near: Vec::new(),
            near_first: false,
            riddle: None,
            added: None,
            left: Vec::new(),
            has_moved: false,
        }
    }
}

impl Again {
    /// The page with one sentence about what went wrong.
    pub fn wrong(status: StatusCode, key: &'static str) -> Self {
        Self { status, wrong: Some((key, Vec::new())), ..Self::default() }
    }

    /// The same, showing what was understood.
    #[must_use]
    pub fn reading(self, filled: Filled) -> Self {
        Self { filled: Some(filled), ..self }
    }
}

impl Sheet {
    /// A form that was just opened.
    pub fn fresh(
        app: &App,
        base: Base,
        person: Option<Somebody>,
        columns: Columns,
        about: About,
        typed: Typed,
    ) -> Self {
        Self {
            app: app.clone(),
            base: base_of(app, base),
            person,
            place: None,
            columns,
            about,
            now: None,
            typed,
            is_ours: true,
            is_away: false,
            is_prefilled: false,
            editing: None,
        }
    }

    /// A form that came back.
    pub async fn of(app: &App, sent: Sent) -> Self {
        let Sent { base, person, place, typed, is_ours, is_away } = sent;
        let sees = sees(person.is_some());
        let (all, visible) = app.proposing.table().await;
        let columns = about::columns(&all, sees);
        let is_away = is_away || visible.is_err();
        let before = about::reopened(&app.seal, typed.one("avant"));
        let named = ["corriger", "retirer"].map(|name| RowId::new(typed.one(name)).ok());
        let row = named.iter().flatten().next();
        let now = visible.ok().zip(row).and_then(|(visible, id)| about::row(&visible, sees, id));
        // A form whose seal is not ours, or no longer, starts from what the row says now.
        let before = before.filter(|before| row == Some(&before.id)).or_else(|| now.clone());
        let about = match (named, before) {
            ([Some(_), _], Some(row)) => About::Correction(row),
            ([None, Some(_)], Some(row)) => About::Removal(row),
            _ => About::New,
        };
        let sheet = Self::fresh(app, base, person, columns, about, typed);
        Self { place: Some(place), now, is_ours, is_away, ..sheet }
    }

    /// A row of the table, as whoever fills the form may see it.
    pub async fn live_row(&self, id: &str) -> Option<Row> {
        let id = RowId::new(id).ok()?;
        let (_, visible) = self.app.proposing.table().await;
        about::row(&*visible.ok()?, self.sees(), &id)
    }

    /// What whoever fills the form may know.
    pub fn sees(&self) -> Sees {
        sees(self.person.is_some())
    }

    /// What is wrong with the answers, those that have no column too.
    pub fn errors(&self, filled: &Filled) -> Vec<FieldError> {
        let mut errors = match self.about {
            About::Removal(_) => {
                let private = |error: &&FieldError| error.field.contains('-');
                filled.errors.iter().filter(private).cloned().collect()
            }
            About::New | About::Correction(_) => filled.errors.clone(),
        };
        let mut missing = |field: &str| {
            if !errors.iter().any(|error| error.field == field) {
                let (field, fault) = (field.to_owned(), Fault::Missing);
                errors.push(FieldError { field, fault, words: String::new() });
            }
        };
        if matches!(self.about, About::Removal(_)) && self.reason().is_none() {
            missing("motif");
        }
        if self.asks_email() && filled.private.email.is_empty() {
            missing(private_fields::EMAIL);
        }
        if self.typed.one(LICENCE).is_empty() {
            missing(LICENCE);
        }
        errors
    }

    /// Whether whoever fills it gives an address: a visitor, in a proposal that is new.
    pub fn asks_email(&self) -> bool {
        self.person.is_none() && self.editing.is_none()
    }

    /// Why the row should go: the option, then words.
    pub fn reason(&self) -> Option<String> {
        let option = REASONS.into_iter().find(|reason| *reason == self.typed.one("motif"))?;
        let words = self.typed.one("motif-mots").trim();
        Some(if words.is_empty() { option.to_owned() } else { format!("{option} {words}") })
    }

    /// What the asking page calls this proposal: kept from page to page, so that a second press is the same.
    pub fn key(&self) -> String {
        let kept = self.typed.one("cle");
        if kept.len() == 32 && kept.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return kept.to_owned();
        }
        let mut bytes = [0; 16];
        self.app.chance.fill(&mut bytes);
        hex(&bytes)
    }

    /// The page with all that was typed.
    pub fn page(&self, again: &Again) -> Response {
        let status = again.status;
        let key = self.key();
        let (near_title, near) = near_offers(&self.base, &again.near);
        let questions = self.questions(again);
        let (title, intro, send) = self.words();
        let is_removal = matches!(self.about, About::Removal(_));
        let meant = again.filled.as_ref().and_then(|filled| filled.private.email_meant.as_deref());
        let error_of = |field: &str| again.errors.iter().find(|error| error.field == field);
        let say = |key: &str| self.base.t(key).into_owned();
        let page = FormPage {
            action: self.action(),
            faults_title: tn(self.base.locale, "propose.faults.title", again.errors.len(), &[]),
            faults: questions.faults(),
            notices: self.notices(again),
            offers_sign_in: self.person.is_none() && self.editing.is_none(),
            look_up: matches!(self.about, About::New)
                .then(|| urls::API_DUPLICATES.replace("{table}", crate::catalogue::TABLE)),
            key: key.clone(),
            zeros: robots::ZEROS,
            hidden: self.hidden(again, key),
            near_first: again.near_first,
            removal: is_removal
                .then(|| self.removal(error_of("motif").map(|_| say("propose.fault.reason")))),
            blocks: if is_removal { Vec::new() } else { questions.blocks() },
            you: questions.you(self.asks_email(), meant),
            trap: robots::TRAP,
            trapped: self.typed.one(robots::TRAP).to_owned(),
            licence: Licence {
                is_ticked: !self.typed.one(LICENCE).is_empty(),
                error: error_of(LICENCE).map(|_| say("propose.fault.licence")),
            },
            offer: self.offer(),
            riddle: again.riddle.clone(),
            base: self.base.clone(),
            title,
            intro,
            send,
            near_title,
            near,
        };
        let mut response = page.into_page_with(status);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    fn questions<'a>(&'a self, again: &'a Again) -> Questions<'a> {
        Questions {
            locale: self.base.locale,
            columns: &self.columns,
            typed: &self.typed,
            read: again.filled.as_ref(),
            before: self.about.before(),
            now: self.now.as_ref().filter(|_| again.has_moved),
            errors: &again.errors,
            left: &again.left,
            added: again.added.as_deref(),
        }
    }

    fn action(&self) -> String {
        match &self.editing {
            Some(editing) => self.base.link(&editing.action),
            None => self.base.link(urls::PROPOSE),
        }
    }

    fn words(&self) -> (String, String, String) {
        let say = |key: &str| self.base.t(key).into_owned();
        if self.editing.is_some() {
            return (
                say("propose.title_edit"),
                say("propose.intro_edit"),
                say("propose.button.save"),
            );
        }
        let (title, intro) = match self.about {
            About::New => ("propose.title", "propose.intro"),
            About::Correction(_) => ("propose.title_correction", "propose.intro_correction"),
            About::Removal(_) => ("propose.title_removal", "propose.intro_removal"),
        };
        (say(title), self.base.text(intro), say("propose.button.send"))
    }

    fn notices(&self, again: &Again) -> Vec<Notice> {
        let mut notices = Vec::new();
        let mut say = |title: Option<String>, words: String, is_calm: bool| {
            let is_first = notices.is_empty() && again.errors.is_empty() && !again.near_first;
            notices.push(Notice { title, words, is_calm, is_first });
        };
        if let Some((key, args)) = &again.wrong {
            let args: Vec<(&str, &str)> =
                args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            say(None, crate::i18n::t(self.base.locale, key, &args).into_owned(), false);
        }
        if again.is_read {
            let title = self.base.t("propose.notice.read_title").into_owned();
            say(Some(title), self.base.t("propose.notice.read_text").into_owned(), true);
        }
        if let Some(words) = &again.calm {
            say(None, words.clone(), true);
        }
        notices
    }

    fn hidden(&self, again: &Again, key: String) -> Vec<(&'static str, String)> {
        let app = &self.app;
        let mut hidden = vec![("cle", key)];
        let opened = self.typed.one("ouvert");
        let is_good = !opened.is_empty()
            && robots::pace(&app.seal, opened, app.clock.now()) != robots::Pace::TooOld;
        let fresh = || robots::shown(&app.seal, app.clock.now());
        hidden.push(("ouvert", if is_good { opened.to_owned() } else { fresh() }));
        if let Some((name, row)) = self.about.field() {
            hidden.push((name, row.to_string()));
        }
        if let Some(before) = self.about.before() {
            hidden.push(("avant", about::opened(&app.seal, before)));
        }
        if let Some(editing) = &self.editing {
            hidden.push(("version", editing.version.to_string()));
        }
        if self.person.is_some() {
            hidden.push(("connecte", "oui".to_owned()));
        }
        if again.near_first || self.typed.has("vus") {
            hidden.push(("vus", "oui".to_owned()));
        }
        if let Some(now) = self.now.as_ref().filter(|_| again.has_moved) {
            hidden.push(("vu", about::mark(&app.seal, now)));
        }
        if let Some(riddle) = &again.riddle {
            hidden.push(("defi", riddle.clone()));
        }
        let meant = again.filled.as_ref().is_some_and(|it| it.private.email_meant.is_some());
        if meant {
            hidden.push(("courriel-vu", self.typed.one(private_fields::EMAIL).to_owned()));
        }
        hidden
    }

    fn removal(&self, error: Option<String>) -> Removal {
        let chosen = self.typed.one("motif");
        let option = |reason: &str| OptionView {
            value: reason.to_owned(),
            label: self.base.t(&format!("propose.removal.{reason}")).into_owned(),
            is_chosen: reason == chosen,
        };
        let options = REASONS.into_iter().map(option).collect();
        Removal { options, words: self.typed.one("motif-mots").to_owned(), error }
    }

    fn offer(&self) -> Option<OfferHere> {
        let row = self.about.before()?;
        let title = one_line(row.text("intitule"));
        let untitled = || self.base.t("offer.untitled").into_owned();
        let is_public = tablee_domain::offer::Status::of(row).is_public();
        let slug = tablee_domain::offer::slug(&title);
        Some(OfferHere {
            href: is_public.then(|| self.base.link(&urls::offer(&slug, &row.id))),
            title: if title.is_empty() { untitled() } else { title },
            provider: one_line(row.text("organisme")),
        })
    }

    /// The page that says that the database is away, with all that was typed; what broke is in the log.
    pub fn away(&self, error: &WebError) -> Response {
        tracing::error!(%error, "a proposal could not be kept");
        self.page(&Again::wrong(StatusCode::SERVICE_UNAVAILABLE, "propose.notice.away"))
    }
}

/// The page with the styles of the form, and what its script needs.
fn base_of(app: &App, base: Base) -> Base {
    Base { links: app.assets.propose(), ..base }.at(Here::Propose)
}
