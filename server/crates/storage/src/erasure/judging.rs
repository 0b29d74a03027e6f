//! What stays of the JSON that imports and proposals left behind.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use tablee_domain::ids::RowId;
use tablee_domain::table::ToErase;
use tablee_domain::table::erasure::ERASED;
use tablee_domain::text::fold;

use crate::error::StoreError;
use crate::imports::ImportedRow;

/// What a line of a report says of where, not of what: it stays.
const WHERE: [&str; 10] =
    ["sheet", "row", "id", "column", "cell", "letters", "key", "keys", "why", "weight"];
/// The column in which people read what a row is.
const TITLE: &str = "intitule";
/// What a proposal says of where, not of what: it stays.
const ASKED_WHERE: [&str; 7] = ["id", "kind", "what", "row", "key", "reason", "at"];

/// Takes out of a report what must go; says whether anything did.
///
/// A report names rows of the table where it tells what it changed, and lines of the file where it complains.
/// Which line became which row it does not say: so of an import that wrote to a row (`touched`), all
/// complaints go that may be about it.
pub(super) fn report(what: &ToErase, touched: &BTreeSet<RowId>, value: &mut Value) -> bool {
    let asked = asked_lines(what, value);
    let mut changed = of_rows(what, touched, value);
    changed |= of_lines(&asked, value);
    changed |= without_words(what, value);
    changed
}

/// The lines of the file that are rows of which something must go, or may be: `sheet!row`.
fn asked_lines(what: &ToErase, report: &Value) -> BTreeSet<String> {
    let is_asked =
        |row: &RowId| what.takes_row(row) || what.cells.iter().any(|(asked, _)| asked == row);
    let named = |value: &Value| row_id(value).is_some_and(|row| is_asked(&row));
    let list = |at: &str| report.pointer(at).and_then(Value::as_array).into_iter().flatten();
    let placed = list("/report/lines").filter(|line| line.get("row").is_some_and(named));
    let placed = placed.filter_map(|line| Some(line.get("line")?.as_str()?.to_owned()));
    let open = list("/undecided").filter(|line| {
        let rows = line.get("ids").and_then(Value::as_array);
        rows.is_some_and(|rows| rows.iter().any(named))
    });
    placed.chain(open.filter_map(line_name)).collect()
}

/// `sheet!row` of what names them apart.
fn line_name(value: &Value) -> Option<String> {
    Some(format!("{}!{}", value.get("sheet")?.as_str()?, value.get("row")?.as_u64()?))
}

/// What was complained of in these lines may be about any of their cells; what they are called is what their
/// rows are called.
fn of_lines(asked: &BTreeSet<String>, report: &mut Value) -> bool {
    let mut changed = false;
    let mut each = |at: &str, work: &mut dyn FnMut(&mut Map<String, Value>) -> bool| {
        let list = report.pointer_mut(at).and_then(Value::as_array_mut);
        for one in list.into_iter().flatten().filter_map(Value::as_object_mut) {
            changed |= work(one);
        }
    };
    let is_of = |line: &Map<String, Value>| {
        line_name(&Value::Object(line.clone())).is_some_and(|line| asked.contains(&line))
    };
    each("/complaints", &mut |line| is_of(line) && empty(line, &WHERE));
    each("/report/lines", &mut |line| {
        let name = line.get("line").and_then(Value::as_str);
        // Lines that name their row were judged by it.
        if !name.is_some_and(|name| asked.contains(name)) || line["row"].is_string() {
            return false;
        }
        let title = line.insert("title".to_owned(), ERASED.into());
        line.remove("complaints").is_some() | (title != Some(ERASED.into()))
    });
    changed
}

fn of_rows(what: &ToErase, touched: &BTreeSet<RowId>, value: &mut Value) -> bool {
    match value {
        Value::Array(list) => {
            let each = list.iter_mut().map(|one| of_rows(what, touched, one));
            each.fold(false, |changed, one| changed | one)
        }
        Value::Object(line) if line.contains_key("outcome") => of_a_line(what, line),
        Value::Object(line) if goes(what, touched, line) => empty(line, &WHERE),
        Value::Object(line) if is_named(what, touched, line) => {
            line.insert("title".to_owned(), ERASED.into()) != Some(ERASED.into())
        }
        Value::Object(line) => {
            let each = line.values_mut().map(|one| of_rows(what, touched, one));
            each.fold(false, |changed, one| changed | one)
        }
        _ => false,
    }
}

/// Takes out of what became of a line of the file what must go. It names its row of the table, and stays a line
/// that can be read.
fn of_a_line(what: &ToErase, line: &mut Map<String, Value>) -> bool {
    let Some(row) = line.get("row").and_then(row_id) else { return false };
    let is_asked = what.takes_row(&row) || what.cells.iter().any(|(asked, _)| *asked == row);
    if !is_asked {
        return false;
    }
    let mut changed = false;
    if what.takes_cell(&row, TITLE) {
        changed |= line.insert("title".to_owned(), ERASED.into()) != Some(ERASED.into());
    }
    // What was complained of may be about any of its cells.
    changed |= line.remove("complaints").is_some();
    for list in ["cells", "conflicts"] {
        let Some(Value::Array(cells)) = line.get_mut(list) else { continue };
        let there = cells.len();
        cells.retain(|cell| {
            let key = cell.get("key").or_else(|| cell.pointer("/cell/key"));
            !key.and_then(Value::as_str).is_some_and(|key| what.takes_cell(&row, key))
        });
        changed |= cells.len() < there;
    }
    changed
}

/// Whether the title beside a line is that of a row whose title must go, or may be.
fn is_named(what: &ToErase, touched: &BTreeSet<RowId>, line: &Map<String, Value>) -> bool {
    let goes = |row: RowId| what.takes_cell(&row, TITLE);
    let named = ["id", "row"].into_iter().find_map(|key| line.get(key).and_then(row_id));
    line.contains_key("title")
        && match (named, line.get("ids").and_then(Value::as_array)) {
            (Some(row), _) => goes(row),
            (None, Some(rows)) => rows.iter().filter_map(row_id).any(goes),
            (None, None) => touched.iter().any(|row| what.takes_cell(row, TITLE)),
        }
}

fn row_id(value: &Value) -> Option<RowId> {
    RowId::new(value.as_str()?).ok()
}

/// Whether a line of a report is about something that must go, or may be.
fn goes(what: &ToErase, touched: &BTreeSet<RowId>, line: &Map<String, Value>) -> bool {
    let Some(column) = line.get("column").and_then(Value::as_str) else { return false };
    match line.get("id").and_then(Value::as_str) {
        Some(id) => RowId::new(id).is_ok_and(|row| what.takes_cell(&row, column)),
        None if line.contains_key("words") => {
            touched.iter().any(|row| what.takes_cell(row, column))
        }
        None => false,
    }
}

/// What stays of a line that an import remembers.
pub(super) enum Left {
    /// Nothing at all.
    Nothing,
    /// These words, under another key.
    Words(String),
}

/// What stays of a line that an import remembers; none where it stays as it is.
///
/// The key of a line is made of its words, so it goes with any of them: then the next import finds the row by
/// what else it remembers, or asks.
pub(super) fn memory(what: &ToErase, line: &ImportedRow) -> Result<Option<Left>, StoreError> {
    if what.takes_row(&line.row) {
        return Ok(Some(Left::Nothing));
    }
    let mut value: Value = serde_json::from_str(&line.words)
        .map_err(|_| StoreError::corrupt("import_rows", &line.match_key, "words"))?;
    let mut changed = false;
    for part in ["words", "values"] {
        changed |= value.get_mut(part).is_some_and(|cells| without_cells(what, &line.row, cells));
    }
    changed |= without_words(what, &mut value);
    changed |= folded(what).redacted_text(&line.match_key).is_some();
    Ok(changed.then(|| Left::Words(value.to_string())))
}

/// The same words as keys hold them.
fn folded(what: &ToErase) -> ToErase {
    ToErase { words: what.words.iter().map(|it| fold(it)).collect(), ..ToErase::default() }
}

/// Takes the cells that go out of a map from keys to values.
fn without_cells(what: &ToErase, row: &RowId, value: &mut Value) -> bool {
    let Value::Object(cells) = value else { return false };
    let there = cells.len();
    cells.retain(|key, _| !what.takes_cell(row, key));
    cells.len() < there
}

/// Takes out of a proposal what must go; says whether anything did. It stays one that can be read.
pub(super) fn proposal(what: &ToErase, row: Option<&RowId>, value: &mut Value) -> bool {
    let Value::Object(asked) = value else { return without_words(what, value) };
    // A row that is to be added is named by the payload only.
    let named = asked.get("row").and_then(Value::as_str).and_then(|id| RowId::new(id).ok());
    let changed = match row.or(named.as_ref()) {
        Some(row) if asked.contains_key("kind") => of_a_form(what, row, asked),
        Some(row) => of_a_suggestion(what, row, asked),
        None => false,
    };
    let said = asked.iter_mut().filter(|(key, _)| !ASKED_WHERE.contains(&key.as_str()));
    let each = said.map(|(_, one)| without_words(what, one));
    let changed = each.fold(changed, |changed, one| changed | one);
    // Of a form the reason is what somebody wrote; of a suggestion it is a word of ours.
    let is_form = asked.contains_key("kind");
    let reason = asked.get_mut("reason").filter(|_| is_form);
    reason.is_some_and(|reason| without_words(what, reason)) | changed
}

/// What stays of an edit that somebody suggested.
fn of_a_suggestion(what: &ToErase, row: &RowId, asked: &mut Map<String, Value>) -> bool {
    let key = asked.get("key").and_then(Value::as_str).unwrap_or_default();
    if what.takes_cell(row, key) {
        return empty(asked, &ASKED_WHERE);
    }
    // A row that somebody would add is a map of its cells.
    let is_whole = key.is_empty();
    let each = asked.values_mut().filter(|_| is_whole);
    each.map(|one| without_cells(what, row, one)).fold(false, |changed, one| changed | one)
}

/// What stays of what came from a form: two maps of cells, and for a removal the reason.
fn of_a_form(what: &ToErase, row: &RowId, asked: &mut Map<String, Value>) -> bool {
    let mut changed = false;
    for cells in ["cells", "base"] {
        changed |= asked.get_mut(cells).is_some_and(|cells| without_cells(what, row, cells));
    }
    changed | (what.takes_row(row) && asked.remove("reason").is_some())
}

/// Takes out of what was decided or chosen about rows all that stands under a cell that goes: as a key of a map, or
/// as what an entry of a list says of its own `key`. Words go with it.
pub(super) fn chosen(what: &ToErase, rows: &[&RowId], value: &mut Value) -> bool {
    let takes = |key: &str| rows.iter().any(|row| what.takes_cell(row, key));
    let changed = without_chosen(&takes, value);
    without_chosen_words(what, value) | changed
}

/// Words go, but for those that say what was done where: it stays something that can be read.
fn without_chosen_words(what: &ToErase, value: &mut Value) -> bool {
    const STAYS: [&str; 4] = ["act", "key", "order", "row"];
    match value {
        Value::Array(list) => {
            let each = list.iter_mut().map(|one| without_chosen_words(what, one));
            each.fold(false, |changed, one| changed | one)
        }
        Value::Object(map) => {
            let said = map.iter_mut().filter(|(key, _)| !STAYS.contains(&key.as_str()));
            let each = said.map(|(_, one)| without_chosen_words(what, one));
            each.fold(false, |changed, one| changed | one)
        }
        other => without_words(what, other),
    }
}

fn without_chosen(takes: &dyn Fn(&str) -> bool, value: &mut Value) -> bool {
    match value {
        Value::Array(list) => {
            let there = list.len();
            list.retain(|one| !one.get("key").and_then(Value::as_str).is_some_and(takes));
            let each = list.iter_mut().map(|one| without_chosen(takes, one));
            each.fold(false, |changed, one| changed | one) | (list.len() < there)
        }
        Value::Object(map) => {
            let there = map.len();
            map.retain(|key, _| !takes(key));
            let gone = map.len() < there;
            let each = map.values_mut().map(|one| without_chosen(takes, one));
            each.fold(false, |changed, one| changed | one) | gone
        }
        _ => false,
    }
}

/// Empties all that is not one of the keys that stay.
fn empty(line: &mut Map<String, Value>, stay: &[&str]) -> bool {
    let mut changed = false;
    for (_, value) in line.iter_mut().filter(|(key, _)| !stay.contains(&key.as_str())) {
        let nothing = if value.is_string() { Value::from(ERASED) } else { Value::Null };
        if *value != nothing {
            *value = nothing;
            changed = true;
        }
    }
    changed
}

/// Takes out of a change of columns the words that must go; its identifiers stay, whatever they look like.
pub(super) fn columns(what: &ToErase, value: &mut Value) -> bool {
    const SAID: [&str; 3] = ["fr", "en", "label"];
    match value {
        Value::Array(list) => {
            let each = list.iter_mut().map(|one| columns(what, one));
            each.fold(false, |changed, one| changed | one)
        }
        Value::Object(map) => {
            let each = map.iter_mut().map(|(key, one)| match one {
                Value::String(_) => SAID.contains(&key.as_str()) && without_words(what, one),
                _ => columns(what, one),
            });
            each.fold(false, |changed, one| changed | one)
        }
        _ => false,
    }
}

/// Whether words that must go stand in it.
pub(super) fn holds_words(what: &ToErase, mut value: Value) -> bool {
    without_words(what, &mut value)
}

pub(super) fn without_words(what: &ToErase, value: &mut Value) -> bool {
    match value {
        Value::String(text) => match what.redacted_text(text) {
            Some(left) => {
                *text = left;
                true
            }
            None => false,
        },
        Value::Array(list) => {
            let each = list.iter_mut().map(|one| without_words(what, one));
            each.fold(false, |changed, one| changed | one)
        }
        Value::Object(map) => {
            let each = map.values_mut().map(|one| without_words(what, one));
            each.fold(false, |changed, one| changed | one)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
