//! The door of the live table: `GET /live/{table}`.
//!
//! The order of the checks is the promise: the table is known (404), a login is known (401), its person may
//! work here (403), the page that asks is ours (403). Not one byte of a document leaves before, and none
//! after the login or the role ended.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::response::IntoResponse;

use serde::Deserialize;
use tablee_domain::ids::Epoch;
use tablee_live::protocol::SUBPROTOCOL;
use tablee_live::{PeerIdentity, RoomError, RoomHandle, Socket, SocketEvent};

use super::error::{WebError, WebResult};
use super::extract::TableAccess;
use super::extract::table_access::Work;
use super::middleware::origin;
use crate::app::App;

/// One message: the largest answer to sync step 1 that a room takes, with its frame.
const LARGEST_MESSAGE: usize = (4 << 20) + (64 << 10);

/// How long a socket that we can no longer read stays open after our goodbye. Closed at once, with bytes still
/// coming, the system would throw the goodbye away.
const LINGER: Duration = Duration::from_secs(1);

/// What stands in the address.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// The life of the document that the tab holds; absent where it holds none.
    epoch: Option<i64>,
}

/// Checks, upgrades, and hands the socket to the room.
pub async fn open(
    State(app): State<App>,
    Path(table): Path<String>,
    request: Request,
) -> WebResult {
    let room = match app.rooms.open(&table).await {
        Err(error @ RoomError::UnknownTable(_)) => return Err(error.into()),
        room => room,
    };
    let (mut parts, _) = request.into_parts();
    let access = TableAccess::<Work>::from_request_parts(&mut parts, &app).await?;
    if !origin::is_own(&app.public_url, &parts.headers, &parts.uri) {
        return Err(WebError::ForeignOrigin);
    }
    let room = room?;
    let asked = Query::<Asked>::try_from_uri(&parts.uri)
        .map_err(|rejection| WebError::Invalid(rejection.body_text()))?;
    let upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection> =
        WebSocketUpgrade::from_request_parts(&mut parts, &app).await;
    match upgrade {
        Ok(upgrade) => hand_over(upgrade, room, access, asked.epoch.map(Epoch), app).await,
        Err(rejection) => Ok(rejection.into_response()),
    }
}

async fn hand_over(
    upgrade: WebSocketUpgrade,
    room: RoomHandle,
    TableAccess { by, .. }: TableAccess<Work>,
    epoch: Option<Epoch>,
    app: App,
) -> WebResult {
    let Some(watching) = app.logins.over(by.login, by.id, by.role).await? else {
        return Err(WebError::SignedOut);
    };
    let upgrade = upgrade
        .protocols([SUBPROTOCOL])
        .max_message_size(LARGEST_MESSAGE)
        .max_frame_size(LARGEST_MESSAGE);
    let tasks = app.tasks.clone();
    Ok(upgrade.on_upgrade(move |socket| {
        // A stop waits for what is tracked; the framework itself does not wait for sockets.
        tasks.track(async move {
            let ours = socket
                .protocol()
                .is_some_and(|protocol| protocol.as_bytes() == SUBPROTOCOL.as_bytes());
            let ended = watching.ended.clone();
            let who = PeerIdentity { person: by.id, role: by.role, name: by.name, ended };
            tablee_live::serve(OurSocket { socket, is_deaf: false }, room, who, ours, epoch).await;
            drop(watching);
        })
    }))
}

/// A WebSocket of the framework, as rooms know sockets.
struct OurSocket {
    socket: WebSocket,
    /// What came was too large: nothing behind it can be read.
    is_deaf: bool,
}

impl Socket for OurSocket {
    async fn next(&mut self) -> SocketEvent {
        match self.socket.recv().await {
            Some(Ok(Message::Binary(bytes))) => SocketEvent::Message(bytes),
            // No frame of ours is text: the room's reader refuses it as it would any other noise.
            Some(Ok(Message::Text(text))) => SocketEvent::Message(Bytes::from(text)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => SocketEvent::Pong,
            Some(Err(error)) if is_too_large(&error) => {
                self.is_deaf = true;
                SocketEvent::TooLarge
            }
            Some(Ok(Message::Close(_)) | Err(_)) | None => SocketEvent::Gone,
        }
    }

    async fn send(&mut self, message: Bytes) -> bool {
        self.socket.send(Message::Binary(message)).await.is_ok()
    }

    async fn ping(&mut self) -> bool {
        self.socket.send(Message::Ping(Bytes::new())).await.is_ok()
    }

    async fn close(&mut self, code: u16, reason: &'static str) {
        let _ = self
            .socket
            .send(Message::Close(Some(CloseFrame { code, reason: reason.into() })))
            .await;
        if self.is_deaf {
            return tokio::time::sleep(LINGER).await;
        }
        // Until the other side has answered, what we sent may still be on its way.
        while let Some(Ok(_)) = self.socket.recv().await {}
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<tokio_tungstenite::tungstenite::Error>() {
            return matches!(error, tokio_tungstenite::tungstenite::Error::Capacity(_));
        }
        cause = error.source();
    }
    false
}
