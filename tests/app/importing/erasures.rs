//! What must go for good does not come back by a file that was on its way.

use tablee::importing::{Failure, ImportError};
use tablee_domain::table::ToErase;
use tablee_live::Restore;
use tablee_storage::erasure::IMPORT_PLANS;
use tablee_storage::{imports, tables};

use super::*;

const NAME: &str = "Zoé Ferrandelle";

fn a_file_with_the_name(rows: usize) -> SourceFile {
    let lines = (0..rows).map(|n| format!("Formation {n} de {NAME};Organisme {n}\n"));
    csv(&format!("Intitulé;Organisme\n{}", lines.collect::<String>()))
}

fn the_name() -> ToErase {
    ToErase { words: vec![NAME.to_owned()], ..ToErase::default() }
}

/// Whether the name stands in any of the files of the database.
fn is_on_disk(app: &TestApp) -> Vec<String> {
    let files = std::fs::read_dir(app.folder()).unwrap().map(|entry| entry.unwrap().path());
    let holds = |path: &PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        String::from_utf8_lossy(&bytes).to_lowercase().contains("ferrandelle")
    };
    files.filter(holds).map(|path| path.display().to_string()).collect()
}

/// What imports remember of lines of files.
async fn remembered(app: &TestApp) -> usize {
    let mut tx = app.app.store.read().await.unwrap();
    let table = tables::find(&mut tx, FORMATIONS).await.unwrap().unwrap().id;
    imports::last_rows(&mut tx, table).await.unwrap().len()
}

#[tokio::test]
async fn an_erasure_drops_the_plans_that_wait_and_counts_them() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    import(&app, &csv(TWO)).await;
    let id = submits(&app, lea, a_file_with_the_name(3)).await;
    view(&app, &id).await;

    let receipt = app.app.eraser.erase(lea, FORMATIONS, &the_name()).await.unwrap();

    let counted = receipt.places.iter().find(|place| place.what == IMPORT_PLANS).unwrap();
    assert_eq!(counted.count, 1);
    assert!(app.app.importer.view(&id).await.unwrap().is_none());
    let late = app.app.importer.begin(lea, &id, 2).await;
    assert!(matches!(late, Err(ImportError::UnknownPlan)), "{late:?}");
    assert_eq!(is_on_disk(&app), Vec::<String>::new());
    let plans = app.app.importer.plans(FORMATIONS, 9).await.unwrap();
    assert_eq!(plans.iter().map(|plan| plan.state).collect::<Vec<_>>(), [State::Applied]);
    app.end().await;
}

#[tokio::test]
async fn an_erasure_in_the_middle_of_an_import_stops_it_and_nothing_comes_back() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = submits(&app, lea, a_file_with_the_name(1_500)).await;
    let import = app.app.importer.begin(lea, &id, 2).await.unwrap();
    let mut progress = app.app.importer.progress(&id).unwrap();
    progress.wait_for(|now| now.done >= 200).await.unwrap();

    app.app.eraser.erase(lea, FORMATIONS, &the_name()).await.unwrap();
    let record = app.app.importer.wait_for(&id).await.unwrap().unwrap();

    assert_eq!(record.state, State::Stopped, "it had far to go");
    assert_eq!(view(&app, &id).await.failure, Some(Failure::Erased));
    assert!(app.app.importer.report(import).await.unwrap().is_none());
    let (_, values) = table(&app).await;
    assert!(!values.rows.is_empty() && values.rows.len() < 1_500, "{}", values.rows.len());
    assert!(values.rows.iter().all(|row| !row.text("intitule").contains("Ferrandelle")));
    assert_eq!((remembered(&app).await, is_on_disk(&app)), (0, Vec::new()));
    // What it wrote can be taken back.
    let room = app.app.rooms.open(FORMATIONS).await.unwrap();
    room.restore(lea, Restore::Import(import), false).await.unwrap();
    assert_eq!(seen(&table(&app).await.1), Vec::<Seen>::new());
    app.end().await;
}

#[tokio::test]
async fn an_erasure_at_any_moment_of_an_import_leaves_no_word() {
    // From before its first row until after its end.
    for done in [0, 200, 400, 600] {
        let app = TestApp::start().await;
        let lea = pilot(&app, "Léa").await;
        let id = submits(&app, lea, a_file_with_the_name(600)).await;
        app.app.importer.begin(lea, &id, 2).await.unwrap();
        if let Some(mut progress) = app.app.importer.progress(&id) {
            let _ = progress.wait_for(|now| now.done >= done).await;
        }

        app.app.eraser.erase(lea, FORMATIONS, &the_name()).await.unwrap();
        let record = app.app.importer.wait_for(&id).await.unwrap().unwrap();

        assert!(matches!(record.state, State::Stopped | State::Applied), "{:?}", record.state);
        let (_, values) = table(&app).await;
        assert!(values.rows.iter().all(|row| !row.text("intitule").contains("Ferrandelle")));
        assert_eq!(is_on_disk(&app), Vec::<String>::new(), "{done}: {:?}", record.state);
        app.end().await;
    }
}

#[tokio::test]
async fn an_import_that_an_erasure_stopped_while_the_program_was_down_is_not_taken_up() {
    use tablee_storage::testing::Fault;

    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = submits(&app, lea, a_file_with_the_name(600)).await;
    app.app.store.power_goes(3, Fault::Fails);
    let _ = app.app.importer.begin(lea, &id, 2).await;
    app.app.store.power_is_gone().await;
    let app = TestApp::start_asleep(app.leaves_its_folder().await, 8, |_| {}).await;
    let there = table(&app).await.1.rows.len();
    assert_eq!(there, 200);

    app.app.eraser.erase(lea, FORMATIONS, &the_name()).await.unwrap();
    app.wakes().await;

    let record = app.app.importer.wait_for(&id).await.unwrap().unwrap();
    assert_eq!((record.state, table(&app).await.1.rows.len()), (State::Stopped, there));
    assert_eq!((remembered(&app).await, is_on_disk(&app)), (0, Vec::new()));
    app.end().await;
}
