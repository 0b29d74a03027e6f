//! Bringing something back: what would change, then a yes, then the way to undo it.
//!
//! `POST /historique/retablir` without `confirme` changes nothing and shows a page; with it, it is done.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tablee_document::layout::DELETED;
use tablee_domain::ids::{ImportId, Revision, RowId};
use tablee_domain::table::{Edit, Origin};
use tablee_live::{Done, Restore, RoomHandle, Visible};
use tablee_storage::history::{self, Entry};
use tablee_storage::imports;

use crate::app::App;
use crate::catalogue::TABLE;
use crate::history::places::Places;
use crate::i18n::{Locale, t, tn};
use crate::restoring::{Restorer, Wanted, standing};
use crate::templates::history::{Kept, RestorePage, RestoredPage};
use crate::templates::{Base, Here, Page, in_language};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Work;
use crate::web::extract::{CheckedForm, TableAccess};
use crate::web::urls;
use crate::wording::one_line;

/// Places that are named of those that stay as they are.
const NAMED: usize = 20;

/// The form of the buttons.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RestoreForm {
    /// What: one of the words of [`What`].
    quoi: String,
    /// The line of history that it is about.
    entree: String,
    /// The moment, for the whole table.
    quand: String,
    /// The update to take back.
    revision: String,
    /// The number of the import to take back.
    import: String,
    /// `oui` does it.
    confirme: String,
}

/// What a button says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Value,
    Row,
    Bin,
    Import,
    MomentBefore,
    MomentAt,
    Undo,
}

impl What {
    fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "value" | "lost" => Self::Value,
            "row" => Self::Row,
            "bin" => Self::Bin,
            "import" => Self::Import,
            "moment" => Self::MomentBefore,
            "at" => Self::MomentAt,
            "undo" => Self::Undo,
            _ => return None,
        })
    }
}

/// What a form asks for, found in history.
struct Question {
    what: What,
    wanted: Wanted,
    /// The line it is about, where it is about one.
    entry: Option<Entry>,
}

/// `POST /historique/retablir`.
pub async fn restore(
    TableAccess { by, .. }: TableAccess<Work>,
    base: Base,
    State(app): State<App>,
    CheckedForm(form): CheckedForm<RestoreForm>,
) -> WebResult {
    let room = app.rooms.open(TABLE).await?;
    let question = question(&app, &room, &form).await?;
    let is_sure = form.confirme == "oui";
    let restorer = Restorer { app: &app, room: &room, by: &by };
    let done = restorer.restore(question.wanted.clone(), !is_sure).await?;
    if is_sure && done.restored.changed > 0 {
        let to = in_language(base.locale, &urls::restored(done.revision));
        return Ok(Redirect::to(&to).into_response());
    }
    let visible = room.values().await?;
    let asking = Asking { app: &app, base, visible: &visible, form: &form };
    Ok(asking.page(&question, &done))
}

/// What stands in the address of the receipt.
#[derive(Debug, Deserialize)]
pub struct Receipt {
    revision: i64,
}

/// `GET /historique/retabli`: what an update restored, and the button that takes it back.
pub async fn restored(
    TableAccess { by, .. }: TableAccess<Work>,
    base: Base,
    State(app): State<App>,
    Query(Receipt { revision }): Query<Receipt>,
) -> WebResult {
    let room = app.rooms.open(TABLE).await?;
    let visible = room.values().await?;
    let mut tx = app.store.read().await?;
    let revision = Revision(revision);
    let edits = history::of_revisions(&mut tx, room.table(), revision, revision).await?;
    if edits.is_empty() || edits.iter().any(|edit| edit.origin != Origin::Restore) {
        return Err(WebError::NotFound);
    }
    let restorer = Restorer { app: &app, room: &room, by: &by };
    let may_undo = restorer.may_take_back(&mut tx, &visible, &edits).await?;
    drop(tx);
    let count = Story::of(&edits).in_words(base.locale, DID);
    let undo = may_undo.then_some(revision.get());
    Ok(RestoredPage { base: base.at(Here::History), count, undo }.into_page())
}

/// What a restore does, counted as people would: rows that go, rows that come, cells that say something else.
struct Story {
    binned: usize,
    unbinned: usize,
    cells: usize,
    rows: usize,
}

/// The texts of what happens to rows that go to the bin, to those that leave it, and to cells.
type Tense = [&'static str; 3];
const WILL: Tense = ["restore.binned", "restore.unbinned", "restore.cells"];
const DID: Tense = ["restore.done.binned", "restore.done.unbinned", "restore.done.cells"];

impl Story {
    /// Of what a restore did.
    fn of(edits: &[Edit]) -> Self {
        let (bin, cells): (Vec<_>, Vec<_>) = edits.iter().partition(|edit| edit.key == DELETED);
        let binned = bin.iter().filter(|edit| !edit.after.is_empty()).count();
        let rows = cells.iter().map(|edit| &edit.row).collect::<BTreeSet<_>>().len();
        Self { binned, unbinned: bin.len() - binned, cells: cells.len(), rows }
    }

    /// In words; zeros are not said.
    fn in_words(&self, locale: Locale, tense: Tense) -> String {
        let [binned, unbinned, cells] = tense;
        let moved = [(binned, self.binned), (unbinned, self.unbinned)].into_iter();
        let moved = moved.filter(|(_, n)| *n > 0);
        let mut said: Vec<String> = moved.map(|(key, n)| tn(locale, key, n, &[])).collect();
        if self.cells > 0 {
            let cells = tn(locale, cells, self.cells, &[]);
            said.push(tn(locale, "restore.in_rows", self.rows, &[("cells", &cells)]));
        }
        said.join(" ")
    }
}

async fn question(app: &App, room: &RoomHandle, form: &RestoreForm) -> WebResult<Question> {
    let wrong = |what: &str| WebError::Invalid(format!("restore: {what}"));
    let what = What::of_word(&form.quoi).ok_or_else(|| wrong("what"))?;
    let whole = |restore| Question { what, wanted: Wanted::Whole(restore), entry: None };
    if what == What::Undo {
        let revision = form.revision.parse().map_err(|_| wrong("revision"))?;
        let (from, to) = (Revision(revision), Revision(revision));
        return Ok(whole(Restore::TakeBack { from, to }));
    }
    if what == What::MomentAt {
        let at = app.config.web.time_zone.said(&form.quand).ok_or_else(|| wrong("moment"))?;
        return Ok(whole(Restore::MomentAt(at)));
    }
    if what == What::Import && !form.import.is_empty() {
        let import = ImportId(form.import.parse().map_err(|_| wrong("import"))?);
        let found = imports::find(&mut app.store.read().await?, import).await?;
        let found = found.filter(|found| found.table == room.table());
        return found.map(|_| whole(Restore::Import(import))).ok_or(WebError::NotFound);
    }
    let id = form.entree.parse().map_err(|_| wrong("entry"))?;
    let mut tx = app.store.read().await?;
    let entry = history::entry(&mut tx, room.table(), id).await?.ok_or(WebError::NotFound)?;
    let edit = entry.edit.clone();
    let before = Revision(entry.first_revision.get() - 1);
    let wanted = match what {
        What::Value => {
            let value = if edit.lost { edit.after } else { edit.before };
            Wanted::Value { row: edit.row, key: edit.key, value }
        }
        What::Row => Wanted::Whole(Restore::Row { row: edit.row, to: before }),
        What::Bin => Wanted::Whole(Restore::RowFromBin { row: edit.row }),
        What::Import => match edit.origin {
            Origin::Import(import) => Wanted::Whole(Restore::Import(import)),
            _ => return Err(wrong("import")),
        },
        _ => Wanted::Whole(Restore::Moment(before)),
    };
    Ok(Question { what, wanted, entry: Some(entry) })
}

/// What the page that asks is made of.
struct Asking<'a> {
    app: &'a App,
    base: Base,
    visible: &'a Visible,
    form: &'a RestoreForm,
}

impl Asking<'_> {
    fn page(self, question: &Question, done: &Done) -> Response {
        let locale = self.base.locale;
        let restored = &done.restored;
        let story = Story {
            binned: restored.binned.len(),
            unbinned: restored.unbinned.len(),
            cells: restored.cells(),
            rows: restored.written.len(),
        };
        let count = (restored.changed > 0).then(|| story.in_words(locale, WILL));
        let page = RestorePage {
            what: self.what(question),
            // One cell shows what it says and what it would say: its count says nothing more.
            count,
            values: self.values(question),
            kept: self.kept(&done.restored.kept),
            fields: self.fields(),
            back: self.base.link(urls::HISTORY),
            base: self.base.at(Here::History),
        };
        page.into_page()
    }

    fn places(&self) -> Places<'_> {
        Places { columns: &self.visible.values.columns, locale: self.base.locale }
    }

    fn what(&self, question: &Question) -> String {
        let zone = &self.app.config.web.time_zone;
        let locale = self.base.locale;
        let key = match question.what {
            What::Value => "restore.what.value",
            What::Row => "restore.what.row",
            What::Bin => "restore.what.bin",
            What::Import => "restore.what.import",
            What::MomentBefore => "restore.what.moment_before",
            What::MomentAt => "restore.what.moment",
            What::Undo => "restore.what.undo",
        };
        let entry = question.entry.as_ref();
        let at = match (&question.wanted, entry) {
            (Wanted::Whole(Restore::MomentAt(at)), _) => Some(*at),
            (_, Some(entry)) => Some(entry.began_at),
            _ => None,
        };
        let when = at.map(|at| zone.moment(locale, at)).unwrap_or_default();
        let place = entry.map(|entry| self.places().label(&entry.edit.key)).unwrap_or_default();
        let title = entry.map(|entry| self.title(&entry.edit.row)).unwrap_or_default();
        let import = match &question.wanted {
            Wanted::Whole(Restore::Import(import)) => import.to_string(),
            _ => String::new(),
        };
        let args = [("place", &*place), ("title", &*title), ("when", &*when), ("import", &*import)];
        t(locale, key, &args).into_owned()
    }

    /// The value of a cell, now and then.
    fn values(&self, question: &Question) -> Option<(String, String)> {
        let Wanted::Value { row, key, value } = &question.wanted else { return None };
        let shown = |value| {
            let words = self.places().value(key, value);
            if words.is_empty() { self.base.t("history.nothing").into_owned() } else { words }
        };
        Some((shown(&standing(self.visible, row, key)), shown(value)))
    }

    fn kept(&self, kept: &[(RowId, String)]) -> Option<Kept> {
        if kept.is_empty() {
            return None;
        }
        let locale = self.base.locale;
        let rows = self.visible.values.rows.iter();
        let titles: BTreeMap<&RowId, &str> =
            rows.map(|row| (&row.id, row.text("intitule"))).collect();
        let place = |(row, key): &(RowId, String)| {
            let title = self.title_or_gone(titles.get(row).copied());
            format!("{title} · {}", self.places().label(key))
        };
        let more = kept.len().saturating_sub(NAMED);
        Some(Kept {
            count: tn(locale, "restore.kept", kept.len(), &[]),
            places: kept.iter().take(NAMED).map(place).collect(),
            more: (more > 0).then(|| tn(locale, "restore.kept_more", more, &[])),
        })
    }

    fn title(&self, row: &RowId) -> String {
        let found = self.visible.values.rows.iter().find(|known| known.id == *row);
        self.title_or_gone(found.map(|row| row.text("intitule")))
    }

    fn title_or_gone(&self, title: Option<&str>) -> String {
        match title.map(one_line) {
            Some(title) if title.is_empty() => self.base.t("offer.untitled").into_owned(),
            Some(title) => title,
            None => self.base.t("history.row_gone").into_owned(),
        }
    }

    /// The same question, to be sent again with a yes.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let form = self.form;
        let all = [
            ("quoi", &form.quoi),
            ("entree", &form.entree),
            ("quand", &form.quand),
            ("revision", &form.revision),
            ("import", &form.import),
        ];
        let said = all.into_iter().filter(|(_, value)| !value.is_empty());
        said.map(|(name, value)| (name, value.clone())).collect()
    }
}
