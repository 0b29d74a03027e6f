//! `/reglages/vocabulaires`: the choices of columns, how often each is made, and where they are worked at.

use std::collections::HashMap;

use axum::extract::State;
use tablee_domain::table::{Column, Plain, Row};

use crate::app::App;
use crate::catalogue::TABLE;
use crate::i18n::tn;
use crate::templates::settings::{VocabulariesPage, VocabularyLine};
use crate::templates::{Base, Here, Page};
use crate::web::error::WebResult;
use crate::web::extract::TableAccess;
use crate::web::extract::table_access::Curate;
use crate::web::urls;
use crate::wording::one_line;

/// Choices that a line names.
const NAMED: usize = 3;

/// `GET /reglages/vocabulaires`.
pub async fn show(_may: TableAccess<Curate>, base: Base, State(app): State<App>) -> WebResult {
    let visible = app.rooms.open(TABLE).await?.values().await?;
    let rows: Vec<&Row> = visible.values.present().collect();
    let columns = visible.values.columns.in_use().filter(|column| column.kind.has_options());
    let lines = columns.map(|column| line(&base, column, &rows)).collect();
    Ok(VocabulariesPage { lines, base: base.at(Here::Settings) }.into_page())
}

fn line(base: &Base, column: &Column, rows: &[&Row]) -> VocabularyLine {
    let locale = base.locale;
    let mut counted: HashMap<&str, usize> = HashMap::new();
    let mut used = 0;
    for value in rows.iter().filter_map(|row| row.cells.get(&column.id)) {
        let chosen: Vec<&str> = match value {
            Plain::Map(items) => items.keys().map(String::as_str).collect(),
            Plain::Text(option) => vec![option.as_str()],
            _ => Vec::new(),
        };
        used += usize::from(!chosen.is_empty());
        for option in chosen {
            *counted.entry(option).or_default() += 1;
        }
    }
    let options: Vec<_> = column.options.iter().filter(|option| !option.archived).collect();
    let count = |id: &str| counted.get(id).copied().unwrap_or_default();
    let label = |label| one_line(locale.label(label));
    let mut by_count: Vec<_> = options.iter().filter(|it| count(it.id.as_str()) > 0).collect();
    by_count.sort_by_key(|option| std::cmp::Reverse(count(option.id.as_str())));
    let most = by_count.iter().take(NAMED);
    let most: Vec<String> =
        most.map(|it| format!("{} ({})", label(&it.label), count(it.id.as_str()))).collect();
    let unused: Vec<String> = options
        .iter()
        .filter(|option| count(option.id.as_str()) == 0)
        .map(|option| label(&option.label))
        .collect();
    VocabularyLine {
        label: label(&column.label),
        href: base.link(&urls::column(column.id.as_str())),
        options: tn(locale, "site.vocabularies.options_n", options.len(), &[]),
        used: tn(locale, "site.vocabularies.used_n", used, &[]),
        most: most.join(", "),
        unused: unused.join(", "),
    }
}
