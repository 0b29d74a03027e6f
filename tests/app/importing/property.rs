//! Whatever a file says: an import and its undo leave what was there, and the same import twice is one.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tablee_domain::ids::{ColumnId, RowId};
use tablee_domain::import::{
    Decisions, Line, MapTo, NewColumn, RawBook, RawCell, RawRow, RawSheet,
};
use tablee_domain::table::{Kind, defaults, order};
use tablee_live::Restore;

use super::*;

const HEADER: [&str; 8] =
    ["Intitulé", "Organisme", "Type", "Thèmes", "Durée", "Lien", "Tarif", "Ce que dit le tram"];

/// What people write, and what nobody should.
fn words() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "",
        "",
        "Animer",
        "animer ",
        "ANIMER",
        "Débattre",
        "Évaluer l'eau",
        "Lisode",
        "Scop L'Orage",
        "MOOC",
        "formation courte (intra)",
        "eau ; autre chose",
        "eau; participation",
        "2 jours",
        "3 x 2 j",
        "14 h",
        "https://x.fr/a",
        "https://x.fr/b?c=d",
        "x.fr",
        "120 €",
        "de 100 à 200 € HT",
        "gratuit",
        "à vérifier",
        "idem",
        "\"",
        "=1+1",
        "12/03/2026",
        "oui",
        "?",
        "-",
        "\u{202f}n.c.",
        "👩‍🏫 à distance",
        "ligne\nsuivante",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    let title =
        prop::sample::select(vec!["Animer", "Débattre", "Évaluer", "Écouter", "animer", ""]);
    let row = (title, prop::collection::vec(words(), HEADER.len() - 1));
    let row = row.prop_map(|(title, mut rest)| {
        rest.insert(0, title.to_owned());
        rest
    });
    prop::collection::vec(row, 0..7)
}

#[derive(Debug, Clone)]
struct Afternoon {
    /// Rows that people made before.
    by_hand: Vec<(usize, usize, bool)>,
    /// An earlier file.
    first: Vec<Vec<String>>,
    /// Edits of people between the two: row, column, words.
    edits: Vec<(usize, usize, String)>,
    /// The file that is imported.
    second: Vec<Vec<String>>,
    /// Rows of it that are left out, and whether its last column becomes a new one.
    skipped: Vec<u32>,
    new_column: Option<Kind>,
}

fn afternoons() -> impl Strategy<Value = Afternoon> {
    let by_hand = prop::collection::vec((0..4_usize, 0..3_usize, any::<bool>()), 0..3);
    let edits = prop::collection::vec((0..6_usize, 0..3_usize, words()), 0..4);
    let kinds = vec![Kind::Text, Kind::LongText, Kind::Number, Kind::Boolean, Kind::Date];
    let new_column = prop::option::of(prop::sample::select(kinds));
    let skipped = prop::collection::vec(2..9_u32, 0..2);
    let parts = (by_hand, rows(), edits, rows(), skipped, new_column);
    parts.prop_map(|(by_hand, first, edits, second, skipped, new_column)| Afternoon {
        by_hand,
        first,
        edits,
        second,
        skipped,
        new_column,
    })
}

fn book(rows: &[Vec<String>]) -> RawBook {
    let header = HEADER.map(str::to_owned).to_vec();
    let rows = std::iter::once(&header).chain(rows).zip(1..).map(|(cells, number)| {
        let cells = cells.iter().zip(0..).filter(|(words, _)| !words.is_empty());
        let cells = cells.map(|(words, at)| RawCell::text(at, words.as_str())).collect();
        RawRow { number, cells, ..RawRow::default() }
    });
    let sheet = RawSheet { name: "Feuille".into(), rows: rows.collect(), ..RawSheet::default() };
    RawBook { sheets: vec![sheet], ..RawBook::default() }
}

/// Imports into a table and gives what the importer did.
async fn imports(app: &TestApp, table: &str, book: &RawBook, decisions: Decisions) -> ImportId {
    let importer = &app.app.importer;
    let id = importer.submit_book(Actor::Program, table, "essai.xlsx", book).await.unwrap();
    importer.wait_for(&id).await.unwrap();
    let mut version = importer.view(&id).await.unwrap().unwrap().record.version;
    if decisions != Decisions::default() {
        version = importer.decide(&id, version, decisions).await.unwrap().version;
    }
    let import = importer.begin(Actor::Program, &id, version).await.unwrap();
    let record = importer.wait_for(&id).await.unwrap().unwrap();
    assert_eq!(record.state, State::Applied, "{:?}", record.error);
    import
}

/// What people see: the columns, then the rows.
type Sight = (Vec<ColumnId>, Vec<(RowId, String, Seen)>);

async fn sight(app: &TestApp, table: &str) -> Sight {
    let visible = app.app.rooms.values(table).await.unwrap();
    let values = &visible.values;
    let columns = values.columns.in_use().map(|column| column.id.clone()).collect();
    let mut rows: Vec<_> = values.present().cloned().collect();
    rows.sort_by(|a, b| (&a.order, &a.id).cmp(&(&b.order, &b.id)));
    let rows = rows.into_iter().map(|row| {
        let (id, order) = (row.id.clone(), row.order.clone());
        let alone = TableValues { columns: values.columns.clone(), rows: vec![row] };
        (id, order, seen(&alone).remove(0))
    });
    (columns, rows.collect())
}

impl Afternoon {
    /// The table before the import.
    async fn begins(&self, app: &TestApp, table: &str) {
        app.app.rooms.create_table(table, &defaults::formations()).await.unwrap();
        let room = app.app.rooms.open(table).await.unwrap();
        let by_hand = self.by_hand.clone();
        let orders = order::first_keys(by_hand.len());
        let made = move |writing: &mut tablee_document::Writing<'_>| {
            for ((at, (title, who, with_link)), order) in
                by_hand.into_iter().enumerate().zip(orders)
            {
                let title = ["Animer", "Débattre", "Évaluer", "Autre chose"][title];
                let who = ["Lisode", "Scop L'Orage", ""][who];
                let mut cells = std::collections::BTreeMap::from([
                    ("intitule".to_owned(), Plain::from(title)),
                    ("organisme".to_owned(), Plain::from(who)),
                ]);
                if with_link {
                    cells.insert("url".to_owned(), "https://x.fr/a".into());
                }
                let id = RowId::new(&format!("main{at:012}")).unwrap();
                writing.add_row(&id, &order, None, cells);
            }
        };
        room.write(Actor::Program, Origin::Command, made).await.unwrap();
        imports(app, table, &book(&self.first), Decisions::default()).await;
        let edits = self.edits.clone();
        let edited = move |writing: &mut tablee_document::Writing<'_>| {
            let rows = writing.rows();
            for (row, column, words) in edits {
                let key = ["intitule", "organisme", "duree_texte"][column];
                if let Some(row) = rows.get(row) {
                    writing.set(&row.id, key, words.as_str().into());
                }
            }
        };
        room.write(Actor::Program, Origin::Command, edited).await.unwrap();
    }

    fn decisions(&self) -> Decisions {
        let mut decisions = Decisions::default();
        for row in &self.skipped {
            decisions.lines.entry(Line::new("Feuille", *row)).or_default().skip = true;
        }
        if let Some(kind) = self.new_column {
            let id = ColumnId::new("tram000000000000").unwrap();
            let new = MapTo::New(NewColumn { id, label: "Le tram".to_owned(), kind });
            let sheet = decisions.sheets.entry("Feuille".to_owned()).or_default();
            sheet.mapping.insert(HEADER.len() as u32 - 1, new);
        }
        decisions
    }

    async fn keeps_the_promise(&self, app: &TestApp, table: &str) -> Result<(), TestCaseError> {
        self.begins(app, table).await;
        let before = sight(app, table).await;
        let file = book(&self.second);

        let import = imports(app, table, &file, self.decisions()).await;
        let once = sight(app, table).await;
        // The mapping is recalled.
        let again = Decisions { sheets: BTreeMap::default(), ..self.decisions() };
        imports(app, table, &file, again).await;
        let twice = sight(app, table).await;
        prop_assert_eq!(&twice, &once, "the second time brought something");

        let room = app.app.rooms.open(table).await.unwrap();
        room.restore(Actor::Program, Restore::Import(import), false).await.unwrap();
        let undone = sight(app, table).await;
        prop_assert_eq!(&undone, &before, "the undo left something");
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_and_its_undo_leave_what_was_there_and_twice_is_once() {
    let app = Arc::new(TestApp::start().await);
    let (here, runtime) = (Arc::clone(&app), tokio::runtime::Handle::current());
    let trying = tokio::task::spawn_blocking(move || {
        let cases = 48;
        let number = std::cell::Cell::new(0);
        let config = Config { cases, failure_persistence: None, ..Config::default() };
        let run = TestRunner::new(config).run(&afternoons(), |afternoon| {
            // Each in a table of its own.
            number.set(number.get() + 1);
            runtime.block_on(afternoon.keeps_the_promise(&here, &format!("t{}", number.get())))
        });
        if let Err(error) = run {
            panic!("{error}");
        }
    });

    trying.await.unwrap();
}
