//! One's own proposals and offers, in words.

use std::sync::Arc;

use askama::Template;
use tablee_domain::offer::checks::{self, Freshness, Now};
use tablee_domain::offer::{Status, missing};
use tablee_domain::proposal::{FieldsOf, Filled, fill};
use tablee_domain::table::{Columns, Row};
use tablee_live::Visible;
use tablee_storage::proposals::{Kind, Proposal, State};

use crate::app::App;
use crate::i18n::{self, t};
use crate::proposing::mine::{Own, SESSIONS, sessions_alone};
use crate::site::MembersPublish;
use crate::templates::catalogue::Pages;
use crate::templates::{Base, HOSTILE, Page};
use crate::web::error::WebError;
use crate::web::extract::Somebody;
use crate::web::pages::follow::told::{kind_key, state_key, told_state};
use crate::web::pages::propose::about;
use crate::web::pages::propose::typed::Typed;
use crate::web::urls;
use crate::wording::{self, one_line, option_label};

/// Proposals, and offers, on one page.
const ON_A_PAGE: usize = 20;

/// `GET /mes-offres`.
#[derive(Debug, Template)]
#[template(path = "pages/mine.html")]
pub struct MinePage {
    /// What is around it.
    pub base: Base,
    /// What the person proposed.
    pub proposals: Vec<ProposalLine>,
    /// Other pages of them.
    pub proposal_pages: Option<Pages>,
    /// What the person looks after.
    pub offers: Vec<OfferLine>,
    /// Other pages of them.
    pub offer_pages: Option<Pages>,
}

/// One proposal in a list.
#[derive(Debug, Clone)]
pub struct ProposalLine {
    /// What it is about.
    pub title: String,
    /// What it asks for.
    pub kind: String,
    /// Its number.
    pub receipt: String,
    /// Where it stands.
    pub state: String,
    /// Its author is waited for.
    pub is_asked: bool,
    /// When it changed last.
    pub changed: String,
    /// Where it is followed.
    pub href: String,
}

/// One offer in a list.
#[derive(Debug, Clone)]
pub struct OfferLine {
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: String,
    /// How fresh it is.
    pub fresh: String,
    /// Somebody should look.
    pub is_stale: bool,
    /// Where it is kept current.
    pub href: String,
    /// Where "still right" is sent.
    pub still: bool,
}

/// `GET /mes-offres/{row}`.
#[derive(Debug, Template)]
#[template(path = "pages/mine_offer.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent thing to show")]
pub struct OfferPage {
    /// What is around it.
    pub base: Base,
    /// Where its forms are sent.
    pub action: String,
    /// What was just done.
    pub notice: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
    /// Its title.
    pub title: String,
    /// Its state.
    pub state: String,
    /// Its page, where everybody sees it.
    pub public: Option<String>,
    /// What was done to it.
    pub history: String,
    /// Where all of it can be changed.
    pub complete: String,
    /// How fresh it is.
    pub fresh: String,
    /// Somebody should look.
    pub is_stale: bool,
    /// What it lacks to be published.
    pub lacks: Vec<String>,
    /// How many of the nine things are there.
    pub counted: String,
    /// The others.
    pub unmet: Vec<String>,
    /// What seems wrong.
    pub warnings: Vec<String>,
    /// One line for each session.
    pub sessions: Vec<SessionLine>,
    /// The row as the form shows it.
    pub opened: String,
    /// It can be published.
    pub can_publish: bool,
    /// A pilot publishes it.
    pub after_review: bool,
    /// It can be archived.
    pub can_archive: bool,
    /// Whether it asks if it should be.
    pub asks_archive: bool,
    /// "Still right" can be said.
    pub can_confirm: bool,
}

/// One session.
#[derive(Debug, Clone)]
pub struct SessionLine {
    /// Its place, from one.
    pub n: usize,
    /// What stands in it.
    pub value: String,
    /// Its name for who does not see it.
    pub label: String,
    /// It was just added.
    pub is_new: bool,
}

/// What the pages are made from.
pub struct Look {
    app: App,
    /// What is around the page.
    pub base: Base,
    columns: Arc<Columns>,
    visible: Arc<Visible>,
}

impl Look {
    /// The table as it is.
    pub async fn of(app: &App, base: Base) -> Result<Self, WebError> {
        let (columns, visible) = app.proposing.table().await;
        Ok(Self { app: app.clone(), base, columns, visible: visible? })
    }

    /// What a person proposed, and looks after.
    pub async fn list(
        &self,
        by: &Somebody,
        (at, offers_at): (usize, usize),
    ) -> Result<MinePage, WebError> {
        let proposals = self.app.proposing.of_person(by.id).await?;
        let own = self.app.proposing.own(by.id, &self.visible).await?;
        let (base, locale) = (&self.base, self.base.locale);
        let pages = |number: usize, all: usize, of: fn(usize, (usize, usize)) -> String| {
            let pages = all.div_ceil(ON_A_PAGE).max(1);
            Pages::of(locale, number.min(pages), pages, move |to| {
                base.link(&of(to, (at, offers_at)))
            })
        };
        let page = |number: usize, all: usize| {
            ON_A_PAGE * (number.min(all.div_ceil(ON_A_PAGE).max(1)) - 1)
        };
        let shown = proposals.iter().skip(page(at, proposals.len())).take(ON_A_PAGE);
        let offers = own.iter().skip(page(offers_at, own.len())).take(ON_A_PAGE);
        Ok(MinePage {
            proposals: shown.map(|proposal| self.proposal(proposal)).collect(),
            proposal_pages: pages(at, proposals.len(), |to, (_, offers)| {
                format!("{}?propositions={to}&offres={offers}#propositions", urls::MINE)
            }),
            offers: offers.map(|own| self.line(own)).collect(),
            offer_pages: pages(offers_at, own.len(), |to, (proposals, _)| {
                format!("{}?propositions={proposals}&offres={to}#formations", urls::MINE)
            }),
            base: base.clone(),
        })
    }

    fn proposal(&self, proposal: &Proposal) -> ProposalLine {
        let locale = self.base.locale;
        let row = proposal.row.as_ref();
        let row = row.and_then(|id| self.visible.values.present().find(|row| row.id == *id));
        let is_public = row.is_some_and(|row| Status::of(row).is_public());
        let stage = told_state(proposal, self.app.clock.now());
        let key = state_key(stage, is_public && proposal.kind != Kind::Removal, false);
        let say = |key: &str| t(locale, key, &[]).into_owned();
        let title = row.map(|row| one_line(row.text("intitule")));
        let title = title.or_else(|| proposed_title(proposal)).filter(|title| !title.is_empty());
        ProposalLine {
            title: title.unwrap_or_else(|| say("follow.mine.untitled")),
            kind: say(kind_key(proposal.kind)),
            receipt: proposal.receipt.clone(),
            state: say(&format!("follow.state.{key}")),
            is_asked: stage == State::Asked,
            changed: i18n::day(locale, proposal.changed_at),
            href: self.base.link(&urls::mine_proposal(&proposal.receipt)),
        }
    }

    fn line(&self, own: &Own) -> OfferLine {
        let (fresh, is_stale) = self.fresh(&own.row);
        OfferLine {
            title: self.title(&own.row),
            state: self.state(&own.row),
            fresh,
            is_stale,
            href: self.base.link(&urls::mine_offer(&own.row.id)),
            still: Status::of(&own.row).is_public(),
        }
    }

    fn title(&self, row: &Row) -> String {
        let title = one_line(row.text("intitule"));
        if title.is_empty() { self.base.t("follow.mine.untitled").into_owned() } else { title }
    }

    fn state(&self, row: &Row) -> String {
        let status = Status::of(row);
        let column = self.columns.get(Status::COLUMN);
        column.map_or_else(
            || status.to_string(),
            |column| option_label(self.base.locale, column, status.as_str()),
        )
    }

    fn now(&self) -> Now {
        Now::of(self.app.clock.now(), self.app.site.get().stale_after_months)
    }

    fn fresh(&self, row: &Row) -> (String, bool) {
        let say = |key: &str| self.base.t(key).into_owned();
        match Freshness::of(row, self.now()) {
            Freshness::Fresh => (say("follow.mine.fresh"), false),
            Freshness::Stale { .. } => (say("follow.mine.stale"), true),
            Freshness::Never => (say("follow.mine.never"), true),
        }
    }

    /// One offer; with what was typed into its lines, where that is shown again.
    pub async fn offer(&self, row: &Row, typed: Option<&Typed>) -> Result<OfferPage, WebError> {
        let (app, base, locale) = (&self.app, &self.base, self.base.locale);
        let status = Status::of(row);
        let at_once = app.site.get().members_publish == MembersPublish::AtOnce;
        let lacks = missing(row);
        let is_hidden = !status.is_public() && status != Status::Archived;
        let items = checks::qualiopi(row);
        let met = items.iter().filter(|item| item.met).count().to_string();
        let (mut fresh, is_stale) = self.fresh(row);
        if let Some(at) = app.proposing.confirmed(&row.id).await? {
            let day = i18n::day(locale, at);
            fresh = format!("{fresh} {}", base.t1("follow.mine.confirmed_on", "date", &day));
        }
        let slug = tablee_domain::offer::slug(row.text("intitule"));
        let opened = typed.map(|typed| typed.one("avant").to_owned()).filter(|it| !it.is_empty());
        Ok(OfferPage {
            action: base.link(&urls::mine_offer(&row.id)),
            notice: None,
            error: None,
            title: self.title(row),
            state: self.state(row),
            public: status.is_public().then(|| base.link(&urls::offer(&slug, &row.id))),
            history: base.link(&urls::history_of(&row.id)),
            complete: base.link(&urls::correct(&row.id)),
            fresh,
            is_stale,
            lacks: lacks
                .iter()
                .filter(|_| is_hidden)
                .map(|lack| wording::checks::missing(locale, *lack))
                .collect(),
            counted: base.t1("follow.mine.qualiopi", "n", &met).into_owned(),
            unmet: items
                .iter()
                .filter(|item| !item.met)
                .map(|item| wording::checks::item(locale, item))
                .collect(),
            warnings: checks::warnings(row, self.now())
                .iter()
                .map(|warning| wording::checks::warning(locale, warning))
                .collect(),
            sessions: self.sessions(row, typed),
            opened: opened.unwrap_or_else(|| about::opened(&app.seal, &sessions_of(row))),
            can_publish: is_hidden && at_once && lacks.is_empty(),
            after_review: is_hidden && !at_once,
            can_archive: status != Status::Archived,
            asks_archive: false,
            can_confirm: status.is_public(),
            base: base.clone(),
        })
    }

    fn sessions(&self, row: &Row, typed: Option<&Typed>) -> Vec<SessionLine> {
        let mut lines = if let Some(typed) = typed {
            typed.all(SESSIONS)
        } else {
            let opening = fill(&sessions_alone(&self.columns), row);
            opening.into_iter().map(|(_, words)| words).collect()
        };
        if lines.is_empty() {
            lines.push(String::new());
        }
        let label =
            |n: usize| self.base.t1("follow.mine.session", "n", &n.to_string()).into_owned();
        let line = |(at, value): (usize, String)| SessionLine {
            n: at + 1,
            value,
            label: label(at + 1),
            is_new: false,
        };
        lines.into_iter().enumerate().map(line).collect()
    }
}

impl OfferPage {
    /// The last line was just added.
    pub fn add_line(&mut self) {
        if let Some(last) = self.sessions.last_mut() {
            last.is_new = true;
        }
    }

    /// The place of the next line.
    pub fn next(&self) -> usize {
        self.sessions.len() + 1
    }

    /// Lines are not understood.
    pub fn wrong(&mut self, filled: &Filled) {
        let locale = self.base.locale;
        let why = filled.errors.iter().map(|error| {
            let why = t(locale, &format!("import.why.{}", error.fault.key()), &[]);
            t(locale, "propose.fault.unread", &[("words", &one_line(&error.words)), ("why", &why)])
        });
        let why: Vec<String> = why.map(std::borrow::Cow::into_owned).collect();
        self.error =
            Some(format!("{} {}", self.base.t("follow.mine.sessions_wrong"), why.join(" ")));
    }
}

/// What of a row the small form is about.
fn sessions_of(row: &Row) -> Row {
    let mut row = row.clone();
    row.cells.retain(|id, _| id.as_str() == SESSIONS);
    row.said.retain(|id, _| id.as_str() == SESSIONS);
    row
}

/// The title that a proposal asks for.
fn proposed_title(proposal: &Proposal) -> Option<String> {
    let payload: serde_json::Value = serde_json::from_str(&proposal.payload).ok()?;
    payload.get("cells")?.get("intitule")?.as_str().map(one_line)
}

impl Page for MinePage {
    fn samples() -> Vec<Self> {
        let empty = || Self {
            base: Base::default(),
            proposals: Vec::new(),
            proposal_pages: None,
            offers: Vec::new(),
            offer_pages: None,
        };
        let words = || HOSTILE.to_owned();
        let full = Self {
            proposals: vec![ProposalLine {
                title: words(),
                kind: words(),
                receipt: words(),
                state: words(),
                is_asked: true,
                changed: words(),
                href: "/mes-offres/propositions/P-1AB".to_owned(),
            }],
            offers: vec![OfferLine {
                title: words(),
                state: words(),
                fresh: words(),
                is_stale: true,
                href: "/mes-offres/r1".to_owned(),
                still: true,
            }],
            ..empty()
        };
        vec![empty(), full]
    }
}

impl Page for OfferPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, is_open: bool| Self {
            base: Base::default(),
            action: "/mes-offres/r1".to_owned(),
            notice: is_open.then(|| words.to_owned()),
            error: (!is_open).then(|| words.to_owned()),
            title: words.to_owned(),
            state: words.to_owned(),
            public: is_open.then(|| "/formations/x-r1".to_owned()),
            history: "/historique?row=r1".to_owned(),
            complete: "/proposer?corriger=r1".to_owned(),
            fresh: words.to_owned(),
            is_stale: !is_open,
            lacks: vec![words.to_owned()],
            counted: words.to_owned(),
            unmet: vec![words.to_owned()],
            warnings: vec![words.to_owned()],
            sessions: vec![SessionLine {
                n: 1,
                value: words.to_owned(),
                label: words.to_owned(),
                is_new: true,
            }],
            opened: words.to_owned(),
            can_publish: is_open,
            after_review: !is_open,
            can_archive: true,
            asks_archive: !is_open,
            can_confirm: is_open,
        };
        vec![of("Débattre", true), of(HOSTILE, false)]
    }
}
