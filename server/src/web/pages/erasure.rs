//! `/reglages/effacement`: erasing for good, in two steps.
//!
//! What is to be erased travels in the body of forms only: it stands in no address and no log.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use tablee_domain::ids::{ColumnId, RowId};
use tablee_domain::offer::slug::row_of_address;
use tablee_domain::people::Actor;
use tablee_domain::table::ToErase;
use tablee_live::erasing::Place;
use tablee_storage::erasures::{self, Erasure};
use tablee_storage::{Tx, people, tables};
use tokio::sync::oneshot;

use crate::app::App;
use crate::catalogue::TABLE;
use crate::i18n::{self, Locale, t};
use crate::templates::erasure::{ErasureFoundPage, ErasurePage, Typed};
use crate::templates::{Base, Here, Page, in_language};
use crate::web::error::WebResult;
use crate::web::extract::table_access::Administer;
use crate::web::extract::{CheckedForm, TableAccess};
use crate::web::urls::{self, PublicUrl};
use crate::wording::one_line;

/// Erasures that the page tells of.
const TOLD: usize = 50;
/// Fewer letters stand almost everywhere.
const SHORTEST: usize = 3;

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The receipt to show.
    recu: Option<i64>,
}

/// What is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EraseForm {
    mots: String,
    lignes: String,
    champs: String,
    /// `effacer` does it, `corriger` shows the form again; else it is looked for.
    etape: String,
}

/// `GET /reglages/effacement`.
pub async fn show(
    _may: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> WebResult {
    let told = told(&app, &base).await?;
    let receipt = told.iter().find(|(id, ..)| Some(*id) == asked.recu);
    let receipt = receipt.map(|(_, words, _)| words.clone());
    let earlier = told.into_iter().map(|(_, words, by)| format!("{words} ({by})")).collect();
    Ok(ErasurePage { receipt, earlier, ..form_page(&app, base, Typed::default(), None) }
        .into_page())
}

/// `POST /reglages/effacement`.
pub async fn submit(
    TableAccess { by, .. }: TableAccess<Administer>,
    base: Base,
    State(app): State<App>,
    CheckedForm(form): CheckedForm<EraseForm>,
) -> WebResult {
    let step = form.etape.clone();
    let typed = Typed { words: form.mots, rows: form.lignes, cells: form.champs };
    if step == "corriger" {
        return Ok(form_page(&app, base, typed, None).into_page());
    }
    let what = match to_erase(base.locale, &Examples::of(&app.public_url), &typed) {
        Ok(what) => what,
        Err(wrong) => {
            let page = form_page(&app, base, typed, Some(wrong));
            return Ok(page.into_page_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    if step == "effacer" {
        let erasure = erase(&app, by.actor(), what).await?;
        let to = in_language(base.locale, &urls::erased(erasure.id));
        return Ok(Redirect::to(&to).into_response());
    }
    let places = app.eraser.places(TABLE, &what).await?;
    let locale = base.locale;
    let page = ErasureFoundPage {
        is_somewhere: places.iter().any(|place| place.count > 0 && !goes_whole(place)),
        places: places.iter().map(|place| in_words(locale, place)).collect(),
        typed,
        base: base.at(Here::Erasure),
    };
    Ok(page.into_page())
}

/// Erases in a task of its own: a browser that leaves, or loses its patience, must not leave an erasure that
/// the journal does not know.
async fn erase(app: &App, by: Actor, what: ToErase) -> WebResult<Erasure> {
    let (reply, answer) = oneshot::channel();
    let eraser = app.eraser.clone();
    app.tasks.spawn(async move {
        let erased = eraser.erase(by, TABLE, &what).await;
        if let Err(Err(error)) = reply.send(erased) {
            tracing::error!(%error, "an erasure failed, and nobody waited for it");
        }
    });
    let erased = answer.await.map_err(|_| anyhow::anyhow!("an erasure was cut off"))?;
    Ok(erased?)
}

/// How a row and a field of it are named: by the address that a browser shows.
struct Examples {
    row: String,
    cell: String,
}

impl Examples {
    fn of(public_url: &PublicUrl) -> Self {
        let row = public_url.join("/formations/animer-un-debat-abcdefgh12345678");
        Self { cell: format!("{row}:contact_courriel"), row }
    }
}

fn form_page(app: &App, base: Base, typed: Typed, wrong: Option<String>) -> ErasurePage {
    let Examples { row, cell } = Examples::of(&app.public_url);
    ErasurePage {
        base: base.at(Here::Erasure),
        typed,
        wrong,
        row_example: row,
        cell_example: cell,
        receipt: None,
        earlier: Vec::new(),
    }
}

/// The log and its snapshots go whatever stands in them: that alone is no reason to erase.
fn goes_whole(place: &Place) -> bool {
    place.what == tablee_live::erasing::LOG || place.what == tablee_live::erasing::SNAPSHOTS
}

/// What was typed, understood, or what is wrong with it.
fn to_erase(locale: Locale, examples: &Examples, typed: &Typed) -> Result<ToErase, String> {
    let say = |key: &str, args: &[(&str, &str)]| t(locale, key, args).into_owned();
    let mut what = ToErase::default();
    for words in lines(&typed.words) {
        if words.chars().count() < SHORTEST {
            return Err(say("erasure.short", &[("words", words)]));
        }
        what.words.push(words.to_owned());
    }
    let wrong = |key, line: &str, example: &str| say(key, &[("line", line), ("example", example)]);
    for line in lines(&typed.rows) {
        let row = row(line).ok_or_else(|| wrong("erasure.wrong_row", line, &examples.row))?;
        what.rows.push(row);
    }
    for line in lines(&typed.cells) {
        let cell = cell(line).ok_or_else(|| wrong("erasure.wrong_cell", line, &examples.cell))?;
        what.cells.push(cell);
    }
    if what.is_empty() { Err(say("erasure.empty", &[])) } else { Ok(what) }
}

/// A row by the address of its page, or by what stands at the end of it.
fn row(line: &str) -> Option<RowId> {
    let last = line.split(['?', '#']).next()?.rsplit('/').next()?;
    RowId::new(last).ok().or_else(|| row_of_address(last))
}

/// A field of a row: the row, a colon, the column. An address has colons of its own: the last one counts.
fn cell(line: &str) -> Option<(RowId, ColumnId)> {
    let (address, column) = line.rsplit_once(':')?;
    Some((row(address.trim())?, ColumnId::new(column.trim()).ok()?))
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn in_words(locale: Locale, place: &Place) -> (String, String) {
    let key = format!("erasure.place.{}", place.what);
    let words = t(locale, &key, &[]);
    let words = if *words == *key {
        t(locale, "erasure.place.elsewhere", &[("place", &place.what)])
    } else {
        words
    };
    (words.into_owned(), i18n::number(locale, place.count as f64))
}

/// Erasures that were done, newest first: number, receipt, who asked.
async fn told(app: &App, base: &Base) -> WebResult<Vec<(i64, String, String)>> {
    let mut tx = app.store.read().await?;
    let Some(table) = tables::find(&mut tx, TABLE).await? else { return Ok(Vec::new()) };
    let all = erasures::all(&mut tx, table.id).await?;
    let mut told = Vec::new();
    for erasure in all.into_iter().rev().take(TOLD) {
        let when = app.config.web.time_zone.moment(base.locale, erasure.at);
        let args = [("id", &*erasure.id.to_string()), ("when", &*when)];
        let receipt = t(base.locale, "erasure.receipt", &args).into_owned();
        let by = asked_by(&mut tx, base.locale, &erasure).await?;
        told.push((erasure.id, receipt, by));
    }
    Ok(told)
}

async fn asked_by(tx: &mut Tx, locale: Locale, erasure: &Erasure) -> WebResult<String> {
    let Some(id) = erasure.asked_by else {
        return Ok(t(locale, "erasure.by_operator", &[]).into_owned());
    };
    let name = match people::find(tx, id).await? {
        Some(person) => one_line(&person.name),
        None => t(locale, "history.former", &[]).into_owned(),
    };
    Ok(t(locale, "erasure.by", &[("name", &name)]).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn understood(rows: &str, cells: &str) -> Result<ToErase, String> {
        let typed = Typed { rows: rows.to_owned(), cells: cells.to_owned(), words: String::new() };
        to_erase(Locale::Fr, &examples(), &typed)
    }

    fn examples() -> Examples {
        Examples::of(&PublicUrl::try_from("https://tablee.example".to_owned()).unwrap())
    }

    #[test]
    fn a_row_is_named_by_its_address_or_the_end_of_it() {
        let id = "eau0000000000000";
        for line in [
            id,
            "https://tablee.example/formations/dialoguer-eau0000000000000",
            "/formations/dialoguer-eau0000000000000?lang=en",
        ] {
            assert_eq!(understood(line, "").unwrap().rows, [RowId::new(id).unwrap()], "{line}");
        }
    }

    #[test]
    fn a_field_is_named_by_the_address_of_its_row_and_its_column() {
        let cell = (RowId::new("eau0000000000000").unwrap(), ColumnId::new("resume").unwrap());
        for line in [
            "eau0000000000000:resume",
            "eau0000000000000 : resume",
            "https://tablee.example/formations/dialoguer-eau0000000000000:resume",
            "http://127.0.0.1:8080/formations/dialoguer-eau0000000000000?lang=en : resume",
            "/formations/dialoguer-eau0000000000000#dates:resume",
        ] {
            let what = understood("", line).unwrap();
            assert_eq!((what.cells, what.rows), (vec![cell.clone()], vec![]), "{line}");
        }
        let examples = examples();
        let shown = understood(&examples.row, &examples.cell).unwrap();
        assert_eq!(
            shown.cells,
            [(shown.rows[0].clone(), ColumnId::new("contact_courriel").unwrap())]
        );
    }

    #[test]
    fn an_address_without_its_column_is_no_field_and_the_answer_shows_how() {
        for line in [
            "https://tablee.example/formations/dialoguer-eau0000000000000",
            "http://127.0.0.1:8080/formations/dialoguer-eau0000000000000",
            "https://tablee.example/formations/dialoguer-eau0000000000000:",
            "resume",
        ] {
            let wrong = understood("", line).unwrap_err();
            assert!(wrong.contains(line) && wrong.contains(&examples().cell), "{wrong}");
        }
        let wrong = understood("pas une ligne !", "").unwrap_err();
        assert!(wrong.contains(&examples().row), "{wrong}");
    }

    #[test]
    fn every_place_has_its_words() {
        use tablee_live::erasing::{BIN, DAY_VALUES, LIVE, LOG, SNAPSHOTS};

        let of_rooms = [LIVE, BIN, LOG, SNAPSHOTS, DAY_VALUES];
        for what in tablee_storage::erasure::PLACES.into_iter().chain(of_rooms) {
            let (words, count) = in_words(Locale::Fr, &Place::new(what, 1_200));
            assert!(!words.contains(what) && count == "1\u{202f}200", "{what}: {words}");
        }
        assert!(in_words(Locale::Fr, &Place::new("grenier", 1)).0.contains("grenier"));
    }

    #[test]
    fn what_is_not_understood_is_named_before_anything_is_erased() {
        assert!(understood("pas une ligne !", "").unwrap_err().contains("pas une ligne !"));
        assert!(understood("", "r1").unwrap_err().contains("r1"));
        assert!(understood(" \n", "\r\n").is_err(), "nothing is asked");
        let short = Typed { words: "a\nZoé".to_owned(), ..Typed::default() };
        assert!(to_erase(Locale::Fr, &examples(), &short).is_err());
    }
}
