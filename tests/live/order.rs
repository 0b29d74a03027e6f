//! Allowed, then on disk, then visible, then "saved".

use tablee_domain::ids::{Epoch, Revision, RowId};
use tablee_domain::people::{Actor, Role};
use tablee_domain::table::{Origin, Plain};
use tablee_live::verify::verify;
use tablee_live::{Farewell, RoomConfig, RoomError};
use tablee_storage::testing::{NOON, TestDb};
use tablee_storage::{both_engines, history, revisions, snapshots, tables};

use yrs::{Map, MapPrelim};

use crate::tab::{House, text_at, types};

both_engines! {
    async fn an_edit_is_seen_by_the_other_tab_and_said_saved_to_its_author(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut left, mut right) = (lea.opens(&house).await, nour.opens(&house).await);

        left.adds_row("rang1", "Animer une réunion");
        left.until_saved().await;
        right.until(|tab| tab.text("rang1", "intitule") == "Animer une réunion").await;

        assert_eq!(house.cell("rang1", "intitule").await, "Animer une réunion");
        let mut tx = db.read().await;
        let table = tables::find(&mut tx, "formations").await.unwrap().unwrap();
        let row = history::Filter::of_row(&RowId::new("rang1").unwrap());
        let told = history::page(&mut tx, table.id, &row, None, 10).await.unwrap();
        assert!(told.iter().all(|it| it.edit.actor == Some(lea.id()) && it.edit.origin == Origin::Table));
        assert!(told.iter().any(|it| it.edit.after == Plain::text("Animer une réunion")));
    }

    async fn what_was_saved_is_there_when_the_program_starts_again(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        let mut tab = lea.opens(&house).await;
        tab.adds_row("rang1", "Écouter");
        tab.sets("rang1", "niveau", "initiation");
        tab.until_saved().await;
        let before = house.visible().await;

        let house = house.again().await;

        assert_eq!(house.visible().await, before);
        assert_eq!(tab.until_closed().await, 1012, "open tabs are told to come back");
    }

    async fn when_the_log_cannot_be_written_nobody_sees_the_edit_and_the_log_is_read_anew(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut left, mut right) = (lea.opens(&house).await, nour.opens(&house).await);
        left.adds_row("rang1", "Avant");
        left.until_saved().await;
        right.until(|tab| tab.updates_seen == 1).await;
        db_somebody_else_writes(&db).await;

        left.sets("rang1", "niveau", "expert");

        assert_eq!(left.until_closed().await, 4500);
        assert_eq!(right.until_closed().await, 4500);
        assert_eq!(left.saved, left.sent - 1, "the last edit was never said to be saved");
        assert_eq!(right.updates_seen, 1, "the other tab never saw it");
        assert_eq!(house.cell("rang1", "niveau").await, "null");
        assert_eq!(house.cell("rang1", "intitule").await, "Avant");
    }

    async fn the_servers_own_work_takes_the_same_door(db: TestDb) {
        let house = House::open(&db).await;
        let nour = house.person("Nour", Role::Member).await;
        let mut tab = nour.opens(&house).await;
        let room = house.rooms.open("formations").await.unwrap();

        let row = RowId::new("rang1").unwrap();
        let made = room.write(Actor::Program, Origin::Command, move |writing| {
            writing.add_row(&row, "m", None, [("intitule".to_owned(), Plain::text("Du serveur"))].into());
        });
        let ((), revision) = made.await.unwrap();
        tab.until(|tab| tab.text("rang1", "intitule") == "Du serveur").await;

        assert_eq!(revision, Revision(2), "the columns were the first");
        assert_eq!(house.cell("rang1", "intitule").await, "Du serveur");
    }

    async fn a_snapshot_and_the_log_tell_the_same_table(db: TestDb) {
        let house = House::with(&db, RoomConfig { snapshot_after: 5, ..RoomConfig::default() }).await;
        let lea = house.person("Léa", Role::Pilot).await;
        let mut tab = lea.opens(&house).await;
        tab.adds_row("rang1", "Un ");
        for number in 0..12 {
            tab.writes(|txn, rows| {
                let text = text_at(txn, rows, "rang1", "intitule");
                types(txn, &text, &number.to_string());
            });
        }
        tab.until_saved().await;

        house.rooms.stop().await;
        let verified = verify(db.store(), "formations").await.unwrap();

        assert!(verified.snapshot.is_some_and(|revision| revision > Revision(5)), "{verified:?}");
        assert_eq!(verified.updates as i64, verified.head.get());
        let house = House::open(&db).await;
        assert_eq!(house.cell("rang1", "intitule").await, "Un 01234567891011");
    }

    async fn a_damaged_snapshot_is_not_opened_and_not_touched(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;
        let mut tab = lea.opens(&house).await;
        tab.adds_row("rang1", "Intacte");
        tab.until_saved().await;
        house.rooms.stop().await;
        let mut tx = db.begin().await;
        let table = tables::find(&mut tx, "formations").await.unwrap().unwrap();
        let mut snapshot = snapshots::latest(&mut tx, table.id, table.epoch).await.unwrap().unwrap();
        // The bytes still read as a table, but they are not those that were written.
        snapshot.sha256[10] ^= 1;
        snapshots::save(&mut tx, table.id, &snapshot).await.unwrap();
        tx.commit().await.unwrap();

        let rooms = House::rooms_over(&db, RoomConfig::default());
        let opened = rooms.open("formations").await;
        let verified = verify(db.store(), "formations").await;

        assert!(matches!(opened, Err(RoomError::Unreadable { .. })), "never an empty table");
        assert!(matches!(verified, Err(RoomError::Unreadable { .. })));
        let mut tx = db.read().await;
        let kept = snapshots::latest(&mut tx, table.id, table.epoch).await.unwrap().unwrap();
        assert_eq!(kept, snapshot);
    }

    async fn a_row_that_a_member_adds_starts_with_a_state_that_only_pilots_write(db: TestDb) {
        let starts = vec![("etat".to_owned(), Plain::text("brouillon"))];
        let config = RoomConfig { row_starts_with: starts, ..RoomConfig::default() };
        let house = House::with(&db, config).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut pilot, mut member) = (lea.opens(&house).await, nour.opens(&house).await);

        member.adds_row("rang1", "De Nour");
        pilot.writes(|txn, rows| {
            let row = rows.insert(txn, "rang2", MapPrelim::default());
            row.insert(txn, "~order", "n");
            row.insert(txn, "etat", "publiee");
        });
        member.until(|tab| tab.text("rang1", "etat") == "brouillon").await;
        pilot.until_saved().await;

        assert_eq!(house.cell("rang1", "etat").await, "brouillon");
        assert_eq!(house.cell("rang2", "etat").await, "publiee", "what its maker wrote stays");
    }

    async fn two_tabs_opening_together_share_one_room(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;

        let (first, second) = tokio::join!(house.rooms.open("formations"), house.rooms.open("formations"));
        let (mut left, mut right) = (lea.opens(&house).await, lea.opens(&house).await);
        left.adds_row("rang1", "Ensemble");
        right.until(|tab| tab.text("rang1", "intitule") == "Ensemble").await;

        assert_eq!(first.unwrap().table(), second.unwrap().table());
    }

    async fn a_tab_of_another_epoch_is_told_to_load_anew(db: TestDb) {
        let house = House::open(&db).await;
        let lea = house.person("Léa", Role::Pilot).await;

        let mut tab = lea.knocks(&house, true, Some(Epoch(7))).await;

        assert_eq!(tab.until_closed().await, 4409);
        assert!(format!("{:?}", tab.said).contains("Reload"));
        assert!(tab.hello.is_none() && tab.updates_seen == 0);
    }

    async fn a_login_that_ends_closes_its_tabs_and_a_new_role_makes_them_come_back(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut left, mut right) = (lea.opens(&house).await, nour.opens(&house).await);

        lea.is_told(Farewell::LoginEnded);
        nour.is_told(Farewell::RoleChanged);

        assert_eq!(left.until_closed().await, 4401);
        assert_eq!(right.until_closed().await, 1012);
    }

    async fn a_tab_that_does_not_read_loses_its_place_and_nobody_else_does(db: TestDb) {
        let mut config = RoomConfig::default();
        config.peer.waiting_bytes = 2_000;
        let house = House::with(&db, config).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut left, mut slow) = (lea.opens(&house).await, nour.opens(&house).await);

        left.adds_row("rang1", "Long");
        for _ in 0..40 {
            left.sets("rang1", "url", &"mot ".repeat(200));
        }
        left.until_saved().await;

        assert_eq!(slow.until_closed().await, 1013);
        assert_eq!(left.closed, None);
        let back = nour.comes_back(&house, &slow.doc, true, None);
        let mut back = back.await;
        back.until_synced().await;
        assert_eq!(back.text("rang1", "url"), left.text("rang1", "url"), "and lacks nothing when it comes back");
    }
}

/// Somebody else, on another machine, writes to the log behind the room's back.
async fn db_somebody_else_writes(db: &TestDb) {
    let mut tx = db.begin().await;
    let table = tables::find(&mut tx, "formations").await.unwrap().unwrap();
    let line =
        revisions::LogEntry { actor: None, origin: Origin::Program, at: NOON, update: &[0, 0] };
    revisions::append(&mut tx, table.id, table.epoch, table.head, &[line]).await.unwrap();
    tx.commit().await.unwrap();
}
