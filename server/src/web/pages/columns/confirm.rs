//! The page that asks: what would change, cell by cell where somebody should look.

use std::collections::BTreeMap;

use tablee_document::columns::Changed;
use tablee_domain::ids::RowId;
use tablee_domain::offer::words::vocabulary;
use tablee_domain::table::Kind;
use tablee_domain::table::column_work::convert::names_for_options;
use tablee_domain::table::column_work::{ColumnWork, LONGEST_LABEL, NewOption};
use tablee_live::RoomHandle;

use super::asked::{ColumnsForm, new_item_id};
use super::told::Look;
use crate::app::App;
use crate::history::places::Places;
use crate::i18n::{t, tn};
use crate::templates::columns::{ColumnsConfirmPage, DoubtLine};
use crate::web::error::WebResult;
use crate::web::urls;
use crate::wording::{label, one_line};

/// Doubts and places that are named.
const NAMED: usize = 100;
/// Options that are proposed for a column that becomes a choice.
const PROPOSED: usize = 60;

/// The same work with options to make, where a column becomes a choice and nobody has named any yet.
pub async fn with_options(
    room: &RoomHandle,
    work: ColumnWork,
    form: &ColumnsForm,
    app: &App,
) -> WebResult<ColumnWork> {
    let ColumnWork::ChangeKind { column, to, new_id, options } = work else { return Ok(work) };
    let values = &room.values().await?.values;
    let from = values.columns.get(column.as_str()).filter(|from| from.options.is_empty());
    let (true, None, Some(from)) = (to.has_options(), &form.options, from) else {
        return Ok(ColumnWork::ChangeKind { column, to, new_id, options });
    };
    let cells = values.present().map(|row| {
        let said = row.said.get(&from.id).cloned().unwrap_or_default();
        (row.cell(from.id.as_str()).clone(), said)
    });
    let words = vocabulary(from);
    let several = to == Kind::Choices;
    let names = names_for_options((from, &words), several, cells, (PROPOSED, LONGEST_LABEL));
    let option = |name: String| NewOption {
        id: new_item_id(&app.chance),
        label: tablee_domain::table::Label { fr: name, en: String::new() },
    };
    let options = names.into_iter().map(option).collect();
    Ok(ColumnWork::ChangeKind { column, to, new_id, options })
}

impl Look<'_> {
    /// The page that asks.
    pub fn confirm(
        self,
        form: &ColumnsForm,
        work: &ColumnWork,
        changed: &Changed,
    ) -> ColumnsConfirmPage {
        let locale = self.base.locale;
        let titles: BTreeMap<&RowId, String> =
            self.visible.values.rows.iter().map(|row| (&row.id, self.title(row))).collect();
        let title = |row: &RowId| {
            let found = titles.get(row).cloned();
            found.unwrap_or_else(|| self.base.t("columns.ask.untitled").into_owned())
        };
        let doubts = changed.doubts.iter().take(NAMED).map(|doubt| DoubtLine {
            title: title(&doubt.row),
            href: self.base.link(&urls::history_of(&doubt.row)),
            words: one_line(&doubt.words),
            why: t(locale, &format!("import.why.{}", doubt.why.key()), &[]).into_owned(),
        });
        let places = Places { columns: &self.visible.values.columns, locale };
        let kept = changed.kept.iter().take(NAMED);
        let kept = kept.map(|(row, key)| format!("{} · {}", title(row), places.label(key)));
        let more = changed.doubts.len().saturating_sub(NAMED);
        ColumnsConfirmPage {
            what: self.question(work),
            counts: self.counts(work, changed),
            doubts: doubts.collect(),
            more: (more > 0).then(|| tn(locale, "columns.ask.more", more, &[])),
            kept: (!changed.kept.is_empty())
                .then(|| (tn(locale, "columns.ask.kept", changed.kept.len(), &[]), kept.collect())),
            options: options_of(work, &self),
            fields: fields(form),
            back: match form.page_of() {
                Some(column) => self.base.link(&urls::column(column)),
                None => self.base.link(urls::COLUMNS),
            },
            base: self.base.clone(),
        }
    }

    fn question(&self, work: &ColumnWork) -> String {
        let locale = self.base.locale;
        let columns = &self.visible.values.columns;
        let column = work.column().and_then(|id| columns.get(id.as_str()));
        let name = column.map(|it| label(locale, &it.label)).unwrap_or_default();
        let option = |id: &str| {
            let found = column.and_then(|it| it.option(id));
            found.map(|it| label(locale, &it.label)).unwrap_or_default()
        };
        let (before, after) = match work {
            ColumnWork::ChangeKind { to, .. } => {
                (column.map(|it| self.kind(it.kind)).unwrap_or_default(), self.kind(*to))
            }
            ColumnWork::MergeOptions { from, into, .. } => {
                (option(from.as_str()), option(into.as_str()))
            }
            _ => (String::new(), String::new()),
        };
        let what = match work {
            ColumnWork::Undo { change } => self.what_did(*change),
            _ => String::new(),
        };
        let key = format!("columns.ask.{}", work.key());
        let args = [("name", &*name), ("before", &*before), ("after", &*after), ("what", &*what)];
        t(locale, &key, &args).into_owned()
    }

    fn counts(&self, work: &ColumnWork, changed: &Changed) -> Vec<String> {
        let locale = self.base.locale;
        let mut lines = Vec::new();
        let mut line = |key: &str, n: usize| {
            if n > 0 {
                lines.push(tn(locale, &format!("columns.ask.{key}"), n, &[]));
            }
        };
        if let ColumnWork::ChangeKind { .. } = work {
            line("read", changed.cells);
            line("doubts", changed.doubts.len());
        } else {
            line("cells", changed.cells);
            line("hidden", changed.hidden);
        }
        if matches!(work, ColumnWork::ChangeKind { .. }) && changed.doubts.is_empty() {
            lines.push(self.base.t("columns.ask.no_doubts").into_owned());
        }
        if lines.is_empty() {
            lines.push(self.base.t("columns.ask.nothing").into_owned());
        }
        lines
    }
}

/// The options to make, one a line, where a column becomes a choice that had none.
fn options_of(work: &ColumnWork, look: &Look<'_>) -> Option<String> {
    let ColumnWork::ChangeKind { column, to, options, .. } = work else { return None };
    let from = look.visible.values.columns.get(column.as_str())?;
    let asks = to.has_options() && from.options.is_empty();
    let lines = options.iter().map(|option| one_line(&option.label.fr));
    asks.then(|| lines.collect::<Vec<_>>().join("\n"))
}

/// The same question, to be sent again with a yes.
fn fields(form: &ColumnsForm) -> Vec<(&'static str, String)> {
    let all = [
        ("quoi", &form.quoi),
        ("colonne", &form.colonne),
        ("choix", &form.choix),
        ("vers", &form.vers),
        ("type", &form.kind),
        ("vu", &form.vu),
        ("changement", &form.changement),
    ];
    let said = all.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| (name, value.clone())).collect()
}
