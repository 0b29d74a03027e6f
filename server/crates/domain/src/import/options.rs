//! The options of a column that an import adds: the words that stand in its cells.

use std::collections::BTreeSet;

use super::decisions::MapTo;
use super::header::Header;
use super::mapping::MappedSheet;
use crate::ids::{ColumnId, ItemId};
use crate::reading::choice::pieces;
use crate::reading::{sign, text};
use crate::table::column_work::{LONGEST_LABEL, MOST_OPTIONS};
use crate::table::{Choice, Column, Kind, Label};
use crate::text::fold::key;

/// Gives a new choice its options, in the order in which the file names them. Longer words are a remark, not an
/// option: they will stay words.
pub(super) fn collect(column: &mut Column, sheets: &[MappedSheet<'_>]) {
    let mut known = BTreeSet::new();
    for cell in sheets.iter().flat_map(|sheet| cells(sheet, &column.id)) {
        let words = text::several_lines(&text::repaired(cell));
        let named = match column.kind {
            Kind::Choices => pieces(&words),
            _ => vec![words.as_str()],
        };
        for name in named {
            let name = text::one_line(name);
            let key = key(&name);
            let is_name = !key.is_empty()
                && name.chars().count() <= LONGEST_LABEL
                && !sign::says_nothing(&name);
            if is_name && column.options.len() < MOST_OPTIONS && known.insert(key) {
                let id = format!("o{:03}", column.options.len() + 1);
                let id = ItemId::new(&id).expect("a letter and digits are an identifier");
                let label = Label { fr: name, en: String::new() };
                column.options.push(Choice { id, label, archived: false });
            }
        }
    }
}

/// The words under the headers that lead to a column.
fn cells<'s>(
    sheet: &'s MappedSheet<'_>,
    column: &'s ColumnId,
) -> impl Iterator<Item = &'s str> + 's {
    let leads = |to: &MapTo| matches!(to, MapTo::New(new) if new.id == *column);
    let leading = sheet.plan.columns.iter().filter(move |it| it.issue.is_none());
    let at: BTreeSet<u32> = leading
        .filter(|it| it.target.as_ref().is_some_and(leads))
        .map(|column| column.at)
        .collect();
    let last = sheet.plan.header.as_ref().map_or(u32::MAX, Header::last_line);
    let rows = sheet.raw.rows.iter().filter(move |row| sheet.plan.take && row.number > last);
    rows.flat_map(|row| &row.cells)
        .filter(move |cell| at.contains(&cell.column))
        .map(|cell| cell.shown.as_str())
}
