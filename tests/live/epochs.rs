//! A new epoch: the same values, none of the old document, and nothing of it ever comes back.

use std::time::Duration;

use tablee_domain::ids::{Epoch, RowId, Timestamp};
use tablee_domain::people::Role;
use tablee_domain::table::{Origin, Plain};
use tablee_live::protocol::ServerSays;
use tablee_live::verify::verify;
use tablee_live::{RebuildAfter, RoomConfig, RoomError, moments};
use tablee_storage::both_engines;
use tablee_storage::testing::{Fault, NOON};
use yrs::{Map, MapPrelim, ReadTxn, Transact};

use crate::tab::{House, Tab, map_at};

const DAY: Duration = Duration::from_hours(24);

/// Rooms that begin anew after a few overwrites.
fn restless() -> RoomConfig {
    let rebuild_after = RebuildAfter { tombstones: 20, per_value: 2 };
    RoomConfig { rebuild_after, ..RoomConfig::default() }
}

/// A row that is overwritten again and again; gives the tab with its document.
async fn much_is_overwritten(house: &House, name: &str) -> Tab {
    let lea = house.person(name, Role::Pilot).await;
    let mut tab = lea.opens(house).await;
    if house.cell("rang1", "intitule").await.is_empty() {
        tab.adds_row("rang1", "Animer");
        tab.adds_row("rang2", "Au panier");
        tab.bins("rang2");
    }
    for number in 0..60 {
        tab.sets("rang1", "niveau", &format!("niveau{number}"));
    }
    tab.until_saved().await;
    tab
}

/// The tab leaves, and the room that nobody needs rests.
async fn all_is_quiet(house: &House, tab: &mut Tab) {
    let room = house.rooms.open("formations").await.unwrap();
    tab.leaves().await;
    room.rest().await.unwrap();
    room.closed().await;
}

both_engines! {
    async fn a_quiet_room_that_remembers_too_much_begins_anew_and_says_the_same(db: TestDb) {
        let house = House::with(&db, restless()).await;
        let mut tab = much_is_overwritten(&house, "Léa").await;
        let before = house.table().await;

        all_is_quiet(&house, &mut tab).await;

        let after = house.table().await;
        assert_eq!((before.epoch, after.epoch), (Epoch(1), Epoch(2)));
        assert_eq!(after.values.rows, before.values.rows);
        assert_eq!(after.values.columns, before.values.columns);
        assert_eq!(after.revision.get(), before.revision.get() + 1, "it is one update");
        let old = moments::at_revision(db.store(), "formations", before.revision).await.unwrap();
        assert_eq!((old.epoch, old.exact, &old.values), (Epoch(1), true, &before.values));
        house.rooms.stop().await;
        let verified = verify(db.store(), "formations").await.unwrap();
        assert_eq!(verified.epochs.len(), 2, "{verified:?}");
    }

    async fn a_tab_of_ours_that_comes_back_later_is_told_to_load_anew_and_then_works(db: TestDb) {
        let house = House::with(&db, restless()).await;
        let mut tab = much_is_overwritten(&house, "Léa").await;
        let epoch = tab.hello.clone().unwrap().epoch;
        all_is_quiet(&house, &mut tab).await;
        let nour = house.person("Nour", Role::Member).await;

        let mut old = nour.comes_back(&house, &tab.doc, true, Some(epoch)).await;
        let code = old.until_closed().await;
        let mut fresh = nour.opens(&house).await;
        fresh.adds_row("rang3", "Nouvelle vie");
        fresh.until_saved().await;

        assert_eq!(code, 4409);
        assert!(old.said.iter().any(|says| matches!(says, ServerSays::Reload { .. })));
        assert_eq!(house.cell("rang3", "intitule").await, "Nouvelle vie");
        let (before, now) = (tab.hello.unwrap().writer, fresh.hello.unwrap().writer);
        assert!(now > before, "writers of a new epoch are above all earlier ones: {before} {now}");
    }

    async fn a_stock_tab_with_the_old_document_is_refused_and_closed_and_brings_nothing_back(db: TestDb) {
        let house = House::with(&db, restless()).await;
        let mut tab = much_is_overwritten(&house, "Léa").await;
        all_is_quiet(&house, &mut tab).await;
        let (lea, nour) = (house.person("Léa2", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let watching = lea.opens(&house).await;
        let before = house.everything().await;

        let mut as_it_was = nour.comes_back(&house, &tab.doc, false, None).await;
        let untouched = as_it_was.until_closed().await;
        // What it wrote while nobody heard, with a writer that no epoch knows.
        let (offline, rows) = tab.forged_as(77);
        let mut txn = offline.transact_mut();
        map_at(&txn, &rows, "rang1").insert(&mut txn, "niveau", "retour");
        rows.insert(&mut txn, "rang9", MapPrelim::default()).insert(&mut txn, "~order", "m");
        drop(txn);
        let mut edited = nour.comes_back(&house, &offline, false, None).await;
        let with_edits = edited.until_closed().await;

        assert_eq!((untouched, with_edits), (4403, 4403));
        assert_eq!(house.everything().await, before);
        assert_eq!(watching.closed, None);
    }

    async fn a_writer_of_an_earlier_epoch_is_nobodys_in_the_next(db: TestDb) {
        let house = House::with(&db, restless()).await;
        let mut tab = much_is_overwritten(&house, "Léa").await;
        let earlier = tab.writer();
        all_is_quiet(&house, &mut tab).await;
        let lea = house.person("Léa2", Role::Pilot).await;
        let mut back = lea.opens(&house).await;
        back.until_synced().await;
        let before = house.everything().await;

        let (doc, rows) = back.forged_as(earlier);
        let known = doc.transact().state_vector();
        let mut txn = doc.transact_mut();
        map_at(&txn, &rows, "rang1").insert(&mut txn, "niveau", "retour");
        drop(txn);
        back.sends_update(&doc.transact().encode_diff_v1(&known));

        assert_eq!(back.until_closed().await, 4403);
        assert_eq!(house.everything().await, before);
    }

    async fn an_epoch_that_cannot_be_written_down_did_not_begin(db: TestDb) {
        let house = House::with(&db, restless()).await;
        let mut tab = much_is_overwritten(&house, "Léa").await;
        let before = house.table().await;

        db.store().next_commit(Fault::Fails);
        all_is_quiet(&house, &mut tab).await;

        let after = house.table().await;
        assert_eq!((after.epoch, &after.values), (Epoch(1), &before.values));
    }

    async fn a_room_that_nobody_needs_closes_by_itself_and_not_before(db: TestDb) {
        let house = House::with(&db, RoomConfig { idle_after: Duration::from_millis(300), ..restless() }).await;
        let mut tab = much_is_overwritten(&house, "Léa").await;
        let room = house.rooms.open("formations").await.unwrap();

        room.rest().await.unwrap();
        let while_somebody_is_there = tokio::time::timeout(Duration::from_millis(400), room.closed()).await;
        tab.leaves().await;
        let by_itself = tokio::time::timeout(crate::tab::PATIENCE, room.closed()).await;

        assert!(while_somebody_is_there.is_err() && by_itself.is_ok());
        assert_eq!(house.table().await.epoch, Epoch(2), "that was due");
    }

    async fn a_room_that_remembers_little_rests_as_it_is(db: TestDb) {
        let rebuild_after = RebuildAfter { tombstones: 20, per_value: 1_000 };
        let house = House::with(&db, RoomConfig { rebuild_after, ..restless() }).await;
        let mut tab = much_is_overwritten(&house, "Léa").await;

        all_is_quiet(&house, &mut tab).await;

        assert_eq!(house.table().await.epoch, Epoch(1));
    }

    async fn moments_of_an_epoch_are_exact_for_ninety_days_and_then_those_of_a_day(db: TestDb) {
        let house = House::with(&db, restless()).await;
        let mut tab = much_is_overwritten(&house, "Léa").await;
        let first_day = house.table().await;
        house.clock.go_on(DAY);
        titled(&house, "Le lendemain").await;
        let second_day = house.table().await;
        house.clock.go_on(DAY);
        all_is_quiet(&house, &mut tab).await;
        let at = |days: u32| Timestamp(NOON.get() + (DAY * days).as_millis() as i64);
        let then = async |days| moments::at_time(db.store(), "formations", at(days)).await;

        let exact = then(0).await.unwrap();
        house.clock.go_on(DAY * 91);
        titled(&house, "Trois mois après").await;
        let (first, second, third) = (then(0).await.unwrap(), then(1).await.unwrap(), then(2).await.unwrap());
        let by_number = moments::at_revision(db.store(), "formations", first_day.revision).await;
        let too_early = moments::at_time(db.store(), "formations", Timestamp(NOON.get() - 1)).await;

        assert_eq!((exact.exact, exact.revision), (true, first_day.revision));
        assert_eq!([first.exact, second.exact, third.exact], [false, false, true]);
        assert_eq!(exact.values.rows, first_day.values.rows);
        assert_eq!(first.values, first_day.values);
        assert_eq!(second.values.rows, second_day.values.rows);
        assert_eq!(third.values.rows, second_day.values.rows);
        assert!(matches!(by_number, Err(RoomError::NoSuchMoment)));
        assert!(matches!(too_early, Err(RoomError::NoSuchMoment)));
        house.rooms.stop().await;
        verify(db.store(), "formations").await.unwrap();
    }
}

async fn titled(house: &House, title: &'static str) {
    let row = RowId::new("rang1").unwrap();
    let changed = house
        .writes(Origin::Command, move |writing| writing.set(&row, "intitule", Plain::text(title)));
    assert!(changed.await);
}
