//! A proposal as its page shows it.

use std::sync::Arc;

use tablee_domain::offer::checks::qualiopi;
use tablee_domain::offer::missing;
use tablee_domain::table::{Plain, Row};
use tablee_live::Visible;
use tablee_storage::proposal_events::{self, By as EventBy, Event, Happened};
use tablee_storage::proposals::{Kind, Proposal};

use super::super::choices::{can_edit, choice, typed, words_of};
use super::super::entries::{alike, author_name, stage};
use super::super::looked;
use super::super::{Names, failure, keys, presence_of, titled};
use super::{Beside, Looking};
use crate::app::App;
use crate::catalogue::TABLE;
use crate::desk::case::{BIN, Case, ORDER, ROW, Wish};
use crate::desk::found::{Found, ordered, traits};
use crate::desk::list::{SUSPECT, Thing};
use crate::desk::versions_of;
use crate::history::diff::{Effort, Fate, Piece, words};
use crate::history::places::Places;
use crate::i18n::tn;
use crate::templates::Base;
use crate::templates::desk::{EventView, FieldView, Head, KeyHelp, ProposalPage, TwinView};
use crate::web::error::WebResult;
use crate::web::urls;
use crate::wording::{checks, one_line};

/// Letters on a line of the field in which a result is changed.
const A_LINE: usize = 70;
/// Lines of it.
const MOST_LINES: usize = 12;

/// All that a page is made of.
pub struct View<'a> {
    app: &'a App,
    looking: &'a Looking,
    case: &'a Case,
    names: &'a Names,
    visible: Arc<Visible>,
    found: Arc<Found>,
    events: Vec<Happened>,
    author: String,
    /// Whether mails to the author's address are still wanted there.
    is_wanted: bool,
}

impl<'a> View<'a> {
    /// Reads what the page needs.
    pub async fn of(
        app: &'a App,
        looking: &'a Looking,
        case: &'a Case,
        names: &'a Names,
    ) -> WebResult<Self> {
        let visible = app.rooms.values(TABLE).await?;
        let found = app.desk.found(&visible).await;
        let mut tx = app.store.read().await?;
        let mut events = Vec::new();
        for proposal in &case.proposals {
            events.extend(proposal_events::of(&mut tx, proposal.id).await?);
        }
        events.sort_by_key(|happened| happened.id);
        let author = author_name(&mut tx, &looking.base, case.first()).await?;
        let is_wanted = match &case.first().author_email {
            Some(address) => app.mails.is_wanted_at(&mut tx, address).await?,
            None => true,
        };
        drop(tx);
        Ok(Self { app, looking, case, names, visible, found, events, author, is_wanted })
    }

    fn base(&self) -> &Base {
        &self.looking.base
    }

    fn row(&self) -> Option<&Row> {
        self.case.row_in(&self.visible.values)
    }

    /// The page.
    pub async fn page(self, beside: Beside) -> WebResult<ProposalPage> {
        let (base, first) = (self.base(), self.case.first());
        let is_open = self.case.is_open();
        let columns = &self.visible.values.columns;
        let made = self.case.would_be(columns, self.row());
        let is_new = self.case.makes_row() && self.row().is_none();
        let reasons = self.app.desk.reasons(base.locale).await.map_err(failure)?;
        let list = self.looking.list.word();
        let action = base.link(&format!("{}?liste={list}", urls::desk_proposal(first.id)));
        let reasons: Vec<_> = reasons.into_iter().map(|it| (it.name, it.words)).collect();
        let fields = self.fields(&beside, is_new);
        let is_plain = fields.iter().all(|field| field.doubt.is_none());
        let accepts = self.accepts(is_plain, fields.len());
        let twins = if is_new { self.twins(&made) } else { Vec::new() };
        let can_ask = first.author.is_some() || first.author_email.is_some();
        let mut page = ProposalPage {
            head: self.head(&beside).await?,
            version: versions_of(&self.case.proposals),
            action,
            is_open,
            is_taken: first.taken.is_some_and(|(by, _)| by == Some(self.looking.access.by.id)),
            can_ask,
            is_new,
            all: self.all_at_once(&accepts, is_plain),
            more: match self.case.more {
                0 => String::new(),
                more => tn(base.locale, "desk.more", more, &[]),
            },
            leaves_some: first.kind == Kind::Suggestion && fields.len() > 1,
            fields,
            accepts,
            lacks: if is_new { lacks(base, &made) } else { Vec::new() },
            twins,
            thread: self.thread(),
            reasons,
            typed: beside.typed,
            base: self.looking.base.clone(),
        };
        page.head.keys = page_keys(&page, is_plain);
        Ok(page)
    }

    /// What accepts all at once, for whoever has a quarter of an hour.
    fn all_at_once(&self, accepts: &[(&str, String, &str)], is_plain: bool) -> String {
        let key = if is_plain { "desk.accept.plain" } else { "desk.accept.conflict" };
        let first = accepts.first().filter(|_| self.case.is_open());
        let told = first.map(|(_, button, _)| self.base().t1(key, "button", button).into_owned());
        told.unwrap_or_default()
    }

    async fn head(&self, beside: &Beside) -> WebResult<Head> {
        let (base, first) = (self.base(), self.case.first());
        let made = self.case.would_be(&self.visible.values.columns, self.row());
        let title = self.row().map_or_else(|| made.text("intitule"), |row| row.text("intitule"));
        let thing = Thing::Case(first.id);
        let told = looked::told(self.app, base, &thing, self.looking.access.by.id).await?;
        Ok(Head {
            title: titled(base, title),
            kind: kind(base, first.kind),
            done: beside.done.clone(),
            wrong: beside.wrong.clone(),
            facts: self.facts(),
            presence: presence_of(base, &thing.word()),
            known: told.known,
            who: told.who,
            back: base.link(&urls::desk_list(self.looking.list.word(), 1)),
            keys: Vec::new(),
        })
    }

    fn facts(&self) -> Vec<(String, String)> {
        let (base, first) = (self.base(), self.case.first());
        let zone = &self.app.config.web.time_zone;
        let name = |key: &str| base.t(key).into_owned();
        let mut facts = vec![
            (name("desk.fact.state"), stage(base, first, self.names)),
            (name("desk.fact.author"), self.author.clone()),
        ];
        if let Some(address) = &first.author_email {
            let address = one_line(address);
            let told = if self.is_wanted {
                address
            } else {
                base.t1("desk.fact.unwanted", "address", &address).into_owned()
            };
            facts.push((name("desk.fact.email"), told));
        }
        facts.push((name("desk.fact.received"), zone.moment(base.locale, first.at)));
        facts.push((name("desk.fact.receipt"), first.receipt.clone()));
        if let Some(reason) = &self.case.reason {
            let (option, words) = removal(base, reason);
            facts.push((name("desk.fact.reason"), option));
            if !words.is_empty() {
                facts.push((name("desk.fact.words"), words));
            }
        }
        facts.extend(private(base, first));
        if first.score >= SUSPECT {
            let score = crate::i18n::number(base.locale, (first.score * 100.0).round());
            facts.push((name("desk.fact.spam"), format!("{score} %")));
        }
        facts
    }

    fn fields(&self, beside: &Beside, is_new: bool) -> Vec<FieldView> {
        let columns = &self.visible.values.columns;
        let place = |wish: &Wish| {
            let column = wish.key.split(['/', '~']).next().unwrap_or_default();
            columns.iter().position(|it| it.id.as_str() == column).map_or(0, |at| at + 1)
        };
        let mut wishes: Vec<&Wish> = self.case.wishes.iter().collect();
        wishes.sort_by_key(|wish| (place(wish), wish.key.clone()));
        let mut effort = Effort::default();
        let wishes = wishes.into_iter().enumerate();
        wishes.map(|(n, wish)| self.field(n, wish, (beside, is_new), &mut effort)).collect()
    }

    fn field(
        &self,
        n: usize,
        wish: &Wish,
        (beside, is_new): (&Beside, bool),
        effort: &mut Effort,
    ) -> FieldView {
        let columns = &self.visible.values.columns;
        let seen = self.case.seen(wish, columns, self.row());
        let now = self.words(&wish.key, &seen.now);
        let proposed = self.words(&wish.key, &wish.proposed);
        let result = words_of(columns, &wish.key, &seen.result);
        let fields = beside.fields.as_ref();
        let chosen = fields.map(|fields| choice(fields, &wish.key));
        let usual = if wish.is_known { "accepter" } else { "refuser" };
        let is_same = seen.result == wish.proposed || is_new;
        let becomes = self.words(&wish.key, &seen.result);
        let whole = |words: String| vec![Piece { fate: Fate::Stays, words }];
        let result = fields.and_then(|fields| typed(fields, &wish.key)).unwrap_or(result);
        FieldView {
            n,
            label: self.label(&wish.key),
            seen: serde_json::to_string(&seen.now).unwrap_or_default(),
            choice: chosen.unwrap_or(usual),
            doubt: self.doubt(wish, seen.is_conflict, beside),
            can_edit: wish.is_known && can_edit(columns, &wish.key),
            lines: (result.chars().count() / A_LINE + result.lines().count()).clamp(1, MOST_LINES),
            result,
            proposed: if is_new { whole(proposed) } else { words(&now, &proposed, effort) },
            becomes: if is_same { Vec::new() } else { words(&now, &becomes, effort) },
            key: wish.key.clone(),
            now,
        }
    }

    fn doubt(&self, wish: &Wish, is_conflict: bool, beside: &Beside) -> Option<String> {
        let base = self.base();
        let columns = &self.visible.values.columns;
        if !wish.is_known {
            return Some(base.t("desk.field.unknown").into_owned());
        }
        if beside.unread.contains(&wish.key) {
            let words = beside.fields.as_ref().and_then(|fields| typed(fields, &wish.key));
            let words = one_line(&words.unwrap_or_default());
            return Some(base.t1("desk.field.unread", "words", &words).into_owned());
        }
        if beside.moved.contains(&wish.key) {
            return Some(base.t("desk.field.moved").into_owned());
        }
        let is_text = columns.get(&wish.key).is_some_and(|column| column.kind.is_text());
        let key = if is_text { "desk.field.conflict" } else { "desk.field.both" };
        is_conflict.then(|| base.t(key).into_owned())
    }

    fn places(&self) -> Places<'_> {
        Places { columns: &self.visible.values.columns, locale: self.base().locale }
    }

    fn label(&self, key: &str) -> String {
        let base = self.base();
        match key {
            ROW => base.t("desk.field.row").into_owned(),
            ORDER => base.t("desk.field.order").into_owned(),
            key => self.places().label(key),
        }
    }

    fn words(&self, key: &str, value: &Plain) -> String {
        let base = self.base();
        match (key, value) {
            (ROW, Plain::Null) => String::new(),
            (ROW, _) => base.t("desk.field.added").into_owned(),
            (BIN, Plain::Bool(true)) => base.t("desk.field.binned").into_owned(),
            (BIN, _) => base.t("desk.field.unbinned").into_owned(),
            (key, value) => self.places().value(key, value),
        }
    }

    /// The buttons that accept. The first is pressed by Enter, and by `a` where no field asks for a choice.
    fn accepts(&self, is_plain: bool, fields: usize) -> Vec<(&'static str, String, &'static str)> {
        let base = self.base();
        let of = |word, key: &str, press| (word, base.t(key).into_owned(), press);
        let first = if is_plain { "Enter a" } else { "Enter" };
        match self.case.kind() {
            Kind::New => vec![
                of("publier", "desk.accept.publish", first),
                of("a-verifier", "desk.accept.to_check", ""),
            ],
            Kind::Removal => vec![
                of("archiver", "desk.accept.archive", first),
                of("corbeille", "desk.accept.bin", ""),
            ],
            Kind::Correction | Kind::Suggestion if is_plain && fields > 1 => {
                vec![of("accepter", "desk.accept.all", first)]
            }
            Kind::Correction | Kind::Suggestion => {
                vec![of("accepter", "desk.accept.write", first)]
            }
        }
    }

    fn twins(&self, made: &Row) -> Vec<TwinView> {
        let base = self.base();
        let near = self.found.alike(&traits(made), None);
        let rows = &self.visible.values.rows;
        let near = near.into_iter().filter_map(|(id, score, why)| {
            let row = rows.iter().find(|row| row.id == id)?;
            Some(TwinView {
                title: titled(base, row.text("intitule")),
                why: alike(base, score, &why),
                href: base.link(&urls::desk_row(&id)),
            })
        });
        near.collect()
    }

    fn thread(&self) -> Vec<EventView> {
        let (base, zone) = (self.base(), &self.app.config.web.time_zone);
        let told = self.events.iter().map(|happened| {
            let (key, words) = event(&happened.event);
            EventView {
                who: match happened.by {
                    EventBy::Author => self.author.clone(),
                    EventBy::Pilot(person) => self.names.name(base, Some(person)),
                    EventBy::Program => base.t("desk.program").into_owned(),
                },
                when: zone.moment(base.locale, happened.at),
                what: base.t(key).into_owned(),
                words: words.to_owned(),
                is_private: happened.event.is_private(),
            }
        });
        told.collect()
    }
}

/// The key of what happened, and the words that go with it.
fn event(event: &Event) -> (&'static str, &str) {
    match event {
        Event::Received => ("desk.event.received", ""),
        Event::Confirmed => ("desk.event.confirmed", ""),
        Event::Taken => ("desk.event.taken", ""),
        Event::Asked(words) => ("desk.event.asked", words),
        Event::Answered(words) => ("desk.event.answered", words),
        Event::Edited => ("desk.event.edited", ""),
        Event::Accepted { retouched: false } => ("desk.event.accepted", ""),
        Event::Accepted { retouched: true } => ("desk.event.retouched", ""),
        Event::Refused { reason } => ("desk.event.refused", reason),
        Event::Undone => ("desk.event.undone", ""),
        Event::Withdrawn => ("desk.event.withdrawn", ""),
        Event::Noted(words) => ("desk.event.noted", words),
    }
}

fn kind(base: &Base, kind: Kind) -> String {
    let key = match kind {
        Kind::New => "desk.kind.new",
        Kind::Correction => "desk.kind.correction",
        Kind::Removal => "desk.kind.removal",
        Kind::Suggestion => "desk.kind.suggestion",
    };
    base.t(key).into_owned()
}

/// Why a row should go: the option that was chosen, and the words beside it.
fn removal(base: &Base, reason: &str) -> (String, String) {
    let end = reason.find(|letter: char| !letter.is_ascii_lowercase()).unwrap_or(reason.len());
    let (option, words) = reason.split_at(end);
    let words = words.trim_start_matches([':', ' ', '\n']).trim().to_owned();
    let key = match option {
        "closed" => "desk.removal.closed",
        "moved" => "desk.removal.moved",
        "mine" => "desk.removal.mine",
        "wrong" => "desk.removal.wrong",
        _ => return (one_line(reason), String::new()),
    };
    (base.t(key).into_owned(), words)
}

/// What only pilots read: the contact person, the word for them.
fn private(base: &Base, first: &Proposal) -> Vec<(String, String)> {
    let told: Option<serde_json::Value> =
        first.private.as_deref().and_then(|private| serde_json::from_str(private).ok());
    let Some(told) = told else { return Vec::new() };
    let of = |key: &str, name: &str| {
        let words = told.get(key)?.as_str()?.trim();
        (!words.is_empty()).then(|| (base.t(name).into_owned(), words.to_owned()))
    };
    [of("contact", "desk.fact.contact"), of("remark", "desk.fact.remark")]
        .into_iter()
        .flatten()
        .collect()
}

/// What an offer would lack.
fn lacks(base: &Base, row: &Row) -> Vec<String> {
    let blocking = missing(row).into_iter().map(|it| checks::missing(base.locale, it));
    let unmet = qualiopi(row).into_iter().filter(|item| !item.met);
    blocking.chain(unmet.map(|item| checks::item(base.locale, &item))).collect()
}

/// The keys that do something on a page.
fn page_keys(page: &ProposalPage, is_plain: bool) -> Vec<KeyHelp> {
    let (is_open, has_fields) = (page.is_open, !page.fields.is_empty());
    let can_edit = page.fields.iter().any(|field| field.can_edit);
    let all = [
        ("↵", "desk.keys.decide", is_open),
        ("j", "desk.keys.next", has_fields),
        ("k", "desk.keys.previous", has_fields),
        ("a", "desk.keys.accept_field", is_open && has_fields),
        ("a", "desk.keys.accept_all", is_open && is_plain),
        ("r", "desk.keys.refuse_field", is_open && has_fields),
        ("r", "desk.keys.refuse_all", is_open),
        ("e", "desk.keys.edit_field", is_open && can_edit),
        ("q", "desk.keys.ask", is_open && page.can_ask),
        ("d", "desk.keys.similar", !page.twins.is_empty()),
    ];
    keys(&page.base, &all)
}

/// The page where a pair stands, in the order in which it is kept.
pub fn pair(one: &tablee_domain::ids::RowId, other: &tablee_domain::ids::RowId) -> String {
    let (one, other) = ordered(one.clone(), other.clone());
    urls::desk_twins(&one, &other)
}
