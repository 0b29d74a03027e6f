//! People who work in the table while somebody imports.

use tablee_live::Restore;

use super::*;
use crate::support::Tab;

/// Two rows from a file, and a newer file that changes both and brings a third.
async fn a_newer_file(app: &TestApp, by: Actor) -> PlanId {
    import(app, &csv(TWO)).await;
    let newer = TWO.replace("https://x.fr", "https://y.fr").replace("Orage;;", "Orage;MOOC;");
    submits(app, by, csv(&format!("{newer}Évaluer;Lisode;atelier;https://z.fr\n"))).await
}

async fn cell(app: &TestApp, title: &str, key: &str) -> String {
    let (_, values) = table(app).await;
    let row = values.present().find(|row| row.text("intitule") == title);
    row.map(|row| row.text(key).to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn a_cell_that_moved_since_the_plan_was_made_stays_and_is_said() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = a_newer_file(&app, lea).await;
    writes(&app, "Animer", "url", "https://ailleurs.fr".into()).await;

    let (import, report) = applies(&app, lea, &id).await;

    assert_eq!(cell(&app, "Animer", "url").await, "https://ailleurs.fr");
    assert_eq!(cell(&app, "Débattre", "type").await, "mooc");
    assert_eq!(moved(&report), [("url".to_owned(), "https://ailleurs.fr".into())]);
    assert_eq!(report.import, Some(import));
    app.end().await;
}

#[tokio::test]
async fn who_wrote_what_the_file_says_is_in_no_conflict() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = a_newer_file(&app, lea).await;
    writes(&app, "Animer", "url", "https://y.fr".into()).await;

    let (_, report) = applies(&app, lea, &id).await;

    assert_eq!(
        (cell(&app, "Animer", "url").await.as_str(), moved(&report)),
        ("https://y.fr", vec![])
    );
    app.end().await;
}

#[tokio::test]
async fn a_row_that_went_to_the_bin_since_the_plan_was_made_stays_there_as_it_was() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = a_newer_file(&app, lea).await;
    let (_, values) = table(&app).await;
    let row = values.rows.iter().find(|row| row.text("intitule") == "Animer").unwrap().id.clone();
    let room = app.app.rooms.open(FORMATIONS).await.unwrap();
    let at = app.app.clock.now();
    let binned = row.clone();
    room.write(lea, Origin::Command, move |writing| writing.set_deleted(&binned, Some(at)))
        .await
        .unwrap();

    let (_, report) = applies(&app, lea, &id).await;

    let (_, values) = table(&app).await;
    let stays = values.rows.iter().find(|it| it.id == row).unwrap();
    assert!(stays.deleted && stays.text("url") == "https://x.fr", "{stays:?}");
    let why: Vec<ConflictWhy> =
        report.lines.iter().flat_map(|line| &line.conflicts).map(|it| it.why).collect();
    assert_eq!(why, [ConflictWhy::InBin]);
    app.end().await;
}

#[tokio::test]
async fn the_undo_of_an_import_leaves_exactly_what_people_did_since() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = a_newer_file(&app, lea).await;
    let (import, _) = applies(&app, lea, &id).await;
    assert_eq!(cell(&app, "Animer", "url").await, "https://y.fr");
    writes(&app, "Débattre", "type", "autre".into()).await;
    writes(&app, "Évaluer", "organisme", "Une main".into()).await;
    let room = app.app.rooms.open(FORMATIONS).await.unwrap();

    let done = room.restore(lea, Restore::Import(import), false).await.unwrap();

    assert_eq!(cell(&app, "Animer", "url").await, "https://x.fr", "nobody touched it");
    assert_eq!(cell(&app, "Débattre", "type").await, "autre", "somebody wrote over it");
    assert_eq!(
        cell(&app, "Évaluer", "organisme").await,
        "Une main",
        "somebody worked in the new row"
    );
    assert_eq!(done.restored.kept.len(), 2, "{:?}", done.restored.kept);
    app.end().await;
}

#[tokio::test]
async fn everybody_who_has_the_table_open_hears_who_imported_how_much() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = a_newer_file(&app, lea).await;
    let planned = view(&app, &id).await.plan.clone().unwrap();
    let nour = app.member("Nour").await;
    let headers = [("cookie", &*nour.cookie()), ("sec-websocket-protocol", "tablee.v1")];
    let mut tab = Tab::open(app.listens().await, "/live/formations", &headers).await.unwrap();
    tab.next().await.expect("it is let in");

    applies(&app, lea, &id).await;

    let notice = loop {
        let frame = tab.next().await.expect("it hears of it");
        let text = String::from_utf8_lossy(&frame).into_owned();
        if text.contains("\"imported\"") {
            let json = text.find('{').expect("a notice is JSON");
            break serde_json::from_str::<serde_json::Value>(&text[json..]).unwrap();
        }
    };
    assert_eq!(notice["by"], "Léa");
    let filled: usize = planned.added.iter().map(|row| row.values.len()).sum();
    let changed: usize = planned.changed.iter().map(|row| row.cells.len()).sum();
    assert!(filled >= 5 && changed >= 2, "{filled} {changed}");
    assert_eq!(notice["cells"], filled + changed);
    app.end().await;
}
