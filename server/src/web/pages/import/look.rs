//! Who looks at which plan: what all its pages share.

use axum::response::{IntoResponse, Redirect, Response};
use tablee_domain::import::Decisions;
use tablee_domain::import::grid::ReadAs;

use crate::i18n::{Locale, t};
use crate::importing::{PlanView, Stale};
use crate::templates::Base;
use crate::templates::import_plan::{Frame, Step};
use crate::web::urls;
use crate::wording::one_line;

/// Who looks at which plan.
pub struct Look<'a> {
    /// What is around the page.
    pub base: Base,
    /// What they look at.
    pub view: &'a PlanView,
    /// What is shown, where it is not what is saved: somebody else was faster.
    pub unsaved: Option<&'a Decisions>,
    /// What is said of it: the key of a text.
    pub moved: Option<&'static str>,
    /// What was just saved is said.
    pub is_saved: bool,
}

impl Look<'_> {
    /// An address of this plan, in the language of the page.
    pub fn address(&self, part: &str, query: &[(&str, &str)]) -> String {
        address(&self.base, self.view, part, query)
    }

    /// Steps, notices, and what forms carry. `here` is the step that is shown.
    pub fn frame(&self, here: &str) -> Frame {
        let step = |word: &'static str, key: &str| Step {
            label: self.base.t(key).into_owned(),
            href: self.address("", &[("etape", word)]),
            is_here: word == here,
        };
        let plan = self.view.plan.as_ref();
        let mut notices = Vec::new();
        if self.is_saved {
            notices.push(self.base.t("import.notice.saved").into_owned());
        }
        if here == "correspondances"
            && plan.is_some_and(|it| it.sheets.iter().any(|it| it.recalled))
        {
            notices.push(self.base.t("import.notice.recalled").into_owned());
        }
        let read_as = plan.and_then(|plan| plan.read_as.as_ref());
        if let (Some(read_as), "correspondances") = (read_as, here) {
            notices.extend(found_out(self.base.locale, read_as));
        }
        let stale = self.view.stale.map(|stale| match stale {
            Stale::Old => "import.notice.stale_old",
            Stale::Columns => "import.notice.stale_columns",
            Stale::Epoch => "import.notice.stale_epoch",
            Stale::Imported => "import.notice.stale_imported",
        });
        Frame {
            file: one_line(&self.view.record.file_name),
            version: self.view.record.version,
            steps: vec![
                step("correspondances", "import.steps.mapping"),
                step("plan", "import.steps.plan"),
                step("appliquer", "import.steps.apply"),
            ],
            moved: self.moved.map(|key| self.base.t(key).into_owned()),
            notices,
            stale: stale.map(|key| self.base.t(key).into_owned()),
            again: self.address("/refaire", &[]),
            drop: self.address("/abandonner", &[]),
        }
    }
}

/// Leads to a plan's page, in the language of the page.
pub fn lead(base: &Base, view: &PlanView, query: &[(&str, &str)]) -> Response {
    Redirect::to(&address(base, view, "", query)).into_response()
}

/// What was found out of a table of text, since it could be wrong: how its letters are kept, and what stands
/// between its cells. A workbook says both itself.
fn found_out(locale: Locale, read_as: &ReadAs) -> Vec<String> {
    let Some(encoding) = &read_as.encoding else { return Vec::new() };
    let separator = match read_as.separator {
        None => t(locale, "import.notice.no_separator", &[]),
        Some('\t') => t(locale, "import.notice.tabs", &[]),
        Some(sign) => t(locale, "import.notice.separator", &[("sign", &sign.to_string())]),
    };
    let args = [("encoding", encoding.as_str()), ("separator", &*separator)];
    let mut told = vec![t(locale, "import.notice.read_as", &args).into_owned()];
    if read_as.unclosed_quote {
        told.push(t(locale, "import.notice.unclosed_quote", &[]).into_owned());
    }
    told
}

/// An address of a plan, in the language of the page.
fn address(base: &Base, view: &PlanView, part: &str, query: &[(&str, &str)]) -> String {
    let path = urls::import(&view.record.id, part);
    let said = query.iter().filter(|(_, value)| !value.is_empty());
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish();
    base.link(&if query.is_empty() { path } else { format!("{path}?{query}") })
}
