//! Work at columns: with the cells, in one update, told to everybody, and taken back where nobody went on.

use tablee_document::columns::Changed;
use tablee_domain::ids::{ColumnId, ImportId, ItemId, Revision, RowId};
use tablee_domain::people::Role;
use tablee_domain::table::column_work::{
    ColumnError, ColumnWork, NewColumn, NewOption, fingerprint, new_column,
};
use tablee_domain::table::{Column, Kind, Label, Origin, Plain};
use tablee_live::protocol::ServerSays;
use tablee_live::{AskedColumns, ColumnsDone, ColumnsError, Restore};
use tablee_storage::{both_engines, column_changes, history, tables, writers};

use crate::tab::{House, Tab, Who, types};

fn column(id: &str) -> ColumnId {
    ColumnId::new(id).unwrap()
}

fn item(id: &str) -> ItemId {
    ItemId::new(id).unwrap()
}

fn row(id: &str) -> RowId {
    RowId::new(id).unwrap()
}

fn label(fr: &str) -> Label {
    Label { fr: fr.to_owned(), en: String::new() }
}

fn to_numbers() -> ColumnWork {
    ColumnWork::ChangeKind {
        column: column("rythme"),
        to: Kind::Number,
        new_id: column("c_nombre"),
        options: Vec::new(),
    }
}

fn merge() -> ColumnWork {
    let (from, into) = (item("eau"), item("concertation"));
    ColumnWork::MergeOptions { column: column("themes"), from, into }
}

async fn asks(
    house: &House,
    who: &Who,
    asked: impl Into<AskedColumns>,
    dry_run: bool,
) -> Result<ColumnsDone, ColumnsError> {
    let room = house.rooms.open("formations").await.unwrap();
    room.change_columns(who.actor(), asked, dry_run).await
}

async fn does(house: &House, who: &Who, work: ColumnWork) -> ColumnsDone {
    asks(house, who, work, false).await.unwrap()
}

async fn undoes(house: &House, who: &Who, done: &ColumnsDone) -> ColumnsDone {
    does(house, who, ColumnWork::Undo { change: done.change.unwrap() }).await
}

async fn refusal(house: &House, who: &Who, asked: impl Into<AskedColumns>) -> ColumnError {
    match asks(house, who, asked, false).await {
        Err(ColumnsError::Column(error)) => error,
        other => panic!("it was not refused: {other:?}"),
    }
}

async fn columns(house: &House) -> Vec<Column> {
    house.table().await.values.columns.iter().cloned().collect()
}

async fn said(house: &House, of: &str, column: &str) -> String {
    let table = house.table().await;
    let row = table.values.rows.iter().find(|row| row.id.as_str() == of).unwrap();
    row.said.get(column).cloned().unwrap_or_default()
}

/// Three rows of an import that say how often one meets: in base values, in a text, in the bin.
async fn rhythms(house: &House) {
    house
        .writes(Origin::Import(ImportId(7)), |writing| {
            let slots = writing.add_slots(&["intitule".into(), "rythme".into()]);
            let base = vec!["Un".into(), "12".into()];
            writing.add_row(&row("rang1"), "a", Some((slots, base)), [].into());
            let written = |words: &str| [("rythme".to_owned(), words.into())].into();
            writing.add_row(&row("rang2"), "b", None, written("selon les groupes, le mardi"));
            writing.add_row(&row("rang3"), "c", None, written("2,5"));
            writing.set_deleted(&row("rang3"), Some(tablee_storage::testing::NOON));
        })
        .await;
}

fn notices(tab: &Tab) -> Vec<(Option<String>, Option<usize>)> {
    let told = tab.said.iter().filter_map(|says| match says {
        ServerSays::Notice(notice) if notice.key == "columns" => Some(notice),
        _ => None,
    });
    told.map(|notice| (notice.by.clone(), notice.cells)).collect()
}

both_engines! {
    async fn a_column_of_another_kind_takes_the_place_with_what_was_understood(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        rhythms(&house).await;
        let mut member = nour.opens(&house).await;

        let done = does(&house, &lea, to_numbers()).await;
        member.until(|tab| !notices(tab).is_empty()).await;

        assert_eq!(house.cell("rang1", "c_nombre").await, "12.0");
        assert_eq!(house.cell("rang3", "c_nombre").await, "2.5", "rows in the bin, too");
        assert_eq!(said(&house, "rang2", "c_nombre").await, "selon les groupes, le mardi");
        let doubts: Vec<_> = done.changed.doubts.iter().map(|it| (it.row.as_str(), it.words.as_str())).collect();
        assert_eq!(doubts, [("rang2", "selon les groupes, le mardi")]);
        assert_eq!((done.changed.cells, done.changed.hidden), (3, 2));
        let columns = columns(&house).await;
        let at = |id: &str| columns.iter().find(|it| it.id.as_str() == id).unwrap();
        let (old, new) = (at("rythme"), at("c_nombre"));
        assert!(old.archived && !new.archived);
        assert_eq!((&old.label, &old.section, old.order), (&new.label, &new.section, new.order));
        assert_eq!(house.cell("rang2", "rythme").await, "selon les groupes, le mardi", "the old column keeps its words");
        assert_eq!(member.text("rang1", "c_nombre"), "12", "open tabs have it");
        assert_eq!(notices(&member), [(Some("Léa".to_owned()), Some(3))]);
    }

    async fn a_change_of_kind_is_taken_back_and_what_people_wrote_since_is_named(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        rhythms(&house).await;
        let before = house.table().await.values.clone();
        let mut tab = lea.opens(&house).await;
        let done = does(&house, &lea, to_numbers()).await;
        tab.until(|tab| tab.text("rang1", "c_nombre") == "12").await;
        tab.sets("rang1", "c_nombre", "quinze");
        tab.until_saved().await;

        let back = undoes(&house, &lea, &done).await;

        assert_eq!(back.changed.kept, [(row("rang1"), "c_nombre".to_owned())]);
        let now = house.table().await.values.clone();
        assert_eq!(
            now.columns.in_use().collect::<Vec<_>>(), before.columns.in_use().collect::<Vec<_>>(),
        );
        for (now, before) in now.rows.iter().zip(&before.rows) {
            assert_eq!(now.cell("rythme"), before.cell("rythme"));
        }
        assert_eq!(house.cell("rang1", "c_nombre").await, "quinze", "what somebody wrote stays");
        assert_eq!(house.cell("rang3", "c_nombre").await, "null");
        assert_eq!(said(&house, "rang2", "c_nombre").await, "");
    }

    async fn a_change_taken_back_is_done_again_by_taking_that_back_with_the_words_of_today(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        rhythms(&house).await;
        let done = does(&house, &lea, to_numbers()).await;
        let after = house.table().await.values.clone();
        let back = undoes(&house, &lea, &done).await;
        house.writes(Origin::Command, |writing| writing.set(&row("rang2"), "rythme", "7".into())).await;

        let again = undoes(&house, &lea, &back).await;

        assert_eq!(house.cell("rang1", "c_nombre").await, "12.0");
        assert_eq!(house.cell("rang2", "c_nombre").await, "7.0", "read anew");
        assert_eq!((again.changed.cells, again.changed.doubts.len()), (3, 0));
        let now = house.table().await.values.clone();
        assert_eq!(now.columns, after.columns);

        // And back once more: each change knows what it took back.
        let last = undoes(&house, &lea, &again).await;
        assert_eq!(last.changed.kept, []);
        assert_eq!(house.cell("rang1", "c_nombre").await, "null");
        assert_eq!(refusal(&house, &lea, ColumnWork::Undo { change: done.change.unwrap() }).await, ColumnError::Unchanged);
    }

    async fn two_options_become_one_in_every_cell_and_the_others_stay(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        house.writes(Origin::Command, |writing| {
            for (id, options) in [("rang1", &["eau", "mobilisation"][..]), ("rang2", &["eau", "concertation"]), ("rang3", &["mobilisation"])] {
                let chosen = options.iter().map(|id| ((*id).to_owned(), Plain::Bool(true)));
                writing.add_row(&row(id), "a", None, [("themes".into(), Plain::Map(chosen.collect()))].into());
            }
        }).await;
        let before = house.table().await.values.clone();
        let mut member = nour.opens(&house).await;

        let done = does(&house, &lea, merge()).await;
        member.until(|tab| !notices(tab).is_empty()).await;

        assert_eq!(done.changed.cells, 2);
        assert_eq!(house.cell("rang1", "themes").await, r#"{"concertation":true,"mobilisation":true}"#);
        assert_eq!(house.cell("rang2", "themes").await, r#"{"concertation":true}"#);
        let themes = columns(&house).await.into_iter().find(|it| it.id.as_str() == "themes").unwrap();
        assert!(themes.option("eau").unwrap().archived);
        assert_eq!(notices(&member)[0].1, Some(2));

        let back = undoes(&house, &lea, &done).await;
        assert_eq!((back.changed.cells > 0, &back.changed.kept), (true, &vec![]));
        assert_eq!(house.table().await.values, before);
    }

    async fn a_dry_run_says_what_would_change_and_writes_nothing(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        rhythms(&house).await;
        let tab = lea.opens(&house).await;
        let (before, seen) = (house.everything().await, tab.updates_seen);

        let would = asks(&house, &lea, to_numbers(), true).await.unwrap();
        let refused = asks(&house, &lea, ColumnWork::Retire { column: column("intitule") }, true).await;

        assert_eq!(house.everything().await, before);
        assert_eq!((would.change, tab.updates_seen), (None, seen));
        let done = does(&house, &lea, to_numbers()).await;
        assert_eq!(would.changed, done.changed, "it told the truth");
        assert!(matches!(refused, Err(ColumnsError::Column(ColumnError::Needed(_)))), "{refused:?}");
    }

    async fn of_two_pilots_at_once_the_second_is_told(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, paul) = (house.person("Léa", Role::Pilot).await, house.person("Paul", Role::Pilot).await);
        let rythme = columns(&house).await.into_iter().find(|it| it.id.as_str() == "rythme").unwrap();
        let saw = Some(fingerprint(&rythme));
        let renames = |name: &str| {
            let work = ColumnWork::Rename { column: column("rythme"), label: label(name) };
            AskedColumns { work, seen: saw.clone() }
        };

        // Moving a column elsewhere disturbs nobody.
        does(&house, &paul, ColumnWork::Move { column: column("rythme"), before: None }).await;
        asks(&house, &lea, renames("Fréquence"), false).await.unwrap();
        let second = refusal(&house, &paul, renames("Cadence")).await;

        assert_eq!(second, ColumnError::Moved);
        let now = columns(&house).await.into_iter().find(|it| it.id.as_str() == "rythme").unwrap();
        assert_eq!(now.label.fr, "Fréquence");
    }

    async fn each_change_has_its_line_and_history_tells_its_cells(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        rhythms(&house).await;
        let done = does(&house, &lea, to_numbers()).await;
        let back = undoes(&house, &lea, &done).await;

        let mut tx = db.read().await;
        let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
        let lines = column_changes::recent(&mut tx, table, 10).await.unwrap();
        let told: Vec<_> = lines.iter().map(|it| (Some(it.id), it.revision, it.change.actor, it.change.undoes)).collect();
        let by = Some(lea.id());
        assert_eq!(told, [
            (back.change, back.revision, by, done.change), (done.change, done.revision, by, None),
        ]);
        assert!(lines.iter().all(|line| !line.change.columns.contains("groupes")), "no cell stands in it");
        let edits = history::of_revisions(&mut tx, table, done.revision, done.revision).await.unwrap();
        assert!(edits.iter().all(|it| it.origin == Origin::Columns && it.actor == by) && edits.len() == 3);
        assert_eq!(writers::all(&mut tx, table, house.table().await.epoch).await.unwrap().len(), 1);
    }

    async fn an_edit_of_a_retired_column_is_refused_with_its_reason_and_leaves_no_trace(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        rhythms(&house).await;
        let mut away = nour.opens(&house).await;
        let mut here = lea.opens(&house).await;
        does(&house, &lea, ColumnWork::Retire { column: column("rythme") }).await;
        let before = house.everything().await;

        // Whoever was away types in the text that they still have, and a pilot in the bare map.
        away.writes(|txn, rows| {
            let text = crate::tab::text_at(txn, rows, "rang2", "rythme");
            types(txn, &text, " soir");
        });
        here.sets("rang1", "rythme~said", "douze");

        for tab in [&mut away, &mut here] {
            assert_eq!(tab.until_closed().await, 4403);
        }
        let reason = away.said.iter().find_map(|says| match says {
            ServerSays::Refused { reason, cells, .. } => Some((reason.clone(), cells[0].column.clone())),
            _ => None,
        });
        assert_eq!(reason, Some(("no-such-column".to_owned(), "rythme".to_owned())));
        assert_eq!(house.everything().await, before);

        does(&house, &lea, ColumnWork::Unretire { column: column("rythme") }).await;
        let mut tab = nour.opens(&house).await;
        tab.writes(|txn, rows| {
            let text = crate::tab::text_at(txn, rows, "rang2", "rythme");
            types(txn, &text, " soir");
        });
        tab.until_saved().await;
        assert_eq!(house.cell("rang2", "rythme").await, "selon les groupes, le mardi soir");
    }

    async fn no_tab_writes_columns_not_even_a_pilots(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Admin).await;
        let mut tab = lea.opens(&house).await;
        let before = house.everything().await;

        let update = tab.edits(|_, _| {});
        assert!(update.len() <= 2);
        let columns = tab.doc.get_or_insert_map("columns");
        let update = {
            use yrs::{Map, Transact};
            let mut txn = tab.doc.transact_mut();
            columns.insert(&mut txn, "x", "y");
            txn.commit();
            txn.encode_update_v1()
        };
        tab.sends_update(&update);

        assert_eq!(tab.until_closed().await, 4403);
        assert_eq!(house.everything().await, before);
    }

    async fn columns_that_an_import_made_are_noted_and_go_with_it_where_nothing_stands_in_them(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        house.writes(Origin::Import(ImportId(7)), |writing| {
            for (id, name) in [("c_un", "Un"), ("c_deux", "Deux")] {
                let made = new_column(column(id), name, Kind::Text, writing.columns()).unwrap();
                writing.add_columns(&[made]);
            }
            let cells = [("c_un".to_owned(), "x".into()), ("c_deux".to_owned(), "y".into())];
            writing.add_row(&row("rang1"), "a", None, cells.into());
            writing.add_row(&row("rang2"), "b", None, [].into());
        }).await;
        house.writes(Origin::Command, |writing| writing.set(&row("rang2"), "c_deux", "à quelqu'un".into())).await;

        let room = house.rooms.open("formations").await.unwrap();
        room.restore(lea.actor(), Restore::Import(ImportId(7)), false).await.unwrap();

        let now = house.table().await.values.columns.clone();
        assert!(now.get("c_un").unwrap().archived, "nothing stands in it that is seen");
        assert!(!now.get("c_deux").unwrap().archived, "somebody's words do");
        let mut tx = db.read().await;
        let table = tables::find(&mut tx, "formations").await.unwrap().unwrap().id;
        let lines = column_changes::recent(&mut tx, table, 10).await.unwrap();
        let imports: Vec<_> = lines.iter().rev().map(|line| line.change.import).collect();
        assert_eq!(imports, [Some(ImportId(7)), Some(ImportId(7)), None]);
    }

    async fn a_moment_before_a_change_of_kind_does_not_empty_the_new_column(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        rhythms(&house).await;
        let then = house.table().await.revision;
        does(&house, &lea, to_numbers()).await;
        house.writes(Origin::Command, |writing| writing.set(&row("rang1"), "niveau", "expert".into())).await;

        let room = house.rooms.open("formations").await.unwrap();
        room.restore(lea.actor(), Restore::Moment(then), false).await.unwrap();
        room.restore(lea.actor(), Restore::Row { row: row("rang1"), to: then }, false).await.unwrap();

        assert_eq!(house.cell("rang1", "niveau").await, "null");
        assert_eq!(house.cell("rang1", "c_nombre").await, "12.0");
    }

    async fn an_import_is_taken_back_as_if_nobody_had_worked_at_columns_since(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        rhythms(&house).await;
        does(&house, &lea, to_numbers()).await;

        let room = house.rooms.open("formations").await.unwrap();
        let done = room.restore(lea.actor(), Restore::Import(ImportId(7)), false).await.unwrap();

        assert!(house.table().await.values.rows.iter().all(|row| row.deleted));
        assert_eq!(done.restored.kept, []);
    }

    async fn a_change_survives_a_restart_and_a_new_epoch(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        rhythms(&house).await;
        let before = house.table().await.values.clone();
        let done = does(&house, &lea, to_numbers()).await;
        let after = house.table().await.values.clone();

        let house = house.again().await;

        assert_eq!(house.table().await.values, after);
        let back = undoes(&house, &lea, &done).await;
        assert_eq!(back.changed.kept, []);
        let now = house.table().await.values.clone();
        assert_eq!(now.rows, before.rows);
        assert!(done.revision < back.revision && back.revision > Revision(0));
    }
}

#[test]
fn a_new_option_is_a_thing_of_its_own() {
    let option = NewOption { id: item("o1"), label: label("Eau") };
    let work = ColumnWork::AddOption { column: column("themes"), option };
    let json = serde_json::to_string(&work).unwrap();
    assert_eq!(serde_json::from_str::<ColumnWork>(&json).unwrap(), work, "{json}");
    let add = ColumnWork::Add(NewColumn { id: column("c"), label: "C".into(), kind: Kind::Text });
    let json = serde_json::to_string(&add).unwrap();
    assert_eq!(serde_json::from_str::<ColumnWork>(&json).unwrap(), add, "{json}");
    assert_eq!(Changed::default().cells, 0);
}
