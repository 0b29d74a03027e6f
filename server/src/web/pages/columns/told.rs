//! The columns of the table and what was done to them, in words.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tablee_domain::ids::{ColumnId, PersonId};
use tablee_domain::table::column_work::{Both, ColumnWork, Reliance, fingerprint, merge, reliance};
use tablee_domain::table::defaults::SECTIONS;
use tablee_domain::table::{Choice as ColumnOption, Column, Kind, Row};
use tablee_live::Visible;
use tablee_storage::column_changes::{self, ColumnChange};
use tablee_storage::people;

use crate::app::App;
use crate::catalogue::TABLE;
use crate::i18n::{Locale, number, set_in_type, t};
use crate::templates::Base;
use crate::templates::columns::{ChangeLine, ColumnLine, ColumnPage, ColumnsPage, OptionLine};
use crate::templates::history::Choice;
use crate::web::error::WebResult;
use crate::web::urls;
use crate::wording::{label, one_line};

/// Changes that the page tells of.
const TOLD: u32 = 30;

/// What the pages are made of.
pub struct Look<'a> {
    pub app: &'a App,
    pub base: Base,
    pub visible: Arc<Visible>,
    changes: Vec<ColumnChange>,
    names: HashMap<PersonId, String>,
    filled: BTreeMap<ColumnId, usize>,
}

impl<'a> Look<'a> {
    /// Looks at the table as it is now.
    pub async fn of(app: &'a App, base: Base) -> WebResult<Self> {
        let room = app.rooms.open(TABLE).await?;
        let visible = room.values().await?;
        let mut tx = app.store.read().await?;
        let changes = column_changes::recent(&mut tx, room.table(), TOLD).await?;
        let names = people::list(&mut tx).await?;
        let names = names.into_iter().map(|person| (person.id, person.name)).collect();
        drop(tx);
        let mut filled: BTreeMap<ColumnId, usize> = BTreeMap::new();
        for row in visible.values.present() {
            let beside = row.said.keys().filter(|column| !row.cells.contains_key(*column));
            for column in row.cells.keys().chain(beside) {
                *filled.entry(column.clone()).or_default() += 1;
            }
        }
        Ok(Self { app, base, visible, changes, names, filled })
    }

    /// The page of all columns.
    pub fn list(self, done: Option<i64>, wrong: Option<String>, typed: &str) -> ColumnsPage {
        let columns = &self.visible.values.columns;
        let in_use: Vec<&Column> = columns.in_use().collect();
        let mut lines: Vec<ColumnLine> = in_use.iter().map(|it| self.line(it)).collect();
        let ids: Vec<&str> = in_use.iter().map(|it| it.id.as_str()).collect();
        for (at, line) in lines.iter_mut().enumerate() {
            (line.up, line.down) = neighbours(&ids, at);
        }
        let retired = columns.iter().filter(|it| it.archived).map(|it| self.line(it)).collect();
        ColumnsPage {
            done: self.done(done),
            wrong,
            columns: lines,
            retired,
            kinds: self.kinds(None, Some(Kind::Text)),
            typed: typed.to_owned(),
            changes: self.changes.iter().map(|change| self.change(change)).collect(),
            base: self.base,
        }
    }

    /// The page of one column in use.
    pub fn one(&self, id: &str, done: Option<i64>, wrong: Option<String>) -> Option<ColumnPage> {
        let column = self.visible.values.columns.get(id).filter(|column| !column.archived)?;
        let reliance = reliance(column);
        let kinds = match reliance {
            Reliance::Free => self.kinds(Some(column.kind), None),
            Reliance::Kind | Reliance::Needed | Reliance::Options => Vec::new(),
        };
        let (used, retired): (Vec<_>, Vec<_>) =
            column.options.iter().partition(|option| !option.archived);
        let counted = self.counted(column);
        let ids: Vec<&str> = used.iter().map(|it| it.id.as_str()).collect();
        let mut options: Vec<OptionLine> =
            used.iter().map(|it| self.option(it, &counted)).collect();
        for (at, line) in options.iter_mut().enumerate() {
            (line.up, line.down) = neighbours(&ids, at);
        }
        Some(ColumnPage {
            base: self.base.clone(),
            done: self.done(done),
            wrong,
            column: ColumnLine { label: one_line(&column.label.fr), ..self.line(column) },
            label_en: one_line(&column.label.en),
            help: one_line(&column.help.fr),
            help_en: one_line(&column.help.en),
            sections: self.sections(column),
            is_required: column.required,
            is_shown: column.shown,
            kinds,
            may_go: reliance < Reliance::Needed,
            reliance: self.reliance(reliance),
            has_options: column.kind.has_options(),
            options_are_free: reliance != Reliance::Options,
            options,
            retired: retired.into_iter().map(|it| self.option(it, &counted)).collect(),
        })
    }

    /// The title of a row.
    pub fn title(&self, row: &Row) -> String {
        let title = one_line(row.text("intitule"));
        if title.is_empty() { self.base.t("columns.ask.untitled").into_owned() } else { title }
    }

    /// A kind, in words.
    pub fn kind(&self, kind: Kind) -> String {
        t(self.base.locale, &format!("import.kinds.{}", kind.as_str()), &[]).into_owned()
    }

    /// What a change did, in words.
    pub fn what_did(&self, change: i64) -> String {
        match self.changes.iter().find(|known| known.id == change) {
            Some(known) => self.what(known),
            None => self.base.t("columns.did.undo-unknown").into_owned(),
        }
    }

    fn line(&self, column: &Column) -> ColumnLine {
        let locale = self.base.locale;
        let filled = self.filled.get(&column.id).copied().unwrap_or_default();
        ColumnLine {
            id: column.id.to_string(),
            label: label(locale, &column.label),
            kind: self.kind(column.kind),
            filled: number(locale, filled as f64),
            is_public: column.public,
            seen: fingerprint(column),
            href: self.base.link(&urls::column(column.id.as_str())),
            up: None,
            down: None,
        }
    }

    fn kinds(&self, without: Option<Kind>, chosen: Option<Kind>) -> Vec<Choice> {
        let offered = Kind::ALL.into_iter().filter(|kind| Some(*kind) != without);
        let choice = |kind: Kind| Choice {
            value: kind.as_str().to_owned(),
            label: self.kind(kind),
            is_chosen: Some(kind) == chosen,
        };
        offered.map(choice).collect()
    }

    fn sections(&self, column: &Column) -> Vec<Choice> {
        let locale = self.base.locale;
        let none = ("", self.base.t("columns.section_other").into_owned());
        let known = SECTIONS.into_iter().map(|(key, fr, en)| {
            (key, set_in_type(locale, if locale == Locale::Fr { fr } else { en }))
        });
        let choice = |(key, label): (&str, String)| Choice {
            value: key.to_owned(),
            label,
            is_chosen: column.section == key,
        };
        known.chain([none]).map(choice).collect()
    }

    fn reliance(&self, reliance: Reliance) -> Option<String> {
        let key = match reliance {
            Reliance::Free => return None,
            Reliance::Kind => "columns.keeps_kind",
            Reliance::Needed | Reliance::Options => "columns.needed",
        };
        let mut words = self.base.t(key).into_owned();
        if reliance == Reliance::Options {
            words = format!("{words} {}", self.base.t("columns.keeps_options"));
        }
        Some(words)
    }

    /// How many rows have each option.
    fn counted<'c>(&self, column: &'c Column) -> HashMap<&'c str, usize> {
        let mut counted = HashMap::new();
        for row in self.visible.values.present() {
            let value = row.cell(column.id.as_str());
            for option in column.options.iter().filter(|it| merge::holds(value, &it.id)) {
                *counted.entry(option.id.as_str()).or_default() += 1;
            }
        }
        counted
    }

    fn option(&self, option: &ColumnOption, counted: &HashMap<&str, usize>) -> OptionLine {
        let locale = self.base.locale;
        let filled = counted.get(option.id.as_str()).copied().unwrap_or_default();
        OptionLine {
            id: option.id.to_string(),
            label: label(locale, &option.label),
            label_fr: one_line(&option.label.fr),
            label_en: one_line(&option.label.en),
            filled: number(locale, filled as f64),
            up: None,
            down: None,
        }
    }

    fn done(&self, change: Option<i64>) -> Option<(String, i64)> {
        let change = self.changes.iter().find(|known| Some(known.id) == change)?;
        let what = self.what(change);
        Some((t(self.base.locale, "columns.done", &[("what", &what)]).into_owned(), change.id))
    }

    fn change(&self, change: &ColumnChange) -> ChangeLine {
        ChangeLine {
            id: change.id,
            what: self.what(change),
            by: self.by(change),
            is_undone: self.is_undone(change.id),
        }
    }

    /// Taken back by a change that was not taken back itself.
    fn is_undone(&self, id: i64) -> bool {
        let last = self.changes.iter().find(|known| known.change.undoes == Some(id));
        last.is_some_and(|undo| !self.is_undone(undo.id))
    }

    fn by(&self, change: &ColumnChange) -> String {
        let locale = self.base.locale;
        let when = self.app.config.web.time_zone.moment(locale, change.at);
        let name = change.change.actor.map(|id| {
            let known = self.names.get(&id).map(|name| one_line(name));
            known.unwrap_or_else(|| self.base.t("history.former").into_owned())
        });
        let key = match (&name, change.change.import) {
            (None, _) => "columns.by_program",
            (Some(_), Some(_)) => "columns.by_import",
            (Some(_), None) => "columns.by",
        };
        let name = name.unwrap_or_default();
        t(locale, key, &[("when", &when), ("name", &name)]).into_owned()
    }

    fn what(&self, change: &ColumnChange) -> String {
        let locale = self.base.locale;
        let work: Option<ColumnWork> = serde_json::from_str(&change.change.work).ok();
        let Some(work) = work else { return change.change.work.clone() };
        if let ColumnWork::Undo { change } = work {
            let what = self.what_did(change);
            return t(locale, "columns.did.undo", &[("what", &what)]).into_owned();
        }
        let columns: Vec<Both> = serde_json::from_str(&change.change.columns).unwrap_or_default();
        let about = work.column().and_then(|id| columns.iter().find(|it| it.after.id == *id));
        let Some(Both { before, after }) = about else { return work.key().to_owned() };
        let name_of = |column: &Column| label(locale, &column.label);
        let option = |column: Option<&Column>, id: &str| {
            let found = column.and_then(|it| it.option(id));
            found.map(|it| label(locale, &it.label)).unwrap_or_default()
        };
        let (was, is) = match &work {
            ColumnWork::Rename { .. } => {
                (before.as_ref().map(name_of).unwrap_or_default(), String::new())
            }
            ColumnWork::ChangeKind { to, .. } => (self.kind(after.kind), self.kind(*to)),
            ColumnWork::AddOption { option: new, .. } => {
                (String::new(), option(Some(after), new.id.as_str()))
            }
            ColumnWork::RenameOption { option: id, .. }
            | ColumnWork::MoveOption { option: id, .. }
            | ColumnWork::RetireOption { option: id, .. }
            | ColumnWork::UnretireOption { option: id, .. } => {
                (option(before.as_ref(), id.as_str()), option(Some(after), id.as_str()))
            }
            ColumnWork::MergeOptions { from, into, .. } => {
                (option(Some(after), from.as_str()), option(Some(after), into.as_str()))
            }
            _ => (String::new(), String::new()),
        };
        let name = name_of(after);
        let args = [("name", &*name), ("before", &*was), ("after", &*is)];
        t(locale, &format!("columns.did.{}", work.key()), &args).into_owned()
    }
}

/// What would follow one place up and one place down; the end is an empty word.
fn neighbours(ids: &[&str], at: usize) -> (Option<String>, Option<String>) {
    let up = at.checked_sub(1).map(|before| ids[before].to_owned());
    let down = (at + 1 < ids.len()).then(|| ids.get(at + 2).map_or("", |id| *id).to_owned());
    (up, down)
}
