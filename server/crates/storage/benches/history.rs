//! How fast history answers where a table has 200,000 edits, on SQLite in a temporary folder.
//!
//! Prints one JSON line: what was asked, and how long the answer took in milliseconds. The promise: the history
//! of any cell in less than 100 ms.

use std::time::Instant;

use tablee_domain::ids::{
    ColumnId, Epoch, ImportId, PersonId, Revision, RowId, TableId, Timestamp,
};
use tablee_domain::table::{Edit, Origin, Plain, ToErase};
use tablee_storage::history::{self, Filter};
use tablee_storage::{Store, erasure, tables};

const EDITS: i64 = 200_000;
const ROWS: u64 = 4_000;
const COLUMNS: u64 = 25;
const PEOPLE: u64 = 40;
/// One row that everybody edits, and one cell of it.
const BUSY: &str = "rbusy";
/// Half a minute between two edits: 70 days in all.
const BEAT: i64 = 30_000;
const PAGE: u32 = 50;

/// The same numbers each time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn row(number: u64) -> RowId {
    RowId::new(&format!("r{number:015}")).expect("it is a word")
}

fn column(number: u64) -> String {
    format!("colonne_{number:02}")
}

fn edit(dice: &mut Dice, number: i64) -> Edit {
    let busy = dice.throw(10) == 0;
    let row = if busy { RowId::new(BUSY).expect("it is a word") } else { row(dice.throw(ROWS)) };
    let key = match dice.throw(4) {
        0 if busy => column(0),
        1 => format!("{}/choix_{}", column(dice.throw(COLUMNS)), dice.throw(9)),
        2 => format!("{}~said", column(dice.throw(COLUMNS))),
        _ => column(dice.throw(COLUMNS)),
    };
    let imported = number % 5_000 < 100;
    Edit {
        revision: Revision(number),
        row,
        key,
        before: Plain::text(format!("Animer une réunion à {number} voix, avant")),
        after: Plain::text(format!("Animer une réunion à {number} voix, après")),
        actor: Some(PersonId(dice.throw(PEOPLE) as i64 + 1)),
        origin: if imported { Origin::Import(ImportId(number / 5_000 + 1)) } else { Origin::Table },
        at: Timestamp(number * BEAT),
        lost: dice.throw(1_000) == 0,
    }
}

async fn filled(store: &Store) -> TableId {
    let mut tx = store.begin().await.expect("a transaction begins");
    let made = tables::create(&mut tx, "formations", Epoch(1), Timestamp(0)).await;
    let table = made.expect("the table is made").id;
    let mut dice = Dice(1);
    let edits: Vec<Edit> = (1..=EDITS).map(|number| edit(&mut dice, number)).collect();
    for piece in edits.chunks(2_000) {
        history::add(&mut tx, table, piece).await.expect("history is kept");
    }
    tx.commit().await.expect("the history is kept");
    table
}

/// What is asked, by the name under which the figures are printed.
fn questions() -> Vec<(&'static str, Vec<Filter>)> {
    let mut dice = Dice(2);
    let mut many = |ask: &dyn Fn(&mut Dice) -> Filter| (0..200).map(|_| ask(&mut dice)).collect();
    let id = |name: &str| ColumnId::new(name).expect("it is a word");
    let any = Filter::default;
    let moment = |dice: &mut Dice| Timestamp(dice.throw(EDITS as u64) as i64 * BEAT);
    vec![
        (
            "cell",
            many(&|dice| Filter {
                column: Some(id(&column(dice.throw(COLUMNS)))),
                ..Filter::of_row(&row(dice.throw(ROWS)))
            }),
        ),
        (
            "key",
            many(&|dice| Filter::of_cell(&row(dice.throw(ROWS)), &column(dice.throw(COLUMNS)))),
        ),
        (
            "busiest_cell",
            many(&|_| Filter {
                column: Some(id(&column(0))),
                ..Filter::of_row(&RowId::new(BUSY).expect("it is a word"))
            }),
        ),
        ("row", many(&|dice| Filter::of_row(&row(dice.throw(ROWS))))),
        ("busiest_row", many(&|_| Filter::of_row(&RowId::new(BUSY).expect("it is a word")))),
        ("newest", many(&|_| any())),
        (
            "column",
            many(&|dice| Filter { column: Some(id(&column(dice.throw(COLUMNS)))), ..any() }),
        ),
        ("nowhere", many(&|_| Filter { column: Some(id("nulle_part")), ..any() })),
        (
            "person",
            many(&|dice| Filter { actor: Some(PersonId(dice.throw(PEOPLE) as i64 + 1)), ..any() }),
        ),
        ("until", many(&|dice| Filter { until: Some(moment(dice)), ..any() })),
        ("oldest", many(&|_| Filter { until: Some(Timestamp(30 * BEAT)), ..any() })),
        ("future", many(&|_| Filter { since: Some(Timestamp((EDITS + 9) * BEAT)), ..any() })),
        (
            "day_of_person_in_column",
            many(&|dice| {
                let since = moment(dice);
                Filter {
                    actor: Some(PersonId(dice.throw(PEOPLE) as i64 + 1)),
                    column: Some(id(&column(dice.throw(COLUMNS)))),
                    since: Some(since),
                    until: Some(Timestamp(since.get() + 2_880 * BEAT)),
                    ..any()
                }
            }),
        ),
        (
            "import",
            many(&|dice| Filter { import: Some(ImportId(dice.throw(40) as i64 + 1)), ..any() }),
        ),
        ("restored", many(&|_| Filter { through: Some(history::Through::Restore), ..any() })),
        ("lost", many(&|_| Filter { lost_only: true, ..any() })),
    ]
}

/// The middle, the slowest but one in a hundred, and the slowest, in milliseconds.
fn told(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share).round() as usize];
    format!(r#"{{"p50":{:.2},"p99":{:.2},"max":{:.2}}}"#, at(0.5), at(0.99), at(1.0))
}

async fn ask(store: &Store, table: TableId, asked: &[Filter]) -> Vec<f64> {
    let mut times = Vec::new();
    for filter in asked {
        let begun = Instant::now();
        let mut tx = store.read().await.expect("a transaction begins");
        history::page(&mut tx, table, filter, None, PAGE).await.expect("history answers");
        drop(tx);
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = std::env::temp_dir().join(format!("tablee_history_{}", std::process::id()));
    let url = format!("sqlite://{}", folder.join("tablee.db").display());
    let store = Store::connect(&url).await.expect("the database opens");
    store.migrate().await.expect("the schema is made");
    let begun = Instant::now();
    let table = filled(&store).await;
    let fill = begun.elapsed().as_secs_f64();

    let mut figures = Vec::new();
    for (name, asked) in questions() {
        figures.push(format!(r#""{name}":{}"#, told(ask(&store, table, &asked).await)));
    }

    let words = ToErase { words: vec!["à 777".to_owned()], ..ToErase::default() };
    let begun = Instant::now();
    let mut tx = store.begin().await.expect("a transaction begins");
    let places = erasure::redact(&mut tx, table, &words).await.expect("words are erased");
    drop(tx);
    let redact = begun.elapsed().as_secs_f64();
    println!(
        r#"{{"bench":"history","edits":{EDITS},"fill_s":{fill:.1},"milliseconds":{{{}}},"redact_s":{redact:.1},"redacted":{}}}"#,
        figures.join(","),
        places[0].count,
    );
    store.close().await;
    std::fs::remove_dir_all(&folder).expect("the folder is removed");
}
