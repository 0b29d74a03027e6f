//! A refusal leaves no trace.

use tablee_domain::people::Role;
use tablee_live::protocol::ServerSays;
use tablee_storage::both_engines;
use yrs::updates::decoder::Decode;
use yrs::{Map, ReadTxn, StateVector, Transact, Update};

use crate::tab::{House, Tab, map_at};

fn refused(tab: &Tab) -> (u64, String) {
    let found = tab.said.iter().find_map(|says| match says {
        ServerSays::Refused { frame, reason, .. } => Some((*frame, reason.clone())),
        _ => None,
    });
    found.expect("it was told that it was refused")
}

both_engines! {
    async fn a_refused_update_leaves_no_trace(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut pilot, mut member) = (lea.opens(&house).await, nour.opens(&house).await);
        pilot.adds_row("rang1", "Animer");
        pilot.until_saved().await;
        member.until(|tab| tab.updates_seen == 1).await;
        let before = house.everything().await;

        member.writes(|txn, rows| {
            let row = map_at(txn, rows, "rang1");
            row.insert(txn, "niveau", "expert");
            row.insert(txn, "etat", "publiee");
        });

        assert_eq!(member.until_closed().await, 4403);
        assert_eq!(refused(&member), (2, "pilots-only".to_owned()));
        assert_eq!(house.everything().await, before);
        pilot.sets("rang1", "niveau", "initiation");
        pilot.until_saved().await;
        assert_eq!(pilot.updates_seen, 0, "nobody was told of it");
    }

    async fn what_came_before_a_refused_update_is_saved_and_said_so(db: TestDb) {
        let house = House::open(&db).await;
        let nour = house.person("Nour", Role::Member).await;
        let mut tab = nour.opens(&house).await;

        tab.adds_row("rang1", "À moi");
        tab.sets("rang1", "niveau", "initiation");
        tab.sets("rang1", "etat", "publiee");
        let code = tab.until_closed().await;

        assert_eq!(code, 4403);
        assert_eq!(tab.saved, 3, "step 2, the row, the level");
        assert_eq!(refused(&tab).0, 4);
        assert_eq!(house.cell("rang1", "niveau").await, "initiation");
    }

    async fn a_row_belongs_to_who_made_it_and_only_they_or_pilots_bin_it(db: TestDb) {
        let house = House::open(&db).await;
        let (ines, nour) = (house.person("Inès", Role::Member).await, house.person("Nour", Role::Member).await);
        let mut hers = ines.opens(&house).await;
        hers.adds_row("rang1", "D'Inès");
        hers.until_saved().await;
        drop(hers);
        let house = house.again().await;

        let mut other = nour.opens(&house).await;
        other.bins("rang1");
        let code = other.until_closed().await;
        let mut hers = ines.opens(&house).await;
        hers.bins("rang1");
        hers.until_saved().await;

        assert_eq!((code, refused(&other).1.as_str()), (4403, "not-own-row"));
    }

    async fn who_bins_an_own_row_may_undo_it_and_what_a_pilot_bins_stays_binned(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut pilot, mut member) = (lea.opens(&house).await, nour.opens(&house).await);
        member.adds_row("rang1", "À moi");
        member.bins("rang1");
        member.unbins("rang1");
        member.until_saved().await;
        pilot.until(|tab| tab.updates_seen == 3).await;

        pilot.bins("rang1");
        pilot.until_saved().await;
        member.until(|tab| tab.updates_seen == 1).await;
        member.unbins("rang1");
        let code = member.until_closed().await;

        assert_eq!((code, refused(&member).1.as_str()), (4403, "pilots-only"));
    }

    async fn who_bins_again_what_a_pilot_binned_takes_nothing_out_of_the_bin(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut pilot, mut member) = (lea.opens(&house).await, nour.opens(&house).await);
        member.adds_row("rang1", "À moi");
        member.until_saved().await;
        pilot.until(|tab| tab.updates_seen == 1).await;
        pilot.bins("rang1");
        pilot.until_saved().await;
        member.until(|tab| tab.updates_seen == 1).await;

        member.sets_bin_mark("rang1", 2.0);
        member.until_saved().await;
        member.unbins("rang1");
        let code = member.until_closed().await;

        assert_eq!((code, refused(&member).1.as_str()), (4403, "pilots-only"));
    }

    async fn nobody_writes_with_a_writer_of_somebody_else(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut victim, mut forger) = (lea.opens(&house).await, nour.opens(&house).await);
        victim.adds_row("rang1", "De Léa");
        victim.until_saved().await;
        forger.until(|tab| tab.updates_seen == 1).await;

        let (doc, rows) = forger.forged_as(victim.writer());
        let before = doc.transact().state_vector();
        let mut txn = doc.transact_mut();
        map_at(&txn, &rows, "rang1").insert(&mut txn, "niveau", "expert");
        drop(txn);
        let forged = doc.transact().encode_diff_v1(&before);
        forger.sends_update(&forged);
        let code = forger.until_closed().await;
        victim.sets("rang1", "niveau", "initiation");
        victim.until_saved().await;

        assert_eq!((code, refused(&forger).1.as_str()), (4403, "foreign-writer"));
        assert_eq!(house.cell("rang1", "niveau").await, "initiation");
    }

    async fn a_writer_stays_its_owners_when_the_program_starts_again(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let victim = lea.opens(&house).await;
        let reserved = victim.hello.clone().unwrap().writer;
        drop(victim);
        let house = house.again().await;

        let mut forger = nour.opens(&house).await;
        let (doc, rows) = forger.forged_as(reserved.0);
        let txn = &mut doc.transact_mut();
        rows.insert(txn, "rang9", yrs::MapPrelim::default());
        txn.commit();
        forger.sends_update(&txn.encode_update_v1());

        assert_eq!(forger.until_closed().await, 4403);
        assert_eq!(refused(&forger).1, "foreign-writer");
    }

    async fn what_builds_on_something_missing_is_asked_for_once_and_the_whole_passes(db: TestDb) {
        let house = House::open(&db).await;
        let nour = house.person("Nour", Role::Member).await;
        let mut tab = nour.opens(&house).await;
        let first = tab.edits(|txn, rows| {
            rows.insert(txn, "rang1", yrs::MapPrelim::default()).insert(txn, "~order", "m");
        });
        let second = tab.edits(|txn, rows| {
            map_at(txn, rows, "rang1").insert(txn, "niveau", "expert");
        });
        assert!(Update::decode_v1(&first).is_ok());

        tab.sends_update(&second);
        tab.until_saved().await;

        assert_eq!(tab.closed, None);
        assert_eq!(house.cell("rang1", "niveau").await, "expert");
    }

    async fn a_tab_that_never_sends_what_is_missing_is_closed(db: TestDb) {
        let house = House::open(&db).await;
        let nour = house.person("Nour", Role::Member).await;
        let mut tab = nour.opens(&house).await;
        tab.edits(|txn, rows| {
            rows.insert(txn, "rang1", yrs::MapPrelim::default());
        });
        let orphan = tab.edits(|txn, rows| {
            map_at(txn, rows, "rang1").insert(txn, "niveau", "expert");
        });

        tab.sends_update(&orphan);
        tab.sends_step2(&orphan);

        assert_eq!(tab.until_closed().await, 4403);
        assert_eq!(refused(&tab).1, "missing");
    }

    async fn a_tab_that_brings_only_what_is_known_changes_nothing_and_is_said_saved(db: TestDb) {
        let house = House::open(&db).await;
        let nour = house.person("Nour", Role::Member).await;
        let mut tab = nour.opens(&house).await;
        tab.adds_row("rang1", "Connu");
        tab.until_saved().await;
        let before = house.everything().await;

        let whole = tab.doc.transact().encode_diff_v1(&StateVector::default());
        tab.sends_step2(&whole);
        tab.until_saved().await;

        assert_eq!(house.everything().await, before);
    }
}
