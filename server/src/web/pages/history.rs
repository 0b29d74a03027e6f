//! `GET /historique`: what was done, by whom and when, with the buttons that bring something back.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::Uri;
use tablee_domain::ids::{PersonId, RowId, Timestamp};
use tablee_domain::table::Origin;
use tablee_domain::text::collate::French;
use tablee_live::Visible;
use tablee_storage::{Tx, history as lines_of, people};

use crate::app::App;
use crate::catalogue::TABLE;
use crate::history::asked::THROUGH;
use crate::history::diff::{Effort, Fate, words};
use crate::history::places::Places;
use crate::history::told::By;
use crate::history::{Asked, Line, Told, told};
use crate::i18n::{self, Locale, Zone, t};
use crate::restoring::Restorer;
use crate::templates::catalogue::ActiveFilter;
use crate::templates::history::{ChangeView, Choice, Day, Filters, HistoryPage, MomentForm};
use crate::templates::{Base, Here, Page};
use crate::web::error::WebResult;
use crate::web::extract::TableAccess;
use crate::web::extract::table_access::Work;
use crate::web::urls;
use crate::wording::one_line;

/// Shows a page of changes to whoever may work in the table.
pub async fn show(
    TableAccess { by, .. }: TableAccess<Work>,
    base: Base,
    State(app): State<App>,
    uri: Uri,
) -> WebResult {
    let zone = &app.config.web.time_zone;
    let asked = Asked::of_query(uri.query(), zone);
    let room = app.rooms.open(TABLE).await?;
    let visible = room.values().await?;
    let mut tx = app.store.read().await?;
    let told = told(&mut tx, room.table(), &visible, &asked).await?;
    let actors = lines_of::actors(&mut tx, room.table()).await?;
    let people = people_of(&mut tx, &actors, base.locale).await?;
    let restorer = Restorer { app: &app, room: &room, by: &by };
    let (mut views, mut effort) = (Vec::new(), Effort::default());
    let look = Look {
        base: &base,
        visible: &visible,
        zone,
        places: Places { columns: &visible.values.columns, locale: base.locale },
    };
    for line in &told.lines {
        let restores = restores(&restorer, &mut tx, &look, line).await?;
        views.push((zone.day(line.entry.edit.at), look.change(line, restores, &mut effort)));
    }
    drop(tx);
    let page = look.page(&asked, &told, views, (people, app.clock.now()));
    let moment = by.role.can_curate().then(|| look.moment(app.clock.now()));
    Ok(HistoryPage { moment, base: base.at(Here::History), ..page }.into_page())
}

/// The people who changed something, by name; those who left come last.
async fn people_of(
    tx: &mut Tx,
    actors: &[PersonId],
    locale: Locale,
) -> WebResult<Vec<(PersonId, String)>> {
    let mut names: HashMap<PersonId, String> =
        people::list(tx).await?.into_iter().map(|person| (person.id, person.name)).collect();
    let mut named: Vec<(String, PersonId)> =
        actors.iter().map(|id| (names.remove(id).unwrap_or_default(), *id)).collect();
    let french = French::new();
    named.sort_by(|a, b| french.compare(&a.0, &b.0));
    let label = |name: &str, id: PersonId| match one_line(name) {
        name if name.is_empty() => format!("{} ({id})", t(locale, "history.former", &[])),
        name => name,
    };
    Ok(named.into_iter().map(|(name, id)| (id, label(&name, id))).collect())
}

/// What may be restored from a line, by whom it is shown to.
async fn restores(
    restorer: &Restorer<'_>,
    tx: &mut Tx,
    look: &Look<'_>,
    line: &Line,
) -> WebResult<Vec<(&'static str, String)>> {
    let edit = &line.entry.edit;
    let mut whats = Vec::new();
    let value = (&edit.row, edit.key.as_str(), if edit.lost { &edit.after } else { &edit.before });
    if edit.key != "~order" && restorer.may_set(tx, look.visible, value).await? {
        whats.push(if edit.lost { "lost" } else { "value" });
    }
    if restorer.by.role.can_curate() {
        if line.is_binned {
            whats.push("bin");
        }
        if line.title.is_some() && !edit.key.is_empty() && !edit.lost {
            whats.push("row");
        }
        if matches!(edit.origin, Origin::Import(_)) {
            whats.push("import");
        }
        if line.entry.first_revision.get() > 1 && !edit.lost {
            whats.push("moment");
        }
    }
    let label = |what: &str| t(look.base.locale, &format!("restore.button.{what}"), &[]);
    Ok(whats.into_iter().map(|what| (what, label(what).into_owned())).collect())
}

/// What the lines of a page are shown with.
struct Look<'a> {
    base: &'a Base,
    visible: &'a Visible,
    zone: &'a Zone,
    places: Places<'a>,
}

impl Look<'_> {
    fn t(&self, key: &str, args: &[(&str, &str)]) -> String {
        t(self.base.locale, key, args).into_owned()
    }

    fn page(
        &self,
        asked: &Asked,
        told: &Told,
        views: Vec<(String, ChangeView)>,
        (people, now): (Vec<(PersonId, String)>, Timestamp),
    ) -> HistoryPage {
        let address = |query: String| {
            let joint = if query.is_empty() { "" } else { "?" };
            self.base.link(&format!("{}{joint}{query}", urls::HISTORY))
        };
        let title = match asked.filter.row.as_ref() {
            Some(row) => self.t("history.title_row", &[("title", &self.title_of(row))]),
            None => self.t("history.title", &[]),
        };
        HistoryPage {
            base: self.base.clone(),
            title,
            filters: self.filters(asked, people),
            active: self.active(asked, &address),
            days: self.days(views, now),
            is_narrow: asked.is_narrow() || asked.before.is_some(),
            older: told.next.map(|next| address(asked.query(&[], Some(next)))),
            newest: asked.before.map(|_| address(asked.query(&[], None))),
            moment: None,
        }
    }

    fn filters(&self, asked: &Asked, people: Vec<(PersonId, String)>) -> Filters {
        let choice = |name: &str, value: String, label: String| Choice {
            is_chosen: asked.written(name) == value,
            value,
            label,
        };
        let columns = self.places.columns.iter().map(|column| {
            choice("column", column.id.as_str().to_owned(), self.places.column(&column.id))
        });
        let people = people.into_iter().map(|(id, name)| choice("person", id.to_string(), name));
        let ways = THROUGH.iter().map(|(word, _)| {
            choice("origin", (*word).to_owned(), self.t(&format!("history.ways.{word}"), &[]))
        });
        let kept = ["row", "key", "import"].into_iter();
        let kept = kept.map(|name| (name, asked.written(name).to_owned()));
        // The field holds days; a moment in milliseconds filters all the same.
        let day = |name, at: Option<Timestamp>| match asked.written(name) {
            day if day.contains('-') => day.to_owned(),
            _ => at.map(|at| self.zone.day(at)).unwrap_or_default(),
        };
        Filters {
            kept: kept.filter(|(_, value)| !value.is_empty()).collect(),
            columns: columns.collect(),
            people: people.collect(),
            ways: ways.collect(),
            since: day("since", asked.filter.since),
            until: day("until", asked.filter.until),
            lost_only: asked.filter.lost_only,
        }
    }

    /// The filters that no field shows, each with the way out of it.
    fn active(&self, asked: &Asked, address: &dyn Fn(String) -> String) -> Vec<ActiveFilter> {
        let filter = &asked.filter;
        let of_row = filter
            .row
            .as_ref()
            .map(|row| ("row", self.t("history.of_row", &[("title", &self.title_of(row))])));
        let of_place = filter
            .key
            .as_ref()
            .map(|key| ("key", self.t("history.of_place", &[("place", &self.places.label(key))])));
        let of_import = filter.import.map(|import| {
            ("import", self.t("history.of_import", &[("import", &import.to_string())]))
        });
        let all = [of_row, of_place, of_import].into_iter().flatten();
        all.map(|(name, label)| ActiveFilter {
            remove: self.t("catalogue.remove", &[("name", &label)]),
            label,
            href: address(asked.query(&[name], None)),
        })
        .collect()
    }

    /// Changes that follow each other on one day stand under its name.
    fn days(&self, views: Vec<(String, ChangeView)>, now: Timestamp) -> Vec<Day> {
        let mut days: Vec<(String, Day)> = Vec::new();
        for (day, view) in views {
            match days.last_mut() {
                Some((last, group)) if *last == day => group.changes.push(view),
                _ => {
                    let title = self.day_title(&day, now);
                    days.push((day, Day { title, changes: vec![view] }));
                }
            }
        }
        days.into_iter().map(|(_, day)| day).collect()
    }

    fn day_title(&self, day: &str, now: Timestamp) -> String {
        const DAY: i64 = 86_400_000;
        let words = i18n::date(self.base.locale, day);
        let key = if day == self.zone.day(now) {
            "history.today"
        } else if day == self.zone.day(Timestamp(now.get() - DAY)) {
            "history.yesterday"
        } else {
            return words;
        };
        t(self.base.locale, key, &[("day", &words)]).into_owned()
    }

    fn change(
        &self,
        line: &Line,
        restores: Vec<(&'static str, String)>,
        effort: &mut Effort,
    ) -> ChangeView {
        let edit = &line.entry.edit;
        let event = self.places.event(&edit.key, &edit.after);
        let place = if event.is_some() { String::new() } else { self.places.label(&edit.key) };
        let hour = self.zone.hour(self.base.locale, edit.at);
        let began = self.zone.hour(self.base.locale, line.entry.began_at);
        let title = self.title(line.title.as_deref());
        let href = || self.base.link(&urls::history_of(&edit.row));
        // A change of the whole line has no place: what happened to it says as much.
        let what = event.as_ref().unwrap_or(&place);
        let about = [("place", what.as_str()), ("title", &title), ("when", &hour)];
        let diff = words(
            &self.places.value(&edit.key, &edit.before),
            &self.places.value(&edit.key, &edit.after),
            effort,
        );
        // Words that did not change say nothing of what was done.
        let is_same = diff.iter().all(|piece| piece.fate == Fate::Stays);
        let unseen = (event.is_none() && is_same && !edit.lost).then(|| {
            let opened = edit.origin == Origin::MakeText;
            self.t(if opened { "history.opened" } else { "history.same" }, &[])
        });
        ChangeView {
            id: line.entry.id,
            datetime: in_utc(edit.at),
            about: self.t("restore.of", &about),
            hour: if began == hour {
                hour
            } else {
                self.t("history.run", &[("from", &began), ("to", &hour)])
            },
            who: who(self.base.locale, line.by.as_ref()),
            through: self.through(line),
            row: (title, line.title.as_ref().map(|_| href())),
            is_binned: line.is_binned,
            diff,
            place,
            event: event.or(unseen),
            is_lost: edit.lost,
            restores,
        }
    }

    fn through(&self, line: &Line) -> String {
        let (key, import) = match line.entry.edit.origin {
            Origin::Table | Origin::MakeText => ("history.through.table", String::new()),
            Origin::Import(import) => ("history.through.import", import.to_string()),
            Origin::Proposal(_) => return self.proposed(line),
            Origin::Merge => ("history.through.merge", String::new()),
            Origin::Restore => ("history.through.restore", String::new()),
            Origin::Columns => ("history.through.columns", String::new()),
            Origin::Command => ("history.through.command", String::new()),
            Origin::Program => ("history.through.program", String::new()),
        };
        self.t(key, &[("import", &import)])
    }

    /// By whose proposal: a visitor has no name here.
    fn proposed(&self, line: &Line) -> String {
        match line.proposed.as_ref().and_then(|proposed| proposed.by.as_ref()) {
            Some(by) => {
                let name = who(self.base.locale, Some(by));
                self.t("history.through.proposal", &[("name", &name)])
            }
            None => self.t("history.through.visitor", &[]),
        }
    }

    fn title_of(&self, row: &RowId) -> String {
        let found = self.visible.values.rows.iter().find(|known| known.id == *row);
        self.title(found.map(|row| row.text("intitule")))
    }

    fn title(&self, title: Option<&str>) -> String {
        match title.map(one_line) {
            Some(title) if title.is_empty() => self.t("offer.untitled", &[]),
            Some(title) => title,
            None => self.t("history.row_gone", &[]),
        }
    }

    fn moment(&self, now: Timestamp) -> MomentForm {
        let zone = self.zone.to_string();
        MomentForm {
            label: self.t("restore.moment_field", &[("zone", &zone)]),
            now: self.zone.field(now),
        }
    }
}

/// Who did it, in words.
pub fn who(locale: Locale, by: Option<&By>) -> String {
    match by {
        None => t(locale, "history.program", &[]).into_owned(),
        Some(By { name: Some(name), .. }) => one_line(name),
        Some(By { name: None, .. }) => t(locale, "history.former", &[]).into_owned(),
    }
}

/// A moment as machines read it.
fn in_utc(at: Timestamp) -> String {
    let moment = time::OffsetDateTime::from_unix_timestamp(at.get().div_euclid(1000)).ok();
    let format = &time::format_description::well_known::Rfc3339;
    moment.and_then(|moment| moment.format(format).ok()).unwrap_or_default()
}
