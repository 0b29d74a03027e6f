//! The table: the shell in which the live one wakes up, and the published rows for visitors.

use askama::Template;

use super::catalogue::{ActiveFilter, ExportLink, Pages};
use super::{Base, Page};
use crate::i18n::Locale;

/// `GET /table` for a signed-in person: the client builds the rest.
#[derive(Debug, Template)]
#[template(path = "pages/table_live.html")]
pub struct LiveTablePage {
    /// What is around it.
    pub base: Base,
    /// The table's name.
    pub table: String,
    /// The address of its socket.
    pub live: String,
    /// The person; none in the shell that a device keeps, which is the same for everybody.
    pub person: Option<TablePerson>,
}

/// The person who opens the live table.
#[derive(Debug)]
pub struct TablePerson {
    /// Their number.
    pub id: i64,
    /// Their role, as the wire says it.
    pub role: &'static str,
    /// Their name.
    pub name: String,
}

/// `GET /table` for a visitor.
#[derive(Debug, Template)]
#[template(path = "pages/table_public.html")]
pub struct PublicTablePage {
    /// What is around it.
    pub base: Base,
    /// The canonical address.
    pub canonical: String,
    /// What the table holds: "Formations publiées, de 1 à 50 sur 107".
    pub caption: String,
    /// The filters that an address brought from the catalogue.
    pub active: Vec<ActiveFilter>,
    /// Its columns.
    pub heads: Vec<Head>,
    /// Its rows.
    pub rows: Vec<TableRow>,
    /// The pages, where there are several.
    pub pages: Option<Pages>,
    /// The files that hold it.
    pub exports: Vec<ExportLink>,
}

/// The head of a column.
#[derive(Debug)]
pub struct Head {
    /// The column's label.
    pub label: String,
    /// Where to have the table in the order of this column.
    pub sort: Option<HeadSort>,
}

/// The link that sorts by a column.
#[derive(Debug)]
pub struct HeadSort {
    /// The sentence of the link.
    pub title: String,
    /// Its address.
    pub href: String,
    /// The value of `aria-sort` while the table is in this order.
    pub current: Option<&'static str>,
}

/// One row.
#[derive(Debug)]
pub struct TableRow {
    /// The page of the offer.
    pub href: String,
    /// Its title: the head of the row.
    pub title: String,
    /// The other cells.
    pub cells: Vec<TableCell>,
}

/// One cell.
#[derive(Debug)]
pub struct TableCell {
    /// What it holds, on one line.
    pub text: String,
    /// Where it leads, for an address.
    pub href: Option<String>,
}

impl Page for LiveTablePage {
    fn samples() -> Vec<Self> {
        let of = |person| Self {
            base: Base::default(),
            table: "formations".to_owned(),
            live: "/live/formations".to_owned(),
            person,
        };
        let named = |name: &str| TablePerson { id: 12, role: "member", name: name.to_owned() };
        vec![of(Some(named("Léa"))), of(Some(named(super::HOSTILE))), of(None)]
    }
}

impl Page for PublicTablePage {
    fn samples() -> Vec<Self> {
        let of = |words: &str, locale| Self {
            base: Base { locale, ..Base::default() },
            canonical: "https://tablee.example/table".to_owned(),
            caption: words.to_owned(),
            active: vec![ActiveFilter {
                label: words.to_owned(),
                remove: words.to_owned(),
                href: "/table".to_owned(),
            }],
            heads: vec![
                Head {
                    label: words.to_owned(),
                    sort: Some(HeadSort {
                        title: words.to_owned(),
                        href: "/table?tri=intitule".to_owned(),
                        current: Some("ascending"),
                    }),
                },
                Head { label: words.to_owned(), sort: None },
            ],
            rows: vec![TableRow {
                href: "/formations/a-1".to_owned(),
                title: words.to_owned(),
                cells: vec![TableCell {
                    text: words.to_owned(),
                    href: Some("https://exemple.fr/".to_owned()),
                }],
            }],
            pages: Some(Pages {
                here: words.to_owned(),
                previous: None,
                next: Some("/table?page=2".to_owned()),
            }),
            exports: vec![],
        };
        let empty = Self { active: vec![], rows: vec![], pages: None, ..of("Aucune", Locale::Fr) };
        vec![of("Intitulé", Locale::Fr), of(super::HOSTILE, Locale::En), empty]
    }
}
