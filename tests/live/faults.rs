//! A disk that fails: nothing of what it did not take is shown, and nobody is told that it was saved.

use tablee_domain::people::Role;
use tablee_live::Restore;
use tablee_live::verify::verify;
use tablee_storage::both_engines;
use tablee_storage::testing::Fault;

use crate::tab::House;

both_engines! {
    async fn a_commit_that_fails_or_whose_end_is_unknown_is_shown_to_nobody_and_read_anew_from_the_log(db: TestDb) {
        for (fault, kept) in
            [(Fault::Fails, false), (Fault::EndUnknown, true), (Fault::EndUnknownAndLost, false)]
        {
            let house = House::open(&db).await;
            let row = format!("rang_{kept}_{fault:?}").to_lowercase();
            let (lea, nour) = (house.person(&format!("Léa{fault:?}"), Role::Pilot).await, house.person(&format!("Nour{fault:?}"), Role::Member).await);
            let (mut left, mut right) = (lea.opens(&house).await, nour.opens(&house).await);
            left.adds_row(&row, "Avant");
            left.until_saved().await;
            right.until(|tab| tab.updates_seen == 1).await;
            let (saved, epoch) = (left.saved, left.hello.clone().unwrap().epoch);

            db.store().next_commit(fault);
            left.sets(&row, "niveau", "expert");
            left.sets(&row, "url", "https://exemple.fr/");
            let codes = (left.until_closed().await, right.until_closed().await);

            assert_eq!(codes, (4500, 4500), "{fault:?}: both come back");
            assert_eq!(left.saved, saved, "{fault:?}: nothing was said to be saved");
            assert_eq!(right.updates_seen, 1, "{fault:?}: nobody saw it");
            let found = (house.cell(&row, "niveau").await, house.cell(&row, "url").await);
            assert!(found == ("null".into(), "null".into()) || kept, "{fault:?}: {found:?}");
            let mut back = lea.comes_back(&house, &left.doc, true, Some(epoch)).await;
            back.until_synced().await;
            back.until(|tab| tab.sent > 0 && tab.saved >= tab.sent).await;
            assert_eq!(house.cell(&row, "niveau").await, "expert", "{fault:?}: its author had it still");
            assert_eq!(house.cell(&row, "url").await, "https://exemple.fr/");
            house.rooms.stop().await;
            verify(db.store(), "formations").await.unwrap();
        }
    }

    async fn whoever_only_looks_waits_for_no_disk(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let mut left = lea.opens(&house).await;
        left.adds_row("rang1", "Avant");
        left.until_saved().await;

        db.store().next_commit(Fault::Fails);
        let mut right = nour.opens(&house).await;
        right.until_synced().await;
        assert!(right.has_row("rang1"));
        left.sets("rang1", "niveau", "expert");

        assert_eq!((left.until_closed().await, right.until_closed().await), (4500, 4500), "the first to write met it");
    }

    async fn a_restore_that_reaches_the_disk_or_not_is_there_whole_or_not_at_all(db: TestDb) {
        for (fault, kept) in [(Fault::Fails, false), (Fault::EndUnknown, true)] {
            let house = House::open(&db).await;
            let lea = house.person(&format!("Léa{fault:?}"), Role::Pilot).await;
            let mut tab = lea.opens(&house).await;
            let row = format!("rang_{fault:?}").to_lowercase();
            tab.adds_row(&row, "Avant");
            tab.until_saved().await;
            let then = house.table().await.revision;
            tab.sets(&row, "niveau", "expert");
            tab.sets(&row, "url", "https://exemple.fr/");
            tab.until_saved().await;
            let before = house.table().await;
            let room = house.rooms.open("formations").await.unwrap();

            db.store().next_commit(fault);
            let to = Restore::Moment(then);
            let restored = room.restore(lea.actor(), to, false).await;

            assert!(restored.is_err(), "nobody is told that it was done");
            let found = (house.cell(&row, "niveau").await, house.cell(&row, "url").await);
            let expected = if kept { ("null", "null") } else { ("expert", "https://exemple.fr/") };
            assert_eq!((found.0.as_str(), found.1.as_str()), expected, "{fault:?}");
            assert_eq!(house.table().await.revision.get() - before.revision.get(), i64::from(kept));
            house.rooms.stop().await;
        }
    }
}
