//! Sockets that stop halfway.

use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use tablee_domain::people::Role;
use tablee_live::{Farewell, PeerLimits, RoomConfig, Socket, SocketEvent, serve};
use tablee_storage::both_engines;
use tokio::sync::{mpsc, oneshot};

use crate::tab::{House, PATIENCE};

/// A socket that takes frames, and then not one byte more: the ping waits for ever.
struct Full {
    pinged: mpsc::UnboundedSender<()>,
}

impl Socket for Full {
    async fn next(&mut self) -> SocketEvent {
        pending().await
    }

    async fn send(&mut self, _: Bytes) -> bool {
        true
    }

    async fn ping(&mut self) -> bool {
        let _ = self.pinged.send(());
        pending().await
    }

    async fn close(&mut self, _: u16, _: &'static str) {}
}

/// A socket that takes its time to say goodbye.
struct Lingering {
    told: mpsc::UnboundedSender<u16>,
    may_go: oneshot::Receiver<()>,
}

impl Socket for Lingering {
    async fn next(&mut self) -> SocketEvent {
        pending().await
    }

    async fn send(&mut self, _: Bytes) -> bool {
        true
    }

    async fn ping(&mut self) -> bool {
        true
    }

    async fn close(&mut self, code: u16, _: &'static str) {
        let _ = self.told.send(code);
        let _ = (&mut self.may_go).await;
    }
}

/// A socket that takes not one byte.
struct Stuck;

impl Socket for Stuck {
    async fn next(&mut self) -> SocketEvent {
        pending().await
    }

    async fn send(&mut self, _: Bytes) -> bool {
        pending().await
    }

    async fn ping(&mut self) -> bool {
        pending().await
    }

    async fn close(&mut self, _: u16, _: &'static str) {
        pending::<()>().await;
    }
}

both_engines! {
    async fn a_stop_waits_until_every_tab_was_told(db: TestDb) {
        let house = House::open(&db).await;
        let nour = house.person("Nour", Role::Member).await;
        let (told, mut codes) = mpsc::unbounded_channel();
        let (lets_go, may_go) = oneshot::channel();
        let room = house.rooms.open("formations").await.unwrap();
        tokio::spawn(serve(Lingering { told, may_go }, room, nour.identity.clone(), true, None));
        house.table().await;
        let rooms = house.rooms.clone();
        let mut stop = tokio::spawn(async move { rooms.stop().await });

        let code = codes.recv().await.unwrap();
        let early = tokio::time::timeout(Duration::from_millis(50), &mut stop).await;
        lets_go.send(()).unwrap();
        let stopped = tokio::time::timeout(PATIENCE, stop).await;

        assert_eq!(code, 1012);
        assert!(early.is_err(), "the goodbye was still on its way");
        assert!(stopped.is_ok());
    }

    async fn a_socket_that_takes_nothing_holds_up_no_stop(db: TestDb) {
        let peer = PeerLimits { send_timeout: PATIENCE * 10, ..PeerLimits::default() };
        let house = House::with(&db, RoomConfig { peer, ..RoomConfig::default() }).await;
        let nour = house.person("Nour", Role::Member).await;
        let room = house.rooms.open("formations").await.unwrap();
        tokio::spawn(serve(Stuck, room, nour.identity.clone(), true, None));
        house.table().await;

        let stopped = tokio::time::timeout(Duration::from_secs(12), house.rooms.stop()).await;

        assert!(stopped.is_ok(), "a goodbye that nobody takes ends by itself");
    }

    async fn a_socket_that_takes_no_ping_ends_with_its_login(db: TestDb) {
        let peer = PeerLimits { ping_every: Duration::from_millis(1), ..PeerLimits::default() };
        let house = House::with(&db, RoomConfig { peer, ..RoomConfig::default() }).await;
        let nour = house.person("Nour", Role::Member).await;
        let (pinged, mut pings) = mpsc::unbounded_channel();
        let room = house.rooms.open("formations").await.unwrap();
        let served = tokio::spawn(serve(Full { pinged }, room, nour.identity.clone(), true, None));
        pings.recv().await.unwrap();

        nour.is_told(Farewell::LoginEnded);

        assert!(tokio::time::timeout(PATIENCE, served).await.is_ok());
    }
}
