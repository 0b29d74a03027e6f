//! From a file to rows: what an import promises to those who already work in the table.

mod adversary;
mod deciding;
mod erasures;
mod people;
mod property;
mod reading;
mod stops;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tablee::data_folder::DataFolder;
use tablee::first_start::FORMATIONS;
use tablee::importing::{Applied, PlanView, SourceFile, source_file};
use tablee_domain::ids::{ImportId, PlanId, Revision};
use tablee_domain::import::{ConflictWhy, ImportPlan, Report};
use tablee_domain::people::{Actor, Role};
use tablee_domain::table::{Origin, Plain, TableValues};
use tablee_exchange::write::{self, Extract, ExtractRow, Heading};
use tablee_storage::history;
use tablee_storage::import_plans::State;

use crate::support::TestApp;

const PROGRAM: &str = env!("CARGO_BIN_EXE_tablee");

fn inventory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/inventaire.xlsx")
}

fn csv(text: &str) -> SourceFile {
    SourceFile { name: "essai.csv".into(), bytes: text.as_bytes().to_vec() }
}

async fn table(app: &TestApp) -> (Revision, TableValues) {
    let visible = app.app.rooms.values(FORMATIONS).await.unwrap();
    (visible.revision, visible.values.clone())
}

/// What the file would do.
async fn plan(app: &TestApp, file: &SourceFile) -> ImportPlan {
    app.app.importer.look(FORMATIONS, file, table(app).await.1).await.unwrap()
}

async fn import(app: &TestApp, file: &SourceFile) -> Applied {
    app.app.importer.import_at_once(Actor::Program, FORMATIONS, file.clone()).await.unwrap()
}

/// Somebody writes in a cell of the only row that has this title.
async fn writes(app: &TestApp, title: &str, key: &'static str, value: Plain) {
    let (_, values) = table(app).await;
    let row = values.rows.iter().find(|row| row.text("intitule") == title).unwrap().id.clone();
    let room = app.app.rooms.open(FORMATIONS).await.unwrap();
    room.write(Actor::Program, Origin::Command, move |writing| writing.set(&row, key, value))
        .await
        .unwrap();
}

const TWO: &str =
    "Intitulé;Organisme;Type;Lien\nAnimer;Lisode;MOOC;https://x.fr\nDébattre;Orage;;\n";

#[tokio::test]
async fn the_inventory_arrives_whole_and_its_history_names_the_import() {
    let app = TestApp::start().await;
    let file = source_file(&inventory()).await.unwrap();

    let applied = import(&app, &file).await;

    let (_, values) = table(&app).await;
    assert_eq!((applied.import, values.rows.len()), (ImportId(1), 107));
    let published = values.rows.iter().filter(|row| row.text("etat") == "publiee").count();
    assert_eq!(
        published,
        107 - applied.plan.added.iter().filter(|row| !row.missing.is_empty()).count()
    );
    let mut tx = app.app.store.read().await.unwrap();
    let edits = history::of_import(&mut tx, applied.import).await.unwrap();
    assert!(
        edits.len() >= 107
            && edits.iter().all(|edit| edit.origin == Origin::Import(applied.import))
    );
}

#[tokio::test]
async fn the_same_file_again_writes_nothing() {
    let app = TestApp::start().await;
    let file = source_file(&inventory()).await.unwrap();
    import(&app, &file).await;
    let before = table(&app).await;

    let again = import(&app, &file).await;

    assert!(again.plan.changes_nothing() && again.plan.same.len() == 107);
    assert_eq!(table(&app).await, before);
}

#[tokio::test]
async fn a_plan_alone_writes_nothing() {
    let app = TestApp::start().await;
    let before = table(&app).await;

    let plan = plan(&app, &csv(TWO)).await;

    assert_eq!(plan.added.len(), 2);
    assert_eq!(app.app.importer.plans(FORMATIONS, 9).await.unwrap(), []);
    assert_eq!(table(&app).await, before);
}

#[tokio::test]
async fn new_rows_stand_after_those_that_are_there_in_the_order_of_the_file() {
    let app = TestApp::start().await;
    import(&app, &csv(TWO)).await;

    import(&app, &csv("Intitulé;Organisme\nC;X\nA;X\nB;X\n")).await;

    let (_, values) = table(&app).await;
    let titles: Vec<&str> = values.rows.iter().map(|row| row.text("intitule")).collect();
    assert_eq!(titles, ["Animer", "Débattre", "C", "A", "B"]);
}

#[tokio::test]
async fn many_rows_arrive_in_batches_and_all_of_them() {
    let app = TestApp::start().await;
    let rows: Vec<String> = (0..1_201).map(|n| format!("Formation {n};Organisme {n}\n")).collect();
    let before = table(&app).await.0;

    import(&app, &csv(&format!("Intitulé;Organisme\n{}", rows.concat()))).await;

    let (revision, values) = table(&app).await;
    assert_eq!(values.rows.len(), 1_201);
    assert_eq!(revision.get() - before.get(), 7);
    assert_eq!(values.rows[1_200].text("intitule"), "Formation 1200");
}

#[tokio::test]
async fn an_extract_that_comes_back_changes_nothing() {
    let app = TestApp::start().await;
    import(&app, &source_file(&inventory()).await.unwrap()).await;
    let (_, values) = table(&app).await;
    let extract = Extract {
        table: FORMATIONS,
        title: "Formations",
        columns: values.columns.in_use().collect(),
        rows: values.present().map(|row| ExtractRow { url: String::new(), row }).collect(),
        licence: "Licence Ouverte 2.0",
        source_url: "https://x.fr",
        generated: app.app.clock.now(),
    };
    let files = [
        ("labels.csv", write::csv(&extract, Heading::Labels, b';').unwrap()),
        ("keys.csv", write::csv(&extract, Heading::Keys, b',').unwrap()),
        ("formations.xlsx", write::xlsx(&extract).unwrap()),
    ];
    for (name, bytes) in files {
        let plan = plan(&app, &SourceFile { name: name.into(), bytes }).await;

        assert_eq!(
            (plan.same.len(), plan.changed.len()),
            (107, 0),
            "{name}: {:?}",
            plan.changed.first()
        );
        assert!(plan.added.is_empty() && plan.conflicts.is_empty(), "{name}");
    }
}

#[tokio::test]
async fn an_import_beside_a_server_is_planned_but_not_applied() {
    let app = TestApp::start().await;
    let file = inventory();
    let tablee = |more: &[&str]| {
        let mut command = std::process::Command::new(PROGRAM);
        command.arg("import").arg(&file).args(more).env_clear();
        command.env("TABLEE_DATA_DIR", &app.app.config.server.data_dir);
        command.output().unwrap()
    };
    let held = DataFolder::take(&app.app.config.server.data_dir).unwrap();

    let (planned, applied) = (tablee(&[]), tablee(&["--apply"]));

    assert_eq!(planned.status.code(), Some(0));
    let told = String::from_utf8(applied.stderr).unwrap();
    assert_eq!((applied.status.code(), told.lines().count()), (Some(2), 1), "{told}");
    assert!(told.contains("in use by another tablee"), "{told}");
    assert!(table(&app).await.1.rows.is_empty());
    drop(held);
}

/// What people see of a row, in the order of the table. Its identifier is another one each time.
type Seen = Vec<(String, String)>;

/// What people see of the table.
fn seen(values: &TableValues) -> Vec<Seen> {
    let mut rows: Vec<_> = values.present().collect();
    rows.sort_by(|a, b| (&a.order, &a.id).cmp(&(&b.order, &b.id)));
    let in_use: Vec<_> = values.columns.in_use().collect();
    let row = |row: &&tablee_domain::table::Row| {
        let mut cells = Vec::new();
        for column in &in_use {
            let value = row.cell(column.id.as_str());
            if !value.is_empty() {
                cells.push((column.id.to_string(), format!("{value:?}")));
            }
            if let Some(said) = row.said.get(&column.id).filter(|said| !said.is_empty()) {
                cells.push((format!("{}~said", column.id), said.clone()));
            }
        }
        cells
    };
    rows.iter().map(row).collect()
}

/// Keeps a file, and gives it once somebody can look at its plan.
async fn submits(app: &TestApp, by: Actor, file: SourceFile) -> PlanId {
    let id = app.app.importer.submit(by, FORMATIONS, file).await.unwrap();
    let record = app.app.importer.wait_for(&id).await.unwrap().unwrap();
    assert_eq!(record.state, State::Planned, "{:?}", record.error);
    id
}

/// The plan as somebody who looks at it sees it.
async fn view(app: &TestApp, id: &PlanId) -> Arc<PlanView> {
    app.app.importer.view(id).await.unwrap().expect("the plan is there")
}

/// Applies a plan as it stands, and waits until all of it is in the table.
async fn applies(app: &TestApp, by: Actor, id: &PlanId) -> (ImportId, Report) {
    let version = view(app, id).await.record.version;
    let import = app.app.importer.begin(by, id, version).await.unwrap();
    let record = app.app.importer.wait_for(id).await.unwrap().unwrap();
    assert_eq!((record.state, record.done), (State::Applied, record.total), "{:?}", record.error);
    (import, app.app.importer.report(import).await.unwrap().unwrap())
}

/// A pilot who works through the program's own doors.
async fn pilot(app: &TestApp, name: &str) -> Actor {
    let email = app.db_person(name, Role::Pilot).await;
    let mut tx = app.app.store.read().await.unwrap();
    let found = tablee_storage::people::find_by_email(&mut tx, &email).await.unwrap().unwrap();
    Actor::Person(found.id, Role::Pilot)
}

/// The cells that stayed since they moved after the plan was made, with what stands there.
fn moved(report: &Report) -> Vec<(String, Plain)> {
    let lines = report.lines.iter().flat_map(|line| &line.conflicts);
    let moved = lines.filter(|it| it.why == ConflictWhy::Moved);
    moved.map(|it| (it.cell.key.clone(), it.cell.old.clone())).collect()
}
