//! The page of a file that was not read: why, what helps, and the form for another one.

use axum::response::Response;

use super::look::Look;
use super::{file_name, report, upload};
use crate::app::App;
use crate::importing::Failure;
use crate::templates::Page;
use crate::templates::import::RefusedPage;
use crate::wording::one_line;

/// The page.
pub fn page(app: &App, look: Look<'_>) -> Response {
    let language = report::language(look.base.locale);
    // One sentence says both. It may name a sheet or a part of the file, as that calls itself.
    let (why, help) = if let Some(Failure::File(error)) = &look.view.failure {
        (one_line(&error.sentence(language)), None)
    } else {
        let [why, help] =
            ["import.refused.unknown", "import.refused.again"].map(|key| look.base.t(key));
        (why.into_owned(), Some(help.into_owned()))
    };
    RefusedPage {
        file: file_name(&look.view.record.file_name),
        why,
        help,
        upload: upload::form(app, &look.base, None),
        base: look.base,
    }
    .into_page()
}
