//! `/atelier/doublons/{one}/{other}`: two rows beside each other, to be made one or told apart.

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use tablee_domain::ids::RowId;
use tablee_domain::offer::Status;
use tablee_domain::offer::merge::{CellUnion, Choice, union};
use tablee_domain::table::{Columns, Plain, Row};
use tablee_live::Visible;

use super::entries::alike;
use super::{asked, at_desk, by, failure, keys, looked, or_stale, presence_of, stale, titled};
use super::{to, with_status};
use crate::app::App;
use crate::catalogue::TABLE;
use crate::desk::DeskError;
use crate::desk::deciding::Cell;
use crate::desk::found::{met, ordered, traits};
use crate::desk::list::{List, Thing};
use crate::desk::merging::{Goes, Merging, fingerprint};
use crate::desk::presence::Through;
use crate::history::places::Places;
use crate::i18n::tn;
use crate::templates::desk::{FasterPage, Head, TwinField, TwinRow, TwinsPage};
use crate::templates::{Base, Page};
use crate::web::error::{WebError, WebResult};
use crate::web::extract::table_access::Curate;
use crate::web::extract::{Fields, TableAccess, TypedFields};
use crate::web::urls;
use crate::wording::words;

/// The columns whose values belong to a row and are not merged by hand.
const OWN: [&str; 1] = [Status::COLUMN];

/// The rows of an address, where both are in the table.
fn rows<'v>(visible: &'v Visible, ids: &(String, String)) -> WebResult<[&'v Row; 2]> {
    let find = |id: &str| visible.values.present().find(|row| row.id.as_str() == id);
    match (find(&ids.0), find(&ids.1)) {
        (Some(one), Some(other)) if one.id != other.id => Ok([one, other]),
        _ => Err(WebError::NotFound),
    }
}

/// Which of two rows stays unless a pilot says otherwise: the one that visitors see, then the fuller, then the
/// first.
fn keeps(rows: [&Row; 2]) -> usize {
    let worth = |row: &Row| (Status::of(row).is_public(), met(row), row.cells.len());
    usize::from(worth(rows[1]) > worth(rows[0]))
}

fn thing(rows: [&Row; 2]) -> Thing {
    let (one, other) = ordered(rows[0].id.clone(), rows[1].id.clone());
    Thing::Twins(one, other)
}

/// Shows both.
pub async fn show(
    access: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(ids): Path<(String, String)>,
    uri: Uri,
) -> WebResult {
    let base = at_desk(&app, base);
    let list = List::of_word(&asked(&uri, "liste").unwrap_or_default());
    page(&app, base, &access, (&ids, list), (None, None, StatusCode::OK)).await
}

async fn page(
    app: &App,
    base: Base,
    access: &TableAccess<Curate>,
    (ids, list): (&(String, String), List),
    (wrong, fields, status): (Option<String>, Option<&Fields>, StatusCode),
) -> WebResult {
    let visible = app.rooms.values(TABLE).await?;
    let rows = rows(&visible, ids)?;
    let thing = thing(rows);
    let me = (access.by.id, access.by.name.as_str());
    app.desk.presence().looks(&thing.word(), me, Through::Page, app.clock.now());
    let told = looked::told(app, &base, &thing, access.by.id).await?;
    let keeps = fields.map_or_else(
        || keeps(rows),
        |fields| usize::from(fields.one("garder") == rows[1].id.as_str()),
    );
    let columns = &visible.values.columns;
    let cells = union(columns, rows[keeps], rows[1 - keeps]);
    let cells = cells.into_iter().filter(|cell| !OWN.contains(&cell.column.as_str()));
    let (differ, same): (Vec<_>, Vec<_>) = cells.partition(|cell| cell.keep != cell.gone);
    let look = Look { base: &base, columns };
    let shown = differ.iter().enumerate();
    let why = traits(rows[0]).alike(&traits(rows[1]));
    let why = why.map(|(score, why)| alike(&base, score, &why)).unwrap_or_default();
    let view = TwinsPage {
        head: head(&base, (&thing, told), wrong, list),
        action: base.link(&format!(
            "{}?liste={}",
            urls::desk_twins(&rows[0].id, &rows[1].id),
            list.word()
        )),
        rows: rows.map(|row| look.row(row)),
        keeps,
        bins: fields.is_some_and(|fields| fields.one("partie") == "corbeille"),
        fields: shown.map(|(n, cell)| look.field(n, cell, keeps, fields)).collect(),
        same: if same.is_empty() {
            String::new()
        } else {
            tn(base.locale, "desk.merge.same", same.len(), &[])
        },
        why,
        base: base.clone(),
    };
    Ok(view.into_page_with(status))
}

fn head(
    base: &Base,
    (thing, told): (&Thing, looked::Told),
    wrong: Option<String>,
    list: List,
) -> Head {
    Head {
        title: base.t("desk.merge.title").into_owned(),
        kind: base.t("desk.kind.twins").into_owned(),
        done: None,
        wrong,
        facts: Vec::new(),
        presence: presence_of(base, &thing.word()),
        known: told.known,
        who: told.who,
        back: base.link(&urls::desk_list(list.word(), 1)),
        keys: keys(
            base,
            &[
                ("↵", "desk.keys.merge", true),
                ("d", "desk.keys.two", true),
                ("j", "desk.keys.next", true),
                ("k", "desk.keys.previous", true),
                ("a", "desk.keys.first", true),
                ("r", "desk.keys.second", true),
                ("e", "desk.keys.both", true),
            ],
        ),
    }
}

struct Look<'a> {
    base: &'a Base,
    columns: &'a Columns,
}

impl Look<'_> {
    fn row(&self, row: &Row) -> TwinRow {
        let column = self.columns.get(Status::COLUMN);
        let state = column
            .and_then(|column| words(self.base.locale, column, row.cell(Status::COLUMN)))
            .map(|words| words.in_one_line());
        TwinRow {
            title: titled(self.base, row.text("intitule")),
            state: state.unwrap_or_default(),
            href: self.base.link(&urls::desk_row(&row.id)),
            id: row.id.to_string(),
            seen: fingerprint(row),
        }
    }

    fn field(&self, n: usize, cell: &CellUnion, keeps: usize, typed: Option<&Fields>) -> TwinField {
        let places = Places { columns: self.columns, locale: self.base.locale };
        let key = cell.column.as_str();
        let say = |value: &Plain| places.value(key, value);
        let (ours, theirs) = (say(&cell.keep), say(&cell.gone));
        let usual = match (cell.choice, keeps) {
            (Choice::Unite, _) => "unis",
            (Choice::Keep, 0) | (Choice::Take, 1) => "un",
            _ => "deux",
        };
        let chosen = typed.map(|fields| choice(fields, key));
        TwinField {
            n,
            key: key.to_owned(),
            label: places.label(key),
            words: if keeps == 0 { [ours, theirs] } else { [theirs, ours] },
            both: cell.united.as_ref().map(say),
            choice: chosen.flatten().unwrap_or(usual),
        }
    }
}

/// What was chosen for a column.
fn choice(fields: &Fields, key: &str) -> Option<&'static str> {
    let mut places = fields.beginning("cle-");
    let (n, _) = places.find(|(_, known)| *known == key)?;
    match fields.one(&format!("choix-{n}")) {
        "un" => Some("un"),
        "deux" => Some("deux"),
        "unis" => Some("unis"),
        _ => None,
    }
}

/// Makes them one, or remembers that they are two.
pub async fn submit(
    access: TableAccess<Curate>,
    base: Base,
    State(app): State<App>,
    Path(ids): Path<(String, String)>,
    uri: Uri,
    TypedFields { fields, is_ours }: TypedFields,
) -> WebResult {
    let base = at_desk(&app, base);
    let list = List::of_word(&asked(&uri, "liste").unwrap_or_default());
    if !is_ours {
        let shown = (Some(stale(&base)), Some(&fields), StatusCode::FORBIDDEN);
        return or_stale(page(&app, base, &access, (&ids, list), shown).await);
    }
    let visible = app.rooms.values(TABLE).await?;
    let Ok(rows) = rows(&visible, &ids) else { return Ok(gone(base)) };
    let word = thing(rows).word();
    if fields.one("action") == "distinctes" {
        let done = app.desk.not_duplicate(by(&access), &rows[0].id, &rows[1].id).await;
        done.map_err(failure)?;
        return Ok(to(&base.link(&urls::desk_done(list.word(), "distinctes", &word))));
    }
    if fields.one("action") == "annuler" {
        let done = app.desk.maybe_duplicate(&rows[0].id, &rows[1].id).await;
        done.map_err(failure)?;
        return Ok(to(&base.link(&urls::desk_done(list.word(), "doublons", &word))));
    }
    if fields.one("action") != "fusionner" {
        return Err(WebError::Invalid("form: action".to_owned()));
    }
    let merging = chosen(&visible.values.columns, rows, &fields);
    match app.desk.merge(by(&access), merging).await {
        Ok(id) => Ok(to(&base.link(&urls::desk_merge(id)))),
        Err(DeskError::Moved(_)) => {
            let wrong = Some(base.t("desk.wrong.moved").into_owned());
            let shown = (wrong, Some(&fields), StatusCode::CONFLICT);
            page(&app, base, &access, (&ids, list), shown).await
        }
        Err(DeskError::RowGone) => Ok(gone(base)),
        Err(error) => Err(failure(error)),
    }
}

fn gone(base: Base) -> axum::response::Response {
    let page = FasterPage {
        title: base.t("desk.kind.twins").into_owned(),
        told: base.t("desk.merge.already").into_owned(),
        typed: Vec::new(),
        href: base.link(urls::DESK),
        base,
    };
    with_status(page.into_page(), StatusCode::CONFLICT)
}

/// What a pilot chose, column by column.
fn chosen(columns: &Columns, rows: [&Row; 2], fields: &Fields) -> Merging {
    let keeps = usize::from(fields.one("garder") == rows[1].id.as_str());
    let (keep, gone) = (rows[keeps], rows[1 - keeps]);
    let mut cells = Vec::new();
    let unions = union(columns, keep, gone);
    for cell in unions.iter().filter(|cell| !OWN.contains(&cell.column.as_str())) {
        let asked = match choice(fields, cell.column.as_str()) {
            Some("unis") => Choice::Unite,
            Some(word) if (word == "un") == (keeps == 0) => Choice::Keep,
            Some(_) => Choice::Take,
            // It says the same in both, or only the own words differ.
            None => cell.choice,
        };
        let key = cell.column.as_str().to_owned();
        let result = cell.value_of(asked);
        if *result != cell.keep {
            let (seen, result) = (cell.keep.clone(), result.clone());
            cells.push(Cell { key: key.clone(), seen, result });
        }
        let said = |row: &Row| row.said.get(&cell.column).cloned();
        let wanted = if asked == cell.choice {
            cell.said.clone()
        } else if asked == Choice::Keep {
            said(keep)
        } else {
            said(gone).or_else(|| said(keep))
        };
        if wanted != said(keep) {
            let of = |words: Option<String>| words.map(Plain::Text).unwrap_or_default();
            let (seen, result) = (of(said(keep)), of(wanted));
            cells.push(Cell { key: format!("{key}~said"), seen, result });
        }
    }
    let goes = if fields.one("partie") == "corbeille" { Goes::Bin } else { Goes::Archive };
    let mut seen = fields.one("version").split('.').map(str::to_owned);
    let mut seen = [seen.next().unwrap_or_default(), seen.next().unwrap_or_default()];
    if keeps == 1 {
        seen.reverse();
    }
    let id = |row: &Row| -> RowId { row.id.clone() };
    Merging { keep: id(keep), gone: id(gone), goes, cells, seen }
}
