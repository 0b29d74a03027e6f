//! An import that is cut off, wherever that is, comes to the same end as one that was not.

use tablee_domain::people::Actor;
use tablee_domain::table::{Origin, TableValues};
use tablee_live::Restore;
use tablee_storage::history;
use tablee_storage::testing::Fault;

use super::*;
use crate::support::Folder;

const PROGRAM: Actor = Actor::Program;
/// More than one batch of each kind.
const ADDED: usize = 230;
const CHANGED: usize = 210;
const BY_HAND: &str = "https://main.fr/";

/// So many trainings, whose pages are at this host.
fn sheet(rows: usize, host: &str) -> SourceFile {
    let line = |n| format!("Formation {n};Organisme {n};MOOC;https://{host}/{n}\n");
    csv(&format!("Intitulé;Organisme;Type;Lien\n{}", (0..rows).map(line).collect::<String>()))
}

/// A table with some rows, and the plan of a file that changes all of them and brings more.
async fn a_plan() -> (Folder, PlanId) {
    let app = TestApp::start().await;
    import(&app, &sheet(CHANGED, "x.fr")).await;
    let id = submits(&app, PROGRAM, sheet(CHANGED + ADDED, "y.fr")).await;
    let plan = view(&app, &id).await.plan.clone().unwrap();
    assert_eq!((plan.added.len(), plan.changed.len()), (ADDED, CHANGED));
    (app.leaves_its_folder().await, id)
}

/// Applies the plan until the power goes after so many commits. Says whether it went before the end.
async fn is_cut_off(folder: Folder, id: &PlanId, after: u32, fault: Fault) -> (Folder, bool) {
    let app = TestApp::start_asleep(folder, 8, |_| {}).await;
    let (importer, store) = (&app.app.importer, &app.app.store);
    let version = view(&app, id).await.record.version;
    store.power_goes(after, fault);
    let whole = async {
        // Where the very first commit fails, whoever asked is told.
        let _ = importer.begin(PROGRAM, id, version).await;
        importer.wait_for(id).await
    };
    tokio::select! {
        () = store.power_is_gone() => {}
        _ = whole => {}
    };
    let cut_off = !store.has_power();
    (app.leaves_its_folder().await, cut_off)
}

/// Starts again, and waits for the end of what was under way; begins it where nobody knows that it began.
async fn comes_to_its_end(folder: Folder, id: &PlanId) -> (TestApp, ImportId) {
    let app = TestApp::start_asleep(folder, 9, |_| {}).await;
    app.wakes().await;
    let record = app.app.importer.wait_for(id).await.unwrap().unwrap();
    let import = match record.state {
        State::Planned => applies(&app, PROGRAM, id).await.0,
        State::Applied => record.import.unwrap(),
        other => panic!("{other}: {:?}", record.error),
    };
    (app, import)
}

async fn values(app: &TestApp) -> TableValues {
    table(app).await.1
}

#[tokio::test]
async fn an_import_that_is_cut_off_at_any_commit_ends_as_if_it_had_not_been() {
    let (prepared, id) = a_plan().await;
    let (app, import) = comes_to_its_end(prepared.copied(), &id).await;
    let whole = seen(&values(&app).await);
    let report = app.app.importer.report(import).await.unwrap();
    app.end().await;
    let mut boundaries = 0;

    for after in 0.. {
        let mut went = false;
        for fault in [Fault::Fails, Fault::EndUnknown] {
            let (folder, cut_off) = is_cut_off(prepared.copied(), &id, after, fault).await;
            went |= cut_off;
            let (app, import) = comes_to_its_end(folder, &id).await;

            let told = format!("after {after} commits, {fault:?}");
            let now = values(&app).await;
            assert_eq!(now.rows.len(), CHANGED + ADDED, "{told}: no row stands twice");
            assert!(seen(&now) == whole, "{told}: the table is another one");
            let mut tx = app.app.store.read().await.unwrap();
            let edits = history::of_import(&mut tx, import).await.unwrap();
            drop(tx);
            let places: std::collections::HashSet<_> =
                edits.iter().map(|edit| (&edit.row, &edit.key)).collect();
            assert_eq!(places.len(), edits.len(), "{told}: nothing was written twice");
            let again = app.app.importer.report(import).await.unwrap().unwrap();
            let outcomes = |report: &Report| {
                report.lines.iter().map(|line| (line.line.row, line.outcome)).collect::<Vec<_>>()
            };
            assert_eq!(outcomes(&again), outcomes(report.as_ref().unwrap()), "{told}");
            app.end().await;
        }
        if !went {
            break;
        }
        boundaries += 1;
    }

    assert!(
        boundaries >= 6,
        "begin, two batches of new rows, two of changes, the end: {boundaries}"
    );
}

#[tokio::test]
async fn what_people_write_between_the_stop_and_the_start_stays() {
    let (prepared, id) = a_plan().await;
    let (mut overtaken, mut kept) = (0, 0);

    for after in [1, 3, 5, 6, 7, 9] {
        let (folder, cut_off) = is_cut_off(prepared.copied(), &id, after, Fault::Fails).await;
        assert!(cut_off, "{after}");
        let app = TestApp::start_asleep(folder, 10, |_| {}).await;
        // The last row that the import changes, and the first that it brings, if it is there already.
        let last = format!("Formation {}", CHANGED - 1);
        let first_new = format!("Formation {CHANGED}");
        let is_there = values(&app).await.rows.iter().any(|row| row.text("intitule") == first_new);
        writes(&app, &last, "url", BY_HAND.into()).await;
        if is_there {
            writes(&app, &first_new, "organisme", "Une main".into()).await;
        }
        let import = view(&app, &id).await.record.import.unwrap();
        let mut tx = app.app.store.read().await.unwrap();
        let written = history::places_of_import(&mut tx, import).await.unwrap();
        drop(tx);

        app.wakes().await;
        let record = app.app.importer.wait_for(&id).await.unwrap().unwrap();

        assert_eq!(record.state, State::Applied);
        let now = values(&app).await;
        let row = |title: &str| now.rows.iter().find(|row| row.text("intitule") == title).unwrap();
        assert_eq!(row(&last).text("url"), BY_HAND, "{after}");
        if is_there {
            assert_eq!(row(&first_new).text("organisme"), "Une main", "{after}");
        }
        assert_eq!(now.rows.len(), CHANGED + ADDED);
        let report = app.app.importer.report(import).await.unwrap().unwrap();
        let was_written = written.contains(&(row(&last).id.clone(), "url".to_owned()));
        if was_written {
            assert_eq!(
                moved(&report),
                [],
                "{after}: the import was first, the person wrote over it"
            );
            kept += 1;
        } else {
            assert_eq!(moved(&report), [("url".to_owned(), BY_HAND.into())], "{after}");
            overtaken += 1;
        }
        app.end().await;
    }

    assert!(overtaken > 0 && kept > 0, "{overtaken} {kept}");
}

#[tokio::test]
async fn a_file_that_was_being_read_when_the_program_stopped_is_read_by_the_next_one() {
    let app = TestApp::start().await;
    let stored = app.app.importer.submit(PROGRAM, FORMATIONS, csv(TWO)).await.unwrap();
    // Whether it was read before the stop or not, nobody waited for it.
    let folder = app.leaves_its_folder().await;

    let app = TestApp::start_asleep(folder, 8, |_| {}).await;
    app.wakes().await;
    let record = app.app.importer.wait_for(&stored).await.unwrap().unwrap();

    assert_eq!(record.state, State::Planned);
    assert_eq!(view(&app, &stored).await.plan.as_ref().unwrap().added.len(), 2);
    app.end().await;
}

#[tokio::test]
async fn a_file_is_read_whatever_commit_is_lost_on_the_way() {
    let mut boundaries = 0;
    for after in 0.. {
        let app = TestApp::start().await;
        app.app.store.power_goes(after, Fault::Fails);
        let whole = async {
            let id = app.app.importer.submit(PROGRAM, FORMATIONS, csv(TWO)).await.ok()?;
            app.app.importer.wait_for(&id).await.ok()
        };
        tokio::select! {
            () = app.app.store.power_is_gone() => {}
            _ = whole => {}
        };
        let cut_off = !app.app.store.has_power();
        let app = TestApp::start_asleep(app.leaves_its_folder().await, 8, |_| {}).await;
        app.wakes().await;
        let plans = app.app.importer.plans(FORMATIONS, 9).await.unwrap();
        assert_eq!(plans.len(), usize::from(after > 0), "the file is kept with the first commit");
        for plan in plans {
            let record = app.app.importer.wait_for(&plan.id).await.unwrap().unwrap();
            assert_eq!(record.state, State::Planned, "after {after} commits");
        }
        app.end().await;
        if !cut_off {
            break;
        }
        boundaries += 1;
    }

    assert_eq!(boundaries, 3, "the file, what it holds, the plan");
}

#[tokio::test]
async fn a_plan_and_what_was_decided_outlive_a_restart() {
    let app = TestApp::start().await;
    let id = submits(&app, PROGRAM, csv(TWO)).await;
    let mut decisions = tablee_domain::import::Decisions::default();
    let line = view(&app, &id).await.plan.as_ref().unwrap().added[0].source.line();
    decisions.lines.entry(line).or_default().skip = true;
    app.app.importer.decide(&id, 2, decisions.clone()).await.unwrap();
    let before = view(&app, &id).await;

    let app = TestApp::start_asleep(app.leaves_its_folder().await, 8, |_| {}).await;
    app.wakes().await;

    let after = view(&app, &id).await;
    assert_eq!((&after.plan, &after.decisions), (&before.plan, &before.decisions));
    assert_eq!((after.record.version, after.stale), (3, None));
    applies(&app, PROGRAM, &id).await;
    assert_eq!(seen(&values(&app).await).len(), 1);
    app.end().await;
}

#[tokio::test]
async fn an_import_that_was_cut_off_and_ended_is_undone_as_one() {
    let (prepared, id) = a_plan().await;
    let app = TestApp::start_asleep(prepared.copied(), 8, |_| {}).await;
    let before = seen(&values(&app).await);
    drop(app.leaves_its_folder().await);
    let (folder, _) = is_cut_off(prepared, &id, 4, Fault::EndUnknown).await;
    let (app, import) = comes_to_its_end(folder, &id).await;
    let room = app.app.rooms.open(FORMATIONS).await.unwrap();

    room.restore(PROGRAM, Restore::Import(import), false).await.unwrap();

    assert!(seen(&values(&app).await) == before);
    let mut tx = app.app.store.read().await.unwrap();
    let edits = history::of_import(&mut tx, import).await.unwrap();
    assert!(edits.iter().all(|edit| edit.origin == Origin::Import(import)));
    drop(tx);
    app.end().await;
}
