//! Sockets that stop halfway.

use std::future::pending;

use bytes::Bytes;
use tablee_domain::people::Role;
use tablee_live::{Farewell, PeerLimits, RoomConfig, Socket, SocketEvent, serve};
use tablee_storage::both_engines;
use tokio::sync::mpsc;

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

both_engines! {
    async fn a_socket_that_takes_no_ping_ends_with_its_login(db: TestDb) {
        let peer = PeerLimits { ping_every: std::time::Duration::from_millis(1), ..PeerLimits::default() };
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
