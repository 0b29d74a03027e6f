//! What was done with a list, what was taken back of it, and what those who were added by it heard.

use std::collections::HashMap;

use axum::response::{IntoResponse, Redirect};
use tablee_domain::ids::{PersonId, Timestamp};
use tablee_domain::people::Role;
use tablee_storage::member_lists::MemberList;
use tablee_storage::people::{self, Person};

use super::super::people::role_name;
use crate::app::App;
use crate::i18n::{Locale, tn};
use crate::mail::welcoming::Became;
use crate::people::lists::{Done, Skipped, Undone};
use crate::templates::people::MembersDonePage;
use crate::templates::settings::Told;
use crate::templates::{Base, Here, Page};
use crate::web::error::WebResult;
use crate::web::urls;
use crate::wording::one_line;

/// What those who were added by a list heard of it.
#[derive(Default)]
struct Heard {
    /// When the first welcome that waits leaves.
    leaves: Option<Timestamp>,
    /// Welcomes that wait, that are on their way, that left, that could not.
    waits: usize,
    on_its_way: usize,
    left: usize,
    given_up: usize,
    /// Who may come in, never came, and was never written to.
    untold: Vec<Person>,
}

impl Heard {
    async fn of(app: &App, done: &Done) -> WebResult<Self> {
        let added = done.added_ids();
        let mut tx = app.store.read().await?;
        let people = people::find_many(&mut tx, &added).await?;
        let welcomed = app.mails.welcomed(&mut tx, &added).await?;
        let invited = app.mails.invited(&mut tx, &added).await?;
        drop(tx);
        let mut heard = Self::default();
        for welcome in welcomed.values() {
            match welcome.now {
                Became::Waits(at) => {
                    heard.waits += 1;
                    heard.leaves = Some(heard.leaves.map_or(at, |first| first.min(at)));
                }
                Became::OnItsWay => heard.on_its_way += 1,
                Became::Left(_) => heard.left += 1,
                Became::GivenUp => heard.given_up += 1,
            }
        }
        let is_untold = |person: &Person| {
            let was_told = welcomed.contains_key(&person.id) || invited.contains(&person.id);
            person.role.is_some() && person.seen_at.is_none() && !was_told
        };
        heard.untold = people.into_iter().filter(is_untold).collect();
        Ok(heard)
    }

    fn in_words(&self, app: &App, locale: Locale) -> Vec<String> {
        let moment = |at| app.config.web.time_zone.moment(locale, at);
        let when = self.leaves.map(moment).unwrap_or_default();
        let sums = [
            ("people.list_waits", self.waits),
            ("people.list_on_its_way", self.on_its_way),
            ("people.list_left_mails", self.left),
            ("people.list_given_up", self.given_up),
        ];
        let told = sums.into_iter().filter(|(_, n)| *n > 0);
        told.map(|(key, n)| tn(locale, key, n, &[("when", &when)])).collect()
    }
}

/// Writes to those who were added without being told, and never came.
pub async fn tell(
    app: &App,
    base: Base,
    by: PersonId,
    (list, done): (&MemberList, &Done),
) -> WebResult {
    let heard = Heard::of(app, done).await?;
    let mut tx = app.store.begin().await?;
    app.mails.welcome(&mut tx, &heard.untold, app.clock.now()).await?;
    tx.commit().await?;
    tracing::info!(
        by = by.get(),
        list = list.id,
        mails = heard.untold.len(),
        "people were welcomed"
    );
    let to = format!("{}?fait=prevenues", urls::members_file(list.id));
    Ok(Redirect::to(&base.link(&to)).into_response())
}

async fn names(app: &App) -> WebResult<HashMap<PersonId, String>> {
    let all = people::list(&mut app.store.read().await?).await?;
    Ok(all.into_iter().map(|person| (person.id, one_line(&person.name))).collect())
}

/// What was done with a list.
pub async fn done_page(
    app: &App,
    base: Base,
    list: &MemberList,
    done: &Done,
    was_told: bool,
) -> WebResult {
    let locale = base.locale;
    let names = names(app).await?;
    let heard = Heard::of(app, done).await?;
    let mut sums = sums(&base, done);
    sums.extend(heard.in_words(app, locale));
    // Whoever was removed since has no name any more.
    let person = |id: PersonId, words: String| match names.get(&id) {
        Some(_) => (words, base.link(&urls::person(id))),
        None => (base.t("history.former").into_owned(), String::new()),
    };
    let role = |role: Option<Role>| role_name(locale, role);
    let arrow = |name: &str, before: &str, after: &str| format!("{name} : {before} → {after}");
    let name = |id: PersonId| names.get(&id).cloned().unwrap_or_default();
    let added =
        done.added.iter().map(|it| person(it.id, format!("{} ({})", it.name, role(Some(it.role)))));
    let renamed =
        done.renamed.iter().map(|it| person(it.id, format!("{} → {}", it.before, it.after)));
    let roles = done
        .roles
        .iter()
        .map(|it| person(it.id, arrow(&name(it.id), &role(it.before.0), &role(it.after.0))));
    let skipped = done.skipped.iter().map(|(row, why)| {
        let key = match why {
            Skipped::ThereByNow => "people.list_skip_there",
            Skipped::ChangedMeanwhile => "people.list_skip_changed",
            Skipped::RoleIsKept => "people.list_skip_role",
        };
        (base.t1(key, "line", &row.to_string()).into_owned(), String::new())
    });
    let groups: Vec<(String, Vec<(String, String)>)> = vec![
        (base.t("people.list_group_added").into_owned(), added.collect()),
        (base.t("people.list_group_renamed").into_owned(), renamed.collect()),
        (base.t("people.list_group_roles").into_owned(), roles.collect()),
        (base.t("people.list_group_skipped").into_owned(), skipped.collect()),
    ];
    let can_undo = !(done.added.is_empty() && done.renamed.is_empty() && done.roles.is_empty());
    let untold = heard.untold.len();
    let page = MembersDonePage {
        told: was_told.then(|| Told::done(base.t("people.list_told"))),
        file: one_line(&list.file_name),
        action: base.link(&urls::members_file(list.id)),
        version: list.version,
        sums,
        untold: (untold > 0).then(|| tn(locale, "people.list_untold", untold, &[])),
        groups: groups.into_iter().filter(|(_, lines)| !lines.is_empty()).collect(),
        can_undo,
        base: base.at(Here::Settings),
    };
    Ok(page.into_page())
}

/// What was done, by kinds; nothing of kinds that do not occur.
fn sums(base: &Base, done: &Done) -> Vec<String> {
    let sums = [
        ("people.list_did_add", done.added.len()),
        ("people.list_did_rename", done.renamed.len()),
        ("people.list_did_roles", done.roles.len()),
        ("people.list_did_skip", done.skipped.len()),
        ("people.list_same", done.same),
        ("people.list_left", done.left),
    ];
    let told = sums.into_iter().filter(|(_, n)| *n > 0);
    let mut sums: Vec<String> = told.map(|(key, n)| tn(base.locale, key, n, &[])).collect();
    if sums.is_empty() {
        sums.push(base.t("people.list_nothing").into_owned());
    }
    sums
}

/// What was taken back of a list.
pub async fn undone_page(app: &App, base: Base, list: &MemberList, undone: &Undone) -> WebResult {
    let names = names(app).await?;
    let sums = [
        ("people.list_undid_add", undone.removed),
        ("people.list_undid_rename", undone.renamed),
        ("people.list_undid_roles", undone.roles),
        ("people.list_undid_kept", undone.kept.len()),
    ];
    let told = sums.into_iter().filter(|(_, n)| *n > 0);
    let kept = undone
        .kept
        .iter()
        .filter_map(|id| Some((names.get(id)?.clone(), base.link(&urls::person(*id)))));
    let kept: Vec<(String, String)> = kept.collect();
    let title = base.t("people.list_group_kept").into_owned();
    let page = MembersDonePage {
        told: None,
        file: one_line(&list.file_name),
        action: base.link(&urls::members_file(list.id)),
        version: list.version,
        untold: None,
        sums: told.map(|(key, n)| tn(base.locale, key, n, &[])).collect(),
        groups: if kept.is_empty() { Vec::new() } else { vec![(title, kept)] },
        can_undo: false,
        base: base.at(Here::Settings),
    };
    Ok(page.into_page())
}
