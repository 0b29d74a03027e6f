//! What an import did: its page, and its file.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use tablee_domain::import::{ConflictWhy, Outcome, Report};
use tablee_domain::offer::display::Language;
use tablee_domain::offer::slug;
use tablee_exchange::write;
use tablee_exchange::write::report::ReportBook;
use tablee_storage::imports::Import;
use tablee_storage::{Tx, column_changes, imports, people};

use super::entries::SHOWN;
use super::found;
use super::look::Look;
use crate::app::App;
use crate::catalogue::TABLE;
use crate::history::places::Places;
use crate::i18n::{Locale, t, tn};
use crate::templates::import::ReportPage;
use crate::templates::{Base, Here, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::TableAccess;
use crate::web::extract::table_access::Curate;
use crate::web::urls;
use crate::wording::one_line;

/// Conflicts that are named.
const NAMED: usize = 20;

/// What an import did, counted.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    columns: usize,
    added: usize,
    changed: usize,
    cells: usize,
    same: usize,
    conflicts: usize,
    skipped: usize,
    complaints: usize,
}

impl Done {
    /// Of a report.
    fn of(report: &Report) -> Self {
        let mut done = Self::default();
        for line in &report.lines {
            match line.outcome {
                Outcome::Added => done.added += 1,
                Outcome::Changed => done.changed += 1,
                Outcome::Same | Outcome::Conflict => done.same += 1,
                Outcome::Skipped => done.skipped += 1,
                Outcome::NotOffer => {}
            }
            done.cells += line.cells.len();
            done.conflicts += line.conflicts.len();
            done.complaints += line.complaints.len();
        }
        done
    }

    /// In words; zeros are not said.
    pub fn in_words(self, locale: Locale) -> Vec<String> {
        let counts = [
            ("import.count.added", self.added),
            ("import.count.changed", self.changed),
            ("import.count.cells", self.cells),
            ("import.count.columns", self.columns),
            ("import.count.same", self.same),
            ("import.count.conflicts", self.conflicts),
            ("import.count.skipped", self.skipped),
            ("import.count.complaints", self.complaints),
        ];
        let said: Vec<String> = counts
            .into_iter()
            .filter(|(_, n)| *n > 0)
            .map(|(key, n)| tn(locale, key, n, &[]))
            .collect();
        if said.is_empty() {
            vec![t(locale, "import.count.nothing", &[]).into_owned()]
        } else {
            said
        }
    }
}

/// What an import kept of itself: a report, or in earlier versions the counts of its plan.
#[derive(Deserialize)]
struct Kept {
    #[serde(default)]
    added: usize,
    #[serde(default)]
    changed: usize,
    #[serde(default)]
    same: usize,
    report: Option<Report>,
}

/// What an import did, counted; none where it did not come to its end.
fn counted(import: &Import) -> Option<Done> {
    let kept: Kept = serde_json::from_str(import.report.as_deref()?).ok()?;
    Some(match &kept.report {
        Some(report) => Done::of(report),
        None => {
            Done { added: kept.added, changed: kept.changed, same: kept.same, ..Done::default() }
        }
    })
}

/// The same, with the columns that it made: its report names none.
pub async fn counted_with_columns(tx: &mut Tx, import: &Import) -> WebResult<Option<Done>> {
    let columns = column_changes::of_import(tx, import.id).await?.len();
    Ok(counted(import).map(|done| Done { columns, ..done }))
}

/// The page of an import that is in the table.
pub async fn page(app: &App, look: Look<'_>) -> WebResult {
    let record = &look.view.record;
    let import = record.import.ok_or(WebError::NotFound)?;
    let report = app.importer().report(import).await.map_err(super::failure)?.unwrap_or_default();
    let visible = app.rooms.values(TABLE).await?;
    let locale = look.base.locale;
    let places = Places { columns: &visible.values.columns, locale };
    let moved = report.lines.iter().flat_map(|line| {
        let moved = line.conflicts.iter().filter(|it| it.why == ConflictWhy::Moved);
        moved.map(|it| {
            let (column, stands) =
                (places.label(&it.cell.key), places.value(&it.cell.key, &it.cell.old));
            let stands: String = one_line(&stands).chars().take(SHOWN).collect();
            let args =
                [("title", &*one_line(&line.title)), ("column", &column), ("value", &stands)];
            t(locale, "import.report_page.conflict", &args).into_owned()
        })
    });
    let moved: Vec<String> = moved.collect();
    let more = moved.len().saturating_sub(NAMED);
    let zone = &app.config.web.time_zone;
    let file = one_line(&record.file_name);
    let when = zone.moment(locale, record.changed_at);
    let mut tx = app.store.read().await?;
    let applied = imports::find(&mut tx, import).await?.ok_or(WebError::NotFound)?;
    let who = who_applied(&mut tx, &applied, locale).await?;
    let counts = counted_with_columns(&mut tx, &applied).await?.unwrap_or_default();
    drop(tx);
    let args = [("file", file.as_str()), ("when", &when)];
    Ok(ReportPage {
        intro: t(locale, "import.report_page.intro", &args).into_owned(),
        by: t(locale, "import.report_page.by", &[("who", &who)]).into_owned(),
        counts: counts.in_words(locale),
        conflicts: moved.into_iter().take(NAMED).collect(),
        more: (more > 0).then(|| tn(locale, "import.report_page.more", more, &[])),
        number: import.get(),
        xlsx: Some(look.address("/rapport.xlsx", &[])),
        history: look.base.link(&urls::history_of_import(import)),
        base: look.base.at(Here::Import),
    }
    .into_page())
}

/// The name of who applied an import: not always who gave its file.
async fn who_applied(tx: &mut Tx, import: &Import, locale: Locale) -> WebResult<String> {
    let Some(id) = import.actor else {
        return Ok(t(locale, "import.program", &[]).into_owned());
    };
    let name = people::find(tx, id).await?.map(|person| one_line(&person.name));
    Ok(name.unwrap_or_else(|| t(locale, "import.former", &[]).into_owned()))
}

/// `GET /import/{plan}/rapport.xlsx`.
pub async fn download(
    _may: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(plan): Path<String>,
) -> WebResult {
    let view = found(&app, &plan).await?;
    let import = view.record.import.ok_or(WebError::NotFound)?;
    let report = app.importer().report(import).await.map_err(super::failure)?;
    let report = report.ok_or(WebError::NotFound)?;
    let visible = app.rooms.values(TABLE).await?;
    let mut tx = app.store.read().await?;
    let applied = imports::find(&mut tx, import).await?.ok_or(WebError::NotFound)?;
    let counts = counted_with_columns(&mut tx, &applied).await?.unwrap_or_default();
    drop(tx);
    let made = app.config.web.time_zone.moment(base.locale, view.record.changed_at);
    let page = app.public_url.join(&base.link(&urls::import(&view.record.id, "")));
    let (locale, public_url) = (base.locale, app.public_url.clone());
    let writing = tokio::task::spawn_blocking(move || {
        let counts = counts.in_words(locale);
        let say = |key: &str| {
            let key = format!("import.{key}");
            let text = t(locale, &key, &[]);
            (text != key).then(|| text.into_owned())
        };
        write::report::xlsx(&ReportBook {
            report: &report,
            columns: &visible.values.columns,
            language: language(locale),
            made: &made,
            counts: &counts,
            source_url: &page,
            address: &|row, title| public_url.join(&urls::offer(&slug::slug(title), row)),
            say: &say,
        })
    });
    let bytes = writing.await.map_err(anyhow::Error::new)?.map_err(anyhow::Error::new)?;
    // The name of the file that came stands in no header: it may name anybody.
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"import-{import}.xlsx\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// The language of a file that we make.
pub fn language(locale: Locale) -> Language {
    match locale {
        Locale::Fr => Language::French,
        Locale::En => Language::English,
    }
}
