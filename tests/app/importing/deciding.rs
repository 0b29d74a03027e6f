//! What pilots decide about a plan, two at once, and about a table that changes meanwhile.

use tablee::importing::{ImportError, Stale};
use tablee_domain::ids::ColumnId;
use tablee_domain::import::{Decisions, Line, MapTo, NewColumn};
use tablee_domain::table::{Column, Kind, Label};

use super::*;

const WITH_TRAM: &str = "Intitulé;Organisme;Type;Lien;Tram\n\
    Animer;Lisode;MOOC;https://x.fr;ligne 4\nDébattre;Orage;;;\n";

fn skip(row: u32) -> Decisions {
    let mut decisions = Decisions::default();
    decisions.lines.entry(Line::new("csv", row)).or_default().skip = true;
    decisions
}

/// The fifth column of the sheet goes into one that the import adds.
fn new_column() -> Decisions {
    let id = ColumnId::new("tram00000000000a").unwrap();
    let new = NewColumn { id, label: "Tram".to_owned(), kind: Kind::Text };
    let mut decisions = Decisions::default();
    decisions.sheets.entry("csv".to_owned()).or_default().mapping.insert(4, MapTo::New(new));
    decisions
}

#[tokio::test]
async fn of_two_pilots_who_decide_at_once_the_second_is_told_and_overwrites_nothing() {
    let app = TestApp::start().await;
    let (lea, nour) = (pilot(&app, "Léa").await, pilot(&app, "Nour").await);
    let id = submits(&app, lea, csv(WITH_TRAM)).await;
    let (version, importer) = (view(&app, &id).await.record.version, &app.app.importer);

    for (one, other) in [(skip(2), skip(3)), (new_column(), skip(2)), (skip(3), new_column())] {
        let version = view(&app, &id).await.record.version;
        let (first, second) = tokio::join!(
            importer.decide(&id, version, one.clone()),
            importer.decide(&id, version, other.clone()),
        );

        let kept = if first.is_ok() { one } else { other };
        let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
        let now = view(&app, &id).await;
        assert_eq!(won.unwrap().version, now.record.version);
        let told =
            matches!(lost, Err(ImportError::Moved { version }) if version == now.record.version);
        assert!(told, "{lost:?}");
        assert_eq!(*now.decisions, kept);
    }
    let late = importer.begin(nour, &id, version).await;

    assert!(matches!(late, Err(ImportError::Moved { .. })), "{late:?}");
    assert!(table(&app).await.1.rows.is_empty());
    app.end().await;
}

#[tokio::test]
async fn of_two_pilots_who_apply_at_once_one_import_comes() {
    let app = TestApp::start().await;
    let (lea, nour) = (pilot(&app, "Léa").await, pilot(&app, "Nour").await);
    let id = submits(&app, lea, csv(TWO)).await;
    let version = view(&app, &id).await.record.version;
    let importer = &app.app.importer;

    let (one, other) =
        tokio::join!(importer.begin(lea, &id, version), importer.begin(nour, &id, version));
    importer.wait_for(&id).await.unwrap();

    let told = [&one, &other].map(|it| matches!(it, Err(ImportError::NotPlanned { .. })));
    assert!(told[0] != told[1] && one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    assert_eq!(table(&app).await.1.rows.len(), 2);
    let again = importer.decide(&id, version, Decisions::default()).await;
    assert!(matches!(again, Err(ImportError::NotPlanned { state: State::Applied })), "{again:?}");
    app.end().await;
}

#[tokio::test]
async fn a_row_that_is_left_out_is_not_written_and_comes_again_with_the_next_file() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = submits(&app, lea, csv(TWO)).await;
    let decided = app.app.importer.decide(&id, 2, skip(3)).await.unwrap();
    assert!(!decided.planned_anew);

    let (_, report) = applies(&app, lea, &id).await;
    let next = plan(&app, &csv(TWO)).await;

    let titles: Vec<_> =
        table(&app).await.1.rows.iter().map(|row| row.text("intitule").to_owned()).collect();
    assert_eq!(titles, ["Animer"]);
    assert_eq!(report.lines.len(), 2);
    assert_eq!((next.added.len(), next.same.len()), (1, 1));
    app.end().await;
}

#[tokio::test]
async fn a_new_column_comes_with_the_import_goes_with_its_undo_and_is_recalled_for_the_next_file() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let before = (seen(&table(&app).await.1), columns(&app).await);
    let id = submits(&app, lea, csv(WITH_TRAM)).await;
    let decided = app.app.importer.decide(&id, 2, new_column()).await.unwrap();
    assert!(decided.planned_anew);

    let (import, _) = applies(&app, lea, &id).await;

    let (_, values) = table(&app).await;
    assert_eq!(values.rows[0].text("tram00000000000a"), "ligne 4");
    assert_eq!(columns(&app).await.len(), before.1.len() + 1);
    let next = WITH_TRAM.replace("ligne 4", "ligne 5");
    let recalled = plan(&app, &csv(&next)).await;
    assert!(recalled.sheets[0].recalled && recalled.new_columns.is_empty());
    let changed: Vec<_> = recalled.changed.iter().flat_map(|row| &row.cells).collect();
    assert_eq!((changed.len(), changed[0].new.clone()), (1, "ligne 5".into()), "{changed:?}");
    let room = app.app.rooms.open(FORMATIONS).await.unwrap();
    room.restore(lea, tablee_live::Restore::Import(import), false).await.unwrap();
    assert_eq!((seen(&table(&app).await.1), columns(&app).await), before);
    app.end().await;
}

/// The columns that people see.
async fn columns(app: &TestApp) -> Vec<ColumnId> {
    table(app).await.1.columns.in_use().map(|column| column.id.clone()).collect()
}

#[tokio::test]
async fn a_plan_says_when_it_is_too_old_and_is_made_anew_with_what_was_decided() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = submits(&app, lea, csv(TWO)).await;
    app.app.importer.decide(&id, 2, skip(3)).await.unwrap();
    let is_stale = async || view(&app, &id).await.stale;
    assert_eq!(is_stale().await, None);

    app.clock.days_pass(7);
    assert_eq!(is_stale().await, None);
    app.clock.minutes_pass(1);
    assert_eq!(is_stale().await, Some(Stale::Old));
    let refused = app.app.importer.begin(lea, &id, 3).await;
    assert!(matches!(refused, Err(ImportError::Stale(Stale::Old))), "{refused:?}");
    assert_eq!(app.app.importer.replan(&id).await.unwrap().version, 4);
    assert_eq!(is_stale().await, None);

    let room = app.app.rooms.open(FORMATIONS).await.unwrap();
    let mut column: Column = table(&app).await.1.columns.iter().next().unwrap().clone();
    column.id = ColumnId::new("autre00000000000").unwrap();
    column.label = Label { fr: "Autre".to_owned(), en: String::new() };
    room.write(lea, Origin::Command, move |writing| writing.add_columns(&[column])).await.unwrap();
    assert_eq!(is_stale().await, Some(Stale::Columns));
    let refused = app.app.importer.begin(lea, &id, 4).await;
    assert!(matches!(refused, Err(ImportError::Stale(Stale::Columns))), "{refused:?}");
    app.app.importer.replan(&id).await.unwrap();

    assert_eq!(*view(&app, &id).await.decisions, skip(3));
    applies(&app, lea, &id).await;
    assert_eq!(table(&app).await.1.rows.len(), 1);
    app.end().await;
}

#[tokio::test]
async fn a_plan_that_nobody_touches_for_thirty_days_is_forgotten_and_an_import_is_not() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let applied = submits(&app, lea, csv(TWO)).await;
    applies(&app, lea, &applied).await;
    let waiting = submits(&app, lea, csv(WITH_TRAM)).await;
    let put_away = submits(&app, lea, csv(WITH_TRAM)).await;
    app.app.importer.abandon(&put_away).await.unwrap();
    let gone = view(&app, &put_away).await;
    assert_eq!((gone.record.state, gone.plan.is_none()), (State::Abandoned, true));

    app.clock.days_pass(30);
    assert_eq!(app.app.importer.forget_old_plans().await.unwrap(), 0);
    app.clock.minutes_pass(1);
    app.wakes().await;

    let left = app.app.importer.plans(FORMATIONS, 9).await.unwrap();
    assert_eq!(left.into_iter().map(|plan| plan.id).collect::<Vec<_>>(), [applied]);
    assert!(app.app.importer.view(&waiting).await.unwrap().is_none());
    let late = app.app.importer.abandon(&waiting).await;
    assert!(matches!(late, Err(ImportError::UnknownPlan)), "{late:?}");
    app.end().await;
}

#[tokio::test]
async fn a_file_that_is_not_read_says_why_and_disturbs_nobody() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let file = SourceFile { name: "lettre.pdf".into(), bytes: b"%PDF-1.7\n%rien\n".to_vec() };

    let id = app.app.importer.submit(lea, FORMATIONS, file).await.unwrap();
    let record = app.app.importer.wait_for(&id).await.unwrap().unwrap();

    assert_eq!(record.state, State::Refused);
    let failure = view(&app, &id).await.failure.clone();
    let Some(tablee::importing::Failure::File(error)) = failure else { panic!("{failure:?}") };
    assert_eq!(error.key(), "not-a-workbook");
    let large = SourceFile { name: "x".into(), bytes: vec![0; (20 << 20) + 1] };
    let refused = app.app.importer.submit(lea, FORMATIONS, large).await;
    assert!(matches!(refused, Err(ImportError::File(_))), "{refused:?}");
    assert!(app.app.importer.submit(lea, "autre", csv(TWO)).await.is_err());
    assert_eq!(app.app.importer.plans(FORMATIONS, 9).await.unwrap().len(), 1);
    app.end().await;
}
