//! Who is where, in the server's words.

use tablee_domain::ids::Writer;
use tablee_domain::people::Role;
use tablee_live::protocol::{self, AwarenessEntry};
use tablee_live::{PeerLimits, RoomConfig};
use tablee_storage::both_engines;

use crate::tab::{House, Tab};

fn is_at(tab: &Tab, writer: u64, clock: u32, state: &str) {
    let entry = AwarenessEntry { writer: Writer(writer), clock, state: state.to_owned() };
    tab.send(protocol::awareness([entry].iter()));
}

both_engines! {
    async fn the_others_see_where_a_tab_is_under_the_name_of_its_login(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut left, mut right) = (lea.opens(&house).await, nour.opens(&house).await);

        let own = left.writer();
        is_at(&left, own, 41, r#"{"user":{"name":"Nour"},"at":{"row":"r1","column":"etat","editing":true}}"#);
        right.until(|tab| !tab.awareness.is_empty()).await;
        left.until(|tab| !tab.awareness.is_empty()).await;

        let seen = &right.awareness[0];
        assert!(seen.state.contains(r#""name":"Léa""#), "{}", seen.state);
        assert!(seen.state.contains(r#""column":"etat","editing":true"#), "{}", seen.state);
        assert_eq!(left.awareness[0], *seen, "the sender hears it too: a stock provider counts on it");
        assert_eq!((seen.writer, seen.clock), (Writer(own), 41), "by its own clock");
    }

    async fn nobody_is_somewhere_in_the_name_of_another_tab(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut left, mut forger) = (lea.opens(&house).await, nour.opens(&house).await);
        is_at(&left, left.writer(), 1, r#"{"at":{"row":"r1","column":"etat"}}"#);
        forger.until(|tab| !tab.awareness.is_empty()).await;
        left.until(|tab| !tab.awareness.is_empty()).await;

        is_at(&forger, left.writer(), 9, r#"{"at":{"row":"r2","column":"etat"}}"#);
        is_at(&forger, left.writer(), 10, "null");
        let reserved = left.hello.clone().unwrap().writer.0;
        is_at(&forger, reserved, 11, "{}");
        is_at(&forger, forger.writer(), 1, "{}");
        left.until(|tab| tab.awareness.len() > 1).await;

        assert_eq!((left.awareness.len(), left.awareness[1].writer), (2, Writer(forger.writer())));
        assert_eq!(left.closed, None);
    }

    async fn of_many_words_in_a_moment_only_the_last_is_passed_on(db: TestDb) {
        let peer = PeerLimits { awareness_every: std::time::Duration::from_millis(300), ..PeerLimits::default() };
        let house = House::with(&db, RoomConfig { peer, ..RoomConfig::default() }).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut left, mut right) = (lea.opens(&house).await, nour.opens(&house).await);

        for clock in 1..=200 {
            is_at(&left, left.writer(), clock, "{}");
        }
        let is_last = |tab: &Tab| tab.awareness.iter().any(|entry| entry.clock == 200);
        tokio::join!(left.until(is_last), right.until(is_last));

        assert!(right.awareness.len() < 20, "{} words were passed on", right.awareness.len());
    }

    async fn a_tab_that_leaves_is_seen_leaving(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (left, mut right) = (lea.opens(&house).await, nour.opens(&house).await);
        is_at(&left, left.writer(), 1, "{}");
        right.until(|tab| tab.awareness.len() == 1).await;

        drop(left);
        right.until(|tab| tab.awareness.len() == 2).await;

        assert_eq!(right.awareness[1].state, "null");
        assert!(right.awareness[1].clock > right.awareness[0].clock);
    }

    async fn somebody_who_comes_later_sees_who_is_there(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let mut left = lea.opens(&house).await;
        is_at(&left, left.writer(), 1, r#"{"at":{"row":"r1","column":"etat"}}"#);
        left.until(|tab| !tab.awareness.is_empty()).await;

        let mut right = nour.opens(&house).await;
        right.until(|tab| !tab.awareness.is_empty()).await;

        assert!(right.awareness[0].state.contains("Léa"));
    }

    async fn a_writer_beyond_what_browsers_read_costs_its_sender_the_room_and_nobody_else(db: TestDb) {
        let house = House::open(&db).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (mut honest, mut hostile) = (lea.opens(&house).await, nour.opens(&house).await);

        is_at(&hostile, u64::MAX, 1, "{}");
        let code = hostile.until_closed().await;
        honest.adds_row("rang1", "Animer");
        honest.until_saved().await;

        assert_eq!((code, honest.closed), (4403, None));
    }

    async fn who_says_far_too_much_of_itself_is_not_repeated(db: TestDb) {
        let peer = PeerLimits { awareness_bytes: 1_000, ..PeerLimits::default() };
        let house = House::with(&db, RoomConfig { peer, ..RoomConfig::default() }).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (left, mut right) = (lea.opens(&house).await, nour.opens(&house).await);

        let much = format!(r#"{{"at":null,"words":"{}"}}"#, "x".repeat(1_000));
        is_at(&left, left.writer(), 1, &much);
        is_at(&left, left.writer(), 2, "{}");
        right.until(|tab| tab.awareness.iter().any(|entry| entry.clock == 2)).await;

        assert_eq!(right.awareness.len(), 1);
    }

    async fn one_person_does_not_keep_the_others_out(db: TestDb) {
        let peer = PeerLimits { peers_of_person: 2, ..PeerLimits::default() };
        let house = House::with(&db, RoomConfig { peer, ..RoomConfig::default() }).await;
        let (lea, nour) = (house.person("Léa", Role::Pilot).await, house.person("Nour", Role::Member).await);
        let (_first, _second) = (nour.opens(&house).await, nour.opens(&house).await);

        let code = nour.opens(&house).await.until_closed().await;
        let other = lea.opens(&house).await;

        assert_eq!((code, other.closed), (1013, None));
    }

    async fn a_stock_tab_gets_no_frame_that_it_does_not_know(db: TestDb) {
        let house = House::open(&db).await;
        let nour = house.person("Nour", Role::Member).await;

        let mut tab = nour.knocks(&house, false, None).await;
        tab.until_synced().await;
        tab.adds_row("rang1", "D'un fournisseur nu");
        let lea = house.person("Léa", Role::Pilot).await;
        let mut other = lea.opens(&house).await;
        other.until(|tab| tab.text("rang1", "intitule") == "D'un fournisseur nu").await;

        assert!(tab.said.is_empty());
    }
}
