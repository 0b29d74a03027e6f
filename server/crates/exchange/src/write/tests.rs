use std::collections::BTreeMap;

use proptest::prelude::*;
use tablee_domain::ids::{ColumnId, RowId};
use tablee_domain::import::grid::{RawBook, RawRow};
use tablee_domain::table::{Columns, Plain, defaults};

use super::*;
use crate::Limits;

const MADE: Timestamp = Timestamp(1_767_225_600_000);

fn columns() -> Columns {
    Columns::new(defaults::formations())
}

fn row(id: &str, cells: &[(&str, Plain)]) -> Row {
    let cells = cells.iter().map(|(key, value)| (ColumnId::new(key).unwrap(), value.clone()));
    Row {
        id: RowId::new(id).unwrap(),
        cells: cells.collect(),
        said: BTreeMap::new(),
        order: String::new(),
        deleted: false,
    }
}

fn map(items: &[(&str, Plain)]) -> Plain {
    Plain::Map(items.iter().map(|(key, item)| ((*key).to_owned(), item.clone())).collect())
}

fn extract<'a>(columns: &'a Columns, keys: &[&str], rows: &'a [Row]) -> Extract<'a> {
    Extract {
        table: "formations",
        title: "Formations",
        columns: keys.iter().map(|key| columns.get(key).unwrap()).collect(),
        rows: rows
            .iter()
            .map(|row| ExtractRow { url: format!("https://x.fr/{}", row.id), row })
            .collect(),
        licence: "Licence Ouverte 2.0",
        source_url: "https://x.fr/",
        generated: MADE,
    }
}

fn read_back(bytes: &[u8]) -> RawBook {
    crate::read::read(bytes, &Limits::default()).unwrap()
}

fn shown(row: &RawRow) -> Vec<&str> {
    row.cells.iter().map(|cell| cell.shown.as_str()).collect()
}

fn csv_text(extract: &Extract<'_>, heading: Heading) -> String {
    let bytes = csv(extract, heading, b';').unwrap();
    String::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap().to_vec()).unwrap()
}

#[test]
fn a_csv_opens_in_a_french_spreadsheet() {
    let columns = columns();
    let themes = map(&[("eau", true.into()), ("concertation", true.into())]);
    let rows = [row("r1", &[("intitule", "L'eau ; \"ensemble\"".into()), ("themes", themes)])];
    let extract = extract(&columns, &["intitule", "themes"], &rows);

    let (labels, keys) = (csv_text(&extract, Heading::Labels), csv_text(&extract, Heading::Keys));

    let line = "\"L'eau ; \"\"ensemble\"\"\";\"concertation ; eau et milieux aquatiques\";r1\r\n";
    assert_eq!(labels, format!("Intitulé;Thèmes;id\r\n{line}"));
    assert_eq!(keys, format!("intitule;themes;id\r\n{line}"));
}

#[test]
fn own_words_stand_beside_their_column_where_there_are_some() {
    let columns = columns();
    let mut offer = row("r1", &[("modalite", "hybride".into())]);
    for (column, words) in [("modalite", "mi-présentiel"), ("lieux", "partout")] {
        offer.said.insert(ColumnId::new(column).unwrap(), words.into());
    }
    let rows = [offer, row("r2", &[("intitule", "Animer".into())])];
    let extract = extract(&columns, &["intitule", "modalite", "lieux"], &rows);

    let text = csv_text(&extract, Heading::Keys);

    let wanted = [
        "intitule;modalite;modalite_texte;lieux;lieux_texte;id",
        ";hybride;mi-présentiel;partout;partout;r1",
        "Animer;;;;;r2",
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), wanted);
    let book = read_back(&xlsx(&extract).unwrap());
    let heads = shown(&book.sheets[0].rows[0]);
    assert_eq!(heads, ["Intitulé", "Format", "Format (texte)", "Lieux", "Lieux (texte)", "id"]);
}

#[test]
fn a_csv_runs_nothing_and_reads_back_as_it_was() {
    let columns = columns();
    let rows = [row(
        "r1",
        &[
            ("intitule", "=cmd|' /C calc'!A0".into()),
            ("organisme", "+33 6 12".into()),
            ("url", "https://x.fr/?a==1".into()),
        ],
    )];
    let extract = extract(&columns, &["intitule", "organisme", "url"], &rows);

    let text = csv_text(&extract, Heading::Keys);

    assert!(text.ends_with("'=cmd|' /C calc'!A0;'+33 6 12;https://x.fr/?a==1;r1\r\n"), "{text}");
    let book = read_back(text.as_bytes());
    let read = shown(&book.sheets[0].rows[1]);
    assert_eq!(read, ["=cmd|' /C calc'!A0", "+33 6 12", "https://x.fr/?a==1", "r1"]);
}

#[test]
fn a_workbook_holds_each_value_as_what_it_is() {
    let columns = columns();
    let rows = [row(
        "r1",
        &[
            ("intitule", "=1+1".into()),
            ("code_rncp", "00123".into()),
            ("contact_tel", "+33612345678".into()),
            ("duree_jours", 2.5.into()),
            ("verifie_le", "2026-09-30".into()),
            ("url", "https://x.fr/a?b=1&c=é".into()),
        ],
    )];
    let keys = ["intitule", "code_rncp", "contact_tel", "duree_jours", "verifie_le", "url"];

    let book = read_back(&xlsx(&extract(&columns, &keys, &rows)).unwrap());

    let sheet = &book.sheets[0];
    let cells = &sheet.rows[1].cells;
    assert_eq!(
        shown(&sheet.rows[1]),
        ["=1+1", "00123", "06 12 34 56 78", "2,5", "30/09/2026", "https://x.fr/a?b=1&c=é", "r1"]
    );
    assert!(cells.iter().all(|cell| cell.formula.is_none()));
    assert_eq!(cells[0].number, None);
    assert_eq!(cells[1].number, None);
    assert_eq!(cells[3].number, Some(2.5));
    assert_eq!(cells[4].date.as_deref(), Some("2026-09-30"));
    assert_eq!(sheet.hidden_columns, [6]);
    assert_eq!(sheet.name, "Formations");
}

#[test]
fn a_link_of_a_workbook_can_be_followed() {
    let columns = columns();
    let address = "https://x.fr/a?b=1&c=é#d";
    let rows = [
        row("r1", &[("url", address.into())]),
        row("r2", &[("url", "javascript:alert(1)".into())]),
        row("r4", &[("url", "https://x.fr/%C3%A9".into())]),
        row("r3", &[("url", format!("https://x.fr/{}", "a".repeat(3_000)).into())]),
    ];

    let book = read_back(&xlsx(&extract(&columns, &["url"], &rows)).unwrap());

    let links: Vec<_> =
        book.sheets[0].rows.iter().map(|row| row.cells[0].link.as_deref()).collect();
    assert_eq!(links, [None, Some(address), None, None, None]);
}

#[test]
fn a_date_of_less_than_a_day_stays_a_text() {
    let columns = columns();
    let days = ["2026-09", "2026", "2026-02-30", "1850-01-01", "bientôt"];
    let rows: Vec<Row> = (1..)
        .zip(days)
        .map(|(n, day)| row(&format!("r{n}"), &[("verifie_le", day.into())]))
        .collect();

    let book = read_back(&xlsx(&extract(&columns, &["verifie_le"], &rows)).unwrap());

    let read: Vec<_> =
        book.sheets[0].rows[1..].iter().map(|row| row.cells[0].shown.as_str()).collect();
    assert_eq!(read, days);
}

#[test]
fn a_text_longer_than_a_cell_is_cut_with_a_mark() {
    let columns = columns();
    let rows = [row("r1", &[("contenu", "🌱é".repeat(20_000).into())])];

    let book = read_back(&xlsx(&extract(&columns, &["contenu"], &rows)).unwrap());

    let text = &book.sheets[0].rows[1].cells[0].shown;
    assert!(text.ends_with("… [coupé]") && text.starts_with("🌱é🌱"));
    assert!(text.encode_utf16().count() <= 32_767);
}

#[test]
fn the_json_has_the_form_that_is_promised() {
    let columns = columns();
    let price = map(&[("montant", 1200.0.into()), ("taxe", "HT".into()), ("profil", Plain::Null)]);
    let mut offer = row(
        "r1",
        &[
            ("intitule", "Animer".into()),
            ("etat", "publiee".into()),
            ("type", "formation_courte".into()),
            ("themes", map(&[("eau", true.into()), ("concertation", true.into())])),
            ("tarifs", map(&[("a", price)])),
            ("duree_jours", 2.5.into()),
            ("resume", "".into()),
        ],
    );
    offer.said.insert(ColumnId::new("lieux").unwrap(), "partout".into());
    let rows = [offer];
    let keys = ["intitule", "etat", "type", "themes", "tarifs", "duree_jours", "resume", "lieux"];

    let text = String::from_utf8(json(&extract(&columns, &keys, &rows)).unwrap()).unwrap();

    assert_eq!(
        text,
        r#"{"table":"formations","licence":"Licence Ouverte 2.0","source":"https://x.fr/","generated":"2026-01-01T00:00:00Z","rows":[{"id":"r1","fiche":"https://x.fr/r1","etat":"publiee","intitule":"Animer","type":"formation courte","themes":["concertation","eau et milieux aquatiques"],"tarifs":[{"montant":1200,"taxe":"HT"}],"duree_jours":2.5,"lieux_texte":"partout"}]}"#
    );
}

#[test]
fn a_hostile_title_makes_a_tab_all_the_same() {
    let columns = columns();
    for title in ["", "[]:*?/\\", "'", "x\u{0}y\nz", &"🌱".repeat(40), "History"] {
        let extract = Extract { title, ..extract(&columns, &["intitule"], &[]) };

        assert!(xlsx(&extract).is_ok(), "{title}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn hostile_words_come_back_from_a_workbook(words in r"[\PC\n\t=+@_x0-9A-F<>&;'\x{0}-\x{1f}]{1,40}") {
        let columns = columns();
        let rows = [row("r1", &[("intitule", words.as_str().into())])];

        let book = read_back(&xlsx(&extract(&columns, &["intitule"], &rows)).unwrap());

        let wanted = printable(&words);
        // A cell in which nothing can be seen is no cell.
        let wanted = if wanted.trim().is_empty() { "" } else { wanted.as_str() };
        let read = book.sheets[0].rows[1].cells.iter().find(|cell| cell.column == 0);
        prop_assert_eq!(read.map_or("", |cell| cell.shown.as_str()), wanted);
    }

    #[test]
    fn hostile_words_come_back_from_a_csv(words in r"[\PC\n\t\r=+@;,'\x22-]{1,40}") {
        let columns = columns();
        let rows = [row("r1", &[("intitule", words.as_str().into()), ("organisme", "x".into())])];

        let book = read_back(&csv(&extract(&columns, &["intitule", "organisme"], &rows), Heading::Keys, b';').unwrap());

        let wanted = printable(&words);
        let read = book.sheets[0].rows[1].cells.iter().find(|cell| cell.column == 0);
        prop_assert_eq!(read.map_or("", |cell| cell.shown.as_str()), wanted.as_str());
    }
}
