//! Sending a form: all that may keep it from being sent, each shown once with everything typed still there.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tablee_domain::proposal::{Filled, Kind, Payload};
use tablee_domain::table::{Plain, Row};

use super::about::{self, About};
use super::receipt;
use super::sheet::{Again, Sheet};
use crate::desk::By;
use crate::proposing::robots::{self, Pace, SUSPICIOUS, Signs};
use crate::proposing::submit::{Author, Beside, NotKept, PlaceLimits};
use crate::proposing::{Submission, TooMany};
use crate::seal::Purpose;
use crate::web::error::WebError;

impl Sheet {
    /// `Envoyer`.
    pub async fn send(&mut self) -> Response {
        let filled = self.read();
        if let Some(again) = self.kept_back(&filled).await {
            return self.page(&again);
        }
        match self.submit(&filled).await {
            Ok(response) => response,
            Err(error) if error.status().0.is_server_error() => self.away(&error),
            Err(WebError::TooMany { wait }) => self.too_many(wait.as_secs() / 60 + 1),
            Err(error) => error.into_response(),
        }
    }

    /// Why the form is not sent now; nothing where it is.
    pub async fn kept_back(&mut self, filled: &Filled) -> Option<Again> {
        if self.is_away {
            let away = (StatusCode::SERVICE_UNAVAILABLE, "propose.notice.away");
            return Some(Again::wrong(away.0, away.1));
        }
        if !self.is_ours {
            let was_signed_in = self.typed.has("connecte") && self.person.is_none();
            let key =
                if was_signed_in { "propose.notice.login_gone" } else { "propose.notice.stale" };
            return Some(Again::wrong(StatusCode::FORBIDDEN, key));
        }
        let errors = self.errors(filled);
        if !errors.is_empty() {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Some(Again { status, errors, ..Again::default() }.reading(filled.clone()));
        }
        let is_untouched = matches!(self.about, About::Correction(_))
            && filled.is_empty()
            && filled.private.remark.is_empty();
        if is_untouched && self.editing.is_none() {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Some(Again::wrong(status, "propose.notice.unchanged"));
        }
        if let Some(again) = self.too_fast_or_old() {
            return Some(again.reading(filled.clone()));
        }
        if let Some(again) = self.moved(filled) {
            return Some(again.reading(filled.clone()));
        }
        let meant = filled.private.email_meant.is_some() && self.asks_email();
        if meant && self.typed.one("courriel-vu") != self.typed.one(EMAIL) {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Some(Again { status, ..Again::default() }.reading(filled.clone()));
        }
        self.near(filled).await
    }

    fn too_fast_or_old(&mut self) -> Option<Again> {
        let (app, opened) = (&self.app, self.typed.one("ouvert"));
        let key = match robots::pace(&app.seal, opened, app.clock.now()) {
            Pace::Human | Pace::Hasty => return None,
            Pace::TooFast => "propose.notice.too_fast",
            Pace::TooOld => "propose.notice.stale",
        };
        Some(Again::wrong(StatusCode::CONFLICT, key))
    }

    /// Others changed what the author changed, or the row is gone: shown once.
    fn moved(&mut self, filled: &Filled) -> Option<Again> {
        let before = self.about.before()?.clone();
        let Some(now) = self.now.clone() else {
            self.about = About::New;
            return Some(Again::wrong(StatusCode::CONFLICT, "propose.notice.gone"));
        };
        let is_removal = matches!(self.about, About::Removal(_));
        let moved = !is_removal && filled.cells.keys().any(|key| differs(&before, &now, key));
        if !moved || self.typed.one("vu") == about::mark(&self.app.seal, &now) {
            return None;
        }
        let again = Again::wrong(StatusCode::CONFLICT, "propose.notice.moved");
        Some(Again { has_moved: true, ..again })
    }

    /// Offers that are there already: shown once.
    async fn near(&mut self, filled: &Filled) -> Option<Again> {
        let is_new = matches!(self.about, About::New) && self.editing.is_none();
        if !is_new || self.typed.has("vus") {
            return None;
        }
        let text = |key: &str| filled.cells.get(key).and_then(Plain::as_text).unwrap_or_default();
        let like = (text("intitule"), text("organisme"), text("url"));
        // Where nobody can look, nothing is held back.
        let near = self.app.proposing.nearby().to(self.sees(), like).await.unwrap_or_default();
        let status = StatusCode::CONFLICT;
        (!near.is_empty()).then(|| {
            Again { status, near, near_first: true, ..Again::default() }.reading(filled.clone())
        })
    }

    async fn submit(&mut self, filled: &Filled) -> Result<Response, WebError> {
        let limits = PlaceLimits {
            an_hour: self.app.config.web.proposals_per_place,
            a_day: self.app.config.web.proposals_in_all,
        };
        let place = self
            .place
            .map(|place| self.app.seal.on(Purpose::Place, place.0.to_string().as_bytes()));
        let place = place.unwrap_or_default();
        let score = self.score(filled, (&place, limits)).await?;
        if self.person.is_none() && score >= SUSPICIOUS && !self.typed.has("defi") {
            let riddle = Some(robots::riddle(&self.app.seal, &self.key()));
            let again = Again::wrong(StatusCode::CONFLICT, "propose.notice.riddle");
            return Ok(self.page(&Again { riddle, ..again }.reading(filled.clone())));
        }
        let author = match &self.person {
            Some(person) => {
                self.app.limits.proposals_of_one.take(&person.id)?;
                Author::Person(person.id)
            }
            None => Author::Visitor {
                email: filled.private.email.clone(),
                name: filled.private.name.clone(),
                place,
                limits,
            },
        };
        let submission = Submission {
            payload: self.payload(filled),
            private: Beside {
                contact: filled.private.contact.clone(),
                remark: filled.private.remark.clone(),
            },
            author,
            key: self.key(),
            locale: self.base.locale,
            score: self.lightened(score),
        };
        match self.app.proposing.submit(submission).await {
            Ok(kept) => {
                if score < SUSPICIOUS {
                    self.publish(&kept.receipt).await;
                }
                let to = receipt::address(&self.app, &kept.receipt);
                Ok(Redirect::to(&self.base.link(&to)).into_response())
            }
            Err(NotKept::TooMany(TooMany::Place)) => Ok(self.too_many(60)),
            Err(NotKept::TooMany(TooMany::All)) => {
                let key = "propose.notice.too_many_day";
                Ok(self.page(&Again::wrong(StatusCode::TOO_MANY_REQUESTS, key)))
            }
            Err(NotKept::Web(error)) => Err(error),
        }
    }

    /// Publishes a member's own new offer, where members may and nothing looks like it. Whatever keeps it from
    /// being published, a pilot finds it on the desk.
    async fn publish(&self, receipt: &str) {
        let Some(person) = self.person.as_ref().filter(|_| !self.typed.has("vus")) else { return };
        let by = By { id: person.id, role: person.role };
        if let Err(error) = self.app.desk.publish_own(by, receipt).await {
            tracing::warn!(%error, "a member's offer waits for a pilot");
        }
    }

    /// How much the form looks like a robot's.
    async fn score(
        &self,
        filled: &Filled,
        (place, limits): (&str, PlaceLimits),
    ) -> Result<f64, WebError> {
        let trapped = !self.typed.one(robots::TRAP).is_empty();
        if self.person.is_some() {
            return Ok(Signs { trapped, ..Signs::default() }.score());
        }
        let (app, opened) = (&self.app, self.typed.one("ouvert"));
        // The page of the training is asked for; links elsewhere are not.
        let texts = filled.cells.iter().filter(|(key, _)| *key != "url");
        let texts = texts.filter_map(|(_, value)| value.as_text());
        let words = texts.chain([self.typed.one("motif-mots"), filled.private.remark.as_str()]);
        let signs = Signs {
            trapped,
            hasty: robots::pace(&app.seal, opened, app.clock.now()) == Pace::Hasty,
            busy: app.proposing.is_busy(place, limits).await?,
            linking: robots::are_linking(words),
        };
        Ok(signs.score())
    }

    /// A machine that did its work is believed, unless it fell into the trap.
    fn lightened(&self, score: f64) -> f64 {
        let (riddle, proof) = (self.typed.one("defi"), self.typed.one("preuve"));
        let is_solved = robots::is_solved(&self.app.seal, &self.key(), riddle, proof);
        if is_solved && score < 1.0 { score * 0.4 } else { score }
    }

    /// What would be written.
    pub fn payload(&self, filled: &Filled) -> Payload {
        match &self.about {
            About::New => filled.payload(None),
            About::Correction(row) => filled.payload(Some(row.id.clone())),
            About::Removal(row) => Payload {
                kind: Kind::Removal,
                row: Some(row.id.clone()),
                cells: std::collections::BTreeMap::new(),
                base: std::collections::BTreeMap::new(),
                reason: self.reason(),
            },
        }
    }

    fn too_many(&self, minutes: u64) -> Response {
        let again = Again {
            status: StatusCode::TOO_MANY_REQUESTS,
            wrong: Some(("propose.notice.too_many", vec![("minutes", minutes.to_string())])),
            ..Again::default()
        };
        let mut response = self.page(&again);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(minutes * 60));
        response
    }
}

const EMAIL: &str = tablee_domain::proposal::read::private_fields::EMAIL;

/// Whether a cell says something else now.
fn differs(before: &Row, now: &Row, key: &str) -> bool {
    use tablee_domain::proposal::read::held;
    held(before, key) != held(now, key)
}
