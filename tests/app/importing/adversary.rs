//! What somebody would try who looks for a word that comes back, or for half an import.

use tablee_domain::ids::ColumnId;
use tablee_domain::import::{Decisions, Line, MapTo, NewColumn};
use tablee_domain::table::column_work::ColumnWork;
use tablee_domain::table::{Kind, ToErase};
use tablee_live::Restore;
use tablee_storage::testing::Fault;

use super::*;

/// Where the name that was erased still stands.
fn is_on_disk(app: &TestApp) -> Vec<String> {
    let files = std::fs::read_dir(app.folder()).unwrap().map(|entry| entry.unwrap().path());
    let mut found = Vec::new();
    for path in files {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for (at, _) in text.match_indices("ferrandelle") {
            let around: String =
                text[..at].chars().rev().take(150).collect::<Vec<_>>().into_iter().rev().collect();
            found.push(format!("{}: …{around}ferrandelle", path.display()));
        }
    }
    found
}

#[tokio::test]
async fn the_title_of_an_erased_row_goes_from_lines_that_were_left_out() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    import(&app, &csv("Intitulé;Organisme;Lien\nAtelier Ferrandelle;Orage;https://a.fr/1\n")).await;
    let next = "Intitulé;Organisme;Lien;Prérequis\nAtelier Ferrandelle;Orage;https://a.fr/1;aucun savoir\n";
    let id = submits(&app, lea, csv(next)).await;
    let mut decisions = Decisions::default();
    decisions.lines.entry(Line::new("csv", 2)).or_default().skip = true;
    app.app.importer.decide(&id, 2, decisions).await.unwrap();
    applies(&app, lea, &id).await;
    let row = table(&app).await.1.rows[0].id.clone();

    app.app
        .eraser
        .erase(lea, FORMATIONS, &ToErase { rows: vec![row], ..ToErase::default() })
        .await
        .unwrap();

    assert_eq!(is_on_disk(&app), Vec::<String>::new());
    app.end().await;
}

#[tokio::test]
async fn the_title_of_erased_rows_goes_from_lines_that_could_have_been_either() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    import(&app, &csv("Intitulé;Organisme;Lien;Prérequis\nAtelier Ferrandelle;Orage;https://a.fr/1;un\nAtelier Ferrandelle;Orage;https://a.fr/1;deux\n")).await;
    let id = submits(
        &app,
        lea,
        csv("Intitulé;Organisme;Lien;Prérequis\nAtelier Ferrandelle;Orage;https://a.fr/1;trois\n"),
    )
    .await;
    assert_eq!(view(&app, &id).await.plan.as_ref().unwrap().undecided.len(), 1);
    applies(&app, lea, &id).await;
    let rows = table(&app).await.1.rows.iter().map(|row| row.id.clone()).collect();

    app.app.eraser.erase(lea, FORMATIONS, &ToErase { rows, ..ToErase::default() }).await.unwrap();

    assert_eq!(is_on_disk(&app), Vec::<String>::new());
    app.end().await;
}

#[tokio::test]
async fn what_was_complained_of_goes_with_the_cell_that_is_erased() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let text = "Intitulé;Organisme;Durée;Dates;Coût;Effectif max\nAtelier;Orage;selon Ferrandelle;quand Ferrandelle veut;voir Ferrandelle;ask Ferrandelle\n";
    let id = submits(&app, lea, csv(text)).await;
    let plan = view(&app, &id).await.plan.clone().unwrap();
    println!("{:?}", plan.complaints);
    applies(&app, lea, &id).await;
    let values = table(&app).await.1;
    let row = values.rows[0].id.clone();
    let cells = values.columns.iter().map(|column| (row.clone(), column.id.clone())).collect();

    app.app.eraser.erase(lea, FORMATIONS, &ToErase { cells, ..ToErase::default() }).await.unwrap();

    assert_eq!(is_on_disk(&app), Vec::<String>::new());
    app.end().await;
}

#[tokio::test]
async fn words_that_an_import_made_options_of_are_erased() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = submits(
        &app,
        lea,
        csv("Intitulé;Organisme;Suivi par\nAtelier;Orage;Zoé Ferrandelle\nAutre;Lisode;Personne\n"),
    )
    .await;
    let new = NewColumn {
        id: ColumnId::new("suivi00000000000").unwrap(),
        label: "Suivi par".to_owned(),
        kind: Kind::Choice,
    };
    let mut decisions = Decisions::default();
    decisions.sheets.entry("csv".to_owned()).or_default().mapping.insert(2, MapTo::New(new));
    app.app.importer.decide(&id, 2, decisions).await.unwrap();
    applies(&app, lea, &id).await;
    assert!(!is_on_disk(&app).is_empty());

    app.app
        .eraser
        .erase(
            lea,
            FORMATIONS,
            &ToErase { words: vec!["Zoé Ferrandelle".into()], ..ToErase::default() },
        )
        .await
        .unwrap();

    let values = table(&app).await.1;
    let label = &values.columns.get("suivi00000000000").unwrap().options[0].label.fr;
    assert!(!label.contains("Ferrandelle"), "the option still says {label}");
    assert_eq!(is_on_disk(&app), Vec::<String>::new());
    app.end().await;
}

fn many(rows: usize) -> SourceFile {
    let lines = (0..rows).map(|n| format!("Formation {n};Organisme {n};ce qui est dit de {n}\n"));
    csv(&format!("Intitulé;Organisme;Prérequis\n{}", lines.collect::<String>()))
}

/// An import of 600 rows of which 200 are written when the power goes; the next program is up, and has not
/// taken it up yet.
async fn a_third_of_an_import() -> (TestApp, Actor, PlanId, ImportId) {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = submits(&app, lea, many(600)).await;
    app.app.store.power_goes(3, Fault::Fails);
    let import = app.app.importer.begin(lea, &id, 2).await.unwrap();
    app.app.store.power_is_gone().await;
    let app = TestApp::start_asleep(app.leaves_its_folder().await, 8, |_| {}).await;
    assert_eq!(table(&app).await.1.rows.len(), 200);
    (app, lea, id, import)
}

#[tokio::test]
async fn an_import_that_is_undone_before_its_end_leaves_nothing() {
    let (app, lea, id, import) = a_third_of_an_import().await;
    let room = app.app.rooms.open(FORMATIONS).await.unwrap();

    let undone = room.restore(lea, Restore::Import(import), false).await;
    drop(room);
    app.wakes().await;
    app.app.importer.wait_for(&id).await.unwrap();

    let present = table(&app).await.1.present().count();
    assert!(present == 0 || undone.is_err() && present == 600, "half an import: {present} rows");
    app.end().await;
}

#[tokio::test]
async fn no_word_goes_into_a_column_that_changed_its_kind_meanwhile() {
    let (app, lea, id, import) = a_third_of_an_import().await;
    let values = table(&app).await.1;
    let column = values.rows[0]
        .cells
        .iter()
        .find(|(_, value)| value.as_text().is_some_and(|it| it.starts_with("ce qui est dit")))
        .unwrap()
        .0
        .clone();
    let new_id = ColumnId::new("autre00000000000").unwrap();
    let room = app.app.rooms.open(FORMATIONS).await.unwrap();
    let to = if values.columns.get(column.as_str()).unwrap().kind == Kind::Text {
        Kind::LongText
    } else {
        Kind::Text
    };
    room.change_columns(
        lea,
        ColumnWork::ChangeKind {
            column: column.clone(),
            to,
            new_id: new_id.clone(),
            options: Vec::new(),
        },
        false,
    )
    .await
    .unwrap();
    drop(room);

    app.wakes().await;
    app.app.importer.wait_for(&id).await.unwrap();

    let values = table(&app).await.1;
    let report = app.app.importer.report(import).await.unwrap().unwrap();
    let unseen = values.rows.iter().filter(|row| row.text(new_id.as_str()).is_empty());
    let untold = unseen.filter(|row| {
        !report
            .lines
            .iter()
            .any(|line| line.row.as_ref() == Some(&row.id) && !line.conflicts.is_empty())
    });
    assert_eq!(untold.count(), 0, "rows whose words nobody sees, and nobody was told");
    app.end().await;
}

#[tokio::test]
async fn a_row_without_its_title_is_not_published() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let id = submits(&app, lea, csv(TWO)).await;
    let mut decisions = Decisions::default();
    decisions
        .lines
        .entry(Line::new("csv", 2))
        .or_default()
        .skip_cells
        .insert("intitule".to_owned());
    app.app.importer.decide(&id, 2, decisions).await.unwrap();
    applies(&app, lea, &id).await;

    let values = table(&app).await.1;
    let told: Vec<_> =
        values.rows.iter().map(|row| (row.text("intitule"), row.text("etat"))).collect();
    assert!(!told.contains(&("", "publiee")), "{told:?}");
    app.end().await;
}

#[tokio::test]
async fn only_the_first_import_publishes_whenever_its_plan_was_made() {
    let app = TestApp::start().await;
    let lea = pilot(&app, "Léa").await;
    let one = submits(&app, lea, csv(TWO)).await;
    let two =
        submits(&app, lea, csv("Intitulé;Organisme;Type;Lien\nRêver;Lisode;MOOC;https://z.fr\n"))
            .await;
    applies(&app, lea, &one).await;
    let version = view(&app, &two).await.record.version;
    match app.app.importer.begin(lea, &two, version).await {
        Ok(_) => drop(app.app.importer.wait_for(&two).await.unwrap()),
        Err(error) => println!("{error:?}"),
    }

    let values = table(&app).await.1;
    let second = values.rows.iter().find(|row| row.text("intitule") == "Rêver");
    assert_ne!(second.map(|row| row.text("etat")), Some("publiee"));
    app.end().await;
}

#[tokio::test]
async fn one_file_that_two_pilots_bring_is_there_once() {
    let app = TestApp::start().await;
    let (lea, nour) = (pilot(&app, "Léa").await, pilot(&app, "Nour").await);
    let (one, two) = (submits(&app, lea, csv(TWO)).await, submits(&app, nour, csv(TWO)).await);
    let importer = &app.app.importer;

    let begun = tokio::join!(importer.begin(lea, &one, 2), importer.begin(nour, &two, 2));
    importer.until_quiet().await.unwrap();

    assert!(begun.0.is_ok() != begun.1.is_ok(), "{begun:?}");
    let late = if begun.0.is_ok() { &two } else { &one };
    assert_eq!(table(&app).await.1.rows.len(), 2);
    assert_eq!(view(&app, late).await.stale, Some(tablee::importing::Stale::Imported));
    importer.replan(late).await.unwrap();
    applies(&app, nour, late).await;
    assert_eq!(table(&app).await.1.rows.len(), 2);
    app.end().await;
}
