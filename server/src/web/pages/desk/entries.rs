//! `GET /atelier`: the list.

use axum::extract::State;
use axum::http::Uri;
use tablee_domain::ids::ProposalId;
use tablee_domain::offer::checks::Warning;
use tablee_domain::offer::{Status, slug};
use tablee_storage::people;
use tablee_storage::proposals::{self, Kind, Proposal, State as Stage};

use super::{Names, age, asked, at_desk, counted, failure, keys, short, titled, who_looks};
use crate::app::App;
use crate::desk::case::AT_ONCE;
use crate::desk::deciding::Decision;
use crate::desk::found::EXPECTED;
use crate::desk::list::{Entry, EntryKind, Everything, List, Thing};
use crate::desk::versions_of;
use crate::i18n::{t, tn};
use crate::templates::desk::{DeskPage, Done, EntryView, ListLink, Undo};
use crate::templates::{Base, Page};
use crate::web::error::WebResult;
use crate::web::extract::TableAccess;
use crate::web::extract::table_access::Curate;
use crate::web::urls;

/// Entries of a page.
const ON_A_PAGE: usize = 25;

/// Shows a list.
pub async fn show(
    access: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    uri: Uri,
) -> WebResult {
    let base = at_desk(&app, base);
    app.desk.settle_all().await.map_err(failure)?;
    let all = app.desk.everything().await.map_err(failure)?;
    let here = List::of_word(&asked(&uri, "quoi").unwrap_or_default());
    let done = done(&app, &base, &uri, &all).await?;
    let mut tx = app.store.read().await?;
    let names = Names::of(&mut tx).await?;
    drop(tx);
    let me = access.by.id;
    let shown: Vec<&Entry> = all.entries.iter().filter(|entry| here.holds(entry, me)).collect();
    let pages = shown.len().div_ceil(ON_A_PAGE).max(1);
    let page: usize = asked(&uri, "page").and_then(|page| page.parse().ok()).unwrap_or(1);
    let page = page.clamp(1, pages);
    let from = (page - 1) * ON_A_PAGE;
    let of_page = shown.iter().skip(from).take(ON_A_PAGE).copied();
    let of_page = app.desk.told(&all, of_page).await.map_err(failure)?;
    let look = Look { app: &app, base: &base, names: &names, list: here };
    let entries: Vec<EntryView> = of_page.iter().map(|entry| look.entry(entry, me)).collect();
    let address = |page: usize| base.link(&urls::desk_list(here.word(), page));
    let (has_entries, undoes) =
        (!entries.is_empty(), done.as_ref().is_some_and(|it| it.undo.is_some()));
    let keys = keys(
        &base,
        &[
            ("j", "desk.keys.next", has_entries),
            ("k", "desk.keys.previous", has_entries),
            ("↵", "desk.keys.open_entry", has_entries),
            ("u", "desk.keys.undo", undoes),
        ],
    );
    let view = DeskPage {
        done,
        lists: lists(&base, &all, here, me),
        counted: tn(base.locale, "desk.found", shown.len(), &[]),
        help: help(&base, here),
        entries,
        empty: empty(&base, here),
        previous: (page > 1).then(|| address(page - 1)),
        next: (page < pages).then(|| address(page + 1)),
        where_in_pages: t(
            base.locale,
            "desk.page",
            &[("page", &counted(&base, page)), ("pages", &counted(&base, pages))],
        )
        .into_owned(),
        keys,
        base: base.clone(),
    };
    Ok(view.into_page())
}

fn lists(
    base: &Base,
    all: &Everything,
    here: List,
    me: tablee_domain::ids::PersonId,
) -> Vec<ListLink> {
    let links = List::ALL.into_iter().filter_map(|list| {
        let count = all.entries.iter().filter(|entry| list.holds(entry, me)).count();
        let is_shown = count > 0 || list == here || list == List::All;
        is_shown.then(|| ListLink {
            label: base.t(label(list)).into_owned(),
            count: counted(base, count),
            href: base.link(&urls::desk_list(list.word(), 1)),
            is_here: list == here,
        })
    });
    links.collect()
}

fn label(list: List) -> &'static str {
    match list {
        List::All => "desk.list.all",
        List::New => "desk.list.new",
        List::Correction => "desk.list.correction",
        List::Removal => "desk.list.removal",
        List::Suggestion => "desk.list.suggestion",
        List::ToCheck => "desk.list.to_check",
        List::Twins => "desk.list.twins",
        List::Stale => "desk.list.stale",
        List::Incomplete => "desk.list.incomplete",
        List::Mine => "desk.list.mine",
        List::Spam => "desk.list.spam",
        List::Aside => "desk.list.aside",
    }
}

fn help(base: &Base, list: List) -> String {
    let key = match list {
        List::Spam => "desk.list_help.spam",
        List::Suggestion => "desk.list_help.suggestion",
        List::ToCheck => "desk.list_help.to_check",
        List::Twins => "desk.list_help.twins",
        List::Stale => "desk.list_help.stale",
        List::Incomplete => "desk.list_help.incomplete",
        List::Aside => "desk.list_help.aside",
        List::All | List::New | List::Correction | List::Removal | List::Mine => {
            return String::new();
        }
    };
    base.t(key).into_owned()
}

fn empty(base: &Base, list: List) -> (String, String) {
    let text = if list == List::All { "desk.empty.text" } else { "desk.empty.filtered" };
    (base.t("desk.empty.title").into_owned(), base.t(text).into_owned())
}

/// What an entry asks.
pub fn kind(base: &Base, kind: EntryKind) -> String {
    let key = match kind {
        EntryKind::New => "desk.kind.new",
        EntryKind::Correction => "desk.kind.correction",
        EntryKind::Removal => "desk.kind.removal",
        EntryKind::Suggestion => "desk.kind.suggestion",
        EntryKind::ToCheck => "desk.kind.to_check",
        EntryKind::Twins => "desk.kind.twins",
        EntryKind::Stale => "desk.kind.stale",
        EntryKind::Incomplete => "desk.kind.incomplete",
    };
    base.t(key).into_owned()
}

/// Where a proposal stands.
pub fn stage(base: &Base, found: &Proposal, names: &Names) -> String {
    let key = match found.state {
        Stage::Unconfirmed => "desk.state.unconfirmed",
        Stage::Received => "desk.state.received",
        Stage::Taken => {
            let who = found.taken.and_then(|(person, _)| person);
            let who = names.name(base, who);
            return base.t1("desk.state.taken_by", "who", &who).into_owned();
        }
        Stage::Asked => "desk.state.asked",
        Stage::Accepting => "desk.state.accepting",
        Stage::Accepted if Decision::of(found).is_some_and(|it| it.retouched) => {
            "desk.state.retouched"
        }
        Stage::Accepted => "desk.state.accepted",
        Stage::Refused => "desk.state.refused",
        Stage::Withdrawn => "desk.state.withdrawn",
    };
    base.t(key).into_owned()
}

/// The address of a thing.
pub fn href(base: &Base, thing: &Thing) -> String {
    base.link(&match thing {
        Thing::Case(id) => urls::desk_proposal(*id),
        Thing::Row(row) => urls::desk_row(row),
        Thing::Twins(one, other) => urls::desk_twins(one, other),
    })
}

struct Look<'a> {
    app: &'a App,
    base: &'a Base,
    names: &'a Names,
    list: List,
}

impl Look<'_> {
    fn entry(&self, entry: &Entry, me: tablee_domain::ids::PersonId) -> EntryView {
        let (base, now) = (self.base, self.app.clock.now());
        let word = entry.thing.word();
        let titles: Vec<String> = entry.titles.iter().map(|title| titled(base, title)).collect();
        let others = self.app.desk.presence().others(&word, me, now);
        EntryView {
            title: titles.join(" · "),
            href: in_list(&href(base, &entry.thing), self.list),
            kind: kind(base, entry.kind),
            facts: self.facts(entry),
            why: self.why(entry),
            badges: self.badges(entry),
            who: who_looks(base, &others),
            id: format!("e-{word}"),
        }
    }

    fn facts(&self, entry: &Entry) -> Vec<String> {
        let (base, now) = (self.base, self.app.clock.now());
        let mut facts = Vec::new();
        facts.extend(entry.at.map(|at| age(base, at, now)));
        if let Some(author) = entry.author {
            let who = match author {
                None => base.t("desk.visitor").into_owned(),
                Some(_) => self.names.name(base, author),
            };
            facts.push(base.t1("desk.entry.by", "who", &who).into_owned());
        }
        match entry.state {
            Some(Stage::Taken) => {
                let who = self.names.name(base, entry.taken_by);
                facts.push(base.t1("desk.state.taken_by", "who", &who).into_owned());
            }
            Some(Stage::Asked) => facts.push(base.t("desk.state.asked").into_owned()),
            _ => {}
        }
        if entry.edits > 0 {
            facts.push(tn(base.locale, "desk.entry.suggestions", entry.edits, &[]));
        }
        if let Some(until) = entry.aside {
            let day = crate::i18n::day(base.locale, until);
            facts.push(base.t1("desk.entry.until", "day", &day).into_owned());
        }
        facts
    }

    fn why(&self, entry: &Entry) -> String {
        let base = self.base;
        if let Some((score, why)) = &entry.alike {
            return alike(base, *score, why);
        }
        if !entry.missing.is_empty() {
            let all = entry.missing.iter().map(|key| base.t(&format!("checks.missing.{key}")));
            let what = all.collect::<Vec<_>>().join(", ");
            return base.t1("desk.entry.lacks", "what", &what).into_owned();
        }
        let gravest = Warning::KEYS.iter().find(|key| entry.warnings.contains(key));
        gravest.map(|key| base.t(&format!("checks.warning.{key}")).into_owned()).unwrap_or_default()
    }

    fn badges(&self, entry: &Entry) -> Vec<String> {
        let base = self.base;
        let mut badges = Vec::new();
        if let Some(met) = entry.met {
            let (met, all) = (counted(base, met), counted(base, EXPECTED));
            let args = [("met", met.as_str()), ("all", all.as_str())];
            badges.push(t(base.locale, "desk.entry.complete", &args).into_owned());
        }
        if entry.has_twin {
            badges.push(base.t("desk.entry.twin").into_owned());
        }
        if entry.is_suspect {
            badges.push(base.t("desk.entry.spam").into_owned());
        }
        badges
    }
}

/// In what two rows resemble each other.
pub fn alike(base: &Base, score: f64, why: &[tablee_domain::offer::duplicate::Likeness]) -> String {
    let why: Vec<_> =
        why.iter().map(|one| base.t(&format!("import.likeness.{}", one.key()))).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1")]
    let score = counted(base, (score * 100.0).round() as usize);
    t(base.locale, "desk.entry.alike", &[("why", &why.join(", ")), ("score", &score)]).into_owned()
}

/// An address that remembers from which list it was opened.
fn in_list(href: &str, list: List) -> String {
    if list == List::All {
        return href.to_owned();
    }
    let joint = if href.contains('?') { '&' } else { '?' };
    format!("{href}{joint}liste={}", list.word())
}

/// What was just done, as the address says it: `fait` names it, `sur` what it was done to.
async fn done(app: &App, base: &Base, uri: &Uri, all: &Everything) -> WebResult<Option<Done>> {
    let Some(what) = asked(uri, "fait") else { return Ok(None) };
    let on = asked(uri, "sur").unwrap_or_default();
    if let Some(Thing::Row(row)) = Thing::of_word(&on) {
        let found = all.visible.values.rows.iter().find(|it| it.id == row);
        let title = titled(base, found.map(|row| row.text("intitule")).unwrap_or_default());
        let key = match what.as_str() {
            "publiee" => "desk.done.published",
            "archivee" => "desk.done.archived",
            "confirmee" => "desk.done.confirmed",
            "plus-tard" => "desk.done.aside",
            "a-jour" => "desk.done.to_check",
            _ => return Ok(None),
        };
        let words = base.t1(key, "title", &short(&title)).into_owned();
        return Ok(Some(Done { words, undo: None, link: None }));
    }
    if let Some(Thing::Twins(one, other)) = Thing::of_word(&on) {
        let action = base.link(&urls::desk_twins(&one, &other));
        let (key, undo) = match what.as_str() {
            "distinctes" => {
                let (version, until) = Default::default();
                ("desk.done.two", Some(Undo { action, version, until }))
            }
            "doublons" => ("desk.done.two_undone", None),
            _ => return Ok(None),
        };
        return Ok(Some(Done { words: base.t(key).into_owned(), undo, link: None }));
    }
    let ids = on.split('-').filter_map(|id| id.parse().ok().map(ProposalId));
    let mut tx = app.store.read().await?;
    let found = proposals::those(&mut tx, &ids.take(AT_ONCE).collect::<Vec<_>>()).await?;
    let Some(first) = found.first() else { return Ok(None) };
    let case = crate::desk::case::case_of(found.clone());
    let row = case.row_in(&all.visible.values);
    let made = case.would_be(&all.visible.values.columns, row);
    let title = titled(base, row.map_or_else(|| made.text("intitule"), |row| row.text("intitule")));
    let status = row.map(|row| (Status::of(row), row.deleted));
    let Some(key) = done_key(first, status) else { return Ok(None) };
    let in_time = found.iter().all(|it| it.not_before.is_some_and(|until| app.clock.now() < until));
    let undo = (in_time && what != "annulee").then(|| Undo {
        action: base.link(&urls::desk_proposal(first.id)),
        version: versions_of(&found),
        until: base.t("desk.undo_until").into_owned(),
    });
    let link = row.filter(|row| !row.deleted && Status::of(row).is_public()).map(|row| {
        let href = urls::offer(&slug(row.text("intitule")), &row.id);
        (base.link(&href), base.t("desk.done.see").into_owned())
    });
    let words = base.t1(key, "title", &short(&title)).into_owned();
    Ok(Some(Done { words, undo, link }))
}

fn done_key(first: &Proposal, row: Option<(Status, bool)>) -> Option<&'static str> {
    Some(match (first.state, first.kind, row) {
        (Stage::Accepted, Kind::Removal, Some((_, true))) => "desk.done.binned",
        (Stage::Accepted, Kind::Removal, _) => "desk.done.archived",
        (Stage::Accepted, Kind::New, Some((status, false))) if status.is_public() => {
            "desk.done.published"
        }
        (Stage::Accepted, Kind::New, _) => "desk.done.to_check",
        (Stage::Accepted, ..) => "desk.done.accepted",
        (Stage::Refused, ..) => "desk.done.refused",
        (Stage::Asked, ..) => "desk.done.asked",
        (Stage::Taken, ..) => "desk.done.undone",
        _ => return None,
    })
}

/// The person of an author, where they have an account.
pub async fn author_name(
    tx: &mut tablee_storage::Tx,
    base: &Base,
    found: &Proposal,
) -> WebResult<String> {
    let name = match found.author {
        Some(person) => people::find(tx, person).await?.map(|person| person.name),
        None => found.author_name.clone(),
    };
    let name = name.map(|name| crate::wording::one_line(&name)).filter(|name| !name.is_empty());
    let key = if found.author.is_some() { "desk.somebody" } else { "desk.visitor" };
    Ok(name.unwrap_or_else(|| t(base.locale, key, &[]).into_owned()))
}
