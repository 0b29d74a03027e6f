//! The last question before a plan is written, and writing it.

use axum::extract::{Path, State};
use tablee_domain::import::Counts;

use super::entries::written;
use super::look::{Look, lead};
use super::{at_odds, found};
use crate::app::App;
use crate::i18n::{Locale, t, tn};
use crate::importing::ImportError;
use crate::templates::import::ConfirmPage;
use crate::templates::{Base, Here, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Curate;
use crate::web::extract::{Fields, TableAccess};
use crate::wording::one_line;

/// What would be written, in words; nothing where nothing would.
pub fn in_words(locale: Locale, counts: &Counts) -> Vec<String> {
    let parts = written(counts).into_iter().filter(|(_, n)| *n > 0);
    parts.map(|(key, n)| tn(locale, key, n, &[])).collect()
}

/// The page that asks, with exactly what would be written.
pub fn question(look: Look<'_>) -> WebResult {
    let plan = look.view.plan.clone().ok_or(WebError::NotFound)?;
    let locale = look.base.locale;
    let counts = plan.counts(&look.view.decisions);
    let words = in_words(locale, &counts);
    let left = [
        ("import.count.same", counts.same),
        ("import.count.skipped", counts.skipped + counts.undecided),
        ("import.count.conflicts", counts.conflicts - counts.settled),
        ("import.count.complaints", counts.complaints),
    ];
    let left = left.into_iter().filter(|(_, n)| *n > 0);
    let left: Vec<String> = left.map(|(key, n)| tn(locale, key, n, &[])).collect();
    let file = one_line(&look.view.record.file_name);
    Ok(ConfirmPage {
        frame: look.frame("appliquer"),
        intro: t(locale, "import.confirm.intro", &[("file", &file)]).into_owned(),
        is_ready: !words.is_empty() && look.view.stale.is_none(),
        counts: words,
        left: left.join(", "),
        action: look.address("/appliquer", &[]),
        back: look.address("", &[("etape", "plan")]),
        base: look.base.at(Here::Import),
    }
    .into_page())
}

/// `POST /import/{plan}/appliquer`.
pub async fn begin(
    TableAccess { by, .. }: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(plan): Path<String>,
    fields: Fields,
) -> WebResult {
    let view = found(&app, &plan).await?;
    let id = &view.record.id;
    match app.importer().begin(by.actor(), id, fields.version()?).await {
        // Asked twice, or by two: it is being written, and its page says so.
        Ok(_) | Err(ImportError::NotPlanned { .. }) => Ok(lead(&base, &view, &[])),
        Err(ImportError::Stale(_)) => Ok(lead(&base, &view, &[("etape", "appliquer")])),
        Err(ImportError::Moved { .. }) => {
            let now = found(&app, &plan).await?;
            let moved = Some("import.notice.moved_before_apply");
            let look = Look { base, view: &now, unsaved: None, moved, is_saved: false };
            at_odds(question(look))
        }
        Err(error) => Err(super::failure(error)),
    }
}
