//! What became of a proposal, in words.

use askama::Template;
use tablee_domain::ids::Timestamp;
use tablee_domain::offer::{Status, slug};
use tablee_domain::proposal::{self, Payload};
use tablee_domain::table::{Plain, Row};
use tablee_storage::proposal_events::{By, Event, Happened};
use tablee_storage::proposals::{Kind, Proposal, State};

use crate::app::App;
use crate::i18n::{self, Locale, t};
use crate::proposing::Followed;
use crate::templates::{Base, HOSTILE, Here, Page};
use crate::web::pages::propose::content::{self, Line};
use crate::web::pages::propose::receipt::sample_lines;
use crate::web::urls;
use crate::wording::one_line;

/// What became of a proposal.
#[derive(Debug, Template)]
#[template(path = "pages/follow.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent thing to show")]
pub struct FollowPage {
    /// What is around it.
    pub base: Base,
    /// Where its forms are sent.
    pub action: String,
    /// What was just done.
    pub notice: Option<String>,
    /// What is wrong with the message.
    pub error: Option<String>,
    /// The number.
    pub receipt: String,
    /// What it asks for.
    pub kind: String,
    /// When it came in.
    pub sent_on: String,
    /// Where it stands.
    pub state: String,
    /// What that means.
    pub help: String,
    /// Why it was refused.
    pub reason: Option<String>,
    /// The offer that it is about.
    pub about: Option<OfferLink>,
    /// What happened.
    pub events: Vec<EventView>,
    /// What was sent.
    pub lines: Vec<Line>,
    /// Nothing of it is left.
    pub is_empty: bool,
    /// Where it can be changed.
    pub edit: Option<String>,
    /// It may be written about.
    pub can_answer: bool,
    /// A question waits.
    pub is_asked: bool,
    /// It may be taken back.
    pub can_withdraw: bool,
    /// Whether it asks if it should be.
    pub asks_withdrawal: bool,
    /// Its version.
    pub version: i64,
    /// The message that was typed.
    pub typed: String,
    /// The page is opened by a secret link.
    pub by_link: bool,
}

/// An offer, with its page where everybody sees it.
#[derive(Debug, Clone)]
pub struct OfferLink {
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: Option<String>,
}

/// One thing that happened.
#[derive(Debug, Clone)]
pub struct EventView {
    /// When.
    pub at: String,
    /// What.
    pub what: String,
    /// Who.
    pub by: String,
    /// In which words.
    pub words: Option<String>,
}

/// The link is not good.
#[derive(Debug, Template)]
#[template(path = "pages/follow_gone.html")]
pub struct GonePage {
    /// What is around it.
    pub base: Base,
}

impl FollowPage {
    /// What became of a proposal.
    pub async fn of(app: &App, base: Base, path: &str, followed: &Followed) -> Self {
        let (columns, visible) = app.proposing.table().await;
        let locale = base.locale;
        let proposal = &followed.proposal;
        let row = visible
            .ok()
            .zip(proposal.row.as_ref())
            .and_then(|(visible, id)| visible.values.present().find(|row| row.id == *id).cloned());
        let stage = told_state(proposal, app.clock.now());
        let is_public = row.as_ref().is_some_and(|row| Status::of(row).is_public());
        let events = told_events(proposal, &followed.events, app.clock.now());
        let retouched =
            events.iter().any(|it| matches!(it.event, Event::Accepted { retouched: true }));
        let key = state_key(stage, is_public && proposal.kind != Kind::Removal, retouched);
        let payload = payload(followed);
        let lines = payload.map(|payload| content::lines(locale, &columns, &payload));
        let say = |key: &str| t(locale, key, &[]).into_owned();
        let by_link = path.starts_with(urls::FOLLOW_LOST);
        let here = if by_link { Here::Propose } else { Here::Mine };
        Self {
            action: base.link(path),
            notice: None,
            error: None,
            receipt: proposal.receipt.clone(),
            kind: say(kind_key(proposal.kind)),
            sent_on: i18n::day(locale, proposal.at),
            state: say(&format!("follow.state.{key}")),
            help: say(&format!("follow.state_help.{key}")),
            reason: proposal.reason.clone().filter(|_| stage == State::Refused),
            // What is not published is for those who see the table.
            about: row.filter(|_| is_public || !by_link).map(|row| offer_link(&base, &row)),
            events: events.iter().map(|event| view(locale, event)).collect(),
            is_empty: lines.is_none(),
            lines: lines.unwrap_or_default(),
            edit: followed
                .can_be_edited()
                .then(|| base.link(&format!("{path}/modifier")))
                .filter(|_| proposal.kind != Kind::Suggestion),
            can_answer: followed.can_be_answered(),
            is_asked: stage == State::Asked,
            can_withdraw: followed.can_be_withdrawn(),
            asks_withdrawal: false,
            version: proposal.version,
            typed: String::new(),
            by_link,
            base: Base { links: app.assets.propose(), ..base }.at(here),
        }
    }
}

/// An offer, as whoever proposed something about it may see it.
pub fn offer_link(base: &Base, row: &Row) -> OfferLink {
    let title = one_line(row.text("intitule"));
    let is_public = Status::of(row).is_public();
    OfferLink {
        href: is_public.then(|| base.link(&urls::offer(&slug(&title), &row.id))),
        title: if title.is_empty() { base.t("offer.untitled").into_owned() } else { title },
    }
}

/// Where a proposal stands, for its author: a refusal that can still be undone was not told to anybody. What
/// was accepted stands in the table, where everybody sees it.
pub fn told_state(proposal: &Proposal, now: Timestamp) -> State {
    if is_kept_back(proposal, now) { State::Taken } else { proposal.state }
}

/// Whether a decision is still to be told.
fn is_kept_back(proposal: &Proposal, now: Timestamp) -> bool {
    let waits = proposal.not_before.is_some_and(|until| until > now);
    match proposal.state {
        State::Refused => waits,
        // Being written: not there yet.
        State::Accepting => true,
        _ => false,
    }
}

/// What happened, without what a pilot undid, and without decisions that can still be undone.
fn told_events<'e>(
    proposal: &Proposal,
    events: &'e [Happened],
    now: Timestamp,
) -> Vec<&'e Happened> {
    let is_decision =
        |it: &&Happened| matches!(it.event, Event::Accepted { .. } | Event::Refused { .. });
    let is_undone = |it: &&Happened| is_decision(it) || matches!(it.event, Event::Asked(_));
    let mut told: Vec<&Happened> = Vec::new();
    for happened in events {
        if happened.event == Event::Undone {
            if let Some(at) = told.iter().rposition(&is_undone) {
                told.remove(at);
            }
        } else {
            told.push(happened);
        }
    }
    if told_state(proposal, now) != proposal.state {
        told.retain(|it| !is_decision(it));
    }
    told
}

/// The word of a state in the texts of the interface.
pub fn state_key(state: State, is_public: bool, retouched: bool) -> &'static str {
    match (state, is_public, retouched) {
        (State::Accepted, true, true) => "published_retouched",
        (State::Accepted, true, false) => "published",
        (State::Accepted, false, true) => "accepted_retouched",
        (other, ..) => other.as_str(),
    }
}

/// The key of the words for what a proposal asks for.
pub fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::New => "follow.kind.new",
        Kind::Correction => "follow.kind.correction",
        Kind::Removal => "follow.kind.removal",
        Kind::Suggestion => "follow.kind.suggestion",
    }
}

/// What a proposal asks for; a suggested edit, as the correction that it is.
fn payload(followed: &Followed) -> Option<Payload> {
    if followed.proposal.kind != Kind::Suggestion {
        return followed.payload.clone();
    }
    let edit: serde_json::Value = serde_json::from_str(&followed.proposal.payload).ok()?;
    let plain = |names: [&str; 2]| {
        let value = names.iter().find_map(|name| edit.get(*name))?;
        serde_json::from_value::<Plain>(value.clone()).ok()
    };
    let key = edit.get("key").and_then(serde_json::Value::as_str).unwrap_or_default();
    let of =
        |value: Option<Plain>| value.map(|value| (key.to_owned(), value)).into_iter().collect();
    Some(Payload {
        kind: proposal::Kind::Correction,
        row: followed.proposal.row.clone(),
        cells: of(plain(["value", "to"])),
        base: of(plain(["before", "from"])),
        reason: None,
    })
}

fn view(locale: Locale, happened: &Happened) -> EventView {
    let (key, words) = match &happened.event {
        Event::Received => ("received", None),
        Event::Confirmed => ("confirmed", None),
        Event::Taken => ("taken", None),
        Event::Asked(words) => ("asked", Some(words)),
        Event::Answered(words) => ("answered", Some(words)),
        Event::Edited => ("edited", None),
        Event::Accepted { retouched: true } => ("accepted_retouched", None),
        Event::Accepted { retouched: false } => ("accepted", None),
        Event::Refused { reason } => ("refused", Some(reason)),
        Event::Undone => ("undone", None),
        // What pilots note is never read here.
        Event::Withdrawn | Event::Noted(_) => ("withdrawn", None),
    };
    let by = match happened.by {
        By::Author => "follow.you",
        By::Pilot(_) => "follow.pilot",
        By::Program => "follow.nobody",
    };
    EventView {
        at: i18n::day(locale, happened.at),
        what: t(locale, &format!("follow.event.{key}"), &[]).into_owned(),
        by: t(locale, by, &[]).into_owned(),
        words: words.filter(|words| !words.is_empty()).cloned(),
    }
}

impl Page for FollowPage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, open: bool| Self {
            base: Base::default(),
            action: urls::follow("00ff"),
            notice: open.then(|| words.to_owned()),
            error: (!open).then(|| words.to_owned()),
            receipt: "P-12AB".to_owned(),
            kind: words.to_owned(),
            sent_on: words.to_owned(),
            state: words.to_owned(),
            help: words.to_owned(),
            reason: Some(words.to_owned()),
            about: Some(OfferLink {
                title: words.to_owned(),
                href: open.then(|| "/formations/x-r1".to_owned()),
            }),
            events: vec![EventView {
                at: words.to_owned(),
                what: words.to_owned(),
                by: words.to_owned(),
                words: Some(words.to_owned()),
            }],
            lines: sample_lines(words),
            is_empty: !open,
            edit: open.then(|| "/suivi/00ff/modifier".to_owned()),
            can_answer: true,
            is_asked: open,
            can_withdraw: true,
            asks_withdrawal: !open,
            version: 3,
            typed: words.to_owned(),
            by_link: open,
        };
        vec![of("Débattre", true), of(HOSTILE, false)]
    }
}

impl Page for GonePage {
    fn samples() -> Vec<Self> {
        vec![Self { base: Base::default() }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tablee_domain::ids::{ProposalId, TableId};

    const NOON: Timestamp = Timestamp(1_795_435_200_000);

    fn decided(state: State, until: i64) -> Proposal {
        Proposal {
            id: ProposalId(1),
            table: TableId(1),
            receipt: "P-1AB".to_owned(),
            kind: Kind::New,
            state,
            author: None,
            author_email: None,
            author_name: None,
            private: None,
            language: "fr".to_owned(),
            key_of_client: "k".to_owned(),
            row: None,
            payload: "{}".to_owned(),
            score: 0.0,
            at: NOON,
            changed_at: NOON,
            taken: None,
            decided: None,
            reason: None,
            decision: None,
            not_before: Some(Timestamp(NOON.get() + until)),
            version: 1,
        }
    }

    fn happened(event: Event) -> Happened {
        Happened { id: 1, at: NOON, by: By::Program, event }
    }

    #[test]
    fn a_refusal_that_can_still_be_undone_is_told_to_nobody_and_what_stands_in_the_table_is() {
        let events = [happened(Event::Taken), happened(Event::Refused { reason: "x".into() })];
        let (fresh, told) = (decided(State::Refused, 1), decided(State::Refused, 0));

        assert_eq!(told_state(&fresh, NOON), State::Taken);
        assert_eq!(told_events(&fresh, &events, NOON).len(), 1);
        assert_eq!(told_state(&told, NOON), State::Refused);
        assert_eq!(told_state(&decided(State::Accepted, 1), NOON), State::Accepted);
        assert_eq!(told_state(&decided(State::Accepting, 1), NOON), State::Taken);
        assert_eq!(told_events(&told, &events, NOON).len(), 2);
    }

    #[test]
    fn a_decision_that_was_undone_never_was() {
        let events = [
            happened(Event::Taken),
            happened(Event::Accepted { retouched: false }),
            happened(Event::Undone),
        ];

        let told = told_events(&decided(State::Taken, 0), &events, NOON);

        assert_eq!(told.iter().map(|it| &it.event).collect::<Vec<_>>(), [&Event::Taken]);
    }

    #[test]
    fn a_question_that_was_undone_was_never_asked_and_one_that_was_answered_stays() {
        let asked = || happened(Event::Asked("Où ?".into()));
        let undone = [asked(), happened(Event::Undone)];
        let answered = [
            asked(),
            happened(Event::Answered("Là.".into())),
            happened(Event::Accepted { retouched: false }),
            happened(Event::Undone),
        ];
        let count =
            |events: &[Happened]| told_events(&decided(State::Taken, 0), events, NOON).len();

        assert_eq!((count(&undone), count(&answered)), (0, 2));
    }

    #[test]
    fn every_state_and_every_event_has_its_words() {
        for state in State::ALL {
            for (is_public, retouched) in
                [(false, false), (false, true), (true, false), (true, true)]
            {
                let key = state_key(state, is_public, retouched);
                for part in ["state", "state_help"] {
                    let key = format!("follow.{part}.{key}");
                    assert_ne!(t(Locale::Fr, &key, &[]), key, "nobody wrote `{key}`");
                }
            }
        }
        let words = || "x".to_owned();
        for event in [
            Event::Received,
            Event::Confirmed,
            Event::Taken,
            Event::Asked(words()),
            Event::Answered(words()),
            Event::Edited,
            Event::Accepted { retouched: false },
            Event::Accepted { retouched: true },
            Event::Refused { reason: words() },
            Event::Undone,
            Event::Withdrawn,
        ] {
            let told = view(Locale::Fr, &happened(event)).what;
            assert!(!told.starts_with("follow."), "nobody wrote `{told}`");
        }
    }
}
